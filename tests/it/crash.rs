//! A process that is killed while it writes: whatever it was told is written, is there.
//!
//! The test runs itself again as a child that writes to a store and reports on standard error, one
//! line for each write that returned. It reads a number of lines, kills the child with SIGKILL,
//! reads what was still in the pipe, and opens the file.

use std::{
    collections::BTreeSet,
    env,
    io::{BufRead, BufReader, Write, stderr},
    ops::ControlFlow,
    path::Path,
    process::{Command, Stdio},
};

use sobject_core::{Id, Store, standard::User, standard::UserCreate};

use crate::desk::{
    LiveAgentSession, LiveAgentSessionCreate, LiveAgentSessionUpdate, OBJECTS, at, verify,
};

/// Names the file to the child.
const FILE: &str = "SOBJECT_CRASH_FILE";
/// The name of the one test here, as the child is asked for it.
const TEST: &str = "crash::what_was_acknowledged_outlives_kill_9";
/// How often the child is killed.
const ROUNDS: usize = 15;
/// Sessions in a batch, which are written together.
const BATCH: i32 = 7;

/// What the child said was written.
#[derive(Debug, Default)]
struct Acknowledged {
    sessions: BTreeSet<Id<LiveAgentSession>>,
    deleted: BTreeSet<Id<LiveAgentSession>>,
    /// The last count that was written to the session that counts.
    count: i32,
}

impl Acknowledged {
    /// Notes a line of the child's.
    fn note(&mut self, line: &str) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let id = || rest.parse().unwrap_or_else(|error| panic!("{line:?}: {error}"));
        match word {
            "created" => assert!(self.sessions.insert(id()), "{line}: an id given twice"),
            "deleted" => assert!(self.deleted.insert(id()), "{line}"),
            "counted" => self.count = rest.parse().expect("a count"),
            _ => panic!("the child said {line:?}"),
        }
    }
}

/// What the child does: writes of every kind, each reported once it returned, without end.
fn write_until_killed(path: &Path) {
    let db = Store::open(path, OBJECTS).expect("the file opens").system();
    let find = || db.find(User::FIELDS.username, "ada@example.com").expect("users are read");
    let agent = find().first().expect("the parent made the agent").id;
    let session = || {
        LiveAgentSessionCreate::new(agent, at("2026-03-01T08:00:00Z"), at("2026-03-01T16:30:00Z"))
    };
    let say = |line: String| {
        // One write, so that the kill cannot come between the parts of a line. Once the parent is
        // gone, so is the reason to go on.
        stderr().write_all(format!("{line}\n").as_bytes()).expect("the parent listens");
    };
    let counter = *db
        .find(LiveAgentSession::FIELDS.name, "00000001")
        .expect("sessions are read")
        .first()
        .map(|counter| &counter.id)
        .expect("the parent made the counter");
    let mut count = db.get(counter).expect("the counter is live").time_idle.unwrap_or_default();
    loop {
        count += 1;
        let update = LiveAgentSessionUpdate { time_idle: count.into(), ..Default::default() };
        db.update(counter, update).expect("the counter is changed");
        say(format!("counted {count}"));

        let batch: Vec<_> = (0..BATCH)
            .map(|_| LiveAgentSessionCreate { chat_req_assigned: Some(count), ..session() })
            .collect();
        let ids = db.all_or_none().create_many(&batch).expect("a batch is written");
        let ids: Vec<_> = ids.into_iter().map(|id| id.expect("a session is written")).collect();
        for id in &ids {
            say(format!("created {id}"));
        }

        let (gone, kept) = (ids[0], ids[1]);
        db.delete(gone).expect("a session is deleted");
        say(format!("deleted {gone}"));
        let update = LiveAgentSessionUpdate { time_idle: 1.into(), ..Default::default() };
        db.update(kept, update).expect("a session is changed");
    }
}

/// Starts the child, kills it after `n_lines` lines, and notes all that it said.
fn kill_after(n_lines: usize, path: &Path, acknowledged: &mut Acknowledged) {
    let mut child = Command::new(env::current_exe().expect("the test's own path"))
        .args([TEST, "--exact", "--nocapture", "--test-threads=1"])
        .env(FILE, path)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the child starts");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).split(b'\n');
    for _ in 0..n_lines {
        let line = lines.next().expect("the child writes until it is killed").expect("a line");
        acknowledged.note(&String::from_utf8(line).expect("text"));
    }
    child.kill().expect("the child is killed");
    // What is still in the pipe was acknowledged as well.
    for line in lines {
        acknowledged.note(&String::from_utf8(line.expect("a line")).expect("text"));
    }
    let status = child.wait().expect("the child is gone");
    assert!(!status.success(), "the child was killed and did not end by itself");
}

/// Asserts that the file holds all that was acknowledged, and batches whole.
fn assert_kept(path: &Path, acknowledged: &Acknowledged) {
    let store = Store::open(path, OBJECTS).expect("the file opens after the kill");
    let verified = verify(&store);
    let db = store.system();
    let mut live = BTreeSet::new();
    let mut counts = std::collections::BTreeMap::<i32, i32>::new();
    let mut counter = 0;
    db.scan::<LiveAgentSession>(|session| {
        live.insert(session.id);
        match session.chat_req_assigned {
            Some(batch) => *counts.entry(batch).or_default() += 1,
            None => counter = session.time_idle.unwrap_or_default(),
        }
        ControlFlow::Continue(())
    })
    .expect("sessions are read");

    for id in acknowledged.sessions.difference(&acknowledged.deleted) {
        // A delete may have been written and not yet acknowledged.
        let is_there = live.contains(id) || db.undelete(*id).is_ok();
        assert!(is_there, "{id} was acknowledged");
    }
    for id in &acknowledged.deleted {
        assert!(!live.contains(id), "the delete of {id} was acknowledged");
    }
    let unacknowledged = counter - acknowledged.count;
    assert!((0..=1).contains(&unacknowledged), "{counter} after {}", acknowledged.count);
    for (batch, n_live) in &counts {
        // One of each batch is deleted in the end.
        assert!((BATCH - 1..=BATCH).contains(n_live), "{n_live} sessions of batch {batch}");
    }
    assert!(verified.live > live.len() as u64, "the agent is there too");
}

#[test]
fn what_was_acknowledged_outlives_kill_9() {
    if let Some(path) = env::var_os(FILE) {
        return write_until_killed(Path::new(&path));
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("crash.redb");
    {
        let db = Store::open(&path, OBJECTS).unwrap().system();
        let agent = db.create(UserCreate::new("Ada".into(), "ada@example.com".into())).unwrap();
        let (login, logout) = (at("2026-03-01T08:00:00Z"), at("2026-03-01T16:30:00Z"));
        db.create(LiveAgentSessionCreate::new(agent, login, logout)).unwrap();
    }
    let mut acknowledged = Acknowledged::default();
    for round in 0..ROUNDS {
        // From a kill right after the first line to one in the midst of the tenth batch.
        kill_after(1 + 6 * round, &path, &mut acknowledged);
        assert_kept(&path, &acknowledged);
    }
    assert!(acknowledged.sessions.len() > ROUNDS, "{}", acknowledged.sessions.len());
}
