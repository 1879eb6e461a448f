//! Entries of the recycle bin: a deleted record's row, and how it came there.
//!
//! ```text
//! 8  when the record was deleted: milliseconds since 1970-01-01T00:00:00Z
//! 8  who deleted it: packed id of a user
//! 2  the object number of the root: the record whose deletion took this one along
//! 8  the packed id of the root; the record's own if it was deleted itself
//! 8  when the record was emptied from the bin; 0 while it was not, and -1 if it also does not age,
//!    since its source has deleted it
//! n  the row
//! ```
//!
//! The key is the packed id of the record. What belongs to a root stands in `along`. A record that
//! was emptied is gone for good: it is shown by no read but `query_all`, and never comes back.

use crate::{
    catalogue::ObjectNo,
    error::{Error, Result},
};

/// How a record came into the recycle bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deletion {
    /// When, in milliseconds.
    pub(crate) when: i64,
    /// The packed id of the user who did it.
    pub(crate) by: u64,
    /// The record whose deletion took this one along: its object and packed id.
    pub(crate) root: (ObjectNo, u64),
    /// When the record was emptied from the bin, in milliseconds; 0 while it was not, and
    /// [`Deletion::KEPT`].
    pub(crate) emptied: i64,
}

impl Deletion {
    /// Stands for a record that was not emptied and stays in the bin until it is, since a replica has put
    /// it there: how long its source keeps it, only the source knows.
    pub(crate) const KEPT: i64 = -1;

    /// Did the record leave the bin, so that it never comes back?
    pub(crate) fn is_emptied(&self) -> bool {
        self.emptied > 0
    }

    /// Does the record leave the bin with time?
    pub(crate) fn ages(&self) -> bool {
        self.emptied == 0
    }

    /// Writes what stands before the row in the entry of a record.
    pub(crate) fn put_head(&self, entry: &mut Vec<u8>) {
        entry.extend_from_slice(&self.when.to_be_bytes());
        entry.extend_from_slice(&self.by.to_be_bytes());
        entry.extend_from_slice(&self.root.0.0.to_be_bytes());
        entry.extend_from_slice(&self.root.1.to_be_bytes());
        entry.extend_from_slice(&self.emptied.to_be_bytes());
    }

    /// The entry of a record with this row.
    #[cfg(test)]
    pub(crate) fn entry(&self, row: &[u8]) -> Vec<u8> {
        let mut entry = Vec::new();
        self.put_head(&mut entry);
        entry.extend_from_slice(row);
        entry
    }

    /// How the record of an entry came into the bin, and its row.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the entry is none.
    pub(crate) fn of(entry: &[u8]) -> Result<(Self, &[u8])> {
        Self::read(entry).ok_or_else(|| Error::corrupt("an entry of the recycle bin is none"))
    }

    fn read(entry: &[u8]) -> Option<(Self, &[u8])> {
        let (when, rest) = entry.split_first_chunk()?;
        let (by, rest) = rest.split_first_chunk()?;
        let (object, rest) = rest.split_first_chunk()?;
        let (root, rest) = rest.split_first_chunk()?;
        let (emptied, row) = rest.split_first_chunk()?;
        let deletion = Self {
            when: i64::from_be_bytes(*when),
            by: u64::from_be_bytes(*by),
            root: (ObjectNo(u16::from_be_bytes(*object)), u64::from_be_bytes(*root)),
            emptied: i64::from_be_bytes(*emptied),
        };
        Some((deletion, row))
    }
}
