//! Records that a replica refuses: the code, the message and the fields of each, and that nothing
//! is written.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value as Json, json};
use sobject_core::{Error, FieldType, JsonRecord, Result};

use super::{Mirror, id, part, session, stamped, there, user, with, without};
use crate::{
    desk::{Refusal, map, missing, nothing_changes, refusal, refused, rolled_back},
    types::{KIT, out_of_range, outcomes, unreadable, unreadable_as, wrong_type},
};

#[test]
fn a_new_record_needs_what_nothing_stamps_or_defaults() {
    let mirror = Mirror::new();
    let system = [
        "Id",
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
    ];
    let declared = ["AgentId", "LoginTime", "LogoutTime", "Name", "OwnerId"];
    let all: Vec<_> = system.into_iter().chain(declared).collect();
    assert_eq!(mirror.refused("LiveAgentSession", &json!({})), missing(&all));
    let blank = json!({ "Id": "", "CreatedDate": null, "Name": "", "TimeIdle": 5 });
    assert_eq!(mirror.refused("LiveAgentSession", &blank), missing(&all));
    let session = session(there("0HK", 7));
    for field in all {
        let lacks = without(&session, &[field]);
        assert_eq!(mirror.refused("LiveAgentSession", &lacks), missing(&[field]));
    }
    let is_new = json!({ "Id": there("0HK", 7) });
    assert_eq!(mirror.refused("LiveAgentSession", &is_new).fields.len(), 10);
    // A deleted record needs the same fields.
    let deleted = without(&with(&session, &json!({ "IsDeleted": true })), &["Name", "AgentId"]);
    assert_eq!(mirror.refused("LiveAgentSession", &deleted), missing(&["AgentId", "Name"]));
    mirror.put("LiveAgentSession", &without(&session, &["IsDeleted"]));
    mirror.verify();
}

#[test]
fn a_record_that_is_there_cannot_lose_what_it_needs() {
    for is_deleted in [false, true] {
        let mirror = Mirror::new();
        let put = with(&session(there("0HK", 7)), &json!({ "IsDeleted": is_deleted }));
        let id = mirror.put("LiveAgentSession", &put);
        let change = json!({ "Id": id, "Name": "", "SystemModstamp": null, "CreatedById": "" });
        let needed = missing(&["CreatedById", "SystemModstamp", "Name"]);
        assert_eq!(mirror.refused("LiveAgentSession", &change), needed);
        let blank = refusal("INVALID_EMPTY_KEY_OWNER", "owner cannot be blank", &["OwnerId"]);
        let change = json!({ "Id": id, "OwnerId": null });
        assert_eq!(mirror.refused("LiveAgentSession", &change), blank);
    }
}

/// The refusal of an id that the field cannot hold.
fn wrong_id(code: &'static str, label: &str, value: &str, field: &str) -> Refusal {
    refusal(code, format!("{label}: id value of incorrect type: {value}"), &[field])
}

#[test]
fn ids_are_well_formed_and_of_the_right_object() {
    let mirror = Mirror::new();
    let session = session(there("0HK", 7));
    let part = there("a0P", 1).to_string();
    let guarded = there("0HK", 10).to_string().to_ascii_lowercase();
    for own in [&*part, "0HKHs0", "what", &guarded] {
        let expected = wrong_id("MALFORMED_ID", "Chat Session ID", own, "Id");
        let sent = with(&session, &json!({ "Id": own }));
        assert_eq!(mirror.refused("LiveAgentSession", &sent), expected);
    }
    for (field, label) in [
        ("AgentId", "User ID"),
        ("OwnerId", "Owner ID"),
        ("CreatedById", "Created By ID"),
        ("LastModifiedById", "Last Modified By ID"),
    ] {
        for (value, code) in [("what", "MALFORMED_ID"), (&*part, "FIELD_INTEGRITY_EXCEPTION")] {
            let expected = wrong_id(code, label, value, field);
            let sent = with(&session, &json!({ field: value }));
            assert_eq!(mirror.refused("LiveAgentSession", &sent), expected);
        }
    }
    let number = with(&session, &json!({ "Id": 5 }));
    let expected = unreadable_as(FieldType::Id, &json!(5));
    assert_eq!(mirror.refused("LiveAgentSession", &number), expected);
}

