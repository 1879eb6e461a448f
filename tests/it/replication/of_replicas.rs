//! Windows of stores that hold records of a replica: what counts are the stamps of the source. Random
//! work here and at a source, compared with a walk over all records.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use sobject_core::{
    Clock, Id, JsonRecord, KeyPrefix, ManualClock, RecordId, Soql, Store, Untyped,
    chrono::{DateTime, TimeDelta, Utc},
};

use super::{may, minutes};
use crate::desk::{OBJECTS, map, verify};

/// The records of parts, live and deleted, with their stamps.
fn stamps(parts: &Untyped, store: &Store) -> Vec<(DateTime<Utc>, RecordId, bool)> {
    let query = Soql::new("SELECT Id, SystemModstamp, IsDeleted FROM Part").all_rows();
    let rows = store.system().soql_rows(query).expect("the query runs");
    let of = |row: JsonRecord| {
        let text = |key: &str| row[key].as_str().expect("a text").to_owned();
        let stamp = text("SystemModstamp").replace("+0000", "Z").parse().expect("a moment");
        (stamp, text("Id").parse().expect("an id"), row["IsDeleted"] == true)
    };
    let mut stamps: Vec<_> = rows.map(|row| of(row.expect("a row"))).collect();
    stamps.sort();
    assert_eq!(parts.count().expect("a count"), stamps.iter().filter(|it| !it.2).count() as u64);
    stamps
}

/// What is done to a store.
#[derive(Clone, Debug)]
enum Step {
    Create,
    Update(usize),
    Delete(usize),
    Undelete(usize),
    /// A replica puts one of a few records, stamped so many minutes after eight, live or deleted.
    Put(u64, i64, bool),
    /// Time goes by, in seconds.
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Create),
        2 => (0..20_usize).prop_map(Step::Update),
        1 => (0..20_usize).prop_map(Step::Delete),
        1 => (0..20_usize).prop_map(Step::Undelete),
        4 => (1..6_u64, 0..180_i64, any::<bool>()).prop_map(|(n, at, gone)| Step::Put(n, at, gone)),
        2 => (1..900_i64).prop_map(Step::Wait),
    ]
}

fn put(store: &Store, n: u64, at: i64, is_deleted: bool) {
    let stamp = (may("08:00:00") + minutes(at)).to_rfc3339();
    let system = RecordId::from_parts(KeyPrefix::new("005").unwrap(), *b"xx0", 0).unwrap();
    let id = RecordId::from_parts(KeyPrefix::new("a0P").unwrap(), *b"Hs0", n).unwrap();
    let record: Json = json!({
        "Id": id.to_string(), "Name": format!("{n} at {at}"), "IsDeleted": is_deleted,
        "CreatedDate": "2026-04-01T00:00:00Z", "CreatedById": system.to_string(),
        "LastModifiedDate": stamp, "LastModifiedById": system.to_string(), "SystemModstamp": stamp,
    });
    store.replica().put("Part", &map(&record)).expect("the record is put");
}

/// Compares the answers to some windows with what a walk finds.
fn compare(store: &Store, now: DateTime<Utc>) {
    let parts = store.system().object("Part").expect("parts are there");
    let stamps = stamps(&parts, store);
    for (from, length) in [(0, 600), (30, 2), (60, 45), (100, 80), (179, 400)] {
        let from = may("08:00:00") + minutes(from);
        let to = from + minutes(length);
        let within = |is_deleted: bool| {
            let found = stamps.iter().filter(|it| it.2 == is_deleted && from <= it.0 && it.0 <= to);
            found.map(|it| (it.0, it.1)).collect::<Vec<_>>()
        };
        let updated = parts.get_updated(from..to).expect("an answer");
        let expected: Vec<_> = within(false).into_iter().map(|it| it.1).collect();
        assert_eq!(updated.ids, expected, "{from} to {to}");
        assert_eq!(updated.latest_date_covered, to.min(now));
        let deleted = parts.get_deleted(from..to).expect("an answer").deleted_records;
        let deleted: Vec<_> = deleted.into_iter().map(|it| (it.deleted_date, it.id)).collect();
        assert_eq!(deleted, within(true), "{from} to {to}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn windows_tell_what_a_walk_over_all_records_finds(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let clock = ManualClock::at(may("09:00:00"));
        let store = Store::builder().clock(clock.clone()).in_memory(OBJECTS).unwrap();
        let db = store.system();
        let parts = db.object("Part").unwrap();
        let mut made: Vec<RecordId> = Vec::new();
        for step in steps {
            let of = |n: usize| (!made.is_empty()).then(|| made[n % made.len()]);
            match step {
                Step::Create => made.push(parts.create(&json!({ "Name": "made here" })).unwrap()),
                // Some of these are refused, being deleted or live already.
                Step::Update(n) => drop(of(n).map(|id| parts.update(id, &json!({ "Name": "new" })))),
                Step::Delete(n) => drop(of(n).map(|id| parts.delete(id))),
                Step::Undelete(n) => drop(of(n).map(|id| parts.undelete(id))),
                Step::Put(n, at, is_deleted) => put(&store, n, at, is_deleted),
                Step::Wait(seconds) => clock.advance(TimeDelta::seconds(seconds)),
            }
        }
        compare(&store, clock.now());
        verify(&store);
    }
}

#[test]
fn what_a_replica_put_is_told_by_the_stamps_of_its_source() {
    let clock = ManualClock::at(may("20:00:00"));
    let store = Store::builder().clock(clock.clone()).in_memory(OBJECTS).unwrap();
    put(&store, 1, 10, false);
    put(&store, 2, 20, true);
    // The first changes once more at its source, and a user changes the third here.
    put(&store, 1, 40, false);
    put(&store, 3, 15, false);
    let id = |n| RecordId::from_parts(KeyPrefix::new("a0P").unwrap(), *b"Hs0", n).unwrap();
    let parts = store.system().object("Part").unwrap();
    parts.update(id(3), &json!({ "Name": "changed here" })).unwrap();
    let ids = |from: &str, to: &str| parts.get_updated(may(from)..may(to)).unwrap().ids;
    assert!(ids("08:00:00", "08:30:00").is_empty());
    assert_eq!(ids("08:30:00", "09:00:00"), [id(1)]);
    assert_eq!(ids("19:00:00", "21:00:00"), [id(3)]);
    let gone = parts.get_deleted(may("08:00:00")..may("09:00:00")).unwrap().deleted_records;
    assert_eq!((gone[0].id, gone[0].deleted_date), (id(2), may("08:20:00")));
    let typed = store.system().get_deleted::<crate::desk::Part>(may("08:00:00")..may("09:00:00"));
    assert_eq!(typed.unwrap().deleted_records[0].id, Id::new(id(2)));
    verify(&store);
}

#[test]
fn what_a_replica_put_is_found_however_much_of_it_has_other_stamps_by_now() {
    let clock = ManualClock::at(may("11:00:00"));
    let builder = Store::builder().clock(clock).window_limit(2);
    let store = builder.in_memory(OBJECTS).expect("a store opens");
    for at in [30, 60] {
        for n in 1..=4_200 {
            // The first and the last stay as they were.
            if at == 30 || (n > 1 && n < 4_200) {
                put(&store, n, at, false);
            }
        }
    }
    let parts = store.system().object("Part").expect("parts are there");
    let window = |from, to| may("08:00:00") + minutes(from)..may("08:00:00") + minutes(to);
    let ids = parts.get_updated(window(20, 40)).expect("an answer").ids;
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert!(parts.get_updated(window(50, 70)).is_err(), "they are too many");
}
