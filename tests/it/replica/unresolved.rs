//! References that lead to no record: they are counted and listed, and do not hinder other calls.

use serde_json::{Value as Json, json};
use sobject_core::{Definition, Error, FieldDefinition, FieldType, RecordId, ResumeKey, Target};

use super::{HERE, Mirror, id, part, session, stamped, there, user, with};
use crate::{
    desk::{Part, map, needs_record, no_such_record, refusal, refused},
    types::{Archive, open, required},
};

/// The references that `unresolved` lists, as object, field, target and id.
fn listed(mirror: &Mirror, limit: usize) -> Vec<(String, String, String, RecordId)> {
    let unresolved = mirror.replica().unresolved(limit).unwrap();
    unresolved.into_iter().map(|it| (it.object, it.field, it.target, it.id)).collect()
}

/// An element of [`listed`].
fn line(
    object: &str,
    field: &str,
    target: &str,
    id: RecordId,
) -> (String, String, String, RecordId) {
    (object.to_owned(), field.to_owned(), target.to_owned(), id)
}

#[test]
fn what_is_referred_to_is_listed_until_it_arrives() {
    let mirror = Mirror::new();
    assert_eq!(listed(&mirror, 10), []);
    let agent = there("005", 2);
    for number in 1..=3 {
        let queue = json!({ "AgentId": agent, "OwnerId": there("00G", number) });
        mirror.put("LiveAgentSession", &with(&session(there("0HK", number)), &queue));
    }
    let maker = there("005", 1);
    let of = |field, target, id| line("LiveAgentSession", field, target, id);
    let all = [
        of("CreatedById", "User", maker),
        of("LastModifiedById", "User", maker),
        of("AgentId", "User", agent),
        of("OwnerId", "Group", there("00G", 1)),
        of("OwnerId", "Group", there("00G", 2)),
        of("OwnerId", "Group", there("00G", 3)),
    ];
    for limit in 0..8 {
        assert_eq!(listed(&mirror, limit), all[..limit.min(all.len())]);
    }
    assert_eq!(mirror.verify().unresolved, 12);

    mirror.put("User", &user(1));
    assert_eq!(listed(&mirror, 10), all[2..]);
    assert_eq!(mirror.verify().unresolved, 6);
    mirror.put("User", &user(2));
    for number in 1..=3 {
        mirror.put("Group", &stamped(there("00G", number), &json!({ "Name": "Night Shift" })));
    }
    assert_eq!(listed(&mirror, 10), []);
    assert_eq!(mirror.verify().unresolved, 0);
}

/// What is listed in pages of this size.
fn paged(mirror: &Mirror, size: usize) -> Vec<(String, String, String, RecordId)> {
    let mut all = Vec::new();
    let mut key = None;
    // No list here has so many: a list whose pages do not get on is none that a test waits for.
    for _ in 0..1_000 {
        let page = mirror.replica().unresolved_page(key, size).unwrap();
        assert!(page.items.len() <= size.max(1));
        assert!(page.items.len() == size.max(1) || page.next.is_none());
        all.extend(page.items.into_iter().map(|it| (it.object, it.field, it.target, it.id)));
        // A key is as good as its text.
        key = page.next.map(|key| key.to_string().parse::<ResumeKey>().unwrap());
        if key.is_none() {
            return all;
        }
    }
    panic!("the pages of {size} do not end: {:?} again and again", all.last());
}

#[test]
fn the_list_in_pages_is_the_list_at_once_with_each_id_once_for_each_field() {
    let mirror = Mirror::new();
    mirror.put("User", &user(1));
    // Enough records to be read in several pieces, in which makers and twins come again and again.
    let parts: Vec<_> = (1..=2_500)
        .map(|number| {
            let refers = json!({
                "CreatedById": there("005", 1 + number * 7 % 5),
                "LastModifiedById": there("005", 1 + number % 3),
                "TwinId": there("a0P", if number % 2 == 0 { number / 100 + 1 } else { 5_000 + number % 40 }),
            });
            map(&with(&part(there("a0P", number)), &refers))
        })
        .collect();
    for put in mirror.replica().put_many("Part", &parts).unwrap() {
        put.unwrap();
    }
    for number in 1..=3 {
        mirror.put("LiveAgentSession", &session(there("0HK", number)));
    }
    let of = |field, target, id| line("Part", field, target, id);
    let makers = (2..=5).map(|number| of("CreatedById", "User", there("005", number)));
    let changers = (2..=3).map(|number| of("LastModifiedById", "User", there("005", number)));
    let twins = (1..40).step_by(2).map(|n| of("TwinId", "Part", there("a0P", 5_000 + n)));
    let all: Vec<_> = makers.chain(changers).chain(twins).collect();
    assert_eq!(listed(&mirror, usize::MAX), all);
    for size in [0, 1, 2, 3, 4, 5, 6, 7, 25, 26, 27, 1_000] {
        assert_eq!(paged(&mirror, size), all, "in pages of {size}");
    }
    let page = mirror.replica().unresolved_page(None, 3).unwrap();
    let key = page.next.unwrap();
    // What arrives is no longer listed, before the key and behind it.
    for number in [2, 5] {
        mirror.put("User", &user(number));
    }
    let rest = mirror.replica().unresolved_page(key.clone(), 100).unwrap().items;
    let rest: Vec<_> = rest.into_iter().map(|it| (it.object, it.field, it.target, it.id)).collect();
    assert_eq!(rest, all[5..]);
    assert_eq!(listed(&mirror, 3), [all[1].clone(), all[2].clone(), all[5].clone()]);
    // It is no key of a walk over records, nor is one of them a key here.
    let parts = mirror.store.system().object("Part").unwrap();
    assert_eq!(refused(parts.walk().after(key).page(1)).code, "INVALID_QUERY_LOCATOR");
    let key = parts.walk().page(1).unwrap().next;
    let page = mirror.replica().unresolved_page(key, 1);
    assert_eq!(refused(page).code, "INVALID_QUERY_LOCATOR");
}

