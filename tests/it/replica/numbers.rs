//! Ids and auto-numbers that a replica puts are read back exactly, and no record that is created
//! later gets them.

use serde_json::json;
use sobject_core::{Definition, FieldDefinition, FieldType, RecordId, Result, Store, Target};

use super::{HERE, Mirror, THERE, id, part, session, stamped, there, user, with};
use crate::{
    desk::{OBJECTS, map, refused, verify},
    types::{KIT, open},
};

/// The greatest record number that an id can have.
const LAST: u64 = 62u64.pow(9) - 1;
/// The greatest record number that a record made here can have.
const LAST_MADE: u64 = (1 << 47) - 1;

/// Creates a part in a store.
fn create(store: &Store) -> Result<RecordId> {
    store.system().object("Part").unwrap().create(&map(&json!({ "Name": "Hub" })))
}

#[test]
fn every_well_formed_id_comes_back() {
    let mirror = Mirror::new();
    let numbers = [0, 1, (1 << 48) - 1, 1 << 48, LAST];
    let instances = [THERE, *b"000", *b"zzz", *b"Hs1"];
    let ids: Vec<_> = instances
        .into_iter()
        .flat_map(|instance| numbers.map(|number| id("a0P", instance, number)))
        .collect();
    for pair in ids.windows(2) {
        mirror.put("Part", &with(&part(pair[1]), &json!({ "TwinId": pair[0] })));
    }
    for pair in ids.windows(2) {
        mirror.assert_holds("Part", pair[1], &json!({ "Id": pair[1], "TwinId": pair[0] }));
    }
    // Ids of other instances do not move the counter of this one.
    assert_eq!(create(&mirror.store).unwrap(), id("a0P", HERE, 1));
    mirror.verify();
}

#[test]
fn many_ids_beyond_48_bits_arrive_in_one_call() {
    let mirror = Mirror::new();
    let ids = (0..3_000).map(|n| there("a0P", LAST - n));
    let records: Vec<_> = ids.map(|id| map(&part(id))).collect();
    let results = mirror.replica().put_many("Part", &records).unwrap();
    assert!(results.iter().all(Result::is_ok));
    mirror.assert_holds("Part", there("a0P", LAST - 2_999), &json!({ "Name": "Wheel" }));
    assert_eq!(mirror.verify().live, 3_000);
}

#[test]
fn ids_of_this_instance_are_skipped_in_records_and_references() {
    let mirror = Mirror::new();
    let number = |number| id("a0P", HERE, number);
    assert_eq!(create(&mirror.store).unwrap(), number(1));
    // A number within the block that is leased, and then numbers beyond it.
    mirror.put("Part", &part(number(5)));
    assert_eq!(create(&mirror.store).unwrap(), number(6));
    mirror.put("Part", &with(&part(there("a0P", 1)), &json!({ "TwinId": number(1_000) })));
    assert_eq!(create(&mirror.store).unwrap(), number(1_001));
    mirror.put("Part", &with(&part(number(3_000)), &json!({ "IsDeleted": true })));
    assert_eq!(create(&mirror.store).unwrap(), number(3_001));
    // A number below the counter does not move it.
    mirror.put("Part", &part(number(20)));
    assert_eq!(create(&mirror.store).unwrap(), number(3_002));
    // The ids of the users of a record count as well.
    let maker =
        json!({ "CreatedById": id("005", HERE, 40), "LastModifiedById": id("005", HERE, 70) });
    mirror.put("Part", &with(&part(there("a0P", 2)), &maker));
    let users = mirror.store.system().object("User").unwrap();
    let user = json!({ "Name": "Bo", "Username": "bo@example.com" });
    assert_eq!(users.create(&map(&user)).unwrap(), id("005", HERE, 71));
    mirror.verify();
}

