//! Objects that are added, that are dormant for a while, and that come back; and references to
//! them.

use serde_json::json;
use sobject_core::{
    Caller, Definition, FieldType, SObject, Store, Target,
    standard::{Group, User},
};

use super::{PART, PARTS, Refused, assert_refused, everything, note, part, text};
use crate::{
    desk::{deleted_record, id, map, no_such_record, refused, verify},
    types::{Archive, open, required},
};

/// The sentence by which references that lead to no record are refused.
fn leads_nowhere(field: &str) -> String {
    format!(
        "records refer by field {field} to records of objects that it does not name, or that are \
         not there"
    )
}

/// An object whose records need a part.
const BOLT: &Definition = &Definition::new("Bolt__c")
    .key_prefix("a0B")
    .fields(&[required("Part__c", FieldType::Reference).references(PARTS), text()]);

#[test]
fn an_object_that_is_added_has_no_records_and_takes_some() {
    let archive = Archive::new();
    drop(archive.open(&[]));
    let shop = archive.open(&[PART]);
    let part = shop.create("Part__c", &json!({ "Text__c": "wheel" }));
    drop(shop);
    let shop = archive.open(&[BOLT, PART]);
    assert_eq!(shop.object("Bolt__c").count().unwrap(), 0);
    let bolt = shop.create("Bolt__c", &json!({ "Part__c": part }));
    drop(shop);
    let shop = archive.open(&[PART, BOLT]);
    assert_eq!(shop.value("Bolt__c", bolt, "Part__c"), part.to_string());
}

#[test]
fn an_object_that_is_not_listed_is_dormant_and_comes_back_with_its_records() {
    let archive = Archive::new();
    let objects: &[&Definition] = &[PART, BOLT];
    let shop = archive.open(objects);
    let part = shop.create("Part__c", &json!({ "Text__c": "wheel" }));
    let [bolt, gone] = [(); 2].map(|()| shop.create("Bolt__c", &json!({ "Part__c": part })));
    shop.object("Bolt__c").delete(gone).unwrap();
    let before = everything(&shop, objects);
    drop(shop);
    for few in [&[PART][..], &[], &[PART]] {
        let shop = archive.open(few);
        assert_eq!(refused(shop.db.object("Bolt__c").map(|_| ())).code, "INVALID_TYPE");
    }
    let shop = archive.open(objects);
    assert!(everything(&shop, objects) == before, "everything comes back");
    shop.object("Bolt__c").undelete(gone).unwrap();
    let next = shop.create("Bolt__c", &json!({ "Part__c": part }));
    assert!(next > gone.max(bolt), "no number is given twice");
    shop.verify();
}

#[test]
fn an_object_may_change_when_it_comes_back() {
    let archive = Archive::new();
    let shop = archive.open(&[PART]);
    let part = shop.create("Part__c", &json!({ "Text__c": "wheel" }));
    drop(shop);
    drop(archive.open(&[]));
    let sentence = "the length of field Text__c is 4 now, but records have longer values";
    let refused = Refused { object: "Part__c", changes: &[sentence], records: &[part] };
    let shorter = PART.fields(const { &[text().length(4)] });
    assert_refused(&archive, &[], &[&shorter], &refused);
    let indexed =
        PART.fields(const { &[text().length(5).unique(), open("New__c", FieldType::Date)] });
    let shop = archive.open(&[&indexed]);
    assert_eq!(shop.value("Part__c", part, "Text__c"), "wheel");
}

#[test]
fn the_prefix_of_a_dormant_object_is_not_given_to_another() {
    let archive = Archive::new();
    drop(archive.open(&[PART]));
    drop(archive.open(&[]));
    let other = Definition::new("Other__c").key_prefix("a0P");
    let sentence = "the file has the key prefix a0P for Part__c";
    let refused = Refused { object: "Other__c", changes: &[sentence], records: &[] };
    assert_refused(&archive, &[], &[&other], &refused);
}

#[test]
fn references_to_a_dormant_object_stay_and_are_checked_for_their_form() {
    let archive = Archive::new();
    let notes = note(&[part()]);
    let shop = archive.open(&[PART, &notes]);
    let wheel = shop.create("Part__c", &json!({}));
    let about = shop.create("Note__c", &json!({ "Part__c": wheel }));
    drop(shop);
    let shop = archive.open(&[&notes]);
    assert_eq!(shop.value("Note__c", about, "Part__c"), wheel.to_string());
    let astray = shop.create("Note__c", &json!({ "Part__c": "a0Pxx0000009999" }));
    shop.object("Note__c").delete(about).unwrap();
    shop.object("Note__c").undelete(about).unwrap();
    assert_eq!(shop.value("Note__c", about, "Part__c"), wheel.to_string());
    shop.verify();
    drop(shop);

    let sentence = leads_nowhere("Part__c");
    let refused_so = Refused { object: "Note__c", changes: &[&sentence], records: &[astray] };
    assert_refused(&archive, &[&notes], &[&notes, PART], &refused_so);
    let shop = archive.open(&[&notes]);
    shop.update("Note__c", astray, &json!({ "Part__c": wheel }));
    drop(shop);
    let shop = archive.open(&[&notes, PART]);
    assert_eq!(shop.value("Note__c", astray, "Part__c"), wheel.to_string());
    let nowhere = shop.object("Note__c").create(&map(&json!({ "Part__c": "a0Pxx0000009999" })));
    assert_eq!(refused(nowhere), no_such_record());
}

