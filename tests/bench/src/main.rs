//! The bench: sobject beside the same records in tables written by hand on redb, in one run.
//!
//! `baseline` is the hand-written side, `measures` says what is measured on both, `round` runs the
//! sides in turn and prints medians and ratios. README.md has the last figures.

mod args;
mod baseline;
mod measures;
#[path = "../../../examples/live_agent_session/object.rs"]
mod object;
mod probe;
mod round;
mod sample;
mod sides;
mod timing;

use std::{error::Error, process::ExitCode};

use crate::{args::Args, sides::Sides};

/// Whatever goes wrong ends the bench.
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sobject-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let Some(args) = Args::parse(std::env::args().skip(1))? else {
        print!("{}", args::HELP);
        return Ok(());
    };
    let dir = tempfile::Builder::new().prefix("sobject-bench").tempdir_in(&args.dir)?;
    eprintln!("loading {} records on each side", args.records);
    let sides = Sides::load(dir.path(), args.records)?;
    sides.check_same()?;
    let mut measures = measures::all(&sides);
    measures.retain(|measure| measure.name.contains(&args.only));
    round::run(&mut measures, args.rounds)?;
    println!("{} records, {} rounds", args.records, args.rounds);
    println!("{}", round::Table(&measures));
    // What was written meanwhile was written to both.
    sides.check_same()
}
