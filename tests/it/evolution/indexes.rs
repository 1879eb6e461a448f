//! Indexes that are built over existing records, and indexes that are dropped.

use std::fmt::Debug;

use sobject_core::{
    Error, Id, Result, SObject,
    chrono::{DateTime, NaiveDate, Utc},
};

use crate::{
    desk::{at, day},
    types::{Archive, Shop},
};

/// Entries without indexes.
mod plain {
    use super::{DateTime, Id, NaiveDate, SObject, Utc};

    #[derive(SObject, Clone, Debug, PartialEq)]
    #[sobject(key_prefix = "a0E")]
    pub(super) struct Entry {
        #[field(create, update, nillable, filter)]
        pub(super) text: Option<String>,
        #[field(create, update, nillable, filter)]
        pub(super) size: Option<i32>,
        #[field(create, update, nillable, filter)]
        pub(super) day: Option<NaiveDate>,
        #[field(create, update, nillable, filter)]
        pub(super) at: Option<DateTime<Utc>>,
        #[field(create, update, nillable, filter)]
        pub(super) twin: Option<Id<Entry>>,
    }
}

/// Entries with an index for each field.
mod indexed {
    use super::{DateTime, Id, NaiveDate, SObject, Utc};

    #[derive(SObject, Clone, Debug, PartialEq)]
    #[sobject(key_prefix = "a0E")]
    pub(super) struct Entry {
        #[field(create, update, nillable, filter, id_lookup)]
        pub(super) text: Option<String>,
        #[field(create, update, nillable, filter, id_lookup)]
        pub(super) size: Option<i32>,
        #[field(create, update, nillable, filter, id_lookup)]
        pub(super) day: Option<NaiveDate>,
        #[field(create, update, nillable, filter, id_lookup)]
        pub(super) at: Option<DateTime<Utc>>,
        #[field(create, update, nillable, filter)]
        pub(super) twin: Option<Id<Entry>>,
    }
}

/// Asserts that the field has no index.
#[track_caller]
fn assert_not_indexed<T: Debug>(found: Result<T>, field: &str) {
    let sentence = format!("walking in the order of {field}, which has no index");
    match found {
        Err(Error::NotSupported { object, what }) => {
            assert_eq!((object.as_str(), what), ("Entry", sentence));
        }
        found => panic!("{found:?}"),
    }
}

/// The numbers of the entries that were found.
#[track_caller]
fn numbers(found: Result<Vec<sobject_core::Record<indexed::Entry>>>) -> Vec<u64> {
    found.unwrap().iter().map(|record| record.id.record_id().number()).collect()
}

#[test]
fn records_are_found_by_a_field_that_is_indexed_from_now_on() {
    use indexed::Entry;
    let archive = Archive::new();
    let shop = archive.open(&[plain::Entry::OBJECT]);
    let entry = |text: Option<&str>, size| plain::EntryCreate {
        text: text.map(str::to_owned),
        size,
        day: size.map(|_| day("2026-03-01")),
        at: size.map(|_| at("2026-03-01T08:00:00Z")),
        ..plain::EntryCreate::new()
    };
    let entries = [
        entry(Some("a"), Some(2)),
        entry(Some("B"), None),
        entry(None, Some(-1)),
        entry(Some("A"), Some(2)),
    ];
    let ids: Vec<_> = shop.db.create_many(&entries).unwrap().into_iter().flatten().collect();
    let deleted = shop.db.create(entry(Some("a"), Some(2))).unwrap();
    shop.db.delete(deleted).unwrap();
    let twins = plain::EntryUpdate { twin: ids[0].into(), ..Default::default() };
    shop.db.update(ids[1], twins).unwrap();
    assert_not_indexed(shop.db.walk_range(plain::Entry::FIELDS.text, ..).all(), "Text");
    assert_not_indexed(shop.db.walk_range(plain::Entry::FIELDS.day, ..).all(), "Day");
    drop(shop);

    for _ in 0..2 {
        let shop = archive.open(&[Entry::OBJECT]);
        let find_text =
            |text: Option<&str>| numbers(shop.db.find(Entry::FIELDS.text, text.map(str::to_owned)));
        assert_eq!(find_text(Some("a")), [1, 4]);
        assert_eq!(find_text(Some("b")), [2]);
        assert_eq!(find_text(None), [3]);
        assert_eq!(numbers(shop.db.find(Entry::FIELDS.size, 2)), [1, 4]);
        assert_eq!(numbers(shop.db.find_range(Entry::FIELDS.size, ..)), [2, 3, 1, 4]);
        assert_eq!(numbers(shop.db.find(Entry::FIELDS.day, day("2026-03-01"))), [1, 3, 4]);
        assert_eq!(numbers(shop.db.find(Entry::FIELDS.at, at("2026-03-01T08:00:00Z"))), [1, 3, 4]);
        let twin = Id::<Entry>::new(ids[0].record_id());
        assert_eq!(numbers(shop.db.find(Entry::FIELDS.twin, twin)), [2]);
    }
}

