//! The rules for the values of each type.
//!
//! | type | rule |
//! |---|---|
//! | all texts | blanks at both ends are cut; an empty text is null; at most `length` characters |
//! | email | one `@` between a name and a domain with a dot, no blanks |
//! | picklist | a value of the list matches in any case, and is kept as the list spells it; if the picklist is restricted, other and inactive values are refused, else they are kept as given |
//! | multi-select | each value between `;` as for a picklist; at most 100 values; kept in the order given, each once |
//! | int, long | at most `digits` digits; a long at most 18 |
//! | double, currency, percent | right of the point, digits beyond `scale` are cut; left of it at most `precision` less `scale` digits; a double that declares no scale keeps all digits |
//! | boolean | not null, unless the field is nillable |
//! | date, datetime | from 1700-01-01 to 4000-12-31T00:00:00Z, other values are refused as not of the type (the platform's code is unknown); fractions of a second are cut |
//! | time | fractions of a millisecond are cut |
//! | base64 | any bytes |
//!
//! An org adds a value that it has not seen to a picklist that is not restricted, as an inactive
//! value. Here only the record keeps it.

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
/// The last day that a date may name, 4000-12-31, in days since 1970-01-01. A date-time may name
/// the first second of that day, but no later one.
const LAST_DAY: i32 = 741_807;
/// Seconds of a day.
const DAY: i64 = 86_400;
/// Most values of a multi-select picklist.
const MAX_VALUES: usize = 100;

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
        *self == Checked::Cell(Cell::Null)
    }
}

/// How far a given value is brought into the form of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fidelity {
    /// The value is brought into the form of its field, and must be one that the field may have.
    Normal,
    /// The value comes from another store, which held it so. Type, length, digits and range are
    /// checked. A text is kept exactly as it is, and is compared with no list and no form. A
    /// decimal number keeps its digits beyond the field's scale, which may have been greater once.
    Exact,
}

/// Checks a value, and turns it into the form that rows hold.
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

/// [`check`] in normal fidelity. The error says only what is wrong.
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
        // A leap second has no place among the milliseconds of a day.
        (FieldType::Time, Value::Time(time)) if time.nanosecond() < 1_000_000_000 => {
            Cell::integer(millis_of(time))
        }
        (FieldType::Base64, Value::Bytes(bytes)) => Cell::Bytes(bytes),
        (field_type, Value::Text(text)) => return check_text(field_type, field, text.trim()),
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
    // A text never has more characters than bytes, so the characters of most need not be counted.
    if text.len() > max && text.chars().count() > max {
        return Err(Problem::TooLong { max: field.length });
    }
    Ok(())
}

/// The value that a text matches, as the list spells it; `None` if none matches and the picklist
/// takes other values too.
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

/// A decimal number of which `kept` digits right of the point are kept, or all if that is `None`.
/// The digits beyond them are cut.
fn decimal(field: &Field, value: f64, kept: Option<u8>) -> Result<f64, Problem> {
    if !value.is_finite() {
        return Err(Problem::OutOfRange);
    }
    // Digits are counted and cut in the shortest decimal text that stands for the number, because
    // that is what its writer meant. Cutting the binary fraction would turn 0.29 into 0.28.
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
    // Fractions of a second are cut later, so all of the last second is accepted.
    let fits = (i64::from(FIRST_DAY) * DAY..=last).contains(&seconds);
    if fits { Ok(()) } else { Err(Problem::WrongType) }
}
