//! What structs and records are as JSON.

use serde_json::json;
use sobject_core::{SObject, standard::User};

use crate::desk::{Desk, map};

#[test]
fn a_record_is_written_as_an_org_writes_it() {
    let desk = Desk::new();
    let id = desk.db.create(desk.sample()).unwrap();
    let record = desk.get(id);
    let text = serde_json::to_string(&record).unwrap();
    let url = format!("/services/data/v65.0/sobjects/Sample/{id}");
    let begin = format!(
        "{{\"attributes\":{{\"type\":\"Sample\",\"url\":\"{url}\"}},\"Id\":\"{id}\",\
         \"IsDeleted\":false,\"CreatedDate\":\"2026-03-01T08:00:00.000+0000\""
    );
    assert!(text.starts_with(&begin), "{text}");
    let mut read = desk.object("Sample").get(id.record_id()).unwrap();
    read.shift_insert(0, "attributes".into(), json!({ "type": "Sample", "url": url }));
    assert_eq!(text, serde_json::to_string(&read).unwrap(), "in the same order");
}

#[test]
fn system_fields_that_the_object_lacks_are_not_written() {
    let desk = Desk::new();
    let user = serde_json::to_value(desk.get(desk.agent)).unwrap();
    assert!(user.get("IsDeleted").is_none(), "{user}");
    assert!(user.get("SystemModstamp").is_some(), "{user}");
}

#[test]
fn a_struct_is_its_declared_fields_with_nulls() {
    let desk = Desk::new();
    let user = desk.get(desk.agent).fields;
    let written = map(&serde_json::to_value(&user).unwrap());
    let names: Vec<_> = User::OBJECT.fields.iter().map(|field| field.name).collect();
    assert_eq!(written.keys().map(String::as_str).collect::<Vec<_>>(), names);
    assert_eq!(written["Name"], "Ada");
}
