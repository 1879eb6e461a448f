//! The table of refused rows: for each status code and its fields, how many rows were refused, and
//! the first of them.

use std::{cmp::Reverse, collections::BTreeMap};

use comfy_table::{CellAlignment, Table};

use crate::{load::Refusal, screen};

/// The refusals by status code and fields, the most frequent code first.
pub(crate) fn table(refusals: &[Refusal]) -> Table {
    let mut codes: BTreeMap<&str, BTreeMap<&[String], Vec<&Refusal>>> = BTreeMap::new();
    for refusal in refusals {
        let kinds = codes.entry(refusal.code.as_str()).or_default();
        kinds.entry(&refusal.fields).or_default().push(refusal);
    }
    let mut codes: Vec<_> = codes.into_iter().collect();
    codes.sort_by_key(|(_, kinds)| Reverse(kinds.values().map(Vec::len).sum::<usize>()));

    let mut table = screen::table(2, ["Rows", "Refused with", "The first of them"]);
    if let Some(column) = table.column_mut(0) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    for (code, kinds) in codes {
        let mut kinds: Vec<_> = kinds.into_iter().collect();
        kinds.sort_by_key(|(_, rows)| Reverse(rows.len()));
        // The code is printed once, above its first fields.
        let mut code = Some(code.to_owned());
        for (fields, rows) in kinds {
            let fields = fields.iter().map(|field| format!("  {field}"));
            let lines: Vec<String> = code.take().into_iter().chain(fields).collect();
            let first =
                rows.first().map(|it| format!("line {}: {}", it.line, it.message.trim_end()));
            table.add_row([rows.len().to_string(), lines.join("\n"), first.unwrap_or_default()]);
        }
    }
    table
}
