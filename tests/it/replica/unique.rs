//! Unique values in puts: they are refused if another live record has them, and are compared as
//! they are after the whole call.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};
use serde_json::{Value as Json, json};
use sobject_core::{Definition, FieldDefinition, FieldType};

use super::{Mirror, stamped, there, with};
use crate::{
    desk::map,
    types::{duplicate, outcomes},
};

/// A mirror with an object whose codes are unique. Record 1 has the code `x`, and record 2 has `y`.
fn mirror_of_codes() -> (Mirror, impl Fn(u64, &str) -> Json) {
    let code = FieldDefinition::new("Code__c", FieldType::String).create().nillable().unique();
    let code = Definition::new("Code__c").key_prefix("a0C").fields(vec![code].leak());
    let mirror = Mirror::of(&[&code]);
    let record = |number, code: &str| {
        stamped(there("a0C", number), &json!({ "Code__c": code, "IsDeleted": false }))
    };
    mirror.put("Code__c", &record(1, "x"));
    mirror.put("Code__c", &record(2, "y"));
    (mirror, record)
}

#[test]
fn unique_values_are_swapped_in_one_call_in_any_order() {
    for order in [[1, 2, 3], [3, 2, 1], [2, 1, 3], [2, 3, 1]] {
        let (mirror, record) = mirror_of_codes();
        // Record 3 takes the code of record 1, which takes that of record 2, which has none then.
        let records = [record(1, "Y"), record(2, ""), record(3, "x")];
        let call: Vec<_> = order.iter().map(|n| map(&records[n - 1])).collect();
        let results = mirror.replica().put_many("Code__c", &call).unwrap();
        assert!(results.iter().all(Result::is_ok), "{results:?}");
        for (n, record) in (1..).zip(&records) {
            let held =
                if n == 2 { with(record, &json!({ "Code__c": null })) } else { record.clone() };
            mirror.assert_holds("Code__c", there("a0C", n), &held);
        }
        mirror.verify();
    }
    let (mirror, record) = mirror_of_codes();
    let call = [map(&record(1, "y")), map(&record(2, "x"))];
    mirror.replica().all_or_none().put_many("Code__c", &call).unwrap();
    mirror.assert_holds("Code__c", there("a0C", 1), &record(1, "y"));
    mirror.assert_holds("Code__c", there("a0C", 2), &record(2, "x"));
    mirror.verify();
}

#[test]
fn unique_values_of_many_records_cost_the_same_in_any_order() {
    for is_one_value in [false, true] {
        for is_descending in [false, true] {
            let (mirror, record) = mirror_of_codes();
            let code = |n: u64| if is_one_value { "z".to_owned() } else { format!("z {n}") };
            let mut records: Vec<_> = (10..2_010).map(|n| map(&record(n, &code(n)))).collect();
            if is_descending {
                records.reverse();
            }
            let begun = Instant::now();
            let results = mirror.replica().put_many("Code__c", &records).unwrap();
            let took = begun.elapsed();
            println!("one value: {is_one_value}, descending: {is_descending}: {took:?}");
            let n_put = results.iter().filter(|it| it.is_ok()).count();
            assert_eq!(n_put, if is_one_value { 1 } else { 2_000 });
            // It would be far more if each record were compared with each other.
            assert!(took < Duration::from_secs(15), "{took:?}");
            mirror.verify();
        }
    }
}

#[test]
fn of_records_that_come_with_one_unique_value_the_first_stays() {
    let (mirror, record) = mirror_of_codes();
    let y = || duplicate("Code__c", there("a0C", 2));
    let z = |number| duplicate("Code__c", there("a0C", number));
    for (call, expected) in [
        // Two records of the call want the same code, and a third wants one that a live record has.
        (vec![record(5, "z"), record(4, "Z"), record(3, "y")], vec![None, Some(z(5)), Some(y())]),
        // A record may be put with the code that it has already, but no other record may take it.
        (vec![record(6, "x"), record(1, "x")], vec![Some(z(1)), None]),
        // A record comes twice, and its second put is refused: it stays as the first put makes it.
        (
            vec![record(1, "w"), record(7, "x"), record(8, "w"), record(1, "y")],
            vec![None, None, Some(z(1)), Some(y())],
        ),
    ] {
        let maps: Vec<_> = call.iter().map(map).collect();
        let refused = mirror.replica().all_or_none().put_many("Code__c", &maps).unwrap();
        assert!(refused.iter().all(Result::is_err), "{refused:?}");
        mirror.verify();
        let results = mirror.replica().put_many("Code__c", &maps).unwrap();
        assert_eq!(outcomes(results), expected, "{call:?}");
        mirror.verify();
    }
}

#[test]
fn unique_values_are_swapped_in_one_transaction() {
    for with_bin in [false, true] {
        let (mirror, record) = mirror_of_codes();
        let clash = duplicate("Code__c", there("a0C", 2));
        assert_eq!(mirror.refused("Code__c", &record(1, "y")), clash);
        let gives_up = if with_bin {
            json!({ "Id": there("a0C", 1), "IsDeleted": true })
        } else {
            json!({ "Id": there("a0C", 1), "Code__c": null })
        };
        let swapped = mirror.replica().transaction(|tx| {
            tx.put("Code__c", &map(&gives_up))?;
            tx.put("Code__c", &map(&record(2, "x")))?;
            tx.put("Code__c", &map(&record(1, "y")))
        });
        swapped.unwrap();
        mirror.assert_holds("Code__c", there("a0C", 1), &record(1, "y"));
        mirror.assert_holds("Code__c", there("a0C", 2), &record(2, "x"));
        mirror.verify();
    }
}

#[test]
fn a_call_is_refused_only_what_the_others_leave_no_room_for() {
    let codes = ["", "a", "b", "c"];
    let put = (1..5u64, 0..codes.len());
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(0);
    }
    let ran = TestRunner::new(config).run(&vec(vec(put, 1..6), 1..5), |calls| {
        let code = FieldDefinition::new("Code__c", FieldType::String).create().nillable().unique();
        let code = Definition::new("Code__c").key_prefix("a0C").fields(vec![code].leak());
        let mirror = Mirror::of(&[&code]);
        let mut held: BTreeMap<u64, &str> = BTreeMap::new();
        for call in calls {
            let record = |(n, code): &(u64, usize)| {
                map(&stamped(there("a0C", *n), &json!({ "Code__c": codes[*code] })))
            };
            let records: Vec<_> = call.iter().map(record).collect();
            let results = mirror.replica().put_many("Code__c", &records).unwrap();
            let mut wanted = held.clone();
            wanted.extend(call.iter().map(|(n, code)| (*n, codes[*code])));
            let mut given: Vec<_> = wanted.values().filter(|code| !code.is_empty()).collect();
            let n_given = given.len();
            given.sort_unstable();
            given.dedup();
            let fits = given.len() == n_given;
            prop_assert!(!fits || results.iter().all(Result::is_ok), "{call:?} on {held:?}");
            prop_assert!(fits || results.iter().any(Result::is_err), "{call:?} on {held:?}");
            for ((n, code), result) in call.iter().zip(&results) {
                if result.is_ok() {
                    held.insert(*n, codes[*code]);
                }
            }
            for (n, code) in &held {
                let expected = if code.is_empty() { Json::Null } else { json!(code) };
                prop_assert_eq!(&mirror.get("Code__c", there("a0C", *n))["Code__c"], &expected);
            }
            mirror.verify();
        }
        Ok(())
    });
    ran.unwrap_or_else(|failure| panic!("{failure}"));
}
