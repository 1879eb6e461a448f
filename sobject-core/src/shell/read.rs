//! Typed reads, over a reader of the last committed state or of a transaction's own.

use std::ops::{Bound, ControlFlow, RangeBounds};

use super::{field::HandleValue, record::Record, sobject::SObject};
use crate::{
    catalogue::Object,
    definition::FieldIdx,
    error::{Call, Result},
    id::Id,
    store::{Reader, RowReader},
    value::Value,
};

/// The whole record in a row.
fn decode<T: SObject>(row: &RowReader<'_>) -> Result<Record<T>> {
    Ok(Record {
        id: Id::new(row.id()?),
        is_deleted: false,
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
    reader.count(reader.schema.object_of(T::NAME, T::OBJECT.fields)?)
}

pub(super) fn find<O: SObject, T: HandleValue>(
    reader: &Reader<'_>,
    field: FieldIdx,
    value: &T,
) -> Result<Vec<Record<O>>> {
    let value = value.to_value();
    collect(reader, field, (Bound::Included(value), Bound::Included(value)))
}

pub(super) fn find_range<O: SObject, T: HandleValue>(
    reader: &Reader<'_>,
    field: FieldIdx,
    range: &impl RangeBounds<T>,
) -> Result<Vec<Record<O>>> {
    let bounds = (range.start_bound().map(T::to_value), range.end_bound().map(T::to_value));
    collect(reader, field, bounds)
}

fn collect<O: SObject>(
    reader: &Reader<'_>,
    field: FieldIdx,
    bounds: (Bound<Value<'_>>, Bound<Value<'_>>),
) -> Result<Vec<Record<O>>> {
    reader.find(whole::<O>(reader, Call::Query)?, field, bounds, decode)
}

pub(super) fn scan<T: SObject>(
    reader: &Reader<'_>,
    mut f: impl FnMut(Record<T>) -> ControlFlow<()>,
) -> Result<()> {
    reader.scan(whole::<T>(reader, Call::Query)?, &mut |row| decode(row).map(&mut f))
}
