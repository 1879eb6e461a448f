//! Keys of index entries: bytes whose order is the order of the values.
//!
//! ```text
//! fixed width   8  the value as an ordered integer; 0 is null, so null comes first
//!               8  the packed id of the record
//! text          1  0 for null, 1 for a value
//!               n  the value in upper case, or as it is where case matters, each byte 00
//!                  written as 00 FF (no bytes for null)
//!               2  00 00
//!               8  the packed id of the record
//! ```
//!
//! Text is compared as an org with the English collation does: in upper case, but for unique
//! fields that are case sensitive. The terminator is
//! smaller than what any byte of a value is written as, so a prefix comes before what it begins.
//!
//! **Invariant:** for two values of a field, the order of their keys is the order of the values,
//! and of equal values the order of the ids. Ids as values are told apart, not ordered: their
//! packed form orders those of one object made in one place only.

use crate::{bytes::row::Cell, value::Storage};

/// The key of an entry of fixed width.
pub(crate) type FixedKey = [u8; 16];

/// The ordered integer of a value of fixed width; 0 for null and for no value.
pub(crate) fn ordered(storage: Storage, cell: Cell<'_>) -> u64 {
    const SIGN: u64 = 1 << 63;
    let Cell::Fixed(raw) = cell else { return 0 };
    match storage {
        Storage::Bool => raw + 1,
        // No value of these types is the smallest i64 (a long has 18 digits at most), so 0 stays
        // free for null.
        Storage::Int | Storage::Long | Storage::Date | Storage::DateTime | Storage::Time => {
            raw ^ SIGN
        }
        // Turns the sign-and-magnitude order of floats into that of integers. Only a NaN would
        // come out as 0, and none is stored.
        Storage::Double if raw & SIGN != 0 => !raw,
        Storage::Double => raw | SIGN,
        Storage::Id => raw,
        Storage::Text | Storage::Bytes => 0,
    }
}

/// The key of an entry for a value of fixed width.
pub(crate) fn fixed_key(value: u64, id: u64) -> FixedKey {
    (u128::from(value) << 64 | u128::from(id)).to_be_bytes()
}

/// How the texts of an index compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Collation {
    /// In upper case.
    IgnoreCase,
    /// As they are.
    Exact,
}

/// Appends what the key of an entry for a text begins with, without the id.
pub(crate) fn push_text(key: &mut Vec<u8>, text: Option<&str>, collation: Collation) {
    let Some(text) = text else {
        key.extend_from_slice(&[0, 0, 0]);
        return;
    };
    key.push(1);
    match collation {
        Collation::Exact => push_escaped(key, text.as_bytes()),
        // Upper case is a look-up in tables, which the texts of most records need not.
        Collation::IgnoreCase if text.is_ascii() => {
            let start = key.len();
            push_escaped(key, text.as_bytes());
            key[start..].make_ascii_uppercase();
        }
        Collation::IgnoreCase => {
            let mut utf8 = [0; 4];
            for c in text.chars().flat_map(char::to_uppercase) {
                push_escaped(key, c.encode_utf8(&mut utf8).as_bytes());
            }
        }
    }
    key.extend_from_slice(&[0, 0]);
}

fn push_escaped(key: &mut Vec<u8>, bytes: &[u8]) {
    for &byte in bytes {
        key.push(byte);
        if byte == 0 {
            key.push(0xFF);
        }
    }
}

/// The packed id at the end of an entry's key.
pub(crate) fn entry_id(key: &[u8]) -> Option<u64> {
    key.last_chunk().copied().map(u64::from_be_bytes)
}

#[cfg(test)]
mod tests;
