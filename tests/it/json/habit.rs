//! A struct that keeps serde's traits of its own: its records and views are an org's JSON all the
//! same.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sobject_core::{Record, SObject, Store};

/// A note.
#[derive(SObject, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[sobject(name = "Note__c", key_prefix = "a0N", own_serde)]
struct Note {
    #[serde(rename = "t")]
    #[field(create, update, name = "Text__c")]
    text: String,
}

#[test]
fn a_struct_with_serde_of_its_own_has_records_and_views_in_an_orgs_form() {
    let db = Store::in_memory(&[Note::OBJECT]).unwrap().system();
    let id = db.create(NoteCreate::new("hello")).unwrap();
    let record = db.get(id).unwrap();
    assert_eq!(serde_json::to_value(&record.fields).unwrap(), json!({ "t": "hello" }));
    let written = serde_json::to_value(&record).unwrap();
    assert_eq!(written["Text__c"], "hello");
    assert_eq!(serde_json::from_value::<Record<Note>>(written).unwrap(), record);
    let create: NoteCreate = serde_json::from_value(json!({ "Text__c": "x" })).unwrap();
    assert_eq!(create, NoteCreate::new("x"));
}
