//! Records as JSON are given as a map or as a JSON value.

use serde_json::{Value as Json, json};
use sobject_core::{Error, JsonRecord, SObject};

use crate::desk::{Desk, Part, map, refusal, refused};

#[test]
fn a_json_value_is_a_record_like_a_map() {
    let desk = Desk::new();
    let parts = desk.object(Part::NAME);
    let part = |name: &str| json!({ "Name": name });
    let ids = [
        parts.create(&part("a")).unwrap(),
        parts.create(&part("b")).unwrap(),
        parts.create(&map(&part("c"))).unwrap(),
        parts.create(part("d").as_object().unwrap()).unwrap(),
    ];
    let list = json!([part("e"), part("f")]);
    let many = parts.create_many(list.as_array().unwrap()).unwrap();
    assert!(many.iter().all(Result::is_ok));
    parts.create_many(&[map(&part("g")), map(&part("h"))]).unwrap();
    parts.update(ids[0], &part("A")).unwrap();
    parts.update_many(&[json!({ "Id": ids[1], "Name": "B" })]).unwrap();
    desk.db
        .transaction(|tx| {
            let mut parts = tx.object(Part::NAME)?;
            parts.update(ids[2], &json!({ "Name": "C" }))?;
            parts.create_many(&[part("i")])?;
            parts.create(&part("j"))
        })
        .unwrap();
    let kept = desk.db.walk::<Part>().all().unwrap();
    let names: Vec<_> = kept.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["A", "B", "C", "d", "e", "f", "g", "h", "i", "j"]);
    desk.verify();
}

#[test]
fn a_json_value_that_is_no_object_is_no_record() {
    let desk = Desk::new();
    let parts = desk.object(Part::NAME);
    let id = parts.create(&json!({ "Name": "kept" })).unwrap();
    for (value, given) in [
        (json!(null), "VALUE_NULL value null"),
        (json!(true), "VALUE_TRUE value true"),
        (json!(7), "VALUE_NUMBER_INT value 7"),
        (json!(7.5), "VALUE_NUMBER_FLOAT value 7.5"),
        (json!("a part"), "VALUE_STRING value a part"),
        (json!([{ "Name": "a" }]), "START_ARRAY value ["),
    ] {
        let message = format!("Cannot deserialize instance of {} from {given}", Part::NAME);
        let expected = refusal("JSON_PARSER_ERROR", message, &[]);
        assert_eq!(refused(parts.create(&value)), expected);
        assert_eq!(refused(parts.update(id, &value)), expected);
        // Among several, it is refused alone.
        let several: [&Json; 2] = [&value, &json!({ "Name": "other" })];
        let results = parts.create_many(&several).unwrap();
        assert!(matches!(results[0], Err(Error::NotARecord { .. })), "{:?}", results[0]);
        assert!(results[1].is_ok());
    }
    assert_eq!(desk.count::<Part>(), 7);
    desk.verify();
}

/// Code of a user's that keeps maps.
fn names(records: &[JsonRecord]) -> Vec<&str> {
    records.iter().filter_map(|record| record["Name"].as_str()).collect()
}

#[test]
fn records_are_read_as_maps() {
    let desk = Desk::new();
    desk.object(Part::NAME).create(&json!({ "Name": "a" })).unwrap();
    assert_eq!(names(&desk.object(Part::NAME).walk().all().unwrap()), ["a"]);
    desk.verify();
}
