//! Lengths, digits and types that change.

use serde_json::json;
use sobject_core::{Calls, Definition, FieldDefinition, FieldType, PicklistValue};

use super::{Notes, Refused, assert_refused, note, size, text};
use crate::{
    desk::{map, refused},
    types::{Archive, open},
};

fn too_long(length: u32) -> String {
    format!("the length of field Text__c is {length} now, but records have longer values")
}

fn too_many_digits(field: &str, digits: u8) -> String {
    format!(
        "field {field} has at most {digits} digits left of the point now, but records have more"
    )
}

#[test]
fn a_text_may_be_longer_from_now_on() {
    let notes = Notes::of_texts(&["a"]);
    let shop = notes.open(&[text().length(21)]);
    let long = "x".repeat(21);
    let young = shop.create("Note__c", &json!({ "Text__c": long }));
    assert_eq!(shop.value("Note__c", young, "Text__c"), long);
    assert_eq!(notes.values(&shop, "Text__c"), ["a"]);
    shop.verify();
}

#[test]
fn a_text_may_be_shorter_from_now_on_if_no_record_is_longer() {
    let notes = Notes::of_texts(&["abcd", "ab", "ééé", "abcde", ""]);
    notes.delete(3);
    notes.assert_refused(&[text().length(2)], &too_long(2), &[0, 2, 3]);
    notes.assert_refused(&[text().length(3)], &too_long(3), &[0, 3]);
    notes.assert_refused(&[text().length(4)], &too_long(4), &[3]);
    let shop = notes.open(&[text().length(5)]);
    shop.object("Note__c").undelete(notes.ids[3]).unwrap();
    let written = shop.object("Note__c").create(&map(&json!({ "Text__c": "abcdef" })));
    assert_eq!(refused(written).code, "STRING_TOO_LONG");
    shop.verify();
}

#[test]
fn a_length_that_is_not_given_is_that_of_the_type() {
    let long = "x".repeat(256);
    let area = open("Text__c", FieldType::TextArea);
    let notes = Notes::new(&[area.length(300)], &[json!({ "Text__c": long })]);
    notes.assert_refused(&[area], &too_long(255), &[0]);
    drop(notes.open(&[area.length(256)]));
}

#[test]
fn a_renamed_field_that_is_shorter_is_measured_by_its_old_values() {
    let notes = Notes::of_texts(&["abcd", "abc"]);
    let renamed = open("Body__c", FieldType::String).was(&["Text__c"]);
    let sentence = "the length of field Body__c is 3 now, but records have longer values";
    notes.assert_refused(&[renamed.length(3)], sentence, &[0]);
    assert_eq!(notes.values(&notes.open(&[renamed.length(4)]), "Body__c"), ["abcd", "abc"]);
}

#[test]
fn numbers_may_have_fewer_digits_from_now_on_if_no_record_has_more() {
    let double =
        |precision, scale| open("Decimal__c", FieldType::Double).precision(precision, scale);
    let notes = Notes::new(
        &[size(), double(8, 2)],
        &[
            json!({ "Size__c": 99, "Decimal__c": -123.45 }),
            json!({ "Size__c": -100, "Decimal__c": 99.99 }),
            json!({ "Size__c": 99_999, "Decimal__c": 0.5 }),
            json!({ "Size__c": 0 }),
        ],
    );
    notes.delete(2);
    let digits = |digits| [size().digits(digits), double(8, 2)];
    notes.assert_refused(&digits(2), &too_many_digits("Size__c", 2), &[1, 2]);
    notes.assert_refused(&digits(4), &too_many_digits("Size__c", 4), &[2]);
    let left = |precision, scale| [size(), double(precision, scale)];
    notes.assert_refused(&left(4, 2), &too_many_digits("Decimal__c", 2), &[0]);
    notes.assert_refused(&left(8, 6), &too_many_digits("Decimal__c", 2), &[0]);
    drop(notes.open(&left(5, 2)));
    // Two digits left of the point, whatever stands right of it.
    drop(notes.open(&left(3, 0)));
    notes.assert_refused(&left(2, 0), &too_many_digits("Decimal__c", 2), &[0]);
}

