//! What a replica takes of a record as its source sends it.
//!
//! An org sends more than a store holds. Of what a record has,
//!
//! | this | is taken so |
//! |---|---|
//! | a field that rows hold | its value |
//! | a compound field, such as an address | by its parts: those that are given beside it count, and the others are taken from it |
//! | any other field that is described only, such as a formula | not at all: it is passed over |
//! | a map or null under the name of a relationship | not at all: that is another record, and the reference says which |
//! | `attributes` | not at all |
//! | any other key | refused, with all names of this kind; or passed over, where that is asked for |
//!
//! **Invariant:** a value that is passed over is told, with how many records had one, unless the record
//! is refused.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::{
    catalogue::{Field, Object},
    definition::FieldIdx,
    describe::FieldDescribe,
    error::{Error, Result, shorten},
    id::RecordId,
    store::{
        rules::{
            Access, Fidelity, Given, Input, Targets, Values, check_values, convert, known_of_json,
        },
        write::{Source, Write, not_a_record},
    },
    value::Value,
};

/// How the calls of a replica take records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PutOptions {
    /// Are all records of a call written or none?
    pub(crate) all_or_none: bool,
    /// Are keys that the object does not have passed over?
    pub(crate) pass_over_unknown: bool,
    /// Does a new record get the stamps that it lacks from those that it has?
    pub(crate) stamps_from_given: bool,
}

/// A key of records that were put without it: what
/// [`Replica::passed_over`](crate::Replica::passed_over) lists.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PassedOver {
    /// The object whose records had the key.
    pub object: String,
    /// The key as the records have it; of a field of the object, the field's API name.
    pub key: String,
    /// Is it a field of the object, which the store describes but does not hold?
    pub is_described_only: bool,
    /// How many of the records that were put had it.
    pub records: u64,
}

/// A key of one record that was passed over.
#[derive(Debug)]
pub(super) struct PassedKey {
    key: String,
    is_described_only: bool,
}

/// What was passed over, by object and key.
#[derive(Debug, Default)]
pub(crate) struct PassedKeys(BTreeMap<(String, String), PassedOver>);

impl PassedKeys {
    /// Counts what one record had.
    pub(super) fn count(&mut self, object: &Object, keys: Vec<PassedKey>) {
        for PassedKey { key, is_described_only } in keys {
            let object = object.name.clone();
            self.add(PassedOver { object, key, is_described_only, records: 1 });
        }
    }

    /// Counts what another report has too.
    pub(crate) fn extend(&mut self, other: Self) {
        other.0.into_values().for_each(|passed| self.add(passed));
    }

    fn add(&mut self, passed: PassedOver) {
        let place = self.0.entry((passed.object.clone(), passed.key.clone()));
        place.and_modify(|it| it.records += passed.records).or_insert(passed);
    }

    /// The report, by object and key.
    pub(crate) fn list(&self) -> Vec<PassedOver> {
        self.0.values().cloned().collect()
    }
}

/// What is taken of a record.
#[derive(Debug)]
pub(super) struct Taken<'v> {
    /// The record's id, if it was given.
    pub(super) id: Option<RecordId>,
    pub(super) values: Values<'v>,
    pub(super) passed: Vec<PassedKey>,
}

impl Write<'_> {
    /// Takes what a record's source says of it.
    ///
    /// # Errors
    /// [`Error::BadValue`], [`Error::FieldTwice`], [`Error::UnknownField`], [`Error::WrongId`],
    /// [`Error::OwnerEmpty`].
    pub(super) fn take<'v>(
        &self,
        object: &Object,
        source: Source<'v>,
        options: PutOptions,
    ) -> Result<Taken<'v>> {
        let mut passed = Vec::new();
        let mut input = match source {
            Source::Json(record) => take_json(object, self.access, record, options, &mut passed)?,
            Source::View(input) => take_view(object, input)?,
            Source::NotARecord(json) => return Err(not_a_record(object, json)),
        };
        let id = take_own_id(object, &mut input)?;
        if let Some(id) = id {
            self.check_is_of_none_other(object, id)?;
        }
        if options.stamps_from_given {
            let is_empty = |given: &Given<'_>| *given == Given::Value(Value::Null);
            input.retain(|(idx, given)| {
                !idx.is_system() || *idx == FieldIdx::IS_DELETED || !is_empty(given)
            });
        }
        // Records come in any order, so what is referred to need not be there.
        let any = &mut |_: &Field, _: &Targets<'_>, _| Ok(None);
        let catalogue = &self.schema.catalogue;
        let first = &|_: &Field, _: &str| Ok(None);
        let values = check_values(catalogue, object, &input, Fidelity::Exact, any, first)?;
        Ok(Taken { id, values, passed })
    }
}