#[test]
fn system_values_are_dates_and_truths() {
    let mirror = Mirror::new();
    for (field, label) in [
        ("CreatedDate", "Created Date"),
        ("LastModifiedDate", "Last Modified Date"),
        ("SystemModstamp", "System Modstamp"),
    ] {
        let given = json!("yesterday");
        let sent = with(&part(there("a0P", 1)), &json!({ field: given }));
        let expected = unreadable_as(FieldType::DateTime, &given);
        assert_eq!(mirror.refused("Part", &sent), expected);
        for (given, value) in [
            ("1969-12-31T23:59:59.000+0000", "1969-12-31T23:59:59.000+0000"),
            ("4000-12-31T00:00:01Z", "4000-12-31T00:00:01.000+0000"),
        ] {
            let sent = with(&part(there("a0P", 1)), &json!({ field: given }));
            assert_eq!(mirror.refused("Part", &sent), wrong_type(label, value, field));
        }
        for edge in ["1970-01-01T00:00:00.000+0000", "4000-12-31T00:00:00.000+0000"] {
            let sent = with(&part(there("a0P", 2)), &json!({ field: edge }));
            let id = mirror.put("Part", &sent);
            mirror.assert_holds("Part", id, &sent);
        }
    }
    for (given, expected) in [
        (json!("perhaps"), unreadable_as(FieldType::Boolean, &json!("perhaps"))),
        (json!(2), unreadable_as(FieldType::Boolean, &json!(2))),
        (json!(null), wrong_type("Deleted", "", "IsDeleted")),
    ] {
        let sent = with(&part(there("a0P", 1)), &json!({ "IsDeleted": given }));
        assert_eq!(mirror.refused("Part", &sent), expected);
    }
    mirror.verify();
}

#[test]
fn types_lengths_and_digits_are_those_of_the_field() {
    let mirror = Mirror::of(&[KIT]);
    let too_long = |field: &str, label: &str, value: &str, max: u32| {
        let message = format!("{label}: data value too large: {value} (max length={max})");
        refusal("STRING_TOO_LONG", message, &[field])
    };
    for (field, given, expected) in [
        ("Text__c", json!("eleven char"), too_long("Text__c", "Short Text", "eleven char", 10)),
        ("Text__c", json!(" nine ch   "), too_long("Text__c", "Short Text", " nine ch   ", 10)),
        ("Mood__c", json!("thirteen char"), too_long("Mood__c", "Mood", "thirteen char", 12)),
        ("Int__c", json!(10_000), out_of_range("Whole", "10000", "Int__c")),
        ("Double__c", json!(12_345.5), out_of_range("Decimal", "12345.5", "Double__c")),
        ("Int__c", json!("few"), unreadable("Int__c", &json!("few"))),
        ("Sure__c", json!(null), wrong_type("Sure", "", "Sure__c")),
        ("Text__c", json!(5), unreadable("Text__c", &json!(5))),
        ("Day__c", json!("1699-12-31"), wrong_type("Day", "1699-12-31", "Day__c")),
        ("Text__c", json!({ "a": 1 }), unreadable("Text__c", &json!({}))),
    ] {
        let kit = stamped(there("a0K", 1), &json!({ "Name": "K-0001", "Sure__c": true }));
        assert_eq!(mirror.refused("Kit__c", &with(&kit, &json!({ field: given }))), expected);
        let whole = mirror.put("Kit__c", &kit);
        let change = json!({ "Id": whole, field: given });
        assert_eq!(
            mirror.refused("Kit__c", &change),
            expected,
            "{field} of a record that is there"
        );
    }
    mirror.verify();
}

#[test]
fn names_that_are_no_field_or_no_object_are_told() {
    let mirror = Mirror::new();
    let unknown = with(&part(there("a0P", 1)), &json!({ "Colour": "red" }));
    let expected = refusal("INVALID_FIELD", "No such column 'Colour' on sobject of type Part", &[]);
    assert_eq!(mirror.refused("Part", &unknown), expected);
    // Users cannot be deleted, so they have no IsDeleted.
    let expected =
        refusal("INVALID_FIELD", "No such column 'IsDeleted' on sobject of type User", &[]);
    assert_eq!(mirror.refused("User", &with(&user(1), &json!({ "IsDeleted": false }))), expected);
    let twice = with(&part(there("a0P", 1)), &json!({ "NAME": "Hub" }));
    let expected = refusal("INVALID_FIELD", "Field Name is specified more than once", &[]);
    assert_eq!(mirror.refused("Part", &twice), expected);
    let expected = refusal("INVALID_TYPE", "sObject type 'Ghost__c' is not supported.", &[]);
    assert_eq!(mirror.refused("Ghost__c", &json!({})), expected);
    assert_eq!(refused(mirror.replica().put_many("Ghost__c", &[] as &[JsonRecord])), expected);
    mirror.put("pART", &part(there("a0P", 1)));
    mirror.verify();
}

