//! Indexes over texts that were folded by another version of Unicode.

use serde_json::json;
use sobject_core::{Definition, FieldType, Store};

use super::{Notes, PART, note, size, text};
use crate::{
    desk::{map, refused, verify},
    types::duplicate,
};

/// Opens the notes by rules of a version of Unicode that never was.
fn open_otherwise(notes: &Notes, objects: &[&Definition]) -> Store {
    let builder = Store::builder().unicode_version((0, 0, 1));
    builder.open(notes.archive.path(), objects).unwrap()
}

/// The numbers of spaces that a catalogue in the file names, or named.
fn names_space(notes: &Notes, number: u16) -> bool {
    let file = std::fs::read(notes.archive.path()).unwrap();
    let named = format!(r#""space":{number},"#);
    file.windows(named.len()).any(|it| it == named.as_bytes())
}

#[test]
fn indexes_that_fold_case_are_built_anew_and_others_stay() {
    let fields = [
        text().unique(),
        size().index(),
        open_text("Exact__c").unique().case_sensitive(),
        open_text("Other__c").index(),
    ];
    let record =
        |n| json!({ "Text__c": format!("ß{n}"), "Size__c": n, "Exact__c": format!("ß{n}") });
    let notes = Notes::new(&fields, &[record(1), record(2)]);
    // The spaces from 16 on: live, bin, an index each for Name, Text, Size, Exact and Other, and one of
    // words.
    assert!((18..24).all(|space| names_space(&notes, space)));
    assert!(!names_space(&notes, 24));
    let entries = notes.open(&fields).verify().entries;
    assert!(!names_space(&notes, 24), "an opening by the same rules builds nothing");

    assert_eq!(verify(&open_otherwise(&notes, &[&notes.old])).entries, entries);
    assert!((24..28).all(|space| names_space(&notes, space)), "of Name, Text, Other and words");
    assert!(!names_space(&notes, 28), "of Size and Exact there is nothing to fold");
    drop(open_otherwise(&notes, &[&notes.old]));
    assert!(!names_space(&notes, 28));

    let shop = notes.open(&fields);
    assert!((28..32).all(|space| names_space(&notes, space)));
    let again = shop.object("Note__c").create(&map(&json!({ "Text__c": "SS1" })));
    assert_eq!(refused(again), duplicate("Text__c", notes.ids[0]));
}

#[test]
fn indexes_of_what_is_dormant_are_built_anew_as_well() {
    let notes = Notes::new(&[text().unique(), size()], &[json!({ "Text__c": "a" })]);
    let narrow = note(&[size()]);
    verify(&open_otherwise(&notes, &[&narrow]));
    verify(&open_otherwise(&notes, &[]));
    let archive = &notes.archive;
    archive.open(&[PART]);
    archive.open(&[&narrow]);
    let shop = notes.open(&[text().unique(), size()]);
    let again = shop.object("Note__c").create(&map(&json!({ "Text__c": "A" })));
    assert_eq!(refused(again), duplicate("Text__c", notes.ids[0]));
}

#[test]
fn first_spellings_are_found_by_the_rules_of_the_day() {
    let kind = crate::types::open("Kind__c", FieldType::Picklist);
    let notes = Notes::new(&[kind], &[json!({ "Kind__c": "maß" })]);
    verify(&open_otherwise(&notes, &[&notes.old]));
    let shop = notes.open(&[kind]);
    let again = shop.create("Note__c", &json!({ "Kind__c": "MASS" }));
    assert_eq!(shop.value("Note__c", again, "Kind__c"), "maß");
    shop.verify();
}

const fn open_text(name: &'static str) -> sobject_core::FieldDefinition {
    crate::types::open(name, FieldType::String)
}