#[test]
fn references_to_an_object_that_never_was_there_are_in_its_way() {
    let archive = Archive::new();
    let notes = note(&[part()]);
    let shop = archive.open(&[&notes]);
    let about = json!({ "Part__c": "a0Pxx0000000001" });
    let [live, gone] = [(); 2].map(|()| shop.create("Note__c", &about));
    shop.object("Note__c").delete(gone).unwrap();
    drop(shop);
    let sentence = leads_nowhere("Part__c");
    let refused = Refused { object: "Note__c", changes: &[&sentence], records: &[live] };
    assert_refused(&archive, &[&notes], &[&notes, PART], &refused);
    archive.open(&[&notes]).object("Note__c").delete(live).unwrap();
    let shop = archive.open(&[&notes, PART]);
    shop.object("Note__c").undelete(gone).unwrap();
    let lost = shop.value("Note__c", gone, "Part__c");
    assert_eq!(lost, json!(null), "what it referred to is not there");
    shop.verify();
}

#[test]
fn an_object_does_not_take_the_prefix_that_references_have_for_another() {
    let archive = Archive::new();
    let notes = note(&[part()]);
    let shop = archive.open(&[&notes]);
    let astray = shop.create("Note__c", &json!({ "Part__c": "a0Pxx0000000001" }));
    drop(shop);
    let other = Definition::new("Other__c").key_prefix("a0P");
    let sentence = leads_nowhere("Part__c");
    let refused = Refused { object: "Note__c", changes: &[&sentence], records: &[astray] };
    assert_refused(&archive, &[&notes], &[&notes, &other], &refused);
}

#[test]
fn what_a_dormant_object_refers_to_is_not_deleted() {
    let archive = Archive::new();
    let shop = archive.open(&[PART, BOLT]);
    let [wheel, axle] = [(); 2].map(|()| shop.create("Part__c", &json!({})));
    let bolt = shop.create("Bolt__c", &json!({ "Part__c": wheel }));
    drop(shop);
    let shop = archive.open(&[PART]);
    let held = refused(shop.object("Part__c").delete(wheel));
    assert_eq!(held.code, "DELETE_FAILED");
    assert!(held.message.contains("following other records.: "), "nobody is told of the bolt");
    shop.object("Part__c").delete(axle).unwrap();
    drop(shop);
    let shop = archive.open(&[PART, BOLT]);
    assert_eq!(shop.value("Bolt__c", bolt, "Part__c"), wheel.to_string());
}

#[test]
fn a_record_that_comes_back_holds_what_it_refers_to_again() {
    let archive = Archive::new();
    let shop = archive.open(&[PART, BOLT]);
    let wheel = shop.create("Part__c", &json!({}));
    shop.create("Bolt__c", &json!({ "Part__c": wheel }));
    drop(shop);
    drop(archive.open(&[PART]));
    let shop = archive.open(&[PART, BOLT]);
    assert_eq!(refused(shop.object("Part__c").delete(wheel)).code, "DELETE_FAILED");
    shop.verify();
}

/// A reference of a note to parts or groups, and one to parts only, by the same name.
const EITHER: &[Target] = &[Target::new("Group", "00G"), Target::new("Part__c", "a0P")];

#[test]
fn a_reference_may_name_more_objects_from_now_on_and_fewer_if_no_record_refers_to_others() {
    let archive = Archive::new();
    let narrow = note(&[part()]);
    let wide = note(&[part().references(EITHER)]);
    let shop = archive.open(&[PART, Group::OBJECT, &narrow]);
    let wheel = shop.create("Part__c", &json!({}));
    let group = shop.create("Group", &json!({ "Name": "Night Shift" }));
    shop.create("Note__c", &json!({ "Part__c": wheel }));
    let wrong = shop.object("Note__c").create(&map(&json!({ "Part__c": group })));
    assert_eq!(refused(wrong).code, "FIELD_INTEGRITY_EXCEPTION");
    drop(shop);

    let shop = archive.open(&[PART, Group::OBJECT, &wide]);
    let about = shop.create("Note__c", &json!({ "Part__c": group }));
    let gone = shop.create("Note__c", &json!({ "Part__c": group }));
    shop.object("Note__c").delete(gone).unwrap();
    drop(shop);

    let sentence = leads_nowhere("Part__c");
    let refused_so = Refused { object: "Note__c", changes: &[&sentence], records: &[about] };
    let old: &[&Definition] = &[PART, Group::OBJECT, &wide];
    assert_refused(&archive, old, &[PART, Group::OBJECT, &narrow], &refused_so);
    // The same holds while the object of groups is dormant.
    assert_refused(&archive, old, &[PART, &narrow], &refused_so);
    archive.open(old).update("Note__c", about, &json!({ "Part__c": wheel }));
    let shop = archive.open(&[PART, Group::OBJECT, &narrow]);
    shop.object("Note__c").undelete(gone).unwrap();
    let lost = shop.value("Note__c", gone, "Part__c");
    assert_eq!(lost, json!(null), "the field does not name groups any more");
    shop.verify();
}

