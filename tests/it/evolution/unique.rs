//! Fields that become unique, or are no longer unique, or compare their values in another way.

use serde_json::json;
use sobject_core::FieldType;

use super::{Notes, note, size, text, texts};
use crate::{
    desk::{map, refused},
    types::{duplicate, open, required},
};

/// The sentence by which duplicates of [`text`] are refused.
const DUPLICATES: &str = "field Text__c is unique now, but records have the same value";

#[test]
fn a_field_is_unique_from_now_on_if_no_two_records_have_the_same_value() {
    let notes = Notes::of_texts(&["a", "b", "A ", "c", "", "", "C", "d"]);
    notes.assert_refused(&[text().unique()], DUPLICATES, &[0, 2, 3, 6]);
    notes.assert_refused(&[text().unique().index()], DUPLICATES, &[0, 2, 3, 6]);
    drop(notes.open(&[text().unique().case_sensitive()]));

    // Deleted records count as well, as they do in an org.
    let notes = Notes::of_texts(&["a", "b", "A"]);
    notes.delete(2);
    notes.assert_refused(&[text().unique()], DUPLICATES, &[0, 2]);
    notes.open(&[text()]).update("Note__c", notes.ids[0], &json!({ "Text__c": "c" }));
    let shop = notes.open(&[text().unique()]);
    let taken = duplicate("Text__c", notes.ids[1]);
    let created = shop.object("Note__c").create(&map(&json!({ "Text__c": "B" })));
    assert_eq!(refused(created), taken);
    // From then on they are compared when they come back.
    shop.update("Note__c", notes.ids[0], &json!({ "Text__c": "a" }));
    let undeleted = shop.object("Note__c").undelete(notes.ids[2]);
    assert_eq!(refused(undeleted), duplicate("Text__c", notes.ids[0]));
    shop.verify();
    // And when it is checked again, they do not count.
    drop(shop);
    let exact = text().unique().case_sensitive();
    drop(notes.open(&[exact]));
    drop(notes.open(&[text().unique()]));
}

#[test]
fn a_clash_that_only_the_bin_has_refuses_uniqueness_as_well() {
    let exact = || text().unique().case_sensitive();
    // Of two that are deleted, and of one that is deleted with one that is live.
    let notes = Notes::of_texts(&["a", "b", "A", "a"]);
    notes.delete(0);
    notes.delete(3);
    notes.assert_refused(&[exact()], DUPLICATES, &[0, 3]);
    notes.assert_refused(&[text().unique()], DUPLICATES, &[0, 2, 3]);
    let renamed = open("Body__c", FieldType::String).length(20).was(&["Text__c"]).unique();
    let sentence = "field Body__c is unique now, but records have the same value";
    notes.assert_refused(&[renamed], sentence, &[0, 2, 3]);
    // Nulls in the bin are unlike any other.
    let notes = Notes::of_texts(&["", "a", ""]);
    notes.delete(0);
    notes.delete(1);
    notes.delete(2);
    drop(notes.open(&[text().unique()]));

    let number = |scale| open("Decimal__c", FieldType::Double).precision(9, scale);
    let records = [1.239, 1.23, 1.239].map(|value| json!({ "Decimal__c": value }));
    let notes = Notes::new(&[number(2)], &records);
    notes.delete(2);
    let sentence = "field Decimal__c is unique now, but records have the same value";
    notes.assert_refused(&[number(2).unique()], sentence, &[0, 2]);
    notes.open(&[number(2)]).update("Note__c", notes.ids[0], &json!({ "Decimal__c": 1.2391 }));
    drop(notes.open(&[number(2).unique()]));
}

