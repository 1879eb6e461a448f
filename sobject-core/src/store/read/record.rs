//! One record read in place: the fields of a row, for the typed shell and as JSON.
//!
//! A [`RowReader`] also reads a record that is in no store ([`GivenRow`]). Its row holds no field, so
//! that each goes the way of one that is younger than its row, and a decode of stored rows is not
//! slowed down by it.

#![expect(
    clippy::inline_always,
    reason = "a decode is these few lines for each field; as calls they cost three times as much"
)]

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::{Map, Value as Json};

use crate::{
    bytes::{BadRow, Cell, Place, RowRef, date_time, time, value_of},
    catalogue::Object,
    definition::FieldIdx,
    error::{DecodeError, Error, Result},
    id::RecordId,
    store::{
        keep::{Ids, Table},
        read::{GivenRow, Reader},
    },
    value::{Storage, Value},
};

/// A record read in place: what the typed shell decodes from.
pub struct RowReader<'r> {
    row: RowRef<'r>,
    packed: u64,
    is_deleted: bool,
    source: Source<'r>,
}

/// Where a record comes from.
#[derive(Clone, Copy)]
enum Source<'r> {
    Stored(Stored<'r>),
    Given(&'r GivenRow<'r>),
}

/// What reads the values of a stored row.
#[derive(Clone, Copy)]
struct Stored<'r> {
    reader: &'r Reader<'r>,
    object: &'r Object,
    table: &'r Table,
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
        let source = Source::Stored(Stored { reader, object, table, ids: reader.ids() });
        Self { row, packed, is_deleted: false, source }
    }

    /// The same of a record that is in the recycle bin, or is not.
    pub(crate) fn deleted(self, is_deleted: bool) -> Self {
        Self { is_deleted, ..self }
    }

    /// Is the record in the recycle bin?
    pub(crate) fn is_deleted(&self) -> bool {
        self.is_deleted
    }

    /// A reader of a record that is in no store.
    pub(crate) fn of_given(given: &'r GivenRow<'r>) -> Self {
        Self { row: RowRef::NONE, packed: 0, is_deleted: false, source: Source::Given(given) }
    }

    /// What reads a stored row.
    #[inline(always)]
    fn stored(&self) -> Result<&Stored<'r>, BadRow> {
        match &self.source {
            Source::Stored(stored) => Ok(stored),
            // A row that holds no field has nothing that would need it.
            Source::Given(_) => Err(BadRow),
        }
    }

    /// Was the field declared at place `n` given, be it as null? Of a stored record, every field is.
    pub(crate) fn is_given(&self, n: u16) -> bool {
        match &self.source {
            Source::Stored(_) => true,
            Source::Given(given) => given.has(FieldIdx::declared(n)),
        }
    }

    /// Keeps the error of a reader that goes on without the value, for whoever asks the given record
    /// for it. Stored records are read by no such reader.
    pub(crate) fn keep_failure(&self, error: DecodeError) {
        if let Source::Given(given) = &self.source {
            given.keep_failure(error);
        }
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
        match &self.source {
            Source::Stored(_) => self.unpack(self.packed),
            Source::Given(given) => given.id(FieldIdx::ID)?.ok_or_else(|| BadRow.into()),
        }
    }

    /// The packed id.
    pub(super) fn packed(&self) -> u64 {
        self.packed
    }

    /// The cell of a field; `None` if rows do not hold it.
    pub(super) fn stored_cell(&self, idx: FieldIdx) -> Result<Option<Cell<'r>>> {
        let Some(stored) = self.stored()?.object.at(idx)?.stored else { return Ok(None) };
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
        let stored = self.stored()?;
        match stored.ids.unpack_known(packed) {
            Some(id) => Ok(id),
            None => stored.reader.unpack(packed),
        }
    }

    /// One of the system fields.
    pub(crate) fn system_field(&self, idx: FieldIdx) -> FieldReader<'_> {
        FieldReader { row: self, idx }
    }

    /// A time among the system fields.
    pub(crate) fn system_time(&self, idx: FieldIdx) -> Result<DateTime<Utc>, DecodeError> {
        self.system_field(idx).date_time()?.ok_or_else(|| BadRow.into())
    }

    /// A user among the system fields.
    pub(crate) fn system_user(&self, idx: FieldIdx) -> Result<RecordId, DecodeError> {
        self.system_field(idx).id()?.ok_or_else(|| BadRow.into())
    }

    /// The value of any field.
    pub(crate) fn value(&self, idx: FieldIdx) -> Result<Value<'r>> {
        let Stored { reader, object, .. } = self.stored()?;
        if let Some(stored) = object.at(idx)?.stored {
            return reader.cell_value(stored.storage, self.row.cell(stored.slot)?);
        }
        match idx {
            FieldIdx::ID => self.id().map(Value::Id),
            FieldIdx::IS_DELETED => Ok(Value::Bool(self.is_deleted)),
            // What is described only has no such time either, and so is null.
            _ => Ok(self.seen_at(idx)?.map_or(Value::Null, Value::DateTime)),
        }
    }

    /// When the caller last viewed or referenced the record.
    fn seen_at(&self, idx: FieldIdx) -> Result<Option<DateTime<Utc>>> {
        let Stored { reader, object, .. } = self.stored()?;
        Ok(reader.seen_at(self.packed)?.of(&object.at(idx)?.name))
    }

    /// The record as an org's JSON: every field that the caller may read, by its API name.
    pub(crate) fn to_json(&self) -> Result<Map<String, Json>> {
        let Stored { reader, object, .. } = self.stored()?;
        let mut map = Map::with_capacity(object.fields.len());
        for (idx, field) in object.fields() {
            if reader.access.reads(object, idx) {
                map.insert(field.name.clone(), self.value(idx)?.to_json());
            }
        }
        Ok(map)
    }

    /// The record as an org's JSON, with these fields in this order.
    pub(crate) fn to_json_of(&self, fields: &[FieldIdx]) -> Result<Map<String, Json>> {
        let object = self.stored()?.object;
        let mut map = Map::with_capacity(fields.len());
        for idx in fields {
            map.insert(object.at(*idx)?.name.clone(), self.value(*idx)?.to_json());
        }
        Ok(map)
    }
}

