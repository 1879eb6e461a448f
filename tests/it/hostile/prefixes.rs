//! Objects that share a key prefix, where one may be taken for the other.

use serde_json::{Value as Json, json};
use sobject_core::{Definition, Error, FieldDefinition, FieldType, RecordId, Target};

use crate::{
    desk::{id, map, refused},
    types::{Shop, open, required},
};

const CODE: FieldDefinition = open("Code__c", FieldType::String).filter().unique();

const LEFT: &Definition =
    &Definition::new("Left__c").key_prefix("a0L").shared_prefix().fields(&[CODE, BUDDY]);
const RIGHT: &Definition =
    &Definition::new("Right__c").key_prefix("a0L").shared_prefix().fields(&[CODE, BUDDY]);
const BUDDY: FieldDefinition = open("Buddy__c", FieldType::Reference)
    .references(&[Target::new("Left__c", "a0L"), Target::new("Right__c", "a0L")]);
const HOLDER: &Definition = &Definition::new("Holder__c").key_prefix("a0H").fields(&[required(
    "Left__c",
    FieldType::Reference,
)
.references(&[Target::new("Left__c", "a0L")])]);

fn sent(id: RecordId, is_deleted: bool, code: &str, buddy: Option<RecordId>) -> Json {
    let (at, by) = ("2016-01-05T09:30:00.000+0000", "005xx0000000001");
    json!({
        "Id": id, "IsDeleted": is_deleted, "CreatedDate": at, "CreatedById": by,
        "LastModifiedDate": at, "LastModifiedById": by, "SystemModstamp": at,
        "Code__c": code, "Buddy__c": buddy,
    })
}

fn one() -> RecordId {
    id("a0LHs0000000001")
}

fn two() -> RecordId {
    id("a0LHs0000000002")
}

#[test]
fn an_id_stays_with_its_object_in_the_bin_and_within_a_transaction() {
    let shop = Shop::of(&[LEFT, RIGHT, HOLDER]);
    let replica = shop.store.replica();
    replica.put("Left__c", &map(&sent(one(), true, "a", None))).unwrap();
    shop.nothing_changes(|| {
        for is_deleted in [false, true] {
            let other = refused(replica.put("Right__c", &map(&sent(one(), is_deleted, "a", None))));
            assert_eq!(other.code, "MALFORMED_ID");
        }
        let both = replica.transaction(|tx| {
            tx.put("Right__c", &map(&sent(two(), false, "b", None)))?;
            tx.put("Left__c", &map(&sent(two(), false, "b", None)))?;
            Ok::<_, Error>(())
        });
        assert_eq!(refused(both).code, "MALFORMED_ID");
    });
    assert_eq!(refused(shop.object("Right__c").undelete(one())).code, "UNDELETE_FAILED");
    shop.object("Left__c").undelete(one()).unwrap();
    assert_eq!(shop.value("Left__c", one(), "Code__c"), "a");
    shop.verify();
}

#[test]
fn values_are_unique_within_an_object_and_swap_there() {
    let shop = Shop::of(&[LEFT, RIGHT, HOLDER]);
    let replica = shop.store.replica();
    let three = id("a0LHs0000000003");
    for (object, id, code) in
        [("Left__c", one(), "a"), ("Left__c", two(), "b"), ("Right__c", three, "a")]
    {
        replica.put(object, &map(&sent(id, false, code, None))).unwrap();
    }
    // The two of the one object swap their codes, while the other object's record keeps its own.
    let swap =
        [map(&sent(one(), false, "b", Some(three))), map(&sent(two(), false, "a", Some(one())))];
    for result in replica.put_many("Left__c", &swap).unwrap() {
        result.unwrap();
    }
    for (object, id, code) in
        [("Left__c", one(), "b"), ("Left__c", two(), "a"), ("Right__c", three, "a")]
    {
        let found = shop.object(object).find("Code__c", code).unwrap();
        assert_eq!(found.iter().map(|it| it["Id"].clone()).collect::<Vec<_>>(), [json!(id)]);
    }
    assert_eq!(replica.unresolved(10).unwrap(), []);
    shop.verify();
}

#[test]
fn what_holds_a_record_holds_no_other_with_such_an_id() {
    let shop = Shop::of(&[LEFT, RIGHT, HOLDER]);
    let (left, right) = (shop.create("Left__c", &json!({})), shop.create("Right__c", &json!({})));
    let holder = shop.create("Holder__c", &json!({ "Left__c": left }));
    shop.nothing_changes(|| {
        let given = map(&json!({ "Left__c": right }));
        assert_eq!(
            refused(shop.object("Holder__c").create(&given)).code,
            "FIELD_INTEGRITY_EXCEPTION"
        );
        assert!(shop.object("Left__c").delete(left).is_err());
    });
    shop.object("Right__c").delete(right).unwrap();
    shop.object("Right__c").undelete(right).unwrap();
    shop.object("Holder__c").delete(holder).unwrap();
    shop.object("Left__c").delete(left).unwrap();
    assert!(shop.object("Holder__c").undelete(holder).is_err(), "its record is gone");
    shop.object("Left__c").undelete(left).unwrap();
    shop.object("Holder__c").undelete(holder).unwrap();
    shop.verify();
}
