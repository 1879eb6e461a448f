//! Fields and objects that are dropped: the one way by which values are destroyed.

use serde_json::{Value as Json, json};
use sobject_core::{Definition, Dropped, Error, FieldDefinition, FieldType, Store, StoreBuilder};

use super::{Notes, PART, note, part, size, text};
use crate::{
    desk::{map, refused, verify},
    types::{Archive, open, required},
};

/// Drops a field of the notes.
fn without(field: &str) -> StoreBuilder {
    Store::builder().drop_field("Note__c", field)
}

/// Opens a file, and gives what was dropped, as printed.
fn drop_in(archive: &Archive, builder: StoreBuilder, objects: &[&Definition]) -> Vec<String> {
    let store = builder.open(archive.path(), objects).unwrap();
    verify(&store);
    store.dropped().iter().map(Dropped::to_string).collect()
}

/// Asserts that a drop is refused with this sentence, and that nothing is dropped then.
#[track_caller]
fn assert_refused(archive: &Archive, builder: StoreBuilder, new: &[&Definition], sentence: &str) {
    match builder.open(archive.path(), new) {
        Err(Error::DefinitionChanged { changes, .. }) => assert_eq!(changes, [sentence]),
        opened => panic!("{opened:?}"),
    }
}

/// Notes with sizes: of two that have one, the second is deleted, and a third has none.
fn notes() -> Notes {
    let records = [json!({ "Size__c": 1 }), json!({ "Size__c": 2 }), json!({ "Text__c": "c" })];
    let notes = Notes::new(&[text(), size().unique()], &records);
    notes.delete(1);
    notes
}

#[test]
fn a_field_that_is_dropped_is_gone_with_its_values_and_its_name_is_free() {
    let notes = notes();
    let narrow = note(&[text()]);
    let entries = notes.open(&[text()]).verify().entries;
    let dropped = drop_in(&notes.archive, without("size__C"), &[&narrow]);
    assert_eq!(dropped, ["Note__c.size__C is dropped, with the values of 2 records"]);
    let shop = notes.open(&[text()]);
    assert!(shop.store.dormant().is_empty());
    assert_eq!(shop.verify().entries, entries - 2, "the entries of live records are gone");
    drop(shop);
    // The drop may stay in the program, and says then that there was nothing.
    let dropped = drop_in(&notes.archive, without("Size__c"), &[&narrow]);
    assert_eq!(dropped, ["Note__c.Size__c is dropped, with the values of 0 records"]);
    // A field of that name is a new one, of any type.
    let shop = notes.open(&[text(), open("Size__c", FieldType::String)]);
    shop.object("Note__c").undelete(notes.ids[1]).unwrap();
    assert_eq!(notes.values(&shop, "Size__c"), [Json::Null, Json::Null, Json::Null]);
    assert_eq!(notes.values(&shop, "Text__c"), [Json::Null, Json::Null, json!("c")]);
    shop.update("Note__c", notes.ids[0], &json!({ "Size__c": "large" }));
    shop.verify();
}

#[test]
fn what_is_listed_is_not_dropped() {
    let notes = notes();
    let sentence = "field Size__c is to be dropped, and is listed";
    assert_refused(&notes.archive, without("Size__c"), &[&notes.old], sentence);
    let sentence = "the object is to be dropped, and is listed";
    let builder = || Store::builder().drop_object("note__c");
    assert_refused(&notes.archive, builder(), &[&notes.old], sentence);
    // A field of the system is none to drop.
    let narrow = note(&[text()]);
    let dropped = drop_in(&notes.archive, without("CreatedDate"), &[&narrow]);
    assert_eq!(dropped, ["Note__c.CreatedDate is dropped, with the values of 0 records"]);
    // Nor does a refused opening drop anything.
    let worse =
        note(&[text().length(0).unique(), open("Text2__c", FieldType::Int).was(&["No__c"])]);
    assert!(without("Size__c").open(notes.archive.path(), &[&worse]).is_err());
    let shop = notes.open(&[text(), size()]);
    assert_eq!(shop.value("Note__c", notes.ids[0], "Size__c"), 1);
}

#[test]
fn a_field_is_dropped_by_its_present_name() {
    let notes = notes();
    let renamed = open("Width__c", FieldType::Int).digits(5).unique().was(&["Size__c"]);
    drop(notes.open(&[text(), renamed]));
    let narrow = note(&[text()]);
    let sentence = "field Size__c is to be dropped, which is Width__c now";
    assert_refused(&notes.archive, without("Size__c"), &[&narrow], sentence);
    let dropped = drop_in(&notes.archive, without("Width__c"), &[&narrow]);
    assert_eq!(dropped, ["Note__c.Width__c is dropped, with the values of 2 records"]);
}

#[test]
fn several_drops_are_told_in_their_order_and_nothing_of_what_was_never_there() {
    let notes = notes();
    let builder = without("Never__c")
        .drop_field("Never__c", "Size__c")
        .drop_field("Note__c", "Size__c")
        .drop_object("Never__c");
    let store = builder.open(notes.archive.path(), &[&note(&[text()])]).unwrap();
    let records: Vec<_> = store.dropped().iter().map(|it| it.records).collect();
    assert_eq!(records, [0, 0, 2, 0]);
    drop(store);
    let store = without("Size__c").in_memory(&[&note(&[text()])]).unwrap();
    assert_eq!(store.dropped().len(), 1, "a new store never had it");
}

