//! Every call of an org, offline, one JSON line each.
//!
//! ```text
//! cargo run --example calls -- --data DIR --batch < requests     answers, line by line
//! cargo run --example calls -- --data DIR conversation.calls     a recorded conversation, replayed
//! cargo run --example calls -- --data DIR                        a prompt
//! ```
//!
//! A request is a JSON object: `{"call": "create", "object": "Account", "records": [{"Name": "Acme"}]}`.
//! In a script, empty lines, lines that begin with `#` and lines that begin with `<`, which are the
//! answers of a recorded conversation, are passed over.
//!
//! The exit status is 0 with answers, 1 if a request of a script was refused, and 2 for a wrong option,
//! folder or script. Nothing but answers goes to standard output.

#[path = "soql/ask.rs"]
mod ask;
#[path = "soql/desk.rs"]
mod desk;
#[path = "org/folder.rs"]
mod folder;
#[path = "org/program.rs"]
mod program;
#[path = "calls/reads.rs"]
mod reads;
#[path = "calls/replay.rs"]
mod replay;
#[path = "calls/requests.rs"]
mod requests;
#[path = "calls/writes.rs"]
mod writes;

use std::{io, path::PathBuf, process::ExitCode};

use chrono::{DateTime, Utc};
use clap::Parser;

use crate::folder::{Defaults, Outcome};

/// Every call of an org, offline, one JSON line each
///
/// Without a script and --batch there is a prompt. Without --data and --store, the data of the main
/// example is there.
#[derive(Debug, Parser)]
#[command(name = "calls", verbatim_doc_comment, after_help = requests::help())]
struct Options {
    /// A file with a request on each line, whose answers are printed indented
    script: Option<PathBuf>,

    /// Load this folder into a store in memory, or into the file of --store if that is empty
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,

    /// A store file
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,

    /// The clock stands at this instant, in ISO 8601 with its zone
    #[arg(long, value_name = "TIME", value_parser = folder::instant)]
    now: Option<DateTime<Utc>>,

    /// Who calls: a Username, or an Id
    #[arg(long, value_name = "NAME")]
    user: Option<String>,

    /// Rows of a batch: from 200 to 2,000, to which other numbers are raised or lowered
    #[arg(long, value_name = "N")]
    batch_size: Option<usize>,

    /// Answer requests, one JSON object a line, from standard input
    #[arg(long, conflicts_with = "script")]
    batch: bool,
}

fn main() -> ExitCode {
    program::status_of("calls", run(&Options::parse()))
}

fn run(options: &Options) -> Outcome<ExitCode> {
    let org = program::org_of(options.data.as_deref(), options.store.as_deref(), options.now)?;
    // A user whom nobody knows is told now and not with the first request.
    org.connect(options.user.as_deref())?;
    let defaults = Defaults { user: options.user.as_deref(), batch_size: options.batch_size };
    match &options.script {
        _ if options.batch => {
            let (input, mut out) = (io::stdin().lock(), io::stdout().lock());
            folder::serve(input, &mut out, |line| requests::answer(&org, defaults, line))?;
            Ok(ExitCode::SUCCESS)
        }
        Some(script) => replay::script(&org, defaults, script),
        None => replay::prompt(&org, defaults),
    }
}
