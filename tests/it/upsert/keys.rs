//! Which record a key names.

use serde_json::json;
use sobject_core::Upserted;

use super::{acme, shop};
use crate::desk::{
    deleted_record, map, missing, no_such_record, not_writeable, record, refusal, refused,
};

#[test]
fn a_key_names_the_record_that_has_it_and_no_other() {
    let (shop, firm) = shop();
    let firms = shop.object("Firm__c");
    for (key, given, is_found) in [
        // In any case where the field is unique so, and as it is written elsewhere.
        ("Any__c", json!("X1"), true),
        ("any__C", json!(" x1 "), true),
        ("Any__c", json!("X2"), false),
        ("Case__c", json!("K1"), true),
        ("Case__c", json!("k1"), false),
        ("Tag__c", json!("T1"), true),
        ("Tag__c", json!("t1"), false),
        ("Number__c", json!(7), true),
        ("Number__c", json!("7.0"), true),
        ("Number__c", json!(7.5), false),
        ("Mail__c", json!("WILE@acme.example"), true),
        ("Mail__c", json!("e.coyote@acme.example"), false),
        ("Name", json!("F-001"), true),
        ("Id", json!(firm), true),
        ("iD", json!(firm.to_string()[..15]), true),
        ("Id", json!(null), false),
        ("Id", json!(""), false),
    ] {
        let body =
            json!({ key: given, "Title__c": format!("{key} {given}").trim_end_matches('.') });
        let body = record(&body, &json!({ "Title__c": "Changed", "Plain__c": key }));
        let done =
            firms.upsert(key, &body).unwrap_or_else(|error| panic!("{key} {given}: {error}"));
        assert_eq!(done.created, !is_found, "{key} {given}");
        assert_eq!(done.id == firm, is_found, "{key} {given}");
        assert_eq!(shop.value("Firm__c", done.id, "Plain__c"), key);
        if done.created {
            firms.delete(done.id).unwrap();
        }
    }
    // The key is not respelled.
    assert_eq!(shop.value("Firm__c", firm, "Any__c"), "X1");
    assert_eq!(shop.value("Firm__c", firm, "Mail__c"), "wile@acme.example");
    shop.verify();
}

#[test]
fn an_upsert_changes_what_is_given_and_creates_with_the_key() {
    let (shop, firm) = shop();
    let firms = shop.object("Firm__c");
    let done = firms.upsert("Any__c", &json!({ "Any__c": "x1", "Plain__c": "p" })).unwrap();
    assert_eq!(done, Upserted { id: firm, created: false });
    let changed = shop.get("Firm__c", firm);
    for (field, value) in map(&acme()) {
        let value = if field == "Number__c" { json!(7.0) } else { value };
        assert_eq!(changed[&field], value, "{field}");
    }
    let done = firms.upsert("Any__c", &json!({ "Any__c": "N1", "Title__c": "New" })).unwrap();
    assert!(done.created);
    assert_eq!(shop.value("Firm__c", done.id, "Any__c"), "N1");
    shop.verify();
}

#[test]
fn a_deleted_record_is_never_found() {
    let (shop, firm) = shop();
    let firms = shop.object("Firm__c");
    firms.delete(firm).unwrap();
    let done = firms.upsert("Any__c", &acme()).unwrap();
    assert!(done.created && done.id != firm);
    assert_eq!(refused(firms.undelete(firm)).code, "DUPLICATE_VALUE");
    // By Id it is not made anew.
    let given = json!({ "Id": firm, "Plain__c": "p" });
    assert_eq!(refused(firms.upsert("Id", &given)), deleted_record());
    let given = json!({ "Id": "a0Fxx0000009999", "Plain__c": "p" });
    assert_eq!(refused(firms.upsert("Id", &given)), no_such_record());
    let message = "Firm ID: id value of incorrect type: nonsense";
    let expected = refusal("MALFORMED_ID", message, &["Id"]);
    assert_eq!(refused(firms.upsert("Id", &json!({ "Id": "nonsense" }))), expected);
    shop.verify();
}

