//! Reads the CSV files. Their columns are checked before anything is written.
//!
//! A file has the form of an org's bulk load. The header has API names; `Agent.Username` names the
//! agent by a field of the user. An empty cell means that the field is not given, and `#N/A` that
//! it is null. Cells stay text, which the store turns into numbers and times.

use std::{collections::HashSet, path::Path};

use csv::{ErrorKind, Reader, StringRecord};
use serde_json::Value;
use sobject_core::{JsonRecord, SObject};

use super::{object::LiveAgentSession, screen::Outcome};

/// The column that names the agent by username.
const AGENT_USERNAME: &str = "Agent.Username";

/// The sessions of a file.
pub(crate) struct Sessions {
    columns: Vec<String>,
    pub(crate) rows: Vec<StringRecord>,
}

impl Sessions {
    /// Reads a file to its end, so that a broken file is found before half of it is loaded.
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let (columns, rows) = read(path)?;
        check_columns(&columns).map_err(|problem| format!("{}: {problem}", path.display()))?;
        Ok(Self { columns, rows })
    }

    /// The username of a row's agent, if it is given.
    pub(crate) fn agent<'a>(&self, row: &'a StringRecord) -> Option<&'a str> {
        let column = self.columns.iter().position(|name| name == AGENT_USERNAME)?;
        row.get(column).filter(|cell| !cell.is_empty())
    }

    /// The record that a row stands for, without the agent's username.
    pub(crate) fn record(&self, row: &StringRecord) -> JsonRecord {
        self.columns
            .iter()
            .zip(row)
            .filter(|&(name, cell)| name != AGENT_USERNAME && !cell.is_empty())
            .map(|(name, cell)| {
                let value = if cell == "#N/A" { Value::Null } else { cell.into() };
                (name.clone(), value)
            })
            .collect()
    }
}

/// One line of the file of agents.
pub(crate) struct Agent {
    pub(crate) username: String,
    pub(crate) name: String,
}

/// Reads the file of agents.
pub(crate) fn read_agents(path: &Path) -> Outcome<Vec<Agent>> {
    let (columns, rows) = read(path)?;
    let place = |wanted: &str| {
        columns
            .iter()
            .position(|name| name == wanted)
            .ok_or_else(|| format!("{}: there is no column {wanted}", path.display()))
    };
    let (username, name) = (place("Username")?, place("Name")?);
    let cell = |row: &StringRecord, column| row.get(column).unwrap_or_default().to_owned();
    Ok(rows
        .iter()
        .map(|row| Agent { username: cell(row, username), name: cell(row, name) })
        .collect())
}

/// The line on which a row starts.
pub(crate) fn line(row: &StringRecord) -> u64 {
    row.position().map_or(0, csv::Position::line)
}

/// Header and rows of a file. A row with more or fewer cells than the header is an error.
fn read(path: &Path) -> Outcome<(Vec<String>, Vec<StringRecord>)> {
    let in_file = |e: csv::Error| format!("{}: {}", path.display(), explain(&e));
    let mut reader = Reader::from_path(path).map_err(in_file)?;
    let columns = reader.headers().map_err(in_file)?.iter().map(str::to_owned).collect();
    let rows = reader.records().collect::<Result<_, _>>().map_err(in_file)?;
    Ok((columns, rows))
}

/// An error of the reader, in words that help a user who has the file open in an editor.
fn explain(e: &csv::Error) -> String {
    let line = e.position().map_or(0, csv::Position::line);
    match e.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("line {line} has {len} cells, but the header has {expected_len}")
        }
        ErrorKind::Utf8 { .. } => format!("line {line} is not UTF-8"),
        _ => e.to_string(),
    }
}

/// Finds what is wrong with the header of a file of sessions.
fn check_columns(columns: &[String]) -> Result<(), String> {
    if columns.is_empty() {
        return Err("the file is empty; its first line names the columns".into());
    }
    let fields = LiveAgentSession::OBJECT.fields;
    let is_known = |name: &str| name == AGENT_USERNAME || fields.iter().any(|it| it.name == name);
    let mut seen = HashSet::new();
    for name in columns {
        if !is_known(name) {
            return Err(format!("{} has no field {name:?} to load", LiveAgentSession::NAME));
        }
        if !seen.insert(name.as_str()) {
            return Err(format!("there are two columns {name}"));
        }
    }
    // Without a required column every row would be refused, so this is reported at once.
    let is_given =
        |name: &str| seen.contains(name) || name == "AgentId" && seen.contains(AGENT_USERNAME);
    let is_required = |flags: sobject_core::Flags| {
        flags.is_create() && !flags.is_nillable() && !flags.is_defaulted_on_create()
    };
    match fields.iter().find(|field| is_required(field.flags) && !is_given(field.name)) {
        Some(field) => Err(format!("there is no column {}, which is required", field.name)),
        None => Ok(()),
    }
}
