//! Fields that a program does not list: they stay with their values, whoever writes the records
//! meanwhile, and come back whole.

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, DefaultValue, Dormant, Error, FieldDefinition, FieldType, ObjectRight, Permissions,
    RecordId, Target,
};

use super::{Notes, PART, note, part, size, text, texts};
use crate::{
    desk::{map, refused},
    types::{Archive, Shop, duplicate, open, required},
};

/// What duplicates of a field are refused with that the program does not list.
const HIDDEN: &str =
    "duplicate value found: <unknown> duplicates value on record with id: <unknown>";

/// Who owns a note.
const USERS: &[Target] = &[Target::new("User", "005")];

/// What is dormant, as printed.
fn dormant(shop: &Shop) -> Vec<String> {
    shop.store.dormant().iter().map(Dormant::to_string).collect()
}

/// A full store of notes, and the same with texts alone.
fn full_and_narrow(fields: &[FieldDefinition], records: &[Json]) -> (Notes, Notes) {
    let all = [&[text()], fields].concat();
    let full = Notes::new(&all, records);
    let narrow = Notes {
        archive: Archive::copy_of(full.archive.path()),
        old: note(&[text()]),
        ids: full.ids.clone(),
    };
    (full, narrow)
}

#[test]
fn values_stay_while_a_program_that_does_not_list_their_fields_writes_the_records() {
    let all = [
        size().unique(),
        open("Day__c", FieldType::Date),
        open("Area__c", FieldType::TextArea).length(300),
        open("Blob__c", FieldType::Base64),
        part(),
    ];
    let records = [1, 2, 3, 4].map(|n| {
        json!({
            "Text__c": n.to_string(), "Size__c": n, "Day__c": "2026-03-01", "Area__c": "x".repeat(n),
            "Blob__c": "AAEC", "Part__c": "a0Pxx0000000001",
        })
    });
    let (_, narrow) = full_and_narrow(&all, &records);
    let full = [&[text()], &all[..]].concat();
    let shop = narrow.open(&full);
    let before: Vec<_> = narrow.ids.iter().map(|id| shop.get("Note__c", *id)).collect();
    drop(shop);

    let shop = narrow.open(&[text()]);
    let names = ["Size__c", "Day__c", "Area__c", "Blob__c", "Part__c"];
    assert_eq!(dormant(&shop), names.map(|name| format!("Note__c.{name} is dormant")));
    let notes = shop.object("Note__c");
    shop.update("Note__c", narrow.ids[0], &json!({ "Text__c": "changed" }));
    notes.delete(narrow.ids[1]).unwrap();
    notes.delete(narrow.ids[2]).unwrap();
    notes.undelete(narrow.ids[2]).unwrap();
    assert!(!shop.get("Note__c", narrow.ids[3]).contains_key("Size__c"));
    drop((notes, shop));

    let shop = narrow.open(&full);
    assert_eq!(dormant(&shop), [""; 0]);
    shop.object("Note__c").undelete(narrow.ids[1]).unwrap();
    for (place, (id, before)) in narrow.ids.iter().zip(&before).enumerate() {
        let after = shop.get("Note__c", *id);
        for name in names {
            assert_eq!(after[name], before[name], "{name} of note {place}");
        }
    }
    let taken = shop.object("Note__c").create(&map(&json!({ "Size__c": 2 })));
    assert_eq!(refused(taken), duplicate("Size__c", narrow.ids[1]));
    shop.verify();
}

