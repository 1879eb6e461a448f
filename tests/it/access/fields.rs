//! The rights on fields: fields that the caller may not read, fields that the caller may read but
//! not edit, and fields without rights of their own.

use serde_json::{Value as Json, json};
use sobject_core::{
    Error, FieldRight, Id, ObjectRight, Patch, Permissions, Ref, chrono::TimeDelta,
};

use super::{
    Office, PERMISSIONABLE, Ticket, TicketCreate, TicketUpdate, good_value, hiding, locking,
    no_column, no_entity, one, ticket, ticket_json,
};
use crate::{
    desk::{
        LiveAgentSession, LiveAgentSessionUpdate, at, map, not_writeable, record, refusal, refused,
    },
    types::outcomes,
};

/// The object rights on tickets, with no right on any field.
fn bare() -> Permissions {
    Permissions::none().grant("Ticket", ObjectRight::ALL)
}

#[test]
fn a_hidden_field_looks_exactly_like_one_that_is_not_there() {
    let office = Office::new();
    let id = office.ticket();
    for hidden in PERMISSIONABLE {
        let tickets = office.connect(hiding(&[hidden])).object("Ticket").unwrap();
        // The refusal is the same for right and wrong values, and for a field that does not exist.
        for value in [json!(1), json!("x".repeat(999)), json!(null), json!({}), json!([1])] {
            for name in [hidden, &hidden.to_uppercase(), "Nonsense"] {
                let expected = no_column(&[name], "Ticket");
                office.nothing_changes(|| {
                    let created = tickets.create(&ticket_json(&json!({ name: value })));
                    assert_eq!(refused(created), expected, "create with {name} {value}");
                    let updated = tickets.update(id.into(), &one(name, &value));
                    assert_eq!(refused(updated), expected, "update with {name} {value}");
                    let named = record(&json!({ "Id": id }), &json!({ name: value }));
                    let updated = tickets.update_many(&[named]).unwrap();
                    assert_eq!(outcomes(updated), [Some(expected)], "{name} {value}");
                });
            }
        }
        for name in [hidden, &hidden.to_lowercase(), "Nonsense"] {
            let read = tickets.retrieve(&["Id", name], &[id.into()]);
            assert_eq!(refused(read), no_column(&[name], "Ticket"));
        }
        let twice = map(&json!({ hidden: 1, hidden.to_uppercase(): 2 }));
        let expected = no_column(&[hidden, &hidden.to_uppercase()], "Ticket");
        assert_eq!(refused(tickets.update(id.into(), &twice)), expected);
    }
}

#[test]
fn hidden_and_unknown_fields_are_named_at_once_as_they_were_given() {
    let office = Office::new();
    let id = office.ticket();
    let db = office.connect(hiding(&["Subject", "Effort"]));
    let tickets = db.object("Ticket").unwrap();
    let given = json!({ "effort": 1, "Nonsense": 2, "Origin": "Web", "Subject": 3 });
    let expected = no_column(&["effort", "Nonsense", "Subject"], "Ticket");
    office.nothing_changes(|| {
        assert_eq!(refused(tickets.create(&ticket_json(&given))), expected);
        assert_eq!(refused(tickets.update(id.into(), &map(&given))), expected);
        let named = ["effort", "Nonsense", "Origin", "Subject"];
        assert_eq!(refused(tickets.retrieve(&named, &[id.into()])), expected);
    });
}

#[test]
fn a_view_that_sets_hidden_fields_is_refused_with_all_of_their_names() {
    let office = Office::new();
    let id = office.ticket();
    let db = office.connect(hiding(&["Effort", "Subject", "Verdict"]));
    let create = TicketCreate { effort: Some(1), subject: Some("x".repeat(99)), ..ticket() };
    let update = TicketUpdate { verdict: Patch::NULL, effort: 2.into(), ..Default::default() };
    let of_create = no_column(&["Subject", "Effort"], "Ticket");
    office.nothing_changes(|| {
        assert_eq!(refused(db.create(&create)), of_create);
        assert_eq!(refused(db.transaction(|tx| tx.create(&create))), of_create);
        let many = db.create_many(&[&create]).unwrap();
        assert_eq!(outcomes(many), [Some(of_create)]);
        let of_update = no_column(&["Effort", "Verdict"], "Ticket");
        assert_eq!(refused(db.update(id, &update)), of_update);
        assert_eq!(outcomes(db.update_many(&[(id, &update)]).unwrap()), [Some(of_update)]);
    });
    db.update(id, TicketUpdate { name: "Gate".to_owned().into(), ..Default::default() }).unwrap();
    assert_eq!(office.seen(id)["Subject"], "It creaks", "what is hidden stays as it was");
    office.verify();
}

