//! Reading records: by id, by index, and in the order of their ids, each through a
//! [`RowReader`].

use std::{
    cell::OnceCell,
    ops::{Bound, ControlFlow},
    sync::Arc,
};

use crate::{
    bytes::{
        key::entry_id,
        row::{BadRow, Cell},
    },
    catalogue::Object,
    definition::FieldIdx,
    engine::{Read, Scan, try_scan},
    error::{Call, Error, Result},
    id::RecordId,
    store::{
        Inner,
        access::Access,
        check::millis_of,
        dictionary::{self, Heads},
        index,
        row::RowReader,
        schema::{Index, PER_CALLER, Table},
    },
    value::{Storage, Value},
};

/// Reads one state of a store for a caller.
pub(crate) struct Reader<'a> {
    pub(crate) store: &'a Inner,
    pub(crate) read: &'a dyn Read,
    heads: Arc<Heads>,
    pub(crate) access: &'a Access,
    seen_by: OnceCell<Option<u64>>,
}

impl<'a> Reader<'a> {
    /// A reader of the state that `read` reads.
    pub(crate) fn new(
        store: &'a Inner,
        read: &'a dyn Read,
        heads: Arc<Heads>,
        access: &'a Access,
    ) -> Self {
        Self { store, read, heads, access, seen_by: OnceCell::new() }
    }

    /// Gives the live record `id` to `f`.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`], [`Error::WrongId`], [`Error::NotFound`], [`Error::Deleted`],
    /// and those of `f`.
    pub(crate) fn get<R>(
        &self,
        object: &Object,
        id: RecordId,
        f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<R> {
        self.access.check_call(object, Call::Retrieve)?;
        object.check_id(id)?;
        let packed = self.pack_known(id)?;
        if let Some(packed) = packed
            && let Some(row) = self.row_of(object, packed, f)?
        {
            return Ok(row);
        }
        let bin = self.store.table(object)?.bin;
        let is_deleted = match packed {
            Some(packed) => self.read.get(bin, &packed.to_be_bytes(), &mut |_| ())?,
            None => false,
        };
        let (object, field) = (object.name.clone(), None);
        Err(if is_deleted {
            Error::Deleted { object, field, id }
        } else {
            Error::NotFound { object, field, id }
        })
    }

    /// What `f` makes of each record of `ids`, in their order; `None` for those that are not live.
    ///
    /// # Errors
    /// Those of `f`; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn retrieve<R>(
        &self,
        object: &Object,
        ids: impl Iterator<Item = RecordId>,
        f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Vec<Option<R>>> {
        self.access.check_call(object, Call::Retrieve)?;
        // 0 is no packed id, so nothing is found under it.
        let packed = ids.map(|id| Ok(self.pack_known(id)?.unwrap_or_default()));
        self.rows(object, &packed.collect::<Result<Vec<_>>>()?, f)
    }

    /// [`Reader::retrieve`], by packed ids.
    fn rows<R>(
        &self,
        object: &Object,
        packed: &[u64],
        mut f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Vec<Option<R>>> {
        let table = self.store.table(object)?;
        let keys: Vec<_> = packed.iter().map(|packed| packed.to_be_bytes()).collect();
        let keys: Vec<_> = keys.iter().map(|key| (table.live, key.as_slice())).collect();
        let mut rows: Vec<Option<R>> = packed.iter().map(|_| None).collect();
        let mut out = Ok(());
        self.read.multi_get(&keys, &mut |place, bytes| {
            let (Some(bytes), true) = (bytes, out.is_ok()) else { return };
            match self.row(object, table, packed[place], bytes).and_then(|row| f(&row)) {
                Ok(row) => rows[place] = Some(row),
                Err(error) => out = Err(error),
            }
        })?;
        out.map(|()| rows)
    }

    /// What `f` makes of a live record, by packed id; `None` if there is none.
    fn row_of<R>(
        &self,
        object: &Object,
        packed: u64,
        mut f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Option<R>> {
        let table = self.store.table(object)?;
        let mut out = None;
        self.read.get(table.live, &packed.to_be_bytes(), &mut |bytes| {
            out = Some(self.row(object, table, packed, bytes).and_then(|row| f(&row)));
        })?;
        out.transpose()
    }

    /// Gives every live record to `f` in the order of their packed ids, until it breaks.
    ///
    /// # Errors
    /// Those of `f`; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn scan(
        &self,
        object: &Object,
        f: &mut dyn FnMut(&RowReader<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        self.access.check_call(object, Call::Query)?;
        let table = self.store.table(object)?;
        let walked = try_scan(self.read, table.live, Scan::ALL, |key, bytes| {
            let packed = entry_id(key).ok_or(BadRow)?;
            f(&self.row(object, table, packed, bytes)?)
        });
        walked.map(drop)
    }

    /// What `f` makes of the live records whose indexed field lies between the bounds, in the
    /// order of the field.
    ///
    /// # Errors
    /// [`Error::NotSupported`] if the field has no index; those of `f`.
    pub(crate) fn find<R>(
        &self,
        object: &Object,
        field: FieldIdx,
        bounds: (Bound<Value<'_>>, Bound<Value<'_>>),
        f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Vec<R>> {
        self.access.check_call(object, Call::Query)?;
        let table = self.store.table(object)?;
        let index = table.indexes.iter().find(|index| index.field == field).ok_or_else(|| {
            let name = object.field(field).map_or("?", |field| &field.name);
            Error::NotSupported {
                object: object.name.clone(),
                what: format!("finding records by {name}, which has no index"),
            }
        })?;
        if index.storage == Storage::Id && !is_one_or_all(&bounds) {
            return Err(Error::NotSupported {
                object: object.name.clone(),
                what: "a range of ids; find them one by one".to_owned(),
            });
        }
        let (Some(from), Some(to)) = (self.bound(*index, bounds.0)?, self.bound(*index, bounds.1)?)
        else {
            return Ok(Vec::new());
        };
        let mut packed = Vec::new();
        index::scan(self.read, *index, from, to, &mut |key, _| {
            packed.extend(entry_id(key));
            ControlFlow::Continue(())
        })?;
        let rows = self.rows(object, &packed, f)?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// A bound as the index keeps it; `None` if no record can lie within, because no record has
    /// the id that it names.
    fn bound<'v>(&self, index: Index, bound: Bound<Value<'v>>) -> Result<Option<Bound<Cell<'v>>>> {
        let cell = |value| self.index_cell(index, value);
        Ok(match bound {
            Bound::Included(value) => cell(value)?.map(Bound::Included),
            Bound::Excluded(value) => cell(value)?.map(Bound::Excluded),
            Bound::Unbounded => Some(Bound::Unbounded),
        })
    }

    fn index_cell<'v>(&self, index: Index, value: Value<'v>) -> Result<Option<Cell<'v>>> {
        Ok(Some(match (index.storage, value) {
            (_, Value::Null) => Cell::Null,
            (Storage::Id, Value::Id(id)) => match self.pack_known(id)? {
                Some(packed) => Cell::Fixed(packed),
                None => return Ok(None),
            },
            (Storage::Text, Value::Text(text)) => Cell::Text(text),
            (Storage::Bool, Value::Bool(value)) => Cell::integer(value),
            (Storage::Int, Value::Int(value)) => Cell::integer(value),
            (Storage::Long, Value::Long(value)) => Cell::integer(value),
            (Storage::Double, Value::Double(value)) => Cell::Fixed((value + 0.0).to_bits()),
            (Storage::Date, Value::Date(day)) => Cell::integer(day.to_epoch_days()),
            (Storage::DateTime, Value::DateTime(at)) => Cell::integer(at.timestamp_millis()),
            (Storage::Time, Value::Time(time)) => Cell::integer(millis_of(time)),
            (_, value) => {
                return Err(Error::NotSupported {
                    object: String::new(),
                    what: format!("finding records by {value}, which is of another type"),
                });
            }
        }))
    }

    /// Gives the packed ids of the live records whose indexed field is `cell` to `f`.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub(crate) fn entries_equal(
        &self,
        index: Index,
        cell: Cell<'_>,
        f: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Result<()> {
        let (from, to) = (Bound::Included(cell), Bound::Included(cell));
        index::scan(self.read, index, from, to, &mut |key, _| match entry_id(key) {
            Some(id) => f(id),
            None => ControlFlow::Continue(()),
        })?;
        Ok(())
    }

    /// How many live records there are.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub(crate) fn count(&self, object: &Object) -> Result<u64> {
        self.access.check_call(object, Call::Query)?;
        Ok(self.read.len(self.store.table(object)?.live)?)
    }