#[test]
fn a_record_that_is_made_meanwhile_draws_numbers_and_gets_defaults() {
    let serial = FieldDefinition::new("Serial__c", FieldType::String).autonumber("S-{000}");
    let must = required("Must__c", FieldType::String).default(texts("always"));
    let maybe = open("Maybe__c", FieldType::Int).default(DefaultValue::Int(7));
    let sure = required("Sure__c", FieldType::Boolean).defaulted_on_create();
    let owner = FieldDefinition::new("OwnerId", FieldType::Reference)
        .create()
        .update()
        .defaulted_on_create()
        .references(USERS);
    let all = [serial, must, maybe, sure, owner, size()];
    let (_, notes) = full_and_narrow(&all, &[json!({ "Must__c": "old", "Size__c": 1 })]);
    let shop = notes.open(&[text()]);
    let young = shop.create("Note__c", &json!({ "Text__c": "young" }));
    let described = shop.db.describe_sobject("Note__c").unwrap();
    assert!(described.fields.iter().all(|field| field.name != "Must__c"));
    let hidden = shop.object("Note__c").create(&map(&json!({ "Must__c": "given" })));
    assert_eq!(refused(hidden).code, "INVALID_FIELD");
    drop(shop);

    let shop = notes.open(&[&[text()], &all[..]].concat());
    let record = shop.get("Note__c", young);
    let values = ["Must__c", "Maybe__c", "Sure__c", "Size__c", "OwnerId"].map(|it| &record[it]);
    let owner = record["CreatedById"].clone();
    assert_eq!(values, [&json!("always"), &json!(7), &json!(false), &Json::Null, &owner]);
    let [first, second] = [notes.ids[0], young].map(|id| shop.value("Note__c", id, "Serial__c"));
    assert_eq!(first, "S-001");
    assert!(second.as_str() > first.as_str(), "{second}");
    assert_eq!(shop.value("Note__c", notes.ids[0], "Must__c"), "old");
}

/// What a field that cannot be null is refused with where newer records lack it.
fn lacking(field: &str) -> String {
    format!(
        "field {field} cannot be null and has no default, but records lack it that were written \
         while the field was not listed"
    )
}

#[test]
fn a_required_field_that_newer_records_lack_does_not_come_back_as_such() {
    let must = required("Must__c", FieldType::Int);
    let (_, notes) = full_and_narrow(&[must], &[json!({ "Must__c": 1 })]);
    let shop = notes.open(&[text()]);
    let [young, gone] = [(); 2].map(|()| shop.create("Note__c", &json!({})));
    shop.object("Note__c").delete(gone).unwrap();
    drop(shop);
    let ids = vec![notes.ids[0], young, gone];
    let notes = Notes { ids, ..notes };
    notes.assert_refused(&[text(), must], &lacking("Must__c"), &[1, 2]);

    // With a default, or if it may be null, it does.
    let copy = Notes { archive: Archive::copy_of(notes.archive.path()), ..note_of(&notes) };
    let shop = copy.open(&[text(), must.default(DefaultValue::Int(0))]);
    shop.object("Note__c").undelete(gone).unwrap();
    assert_eq!(copy.values(&shop, "Must__c"), [1, 0, 0]);
    drop(shop);
    let shop = notes.open(&[text(), open("Must__c", FieldType::Int)]);
    shop.object("Note__c").undelete(gone).unwrap();
    assert_eq!(notes.values(&shop, "Must__c"), [json!(1), Json::Null, Json::Null]);
    for id in [young, gone] {
        shop.update("Note__c", id, &json!({ "Must__c": 2 }));
    }
    drop(shop);
    assert_eq!(notes.values(&notes.open(&[text(), must]), "Must__c"), [1, 2, 2]);
}

fn note_of(notes: &Notes) -> Notes {
    Notes { archive: Archive::new(), old: notes.old, ids: notes.ids.clone() }
}

#[test]
fn a_field_that_may_be_null_no_longer_when_it_comes_back_is_null_nowhere() {
    let (_, notes) = full_and_narrow(&[size()], &[json!({ "Size__c": 1 }), json!({})]);
    drop(notes.open(&[text()]));
    let must = required("Size__c", FieldType::Int).digits(5);
    let sentence = "field Size__c may no longer be null and has no default, but is null in records";
    notes.assert_refused(&[text(), must], sentence, &[1]);
    let shop = notes.open(&[text(), must.default(DefaultValue::Int(9))]);
    assert_eq!(notes.values(&shop, "Size__c"), [1, 9]);
}

