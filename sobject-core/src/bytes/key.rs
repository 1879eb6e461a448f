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

use super::Cell;
use crate::value::Storage;

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

/// The packed id at the end of an entry's key.
pub(crate) fn entry_id(key: &[u8]) -> Option<u64> {
    key.last_chunk().copied().map(u64::from_be_bytes)
}

#[cfg(test)]
mod tests;
