//! Fields that are added, removed, renamed and reordered; and fields that become required or
//! nillable.

use serde_json::{Value as Json, json};
use sobject_core::{DefaultValue, FieldDefinition, FieldType};

use super::{Notes, note, part, size, text, texts};
use crate::{
    desk::{at, map, missing, refused},
    types::{Archive, KIT, open, required},
};

/// The sentence by which a new field that cannot be null and has no default is refused.
fn lacks_a_default(field: &str) -> String {
    format!(
        "field {field} is new and cannot be null, and there is nothing to put into the records that there are"
    )
}

#[test]
fn a_new_field_is_null_in_old_records_whatever_its_type() {
    let notes = Notes::of_texts(&["old"]);
    let mut fields: Vec<_> = KIT.fields.iter().skip(2).copied().collect();
    fields.retain(|field| field.flags.is_nillable());
    let full = [&[text()], &fields[..]].concat();
    let shop = notes.open(&full);
    let old = shop.get("Note__c", notes.ids[0]);
    for field in &fields {
        assert_eq!(old[field.name], Json::Null, "{}", field.name);
    }
    assert_eq!(old["Text__c"], "old");

    let new = json!({ "Area__c": "a", "Int__c": 1, "Flag__c": true, "Time__c": "08:00:00.000Z" });
    let young = shop.create("Note__c", &new);
    shop.update("Note__c", notes.ids[0], &json!({ "Int__c": 2 }));
    drop(shop);
    let shop = notes.open(&full);
    for (field, value) in new.as_object().unwrap() {
        assert_eq!(&shop.value("Note__c", young, field), value);
    }
    let values = ["Text__c", "Int__c", "Area__c"].map(|it| shop.value("Note__c", notes.ids[0], it));
    assert_eq!(values, [json!("old"), json!(2), Json::Null]);
}

