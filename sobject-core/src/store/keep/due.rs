//! What waits for a time of the recycle bin: in one space the records that are in it, by when they were
//! deleted, and in another those that were emptied from it, by when that was.
//!
//! ```text
//! key    8  the time: milliseconds since 1970-01-01T00:00:00Z, with the sign bit turned over, so that
//!           earlier ones come first
//!        2  object number
//!        8  packed id of the record
//! value  none
//! ```
//!
//! So whoever purges finds what is due without a search, and how many records count for the capacity of
//! the bin is the length of the first space.
//!
//! **Invariants:** a record that is in the bin as its own root, was not emptied and may age has one entry
//! in the first space; one that was emptied, be it by its root or alone, has one in the second. No other
//! record has any.

use std::ops::ControlFlow;

use super::spaces::{EMPTIED, IN_BIN};
use crate::{
    catalogue::ObjectNo,
    engine::{Buffer, Read, Scan, Space, try_scan},
    error::{Error, Result},
    store::keep::Deletion,
};

/// Bytes of a key.
const KEY_LEN: usize = 18;
const SIGN: u64 = 1 << 63;

/// A record that waits for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Due {
    /// When it was deleted, or emptied.
    pub(crate) at: i64,
    pub(crate) object: ObjectNo,
    /// Its packed id.
    pub(crate) id: u64,
}

impl Due {
    /// The entry of a record in the bin, and its space; `None` if it has none.
    pub(crate) fn of(deletion: &Deletion, object: ObjectNo, id: u64) -> Option<(Space, Self)> {
        if deletion.is_emptied() {
            return Some((EMPTIED, Self { at: deletion.emptied, object, id }));
        }
        let waits = deletion.ages() && deletion.root == (object, id);
        waits.then_some((IN_BIN, Self { at: deletion.when, object, id }))
    }

    /// The key of its entry.
    pub(crate) fn key(&self) -> [u8; KEY_LEN] {
        let mut key = [0; KEY_LEN];
        key[..8].copy_from_slice(&(self.at.cast_unsigned() ^ SIGN).to_be_bytes());
        key[8..10].copy_from_slice(&self.object.0.to_be_bytes());
        key[10..].copy_from_slice(&self.id.to_be_bytes());
        key
    }

    /// The record of an entry.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if it is none.
    pub(crate) fn read(key: &[u8]) -> Result<Self> {
        Self::decode(key).ok_or_else(no_entry)
    }

    pub(crate) fn decode(key: &[u8]) -> Option<Self> {
        let (at, rest) = key.split_first_chunk()?;
        let (object, id) = rest.split_first_chunk()?;
        Some(Self {
            at: (u64::from_be_bytes(*at) ^ SIGN).cast_signed(),
            object: ObjectNo(u16::from_be_bytes(*object)),
            id: u64::from_be_bytes(id.try_into().ok()?),
        })
    }

    /// Puts an entry of a record in the place of another.
    pub(crate) fn replace(
        old: Option<(Space, Self)>,
        new: Option<(Space, Self)>,
        buffer: &mut Buffer,
    ) {
        if old == new {
            return;
        }
        if let Some((space, due)) = old {
            buffer.remove(space, &due.key());
        }
        if let Some((space, due)) = new {
            buffer.insert(space, &due.key(), &[]);
        }
    }

    /// The first entries of a space that wait for times up to one, that one included.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn until(
        read: &dyn Read,
        space: Space,
        until: i64,
        limit: usize,
    ) -> Result<Vec<Self>> {
        let mut due = Vec::new();
        if limit == 0 {
            return Ok(due);
        }
        try_scan(read, space, Scan { limit, ..Scan::ALL }, |key, _| {
            let it = Self::read(key)?;
            if it.at > until {
                return Ok::<_, Error>(ControlFlow::Break(()));
            }
            due.push(it);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(due)
    }

    /// Is this the key of a record of an object?
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub(crate) fn is_of(key: &[u8], object: ObjectNo) -> Result<bool> {
        Ok(Self::read(key)?.object == object)
    }
}

fn no_entry() -> Error {
    Error::corrupt("what waits for a time of the recycle bin is no record")
}
