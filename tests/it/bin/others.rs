//! What else knows of records in the bin: unique values, the feed, what callers have seen, replicas, and
//! the file.

use serde_json::json;
use sobject_core::{Caller, ChangeKind, Definition, FieldDefinition, Store};

use super::{Attic, BOX, OBJECTS, days, hours, second};
use crate::{
    desk::{refused, verify},
    types::{Archive, duplicate},
};

#[test]
fn values_are_free_while_their_records_are_in_the_bin() {
    let attic = Attic::new();
    let thrown = attic.thrown("m");
    let done = attic.boxes().upsert("Mark__c", &json!({ "Mark__c": "M" })).unwrap();
    assert!(done.created);
    let other = attic.put("n");
    assert_eq!(
        refused(attic.boxes().update(other, &json!({ "Mark__c": "m" }))),
        duplicate("Mark__c", done.id)
    );
    assert_eq!(refused(attic.boxes().undelete(thrown)), duplicate("Mark__c", done.id));
    attic.boxes().delete(done.id).unwrap();
    attic.boxes().undelete(thrown).unwrap();
    attic.verify();
}

#[test]
fn a_field_that_becomes_unique_counts_what_can_come_back() {
    const PLAIN: &Definition = &Definition::new("Box__c")
        .label("Box", "Boxes")
        .key_prefix("a0B")
        .fields(&[FieldDefinition::new("Mark__c", sobject_core::FieldType::String)
            .create()
            .update()
            .nillable()]);
    const UNIQUE: &Definition = &Definition::new("Box__c")
        .label("Box", "Boxes")
        .key_prefix("a0B")
        .fields(&[FieldDefinition::new("Mark__c", sobject_core::FieldType::String)
            .create()
            .update()
            .nillable()
            .unique()]);
    let archive = Archive::new();
    let thrown = {
        let shop = archive.open(&[PLAIN]);
        shop.create("Box__c", &json!({ "Mark__c": "m" }));
        let thrown = shop.create("Box__c", &json!({ "Mark__c": "m" }));
        shop.object("Box__c").delete(thrown).unwrap();
        thrown
    };
    assert!(archive.try_open(&[UNIQUE]).is_err());
    archive.open(&[PLAIN]).object("Box__c").empty_recycle_bin(&[thrown]).unwrap();
    let shop = archive.open(&[UNIQUE]);
    assert_eq!(shop.object("Box__c").count().unwrap(), 1);
}

#[test]
fn the_feed_says_what_was_purged_and_get_deleted_what_it_can_no_longer_tell() {
    let attic = Attic::new();
    let db = attic.store.system();
    attic.wait(hours(1));
    let from = attic.now();
    let id = attic.thrown("a");
    attic.wait(hours(1));
    let boxes = attic.boxes();
    let window = from..attic.now();
    assert_eq!(boxes.get_deleted(window.clone()).unwrap().deleted_records.len(), 1);
    boxes.empty_recycle_bin(&[id]).unwrap();
    assert_eq!(boxes.get_deleted(window.clone()).unwrap().deleted_records.len(), 1);
    attic.wait(hours(24));
    attic.store.purge().unwrap();
    assert_eq!(refused(boxes.get_deleted(window)).code, "INVALID_REPLICATION_DATE");
    let kinds: Vec<_> =
        db.changes_from_start().page(100).unwrap().changes.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [ChangeKind::Create, ChangeKind::Delete, ChangeKind::Purge]);
    attic.verify();
}

#[test]
fn what_callers_have_seen_of_a_record_goes_with_it() {
    let attic = Attic::new();
    let id = attic.put("a");
    let kept = attic.put("b");
    for user in ["005xx0000000001", "005xx0000000002"] {
        let user: sobject_core::RecordId = user.parse().unwrap();
        let db = attic.store.connect(Caller::system_as(user));
        let boxes = db.object("Box__c").unwrap();
        boxes.mark_viewed(id).unwrap();
        boxes.mark_viewed(kept).unwrap();
    }
    attic.boxes().delete(id).unwrap();
    attic.boxes().empty_recycle_bin(&[id]).unwrap();
    attic.wait(days(1));
    assert_eq!(attic.store.purge().unwrap(), 1);
    // What was seen of a record that is nowhere would be a contradiction.
    attic.verify();
}

