//! One record read in place: the fields of a row, for the typed shell and as JSON.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::{Map, Value as Json};

use crate::{
    bytes::row::{BadRow, Cell, RowRef},
    catalogue::{Object, Slot, resolve::system_slot},
    definition::FieldIdx,
    error::{Error, Result},
    id::RecordId,
    store::{per_caller, read::Reader, schema::Table},
    value::{Storage, Value},
};

/// A record read in place: what the typed shell decodes from.
pub struct RowReader<'r> {
    reader: &'r Reader<'r>,
    object: &'r Object,
    table: &'r Table,
    packed: u64,
    row: RowRef<'r>,
}

impl<'r> RowReader<'r> {
    pub(crate) fn new(
        reader: &'r Reader<'r>,
        object: &'r Object,
        table: &'r Table,
        packed: u64,
        row: RowRef<'r>,
    ) -> Self {
        Self { reader, object, table, packed, row }
    }

    /// The field declared at place `n`, counted from 0.
    pub fn field(&self, n: u16) -> FieldReader<'_> {
        FieldReader { row: self, idx: FieldIdx::declared(n) }
    }

    /// The record's id.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub(crate) fn id(&self) -> Result<RecordId> {
        self.reader.unpack(self.packed)
    }

    /// A time among the system fields.
    pub(crate) fn system_time(&self, idx: FieldIdx) -> Result<DateTime<Utc>> {
        let bits = self.row.bits(system_slot(idx))?;
        date_time(bits.ok_or(BadRow)?)
    }

    /// A user among the system fields.
    pub(crate) fn system_user(&self, idx: FieldIdx) -> Result<RecordId> {
        let bits = self.row.bits(system_slot(idx))?;
        self.reader.unpack(bits.ok_or(BadRow)?)
    }

    /// The value of any field.
    pub(crate) fn value(&self, idx: FieldIdx) -> Result<Value<'r>> {
        let Some(slot) = self.table.slot(idx) else {
            return match idx {
                FieldIdx::ID => self.id().map(Value::Id),
                FieldIdx::IS_DELETED => Ok(Value::Bool(false)),
                _ => Ok(self.seen_at(idx)?.map_or(Value::Null, Value::DateTime)),
            };
        };
        let storage = self.object.field(idx).and_then(|field| field.stored).map(|it| it.storage);
        let cell = self.row.cell(slot)?;
        storage.map_or(Ok(Value::Null), |storage| self.reader.cell_value(storage, cell))
    }

    /// When the caller last viewed or referenced the record.
    fn seen_at(&self, idx: FieldIdx) -> Result<Option<DateTime<Utc>>> {
        let Some(user) = self.reader.seen_by()? else { return Ok(None) };
        let Some(field) = self.object.field(idx) else { return Ok(None) };
        Ok(per_caller::seen(self.reader.read, user, self.packed)?.of(&field.name))
    }

    /// The record as an org's JSON: every field by its API name.
    pub(crate) fn to_json(&self) -> Result<Map<String, Json>> {
        self.to_json_of(self.object.fields().map(|(idx, _)| idx))
    }

    /// The record as an org's JSON, with these fields in this order.
    pub(crate) fn to_json_of(
        &self,
        fields: impl IntoIterator<Item = FieldIdx>,
    ) -> Result<Map<String, Json>> {
        let mut map = Map::new();
        for idx in fields {
            let Some(field) = self.object.field(idx) else { continue };
            let json = match self.value(idx)? {
                Value::Null => Json::Null,
                Value::Bool(value) => value.into(),
                Value::Int(value) => value.into(),
                Value::Long(value) => value.into(),
                Value::Double(value) => value.into(),
                value => value.to_string().into(),
            };
            map.insert(field.name.clone(), json);
        }
        Ok(map)
    }
}

impl std::fmt::Debug for RowReader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} row {:#018x}", self.object.name, self.packed)
    }
}

/// One field of a record read in place.
#[derive(Clone, Copy, Debug)]
pub struct FieldReader<'r> {
    row: &'r RowReader<'r>,
    idx: FieldIdx,
}

impl<'r> FieldReader<'r> {
    /// Is the field null?
    pub(crate) fn is_null(&self) -> Result<bool> {
        match self.slot() {
            Some(slot) => Ok(self.row.row.is_null(slot)),
            None => Ok(self.row.seen_at(self.idx)?.is_none()),
        }
    }

