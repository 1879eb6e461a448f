//! Storage that fails in each place in turn, that fills up, and visitors that panic.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{self, ErrorKind},
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process, thread,
};

use super::{
    FileOptions, RedbEngine,
    birth::Birth,
    disk::{Disk, Operation},
};
use crate::engine::{Buffer, Engine, EngineError, KeyWidth, Read, Scan, Space};

const SPACE: Space = Space { id: 0, keys: KeyWidth::U64, values: true };

/// Writes the value of a key.
fn put(engine: &RedbEngine, key: u64, value: &[u8]) -> Result<(), EngineError> {
    let write = engine.write(&mut |_| {
        let mut buffer = Buffer::default();
        buffer.put(SPACE, &key.to_be_bytes(), value);
        Ok(buffer)
    });
    write.map(drop)
}

/// The keys that there are.
fn keys(read: &dyn Read) -> Result<Vec<u64>, EngineError> {
    let mut keys = Vec::new();
    read.scan(SPACE, Scan::ALL, &mut |key, _| {
        keys.push(u64::from_be_bytes(key.try_into().unwrap()));
        ControlFlow::Continue(())
    })?;
    Ok(keys)
}

fn keys_of(engine: &RedbEngine) -> Result<Vec<u64>, EngineError> {
    keys(&*engine.snapshot()?)
}

/// A disk with a key, and an engine on it.
fn begin() -> (Disk, RedbEngine) {
    let disk = Disk::default();
    let engine = RedbEngine::on_disk(&disk, false).unwrap();
    engine.ensure_spaces(&[SPACE]).unwrap();
    put(&engine, 1, &[1; 3_000]).unwrap();
    (disk, engine)
}

#[test]
fn an_engine_goes_on_after_any_failure_but_of_a_sync() {
    let mut met: BTreeMap<(Operation, &str), u32> = BTreeMap::new();
    for value in [100, 400_000] {
        for operations in 0.. {
            let (disk, engine) = begin();
            let session = engine.snapshot().unwrap();
            disk.fail_after(operations);
            let written = put(&engine, 2, &vec![2; value]);
            let Some(failed) = disk.stop_failing() else {
                written.unwrap();
                assert!(operations > 2, "{operations} operations");
                break;
            };
            let kind = match &written {
                Err(EngineError::Unavailable(_)) => "not there",
                Err(EngineError::CommitUnknown(_)) => "unknown",
                Ok(()) => "there",
                other => panic!("{failed:?} after {operations}: {other:?}"),
            };
            *met.entry((failed, kind)).or_default() += 1;
            let what = format!("{failed:?} failed after {operations}: {written:?}");
            let next = put(&engine, 3, b"three");
            if failed == Operation::Sync {
                let error = next.unwrap_err();
                assert!(matches!(error, EngineError::Unavailable(_)), "{what}, then {error:?}");
                assert!(error.to_string().contains("sync failed before"), "{what}, then {error}");
            } else {
                next.unwrap_or_else(|error| panic!("{what}, then {error}"));
                assert!(keys_of(&engine).unwrap().contains(&3), "{what}");
            }
            // What began to read before reads the same, or is told to begin again.
            match keys(&*session) {
                Ok(keys) => assert_eq!(keys, [1], "{what}"),
                Err(error) => assert!(matches!(error, EngineError::Unavailable(_)), "{error:?}"),
            }
            drop((session, engine));
            let keys = keys_of(&RedbEngine::on_disk(&disk, true).unwrap()).unwrap();
            assert!(keys.contains(&1), "{what}: {keys:?}");
            match kind {
                "not there" => assert!(!keys.contains(&2), "{what}: {keys:?}"),
                "there" => assert!(keys.contains(&2), "{what}: {keys:?}"),
                _ => (),
            }
        }
    }
    println!("{met:?}");
    assert!(met.keys().any(|(failed, _)| *failed == Operation::Sync), "{met:?}");
    assert!(met.keys().any(|(failed, _)| *failed == Operation::Write), "{met:?}");
    assert!(met.keys().any(|(failed, _)| *failed == Operation::SetLen), "{met:?}");
}

#[test]
fn an_engine_on_a_full_disk_reads_and_writes_again_once_there_is_room() {
    let (disk, engine) = begin();
    disk.set_full(true);
    let mut n_failures = 0;
    for key in 2..40 {
        if put(&engine, key, &vec![0; 900_000]).is_err() {
            n_failures += 1;
            assert!(keys_of(&engine).unwrap().contains(&1), "it can be read meanwhile");
        }
    }
    assert!(n_failures > 3, "{n_failures} failures");
    disk.set_full(false);
    put(&engine, 50, &vec![0; 900_000]).unwrap();
    assert!(keys_of(&engine).unwrap().contains(&50));
}

