//! A file at a store's path is whole or not there, whenever the process that makes it is killed, and
//! what is there already is never replaced.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use sobject_core::{Error, Result, StorageErrorKind, Store};
use tempfile::TempDir;

use crate::desk::{OBJECTS, verify};

/// The environment variable that tells the child its file.
const FILE: &str = "SOBJECT_BIRTH_FILE";
/// How often a child is killed, unless the environment variable `SOBJECT_KILLS` says otherwise.
const KILLS: usize = 24;

fn place() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.redb");
    (dir, path)
}

/// The names in a folder.
fn names(dir: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(dir.path()).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// What a failed call says of the storage.
fn kind(result: Result<Store>) -> StorageErrorKind {
    match result {
        Err(Error::Storage(error)) => error.kind(),
        other => panic!("{other:?}"),
    }
}

fn n_kills() -> usize {
    env::var("SOBJECT_KILLS").map_or(KILLS, |kills| kills.parse().unwrap())
}

/// Starts a child that makes a store at `path`, and kills it after a while. Whether it was still
/// alive.
fn kill_after(pause: Duration, path: &Path) -> bool {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["birth::a_kill_leaves_no_file_or_a_whole_one", "--exact", "--test-threads=1"])
        .env(FILE, path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The clock starts when the child begins to make the file, or has made it.
    let dir = path.parent().unwrap();
    let begun = Instant::now();
    while fs::read_dir(dir).unwrap().next().is_none() && begun.elapsed() < Duration::from_secs(60) {
        thread::sleep(Duration::from_micros(50));
    }
    thread::sleep(pause);
    let was_alive = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    was_alive
}

#[test]
fn a_kill_leaves_no_file_or_a_whole_one() {
    if let Some(path) = env::var_os(FILE) {
        let store = Store::open(&path, OBJECTS).unwrap();
        thread::sleep(Duration::from_secs(60));
        return drop(store);
    }
    let (mut n_whole, mut n_none) = (0, 0);
    let n_kills = n_kills();
    for kill in 0..n_kills {
        let (dir, path) = place();
        // From the first moment on, in steps that grow: how long a birth takes is up to the disk.
        let step = kill as u64 % 24;
        assert!(kill_after(Duration::from_micros(step * step * 700), &path));
        if path.exists() {
            n_whole += 1;
            verify(&Store::open_existing(&path, OBJECTS).unwrap());
        } else {
            n_none += 1;
            assert_eq!(names(&dir).len(), 1, "what was being made");
        }
        // What a killed process left is in nobody's way, and the next that makes the file removes it.
        let had_none = !path.exists();
        verify(&Store::open(&path, OBJECTS).unwrap());
        if had_none {
            assert_eq!(names(&dir), ["desk.redb"]);
        }
    }
    println!("{n_kills} kills: {n_none} without a file, {n_whole} with a whole one");
    assert!(n_none > 0, "no kill came in time");
}

#[test]
fn nothing_else_is_left_beside_a_new_file() {
    let (dir, path) = place();
    let store = Store::open(&path, OBJECTS).unwrap();
    assert_eq!(names(&dir), ["desk.redb"]);
    // The file that was made is the file that is written.
    drop(store);
    verify(&Store::open_existing(&path, OBJECTS).unwrap());
    assert_eq!(names(&dir), ["desk.redb"]);
}

#[test]
fn a_file_that_is_not_there_is_made_only_where_that_is_asked_for() {
    let (dir, path) = place();
    assert_eq!(kind(Store::open_existing(&path, OBJECTS)), StorageErrorKind::Unavailable);
    assert!(matches!(Store::check(&path), Err(Error::Storage(_))));
    assert!(names(&dir).is_empty());
}

#[test]
fn an_empty_file_is_refused_in_words() {
    let (_dir, path) = place();
    fs::write(&path, []).unwrap();
    let opened = [
        Store::open(&path, OBJECTS),
        Store::open_existing(&path, OBJECTS),
        Store::builder().check(true).open(&path, OBJECTS),
    ];
    for opened in opened {
        let error = opened.unwrap_err().to_string();
        assert_eq!(error, "the store's file is damaged: the file is empty, which no store is");
    }
    Store::check(&path).unwrap_err();
    assert!(fs::read(&path).unwrap().is_empty(), "it is as it was");
}

#[test]
fn many_that_make_one_file_make_it_once() {
    let (dir, path) = place();
    let opened = thread::scope(|scope| {
        let open = || Store::open(&path, OBJECTS);
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(open)).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect::<Vec<_>>()
    });
    // One process has it; the others are told so, and none has another file.
    let (opened, refused): (Vec<_>, Vec<_>) = opened.into_iter().partition(Result::is_ok);
    assert_eq!(opened.len(), 1);
    for refused in refused {
        assert_eq!(kind(refused), StorageErrorKind::Unavailable);
    }
    drop(opened);
    assert_eq!(names(&dir), ["desk.redb"]);
    verify(&Store::open_existing(&path, OBJECTS).unwrap());
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_not_replaced() {
    let (dir, path) = place();
    std::os::unix::fs::symlink(dir.path().join("gone.redb"), &path).unwrap();
    assert_eq!(kind(Store::open(&path, OBJECTS)), StorageErrorKind::Unavailable);
    assert_eq!(names(&dir), ["desk.redb"]);
}