#[test]
fn fewer_digits_right_of_the_point_narrow_no_field() {
    let double = |scale| open("Decimal__c", FieldType::Double).precision(6 + scale, scale);
    let given = [1.239, -99.999, 0.5].map(|value| json!({ "Decimal__c": value }));
    let notes = Notes::new(&[double(3).unique()], &given);
    notes.delete(1);
    for scale in [2, 0, 3] {
        let shop = notes.open(&[double(scale).unique()]);
        assert_eq!(shop.value("Note__c", notes.ids[0], "Decimal__c"), 1.239);
        assert_eq!(shop.value("Note__c", notes.ids[2], "Decimal__c"), 0.5);
        let young = shop.create("Note__c", &json!({ "Decimal__c": 1.99 }));
        assert_eq!(shop.value("Note__c", young, "Decimal__c"), 1.99);
        shop.object("Note__c").delete(young).unwrap();
        shop.verify();
    }
    let shop = notes.open(&[double(0).unique()]);
    shop.object("Note__c").undelete(notes.ids[1]).unwrap();
    assert_eq!(shop.value("Note__c", notes.ids[1], "Decimal__c"), -99.999);
    shop.verify();
}

#[test]
fn a_length_is_measured_as_the_field_counts_it() {
    let area = open("Text__c", FieldType::TextArea);
    let texts = ["\u{1F600}\u{1F600}", "ééé", "a&b"].map(|text| json!({ "Text__c": text }));
    let notes = Notes::new(&[area.length(8)], &texts);
    notes.assert_refused(&[area.length(3)], &too_long(3), &[0]);
    drop(notes.open(&[area.length(8).length_in_bytes()]));
    let notes = Notes::new(&[area.length(5)], &texts);
    // The same number of bytes or of entities is less room.
    notes.assert_refused(&[area.length(5).length_in_bytes()], &too_long(5), &[0, 1]);
    notes.assert_refused(&[area.length(5).rich_text()], &too_long(5), &[2]);
    drop(notes.open(&[area.length(7).rich_text()]));
    drop(notes.open(&[area.length(7)]));
}

#[test]
fn nothing_is_measured_where_there_are_no_records() {
    let notes = Notes::new(&[text(), size()], &[]);
    drop(notes.open(&[text().length(1), size().digits(1)]));
}

#[test]
fn a_field_keeps_its_type() {
    const TYPES: &[FieldType] = &[
        FieldType::String,
        FieldType::TextArea,
        FieldType::Email,
        FieldType::Picklist,
        FieldType::MultiPicklist,
        FieldType::Boolean,
        FieldType::Int,
        FieldType::Long,
        FieldType::Double,
        FieldType::Currency,
        FieldType::Date,
        FieldType::DateTime,
        FieldType::Time,
        FieldType::Base64,
    ];
    for (place, from) in TYPES.iter().enumerate() {
        let to = TYPES[(place + 1) % TYPES.len()];
        let field = |of| open("Field__c", of);
        let notes = Notes::new(&[field(*from)], &[json!({})]);
        let sentence =
            format!("the type of field Field__c was {} and is {}", from.name(), to.name());
        notes.assert_refused(&[field(to)], &sentence, &[]);
        let renamed = open("Other__c", to).was(&["Field__c"]);
        notes.assert_refused(&[renamed], &sentence.replace("Field__c", "Other__c"), &[]);
    }
}

#[test]
fn a_field_stays_per_caller_or_for_all() {
    let seen = FieldDefinition::new("LastViewedDate", FieldType::DateTime).nillable();
    let sentence =
        "field LastViewedDate was kept with the record and is not any more, or the reverse";
    for (old, new) in [(seen, seen.per_caller()), (seen.per_caller(), seen)] {
        Notes::new(&[old], &[json!({})]).assert_refused(&[new], sentence, &[]);
    }
}

