//! Finding values that several records have, where a field is to be unique, in bounded memory.
//!
//! The values of a table can be more than memory holds, so records are compared by a hash of their
//! values, a part of the hashes at a time; only values whose hash is there twice are compared
//! themselves.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
};

use super::migrate::{Evolution, NAMED_RECORDS};
use crate::{
    bytes::{OwnedCell, Slot},
    error::{Error, Result},
    store::keep::{Index, Table},
};

/// Hashes that are held at a time for each record of a step, whose entry takes as much room.
const HASHES_OF_STEP: u64 = 16;

/// The values of a field that is to be unique.
pub(super) struct Values<'v> {
    pub(super) table: &'v Table,
    pub(super) slot: Slot,
    /// What is to be there in place of null.
    pub(super) fill: &'v OwnedCell,
    /// Do deleted records count as well?
    pub(super) with_bin: bool,
}

impl Evolution<'_> {
    /// The first records that share a value, by packed id.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn sharing(&self, values: &Values<'_>) -> Result<Vec<u64>> {
        let Values { table, slot, .. } = *values;
        let none = || Error::corrupt(format!("slot {slot} is to be unique without an index"));
        let index = table.index_of(slot).ok_or_else(none)?;
        let mut n_records = self.read.len(table.live)?;
        if values.with_bin {
            n_records += self.read.len(table.bin)?;
        }
        let max_hashes = u64::try_from(self.step).unwrap_or(u64::MAX).max(1);
        let n_parts = n_records / max_hashes.saturating_mul(HASHES_OF_STEP) + 1;
        let state = RandomState::new();
        for part in 0..n_parts {
            let is_of_part = |hash: u64| hash % n_parts == part;
            let mut hashes = Vec::new();
            self.each_value(values, index, &mut |_, value| {
                let hash = state.hash_one(value);
                if is_of_part(hash) {
                    hashes.push(hash);
                }
                Ok(true)
            })?;
            hashes.sort_unstable();
            let mut twice = Vec::new();
            for pair in hashes.windows(2).filter(|pair| pair[0] == pair[1]) {
                if twice.last() != pair.first() {
                    twice.push(pair[0]);
                }
            }
            drop(hashes);
            // Few values are held at a time, and those that share a hash alone are fewer still.
            for suspects in twice.chunks(NAMED_RECORDS) {
                let mut holders: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
                let mut found = Vec::new();
                self.each_value(values, index, &mut |id, value| {
                    if suspects.binary_search(&state.hash_one(value)).is_ok()
                        && let Some(holder) = holders.insert(value.to_vec(), id)
                    {
                        found.extend([holder, id]);
                    }
                    Ok(found.len() < NAMED_RECORDS)
                })?;
                if !found.is_empty() {
                    return Ok(found);
                }
            }
        }
        Ok(Vec::new())
    }

    /// Gives the value of each record that counts, as its index has it, to `f` until it returns false.
    fn each_value(
        &self,
        values: &Values<'_>,
        index: &Index,
        f: &mut dyn FnMut(u64, &[u8]) -> Result<bool>,
    ) -> Result<()> {
        let Values { table, slot, fill, with_bin, .. } = *values;
        let mut goes_on = true;
        for space in [table.live, table.bin] {
            if !goes_on || (space == table.bin && !with_bin) {
                continue;
            }
            self.each_cell(table, space, slot, &mut |id, cell| {
                let cell = if cell.is_null() { fill.as_cell() } else { cell };
                if !cell.is_null() {
                    goes_on = index.with_key(cell, 0, |value| f(id, value))?;
                }
                Ok(goes_on)
            })?;
        }
        Ok(())
    }
}
