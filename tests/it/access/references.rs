//! What a refusal tells about records that the caller may not see: those that a reference names,
//! those that require a record, and those that have a unique value.

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, Definition, FieldDefinition, FieldRight, FieldType, Id, ObjectRight, Permissions,
    RecordId, Ref, SObject, Store, Target,
    standard::{User, UserCreate},
};

use super::{
    Office, Step, StepCreate, Ticket, TicketCreate, TicketUpdate, ticket, ticket_json,
    without_object,
};
use crate::{
    desk::{
        Refusal, deleted_record, map, no_such_record, nothing_changes, refusal, refused, verify,
    },
    types::duplicate,
};

/// The refusal of an id that no object which the caller may read and the reference may name has.
fn no_object_of(id: impl std::fmt::Display, label: &str, field: &str) -> Refusal {
    let message = format!("{label}: id value of incorrect type: {id}");
    refusal("FIELD_INTEGRITY_EXCEPTION", message, &[field])
}

#[test]
fn a_reference_to_an_object_that_is_not_readable_tells_nothing_of_its_records() {
    let office = Office::new();
    let live = office.session();
    let deleted = office.session();
    office.admin.delete(deleted).unwrap();
    let nowhere: Id<_> = "0HKxx0000000099".parse().unwrap();
    // No object of the store has this key prefix.
    let unknown: RecordId = "0HJxx0000000099".parse().unwrap();
    let id = office.ticket();
    let db = office.connect(without_object("LiveAgentSession"));
    let tickets = db.object("Ticket").unwrap();
    office.nothing_changes(|| {
        for session in [live, deleted, nowhere] {
            let given = json!({ "SessionId": session });
            for refusal in
                [
                    refused(tickets.create(&ticket_json(&given))),
                    refused(tickets.update(id.into(), &map(&given))),
                    refused(db.create(TicketCreate { session_id: Some(session), ..ticket() })),
                    refused(db.update(
                        id,
                        TicketUpdate { session_id: session.into(), ..Default::default() },
                    )),
                ]
            {
                assert_eq!(refusal, no_object_of(session, "Session ID", "SessionId"));
            }
        }
        let given = json!({ "SessionId": unknown });
        for refusal in [
            refused(tickets.create(&ticket_json(&given))),
            refused(tickets.update(id.into(), &map(&given))),
        ] {
            assert_eq!(refusal, no_object_of(unknown, "Session ID", "SessionId"));
        }
        // The form of an id and its object are checked without looking at records, so refusals of
        // these are the same for every caller.
        for (given, code) in [
            (json!(id), "FIELD_INTEGRITY_EXCEPTION"),
            (json!("0HKxx"), "MALFORMED_ID"),
            (json!("001xx0000000001"), "FIELD_INTEGRITY_EXCEPTION"),
        ] {
            let updated = tickets.update(id.into(), &map(&json!({ "SessionId": given })));
            assert_eq!(refused(updated).code, code, "{given}");
        }
    });
    // A caller who may read the object is told whether the record exists.
    let tickets = office.connect(Permissions::all()).object("Ticket").unwrap();
    let update = |session: Json| tickets.update(id.into(), &map(&json!({ "SessionId": session })));
    assert_eq!(refused(update(json!(nowhere))), no_such_record());
    assert_eq!(refused(update(json!(deleted))), deleted_record());
    update(json!(live)).unwrap();
    office.verify();
}

/// A note, which may be about any object, and of an account, whose object the store does not have and
/// whose key prefix it does not know.
const NOTE: &Definition =
    &Definition::new("Note__c").label("Note", "Notes").key_prefix("a0N").fields(&[
        FieldDefinition::new("About__c", FieldType::Reference)
            .references(&[Target::ANY])
            .create()
            .nillable(),
        FieldDefinition::new("Account__c", FieldType::Reference)
            .references(&[Target::new("Account", "")])
            .create()
            .nillable(),
        FieldDefinition::new("Case__c", FieldType::Reference)
            .references(&[Target::new("Case", "500")])
            .create()
            .nillable(),
    ]);