impl std::fmt::Debug for RowReader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.source {
            Source::Stored(stored) => {
                write!(f, "{} row {:#018x}", stored.object.name, self.packed)
            }
            Source::Given(given) => write!(f, "{} that was given", given.object()),
        }
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

    /// [`FieldReader::fixed`] of a field that is younger than the row, or that no row holds.
    #[cold]
    fn missing<const N: usize>(&self, storage: Storage) -> Result<Option<[u8; N]>, DecodeError> {
        let bits = match &self.row.source {
            Source::Given(given) => given.bits(self.idx, storage)?,
            Source::Stored(_) if self.idx == FieldIdx::IS_DELETED => {
                Some(u64::from(self.row.is_deleted))
            }
            Source::Stored(Stored { object, table, .. }) => {
                let field = object.field(self.idx).and_then(|field| field.stored);
                if field.is_some_and(|field| field.storage != storage) {
                    return Err(BadRow.into());
                }
                let Some(slot) = table.slot(self.idx) else { return Ok(None) };
                self.row.row.bits(slot)?
            }
        };
        Ok(bits.map(u64::to_be_bytes).and_then(|bits| bits.last_chunk().copied()))
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
        match self.row.source {
            Source::Given(given) => Ok(given.cell(self.idx)?),
            Source::Stored(Stored { table, .. }) => {
                let slot = table.slot(self.idx);
                Ok(slot.map_or(Ok(Cell::Null), |slot| self.row.row.cell(slot))?)
            }
        }
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
        if let Some(place) = self.row.place(self.idx) {
            return self.moment(self.row.row.fixed(place, Storage::DateTime)?);
        }
        match &self.row.source {
            // The caller never viewed a record: the common case of a field of the caller's own.
            Source::Stored(Stored { reader, table, .. })
                if reader.has_seen_nothing() && table.slot(self.idx).is_none() =>
            {
                Ok(None)
            }
            _ => self.missing_date_time(),
        }
    }

    #[inline(always)]
    fn moment(&self, millis: Option<[u8; 8]>) -> Result<Option<DateTime<Utc>>, DecodeError> {
        let Some(millis) = millis else { return Ok(None) };
        let days = &self.row.stored()?.reader.days;
        Ok(Some(days.date_time(i64::from_be_bytes(millis))?))
    }

    /// [`FieldReader::date_time`] of a field that is younger than the row or the caller's own.
    fn missing_date_time(&self) -> Result<Option<DateTime<Utc>>, DecodeError> {
        match &self.row.source {
            Source::Given(given) => {
                let millis = given.bits(self.idx, Storage::DateTime)?;
                Ok(millis.map(|millis| date_time(millis.cast_signed())).transpose()?)
            }
            Source::Stored(stored) if stored.table.slot(self.idx).is_none() => {
                Ok(self.row.seen_at(self.idx)?)
            }
            Source::Stored(_) => self.moment(self.missing(Storage::DateTime)?),
        }
    }

    #[inline(always)]
    pub(crate) fn id(&self) -> Result<Option<RecordId>, DecodeError> {
        let packed = match self.row.place(self.idx) {
            Some(place) => self.row.row.fixed(place, Storage::Id)?,
            None => return self.missing_id(),
        };
        let packed = packed.map(u64::from_be_bytes);
        Ok(packed.map(|packed| self.row.unpack(packed)).transpose()?)
    }

    /// [`FieldReader::id`] of a field that is younger than the row, or that no row holds.
    #[cold]
    fn missing_id(&self) -> Result<Option<RecordId>, DecodeError> {
        if let Source::Given(given) = &self.row.source {
            return Ok(given.id(self.idx)?);
        }
        if self.idx == FieldIdx::ID {
            return Ok(Some(self.row.id()?));
        }
        let packed = self.missing(Storage::Id)?.map(u64::from_be_bytes);
        Ok(packed.map(|packed| self.row.unpack(packed)).transpose()?)
    }

    /// The error of a null where none can be.
    #[cold]
    #[expect(clippy::unnecessary_box_returns, reason = "it is what a decode answers")]
    pub(crate) fn unexpected_null(&self) -> DecodeError {
        let (object, field, record) = self.named();
        Box::new(match self.row.source {
            Source::Stored(_) => Error::corrupt(format!(
                "{object} {record} holds null in {field}, which is not nillable"
            )),
            Source::Given(_) => {
                Error::Required { object: object.to_owned(), fields: vec![field.to_owned()] }
            }
        })
    }

    /// The error of a text that the enum of the struct has no variant for. Records of a replica can
    /// hold one, since a source may, and are no less sound for it.
    #[cold]
    #[expect(clippy::unnecessary_box_returns, reason = "it is what a decode answers")]
    pub(crate) fn not_listed(&self, value: &str) -> DecodeError {
        let (object, field, record) = self.named();
        let what = format!(
            "reading {record} as a struct whose enum lacks `{value}`, which {field} holds; give the \
             enum an arm for other values, or read the record as JSON"
        );
        Box::new(Error::NotSupported { object: object.to_owned(), what })
    }

    /// The names of the object, the field and the record.
    fn named(&self) -> (&'r str, &'r str, String) {
        match self.row.source {
            Source::Stored(Stored { object, .. }) => {
                let field = object.field(self.idx).map_or("?", |field| &field.name);
                let id = self.row.id().map_or_else(|_| "?".to_owned(), |id| id.to_string());
                (&object.name, field, id)
            }
            Source::Given(given) => {
                let field = given.field(self.idx).map_or("?", |field| field.name);
                (given.object(), field, "a record".to_owned())
            }
        }
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
