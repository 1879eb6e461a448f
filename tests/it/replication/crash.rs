//! A process is killed while it writes, follows itself by a cursor into a copy, and cuts the feed off:
//! both files are whole, the cursor leads on, and the copy ends equal to its source.

use std::{
    env,
    io::{BufRead, BufReader, Write, stderr},
    path::Path,
    process::{Command, Stdio},
};

use sobject_core::{Clock, JsonRecord, ManualClock, Store, chrono::TimeDelta};

use super::{
    followers::{
        follow::{ByCursor, records},
        objects::OBJECTS,
        work::Work,
    },
    may,
};
use crate::desk::verify;

/// The environment variable that tells the child its folder.
const FOLDER: &str = "SOBJECT_FOLLOWER_FOLDER";
/// How often the child is killed.
const ROUNDS: usize = 8;
const NAME: &str = "copy";

/// The source and the copy in a folder. The clock stands at the last change of the source.
fn open(folder: &Path) -> (Store, Store, ManualClock) {
    let clock = ManualClock::at(may("08:00:00"));
    let open = |file: &str, instance: &str| {
        let builder = Store::builder().clock(clock.clone()).instance(instance);
        builder.open(folder.join(file), OBJECTS).expect("the file opens")
    };
    let (source, copy) = (open("source.redb", "src"), open("copy.redb", "cpy"));
    let from = source.cursor(NAME).expect("a cursor").unwrap_or_default();
    let changes = source.system().changes(&from);
    let last = changes.map(|change| change.expect("a change").date).last();
    clock.set(last.unwrap_or(may("08:00:00")));
    (source, copy, clock)
}

/// What the child does, without end: it writes, follows and cuts off, and reports each round.
fn follow_until_killed(folder: &Path) {
    let (source, copy, clock) = open(folder);
    let seed = clock.now().timestamp().unsigned_abs();
    let mut work = Work::new(source.system(), seed);
    let mut follower = ByCursor::new(&source, &copy, NAME).expect("a follower");
    loop {
        for _ in 0..5 {
            work.write().expect("the work is done");
        }
        follower.catch_up().expect("the copy follows");
        // What is older than the windows reach is cut off within a few rounds.
        clock.advance(TimeDelta::days(9));
        let n_cut = source.compact_feed(clock.now()).expect("the feed is cut off");
        // By one call, so that a kill cannot split the line.
        stderr().write_all(format!("cut {n_cut}\n").as_bytes()).expect("the parent listens");
    }
}

/// The live records of a store. When records leave the recycle bin is each store's own affair.
fn live(store: &Store) -> Vec<JsonRecord> {
    let records = records(&store.system()).expect("the records are read");
    records.into_values().filter(|record| record.get("IsDeleted") != Some(&true.into())).collect()
}

/// The name of the test below, by which the child is told to run it.
fn own_name() -> String {
    let module = module_path!().split_once("::").map_or("", |(_, rest)| rest);
    format!("{module}::a_cursor_outlives_kill_9")
}

#[test]
fn a_cursor_outlives_kill_9() {
    if let Some(folder) = env::var_os(FOLDER) {
        return follow_until_killed(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut n_cut = 0;
    for round in 0..ROUNDS {
        let mut child = Command::new(env::current_exe().expect("the test's own path"))
            .args([&own_name(), "--exact", "--nocapture", "--test-threads=1"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the child starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        for _ in 0..=3 * round {
            let line = lines.next().expect("the child works until it is killed").expect("a line");
            let n = line.strip_prefix("cut ").and_then(|n| n.parse::<u64>().ok());
            n_cut += n.unwrap_or_else(|| panic!("the child said {line:?}"));
        }
        child.kill().expect("the child is killed");
        assert!(!child.wait().expect("the child is gone").success());

        let (source, copy, _) = open(folder.path());
        verify(&source);
        verify(&copy);
        let mut follower = ByCursor::new(&source, &copy, NAME).unwrap();
        follower.catch_up().unwrap();
        assert_eq!(live(&copy), live(&source));
        verify(&copy);
    }
    assert!(n_cut > 20, "the feed was cut off meanwhile: {n_cut}");
}
