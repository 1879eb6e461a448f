//! What a value of each type may be.
//!
//! | type | rule |
//! |---|---|
//! | all texts | trimmed; empty is null; at most `length` characters |
//! | email | one `@` between a name and a domain with a dot, no blanks |
//! | picklist | if restricted, one of the active values; those of the list match in any case and are kept as listed; others are kept as given |
//! | multi-select | as picklist for each value between `;`; at most 100 values; kept in the order given, each once |
//! | int, long | at most `digits` digits (a long 18) |
//! | double, currency, percent | digits right of the point beyond `scale` are cut, left of it at most `precision` less `scale`; a double that declares no scale keeps all digits |
//! | boolean | never null, unless the field is declared so |
//! | date, datetime | from 1700-01-01 to 4000-12-31T00:00:00Z (else not of the type; the platform's code is unknown); what is below a second is cut |
//! | time | what is below a millisecond is cut |
//! | base64 | any bytes |
//!
//! An org lets each picklist that is not restricted grow an inactive value for what it has not
//! seen; here the record just keeps the value.

use chrono::{DateTime, NaiveDate, Timelike, Utc};

use super::input::{Given, bad_value};
use crate::{
    bytes::{Cell, OwnedCell, cell_of, millis_of, same_text},
    catalogue::{Field, LONG_DIGITS, Object},
    error::{Problem, Result},
    id::RecordId,
    value::{FieldType, SEPARATOR, Storage, Value, whole_seconds},
};

/// The first day that a date or date-time may name, 1700-01-01, in days since 1970-01-01.
const FIRST_DAY: i32 = -98_615;
/// The last day that a date or date-time may name, 4000-12-31; of that day, only midnight.
const LAST_DAY: i32 = 741_807;
/// Seconds of a day.
const DAY: i64 = 86_400;
/// Most values of a multi-select picklist.
const MAX_VALUES: usize = 100;

/// A checked value, ready for a row except that some ids are not packed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Checked<'a> {
    Cell(Cell<'a>),
    /// A value that was put together while checking.
    Owned(OwnedCell),
    /// A reference to an object that is not registered, or to the system user.
    Id(RecordId),
}

impl Checked<'_> {
    pub(super) fn is_null(&self) -> bool {
        *self == Checked::Cell(Cell::Null)
    }
}

/// How much of what is given is kept as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fidelity {
    /// The value is brought into the form of its field, and must be one that the field may have.
    Normal,
    /// Another store held the value before: type, length, digits and range are checked, but a text
    /// stays as it is, and is of no form and on no list; and a decimal number keeps the digits that
    /// are beyond the field's scale, which may have been greater once.
    Exact,
}

/// The value as rows hold it.
///
/// # Errors
/// [`Error::BadValue`](crate::error::Error::BadValue).
pub(super) fn check<'v>(
    object: &Object,
    field: &Field,
    given: &Given<'v>,
    fidelity: Fidelity,
) -> Result<Checked<'v>> {
    let is_exact = fidelity == Fidelity::Exact;
    let checked = match (given, field.field_type.storage()) {
        (Given::Value(Value::Text("")), Some(Storage::Text)) if is_exact => {
            Ok(Checked::Cell(Cell::Null))
        }
        (Given::Value(Value::Text(text)), Some(Storage::Text)) if is_exact => {
            check_length(field, text).map(|()| Checked::Cell(Cell::Text(text)))
        }
        (Given::Value(Value::Double(value)), Some(Storage::Double)) if is_exact => {
            decimal(field, *value, None).map(|value| Checked::Cell(Cell::Fixed(value.to_bits())))
        }
        _ => check_plain(field, given),
    };
    checked.map_err(|problem| {
        let text = match given {
            Given::Value(Value::Text(text)) if !is_exact => text.trim().to_owned(),
            given => given.to_string(),
        };
        bad_value(object, field, text, problem)
    })
}

/// [`check`], with what is wrong alone.
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
            Cell::Fixed(decimal(field, value, field.scale)?.to_bits())
        }
        (FieldType::Date, Value::Date(day)) => {
            check_day(day)?;
            Cell::integer(day.to_epoch_days())
        }
        (FieldType::DateTime, Value::DateTime(at)) => {
            check_moment(at)?;
            Cell::integer(whole_seconds(at).timestamp_millis())
        }
        // A leap second is beyond the last millisecond of a day.
        (FieldType::Time, Value::Time(time)) if time.nanosecond() < 1_000_000_000 => {
            Cell::integer(millis_of(time))
        }
        (FieldType::Base64, Value::Bytes(bytes)) => Cell::Bytes(bytes),
        (field_type, Value::Text(text)) => return check_text(field_type, field, text.trim()),
        _ => return Err(Problem::WrongType),
    }))
}

