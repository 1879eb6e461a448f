//! Upserts of several records.

use serde_json::{Value as Json, json};
use sobject_core::{Error, JsonRecord, ManualClock, SaveResult, Store, testing::Rig};

use super::{OBJECTS, fates, shop};
use crate::desk::{MORNING, Refusal, at, map, missing, refusal, refused, rolled_back, verify};

fn twice(value: &str) -> Refusal {
    refusal("DUPLICATE_VALUE", format!("Duplicate external id specified: {value}"), &[])
}

#[test]
fn each_record_of_a_call_is_written_or_refused_alone_or_all_of_them() {
    let (shop, firm) = shop();
    let firms = shop.object("Firm__c");
    let records = [
        json!({ "Any__c": "G1", "Title__c": "g" }),
        json!({ "Any__c": "G2" }),
        json!({ "Any__c": "X1", "Plain__c": "7" }),
    ];
    let all = shop.db.all_or_none().object("Firm__c").unwrap();
    shop.nothing_changes(|| {
        let expected = [Err(rolled_back()), Err(missing(&["Title__c"])), Err(rolled_back())];
        assert_eq!(fates(all.upsert_many("Any__c", &records).unwrap()), expected);
    });
    let results = firms.upsert_many("Any__c", &records).unwrap();
    let printed: Vec<_> = results.iter().map(SaveResult::upserted).collect();
    let created = results[0].as_ref().unwrap().id;
    assert_eq!(
        serde_json::to_value(printed).unwrap(),
        json!([
            { "id": created, "success": true, "created": true, "errors": [] },
            { "success": false, "created": false, "errors": [{
                "statusCode": "REQUIRED_FIELD_MISSING",
                "message": "Required fields are missing: [Title__c]",
                "fields": ["Title__c"],
            }] },
            { "id": firm, "success": true, "created": false, "errors": [] },
        ])
    );
    shop.verify();
}

#[test]
fn records_with_the_same_key_are_all_refused() {
    let (shop, firm) = shop();
    let firms = shop.object("Firm__c");
    let new = |key: &str, value: Json| json!({ key: value, "Title__c": "New" });
    for (key, given, expected) in [
        (
            "Any__c",
            vec![json!("N1"), json!("n1 "), json!("N2")],
            vec![Err(twice("N1")), Err(twice("n1")), Ok(true)],
        ),
        (
            "Case__c",
            vec![json!("N1"), json!("n1"), json!("K1"), json!("K1")],
            vec![Ok(true), Ok(true), Err(twice("K1")), Err(twice("K1"))],
        ),
        ("Tag__c", vec![json!("N1"), json!("n1")], vec![Ok(true), Ok(true)]),
        ("Number__c", vec![json!(1), json!("1.0")], vec![Err(twice("1.0")), Err(twice("1.0"))]),
        (
            "Id",
            vec![json!(firm), json!(null), json!(firm.to_string()[..15]), json!("")],
            vec![
                Err(twice(&firm.to_string())),
                Ok(true),
                Err(twice(&firm.to_string()[..15])),
                Ok(true),
            ],
        ),
    ] {
        let records: Vec<_> = given.into_iter().map(|value| new(key, value)).collect();
        assert_eq!(fates(firms.upsert_many(key, &records).unwrap()), expected, "{key}");
    }
    // A record that is refused for another reason does not stand in the way of one with its key.
    let records = [json!({ "Any__c": "N7", "Ghost__c": 1 }), new("Any__c", json!("N7"))];
    let results = fates(firms.upsert_many("Any__c", &records).unwrap());
    assert_eq!(results[0].as_ref().unwrap_err().code, "INVALID_FIELD");
    assert_eq!(results[1], Ok(true));
    shop.verify();
}

