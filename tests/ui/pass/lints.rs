//! Every word and type in a crate with all lints on.

#![cfg_attr(known_compiler, deny(warnings, rust_2018_idioms, rust_2024_compatibility))]
#![cfg_attr(known_compiler, deny(clippy::pedantic))]
#![deny(missing_docs, missing_debug_implementations, unreachable_pub)]
#![deny(unused_qualifications, unused_lifetimes, single_use_lifetimes, let_underscore_drop)]
#![forbid(unsafe_code)]
#![allow(dead_code)] // What an object offers, its program need not use.

use sobject_core::{
    Any, Id, MultiPicklist, Picklist, Ref, SObject,
    chrono::{DateTime, NaiveDate, NaiveTime, Utc},
    standard::{Group, User},
};

/// An open picklist.
#[derive(Picklist, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// By web.
    #[picklist(default, label = "The Web")]
    Web,
    /// By fax.
    #[picklist(inactive, value = "By Fax")]
    Fax,
    /// By anything else.
    Other(String),
}

/// A closed picklist.
#[derive(Picklist, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// For wood.
    Axe,
    /// A word of Rust.
    r#Struct,
}

/// Tools by another name.
pub type Tools = MultiPicklist<Tool>;

/// Everything.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(
    name = "acme__Everything",
    custom,
    label = "All",
    plural = "All of it",
    key_prefix = "a00"
)]
#[sobject(since = 50, audit_fields, system(created_date, system_modstamp))]
#[sobject(update(derive(Eq, Hash)))]
pub struct Everything {
    #[field(autonumber = "E-{0000}", start = 10, filter, sort, id_lookup, name_field)]
    name: String,
    /// Its owner.
    #[field(create, defaulted_on_create, filter, group, sort, update)]
    pub owner_id: Ref<(Group, User)>,
    /// Who looked.
    #[field(nillable, per_caller, filter, sort)]
    pub(crate) last_viewed_date: Option<DateTime<Utc>>,
    /// A key.
    #[field(
        create,
        external_id,
        unique,
        case_sensitive,
        length = 40,
        label = "Key",
        name = "Key__c"
    )]
    pub key: String,
    /// An origin.
    #[field(
        create,
        custom,
        update,
        defaulted_on_create,
        index,
        filter,
        group,
        sort,
        help = "Whence"
    )]
    pub origin: Origin,
    /// Tools.
    #[field(create, custom, update, nillable, restricted, filter, default = "Axe")]
    pub tools: Option<Tools>,
    #[field(create, custom, nillable, filter, group, sort, relationship = "Above", was = "Parent")]
    above_id: Option<Id<Self>>,
    #[field(create, custom, nillable)]
    anything: Option<Ref<Any>>,
    #[field(create, custom, nillable, type = currency, precision = 10, scale = 4)]
    price: Option<f64>,
    #[field(create, custom, default = -1, digits = 3)]
    count: i32,
    #[field(create, custom, nillable)]
    r#type: Option<i64>,
    #[field(create, custom, default = true)]
    open: bool,
    #[field(create, custom)]
    day: NaiveDate,
    #[field(create, custom)]
    time: NaiveTime,
    #[field(create, custom, nillable)]
    scan: Option<Vec<u8>>,
    #[field(create, custom, nillable, type = textarea, length = 1000)]
    note: Option<String>,
}

fn main() {
    let store = sobject_core::Store::in_memory(&[Group::OBJECT, User::OBJECT, Everything::OBJECT]);
    let db = store.expect("a store").system();
    let create = EverythingCreate::new("k".to_owned(), NaiveDate::MAX, NaiveTime::MIN);
    let create = EverythingCreate { day: NaiveDate::default(), ..create };
    let all = db.get(db.create(create).expect("created")).expect("read");
    assert_eq!((all.count, all.open, &all.origin), (-1, true, &Origin::Web));
    assert_eq!(all.tools.as_deref(), Some(&[Tool::Axe][..]));
    let update = EverythingUpdate { origin: Origin::Fax.into(), ..EverythingUpdate::default() };
    assert_eq!(update.clone(), update);
    db.update(all.id, update).expect("updated");
    assert_eq!(Everything::FIELDS.key.name(), "Key__c");
    assert_eq!(Tool::Struct.as_str(), "Struct");
}
