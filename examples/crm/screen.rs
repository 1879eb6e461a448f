//! What is printed: numbered chapters, each with a sentence about what it shows, and tables that fit
//! 80 columns.

use std::error;

use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};
use sobject_core::Error;

/// The result of a chapter.
pub(crate) type Outcome<T> = Result<T, Box<dyn error::Error>>;

/// Draws a line under the header, and no other lines.
const PLAIN: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

/// Begins a chapter.
pub(crate) fn chapter(n: u8, title: &str, says: &str) {
    let gap = if n > 1 { "\n" } else { "" };
    println!("{gap}{n}  {title}\n   {says}\n");
}

/// An empty table that is never wider than 80 columns, wherever it is printed.
pub(crate) fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table
        .load_style(PLAIN)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(77)
        .set_header(header);
    for (column, place) in table.column_iter_mut().zip(1..) {
        column.set_padding((0, if place < N { 2 } else { 0 }));
    }
    table
}

/// Prints a table or JSON under its chapter.
pub(crate) fn print(text: &str) {
    for line in text.lines() {
        println!("   {}", line.trim_end());
    }
}

/// The answer to a call: what it gave, or the status code, the message and the fields of its refusal.
pub(crate) fn answer<T>(result: Result<T, Error>, words: impl FnOnce(T) -> String) -> String {
    let error = match result {
        Ok(value) => return words(value),
        Err(error) => error,
    };
    let fields = match error.fields().join(", ") {
        none if none.is_empty() => none,
        fields => format!(" [{fields}]"),
    };
    format!("{}{fields}\n{}", error.status_code(), error.message())
}

/// The answer to a call that gives nothing.
pub(crate) fn done(result: Result<(), Error>) -> String {
    answer(result, |()| "done".to_owned())
}
