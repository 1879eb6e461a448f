//! The rules of a write: which values a record may be given.
//!
//! A record passes these stages in this order, and is refused with the errors of the first that
//! it fails (the order is a choice of ours; the platform's is unknown):
//!
//! 1. types of JSON values (`input`), then fields that are unknown or that the caller may not read:
//!    all of them
//! 2. fields that the call or the caller may not set: all of them
//! 3. the record's own id: form, object, existence (update, delete and undelete)
//! 4. references: form, then object, then the right to read it, then existence
//! 5. values: types, formats, lengths, digits, ranges, restricted picklists ([`value`])
//! 6. required fields without a value: all of them
//! 7. unique fields, against the live records and those before in the same call
//!
//! Sources: the platform's object reference (field types, system fields) and its API guide
//! (create, update, core data types).

use super::{
    access::{Access, Purpose},
    input::{Given, bad_value},
    references::{Target, target_of},
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

/// Stages 1 (of a typed record, which has no types and names to get wrong) and 2: refuses fields that
/// the caller may not read, then those that the call or the caller may not set.
///
/// # Errors
/// [`Error::UnknownField`], [`Error::IdGiven`], [`Error::NotWriteable`]; [`Error::NotSupported`]
/// for fields that are described only.
pub(crate) fn check_writeable(
    object: &Object,
    access: &Access,
    purpose: Purpose,
    input: &[(FieldIdx, Given<'_>)],
) -> Result<()> {
    let is_writeable = |idx, field: &Field| access.may_give(object, purpose, idx, field);
    if input.iter().all(|(idx, _)| object.field(*idx).is_some_and(|it| is_writeable(*idx, it))) {
        return check_kept(object, input);
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
    if purpose == Purpose::Create && given(FieldIdx::ID) {
        return Err(Error::IdGiven { object: name });
    }
    let fields = names_of(&|idx, field| !is_writeable(idx, field));
    Err(Error::NotWriteable { object: name, fields })
}

/// Refuses fields that are described only, by name.
fn check_kept(object: &Object, input: &[(FieldIdx, Given<'_>)]) -> Result<()> {
    let fields = input.iter().filter_map(|(idx, _)| object.field(*idx));
    let describe_only = fields.filter(|field| field.flags.is_describe_only());
    let names: Vec<_> = describe_only.map(|field| field.name.as_str()).collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(Error::NotSupported {
        object: object.name.clone(),
        what: format!("setting fields that are described only: {}", names.join(", ")),
    })
}

/// Tells whether a record of a registered object can be referred to, and its packed id if it has
/// one yet.
type Exists<'f> = &'f mut dyn FnMut(&Field, &Object, RecordId) -> Result<Option<u64>>;

/// Stages 4 and 5: turns what was given into what rows hold.
///
/// # Errors
/// [`Error::BadValue`], [`Error::OwnerEmpty`], and those of `exists`.
pub(crate) fn check_values<'v>(
    catalogue: &Catalogue,
    object: &Object,
    input: &[(FieldIdx, Given<'v>)],
    fidelity: Fidelity,
    exists: Exists<'_>,
) -> Result<Values<'v>> {
    let mut checked = Vec::with_capacity(input.len());
    for (idx, given) in input {
        let field = object.at(*idx)?;
        if field.field_type == FieldType::Reference {
            let reference = check_reference(catalogue, object, field, given, exists)?;
            // The platform has a code of its own for a record without an owner.
            if object.owner_field == Some(*idx) && reference.is_null() {
                let (object, field) = (object.name.clone(), field.name.clone());
                return Err(Error::OwnerEmpty { object, field });
            }
            checked.push((*idx, reference));
        }
    }
    for (idx, given) in input {
        let field = object.at(*idx)?;
        if field.field_type != FieldType::Reference {
            let value = value::check(object, field, given, fidelity)?;
            check_audit_date(object, *idx, field, given, &value)?;
            checked.push((*idx, value));
        }
    }
    Ok(checked)
}

/// Audit fields hold no time before 1970, though other date-times may.
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
    let id = match given {
        Given::Value(Value::Null) => return Ok(Checked::Cell(Cell::Null)),
        Given::Value(Value::Id(id)) => *id,
        Given::Value(Value::Text(text)) => {
            let text = text.trim();
            if text.is_empty() {
                return Ok(Checked::Cell(Cell::Null));
            }
            let malformed = |_| bad_value(object, field, text.to_owned(), Problem::MalformedId);
            text.parse().map_err(malformed)?
        }
        other => return Err(bad_value(object, field, other.to_string(), Problem::WrongType)),
    };
    match target_of(catalogue, field, id) {
        Target::Object(target) => {
            if let Some(packed) = exists(field, target, id)? {
                return Ok(Checked::Cell(Cell::Fixed(packed)));
            }
        }
        Target::Unregistered => (),
        Target::Wrong => {
            return Err(bad_value(object, field, id.to_string(), Problem::WrongObject));
        }
    }
    Ok(Checked::Id(id))
}

/// Stage 6: refuses a record without the values that it needs.
///
/// On create, a required field must be given, and what is given for a defaulted one or an audit
/// field must not be null; on update, a field that is not nillable must not be emptied.
///
/// # Errors
/// [`Error::Required`].
pub(crate) fn check_required(
    object: &Object,
    purpose: Purpose,
    checked: &[(FieldIdx, Checked<'_>)],
) -> Result<()> {
    let is_missing = |idx: &FieldIdx| match checked.iter().rev().find(|(it, _)| it == idx) {
        Some((_, value)) => value.is_null(),
        None => {
            purpose == Purpose::Create
                && object.field(*idx).is_some_and(|field| !field.flags.is_defaulted_on_create())
        }
    };
    let given = checked.iter().map(|(idx, _)| *idx);
    let never_null = given.filter(|idx| idx.is_system()).chain(object.never_null.iter().copied());
    let mut missing: Vec<_> = never_null.filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    missing.sort_unstable();
    let names = missing.iter().filter_map(|idx| object.field(*idx));
    Err(Error::Required {
        object: object.name.clone(),
        fields: names.map(|field| field.name.clone()).collect(),
    })
}
