//! What searches cost, and the index that they need: sobject beside `SQLite` with FTS5.
//!
//! Both sides hold the same notes and find the same ones, which is tried before anything is timed. A
//! search gives the ids and names of the first notes that it finds, by their ids.
//!
//! `cargo run --release -p searches [-- --records N --rounds N --dir PATH]`

mod notes;
mod ours;
mod sqlite;

use std::{
    env,
    error::Error,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use crate::{notes::Notes, ours::Ours, sqlite::Sqlite};

/// Whatever goes wrong ends the run.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// Notes that a search gives.
const LIMIT: usize = 20;
/// Notes that are created in one call.
const CALL: usize = 200;

/// What is searched for: how it is called, and how the two say it.
const SEARCHES: &[(&str, &str, &str)] = &[
    ("a rare word", "rare", "rare"),
    ("a word of 1 in 100", "hundredth", "hundredth"),
    ("a word of every second", "second", "second"),
    ("a rare word and one of every second", "rare AND second", "rare AND second"),
    ("two words of 1 in 10", "tenth AND eleventh", "tenth AND eleventh"),
    ("one of two words", "hundredth OR rare", "hundredth OR rare"),
    ("a word without another", "hundredth AND NOT second", "hundredth NOT second"),
    ("a phrase", "\"tenth note\"", "\"tenth note\""),
    ("what begins with two letters", "hu*", "hu*"),
    ("a word in names alone", "note", "name : note"),
    ("nothing", "nowhere", "nowhere"),
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("searches: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What the run was asked for.
struct Args {
    records: usize,
    rounds: usize,
    dir: PathBuf,
}

impl Args {
    fn parse(mut words: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut args = Self { records: 100_000, rounds: 11, dir: env::temp_dir() };
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
            match word.as_str() {
                "--records" => args.records = value.parse::<usize>()?.max(2_000),
                "--rounds" => args.rounds = value.parse::<usize>()?.max(1),
                "--dir" => args.dir = value.into(),
                _ => return Err(format!("unknown option {word}").into()),
            }
        }
        Ok(args)
    }
}

fn run() -> Outcome<()> {
    let args = Args::parse(env::args().skip(1))?;
    let dir = tempfile::Builder::new().prefix("sobject-searches").tempdir_in(&args.dir)?;
    eprintln!("loading {} records on each side", args.records);
    let notes = Notes::new(args.records);
    let ours = Ours::load(&dir.path().join("sobject.redb"), &notes, true)?;
    let plain = Ours::load(&dir.path().join("plain.redb"), &notes, false)?;
    let mut sqlite = Sqlite::load(&dir.path().join("sqlite.db"), &notes)?;
    println!("{} records, {} rounds", args.records, args.rounds);
    println!("{:38}{:>10}{:>10}{:>10}{:>8}", "", "sqlite", "sosl", "typed", "ratio");
    for (name, sosl, fts) in SEARCHES {
        let is_of_names = fts.starts_with("name :");
        let n = ours.count(sosl, is_of_names)?;
        if n != sqlite.count(fts)? || ours.sosl(sosl, is_of_names)? != sqlite.search(fts)? {
            return Err(format!("{name}: the sides find other notes").into());
        }
        let mut times = [const { Vec::new() }; 3];
        for _ in 0..args.rounds {
            times[0].push(time(|| sqlite.search(fts).map(|it| it.len()))?);
            times[1].push(time(|| ours.sosl(sosl, is_of_names).map(|it| it.len()))?);
            times[2].push(time(|| ours.typed(sosl, is_of_names).map(|it| it.len()))?);
        }
        let [of_sqlite, of_sosl, of_typed] = times.map(median);
        let ratio = of_typed.as_secs_f64() / of_sqlite.as_secs_f64();
        let name = format!("{name} ({n})");
        println!(
            "{name:38}{:>10}{:>10}{:>10}{ratio:>8.2}",
            shown(of_sqlite),
            shown(of_sosl),
            shown(of_typed)
        );
    }
    let mut times = [const { Vec::new() }; 3];
    for round in 0..args.rounds {
        let more = notes.more(round, CALL);
        times[0].push(once(|| sqlite.add(&more))?);
        times[1].push(once(|| ours.add(&more))?);
        times[2].push(once(|| plain.add(&more))?);
    }
    let [of_sqlite, of_ours, of_plain] = times.map(median);
    println!(
        "{CALL} creates, on the disk: sqlite {}, sobject {}, and without an index of words {}",
        shown(of_sqlite),
        shown(of_ours),
        shown(of_plain)
    );
    println!(
        "bytes a record: sqlite {}, sobject {}, and without an index of words {}",
        sqlite.size()? / args.records as u64,
        ours.size()? / args.records as u64,
        plain.size()? / args.records as u64
    );
    Ok(())
}

/// How long one of several runs takes.
fn time(mut f: impl FnMut() -> Outcome<usize>) -> Outcome<Duration> {
    let mut n = 1;
    loop {
        let begin = Instant::now();
        for _ in 0..n {
            std::hint::black_box(f()?);
        }
        let taken = begin.elapsed();
        if taken > Duration::from_millis(5) || n > 4_096 {
            return Ok(taken / n);
        }
        n *= 4;
    }
}

fn once(f: impl FnOnce() -> Outcome<()>) -> Outcome<Duration> {
    let begin = Instant::now();
    f()?;
    Ok(begin.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A time with three digits.
fn shown(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 1_000.0 { format!("{micros:.1} us") } else { format!("{:.2} ms", micros / 1_000.0) }
}