#[test]
fn values_of_a_field_that_is_not_listed_stay_unique_and_nobody_is_told_of_it() {
    let code = open("Code__c", FieldType::String).unique();
    let records = [json!({ "Code__c": "a" }), json!({ "Code__c": "b" })];
    let (full, _) = full_and_narrow(&[code], &records);
    let shop = full.open(&[text(), code]);
    shop.object("Note__c").delete(full.ids[0]).unwrap();
    let third = shop.create("Note__c", &json!({ "Code__c": "A" }));
    drop(shop);
    let shop = full.open(&[text()]);
    let clash = refused(shop.object("Note__c").undelete(full.ids[0]));
    assert_eq!((clash.code, clash.message.as_str()), ("DUPLICATE_VALUE", HIDDEN));
    shop.object("Note__c").delete(third).unwrap();
    shop.object("Note__c").undelete(full.ids[0]).unwrap();
    drop(shop);
    assert_eq!(full.values(&full.open(&[text(), code]), "Code__c"), ["a", "b"]);

    // A default that is there already is one that a second record cannot get.
    let same = required("Same__c", FieldType::String).default(texts("same")).unique();
    let (full, _) = full_and_narrow(&[same], &[json!({})]);
    let shop = full.open(&[text()]);
    let second = refused(shop.object("Note__c").create(&map(&json!({ "Text__c": "b" }))));
    assert_eq!((second.code, second.message.as_str()), ("DUPLICATE_VALUE", HIDDEN));
    shop.verify();
}

/// A file with a part, a note that refers to it by this field, and a note that does not.
fn referring(field: FieldDefinition) -> (Archive, RecordId, RecordId) {
    let archive = Archive::new();
    let shop = archive.open(&[PART, &note(&[text(), field])]);
    let wheel = shop.create("Part__c", &json!({}));
    let about = shop.create("Note__c", &json!({ "Part__c": wheel }));
    (archive, wheel, about)
}

#[test]
fn what_a_field_requires_that_is_not_listed_is_not_deleted() {
    let field = required("Part__c", FieldType::Reference).references(super::PARTS);
    let (archive, wheel, about) = referring(field);
    for objects in [&[PART, &note(&[text()])][..], &[PART]] {
        let shop = archive.open(objects);
        let held = refused(shop.object("Part__c").delete(wheel));
        assert_eq!(held.code, "DELETE_FAILED");
        assert!(!held.message.contains("Note"), "{}", held.message);
    }
    let shop = archive.open(&[PART, &note(&[text(), field])]);
    assert_eq!(shop.value("Note__c", about, "Part__c"), wheel.to_string());
    let held = refused(shop.object("Part__c").delete(wheel));
    assert_eq!(held.code, "DELETE_FAILED");
    assert!(held.message.to_lowercase().contains("note"), "{}", held.message);
}

#[test]
fn a_field_that_is_not_listed_is_emptied_by_a_delete_and_filled_by_an_undelete() {
    let listed = [PART, &note(&[text(), part()])];
    for objects in [&[PART, &note(&[text()])][..], &[PART]] {
        let (archive, wheel, about) = referring(part());
        archive.open(objects).object("Part__c").delete(wheel).unwrap();
        let shop = archive.open(&listed);
        assert_eq!(shop.value("Note__c", about, "Part__c"), Json::Null);
        shop.verify();
        drop(shop);
        archive.open(objects).object("Part__c").undelete(wheel).unwrap();
        let shop = archive.open(&listed);
        assert_eq!(shop.value("Note__c", about, "Part__c"), wheel.to_string());
        shop.verify();
    }
}

#[test]
fn a_record_comes_back_from_the_bin_without_what_it_refers_to_no_longer() {
    for (field, is_required) in [
        (required("Part__c", FieldType::Reference).references(super::PARTS), true),
        (part(), false),
    ] {
        let (archive, wheel, about) = referring(field);
        let shop = archive.open(&[PART, &note(&[text(), field])]);
        shop.object("Note__c").delete(about).unwrap();
        shop.object("Part__c").delete(wheel).unwrap();
        drop(shop);
        let shop = archive.open(&[PART, &note(&[text()])]);
        let undeleted = shop.object("Note__c").undelete(about);
        assert_eq!(undeleted.is_err(), is_required, "{undeleted:?}");
        if let Err(error) = undeleted {
            assert!(!error.to_string().contains("Part__c"), "{error}");
            assert!(error.to_string().contains("not listed"), "{error}");
            shop.object("Part__c").undelete(wheel).unwrap();
            shop.object("Note__c").undelete(about).unwrap();
        }
        shop.verify();
        drop(shop);
        let shop = archive.open(&[PART, &note(&[text(), field])]);
        let expected = if is_required { json!(wheel) } else { Json::Null };
        assert_eq!(shop.value("Note__c", about, "Part__c"), expected);
    }
}