#[test]
fn an_id_of_a_hidden_object_is_answered_as_one_that_no_object_has() {
    let store = Store::in_memory(&[User::OBJECT, Step::OBJECT, Ticket::OBJECT, NOTE]).unwrap();
    let admin = store.system();
    let ada = admin.create(UserCreate::new("Ada", "ada@example.com")).unwrap();
    let ticket = admin.create(ticket()).unwrap();
    let step: RecordId = admin.create(StepCreate::new(ticket)).unwrap().into();
    let made_up: RecordId = "a0Uxx0000000099".parse().unwrap();
    let unknown: RecordId = "a0Zxx0000000099".parse().unwrap();
    let case: RecordId = "500xx0000000099".parse().unwrap();
    let notes =
        |permissions| store.connect(Caller::user(ada, permissions)).object("Note__c").unwrap();
    let create = |permissions, field: &str, id: RecordId| {
        notes(permissions).create(&map(&json!({ field: id })))
    };
    // Steps are hidden: neither their ids nor others that no object has are taken.
    for field in ["About__c", "Account__c", "Case__c"] {
        for id in [step, made_up, unknown] {
            nothing_changes(&store, || {
                let refusal = refused(create(without_object("Step"), field, id));
                assert_eq!(refusal, no_object_of(id, field, field));
            });
        }
    }
    // What the caller may read is taken, and what is known to be of an object of another store.
    create(without_object("Step"), "About__c", ticket.into()).unwrap();
    create(without_object("Step"), "Case__c", case).unwrap();
    // From whom nothing is hidden, an id may be that of an object which the store does not have.
    create(Permissions::all(), "About__c", step).unwrap();
    create(Permissions::all(), "About__c", unknown).unwrap();
    create(Permissions::all(), "Account__c", unknown).unwrap();
    assert_eq!(refused(create(Permissions::all(), "About__c", made_up)), no_such_record());
    verify(&store);
}

#[test]
fn a_reference_can_be_emptied_whatever_it_leads_to() {
    let office = Office::new();
    let id = office.ticket();
    let update = TicketUpdate { session_id: office.session().into(), ..Default::default() };
    office.admin.update(id, update).unwrap();
    let tickets = office.connect(without_object("LiveAgentSession")).object("Ticket").unwrap();
    tickets.update(id.into(), &map(&json!({ "SessionId": null }))).unwrap();
    assert_eq!(office.seen(id)["SessionId"], json!(null));
    office.verify();
}

#[test]
fn an_owner_is_given_by_whoever_may_read_users_and_defaulted_for_everybody() {
    let office = Office::new();
    let db = office.connect(without_object("User"));
    let id = db.create(ticket()).unwrap();
    assert_eq!(office.seen(id)["OwnerId"], json!(office.ada));
    office.nothing_changes(|| {
        let owned = TicketCreate { owner_id: Some(Ref::to(office.ada)), ..ticket() };
        assert_eq!(refused(db.create(owned)), no_object_of(office.ada, "Owner ID", "OwnerId"));
    });
    let owned = TicketCreate { owner_id: Some(Ref::to(office.queue)), ..ticket() };
    db.create(owned).unwrap();
    office.verify();
}

/// The refusal to delete the ticket that these records require.
fn held_by(plural: &str, names: &[String]) -> Refusal {
    let message = format!(
        "Your attempt to delete Door could not be completed because it is associated with the \
         following {plural}.: {}\n",
        names.join(", ")
    );
    refusal("DELETE_FAILED", message, &[])
}

#[test]
fn the_refusal_to_delete_names_holders_to_those_who_may_read_them() {
    let office = Office::new();
    let id = office.ticket();
    let steps: [Id<Step>; 2] = [(); 2].map(|()| office.admin.create(StepCreate::new(id)).unwrap());
    office.nothing_changes(|| {
        let db = office.connect(Permissions::all());
        assert_eq!(refused(db.delete(id)), held_by("work steps", &steps.map(|it| it.to_string())));
        let db = office.connect(without_object("Step"));
        assert_eq!(refused(db.delete(id)), held_by("other records", &[]));
        let tickets = db.object("Ticket").unwrap();
        assert_eq!(refused(tickets.delete(id.into())), held_by("other records", &[]));
    });
}

