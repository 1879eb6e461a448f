//! Reading records by their ids, each through a [`RowReader`]; walks are in `walk`.

use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeMap, BTreeSet},
};

use serde_json::{Map, Value as Json};

use super::{Place, RowReader, Sought, Step, place_of};
use crate::{
    bytes::Days,
    catalogue::Object,
    definition::{FieldDefinition, FieldIdx},
    engine::{Read, has_any},
    error::{Call, Error, Result, shorten},
    id::RecordId,
    store::{
        keep::{Ids, PER_CALLER, Schema, Seen, Table, seen, seen_together},
        rules::{Access, MAX_IDS, check_count, comparable},
    },
};

/// Records of which it is remembered when the caller saw them; when there are more, all are forgotten.
const MAX_SEEN: usize = 8_192;

/// Reads one state of a store for a caller.
///
/// It is public in a private room, because a sealed trait of the shell names it.
pub struct Reader<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) read: &'a dyn Read,
    ids: &'a Ids,
    pub(crate) access: &'a Access,
    /// Who viewed or referenced records, once that was asked for.
    looks: OnceCell<Looks>,
    /// When the caller saw some records, by packed id.
    seen: RefCell<BTreeMap<u64, Seen>>,
    pub(super) days: Days,
}

impl<'a> Reader<'a> {
    /// A reader of the state that `read` reads.
    pub(crate) fn new(
        schema: &'a Schema,
        read: &'a dyn Read,
        ids: &'a Ids,
        access: &'a Access,
    ) -> Self {
        let (looks, seen) = (OnceCell::new(), RefCell::default());
        Self { schema, read, ids, access, looks, seen, days: Days::default() }
    }

