//! [`Cell`]: a stored value, and the conversion between cells and the values of fields.
//!
//! A [`Cell`] is what a row holds in one slot: the bits of a number, a text, bytes or null. Writes,
//! reads, indexes and defaults all convert here. Only ids are not converted here: the store's
//! dictionary packs them into 64 bits.
//!
//! **Invariant:** [`value_of`] and [`cell_of`] are each other's inverse. (A value that a cell
//! cannot hold loses what the cell lacks: fractions of a millisecond, and the sign of zero.)

use std::cell::Cell as Kept;

use chrono::{DateTime, NaiveDate, NaiveTime, Timelike, Utc};

use crate::{
    error::{DecodeError, Error},
    value::{Storage, Value},
};

/// A stored value, with its text or bytes borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    /// No value.
    Null,
    /// The bits of a value of fixed width. Integers are sign-extended to 64 bits.
    Fixed(u64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// A stored value that owns its text or bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum OwnedCell {
    #[default]
    Null,
    Fixed(u64),
    Text(Box<str>),
    Bytes(Box<[u8]>),
}

impl OwnedCell {
    /// The cell, borrowed.
    pub(crate) fn as_cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Fixed(bits) => Cell::Fixed(*bits),
            Self::Text(text) => Cell::Text(text),
            Self::Bytes(bytes) => Cell::Bytes(bytes),
        }
    }
}

impl From<Cell<'_>> for OwnedCell {
    fn from(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Fixed(bits) => Self::Fixed(bits),
            Cell::Text(text) => Self::Text(text.into()),
            Cell::Bytes(bytes) => Self::Bytes(bytes.into()),
        }
    }
}

impl Cell<'_> {
    /// The cell of an integer, or of a value that is stored as one.
    pub(crate) fn integer(value: impl Into<i64>) -> Self {
        Cell::Fixed(value.into().cast_unsigned())
    }

    /// Is there no value?
    pub(crate) fn is_null(self) -> bool {
        matches!(self, Cell::Null)
    }
}

/// The error of a row whose bytes do not fit its layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadRow;

impl From<BadRow> for DecodeError {
    #[cold]
    fn from(bad: BadRow) -> Self {
        Box::new(bad.into())
    }
}

impl From<BadRow> for Error {
    #[cold]
    fn from(_: BadRow) -> Self {
        Self::corrupt("a row does not fit its layout")
    }
}

