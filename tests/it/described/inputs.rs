//! What public projects have from orgs of many versions: each file of `tests/data/field` is read, comes
//! back equal, makes objects of a store, and takes the records that stand beside it.

use std::{fs, path::PathBuf};

use serde_json::Value as Json;
use sobject_core::{
    GlobalDescribe, ObjectDescribe, SObject, Store,
    standard::{Group, User},
};

use crate::desk::{map, verify};

/// A value that an org takes in one form and gives in another: the input, the field, and what is read.
const OTHER_FORMS: &[(&str, &str, &str)] = &[
    ("date-as-datetime", "closedate", r#""2020-12-22""#),
    ("date-as-datetime", "amount", "119373.34"),
];

/// Every input, by the name of its file.
fn inputs() -> Vec<(String, Json)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/field");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|it| it == "json"));
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    let read = |path: PathBuf| {
        let json = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        (name(&path), json)
    };
    let mut inputs: Vec<_> = files.map(read).collect();
    inputs.sort_by(|a, b| a.0.cmp(&b.0));
    inputs
}

fn list(json: &Json) -> &[Json] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The describes of an input. Each comes back equal.
fn describes(name: &str, input: &Json) -> Vec<ObjectDescribe> {
    let read = |json: &Json| {
        let describe: ObjectDescribe =
            serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(serde_json::to_value(&describe).unwrap(), *json, "{name}");
        // From text as well, whose numbers and keys go another way.
        let again: ObjectDescribe = serde_json::from_str(&json.to_string()).unwrap();
        assert_eq!(again, describe, "{name}");
        describe
    };
    list(&input["describes"]).iter().map(read).collect()
}

#[test]
fn every_input_is_read_comes_back_equal_and_is_used() {
    let inputs = inputs();
    assert_eq!(inputs.len(), 13);
    for (name, input) in &inputs {
        if !input["global"].is_null() {
            let global: GlobalDescribe = serde_json::from_value(input["global"].clone()).unwrap();
            assert_eq!(serde_json::to_value(global).unwrap(), input["global"], "{name}");
        }
        let describes = describes(name, input);
        let builder = describes.into_iter().fold(Store::builder(), |it, of| it.described(of));
        let store = builder.in_memory(&[User::OBJECT, Group::OBJECT]);
        let store = store.unwrap_or_else(|error| panic!("{name}: {error}"));
        let db = store.system();
        for describe in list(&input["describes"]) {
            let answer = db.describe_sobject(describe["name"].as_str().unwrap()).unwrap();
            assert_eq!(serde_json::to_value(answer).unwrap(), *describe, "{name}, from a store");
        }
        for record in list(&input["records"]) {
            let object = db.object(input["object"].as_str().unwrap()).unwrap();
            let id = object.create(&map(record)).unwrap_or_else(|error| panic!("{name}: {error}"));
            let read = object.get(id).unwrap();
            for (key, value) in record.as_object().unwrap() {
                let other = OTHER_FORMS
                    .iter()
                    .find(|(input, field, _)| (input, field) == (&name.as_str(), &key.as_str()));
                let value =
                    other.map_or(value.clone(), |(.., it)| serde_json::from_str(it).unwrap());
                let read = read.iter().find(|(field, _)| field.eq_ignore_ascii_case(key));
                assert_eq!(read.unwrap().1, &value, "{name}: {key}");
            }
        }
        verify(&store);
    }
}
