//! The rules for the values of each type.
//!
//! | type | rule |
//! |---|---|
//! | all texts | brought into the form of the field ([`text`](super::text)), which has at most `length` UTF-16 units, or bytes |
//! | int, long | at most `digits` digits; a long at most 18 |
//! | double, currency, percent | at most `precision` less `scale` digits left of the point; every digit right of it is kept |
//! | boolean | not null, unless the field is nillable |
//! | date, datetime | from 1700-01-01 to 4000-12-31T00:00:00Z, other values are refused as not of the type (the platform's code is unknown); fractions of a second are cut |
//! | time | fractions of a millisecond are cut |
//! | base64 | any bytes |

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Timelike, Utc};

use super::{
    input::{Given, bad_value},
    text::{FirstSpelling, Refusal, form, length_of},
};
use crate::{
    bytes::{Cell, OwnedCell, cell_of, millis_of},
    catalogue::{Field, LONG_DIGITS, Object},
    error::{Error, Problem, Result},
    id::RecordId,
    value::{FieldType, Storage, Value, whole_seconds},
};

/// The first day that a date or date-time may name, 1700-01-01, in days since 1970-01-01.
const FIRST_DAY: i32 = -98_615;
/// The last day that a date may name, 4000-12-31, in days since 1970-01-01. A date-time may name
/// the first second of that day, but no later one.
const LAST_DAY: i32 = 741_807;
/// Seconds of a day.
const DAY: i64 = 86_400;

/// A checked value, in the form that rows hold, except that some ids are not packed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Checked<'a> {
    Cell(Cell<'a>),
    /// A value that differs from the given one, such as a picklist value in the spelling of the
    /// list.
    Owned(OwnedCell),
    /// An id that may not have a packed form yet, such as one of an object that the store does not
    /// have, or the system user's.
    Id(RecordId),
}

impl Checked<'_> {
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Checked::Cell(Cell::Null))
    }
}

/// How far a given value is brought into the form of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fidelity {
    /// The value is brought into the form of its field, and must be one that the field may have.
    Normal,
    /// The value comes from another store, which held it so. Type, length, digits and range are
    /// checked. A text is kept exactly as it is, and is compared with no list and no form.
    Exact,
}

/// Checks a value, and turns it into the form that rows hold. `first` tells how a value that a
/// picklist does not list was first written.
///
/// # Errors
/// [`Error::BadValue`](crate::error::Error::BadValue); those of `first`.
pub(super) fn check<'v>(
    object: &Object,
    field: &Field,
    given: &Given<'v>,
    fidelity: Fidelity,
    first: FirstSpelling<'_>,
) -> Result<Checked<'v>> {
    let text = match given {
        Given::Value(Value::Text(text)) => Some(*text),
        _ => None,
    };
    let text = text.filter(|_| field.field_type.storage() == Some(Storage::Text));
    let checked = match (text, fidelity) {
        (None, _) => check_plain(field, given).map_err(Into::into),
        (Some(""), Fidelity::Exact) => Ok(Checked::Cell(Cell::Null)),
        (Some(text), Fidelity::Exact) => {
            check_length(field, text).map(|()| Checked::Cell(Cell::Text(text))).map_err(Into::into)
        }
        (Some(text), Fidelity::Normal) => check_text(field, text, first),
    };
    match checked {
        Ok(checked) => Ok(checked),
        Err(Refusal::Call(error)) => Err(error),
        Err(Refusal::Value(problem)) => Err(refusal(object, field, given, fidelity, problem)),
    }
}

/// The refusal of a value.
#[cold]
fn refusal(
    object: &Object,
    field: &Field,
    given: &Given<'_>,
    fidelity: Fidelity,
    problem: Problem,
) -> Error {
    let text = match given {
        Given::Value(Value::Null) => String::new(),
        Given::Value(Value::Text(text)) if fidelity == Fidelity::Normal => text.trim().to_owned(),
        given => given.to_string(),
    };
    bad_value(object, field, text, problem)
}