#[test]
fn visible_fields_that_may_not_be_edited_are_named_at_once() {
    let office = Office::new();
    let id = office.ticket();
    let db = office.connect(locking(&["Subject", "Effort", "Urgent"]));
    let tickets = db.object("Ticket").unwrap();
    // Fields that no caller may set, by their attributes, are listed as well.
    let given = json!({ "Urgent": true, "Sealed": 1, "subject": "x", "Effort": 1, "Number": "9" });
    let expected = not_writeable(&["Number", "Subject", "Effort", "Urgent", "Sealed"]);
    office.nothing_changes(|| {
        assert_eq!(refused(tickets.create(&ticket_json(&given))), expected);
        assert_eq!(refused(tickets.update(id.into(), &map(&given))), expected);
        let create = TicketCreate { effort: Some(1), subject: Some("x".into()), ..ticket() };
        assert_eq!(refused(db.create(create)), not_writeable(&["Subject", "Effort"]));
        let update = TicketUpdate { subject: Patch::NULL, ..Default::default() };
        assert_eq!(refused(db.update(id, update)), not_writeable(&["Subject"]));
    });
    assert_eq!(tickets.get(id.into()).unwrap()["Subject"], "It creaks");
}

#[test]
fn hidden_fields_are_told_before_those_that_may_not_be_edited() {
    let office = Office::new();
    let id = office.ticket();
    let locked = hiding(&["Effort"]).mute_field(("Ticket", "Subject"), FieldRight::Edit);
    let db = office.connect(locked);
    let tickets = db.object("Ticket").unwrap();
    let both = json!({ "Subject": "x", "Effort": 1 });
    let effort = no_column(&["Effort"], "Ticket");
    office.nothing_changes(|| {
        assert_eq!(refused(tickets.create(&ticket_json(&both))), effort);
        assert_eq!(refused(tickets.update(id.into(), &map(&both))), effort);
        let create = TicketCreate { effort: Some(1), subject: Some("x".into()), ..ticket() };
        assert_eq!(refused(db.create(create)), effort);
        let with_id = |fields: Json| ticket_json(&record(&json!({ "Id": id }), &fields).into());
        assert_eq!(refused(tickets.create(&with_id(both))), effort);
        let message = "cannot specify Id in an insert call";
        let id_given = refusal("INVALID_FIELD_FOR_INSERT_UPDATE", message, &["Id"]);
        assert_eq!(refused(tickets.create(&with_id(json!({ "Subject": "x" })))), id_given);
    });
}

#[test]
fn fields_without_rights_of_their_own_are_read_and_written_with_the_object() {
    let office = Office::new();
    let permissions = bare().grant("Group", [ObjectRight::Read]);
    let db = office.connect(permissions.clone());
    let tickets = db.object("Ticket").unwrap();
    let given = ["Name", "Due", "OwnerId"].map(|name| (name, good_value(&office, name)));
    let given: Json = given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let id = tickets.create(&map(&given)).unwrap();
    tickets.update(id, &map(&given)).unwrap();
    let read = tickets.get(id).unwrap();
    let open: Vec<_> = read.keys().map(String::as_str).collect();
    let expected = [
        "Id",
        "IsDeleted",
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
        "Name",
        "Number",
        "OwnerId",
        "Due",
        "LastViewedDate",
        "LastReferencedDate",
    ];
    assert_eq!(open, expected);
    for (name, value) in map(&given) {
        assert_eq!(read[&name], value, "{name}");
    }
    let hidden = no_column(&["Subject"], "Ticket");
    assert_eq!(refused(tickets.update(id, &one("Subject", &json!(null)))), hidden);
    office.verify();
}

#[test]
fn no_right_opens_what_the_attributes_close() {
    let office = Office::new();
    let id = office.ticket();
    let everything = Permissions::all().grant_field(("Ticket", "Sealed"), FieldRight::Edit);
    let tickets = office.connect(everything).object("Ticket").unwrap();
    let never = [
        "IsDeleted",
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
        "Number",
        "Sealed",
        "LastViewedDate",
        "LastReferencedDate",
    ];
    office.nothing_changes(|| {
        for name in never {
            let created = tickets.create(&ticket_json(&json!({ name: null })));
            assert_eq!(refused(created), not_writeable(&[name]));
            let updated = tickets.update(id.into(), &one(name, &json!(null)));
            assert_eq!(refused(updated), not_writeable(&[name]));
        }
        let created = tickets.create(&ticket_json(&json!({ "Verdict": "x" })));
        assert_eq!(refused(created), not_writeable(&["Verdict"]));
        let updated = tickets.update(id.into(), &map(&json!({ "Origin": "x", "Sealed": 1 })));
        assert_eq!(refused(updated), not_writeable(&["Origin", "Sealed"]));
    });
}

#[test]
fn each_right_to_edit_opens_its_field_alone() {
    let office = Office::new();
    for open in PERMISSIONABLE {
        let permissions = bare()
            .grant_fields("Ticket", FieldRight::Read)
            .grant_field(("Ticket", open), FieldRight::Edit);
        let tickets = office.connect(permissions).object("Ticket").unwrap();
        let id = office.ticket();
        for name in PERMISSIONABLE {
            let value = good_value(&office, name);
            let is_open = |closed: &[&str]| name == open && !closed.contains(&name);
            let created = tickets.create(&ticket_json(&json!({ name: value })));
            if is_open(&["Verdict", "Sealed"]) {
                created.unwrap();
            } else {
                assert_eq!(refused(created), not_writeable(&[name]), "with {open}");
            }
            let updated = tickets.update(id.into(), &one(name, &value));
            if is_open(&["Origin", "Sealed"]) {
                updated.unwrap();
                assert_eq!(office.seen(id)[name], value);
            } else {
                assert_eq!(refused(updated), not_writeable(&[name]), "with {open}");
            }
        }
    }
    office.verify();
}

