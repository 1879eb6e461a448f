//! The objects in their first version: clients, the deals that are made with them, and the visits
//! that are paid for a deal.
//!
//! They are custom objects: the word `custom` ends their API names, and those of their fields, with
//! `__c`. `Name` and `OwnerId` are standard fields, which custom objects have as well.

use chrono::{DateTime, NaiveDate, Utc};
use sobject_core::{
    Id, MultiPicklist, Picklist, Ref, SObject,
    standard::{Group, User},
};

/// A client.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0C", custom)]
pub(crate) struct Client {
    #[field(create, filter, name_field, sort, update, length = 40)]
    pub name: String,
    /// The number that the client has in the books.
    #[field(create, custom, external_id, filter, sort, unique, update, length = 8)]
    pub code: String,
    #[field(create, custom, filter, group, nillable, sort, update, type = email)]
    pub email: Option<String>,
}

/// A deal with a client.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0D", custom)]
pub(crate) struct Deal {
    #[field(autonumber = "D-{0000}", filter, name_field, sort)]
    pub name: String,
    /// A deal keeps its client, so no update sets it.
    #[field(create, custom, filter, group, sort)]
    pub client: Id<Client>,
    #[field(create, custom, defaulted_on_create, filter, group, restricted, sort, update)]
    pub stage: Stage,
    #[field(create, custom, filter, nillable, sort, update, type = currency, precision = 8, scale = 2)]
    pub amount: Option<f64>,
    /// What was taken off the price. Not everyone may see it.
    #[field(create, custom, filter, nillable, sort, update, type = percent, precision = 4, scale = 1)]
    pub discount: Option<f64>,
    #[field(create, custom, filter, group, nillable, sort, update)]
    pub close_date: Option<NaiveDate>,
    /// The one who makes it, unless the deal is given to another.
    #[field(create, defaulted_on_create, filter, group, sort, update)]
    pub owner_id: Ref<(Group, User)>,
}

/// A visit that was paid for a deal.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0V", custom)]
pub(crate) struct Visit {
    #[field(create, custom, filter, group, sort)]
    pub deal: Id<Deal>,
    #[field(create, custom, filter, sort, update)]
    pub begins: DateTime<Utc>,
    #[field(create, custom, filter, nillable, restricted, update)]
    pub topics: Option<MultiPicklist<Topic>>,
    #[field(create, custom, nillable, type = textarea, update, length = 2_000)]
    pub notes: Option<String>,
}

/// How far a deal is.
#[derive(Picklist, Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stage {
    #[picklist(default)]
    New,
    #[picklist(value = "In Talks")]
    InTalks,
    Won,
    Lost,
}

/// What a visit was about.
#[derive(Picklist, Clone, Copy, Debug, PartialEq)]
pub(crate) enum Topic {
    Demo,
    Price,
    Contract,
}