/// Fields of many types that are never null, with the JSON that records older than the field have
/// in it.
const NEVER_NULL: &[(FieldDefinition, &str)] = &[
    (required("New__c", FieldType::String).default(texts(" new ")), r#""new""#),
    (required("Count__c", FieldType::Int).default(DefaultValue::Int(-3)), "-3"),
    (required("Great__c", FieldType::Long).default(DefaultValue::Int(1 << 33)), "8589934592"),
    (required("Money__c", FieldType::Currency).default(DefaultValue::Double(1.239)), "1.239"),
    (required("Flag__c", FieldType::Boolean).defaulted_on_create(), "false"),
    (required("Yes__c", FieldType::Boolean).default(DefaultValue::Bool(true)), "true"),
    (required("Day__c", FieldType::Date).default(texts("2026-03-01")), r#""2026-03-01""#),
    (
        required("At__c", FieldType::DateTime).default(texts("2026-03-01T08:00:00Z")),
        r#""2026-03-01T08:00:00.000+0000""#,
    ),
    (required("Blob__c", FieldType::Base64).default(texts("AAEC")), r#""AAEC""#),
    (
        required("Colour__c", FieldType::Picklist)
            .restricted()
            .defaulted_on_create()
            .picklist(&[sobject_core::PicklistValue::new("Red").default()]),
        r#""Red""#,
    ),
];

#[test]
fn a_new_field_that_is_never_null_has_its_default_in_old_records() {
    let notes = Notes::of_texts(&["old", "deleted"]);
    notes.delete(1);
    let fields: Vec<_> = NEVER_NULL.iter().map(|(field, _)| *field).collect();
    let shop = notes.open(&[&[text()], &fields[..]].concat());
    shop.object("Note__c").undelete(notes.ids[1]).unwrap();
    for (field, value) in NEVER_NULL {
        let expected: Json = serde_json::from_str(value).unwrap();
        assert_eq!(notes.values(&shop, field.name), [expected.clone(), expected], "{}", field.name);
    }
    shop.verify();
}

#[test]
fn old_records_keep_the_default_that_they_got_when_it_changes() {
    let field = |default| required("New__c", FieldType::String).default(texts(default));
    let notes = Notes::of_texts(&["old"]);
    drop(notes.open(&[text(), field("first")]));
    let shop = notes.open(&[text(), field("second")]);
    let young = shop.create("Note__c", &json!({}));
    assert_eq!(shop.value("Note__c", young, "New__c"), "second");
    shop.update("Note__c", notes.ids[0], &json!({ "Text__c": "changed" }));
    drop(shop);
    // The values stay when the field has no default any more, and when it may be null.
    for last in [required("New__c", FieldType::String), open("New__c", FieldType::String)] {
        let shop = notes.open(&[text(), last]);
        assert_eq!(notes.values(&shop, "New__c"), ["first"]);
        assert_eq!(shop.value("Note__c", young, "New__c"), "second");
    }
}

#[test]
fn old_records_keep_a_default_that_the_field_would_no_longer_take() {
    use sobject_core::PicklistValue;
    const ONE: PicklistValue = PicklistValue::new("One");
    const TWO: PicklistValue = PicklistValue::new("Two");
    let pick = |values: &[PicklistValue]| {
        let field = required("Pick__c", FieldType::Picklist).restricted().defaulted_on_create();
        field.picklist(values.to_vec().leak())
    };
    for later in [vec![ONE.inactive(), TWO.default()], vec![TWO.default()]] {
        let notes = Notes::of_texts(&["old"]);
        drop(notes.open(&[text(), pick(&[ONE.default(), TWO])]));
        let shop = notes.open(&[text(), pick(&later)]);
        assert_eq!(notes.values(&shop, "Pick__c"), ["One"]);
        let young = shop.create("Note__c", &json!({}));
        assert_eq!(shop.value("Note__c", young, "Pick__c"), "Two");
        shop.update("Note__c", notes.ids[0], &json!({ "Text__c": "changed" }));
        assert_eq!(notes.values(&shop, "Pick__c"), ["One"]);
        shop.verify();
    }
}

#[test]
fn a_default_that_no_record_got_does_not_bind_the_field() {
    let field = |length, default| {
        required("New__c", FieldType::String).length(length).default(texts(default))
    };
    let notes = Notes::new(&[text()], &[]);
    drop(notes.open(&[text(), field(10, "ten chars.")]));
    let shop = notes.open(&[text(), field(3, "two")]);
    let young = shop.create("Note__c", &json!({}));
    assert_eq!(shop.value("Note__c", young, "New__c"), "two");
    shop.verify();
}

#[test]
fn a_new_field_that_is_never_null_needs_a_default_if_there_are_records() {
    let notes = Notes::of_texts(&["a", "deleted", "b"]);
    notes.delete(1);
    let new = [text(), required("New__c", FieldType::Int)];
    notes.assert_refused(&new, &lacks_a_default("New__c"), &[0, 1, 2]);
    let number = FieldDefinition::new("Serial__c", FieldType::String).autonumber("{0}");
    notes.assert_refused(&[text(), number], &lacks_a_default("Serial__c"), &[0, 1, 2]);

    let only_deleted = Notes::of_texts(&["deleted"]);
    only_deleted.delete(0);
    only_deleted.assert_refused(&new, &lacks_a_default("New__c"), &[0]);

    let none = Notes::new(&[text()], &[]);
    let shop = none.open(&[text(), required("New__c", FieldType::Int), number]);
    let notes = shop.object("Note__c");
    assert_eq!(refused(notes.create(&map(&json!({})))), missing(&["New__c"]));
    let first = shop.create("Note__c", &json!({ "New__c": 1 }));
    assert_eq!(shop.value("Note__c", first, "Serial__c"), "1");
    shop.verify();
}

#[test]
fn a_refusal_names_ten_records_at_most() {
    let texts: Vec<_> = (0..25).map(|n| n.to_string()).collect();
    let notes = Notes::of_texts(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let first_ten: Vec<_> = (0..10).collect();
    let new = [text(), required("New__c", FieldType::Int)];
    notes.assert_refused(&new, &lacks_a_default("New__c"), &first_ten);
}

#[test]
fn a_field_that_is_not_listed_keeps_its_values_and_its_type() {
    let notes = Notes::new(
        &[text(), size()],
        &[json!({ "Text__c": "a", "Size__c": 1 }), json!({ "Size__c": 2 })],
    );
    let shop = notes.open(&[text()]);
    assert!(!shop.get("Note__c", notes.ids[0]).contains_key("Size__c"));
    let unknown = shop.object("Note__c").create(&map(&json!({ "Size__c": 1 })));
    assert_eq!(refused(unknown).code, "INVALID_FIELD");
    drop(shop);
    let dormant = Notes { old: note(&[text()]), ..notes };
    let sentence = "the type of field Size__c was int and is string; the file has kept it while it \
                    was not listed, and `drop_field` destroys it";
    dormant.assert_refused(&[open("Size__c", FieldType::String), text()], sentence, &[]);
    let shop = dormant.open(&[size(), text()]);
    assert_eq!(dormant.values(&shop, "Size__c"), [1, 2]);
    assert_eq!(dormant.values(&shop, "Text__c"), [json!("a"), Json::Null]);
}

#[test]
fn a_renamed_field_keeps_its_values() {
    let notes = Notes::of_texts(&["a", "b"]);
    let body = open("Body__c", FieldType::String).length(20).was(&["Text__c"]);
    let shop = notes.open(&[body]);
    assert_eq!(notes.values(&shop, "Body__c"), ["a", "b"]);
    assert!(!shop.get("Note__c", notes.ids[0]).contains_key("Text__c"));
    shop.update("Note__c", notes.ids[0], &json!({ "Body__c": "new" }));
    drop(shop);
    // `was` may stay in later definitions, and the field may be renamed again.
    for fields in [[body], [body]] {
        assert_eq!(notes.values(&notes.open(&fields), "Body__c"), ["new", "b"]);
    }
    let content = open("Content__c", FieldType::String).length(20).was(&["Body__c"]);
    assert_eq!(notes.values(&notes.open(&[content]), "Content__c"), ["new", "b"]);
}

#[test]
fn a_former_name_that_the_file_does_not_know_is_of_no_effect_if_it_has_the_present_one() {
    let notes = Notes::of_texts(&["a"]);
    let shop = notes.open(&[text().was(&["Past__c"])]);
    assert_eq!(notes.values(&shop, "Text__c"), ["a"]);
}

#[test]
fn a_new_field_that_had_a_name_which_the_file_does_not_know_is_refused() {
    let notes = Notes::of_texts(&["a"]);
    let body = |was| open("Body__c", FieldType::String).length(20).was(was);
    let sentence = "field Body__c was Txt__c, but the file has no such field: take `was` away to add \
                    a new one";
    notes.assert_refused(&[body(&["Txt__c"])], sentence, &[]);
    notes.assert_refused(&[text(), body(&["Txt__c"])], sentence, &[]);
    let sentence = sentence.replace("Txt__c", "Txt__c or Tex__c");
    notes.assert_refused(&[body(&["Txt__c", "Tex__c"])], &sentence, &[]);
    // One of several names is enough, and once renamed, the names may stay.
    for _ in 0..2 {
        let shop = notes.open(&[body(&["Txt__c", "Text__c"])]);
        assert_eq!(notes.values(&shop, "Body__c"), ["a"]);
    }
    // A file that is made with the field has never known another name.
    let archive = Archive::new();
    for _ in 0..2 {
        drop(archive.open(&[&note(&[body(&["Txt__c", "Text__c"])])]));
    }
}

#[test]
fn a_field_whose_own_name_is_in_the_file_is_not_renamed() {
    let notes = Notes::new(&[text(), size()], &[json!({ "Text__c": "a", "Size__c": 1 })]);
    let other = open("Old__c", FieldType::String);
    drop(notes.open(&[text(), size(), other]));
    let full = Notes { old: note(&[text(), size(), other]), ..notes };
    let sentence =
        "field Text__c was Old__c, but the file has both: take `was` away, or drop Old__c";
    full.assert_refused(&[text().was(&["Old__c"]), size()], sentence, &[]);
    let shop = full.open(&[text(), size()]);
    assert_eq!(full.values(&shop, "Text__c"), ["a"]);
    assert_eq!(full.values(&shop, "Size__c"), [1]);
    drop(shop);
    // Nor is it while the other is dormant.
    full.assert_refused(&[text().was(&["Old__c"]), size()], sentence, &[]);
}

#[test]
fn a_field_whose_name_changes_its_case_only_keeps_its_values() {
    let notes = Notes::of_texts(&["a"]);
    let shop = notes.open(&[open("TEXT__c", FieldType::String).length(20)]);
    assert_eq!(notes.values(&shop, "TEXT__c"), ["a"]);
}

#[test]
fn an_auto_number_that_is_renamed_goes_on_counting() {
    let serial = FieldDefinition::new("Serial__c", FieldType::String).autonumber("S-{0}");
    let notes = Notes::new(&[text(), serial], &[json!({})]);
    let renamed = FieldDefinition::new("Number__c", FieldType::String)
        .autonumber("X-{000}")
        .was(&["Serial__c"]);
    let shop = notes.open(&[text(), renamed]);
    assert_eq!(notes.values(&shop, "Number__c"), ["S-1"]);
    let young = shop.create("Note__c", &json!({}));
    let number = shop.value("Note__c", young, "Number__c");
    assert_eq!(number, "X-201", "the rest of the first lease is lost");
    drop(shop);
    let shop = notes.open(&[text(), renamed.start(1_000)]);
    let young = shop.create("Note__c", &json!({}));
    assert_eq!(shop.value("Note__c", young, "Number__c"), "X-1000");
    shop.verify();
}

#[test]
fn a_text_that_becomes_an_auto_number_counts_from_its_start() {
    let serial = required("Serial__c", FieldType::String);
    let notes = Notes::new(&[serial], &[json!({ "Serial__c": "own" })]);
    let number = FieldDefinition::new("Serial__c", FieldType::String).autonumber("S-{0}");
    let shop = notes.open(&[number]);
    assert_eq!(notes.values(&shop, "Serial__c"), ["own"]);
    let young = shop.create("Note__c", &json!({}));
    assert_eq!(shop.value("Note__c", young, "Serial__c"), "S-1");
    shop.verify();
}

#[test]
fn fields_may_change_their_order() {
    let record = json!({ "Text__c": "a", "Size__c": 1, "Part__c": "a0Pxx0000000001EAA" });
    let notes = Notes::new(&[text(), size(), part()], std::slice::from_ref(&record));
    for fields in [[size(), part(), text()], [part(), text(), size()]] {
        let shop = notes.open(&fields);
        for (field, value) in record.as_object().unwrap() {
            assert_eq!(&notes.values(&shop, field)[0], value);
        }
        let written = shop.create("Note__c", &record);
        assert_eq!(shop.value("Note__c", written, "Size__c"), 1);
        shop.verify();
    }
}

#[test]
fn a_field_may_be_null_from_now_on() {
    let notes = Notes::new(&[required("Must__c", FieldType::Int)], &[json!({ "Must__c": 1 })]);
    let shop = notes.open(&[open("Must__c", FieldType::Int)]);
    assert_eq!(notes.values(&shop, "Must__c"), [1]);
    let null = shop.create("Note__c", &json!({}));
    shop.update("Note__c", notes.ids[0], &json!({ "Must__c": null }));
    assert_eq!(shop.value("Note__c", null, "Must__c"), Json::Null);
    shop.verify();
}

/// The sentence by which a field is refused that may no longer be null and has no default.
const MUST_NOT: &str =
    "field Text__c may no longer be null and has no default, but is null in records";

#[test]
fn a_field_is_never_null_from_now_on_if_it_is_null_nowhere() {
    let notes = Notes::of_texts(&["a", "", "b", ""]);
    notes.delete(3);
    let must = required("Text__c", FieldType::String).length(20);
    notes.assert_refused(&[must], MUST_NOT, &[1, 3]);

    let shop = notes.open(&[text()]);
    shop.object("Note__c").undelete(notes.ids[3]).unwrap();
    for place in [1, 3] {
        shop.update("Note__c", notes.ids[place], &json!({ "Text__c": "c" }));
    }
    drop(shop);
    let shop = notes.open(&[must]);
    assert_eq!(notes.values(&shop, "Text__c"), ["a", "c", "b", "c"]);
    let created = shop.object("Note__c").create(&map(&json!({})));
    assert_eq!(refused(created), missing(&["Text__c"]));
}

#[test]
fn a_field_that_is_new_and_null_cannot_be_never_null_from_now_on() {
    let notes = Notes::of_texts(&["a"]);
    drop(notes.open(&[text(), size()]));
    let must = required("Size__c", FieldType::Int).digits(5);
    let archive_of_two = Notes { old: note(&[text(), size()]), ..notes };
    let sentence = "field Size__c may no longer be null and has no default, but is null in records";
    archive_of_two.assert_refused(&[text(), must], sentence, &[0]);
}

#[test]
fn a_default_takes_the_place_of_null_where_a_field_is_never_null_from_now_on() {
    let notes = Notes::new(
        &[text().index(), size()],
        &[json!({ "Text__c": "a", "Size__c": 1 }), json!({}), json!({ "Size__c": 3 })],
    );
    notes.delete(2);
    let must = required("Text__c", FieldType::String).length(20).default(texts("filled"));
    let sure = required("Size__c", FieldType::Int).default(DefaultValue::Int(0));
    let shop = notes.open(&[must.index(), sure]);
    let stamps = shop.value("Note__c", notes.ids[1], "SystemModstamp");
    shop.clock.set(at("2026-03-02T08:00:00Z"));
    shop.object("Note__c").undelete(notes.ids[2]).unwrap();
    assert_eq!(notes.values(&shop, "Text__c"), ["a", "filled", "filled"]);
    assert_eq!(notes.values(&shop, "Size__c"), [1, 0, 3]);
    let unchanged = "2026-03-01T08:00:00.000+0000";
    assert_eq!(stamps, unchanged, "what the store fills in is no change of the record");
    drop(shop);
    // The values that were filled in stay when the default changes or goes.
    let other = required("Text__c", FieldType::String).length(20).default(texts("other"));
    let shop = notes.open(&[other, sure]);
    assert_eq!(notes.values(&shop, "Text__c"), ["a", "filled", "filled"]);
}

#[test]
fn a_boolean_that_is_never_null_from_now_on_is_false_where_it_was_null() {
    let notes = Notes::new(
        &[open("Flag__c", FieldType::Boolean)],
        &[json!({ "Flag__c": true }), json!({})],
    );
    let shop = notes.open(&[required("Flag__c", FieldType::Boolean).defaulted_on_create()]);
    assert_eq!(notes.values(&shop, "Flag__c"), [true, false]);
}

#[test]
fn an_auto_number_goes_on_behind_what_was_given_and_what_stands_there() {
    let plain = required("Serial__c", FieldType::String);
    let number = |start| {
        FieldDefinition::new("Serial__c", FieldType::String).autonumber("S-{000}").start(start)
    };
    let notes = Notes::new(
        &[plain],
        &[
            json!({ "Serial__c": "S-0041" }),
            json!({ "Serial__c": "S-x" }),
            json!({ "Serial__c": "S-18446744073709551615" }),
        ],
    );
    let next = |start: u64| {
        let shop = notes.open(&[number(start)]);
        let id = shop.create("Note__c", &json!({}));
        let name = shop.value("Note__c", id, "Serial__c");
        shop.verify();
        name
    };
    assert_eq!(next(0), "S-042");
    // The field becomes a plain text, and then an auto-number again. No number is given twice.
    drop(notes.open(&[plain]));
    let again = next(1);
    let given = again.as_str().and_then(|name| name.strip_prefix("S-")?.parse::<u64>().ok());
    assert!(given > Some(42), "{again}");
}
