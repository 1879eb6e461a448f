//! Which records a reference may name: the one place that knows.

use crate::{
    catalogue::{Catalogue, Field, Object},
    id::RecordId,
};

/// What an id is to a reference field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'c> {
    /// The id of a record of this object, which the reference may name.
    Object(&'c Object),
    /// The id of an object that the store does not have: its form is all that can be checked.
    Unregistered,
    /// The id of an object that the reference may not name.
    Wrong,
}

/// What an id is to a reference field.
pub(crate) fn target_of<'c>(catalogue: &'c Catalogue, field: &Field, id: RecordId) -> Target<'c> {
    match catalogue.of_prefix(id.key_prefix()) {
        Some(object) if field.may_name(object) => Target::Object(object),
        None if field.may_name_unregistered(catalogue, id.key_prefix()) => Target::Unregistered,
        _ => Target::Wrong,
    }
}
