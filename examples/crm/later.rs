//! The deal in its second version, as the program has it a year later.

use chrono::NaiveDate;
use sobject_core::{
    Id, Picklist, Ref, SObject,
    standard::{Group, User},
};

use crate::objects::{Client, Stage};

/// A deal with a client.
///
/// Against the first version, `amount` is called `value`, which `was` tells; `channel` is new; an
/// index finds the deals that close on a day; and `discount` is not listed any more.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0D", custom)]
pub(crate) struct Deal {
    #[field(autonumber = "D-{0000}", filter, name_field, sort)]
    pub name: String,
    #[field(create, custom, filter, group, sort)]
    pub client: Id<Client>,
    #[field(create, custom, defaulted_on_create, filter, group, restricted, sort, update)]
    pub stage: Stage,
    #[field(create, custom, filter, nillable, sort, update, was = "Amount__c")]
    #[field(type = currency, precision = 8, scale = 2)]
    pub value: Option<f64>,
    #[field(create, custom, filter, group, index, nillable, sort, update)]
    pub close_date: Option<NaiveDate>,
    #[field(create, custom, default = "Partner", filter, group, sort, update)]
    pub channel: Channel,
    #[field(create, defaulted_on_create, filter, group, sort, update)]
    pub owner_id: Ref<(Group, User)>,
}

/// How a client came to us. Other values may turn up.
#[derive(Picklist, Clone, Debug, PartialEq)]
pub(crate) enum Channel {
    Web,
    Partner,
    Other(String),
}

/// A client whose code is to be no longer than four characters, which the clients in the file do
/// not fit.
pub(crate) mod shorter {
    use sobject_core::SObject;

    /// A client.
    #[derive(SObject)]
    #[sobject(key_prefix = "a0C", custom)]
    pub(crate) struct Client {
        #[field(create, filter, name_field, sort, update, length = 40)]
        name: String,
        #[field(create, custom, external_id, filter, sort, unique, update, length = 4)]
        code: String,
        #[field(create, custom, filter, group, nillable, sort, update, type = email)]
        email: Option<String>,
    }
}
