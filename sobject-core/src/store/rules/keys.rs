//! Keys: the fields by whose value a call may name a record, in an upsert or as a parent.
//!
//! Id is a key of every object. The others are the fields that are marked `id_lookup` or
//! `external_id`; they have an index, so a record is found by one without a search.
//!
//! A record may give a parent by a key in place of an id: a map under the name of the relationship, as
//! in `"Account": { "Ext__c": "x" }`. A reference that may be of several objects needs to be told of
//! which: by `type`, or by the `type` of `attributes`. If the key is Id, the reference is given as if by
//! its own field.
//!
//! **Invariant:** whoever may not read the parent's object is answered as if the store did not have
//! it.

use serde_json::{Map, Value as Json};

use super::{
    access::Access,
    input::{ATTRIBUTES, Given, Input, convert, known_of_json},
};
use crate::{
    catalogue::{Catalogue, Field, Object},
    definition::{FieldIdx, Flags},
    error::{BadParent, Error, ParentProblem, Result, shorten},
    permissions::ObjectRight,
    value::Value,
};

/// Is the field a key?
pub(crate) fn is_key(object: &Object, idx: FieldIdx) -> bool {
    let is_marked = |flags: Flags| {
        (flags.is_id_lookup() || flags.is_external_id()) && !flags.is_describe_only()
    };
    idx == FieldIdx::ID
        || object.field(idx).is_some_and(|it| it.stored.is_some() && is_marked(it.flags))
}

/// The key of this name. A field that the caller may not read is none.
///
/// # Errors
/// [`Error::NotAKey`].
pub(crate) fn find_key(object: &Object, access: &Access, name: &str) -> Result<FieldIdx> {
    access.find(object, name).filter(|idx| is_key(object, *idx)).ok_or_else(|| Error::NotAKey {
        object: object.name.clone(),
        field: shorten(name.to_owned()),
    })
}

/// Refuses a field that is no key, or that the caller may not read.
///
/// # Errors
/// [`Error::NotAKey`].
pub(crate) fn check_key(object: &Object, access: &Access, idx: FieldIdx) -> Result<()> {
    if object.has(idx) && access.reads(object, idx) && is_key(object, idx) {
        return Ok(());
    }
    Err(Error::NotAKey { object: object.name.clone(), field: object.at(idx)?.name.clone() })
}

/// Converts a map of JSON values. The key [`ATTRIBUTES`] is ignored. A parent that is given by a key,
/// under the name of a relationship, is listed beside the values, among which null stands for it.
///
/// # Errors
/// Those of [`known_of_json`]. If there are none, [`Error::UnknownField`] with all names that are not
/// fields of the object, or are fields that the caller may not read; and then the errors of the first
/// parent that is not named as it should be.
pub(crate) fn from_json<'v>(
    catalogue: &'v Catalogue,
    object: &Object,
    access: &Access,
    map: &'v Map<String, Json>,
) -> Result<(Input<'v>, Vec<Parent<'v>>)> {
    let (mut input, unknown) = known_of_json(object, access, map)?;
    let mut parents = Vec::new();
    if unknown.is_empty() {
        return Ok((input, parents));
    }
    let (mut named, mut fields) = (Vec::new(), Vec::new());
    for (name, json) in unknown {
        match (json, parent_of(object, access, name)) {
            (Json::Object(map), Some(idx)) => named.push((idx, map)),
            _ => fields.push(shorten(name.to_owned())),
        }
    }
    if !fields.is_empty() {
        return Err(Error::UnknownField { object: object.name.clone(), fields });
    }
    let n_values = input.len();
    for (idx, map) in named {
        if let Some(place) = input.iter().position(|(it, _)| *it == idx) {
            let field = object.at(idx)?;
            return Err(if place < n_values {
                bad_parent(object, field, ParentProblem::IdGivenToo)
            } else {
                let field = field.relationship.clone().unwrap_or_default();
                Error::FieldTwice { object: object.name.clone(), field }
            });
        }
        input.push(match read_parent(catalogue, object, access, idx, map)? {
            Named::Id(given) => (idx, given),
            Named::ByKey(parent) => {
                parents.push(parent);
                (idx, Given::Value(Value::Null))
            }
        });
    }
    Ok((input, parents))
}

