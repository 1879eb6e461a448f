//! References: the form of ids, the objects that a reference may name, and that the record must
//! exist; and the owner.

use serde_json::{Value as Json, json};
use sobject_core::{
    Definition, FieldType, SObject, Target,
    standard::{Group, User},
};

use crate::{
    desk::{deleted_record, map, no_such_record, refusal, refused},
    types::{KIT, Shop, open, required, unreadable},
};

#[test]
fn a_reference_is_given_in_either_form_and_kept_in_the_long_one() {
    let shop = Shop::of(&[KIT]);
    let twin = shop.create("Kit__c", &json!({})).to_string();
    let cases = [
        (json!(twin), json!(twin)),
        (json!(twin[..15]), json!(twin)),
        (json!(format!(" {twin}\n")), json!(twin)),
        (json!(""), Json::Null),
        (json!(" "), Json::Null),
        (json!(null), Json::Null),
    ];
    shop.assert_kept("Twin__c", &cases);
}

#[test]
fn what_is_no_id_is_refused() {
    let shop = Shop::of(&[KIT]);
    let twin = shop.create("Kit__c", &json!({})).to_string();
    let wrong_checksum = format!("{}AAB", &twin[..15]);
    let lower_case = twin.to_lowercase();
    for given in
        ["x", "a0K", &twin[..14], &twin[..16], &wrong_checksum, &lower_case, "a0Kxx000000000é"]
    {
        let message = format!("Twin: id value of incorrect type: {given}");
        let expected = refusal("MALFORMED_ID", message, &["Twin__c"]);
        shop.assert_refused("Twin__c", &json!(given), &expected);
    }
    for given in [json!(5), json!(0.5), json!(true), json!({}), json!([])] {
        shop.assert_refused("Twin__c", &given, &unreadable("Twin__c", &given));
    }
}

#[test]
fn an_id_of_an_object_that_the_reference_does_not_name_is_refused() {
    let shop = Shop::of(&[KIT, Group::OBJECT]);
    let group = shop.create("Group", &json!({ "Name": "Night Shift" })).to_string();
    for (field, label, given) in [
        ("Twin__c", "Twin", group.as_str()),
        ("Ghost__c", "Ghost", &group),
        ("Twin__c", "Twin", "a0Gxx0000000001EAA"),
        ("Ghost__c", "Ghost", "001xx0000000001AAA"),
    ] {
        let message = format!("{label}: id value of incorrect type: {given}");
        let expected = refusal("FIELD_INTEGRITY_EXCEPTION", message, &[field]);
        shop.assert_refused(field, &json!(given), &expected);
    }
}

#[test]
fn a_record_that_is_not_there_or_deleted_cannot_be_referred_to() {
    let shop = Shop::of(&[KIT]);
    let gone = shop.create("Kit__c", &json!({}));
    shop.object("Kit__c").delete(gone).unwrap();
    for field in ["Twin__c", "Ghost__c"] {
        shop.assert_refused(field, &json!("a0Kxx0000009999"), &no_such_record());
        shop.assert_refused(field, &json!("a0Kzz0000000001"), &no_such_record());
        shop.assert_refused(field, &json!(gone), &deleted_record());
    }
}

#[test]
fn an_object_that_is_not_registered_is_known_by_its_key_prefix() {
    let shop = Shop::of(&[KIT]);
    let ghost = json!("a0Gxx0000000001EAA");
    shop.assert_kept("Ghost__c", &[(ghost.clone(), ghost)]);
    let message = "Ghost: id value of incorrect type: a0Hxx0000000001EAA";
    let expected = refusal("FIELD_INTEGRITY_EXCEPTION", message, &["Ghost__c"]);
    shop.assert_refused("Ghost__c", &json!("a0Hxx0000000001EAA"), &expected);
}

#[test]
fn an_object_that_is_not_registered_and_of_unknown_prefix_may_be_any_that_is_not_there() {
    const NOTE: &Definition = &Definition::new("Note__c").key_prefix("a0N").fields(&[open(
        "About__c",
        FieldType::Reference,
    )
    .references(&[Target::new("Ghost__c", "")])]);
    let shop = Shop::of(&[NOTE]);
    let about = json!({ "About__c": "a0Hxx0000000001EAA" });
    let note = shop.create("Note__c", &about);
    assert_eq!(shop.value("Note__c", note, "About__c"), about["About__c"]);
    let itself = refused(shop.object("Note__c").update(note, &map(&json!({ "About__c": note }))));
    let message = format!("About__c: id value of incorrect type: {note}");
    assert_eq!(itself, refusal("FIELD_INTEGRITY_EXCEPTION", message, &["About__c"]));
    shop.verify();
}

#[test]
fn references_are_checked_before_the_values_of_other_fields() {
    let shop = Shop::of(&[KIT]);
    let kits = shop.object("Kit__c");
    let wrong = json!({ "Text__c": "far too long", "Twin__c": "a0Kxx0000009999" });
    shop.nothing_changes(|| assert_eq!(refused(kits.create(&map(&wrong))), no_such_record()));
}

/// A case whose owner the store supplies, and a case whose owner it does not supply.
const CASE: &Definition = &Definition::new("Case__c").key_prefix("a0C").fields(&[required(
    "OwnerId",
    FieldType::Reference,
)
.label("Owner ID")
.references(&[Target::new("Group", "00G"), Target::new("User", "005")])
.defaulted_on_create()]);

#[test]
fn a_record_without_an_owner_is_refused_by_a_code_of_its_own() {
    let shop = Shop::of(&[CASE, User::OBJECT, Group::OBJECT]);
    let cases = shop.object("Case__c");
    let case = shop.create("Case__c", &json!({}));
    let owner = shop.value("Case__c", case, "OwnerId");
    assert_eq!(owner, shop.value("Case__c", case, "CreatedById"), "the owner is the caller");
    let expected = refusal("INVALID_EMPTY_KEY_OWNER", "owner cannot be blank", &["OwnerId"]);
    shop.nothing_changes(|| {
        for nobody in [json!({ "OwnerId": null }), json!({ "ownerid": "  " })] {
            assert_eq!(refused(cases.create(&map(&nobody))), expected, "{nobody}");
            assert_eq!(refused(cases.update(case, &map(&nobody))), expected, "{nobody}");
        }
        for (owner, code) in [
            ("005xx0000009999", "INVALID_CROSS_REFERENCE_KEY"),
            ("a0Cxx0000000001", "FIELD_INTEGRITY_EXCEPTION"),
            ("Ada", "MALFORMED_ID"),
        ] {
            let update = map(&json!({ "OwnerId": owner }));
            assert_eq!(refused(cases.update(case, &update)).code, code, "{owner}");
        }
    });
}