#[test]
fn users_that_are_given_later_must_have_stamped_what_is_there() {
    let archive = Archive::new();
    let notes = note(&[text()]);
    let shop = archive.open(&[&notes]);
    let stranger = shop.store.connect(Caller::system_as(id("005xx0000000099")));
    let by_system = shop.create("Note__c", &json!({}));
    let theirs = stranger.object("Note__c").unwrap().create(&map(&json!({}))).unwrap();
    drop((shop, stranger));
    let stamps = [leads_nowhere("CreatedById"), leads_nowhere("LastModifiedById")];
    let changes: Vec<_> = stamps.iter().map(String::as_str).collect();
    let refused = Refused { object: "Note__c", changes: &changes, records: &[theirs] };
    assert_refused(&archive, &[&notes], &[&notes, User::OBJECT], &refused);

    // Nor can users be given while the notes are dormant, which could not come back then.
    assert_refused(&archive, &[&notes], &[User::OBJECT], &refused);
    drop(archive.open(&[]));
    assert_refused(&archive, &[], &[User::OBJECT], &refused);

    let archive = Archive::new();
    let shop = archive.open(&[&notes]);
    let ours = shop.create("Note__c", &json!({}));
    drop(shop);
    let shop = archive.open(&[User::OBJECT, &notes]);
    assert_eq!(shop.get("Note__c", ours)["CreatedById"], "005xx0000000000AAA");
    assert_ne!(by_system, theirs);
}

#[test]
fn deleted_records_cannot_be_referred_to_after_their_object_was_dormant() {
    let archive = Archive::new();
    let notes = note(&[part()]);
    let shop = archive.open(&[PART, &notes]);
    let gone = shop.create("Part__c", &json!({}));
    shop.object("Part__c").delete(gone).unwrap();
    drop(shop);
    drop(archive.open(&[&notes]));
    let shop = archive.open(&[PART, &notes]);
    let about = shop.object("Note__c").create(&map(&json!({ "Part__c": gone })));
    assert_eq!(refused(about), deleted_record());
    shop.verify();
}

#[test]
fn a_store_in_memory_begins_anew_each_time() {
    let notes = note(&[text()]);
    let store = Store::in_memory(&[&notes]).unwrap();
    let first = store.system().object("Note__c").unwrap().create(&map(&json!({}))).unwrap();
    assert_eq!(first, super::id(&notes, 1));
    verify(&store);
    let other = note(&[open("Text__c", FieldType::Int)]);
    let store = Store::in_memory(&[&other]).unwrap();
    assert_eq!(verify(&store).live, 0);
}

#[test]
fn users_cannot_be_added_beside_deleted_records_that_others_made() {
    let archive = Archive::new();
    let shop = archive.open(&[PART]);
    let stranger = shop.store.connect(Caller::system_as(id("005xx0000000099")));
    let parts = stranger.object("Part__c").unwrap();
    let part = parts.create(&map(&json!({ "Text__c": "wheel" }))).unwrap();
    parts.delete(part).unwrap();
    drop((parts, stranger, shop));
    let error = archive.try_open(&[PART, User::OBJECT]).err().unwrap();
    assert!(error.to_string().contains(&leads_nowhere("CreatedById")), "{error}");
    archive.open(&[PART]).verify();
}

#[test]
fn the_key_prefix_of_an_object_that_is_not_there_changes_only_where_no_record_has_it() {
    const GHOSTS: &[Target] = &[Target::new("Ghost__c", "a0G")];
    const RENAMED: &[Target] = &[Target::new("Ghost__c", "a0H")];
    const BEFORE: &Definition = &Definition::new("Bolt__c").key_prefix("a0B").fields(&[open(
        "Ghost__c",
        FieldType::Reference,
    )
    .references(GHOSTS)]);
    const AFTER: &Definition = &Definition::new("Bolt__c").key_prefix("a0B").fields(&[open(
        "Ghost__c",
        FieldType::Reference,
    )
    .references(RENAMED)]);
    let archive = Archive::new();
    drop(archive.open(&[BEFORE]));
    drop(archive.open(&[AFTER]));
    let shop = archive.open(&[BEFORE]);
    shop.create("Bolt__c", &json!({ "Ghost__c": "a0G000000000001" }));
    drop(shop);
    let error = archive.try_open(&[AFTER]).err().unwrap();
    assert!(error.to_string().contains(&leads_nowhere("Ghost__c")), "{error}");
    archive.open(&[BEFORE]).verify();
}
