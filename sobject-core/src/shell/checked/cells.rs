//! [`RowCells`]: the values of a row one after another, in the order of the select list.

use chrono::NaiveDate;
use serde_json::{Value as Json, map};

use super::columns::Column;
use crate::{
    definition::{Definition, FieldIdx},
    error::{DecodeError, Error, Result},
    id::RecordId,
    shell::{
        claims::{NeverEmpty, NeverNull, Nillable},
        field_value::FieldValue,
        json::held_of,
        record::JsonRecord,
    },
    store::{FieldReader, GivenRow, Held, RowReader},
};

/// The values of a row, which are read one after another.
pub struct RowCells<'r> {
    values: map::Values<'r>,
    /// What fields are read from: a record of the object that the last value was of.
    given: Option<(&'static Definition, GivenRow<'r>)>,
}

/// The type of a column: that of a field, or `RecordId` as some system fields have it.
pub trait ColumnValue: Sized {
    /// The type where there may be no value: `Option<Self>`, unless it is an `Option` already.
    type OrNull;

    /// Reads a value.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if there is none of the type.
    fn read(field: FieldReader<'_>) -> Result<Self, DecodeError>;

    /// Reads a value, where there may be none.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if there is one of another type.
    fn read_or_null(field: FieldReader<'_>, is_null: bool) -> Result<Self::OrNull, DecodeError>;
}

/// By the marker of what a type holds where there is no value: the type that may hold none.
pub trait OrNull<T> {
    /// That type.
    type Type;

    /// Reads a value of it.
    ///
    /// # Errors
    /// Those of `read`.
    fn read(
        is_null: bool,
        read: impl FnOnce() -> Result<T, DecodeError>,
    ) -> Result<Self::Type, DecodeError>;
}

/// Implements [`OrNull`] for the markers of types that hold no null.
macro_rules! never_null {
    ($($marker:ty)+) => {$(
        impl<T> OrNull<T> for $marker {
            type Type = Option<T>;

            fn read(
                is_null: bool,
                read: impl FnOnce() -> Result<T, DecodeError>,
            ) -> Result<Option<T>, DecodeError> {
                if is_null { Ok(None) } else { read().map(Some) }
            }
        }
    )+};
}

never_null! { NeverNull NeverEmpty }

impl<T> OrNull<T> for Nillable {
    type Type = T;

    fn read(_: bool, read: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
        read()
    }
}

impl<T: FieldValue> ColumnValue for T
where
    T::Empty: OrNull<T>,
{
    type OrNull = <T::Empty as OrNull<T>>::Type;

    fn read(field: FieldReader<'_>) -> Result<Self, DecodeError> {
        <T as FieldValue>::read(field)
    }

    fn read_or_null(field: FieldReader<'_>, is_null: bool) -> Result<Self::OrNull, DecodeError> {
        T::Empty::read(is_null, || <T as FieldValue>::read(field))
    }
}

impl ColumnValue for RecordId {
    type OrNull = Option<Self>;

    fn read(field: FieldReader<'_>) -> Result<Self, DecodeError> {
        field.id()?.ok_or_else(|| field.unexpected_null())
    }

    fn read_or_null(field: FieldReader<'_>, _: bool) -> Result<Option<Self>, DecodeError> {
        field.id()
    }
}

impl<'r> RowCells<'r> {
    pub(super) fn new(row: &'r JsonRecord) -> Self {
        let mut values = row.values();
        if row.keys().next().is_some_and(|key| key == "attributes") {
            values.next();
        }
        Self { values, given: None }
    }

    fn next(&mut self) -> Result<&'r Json> {
        self.values.next().ok_or_else(|| Error::corrupt("a row of a query lacks a value"))
    }

    /// The value of a field, of an object with this definition and of this number.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn field<T: ColumnValue>(
        &mut self,
        _: Column<T>,
        of: &'static Definition,
        field: usize,
    ) -> Result<T> {
        self.read(of, field, |reader, _| T::read(reader))
    }

    /// The value of a field where there may be none.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn field_or_null<T: ColumnValue>(
        &mut self,
        _: Column<T>,
        of: &'static Definition,
        field: usize,
    ) -> Result<T::OrNull> {
        self.read(of, field, |reader, is_null| T::read_or_null(reader, is_null))
    }

    fn read<T>(
        &mut self,
        of: &'static Definition,
        field: usize,
        read: impl FnOnce(FieldReader<'_>, bool) -> Result<T, DecodeError>,
    ) -> Result<T> {
        let json = self.next()?;
        let idx = u16::try_from(field).map(FieldIdx).ok();
        let known = idx.and_then(|idx| Some((idx, of.field(idx)?)));
        let (idx, field) = known.ok_or_else(|| Error::corrupt("a column that is no field"))?;
        let held = match json {
            Json::Null => Held::Null,
            json => held_of(of, field, json).map_err(|error| Error::corrupt(error.to_string()))?,
        };
        let is_null = held == Held::Null;
        if !self.given.as_ref().is_some_and(|(known, _)| std::ptr::eq(*known, of)) {
            self.given = Some((of, GivenRow::new(of)));
        }
        let Some((_, given)) = &mut self.given else {
            return Err(Error::corrupt("a row without an object"));
        };
        given.set(idx, held);
        Ok(read(RowReader::of_given(given).system_field(idx), is_null)?)
    }

    /// A count.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn whole(&mut self) -> Result<i64> {
        self.next()?.as_i64().ok_or_else(|| Error::corrupt("a count that is no whole number"))
    }

    /// A part of a date.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn part(&mut self) -> Result<Option<i32>> {
        let part = self.next()?.as_i64().and_then(|part| i32::try_from(part).ok());
        Ok(part)
    }

    /// A sum or an average.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn decimal(&mut self) -> Result<Option<f64>> {
        Ok(self.next()?.as_f64())
    }

    /// A text.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn text(&mut self) -> Result<Option<String>> {
        Ok(self.next()?.as_str().map(str::to_owned))
    }

    /// A day.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn day(&mut self) -> Result<Option<NaiveDate>> {
        let Some(text) = self.next()?.as_str() else { return Ok(None) };
        text.parse().map(Some).map_err(|_| Error::corrupt("a day that is none"))
    }

    /// A parent, if there is one.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn parent<R>(
        &mut self,
        read: impl FnOnce(&mut RowCells<'r>) -> Result<R>,
    ) -> Result<Option<R>> {
        match self.next()?.as_object() {
            Some(parent) => read(&mut RowCells::new(parent)).map(Some),
            None => Ok(None),
        }
    }

    /// The children.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn children<R>(
        &mut self,
        mut read: impl FnMut(&mut RowCells<'r>) -> Result<R>,
    ) -> Result<Vec<R>> {
        let records = self.next()?.get("records").and_then(Json::as_array);
        let records = records.into_iter().flatten().filter_map(Json::as_object);
        records.map(|record| read(&mut RowCells::new(record))).collect()
    }
}
