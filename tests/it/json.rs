//! Structs, records, views, picklists and errors as an org's JSON, in both directions.

mod habit;
mod picklists;
mod read;
mod results;
mod round_trip;
mod values;
mod write;

use sobject_core::{
    Any, Id, MultiPicklist, Picklist, Ref, SObject,
    chrono::{DateTime, NaiveDate, NaiveTime, Utc},
    standard::{Group, User},
};

/// An open picklist.
#[derive(Picklist, Clone, Debug, PartialEq)]
pub(crate) enum Origin {
    #[picklist(default)]
    Web,
    #[picklist(value = "By Phone")]
    Phone,
    Other(String),
}

/// A closed picklist.
#[derive(Picklist, Clone, Copy, Debug, PartialEq)]
pub(crate) enum Tool {
    Axe,
    #[picklist(value = "Big Saw", label = "Saw")]
    Saw,
    #[picklist(inactive)]
    Plane,
}

/// An object with a required and a nillable field of every type.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0J")]
pub(crate) struct Whole {
    #[field(autonumber = "W-{0000}", name_field)]
    pub(crate) name: String,
    #[field(create, update, defaulted_on_create)]
    pub(crate) flag: bool,
    #[field(create, update, nillable)]
    pub(crate) maybe_flag: Option<bool>,
    #[field(create, update)]
    pub(crate) size: i32,
    #[field(create, update, nillable, default = 7, name = "Small__c")]
    pub(crate) maybe_size: Option<i32>,
    #[field(create, update)]
    pub(crate) long: i64,
    #[field(create, update, nillable)]
    pub(crate) maybe_long: Option<i64>,
    #[field(create, update)]
    pub(crate) weight: f64,
    #[field(create, update, nillable, type = currency)]
    pub(crate) price: Option<f64>,
    #[field(create, update, name = "Text__c")]
    pub(crate) text: String,
    #[field(create, update, nillable, type = textarea, length = 1000)]
    pub(crate) maybe_text: Option<String>,
    #[field(create, update)]
    pub(crate) day: NaiveDate,
    #[field(create, update, nillable)]
    pub(crate) maybe_day: Option<NaiveDate>,
    #[field(create, update)]
    pub(crate) at: DateTime<Utc>,
    #[field(create, update, nillable)]
    pub(crate) maybe_at: Option<DateTime<Utc>>,
    #[field(create, update)]
    pub(crate) time: NaiveTime,
    #[field(create, update, nillable)]
    pub(crate) maybe_time: Option<NaiveTime>,
    #[field(create, update)]
    pub(crate) scan: Vec<u8>,
    #[field(create, update, nillable)]
    pub(crate) maybe_scan: Option<Vec<u8>>,
    #[field(create, update)]
    pub(crate) user_id: Id<User>,
    #[field(create, update, defaulted_on_create)]
    pub(crate) owner_id: Ref<(Group, User)>,
    #[field(create, update, nillable, name = "About__c")]
    pub(crate) about: Option<Ref<Any>>,
    #[field(create, update, defaulted_on_create)]
    pub(crate) origin: Origin,
    #[field(create, update, restricted)]
    pub(crate) tool: Tool,
    #[field(create, update, nillable)]
    pub(crate) origins: Option<MultiPicklist<Origin>>,
    #[field(create, update, restricted)]
    pub(crate) tools: MultiPicklist<Tool>,
    #[field(nillable, per_caller)]
    pub(crate) last_viewed_date: Option<DateTime<Utc>>,
}
