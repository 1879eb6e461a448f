//! The objects of the tests of queries: shops, and the sales that are made in them.

use sobject_core::{
    Definition, Id, MultiPicklist, Picklist, Ref, SObject,
    chrono::{DateTime, NaiveDate, Utc},
    standard::{Group, User},
};

/// How far a sale has come. The order of the values is not that of their texts.
#[derive(Picklist, Clone, Copy, Debug, PartialEq)]
pub(super) enum Stage {
    Rumour,
    Offer,
    Won,
    Lost,
}

/// What people say of a sale.
#[derive(Picklist, Clone, Copy, Debug, PartialEq)]
pub(super) enum Tag {
    Red,
    Green,
    Blue,
}

/// A shop.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0H", plural = "Shops")]
pub(super) struct Shop {
    #[field(create, update, name_field, filter, group, sort)]
    pub(super) name: String,
    #[field(create, update, nillable, filter, group, sort, index)]
    pub(super) town: Option<String>,
    #[field(create, update, nillable, filter, group, sort)]
    pub(super) open: Option<bool>,
}

/// A sale. Most of its fields have indexes.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0L", plural = "Sales")]
pub(super) struct Sale {
    #[field(create, update, nillable, filter, sort, unique, case_sensitive)]
    pub(super) code: Option<String>,
    #[field(create, update, nillable, filter, group, sort, index)]
    pub(super) title: Option<String>,
    #[field(create, update, nillable, filter, group, sort)]
    pub(super) remark: Option<String>,
    #[field(create, update, nillable, filter, group, sort, restricted, index)]
    pub(super) stage: Option<Stage>,
    #[field(create, update, nillable, filter, sort, index)]
    pub(super) amount: Option<f64>,
    #[field(create, update, nillable, filter, group, sort, index)]
    pub(super) pieces: Option<i32>,
    #[field(create, update, nillable, filter, group, sort, index)]
    pub(super) sold_on: Option<NaiveDate>,
    #[field(create, update, nillable, filter, sort, index)]
    pub(super) sold_at: Option<DateTime<Utc>>,
    #[field(create, update, nillable, filter, group, sort, index)]
    pub(super) paid: Option<bool>,
    #[field(create, update, nillable, filter, restricted)]
    pub(super) tags: Option<MultiPicklist<Tag>>,
    #[field(create, update, nillable, filter, group, sort, relationship = "Shop")]
    pub(super) shop_id: Option<Id<Shop>>,
    #[field(create, update, filter, group, sort, relationship = "Owner")]
    pub(super) owner_id: Ref<(Group, User)>,
}

/// Every object of the tests of queries.
pub(super) const OBJECTS: &[&Definition] =
    &[Group::OBJECT, User::OBJECT, Shop::OBJECT, Sale::OBJECT];
