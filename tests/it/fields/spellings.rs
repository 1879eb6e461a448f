//! Values that an open picklist does not list: the first spelling of each is kept, as long as the
//! field is there.

use serde_json::{Value as Json, json};
use sobject_core::{Definition, FieldDefinition, FieldType, PicklistValue, Store};

use crate::{
    desk::{map, verify},
    types::{Archive, Shop, open, required},
};

/// The values of the fields of [`card`].
const SUITS: &[PicklistValue] = &[PicklistValue::new("Hearts"), PicklistValue::new("Spades")];

const fn suit() -> FieldDefinition {
    open("Suit__c", FieldType::Picklist).picklist(SUITS)
}

const fn marks() -> FieldDefinition {
    open("Marks__c", FieldType::MultiPicklist).picklist(SUITS)
}

/// An object with these fields.
fn card(fields: &[FieldDefinition]) -> Definition {
    Definition::new("Card__c").key_prefix("a0D").fields(fields.to_vec().leak())
}

/// What a card that is given this value keeps.
#[track_caller]
fn kept(shop: &Shop, field: &str, given: &str) -> Json {
    let id = shop.create("Card__c", &json!({ field: given }));
    shop.value("Card__c", id, field)
}

#[test]
fn later_records_take_the_first_spelling_of_a_value_that_is_not_listed() {
    let shop = Shop::of(&[&card(&[suit(), marks(), open("Other__c", FieldType::Picklist)])]);
    assert_eq!(kept(&shop, "Suit__c", " clubs "), "clubs");
    assert_eq!(kept(&shop, "Suit__c", "Clubs"), "clubs");
    assert_eq!(kept(&shop, "Suit__c", "CLUBS\n"), "clubs");
    assert_eq!(kept(&shop, "Suit__c", "club"), "club", "another value");
    assert_eq!(kept(&shop, "Suit__c", "hearts"), "Hearts", "a listed value is as listed");
    // As case is ignored everywhere else: by the full upper case.
    assert_eq!(kept(&shop, "Suit__c", "maß"), "maß");
    assert_eq!(kept(&shop, "Suit__c", "MASS"), "maß");
    assert_eq!(
        kept(&shop, "Suit__c", "Wild;Card"),
        "Wild;Card",
        "a text of a picklist is one value"
    );
    // Each field has its own values.
    assert_eq!(kept(&shop, "Other__c", "Clubs"), "Clubs");
    assert_eq!(kept(&shop, "Other__c", "CLUB"), "CLUB");
    assert_eq!(kept(&shop, "Marks__c", "CLUBS;wild;HEARTS"), "Hearts;CLUBS;wild");
    assert_eq!(kept(&shop, "Marks__c", "Wild;Clubs;Spades"), "Spades;CLUBS;wild");
    // An update takes up values as a create does.
    let id = shop.create("Card__c", &json!({}));
    shop.update("Card__c", id, &json!({ "Suit__c": "Joker" }));
    shop.update("Card__c", id, &json!({ "Suit__c": "JOKER" }));
    assert_eq!(shop.value("Card__c", id, "Suit__c"), "Joker");
    shop.verify();
}

#[test]
fn records_of_one_call_and_one_transaction_take_the_spelling_of_those_before_them() {
    let shop = Shop::of(&[&card(&[suit(), marks()])]);
    let cards = shop.object("Card__c");
    let records = ["clubs", "Clubs", "CLUBS"].map(|suit| map(&json!({ "Suit__c": suit })));
    for id in cards.create_many(&records).unwrap() {
        assert_eq!(shop.value("Card__c", id.unwrap(), "Suit__c"), "clubs");
    }
    let id = shop.db.transaction(|tx| {
        tx.object("Card__c")?.create(&map(&json!({ "Marks__c": "b;a" })))?;
        tx.object("Card__c")?.create(&map(&json!({ "Marks__c": "A;B;Spades;c" })))
    });
    assert_eq!(shop.value("Card__c", id.unwrap(), "Marks__c"), "Spades;b;a;c");
    shop.verify();
}

#[test]
fn a_record_that_is_refused_or_rolled_back_spells_nothing() {
    let must = required("Must__c", FieldType::String);
    let shop = Shop::of(&[&card(&[suit(), must, open("Code__c", FieldType::String).unique()])]);
    let cards = shop.object("Card__c");
    let record = |suit: &str, must: &str| map(&json!({ "Suit__c": suit, "Must__c": must }));
    shop.nothing_changes(|| {
        assert!(cards.create(&record("CLUBS", "")).is_err());
        let all = shop.db.all_or_none().object("Card__c").unwrap();
        let results = all.create_many(&[record("CLUBS", "x"), record("CLUBS", "")]).unwrap();
        assert!(results.iter().all(Result::is_err));
        let undone = shop.db.transaction(|tx| {
            tx.object("Card__c")?.create(&record("CLUBS", "x"))?;
            tx.object("Card__c")?.create(&record("CLUBS", ""))
        });
        assert!(undone.is_err());
    });
    let results = cards.create_many(&[record("CLUBS", ""), record("Clubs", "x")]).unwrap();
    let id = results.into_iter().last().unwrap().unwrap();
    assert_eq!(shop.value("Card__c", id, "Suit__c"), "Clubs");
    shop.verify();
}