    /// The name of a live record, or its id if its object has no name field.
    pub(crate) fn name_of(&self, object: &Object, packed: u64) -> Result<String> {
        let name = self.row_of(object, packed, |row| match object.name_field {
            Some(idx) => row.value(idx).map(|name| name.to_string()),
            None => row.id().map(|id| id.to_string()),
        })?;
        Ok(name.unwrap_or_default())
    }

    pub(crate) fn pack_known(&self, id: RecordId) -> Result<Option<u64>> {
        dictionary::pack_known(&self.heads, self.read, id)
    }

    /// The dictionary of heads.
    pub(crate) fn heads(&self) -> &Heads {
        &self.heads
    }

    /// The id of a packed one.
    pub(crate) fn unpack(&self, packed: u64) -> Result<RecordId> {
        dictionary::unpack(&self.heads, self.read, packed)
    }

    fn row<'r>(
        &'r self,
        object: &'r Object,
        table: &'r Table,
        packed: u64,
        bytes: &'r [u8],
    ) -> Result<RowReader<'r>> {
        Ok(RowReader::new(self, object, table, packed, table.row(bytes)?))
    }

    /// Is it known that nobody ever viewed or referenced a record here?
    #[inline]
    pub(crate) fn seen_by_nobody(&self) -> bool {
        matches!(self.seen_by.get(), Some(None))
    }

    /// The caller's packed id, if anyone ever viewed or referenced a record here.
    pub(crate) fn seen_by(&self) -> Result<Option<u64>> {
        if let Some(user) = self.seen_by.get() {
            return Ok(*user);
        }
        let user = if self.read.len(PER_CALLER)? == 0 {
            None
        } else {
            self.pack_known(self.access.user.unwrap_or(self.store.system_user))?
        };
        Ok(*self.seen_by.get_or_init(|| user))
    }
}

/// Do the bounds leave one value, or all?
fn is_one_or_all(bounds: &(Bound<Value<'_>>, Bound<Value<'_>>)) -> bool {
    match bounds {
        (Bound::Included(from), Bound::Included(to)) => from == to,
        (Bound::Unbounded, Bound::Unbounded) => true,
        _ => false,
    }
}