#[test]
fn an_upsert_sees_what_its_transaction_has_written() {
    let (shop, firm) = shop();
    shop.db
        .transaction(|tx| {
            let mut firms = tx.object("Firm__c")?;
            firms.update(firm, &json!({ "Any__c": "X2", "Tag__c": "T2" }))?;
            let new =
                firms.create(&json!({ "Title__c": "New", "Any__c": "X1", "Tag__c": "T1" }))?;
            for (key, value, id) in [
                ("Any__c", "x2", firm),
                ("Any__c", "x1", new),
                ("Tag__c", "T2", firm),
                ("Tag__c", "T1", new),
            ] {
                let done = firms.upsert(key, &json!({ key: value, "Plain__c": "p" }))?;
                assert_eq!((done.id, done.created), (id, false), "{key} {value}");
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    shop.verify();
}

#[test]
fn more_than_two_hundred_records_are_refused() {
    let (shop, _) = shop();
    let records: Vec<_> = (0..201).map(|n| json!({ "Number__c": n, "Title__c": "t" })).collect();
    let firms = shop.object("Firm__c");
    shop.nothing_changes(|| {
        let refused = refused(firms.upsert_many("Number__c", &records));
        assert_eq!(refused.code, "EXCEEDED_ID_LIMIT");
    });
    assert_eq!(firms.upsert_many("Number__c", &records[1..]).unwrap().len(), 200);
    shop.verify();
}

#[test]
fn two_hundred_upserts_cost_a_handful_of_engine_reads() {
    const BUDGET: u64 = 10;
    let rig = Rig::default();
    let clock = ManualClock::at(at(MORNING));
    let store = Store::builder().clock(clock).on_rig(&rig).in_memory(OBJECTS).unwrap();
    let db = store.system();
    let (firms, branches) = (db.object("Firm__c").unwrap(), db.object("Branch__c").unwrap());
    let firm = |n: usize| {
        map(&json!({
            "Any__c": format!("a{n}"), "Tag__c": format!("t{n}"), "Case__c": format!("c{n}"),
            "Number__c": n, "Title__c": "t", "Mail__c": format!("m{n}@example.com"),
        }))
    };
    // Half of the records are there.
    for firm in (0..200).step_by(2).map(firm) {
        firms.create(&firm).unwrap();
    }
    for key in ["Any__c", "Tag__c", "Number__c", "Mail__c"] {
        for round in 0..2 {
            let records: Vec<JsonRecord> = (0..200).map(firm).collect();
            rig.count_anew();
            let results = fates(firms.upsert_many(key, &records).unwrap());
            let cost = rig.counts().reads();
            println!("{key}, round {round}: {cost} reads of the engine");
            assert!(results.iter().all(Result::is_ok), "{results:?}");
            let n_created = results.iter().filter(|it| **it == Ok(true)).count();
            assert_eq!(n_created, if (key, round) == ("Any__c", 0) { 100 } else { 0 });
            assert!(cost <= BUDGET, "{key}, round {round}: {cost}");
        }
    }
    // And with parents that are named by keys of both kinds.
    let branch = |n: usize| {
        json!({
            "Code__c": format!("b{n}"), "Firm__r": { "Any__c": format!("A{n}") },
            "Watch__r": { "type": "Firm__c", "Tag__c": format!("t{}", 199 - n) },
        })
    };
    let records: Vec<_> = (0..200).map(branch).collect();
    for round in 0..2 {
        rig.count_anew();
        let results = fates(branches.upsert_many("Code__c", &records).unwrap());
        let cost = rig.counts().reads();
        println!("branches, round {round}: {cost} reads of the engine");
        assert!(results.iter().all(|it| *it == Ok(round == 0)), "{results:?}");
        assert!(cost <= BUDGET, "branches, round {round}: {cost}");
    }
    rig.count_anew();
    let new: Vec<_> = (200..400)
        .map(|n| json!({ "Firm__r": { "Number__c": n - 200 }, "Code__c": format!("b{n}") }))
        .collect();
    let results = branches.create_many(&new).unwrap();
    let cost = rig.counts().reads();
    println!("create with parents: {cost} reads of the engine");
    assert!(results.iter().all(Result::is_ok));
    assert!(cost <= BUDGET, "create with parents: {cost}");
    verify(&store);
}
