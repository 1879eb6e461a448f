//! The main job: one object, `LiveAgentSession`, from a CSV file to a report.
//!
//! ```text
//! cargo run --example live_agent_session                        with a store in memory
//! cargo run --example live_agent_session -- --store desk.redb   with a store in a file; run it twice
//! cargo run --example live_agent_session -- --describe          prints the describe as JSON
//! ```
//!
//! It declares the object (`object.rs`), loads agents as users (`users.rs`) and sessions as untyped
//! records (`input.rs`, `load.rs`), and shows which were refused (`refusals.rs`) and how busy the
//! agents were (`utilisation.rs`). Then it updates, deletes and undeletes one session (`tour.rs`).

#[path = "live_agent_session/input.rs"]
mod input;
#[path = "live_agent_session/load.rs"]
mod load;
#[path = "live_agent_session/object.rs"]
mod object;
#[path = "live_agent_session/refusals.rs"]
mod refusals;
#[path = "live_agent_session/screen.rs"]
mod screen;
#[path = "live_agent_session/tour.rs"]
mod tour;
#[path = "live_agent_session/users.rs"]
mod users;
#[path = "live_agent_session/utilisation.rs"]
mod utilisation;

use std::{
    env, fmt,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use sobject_core::{
    Caller, SObject, Store,
    standard::{Group, User},
};

use crate::{
    input::Sessions,
    load::Held,
    object::LiveAgentSession,
    screen::{Outcome, counted},
    users::Users,
};

/// The files that are loaded unless others are given. The example `make_sessions` made them.
const SESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sessions.csv");
const AGENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/agents.csv");

/// Load chat sessions from a CSV file into a store that behaves like a Salesforce org
///
/// Shows which rows the store refuses and why, how busy the agents were, and what
/// becomes of a session that is updated, deleted and undeleted.
#[derive(Parser)]
#[command(verbatim_doc_comment)]
struct Arguments {
    /// CSV file of sessions [default: examples/data/sessions.csv]
    #[arg(long, value_name = "FILE", conflicts_with = "describe")]
    input: Option<PathBuf>,

    /// CSV file of agents [default: examples/data/agents.csv]
    #[arg(long, value_name = "FILE", conflicts_with = "describe")]
    agents: Option<PathBuf>,

    /// Keep the records in this file [default: in memory]
    ///
    /// It is made if it is not there. Sessions that it holds already are not loaded again.
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,

    /// Print the describe of the object as JSON, and do nothing else
    #[arg(long)]
    describe: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // The reader has closed the pipe, as `head` does, and wants no more.
        Err(e) if e.downcast_ref().map(io::Error::kind) == Some(io::ErrorKind::BrokenPipe) => {
            ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("live_agent_session: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments, out: &mut impl Write) -> Outcome<()> {
    if arguments.describe {
        let describe = open(arguments.store.as_deref())?.system().describe::<LiveAgentSession>()?;
        writeln!(out, "{}", serde_json::to_string_pretty(&describe)?)?;
        return Ok(());
    }
    // The files are read first, so that no new store is left behind if one cannot be read.
    let input = arguments.input.as_deref().unwrap_or(Path::new(SESSIONS));
    let sessions = Sessions::read(input)?;
    let agents_file = arguments.agents.as_deref().unwrap_or(Path::new(AGENTS));
    let agents = input::read_agents(agents_file)?;

    let store = open(arguments.store.as_deref())?;
    let db = store.system();
    let held = Held::by(&db)?;
    match &arguments.store {
        None => writeln!(out, "Store     in memory; --store FILE keeps it")?,
        Some(path) => writeln!(out, "Store     {}\n          {held}", path.display())?,
    }
    let mut users = Users::of(&db);
    let n_new = users.load(&agents)?;
    writeln!(out, "Agents    {}: {} users, {n_new} new", shown(agents_file), agents.len())?;
    writeln!(out, "Sessions  {}: {} rows", shown(input), counted(sessions.rows.len()))?;

    // The loader is the user in whose name the records are created: CreatedById, and by default
    // OwnerId.
    let loader = users.find_or_create("Data Loader", "data.loader@desk.example")?;
    let loader = store.connect(Caller::system_as(loader));
    let result = load::load(&loader, &mut users, &sessions, &held)?;
    writeln!(out, "          {result}")?;

    if !result.refusals.is_empty() {
        writeln!(out, "\n{}", refusals::table(&result.refusals).trim_fmt())?;
    }
    if db.count::<LiveAgentSession>()? > 0 {
        writeln!(out, "\n{}\n", utilisation::table(&db)?.trim_fmt())?;
        tour::tour(&store, out)?;
    }
    Ok(())
}

/// Opens the store, in a file or in memory.
fn open(path: Option<&Path>) -> Outcome<Store> {
    let objects = [Group::OBJECT, User::OBJECT, LiveAgentSession::OBJECT];
    match path {
        None => Ok(Store::in_memory(&objects)?),
        Some(path) => {
            Store::open(path, &objects).map_err(|e| format!("{}: {e}", path.display()).into())
        }
    }
}

/// A path relative to the current folder, if it is in it.
fn shown(path: &Path) -> impl fmt::Display {
    let here = env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display()
}
