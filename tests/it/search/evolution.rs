//! Files that gain an index of words, lose it, or have it built anew, when they are opened with other
//! definitions or by other rules.

use serde_json::json;
use sobject_core::{Calls, Definition, FieldDefinition, FieldType, Store};

use super::of_companies;
use crate::{
    desk::verify,
    types::{Archive, Shop, open, required},
};

const NAME: FieldDefinition = required("Name", FieldType::String).name_field();
const ABOUT: FieldDefinition = open("About__c", FieldType::TextArea).length(500);
const MOTTO: FieldDefinition = open("Motto__c", FieldType::String);
/// [`ABOUT`] by another name.
const STORY: FieldDefinition = open("Story__c", FieldType::TextArea).length(500).was(&["About__c"]);
/// [`ABOUT`] that is never null.
const FILLED: FieldDefinition = required("About__c", FieldType::TextArea)
    .length(500)
    .default(sobject_core::DefaultValue::Text("nothing known"));
const PRESET: FieldDefinition = required("Preset__c", FieldType::String)
    .default(sobject_core::DefaultValue::Text("always there"));

/// Calls without the search.
const UNSEARCHED: Calls = Calls::NONE.create().update().delete().undelete().query().retrieve();

const fn company(fields: &'static [FieldDefinition]) -> Definition {
    Definition::new("Company__c").label("Company", "Companies").key_prefix("a0C").fields(fields)
}

const BOTH: &Definition = &company(&[NAME, ABOUT]);
const PLAIN: &Definition = &company(&[NAME, ABOUT]).calls(UNSEARCHED);

/// A file of `n` companies.
fn archive_of(definition: &Definition, n: usize) -> Archive {
    let archive = Archive::new();
    let shop = archive.open(&[definition]);
    for n in 0..n {
        let record = json!({ "Name": format!("Acme {n}"), "About__c": format!("about n{n}") });
        shop.create("Company__c", &record);
    }
    archive
}

/// How many companies have it.
fn count(shop: &Shop, expr: &str) -> usize {
    of_companies(&shop.db, expr).len()
}

#[test]
fn an_object_that_becomes_searchable_gets_its_index_in_steps() {
    let archive = archive_of(PLAIN, 25);
    let shop = archive.open(&[PLAIN]);
    assert_eq!(shop.verify().words, 0);
    shop.object("Company__c")
        .delete(shop.create("Company__c", &json!({ "Name": "Acme gone" })))
        .unwrap();
    drop(shop);
    for step in [1, 7, 100] {
        let archive = Archive::copy_of(archive.path());
        let shop = archive.open_in_steps(step, &[BOTH]);
        assert_eq!(shop.verify().words, 25 * 4, "in steps of {step}");
        for (expr, n) in [("acme", 25), ("about", 25), ("n7", 1), ("gone", 0)] {
            assert_eq!(count(&shop, expr), n, "{expr} in steps of {step}");
        }
    }
}

#[test]
fn an_object_that_is_searchable_no_more_loses_its_index_and_gets_it_anew() {
    let archive = archive_of(BOTH, 3);
    let shop = archive.open(&[PLAIN]);
    assert_eq!(shop.verify().words, 0);
    assert!(shop.db.search("FIND {acme} RETURNING Company__c").is_err());
    shop.create("Company__c", &json!({ "Name": "Acme late" }));
    drop(shop);
    assert_eq!(count(&archive.open(&[BOTH]), "acme"), 4);
}

#[test]
fn a_field_that_is_added_is_searched_and_the_index_is_not_built_anew() {
    let archive = archive_of(BOTH, 3);
    let spaces = |archive: &Archive| {
        let file = std::fs::read(archive.path()).unwrap();
        (16_u16..40)
            .filter(|n| {
                let named = format!(r#""space":{n},"#);
                file.windows(named.len()).any(|it| it == named.as_bytes())
            })
            .collect::<Vec<_>>()
    };
    let before = spaces(&archive);
    let with_motto = &company(&[NAME, ABOUT, MOTTO]);
    let shop = archive.open(&[with_motto]);
    shop.create("Company__c", &json!({ "Name": "Bolts", "Motto__c": "tight is right" }));
    assert_eq!((count(&shop, "tight"), count(&shop, "acme")), (1, 3));
    drop(shop);
    assert_eq!(spaces(&archive), before, "no record had words in the field");
    // Where old records read as if they had a default, they have its words.
    let shop = archive.open(&[&company(&[NAME, ABOUT, MOTTO, PRESET])]);
    assert_eq!(count(&shop, "always"), 4);
}

#[test]
fn a_field_that_is_dormant_is_not_searched_and_comes_back_with_what_it_has() {
    let archive = archive_of(BOTH, 3);
    let narrow = &company(&[NAME]);
    let shop = archive.open(&[narrow]);
    assert_eq!((count(&shop, "about"), count(&shop, "acme")), (0, 3));
    shop.create("Company__c", &json!({ "Name": "Acme new" }));
    drop(shop);
    let shop = archive.open(&[BOTH]);
    assert_eq!((count(&shop, "about"), count(&shop, "acme")), (3, 4));
    drop(shop);
    // An object that is dormant keeps its index.
    archive.open(&[]);
    assert_eq!(count(&archive.open(&[BOTH]), "about"), 3);
}

#[test]
fn a_field_that_is_dropped_leaves_no_words() {
    let archive = archive_of(BOTH, 3);
    let words = archive.open(&[BOTH]).verify().words;
    let narrow = &company(&[NAME]);
    let store = Store::builder().drop_field("Company__c", "About__c");
    let store = store.open(archive.path(), &[narrow]).unwrap();
    assert_eq!(verify(&store).words, words - 6);
    drop(store);
    let shop = archive.open(&[BOTH]);
    assert_eq!((count(&shop, "about"), count(&shop, "acme")), (0, 3));
}

#[test]
fn an_object_that_is_dropped_takes_its_index_along() {
    let archive = archive_of(BOTH, 3);
    let store = Store::builder().drop_object("Company__c").open(archive.path(), &[]).unwrap();
    assert_eq!(verify(&store).words, 0);
    drop(store);
    assert_eq!(count(&archive.open(&[BOTH]), "acme"), 0);
}

#[test]
fn a_field_that_is_renamed_keeps_its_words() {
    let archive = archive_of(BOTH, 3);
    let renamed = &company(&[NAME, STORY]);
    let shop = archive.open(&[renamed]);
    assert_eq!(count(&shop, "about"), 3);
}

#[test]
fn an_index_by_other_rules_of_unicode_is_built_anew() {
    let archive = archive_of(BOTH, 3);
    let words = archive.open(&[BOTH]).verify().words;
    let builder = Store::builder().unicode_version((0, 0, 1));
    let store = builder.open(archive.path(), &[BOTH]).unwrap();
    assert_eq!(verify(&store).words, words);
    let found = store.system().search("FIND {acme} RETURNING Company__c").unwrap();
    assert_eq!(found.records.len(), 3);
    drop(store);
    assert_eq!(count(&archive.open(&[BOTH]), "n2"), 1);
}

#[test]
fn a_default_that_is_put_where_a_field_was_null_is_found() {
    let archive = archive_of(&company(&[NAME, ABOUT]), 2);
    let shop = archive.open(&[BOTH]);
    shop.create("Company__c", &json!({ "Name": "Bare" }));
    drop(shop);
    let shop = archive.open_in_steps(2, &[&company(&[NAME, FILLED])]);
    assert_eq!((count(&shop, "known"), count(&shop, "about")), (1, 2));
}