#[test]
fn a_reference_is_emptied_and_filled_again_whatever_the_caller_may_read_of_it() {
    let office = Office::new();
    let id = office.ticket();
    let child = TicketCreate { parent_id: Some(id), ..ticket() };
    let child = office.admin.create(child).unwrap();
    for permissions in [Permissions::all(), super::hiding(&["ParentId"])] {
        let db = office.connect(permissions);
        db.delete(id).unwrap();
        assert_eq!(office.admin.get(child).unwrap().parent_id, None);
        db.undelete(id).unwrap();
        assert_eq!(office.admin.get(child).unwrap().parent_id, Some(id));
    }
    office.verify();
}

#[test]
fn a_record_comes_back_whatever_the_caller_may_read_of_what_it_refers_to() {
    let office = Office::new();
    let id = office.ticket();
    let session = office.session();
    let update = TicketUpdate { session_id: session.into(), ..Default::default() };
    office.admin.update(id, update).unwrap();
    office.admin.delete(id).unwrap();
    let db = office.connect(without_object("LiveAgentSession"));
    db.undelete(id).unwrap();
    assert_eq!(office.admin.get(id).unwrap().session_id, Some(session));
    office.admin.delete(id).unwrap();
    office.admin.delete(session).unwrap();
    db.undelete(id).unwrap();
    assert_eq!(office.admin.get(id).unwrap().session_id, None);
    office.verify();
}

/// The refusal of a value that another record has in a field that the caller may not read.
fn hidden_duplicate() -> Refusal {
    let message = "duplicate value found: <unknown> duplicates value on record with id: <unknown>";
    refusal("DUPLICATE_VALUE", message, &[])
}

#[test]
fn a_clash_in_a_hidden_field_names_neither_field_nor_record() {
    let office = Office::new();
    let badges = office.admin.object("Badge__c").unwrap();
    let create = |json: Json| badges.create(&map(&json));
    let hiding = |field: &str| {
        let permissions = Permissions::all().mute_field(("Badge__c", field), FieldRight::Read);
        office.connect(permissions).object("Badge__c").unwrap()
    };
    let first: RecordId = create(json!({ "Code__c": "A" })).unwrap();
    // A create that leaves the field out gets the default, and another record has that value.
    office.nothing_changes(|| {
        let blind = hiding("Series__c");
        assert_eq!(refused(blind.create(&map(&json!({ "Code__c": "B" })))), hidden_duplicate());
        assert_eq!(refused(create(json!({}))), duplicate("Series__c", first));
    });
    // The first record goes to the bin, and another record gets its value.
    badges.delete(first).unwrap();
    let second = create(json!({ "Code__c": "a", "Series__c": "second" })).unwrap();
    office.nothing_changes(|| {
        assert_eq!(refused(hiding("Code__c").undelete(first)), hidden_duplicate());
        assert_eq!(refused(hiding("Series__c").undelete(first)), duplicate("Code__c", second));
        // A field that the caller may read but not edit is named.
        let locked = Permissions::all().mute_field(("Badge__c", "Code__c"), FieldRight::Edit);
        let locked = office.connect(locked).object("Badge__c").unwrap();
        assert_eq!(refused(locked.undelete(first)), duplicate("Code__c", second));
    });
}

#[test]
fn a_user_who_is_not_there_writes_nothing() {
    let office = Office::new();
    let live = office.ticket();
    let ghost: Id<User> = "005xx0000000099".parse().unwrap();
    let db = office.store.connect(Caller::user(ghost, Permissions::all()));
    office.nothing_changes(|| {
        assert_eq!(refused(db.create(ticket())), no_such_record());
        assert_eq!(refused(db.delete(live)), no_such_record());
    });
    let group = office.store.connect(Caller::user(office.queue, Permissions::all()));
    let message = format!("User ID: id value of incorrect type: {}", office.queue);
    assert_eq!(refused(group.create(ticket())), refusal("MALFORMED_ID", message, &["Id"]));
}

#[test]
fn two_rights_on_two_objects_are_two_rights() {
    let office = Office::new();
    let id: Id<Ticket> = office.ticket();
    let db = office.connect(Permissions::all().mute("Step", [ObjectRight::Create]));
    office.nothing_changes(|| {
        assert_eq!(refused(db.create(StepCreate::new(id))), super::no_entity("inserted", "Step"));
    });
    db.create(TicketCreate { parent_id: Some(id), ..ticket() }).unwrap();
    office.verify();
}