#[test]
fn what_a_source_has_deleted_is_kept_until_it_is_emptied() {
    let attic = Attic::with(|builder| builder.recycle_bin_capacity(1));
    let record = |n: usize, deleted: bool| {
        json!({
            "Id": format!("a0Bxx0{n:09}"), "Name": format!("B-{n}"), "IsDeleted": deleted,
            "CreatedDate": "2020-01-01T00:00:00Z", "CreatedById": "005xx0000000001",
            "LastModifiedDate": "2020-01-01T00:00:00Z", "LastModifiedById": "005xx0000000001",
            "SystemModstamp": "2020-01-01T00:00:00Z",
        })
    };
    let replica = attic.store.replica();
    for n in 101..104 {
        replica.put("Box__c", &record(n, true)).unwrap();
    }
    replica.put("Box__c", &record(104, false)).unwrap();
    let own: sobject_core::RecordId = "a0Bxx0000000104".parse().unwrap();
    attic.boxes().delete(own).unwrap();
    attic.wait(days(16));
    assert_eq!(attic.store.purge().unwrap(), 1, "what was deleted here goes as ever");
    assert_eq!(attic.shown("Box__c"), 3);
    attic.verify();
    // It can come back, and be emptied.
    let [first, second, third] =
        [101, 102, 103].map(|n| format!("a0Bxx0{n:09}").parse::<sobject_core::RecordId>().unwrap());
    attic.boxes().undelete(first).unwrap();
    attic.boxes().empty_recycle_bin(&[second]).unwrap();
    assert_eq!(attic.store.system().empty_whole_recycle_bin().unwrap(), 1);
    assert_eq!(refused(attic.boxes().undelete(third)).code, "UNDELETE_FAILED");
    attic.verify();
    attic.wait(days(1));
    assert_eq!((attic.store.purge().unwrap(), attic.shown("Box__c")), (2, 0));
    // Whatever becomes of it, a source may say of a record again that it is deleted.
    replica.put("Box__c", &record(101, true)).unwrap();
    replica.put("Box__c", &record(102, true)).unwrap();
    assert_eq!(attic.shown("Box__c"), 2);
    attic.verify();
}

#[test]
fn what_is_due_is_known_after_the_file_is_opened_again() {
    let archive = Archive::new();
    let ids = {
        let shop = archive.open(OBJECTS);
        let ids = [(); 2].map(|()| shop.create("Box__c", &json!({})));
        let boxes = shop.object("Box__c");
        assert!(boxes.delete_many(&ids).unwrap().iter().all(Result::is_ok));
        boxes.empty_recycle_bin(&ids[..1]).unwrap();
        ids
    };
    // The clock of a shop stands at the same moment whenever it is opened.
    for (time, shown) in [(hours(24) - second(), 2), (hours(24), 1), (days(16), 0)] {
        let shop = archive.open(OBJECTS);
        shop.clock.advance(time);
        shop.create("Box__c", &json!({}));
        let query = sobject_core::Soql::new("SELECT Id FROM Box__c WHERE IsDeleted = true");
        let rows = shop.db.soql(query.all_rows()).unwrap();
        assert_eq!(rows.total_size, shown, "after {time}");
        shop.verify();
    }
    assert_eq!(
        refused(archive.open(OBJECTS).object("Box__c").get(ids[1])).code,
        "INVALID_CROSS_REFERENCE_KEY"
    );
}

#[test]
fn an_object_that_is_dropped_takes_what_is_due_with_it() {
    let archive = Archive::new();
    let kept = {
        let shop = archive.open(OBJECTS);
        let root = shop.create("Box__c", &json!({}));
        shop.create("Thing__c", &json!({ "Box__c": root }));
        let alone = shop.create("Box__c", &json!({}));
        let boxes = shop.object("Box__c");
        assert!(boxes.delete_many(&[root, alone]).unwrap().iter().all(Result::is_ok));
        boxes.empty_recycle_bin(&[alone]).unwrap();
        shop.object("Thing__c").count().unwrap()
    };
    assert_eq!(kept, 0);
    let without_boxes: &[&Definition] = &[OBJECTS[1]];
    let store = Store::builder().drop_object("Box__c").open(archive.path(), without_boxes).unwrap();
    verify(&store);
    store.purge().unwrap();
    verify(&store);
}

#[test]
fn dormant_objects_age_as_others_do() {
    let archive = Archive::new();
    {
        let shop = archive.open(OBJECTS);
        let root = shop.create("Box__c", &json!({}));
        shop.object("Box__c").delete(root).unwrap();
    }
    let shop = archive.open(&[]);
    shop.clock.advance(days(16));
    assert_eq!(shop.store.purge().unwrap(), 1);
    assert_eq!(shop.verify().dormant, 0);
    let _ = BOX;
}