#[test]
fn several_records_of_one_key_are_named_and_none_is_written() {
    let (shop, firm) = shop();
    let firms = shop.object("Firm__c");
    let twin = shop.create("Firm__c", &json!({ "Title__c": "Twin", "Tag__c": "T1" }));
    // These differ in case, and so do not count.
    for n in 0..25 {
        let tag = if n % 2 == 0 { "t1" } else { "t2" };
        shop.create("Firm__c", &json!({ "Title__c": "Other", "Tag__c": tag }));
    }
    let late = shop.create("Firm__c", &json!({ "Title__c": "Late", "Tag__c": "T1" }));
    let message =
        format!("Tag: more than one record found for external id field: [{firm}, {twin}, {late}]");
    let expected = refusal("DUPLICATE_EXTERNAL_ID", message, &[]);
    shop.nothing_changes(|| {
        let given = json!({ "Tag__c": "T1", "Plain__c": "p" });
        assert_eq!(refused(firms.upsert("Tag__c", &given)), expected);
    });
    // A text that only others of the same letters have is not there.
    assert!(firms.upsert("Tag__c", &json!({ "Tag__c": "T2", "Title__c": "New" })).unwrap().created);
    shop.verify();
}

#[test]
fn no_more_than_ten_records_of_one_key_are_named() {
    let (shop, _) = shop();
    for _ in 0..12 {
        shop.create("Firm__c", &json!({ "Title__c": "Twin", "Mail__c": "a@b.example" }));
    }
    let error = super::error_of(
        shop.object("Firm__c").upsert("Mail__c", &json!({ "Mail__c": "A@B.example" })),
    );
    let sobject_core::Error::SeveralMatches { records, label, .. } = error else {
        panic!("{error}");
    };
    assert_eq!((records.len(), &*label), (10, "Mail"));
    shop.verify();
}

#[test]
fn a_record_without_its_key_is_refused() {
    let (shop, _) = shop();
    let firms = shop.object("Firm__c");
    for given in [json!({}), json!({ "Any__c": null }), json!({ "any__c": " " })] {
        let given = record(&given, &json!({ "Title__c": "New" }));
        let expected = refusal("MISSING_ARGUMENT", "Any__c not specified", &[]);
        shop.nothing_changes(|| assert_eq!(refused(firms.upsert("Any__c", &given)), expected));
    }
    // A key that the field cannot have is a value that it cannot have.
    let given = json!({ "Any__c": "much too long", "Title__c": "New" });
    let message = "Any Case: data value too large: much too long (max length=8)";
    let expected = refusal("STRING_TOO_LONG", message, &["Any__c"]);
    assert_eq!(refused(firms.upsert("Any__c", &given)), expected);
    shop.verify();
}

#[test]
fn what_is_no_key_is_refused_for_the_whole_call() {
    let (shop, _) = shop();
    let firms = shop.object("Firm__c");
    for key in ["Plain__c", "Head__c", "Ghost__c", ""] {
        let message = format!(
            "Field name provided, {key} does not match an External ID, Salesforce Id, or indexed \
             field for Firm__c"
        );
        let expected = refusal("INVALID_EXTERNAL_ID_FIELD_NAME", message, &[]);
        let given = [json!({ key: "x", "Title__c": "New" })];
        shop.nothing_changes(|| {
            assert_eq!(refused(firms.upsert(key, &given[0])), expected);
            assert_eq!(refused(firms.upsert_many(key, &given)), expected);
            assert_eq!(refused(firms.upsert_at(key, "x", &given[0])), expected);
        });
    }
    let message = "entity type cannot be upserted: Fixed Thing";
    let expected = refusal("INVALID_ENTITY_FOR_UPSERT", message, &[]);
    let fixed = shop.object("Fixed__c");
    shop.nothing_changes(|| {
        assert_eq!(refused(fixed.upsert("Key__c", &json!({ "Key__c": "x" }))), expected);
        assert_eq!(refused(fixed.upsert_many("Id", &[json!({ "Key__c": "x" })])), expected);
    });
    shop.verify();
}

