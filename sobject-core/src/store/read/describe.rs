//! Describe as a caller sees it.
//!
//! A field that the caller may not read is left out and not named by others, and so are relationships of objects and fields
//! that the caller may not read, and of objects that the store does not have. A field that the caller
//! may not edit is neither createable nor updateable, and an audit field that a create of the caller
//! may give is createable, by which clients know that they may. The object's own flags say which
//! calls it supports, whoever asks. An object is described also if its page does not list
//! `describeSObjects()`, as an org describes it. (How far a describe goes by the caller is a choice of
//! ours, but for hidden and audit fields.)

use super::derived;
use crate::{
    catalogue::{Catalogue, Object},
    describe::{GlobalDescribe, ObjectDescribe},
    error::{Error, Result},
    permissions::ObjectRight,
    store::{keep::Schema, rules::Access},
};

/// Most objects in one describe.
const MAX_OBJECTS: usize = 100;

/// Describes the object of this name to a caller.
///
/// # Errors
/// [`Error::UnknownObject`], with the name as given, if there is none that the caller may read;
/// [`Error::BadPermissions`].
pub(crate) fn describe(schema: &Schema, name: &str, access: &Access) -> Result<ObjectDescribe> {
    let catalogue = &schema.catalogue;
    let object = access.find_object(catalogue, name)?;
    let mut describe = derived::describe(schema, object);
    if !access.is_system() {
        narrow(&mut describe, catalogue, object, access);
    }
    for field in &mut describe.fields {
        let idx = object.find(&field.name);
        field.createable |= idx.is_some_and(|idx| access.sets_audit_field(object, idx));
    }
    Ok(describe)
}

/// Describes the objects of these names to a caller, in their order.
///
/// # Errors
/// [`Error::TooManyTypes`]; those of [`describe`] for the first object that has any.
pub(crate) fn describe_sobjects(
    schema: &Schema,
    names: &[&str],
    access: &Access,
) -> Result<Vec<ObjectDescribe>> {
    let (given, limit) = (names.len(), MAX_OBJECTS);
    if given > limit {
        return Err(Error::TooManyTypes { given, limit });
    }
    names.iter().map(|name| describe(schema, name, access)).collect()
}

/// Describes the objects that a caller may read.
pub(crate) fn describe_global(catalogue: &Catalogue, access: &Access) -> GlobalDescribe {
    let readable = catalogue.objects().filter(|object| access.may(object, ObjectRight::Read));
    GlobalDescribe::of(readable.map(derived::summary))
}

/// Leaves of a describe what the caller may see and do.
fn narrow(describe: &mut ObjectDescribe, catalogue: &Catalogue, object: &Object, access: &Access) {
    describe.fields.retain_mut(|field| {
        let Some(idx) = access.find(object, &field.name) else { return false };
        field.createable &= access.edits(object, idx);
        field.updateable &= access.edits(object, idx);
        for named in [&mut field.controller_name, &mut field.compound_field_name] {
            named.take_if(|name| access.find(object, name).is_none());
        }
        true
    });
    describe.child_relationships.retain(|child| {
        let of = catalogue.find(&child.child_sobject);
        of.is_some_and(|of| access.find(of, &child.field).is_some())
    });
}
