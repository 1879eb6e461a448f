//! The lists of related records of a page.

use serde_json::Value as Json;
use sobject_core::{Connection, JsonRecord, RecordId, RelatedList, Soql};

use super::{
    html::{element, escaped},
    shown::{self, Names},
};

/// A list with its rows, found by a query that is made of what the layout says of it.
pub(super) fn list(
    db: &Connection,
    list: &RelatedList,
    parent: RecordId,
) -> Result<String, sobject_core::Error> {
    let (Some(object), Some(field)) = (&list.sobject, &list.field) else {
        return Ok(String::new());
    };
    let describe = db.describe_sobject(object)?;
    let names: Vec<_> = list.columns.iter().map(|column| column.name.as_str()).collect();
    let sort: Vec<_> = list
        .sort
        .iter()
        .map(|sort| format!("{}{}", sort.column, if sort.ascending { "" } else { " DESC" }))
        .collect();
    let order =
        if sort.is_empty() { String::new() } else { format!(" ORDER BY {}", sort.join(", ")) };
    let select = [&["Id"], &names[..]].concat().join(", ");
    let query = format!(
        "SELECT {select} FROM {object} WHERE {field} = :parent{order} LIMIT {}",
        list.limit_rows
    );
    let rows = db.soql(Soql::new(query).bind("parent", parent))?.records;
    let count = db.soql(
        Soql::new(format!("SELECT COUNT() FROM {object} WHERE {field} = :parent"))
            .bind("parent", parent),
    )?;
    let head: String =
        list.columns.iter().map(|it| element("th", &[], &escaped(&it.label))).collect();
    let mut body = String::new();
    for row in &rows {
        let cells: String = list
            .columns
            .iter()
            .map(|column| {
                let value = at(row, &column.name).unwrap_or(&Json::Null);
                // A name of a parent is shown as a text, whatever the reference to it is.
                let is_own = column.name == column.field_api_name;
                let field = describe.fields.iter().find(|it| is_own && it.name == column.name);
                let text = match field {
                    Some(field) => shown::value(field, value, &Names::default()),
                    None => escaped(value.as_str().unwrap_or("–")),
                };
                let is_link = column.lookup_id.is_some() && !value.is_null();
                element("td", &[("class", if is_link { "link" } else { "" })], &text)
            })
            .collect();
        body += &element("tr", &[], &cells);
    }
    let title = format!(
        "<h2>{} <small>{} of {}</small></h2>",
        escaped(&list.label),
        rows.len(),
        count.total_size
    );
    let table = if rows.is_empty() {
        element("p", &[("class", "none")], "None.")
    } else {
        element("table", &[], &format!("<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"))
    };
    Ok(element("section", &[("class", "related")], &format!("{title}{table}")))
}

/// What stands at the end of a path of names.
fn at<'r>(row: &'r JsonRecord, path: &str) -> Option<&'r Json> {
    let mut names = path.split('.');
    let first = row.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}
