//! The feed: an append-only log of every change, written in the transaction of the change.
//!
//! ```text
//! key    8  sequence, from 1, without gaps
//! value  1  kind: 1 create, 2 update, 3 delete, 4 undelete; with 80 added (hexadecimal) if a
//!           replica put the record as its source has it
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
//! **Invariant:** stamps never go back as the sequence goes on, so the entries of a span of time
//! are a range of the sequence.

use std::ops::ControlFlow;

use crate::{
    bytes::{Slot, date_time},
    catalogue::ObjectNo,
    engine::{Buffer, Read, Scan},
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
                _ => return None,
            },
            stamp,
            object: ObjectNo(u16::from_be_bytes(*object)),
            id: u64::from_be_bytes(*id),
            caller: u64::from_be_bytes(*caller),
            changed: slots.iter().copied().map(Slot::from_be_bytes).collect(),
        })
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
