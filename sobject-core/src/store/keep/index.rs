//! [`Index`]: entries that lead from the values of a field to the live records that have them.
//!
//! An object's entry in the catalogue lists its indexes. An index has a kind, and key fields by
//! which its entries are ordered:
//!
//! ```text
//! ordered, fixed width   key    8  the value as an ordered integer; 0 for null
//!                               8  the packed id of the record
//!                        value     none
//! ordered, text          key    n  the value as `bytes::key` writes texts
//!                               8  the packed id of the record
//!                        value     none
//! unique                 key    n  the value as above; after null also the packed id of the record
//!                        value  8  the packed id of the record
//! ```
//!
//! So one point read finds the record with a unique value. Two nulls are never the same value: each
//! record without a value has an entry of its own, so that these records are found and ordered like
//! others.
//!
//! **Invariants:** only live records have entries. Every change of a record, be it a create, an
//! update, a delete or an undelete, is one call of [`Index::update`] with the cells before and
//! after. A unique entry is removed only for the record that it leads to, and is put only if there
//! is none with its key. Anything else is [`Error::Corrupt`].

use std::ops::{Bound, ControlFlow};

use crate::{
    bytes::{Cell, Collation, Slot, entry_id, fixed_key, ordered, push_text},
    catalogue::{IndexEntry, IndexKind},
    engine::{Buffer, KeyWidth, Overlay, Read, Scan, Space},
    error::{Error, Result},
    value::Storage,
};

/// An index of the values in one slot of an object's records.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Index {
    pub(crate) space: Space,
    pub(crate) slot: Slot,
    pub(crate) storage: Storage,
    collation: Collation,
    /// May no two live records have the same value, unless it is null?
    pub(crate) is_unique: bool,
    /// While the index is being built: the packed id up to which it has the entries of all records.
    /// Records beyond it get theirs when the building reaches them.
    pub(crate) building: Option<u64>,
}

/// A walk over the entries of an index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexRange<'a> {
    pub(crate) from: Bound<Cell<'a>>,
    pub(crate) to: Bound<Cell<'a>>,
    /// Walk from the greatest value to the least.
    pub(crate) reverse: bool,
    /// The walk ends after this many entries.
    pub(crate) limit: usize,
    /// The key of the entry at which an earlier walk with the same bounds ended; this one begins
    /// behind it.
    pub(crate) after: Option<&'a [u8]>,
}

impl<'a> IndexRange<'a> {
    /// Every entry of one value.
    pub(crate) fn of(cell: Cell<'a>) -> Self {
        let (from, to) = (Bound::Included(cell), Bound::Included(cell));
        Self { from, to, reverse: false, limit: usize::MAX, after: None }
    }
}

impl Index {
    /// Reads an index from its entry in the file. `storage_of` tells how the values of a slot are
    /// stored.
    ///
    /// # Errors
    /// [`Error::NotSupported`] for a kind or a form of index that this version does not know.
    pub(crate) fn new(
        entry: &IndexEntry,
        storage_of: &dyn Fn(&Slot) -> Result<(Slot, Storage)>,
    ) -> Result<Self> {
        let not_supported = || Error::NotSupported {
            object: String::new(),
            what: format!("an index of the kind {:?} over {:?}", entry.kind, entry.keys),
        };
        let ([key], []) = (&*entry.keys, &*entry.include) else { return Err(not_supported()) };
        let (slot, storage) = storage_of(&key.slot)?;
        let is_unique = match entry.kind {
            IndexKind::Ordered => false,
            IndexKind::Unique => true,
            IndexKind::Words | IndexKind::Unknown(_) => return Err(not_supported()),
        };
        let is_bytes = is_unique || storage == Storage::Text;
        let keys = if is_bytes { KeyWidth::Bytes } else { KeyWidth::U128 };
        let space = Space { id: entry.space, keys, values: is_unique };
        let collation = key.collation.unwrap_or(Collation::Exact);
        let building = entry.building;
        Ok(Self { space, slot, storage, collation, is_unique, building })
    }

    /// An index that is not kept: it has no entries, but the keys that they would have.
    pub(crate) fn not_kept(space: Space, storage: Storage, collation: Option<Collation>) -> Self {
        let collation = collation.unwrap_or(Collation::Exact);
        Self { space, slot: Slot::MAX, storage, collation, is_unique: false, building: None }
    }

    /// The same index when it has the entries of all records.
    pub(crate) fn complete(self) -> Self {
        Self { building: None, ..self }
    }

