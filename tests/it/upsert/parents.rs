//! Parents that records name by a key, in a create, an update and an upsert.

use serde_json::{Value as Json, json};
use sobject_core::{RecordId, SObject as _, Store, standard::User};

use super::{OBJECTS, shop};
use crate::{
    desk::{Refusal, map, refusal, refused},
    types::Shop,
};

fn bad(message: &str) -> Refusal {
    refusal("INVALID_FIELD", message, &[])
}

/// Creates, updates and upserts a branch with each of these, and tells where its reference leads then.
fn lead(shop: &Shop, branch: RecordId, given: &Json, field: &str) -> Vec<Json> {
    let branches = shop.object("Branch__c");
    let mut body = map(given);
    branches.update(branch, &body).unwrap_or_else(|error| panic!("update {given}: {error}"));
    let updated = branch;
    body.insert("Code__c".to_owned(), json!("U1"));
    let upserted = branches.upsert("Code__c", &body);
    let upserted = upserted.unwrap_or_else(|error| panic!("upsert {given}: {error}")).id;
    body.remove("Code__c");
    let created = branches.create(&body);
    let created = created.unwrap_or_else(|error| panic!("create {given}: {error}"));
    [updated, upserted, created].map(|id| shop.value("Branch__c", id, field)).into()
}

#[test]
fn a_parent_is_found_by_each_kind_of_key() {
    let (shop, firm) = shop();
    let other = shop.create("Firm__c", &json!({ "Title__c": "Other", "Tag__c": "t1" }));
    let branch = shop.create("Branch__c", &json!({ "Firm__c": other }));
    for (name, parent, leads) in [
        ("Firm__r", json!({ "Any__c": "x1" }), firm),
        ("firm__R", json!({ "any__C": " X1 " }), firm),
        ("Firm__r", json!({ "Case__c": "K1" }), firm),
        ("Firm__r", json!({ "Tag__c": "T1" }), firm),
        ("Firm__r", json!({ "Tag__c": "t1" }), other),
        ("Firm__r", json!({ "Number__c": "7" }), firm),
        ("Firm__r", json!({ "Mail__c": "Wile@acme.example" }), firm),
        ("Firm__r", json!({ "Name": "F-002" }), other),
        ("Firm__r", json!({ "Id": firm }), firm),
        ("Firm__r", json!({ "Id": firm.to_string()[..15] }), firm),
        ("Firm__r", json!({ "attributes": { "type": "Firm__c" }, "Any__c": "X1" }), firm),
        ("Firm__r", json!({ "attributes": { "url": "/x" }, "Any__c": "X1" }), firm),
        ("Firm__r", json!({ "type": "firm__c", "Any__c": "X1" }), firm),
    ] {
        let given = json!({ name: parent });
        assert_eq!(lead(&shop, branch, &given, "Firm__c"), vec![json!(leads); 3]);
    }
    shop.verify();
}

#[test]
fn a_reference_that_may_be_of_several_objects_needs_a_type() {
    let (shop, firm) = shop();
    let branch = shop.create("Branch__c", &json!({ "Firm__c": firm, "Code__c": "B1" }));
    for (parent, leads) in [
        (json!({ "attributes": { "type": "Firm__c" }, "Any__c": "X1" }), firm),
        (json!({ "type": "branch__c", "Code__c": "b1" }), branch),
        (json!({ "attributes": { "type": "Branch__c" }, "Id": branch }), branch),
    ] {
        let given = json!({ "Watch__r": parent, "Firm__c": firm });
        assert_eq!(lead(&shop, branch, &given, "Watch__c"), vec![json!(leads); 3], "{given}");
    }
    for (parent, message) in [
        (
            json!({ "Any__c": "X1" }),
            "The external foreign key reference Watch__r may be of several objects: its type must be \
             given",
        ),
        (
            json!({ "attributes": { "type": "Fixed__c" }, "Any__c": "X1" }),
            "The external foreign key reference Watch__r may not be of type Fixed__c",
        ),
    ] {
        let given = json!({ "Watch__r": parent });
        let refused = refused(shop.object("Branch__c").update(branch, &given));
        assert_eq!(refused, bad(message), "{given}");
    }
    shop.verify();
}