#[test]
fn duplicates_are_found_among_more_values_than_are_held_at_a_time() {
    let texts: Vec<_> = (0..40).map(|n| format!("{}", n % 37)).collect();
    let notes = Notes::of_texts(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let open = |builder: sobject_core::StoreBuilder| {
        builder.build_step(1).open(notes.archive.path(), &[&note(&[text().unique()])])
    };
    match open(sobject_core::Store::builder()) {
        Err(sobject_core::Error::DefinitionChanged { records, .. }) => {
            // The hashes of a part are compared at a time, so these are some of those that clash.
            let clashing = [0, 1, 2, 37, 38, 39].map(|place| notes.ids[place]);
            assert!(records.len() >= 2 && records.iter().all(|id| clashing.contains(id)));
        }
        opened => panic!("{opened:?}"),
    }
    for place in 37..40 {
        notes.open(&[text()]).update("Note__c", notes.ids[place], &json!({ "Text__c": null }));
    }
    crate::desk::verify(&open(sobject_core::Store::builder()).unwrap());
}

#[test]
fn an_indexed_field_may_become_unique_and_a_unique_one_may_keep_its_index() {
    let notes = Notes::new(&[text().index()], &[json!({ "Text__c": "a" }), json!({})]);
    for (field, is_unique) in [
        (text().unique(), true),
        (text().index(), false),
        (text().index().unique(), true),
        (text(), false),
    ] {
        let shop = notes.open(&[field]);
        let created = shop.object("Note__c").create(&map(&json!({ "Text__c": "A" })));
        assert_eq!(created.is_err(), is_unique, "{field:?}");
        if let Ok(id) = created {
            shop.update("Note__c", id, &json!({ "Text__c": null }));
        }
        shop.verify();
    }
}

#[test]
fn a_field_that_is_no_longer_unique_takes_a_value_twice_and_cannot_go_back() {
    let notes = Notes::new(&[text().unique()], &[json!({ "Text__c": "a" })]);
    let shop = notes.open(&[text()]);
    let second = shop.create("Note__c", &json!({ "Text__c": "a" }));
    drop(shop);
    let ids = vec![notes.ids[0], second];
    let notes = Notes { old: note(&[text()]), ids, ..notes };
    notes.assert_refused(&[text().unique()], DUPLICATES, &[0, 1]);
}

#[test]
fn values_that_differ_in_case_are_one_or_two_from_now_on() {
    let exact = text().unique().case_sensitive();
    let notes = Notes::new(&[exact], &[json!({ "Text__c": "a" }), json!({ "Text__c": "A" })]);
    notes.assert_refused(&[text().unique()], DUPLICATES, &[0, 1]);

    let notes = Notes::new(&[text().unique()], &[json!({ "Text__c": "a" })]);
    let create = |text: &str, field| {
        let shop = notes.open(&[field]);
        let created = shop.object("Note__c").create(&map(&json!({ "Text__c": text })));
        shop.verify();
        created
    };
    assert_eq!(refused(create("A", text().unique())), duplicate("Text__c", notes.ids[0]));
    let upper = create("A", exact).unwrap();
    assert_eq!(refused(create("A", exact)), duplicate("Text__c", upper));
    let notes = Notes { old: note(&[exact]), ids: vec![notes.ids[0], upper], ..notes };
    notes.assert_refused(&[text().unique()], DUPLICATES, &[0, 1]);
    notes.open(&[exact]).object("Note__c").delete(upper).unwrap();
    let shop = notes.open(&[text().unique()]);
    assert_eq!(refused(shop.object("Note__c").undelete(upper)), duplicate("Text__c", notes.ids[0]));
}

#[test]
fn a_renamed_field_stays_unique() {
    let notes = Notes::new(&[text().unique()], &[json!({ "Text__c": "a" })]);
    let renamed = open("Body__c", FieldType::String).length(20).unique().was(&["Text__c"]);
    let shop = notes.open(&[renamed]);
    let created = shop.object("Note__c").create(&map(&json!({ "Body__c": "A" })));
    assert_eq!(refused(created), duplicate("Body__c", notes.ids[0]));
    shop.verify();
}

#[test]
fn a_new_field_cannot_be_unique_and_have_the_same_default_in_several_records() {
    let new = required("New__c", FieldType::String).default(texts("same")).unique();
    let two = Notes::of_texts(&["a", "b"]);
    let sentence = "field New__c is unique now, but records have the same value";
    two.assert_refused(&[text(), new], sentence, &[0, 1]);
    let one = Notes::of_texts(&["a"]);
    let shop = one.open(&[text(), new]);
    assert_eq!(one.values(&shop, "New__c"), ["same"]);
    let created = shop.object("Note__c").create(&map(&json!({})));
    assert_eq!(refused(created), duplicate("New__c", one.ids[0]));
    shop.verify();
}

#[test]
fn null_in_several_records_cannot_become_the_same_default_where_it_is_unique() {
    let must = required("Text__c", FieldType::String).length(20).default(texts("same")).unique();
    for old in [text(), text().unique()] {
        let notes = Notes::new(&[old], &[json!({ "Text__c": "a" }), json!({}), json!({})]);
        notes.assert_refused(&[must], DUPLICATES, &[1, 2]);
        let notes = Notes::new(&[old], &[json!({ "Text__c": "Same" }), json!({})]);
        notes.assert_refused(&[must], DUPLICATES, &[0, 1]);
        let notes = Notes::new(&[old], &[json!({ "Text__c": "a" }), json!({})]);
        let shop = notes.open(&[must]);
        assert_eq!(notes.values(&shop, "Text__c"), ["a", "same"]);
    }
}

#[test]
fn numbers_become_unique_as_texts_do() {
    let notes = Notes::new(
        &[size()],
        &[json!({ "Size__c": 1 }), json!({}), json!({ "Size__c": "1" }), json!({})],
    );
    let sentence = "field Size__c is unique now, but records have the same value";
    notes.assert_refused(&[size().unique()], sentence, &[0, 2]);
}

#[test]
fn an_auto_number_cannot_be_unique() {
    use sobject_core::FieldDefinition;
    let serial = required("Serial__c", FieldType::String).unique();
    let notes = Notes::new(&[serial], &[json!({ "Serial__c": "S-1" })]);
    // Numbers that the store gives are unique among themselves, but may equal a value that was
    // there before.
    let number = FieldDefinition::new("Serial__c", FieldType::String).autonumber("S-{0}").unique();
    let error = notes.archive.try_open(&[&note(&[number])]).err().unwrap();
    assert!(error.to_string().contains("an auto-number is not unique"), "{error}");
    notes.open(&[serial]).verify();
}
