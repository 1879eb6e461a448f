//! The rules of a write: which values a record may be given.
//!
//! A record passes these stages in this order, and is refused with the errors of the first that
//! it fails (the order is a choice of ours; the platform's is unknown):
//!
//! 1. types of JSON values, then unknown fields (`input`; typed callers cannot fail them)
//! 2. fields that the call may not set: all of them
//! 3. references: form, then object, then existence
//! 4. values: types, lengths, digits, ranges
//! 5. required fields without a value: all of them
//!
//! Texts are trimmed, and an empty one is null. Date-times lose what is below a second. Lengths
//! count characters. Sources: the platform's object reference (field types, system fields) and
//! its API guide (create, update, core data types).

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    bytes::row::Cell,
    catalogue::{Catalogue, Field, Object},
    definition::FieldIdx,
    error::{Error, Problem, Result},
    id::RecordId,
    store::input::{Given, Input, bad_value},
    value::{FieldType, Value, whole_seconds},
};

/// The call that a record is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Create,
    Update,
}

/// A checked value, ready for a row except that ids are not packed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Checked<'a> {
    Cell(Cell<'a>),
    /// A reference to an existing record, or to an object that is not registered.
    Id(RecordId),
}

impl Checked<'_> {
    fn is_null(self) -> bool {
        self == Checked::Cell(Cell::Null)
    }
}

/// The first moment that a date or date-time may name, in years.
const FIRST_YEAR: (i32, u32, u32) = (1700, 1, 1);
/// The last day that a date or date-time may name; of that day, only midnight.
const LAST_DAY: (i32, u32, u32) = (4000, 12, 31);

/// Stage 2: refuses fields that the call may not set.
///
/// # Errors
/// [`Error::IdGiven`], [`Error::NotWriteable`].
pub(crate) fn check_writeable(object: &Object, purpose: Purpose, input: &Input<'_>) -> Result<()> {
    let is_writeable = |field: &Field| match purpose {
        Purpose::Create => field.flags.is_create(),
        Purpose::Update => field.flags.is_update(),
    };
    if input.iter().all(|(idx, _)| object.field(*idx).is_some_and(is_writeable)) {
        return Ok(());
    }
    if purpose == Purpose::Create && input.iter().any(|(idx, _)| *idx == FieldIdx::ID) {
        return Err(Error::IdGiven { object: object.name.clone() });
    }
    let given = |idx| input.iter().any(|(it, _)| *it == idx);
    let refused = object.fields().filter(|(idx, field)| given(*idx) && !is_writeable(field));
    Err(Error::NotWriteable {
        object: object.name.clone(),
        fields: refused.map(|(_, field)| field.name.clone()).collect(),
    })
}

/// Stages 3 and 4: turns what was given into what rows hold.
///
/// `exists` tells whether a record of a registered object can be referred to.
///
/// # Errors
/// [`Error::BadValue`], and those of `exists`.
pub(crate) fn check_values<'a>(
    catalogue: &Catalogue,
    object: &Object,
    input: &Input<'a>,
    exists: &mut dyn FnMut(&Field, &Object, RecordId) -> Result<()>,
) -> Result<Vec<(FieldIdx, Checked<'a>)>> {
    let mut checked = Vec::with_capacity(input.len());
    for (idx, given) in input {
        let Some(field) = object.field(*idx) else { continue };
        if field.field_type == FieldType::Reference {
            let reference = check_reference(catalogue, object, field, given, exists)?;
            checked.push((*idx, reference));
        }
    }
    for (idx, given) in input {
        let Some(field) = object.field(*idx) else { continue };
        if field.field_type != FieldType::Reference {
            checked.push((*idx, Checked::Cell(check_value(object, field, given)?)));
        }
    }
    Ok(checked)
}

fn check_reference<'a>(
    catalogue: &Catalogue,
    object: &Object,
    field: &Field,
    given: &Given<'a>,
    exists: &mut dyn FnMut(&Field, &Object, RecordId) -> Result<()>,
) -> Result<Checked<'a>> {
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
        other => return Err(bad_value(object, field, as_written(other), Problem::WrongType)),
    };
    let is_named = |target: &Object| {
        field.references.iter().any(|name| name.eq_ignore_ascii_case(&target.name))
    };
    match catalogue.of_prefix(id.key_prefix()) {
        Some(target) if is_named(target) => exists(field, target, id)?,
        // Objects that are not registered have prefixes that nobody knows here.
        None if field.references.iter().any(|name| catalogue.find(name).is_none()) => (),
        _ => return Err(bad_value(object, field, id.to_string(), Problem::WrongObject)),
    }
    Ok(Checked::Id(id))
}

