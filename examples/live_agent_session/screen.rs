//! What is printed: tables that fit 80 columns, and numbers with their thousands apart.

use std::error;

use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};

/// The result of a step. The text of an error is one line, which names the file or the record at
/// fault.
pub(crate) type Outcome<T> = Result<T, Box<dyn error::Error>>;

/// Draws a line under the header, and no other lines.
const PLAIN: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

/// An empty table that is never wider than 80 columns, wherever it is printed, with `gap` blanks
/// between its columns.
pub(crate) fn table<const N: usize>(gap: u16, header: [&str; N]) -> Table {
    let mut table = Table::new();
    table
        .load_style(PLAIN)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(80)
        .set_header(header);
    for (column, place) in table.column_iter_mut().zip(1..) {
        column.set_padding((0, if place < N { gap } else { 0 }));
    }
    table
}

/// A number with its thousands apart: `12,345`.
pub(crate) fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut text = String::from(if n < 0 { "-" } else { "" });
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The length of a list with its thousands apart.
pub(crate) fn counted(n: usize) -> String {
    grouped(i64::try_from(n).unwrap_or(i64::MAX))
}
