//! Asks records of an org, offline: SOQL over a folder of describes and records, or a store file.
//!
//! ```text
//! cargo run --example soql -- --data DIR "SELECT Id, Name FROM Account"    a table
//! cargo run --example soql -- --data DIR --json "SELECT Id FROM Account"   what the REST API answers
//! cargo run --example soql -- --data DIR                                   a prompt
//! cargo run --example soql -- --data DIR --batch < requests                answers, line by line
//! cargo run --example soql                                                 over the main example's data
//! ```
//!
//! The exit status is 0 with an answer, 1 with an error of the query, and 2 for a wrong option or
//! folder. Nothing but answers goes to standard output.

#[path = "soql/ask.rs"]
mod ask;
#[path = "soql/batch.rs"]
mod batch;
#[path = "soql/columns.rs"]
mod columns;
#[path = "soql/complete.rs"]
mod complete;
#[path = "soql/desk.rs"]
mod desk;
#[expect(dead_code, unused_imports, reason = "the program `calls` has more requests")]
#[path = "org/folder.rs"]
mod folder;
#[path = "soql/mistake.rs"]
mod mistake;
#[path = "org/program.rs"]
mod program;
#[path = "soql/prompt.rs"]
mod prompt;
#[path = "soql/shown.rs"]
mod shown;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use chrono::{DateTime, Utc};
use clap::Parser;
use sobject_core::Connection;

use crate::{
    folder::{Defaults, Outcome},
    shown::{Asked, Form},
};

/// Ask records of an org, offline, in SOQL
///
/// Without a query there is a prompt, with history and completion. Without --data and --store, the
/// data of the main example is asked.
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "they are options")]
#[command(name = "soql", verbatim_doc_comment)]
struct Options {
    /// The query
    query: Option<String>,

    /// Load this folder into a store in memory, or into the file of --store if that is empty
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// A store file
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,

    /// The clock stands at this instant, in ISO 8601 with its zone
    #[arg(long, value_name = "TIME", value_parser = folder::instant)]
    now: Option<DateTime<Utc>>,

    /// Who asks: a Username, or an Id
    #[arg(long, value_name = "NAME")]
    user: Option<String>,

    /// Find deleted rows, too
    #[arg(long)]
    all: bool,

    /// Rows of a batch: from 200 to 2,000, to which other numbers are raised or lowered
    #[arg(long, value_name = "N")]
    batch_size: Option<usize>,

    /// Print the first batch as the REST API does
    #[arg(long, group = "form")]
    json: bool,

    /// Print comma-separated values
    #[arg(long, group = "form")]
    csv: bool,

    /// Print how the query is answered
    #[arg(long, group = "form")]
    explain: bool,

    /// Answer requests, one JSON object a line, from standard input
    #[arg(long, conflicts_with_all = ["query", "form", "all"])]
    batch: bool,
}

fn main() -> ExitCode {
    program::status_of("soql", run(&Options::parse()))
}

fn run(options: &Options) -> Outcome<ExitCode> {
    let org = program::org_of(options.data.as_deref(), options.store.as_deref(), options.now)?;
    if options.batch {
        let defaults = Defaults { user: options.user.as_deref(), batch_size: options.batch_size };
        batch::serve(&org, defaults, io::stdin().lock(), &mut io::stdout().lock())?;
        return Ok(ExitCode::SUCCESS);
    }
    let db = org.connect(options.user.as_deref())?;
    let asked = Asked {
        all_rows: options.all,
        batch_size: options.batch_size,
        form: match options {
            Options { json: true, .. } => Form::Json,
            Options { csv: true, .. } => Form::Csv,
            Options { explain: true, .. } => Form::Plan,
            _ => Form::Table,
        },
    };
    match &options.query {
        Some(text) => answer(&db, text, &asked),
        None => prompt::run(&db, |text| answer(&db, text, &asked)),
    }
}

/// Answers a query on standard output, or says on standard error what is wrong with it.
fn answer(db: &Connection, text: &str, asked: &Asked) -> Outcome<ExitCode> {
    match shown::answer(db, text, asked) {
        Ok(shown) => {
            let mut out = io::stdout().lock();
            out.write_all(shown.as_bytes())?;
            out.flush()?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("{}", mistake::text(&error, text, mistake::Look::of_standard_error()));
            Ok(ExitCode::FAILURE)
        }
    }
}
