//! Engines that meet conflicts, lose the answer to a commit, and run what a write does twice.

mod budget;

use std::path::Path;

use serde_json::{Value as Json, json};
use sobject_core::{
    Definition, Error, FieldDefinition, FieldType, ManualClock, RecordId, Result, StatusCode,
    StorageErrorKind, Store, Target, testing::Rig,
};

use crate::desk::{MORNING, at, map, verify};

const NOTE: &Definition = &Definition::new("Note__c").key_prefix("a0N").fields(&[
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

/// A store of notes in a file, on an engine that obeys `rig`.
fn open(rig: &Rig, path: &Path) -> Store {
    let clock = ManualClock::at(at(MORNING));
    Store::builder().clock(clock).on_rig(rig).open(path, &[NOTE]).unwrap()
}

fn create(store: &Store, code: &str) -> Result<RecordId> {
    store.system().object("Note__c")?.create(&map(&json!({ "Code__c": code })))
}

/// A note of an instance that no store here makes, whose id does not pack if `wide`.
fn foreign(instance: &str, n: u32, wide: bool) -> Json {
    let number = if wide { format!("zzzzz{n:04}") } else { format!("00000{n:04}") };
    json!({
        "Id": format!("a0N{instance}{number}"), "Name": format!("{instance}-{n}"), "IsDeleted": false,
        "CreatedDate": "2020-01-01T00:00:00Z", "CreatedById": format!("005{instance}000000001"),
        "LastModifiedDate": "2020-01-01T00:00:00Z",
        "LastModifiedById": format!("005{instance}000000001"),
        "SystemModstamp": "2020-01-01T00:00:00Z", "LastViewedDate": "2020-01-01T00:00:00Z",
    })
}

/// What a failed call says of the storage.
fn kind<T: std::fmt::Debug>(result: Result<T>) -> StorageErrorKind {
    match result {
        Err(Error::Storage(error)) => error.kind(),
        other => panic!("{other:?}"),
    }
}

/// How many notes there are.
fn count(store: &Store) -> u64 {
    store.system().object("Note__c").unwrap().count().unwrap()
}

/// Calls of every kind that write; how many notes there are after them.
fn work(store: &Store, round: u32) -> u64 {
    let before = count(store);
    let notes = store.system().object("Note__c").unwrap();
    let code = |name: &str| map(&json!({ "Code__c": format!("{name} {round}") }));
    let made = notes.create_many(&[code("a"), code("b"), code("a"), code("c")]).unwrap();
    let ids: Vec<_> = made.iter().flatten().copied().collect();
    assert_eq!(ids.len(), 3, "one has the code of another");
    notes.update(ids[0], &map(&json!({ "About__c": ids[1] }))).unwrap();
    notes.delete(ids[2]).unwrap();
    notes.undelete(ids[2]).unwrap();
    let of_two = store.system().transaction(|tx| {
        let mut notes = tx.object("Note__c")?;
        let id = notes.create(&code("d"))?;
        assert_eq!(notes.create(&code("d")).unwrap_err().status_code(), StatusCode::DuplicateValue);
        notes.update(id, &map(&json!({ "About__c": id })))?;
        notes.delete(ids[2])?;
        Ok::<_, Error>(id)
    });
    assert!(!ids.contains(&of_two.unwrap()), "ids are given once");
    for wide in [false, true] {
        for n in [round, round + 1_000] {
            let note = foreign(&format!("q{:02}", round % 7), n, wide);
            store.replica().put("Note__c", &map(&note)).unwrap();
        }
    }
    before + 3 - 1 + 1 + 4
}

#[test]
fn an_engine_may_run_what_a_write_does_twice() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.redb");
    let rig = Rig::default();
    let store = open(&rig, &path);
    rig.run_twice(true);
    let mut n = 0;
    for round in 0..10 {
        n = work(&store, round);
    }
    assert_eq!(count(&store), n);
    verify(&store);
    drop(store);
    // What a store remembers beside the file may hide what the file lacks.
    let store = open(&Rig::default(), &path);
    assert_eq!(count(&store), n);
    verify(&store);
    assert_eq!(count(&store), n);
    work(&store, 11);
    verify(&store);
}

#[test]
fn a_write_that_meets_a_conflict_is_run_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.redb");
    let rig = Rig::default();
    let store = open(&rig, &path);
    rig.end_at_random(1, 40, 0);
    rig.count_anew();
    let mut n = 0;
    for round in 0..10 {
        n = work(&store, round);
    }
    let written = rig.counts().write;
    assert!(written > 90, "{written} writes, of which some were run again");
    assert_eq!(count(&store), n);
    verify(&store);
    drop(store);
    let store = open(&Rig::default(), &path);
    assert_eq!(count(&store), n);
    verify(&store);
}