#[test]
fn a_record_in_the_bin_is_not_listed_but_does_not_resolve_either() {
    let mirror = Mirror::new();
    mirror.put("User", &user(1));
    let (one, other) = (there("a0P", 1), there("a0P", 2));
    mirror.put("Part", &with(&part(one), &json!({ "TwinId": other })));
    assert_eq!(listed(&mirror, 10), [line("Part", "TwinId", "Part", other)]);
    // The target arrives as a deleted record, although a record refers to it.
    mirror.put("Part", &with(&part(other), &json!({ "IsDeleted": true })));
    assert_eq!(listed(&mirror, 10), []);
    assert_eq!(mirror.verify().unresolved, 1);
    // The references of a deleted record are neither listed nor counted.
    mirror.put("Part", &json!({ "Id": one, "IsDeleted": true, "TwinId": there("a0P", 3) }));
    assert_eq!(listed(&mirror, 10), []);
    assert_eq!(mirror.verify().unresolved, 0);
}

#[test]
fn a_replica_deletes_what_is_held_and_an_ordinary_call_does_not() {
    let mirror = Mirror::new();
    mirror.put("User", &user(1));
    let wheel = mirror.put("Part", &part(there("a0P", 1)));
    let screw = json!({ "PartId": wheel, "IsDeleted": false });
    mirror.put("Screw", &stamped(there("a0W", 1), &screw));
    let parts = mirror.store.system().object("Part").unwrap();
    assert_eq!(refused(parts.delete(wheel)).code, "DELETE_FAILED");
    mirror.put("Part", &json!({ "Id": wheel, "IsDeleted": true }));
    assert_eq!(mirror.verify().unresolved, 1);
    // The screw is deleted, and cannot be undeleted while its part is in the bin.
    let screws = mirror.store.system().object("Screw").unwrap();
    screws.delete(there("a0W", 1)).unwrap();
    assert_eq!(refused(screws.undelete(there("a0W", 1))), needs_record("PartId"));
    parts.undelete(wheel).unwrap();
    screws.undelete(there("a0W", 1)).unwrap();
    assert_eq!(mirror.verify().unresolved, 0);
}

#[test]
fn ordinary_calls_work_beside_references_that_lead_nowhere() {
    let mirror = Mirror::new();
    let (wheel, ghost) = (there("a0P", 1), there("a0P", 9));
    mirror.put("Part", &with(&part(wheel), &json!({ "TwinId": ghost })));
    let parts = mirror.store.system().object("Part").unwrap();
    // An update of another field keeps such a reference. Setting it again is refused, as in any
    // store.
    parts.update(wheel, &map(&json!({ "Name": "Hub" }))).unwrap();
    mirror.assert_holds("Part", wheel, &json!({ "Name": "Hub", "TwinId": ghost }));
    assert_eq!(refused(parts.update(wheel, &map(&json!({ "TwinId": ghost })))), no_such_record());
    let found = mirror.store.system().find(Part::FIELDS.twin_id, sobject_core::Id::new(ghost));
    assert_eq!(found.unwrap().len(), 1);
    mirror.verify();
    // Undeleting a record sets such a reference to null, as in any store.
    parts.delete(wheel).unwrap();
    mirror.verify();
    parts.undelete(wheel).unwrap();
    mirror.assert_holds("Part", wheel, &json!({ "TwinId": null }));
    mirror.verify();
    // If the reference is required, the record cannot be undeleted.
    let screw = json!({ "PartId": ghost, "IsDeleted": false });
    let screw = mirror.put("Screw", &stamped(there("a0W", 1), &screw));
    let screws = mirror.store.system().object("Screw").unwrap();
    screws.delete(screw).unwrap();
    assert_eq!(refused(screws.undelete(screw)), needs_record("PartId"));
    mirror.verify();
    mirror.put("Screw", &json!({ "Id": screw, "IsDeleted": false }));
    mirror.assert_holds("Screw", screw, &json!({ "PartId": ghost }));
    mirror.verify();
}

