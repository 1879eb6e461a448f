//! The types and words of the derive at run time: an object with those that the objects in `desk`
//! do not have. Its records are written and read as structs and as JSON.

mod decimals;
mod describe;
mod evolution;
mod filled;
mod picklists;
mod system;
mod texts;
mod values;

use std::{ops::Deref, thread};

use sobject_core::{
    Any, Connection, Definition, Id, ManualClock, MultiPicklist, Picklist, Ref, SObject, Store,
    chrono::{DateTime, NaiveDate, NaiveTime, Utc},
    standard::{Group, User},
};

use crate::desk::{MORNING, at, verify};

/// An open picklist, which takes other values too.
#[derive(Picklist, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Web,
    #[picklist(value = "By Phone", label = "Telephone")]
    Phone,
    #[picklist(inactive)]
    Fax,
    Other(String),
}

/// A restricted picklist with the default `New`.
#[derive(Picklist, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    #[picklist(default)]
    New,
    #[picklist(value = "In Progress")]
    InProgress,
    #[picklist(inactive)]
    Lost,
}

/// A restricted picklist without a default.
#[derive(Picklist, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    Axe,
    Saw,
    #[picklist(value = "Über")]
    Uber,
}

/// An alias of a field type.
type Scan = Vec<u8>;

/// An object with the types and words that the objects of other tests do not have.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0O", audit_fields)]
pub(crate) struct Order {
    #[field(autonumber = "O-{0000}", start = 1000, filter, sort, name_field)]
    pub(crate) name: String,
    #[field(create, update, filter, external_id, unique, case_sensitive, length = 20)]
    pub(crate) code: String,
    #[field(create, update, defaulted_on_create, restricted, filter, group, sort)]
    pub(crate) phase: Phase,
    #[field(create, update, nillable, filter, group, sort, index, help = "Who brought it")]
    pub(crate) origin: Option<Origin>,
    #[field(create, update, nillable, default = "web", filter, name = "Way__c")]
    pub(crate) way: Option<Origin>,
    #[field(create, update, nillable, filter)]
    pub(crate) origins: Option<MultiPicklist<Origin>>,
    #[field(create, update, default = "Saw;Axe", restricted, filter)]
    pub(crate) tools: MultiPicklist<Tool>,
    #[field(create, update, nillable, filter, sort, type = combobox)]
    pub(crate) subject: Option<Origin>,
    #[field(create, update, nillable, filter, group, sort)]
    pub(crate) sent: Option<i64>,
    #[field(create, update, default = -7, filter, group, sort)]
    pub(crate) big: i64,
    #[field(create, update, nillable, filter, sort)]
    pub(crate) after: Option<NaiveTime>,
    #[field(create, update, default = "08:15:00", filter, sort)]
    pub(crate) before: NaiveTime,
    #[field(create, update, nillable)]
    pub(crate) scan: Option<Scan>,
    #[field(create, update, default = "AAEC")]
    pub(crate) seal: Scan,
    #[field(create, update, nillable, filter, group, sort, name = "About__c")]
    pub(crate) about: Option<Ref<Any>>,
    #[field(create, update, nillable, filter, sort, type = currency, precision = 16, scale = 2)]
    pub(crate) total: Option<f64>,
    #[field(create, update, default = 12.5, filter, sort, type = percent, scale = 1)]
    pub(crate) discount: f64,
    #[field(create, update, default = 1, filter, digits = 4)]
    pub(crate) parcels: i32,
    #[field(create, update, default = true, filter)]
    pub(crate) open: bool,
    #[field(create, update, default = "2026-03-01", filter)]
    pub(crate) due: NaiveDate,
    #[field(create, update, default = "2026-03-01T09:00:00+01:00", filter)]
    pub(crate) promised: DateTime<Utc>,
    #[field(create, update, nillable, type = email)]
    pub(crate) email: Option<String>,
    #[field(create, update, nillable, type = phone)]
    pub(crate) phone: Option<String>,
    #[field(create, update, nillable, type = url)]
    pub(crate) website: Option<String>,
    #[field(create, update, nillable, type = textarea, length = 32000)]
    pub(crate) note: Option<String>,
}

/// Orders, and the objects that they refer to.
pub(crate) const OBJECTS: &[&Definition] = &[Group::OBJECT, User::OBJECT, Order::OBJECT];

/// A store of these objects and a connection to it. It is verified when it is dropped, at the end
/// of a test.
pub(crate) struct Open {
    pub(crate) store: Store,
    db: Connection,
}

impl Deref for Open {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.db
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if !thread::panicking() {
            verify(&self.store);
        }
    }
}

/// A store of these objects.
pub(crate) fn db() -> Open {
    let clock = ManualClock::at(at(MORNING));
    let store = Store::builder().clock(clock).in_memory(OBJECTS).expect("a store opens");
    Open { db: store.system(), store }
}

/// An order with the required fields only.
pub(crate) fn create(code: &str) -> OrderCreate {
    OrderCreate::new(code.to_owned())
}

/// The JSON of a record.
pub(crate) fn json_of(db: &Connection, id: Id<Order>) -> sobject_core::JsonRecord {
    db.object("Order").expect("the object").get(id.record_id()).expect("the record")
}
