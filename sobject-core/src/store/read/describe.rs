//! Describe as a caller sees it.
//!
//! A field that the caller may not read is left out and not named by others, and so are relationships
//! of objects and fields that the caller may not read, and of objects that the store does not have. Of
//! the objects that a reference may name, those are told that the caller may read, be it that the store
//! does not have them. A formula that names a hidden field or object is not shown. A field that the
//! caller may not edit is neither createable nor updateable, and an audit field that a create of the
//! caller may give is createable, by which clients know that they may. The object's own flags say which
//! calls it supports, whoever asks. An object is described also if its page does not list
//! `describeSObjects()`, as an org describes it. (How far a describe goes by the caller is a choice of
//! ours, but for hidden and audit fields.)

use serde_json::Value as Json;

use super::derived;
use crate::{
    catalogue::{Catalogue, Object},
    describe::{FieldDescribe, GlobalDescribe, ObjectDescribe},
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
    GlobalDescribe::of(readable.map(|object| {
        let mut summary = derived::summary(object);
        summary.associate_parent_entity.take_if(|name| !access.sees(name));
        summary
    }))
}

/// Leaves of a describe what the caller may see and do.
fn narrow(describe: &mut ObjectDescribe, catalogue: &Catalogue, object: &Object, access: &Access) {
    let hidden: Vec<_> = object.fields().filter(|(idx, _)| !access.reads(object, *idx)).collect();
    let hidden: Vec<_> = hidden.into_iter().map(|(_, field)| field.name.as_str()).collect();
    describe.fields.retain_mut(|field| {
        let Some(idx) = access.find(object, &field.name) else { return false };
        field.createable &= access.edits(object, idx);
        field.updateable &= access.edits(object, idx);
        narrow_field(field, catalogue, access, &hidden);
        true
    });
    describe.child_relationships.retain_mut(|child| {
        child.junction_reference_to.retain(|name| access.sees(name));
        let of = catalogue.find(&child.child_sobject);
        of.is_some_and(|of| access.find(of, &child.field).is_some())
    });
    for object in [
        &mut describe.default_implementation,
        &mut describe.extended_by,
        &mut describe.extends_interfaces,
        &mut describe.implemented_by,
        &mut describe.implements_interfaces,
    ] {
        object.take_if(|names| !names.split(',').all(|name| access.sees(name.trim())));
    }
    describe.associate_parent_entity.take_if(|name| !access.sees(name));
    describe.network_scope_field_name.take_if(|name| is_among(&hidden, name));
}

/// Leaves of a field's describe what names neither these fields of its object, which are hidden, nor
/// objects that the caller may not see.
fn narrow_field(
    field: &mut FieldDescribe,
    catalogue: &Catalogue,
    access: &Access,
    hidden: &[&str],
) {
    for named in [&mut field.controller_name, &mut field.compound_field_name] {
        named.take_if(|name| is_among(hidden, name));
    }
    let hides_object = |name: &str| {
        catalogue.find(name).is_some_and(|object| !access.may(object, ObjectRight::Read))
    };
    let hides = |word: &str| is_among(hidden, word) || hides_object(word);
    for formula in [&mut field.calculated_formula, &mut field.default_value_formula] {
        formula.take_if(|text| words(text).any(hides));
    }
    if let Some(Json::Array(fields)) =
        field.filtered_lookup_info.as_mut().and_then(|info| info.get_mut("controllingFields"))
    {
        fields.retain(|name| !name.as_str().is_some_and(|name| is_among(hidden, name)));
    }
    field.reference_to.retain(|name| access.sees(name));
    let shows = |object: &str, name: &str| match catalogue.find(object) {
        Some(object) => access.find(object, name).is_some(),
        None => true,
    };
    let targets = &field.reference_to;
    field.reference_target_field.take_if(|name| !targets.iter().any(|object| shows(object, name)));
}

/// The words of a formula that may be names.
fn words(formula: &str) -> impl Iterator<Item = &str> {
    formula.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// Is the name, in any case, among these?
fn is_among(names: &[&str], name: &str) -> bool {
    names.iter().any(|it| it.eq_ignore_ascii_case(name))
}