#[test]
fn an_index_that_was_built_is_kept_like_any_other_and_dropped_when_it_is_not_wanted() {
    use indexed::{Entry, EntryCreate, EntryUpdate};
    let archive = Archive::new();
    let shop = archive.open(&[plain::Entry::OBJECT]);
    let old = plain::EntryCreate { text: Some("old".into()), ..plain::EntryCreate::new() };
    let old = Id::<Entry>::new(shop.db.create(old).unwrap().record_id());
    drop(shop);

    let shop = archive.open(&[Entry::OBJECT]);
    let find =
        |shop: &Shop, text: &str| shop.db.find(Entry::FIELDS.text, text.to_owned()).unwrap().len();
    let new = EntryCreate { text: Some("new".into()), ..EntryCreate::new() };
    let new = shop.db.create(new).unwrap();
    let changed = EntryUpdate { text: "New".to_owned().into(), ..Default::default() };
    shop.db.update(old, changed).unwrap();
    assert_eq!((find(&shop, "old"), find(&shop, "new")), (0, 2));
    shop.db.delete(new).unwrap();
    assert_eq!(find(&shop, "new"), 1);
    let indexed_entries = shop.verify().entries;
    drop(shop);

    let shop = archive.open(&[plain::Entry::OBJECT]);
    assert_not_indexed(shop.db.walk_range(plain::Entry::FIELDS.text, ..).all(), "Text");
    assert!(shop.verify().entries < indexed_entries, "the entries are gone");
    let other = plain::EntryCreate { text: Some("other".into()), ..plain::EntryCreate::new() };
    shop.db.create(other).unwrap();
    drop(shop);

    let shop = archive.open(&[Entry::OBJECT]);
    assert_eq!((find(&shop, "new"), find(&shop, "other")), (1, 1));
    shop.db.undelete(new).unwrap();
    assert_eq!(find(&shop, "new"), 2);
    shop.verify();
}

/// Creates entries, of which number `n` has the text and the size `n`.
fn fill(shop: &Shop, numbers: std::ops::Range<i32>) {
    let numbers: Vec<_> = numbers.collect();
    shop.db
        .transaction(|tx| {
            for call in numbers.chunks(200) {
                let entries: Vec<_> = call
                    .iter()
                    .map(|n| plain::EntryCreate {
                        text: Some(n.to_string()),
                        size: Some(*n),
                        ..plain::EntryCreate::new()
                    })
                    .collect();
                assert!(tx.create_many(&entries)?.iter().all(Result::is_ok));
            }
            Ok::<_, Error>(())
        })
        .unwrap();
}

/// Records in one step of building an index here.
const STEP: i32 = 100;

/// An index is built in steps: here in one that is full, and in two and a record.
#[test]
fn an_index_of_many_records_has_every_one_of_them() {
    use indexed::Entry;
    let archive = Archive::new();
    let mut written = 0;
    for records in [STEP, 2 * STEP + 1] {
        let shop = archive.open(&[plain::Entry::OBJECT]);
        fill(&shop, written..records);
        written = records;
        drop(shop);
        let shop = archive.open_in_steps(STEP.unsigned_abs() as usize, &[Entry::OBJECT]);
        for n in 0..=2 * STEP + 1 {
            let expected = usize::from(n < records);
            let by_text = shop.db.find(Entry::FIELDS.text, n.to_string()).unwrap();
            let by_size = shop.db.find(Entry::FIELDS.size, n).unwrap();
            assert_eq!((by_text.len(), by_size.len()), (expected, expected), "{n} of {records}");
        }
    }
}