#[test]
fn a_replica_that_does_not_list_a_field_leaves_its_values() {
    let must = required("Must__c", FieldType::Int);
    let (_, notes) = full_and_narrow(&[size(), must], &[json!({ "Size__c": 1, "Must__c": 2 })]);
    let shop = notes.open(&[text()]);
    let mut record = shop.get("Note__c", notes.ids[0]);
    record.insert("Text__c".into(), "from the source".into());
    shop.store.replica().put("Note__c", &record).unwrap();
    record.insert("IsDeleted".into(), true.into());
    shop.store.replica().put("Note__c", &record).unwrap();
    record.insert("IsDeleted".into(), false.into());
    record.insert("LastModifiedDate".into(), "2026-03-02T08:00:00.000+0000".into());
    shop.store.replica().put("Note__c", &record).unwrap();
    // A record that is new here has nothing in it: a replica invents no values.
    let id = super::id(&notes.old, 900);
    record.insert("Id".into(), json!(id));
    record.insert("Name".into(), "N-0900".into());
    shop.store.replica().put("Note__c", &record).unwrap();
    drop(shop);

    let shop = notes.open(&[text(), size()]);
    assert_eq!(notes.values(&shop, "Size__c"), [1]);
    assert_eq!(notes.values(&shop, "Text__c"), ["from the source"]);
    assert_eq!(shop.value("Note__c", id, "Size__c"), Json::Null);
    drop(shop);
    let refused = notes.archive.try_open(&[&note(&[text(), size(), must])]).err().unwrap();
    assert!(refused.to_string().contains(&lacking("Must__c")), "{refused}");
    assert!(refused.to_string().contains(&id.to_string()), "{refused}");
    let shop = notes.open(&[text(), size(), must.nillable()]);
    assert_eq!(notes.values(&shop, "Must__c"), [2]);
}

#[test]
fn a_field_comes_back_after_others_were_renamed_and_added() {
    let (_, notes) = full_and_narrow(&[size()], &[json!({ "Text__c": "a", "Size__c": 1 })]);
    let body = open("Body__c", FieldType::String).length(20).was(&["Text__c"]);
    let shop = notes.open(&[body, open("New__c", FieldType::Int)]);
    shop.update("Note__c", notes.ids[0], &json!({ "Body__c": "b", "New__c": 2 }));
    drop(shop);
    let shop = notes.open(&[size().index(), body]);
    assert_eq!(notes.values(&shop, "Size__c"), [1]);
    assert_eq!(notes.values(&shop, "Body__c"), ["b"]);
    assert_eq!(dormant(&shop), ["Note__c.New__c is dormant"]);
    drop(shop);
    let all = [body, size(), open("New__c", FieldType::Int)];
    let shop = notes.open(&all);
    assert_eq!(notes.values(&shop, "New__c"), [2]);
}

#[test]
fn a_program_of_before_a_renaming_finds_the_field_by_its_old_name() {
    let notes = Notes::of_texts(&["a", "b"]);
    let body = open("Body__c", FieldType::String).length(20).was(&["Text__c"]);
    let content = open("Content__c", FieldType::String).length(20).was(&["Body__c"]);
    drop(notes.open(&[body]));
    drop(notes.open(&[content]));
    let shop = notes.open(&[text().unique()]);
    shop.update("Note__c", notes.ids[0], &json!({ "Text__c": "c" }));
    assert_eq!(dormant(&shop), [""; 0]);
    drop(shop);
    // Forth and back, with `was` and without.
    let plain = |name| open(name, FieldType::String).length(20);
    for field in [plain("CONTENT__c"), body, plain("Content__c"), plain("Body__c"), text(), content]
    {
        let shop = notes.open(&[field]);
        assert_eq!(notes.values(&shop, field.name), ["c", "b"]);
        assert_eq!(dormant(&shop), [""; 0], "{}", field.name);
    }
}

