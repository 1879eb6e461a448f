//! A process is killed while it deletes and undeletes masters: each family is whole, live or in the bin,
//! and where the last call that returned has put it.
//!
//! The test runs itself again as a child process, which prints a line on standard error for each call
//! that returned, and is killed with SIGKILL after a number of lines.

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader, Write, stderr},
    path::Path,
    process::{Command, Stdio},
};

use serde_json::json;
use sobject_core::RecordId;

use super::{OBJECTS, Yard};

/// The environment variable that tells the child its file.
const FILE: &str = "SOBJECT_CASCADE_FILE";
/// How often the child is killed.
const ROUNDS: usize = 8;
/// The details of each master, and the pieces of each detail.
const EACH: usize = 4;

/// A master whose family is whole; the word says what happened to it last.
fn say(word: &str, master: RecordId) {
    // The line is printed by one call, so that a kill cannot split it.
    stderr().write_all(format!("{word} {master}\n").as_bytes()).expect("the parent listens");
}

fn open(path: &Path) -> Yard {
    Yard::with(|builder| builder.open(path, OBJECTS))
}

/// What the child does without end.
fn change_until_killed(path: &Path) {
    let yard = open(path);
    loop {
        let family = yard.db.transaction(|tx| {
            let mut create =
                |object: &str, record| tx.object(object)?.create(&crate::desk::map(&record));
            let master = create("Master__c", json!({}))?;
            for _ in 0..EACH {
                let detail = create("Detail__c", json!({ "Master__c": master }))?;
                for _ in 0..EACH {
                    create("Piece__c", json!({ "Detail__c": detail }))?;
                }
            }
            create("Master__c", json!({ "Name": "follower", "Favourite__c": master }))?;
            Ok::<_, sobject_core::Error>(master)
        });
        let master = family.expect("a family is made");
        say("live", master);
        yard.delete(master);
        say("deleted", master);
        yard.undelete(master);
        say("live", master);
        yard.delete(master);
        say("deleted", master);
    }
}

/// Starts the child, kills it after `n_lines` lines, and notes all that it reported.
fn kill_after(n_lines: usize, path: &Path, last: &mut BTreeMap<RecordId, bool>) {
    let (_, module) = module_path!().split_once("::").expect("a module of a crate");
    let test = format!("{module}::a_family_is_whole_after_kill_9");
    let mut child = Command::new(env::current_exe().expect("the test's own path"))
        .args([test.as_str(), "--exact", "--nocapture", "--test-threads=1"])
        .env(FILE, path)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the child starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).split(b'\n');
    let mut note = |line: Vec<u8>| {
        let line = String::from_utf8(line).expect("text");
        let (word, id) = line.split_once(' ').unwrap_or_else(|| panic!("the child said {line:?}"));
        last.insert(id.parse().expect("an id"), word == "live");
    };
    for _ in 0..n_lines {
        note(lines.next().expect("the child goes on until it is killed").expect("a line"));
    }
    child.kill().expect("the child is killed");
    lines.for_each(|line| note(line.expect("a line")));
    let status = child.wait().expect("the child is gone");
    assert!(!status.success(), "the child was killed and did not end by itself");
}

#[test]
fn a_family_is_whole_after_kill_9() {
    if let Some(path) = env::var_os(FILE) {
        return change_until_killed(Path::new(&path));
    }
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("yard.redb");
    drop(open(&path));
    let mut last = BTreeMap::new();
    for round in 0..ROUNDS {
        let before = last.len();
        kill_after(3 + round * 5, &path, &mut last);
        let yard = open(&path);
        yard.verify();
        let n_families = last.len();
        for (n, (master, was_live)) in last.iter_mut().enumerate() {
            let is_live = yard.is_live(*master);
            // The last call of the child may have been committed without being reported.
            let is_last = n + 1 == n_families;
            assert!(is_live == *was_live || is_last, "{master} is live: {is_live}");
            *was_live = is_live;
            let details = yard.object("Detail__c").find("Master__c", json!(master)).unwrap();
            assert_eq!(details.len(), if is_live { EACH } else { 0 }, "details of {master}");
            for detail in &details {
                let pieces = yard.object("Piece__c").find("Detail__c", detail["Id"].clone());
                assert_eq!(pieces.unwrap().len(), EACH, "pieces of {master}");
            }
            let followers = yard.object("Master__c").find("Favourite__c", json!(master)).unwrap();
            assert_eq!(followers.len(), usize::from(is_live), "the follower of {master}");
        }
        assert!(last.len() > before, "round {round} made families");
        // What is in the bin comes back whole.
        if let Some((master, _)) = last.iter().find(|(id, _)| !yard.is_live(**id)) {
            yard.undelete(*master);
            let details = yard.object("Detail__c").find("Master__c", json!(master)).unwrap();
            assert_eq!(details.len(), EACH, "details of {master}");
            let master = *master;
            yard.verify();
            last.insert(master, true);
        }
    }
}
