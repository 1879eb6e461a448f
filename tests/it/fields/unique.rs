//! Unique fields: which values count as the same, and which record has a value.

use serde_json::{Value as Json, json};
use sobject_core::{Definition, FieldType, RecordId};

use crate::{
    desk::{map, refused},
    types::{Shop, duplicate, open, outcomes},
};

/// An object with a unique field of several types.
const CARD: &Definition = &Definition::new("Card__c").key_prefix("a0D").fields(&[
    open("Code__c", FieldType::String).length(40).unique(),
    open("Exact__c", FieldType::String).length(40).unique().case_sensitive(),
    open("Mail__c", FieldType::Email).unique(),
    open("ExactMail__c", FieldType::Email).unique().case_sensitive(),
    open("Int__c", FieldType::Int).unique(),
    open("Long__c", FieldType::Long).unique(),
    open("Double__c", FieldType::Double).precision(8, 2).unique(),
    open("Day__c", FieldType::Date).unique(),
    open("At__c", FieldType::DateTime).unique(),
    open("Time__c", FieldType::Time).unique(),
    open("Colour__c", FieldType::Picklist).unique(),
    open("Twin__c", FieldType::Reference)
        .references(&[sobject_core::Target::new("Card__c", "a0D")])
        .unique(),
    open("Note__c", FieldType::String),
]);

/// Asserts that a create and an update with these values are refused because `holder` has them.
#[track_caller]
fn assert_taken(shop: &Shop, given: &Json, field: &str, holder: RecordId) {
    let cards = shop.object("Card__c");
    let other = shop.create("Card__c", &json!({}));
    shop.nothing_changes(|| {
        let expected = duplicate(field, holder);
        assert_eq!(refused(cards.create(&map(given))), expected, "create {given}");
        assert_eq!(refused(cards.update(other, &map(given))), expected, "update to {given}");
    });
    cards.delete(other).unwrap();
}

#[test]
fn no_two_live_records_have_the_same_value() {
    let shop = Shop::of(&[CARD]);
    let twin = shop.create("Card__c", &json!({}));
    for (field, value, same, another) in [
        ("Code__c", json!("Aé"), json!(" aÉ "), json!("Ae")),
        ("Exact__c", json!("Aé"), json!("Aé "), json!("aé")),
        ("Mail__c", json!("A@b.c"), json!(" (Foe) a@B.C"), json!("a@b.cc")),
        ("ExactMail__c", json!("A@b.c"), json!("a@B.C (Foe)"), json!("b@b.c")),
        ("Double__c", json!("1e3"), json!(1000), json!(1000.0001)),
        ("Int__c", json!(0), json!("-0"), json!(1)),
        ("Long__c", json!(-5), json!("-5"), json!(5)),
        ("Double__c", json!(-0.0), json!("0.000"), json!(0.001)),
        ("Double__c", json!(1.239), json!("1.2390"), json!(1.23)),
        ("Day__c", json!("2026-03-01"), json!(" 2026-03-01"), json!("2026-03-02")),
        (
            "At__c",
            json!("2026-03-01T08:00:00Z"),
            json!("2026-03-01T09:00:00.999+01:00"),
            json!("2026-03-01T08:00:01Z"),
        ),
        ("Time__c", json!("08:00:00"), json!("08:00:00.0009Z"), json!("08:00:00.001")),
        ("Colour__c", json!("Red"), json!("RED"), json!("Rot")),
        ("Twin__c", json!(twin), json!(twin.to_string()[..15]), Json::Null),
    ] {
        let holder = shop.create("Card__c", &json!({ field: value }));
        assert_taken(&shop, &json!({ field: value }), field, holder);
        assert_taken(&shop, &json!({ field: same }), field, holder);
        shop.create("Card__c", &json!({ field: another }));
    }
    shop.verify();
}

#[test]
fn null_is_unlike_any_other() {
    let shop = Shop::of(&[CARD]);
    for nothing in [json!({}), json!({ "Code__c": null, "Int__c": "" }), json!({ "Code__c": " " })]
    {
        shop.create("Card__c", &nothing);
    }
    assert_eq!(shop.object("Card__c").count().unwrap(), 3);
    shop.verify();
}

#[test]
fn texts_that_begin_alike_are_two() {
    let shop = Shop::of(&[CARD]);
    for code in ["a", "aa", "a\0", "a\0\0", "a\u{1}", "b"] {
        shop.create("Card__c", &json!({ "Code__c": code, "Exact__c": code }));
    }
    shop.verify();
}

#[test]
fn a_record_may_keep_its_own_value_and_change_its_case() {
    let shop = Shop::of(&[CARD]);
    let card = shop.create("Card__c", &json!({ "Code__c": "abc", "Exact__c": "abc", "Int__c": 5 }));
    for code in ["abc", "ABC", "Abc"] {
        let own = json!({ "Code__c": code, "Exact__c": code, "Int__c": 5 });
        shop.update("Card__c", card, &own);
        assert_eq!(shop.value("Card__c", card, "Code__c"), code);
    }
    let other = shop.create("Card__c", &json!({ "Exact__c": "abc" }));
    assert_taken(&shop, &json!({ "Code__c": "aBC" }), "Code__c", card);
    assert_taken(&shop, &json!({ "Exact__c": "abc" }), "Exact__c", other);
    shop.verify();
}

