//! [`Path`]: what a walk goes over, worked out once.
//!
//! A path is one of three: the records of an object by their ids; those whose value lies within a
//! range of an index, by that index; or, where a field has no index, the records by their ids with a
//! [`Test`] of each.
//!
//! **Invariant:** a test compares the keys that an index of the field would have. So a field finds
//! the same records with an index and without one.

use std::ops::Bound;

use super::{Reader, RowReader, Step};
use crate::{
    bytes::{BadRow, Cell, cell_of},
    catalogue::{Field, Object},
    definition::FieldIdx,
    engine::{Scan, Space},
    error::{Call, Error, Result, shorten},
    store::keep::{Index, IndexRange},
    value::{FieldType, Storage, Value},
};

/// The values of a field that are looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sought<'v> {
    /// This one, which may be null.
    Value(Value<'v>),
    /// Those between these bounds. Null is less than any other value, and lies between them only if
    /// there are no bounds or one of them is null: no comparison with a value holds for it.
    Within(Bound<Value<'v>>, Bound<Value<'v>>),
}

impl<'v> Sought<'v> {
    /// The first and the last of them, in the order of the field.
    fn bounds(self) -> (Bound<Value<'v>>, Bound<Value<'v>>) {
        match self {
            Self::Value(value) => (Bound::Included(value), Bound::Included(value)),
            Self::Within(
                Bound::Unbounded,
                to @ (Bound::Included(value) | Bound::Excluded(value)),
            ) if !value.is_null() => (Bound::Excluded(Value::Null), to),
            Self::Within(from, to) => (from, to),
        }
    }

    /// Are all values looked for, and null?
    fn is_all(self) -> bool {
        matches!(self, Self::Within(Bound::Unbounded, Bound::Unbounded))
    }

    /// Is one value looked for?
    fn is_one(self) -> bool {
        match self {
            Self::Value(_) => true,
            Self::Within(Bound::Included(from), Bound::Included(to)) => from == to,
            Self::Within(..) => false,
        }
    }
}

/// What is walked over: the live records of an object, or some of them.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(super) space: Space,
    /// `None` where the walk goes by the ids of the records.
    pub(super) index: Option<Index>,
    /// Between which keys it lies; `None` if nothing lies on it.
    keys: Option<Keys>,
    /// Which of the records that lie there are on it; `None` for all.
    pub(super) test: Option<Test>,
}

/// Where a range of keys begins and where it ends.
type Keys = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// Whether a field without an index has one of the values that are looked for.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    field: FieldIdx,
    /// The index that the field would have.
    index: Index,
    keys: Keys,
}

impl Test {
    /// The key that the record would have in the index.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn key_of(&self, row: &RowReader<'_>) -> Result<Vec<u8>> {
        Ok(self.index.key(row.cell(self.field, self.index.storage)?, row.packed()))
    }

    /// Has the record one of the values?
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn holds_for(&self, row: &RowReader<'_>) -> Result<bool> {
        let cell = row.cell(self.field, self.index.storage)?;
        Ok(self.index.with_key(cell, row.packed(), |key| is_within(key, &self.keys)))
    }
}

fn is_within(key: &[u8], (from, to): &Keys) -> bool {
    let is_behind = match from {
        Bound::Included(from) => key >= from.as_slice(),
        Bound::Excluded(from) => key > from.as_slice(),
        Bound::Unbounded => true,
    };
    is_behind
        && match to {
            Bound::Included(to) => key <= to.as_slice(),
            Bound::Excluded(to) => key < to.as_slice(),
            Bound::Unbounded => true,
        }
}

impl Path {
    /// The walk over the keys of one step.
    ///
    /// # Errors
    /// [`Error::BadResumeKey`] if the step goes on a walk over something else.
    pub(super) fn scan<'a>(&'a self, step: Step<'a>) -> Result<Scan<'a>> {
        let after = step.after.map(|after| after.key_in(self.space)).transpose()?;
        let Step { reverse, limit, .. } = step;
        let Some((from, to)) = &self.keys else { return Ok(Scan { limit: 0, ..Scan::ALL }) };
        let (mut from, mut to) = (from.as_ref().map(Vec::as_slice), to.as_ref().map(Vec::as_slice));
        // A key outside of the path, as that of a wider one may be, does not widen it.
        match after {
            Some(after) if reverse && end_key(to).is_none_or(|to| after <= to) => {
                to = Bound::Excluded(after);
            }
            Some(after) if !reverse && end_key(from).is_none_or(|from| after >= from) => {
                from = Bound::Excluded(after);
            }
            _ => (),
        }
        Ok(Scan { from, to, reverse, limit })
    }
}

/// The key that a range ends with, on one side.
fn end_key(bound: Bound<&[u8]>) -> Option<&[u8]> {
    match bound {
        Bound::Included(key) | Bound::Excluded(key) => Some(key),
        Bound::Unbounded => None,
    }
}

