//! Records as public sample data has them, for objects that are known by their describe.
//!
//! A file has `describes` to register and `records` of an `object` to create.

use std::{fs, path::PathBuf};

use serde_json::{Value as Json, json};
use sobject_core::{
    JsonRecord, ObjectDescribe, SObject, Store,
    standard::{Group, User},
};

use crate::desk::{map, verify};

/// A file of the folder of inputs.
fn input(name: &str) -> Json {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/field");
    let text = fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    // The values are what counts here, so the parts of a geolocation have names as any field has.
    serde_json::from_str(&text.replace("itude__s", "itude__c").replace("Spot__L", "SpotL")).unwrap()
}

/// A store of the objects of a file, with users and groups.
fn store_of(input: &Json) -> Store {
    let describes = input["describes"].as_array().unwrap().iter();
    let builder = describes.fold(Store::builder(), |builder, describe| {
        let describe: ObjectDescribe = serde_json::from_value(describe.clone()).unwrap();
        builder.described(describe)
    });
    builder.in_memory(&[Group::OBJECT, User::OBJECT]).unwrap()
}

/// The records of a file as they are read after a create of them all in one call.
fn created(input: &Json, store: &Store) -> Vec<JsonRecord> {
    let object = store.system().object(input["object"].as_str().unwrap()).unwrap();
    let records: Vec<_> = input["records"].as_array().unwrap().iter().map(map).collect();
    let ids = object.create_many(&records).unwrap();
    ids.into_iter().map(|id| object.get(id.unwrap()).unwrap()).collect()
}

#[test]
fn a_day_that_is_given_with_a_time_and_an_amount_that_is_given_as_a_text_are_taken() {
    let input = input("date-as-datetime");
    let store = store_of(&input);
    let [deal] = &created(&input, &store)[..] else { panic!("one record") };
    for (field, value) in [
        ("Name", json!("Big deal")),
        ("StageName", json!("Qualification")),
        ("CloseDate", json!("2020-12-22")),
        ("Amount", json!(119_373.34)),
    ] {
        assert_eq!(deal[field], value, "{field}");
    }
    verify(&store);
}

#[test]
fn the_parts_of_a_geolocation_keep_every_digit() {
    let input = input("geolocation");
    let store = store_of(&input);
    let [acme] = &created(&input, &store)[..] else { panic!("one record") };
    for (field, value) in input["records"][0].as_object().unwrap() {
        assert_eq!(&acme[field], value, "{field}");
    }
    verify(&store);
}
