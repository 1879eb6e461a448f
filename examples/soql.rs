//! Asks records of an org, offline: SOQL over a folder of describes and records.
//!
//! ```text
//! cargo run --example soql -- --data DIR "SELECT Id, Name FROM Account"
//! ```

#[path = "soql/batch.rs"]
mod batch;
#[path = "org/folder.rs"]
mod folder;

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;

use crate::folder::{Org, Outcome};

/// Ask records of an org, offline.
#[derive(Debug, Parser)]
#[command(name = "soql")]
struct Options {
    /// The query.
    query: Option<String>,
    /// Load this folder.
    #[arg(long)]
    data: PathBuf,
    /// The clock stands at this instant.
    #[arg(long)]
    now: Option<chrono::DateTime<chrono::Utc>>,
    /// Who asks: a Username or an Id.
    #[arg(long)]
    user: Option<String>,
    /// Deleted rows too.
    #[arg(long)]
    all: bool,
    /// Rows of a batch, 200 to 2,000.
    #[arg(long, default_value_t = 2_000)]
    batch_size: usize,
    /// Requests from standard input, answers to standard output.
    #[arg(long)]
    batch: bool,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("soql: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Outcome<ExitCode> {
    let org = Org::load(&options.data, options.now)?;
    if options.batch {
        batch::serve(&org)?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(text) = &options.query else { return Err("no query".into()) };
    let mut query = sobject_core::Soql::rest(text).batch_size(options.batch_size);
    if options.all {
        query = query.all_rows();
    }
    match org.connect(options.user.as_deref())?.soql(query) {
        Ok(result) => {
            println!("{}", serde_json::to_string_pretty(&result)?);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            eprintln!("{}: {}", error.status_code(), error.message());
            Ok(ExitCode::FAILURE)
        }
    }
}