/// [`check`] of what is no text. The error says only what is wrong.
fn check_plain<'v>(field: &Field, given: &Given<'v>) -> Result<Checked<'v>, Problem> {
    let value = match given {
        Given::Value(value) => *value,
        Given::TooWide(_) => return Err(Problem::OutOfRange),
        Given::Bytes(bytes) if field.field_type == FieldType::Base64 => {
            return Ok(Checked::Owned(OwnedCell::Bytes(bytes.as_slice().into())));
        }
        Given::Bytes(_) => return Err(Problem::WrongType),
    };
    Ok(Checked::Cell(match (field.field_type, value) {
        (FieldType::Boolean, Value::Null) if !field.flags.is_nillable() => {
            return Err(Problem::WrongType);
        }
        (_, Value::Null) => Cell::Null,
        (FieldType::Boolean, Value::Bool(value)) => Cell::integer(value),
        (FieldType::Int, Value::Int(value)) => {
            check_digits(value.unsigned_abs().into(), field.digits)?;
            Cell::integer(value)
        }
        (FieldType::Long, Value::Long(value)) => {
            check_digits(value.unsigned_abs(), LONG_DIGITS)?;
            Cell::integer(value)
        }
        (FieldType::Double | FieldType::Currency | FieldType::Percent, Value::Double(value)) => {
            Cell::Fixed(decimal(field, value)?.to_bits())
        }
        (FieldType::Date, Value::Date(day)) => {
            check_day(day)?;
            Cell::integer(day.to_epoch_days())
        }
        (FieldType::DateTime, Value::DateTime(at)) => {
            check_moment(at)?;
            Cell::integer(whole_seconds(at).timestamp_millis())
        }
        // A leap second has no place among the milliseconds of a day.
        (FieldType::Time, Value::Time(time)) if time.nanosecond() < 1_000_000_000 => {
            Cell::integer(millis_of(time))
        }
        (FieldType::Base64, Value::Bytes(bytes)) => Cell::Bytes(bytes),
        _ => return Err(Problem::WrongType),
    }))
}

/// The cell of a value, which is not checked.
pub(super) fn as_given(field: &Field, given: &Given<'_>) -> Option<OwnedCell> {
    let value = match given {
        Given::Value(value) => value,
        Given::Bytes(bytes) => return Some(OwnedCell::Bytes(bytes.as_slice().into())),
        Given::TooWide(_) => return None,
    };
    let storage = field.field_type.storage()?;
    cell_of(storage, *value).map(OwnedCell::from)
}

fn check_text<'a>(
    field: &Field,
    text: &'a str,
    first: FirstSpelling<'_>,
) -> Result<Checked<'a>, Refusal> {
    let form = form(field, text, first)?;
    if let Some(text) = &form {
        check_length(field, text)?;
    }
    Ok(match form {
        None => Checked::Cell(Cell::Null),
        Some(Cow::Borrowed(text)) => Checked::Cell(Cell::Text(text)),
        Some(Cow::Owned(text)) => Checked::Owned(OwnedCell::Text(text.into())),
    })
}

fn check_length(field: &Field, text: &str) -> Result<(), Problem> {
    /// Bytes of an entity at most, for one byte of the text.
    const BYTES_OF_ENTITY: usize = 5;
    let max = usize::try_from(field.length).unwrap_or(usize::MAX);
    // A text never has more units than bytes, and most are so short that they need not be counted.
    let bytes_each = if field.flags.is_rich_text() { BYTES_OF_ENTITY } else { 1 };
    if text.len().saturating_mul(bytes_each) > max && length_of(field, text) > max {
        return Err(Problem::TooLong { max: field.length });
    }
    Ok(())
}

fn check_digits(magnitude: u64, digits: u8) -> Result<(), Problem> {
    /// The least number with one digit more, by the number of digits.
    const ENDS: [u64; 20] = {
        let mut ends = [1; 20];
        let mut n = 1;
        while n < ends.len() {
            ends[n] = 10 * ends[n - 1];
            n += 1;
        }
        ends
    };
    let fits = ENDS.get(usize::from(digits)).is_none_or(|end| magnitude < *end);
    if fits { Ok(()) } else { Err(Problem::OutOfRange) }
}

/// A decimal number, with all of its digits.
fn decimal(field: &Field, value: f64) -> Result<f64, Problem> {
    let n_left = field.precision.saturating_sub(field.scale.unwrap_or(0));
    if !value.is_finite() || left_digits(value) > n_left.into() {
        return Err(Problem::OutOfRange);
    }
    // Adding zero turns -0.0 into 0.0, which must not be two values in an index.
    Ok(value + 0.0)
}

/// How many digits a number has left of the point: of the shortest decimal text that stands for it,
/// because that is what its writer meant.
pub(crate) fn left_digits(value: f64) -> usize {
    let text = value.abs().to_string();
    let left = text.split('.').next().unwrap_or_default();
    left.trim_start_matches('0').len()
}

fn check_day(day: NaiveDate) -> Result<(), Problem> {
    let fits = (FIRST_DAY..=LAST_DAY).contains(&day.to_epoch_days());
    if fits { Ok(()) } else { Err(Problem::WrongType) }
}

fn check_moment(at: DateTime<Utc>) -> Result<(), Problem> {
    let seconds = at.timestamp();
    let last = i64::from(LAST_DAY) * DAY;
    // Fractions of a second are cut later, so all of the last second is accepted.
    let fits = (i64::from(FIRST_DAY) * DAY..=last).contains(&seconds);
    if fits { Ok(()) } else { Err(Problem::WrongType) }
}
