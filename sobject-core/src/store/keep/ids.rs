//! [`Ids`]: packs ids into the 64 bits that they have in rows and keys, and unpacks them.
//!
//! ```text
//! 16 bits  the number of the head: key prefix and instance, from an append-only dictionary
//! 48 bits  the record number
//! ```
//!
//! The head of an id is its first six characters. Heads are numbered from 1 in the order in which
//! the store meets them, so a packed id is never 0, which stands for null in keys. Some ids do not
//! fit: those whose record number needs more than 48 bits, and those with a new head when 65,534
//! heads have numbers already. Such an id is entered in the side dictionary under a serial number,
//! and its packed form is the head number 65,535 with that serial number.
//!
//! [`Heads`] holds the committed heads in memory, and is shared by all readers and writers. Each of
//! them has an [`Ids`] of its own: the committed heads, and those that its own write has added.
//!
//! **Invariants:** every well-formed id that is packed is unpacked as the very same id. An entry of
//! a dictionary is written in the transaction of the first row that needs it, and never changes.
//! Other readers and writers see a head only when it is committed.

mod head_order;
mod heads;

use std::{collections::BTreeMap, ops::ControlFlow, sync::Arc};

pub(crate) use self::{
    head_order::{HeadOrder, next_head},
    heads::Heads,
};
use crate::{
    bytes::entry_id,
    engine::{Buffer, Overlay, Read, Scan},
    error::{Error, Result},
    id::RecordId,
    store::keep::{HEADS, SIDE, SIDE_BY_TEXT},
};

/// Bits of the record number.
const NUMBER_BITS: u32 = 48;
/// The head number of ids that are in the side dictionary.
const SIDE_HEAD: u16 = u16::MAX;

/// The dictionary of heads as one reader or writer sees it.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    committed: Arc<Heads>,
    /// How many committed heads there were when this was made.
    n_committed: usize,
    /// The heads that the write has added, in the order of their numbers.
    new: Vec<[u8; 6]>,
    new_numbers: BTreeMap<[u8; 6], u16>,
}

impl Ids {
    /// Starts with the committed heads.
    pub(crate) fn new(committed: Arc<Heads>) -> Self {
        let n_committed = committed.len();
        Self { committed, n_committed, new: Vec::new(), new_numbers: BTreeMap::new() }
    }

    /// Reads the heads anew from `read`, for callers without an open store.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the numbers of the heads have gaps; [`Error::Storage`].
    pub(crate) fn load(read: &dyn Read) -> Result<Self> {
        let heads = Heads::default();
        heads.catch_up(read)?;
        Ok(Self::new(Arc::new(heads)))
    }

    /// How many heads the write has added.
    pub(crate) fn n_new(&self) -> usize {
        self.new.len()
    }

    /// Takes back the heads that the write has added, except the first `n_new`.
    pub(crate) fn keep_new(&mut self, n_new: usize) {
        for head in self.new.drain(n_new..) {
            self.new_numbers.remove(&head);
        }
    }

    /// Shares the heads that the write has added with all readers and writers. It was committed,
    /// and left the engine in this state.
    pub(crate) fn commit(self, state: Option<u64>) {
        self.committed.extend(self.n_committed, &self.new);
        if let Some(state) = state {
            self.committed.knows(state);
        }
    }

    /// The number of the next new head; `None` if there is none left.
    fn next_number(&self) -> Option<u16> {
        let number = u16::try_from(self.n_committed + self.new.len() + 1).ok()?;
        (number < SIDE_HEAD).then_some(number)
    }

    /// Are there no numbers left for new heads?
    pub(crate) fn is_full(&self) -> bool {
        // For a reader, which adds none, others may have added heads since this began.
        let n_heads = self.committed.len().max(self.n_committed) + self.new.len();
        n_heads + 1 >= usize::from(SIDE_HEAD)
    }

    /// The number of a head, if it has one.
    pub(crate) fn head_number(&self, head: [u8; 6]) -> Option<u16> {
        self.committed.number_of(head).or_else(|| self.new_numbers.get(&head).copied())
    }

    /// The packed form of an id, if no read is needed to tell it.
    pub(crate) fn pack_in_memory(&self, id: RecordId) -> Option<u64> {
        let number = self.head_number(id.head()).filter(|_| fits(id))?;
        Some(packed_id(number, id.number()))
    }

