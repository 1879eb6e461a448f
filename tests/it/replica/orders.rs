//! Puts in random orders: whatever ids, stamps and references the records have, the store holds the
//! same in the end.
//!
//! Runs are the same each time. `PROPTEST_CASES=2000` tries more cases, and `PROPTEST_RNG_SEED=7`
//! other ones.

use std::collections::BTreeMap;

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};
use serde_json::{Value as Json, json};
use sobject_core::{
    JsonRecord, RecordId, Verified,
    chrono::{DateTime, TimeDelta},
};

use super::{HERE, Mirror, THERE, id, with};
use crate::desk::{deleted_record, map, refused};

/// Record numbers of ids: small ones, great ones, and ones with more than 48 bits.
const NUMBERS: [u64; 7] = [0, 1, 2, 250, (1 << 48) - 1, 1 << 48, 62u64.pow(9) - 2_000];

/// The id of a part, of this instance or another.
fn ids() -> impl Strategy<Value = RecordId> {
    let instances = prop_oneof![Just(HERE), Just(THERE), Just(*b"00a")];
    (instances, 0..NUMBERS.len())
        .prop_map(|(instance, number)| id("a0P", instance, NUMBERS[number]))
}

/// A time as an org writes it.
fn times() -> impl Strategy<Value = String> {
    // From 1970 to 4000, to the second.
    (0..64_000_000_000_i64).prop_map(|seconds| {
        let at = DateTime::from_timestamp(seconds, 0).expect("a time");
        at.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()
    })
}

/// A part as its source has it.
fn parts() -> impl Strategy<Value = JsonRecord> {
    let users = || {
        (0..3_u64, any::<bool>())
            .prop_map(|(number, here)| id("005", if here { HERE } else { THERE }, number))
    };
    let twin = proptest::option::of(ids());
    (ids(), vec(times(), 3), (users(), users()), "[a-c ]{1,3}", twin, any::<bool>()).prop_map(
        |(id, times, (maker, changer), name, twin, is_deleted)| {
            map(&json!({
                "Id": id, "IsDeleted": is_deleted,
                "CreatedDate": times[0], "CreatedById": maker,
                "LastModifiedDate": times[1], "LastModifiedById": changer,
                "SystemModstamp": times[2],
                "Name": name, "TwinId": twin,
            }))
        },
    )
}

/// Earlier states of records, which are put first: the values, and which record's id they get.
type Earlier = Vec<(JsonRecord, usize)>;

/// What is compared of two stores: the records, the references that lead to no record, and the
/// counts of `verify` without that of changes.
type Shown = (Vec<Json>, Vec<String>, Verified);

/// Puts records one after the other.
fn put_all(mirror: &Mirror, records: &[JsonRecord]) {
    for record in records {
        mirror.clock.advance(TimeDelta::seconds(1));
        mirror.put("Part", &record.clone().into());
        mirror.verify();
    }
}

/// Asserts that a mirror holds these records and no others, and returns what is compared of it.
fn assert_holds(mirror: &Mirror, records: &BTreeMap<RecordId, JsonRecord>) -> Shown {
    let n_deleted = records.values().filter(|record| record["IsDeleted"] == true).count() as u64;
    let verified = mirror.verify();
    assert_eq!((verified.live, verified.deleted), (records.len() as u64 - n_deleted, n_deleted));
    for (id, record) in records {
        if record["IsDeleted"] == true {
            assert_eq!(refused(mirror.try_get("Part", *id)), deleted_record());
            // The values of a deleted record can be read only when it is live. So it is put back
            // without giving any, and then into the bin again.
            let back = json!({ "Id": id, "IsDeleted": false });
            mirror.put("Part", &back);
            mirror.assert_holds("Part", *id, &with(&record.clone().into(), &back));
            mirror.put("Part", &with(&back, &json!({ "IsDeleted": true })));
        } else {
            mirror.assert_holds("Part", *id, &record.clone().into());
        }
    }
    let read = records.keys().map(|id| mirror.try_get("Part", *id).unwrap_or_default().into());
    let mut lacks: Vec<_> = mirror.replica().unresolved(100).expect("references are followed");
    lacks.sort();
    let lacks = lacks.into_iter().map(|it| format!("{it:?}")).collect();
    (read.collect(), lacks, mirror.verify())
}

#[test]
fn puts_in_any_order_end_in_the_same_store() {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 48;
    }
    let earlier = vec((parts(), any::<usize>()), 0..6);
    let strategy = (vec(parts(), 1..12), earlier).prop_flat_map(|(records, earlier)| {
        let records: BTreeMap<RecordId, JsonRecord> = records
            .into_iter()
            .map(|record| (record["Id"].as_str().expect("an id").parse().expect("an id"), record))
            .collect();
        let order: Vec<_> = records.values().cloned().collect();
        (
            Just(records),
            Just(order.clone()).prop_shuffle(),
            Just(order).prop_shuffle(),
            Just(earlier),
        )
    });
    TestRunner::new(config)
        .run(&strategy, |(records, one, other, earlier)| {
            let [first, second] = [Mirror::new(), Mirror::new()];
            put_all(&first, &one);
            // The other store first gets earlier states of some records.
            put_all(&second, &states(&other, &earlier));
            put_all(&second, &other);
            let (first_shown, second_shown) =
                (assert_holds(&first, &records), assert_holds(&second, &records));
            prop_assert_eq!(&first_shown.0, &second_shown.0);
            prop_assert_eq!(&first_shown.1, &second_shown.1);
            let counts = |it: Verified| (it.live, it.deleted, it.entries, it.unresolved);
            prop_assert_eq!(counts(first_shown.2), counts(second_shown.2));
            // Records that are created afterwards get new ids.
            for mirror in [first, second] {
                let parts = mirror.store.system().object("Part").expect("the object is there");
                let new = parts.create(&map(&json!({ "Name": "new" }))).expect("a part is made");
                let known = |record: &JsonRecord| {
                    record["Id"] == json!(new) || record["TwinId"] == json!(new)
                };
                prop_assert!(!records.values().any(known), "{} is known", new);
                mirror.verify();
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

/// Earlier states of some of the records.
fn states(records: &[JsonRecord], earlier: &Earlier) -> Vec<JsonRecord> {
    let state = |(values, pick): &(JsonRecord, usize)| {
        let mut state = values.clone();
        state["Id"] = records[pick % records.len()]["Id"].clone();
        state
    };
    earlier.iter().map(state).collect()
}
