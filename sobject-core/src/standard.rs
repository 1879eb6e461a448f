//! The standard objects that most others refer to, [`User`] and [`Group`], with a few of their
//! fields.
//!
//! A store has them only if they are among the objects that it is opened with. A program that needs
//! more of their fields defines structs of its own with the names `User` and `Group`: the store
//! knows these objects by name. As in an org, neither has the delete call, and so neither has
//! IsDeleted.

use crate::SObject;

/// A person who uses the org: key prefix `005`.
///
/// An org makes the name from a first and a last name; here it is a field that is written.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(
    key_prefix = "005",
    calls(
        create,
        describe_layout,
        describe_sobjects,
        get_updated,
        query,
        retrieve,
        search,
        update
    )
)]
pub struct User {
    /// The person's name.
    #[field(create, filter, group, name_field, sort, update, label = "Full Name", length = 121)]
    pub name: String,
    /// The name that the person logs in with, in the form of an e-mail address.
    #[field(create, filter, group, id_lookup, sort, update, length = 80)]
    pub username: String,
    /// The person's e-mail address.
    #[field(create, filter, group, nillable, sort, update, length = 128)]
    pub email: Option<String>,
}

/// A group of users or a queue: key prefix `00G`.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(
    key_prefix = "00G",
    calls(create, describe_layout, describe_sobjects, get_updated, query, retrieve, update)
)]
pub struct Group {
    /// The group's name.
    #[field(create, filter, group, name_field, sort, update, length = 40)]
    pub name: String,
    /// The group's unique name in programs.
    #[field(create, filter, group, nillable, sort, update, length = 80)]
    pub developer_name: Option<String>,
}
