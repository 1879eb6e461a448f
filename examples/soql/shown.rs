//! Answers as they are printed: a table, comma-separated values, JSON, or the plan.

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use serde_json::Value as Json;
use sobject_core::{Connection, Error, JsonRecord, QueryResult, RestJson, Soql};
use sobject_soql::{Dialect, Query, Select};

use super::columns::{self, Leaf};

/// Draws a line under the header, and no other lines.
const PLAIN: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

/// How an answer is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Table,
    Csv,
    Json,
    Plan,
}

/// What is asked beside the query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) all_rows: bool,
    pub(crate) batch_size: Option<usize>,
    pub(crate) form: Form,
}

/// Runs a query and prints its answer.
///
/// # Errors
/// Those of [`Connection::soql`].
pub(crate) fn answer(db: &Connection, text: &str, asked: &Asked) -> Result<String, Error> {
    let mut query = Soql::rest(text);
    if asked.all_rows {
        query = query.all_rows();
    }
    if let Some(rows) = asked.batch_size {
        query = query.batch_size(rows);
    }
    Ok(match asked.form {
        Form::Json => line_of_json(&db.soql(query)?),
        Form::Plan => format!("{}\n", db.explain(query)?),
        Form::Table => table(&every_batch(db, query)?, is_count(text)),
        Form::Csv => csv(&every_batch(db, query)?, is_count(text)),
    })
}

/// All rows that a query finds.
fn every_batch(db: &Connection, query: Soql) -> Result<QueryResult, Error> {
    let mut result = db.soql(query)?;
    while let Some(next) = result.next.take() {
        let more = db.query_more(&next)?;
        result.records.extend(more.records);
        result.next = more.next;
    }
    Ok(result)
}

/// Is this `SELECT COUNT()`, whose answer is a number and no row?
fn is_count(text: &str) -> bool {
    Query::parse(text, Dialect::Rest).is_ok_and(|query| matches!(query.select.value, Select::Count))
}

fn line_of_json(result: &QueryResult) -> String {
    // A result consists of texts, numbers and maps with texts as keys, which JSON has.
    serde_json::to_string(result).unwrap_or_default() + "\n"
}

fn table(result: &QueryResult, is_count: bool) -> String {
    if is_count {
        return format!("{}\n", result.total_size);
    }
    let n_rows = match result.records.len() {
        1 => "1 row\n".to_owned(),
        n => format!("{n} rows\n"),
    };
    if result.records.is_empty() {
        return n_rows;
    }
    let columns = columns::columns(&result.records);
    let leaves = columns::leaves(&columns);
    let mut table = Table::new();
    table.load_style(PLAIN).set_header(leaves.iter().map(title));
    for row in &result.records {
        table.add_row(leaves.iter().map(|leaf| cell(leaf, leaf.value(row))));
    }
    for (column, leaf) in table.column_iter_mut().zip(&leaves) {
        column.set_padding((0, 2));
        let mut values =
            result.records.iter().map(|row| leaf.value(row)).filter(|it| !it.is_null());
        if values.clone().next().is_some() && values.all(Json::is_number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{}\n\n{n_rows}", table.trim_fmt())
}

/// The title of a column; one of children names their columns.
fn title(leaf: &Leaf<'_>) -> String {
    let below = columns::leaves(&leaf.column.below);
    if below.is_empty() {
        return leaf.name();
    }
    let titles: Vec<_> = below.iter().map(title).collect();
    format!("{} ({})", leaf.name(), titles.join(", "))
}

/// The text of a value for people; children stand on lines of their own.
fn cell(leaf: &Leaf<'_>, value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(value) => value.to_string(),
        Json::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(value) => value.to_string(),
            None => number.to_string(),
        },
        // What a text does to a terminal is not for it to say.
        Json::String(text) => text.replace(|it: char| it.is_control() && it != '\n', "\u{fffd}"),
        nested => {
            let children = columns::children(nested).into_iter().flatten();
            let lines: Vec<_> = children.map(|child| child_line(leaf, child)).collect();
            lines.join("\n")
        }
    }
}

fn child_line(leaf: &Leaf<'_>, child: &JsonRecord) -> String {
    let cells: Vec<_> = columns::leaves(&leaf.column.below)
        .iter()
        .map(|below| {
            let cell = cell(below, below.value(child));
            if below.column.is_children { format!("({})", cell.replace('\n', "; ")) } else { cell }
        })
        .collect();
    cells.join(", ")
}

fn csv(result: &QueryResult, is_count: bool) -> String {
    let mut lines: Vec<Vec<String>> = Vec::new();
    if is_count {
        lines.extend([vec!["COUNT()".to_owned()], vec![result.total_size.to_string()]]);
    } else {
        let rows: Vec<_> = result.records.iter().map(columns::flat).collect();
        let columns = columns::columns(&rows);
        let leaves = columns::leaves(&columns);
        if !rows.is_empty() {
            lines.push(leaves.iter().map(Leaf::name).collect());
        }
        for row in &rows {
            lines.push(leaves.iter().map(|leaf| csv_cell(leaf.value(row))).collect());
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing into memory does not fail, and all lines have as many cells as the first.
    let written = lines.iter().try_for_each(|line| writer.write_record(line));
    let text = written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
    String::from_utf8(text).unwrap_or_default()
}

fn csv_cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => serde_json::to_string(&RestJson(other)).unwrap_or_default(),
    }
}
