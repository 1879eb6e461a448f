//! Tests with a storage that fails once, in each place where it can fail in turn. The call that it
//! fails in must leave nothing behind, and later calls must go on as if nothing had happened.

use std::{collections::BTreeMap, ops::ControlFlow};

use serde_json::{Value as Json, json};

use super::Store;
use crate::{
    Caller, Definition, Error, FieldDefinition, FieldType, JsonRecord, ManualClock, RecordId,
    Result, StorageErrorKind, Target,
    bytes::entry_id,
    engine::{Disk, Operation, RedbEngine, Scan},
    store::{Ids, LEASES, OWN_SPACES},
    testing::Rig,
};

pub(super) const NOTE: &Definition = &Definition::new("Note__c").key_prefix("a0N").fields(&[
    FieldDefinition::new("Name", FieldType::String).autonumber("N-{000}").name_field(),
    FieldDefinition::new("Code__c", FieldType::String).create().update().nillable().unique(),
    FieldDefinition::new("About__c", FieldType::Reference)
        .references(&[Target::new("Note__c", "a0N")])
        .create()
        .update()
        .nillable(),
    FieldDefinition::new("LastViewedDate", FieldType::DateTime).nillable().per_caller(),
    FieldDefinition::new("LastReferencedDate", FieldType::DateTime).nillable().per_caller(),
]);

/// A store of notes on an engine that obeys this rig.
fn store(rig: &Rig) -> Result<Store> {
    let clock = ManualClock::at("2026-03-01T08:00:00Z".parse().unwrap());
    Store::builder().clock(clock).on_rig(rig).in_memory(&[NOTE])
}

/// A store of notes on a disk, which is made if there is nothing on it.
pub(super) fn on_disk(disk: &Disk, check: bool) -> Result<Store> {
    let builder = Store::builder();
    let opened = builder.opened(RedbEngine::on_disk(disk, check)?, &[NOTE])?;
    Ok(builder.store(opened))
}

/// Every entry of every space but the leases, because numbers that a failed call drew are not given
/// back.
fn contents(store: &Store) -> BTreeMap<(u16, Vec<u8>), Vec<u8>> {
    let inner = &store.inner;
    let snapshot = inner.engine.snapshot().unwrap();
    let spaces = inner
        .schema
        .tables
        .iter()
        .flat_map(|table| table.spaces())
        .chain(OWN_SPACES)
        .filter(|space| *space != LEASES);
    let mut contents = BTreeMap::new();
    for space in spaces {
        let mut visit = |key: &[u8], value: &[u8]| {
            contents.insert((space.id, key.to_vec()), value.to_vec());
            ControlFlow::Continue(())
        };
        snapshot.scan(space, Scan::ALL, &mut visit).unwrap();
    }
    contents
}

pub(super) fn map(json: &Json) -> JsonRecord {
    json.as_object().unwrap().clone()
}

/// The ids of the notes, live and deleted, in order.
fn notes(store: &Store) -> Vec<RecordId> {
    let inner = &store.inner;
    let table = inner.schema.table(inner.schema.catalogue.find("Note__c").unwrap()).unwrap();
    let snapshot = inner.engine.snapshot().unwrap();
    let ids = Ids::load(&*snapshot).unwrap();
    let mut notes = Vec::new();
    for space in [table.live, table.bin] {
        let mut visit = |key: &[u8], _: &[u8]| {
            notes.push(ids.unpack_known(entry_id(key).unwrap()));
            ControlFlow::Continue(())
        };
        snapshot.scan(space, Scan::ALL, &mut visit).unwrap();
    }
    let mut notes: Vec<_> = notes.into_iter().flatten().collect();
    notes.sort_unstable();
    notes
}

/// Whether a call writes, and the call itself, which is given the ids of the notes that there are.
type Step = (bool, fn(&Store, &[RecordId]) -> Result<()>);

/// Calls of every kind. Each succeeds if those before it were made.
const STEPS: &[Step] = &[
    (true, |store, _| {
        let notes = [json!({ "Code__c": "a" }), json!({ "Code__c": "b" }), json!({})];
        let notes: Vec<_> = notes.iter().map(map).collect();
        let made = store.system().object("Note__c")?.create_many(&notes)?;
        made.into_iter().try_for_each(|result| result.map(drop))
    }),
    (true, |store, ids| {
        let about = json!({ "About__c": ids[0], "Code__c": "c" });
        store.system().object("Note__c")?.update(ids[2], &map(&about))
    }),
    (true, |store, ids| store.system().object("Note__c")?.delete(ids[1])),
    (true, |store, ids| store.system().object("Note__c")?.undelete(ids[1])),
    (true, |store, ids| {
        store.system().transaction(|tx| {
            let mut notes = tx.object("Note__c")?;
            let id = notes.create(&map(&json!({ "Code__c": "d" })))?;
            notes.update(id, &map(&json!({ "About__c": id })))?;
            notes.delete(ids[2])
        })
    }),
    (true, |store, _| {
        // A note with ids of another org, whose numbers are too large to be packed into 48 bits.
        let note = json!({
            "Id": "a0Nzz1zzzzzzzzz", "Name": "N-900", "Code__c": "e",
            "CreatedDate": "2020-01-01T00:00:00Z", "CreatedById": "005zz1zzzzzzzzz",
            "LastModifiedDate": "2020-01-01T00:00:00Z", "LastModifiedById": "005zz1zzzzzzzzz",
            "SystemModstamp": "2020-01-01T00:00:00Z", "About__c": "a0Nzz1zzzzzzzzy",
            "LastViewedDate": "2020-01-01T00:00:00Z",
        });
        store.replica().put("Note__c", &map(&note)).map(drop)
    }),
    (false, |store, ids| {
        let notes = store.connect(Caller::system()).object("Note__c")?;
        notes.retrieve(&["Name", "LastViewedDate"], &[ids[0], ids[1]]).map(drop)
    }),
    (false, |store, ids| store.system().object("Note__c")?.get(ids[0]).map(drop)),
    (false, |store, _| store.verify().map(drop)),
];