#[test]
fn an_object_keeps_its_key_prefix() {
    let notes = Notes::of_texts(&["a"]);
    let sentence = "the key prefix was a0N and is a0M, but the ids of its records have it";
    let refused = Refused { object: "Note__c", changes: &[sentence], records: &[] };
    let new = notes.old.key_prefix("a0M");
    assert_refused(&notes.archive, &[&notes.old], &[&new], &refused);
}

#[test]
fn all_that_is_refused_of_an_object_is_told_at_once() {
    let notes = Notes::new(
        &[text(), size()],
        &[json!({ "Text__c": "abcd" }), json!({ "Size__c": 100 }), json!({})],
    );
    let new = note(&[text().length(3), size().digits(2).was(&["Never__c"])]);
    let changes = [&*too_long(3), &*too_many_digits("Size__c", 2)];
    let refused = Refused { object: "Note__c", changes: &changes, records: &notes.ids[..2] };
    assert_refused(&notes.archive, &[&notes.old], &[&new], &refused);

    let new = note(&[open("Text__c", FieldType::Url), open("Size__c", FieldType::Long)]);
    let changes = [
        "the key prefix was a0N and is a0M, but the ids of its records have it",
        "the type of field Text__c was string and is url",
        "the type of field Size__c was int and is long",
    ];
    let refused = Refused { object: "Note__c", changes: &changes, records: &[] };
    assert_refused(&notes.archive, &[&notes.old], &[&new.key_prefix("a0M")], &refused);
}

#[test]
fn a_refusal_of_one_object_leaves_the_changes_of_another_undone() {
    let page = |fields: &[FieldDefinition]| {
        Definition::new("Page__c").key_prefix("a0A").fields(fields.to_vec().leak())
    };
    let archive = Archive::new();
    let old = [&note(&[text()]), &page(&[text()])];
    let shop = archive.open(&old);
    shop.create("Note__c", &json!({ "Text__c": "abc" }));
    let page_id = shop.create("Page__c", &json!({ "Text__c": "abc" }));
    drop(shop);
    let better = note(&[text().index(), size()]);
    let worse = page(&[text().length(2)]);
    let refused = Refused { object: "Page__c", changes: &[&too_long(2)], records: &[page_id] };
    assert_refused(&archive, &old, &[&better, &worse], &refused);
    assert_refused(&archive, &old, &[&worse, &better], &refused);
}

#[test]
fn what_only_tells_of_the_object_is_taken_over() {
    let notes = Notes::of_texts(&["a"]);
    let new = note(&[text().label("Body").filter()]).label("Memo", "Memos").since(40);
    let new = new.calls(Calls::NONE.create().describe_sobjects().retrieve().query());
    for _ in 0..2 {
        let shop = notes.archive.open(&[&new]);
        let describe = shop.db.describe_sobject("Note__c").unwrap();
        assert_eq!((describe.label.as_str(), describe.label_plural.as_str()), ("Memo", "Memos"));
        assert!(!describe.updateable);
        let body = describe.fields.iter().find(|field| field.name == "Text__c").unwrap();
        assert_eq!((body.label.as_str(), body.filterable), ("Body", true));
        let id = &describe.fields[0];
        assert_eq!((id.name.as_str(), id.label.as_str()), ("Id", "Memo ID"));
    }
}

#[test]
fn the_values_of_a_picklist_may_change_and_records_keep_theirs() {
    let pick = |values: &[&'static str]| {
        let values: Vec<_> = values.iter().map(|value| PicklistValue::new(value)).collect();
        open("Pick__c", FieldType::Picklist).restricted().picklist(values.leak())
    };
    let notes = Notes::new(&[pick(&["A", "B"])], &[json!({ "Pick__c": "A" }), json!({})]);
    let shop = notes.open(&[pick(&["B", "C"]), text()]);
    shop.update("Note__c", notes.ids[0], &json!({ "Text__c": "other" }));
    shop.update("Note__c", notes.ids[1], &json!({ "Pick__c": "c" }));
    assert_eq!(notes.values(&shop, "Pick__c"), ["A", "C"]);
    let written = shop.object("Note__c").create(&map(&json!({ "Pick__c": "A" })));
    assert_eq!(refused(written).code, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    shop.verify();
}