/// The reference that the caller may read and whose relationship has this name.
fn parent_of(object: &Object, access: &Access, name: &str) -> Option<FieldIdx> {
    let is_it = |it: &String| it.eq_ignore_ascii_case(name);
    let mut fields = object.fields();
    let is_parent = |(idx, field): &(FieldIdx, &Field)| {
        field.relationship.as_ref().is_some_and(is_it) && access.reads(object, *idx)
    };
    fields.find(is_parent).map(|(idx, _)| idx)
}

/// A parent that a record names by a key.
#[derive(Debug)]
pub(crate) struct Parent<'v> {
    /// The reference that is to lead to it.
    pub(crate) field: FieldIdx,
    /// Its object.
    pub(crate) target: &'v Object,
    /// The key of that object.
    pub(crate) key: FieldIdx,
    /// The value of the key.
    pub(crate) given: Given<'v>,
}

/// What a map under the name of a relationship is.
#[derive(Debug)]
pub(super) enum Named<'v> {
    /// The parent's own id.
    Id(Given<'v>),
    ByKey(Parent<'v>),
}

/// The key that `type` has in a map that names a parent.
const TYPE: &str = "type";

/// Reads what is given under the name of a relationship, that of the reference `idx`.
///
/// # Errors
/// [`Error::BadParent`], [`Error::UnknownField`], [`Error::BadValue`].
pub(super) fn read_parent<'v>(
    catalogue: &'v Catalogue,
    object: &Object,
    access: &Access,
    idx: FieldIdx,
    map: &'v Map<String, Json>,
) -> Result<Named<'v>> {
    let field = object.at(idx)?;
    let bad = |problem| bad_parent(object, field, problem);
    let in_attributes = map.get(ATTRIBUTES).and_then(|it| it.get(TYPE));
    let given_type = in_attributes.or_else(|| map.get(TYPE)).and_then(Json::as_str);
    let may_name = |name: &str| {
        field.names_any || field.references.iter().any(|it| it.eq_ignore_ascii_case(name))
    };
    // `type` is also a field of some objects; it names the object where it names one that can be meant.
    let given_type = given_type.filter(|name| in_attributes.is_some() || may_name(name));
    let name = match (given_type, &*field.references) {
        (Some(name), _) if may_name(name) => name,
        (Some(name), _) => {
            return Err(bad(ParentProblem::WrongType { given: shorten(name.to_owned()) }));
        }
        (None, [only]) if !field.names_any => only,
        (None, _) => return Err(bad(ParentProblem::TypeMissing)),
    };
    let target = catalogue.find(name).filter(|it| access.may(it, ObjectRight::Read));
    let target = target.ok_or_else(|| bad(ParentProblem::NoObject))?;

    let is_type = |key: &str| key == ATTRIBUTES || (key == TYPE && given_type.is_some());
    let mut keys = map.iter().filter(|(key, _)| !is_type(key));
    let (Some((name, json)), None) = (keys.next(), keys.next()) else {
        let given = map.keys().filter(|key| !is_type(key)).count();
        return Err(bad(ParentProblem::Keys { given }));
    };
    let Some(key) = access.find(target, name) else {
        let fields = vec![shorten(name.clone())];
        return Err(Error::UnknownField { object: target.name.clone(), fields });
    };
    let key_field = target.at(key)?;
    if !is_key(target, key) {
        let (target, key) = (target.name.clone(), key_field.name.clone());
        return Err(bad(ParentProblem::NotAKey { target, key }));
    }
    let given = convert(target, key_field, json)?;
    if given == Given::Value(Value::Null) {
        return Err(bad(not_found(target, key_field, "null".to_owned())));
    }
    Ok(if key == FieldIdx::ID {
        Named::Id(given)
    } else {
        Named::ByKey(Parent { field: idx, target, key, given })
    })
}

/// The refusal of a parent that is given by a key.
pub(crate) fn bad_parent(object: &Object, field: &Field, problem: ParentProblem) -> Error {
    Error::BadParent(Box::new(BadParent {
        object: object.name.clone(),
        field: field.name.clone(),
        relationship: field.relationship.clone().unwrap_or_default(),
        problem,
    }))
}

/// What is wrong where no record has the value of a key.
pub(crate) fn not_found(target: &Object, key: &Field, value: String) -> ParentProblem {
    let value = shorten(value);
    ParentProblem::NotFound { target: target.name.clone(), key: key.name.clone(), value }
}
