//! Objects whose describe has no key prefix, such as shares and histories: they take records of a
//! replica, whose ids begin in any way, and no record is made here.

use std::fs;

use serde_json::{Value as Json, json};
use sobject_core::{
    Definition, FieldType, ObjectDescribe, RecordId, Result, SObject, Store, Target, standard::User,
};

use super::{of_source, there};
use crate::{
    desk::{map, no_such_record, refusal, refused, verify},
    types::{Archive, open},
};

/// The describe of Account under another name and with this key prefix.
fn history(prefix: Option<&str>) -> ObjectDescribe {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/describe/Account.describe.json");
    let mut json: Json = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    (json["name"], json["keyPrefix"]) = (json!("AccountHistory"), json!(prefix));
    serde_json::from_value(json).unwrap()
}

/// An object that refers to histories, by name.
const NOTE: &Definition =
    &Definition::new("Note__c").key_prefix("a0N").fields(&[open("About__c", FieldType::Reference)
        .references(&[Target::new("AccountHistory", ""), Target::new("User", "005")])]);

fn open_with(archive: &Archive, describe: ObjectDescribe) -> Result<Store> {
    Store::builder().described(describe).open(archive.path(), &[User::OBJECT, NOTE])
}

/// A user as its source has it, which has no IsDeleted.
fn of_user(id: RecordId, values: &Json) -> Json {
    let mut user = map(&of_source(id, values));
    user.remove("IsDeleted");
    user.into()
}

fn account(id: RecordId) -> Json {
    let owner = there("005", 1);
    of_source(id, &json!({ "Name": "Acme", "OwnerId": owner, "IsPartner": false }))
}

/// A record as a put of it needs it: with each field that is never null.
fn put(store: &Store, id: RecordId) -> Result<RecordId> {
    let mut record = map(&account(id));
    let described = store.system().describe_sobject("AccountHistory").unwrap();
    for field in described.fields.iter().filter(|it| !it.nillable) {
        if field.field_type.name() == "boolean" {
            record.entry(field.name.clone()).or_insert(json!(false));
        }
    }
    store.replica().put("AccountHistory", &record)
}

#[test]
fn records_of_a_replica_are_taken_whatever_their_ids_begin_with() {
    let archive = Archive::new();
    let store = open_with(&archive, history(None)).unwrap();
    let described = store.system().describe_sobject("AccountHistory").unwrap();
    assert_eq!(described.key_prefix, None);
    let ada = json!({ "Name": "Ada", "Username": "ada@example.com" });
    store.replica().put("User", &map(&of_user(there("005", 1), &ada))).unwrap();
    let ids = [there("017", 1), there("0kk", 1)];
    for id in ids {
        assert_eq!(put(&store, id).unwrap(), id);
    }
    let object = store.system().object("AccountHistory").unwrap();
    object.update(ids[0], &map(&json!({ "Site": "here" }))).unwrap();
    object.delete(ids[1]).unwrap();
    object.undelete(ids[1]).unwrap();
    assert_eq!(refused(object.get(there("017", 9))), no_such_record());
    assert_eq!(store.system().objects_of(ids[0]).unwrap(), [""; 0], "its id does not tell");
    // A reference that names the object leads there.
    let notes = store.system().object("Note__c").unwrap();
    let note = notes.create(&map(&json!({ "About__c": ids[0] }))).unwrap();
    let lost = refused(notes.create(&map(&json!({ "About__c": there("017", 9) }))));
    assert_eq!(lost, no_such_record());
    verify(&store);
    drop((object, notes, store));
    let store = open_with(&archive, history(None)).unwrap();
    let read = store.system().object("AccountHistory").unwrap().get(ids[0]).unwrap();
    assert_eq!((&read["Name"], &read["Site"]), (&json!("Acme"), &json!("here")));
    assert_eq!(
        store.system().object("Note__c").unwrap().get(note).unwrap()["About__c"],
        json!(ids[0])
    );
    verify(&store);
    // It may be dormant, too.
    drop(store);
    let store = Store::open(archive.path(), &[User::OBJECT]).unwrap();
    verify(&store);
}

#[test]
fn none_is_made_here_until_the_describe_is_given_a_key_prefix() {
    let archive = Archive::new();
    let store = open_with(&archive, history(None)).unwrap();
    let object = store.system().object("AccountHistory").unwrap();
    let what = "making an id for a new record: the describe of the object has no key prefix; set its \
                `key_prefix` before it is given to the store is not supported";
    let refused_so = refused(object.create(&map(&json!({ "Name": "Acme" }))));
    assert_eq!(refused_so.code, refusal("FUNCTIONALITY_NOT_ENABLED", what, &[]).code);
    assert!(refused_so.message.contains("set its `key_prefix`"), "{}", refused_so.message);
    drop((object, store));
    let error = open_with(&archive, history(Some("017"))).unwrap_err().to_string();
    assert!(error.contains("the key prefix was none and is 017"), "{error}");
    let other = Archive::new();
    let store = open_with(&other, history(Some("017"))).unwrap();
    let object = store.system().object("AccountHistory").unwrap();
    let id = object.create(&map(&json!({ "Name": "Acme" }))).unwrap();
    assert_eq!(id.key_prefix().to_string(), "017");
    verify(&store);
}
