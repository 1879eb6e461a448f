//! The rules of a write: which values a record may be given, and the order in which that is
//! checked.
//!
//! Each record goes through these stages in this order, and is refused with the errors of the first
//! stage that it fails. (The order is a choice of ours; the platform's is unknown.)
//!
//! 1. The types of JSON values (`input`). Then fields that are unknown or that the caller may not
//!    read, which are reported all together. Then parents that are not named as they should be.
//! 2. The record's own id, which an update names beside its values and a create does not have. Then
//!    fields that the call cannot set or the caller may not set, all together.
//! 3. The record's own id, for update, delete and undelete: its form, then its object, then whether
//!    there is such a record.
//! 4. Parents that are named by a key: whether there is one such record. Then references: their form,
//!    then their object and the right to read it, then whether there is such a record.
//! 5. Values, each brought into the form in which it is kept: formats, restricted picklists, lengths,
//!    digits and ranges ([`value`]).
//! 6. Required fields without a value, all together.
//! 7. Unique fields, against the live records and the earlier records of the same call.
//!
//! Of an object that has hooks, the before hooks run between 5 and 6. What they changed goes through 1, 2, 4
//! and 5 in system mode, and validations of the program come between 6 and 7 (`store::write::hooks`).
//!
//! Sources: the platform's object reference (field types, system fields) and its API guide
//! (create, update, core data types).

use super::{
    access::{Access, Purpose},
    input::{Given, bad_value},
    references::{Targets, targets_of},
    text::FirstSpelling,
    value::{self, Checked, Fidelity},
};
use crate::{
    bytes::Cell,
    catalogue::{Catalogue, Field, Object},
    definition::FieldIdx,
    error::{Error, Problem, Result},
    id::RecordId,
    value::{FieldType, Value},
};

/// The checked values of a record, in the order in which they were checked.
pub(crate) type Values<'v> = Vec<(FieldIdx, Checked<'v>)>;

