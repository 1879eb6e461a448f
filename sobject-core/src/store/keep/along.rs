//! What a deletion took along, under its root, and which details wait in the bin for their masters.
//!
//! ```text
//! key    8  the packed id of the root; of a detail that waits, that of its master
//!        2  the object number of the record that was deleted or changed along, or that waits
//!        8  the packed id of that record
//!        2  the slot of a reference, or 0 (that of a date) for a record that was deleted along
//! value  8  the packed id that the reference had, if it was emptied; else none
//! ```
//!
//! So undelete and purge find what belongs to a root without a search. A deletion *takes along* the
//! details of what it deletes, and empties references that may be null. While a detail is in the
//! bin, it *waits* for each of its masters but its root: when one of them is deleted as well, the
//! detail is gone for good.
//!
//! **Invariants:** a record in the bin whose root is another has one entry of slot 0, under that root,
//! and there are no other entries of slot 0. A detail that waits is in the bin, was not emptied from
//! it, and has the master in its reference. A record that is its own root lists what it emptied while
//! it is in the bin.

use std::ops::{Bound, ControlFlow};

use super::spaces::ALONG;
use crate::{
    bytes::Slot,
    catalogue::ObjectNo,
    engine::{Read, Scan, try_scan},
    error::{Error, Result},
};

/// Bytes of a key.
const KEY_LEN: usize = 20;

/// One thing that belongs to a root, or waits for a master.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Along {
    /// The packed id of the root or the master.
    pub(crate) root: u64,
    /// The object of the record.
    pub(crate) object: ObjectNo,
    /// The packed id of the record.
    pub(crate) id: u64,
    pub(crate) what: Taken,
}

/// What is said of a record under a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It was deleted along.
    Deleted,
    /// A reference of it was emptied, which had this packed id.
    Emptied { slot: Slot, had: u64 },
    /// It waits in the bin for the record that this reference leads to.
    Waits { slot: Slot },
}

impl Along {
    /// Did the deletion of the root take it along, deleted or emptied? What waits did not.
    pub(crate) fn is_taken(&self) -> bool {
        !matches!(self.what, Taken::Waits { .. })
    }

    /// Is it a record in the bin, rather than a reference that was emptied?
    pub(crate) fn is_in_bin(&self) -> bool {
        !matches!(self.what, Taken::Emptied { .. })
    }

    /// The key of its entry.
    pub(crate) fn key(&self) -> [u8; KEY_LEN] {
        let slot = match self.what {
            Taken::Deleted => 0,
            Taken::Emptied { slot, .. } | Taken::Waits { slot } => slot,
        };
        key(self.root, self.object.0, self.id, slot)
    }

    /// Calls `f` with its entry: the key and the value.
    pub(crate) fn with_entry<R>(&self, f: impl FnOnce(&[u8], &[u8]) -> R) -> R {
        match self.what {
            Taken::Emptied { had, .. } => f(&self.key(), &had.to_be_bytes()),
            Taken::Deleted | Taken::Waits { .. } => f(&self.key(), &[]),
        }
    }

    /// What an entry says.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if it is none.
    pub(crate) fn decode(key: &[u8], value: &[u8]) -> Result<Self> {
        let none = || Error::corrupt("an entry of what deletions took along is none");
        Self::read(key, value).ok_or_else(none)
    }

    fn read(key: &[u8], value: &[u8]) -> Option<Self> {
        let (root, rest) = key.split_first_chunk()?;
        let (object, rest) = rest.split_first_chunk()?;
        let (id, slot) = rest.split_first_chunk()?;
        let slot = Slot::from_be_bytes(slot.try_into().ok()?);
        let what = match (slot, value) {
            (0, []) => Taken::Deleted,
            (0, _) => return None,
            (slot, []) => Taken::Waits { slot },
            (slot, had) => Taken::Emptied { slot, had: u64::from_be_bytes(had.try_into().ok()?) },
        };
        let (root, id) = (u64::from_be_bytes(*root), u64::from_be_bytes(*id));
        Some(Self { root, object: ObjectNo(u16::from_be_bytes(*object)), id, what })
    }

    /// The first and the last key that there can be under a root.
    pub(crate) fn bounds(root: u64) -> [[u8; KEY_LEN]; 2] {
        [key(root, 0, 0, 0), key(root, u16::MAX, u64::MAX, Slot::MAX)]
    }

    /// The first of what there is under a root, in the order of objects and ids.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn first_of(read: &dyn Read, root: u64, limit: usize) -> Result<Vec<Self>> {
        Self::read_first(read, root, (limit, limit), &|_| true)
    }

    /// The first of what there is under a root and is wanted.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn first_where(
        read: &dyn Read,
        root: u64,
        n: usize,
        is_wanted: &dyn Fn(&Self) -> bool,
    ) -> Result<Vec<Self>> {
        Self::read_first(read, root, (usize::MAX, n), is_wanted)
    }

    /// Of the first entries under a root, the first `n` that are wanted.
    fn read_first(
        read: &dyn Read,
        root: u64,
        (limit, n): (usize, usize),
        is_wanted: &dyn Fn(&Self) -> bool,
    ) -> Result<Vec<Self>> {
        let mut along = Vec::new();
        if n == 0 {
            return Ok(along);
        }
        let [from, to] = Self::bounds(root);
        let range =
            Scan { from: Bound::Included(&from), to: Bound::Included(&to), reverse: false, limit };
        try_scan(read, ALONG, range, |key, value| {
            along.extend(Some(Self::decode(key, value)?).filter(|it| is_wanted(it)));
            let is_over = along.len() >= n;
            Ok::<_, Error>(if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        Ok(along)
    }
}

fn key(root: u64, object: u16, id: u64, slot: Slot) -> [u8; KEY_LEN] {
    let mut key = [0; KEY_LEN];
    key[..8].copy_from_slice(&root.to_be_bytes());
    key[8..10].copy_from_slice(&object.to_be_bytes());
    key[10..18].copy_from_slice(&id.to_be_bytes());
    key[18..].copy_from_slice(&slot.to_be_bytes());
    key
}
