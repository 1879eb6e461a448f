//! Profiles, permission sets and muting sets: what their unions let a user do in a store.

use serde_json::json;
use sobject_core::{Error, FieldRight, ObjectRight, Permissions};

use super::{
    Office, Ticket, TicketUpdate, no_column, no_entity, no_object, no_removal, one, ticket,
};
use crate::desk::{map, not_writeable, refused};

/// A profile that reads tickets and some of their fields.
fn profile() -> Permissions {
    Permissions::none()
        .grant("Ticket", [ObjectRight::Read])
        .grant_field(("Ticket", "Subject"), FieldRight::Read)
        .grant_field(("Ticket", "Effort"), FieldRight::Read)
}

/// A permission set that edits them.
fn editors() -> Permissions {
    Permissions::none()
        .grant("Ticket", [ObjectRight::Edit])
        .grant_field(("Ticket", "Subject"), FieldRight::Edit)
        .grant_field(("Ticket", "Verdict"), FieldRight::Edit)
}

#[test]
fn a_user_may_do_what_the_profile_or_any_permission_set_grants() {
    let office = Office::new();
    let id = office.ticket().into();
    let subject = one("Subject", &json!("New"));
    let tickets = |permissions| office.connect(permissions).object("Ticket").unwrap();
    office.nothing_changes(|| {
        let alone = tickets(profile());
        assert_eq!(refused(alone.update(id, &subject)), no_entity("updated", "Ticket"));
        let alone = tickets(editors());
        assert_eq!(refused(alone.retrieve(&["Effort"], &[])), no_column(&["Effort"], "Ticket"));
    });
    for both in [profile().union(&editors()), editors().union(&profile())] {
        let both = tickets(both);
        both.update(id, &subject).unwrap();
        both.update(id, &one("Verdict", &json!("Oil"))).unwrap();
        let read = both.get(id).unwrap();
        let own = ["Subject", "Effort", "Verdict"].map(|name| read[name].clone());
        assert_eq!(own, [json!("New"), json!(3), json!("Oil")]);
        let effort = both.update(id, &one("Effort", &json!(1)));
        assert_eq!(refused(effort), not_writeable(&["Effort"]), "no right is made of two");
        assert_eq!(refused(both.delete(id)), no_removal());
        assert!(!read.contains_key("Urgent"));
    }
    office.verify();
}

#[test]
fn a_muting_set_takes_rights_of_its_group_and_of_nothing_else() {
    let office = Office::new();
    let id = office.ticket().into();
    let group = editors()
        .grant("Ticket", [ObjectRight::Delete])
        .mute("Ticket", [ObjectRight::Delete])
        .mute_field(("Ticket", "Subject"), FieldRight::Read);
    let tickets = office.connect(group.clone()).object("Ticket").unwrap();
    office.nothing_changes(|| {
        assert_eq!(refused(tickets.delete(id)), no_removal());
        let subject = tickets.update(id, &one("Subject", &json!("x")));
        assert_eq!(refused(subject), no_column(&["Subject"], "Ticket"));
    });
    // The profile still lets the user read the field that is muted in the group.
    let tickets = office.connect(profile().union(&group)).object("Ticket").unwrap();
    assert_eq!(tickets.get(id).unwrap()["Subject"], "It creaks");
    let subject = tickets.update(id, &one("Subject", &json!("x")));
    assert_eq!(refused(subject), not_writeable(&["Subject"]));
    // A right that is muted in the group is granted again by another permission set.
    let all = group.union(&Permissions::none().grant("Ticket", [ObjectRight::Delete]));
    office.connect(all).object("Ticket").unwrap().delete(id).unwrap();
    office.verify();
}

#[test]
fn a_grant_on_every_field_holds_for_those_that_are_not_named() {
    let office = Office::new();
    let id = office.ticket().into();
    let but_subject = Permissions::none()
        .grant("Ticket", [ObjectRight::Edit])
        .grant_fields("Ticket", FieldRight::Edit)
        .mute_field(("Ticket", "Subject"), FieldRight::Edit)
        .mute_field(("Ticket", "Effort"), FieldRight::Read);
    let tickets = office.connect(but_subject.clone()).object("Ticket").unwrap();
    tickets.update(id, &map(&json!({ "Urgent": false, "Verdict": "Oil" }))).unwrap();
    let given = map(&json!({ "Subject": "x" }));
    assert_eq!(refused(tickets.update(id, &given)), not_writeable(&["Subject"]));
    let given = map(&json!({ "Subject": "x", "Effort": 1 }));
    assert_eq!(refused(tickets.update(id, &given)), no_column(&["Effort"], "Ticket"));
    // Muting every field also mutes fields that were granted by name.
    let muted = but_subject
        .grant_field(("Ticket", "Urgent"), FieldRight::Edit)
        .mute_fields("Ticket", FieldRight::Edit);
    let tickets = office.connect(muted).object("Ticket").unwrap();
    let given = map(&json!({ "Urgent": true, "Verdict": "x" }));
    assert_eq!(refused(tickets.update(id, &given)), not_writeable(&["Urgent", "Verdict"]));
    office.verify();
}