#[test]
fn a_default_that_is_not_listed_is_a_value_of_the_field() {
    use sobject_core::DefaultValue;
    let suit = suit().default(DefaultValue::Text("Clubs"));
    let marks = marks().default(DefaultValue::Text("Wild;Card"));
    let shop = Shop::of(&[&card(&[suit, marks])]);
    assert_eq!(kept(&shop, "Suit__c", "CLUBS"), "Clubs");
    assert_eq!(kept(&shop, "Marks__c", "other;CARD;wild;spades"), "Spades;Wild;Card;other");
    let id = shop.create("Card__c", &json!({}));
    assert_eq!(shop.value("Card__c", id, "Suit__c"), "Clubs");
    shop.verify();
}

#[test]
fn spellings_outlive_their_records_and_the_opening_of_the_file() {
    let archive = Archive::new();
    let fields = [suit(), marks()];
    let shop = archive.open(&[&card(&fields)]);
    let id = shop.create("Card__c", &json!({ "Suit__c": "clubs", "Marks__c": "z;y" }));
    shop.object("Card__c").delete(id).unwrap();
    drop(shop);
    let shop = archive.open(&[&card(&fields)]);
    assert_eq!(kept(&shop, "Suit__c", "Clubs"), "clubs");
    drop(shop);
    // Not by being dormant either, nor by another name.
    drop(archive.open(&[&card(&[suit()])]));
    let renamed = open("Signs__c", FieldType::MultiPicklist).picklist(SUITS).was(&["Marks__c"]);
    let shop = archive.open(&[&card(&[suit(), renamed])]);
    assert_eq!(kept(&shop, "Signs__c", "Y;x;Z"), "z;y;x");
}

#[test]
fn what_is_taken_off_the_list_stays_as_it_was_listed() {
    const FEWER: &[PicklistValue] = &[PicklistValue::new("Spades")];
    const MORE: &[PicklistValue] = &[PicklistValue::new("NEW"), PicklistValue::new("Spades")];
    let archive = Archive::new();
    let both = [suit(), marks()];
    drop(archive.open(&[&card(&both)]));
    let fewer = [
        open("Suit__c", FieldType::Picklist).picklist(FEWER),
        open("Marks__c", FieldType::MultiPicklist).picklist(FEWER),
    ];
    let shop = archive.open(&[&card(&fewer)]);
    assert_eq!(kept(&shop, "Suit__c", "HEARTS"), "Hearts");
    assert_eq!(kept(&shop, "Marks__c", "new;hearts;spades"), "Spades;Hearts;new");
    drop(shop);
    // A value that comes onto the list is as the list has it from then on.
    let more = [suit(), open("Marks__c", FieldType::MultiPicklist).picklist(MORE)];
    let shop = archive.open(&[&card(&more)]);
    assert_eq!(kept(&shop, "Marks__c", "hearts;spades;new"), "NEW;Spades;Hearts");
}

#[test]
fn a_field_or_object_that_is_dropped_takes_its_spellings_along() {
    let archive = Archive::new();
    let objects = || {
        let other = Definition::new("Other__c").key_prefix("a0E").fields(vec![suit()].leak());
        [card(&[suit(), marks()]), other]
    };
    let [cards, others] = objects();
    let shop = archive.open(&[&cards, &others]);
    for (object, field) in
        [("Card__c", "Suit__c"), ("Card__c", "Marks__c"), ("Other__c", "Suit__c")]
    {
        shop.create(object, &json!({ field: "clubs" }));
    }
    drop(shop);
    let dropped = |builder: sobject_core::StoreBuilder, fields: &[FieldDefinition]| {
        verify(&builder.open(archive.path(), &[&card(fields)]).unwrap());
    };
    dropped(Store::builder().drop_field("Card__c", "Suit__c"), &[marks()]);
    dropped(Store::builder().drop_object("Other__c"), &[marks()]);
    let shop = archive.open(&[&cards, &others]);
    assert_eq!(kept(&shop, "Suit__c", "Clubs"), "Clubs");
    assert_eq!(kept(&shop, "Marks__c", "Clubs"), "clubs");
    let id = shop.create("Other__c", &json!({ "Suit__c": "CLUBS" }));
    assert_eq!(shop.value("Other__c", id, "Suit__c"), "CLUBS");
    shop.verify();
}
