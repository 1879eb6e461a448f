//! User mode: what a caller with permissions may do, see and change, and how everything else is
//! refused or hidden.

mod audit;
mod calls;
mod describe;
mod fields;
mod grants;
mod looks;
mod model;
mod owners;

mod reads;
mod references;
mod strip;

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, Connection, DefaultValue, Definition, FieldDefinition, FieldRight, FieldType, Id,
    JsonRecord, ManualClock, ObjectRight, Permissions, Ref, SObject, Store,
    chrono::{DateTime, NaiveDate, Utc},
    standard::{Group, GroupCreate, User, UserCreate},
};

use crate::desk::{
    LiveAgentSession, LiveAgentSessionCreate, MORNING, Refusal, at, map, nothing_changes, record,
    refusal, verify,
};

/// A ticket, which has a field of every kind that rights treat differently.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0T", label = "Ticket", plural = "Tickets")]
pub(crate) struct Ticket {
    #[field(create, update, filter, name_field)]
    name: String,
    #[field(autonumber = "T-{0000}", filter)]
    number: String,
    #[field(create, update, defaulted_on_create, filter)]
    owner_id: Ref<(Group, User)>,
    #[field(create, update)]
    due: NaiveDate,
    #[field(create, update, nillable, length = 20)]
    subject: Option<String>,
    #[field(create, update, nillable, filter, id_lookup)]
    effort: Option<i32>,
    #[field(create, update, defaulted_on_create)]
    urgent: bool,
    /// A create may set it, but no update.
    #[field(create, nillable)]
    origin: Option<String>,
    /// An update may set it, but no create.
    #[field(update, nillable)]
    verdict: Option<String>,
    /// No call may set it.
    #[field(nillable)]
    sealed: Option<i32>,
    #[field(create, update, nillable, filter)]
    parent_id: Option<Id<Ticket>>,
    #[field(create, update, nillable, filter)]
    session_id: Option<Id<LiveAgentSession>>,
    #[field(filter, nillable, per_caller)]
    last_viewed_date: Option<DateTime<Utc>>,
    #[field(filter, nillable, per_caller)]
    last_referenced_date: Option<DateTime<Utc>>,
}

/// A step, which requires a ticket.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0U", label = "Step", plural = "Work Steps")]
pub(crate) struct Step {
    #[field(create, update, filter)]
    ticket_id: Id<Ticket>,
}

/// A badge, with two unique fields, one of which has a default.
const BADGE: &Definition =
    &Definition::new("Badge__c").label("Badge", "Badges").key_prefix("a0B").fields(&[
        FieldDefinition::new("Code__c", FieldType::String).create().update().nillable().unique(),
        FieldDefinition::new("Series__c", FieldType::String)
            .create()
            .update()
            .nillable()
            .unique()
            .default(DefaultValue::Text("first")),
    ]);

/// The fields of a ticket that have rights of their own, in the order of the object.
const PERMISSIONABLE: [&str; 8] =
    ["Subject", "Effort", "Urgent", "Origin", "Verdict", "Sealed", "ParentId", "SessionId"];

/// A store with an administrator in system mode, and a user, Ada, whose rights each test sets.
struct Office {
    store: Store,
    admin: Connection,
    ada: Id<User>,
    queue: Id<Group>,
}

impl Office {
    fn new() -> Self {
        let clock = ManualClock::at(at(MORNING));
        let objects = &[
            Group::OBJECT,
            User::OBJECT,
            LiveAgentSession::OBJECT,
            Ticket::OBJECT,
            Step::OBJECT,
            BADGE,
        ];
        let store = Store::builder().clock(clock).in_memory(objects).unwrap();
        let admin = store.system();
        let ada = admin.create(UserCreate::new("Ada", "ada@example.com")).unwrap();
        let queue = admin.create(GroupCreate::new("Night Shift")).unwrap();
        Self { store, admin, ada, queue }
    }