#[test]
fn whoever_is_granted_nothing_sees_nothing() {
    let office = Office::new();
    let id = office.ticket();
    for permissions in [Permissions::none(), Permissions::default(), without_objects()] {
        let db = office.connect(permissions);
        office.nothing_changes(|| {
            assert_eq!(refused(db.get(id)), no_object("Ticket"));
            assert_eq!(refused(db.create(ticket())), no_object("Ticket"));
        });
    }
}

/// Grants rights on fields, but none on their object.
fn without_objects() -> Permissions {
    Permissions::none().grant_fields("Ticket", FieldRight::Edit)
}

#[test]
fn permissions_may_name_objects_that_the_store_does_not_have() {
    let office = Office::new();
    let id = office.ticket();
    let permissions = Permissions::all()
        .grant("Account", [ObjectRight::Delete])
        .grant_field(("Account", "Nonsense"), FieldRight::Edit)
        .mute("Contact", [ObjectRight::Read]);
    office.connect(permissions).get(id).unwrap();
    office.verify();
}

#[test]
fn a_field_that_is_not_there_or_has_no_rights_refuses_every_call_on_its_object_and_no_other() {
    let office = Office::new();
    let id = office.ticket();
    let permissions = Permissions::all()
        .mute_field(("Ticket", "Subjct"), FieldRight::Edit)
        .grant_field(("Ticket", "ownerid"), FieldRight::Edit)
        .grant_field(Ticket::FIELDS.effort, FieldRight::Read)
        .grant_field(("Ticket", "CreatedDate"), FieldRight::Read)
        .grant_field(("Ticket", "Number"), FieldRight::Read);
    let db = office.connect(permissions);
    let update = TicketUpdate::default();
    let errors = office.nothing_changes(|| {
        [
            db.create(ticket()).map(drop),
            db.create_many(&[ticket()]).map(drop),
            db.update(id, &update),
            db.update_many(&[(id, &update)]).map(drop),
            db.delete(id),
            db.delete_many(&[id]).map(drop),
            db.undelete(id),
            db.undelete_many(&[id]).map(drop),
            db.mark_viewed(id),
            db.get(id).map(drop),
            db.retrieve(&[id]).map(drop),
            db.count::<Ticket>().map(drop),
            db.describe::<Ticket>().map(drop),
            db.describe_sobject("Ticket").map(drop),
            db.object("Ticket").map(drop),
            db.transaction(|tx| tx.object("Ticket").map(drop)),
            db.transaction(|tx| tx.create(ticket())).map(drop),
        ]
        .map(Result::unwrap_err)
    });
    for (n, error) in errors.iter().enumerate() {
        let Error::BadPermissions { object, problems } = error else {
            panic!("call {n}: {error}");
        };
        assert_eq!(object, "Ticket");
        let told = |of: &str| problems.iter().filter(|it| it.contains(of)).count();
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert_eq!(["no field Subjct", "OwnerId", "CreatedDate", "Number"].map(told), [1; 4]);
        assert_eq!(error.status_code().as_str(), "UNKNOWN_EXCEPTION");
        assert!(error.to_string().contains("Ticket"), "{error}");
    }
    // Some calls only mention tickets and are not refused: a create of a step that refers to one, a
    // describe that lists them as children, and the describe of all objects.
    assert!(db.describe_global().sobjects.iter().any(|it| it.name == "Ticket"));
    db.create(super::StepCreate::new(id)).unwrap();
    db.describe_sobject("LiveAgentSession").unwrap();
    assert_eq!(db.count::<super::Step>().unwrap(), 1);
    office.verify();
}

#[test]
fn rights_hold_for_the_connection_that_was_made_with_them() {
    let office = Office::new();
    let id = office.ticket();
    let db = office.connect(super::hiding(&["Subject"]));
    let clone = db.clone().all_or_none();
    assert_eq!(refused(clone.get(id)), no_column(&["Subject"], "Ticket"));
    assert_eq!(clone.caller(), db.caller());
    office.connect(Permissions::all()).get(id).unwrap();
    assert_eq!(refused(db.get(id)), no_column(&["Subject"], "Ticket"));
    office.verify();
}
