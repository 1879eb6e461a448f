//! What reads and queries cost: sobject beside tables written by hand on redb, and beside `SQLite`.
//!
//! All three sides hold the same records and give the same values, which is tried before anything is
//! timed. `sides` says what they are asked, `measures` times it. README.md, a folder up, has the last
//! figures.
//!
//! `cargo run --release -p queries [-- --records N --rounds N --only TEXT --dir PATH]`

mod by_hand;
#[path = "../../src/baseline/heads.rs"]
#[expect(dead_code, reason = "ids come from the store")]
mod heads;
mod measures;
mod object;
mod ours;
#[path = "../../src/sample.rs"]
#[expect(dead_code, reason = "nothing is changed here")]
mod sample;
mod sides;
mod sqlite;

use std::{env, error::Error, path::PathBuf, process::ExitCode};

use crate::{by_hand::ByHand, ours::Ours, sides::Side, sqlite::Sqlite};

/// Whatever goes wrong ends the run.
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("queries: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What the run was asked for.
struct Args {
    records: u32,
    rounds: u32,
    /// What is in the names of the measures.
    only: String,
    dir: PathBuf,
}

impl Args {
    fn parse(mut words: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut args =
            Self { records: 100_000, rounds: 11, only: String::new(), dir: env::temp_dir() };
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
            match word.as_str() {
                "--records" => args.records = value.parse::<u32>()?.max(2_000),
                "--rounds" => args.rounds = value.parse::<u32>()?.max(1),
                "--only" => args.only = value,
                "--dir" => args.dir = value.into(),
                _ => return Err(format!("unknown option {word}").into()),
            }
        }
        Ok(args)
    }
}

fn run() -> Outcome<()> {
    let args = Args::parse(env::args().skip(1))?;
    let dir = tempfile::Builder::new().prefix("sobject-queries").tempdir_in(&args.dir)?;
    eprintln!("loading {} records on each side", args.records);
    let ours = Ours::load(&dir.path().join("sobject.redb"), args.records)?;
    let by_hand = ByHand::copy(&dir.path().join("by_hand.redb"), &ours)?;
    let sqlite = Sqlite::copy(&dir.path().join("sqlite.db"), &ours)?;
    let sides: [&dyn Side; 3] = [&by_hand, &sqlite, &ours];
    measures::compare(&sides, &ours)?;
    println!("{} records, {} rounds", args.records, args.rounds);
    measures::beside(&sides, &ours, args.rounds, &args.only)?;
    measures::lookups(&ours, args.rounds, &args.only)
}
