//! Keys of index entries: bytes whose order is the order of the values.
//!
//! ```text
//! fixed width   8  the value as an ordered integer; 0 is null, so null comes first
//!               8  the packed id of the record
//! text          1  0 for null, 1 for a value
//!               n  the value in upper case, each byte 00 written as 00 FF (no bytes for null)
//!               2  00 00
//!               8  the packed id of the record
//! ```
//!
//! Text is compared as an org with the English collation does: in upper case. The terminator is
//! smaller than what any byte of a value is written as, so a prefix comes before what it begins.
//!
//! **Invariant:** for two values of a field, the order of their keys is the order of the values,
//! and of equal values the order of the ids. Ids order by their packed form: by number among the
//! records of one object made in one place.

use crate::{bytes::row::Cell, value::Storage};

/// The key of an entry of fixed width.
pub(crate) type FixedKey = [u8; 16];

/// The ordered integer of a value of fixed width; 0 for null and for no value.
pub(crate) fn ordered(storage: Storage, cell: Cell<'_>) -> u64 {
    const SIGN: u64 = 1 << 63;
    let Cell::Fixed(raw) = cell else { return 0 };
    match storage {
        Storage::Bool => raw + 1,
        // No date, date-time or 32-bit integer is the smallest i64, so 0 stays free for null.
        Storage::Int | Storage::Date | Storage::DateTime => raw ^ SIGN,
        // Turns the sign-and-magnitude order of floats into that of integers. Only a NaN would
        // come out as 0, and none is stored.
        Storage::Double if raw & SIGN != 0 => !raw,
        Storage::Double => raw | SIGN,
        Storage::Id => raw,
        Storage::Text => 0,
    }
}

/// The key of an entry for a value of fixed width.
pub(crate) fn fixed_key(value: u64, id: u64) -> FixedKey {
    (u128::from(value) << 64 | u128::from(id)).to_be_bytes()
}

/// Appends what the key of an entry for a text begins with, without the id.
pub(crate) fn push_text(key: &mut Vec<u8>, text: Option<&str>) {
    let Some(text) = text else {
        key.extend_from_slice(&[0, 0, 0]);
        return;
    };
    key.push(1);
    let mut utf8 = [0; 4];
    for c in text.chars().flat_map(char::to_uppercase) {
        for &byte in c.encode_utf8(&mut utf8).as_bytes() {
            key.push(byte);
            if byte == 0 {
                key.push(0xFF);
            }
        }
    }
    key.extend_from_slice(&[0, 0]);
}

/// The packed id at the end of an entry's key.
pub(crate) fn entry_id(key: &[u8]) -> Option<u64> {
    key.last_chunk().copied().map(u64::from_be_bytes)
}