    /// What `f` makes of the live record `id`.
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
        let place = match packed {
            Some(packed) => place_of(self.read, self.schema.table(object)?, packed)?,
            None => Place::Nowhere,
        };
        Err(self.not_live(object, id, place)?)
    }

    /// The object of this name, for whoever has a struct with these fields and reads it whole: that
    /// takes the right to every field, since `None` in place of a hidden value would be a lie.
    ///
    /// # Errors
    /// [`Error::UnknownObject`], [`Error::BadDefinition`]; those of a call that the caller may not
    /// make; [`Error::UnknownField`] with every field that it may not read.
    pub(crate) fn whole(
        &self,
        name: &str,
        fields: &'static [FieldDefinition],
        call: Call,
    ) -> Result<&'a Object> {
        let object = self.access.object_of(&self.schema.catalogue, name, fields)?;
        self.access.check_call(object, call)?;
        self.access.check_reads_all(object)?;
        Ok(object)
    }

    /// What `f` makes of each record of `ids`, in their order; `None` for those that are not live.
    ///
    /// # Errors
    /// [`Error::TooMany`]; those of `f`; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn retrieve<R>(
        &self,
        object: &Object,
        ids: impl ExactSizeIterator<Item = RecordId>,
        f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Vec<Option<R>>> {
        check_count(ids.len(), MAX_IDS)?;
        self.access.check_call(object, Call::Retrieve)?;
        // 0 is no packed id, so nothing is found under it.
        let packed = ids.map(|id| Ok(self.pack_known(id)?.unwrap_or_default()));
        self.rows(object, &packed.collect::<Result<Vec<_>>>()?, f)
    }

    /// [`Reader::retrieve`] of these fields, in this order, as an org's JSON.
    ///
    /// # Errors
    /// [`Error::UnknownField`], and those of [`Reader::retrieve`].
    pub(crate) fn retrieve_json(
        &self,
        object: &Object,
        fields: &[&str],
        ids: &[RecordId],
    ) -> Result<Vec<Option<Map<String, Json>>>> {
        check_count(ids.len(), MAX_IDS)?;
        self.access.check_call(object, Call::Retrieve)?;
        let fields = self.access.find_fields(object, fields.iter().copied())?;
        self.retrieve(object, ids.iter().copied(), |row| row.to_json_of(&fields))
    }

    /// What `f` makes of each record of these packed ids, in their order; `None` for those that are
    /// not live.
    ///
    /// # Errors
    /// Those of `f`; [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn rows<R>(
        &self,
        object: &Object,
        packed: &[u64],
        mut f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Vec<Option<R>>> {
        let mut rows: Vec<Option<R>> = packed.iter().map(|_| None).collect();
        self.visit_rows(object, packed, &mut |place, row| {
            rows[place] = Some(f(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Calls `f` with the live records of these packed ids, each with the place of its id: in the
    /// order of the places if the ids are in order and the engine keeps it, else in any.
    ///
    /// # Errors
    /// Those of `f`; [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn visit_rows(
        &self,
        object: &Object,
        packed: &[u64],
        f: &mut dyn FnMut(usize, &RowReader<'_>) -> Result<()>,
    ) -> Result<()> {
        let table = self.schema.table(object)?;
        // Records that lie beside each other are found in pages that were just read.
        let mut sorted: Vec<_> = packed.iter().copied().zip(0_usize..).collect();
        if !packed.is_sorted() {
            sorted.sort_unstable();
        }
        let keys: Vec<_> = sorted.iter().map(|(packed, _)| packed.to_be_bytes()).collect();
        let keys: Vec<_> = keys.iter().map(|key| (table.live, key.as_slice())).collect();
        let mut visited = Ok(());
        self.read.multi_get(&keys, &mut |n, bytes| {
            if let (Some(bytes), true) = (bytes, visited.is_ok()) {
                let (packed, place) = sorted[n];
                visited = self.row(object, table, packed, bytes).and_then(|row| f(place, &row));
            }
        })?;
        visited
    }

    /// What `f` makes of a live record, by packed id; `None` if there is none.
    pub(crate) fn row_of<R>(
        &self,
        object: &Object,
        packed: u64,
        mut f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Option<R>> {
        let table = self.schema.table(object)?;
        let mut out = None;
        self.read.get(table.live, &packed.to_be_bytes(), &mut |bytes| {
            out = Some(self.row(object, table, packed, bytes).and_then(|row| f(&row)));
        })?;
        out.transpose()
    }

    /// What `f` makes of the live records whose field has one of the values that are looked for: in
    /// the order of the field, and where it has the same value, of the ids.
    ///
    /// # Errors
    /// Those of [`Reader::path_by`]; those of `f`.
    pub(crate) fn find<R>(
        &self,
        object: &Object,
        field: FieldIdx,
        sought: Sought<'_>,
        mut f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Vec<R>> {
        let path = self.path_by(object, field, sought)?;
        let (Some(test), Sought::Within(..)) = (&path.test, sought) else {
            return Ok(self.step(object, &path, Step::ALL, f)?.items);
        };
        let keyed = |row: &RowReader<'_>| Ok((test.key_of(row)?, f(row)?));
        let mut found = self.step(object, &path, Step::ALL, keyed)?.items;
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(found.into_iter().map(|(_, item)| item).collect())
    }

    /// [`Reader::find`] by a field's name and a value in JSON, as an org's JSON.
    ///
    /// # Errors
    /// [`Error::UnknownField`]; [`Error::BadValue`] if the value is not of the field's type; those of
    /// [`Reader::find`].
    pub(crate) fn find_json(
        &self,
        object: &Object,
        field: &str,
        value: &Json,
    ) -> Result<Vec<Map<String, Json>>> {
        self.access.check_call(object, Call::Query)?;
        let idx = self.access.find(object, field).ok_or_else(|| {
            let (object, fields) = (object.name.clone(), vec![shorten(field.to_owned())]);
            Error::UnknownField { object, fields }
        })?;
        let value = comparable(object, object.at(idx)?, value)?;
        self.find(object, idx, Sought::Value(value), |row| row.to_json())
    }

    /// How many live records there are.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub(crate) fn count(&self, object: &Object) -> Result<u64> {
        self.access.check_call(object, Call::Query)?;
        Ok(self.read.len(self.schema.table(object)?.live)?)
    }

    /// The name of a live record, or its id if its object has no name field.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if there is no such record; [`Error::Storage`].
    pub(crate) fn name_of(&self, object: &Object, packed: u64) -> Result<String> {
        let name = self.row_of(object, packed, |row| match object.name_field {
            Some(idx) => row.value(idx).map(|name| name.to_string()),
            None => row.id().map(|id| id.to_string()),
        })?;
        let none = || format!("{} {packed:#018x} is referred to, and is not live", object.name);
        name.ok_or_else(|| Error::corrupt(none()))
    }

    pub(crate) fn pack_known(&self, id: RecordId) -> Result<Option<u64>> {
        self.ids.pack_known(self.read, id)
    }

    /// The dictionary of ids.
    pub(crate) fn ids(&self) -> &'a Ids {
        self.ids
    }

    /// The id of a packed one.
    pub(crate) fn unpack(&self, packed: u64) -> Result<RecordId> {
        self.ids.unpack(self.read, packed)
    }

    pub(super) fn row<'r>(
        &'r self,
        object: &'r Object,
        table: &'r Table,
        packed: u64,
        bytes: &'r [u8],
    ) -> Result<RowReader<'r>> {
        Ok(RowReader::new(self, object, table, packed, table.row(bytes)?))
    }

    /// Is it known that the caller never viewed or referenced a record here?
    #[inline]
    pub(crate) fn has_seen_nothing(&self) -> bool {
        matches!(self.looks.get(), Some(Looks::None | Looks::OfOthers))
    }

    /// Who viewed or referenced records here, if that was asked for.
    pub(crate) fn known_looks(&self) -> Option<Looks> {
        self.looks.get().copied()
    }

    /// Spares the reader to find out who viewed or referenced records here.
    pub(crate) fn know_looks(&self, looks: Looks) {
        self.looks.get_or_init(|| looks);
    }

    /// The caller's packed id, if the caller may have viewed or referenced records here.
    pub(crate) fn seen_by(&self) -> Result<Option<u64>> {
        let looks = match self.looks.get() {
            Some(looks) => *looks,
            None if !has_any(self.read, PER_CALLER)? => Looks::None,
            None => {
                let user = self.access.user.unwrap_or(self.schema.system_user);
                self.pack_known(user)?.map_or(Looks::OfOthers, Looks::OfCaller)
            }
        };
        match *self.looks.get_or_init(|| looks) {
            Looks::OfCaller(user) => Ok(Some(user)),
            Looks::None | Looks::OfOthers => Ok(None),
        }
    }

    /// When the caller last viewed and referenced a record, by packed id.
    pub(crate) fn seen_at(&self, packed: u64) -> Result<Seen> {
        let Some(user) = self.seen_by()? else { return Ok(Seen::NEVER) };
        if let Some(known) = self.seen.borrow().get(&packed) {
            return Ok(*known);
        }
        seen(self.read, user, packed)
    }

    /// Reads together when the caller last viewed and referenced some records, by packed id, which
    /// [`Reader::seen_at`] tells then. What was read of others so may be forgotten.
    pub(crate) fn read_seen(&self, records: impl Iterator<Item = u64>) -> Result<()> {
        let Some(user) = self.seen_by()? else { return Ok(()) };
        let mut known = self.seen.borrow_mut();
        if known.len() > MAX_SEEN {
            known.clear();
        }
        let records: BTreeSet<u64> = records.filter(|packed| !known.contains_key(packed)).collect();
        let records: Vec<u64> = records.into_iter().collect();
        known.extend(seen_together(self.read, user, &records)?);
        Ok(())
    }
}

/// Who viewed or referenced records of a state, as far as it matters to a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looks {
    /// Nobody did.
    None,
    /// Somebody did, but not the caller, whose id the store has never seen.
    OfOthers,
    /// The caller, by packed id, may have.
    OfCaller(u64),
}
