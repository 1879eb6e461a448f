//! Stripping: which fields are taken out of records, how they are reported, and that what is left
//! can be written.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use sobject_core::{
    AccessType, Caller, FieldRight, Id, JsonRecord, Permissions, Stripped, Untyped,
};

use super::{Office, hiding, no_column, ticket_json};
use crate::{
    desk::{map, refused},
    types::outcomes,
};

const EVERY: [AccessType; 4] =
    [AccessType::Readable, AccessType::Createable, AccessType::Updateable, AccessType::Upsertable];

/// A ticket as JSON, with all its fields and the key `attributes`.
fn full(office: &Office) -> JsonRecord {
    let mut record = office.seen(office.ticket());
    record.insert("attributes".into(), json!({ "type": "Ticket" }));
    record
}

fn tickets(office: &Office, permissions: Permissions) -> Untyped {
    office.connect(permissions).object("Ticket").unwrap()
}

/// The fields that were removed from tickets.
fn removed(stripped: &Stripped) -> Vec<&str> {
    let of_tickets = stripped.removed_fields.get("Ticket");
    assert_eq!(stripped.removed_fields.len(), usize::from(of_tickets.is_some()));
    of_tickets.into_iter().flatten().map(String::as_str).collect()
}

/// The system fields that no create and no update may give.
const SYSTEM: [&str; 6] = [
    "IsDeleted",
    "CreatedDate",
    "CreatedById",
    "LastModifiedDate",
    "LastModifiedById",
    "SystemModstamp",
];

/// The system fields and then these fields, all in the order of the object.
fn with_system<'n>(others: &[&'n str]) -> Vec<&'n str> {
    SYSTEM.into_iter().chain(others.iter().copied()).collect()
}

#[test]
fn in_system_mode_what_the_attributes_allow_nobody_goes() {
    let office = Office::new();
    let every = [office.admin.object("Ticket").unwrap(), tickets(&office, Permissions::all())];
    for objects in every {
        let strip = |it| objects.strip_inaccessible(it, vec![full(&office)]).unwrap();
        let read = strip(AccessType::Readable);
        assert_eq!((removed(&read), &read.modified), (vec![], &vec![]));
        let seen = ["Verdict", "Sealed", "LastViewedDate", "LastReferencedDate"];
        let created = strip(AccessType::Createable);
        assert_eq!(removed(&created), with_system(&["Number", seen[0], seen[1], seen[2], seen[3]]));
        let updated = strip(AccessType::Updateable);
        assert_eq!(
            removed(&updated),
            with_system(&["Number", "Origin", "Sealed", seen[2], seen[3]])
        );
        let upserted = strip(AccessType::Upsertable);
        assert_eq!(
            removed(&upserted),
            with_system(&["Number", "Origin", seen[0], seen[1], seen[2], seen[3]])
        );
    }
    office.verify();
}

#[test]
fn what_the_caller_may_not_read_or_edit_goes() {
    let office = Office::new();
    let permissions = hiding(&["Effort"]).mute_field(("Ticket", "Subject"), FieldRight::Edit);
    let objects = tickets(&office, permissions);
    let given = || map(&json!({ "Effort": 1, "SUBJECT": "x", "Urgent": true, "Name": "Door" }));
    for (access_type, gone) in [
        (AccessType::Readable, &["Effort"][..]),
        (AccessType::Createable, &["Subject", "Effort"]),
        (AccessType::Updateable, &["Subject", "Effort"]),
        (AccessType::Upsertable, &["Subject", "Effort"]),
    ] {
        let stripped = objects.strip_inaccessible(access_type, vec![given()]).unwrap();
        assert_eq!(removed(&stripped), gone, "{access_type:?}");
        assert_eq!(stripped.modified, [0]);
        let mut left = given();
        left.retain(|name, _| !gone.iter().any(|gone| gone.eq_ignore_ascii_case(name)));
        assert_eq!(stripped.records, [left], "{access_type:?}");
    }
    office.verify();
}

#[test]
fn records_keep_their_places_and_those_that_changed_are_told() {
    let office = Office::new();
    let objects = tickets(&office, hiding(&["Effort", "Subject"]));
    let records: Vec<_> = [
        json!({ "Name": "a", "Effort": 1 }),
        json!({ "Name": "b" }),
        json!({}),
        json!({ "Subject": "x", "Name": "c" }),
        json!({ "attributes": {}, "Name": "d" }),
    ]
    .iter()
    .map(map)
    .collect();
    for access_type in EVERY {
        let stripped = objects.strip_inaccessible(access_type, records.clone()).unwrap();
        assert_eq!(stripped.modified, [0, 3]);
        assert_eq!(removed(&stripped), ["Subject", "Effort"]);
        let names = stripped.records.iter().map(|it| it.get("Name").and_then(Json::as_str));
        assert!(names.eq([Some("a"), Some("b"), None, Some("c"), Some("d")]));
        assert_eq!(stripped.records[4], records[4]);
    }
    let none = objects.strip_inaccessible(AccessType::Createable, Vec::new()).unwrap();
    assert_eq!((none.records, none.removed_fields), (vec![], BTreeMap::new()));
    office.verify();
}