    fn slot(&self) -> Option<Slot> {
        self.row.table.slot(self.idx)
    }

    fn bits(&self) -> Result<Option<u64>> {
        match self.slot() {
            Some(slot) => Ok(self.row.row.bits(slot)?),
            None => Ok(None),
        }
    }

    pub(crate) fn bool(&self) -> Result<Option<bool>> {
        Ok(self.bits()?.map(|bits| bits != 0))
    }

    pub(crate) fn int(&self) -> Result<Option<i32>> {
        self.bits()?.map(int).transpose()
    }

    pub(crate) fn double(&self) -> Result<Option<f64>> {
        Ok(self.bits()?.map(f64::from_bits))
    }

    pub(crate) fn text(&self) -> Result<Option<&'r str>> {
        match self.slot() {
            Some(slot) => Ok(self.row.row.text(slot)?),
            None => Ok(None),
        }
    }

    pub(crate) fn date(&self) -> Result<Option<NaiveDate>> {
        self.bits()?.map(date).transpose()
    }

    pub(crate) fn date_time(&self) -> Result<Option<DateTime<Utc>>> {
        match self.slot() {
            Some(_) => self.bits()?.map(date_time).transpose(),
            None => self.row.seen_at(self.idx),
        }
    }

    pub(crate) fn id(&self) -> Result<Option<RecordId>> {
        self.bits()?.map(|bits| self.row.reader.unpack(bits)).transpose()
    }

    /// The error of a null where none can be.
    #[cold]
    pub(crate) fn unexpected_null(&self) -> Error {
        let object = self.row.object;
        let field = object.field(self.idx).map_or("?", |field| &field.name);
        let id = self.row.id().map_or_else(|_| "?".to_owned(), |id| id.to_string());
        Error::corrupt(format!("{} {id} holds null in {field}, which is not nillable", object.name))
    }
}

impl Reader<'_> {
    /// A cell as text, as the platform's messages print values.
    pub(crate) fn cell_text(&self, storage: Storage, cell: Cell<'_>) -> Result<String> {
        self.cell_value(storage, cell).map(|value| value.to_string())
    }

    fn cell_value<'c>(&self, storage: Storage, cell: Cell<'c>) -> Result<Value<'c>> {
        Ok(match (storage, cell) {
            (_, Cell::Null) => Value::Null,
            (Storage::Text, Cell::Text(text)) => Value::Text(text),
            (Storage::Bytes, Cell::Bytes(bytes)) => Value::Bytes(bytes),
            (Storage::Bool, Cell::Fixed(bits)) => Value::Bool(bits != 0),
            (Storage::Int, Cell::Fixed(bits)) => Value::Int(int(bits)?),
            (Storage::Long, Cell::Fixed(bits)) => Value::Long(bits.cast_signed()),
            (Storage::Double, Cell::Fixed(bits)) => Value::Double(f64::from_bits(bits)),
            (Storage::Date, Cell::Fixed(bits)) => Value::Date(date(bits)?),
            (Storage::DateTime, Cell::Fixed(bits)) => Value::DateTime(date_time(bits)?),
            (Storage::Time, Cell::Fixed(bits)) => Value::Time(time(bits)?),
            (Storage::Id, Cell::Fixed(bits)) => Value::Id(self.unpack(bits)?),
            _ => return Err(BadRow.into()),
        })
    }
}

fn int(bits: u64) -> Result<i32> {
    i32::try_from(bits.cast_signed()).map_err(|_| BadRow.into())
}

fn date(bits: u64) -> Result<NaiveDate> {
    let days = int(bits)?;
    NaiveDate::from_epoch_days(days).ok_or(BadRow.into())
}

fn time(bits: u64) -> Result<NaiveTime> {
    let millis = u32::try_from(bits).map_err(|_| BadRow)?;
    let time =
        NaiveTime::from_num_seconds_from_midnight_opt(millis / 1000, millis % 1000 * 1_000_000);
    time.ok_or(BadRow.into())
}

fn date_time(bits: u64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp_millis(bits.cast_signed()).ok_or(BadRow.into())
}