#[test]
fn a_value_is_free_when_its_record_is_changed_emptied_or_deleted() {
    let shop = Shop::of(&[CARD]);
    let code = json!({ "Code__c": "a", "Int__c": 1 });
    let first = shop.create("Card__c", &code);
    shop.update("Card__c", first, &json!({ "Code__c": "b", "Int__c": null }));
    let second = shop.create("Card__c", &code);
    shop.object("Card__c").delete(second).unwrap();
    let third = shop.create("Card__c", &code);
    assert_taken(&shop, &json!({ "Code__c": "A" }), "Code__c", third);
    shop.verify();
}

#[test]
fn a_record_does_not_come_back_while_its_value_is_taken() {
    let shop = Shop::of(&[CARD]);
    let cards = shop.object("Card__c");
    let first = shop.create("Card__c", &json!({ "Code__c": "a", "Note__c": "first" }));
    cards.delete(first).unwrap();
    let second = shop.create("Card__c", &json!({ "Code__c": "A" }));
    shop.nothing_changes(|| {
        assert_eq!(refused(cards.undelete(first)), duplicate("Code__c", second));
    });
    shop.update("Card__c", second, &json!({ "Code__c": null }));
    cards.undelete(first).unwrap();
    assert_eq!(shop.value("Card__c", first, "Note__c"), "first");
    assert_taken(&shop, &json!({ "Code__c": "a" }), "Code__c", first);
    shop.verify();
}

#[test]
fn records_of_one_call_are_compared_with_those_before_them() {
    let shop = Shop::of(&[CARD]);
    let cards = shop.object("Card__c");
    let code = |code: &str| map(&json!({ "Code__c": code }));
    let created =
        cards.create_many(&[code("a"), code("A"), code("b"), code(""), code("B"), code("")]);
    let created = created.unwrap();
    let [Ok(a), Err(_), Ok(b), Ok(_), Err(_), Ok(_)] = created[..] else { panic!("{created:?}") };
    let clash = |field, holder| Some(duplicate(field, holder));
    let expected = [None, clash("Code__c", a), None, None, clash("Code__c", b), None];
    assert_eq!(outcomes(created), expected);

    // Records are updated in the order given: a value that one gives up can be set in the next.
    let to = |id: RecordId, code: &str| map(&json!({ "Id": id, "Code__c": code }));
    let moved = cards.update_many(&[to(b, "a"), to(a, "c"), to(b, "a"), to(a, "B")]).unwrap();
    assert_eq!(outcomes(moved), [clash("Code__c", a), None, None, None]);
    let codes = [a, b].map(|id| shop.value("Card__c", id, "Code__c"));
    assert_eq!(codes, ["B", "a"]);
    shop.verify();
}

#[test]
fn a_value_of_a_record_that_was_refused_is_free() {
    let shop = Shop::of(&[CARD]);
    let cards = shop.object("Card__c");
    let records = [
        map(&json!({ "Code__c": "a", "Int__c": 1_000_000_000 })),
        map(&json!({ "Code__c": "a", "Int__c": 1 })),
        map(&json!({ "Code__c": "b", "Int__c": 1 })),
        map(&json!({ "Code__c": "b", "Int__c": 2 })),
    ];
    let written: Vec<_> = cards.create_many(&records).unwrap().iter().map(Result::is_ok).collect();
    assert_eq!(written, [false, true, false, true]);

    let all_or_none = shop.db.all_or_none().object("Card__c").unwrap();
    let none = all_or_none
        .create_many(&[map(&json!({ "Code__c": "c" })), map(&json!({ "Code__c": "a" }))]);
    assert!(none.unwrap().iter().all(Result::is_err));
    shop.create("Card__c", &json!({ "Code__c": "c" }));
    shop.verify();
}

#[test]
fn undeletes_of_one_call_are_compared_with_each_other() {
    let shop = Shop::of(&[CARD]);
    let cards = shop.object("Card__c");
    let code = json!({ "Code__c": "a" });
    let ids = [(); 3].map(|()| {
        let id = shop.create("Card__c", &code);
        cards.delete(id).unwrap();
        id
    });
    let clash = || Some(duplicate("Code__c", ids[0]));
    assert_eq!(outcomes(cards.undelete_many(&ids).unwrap()), [None, clash(), clash()]);
    shop.verify();
}

#[test]
fn uniqueness_is_checked_last() {
    let shop = Shop::of(&[CARD]);
    let cards = shop.object("Card__c");
    shop.create("Card__c", &json!({ "Code__c": "a" }));
    let wrong = json!({ "Code__c": "a", "Twin__c": "a0Dxx0000009999" });
    shop.nothing_changes(|| {
        assert_eq!(refused(cards.create(&map(&wrong))), crate::desk::no_such_record());
    });
}