#[test]
fn the_id_and_the_attributes_stay() {
    let office = Office::new();
    let id = office.ticket();
    let given = map(&json!({ "attributes": { "type": "Ticket", "url": "/x" }, "Id": id }));
    for objects in [office.admin.object("Ticket").unwrap(), tickets(&office, Permissions::all())] {
        for access_type in EVERY {
            let stripped = objects.strip_inaccessible(access_type, vec![given.clone()]).unwrap();
            assert_eq!(stripped.records, std::slice::from_ref(&given), "{access_type:?}");
            assert!(stripped.modified.is_empty() && stripped.removed_fields.is_empty());
        }
    }
    office.verify();
}

#[test]
fn names_that_are_no_field_are_a_mistake_and_no_question_of_rights() {
    let office = Office::new();
    let objects = tickets(&office, hiding(&["Effort"]));
    let fine = map(&json!({ "Name": "a" }));
    let wrong = map(&json!({ "Nonsense": 1, "Effort": 2, "Name": "b", "Rubbish": 3 }));
    for access_type in EVERY {
        let stripped = objects.strip_inaccessible(access_type, vec![fine.clone(), wrong.clone()]);
        assert_eq!(refused(stripped), no_column(&["Nonsense", "Rubbish"], "Ticket"));
    }
    office.verify();
}

#[test]
fn what_is_left_can_be_written() {
    let office = Office::new();
    let permissions =
        hiding(&["Effort", "SessionId"]).mute_field(("Ticket", "Subject"), FieldRight::Edit);
    let objects = tickets(&office, permissions);
    let given = json!({
        "Subject": "x", "Effort": "no number", "Urgent": true, "Origin": "Web", "Sealed": 1,
        "Verdict": "Oil", "CreatedDate": "2001-01-01T00:00:00Z", "attributes": {},
    });
    let strip = |access_type, record| {
        let mut stripped = objects.strip_inaccessible(access_type, vec![record]).unwrap();
        stripped.records.remove(0)
    };
    let id = objects.create(&strip(AccessType::Createable, ticket_json(&given))).unwrap();
    let made = office.seen(Id::new(id));
    let of = |names: [&str; 4]| names.map(|name| made[name].clone());
    let expected = [json!(true), json!("Web"), json!(null), json!(null)];
    assert_eq!(of(["Urgent", "Origin", "Subject", "Verdict"]), expected);

    objects.update(id, &strip(AccessType::Updateable, map(&given))).unwrap();
    let named = ticket_json(&json!({ "Id": id, "Verdict": "Grease", "Origin": "Mail" }));
    let updated = objects.update_many(&[strip(AccessType::Updateable, named)]).unwrap();
    assert_eq!(outcomes(updated), [None]);
    let seen = office.seen(Id::new(id));
    assert_eq!((&seen["Verdict"], &seen["Origin"]), (&json!("Grease"), &json!("Web")));

    let both = strip(AccessType::Upsertable, ticket_json(&given));
    objects.create(&both).unwrap();
    objects.update(id, &both).unwrap();
    office.verify();
}

#[test]
fn records_read_in_system_mode_are_stripped_to_what_a_user_would_have_read() {
    let office = Office::new();
    let id = office.ticket();
    let objects = tickets(&office, hiding(&["Effort", "Subject", "ParentId"]));
    let stripped = objects.strip_inaccessible(AccessType::Readable, vec![office.seen(id)]).unwrap();
    assert_eq!(stripped.records, [objects.get(id.into()).unwrap()]);
    assert_eq!(removed(&stripped), ["Subject", "Effort", "ParentId"]);
    office.verify();
}

#[test]
fn a_strip_writes_nothing_and_knows_audit_field_mode() {
    let office = Office::new();
    let objects = office.store.connect(Caller::system().with_audit_fields());
    let objects = objects.object("Ticket").unwrap();
    let given = ticket_json(&json!({ "CreatedDate": "2001-01-01T00:00:00Z" }));
    // Creates of tickets may not give audit fields, even in this mode.
    let stripped = office.nothing_changes(|| {
        objects.strip_inaccessible(AccessType::Createable, vec![given]).unwrap()
    });
    assert_eq!(removed(&stripped), ["CreatedDate"]);
}