#[test]
fn numbers_are_skipped_for_the_file_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("copy.redb");
    let open = || Mirror::with(|builder| builder.open(&path, OBJECTS)).unwrap();
    open().put("Part", &part(id("a0P", HERE, 5)));
    assert_eq!(create(&open().store).unwrap(), id("a0P", HERE, 6));
    let mirror = open();
    mirror.put("Part", &part(id("a0P", HERE, 5_000)));
    assert_eq!(create(&mirror.store).unwrap(), id("a0P", HERE, 5_001));
    drop(mirror);
    assert!(create(&open().store).unwrap() > id("a0P", HERE, 5_001));
    verify(&open().store);
}

#[test]
fn a_copy_that_is_opened_as_the_instance_of_its_records_skips_their_numbers() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("copy.redb");
    let open = |instance: &str| {
        let store = Store::builder().instance(instance).open(&path, OBJECTS).unwrap();
        verify(&store);
        store
    };
    let store = open("cp0");
    let twin = with(&part(there("a0P", 700)), &json!({ "TwinId": there("a0P", 900) }));
    store.replica().put("Part", &map(&twin)).unwrap();
    let gone = with(&part(there("a0P", 800)), &json!({ "IsDeleted": true }));
    store.replica().put("Part", &map(&gone)).unwrap();
    let beyond = part(id("a0P", *b"Hs2", LAST_MADE - 5));
    store.replica().put("Part", &map(&beyond)).unwrap();
    assert_eq!(create(&store).unwrap(), id("a0P", HERE, 1));
    drop(store);
    let store = open("Hs0");
    assert_eq!(create(&store).unwrap(), there("a0P", 901));
    store.replica().put("Part", &map(&part(there("a0P", 1_000)))).unwrap();
    drop(store);
    // Only a few numbers are left after the greatest that was put.
    let store = open("Hs2");
    assert_eq!(create(&store).unwrap(), id("a0P", *b"Hs2", LAST_MADE - 4));
    for _ in 0..4 {
        create(&store).unwrap();
    }
    let end = refused(create(&store));
    assert_eq!(end.message, "not supported: there are no record numbers left");
    verify(&store);
}

#[test]
fn an_object_that_comes_later_makes_no_id_that_is_known() {
    const NOTE: &Definition = &Definition::new("Note__c").key_prefix("a0N").fields(&[open(
        "About__c",
        FieldType::Reference,
    )
    .references(&[Target::new("Topic__c", "a0T")])]);
    const TOPIC: &Definition = &Definition::new("Topic__c")
        .key_prefix("a0T")
        .fields(&[open("Text__c", FieldType::String)]);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("copy.redb");
    let at =
        |objects: &[&Definition]| Mirror::with(|builder| builder.open(&path, objects)).unwrap();
    let about = stamped(there("a0N", 1), &json!({ "About__c": id("a0T", HERE, 60) }));
    at(&[NOTE]).put("Note__c", &about);
    let mirror = at(&[NOTE, TOPIC]);
    assert_eq!(mirror.verify().unresolved, 1);
    let topics = mirror.store.system().object("Topic__c").unwrap();
    assert_eq!(topics.create(&map(&json!({}))).unwrap(), id("a0T", HERE, 61));
    mirror.put("Topic__c", &stamped(id("a0T", HERE, 60), &json!({ "Text__c": "Chess" })));
    assert_eq!(mirror.verify().unresolved, 0);
}

#[test]
fn auto_numbers_are_skipped_where_the_format_could_have_given_them() {
    let mirror = Mirror::of(&[KIT]);
    let kits = mirror.store.system().object("Kit__c").unwrap();
    let create = || {
        let kit = kits.create(&map(&json!({}))).unwrap();
        kits.get(kit).unwrap()["Name"].clone()
    };
    // The format could not have made any of these names.
    for (number, name) in (1..).zip(["0005", "K-5", "k-0005", "K-0005 ", "K-", "X", "K-00a5"]) {
        mirror.put(
            "Kit__c",
            &stamped(there("a0K", number), &json!({ "Name": name, "Sure__c": true })),
        );
        mirror.assert_holds("Kit__c", there("a0K", number), &json!({ "Name": name }));
        mirror.verify();
    }
    assert_eq!(create(), "K-0001");
    for (number, (name, next)) in (10..).zip([
        ("K-0007", "K-0008"),
        ("K-0003", "K-0009"),
        ("K-12345", "K-12346"),
        // This number is so great that the counter never reaches it, and is not moved.
        ("K-18446744073709551615", "K-12347"),
    ]) {
        let kit = stamped(there("a0K", number), &json!({ "Name": name, "Sure__c": true }));
        mirror.put("Kit__c", &with(&kit, &json!({ "IsDeleted": number % 2 == 0 })));
        assert_eq!(create(), next, "after {name}");
    }
    // A record that is there is put with another number.
    mirror.put("Kit__c", &json!({ "Id": there("a0K", 1), "Name": "K-20000" }));
    assert_eq!(create(), "K-20001");
    mirror.verify();
}