    /// Is it the index of the value in this slot?
    pub(crate) fn is_of(&self, slot: Slot) -> bool {
        self.slot == slot
    }

    /// Changes the entry of a record from that of the cells `old` to that of the cells `new`. Cells
    /// are in the order of slots, and `None` if the record is not live before or after.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a unique entry leads to another record; [`Error::Storage`].
    pub(crate) fn update(
        &self,
        id: u64,
        old: Option<&[Cell<'_>]>,
        new: Option<&[Cell<'_>]>,
        base: &dyn Read,
        buffer: &mut Buffer,
    ) -> Result<()> {
        // The building of the index has not reached this record, and will make its entry.
        if self.building.is_some_and(|reached| id > reached) {
            return Ok(());
        }
        let slot = usize::from(self.slot);
        let old = old.map(|cells| cells.get(slot).copied().unwrap_or(Cell::Null));
        let new = new.map(|cells| cells.get(slot).copied().unwrap_or(Cell::Null));
        if old == new {
            return Ok(());
        }
        // Two texts that differ in case only have the same key, so the entry stays as it is.
        if let (Some(Cell::Text(_)), Some(Cell::Text(_))) = (old, new)
            && let (Some(old), Some(new)) = (old, new)
            && self.key(old, id) == self.key(new, id)
        {
            return Ok(());
        }
        if let Some(cell) = old {
            self.check_holder(cell, Some(id), base, buffer)?;
            self.with_key(cell, id, |key| buffer.remove(self.space, key));
        }
        if let Some(cell) = new {
            self.check_holder(cell, None, base, buffer)?;
            let value = id.to_be_bytes();
            let value = if self.is_unique { &value[..] } else { &[] };
            buffer.insert_key_with(self.space, |key| self.push_key(cell, id, key), value);
        }
        Ok(())
    }

    /// Refuses to change a unique entry that does not lead to `expected`; `None` expects no entry.
    fn check_holder(
        &self,
        cell: Cell<'_>,
        expected: Option<u64>,
        base: &dyn Read,
        buffer: &Buffer,
    ) -> Result<()> {
        if !self.is_unique || cell.is_null() {
            return Ok(());
        }
        let holder = self.holder(&Overlay { base, buffer }, cell)?;
        if holder == expected {
            return Ok(());
        }
        Err(Error::corrupt(format!(
            "the unique entry in space {} leads to {holder:x?} and not to {expected:x?}",
            self.space.id
        )))
    }

    /// Calls `f` with the key of a record's entry. A key of fixed width is not allocated for it.
    pub(crate) fn with_key<R>(&self, cell: Cell<'_>, id: u64, f: impl FnOnce(&[u8]) -> R) -> R {
        if !self.is_unique && self.storage != Storage::Text {
            return f(&fixed_key(ordered(self.storage, cell), id));
        }
        f(&self.key(cell, id))
    }

    /// Calls `f` with a record's entry: its key and its value.
    pub(crate) fn with_entry<R>(
        &self,
        cell: Cell<'_>,
        id: u64,
        f: impl FnOnce(&[u8], &[u8]) -> R,
    ) -> R {
        let value = id.to_be_bytes();
        self.with_key(cell, id, |key| f(key, if self.is_unique { &value } else { &[] }))
    }

    /// The key of a record's entry.
    pub(crate) fn key(&self, cell: Cell<'_>, id: u64) -> Vec<u8> {
        let mut key = Vec::with_capacity(24);
        self.push_key(cell, id, &mut key);
        key
    }

    /// Writes the key of a record's entry behind what is in `bytes`.
    fn push_key(&self, cell: Cell<'_>, id: u64, bytes: &mut Vec<u8>) {
        match (self.storage, cell) {
            (Storage::Text, Cell::Text(text)) => push_text(bytes, Some(text), self.collation),
            (Storage::Text, _) => push_text(bytes, None, self.collation),
            (storage, cell) => bytes.extend_from_slice(&ordered(storage, cell).to_be_bytes()),
        }
        if !self.is_unique || cell.is_null() {
            bytes.extend_from_slice(&id.to_be_bytes());
        }
    }

    /// The packed id that an entry leads to.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if there is no id in the entry.
    pub(crate) fn id_of(&self, key: &[u8], value: &[u8]) -> Result<u64> {
        let id = if self.is_unique { entry_id(value) } else { entry_id(key) };
        id.ok_or_else(|| self.no_entry())
    }

    /// The part of an entry's key that is its value: the entries of equal values have the same.
    pub(crate) fn value_in<'k>(&self, key: &'k [u8]) -> &'k [u8] {
        let has_id = !self.is_unique
            || match self.storage {
                Storage::Text => key.first() == Some(&0),
                _ => key.len() > size_of::<u64>(),
            };
        let value = if has_id { key.split_last_chunk::<8>().map(|(value, _)| value) } else { None };
        value.unwrap_or(key)
    }