/// The value that a cell stands for. Ids are refused here, because they need the dictionary.
pub(crate) fn value_of(storage: Storage, cell: Cell<'_>) -> Result<Value<'_>, BadRow> {
    Ok(match (storage, cell) {
        (_, Cell::Null) => Value::Null,
        (Storage::Text, Cell::Text(text)) => Value::Text(text),
        (Storage::Bytes, Cell::Bytes(bytes)) => Value::Bytes(bytes),
        (Storage::Bool, Cell::Fixed(bits)) => Value::Bool(bits != 0),
        (Storage::Int, Cell::Fixed(bits)) => Value::Int(int(bits)?),
        (Storage::Long, Cell::Fixed(bits)) => Value::Long(bits.cast_signed()),
        (Storage::Double, Cell::Fixed(bits)) => Value::Double(f64::from_bits(bits)),
        (Storage::Date, Cell::Fixed(bits)) => Value::Date(date(bits)?),
        (Storage::DateTime, Cell::Fixed(bits)) => Value::DateTime(date_time(bits.cast_signed())?),
        (Storage::Time, Cell::Fixed(bits)) => Value::Time(time(bits)?),
        _ => return Err(BadRow),
    })
}

fn int(bits: u64) -> Result<i32, BadRow> {
    i32::try_from(bits.cast_signed()).map_err(|_| BadRow)
}

fn date(bits: u64) -> Result<NaiveDate, BadRow> {
    let days = int(bits)?;
    NaiveDate::from_epoch_days(days).ok_or(BadRow)
}

pub(crate) fn time(bits: u64) -> Result<NaiveTime, BadRow> {
    let millis = u32::try_from(bits).map_err(|_| BadRow)?;
    let time =
        NaiveTime::from_num_seconds_from_midnight_opt(millis / 1000, millis % 1000 * 1_000_000);
    time.ok_or(BadRow)
}

pub(crate) fn date_time(millis: i64) -> Result<DateTime<Utc>, BadRow> {
    DateTime::from_timestamp_millis(millis).ok_or(BadRow)
}

/// Milliseconds in a day.
const DAY: i64 = 86_400_000;
/// How many days [`Days`] remembers: a power of two, so that the place of one is a few of its bits.
const N_DAYS: usize = 16;

/// [`date_time`] for many: remembers days that it has worked out.
///
/// To find year, month and day is most of the work of reading a moment, and the moments of a record
/// and of those beside it mostly lie in few days.
#[derive(Debug)]
pub(crate) struct Days([Kept<(i32, NaiveDate)>; N_DAYS]);

impl Default for Days {
    fn default() -> Self {
        // The first day of all is day 0, so where it is looked for it is right.
        Self(std::array::from_fn(|_| Kept::new((0, NaiveDate::default()))))
    }
}

impl Days {
    /// The moment of so many milliseconds since 1970-01-01T00:00:00Z.
    #[inline]
    pub(crate) fn date_time(&self, millis: i64) -> Result<DateTime<Utc>, BadRow> {
        let (day, millis) = (millis.div_euclid(DAY), millis.rem_euclid(DAY).cast_unsigned());
        let day = i32::try_from(day).map_err(|_| BadRow)?;
        let place = &self.0[day.cast_unsigned() as usize % N_DAYS];
        let mut date = place.get();
        if date.0 != day {
            date = (day, NaiveDate::from_epoch_days(day).ok_or(BadRow)?);
            place.set(date);
        }
        Ok(date.1.and_time(time(millis)?).and_utc())
    }
}

/// The cell of a value; `None` if the value is not one of this storage. Ids have none here, because
/// they need the dictionary.
pub(crate) fn cell_of(storage: Storage, value: Value<'_>) -> Option<Cell<'_>> {
    Some(match (storage, value) {
        (_, Value::Null) => Cell::Null,
        (Storage::Text, Value::Text(text)) => Cell::Text(text),
        (Storage::Bytes, Value::Bytes(bytes)) => Cell::Bytes(bytes),
        (Storage::Bool, Value::Bool(value)) => Cell::integer(value),
        (Storage::Int, Value::Int(value)) => Cell::integer(value),
        (Storage::Long, Value::Long(value)) => Cell::integer(value),
        // Adding zero turns -0.0 into 0.0, which must not be two values in an index.
        (Storage::Double, Value::Double(value)) => Cell::Fixed((value + 0.0).to_bits()),
        (Storage::Date, Value::Date(day)) => Cell::integer(day.to_epoch_days()),
        (Storage::DateTime, Value::DateTime(at)) => Cell::integer(at.timestamp_millis()),
        (Storage::Time, Value::Time(time)) => Cell::integer(millis_of(time)),
        _ => return None,
    })
}

/// Milliseconds since midnight.
pub(crate) fn millis_of(time: NaiveTime) -> u32 {
    time.num_seconds_from_midnight() * 1000 + time.nanosecond() / 1_000_000
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn days_that_are_remembered_make_no_other_moments(
            near in proptest::collection::vec(-40 * DAY..40 * DAY, 1..200),
            far in proptest::collection::vec(any::<i64>(), 1..20),
        ) {
            let days = Days::default();
            let first = DateTime::<Utc>::MIN_UTC.timestamp_millis();
            let last = DateTime::<Utc>::MAX_UTC.timestamp_millis();
            for millis in near.into_iter().chain(far).chain([first, first - 1, last, last + 1, 0]) {
                prop_assert_eq!(days.date_time(millis), date_time(millis));
            }
        }
    }
}
