//! What a replica put, by the stamps that records have from their source.
//!
//! The feed dates what a replica puts by its arrival. But a record that was put has the SystemModstamp
//! of its source, and by that getUpdated and getDeleted ask. So each put of a replica leaves an entry
//! here as well:
//!
//! ```text
//! key    2  object number
//!        6  the SystemModstamp that the record was put with: milliseconds since 1970-01-01T00:00:00Z,
//!           and 2^47 more, so that earlier ones come first
//!        8  packed id of the record
//! ```
//!
//! A record that changes again leaves its entry behind, which leads to it with a stamp that it has no
//! more. Whoever finds a record by an entry looks at the record. Entries that no window reaches any
//! more go when the feed is cut off.
//!
//! **Invariant:** a record whose last change is a replica's has an entry by its SystemModstamp, if that
//! is not before the time up to which entries were removed.

use std::ops::{Bound, ControlFlow, RangeInclusive};

use crate::{
    bytes::{entry_id, fixed_key},
    catalogue::ObjectNo,
    engine::{Buffer, Read, Scan},
    error::{Error, Result},
    store::keep::ARRIVALS,
};

/// The key of an entry.
pub(crate) type Key = [u8; 16];

/// What is added to a stamp, which makes it a number of 48 bits that is not negative.
const SHIFT: i64 = 1 << 47;
/// The bits of a stamp.
const BITS: u32 = 48;

/// The key of a record that was put with this stamp, which is between the years 1700 and 4000.
pub(crate) fn key(object: ObjectNo, stamp: i64, id: u64) -> Key {
    let stamp = stamp.saturating_add(SHIFT).clamp(0, (1 << BITS) - 1).cast_unsigned();
    fixed_key(u64::from(object.0) << BITS | stamp, id)
}

/// Notes that a replica put a record with this SystemModstamp.
pub(crate) fn note(buffer: &mut Buffer, object: ObjectNo, stamp: i64, id: u64) {
    buffer.put(ARRIVALS, &key(object, stamp, id), &[]);
}

/// Visits the records of an object, by packed id, that a replica put with stamps of a window, and some
/// that have other stamps by now: no more than `limit` entries, behind the key `after`. If there may be
/// more entries, the key that they are behind.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn within(
    read: &dyn Read,
    object: ObjectNo,
    stamps: RangeInclusive<i64>,
    after: Option<&[u8]>,
    limit: usize,
    f: &mut dyn FnMut(u64),
) -> Result<Option<Vec<u8>>> {
    let (from, to) = (key(object, *stamps.start(), 0), key(object, *stamps.end(), u64::MAX));
    let from = after.map_or(Bound::Included(&from[..]), Bound::Excluded);
    let to = Bound::Included(&to[..]);
    Ok(read.scan(ARRIVALS, Scan { from, to, limit, ..Scan::ALL }, &mut |key, _| {
        f(entry_id(key).unwrap_or_default());
        ControlFlow::Continue(())
    })?)
}

/// The first keys of an object's entries with stamps before one, at most so many.
///
/// # Errors
/// [`Error::Storage`].
pub(crate) fn keys_before(
    read: &dyn Read,
    object: ObjectNo,
    stamp: i64,
    limit: usize,
) -> Result<Vec<Key>> {
    let (from, to) = (key(object, i64::MIN, 0), key(object, stamp, 0));
    let (from, to) = (Bound::Included(&from[..]), Bound::Excluded(&to[..]));
    let mut keys = Vec::new();
    read.scan(ARRIVALS, Scan { from, to, limit, ..Scan::ALL }, &mut |key, _| {
        keys.extend(Key::try_from(key));
        ControlFlow::Continue(())
    })?;
    Ok(keys)
}

/// Removes an entry.
pub(crate) fn remove(buffer: &mut Buffer, key: &Key) {
    buffer.remove(ARRIVALS, key);
}

/// The object that an entry is of.
///
/// # Errors
/// [`Error::Corrupt`] if the bytes are no key.
pub(crate) fn object_of(key: &[u8]) -> Result<ObjectNo> {
    let object = key.first_chunk().copied().map(u16::from_be_bytes);
    object.map(ObjectNo).ok_or_else(|| Error::corrupt("an arrival without an object"))
}
