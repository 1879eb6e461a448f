//! Storage that fails in each place in turn, that fills up, and visitors that panic.

use std::{
    collections::BTreeMap,
    env, fs,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    process,
};

use super::{
    FileOptions, RedbEngine,
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
