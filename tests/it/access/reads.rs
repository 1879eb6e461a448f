//! Reads in user mode: a typed record is read whole or refused, and a JSON record has only the
//! fields that the caller may read.

use std::ops::ControlFlow;

use serde_json::json;
use sobject_core::{
    Caller, Connection, Definition, FieldDefinition, FieldRight, FieldType, Id, Permissions,
    Result, SObject, Store,
    standard::{User, UserCreate},
};

use super::{Office, PERMISSIONABLE, Ticket, hiding, locking, no_column};
use crate::desk::{MORNING, Refusal, at, map, refused};

/// Makes each call that reads whole typed records, on a connection and in a transaction.
fn whole_reads(db: &Connection, id: Id<Ticket>) -> Vec<(&'static str, Result<()>)> {
    let go_on = |_| ControlFlow::Continue(());
    let session = || db.session().expect("a session begins, whatever the rights");
    let fields = Ticket::FIELDS;
    vec![
        ("get", db.get(id).map(drop)),
        ("retrieve", db.retrieve(&[id]).map(drop)),
        ("retrieve of none", db.retrieve::<Ticket>(&[]).map(drop)),
        ("find", db.find(fields.name, "Door").map(drop)),
        ("find without an index", db.find(fields.number, "T-0001").map(drop)),
        ("find_range", db.find_range(fields.effort, ..).map(drop)),
        ("scan", db.scan::<Ticket>(go_on)),
        ("get in a transaction", db.transaction(|tx| tx.get(id)).map(drop)),
        ("retrieve in a transaction", db.transaction(|tx| tx.retrieve(&[id])).map(drop)),
        ("find in a transaction", db.transaction(|tx| tx.find(fields.name, "Door")).map(drop)),
        (
            "find_range in a transaction",
            db.transaction(|tx| tx.find_range(fields.effort, ..)).map(drop),
        ),
        ("scan in a transaction", db.transaction(|tx| tx.scan::<Ticket>(go_on))),
        ("walk", db.walk::<Ticket>().all().map(drop)),
        ("page", db.walk::<Ticket>().page(1).map(drop)),
        ("walk as an iterator", db.walk::<Ticket>().into_iter().try_for_each(|it| it.map(drop))),
        ("walk_value", db.walk_value(fields.name, "Door").all().map(drop)),
        ("walk_range", db.walk_range(fields.effort, ..).all().map(drop)),
        ("walk in a transaction", db.transaction(|tx| tx.walk::<Ticket>().all()).map(drop)),
        ("get in a session", session().get(id).map(drop)),
        ("retrieve in a session", session().retrieve(&[id]).map(drop)),
        ("find in a session", session().find(fields.name, "Door").map(drop)),
        ("find_range in a session", session().find_range(fields.effort, ..).map(drop)),
        ("scan in a session", session().scan::<Ticket>(go_on)),
        ("walk in a session", session().walk::<Ticket>().all().map(drop)),
    ]
}

#[test]
fn a_whole_typed_read_names_every_field_that_is_hidden() {
    let office = Office::new();
    let live = office.ticket();
    let nowhere = "a0Txx0000000099".parse().unwrap();
    let deleted = office.ticket();
    office.admin.delete(deleted).unwrap();
    for hidden in [&["Urgent"][..], &["Subject", "Effort"], &PERMISSIONABLE] {
        let db = office.connect(hiding(hidden));
        let expected: Refusal = no_column(hidden, "Ticket");
        // The refusal does not tell whether there is such a record.
        for id in [live, nowhere, deleted] {
            for (call, result) in whole_reads(&db, id) {
                assert_eq!(refused(result), expected, "{call}");
            }
        }
        assert_eq!(db.count::<Ticket>().unwrap(), 1, "a count shows no field");
    }
    office.verify();
}

#[test]
fn the_right_to_read_is_enough_to_read() {
    let office = Office::new();
    let id = office.ticket();
    let db = office.connect(locking(&PERMISSIONABLE));
    for (call, result) in whole_reads(&db, id) {
        if call != "find without an index" {
            result.unwrap_or_else(|error| panic!("{call}: {error}"));
        }
    }
    let read = db.get(id).unwrap();
    assert_eq!(read, office.admin.get(id).unwrap());
    assert_eq!(db.retrieve(&[id]).unwrap(), [Some(read.clone())]);
    assert_eq!(db.find(Ticket::FIELDS.effort, 3).unwrap(), [read]);
    office.verify();
}

#[test]
fn a_record_as_json_lacks_the_fields_that_are_hidden() {
    let office = Office::new();
    let id = office.ticket();
    let whole = office.seen(id);
    for hidden in [&[][..], &["Urgent"], &["Effort", "Subject"], &PERMISSIONABLE] {
        let db = office.connect(hiding(hidden));
        let mut expected = whole.clone();
        expected.retain(|name, _| !hidden.contains(&name.as_str()));
        let tickets = db.object("Ticket").unwrap();
        let read = tickets.get(id.into()).unwrap();
        assert_eq!(read, expected, "without {hidden:?}");
        let in_tx = db.transaction(|tx| tx.object("Ticket")?.get(id.into())).unwrap();
        assert_eq!(in_tx, expected);
        let session = db.session().unwrap().object("Ticket").unwrap();
        assert_eq!(session.get(id.into()).unwrap(), expected);
        assert_eq!(session.walk().all().unwrap(), [expected.clone()]);
        assert_eq!(tickets.walk().all().unwrap(), [expected.clone()]);
        // The fields that are shown can also be asked for by name, in any order.
        let names: Vec<_> = expected.keys().rev().map(String::as_str).collect();
        let rows = tickets.retrieve(&names, &[id.into()]).unwrap();
        assert_eq!(rows, [Some(expected)]);
    }
    office.verify();
}