fn check_value<'a>(object: &Object, field: &Field, given: &Given<'a>) -> Result<Cell<'a>> {
    let bad = |problem| Err(bad_value(object, field, as_written(given), problem));
    let value = match given {
        Given::Value(value) => *value,
        Given::TooWide(_) => return bad(Problem::OutOfRange),
    };
    Ok(match (field.field_type, value) {
        (FieldType::Boolean, Value::Null) if !field.flags.is_nillable() => {
            return bad(Problem::WrongType);
        }
        (_, Value::Null) => Cell::Null,
        (FieldType::Boolean, Value::Bool(value)) => Cell::integer(value),
        (FieldType::Int, Value::Int(value)) => {
            let has_more_digits = 10u32
                .checked_pow(field.digits.into())
                .is_some_and(|end| value.unsigned_abs() >= end);
            if has_more_digits {
                return bad(Problem::OutOfRange);
            }
            Cell::integer(value)
        }
        (FieldType::Double, Value::Double(value)) => {
            if !value.is_finite() {
                return bad(Problem::OutOfRange);
            }
            // Adding zero turns -0.0 into 0.0, which must not be two values in an index.
            Cell::Fixed((value + 0.0).to_bits())
        }
        (FieldType::Date, Value::Date(day)) => {
            if !is_valid_day(day) {
                return bad(Problem::OutOfRange);
            }
            Cell::integer(day.to_epoch_days())
        }
        (FieldType::DateTime, Value::DateTime(at)) => {
            if !is_valid_moment(at) {
                return bad(Problem::OutOfRange);
            }
            Cell::integer(whole_seconds(at).timestamp_millis())
        }
        (FieldType::String, Value::Text(text)) => {
            let text = text.trim();
            let max = usize::try_from(field.length).unwrap_or(usize::MAX);
            // No text has more characters than bytes, so most need no counting.
            if text.len() > max && text.chars().count() > max {
                let problem = Problem::TooLong { max: field.length };
                return Err(bad_value(object, field, text.to_owned(), problem));
            }
            if text.is_empty() { Cell::Null } else { Cell::Text(text) }
        }
        _ => return bad(Problem::WrongType),
    })
}

fn is_valid_day(day: NaiveDate) -> bool {
    let edge = |(year, month, day)| NaiveDate::from_ymd_opt(year, month, day);
    edge(FIRST_YEAR).is_some_and(|first| first <= day)
        && edge(LAST_DAY).is_some_and(|last| day <= last)
}

fn is_valid_moment(at: DateTime<Utc>) -> bool {
    let midnight = || at.time() == chrono::NaiveTime::MIN;
    let last = NaiveDate::from_ymd_opt(LAST_DAY.0, LAST_DAY.1, LAST_DAY.2);
    is_valid_day(at.date_naive()) && (Some(at.date_naive()) != last || midnight())
}

fn as_written(given: &Given<'_>) -> String {
    match given {
        Given::Value(value) => value.to_string(),
        Given::TooWide(text) => text.clone(),
    }
}

/// Stage 5: refuses a record without the values that it needs.
///
/// On create, a required field must be given, and what is given for a defaulted one must not be
/// null; on update, a field that is not nillable must not be emptied.
///
/// # Errors
/// [`Error::Required`].
pub(crate) fn check_required(
    object: &Object,
    purpose: Purpose,
    checked: &[(FieldIdx, Checked<'_>)],
) -> Result<()> {
    let value = |idx| checked.iter().rev().find(|(it, _)| *it == idx).map(|(_, value)| *value);
    let is_missing = |(idx, field): &(FieldIdx, &Field)| {
        idx.get() >= usize::from(FieldIdx::N_SYSTEM)
            && !field.flags.is_nillable()
            && match value(*idx) {
                Some(value) => value.is_null(),
                None => purpose == Purpose::Create && field.is_required(),
            }
    };
    if !object.fields().any(|field| is_missing(&field)) {
        return Ok(());
    }
    Err(Error::Required {
        object: object.name.clone(),
        fields: object.fields().filter(is_missing).map(|(_, it)| it.name.clone()).collect(),
    })
}
