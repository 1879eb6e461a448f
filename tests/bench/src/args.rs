//! The command line.

use std::{env, path::PathBuf};

use crate::Outcome;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
sobject beside tables written by hand on redb

usage: cargo run --release [-- OPTIONS]

  --rounds N    rounds over all measures; medians are over these (21)
  --records N   records on each side at the start (100000)
  --only TEXT   only the measures whose name contains TEXT
  --dir PATH    where the two files are made, for the time of the run: on the
                disk that you mean to measure (the temporary directory)
";

/// What the bench was asked for.
pub(crate) struct Args {
    pub(crate) rounds: u32,
    pub(crate) records: u32,
    pub(crate) only: String,
    pub(crate) dir: PathBuf,
}

impl Args {
    /// Reads the command line; `None` if it asks for help.
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Outcome<Option<Self>> {
        let mut args =
            Self { rounds: 21, records: 100_000, only: String::new(), dir: env::temp_dir() };
        while let Some(word) = words.next() {
            if word == "--help" || word == "-h" {
                return Ok(None);
            }
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--rounds" => args.rounds = at_least(1, &value()?)?,
                // Each agent has about a hundred records, and a range takes a thousand.
                "--records" => args.records = at_least(2000, &value()?)?,
                "--only" => args.only = value()?,
                "--dir" => args.dir = value()?.into(),
                _ => return Err(format!("unknown option {word}; --help lists them").into()),
            }
        }
        Ok(Some(args))
    }
}

fn at_least(least: u32, text: &str) -> Outcome<u32> {
    match text.parse() {
        Ok(number) if number >= least => Ok(number),
        _ => Err(format!("{text} is no number from {least}").into()),
    }
}