#[test]
fn a_panic_of_a_visitor_is_the_visitors() {
    let (_disk, engine) = begin();
    let snapshot = engine.snapshot().unwrap();
    let key = 1_u64.to_be_bytes();
    let panics: [&dyn Fn(); 5] = [
        &|| drop(snapshot.get(SPACE, &key, &mut |_| panic!("mine"))),
        &|| drop(snapshot.multi_get(&[(SPACE, &key), (SPACE, &key)], &mut |_, _| panic!("mine"))),
        &|| drop(snapshot.scan(SPACE, Scan::ALL, &mut |_, _| panic!("mine"))),
        &|| drop(snapshot.multi_scan(&[(SPACE, Scan::ALL)], &mut |_, _, _| panic!("mine"))),
        &|| drop(engine.write(&mut |_| panic!("mine"))),
    ];
    for panics in panics {
        let panic = catch_unwind(AssertUnwindSafe(panics)).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"mine"));
        assert_eq!(keys(&*snapshot).unwrap(), [1]);
    }
    put(&engine, 2, b"two").unwrap();
    assert_eq!(keys_of(&engine).unwrap(), [1, 2]);
}

#[test]
fn a_panic_of_redb_makes_the_engine_answer_damaged_from_then_on() {
    let (_disk, engine) = begin();
    let snapshot = engine.snapshot().unwrap();
    let caught = engine.health.guard(|| -> Result<(), EngineError> { panic!("of redb") });
    assert!(matches!(caught, Err(EngineError::Damaged(_))), "{caught:?}");
    let answers = [
        keys(&*snapshot).map(drop),
        keys_of(&engine).map(drop),
        put(&engine, 2, b"two"),
        engine.ensure_spaces(&[SPACE]),
        engine.keep_spaces(&[SPACE]),
        engine.compact().map(drop),
    ];
    for answer in answers {
        assert!(matches!(answer, Err(EngineError::Damaged(_))), "{answer:?}");
    }
}

#[test]
fn compacting_gives_pages_back_unless_someone_reads_or_writes() {
    let (disk, engine) = begin();
    let session = engine.snapshot().unwrap();
    for _ in 0..60 {
        put(&engine, 2, &vec![2; 100_000]).unwrap();
    }
    let grown = disk.bytes().len();
    let refused = engine.compact();
    assert!(matches!(refused, Err(EngineError::Unavailable(_))), "{refused:?}");
    drop(session);
    let _ = engine.write(&mut |_| {
        let refused = engine.compact();
        assert!(matches!(refused, Err(EngineError::Unavailable(_))), "{refused:?}");
        Ok(Buffer::default())
    });
    assert!(engine.compact().unwrap());
    assert!(disk.bytes().len() < grown / 2, "{} of {grown}", disk.bytes().len());
    assert_eq!(keys_of(&engine).unwrap(), [1, 2]);
    put(&engine, 3, b"three").unwrap();
}

#[test]
fn a_file_is_opened_again_in_place_and_stays_locked_meanwhile() {
    let name = |what: &str| env::temp_dir().join(format!("sobject-{}-{what}.redb", process::id()));
    let (path, moved) = (name("born"), name("moved"));
    let (engine, birth) = RedbEngine::make(&path, FileOptions::default()).unwrap();
    engine.ensure_spaces(&[SPACE]).unwrap();
    put(&engine, 1, b"one").unwrap();
    assert!(birth.finish().unwrap());
    let session = engine.snapshot().unwrap();
    engine.health.set_lost(true);
    put(&engine, 2, b"two").unwrap();
    let told = session.scan(SPACE, Scan::ALL, &mut |_, _| ControlFlow::Continue(()));
    if let Err(error) = told {
        assert!(matches!(error, EngineError::Unavailable(_)), "{error:?}");
    }
    assert_eq!(keys_of(&engine).unwrap(), [1, 2]);
    let other = RedbEngine::open(&path, SPACE, FileOptions::default());
    assert!(matches!(other, Err(EngineError::Unavailable(_))), "{other:?}");
    // It is the file that is opened again, not what stands at its path.
    fs::rename(&path, &moved).unwrap();
    engine.health.set_lost(true);
    assert_eq!(keys_of(&engine).unwrap(), [1, 2]);
    put(&engine, 3, b"three").unwrap();
    drop((session, engine));
    assert!(RedbEngine::open(&path, SPACE, FileOptions::default()).unwrap().is_none());
    let engine =
        RedbEngine::open(&moved, SPACE, FileOptions { check: true, ..FileOptions::default() })
            .unwrap()
            .unwrap();
    assert_eq!(keys_of(&engine).unwrap(), [1, 2, 3]);
    drop(engine);
    fs::remove_file(&moved).unwrap();
}