#[test]
fn hidden_fields_that_are_asked_for_are_refused_all_at_once() {
    let office = Office::new();
    let id = office.ticket().into();
    let db = office.connect(hiding(&["Subject", "Effort"]));
    let names = ["Effort", "Name", "sUBJECT"];
    let expected = no_column(&["Effort", "sUBJECT"], "Ticket");
    let tickets = db.object("Ticket").unwrap();
    assert_eq!(refused(tickets.retrieve(&names, &[id])), expected);
    assert_eq!(refused(tickets.retrieve(&names, &[])), expected);
    let in_tx = db.transaction(|tx| tx.object("Ticket")?.retrieve(&names, &[id]));
    assert_eq!(refused(in_tx), expected);
    assert_eq!(refused(tickets.walk_fields(&names).all()), expected);
    let session = db.session().unwrap().object("Ticket").unwrap();
    assert_eq!(refused(session.retrieve(&names, &[id])), expected);
    assert_eq!(refused(session.walk_fields(&names).all()), expected);
    office.verify();
}

#[test]
fn a_session_keeps_the_rights_that_its_connection_has() {
    let office = Office::new();
    let id = office.ticket();
    let admin = office.admin.session().unwrap();
    let nothing = office.connect(super::without_object("Ticket")).session().unwrap();
    let part = office.connect(hiding(&["Subject"])).session().unwrap();
    let unknown = super::no_object("Ticket");
    assert_eq!(refused(nothing.object("Ticket")), unknown);
    for (call, refusal) in [
        ("get", refused(nothing.get(id))),
        ("count", refused(nothing.count::<Ticket>())),
        ("walk", refused(nothing.walk::<Ticket>().all())),
        ("find", refused(nothing.find(Ticket::FIELDS.effort, 3))),
    ] {
        assert_eq!(refusal, unknown, "{call}");
    }
    assert_eq!(refused(part.get(id)), no_column(&["Subject"], "Ticket"));
    assert_eq!(admin.get(id).unwrap().id, id);
    office.verify();
}

#[test]
fn a_reference_is_read_also_where_its_object_is_not() {
    let office = Office::new();
    let session = office.session();
    let id = office.ticket();
    let tickets = office.admin.object("Ticket").unwrap();
    tickets.update(id.into(), &map(&json!({ "SessionId": session }))).unwrap();
    let db = office.connect(super::without_object("LiveAgentSession"));
    assert_eq!(db.get(id).unwrap().session_id, Some(session));
    assert_eq!(refused(db.get(session)), super::no_object("LiveAgentSession"));
    office.verify();
}

#[test]
fn looking_takes_no_right_on_a_field() {
    let office = Office::new();
    let id = office.ticket();
    let reader = Permissions::none().grant("Ticket", [sobject_core::ObjectRight::Read]);
    let db = office.connect(reader.clone());
    db.mark_viewed(id).unwrap();
    let seen = db.object("Ticket").unwrap().get(id.into()).unwrap();
    assert_eq!(seen["LastViewedDate"], "2026-03-01T08:00:00.000+0000");
    let everything = reader.grant_fields("Ticket", FieldRight::Read);
    let seen = office.connect(everything).get(id).unwrap();
    assert_eq!(seen.last_viewed_date, Some(at(MORNING)));
    office.verify();
}

#[test]
fn a_struct_of_another_store_does_not_tell_that_an_object_is_hidden() {
    // An object of the same name with other fields, as a program may guess it.
    const OTHER: &Definition = &Definition::new("Ticket")
        .label("Ticket", "Tickets")
        .key_prefix("a0T")
        .fields(&[FieldDefinition::new("Name", FieldType::String).create().name_field()]);
    let store = Store::in_memory(&[User::OBJECT, OTHER]).unwrap();
    let ada = store.system().create(UserCreate::new("Ada", "ada@example.com")).unwrap();
    let id: Id<Ticket> = "a0Txx0000000001".parse().unwrap();
    for (permissions, is_told) in [(Permissions::all(), true), (Permissions::none(), false)] {
        let db = store.connect(Caller::user(ada, permissions));
        for refusal in [
            refused(db.get(id)),
            refused(db.count::<Ticket>()),
            refused(db.delete(id)),
            refused(db.mark_viewed(id)),
            refused(db.session().unwrap().get(id)),
        ] {
            let code = if is_told { "UNKNOWN_EXCEPTION" } else { "INVALID_TYPE" };
            assert_eq!(refusal.code, code, "{}", refusal.message);
        }
    }
}
