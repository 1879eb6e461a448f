//! Whatever is wrong in a store is found, and told in words that name it: a case for each kind of
//! finding, under a budget of one byte too, with which everything is looked up one by one.

mod of_along;
mod of_due;
mod of_feed;
mod of_others;
mod of_records;
mod of_words;
mod shop;

use std::{cell::Cell as Count, sync::Arc};

use serde_json::json;

use self::{
    of_due::OF_DUE,
    of_feed::OF_FEED,
    of_others::OF_OTHERS,
    of_records::OF_RECORDS,
    shop::{ABSENT, Case, DELETED, Damage, FOUR, KIND, NOTE, ONE, PART_ONE, Shop, create},
};
use super::*;
use crate::{
    bytes::Cell,
    definition::Definition,
    engine::{EngineError, GiveMany, Read, RedbEngine, Scan, Space, Visit, VisitMany},
    store::{
        keep::{
            ARRIVALS, CATALOGUE, Counter, FEED, FEED_NOTES, HEADS, LEASES, PER_CALLER, RECENT,
            SIDE, SIDE_BY_TEXT, SPELLINGS, arrivals,
        },
        replica::MARKER_KEY,
        rules::Access,
    },
};

/// Does each damage to a store, one apart from the other, and compares what is found.
fn check(shop: &Shop, cases: &[Case]) {
    let mut wrong = Vec::new();
    for (what, damage, expected) in cases {
        let found = shop.findings(damage);
        if found != *expected {
            wrong.push(format!("{what}:\n{found:#?}\nand not\n{expected:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn whatever_is_wrong_is_found_and_told() {
    let shop = Shop::new();
    let sound = Verified { live: 4, deleted: 1, entries: 14, changes: 7, ..Verified::default() };
    for budget in [BUDGET, 1000, 1] {
        let verified = shop.verify_with(|_| (), budget);
        assert_eq!(verified.unwrap(), sound, "in {budget} bytes");
    }
    check(&shop, OF_RECORDS);
    check(&shop, OF_OTHERS);
    check(&shop, OF_DUE);
    check(&shop, OF_FEED);
}

#[test]
fn an_id_that_two_objects_have_is_found() {
    const FIRST: &Definition = &Definition::new("First__c").key_prefix("a0S").shared_prefix();
    const SECOND: &Definition = &Definition::new("Second__c").key_prefix("a0S").shared_prefix();
    let shop = Shop::open(Arc::new(RedbEngine::in_memory().unwrap()), &[FIRST, SECOND]);
    let made = shop.write(|write| {
        create(write, "Second__c", &json!({}))?;
        create(write, "First__c", &json!({}))
    });
    shop.verify_with(|_| (), BUDGET).unwrap();
    let found = shop.findings(|it| {
        let table = |name| it.reader.schema.table(it.object(name)).unwrap();
        let (first, second) = (table("First__c"), table("Second__c"));
        let key = it.pack(&made.to_string()).to_be_bytes();
        let row = it.get(first.live, &key);
        it.insert(second.live, &key, &row);
    });
    let expected = ["it is a record of First__c as well", "the feed has no change of it"];
    assert_eq!(found, expected.map(|what| format!("Second__c {made}: {what}")));
}

#[test]
fn a_count_that_is_wrong_is_found() {
    let shop = Shop::new();
    let tables = &shop.store.schema.tables;
    let index = tables[0].indexes[1].space;
    let counts = [
        (tables[0].live, "Note__c, live records: 9 are counted, but there are 3"),
        (tables[0].bin, "Note__c, deleted records: 9 are counted, but there are 1"),
        (index, "Note__c, index of Code__c: 9 are counted, but there are 3"),
        (FEED, "the feed: 9 are counted, but there are 7"),
        (HEADS, "the heads of ids: 9 are counted, but there are 4"),
        (LEASES, "the leases: 9 are counted, but there are 3"),
        (PER_CALLER, "the per-caller entries: 9 are counted, but there are 0"),
        (FEED_NOTES, "the notes on the feed: 9 are counted, but there are 0"),
        (RECENT, "what callers have seen: 9 are counted, but there are 0"),
        (ARRIVALS, "what replicas put: 9 are counted, but there are 0"),
        (SIDE, "the side dictionary of ids: 9 are counted, but there are 0"),
        (SIDE_BY_TEXT, "the side dictionary of ids, by text: 9 are counted, but there are 0"),
        (SPELLINGS, "the unlisted values of picklists: 9 are counted, but there are 0"),
    ];
    for (space, expected) in counts {
        let verified = shop.store.read(&Access::SYSTEM, |reader| {
            let read = Watched::new(reader.read, Some(space));
            verify(&Reader::new(reader.schema, &read, reader.ids(), &Access::SYSTEM))
        });
        let Err(Error::Corrupt { findings }) = verified else { panic!("{verified:?}") };
        assert_eq!(findings, [expected]);
    }
}

/// A state of which one space is said to have nine entries, and which counts its calls.
struct Watched<'r> {
    read: &'r dyn Read,
    miscounted: Option<Space>,
    n_calls: Count<u64>,
}

impl<'r> Watched<'r> {
    fn new(read: &'r dyn Read, miscounted: Option<Space>) -> Self {
        Self { read, miscounted, n_calls: Count::default() }
    }

    fn count(&self) -> &'r dyn Read {
        self.n_calls.set(self.n_calls.get() + 1);
        self.read
    }
}

impl Read for Watched<'_> {
    fn get(&self, space: Space, key: &[u8], f: &mut dyn FnMut(&[u8])) -> Result<bool, EngineError> {
        self.count().get(space, key, f)
    }

    fn multi_get(&self, keys: &[(Space, &[u8])], f: GiveMany<'_>) -> Result<(), EngineError> {
        self.count().multi_get(keys, f)
    }

    fn scan(
        &self,
        space: Space,
        scan: Scan<'_>,
        f: Visit<'_>,
    ) -> Result<Option<Vec<u8>>, EngineError> {
        self.count().scan(space, scan, f)
    }

    fn multi_scan(&self, scans: &[(Space, Scan<'_>)], f: VisitMany<'_>) -> Result<(), EngineError> {
        self.count().multi_scan(scans, f)
    }

    fn len(&self, space: Space) -> Result<u64, EngineError> {
        let n = self.count().len(space)?;
        Ok(if self.miscounted == Some(space) { 9 } else { n })
    }

    fn state(&self) -> Option<u64> {
        self.read.state()
    }
}

#[test]
fn no_more_than_twenty_findings_are_told() {
    let shop = Shop::new();
    let notes = shop.write(|write| {
        let note = json!({ "Kind__c": "plain" });
        (0..30).map(|_| create(write, "Note__c", &note)).collect::<Result<Vec<_>>>()
    });
    let verified = shop.verify_with(
        |it| {
            for note in &notes {
                it.set(&note.to_string(), "Kind__c", Cell::Null);
            }
        },
        BUDGET,
    );
    let Err(Error::Corrupt { findings }) = verified else { panic!("{verified:?}") };
    assert_eq!(findings.len(), MAX_FINDINGS, "{findings:#?}");
    assert!(findings.iter().all(|it| it.ends_with("Kind__c is null, which it must not be")));
}

/// Damage to a part: the same is found whether parts are listed or not.
const OF_PARTS: &[Case] = &[
    (
        "a row that does not decode",
        |it| {
            let (table, key) = (it.table(PART_ONE), it.pack(PART_ONE).to_be_bytes());
            it.replace(table.live, &key, &[0, 9, 9]);
        },
        &[
            "Part__c a0Pxx0000000001EAA: a row does not fit its layout",
            "Part__c a0Pxx0000000001EAA: the index of Note__c leads to it, but it cannot be read",
            "Part__c a0Pxx0000000001EAA: the index of Size__c leads to it, but it cannot be read",
        ],
    ),
    (
        "an entry that is missing",
        |it| {
            let index = it.index("Part__c", "Size__c");
            it.remove(index.space, &index.key(Cell::Fixed(3), it.pack(PART_ONE)));
        },
        &["Part__c a0Pxx0000000001EAA: the index of Size__c lacks its entry"],
    ),
    (
        "a last change that says deleted of a live record",
        |it| it.set_change(7, KIND, &[3]),
        &["Part__c a0Pxx0000000001EAA: the feed says that it is deleted, but it is live"],
    ),
    (
        "a lease of record numbers that is missing",
        |it| {
            let head = u16::try_from(it.pack(PART_ONE) >> 48).unwrap();
            it.remove(LEASES, &Counter::Records(head).key());
        },
        &["Part__c a0Pxx0000000001EAA: the number of the id is not leased"],
    ),
    (
        "a slot that two fields share",
        |it| {
            it.set_object(1, |object| {
                object["fields"][1]["slot"] = object["fields"][0]["slot"].clone();
            });
        },
        &[
            "Part__c: Size__c and Note__c share the slot 5",
            "Part__c: the slot 6 of an index is no field's",
            "Part__c: the slot 6 of the layout 1 is no field's",
        ],
    ),
];

#[test]
fn what_is_wrong_in_an_object_that_is_not_listed_is_found() {
    let shop = Shop::new();
    check(&shop, OF_PARTS);
    check(&shop.reopen(&[NOTE]), OF_PARTS);
}

#[test]
fn records_that_are_not_listed_are_counted_apart_and_may_name_what_never_was() {
    let to_nowhere = |it: &mut Damage<'_>| {
        it.set_indexed(PART_ONE, "Note__c", Cell::Fixed(it.pack(ABSENT)));
    };
    let shop = Shop::new();
    let finding =
        "Part__c a0Pxx0000000001EAA: Note__c leads to a0Nxx0000000009EAA, which is not there";
    assert_eq!(shop.findings(to_nowhere), [finding]);
    let shop = shop.reopen(&[NOTE]);
    let sound = Verified {
        live: 3,
        deleted: 1,
        entries: 12,
        words: 0,
        changes: 7,
        unresolved: 0,
        dormant: 1,
    };
    assert_eq!(shop.verify_with(|_| (), BUDGET).unwrap(), sound);
    assert_eq!(shop.verify_with(to_nowhere, BUDGET).unwrap(), sound);
}

/// Makes the file one of a replica.
fn mark(damage: &mut Damage<'_>) {
    damage.insert(CATALOGUE, MARKER_KEY, b"\"xx0\"");
}

#[test]
fn what_a_replica_may_hold_is_no_finding() {
    let as_sources_have_it = |it: &mut Damage<'_>| {
        mark(it);
        it.set_indexed(FOUR, "About__c", Cell::Fixed(it.pack(ABSENT)));
        it.set_indexed(ONE, "About__c", Cell::Fixed(it.pack(DELETED)));
        // A source has a clock of its own.
        let later = it.stamp() + 1000;
        it.set_deletion(|deletion| deletion.when = later);
        it.set_change(7, KIND, &[0x82]);
        it.set(PART_ONE, "SystemModstamp", Cell::integer(later));
        let object = it.object("Part__c").number;
        it.insert(ARRIVALS, &arrivals::key(object, later, it.pack(PART_ONE)), &[]);
    };
    let shop = Shop::new();
    for budget in [BUDGET, 1] {
        let verified = shop.verify_with(as_sources_have_it, budget).unwrap();
        assert_eq!(verified.unresolved, 2, "in {budget} bytes");
    }
}

#[test]
fn in_a_replica_a_number_that_is_referred_to_is_leased() {
    let shop = Shop::new();
    let found = shop.findings(|it| {
        mark(it);
        it.set_indexed(FOUR, "About__c", Cell::Fixed(it.pack("a0Nxx0000009999")));
    });
    assert_eq!(found, ["a0Nxx0000009999EAA is referred to, but its number is not leased"]);
}

#[test]
fn a_store_of_more_records_than_are_looked_up_at_once_is_verified_and_damage_found() {
    let shop = Shop::new();
    let mut notes = Vec::new();
    for call in 0..5 {
        notes.extend(shop.write(|write| {
            let note = |n| json!({ "Kind__c": "plain", "Code__c": format!("{call} {n}") });
            (0..200).map(|n| create(write, "Note__c", &note(n))).collect::<Result<Vec<_>>>()
        }));
    }
    let verified = shop.verify_with(|_| (), BUDGET).unwrap();
    assert_eq!((verified.live, verified.entries), (1004, 4014));
    let n_calls = shop.store.read(&Access::SYSTEM, |reader| {
        let read = Watched::new(reader.read, None);
        verify(&Reader::new(reader.schema, &read, reader.ids(), &Access::SYSTEM))?;
        Ok(read.n_calls.get())
    });
    assert!(n_calls.unwrap() < 100, "the engine is asked for many records at once");
    let damage = |it: &mut Damage<'_>| {
        let index = *it.index("Note__c", "Code__c");
        for place in [3, 500, 997] {
            let value = format!("{} {}", place / 200, place % 200);
            it.remove(index.space, &index.key(Cell::Text(&value), 0));
        }
    };
    let expected = [3, 500, 997].map(|place: usize| {
        format!("Note__c {}: the index of Code__c lacks its entry", notes[place])
    });
    for budget in [BUDGET, 10_000, 1000] {
        assert_eq!(shop.verify_with(|_| (), budget).unwrap(), verified, "in {budget} bytes");
        let found = shop.verify_with(damage, budget);
        let Err(Error::Corrupt { findings }) = found else { panic!("{found:?}") };
        assert_eq!(findings, expected, "in {budget} bytes");
    }
}