#[test]
fn a_conflict_that_does_not_end_is_the_callers() {
    let rig = Rig::default();
    let store = Store::builder().on_rig(&rig).in_memory(&[NOTE]).unwrap();
    rig.end_at_random(1, 100, 0);
    rig.count_anew();
    assert_eq!(kind(create(&store, "a")), StorageErrorKind::Conflict);
    let written = rig.counts().write;
    assert!((5..=20).contains(&written), "{written} writes");
    assert_eq!(count(&store), 0);
    rig.end_well();
    create(&store, "a").unwrap();
    verify(&store);
}

#[test]
fn a_commit_whose_answer_is_lost_is_not_run_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.redb");
    let rig = Rig::default();
    let store = open(&rig, &path);
    let (mut n_there, mut n_gone) = (0, 0);
    let mut lose = |act: &dyn Fn() -> Result<RecordId>| {
        let before = count(&store);
        rig.end_at_random(n_there + n_gone, 0, 100);
        rig.count_anew();
        let lost = act();
        assert_eq!(rig.counts().write, 1);
        rig.end_well();
        assert_eq!(kind(lost), StorageErrorKind::CommitUnknown);
        // The caller looks, and writes what is not there.
        if count(&store) == before {
            n_gone += 1;
            act().unwrap();
        } else {
            n_there += 1;
        }
        assert_eq!(count(&store), before + 1);
        verify(&store);
    };
    for n in 0..20 {
        lose(&|| create(&store, &format!("code {n}")));
        for (instance, wide) in [("r", false), ("s", true)] {
            let note = map(&foreign(&format!("{instance}{n:02}"), n, wide));
            lose(&|| store.replica().put("Note__c", &note));
        }
    }
    assert!(n_there > 10 && n_gone > 10, "{n_there} were there, {n_gone} were not");
    work(&store, 30);
    let n = count(&store);
    drop(store);
    let store = open(&Rig::default(), &path);
    assert_eq!(count(&store), n);
    verify(&store);
}

#[test]
fn a_call_is_some_calls_of_the_engine() {
    let rig = Rig::default();
    let store = Store::builder().on_rig(&rig).in_memory(&[NOTE]).unwrap();
    let id = create(&store, "a").unwrap();
    rig.count_anew();
    store.system().object("Note__c").unwrap().get(id).unwrap();
    let counts = rig.counts();
    assert_eq!((counts.snapshot, counts.write), (1, 0), "{counts:?}");
    assert!((1..=4).contains(&counts.reads()), "{counts:?}");
    rig.count_anew();
    assert_eq!(count(&store), 1);
    let counts = rig.counts();
    assert_eq!((counts.len, counts.reads()), (1, 1), "{counts:?}");
}

#[test]
fn a_store_need_not_know_the_number_of_a_state() {
    let rig = Rig::default();
    rig.hide_state(true);
    let store = Store::builder().on_rig(&rig).in_memory(&[NOTE]).unwrap();
    for round in 0..3 {
        let n = work(&store, round);
        assert_eq!(count(&store), n);
    }
    verify(&store);
}