/// The cell of a value, without any rule.
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
    field_type: FieldType,
    field: &Field,
    text: &'a str,
) -> Result<Checked<'a>, Problem> {
    if text.is_empty() {
        return Ok(Checked::Cell(Cell::Null));
    }
    check_length(field, text)?;
    match field_type {
        FieldType::Email if !is_email(text) => Err(Problem::NotAnEmail),
        FieldType::Picklist => Ok(match listed(field, text)? {
            Some(value) if value != text => Checked::Owned(OwnedCell::Text(value.into())),
            _ => Checked::Cell(Cell::Text(text)),
        }),
        FieldType::MultiPicklist => check_values_of(field, text),
        FieldType::String
        | FieldType::TextArea
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url
        | FieldType::Combobox => Ok(Checked::Cell(Cell::Text(text))),
        _ => Err(Problem::WrongType),
    }
}

fn check_length(field: &Field, text: &str) -> Result<(), Problem> {
    let max = usize::try_from(field.length).unwrap_or(usize::MAX);
    // No text has more characters than bytes, so most need no counting.
    if text.len() > max && text.chars().count() > max {
        return Err(Problem::TooLong { max: field.length });
    }
    Ok(())
}

/// The value of the list that a text matches, as listed; `None` if the picklist takes others.
fn listed<'f>(field: &'f Field, text: &str) -> Result<Option<&'f str>, Problem> {
    let value = field.picklist.iter().find(|value| same_text(&value.value, text));
    match value {
        Some(value) if value.active || !field.flags.is_restricted() => Ok(Some(&value.value)),
        _ if field.flags.is_restricted() => Err(Problem::NotInPicklist),
        _ => Ok(None),
    }
}

fn check_values_of<'a>(field: &Field, text: &'a str) -> Result<Checked<'a>, Problem> {
    let mut values: Vec<&str> = Vec::new();
    for value in text.split(SEPARATOR).map(str::trim).filter(|value| !value.is_empty()) {
        let value = listed(field, value)?.unwrap_or(value);
        if !values.contains(&value) {
            values.push(value);
        }
    }
    if values.len() > MAX_VALUES {
        return Err(Problem::TooManyValues { max: MAX_VALUES });
    }
    let joined = values.join(";");
    Ok(if joined.is_empty() {
        Checked::Cell(Cell::Null)
    } else if joined == text {
        Checked::Cell(Cell::Text(text))
    } else {
        Checked::Owned(OwnedCell::Text(joined.into()))
    })
}

fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let labels = || domain.split('.');
    !name.is_empty()
        && !name.starts_with('.')
        && !name.ends_with('.')
        && labels().count() > 1
        && labels().all(|label| !label.is_empty())
        && !text
            .contains(|c: char| c.is_whitespace() || c.is_control() || "()<>,;:\"[]\\".contains(c))
        && !domain.contains('@')
}

fn check_digits(magnitude: u64, digits: u8) -> Result<(), Problem> {
    let fits = 10u64.checked_pow(digits.into()).is_none_or(|end| magnitude < end);
    if fits { Ok(()) } else { Err(Problem::OutOfRange) }
}

/// A decimal number with so many digits right of the point, `None` for all; what is beyond them is
/// cut.
fn decimal(field: &Field, value: f64, kept: Option<u8>) -> Result<f64, Problem> {
    if !value.is_finite() {
        return Err(Problem::OutOfRange);
    }
    // The shortest decimal text that reads back as the number is what its writer meant: cutting
    // the binary fraction would turn 0.29 into 0.28.
    let text = value.to_string();
    let (left, right) = text.split_once('.').unwrap_or((&text, ""));
    let digits = left.trim_start_matches('-').trim_start_matches('0').len();
    if digits > usize::from(field.precision.saturating_sub(field.scale.unwrap_or(0))) {
        return Err(Problem::OutOfRange);
    }
    let value = match kept.map(usize::from) {
        Some(kept) if right.len() > kept => {
            text[..left.len() + 1 + kept].parse().map_err(|_| Problem::OutOfRange)?
        }
        _ => value,
    };
    // Adding zero turns -0.0 into 0.0, which must not be two values in an index.
    Ok(value + 0.0)
}

fn check_day(day: NaiveDate) -> Result<(), Problem> {
    let fits = (FIRST_DAY..=LAST_DAY).contains(&day.to_epoch_days());
    if fits { Ok(()) } else { Err(Problem::WrongType) }
}

fn check_moment(at: DateTime<Utc>) -> Result<(), Problem> {
    let seconds = at.timestamp();
    let last = i64::from(LAST_DAY) * DAY;
    // What is below a second is cut, so the last second is a whole one.
    let fits = (i64::from(FIRST_DAY) * DAY..=last).contains(&seconds);
    if fits { Ok(()) } else { Err(Problem::WrongType) }
}
