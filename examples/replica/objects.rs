//! The objects: customers, contracts that belong to one, and visits that may name one.

use sobject_core::{Definition, Id, SObject, standard::User};

/// Someone who buys.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0C", label = "Customer", plural = "Customers", custom)]
pub(crate) struct Customer {
    #[field(create, filter, name_field, sort, update)]
    pub(crate) name: String,
    /// The customer's number, which may move from one customer to another.
    #[field(create, custom, filter, nillable, sort, unique, update, length = 8)]
    pub(crate) number: Option<String>,
}

/// What was agreed with a customer.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0K", label = "Contract", plural = "Contracts", custom)]
pub(crate) struct Contract {
    #[field(autonumber = "C-{0000}", filter, id_lookup, name_field, sort)]
    pub(crate) name: String,
    /// A contract goes into the recycle bin with its customer, and comes back with it.
    #[field(
        create, custom, filter, sort, on_delete = cascade, relationship = "Customer__r",
        child_relationship = "Contracts__r"
    )]
    pub(crate) customer: Id<Customer>,
    #[field(create, custom, filter, nillable, sort, update)]
    pub(crate) terms: Option<String>,
}

/// A day at a customer's, or elsewhere.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0V", label = "Visit", plural = "Visits", custom)]
pub(crate) struct Visit {
    #[field(create, filter, name_field, sort, update)]
    pub(crate) name: String,
    /// A visit loses the name of a customer that is deleted.
    #[field(
        create, custom, filter, nillable, sort, update, on_delete = set_null,
        relationship = "Customer__r", child_relationship = "Visits__r"
    )]
    pub(crate) customer: Option<Id<Customer>>,
}

/// All objects, of the source and of its copies.
pub(crate) const OBJECTS: &[&Definition] =
    &[User::OBJECT, Customer::OBJECT, Contract::OBJECT, Visit::OBJECT];