#[test]
fn a_renaming_that_leaves_room_for_doubt_is_refused() {
    let plain = |name| open(name, FieldType::String).length(20);
    let body = plain("Body__c").was(&["Text__c"]);
    // Two names that one field had are not two fields.
    let notes = Notes::of_texts(&["a"]);
    drop(notes.open(&[body]));
    drop(notes.open(&[plain("Content__c").was(&["Body__c"])]));
    let renamed = Notes { old: note(&[plain("Content__c")]), ..notes };
    let sentence = "fields Text__c and Body__c were both names of Content__c of the file: list it by \
                    that name";
    renamed.assert_refused(&[plain("Text__c"), plain("Body__c")], sentence, &[]);
    // Beside the field itself, a name that it had is free for another.
    let shop = renamed.open(&[plain("Content__c"), plain("Text__c")]);
    assert_eq!(renamed.values(&shop, "Text__c"), [Json::Null]);
    drop(shop);
    // That one is renamed too: the oldest program could mean either.
    let both = [plain("Content__c"), plain("Title__c").was(&["Text__c"])];
    drop(renamed.open(&both));
    let both = Notes { old: note(&both), ..renamed };
    let sentence = "field Text__c may be Content__c or Title__c of the file: list both by the names \
                    that the file has, or drop one";
    both.assert_refused(&[plain("Text__c")], sentence, &[]);
    // Listing one says which is meant.
    let shop = both.open(&[plain("Text__c"), plain("Title__c")]);
    assert_eq!(both.values(&shop, "Text__c"), ["a"]);
}

#[test]
fn names_that_differ_in_case_only_are_one() {
    let fields = [
        open("B__c", FieldType::String).was(&["A__c"]),
        open("C__c", FieldType::String).was(&["a__C"]),
    ];
    let notes = Notes::new(&[open("A__c", FieldType::String)], &[json!({ "A__c": "a" })]);
    match notes.archive.try_open(&[&note(&fields)]).map(|shop| shop.store) {
        Err(Error::BadDefinition { problems, .. }) => {
            assert_eq!(problems, ["field C__c: `was` names a__C, which is another field's name"]);
        }
        opened => panic!("{opened:?}"),
    }
    let shop = notes.open(&[open("B__c", FieldType::String).was(&["a__C"])]);
    assert_eq!(notes.values(&shop, "B__c"), ["a"]);
}

#[test]
fn permissions_cannot_name_a_field_that_is_not_listed() {
    let (_, notes) = full_and_narrow(&[size()], &[json!({ "Size__c": 1 })]);
    let shop = notes.open(&[text()]);
    let permissions = Permissions::none()
        .grant("Note__c", [ObjectRight::Read, ObjectRight::Edit])
        .grant_field(("Note__c", "Size__c"), sobject_core::FieldRight::Read);
    let user = shop.store.connect(Caller::user(crate::desk::id("005xx0000000000"), permissions));
    let error = user.object("Note__c").unwrap_err();
    assert!(error.to_string().contains("there is no field Size__c"), "{error}");
}

#[test]
fn what_callers_saw_comes_back_with_the_fields_for_it() {
    let seen = |name| FieldDefinition::new(name, FieldType::DateTime).nillable().per_caller();
    let [viewed, referenced] = [seen("LastViewedDate"), seen("LastReferencedDate")];
    let (_, notes) = full_and_narrow(&[viewed, referenced], &[json!({})]);
    let all = [text(), viewed, referenced];
    let put = |fields: &[FieldDefinition], name: &str, at: &str| {
        let shop = notes.open(fields);
        let mut record = shop.get("Note__c", notes.ids[0]);
        record.insert(name.to_owned(), at.into());
        shop.store.replica().put("Note__c", &record).unwrap();
    };
    let days = ["2026-03-01T08:00:00.000+0000", "2026-03-02T08:00:00.000+0000"];
    put(&all, "LastViewedDate", days[0]);
    put(&[text(), referenced], "LastReferencedDate", days[1]);
    drop(notes.open(&[text()]));
    let shop = notes.open(&all);
    let values = ["LastViewedDate", "LastReferencedDate"].map(|it| notes.values(&shop, it));
    assert_eq!(values, days.map(|day| vec![json!(day)]));
}

#[test]
fn an_index_of_a_field_that_is_not_listed_is_kept() {
    let (_, notes) = full_and_narrow(&[size().index()], &[json!({ "Size__c": 1 }), json!({})]);
    let shop = notes.open(&[text()]);
    let entries = shop.verify().entries;
    shop.object("Note__c").delete(notes.ids[0]).unwrap();
    assert_eq!(shop.verify().entries, entries - 2, "of the name and of the size");
    shop.object("Note__c").undelete(notes.ids[0]).unwrap();
    assert_eq!(shop.verify().entries, entries);
}