/// A folder for the files of one test.
struct Folder(PathBuf);

impl Folder {
    fn new(what: &str) -> Self {
        let path = env::temp_dir().join(format!("sobject-{}-{what}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// The path of a file in it.
    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// What is in it, in order.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> =
            entries.map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn make(path: &Path) -> (RedbEngine, Birth) {
    let (engine, birth) = RedbEngine::make(path, FileOptions::default()).unwrap();
    engine.ensure_spaces(&[SPACE]).unwrap();
    put(&engine, 1, b"one").unwrap();
    (engine, birth)
}

/// What file systems without second names answer to a link.
fn no_links(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

#[test]
fn a_file_is_born_where_no_file_can_have_two_names() {
    let folder = Folder::new("no-links");
    let path = folder.file("desk.redb");
    let (engine, birth) = make(&path);
    assert!(birth.finish_by(no_links).unwrap());
    assert_eq!(folder.names(), ["desk.redb"]);
    // It is the file that is written.
    put(&engine, 2, b"two").unwrap();
    drop(engine);
    let open = || RedbEngine::open(&path, SPACE, FileOptions::default()).unwrap().unwrap();
    assert_eq!(keys_of(&open()).unwrap(), [1, 2]);

    // Another that is born meanwhile does not replace it.
    let (engine, birth) = make(&path);
    assert!(!birth.finish_by(no_links).unwrap());
    drop(engine);
    assert_eq!(folder.names(), ["desk.redb"]);
    assert_eq!(keys_of(&open()).unwrap(), [1, 2]);
}

#[test]
fn a_birth_that_cannot_be_finished_leaves_no_file() {
    let folder = Folder::new("cut-off");
    let path = folder.file("desk.redb");
    let (engine, birth) = make(&path);
    let answer = birth.finish_by(|_, _| Err(ErrorKind::StorageFull.into()));
    assert!(matches!(answer, Err(EngineError::Unavailable(_))), "{answer:?}");
    drop(engine);
    assert!(folder.names().is_empty(), "{:?}", folder.names());

    // The name is taken, and then the file cannot be moved to it.
    let (engine, birth) = make(&path);
    let made = folder.file(&folder.names()[0]);
    let answer = birth.finish_by(|new, path| {
        fs::remove_file(new)?;
        no_links(new, path)
    });
    assert!(matches!(answer, Err(EngineError::Unavailable(_))), "{answer:?}");
    drop(engine);
    assert!(!made.exists() && folder.names().is_empty(), "{:?}", folder.names());
}

#[test]
fn a_birth_removes_what_killed_ones_left_and_nothing_else() {
    let folder = Folder::new("leftovers");
    let path = folder.file("desk.redb");
    let gone = ["desk.redb.1-0.new", "desk.redb.4711-12.new"];
    let kept = [
        "desk.redb.-0.new",
        "desk.redb.1-0.new.old",
        "desk.redb.1.new",
        "desk.redb.a-0.new",
        "other.redb.1-0.new",
    ];
    for name in gone.into_iter().chain(kept) {
        fs::write(folder.file(name), b"what was written so far").unwrap();
    }
    fs::create_dir(folder.file("desk.redb.2-0.new")).unwrap();
    // One that is under way is no leftover.
    let (first, first_birth) = make(&path);
    let under_way: Vec<_> =
        folder.names().into_iter().filter(|name| !kept.contains(&&**name)).collect();
    assert_eq!(under_way.len(), 2, "a folder and a file that is being made: {under_way:?}");
    let (second, second_birth) = make(&path);
    for name in &under_way {
        assert!(folder.file(name).exists(), "{name}");
    }
    assert!(first_birth.finish().unwrap());
    assert!(!second_birth.finish().unwrap());
    put(&first, 2, b"two").unwrap();
    drop((first, second));
    let expected = ["desk.redb"].into_iter().chain(kept).chain(["desk.redb.2-0.new"]);
    let mut expected: Vec<_> = expected.collect();
    expected.sort_unstable();
    assert_eq!(folder.names(), expected);
}

#[test]
fn many_births_at_one_path_do_not_take_each_others_files() {
    let folder = Folder::new("many");
    let path = folder.file("desk.redb");
    let finished: Vec<_> = thread::scope(|scope| {
        let born = |_| scope.spawn(|| (0..12).filter(|_| make(&path).1.finish().unwrap()).count());
        let threads: Vec<_> = (0..4).map(born).collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(finished.iter().sum::<usize>(), 1);
    assert_eq!(folder.names(), ["desk.redb"]);
}
