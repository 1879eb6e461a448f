//! One record read in place: the fields of a row, for the typed shell and as JSON.

#![expect(
    clippy::inline_always,
    reason = "a decode is these few lines for each field; as calls they cost three times as much"
)]

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::{Map, Value as Json};

use crate::{
    bytes::{BadRow, Cell, Place, RowRef, time, value_of},
    catalogue::Object,
    definition::FieldIdx,
    error::{DecodeError, Error, Result},
    id::RecordId,
    store::{
        keep::{Ids, Table, seen},
        read::Reader,
    },
    value::{Storage, Value},
};

/// A record read in place: what the typed shell decodes from.
pub struct RowReader<'r> {
    reader: &'r Reader<'r>,
    object: &'r Object,
    table: &'r Table,
    packed: u64,
    row: RowRef<'r>,
    ids: &'r Ids,
}

impl<'r> RowReader<'r> {
    pub(crate) fn new(
        reader: &'r Reader<'r>,
        object: &'r Object,
        table: &'r Table,
        packed: u64,
        row: RowRef<'r>,
    ) -> Self {
        Self { reader, object, table, packed, row, ids: reader.ids() }
    }

    /// The field declared at place `n`, counted from 0.
    #[inline]
    pub fn field(&self, n: u16) -> FieldReader<'_> {
        FieldReader { row: self, idx: FieldIdx::declared(n) }
    }

    /// Where the value of a field lies; `None` if the row does not hold it.
    #[inline(always)]
    fn place(&self, idx: FieldIdx) -> Option<&'r Place> {
        self.row.place_of(idx.get())
    }

    /// The record's id.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub(crate) fn id(&self) -> Result<RecordId> {
        self.unpack(self.packed)
    }

    /// The packed id.
    pub(super) fn packed(&self) -> u64 {
        self.packed
    }

    /// The cell of a field; `None` if rows do not hold it.
    pub(super) fn stored_cell(&self, idx: FieldIdx) -> Result<Option<Cell<'r>>> {
        let Some(stored) = self.object.at(idx)?.stored else { return Ok(None) };
        Ok(Some(self.row.cell(stored.slot)?))
    }

    /// The key of the row.
    pub(super) fn key(&self) -> [u8; 8] {
        self.packed.to_be_bytes()
    }

    /// The length of the row in bytes.
    pub(super) fn n_bytes(&self) -> usize {
        self.row.n_bytes()
    }

    /// The id of a packed one.
    #[inline(always)]
    fn unpack(&self, packed: u64) -> Result<RecordId> {
        match self.ids.unpack_known(packed) {
            Some(id) => Ok(id),
            None => self.reader.unpack(packed),
        }
    }

    /// A time among the system fields.
    pub(crate) fn system_time(&self, idx: FieldIdx) -> Result<DateTime<Utc>, DecodeError> {
        FieldReader { row: self, idx }.date_time()?.ok_or_else(|| BadRow.into())
    }

    /// A user among the system fields.
    pub(crate) fn system_user(&self, idx: FieldIdx) -> Result<RecordId, DecodeError> {
        FieldReader { row: self, idx }.id()?.ok_or_else(|| BadRow.into())
    }

    /// The value of any field.
    pub(crate) fn value(&self, idx: FieldIdx) -> Result<Value<'r>> {
        if let Some(stored) = self.object.at(idx)?.stored {
            return self.reader.cell_value(stored.storage, self.row.cell(stored.slot)?);
        }
        match idx {
            FieldIdx::ID => self.id().map(Value::Id),
            FieldIdx::IS_DELETED => Ok(Value::Bool(false)),
            // What is described only has no such time either, and so is null.
            _ => Ok(self.seen_at(idx)?.map_or(Value::Null, Value::DateTime)),
        }
    }

    /// When the caller last viewed or referenced the record.
    fn seen_at(&self, idx: FieldIdx) -> Result<Option<DateTime<Utc>>> {
        let Some(user) = self.reader.seen_by()? else { return Ok(None) };
        Ok(seen(self.reader.read, user, self.packed)?.of(&self.object.at(idx)?.name))
    }

    /// The record as an org's JSON: every field that the caller may read, by its API name.
    pub(crate) fn to_json(&self) -> Result<Map<String, Json>> {
        let mut map = Map::with_capacity(self.object.fields.len());
        for (idx, field) in self.object.fields() {
            if self.reader.access.reads(self.object, idx) {
                map.insert(field.name.clone(), self.value(idx)?.to_json());
            }
        }
        Ok(map)
    }

    /// The record as an org's JSON, with these fields in this order.
    pub(crate) fn to_json_of(&self, fields: &[FieldIdx]) -> Result<Map<String, Json>> {
        let mut map = Map::with_capacity(fields.len());
        for idx in fields {
            map.insert(self.object.at(*idx)?.name.clone(), self.value(*idx)?.to_json());
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
    /// The bytes of a value of fixed width; `None` for null.
    #[inline(always)]
    fn fixed<const N: usize>(&self, storage: Storage) -> Result<Option<[u8; N]>, DecodeError> {
        match self.row.place(self.idx) {
            Some(place) => Ok(self.row.row.fixed(place, storage)?),
            None => self.missing(storage),
        }
    }

    /// [`FieldReader::fixed`] of a field that is younger than the row.
    #[cold]
    fn missing<const N: usize>(&self, storage: Storage) -> Result<Option<[u8; N]>, DecodeError> {
        let field = self.row.object.field(self.idx).and_then(|field| field.stored);
        if field.is_some_and(|field| field.storage != storage) {
            return Err(BadRow.into());
        }
        let Some(slot) = self.row.table.slot(self.idx) else { return Ok(None) };
        let bits = self.row.row.bits(slot)?.map(u64::to_be_bytes);
        Ok(bits.and_then(|bits| bits.last_chunk().copied()))
    }

    #[inline(always)]
    pub(crate) fn bool(&self) -> Result<Option<bool>, DecodeError> {
        Ok(self.fixed::<1>(Storage::Bool)?.map(|[byte]| byte != 0))
    }

    #[inline(always)]
    pub(crate) fn int(&self) -> Result<Option<i32>, DecodeError> {
        Ok(self.fixed(Storage::Int)?.map(i32::from_be_bytes))
    }

    #[inline(always)]
    pub(crate) fn double(&self) -> Result<Option<f64>, DecodeError> {
        Ok(self.fixed(Storage::Double)?.map(f64::from_be_bytes))
    }

    #[inline]
    pub(crate) fn long(&self) -> Result<Option<i64>, DecodeError> {
        Ok(self.fixed(Storage::Long)?.map(i64::from_be_bytes))
    }

    pub(crate) fn text(&self) -> Result<Option<&'r str>, DecodeError> {
        if let Some(place) = self.row.place(self.idx) {
            return Ok(self.row.row.text(place)?);
        }
        match self.missing_cell()? {
            Cell::Text(text) => Ok(Some(text)),
            Cell::Null => Ok(None),
            _ => Err(BadRow.into()),
        }
    }

    pub(crate) fn bytes(&self) -> Result<Option<&'r [u8]>, DecodeError> {
        if let Some(place) = self.row.place(self.idx) {
            return Ok(self.row.row.bytes(place)?);
        }
        match self.missing_cell()? {
            Cell::Bytes(bytes) => Ok(Some(bytes)),
            Cell::Null => Ok(None),
            _ => Err(BadRow.into()),
        }
    }

    /// The cell of a field of variable width that is younger than the row.
    #[cold]
    fn missing_cell(&self) -> Result<Cell<'r>, DecodeError> {
        let slot = self.row.table.slot(self.idx);
        Ok(slot.map_or(Ok(Cell::Null), |slot| self.row.row.cell(slot))?)
    }

    #[inline]
    pub(crate) fn date(&self) -> Result<Option<NaiveDate>, DecodeError> {
        let days = self.fixed(Storage::Date)?.map(i32::from_be_bytes);
        days.map(|days| NaiveDate::from_epoch_days(days).ok_or_else(|| BadRow.into())).transpose()
    }

    #[inline]
    pub(crate) fn time(&self) -> Result<Option<NaiveTime>, DecodeError> {
        let millis = self.fixed(Storage::Time)?.map(u32::from_be_bytes);
        Ok(millis.map(|millis| time(millis.into())).transpose()?)
    }

    #[inline(always)]
    pub(crate) fn date_time(&self) -> Result<Option<DateTime<Utc>>, DecodeError> {
        let millis = match self.row.place(self.idx) {
            Some(place) => self.row.row.fixed(place, Storage::DateTime)?,
            // The caller never viewed a record: the common case of a field of the caller's own.
            None if self.row.reader.has_seen_nothing()
                && self.row.table.slot(self.idx).is_none() =>
            {
                return Ok(None);
            }
            None => return self.missing_date_time(),
        };
        self.moment(millis)
    }

    #[inline(always)]
    fn moment(&self, millis: Option<[u8; 8]>) -> Result<Option<DateTime<Utc>>, DecodeError> {
        let days = &self.row.reader.days;
        Ok(millis.map(|millis| days.date_time(i64::from_be_bytes(millis))).transpose()?)
    }

    /// [`FieldReader::date_time`] of a field that is younger than the row or the caller's own.
    fn missing_date_time(&self) -> Result<Option<DateTime<Utc>>, DecodeError> {
        if self.row.table.slot(self.idx).is_none() {
            return Ok(self.row.seen_at(self.idx)?);
        }
        self.moment(self.missing(Storage::DateTime)?)
    }

    #[inline(always)]
    pub(crate) fn id(&self) -> Result<Option<RecordId>, DecodeError> {
        let packed = self.fixed(Storage::Id)?.map(u64::from_be_bytes);
        Ok(packed.map(|packed| self.row.unpack(packed)).transpose()?)
    }

    /// The error of a null where none can be.
    #[cold]
    #[expect(clippy::unnecessary_box_returns, reason = "it is what a decode answers")]
    pub(crate) fn unexpected_null(&self) -> DecodeError {
        let (object, (field, id)) = (&self.row.object.name, self.named());
        Box::new(Error::corrupt(format!(
            "{object} {id} holds null in {field}, which is not nillable"
        )))
    }

    /// The error of a text that the enum of the struct has no variant for. Records of a replica can
    /// hold one, since a source may, and are no less sound for it.
    #[cold]
    #[expect(clippy::unnecessary_box_returns, reason = "it is what a decode answers")]
    pub(crate) fn not_listed(&self, value: &str) -> DecodeError {
        let (field, id) = self.named();
        let what = format!(
            "reading {id} as a struct whose enum lacks `{value}`, which {field} holds; give the enum \
             an arm for other values, or read the record as JSON"
        );
        Box::new(Error::NotSupported { object: self.row.object.name.clone(), what })
    }

    /// The names of the field and of the record.
    fn named(&self) -> (&'r str, String) {
        let field = self.row.object.field(self.idx).map_or("?", |field| &field.name);
        (field, self.row.id().map_or_else(|_| "?".to_owned(), |id| id.to_string()))
    }
}

impl Reader<'_> {
    /// A cell as text, as the platform's messages print values.
    pub(crate) fn cell_text(&self, storage: Storage, cell: Cell<'_>) -> Result<String> {
        self.cell_value(storage, cell).map(|value| value.to_string())
    }

    fn cell_value<'c>(&self, storage: Storage, cell: Cell<'c>) -> Result<Value<'c>> {
        match (storage, cell) {
            (Storage::Id, Cell::Fixed(packed)) => self.unpack(packed).map(Value::Id),
            (Storage::DateTime, Cell::Fixed(bits)) => {
                Ok(Value::DateTime(self.days.date_time(bits.cast_signed())?))
            }
            _ => Ok(value_of(storage, cell)?),
        }
    }
}