#[test]
fn a_hidden_field_gets_its_default_all_the_same() {
    let office = Office::new();
    let db = office.connect(bare());
    let id = db.create(ticket()).unwrap();
    let seen = office.seen(id);
    assert_eq!((&seen["Urgent"], &seen["Subject"]), (&json!(false), &json!(null)));
    assert_eq!(seen["OwnerId"], json!(office.ada));
    office.verify();
}

#[test]
fn a_caller_may_give_the_owner_without_a_right_to_the_field() {
    let office = Office::new();
    let users = bare().grant("User", [ObjectRight::Read]).grant("Group", [ObjectRight::Read]);
    let db = office.connect(users);
    let create = TicketCreate { owner_id: Some(Ref::to(office.queue)), ..ticket() };
    let id = db.create(create).unwrap();
    db.update(id, TicketUpdate { owner_id: Ref::to(office.ada).into(), ..Default::default() })
        .unwrap();
    let blank = db.object("Ticket").unwrap().update(id.into(), &one("OwnerId", &json!(null)));
    assert_eq!(
        refused(blank),
        refusal("INVALID_EMPTY_KEY_OWNER", "owner cannot be blank", &["OwnerId"])
    );
    office.verify();
}

#[test]
fn a_handle_names_a_field_as_well_as_two_api_names_do() {
    let office = Office::new();
    let by_handle = Permissions::all().mute_field(Ticket::FIELDS.subject, FieldRight::Edit);
    assert_eq!(by_handle, locking(&["Subject"]));
    let db = office.connect(by_handle);
    let create = TicketCreate { subject: Some("x".into()), ..ticket() };
    assert_eq!(refused(db.create(create)), not_writeable(&["Subject"]));
    // The names in permissions match in any case.
    let shouted = Permissions::all().mute_field(("TICKET", "SUBJECT"), FieldRight::Edit);
    let tickets = office.connect(shouted).object("Ticket").unwrap();
    let created = tickets.create(&ticket_json(&json!({ "Subject": "x" })));
    assert_eq!(refused(created), not_writeable(&["Subject"]));
    office.verify();
}

/// A note on the object's page: a user to whom no administrator gave the right to edit sessions
/// cannot change their standard fields.
#[test]
fn standard_fields_of_a_chat_session_change_only_with_the_administrators_permission() {
    let office = Office::new();
    let id: Id<LiveAgentSession> = office.session();
    let agent = Permissions::none()
        .grant("User", [ObjectRight::Read])
        .grant("LiveAgentSession", [ObjectRight::Read])
        .grant_fields("LiveAgentSession", FieldRight::Read);
    let editor = agent.clone().grant("LiveAgentSession", [ObjectRight::Edit]);
    let administrator = editor.clone().grant_fields("LiveAgentSession", FieldRight::Edit);
    let later = at("2026-03-01T17:30:00Z");
    let times = LiveAgentSessionUpdate { logout_time: later.into(), ..Default::default() };
    let counts = LiveAgentSessionUpdate {
        chat_req_assigned: 4.into(),
        time_idle: Patch::NULL,
        logout_time: later.into(),
        ..Default::default()
    };

    let agent = office.connect(agent);
    office.nothing_changes(|| {
        assert_eq!(agent.get(id).unwrap().logout_time, later - TimeDelta::hours(1));
        for update in [&times, &counts] {
            assert_eq!(refused(agent.update(id, update)), no_entity("updated", "Chat Session"));
        }
    });
    // A user who may edit the records may change the times, which are required and so have no
    // rights of their own, but not the counts.
    let editor = office.connect(editor);
    office.nothing_changes(|| {
        let expected = not_writeable(&["ChatReqAssigned", "TimeIdle"]);
        assert_eq!(refused(editor.update(id, &counts)), expected);
    });
    editor.update(id, &times).unwrap();
    assert_eq!(editor.get(id).unwrap().logout_time, later);
    office.connect(administrator).update(id, &counts).unwrap();
    assert_eq!(agent.get(id).unwrap().chat_req_assigned, Some(4));
    office.verify();
}

#[test]
fn an_error_of_hidden_fields_shows_no_more_than_one_of_unknown_fields() {
    let office = Office::new();
    let tickets = office.connect(hiding(&["Subject"])).object("Ticket").unwrap();
    let shown = |name: &str| {
        let error = tickets.create(&ticket_json(&json!({ name: "x" }))).unwrap_err();
        assert!(matches!(&error, Error::UnknownField { fields, .. } if fields == &[name]));
        (error.to_string(), format!("{error:?}"))
    };
    let (hidden, unknown) = (shown("Subject"), shown("Subjekt"));
    let renamed =
        (unknown.0.replace("Subjekt", "Subject"), unknown.1.replace("Subjekt", "Subject"));
    assert_eq!(hidden, renamed);
    office.verify();
}