#[test]
fn an_upsert_is_checked_as_the_create_or_the_update_that_it_comes_to() {
    let (shop, firm) = shop();
    let firms = shop.object("Firm__c");
    for (given, expected) in [
        (json!({ "Any__c": "N1" }), missing(&["Title__c"])),
        (json!({ "Any__c": "X1", "Title__c": null }), missing(&["Title__c"])),
        (json!({ "Any__c": "X1", "Name": "F-9" }), not_writeable(&["Name"])),
        (
            json!({ "Any__c": "X1", "CreatedDate": "2026-03-01T08:00:00Z" }),
            not_writeable(&["CreatedDate"]),
        ),
    ] {
        shop.nothing_changes(|| assert_eq!(refused(firms.upsert("Any__c", &given)), expected));
    }
    // A number that only the store gives names a record and makes none.
    let given = json!({ "Name": "F-9", "Title__c": "New" });
    assert_eq!(refused(firms.upsert("Name", &given)), not_writeable(&["Name"]));
    let given = json!({ "Name": "F-001", "Title__c": "New" });
    assert_eq!(firms.upsert("Name", &given).unwrap().id, firm);

    // A unique value of another record is refused in both.
    let other = shop.create("Firm__c", &json!({ "Title__c": "Other", "Case__c": "K2" }));
    for key in ["X1", "N1"] {
        let given = json!({ "Any__c": key, "Title__c": "T", "Case__c": "K2" });
        let expected = crate::types::duplicate("Case__c", other);
        assert_eq!(refused(firms.upsert("Any__c", &given)), expected);
    }
    shop.verify();
}

#[test]
fn an_id_has_no_place_beside_another_key() {
    let (shop, firm) = shop();
    let firms = shop.object("Firm__c");
    let message = "The Id field should not be specified in the sobject data.";
    let expected = refusal("INVALID_FIELD", message, &[]);
    for key in ["X1", "N1"] {
        let given = json!({ "Id": firm, "Any__c": key, "Title__c": "T" });
        shop.nothing_changes(|| assert_eq!(refused(firms.upsert("Any__c", &given)), expected));
    }
}

#[test]
fn a_key_beside_the_record_is_not_in_it() {
    let (shop, firm) = shop();
    let firms = shop.object("Firm__c");
    let done = firms.upsert_at("Any__c", "x1", &json!({ "Plain__c": "p" })).unwrap();
    assert_eq!(done, Upserted { id: firm, created: false });
    let done = firms.upsert_at("Number__c", 8, &json!({ "Title__c": "New" })).unwrap();
    assert!(done.created);
    assert_eq!(shop.value("Firm__c", done.id, "Number__c"), 8.0);
    let done = firms.upsert_at("Id", firm.to_string(), &json!({ "Plain__c": "q" })).unwrap();
    assert_eq!(done, Upserted { id: firm, created: false });

    let in_body = |field| format!("The {field} field should not be specified in the sobject data.");
    for (key, value, given, field) in [
        ("Any__c", json!("X1"), json!({ "any__c": "X1" }), "Any__c"),
        ("Any__c", json!("X1"), json!({ "Id": firm }), "Id"),
        ("Id", json!(firm), json!({ "Id": firm }), "Id"),
    ] {
        let expected = refusal("INVALID_FIELD", in_body(field), &[]);
        let done = || firms.upsert_at(key, value.clone(), &given);
        shop.nothing_changes(|| assert_eq!(refused(done()), expected, "{key} {given}"));
    }
    let expected = refusal("MISSING_ARGUMENT", "Any__c not specified", &[]);
    assert_eq!(refused(firms.upsert_at("Any__c", json!(null), &json!({}))), expected);
    assert_eq!(refused(firms.upsert_at("Number__c", "many", &json!({}))).code, "JSON_PARSER_ERROR");
    shop.verify();
}