/// Four parts, and their refusals: the second lacks its name, and the third has a user's id.
fn parts() -> (Vec<JsonRecord>, Vec<Option<Refusal>>) {
    let [first, second, third, fourth] =
        [1, 2, 3, 4].map(|number| map(&part(there("a0P", number))));
    let second = map(&without(&second.into(), &["Name"]));
    let user = there("005", 1);
    let third = map(&with(&third.into(), &json!({ "Id": user })));
    let wrong = wrong_id("MALFORMED_ID", "Spare Part ID", &user.to_string(), "Id");
    let outcomes = vec![None, Some(missing(&["Name"])), Some(wrong), None];
    (vec![first, second, third, fourth], outcomes)
}

#[test]
fn of_many_records_each_is_written_or_refused() {
    let mirror = Mirror::new();
    let (records, expected) = parts();
    let results = mirror.replica().put_many("Part", &records).unwrap();
    let ids: Vec<_> = results.iter().flatten().copied().collect();
    assert_eq!(ids, [there("a0P", 1), there("a0P", 4)]);
    assert_eq!(outcomes(results), expected);
    assert_eq!(mirror.verify().live, 2);
}

#[test]
fn all_of_many_records_are_written_or_none() {
    let mirror = Mirror::new();
    let (records, mut expected) = parts();
    (expected[0], expected[3]) = (Some(rolled_back()), Some(rolled_back()));
    let replica = mirror.replica().all_or_none();
    let put = |records: &[_]| outcomes(replica.put_many("Part", records).unwrap());
    assert_eq!(nothing_changes(&mirror.store, || put(&records)), expected);
    let good = [records[0].clone(), records[3].clone()];
    assert_eq!(put(&good), [None, None]);
    assert_eq!(mirror.verify().live, 2);
}

#[test]
fn a_call_takes_more_records_than_an_org_does() {
    let mirror = Mirror::new();
    let records: Vec<_> = (1..=1_201).map(|number| map(&part(there("a0P", number)))).collect();
    let results = mirror.replica().put_many("Part", &records).unwrap();
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(mirror.verify().live, 1_201);
    assert_eq!(mirror.replica().put_many("Part", &[] as &[JsonRecord]).unwrap().len(), 0);
}

#[test]
fn several_objects_are_written_together() {
    let mirror = Mirror::new();
    let sessions = [map(&session(there("0HK", 7)))];
    let put = mirror.replica().transaction(|tx| -> Result<_> {
        let results = tx.put_many("LiveAgentSession", &sessions)?;
        // A record that is refused does not take back the others of the transaction.
        assert_eq!(refused(tx.put("User", &map(&json!({})))).code, "REQUIRED_FIELD_MISSING");
        tx.put("User", &map(&user(1)))?;
        results.into_iter().next().expect("one result")
    });
    mirror.assert_holds("LiveAgentSession", put.unwrap(), &session(there("0HK", 7)));
    let verified = mirror.verify();
    assert_eq!((verified.live, verified.unresolved), (2, 0));
}

#[test]
fn an_error_or_a_panic_leaves_nothing_behind() {
    let mirror = Mirror::new();
    let whole: Json = part(id("a0P", super::HERE, 900));
    nothing_changes(&mirror.store, || {
        let ended = mirror.replica().transaction(|tx| -> Result<()> {
            tx.put("Part", &map(&whole))?;
            Err(Error::NestedWrite)
        });
        assert!(matches!(ended, Err(Error::NestedWrite)));
        let ended = catch_unwind(AssertUnwindSafe(|| {
            mirror.replica().transaction(|tx| -> Result<()> {
                tx.put("Part", &map(&whole))?;
                std::panic::resume_unwind(Box::new(()))
            })
        }));
        assert!(ended.is_err());
        let nested = mirror.replica().transaction(|_| mirror.replica().put("Part", &map(&whole)));
        assert!(matches!(nested, Err(Error::NestedWrite)));
    });
    // The refusals used up no record number.
    let parts = mirror.store.system().object("Part").unwrap();
    assert_eq!(parts.create(&map(&json!({ "Name": "Hub" }))).unwrap(), id("a0P", super::HERE, 1));
    mirror.verify();
}
