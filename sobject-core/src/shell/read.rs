//! Typed reads, over a reader of a committed state or of a transaction's own.

mod walk;

use std::ops::ControlFlow;

use self::walk::Decode;
pub(super) use self::walk::sealed::State;
pub use self::walk::{Reads, Records, Walk};
use super::{
    operand::{FieldRange, Operand},
    record::{JsonRecord, Record},
    sobject::SObject,
};
use crate::{
    catalogue::{Object, ObjectNo},
    definition::FieldIdx,
    error::{Call, Error, Result},
    id::Id,
    store::{Path, Reader, RowReader, Sought},
};

/// The whole record in a row.
pub(super) fn decode<T: SObject>(row: &RowReader<'_>) -> Result<Record<T>> {
    Ok(Record {
        id: Id::new(row.id()?),
        is_deleted: row.is_deleted(),
        created_date: row.system_time(FieldIdx::CREATED_DATE)?,
        created_by_id: row.system_user(FieldIdx::CREATED_BY_ID)?,
        last_modified_date: row.system_time(FieldIdx::LAST_MODIFIED_DATE)?,
        last_modified_by_id: row.system_user(FieldIdx::LAST_MODIFIED_BY_ID)?,
        system_modstamp: row.system_time(FieldIdx::SYSTEM_MODSTAMP)?,
        fields: T::decode(row)?,
    })
}

/// The object of a struct that is to be read whole.
fn whole<'r, T: SObject>(reader: &Reader<'r>, call: Call) -> Result<&'r Object> {
    reader.whole(T::NAME, T::OBJECT.fields, call)
}

pub(super) fn get<T: SObject>(reader: &Reader<'_>, id: Id<T>) -> Result<Record<T>> {
    reader.get(whole::<T>(reader, Call::Retrieve)?, id.record_id(), decode)
}

pub(super) fn retrieve<T: SObject>(
    reader: &Reader<'_>,
    ids: &[Id<T>],
) -> Result<Vec<Option<Record<T>>>> {
    let object = whole::<T>(reader, Call::Retrieve)?;
    reader.retrieve(object, ids.iter().map(|id| id.record_id()), decode)
}

pub(super) fn count<T: SObject>(reader: &Reader<'_>) -> Result<u64> {
    let catalogue = &reader.schema.catalogue;
    reader.count(reader.access.object_of(catalogue, T::NAME, T::OBJECT.fields)?)
}

pub(super) fn find<O: SObject>(
    reader: &Reader<'_>,
    field: FieldIdx,
    sought: Sought<'_>,
) -> Result<Vec<Record<O>>> {
    reader.find(whole::<O>(reader, Call::Query)?, field, sought, decode)
}

pub(super) fn scan<T: SObject>(
    reader: &Reader<'_>,
    mut f: impl FnMut(Record<T>) -> ControlFlow<()>,
) -> Result<()> {
    let object = whole::<T>(reader, Call::Query)?;
    reader.scan(object, &mut |row| decode(row).map(&mut f))
}

/// A walk over the records of `T` by their ids.
pub(super) fn walk<S: Reads, T: SObject>(source: Result<S>) -> Walk<S, Record<T>> {
    walk_on(source, |reader, object| reader.path(object))
}

/// A walk over the records whose field holds `value`.
pub(super) fn walk_value<S: Reads, O: SObject, T, How>(
    source: Result<S>,
    field: FieldIdx,
    value: impl Operand<T, How>,
) -> Walk<S, Record<O>> {
    walk_on(source, move |reader, object| {
        reader.path_by(object, field, Sought::Value(value.operand()))
    })
}

/// A walk over the records whose field lies within a range, by the field.
pub(super) fn walk_range<S: Reads, O: SObject, T, How>(
    source: Result<S>,
    field: FieldIdx,
    range: impl FieldRange<T, How>,
) -> Walk<S, Record<O>> {
    walk_on(source, move |reader, object| reader.path_in_order(object, field, within(&range)))
}

fn walk_on<S: Reads, T: SObject>(
    source: Result<S>,
    path: impl FnOnce(&Reader<'_>, &Object) -> Result<Path>,
) -> Walk<S, Record<T>> {
    Walk::begin(source, |reader| {
        let object = whole::<T>(reader, Call::Query)?;
        Ok((object.number, path(reader, object)?, Box::new(decode::<T>)))
    })
}

/// A walk over the records of an object as JSON, by their ids: with these fields in this order, or
/// with every one that the caller may read.
pub(super) fn walk_json<S: Reads>(
    source: Result<S>,
    object: ObjectNo,
    fields: Option<&[&str]>,
) -> Walk<S, JsonRecord> {
    Walk::begin(source, |reader| {
        let found = reader.schema.catalogue.get(object);
        let found = found.ok_or_else(|| Error::corrupt("an object without an entry"))?;
        let path = reader.path(found)?;
        let decode: Decode<JsonRecord> = match fields {
            None => Box::new(|row| row.to_json()),
            Some(fields) => {
                let fields = reader.access.find_fields(found, fields.iter().copied())?;
                Box::new(move |row| row.to_json_of(&fields))
            }
        };
        Ok((object, path, decode))
    })
}

/// The values within a range.
pub(super) fn within<T, How>(range: &impl FieldRange<T, How>) -> Sought<'_> {
    let (from, to) = range.bounds();
    Sought::Within(from, to)
}