#[test]
fn a_reference_that_is_dropped_holds_nothing_any_more() {
    let archive = Archive::new();
    let must = required("Part__c", FieldType::Reference).references(super::PARTS);
    let shop = archive.open(&[PART, &note(&[text(), must])]);
    let wheel = shop.create("Part__c", &json!({}));
    shop.create("Note__c", &json!({ "Part__c": wheel }));
    drop(shop);
    let narrow = [PART, &note(&[text()])];
    let held = refused(archive.open(&narrow).object("Part__c").delete(wheel));
    assert_eq!(held.code, "DELETE_FAILED");
    drop_in(&archive, without("Part__c"), &narrow);
    archive.open(&narrow).object("Part__c").delete(wheel).unwrap();
    archive.open(&narrow).verify();
}

#[test]
fn a_field_of_an_object_that_is_dormant_is_dropped() {
    let notes = notes();
    let dropped = drop_in(&notes.archive, without("Size__c"), &[PART]);
    assert_eq!(dropped, ["Note__c.Size__c is dropped, with the values of 2 records"]);
    let shop = notes.archive.open(&[PART, &note(&[text(), size()])]);
    assert_eq!(shop.value("Note__c", notes.ids[0], "Size__c"), Json::Null);
    assert_eq!(shop.value("Note__c", notes.ids[2], "Text__c"), "c");
}

#[test]
fn what_each_user_has_of_its_own_is_not_dropped() {
    let seen = FieldDefinition::new("LastViewedDate", FieldType::DateTime).nillable().per_caller();
    let notes = Notes::new(&[text(), seen], &[json!({})]);
    drop(notes.open(&[text()]));
    let sentence = "field LastViewedDate is to be dropped, of which each user has a value";
    let narrow = note(&[text()]);
    assert_refused(&notes.archive, without("LastViewedDate"), &[&narrow], sentence);
}

#[test]
fn an_object_that_is_dropped_is_gone_with_its_records_and_its_name_and_prefix_are_free() {
    let seen = FieldDefinition::new("LastViewedDate", FieldType::DateTime).nillable().per_caller();
    let notes = Notes::new(&[text().index(), seen], &[json!({ "Text__c": "a" }), json!({})]);
    let shop = notes.archive.open(&[PART, &notes.old]);
    let mut record = shop.get("Note__c", notes.ids[0]);
    record.insert("LastViewedDate".into(), "2026-03-01T08:00:00Z".into());
    shop.store.replica().put("Note__c", &record).unwrap();
    shop.object("Note__c").delete(notes.ids[1]).unwrap();
    let wheel = shop.create("Part__c", &json!({ "Text__c": "wheel" }));
    drop(shop);

    let drop_notes = || Store::builder().drop_object("Note__c").build_step(1);
    let dropped = drop_in(&notes.archive, drop_notes(), &[PART]);
    assert_eq!(dropped, ["Note__c is dropped, with 2 records"]);
    let dropped = drop_in(&notes.archive, drop_notes(), &[PART]);
    assert_eq!(dropped, ["Note__c is dropped, with 0 records"]);
    let shop = notes.archive.open(&[PART]);
    assert!(shop.store.dormant().is_empty());
    assert_eq!(shop.value("Part__c", wheel, "Text__c"), "wheel");
    drop(shop);

    // Another object may have name and key prefix, even one of each.
    let other = Definition::new("Other__c").key_prefix("a0N").fields(&[]);
    let anew = note(&[open("Text__c", FieldType::Int)]).key_prefix("a0M");
    let shop = notes.archive.open(&[PART, &other, &anew]);
    let [first, second] = ["Other__c", "Note__c"].map(|name| shop.create(name, &json!({})));
    assert!(first > notes.ids[1], "no id is given a second time");
    assert_eq!(shop.object("Other__c").count().unwrap(), 1);
    let gone = shop.object("Other__c").get(notes.ids[0]);
    assert_eq!(refused(gone).code, "INVALID_CROSS_REFERENCE_KEY");
    assert_eq!(shop.value("Note__c", second, "Text__c"), Json::Null);
    shop.verify();
    drop(shop);
    let shop = notes.archive.open(&[&anew, PART]);
    let numbered = shop.create("Note__c", &map_of("Text__c", 7));
    assert_eq!(shop.value("Note__c", numbered, "Text__c"), 7);
}

fn map_of(name: &str, value: i32) -> Json {
    Json::Object(map(&json!({ name: value })))
}

#[test]
fn references_to_records_that_were_dropped_stay_as_they_are() {
    let archive = Archive::new();
    let notes = note(&[text(), part()]);
    let shop = archive.open(&[PART, &notes]);
    let wheel = shop.create("Part__c", &json!({}));
    let about = shop.create("Note__c", &json!({ "Part__c": wheel }));
    drop(shop);
    drop_in(&archive, Store::builder().drop_object("Part__c"), &[&notes]);
    let shop = archive.open(&[&notes]);
    assert_eq!(shop.value("Note__c", about, "Part__c"), wheel.to_string());
    drop(shop);
    // They are in the way of a new object of that prefix, as any that lead nowhere.
    let error = archive.try_open(&[PART, &notes]).err().unwrap();
    assert!(error.to_string().contains("that are not there"), "{error}");
}