    /// The packed form of an id; `None` if it has none so far, which means that no record has it.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn pack_known(&self, read: &dyn Read, id: RecordId) -> Result<Option<u64>> {
        if let Some(packed) = self.pack_in_memory(id) {
            return Ok(Some(packed));
        }
        if fits(id) && !self.is_full() {
            return Ok(None);
        }
        let mut packed = Ok(None);
        read.get(SIDE_BY_TEXT, &id.to_chars15(), &mut |value| {
            packed = value.try_into().map(u64::from_be_bytes).map(Some);
        })?;
        packed.map_err(|_| Error::corrupt(format!("what stands for {id} is no packed id")))
    }

    /// The packed form of an id. If it has none so far, it is entered in a dictionary.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the side dictionary has no place left; [`Error::Storage`].
    pub(crate) fn pack(
        &mut self,
        base: &dyn Read,
        buffer: &mut Buffer,
        id: RecordId,
    ) -> Result<u64> {
        if let Some(packed) = self.pack_known(&Overlay { base, buffer }, id)? {
            return Ok(packed);
        }
        if let (true, Some(number)) = (fits(id), self.next_number()) {
            self.add(buffer, id.head(), number);
            return Ok(packed_id(number, id.number()));
        }
        // Finding the last serial number is faster than counting the entries.
        let mut packed = Some(packed_id(SIDE_HEAD, 0));
        Overlay { base, buffer }.scan(SIDE, Scan::LAST, &mut |key, _| {
            packed = entry_id(key).and_then(|last| last.checked_add(1));
            ControlFlow::Break(())
        })?;
        let packed = packed.filter(|packed| head_of(*packed) == SIDE_HEAD);
        let packed = packed.ok_or_else(|| Error::corrupt("the side dictionary of ids is full"))?;
        buffer.put(SIDE, &packed.to_be_bytes(), &id.to_chars15());
        buffer.put(SIDE_BY_TEXT, &id.to_chars15(), &packed.to_be_bytes());
        Ok(packed)
    }

    fn add(&mut self, buffer: &mut Buffer, head: [u8; 6], number: u16) {
        buffer.put(HEADS, &u64::from(number).to_be_bytes(), &head);
        self.new.push(head);
        self.new_numbers.insert(head, number);
    }

    /// The number of a head. If it has none so far, it is entered in the dictionary; `None` if
    /// there is no number left for it.
    pub(crate) fn number_head(&mut self, buffer: &mut Buffer, head: [u8; 6]) -> Option<u16> {
        if let Some(number) = self.head_number(head) {
            return Some(number);
        }
        let number = self.next_number()?;
        self.add(buffer, head, number);
        Some(number)
    }

    /// The id with this packed form, if no read is needed to tell it.
    #[inline]
    pub(crate) fn unpack_known(&self, packed: u64) -> Option<RecordId> {
        let place = usize::from(head_of(packed)).wrapping_sub(1);
        let head = match self.committed.get(place) {
            Some(head) => head,
            None => *self.new.get(place.wrapping_sub(self.n_committed))?,
        };
        Some(RecordId::from_known_head(head, serial(packed)))
    }

    /// The id with this packed form.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the dictionaries do not have it; [`Error::Storage`].
    pub(crate) fn unpack(&self, read: &dyn Read, packed: u64) -> Result<RecordId> {
        if let Some(id) = self.unpack_known(packed) {
            return Ok(id);
        }
        let mut id = None;
        read.get(SIDE, &packed.to_be_bytes(), &mut |value| {
            id = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
        })?;
        id.ok_or_else(|| {
            Error::corrupt(format!("the packed id {packed:#018x} is not in the dictionary"))
        })
    }
}

/// Is the number of an id one that a record made here can have? Those of the upper half of the
/// numbers that fit, and greater ones, come with a replica's records alone: they are never drawn, and
/// so need no counter to pass them.
pub(crate) fn can_be_drawn(id: RecordId) -> bool {
    id.number() >> (NUMBER_BITS - 1) == 0
}

/// Fits the number of an id into a packed one?
fn fits(id: RecordId) -> bool {
    id.number() >> NUMBER_BITS == 0
}

/// The packed form of an id that fits, by the number of its head.
pub(crate) fn packed_id(head: u16, number: u64) -> u64 {
    u64::from(head) << NUMBER_BITS | number
}

#[inline]
fn serial(packed: u64) -> u64 {
    packed & ((1 << NUMBER_BITS) - 1)
}

/// The number of the head of a packed id.
#[inline]
pub(crate) fn head_of(packed: u64) -> u16 {
    // The 16 bits that are left always fit.
    u16::try_from(packed >> NUMBER_BITS).unwrap_or(SIDE_HEAD)
}

#[cfg(test)]
mod tests;
