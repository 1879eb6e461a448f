//! What is wrong with a query, for standard error: on a terminal with a caret under the place.

use std::{
    env,
    io::{self, IsTerminal},
};

use sobject_core::{Error, QueryError};

/// Characters of a row of a query that are shown on each side of the place at most.
const AROUND: usize = 50;

/// How a mistake is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Code and message, as the REST API answers them.
    Plain,
    /// The place in the query first, for people.
    Terminal {
        /// <https://no-color.org>
        is_coloured: bool,
    },
}

impl Look {
    /// What standard error is.
    pub(crate) fn of_standard_error() -> Self {
        if !io::stderr().is_terminal() {
            return Self::Plain;
        }
        let is_set = |name| env::var_os(name).is_some_and(|it| !it.is_empty());
        let is_dumb = env::var_os("TERM").is_some_and(|it| it == "dumb");
        Self::Terminal { is_coloured: !is_set("NO_COLOR") && !is_dumb }
    }
}

/// The text of an error of a query.
pub(crate) fn text(error: &Error, query: &str, look: Look) -> String {
    let message = error.message();
    match (look, error) {
        (Look::Terminal { is_coloured }, Error::Query(error)) => {
            for_people(error, query, is_coloured)
        }
        _ => format!("{}: {}", error.status_code(), message.trim_end()),
    }
}

fn for_people(error: &QueryError, query: &str, is_coloured: bool) -> String {
    let painted = |text: &str, paint: &str| {
        if is_coloured { format!("\u{1b}[{paint}m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    let mut lines = vec![format!(
        "{}: {}",
        painted(error.status_code().as_str(), "1;31"),
        painted(error.text(), "1")
    )];
    if let (Some(row), Some(column)) = (error.row(), error.column())
        && let Some(line) = query.lines().nth(row.saturating_sub(1))
    {
        let (line, before) = around(line, column.saturating_sub(1));
        lines.push(format!("  {line}"));
        lines.push(format!("  {before}{}", painted("^", "1;31")));
    }
    if let Some(near) = error.near() {
        lines.push(format!("did you mean {}?", painted(near, "1;32")));
    }
    lines.join("\n")
}

/// The part of a row around a place, and what stands under it before the place.
fn around(row: &str, place: usize) -> (String, String) {
    let from = place.saturating_sub(AROUND);
    let before: String = row.chars().skip(from).take(place - from).collect();
    let behind: String = row.chars().skip(place).take(AROUND).collect();
    let cut = |is_cut: bool| if is_cut { "…" } else { "" };
    let is_cut_behind = row.chars().nth(place + AROUND).is_some();
    let (cut_before, cut_behind) = (cut(from > 0), cut(is_cut_behind));
    // A tab is as wide below the row as in it.
    let blanks = format!("{cut_before}{before}")
        .chars()
        .map(|it| if it == '\t' { '\t' } else { ' ' })
        .collect();
    (format!("{cut_before}{before}{behind}{cut_behind}"), blanks)
}