/// The values of a record in JSON.
fn take_json<'v>(
    object: &Object,
    access: &Access,
    record: &'v Map<String, Json>,
    options: PutOptions,
    passed: &mut Vec<PassedKey>,
) -> Result<Input<'v>> {
    let (mut input, unknown) = known_of_json(object, access, record)?;
    let unknown = unknown.into_iter().filter(|(key, json)| !is_parent(object, key, json));
    let unknown: Vec<_> = unknown.map(|(key, _)| shorten(key.to_owned())).collect();
    if !unknown.is_empty() && !options.pass_over_unknown {
        return Err(Error::UnknownField { object: object.name.clone(), fields: unknown });
    }
    passed.extend(unknown.into_iter().map(|key| PassedKey { key, is_described_only: false }));

    let n_given = input.len();
    input.retain(|(idx, _)| !is_described_only(object, *idx));
    if input.len() < n_given {
        for (key, json) in record {
            let idx = object.find(key).filter(|idx| is_described_only(object, *idx));
            let Some(field) = idx.and_then(|idx| object.field(idx)) else { continue };
            if !take_parts(object, &field.name, json, &mut input)? {
                passed.push(PassedKey { key: field.name.clone(), is_described_only: true });
            }
        }
    }
    Ok(input)
}

fn is_described_only(object: &Object, idx: FieldIdx) -> bool {
    object.field(idx).is_some_and(|field| field.flags.is_describe_only())
}

/// Is this another record, to which a reference of the object leads?
fn is_parent(object: &Object, key: &str, json: &Json) -> bool {
    let described = object.described.iter().flat_map(|it| &it.fields);
    let described = described.filter_map(|field| field.relationship_name.as_deref());
    let declared = object.fields().filter_map(|(_, field)| field.relationship.as_deref());
    matches!(json, Json::Null | Json::Object(_))
        && declared.chain(described).any(|name| name.eq_ignore_ascii_case(key))
}

/// Takes the parts of a compound value, such as an address, that are not given beside it. Tells
/// whether all of the value is in its parts.
///
/// # Errors
/// [`Error::BadValue`].
fn take_parts<'v>(
    object: &Object,
    name: &str,
    json: &'v Json,
    input: &mut Input<'v>,
) -> Result<bool> {
    let described = object.described.iter().flat_map(|it| &it.fields);
    let is_part = |it: &&FieldDescribe| it.compound_field_name.as_deref() == Some(name);
    let parts = described.filter(is_part).filter_map(|part| object.find(&part.name));
    let parts: Vec<_> = parts.filter(|idx| !is_described_only(object, *idx)).collect();
    let is_free = |input: &Input<'_>, idx| !input.iter().any(|(it, _)| *it == idx);
    match json {
        Json::Null => {
            for idx in parts {
                if is_free(input, idx) {
                    input.push((idx, Given::Value(Value::Null)));
                }
            }
            Ok(true)
        }
        Json::Object(compound) => {
            let mut is_told = true;
            for (key, value) in compound {
                let part = parts.iter().filter_map(|idx| Some((*idx, object.field(*idx)?)));
                match part.into_iter().find(|(_, field)| is_part_of(&field.name, key)) {
                    Some((idx, field)) if is_free(input, idx) => {
                        input.push((idx, convert(object, field, value)?));
                    }
                    Some(_) => (),
                    None => is_told &= value.is_null(),
                }
            }
            Ok(is_told)
        }
        _ => Ok(false),
    }
}

/// Is the field of this name the part of its compound that has this key there? The key `postalCode` is
/// the part `BillingPostalCode`, and `latitude` is `Place__Latitude__s`.
fn is_part_of(part: &str, key: &str) -> bool {
    let part = part.strip_suffix("__s").unwrap_or(part).to_ascii_lowercase();
    part.ends_with(&key.to_ascii_lowercase())
}

/// The values of a typed record, without those of system fields that its object lacks.
///
/// # Errors
/// [`Error::UnknownField`] if the record is deleted, of an object whose records never are.
fn take_view<'v>(object: &Object, mut input: Input<'v>) -> Result<Input<'v>> {
    let deleted = (FieldIdx::IS_DELETED, Given::Value(Value::Bool(true)));
    if !object.has(FieldIdx::IS_DELETED) && input.contains(&deleted) {
        let fields = vec!["IsDeleted".to_owned()];
        return Err(Error::UnknownField { object: object.name.clone(), fields });
    }
    input.retain(|(idx, _)| object.has(*idx));
    Ok(input)
}

/// Takes the record's own id out of what was given; `None` if it is not there.
///
/// # Errors
/// [`Error::WrongId`] if it is no id, or another object's.
fn take_own_id(object: &Object, input: &mut Input<'_>) -> Result<Option<RecordId>> {
    let place = input.iter().position(|(idx, _)| *idx == FieldIdx::ID);
    let text = match place.map(|place| input.remove(place).1) {
        None | Some(Given::Value(Value::Null)) => return Ok(None),
        Some(given) => given.to_string(),
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let id = text.trim().parse().map_err(|_| Error::WrongId {
        object: object.name.clone(),
        label: object.id_label(),
        id: shorten(text),
    })?;
    object.check_id(id)?;
    Ok(Some(id))
}

#[cfg(test)]
mod tests {
    use super::is_part_of;

    #[test]
    fn a_part_is_known_by_the_end_of_its_name() {
        for (part, key) in [
            ("BillingPostalCode", "postalCode"),
            ("BillingState", "state"),
            ("BillingStateCode", "stateCode"),
            ("Place__Latitude__s", "latitude"),
            ("Place__City__s", "city"),
        ] {
            assert!(is_part_of(part, key), "{part} {key}");
        }
        assert!(!is_part_of("BillingStateCode", "state"));
        assert!(!is_part_of("BillingCity", "country"));
    }
}
