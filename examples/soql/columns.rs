//! Columns of rows as JSON: parents are nested objects, and their fields become dotted columns
//! (`Owner.Name`).
//!
//! **Invariant:** columns stand in the order in which rows first have them, so that a parent that is
//! null in the first row does not move.

use serde_json::{Map, Value as Json};
use sobject_core::JsonRecord;

/// A column, or a parent with columns of its own.
#[derive(Debug, Default)]
pub(crate) struct Column {
    key: String,
    /// Of a parent or of children.
    pub(crate) below: Vec<Column>,
    /// Is this a child query's?
    pub(crate) is_children: bool,
}

/// A column with the keys that lead to its values.
#[derive(Debug)]
pub(crate) struct Leaf<'c> {
    pub(crate) path: Vec<&'c str>,
    pub(crate) column: &'c Column,
}

impl Leaf<'_> {
    /// The name of the column: `Owner.Name`.
    pub(crate) fn name(&self) -> String {
        self.path.join(".")
    }

    /// The value of a row in this column; null where there is none.
    pub(crate) fn value<'r>(&self, row: &'r JsonRecord) -> &'r Json {
        let (first, rest) = match self.path.split_first() {
            Some((first, rest)) => (row.get(*first), rest),
            None => (None, &[][..]),
        };
        rest.iter()
            .try_fold(first.unwrap_or(&Json::Null), |it, key| it.get(key))
            .unwrap_or(&Json::Null)
    }
}

/// The columns of these rows.
pub(crate) fn columns<'r>(rows: impl IntoIterator<Item = &'r JsonRecord>) -> Vec<Column> {
    let mut columns = Vec::new();
    for row in rows {
        add(&mut columns, row);
    }
    columns
}

fn add(columns: &mut Vec<Column>, row: &JsonRecord) {
    for (key, value) in row.iter().filter(|(key, _)| *key != "attributes") {
        let place = columns.iter().position(|it| it.key == *key).unwrap_or_else(|| {
            columns.push(Column { key: key.clone(), ..Column::default() });
            columns.len() - 1
        });
        let (Some(column), Json::Object(nested)) = (columns.get_mut(place), value) else {
            continue;
        };
        if let Some(children) = children(value) {
            column.is_children = true;
            children.for_each(|child| add(&mut column.below, child));
        } else {
            add(&mut column.below, nested);
        }
    }
}

/// The columns that have values of their own; those of children stand for all of their values.
pub(crate) fn leaves(columns: &[Column]) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    for column in columns {
        let own = column.key.as_str();
        if column.below.is_empty() || column.is_children {
            found.push(Leaf { path: vec![own], column });
            continue;
        }
        for mut leaf in leaves(&column.below) {
            leaf.path.insert(0, own);
            found.push(leaf);
        }
    }
    found
}

/// The records of the result of a child query; `None` if the value is none.
pub(crate) fn children(value: &Json) -> Option<impl Iterator<Item = &JsonRecord>> {
    let is_record = value.get("attributes").is_some();
    let records = value.get("records").filter(|_| !is_record)?.as_array()?;
    Some(records.iter().filter_map(Json::as_object))
}

/// A row without lists: the children of a child query are numbered (`Contacts.records.0.Name`), as the
/// platform's command line prints them.
pub(crate) fn flat(row: &JsonRecord) -> JsonRecord {
    let flat_value = |value: &Json| match (children(value), value) {
        (Some(records), _) => {
            let numbered: Map<_, _> = records
                .enumerate()
                .map(|(n, record)| (n.to_string(), Json::Object(flat(record))))
                .collect();
            let mut result = Map::new();
            result.insert("totalSize".to_owned(), value["totalSize"].clone());
            result.insert("records".to_owned(), Json::Object(numbered));
            Json::Object(result)
        }
        (None, Json::Object(nested)) => Json::Object(flat(nested)),
        (None, plain) => plain.clone(),
    };
    row.iter()
        .filter(|(key, _)| *key != "attributes")
        .map(|(key, value)| (key.clone(), flat_value(value)))
        .collect()
}
