//! [`targets_of`]: which records a reference may name. No other place decides that.
//!
//! The key prefix of an id tells the object, unless several share it. Then the record may be of any of
//! them that the reference may name, and only the records tell of which.

use crate::{
    catalogue::{Catalogue, Field, Object},
    id::RecordId,
};

/// What the id in a reference field may lead to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Targets<'c> {
    catalogue: &'c Catalogue,
    field: &'c Field,
    id: RecordId,
    /// May the id be that of a record of an object that the store does not have? Whether there is such
    /// a record cannot be checked.
    pub(crate) is_unregistered: bool,
}

/// What an id in this reference field may lead to.
pub(crate) fn targets_of<'c>(
    catalogue: &'c Catalogue,
    field: &'c Field,
    id: RecordId,
) -> Targets<'c> {
    let is_unregistered = field.may_name_unregistered(catalogue, id.key_prefix());
    Targets { catalogue, field, id, is_unregistered }
}

impl<'c> Targets<'c> {
    /// The objects of whose records one may have the id, and which the reference may name.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &'c Object> + use<'c> {
        let (catalogue, field) = (self.catalogue, self.field);
        let by_prefix =
            catalogue.of_prefix(self.id.key_prefix()).filter(|object| field.may_name(object));
        // A reference leads to a record of an object without a key prefix only if it names the object.
        let named = (!field.names_any && catalogue.without_prefix().next().is_some())
            .then(|| field.references.iter().filter_map(|name| catalogue.find(name)))
            .into_iter()
            .flatten();
        by_prefix.chain(named.filter(|object| object.key_prefix.is_none()))
    }

    /// Is the id that of a record of an object which the reference may not name?
    pub(crate) fn is_wrong(&self) -> bool {
        !self.is_unregistered && self.objects().next().is_none()
    }
}
