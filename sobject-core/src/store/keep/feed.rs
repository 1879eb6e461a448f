//! The feed: an append-only log of every change, written in the transaction of the change.
//!
//! ```text
//! key    8  sequence, from 1, without gaps
//! value  1  kind: 1 create, 2 update, 3 delete, 4 undelete, 5 purge; with 80 added (hexadecimal) if
//!           a replica put the record as its source has it
//!        8  stamp: milliseconds since 1970-01-01T00:00:00Z
//!        2  object number
//!        8  packed id of the record
//!        8  packed id of the caller
//!        2  for each changed slot: its number (update only)
//! ```
//!
//! The kind says what happened in this store: a replica's record that is put into the recycle bin,
//! or that changes there, is a delete. The stamp is always the time of the write in this store; a
//! record that a replica put has the stamps of its source, which may be any times. The changed
//! slots of a replica's update include those of the system fields.
//!
//! The oldest entries may be cut off; [`notes`] says up to which. The last is always kept, since the
//! next gets the number behind it. What a replica put is found by the stamps of its source in
//! [`arrivals`].
//!
//! **Invariant:** stamps never go back as the sequence goes on, so the entries of a span of time
//! are a range of the sequence.

pub(crate) mod arrivals;
pub(crate) mod notes;

use std::ops::{Bound, ControlFlow};

use crate::{
    bytes::{Slot, date_time},
    catalogue::ObjectNo,
    engine::{Buffer, Read, Scan, try_scan},
    error::{Error, Result},
    store::keep::FEED,
};

/// The bit of the kind that marks what a replica put.
const REPLICA: u8 = 0x80;

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Create = 1,
    Update = 2,
    Delete = 3,
    Undelete = 4,
    /// It left the recycle bin for good.
    Purge = 5,
}

/// One change of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    /// Did a replica put the record, with the stamps of its source?
    pub(crate) is_replica: bool,
    pub(crate) stamp: i64,
    pub(crate) object: ObjectNo,
    pub(crate) id: u64,
    pub(crate) caller: u64,
    pub(crate) changed: Vec<Slot>,
}

impl Entry {
    /// Appends the change to the feed. It gets its sequence number when the buffer is applied.
    pub(crate) fn append(&self, buffer: &mut Buffer) {
        buffer.append_with(FEED, |value| {
            value.push(self.kind as u8 | if self.is_replica { REPLICA } else { 0 });
            value.extend_from_slice(&self.stamp.to_be_bytes());
            value.extend_from_slice(&self.object.0.to_be_bytes());
            value.extend_from_slice(&self.id.to_be_bytes());
            value.extend_from_slice(&self.caller.to_be_bytes());
            for slot in &self.changed {
                value.extend_from_slice(&slot.to_be_bytes());
            }
        });
    }

    /// Reads a change; `None` if the bytes are not an entry of the feed. A stamp that is no time is
    /// none either: no later stamp could be earlier, so every write would take it over.
    pub(crate) fn decode(value: &[u8]) -> Option<Self> {
        let (kind, rest) = value.split_first()?;
        let (stamp, rest) = rest.split_first_chunk()?;
        let stamp = i64::from_be_bytes(*stamp);
        date_time(stamp).ok()?;
        let (object, rest) = rest.split_first_chunk()?;
        let (id, rest) = rest.split_first_chunk()?;
        let (caller, slots) = rest.split_first_chunk()?;
        let (slots, []) = slots.as_chunks() else { return None };
        Some(Self {
            is_replica: kind & REPLICA != 0,
            kind: match kind & !REPLICA {
                1 => Kind::Create,
                2 => Kind::Update,
                3 => Kind::Delete,
                4 => Kind::Undelete,
                5 => Kind::Purge,
                _ => return None,
            },
            stamp,
            object: ObjectNo(u16::from_be_bytes(*object)),
            id: u64::from_be_bytes(*id),
            caller: u64::from_be_bytes(*caller),
            changed: slots.iter().copied().map(Slot::from_be_bytes).collect(),
        })
    }

    /// The entry of a sequence number, if there is one.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn at(read: &dyn Read, sequence: u64) -> Result<Option<Self>> {
        let mut entry = None;
        let is_there = read.get(FEED, &sequence.to_be_bytes(), &mut |value| {
            entry = Self::decode(value);
        })?;
        if is_there && entry.is_none() {
            return Err(Error::corrupt(format!("the feed's change {sequence} does not decode")));
        }
        Ok(entry)
    }

    /// The sequence number of the first entry that is stamped `stamp` or later; the number behind the
    /// last entry if there is none.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn first_since(read: &dyn Read, stamp: i64) -> Result<u64> {
        let (last, last_stamp) = Self::last(read)?;
        if last == 0 || last_stamp < stamp {
            return Ok(last + 1);
        }
        // Windows are recent, so the search goes back from the end in steps that grow, and then
        // halves the last step.
        let stamp_at = |sequence| -> Result<i64> {
            let none = || Error::corrupt(format!("the feed lacks change {sequence}"));
            Ok(Self::at(read, sequence)?.ok_or_else(none)?.stamp)
        };
        let first = Self::first(read)?;
        let (mut low, mut high, mut step) = (first, last, 1);
        while high > first {
            let back = high.saturating_sub(step).max(first);
            if stamp_at(back)? < stamp {
                low = back + 1;
                break;
            }
            (high, step) = (back, step * 2);
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if stamp_at(middle)? < stamp { low = middle + 1 } else { high = middle }
        }
        Ok(low)
    }

    /// Visits the entries behind a sequence number, in turn, until `f` breaks.
    ///
    /// # Errors
    /// Those of `f`; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn scan(
        read: &dyn Read,
        after: u64,
        f: &mut dyn FnMut(u64, Self) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let after = after.to_be_bytes();
        let scan = Scan { from: Bound::Excluded(&after), ..Scan::ALL };
        try_scan(read, FEED, scan, |key, value| {
            let none = || Error::corrupt("an entry of the feed is none");
            let sequence = key.try_into().map(u64::from_be_bytes).map_err(|_| none())?;
            f(sequence, Self::decode(value).ok_or_else(none)?)
        })?;
        Ok(())
    }

    /// The sequence number of the first entry that is kept; 1 if the feed is empty.
    fn first(read: &dyn Read) -> Result<u64> {
        let mut first = Some(1);
        read.scan(FEED, Scan { limit: 1, ..Scan::ALL }, &mut |key, _| {
            first = key.try_into().ok().map(u64::from_be_bytes);
            ControlFlow::Break(())
        })?;
        first.ok_or_else(|| Error::corrupt("the first entry of the feed is not one"))
    }

    /// The sequence number and the stamp of the last entry; 0 and the earliest stamp if the feed is
    /// empty.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn last(read: &dyn Read) -> Result<(u64, i64)> {
        let mut end = Some((0, i64::MIN));
        read.scan(FEED, Scan::LAST, &mut |key, value| {
            let sequence = key.try_into().ok().map(u64::from_be_bytes);
            end = sequence.zip(Self::decode(value).map(|entry| entry.stamp));
            ControlFlow::Break(())
        })?;
        end.ok_or_else(|| Error::corrupt("the last entry of the feed is not one"))
    }
}