#[test]
fn a_parent_that_cannot_be_found_refuses_its_record_and_no_other() {
    let (shop, firm) = shop();
    let branches = shop.object("Branch__c");
    let branch = shop.create("Branch__c", &json!({ "Firm__c": firm }));
    let gone = shop.create("Firm__c", &json!({ "Title__c": "Gone", "Any__c": "G1" }));
    shop.object("Firm__c").delete(gone).unwrap();
    let twin = shop.create("Firm__c", &json!({ "Title__c": "Twin", "Tag__c": "T1" }));
    let not_found = |value: &str, key: &str| {
        bad(&format!(
            "Foreign key external ID: {value} not found for field {key} in entity Firm__c"
        ))
    };
    let several =
        format!("Tag: more than one record found for external id field: [{firm}, {twin}]");
    let cases = [
        (json!({ "Firm__r": { "Any__c": "Q1" } }), not_found("Q1", "Any__c")),
        (json!({ "Firm__r": { "Any__c": "g1" } }), not_found("g1", "Any__c")),
        (json!({ "Firm__r": { "Any__c": null } }), not_found("null", "Any__c")),
        (json!({ "Firm__r": { "Any__c": "" } }), not_found("", "Any__c")),
        (json!({ "Firm__r": { "Tag__c": "t1" } }), not_found("t1", "Tag__c")),
        (json!({ "Firm__r": { "Tag__c": "T1" } }), refusal("DUPLICATE_EXTERNAL_ID", several, &[])),
        (
            json!({ "Firm__r": { "Any__c": "X1" }, "Firm__c": firm }),
            bad(
                "Cannot specify both an external ID reference Firm__r and a salesforce id, Firm__c",
            ),
        ),
        (
            json!({ "Firm__r": { "Any__c": "X1" }, "firm__R": { "Any__c": "X1" } }),
            bad("Field Firm__r is specified more than once"),
        ),
        (
            json!({ "Firm__r": { "Any__c": "X1", "Case__c": "K1" } }),
            bad(
                "More than 1 field provided in an external foreign key reference in entity: Branch__c",
            ),
        ),
        (
            json!({ "Firm__r": {} }),
            bad("No field provided in an external foreign key reference in entity: Branch__c"),
        ),
        (
            json!({ "Firm__r": { "Plain__c": "x" } }),
            bad("Field name provided, Plain__c does not match an External ID, Salesforce Id, or \
                 indexed field for Firm__c"),
        ),
        (
            json!({ "Firm__r": { "Ghost__c": "x" } }),
            bad("No such column 'Ghost__c' on sobject of type Firm__c"),
        ),
        (json!({ "Firm__r": { "Id": "a0Fxx0000009999" } }), crate::desk::no_such_record()),
        (
            json!({ "Lost__r": { "Key__c": "x" }, "Firm__c": firm }),
            bad(
                "The external foreign key reference Lost__r is not of an object that can be looked up",
            ),
        ),
    ];
    shop.nothing_changes(|| {
        for (given, expected) in &cases {
            assert_eq!(refused(branches.create(given)), *expected, "create {given}");
            assert_eq!(refused(branches.update(branch, given)), *expected, "update {given}");
            let keyed = crate::desk::record(given, &json!({ "Code__c": "N1" }));
            assert_eq!(refused(branches.upsert("Code__c", &keyed)), *expected, "upsert {given}");
        }
    });
    let mut records: Vec<_> = cases.iter().map(|(given, _)| given.clone()).collect();
    records.push(json!({ "Firm__r": { "Any__c": "X1" } }));
    let results = crate::types::outcomes(branches.create_many(&records).unwrap());
    for ((given, expected), result) in cases.into_iter().zip(&results) {
        assert_eq!(*result, Some(expected), "{given}");
    }
    assert_eq!(results.last(), Some(&None));
    shop.verify();
}

#[test]
fn the_other_errors_of_a_record_come_in_their_order() {
    let (shop, _) = shop();
    let branches = shop.object("Branch__c");
    let lost = json!({ "Any__c": "Q1" });
    // Names before anything, what may not be set before parents that are not found.
    let unknown = json!({ "Firm__r": lost, "Ghost__c": 1, "Uncle__r": {} });
    let message = "No such column 'Ghost__c', 'Uncle__r' on sobject of type Branch__c";
    assert_eq!(refused(branches.create(&unknown)), bad(message));
    let read_only = json!({ "Firm__r": lost, "Name": "B-9" });
    assert_eq!(refused(branches.create(&read_only)), crate::desk::not_writeable(&["Name"]));
    let value = json!({ "Firm__r": { "Mail__c": "nobody" } });
    assert_eq!(refused(branches.create(&value)).code, "INVALID_EMAIL_ADDRESS");
    let json = json!({ "Firm__r": { "Number__c": "many" } });
    assert_eq!(refused(branches.create(&json)).code, "JSON_PARSER_ERROR");
    // A relationship of the platform's own fields is none that may be set.
    let store = Store::in_memory(&[User::OBJECT, OBJECTS[0]]).unwrap();
    let firms = store.system().object("Firm__c").unwrap();
    let created_by = json!({ "Title__c": "T", "CreatedBy": { "Username": "ada@example.com" } });
    assert_eq!(refused(firms.create(&created_by)), crate::desk::not_writeable(&["CreatedById"]));
    shop.verify();
}

#[test]
fn a_parent_must_be_there_before_the_call() {
    let (shop, firm) = shop();
    let firms = shop.object("Firm__c");
    let records = [
        json!({ "Title__c": "Head", "Any__c": "H1" }),
        json!({ "Title__c": "Arm", "Head__r": { "Any__c": "H1" } }),
        json!({ "Title__c": "Leg", "Head__r": { "Any__c": "X1" } }),
    ];
    let results = firms.create_many(&records).unwrap();
    let are_written: Vec<_> = results.iter().map(Result::is_ok).collect();
    assert_eq!(are_written, [true, false, true]);
    assert_eq!(shop.value("Firm__c", *results[2].as_ref().unwrap(), "Head__c"), json!(firm));
    // In a transaction an earlier call counts.
    let arm = shop.db.transaction(|tx| {
        let mut firms = tx.object("Firm__c")?;
        firms.create(&json!({ "Title__c": "Head", "Any__c": "H2" }))?;
        firms.create(&json!({ "Title__c": "Arm", "Head__r": { "Any__c": "h2" } }))
    });
    assert!(arm.is_ok());
    shop.verify();
}
