//! A process is killed while it empties and purges: what was emptied never comes back, what was purged is
//! gone, and nothing is half gone. (The test runs itself again, as `crate::crash` says.)

use std::{
    collections::BTreeSet,
    env,
    io::{BufRead, BufReader, Write, stderr},
    path::Path,
    process::{Command, Stdio},
};

use serde_json::json;
use sobject_core::{ManualClock, RecordId, Store, Untyped, chrono::TimeDelta};

use super::{OBJECTS, days};
use crate::desk::{MORNING, at, refused, verify};

/// The environment variables that tell the child its file, and how many days have passed.
const FILE: &str = "SOBJECT_PURGE_FILE";
const DAYS: &str = "SOBJECT_PURGE_DAYS";
/// The name of the one test here, which the child is told to run.
const TEST: &str = "bin::crash::what_was_emptied_or_purged_stays_so_after_kill_9";
const ROUNDS: usize = 8;
/// How many things go along with each box: more than a purge in passing removes.
const THINGS: usize = 150;

fn store(path: &Path, passed: i64) -> (Store, ManualClock) {
    let clock = ManualClock::at(at(MORNING) + days(passed));
    let store = Store::builder().clock(clock.clone()).open(path, OBJECTS).expect("the file opens");
    (store, clock)
}

fn boxes(store: &Store) -> Untyped {
    store.system().object("Box__c").expect("boxes")
}

/// What the child does: it throws boxes with things away, empties every other one, lets time pass, and
/// purges in passing and at once.
fn purge_until_killed(path: &Path, passed: i64) {
    let (store, clock) = store(path, passed);
    let say = |word: &str, id: RecordId| {
        stderr().write_all(format!("{word} {id}\n").as_bytes()).expect("the parent listens");
    };
    let (boxes, db) = (boxes(&store), store.system());
    let things = db.object("Thing__c").expect("things");
    for n in 0.. {
        let thrown = [(); 2].map(|()| boxes.create(&json!({})).expect("a box is made"));
        for root in thrown {
            let of = vec![json!({ "Box__c": root }); THINGS];
            let made = things.create_many(&of).expect("things are made");
            assert!(made.iter().all(Result::is_ok));
            boxes.delete(root).expect("a box is deleted");
        }
        let results = boxes.empty_recycle_bin(&thrown[..1]).expect("a box is emptied");
        assert!(results[0].is_ok());
        say("emptied", thrown[0]);
        clock.advance(TimeDelta::days(1));
        // A little in passing, and then the rest.
        boxes.create(&json!({})).expect("a box is made");
        if n % 2 == 0 {
            boxes.create(&json!({})).expect("a box is made");
            boxes.create(&json!({})).expect("a box is made");
        } else {
            store.purge().expect("what is due is purged");
        }
        say("gone", thrown[0]);
    }
}

/// Starts the child, kills it after `n_lines` lines, and notes what it reported.
fn kill_after(n_lines: usize, path: &Path, passed: i64, said: &mut [BTreeSet<RecordId>; 2]) {
    let mut child = Command::new(env::current_exe().expect("the test's own path"))
        .args([TEST, "--exact", "--nocapture", "--test-threads=1"])
        .env(FILE, path)
        .env(DAYS, passed.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the child starts");
    let mut note = |line: Vec<u8>| {
        let line = String::from_utf8(line).expect("text");
        let (word, id) = line.split_once(' ').unwrap_or((&line, ""));
        let place = match word {
            "emptied" => 0,
            "gone" => 1,
            _ => panic!("the child said {line:?}"),
        };
        said[place].insert(id.parse().unwrap_or_else(|error| panic!("{line:?}: {error}")));
    };
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).split(b'\n');
    for _ in 0..n_lines {
        let line = lines.next().expect("the child goes on until it is killed");
        note(line.expect("a line"));
    }
    child.kill().expect("the child is killed");
    lines.for_each(|line| note(line.expect("a line")));
    assert!(!child.wait().expect("the child is gone").success());
}

#[test]
fn what_was_emptied_or_purged_stays_so_after_kill_9() {
    if let (Some(path), Some(passed)) = (env::var_os(FILE), env::var(DAYS).ok()) {
        return purge_until_killed(Path::new(&path), passed.parse().expect("a number of days"));
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("purge.redb");
    let mut said = [BTreeSet::new(), BTreeSet::new()];
    for round in 0..ROUNDS {
        let passed = i64::try_from(round).unwrap() * 100;
        kill_after(2 + 3 * round, &path, passed, &mut said);
        let (store, _) = store(&path, passed);
        verify(&store);
        let [emptied, gone] = &said;
        for id in emptied {
            assert_eq!(refused(boxes(&store).undelete(*id)).code, "UNDELETE_FAILED", "{id}");
        }
        for id in gone {
            assert_eq!(refused(boxes(&store).get(*id)).code, "INVALID_CROSS_REFERENCE_KEY", "{id}");
        }
    }
    assert!(said[1].len() > ROUNDS, "{}", said[1].len());
}
