//! [`target_of`]: which records a reference may name. No other place decides that.

use crate::{
    catalogue::{Catalogue, Field, Object},
    id::RecordId,
};

/// What the id in a reference field leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'c> {
    /// The id of a record of this object, which the reference may name.
    Object(&'c Object),
    /// The id of a record of an object that the store does not have, and that the reference may
    /// name. Whether there is such a record cannot be checked.
    Unregistered,
    /// The id of a record of an object that the reference may not name.
    Wrong,
}

/// What an id in this reference field leads to.
pub(crate) fn target_of<'c>(catalogue: &'c Catalogue, field: &Field, id: RecordId) -> Target<'c> {
    match catalogue.of_prefix(id.key_prefix()) {
        Some(object) if field.may_name(object) => Target::Object(object),
        None if field.may_name_unregistered(catalogue, id.key_prefix()) => Target::Unregistered,
        _ => Target::Wrong,
    }
}