#[test]
fn a_storage_that_fails_anywhere_leaves_a_call_done_or_not_begun() {
    let mut n_failures = 0;
    for (place, (writes, step)) in STEPS.iter().enumerate() {
        for calls in 0.. {
            let rig = Rig::default();
            let store = store(&rig).unwrap();
            for (_, earlier) in &STEPS[..place] {
                earlier(&store, &notes(&store)).unwrap();
            }
            let ids = notes(&store);
            let before = contents(&store);
            rig.fail_after(calls);
            let result = step(&store, &ids);
            if !rig.stop_failing() {
                result.unwrap();
                assert_eq!(contents(&store) != before, *writes, "step {place}");
                break;
            }
            n_failures += 1;
            let what = format!("step {place} with a failure after {calls} calls");
            assert!(matches!(result, Err(Error::Storage(_))), "{what}: {result:?}");
            assert!(contents(&store) == before, "{what}: something was written");
            for (_, step) in &STEPS[place..] {
                let gone_on = step(&store, &notes(&store));
                gone_on.unwrap_or_else(|error| panic!("{what}, then: {error}"));
            }
        }
    }
    assert!(n_failures > 50, "{n_failures} failures");
}

#[test]
fn a_storage_that_fails_while_a_store_is_made_says_so() {
    for calls in 0.. {
        let rig = Rig::default();
        rig.fail_after(calls);
        let opened = store(&rig);
        if !rig.stop_failing() {
            opened.unwrap().verify().unwrap();
            assert!(calls > 5, "{calls} calls");
            break;
        }
        assert!(matches!(opened, Err(Error::Storage(_))), "after {calls} calls: {opened:?}");
    }
}

#[test]
fn a_store_whose_disk_was_full_goes_on_once_there_is_room() {
    let disk = Disk::default();
    let store = on_disk(&disk, false).unwrap();
    let notes = store.system().object("Note__c").unwrap();
    let note = |code: String| map(&json!({ "Code__c": code }));
    let first = notes.create(&note("first".to_owned())).unwrap();
    let session = store.system().session().unwrap();
    disk.set_full(true);
    let (mut known, mut n_failures) = (vec![first], 0);
    for n in 0..400 {
        let many: Vec<_> = (0..100).map(|m| note(format!("{n} {m}"))).collect();
        match notes.create_many(&many) {
            Ok(made) => known.extend(made.into_iter().map(Result::unwrap)),
            Err(Error::Storage(error)) => {
                n_failures += 1;
                assert_eq!(error.kind(), StorageErrorKind::Unavailable, "{error}");
                // It can be read meanwhile.
                notes.get(first).unwrap();
            }
            Err(other) => panic!("{other}"),
        }
        if n_failures == 3 {
            break;
        }
    }
    assert_eq!(n_failures, 3, "the disk was full");
    disk.set_full(false);
    known.push(notes.create(&note("there is room".to_owned())).unwrap());
    assert_eq!(notes.count().unwrap(), known.len() as u64);
    store.verify().unwrap();
    drop(session);
    store.compact().unwrap();
    drop((notes, store));
    let store = on_disk(&disk, true).unwrap();
    known.sort_unstable();
    assert!(self::notes(&store) == known, "what was acknowledged is there, and nothing else");
    store.verify().unwrap();
}

#[test]
fn after_a_failed_sync_the_caller_finds_out_in_the_file_and_writes_nothing_twice() {
    let (mut n_there, mut n_gone) = (0, 0);
    for operations in 0.. {
        let disk = Disk::default();
        let store = on_disk(&disk, false).unwrap();
        let notes = store.system().object("Note__c").unwrap();
        let first = notes.create(&map(&json!({ "Code__c": "first" }))).unwrap();
        let attempt = map(&json!({ "Code__c": "attempt" }));
        disk.fail_after(operations);
        let result = notes.create(&attempt);
        let failed = disk.stop_failing();
        let Some(failed) = failed else {
            result.unwrap();
            break;
        };
        let Err(Error::Storage(error)) = result else { panic!("{failed:?}: {result:?}") };
        if failed != Operation::Sync {
            continue;
        }
        assert_eq!(error.kind(), StorageErrorKind::CommitUnknown, "{error}");
        // Until the file is opened anew, only what was acknowledged is read, whatever the file has.
        assert_eq!(notes.count().unwrap(), 1);
        for refused in [notes.create(&attempt).map(drop), notes.delete(first)] {
            let Err(Error::Storage(error)) = refused else { panic!("{refused:?}") };
            assert_eq!(error.kind(), StorageErrorKind::Unavailable, "{error}");
            assert!(error.to_string().contains("open its file anew"), "{error}");
        }
        drop((notes, store));
        let store = on_disk(&disk, false).unwrap();
        let notes = store.system().object("Note__c").unwrap();
        match notes.create(&attempt) {
            Ok(_) => n_gone += 1,
            Err(Error::Duplicate { holder, .. }) => {
                assert_eq!(notes.get(holder).unwrap()["Code__c"], "attempt");
                n_there += 1;
            }
            Err(other) => panic!("{other}"),
        }
        assert_eq!(notes.count().unwrap(), 2);
        store.verify().unwrap();
    }
    println!("{n_there} were there, {n_gone} were not");
    assert!(n_there > 0, "no write is there whose sync failed");
}