#[test]
fn a_format_that_comes_later_skips_the_numbers_that_it_could_have_given() {
    let named = |format: &'static str| {
        let name = FieldDefinition::new("Name", FieldType::String).autonumber(format).name_field();
        Definition::new("Note__c").key_prefix("a0N").fields(vec![name].leak())
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("copy.redb");
    let at = |object: &Definition| Mirror::with(|builder| builder.open(&path, &[object])).unwrap();
    at(&named("{0000}")).put("Note__c", &stamped(there("a0N", 1), &json!({ "Name": "N-0042" })));
    let mirror = at(&named("N-{0000}"));
    let notes = mirror.store.system().object("Note__c").unwrap();
    let note = notes.create(&map(&json!({}))).unwrap();
    assert_eq!(notes.get(note).unwrap()["Name"], "N-0043");
    mirror.verify();
}

#[test]
fn a_number_that_was_refused_is_free() {
    let mirror = Mirror::new();
    let refused = with(&part(id("a0P", HERE, 500)), &json!({ "Name": null }));
    mirror.refused("Part", &refused);
    let records = [map(&part(id("a0P", HERE, 700))), map(&refused)];
    let results = mirror.replica().all_or_none().put_many("Part", &records).unwrap();
    assert!(results.iter().all(Result::is_err));
    assert_eq!(create(&mirror.store).unwrap(), id("a0P", HERE, 1));
    let results = mirror.replica().put_many("Part", &records).unwrap();
    assert!(results[0].is_ok());
    assert_eq!(create(&mirror.store).unwrap(), id("a0P", HERE, 701));
    mirror.verify();
}

#[test]
fn the_last_number_that_is_made_here_leaves_none() {
    let mirror = Mirror::new();
    mirror.put("Part", &part(id("a0P", HERE, LAST_MADE)));
    let end = refused(create(&mirror.store));
    assert_eq!(end.message, "not supported: there are no record numbers left");
    // Records of other objects can still be created, and the replica can still put.
    mirror.put("User", &user(1));
    mirror.put("LiveAgentSession", &session(there("0HK", 1)));
    mirror.put("Part", &part(id("a0P", HERE, 3)));
    mirror.verify();
}

#[test]
fn numbers_that_are_never_made_here_end_no_creates() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("copy.redb");
    let open = || Mirror::with(|builder| builder.open(&path, OBJECTS)).unwrap();
    let number = |number| id("a0P", HERE, number);
    let mirror = open();
    mirror.put("Part", &part(number(LAST)));
    mirror.put("Part", &with(&part(number(LAST_MADE + 1)), &json!({ "IsDeleted": true })));
    mirror.put("Part", &with(&part(there("a0P", 1)), &json!({ "TwinId": number(LAST - 1) })));
    assert_eq!(create(&mirror.store).unwrap(), number(1));
    mirror.put("Part", &part(number(5)));
    assert_eq!(create(&mirror.store).unwrap(), number(6));
    mirror.verify();
    drop(mirror);
    // Nor where the file is opened as their instance later.
    let far = part(id("a0P", *b"Hs2", LAST));
    open().put("Part", &far);
    let store = Store::builder().instance("Hs2").open(&path, OBJECTS).unwrap();
    assert_eq!(create(&store).unwrap(), id("a0P", *b"Hs2", 1));
    verify(&store);
}
