//! What queries tell of owners to a caller who may not read all of a group.

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, Connection, Definition, FieldDefinition, FieldRight, FieldType, Permissions, SObject,
    Store,
    standard::{User, UserCreate},
};

use super::Ticket;
use crate::desk::{LiveAgentSession, map};

/// Groups that say whether they are queues.
const GROUP: &Definition =
    &Definition::new("Group").label("Group", "Groups").key_prefix("00G").fields(&[
        FieldDefinition::new("Name", FieldType::String).create().update().filter().name_field(),
        FieldDefinition::new("Type", FieldType::String).create().nillable().filter(),
    ]);

/// What each of the owners of tickets is said to be.
fn types(db: &Connection) -> Vec<Json> {
    let found = db.soql("SELECT Owner.Type FROM Ticket ORDER BY Id").expect("tickets");
    found.records.iter().map(|row| row["Owner"]["Type"].clone()).collect()
}

fn count(db: &Connection, what: &str) -> usize {
    db.soql(format!("SELECT COUNT() FROM Ticket WHERE Owner.Type = '{what}'"))
        .expect("n")
        .total_size
}

#[test]
fn whoever_may_not_read_what_a_group_is_does_not_learn_it_from_its_tickets() {
    let objects = &[GROUP, User::OBJECT, LiveAgentSession::OBJECT, Ticket::OBJECT];
    let store = Store::in_memory(objects).expect("a store");
    let admin = store.system();
    let ada = admin.create(UserCreate::new("Ada", "ada@example.com")).expect("a user");
    let group = |of: Option<&str>| {
        let record = map(&json!({ "Name": "Night", "Type": of }));
        admin.object("Group").expect("groups").create(&record).expect("a group")
    };
    let owners = [ada.record_id(), group(Some("Queue")), group(Some("Regular")), group(None)];
    for owner in owners {
        let ticket = json!({ "Name": "Door", "Due": "2026-03-02", "OwnerId": owner.to_string() });
        admin.object("Ticket").expect("tickets").create(&map(&ticket)).expect("a ticket");
    }
    assert_eq!(types(&admin), ["User", "Queue", "Group", "Group"]);
    assert_eq!(["Queue", "Group"].map(|of| count(&admin, of)), [1, 2]);
    let connect = |permissions| store.connect(Caller::user(ada, permissions));
    let all = connect(Permissions::all());
    assert_eq!(types(&all), types(&admin));
    let few = connect(Permissions::all().mute_field(("Group", "Type"), FieldRight::Read));
    assert_eq!(types(&few), ["User", "Group", "Group", "Group"]);
    assert_eq!(["Queue", "Group"].map(|of| count(&few, of)), [0, 3]);
    let grouped = few.soql("SELECT Owner.Type t, COUNT(Id) n FROM Ticket GROUP BY Owner.Type");
    let groups = grouped.expect("groups").records;
    let groups: Vec<_> = groups.iter().map(|row| (row["t"].clone(), row["n"].clone())).collect();
    assert_eq!(groups, [(json!("Group"), json!(3)), (json!("User"), json!(1))]);
}