/// A note with a reference to records of these objects.
fn note(targets: &'static [Target]) -> Definition {
    let fields = vec![open("About__c", FieldType::Reference).references(targets)];
    Definition::new("Note__c").label("Note", "Notes").key_prefix("a0N").fields(fields.leak())
}

/// An object that notes refer to.
const TOPIC: &Definition = &Definition::new("Topic__c")
    .key_prefix("a0T")
    .fields(&[required("Text__c", FieldType::String)]);
/// Another object that notes refer to.
const PLACE: &Definition = &Definition::new("Place__c")
    .key_prefix("a0L")
    .fields(&[FieldDefinition::new("Text__c", FieldType::String).nillable()]);
const BOTH: &[Target] = &[Target::new("Topic__c", "a0T"), Target::new("Place__c", "a0L")];

#[test]
fn objects_come_and_go_in_a_file_with_references_that_lead_nowhere() {
    let (archive, note) = (Archive::new(), note(BOTH));
    let about = |number, id: RecordId| -> Json {
        stamped(there("a0N", number), &json!({ "About__c": id, "IsDeleted": false }))
    };
    let shop = archive.open(&[&note, PLACE]);
    let place = there("a0L", 4);
    for record in [about(1, there("a0T", 1)), about(2, place)] {
        shop.store.replica().put("Note__c", &map(&record)).unwrap();
    }
    // The store does not have the object of topics yet.
    assert_eq!(shop.verify().unresolved, 1);
    drop(shop);
    let shop = archive.open(&[&note, PLACE, TOPIC]);
    assert_eq!(shop.verify().unresolved, 2);
    let topic = stamped(there("a0T", 1), &json!({ "Text__c": "Chess", "IsDeleted": false }));
    shop.store.replica().put("Topic__c", &map(&topic)).unwrap();
    assert_eq!(shop.verify().unresolved, 1);
    drop(shop);
    // The object of places is dormant for a while, and comes back.
    assert_eq!(archive.open(&[&note, TOPIC]).verify().unresolved, 0);
    let shop = archive.open(&[&note, TOPIC, PLACE]);
    assert_eq!(shop.verify().unresolved, 1);
    shop.store
        .replica()
        .put("Place__c", &map(&stamped(place, &json!({ "IsDeleted": false }))))
        .unwrap();
    assert_eq!(shop.verify().unresolved, 0);
}

#[test]
fn a_reference_of_an_object_that_is_no_longer_named_is_refused_in_words() {
    let archive = Archive::new();
    let shop = archive.open(&[&note(BOTH), PLACE, TOPIC]);
    let about = stamped(there("a0N", 1), &json!({ "About__c": there("a0L", 4) }));
    let id = shop.store.replica().put("Note__c", &map(&about)).unwrap();
    drop(shop);
    match archive.try_open(&[&note(&BOTH[..1]), PLACE, TOPIC]).map(|shop| shop.store) {
        Err(Error::DefinitionChanged { object, changes, records }) => {
            assert_eq!((object.as_str(), records), ("Note__c", vec![id]));
            let sentence = "records refer by field About__c to records of objects that it does not \
                            name, or that are not there";
            assert_eq!(changes, [sentence]);
        }
        opened => panic!("the file opens: {opened:?}"),
    }
    let shop = archive.open(&[&note(BOTH), PLACE, TOPIC]);
    assert_eq!(shop.get("Note__c", id)["About__c"], json!(there("a0L", 4)));
}

#[test]
fn a_reference_names_only_what_it_may() {
    let mirror = Mirror::of(&[&note(&BOTH[..1]), PLACE]);
    // The store does not have the object that the reference may name, but knows its key prefix.
    for wrong in [there("a0L", 1), there("a0X", 1), id("a0N", HERE, 1)] {
        let about = stamped(there("a0N", 1), &json!({ "About__c": wrong }));
        let message = format!("About__c: id value of incorrect type: {wrong}");
        let expected = refusal("FIELD_INTEGRITY_EXCEPTION", message, &["About__c"]);
        assert_eq!(mirror.refused("Note__c", &about), expected);
    }
    mirror.put("Note__c", &stamped(there("a0N", 1), &json!({ "About__c": there("a0T", 1) })));
    // References to an object that the store does not have are not listed.
    assert_eq!(listed(&mirror, 10), []);
    assert_eq!(mirror.verify().unresolved, 0);
}