impl Reader<'_> {
    /// The live records of an object, by their packed ids: those that were made here come in the
    /// order in which they were.
    ///
    /// # Errors
    /// Those of a call that the caller may not make.
    pub(crate) fn path(&self, object: &Object) -> Result<Path> {
        self.access.check_call(object, Call::Query)?;
        let keys = Some((Bound::Unbounded, Bound::Unbounded));
        Ok(Path { space: self.schema.table(object)?.live, index: None, keys, test: None })
    }

    /// The live records whose field has one of the values that are looked for: by the field if it
    /// has an index, else by their ids.
    ///
    /// # Errors
    /// [`Error::UnknownField`] if the object does not have the field; [`Error::NotFilterable`];
    /// [`Error::NotSupported`] for a field that is described only, for a range of ids, and for a
    /// value of another type; those of a call that the caller may not make.
    pub(crate) fn path_by(
        &self,
        object: &Object,
        idx: FieldIdx,
        sought: Sought<'_>,
    ) -> Result<Path> {
        let whole = self.path(object)?;
        let field = filtered(object, idx)?;
        let storage = field.field_type.storage().filter(|_| !field.flags.is_describe_only());
        let storage = storage.ok_or_else(|| {
            let what = format!("finding records by {}, which is described only", field.name);
            Error::NotSupported { object: object.name.clone(), what }
        })?;
        let table = self.schema.table(object)?;
        let kept = table.slot(idx).and_then(|slot| table.index_of(slot)).copied();
        let index =
            kept.unwrap_or_else(|| Index::not_kept(whole.space, storage, field.collation()));
        let keys = if storage == Storage::Id && !sought.is_one() && !sought.is_all() {
            let what = "a range of ids; find them one by one".to_owned();
            return Err(Error::NotSupported { object: object.name.clone(), what });
        } else {
            self.keys(object, field, index, sought)?
        };
        Ok(match (keys, kept) {
            (None, _) => Path { keys: None, ..whole },
            (keys, Some(index)) => {
                Path { space: index.space, index: Some(index), keys, test: None }
            }
            // The ids of records are the keys of their space.
            (Some(_), None) if field.field_type == FieldType::Id => {
                self.path_of_id(whole, sought)?
            }
            (Some(keys), None) => Path { test: Some(Test { field: idx, index, keys }), ..whole },
        })
    }

    /// [`Reader::path_by`] in the order of the field.
    ///
    /// # Errors
    /// Those of [`Reader::path_by`]; [`Error::NotSupported`] if the field has no index.
    pub(crate) fn path_in_order(
        &self,
        object: &Object,
        idx: FieldIdx,
        sought: Sought<'_>,
    ) -> Result<Path> {
        let path = self.path_by(object, idx, sought)?;
        if path.test.is_none() {
            return Ok(path);
        }
        let name = object.field(idx).map_or("?", |field| &field.name);
        let what = format!("walking in the order of {name}, which has no index");
        Err(Error::NotSupported { object: object.name.clone(), what })
    }

    /// The part of a whole path that the record of an id is, or all of it.
    fn path_of_id(&self, whole: Path, sought: Sought<'_>) -> Result<Path> {
        let (Bound::Included(Value::Id(id)), _) = sought.bounds() else {
            // An id is never null.
            let is_none = !sought.is_all();
            return Ok(if is_none { Path { keys: None, ..whole } } else { whole });
        };
        let key = self.pack_known(id)?.map(|packed| packed.to_be_bytes().to_vec());
        let keys = key.map(|key| (Bound::Included(key.clone()), Bound::Included(key)));
        Ok(Path { keys, ..whole })
    }

    /// The keys in an index between which what is looked for lies; `None` if no record can lie
    /// within, because no record has the id that a bound names.
    fn keys(
        &self,
        object: &Object,
        field: &Field,
        index: Index,
        sought: Sought<'_>,
    ) -> Result<Option<Keys>> {
        let (from, to) = sought.bounds();
        let cell = |value| self.sought_cell(object, field, index.storage, value);
        let bound = |bound| {
            Ok::<_, Error>(match bound {
                Bound::Included(value) => cell(value)?.map(Bound::Included),
                Bound::Excluded(value) => cell(value)?.map(Bound::Excluded),
                Bound::Unbounded => Some(Bound::Unbounded),
            })
        };
        let bounds = bound(from)?.zip(bound(to)?);
        Ok(bounds.map(|(from, to)| {
            index.bounds(IndexRange { from, to, reverse: false, limit: usize::MAX, after: None })
        }))
    }

    /// A value that is looked for as rows hold it; `None` for an id that no record has, and for NaN,
    /// which is neither more nor less than any number.
    fn sought_cell<'v>(
        &self,
        object: &Object,
        field: &Field,
        storage: Storage,
        value: Value<'v>,
    ) -> Result<Option<Cell<'v>>> {
        let value = match value {
            Value::Id(id) if storage == Storage::Id => {
                return Ok(self.pack_known(id)?.map(Cell::Fixed));
            }
            Value::Double(number) if number.is_nan() => return Ok(None),
            // The least integer stands for null in keys. No field can hold it or the next.
            Value::Long(i64::MIN) => Value::Long(i64::MIN + 1),
            value => value,
        };
        let cell = cell_of(storage, value).ok_or_else(|| {
            let value = shorten(value.to_string());
            let what = format!("finding {} by {value}, which is of another type", field.name);
            Error::NotSupported { object: object.name.clone(), what }
        })?;
        Ok(Some(cell))
    }
}

/// The field, if records may be found by it.
///
/// # Errors
/// [`Error::UnknownField`], [`Error::NotFilterable`].
fn filtered(object: &Object, idx: FieldIdx) -> Result<&Field> {
    let field = object.at(idx)?;
    let (object_name, name) = (object.name.clone(), field.name.clone());
    if !object.has(idx) {
        return Err(Error::UnknownField { object: object_name, fields: vec![name] });
    }
    if !field.flags.is_filter() {
        return Err(Error::NotFilterable { object: object_name, field: name });
    }
    Ok(field)
}

impl RowReader<'_> {
    /// The value of any field as a cell of this storage.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    fn cell(&self, idx: FieldIdx, storage: Storage) -> Result<Cell<'_>> {
        match self.stored_cell(idx)? {
            Some(cell) => Ok(cell),
            None => cell_of(storage, self.value(idx)?).ok_or_else(|| BadRow.into()),
        }
    }
}
