//! Packed ids: an id as 64 bits, in rows and keys.
//!
//! ```text
//! 16 bits  the number of the head: key prefix and instance, from an append-only dictionary
//! 48 bits  the record number
//! ```
//!
//! Heads are numbered from 1 in the order in which they are first seen, so a packed id is never
//! 0, which stands for null in keys. An id whose number needs more than 48 bits, and any id once
//! 65,534 heads are taken, goes through the side dictionary: head number 65,535, and a serial
//! number in place of its own.
//!
//! **Invariants:** every well-formed id comes back exactly. An entry of the dictionary is written
//! in the transaction of the first row that needs it, and never changes.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    bytes::key::entry_id,
    engine::{Buffer, Overlay, Read, Scan},
    error::{Error, Result},
    id::RecordId,
    store::schema::{HEADS, SIDE, SIDE_BY_TEXT},
};

/// Bits of the record number.
const NUMBER_BITS: u32 = 48;
/// The head number of the side dictionary.
const SIDE_HEAD: u16 = u16::MAX;

/// The dictionary of heads, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heads {
    /// By head number, less one.
    heads: Vec<[u8; 6]>,
    numbers: BTreeMap<[u8; 6], u16>,
}

impl Heads {
    /// Reads the dictionary.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the numbers have gaps; [`Error::Storage`].
    pub(crate) fn load(read: &dyn Read) -> Result<Self> {
        let mut heads = Self::default();
        let mut in_order = true;
        read.scan(HEADS, Scan::ALL, &mut |key, value| {
            let next = u64::from(heads.next_number().unwrap_or(SIDE_HEAD));
            in_order &= key == next.to_be_bytes()
                && value.len() == 6
                && value.iter().all(u8::is_ascii_alphanumeric);
            if let Ok(head) = value.try_into() {
                heads.push(head);
            }
            std::ops::ControlFlow::Continue(())
        })?;
        if in_order { Ok(heads) } else { Err(Error::corrupt("the dictionary of heads has gaps")) }
    }

    fn push(&mut self, head: [u8; 6]) {
        if let Some(number) = self.next_number() {
            self.heads.push(head);
            self.numbers.insert(head, number);
        }
    }

    /// The number of the next new head; `None` if all are taken.
    fn next_number(&self) -> Option<u16> {
        let number = u16::try_from(self.heads.len() + 1).ok()?;
        (number < SIDE_HEAD).then_some(number)
    }

    /// The packed id, if its head is known and its number fits.
    fn pack(&self, id: RecordId) -> Option<u64> {
        let number = *self.numbers.get(&id.head())?;
        fits(id).then(|| join(number, id.number()))
    }

    /// The id of a packed one, if its head is known.
    #[inline]
    pub(crate) fn unpack(&self, packed: u64) -> Option<RecordId> {
        let place = usize::from(head_number(packed)).wrapping_sub(1);
        Some(RecordId::from_known_head(*self.heads.get(place)?, serial(packed)))
    }
}

fn fits(id: RecordId) -> bool {
    id.number() >> NUMBER_BITS == 0
}

fn join(head: u16, number: u64) -> u64 {
    u64::from(head) << NUMBER_BITS | number
}

#[inline]
fn serial(packed: u64) -> u64 {
    packed & ((1 << NUMBER_BITS) - 1)
}

#[inline]
fn head_number(packed: u64) -> u16 {
    // What is left of 64 bits without 48 fits 16.
    u16::try_from(packed >> NUMBER_BITS).unwrap_or(SIDE_HEAD)
}

/// The packed id of an id that the store has seen; `None` if it has not, so no record has it.
///
/// # Errors
/// [`Error::Storage`].
pub(crate) fn pack_known(heads: &Heads, read: &dyn Read, id: RecordId) -> Result<Option<u64>> {
    if let Some(packed) = heads.pack(id) {
        return Ok(Some(packed));
    }
    if fits(id) && heads.next_number().is_some() {
        return Ok(None);
    }
    let mut packed = None;
    read.get(SIDE_BY_TEXT, &id.to_chars15(), &mut |value| {
        packed = value.try_into().ok().map(u64::from_be_bytes);
    })?;
    Ok(packed)
}

/// The packed id of an id, which the dictionary takes up if it must.
///
/// # Errors
/// [`Error::Storage`].
pub(crate) fn pack(
    heads: &mut Arc<Heads>,
    base: &dyn Read,
    buffer: &mut Buffer,
    id: RecordId,
) -> Result<u64> {
    if let Some(packed) = pack_known(heads, &Overlay { base, buffer }, id)? {
        return Ok(packed);
    }
    if let (true, Some(number)) = (fits(id), heads.next_number()) {
        buffer.insert(HEADS, &u64::from(number).to_be_bytes(), &id.head());
        Arc::make_mut(heads).push(id.head());
        return Ok(join(number, id.number()));
    }
    // The last serial number is found faster than the entries are counted.
    let mut packed = join(SIDE_HEAD, 0);
    Overlay { base, buffer }.scan(SIDE, Scan::LAST, &mut |key, _| {
        packed = entry_id(key).map_or(packed, |last| last + 1);
        std::ops::ControlFlow::Break(())
    })?;
    buffer.insert(SIDE, &packed.to_be_bytes(), &id.to_chars15());
    buffer.insert(SIDE_BY_TEXT, &id.to_chars15(), &packed.to_be_bytes());
    Ok(packed)
}

/// The id of a packed one.
///
/// # Errors
/// [`Error::Corrupt`] if the dictionary does not have it; [`Error::Storage`].
pub(crate) fn unpack(heads: &Heads, read: &dyn Read, packed: u64) -> Result<RecordId> {
    if let Some(id) = heads.unpack(packed) {
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

#[cfg(test)]
mod tests;