/// Stage 2, after the part of stage 1 that a typed record can fail, since its types and names are
/// always right: refuses fields that the caller may not read, then fields that the call cannot set
/// or the caller may not set.
///
/// # Errors
/// [`Error::UnknownField`], [`Error::IdGiven`], [`Error::IdInBody`], [`Error::NotWriteable`];
/// [`Error::DescribedOnly`].
pub(crate) fn check_writeable(
    object: &Object,
    access: &Access,
    purpose: Purpose,
    input: &[(FieldIdx, Given<'_>)],
) -> Result<()> {
    let is_writeable = |idx, field: &Field| access.may_give(object, purpose, idx, field);
    let mut has_describe_only = false;
    let are_writeable = input.iter().all(|(idx, _)| {
        object.field(*idx).is_some_and(|field| {
            has_describe_only |= field.flags.is_describe_only();
            is_writeable(*idx, field)
        })
    });
    if are_writeable {
        return if has_describe_only { Err(describe_only(object, input)) } else { Ok(()) };
    }
    let given = |idx| input.iter().any(|(it, _)| *it == idx);
    let names_of = |is_refused: &dyn Fn(FieldIdx, &Field) -> bool| -> Vec<String> {
        let refused = object.fields().filter(|(idx, field)| given(*idx) && is_refused(*idx, field));
        refused.map(|(_, field)| field.name.clone()).collect()
    };
    let name = object.name.clone();
    let hidden = names_of(&|idx, _| !access.reads(object, idx));
    if !hidden.is_empty() {
        return Err(Error::UnknownField { object: name, fields: hidden });
    }
    if given(FieldIdx::ID) {
        return Err(match purpose {
            Purpose::Create => Error::IdGiven { object: name },
            Purpose::Update | Purpose::Upsert => Error::IdInBody { object: name },
        });
    }
    let fields = names_of(&|idx, field| !is_writeable(idx, field));
    Err(Error::NotWriteable { object: name, fields })
}

/// The refusal of fields that are described only, by name.
fn describe_only(object: &Object, input: &[(FieldIdx, Given<'_>)]) -> Error {
    let fields = input.iter().filter_map(|(idx, _)| object.field(*idx));
    let describe_only = fields.filter(|field| field.flags.is_describe_only());
    let fields = describe_only.map(|field| field.name.clone()).collect();
    Error::DescribedOnly { object: object.name.clone(), fields }
}

/// A function that fails if a reference may not name the record of this id, which may be of these
/// objects. It returns the record's packed id, or `None` if the id was not packed so far.
type Exists<'f> = &'f mut dyn FnMut(&Field, &Targets<'_>, RecordId) -> Result<Option<u64>>;

/// Stages 4 and 5: checks the values that were given, and turns them into the cells of a row.
/// `first` tells how a value that a picklist does not list was first written.
///
/// # Errors
/// [`Error::BadValue`], [`Error::OwnerEmpty`], and those of `exists` and `first`.
pub(crate) fn check_values<'v>(
    catalogue: &Catalogue,
    object: &Object,
    input: &[(FieldIdx, Given<'v>)],
    fidelity: Fidelity,
    exists: Exists<'_>,
    first: FirstSpelling<'_>,
) -> Result<Values<'v>> {
    let mut checked = Vec::with_capacity(input.len());
    // What is wrong with a value is said only if nothing is wrong with a reference behind it.
    let mut refused = None;
    for (idx, given) in input {
        let field = object.at(*idx)?;
        if field.field_type == FieldType::Reference {
            let reference = check_reference(catalogue, object, field, given, exists)?;
            // The platform has a special status code for an owner that is set to null.
            if object.owner_field == Some(*idx) && reference.is_null() {
                let (object, field) = (object.name.clone(), field.name.clone());
                return Err(Error::OwnerEmpty { object, field });
            }
            checked.push((*idx, reference));
        } else if refused.is_none() {
            let value = value::check(object, field, given, fidelity, first);
            let value = value.and_then(|value| {
                check_audit_date(object, *idx, field, given, &value).map(|()| value)
            });
            match value {
                Ok(value) => checked.push((*idx, value)),
                Err(error) => refused = Some(error),
            }
        }
    }
    refused.map_or(Ok(checked), Err)
}

/// Checks the value of a key, by which a record is looked for, and turns it into the form in which
/// records have it. An id is that of any record.
///
/// # Errors
/// [`Error::BadValue`], and those of `first`.
pub(crate) fn check_key_value<'v>(
    object: &Object,
    field: &Field,
    given: &Given<'v>,
    first: FirstSpelling<'_>,
) -> Result<Checked<'v>> {
    if field.field_type == FieldType::Reference {
        return Ok(match id_of(object, field, given)? {
            Some(id) => Checked::Id(id),
            None => Checked::Cell(Cell::Null),
        });
    }
    value::check(object, field, given, Fidelity::Normal, first)
}

/// Refuses a time before 1970 in an audit field. Other date-times may have such a time.
///
/// # Errors
/// [`Error::BadValue`].
fn check_audit_date(
    object: &Object,
    idx: FieldIdx,
    field: &Field,
    given: &Given<'_>,
    value: &Checked<'_>,
) -> Result<()> {
    match value {
        Checked::Cell(Cell::Fixed(millis))
            if idx.is_system()
                && field.field_type == FieldType::DateTime
                && millis.cast_signed() < 0 =>
        {
            Err(bad_value(object, field, given.to_string(), Problem::WrongType))
        }
        _ => Ok(()),
    }
}

fn check_reference<'v>(
    catalogue: &Catalogue,
    object: &Object,
    field: &Field,
    given: &Given<'_>,
    exists: Exists<'_>,
) -> Result<Checked<'v>> {
    let Some(id) = id_of(object, field, given)? else { return Ok(Checked::Cell(Cell::Null)) };
    let targets = targets_of(catalogue, field, id);
    if targets.is_wrong() {
        return Err(wrong_object(object, field, id));
    }
    Ok(match exists(field, &targets, id)? {
        Some(packed) => Checked::Cell(Cell::Fixed(packed)),
        None => Checked::Id(id),
    })
}

/// The id that was given for a reference; `None` for null and for an empty text.
fn id_of(object: &Object, field: &Field, given: &Given<'_>) -> Result<Option<RecordId>> {
    match given {
        Given::Value(Value::Null) => Ok(None),
        Given::Value(Value::Id(id)) => Ok(Some(*id)),
        Given::Value(Value::Text(text)) => {
            let text = text.trim();
            if text.is_empty() {
                return Ok(None);
            }
            let malformed = |_| bad_value(object, field, text.to_owned(), Problem::MalformedId);
            text.parse().map(Some).map_err(malformed)
        }
        other => Err(bad_value(object, field, other.to_string(), Problem::WrongType)),
    }
}

/// The refusal of the id of a record of an object that a reference may not name.
pub(crate) fn wrong_object(object: &Object, field: &Field, id: RecordId) -> Error {
    bad_value(object, field, id.to_string(), Problem::WrongObject)
}

/// Stage 6: refuses a record without the values that it needs.
///
/// A create must give each required field, and must not give null for a field with a default or for
/// an audit field. An update must not set a field to null that is not nillable. A field that the
/// platform fills, and that no create can give, has its default, or no record can be made.
///
/// # Errors
/// [`Error::Required`]; [`Error::NotSupported`] with the fields that only the platform can fill.
pub(crate) fn check_required(
    object: &Object,
    access: &Access,
    purpose: Purpose,
    checked: &[(FieldIdx, Checked<'_>)],
) -> Result<()> {
    let required = if purpose == Purpose::Update { &[] } else { &*object.required };
    let is_given = |idx: &FieldIdx| checked.iter().any(|(it, _)| it == idx);
    // Most records lack nothing, and that is soon told.
    if required.iter().all(is_given) && !checked.iter().any(|(_, value)| value.is_null()) {
        return Ok(());
    }
    let is_filled = |idx: FieldIdx| object.field(idx).is_some_and(Field::is_filled);
    let is_missing = |idx: &FieldIdx| match checked.iter().rev().find(|(it, _)| it == idx) {
        Some((_, value)) => value.is_null(),
        None => required.contains(idx),
    };
    let given = checked.iter().map(|(idx, _)| *idx);
    let never_null = given.filter(|idx| idx.is_system()).chain(object.never_null.iter().copied());
    let mut missing: Vec<_> = never_null.filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    missing.sort_unstable();
    let names_of = |idxs: Vec<FieldIdx>| -> Vec<String> {
        let fields = idxs.into_iter().filter_map(|idx| object.field(idx));
        fields.map(|field| field.name.clone()).collect()
    };
    let (filled, missing): (Vec<_>, Vec<_>) = missing.into_iter().partition(|it| is_filled(*it));
    let object_name = object.name.clone();
    Err(if missing.is_empty() {
        // Whoever may not read such a field does not learn its name.
        let shown = filled.into_iter().filter(|idx| access.reads(object, *idx)).collect();
        let names = match names_of(shown) {
            names if names.is_empty() => "fields".to_owned(),
            names => names.join(", "),
        };
        let what = format!(
            "creating a record without a value for {names}, which only the platform fills and for \
             which the store has no default"
        );
        Error::NotSupported { object: object_name, what }
    } else {
        Error::Required { object: object_name, fields: names_of(missing) }
    })
}
