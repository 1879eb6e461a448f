//! A process is killed while it writes: every write that returned before is in the file.
//!
//! The test runs itself again as a child process, which writes to a store and prints a line on
//! standard error for each write that returned. The test reads a number of lines, kills the child
//! with SIGKILL, reads the lines that are still in the pipe, and opens the file.

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

/// The environment variable that tells the child its file.
const FILE: &str = "SOBJECT_CRASH_FILE";
/// The name of the one test here, which the child is told to run.
const TEST: &str = "crash::what_was_acknowledged_outlives_kill_9";
/// How often the child is killed.
const ROUNDS: usize = 15;
/// How many sessions are written in one batch.
const BATCH: i32 = 7;

/// The writes that the child reported.
#[derive(Debug, Default)]
struct Acknowledged {
    sessions: BTreeSet<Id<LiveAgentSession>>,
    deleted: BTreeSet<Id<LiveAgentSession>>,
    /// The number of the last update of the session that is updated again and again.
    count: i32,
}

impl Acknowledged {
    /// Notes what a line of the child reports.
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

/// What the child does: it writes in every way, without end, and reports each write when it
/// returned.
fn write_until_killed(path: &Path) {
    let db = Store::open(path, OBJECTS).expect("the file opens").system();
    let find = || db.find(User::FIELDS.username, "ada@example.com").expect("users are read");
    let agent = find().first().expect("the parent made the agent").id;
    let session = || {
        LiveAgentSessionCreate::new(agent, at("2026-03-01T08:00:00Z"), at("2026-03-01T16:30:00Z"))
    };
    let say = |line: String| {
        // The line is printed by one call, so that a kill cannot split it. If the parent is gone,
        // this fails, which ends the child.
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

/// Starts the child, kills it after `n_lines` lines, and notes all writes that it reported.
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
    // Lines that are still in the pipe report writes as well.
    for line in lines {
        acknowledged.note(&String::from_utf8(line.expect("a line")).expect("text"));
    }
    let status = child.wait().expect("the child is gone");
    assert!(!status.success(), "the child was killed and did not end by itself");
}

/// Asserts that the file holds all writes that were reported, and that no batch was written in
/// part.
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
        // The child may have been killed between deleting a session and reporting it.
        let is_there = live.contains(id) || db.undelete(*id).is_ok();
        assert!(is_there, "{id} was acknowledged");
    }
    for id in &acknowledged.deleted {
        assert!(!live.contains(id), "the delete of {id} was acknowledged");
    }
    let unacknowledged = counter - acknowledged.count;
    assert!((0..=1).contains(&unacknowledged), "{counter} after {}", acknowledged.count);
    for (batch, n_live) in &counts {
        // The child deletes one session of each batch after writing the batch.
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
        let agent = db.create(UserCreate::new("Ada", "ada@example.com")).unwrap();
        let (login, logout) = (at("2026-03-01T08:00:00Z"), at("2026-03-01T16:30:00Z"));
        db.create(LiveAgentSessionCreate::new(agent, login, logout)).unwrap();
    }
    let mut acknowledged = Acknowledged::default();
    for round in 0..ROUNDS {
        // The first kill comes right after the first line, the last one in the middle of the tenth
        // batch.
        kill_after(1 + 6 * round, &path, &mut acknowledged);
        assert_kept(&path, &acknowledged);
    }
    assert!(acknowledged.sessions.len() > ROUNDS, "{}", acknowledged.sessions.len());
}
