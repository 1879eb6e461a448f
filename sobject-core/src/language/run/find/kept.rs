//! The rows of hits, kept since they were read to find them, so that they need not be read again to be
//! written out.
//!
//! **Invariant:** no more than [`MAX_BYTES`] are kept; what is not kept is read.

use crate::language::run::Record;

/// Bytes of rows that are kept at most.
const MAX_BYTES: usize = 256 * 1024;

/// Some rows by the packed ids of their records.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeptRows {
    /// Where the row of each record begins and ends.
    places: Vec<(u64, u32, u32)>,
    bytes: Vec<u8>,
    is_sorted: bool,
}

/// The rows of no record.
pub(in crate::language::run) static NO_ROWS: KeptRows =
    KeptRows { places: Vec::new(), bytes: Vec::new(), is_sorted: true };

impl KeptRows {
    /// Keeps the row of a record, if there is room.
    pub(in crate::language::run) fn add(&mut self, record: &Record<'_>) {
        let row = record.row.as_bytes();
        if self.bytes.len() + row.len() > MAX_BYTES {
            return;
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(row);
        let place = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let next = (record.packed, place(start), place(self.bytes.len()));
        self.is_sorted = self.places.last().is_none_or(|last| self.is_sorted && *last < next);
        self.places.push(next);
    }

    /// Keeps no more, and is ready to be asked.
    pub(in crate::language::run) fn finished(mut self) -> Self {
        if !self.is_sorted {
            self.places.sort_unstable();
            self.is_sorted = true;
        }
        self
    }

    /// The row of a record, if it was kept.
    pub(in crate::language::run) fn get(&self, packed: u64) -> Option<&[u8]> {
        let place = self.places.binary_search_by_key(&packed, |(packed, ..)| *packed).ok()?;
        let (_, start, end) = *self.places.get(place)?;
        self.bytes.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
    }
}