    /// A connection for Ada, who has these rights.
    fn connect(&self, permissions: Permissions) -> Connection {
        self.store.connect(Caller::user(self.ada, permissions))
    }

    /// Creates a ticket with a value in every field that a create may set.
    fn ticket(&self) -> Id<Ticket> {
        let ticket = TicketCreate {
            subject: Some("It creaks".into()),
            effort: Some(3),
            urgent: Some(true),
            origin: Some("Phone".into()),
            ..ticket()
        };
        self.admin.create(ticket).unwrap()
    }

    /// A live session.
    fn session(&self) -> Id<LiveAgentSession> {
        let session =
            LiveAgentSessionCreate::new(self.ada, at(MORNING), at("2026-03-01T16:30:00Z"));
        self.admin.create(session).unwrap()
    }

    /// A live ticket as the administrator sees it.
    fn seen(&self, id: Id<Ticket>) -> JsonRecord {
        self.admin.object("Ticket").unwrap().get(id.into()).unwrap()
    }

    /// Runs `f`, and asserts that it changed nothing in the store.
    fn nothing_changes<R>(&self, f: impl FnOnce() -> R) -> R {
        nothing_changes(&self.store, f)
    }

    fn verify(&self) {
        verify(&self.store);
    }
}

/// A ticket with the required fields only.
fn ticket() -> TicketCreate {
    TicketCreate::new("Door", "2026-03-02".parse().unwrap())
}

/// [`ticket`] as JSON, with these fields.
fn ticket_json(fields: &Json) -> JsonRecord {
    record(&json!({ "Name": "Door", "Due": "2026-03-02" }), fields)
}

/// Every right, except any on these fields of tickets: Ada may not even read them.
fn hiding(fields: &[&str]) -> Permissions {
    without(FieldRight::Read, fields)
}

/// Every right, except the one to edit these fields of tickets.
fn locking(fields: &[&str]) -> Permissions {
    without(FieldRight::Edit, fields)
}

fn without(right: FieldRight, fields: &[&str]) -> Permissions {
    let mute = |it: Permissions, field: &&str| it.mute_field(("Ticket", *field), right);
    fields.iter().fold(Permissions::all(), mute)
}

/// Every right, except this one on tickets and those that need it.
fn all_but(right: ObjectRight) -> Permissions {
    Permissions::all().mute("Ticket", [right])
}

/// Every right, except any on this object: Ada may not even read it.
fn without_object(name: &str) -> Permissions {
    Permissions::all().mute(name, [ObjectRight::Read])
}

/// The refusal of an object that is unknown, or that the caller may not read.
fn no_object(name: &str) -> Refusal {
    refusal("INVALID_TYPE", format!("sObject type '{name}' is not supported."), &[])
}

/// The refusal of fields that are unknown, or that the caller may not read.
fn no_column(fields: &[&str], object: &str) -> Refusal {
    let message = format!("No such column '{}' on sobject of type {object}", fields.join("', '"));
    refusal("INVALID_FIELD", message, &[])
}

/// The refusal of a record of an object that the caller may not create or update.
fn no_entity(what: &str, label: &str) -> Refusal {
    let message = format!("entity type cannot be {what}: {label}");
    refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message, &[])
}

/// The refusal of a record that the caller may not delete or undelete.
fn no_removal() -> Refusal {
    let message = "insufficient access rights on object id";
    refusal("INSUFFICIENT_ACCESS_OR_READONLY", message, &[])
}

/// A value that the field of a ticket takes, for the fields that some call may set.
fn good_value(office: &Office, field: &str) -> Json {
    match field {
        "Name" | "Subject" | "Origin" | "Verdict" => json!("text"),
        "Due" => json!("2026-03-03"),
        "Effort" => json!(5),
        "Urgent" => json!(true),
        "OwnerId" => json!(office.queue),
        _ => json!(null),
    }
}

/// A JSON map with one field.
fn one(field: &str, value: &Json) -> JsonRecord {
    map(&json!({ field: value }))
}
