//! The numbers of records and of auto-number fields: they are unique, and ascend whatever happens.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sobject_core::{Error, Id, Result, Store, chrono::TimeDelta};

use crate::desk::{Desk, LiveAgentSession, OBJECTS, SampleCreate, verify};

/// The record number of a session, which is the number in its name as well.
fn number(desk: &Desk, id: Id<LiveAgentSession>) -> u64 {
    let session = desk.get(id);
    let number = id.record_id().number();
    assert_eq!(session.name, format!("{number:08}"));
    number
}

/// Creates a session, and returns its number.
fn next(desk: &Desk) -> u64 {
    number(desk, desk.db.create(desk.session()).unwrap())
}

#[test]
fn numbers_ascend_without_gaps_while_the_store_is_open() {
    let desk = Desk::new();
    let mut numbers = vec![next(&desk)];
    for _ in 0..3 {
        let results = desk.db.create_many(&vec![desk.session(); 150]).unwrap();
        numbers.extend(results.into_iter().map(|id| number(&desk, id.unwrap())));
    }
    numbers.push(next(&desk));
    assert_eq!(numbers, (1..=452).collect::<Vec<_>>());
    desk.verify();
}

#[test]
fn a_number_is_not_given_twice_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.redb");
    let desk = Desk::with(|builder| builder.open(&path, OBJECTS));
    let mut last = next(&desk);
    let session = desk.session();
    drop(desk);
    for n_records in [1, 3, 200, 199, 201] {
        let store = Store::open(&path, OBJECTS).unwrap();
        let db = store.system();
        for _ in 0..n_records {
            let record = db.get(db.create(&session).unwrap()).unwrap();
            let number = record.id.record_id().number();
            assert!(number > last, "{number} comes after {last}");
            assert_eq!(record.name, format!("{number:08}"));
            last = number;
        }
        verify(&store);
    }
}

#[test]
fn a_deleted_record_keeps_its_number_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.redb");
    let desk = Desk::with(|builder| builder.open(&path, OBJECTS));
    let (gone, session) = (desk.db.create(desk.session()).unwrap(), desk.session());
    desk.db.delete(gone).unwrap();
    let clock = desk.clock.clone();
    drop(desk);
    let store = Store::builder().clock(clock).open(&path, OBJECTS).unwrap();
    let db = store.system();
    let new = db.create(&session).unwrap();
    assert!(new > gone);
    db.undelete(gone).unwrap();
    assert_ne!(db.get(gone).unwrap().name, db.get(new).unwrap().name);
    verify(&store);
}

#[test]
fn what_is_taken_back_burns_its_numbers() {
    let desk = Desk::new();
    assert_eq!(next(&desk), 1);
    // An all-or-none call of two records: the first is taken back because the second is refused.
    let bad = crate::desk::LiveAgentSessionCreate { time_idle: Some(i32::MAX), ..desk.session() };
    let results = desk.db.all_or_none().create_many(&[desk.session(), bad]).unwrap();
    assert!(results.iter().all(Result::is_err));
    assert_eq!(next(&desk), 3);
    // A transaction that ends with an error.
    desk.db
        .transaction(|tx| -> Result<()> {
            tx.create(desk.session())?;
            Err(Error::NestedWrite)
        })
        .unwrap_err();
    assert_eq!(next(&desk), 5);
    // And one that panics.
    let end = catch_unwind(AssertUnwindSafe(|| {
        desk.db.transaction(|tx| -> Result<()> {
            tx.create(desk.session())?;
            std::panic::resume_unwind(Box::new(()))
        })
    }));
    assert!(end.is_err());
    assert_eq!(next(&desk), 7);
    desk.verify();
}

#[test]
fn numbers_that_were_taken_back_are_burnt_for_the_file_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.redb");
    let desk = Desk::with(|builder| builder.open(&path, OBJECTS));
    let mut taken_back = None;
    desk.db
        .transaction(|tx| -> Result<()> {
            taken_back = Some(tx.create(desk.session())?);
            Err(Error::NestedWrite)
        })
        .unwrap_err();
    let session = desk.session();
    drop(desk);
    let store = Store::open(&path, OBJECTS).unwrap();
    let id = store.system().create(&session).unwrap();
    assert!(Some(id) > taken_back, "{id} was the id of a record that was taken back");
    verify(&store);
}

#[test]
fn a_block_that_runs_out_in_a_call_that_is_taken_back_is_leased_again() {
    let desk = Desk::new();
    let results = desk.db.create_many(&vec![desk.session(); 199]).unwrap();
    assert!(results.iter().all(Result::is_ok));
    // Numbers 200 to 202 cross the end of the first block, in a transaction that fails.
    desk.db
        .transaction(|tx| -> Result<()> {
            for _ in 0..3 {
                tx.create(desk.session())?;
            }
            Err(Error::NestedWrite)
        })
        .unwrap_err();
    desk.verify();
    assert_eq!(next(&desk), 203);
    desk.verify();
}

#[test]
fn every_auto_number_field_counts_for_itself() {
    let desk = Desk::new();
    desk.clock.advance(TimeDelta::days(365));
    assert_eq!((next(&desk), next(&desk)), (1, 2));
    let long = SampleCreate { text: "far too long".into(), ..desk.sample() };
    desk.db.create(long).unwrap_err();
    let sample = desk.get(desk.db.create(desk.sample()).unwrap());
    assert_eq!(sample.name, "S-2027-001");
    assert_eq!(next(&desk), 3);
    desk.verify();
}