    /// Do texts that differ in case only have one entry?
    pub(crate) fn ignores_case(&self) -> bool {
        self.collation == Collation::IgnoreCase
    }

    /// The live record that has this value, which is not null, in a unique index.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if there is no id in the entry; [`Error::Storage`].
    pub(crate) fn holder(&self, read: &dyn Read, cell: Cell<'_>) -> Result<Option<u64>> {
        let mut holder = Ok(None);
        let key = self.key(cell, 0);
        read.get(self.space, &key, &mut |value| holder = self.id_of(&key, value).map(Some))?;
        holder
    }

    /// Calls `f` with the ids of the entries of a range, in the order of their values and then of
    /// their ids. If the limit or `f` ended the walk, it returns the key of the last entry, with
    /// which another walk can go on ([`IndexRange::after`]).
    ///
    /// # Errors
    /// [`Error::Corrupt`] if there is no id in an entry; those of `f`; [`Error::Storage`].
    pub(crate) fn scan(
        &self,
        read: &dyn Read,
        range: IndexRange<'_>,
        f: &mut dyn FnMut(u64) -> Result<ControlFlow<()>>,
    ) -> Result<Option<Vec<u8>>> {
        let (from, to) = self.bounds(range);
        let scan = Scan {
            from: from.as_ref().map(Vec::as_slice),
            to: to.as_ref().map(Vec::as_slice),
            reverse: range.reverse,
            limit: range.limit,
        };
        crate::engine::try_scan(read, self.space, scan, |key, value| f(self.id_of(key, value)?))
    }

    /// The values of fixed width behind `after` that live records have, in order and each once: up to
    /// `limit` of them, as bits. 0 is before all of them, and null is none.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if an entry is none; [`Error::Storage`].
    pub(crate) fn fixed_values(
        &self,
        read: &dyn Read,
        after: u64,
        limit: usize,
    ) -> Result<Vec<u64>> {
        /// Entries of one value that are read before the walk begins anew behind that value.
        const MAX_SAME: u32 = 16;
        let mut values = Vec::new();
        let mut last = after;
        let mut is_over = limit == 0;
        while !is_over {
            let mut n_same = 0;
            let cell = if last == 0 { Cell::Null } else { Cell::Fixed(last) };
            let from = self.key(cell, u64::MAX);
            let scan = Scan { from: Bound::Excluded(&from), ..Scan::ALL };
            let next = crate::engine::try_scan(read, self.space, scan, |key, _| {
                let value = key.first_chunk().copied().map(u64::from_be_bytes);
                let value = value.ok_or_else(|| self.no_entry())?;
                if value == last {
                    n_same += 1;
                } else {
                    (last, n_same) = (value, 0);
                    values.push(value);
                }
                let is_enough = n_same == MAX_SAME || values.len() == limit;
                Ok::<_, Error>(if is_enough {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                })
            })?;
            is_over = next.is_none() || values.len() == limit;
        }
        Ok(values)
    }

    fn no_entry(&self) -> Error {
        Error::corrupt(format!("an entry of space {} is none", self.space.id))
    }

    /// The keys between which the entries of a range are.
    pub(crate) fn bounds(&self, range: IndexRange<'_>) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
        // All entries of a value are between the key with the least id and the one with the
        // greatest.
        let mut from = match range.from {
            Bound::Included(cell) => Bound::Included(self.key(cell, 0)),
            Bound::Excluded(cell) => Bound::Excluded(self.key(cell, u64::MAX)),
            Bound::Unbounded => Bound::Unbounded,
        };
        let mut to = match range.to {
            Bound::Included(cell) => Bound::Included(self.key(cell, u64::MAX)),
            Bound::Excluded(cell) => Bound::Excluded(self.key(cell, 0)),
            Bound::Unbounded => Bound::Unbounded,
        };
        match range.after {
            Some(after) if range.reverse => to = Bound::Excluded(after.to_vec()),
            Some(after) => from = Bound::Excluded(after.to_vec()),
            None => (),
        }
        (from, to)
    }
}
