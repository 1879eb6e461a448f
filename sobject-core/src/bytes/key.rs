//! Keys of index entries: bytes that are ordered like the values they stand for.
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
//! Text is compared as in an org with the English collation: in upper case, except in unique fields
//! that are case sensitive. The two zeros at the end are smaller than any byte of a value as it is
//! written, so that `ab` comes before `abc`. Which of these forms an index uses, and where the
//! packed id stands in a unique one, is drawn in `store::keep`.
//!
//! **Invariant:** the keys of two values of a field have the order of the values, and the keys of
//! equal values have the order of the ids. Ids as values are an exception: equal ids have equal
//! keys, but the order of packed ids is that of ids only if they have the same key prefix and
//! instance.

use super::Cell;
use crate::value::Storage;

/// The key of an entry of fixed width.
pub(crate) type FixedKey = [u8; 16];

/// An integer that is ordered like the values of fixed width of one storage; 0 for null, and for a
/// cell that is not of fixed width.
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
        // Turns the sign and magnitude of floats into the order of integers: the greater the
        // magnitude of a negative one, the smaller the integer. Only a NaN would become 0, and none
        // is stored.
        Storage::Double if raw & SIGN != 0 => !raw,
        Storage::Double => raw | SIGN,
        Storage::Id => raw,
        Storage::Text | Storage::Bytes => 0,
    }
}

/// The bits of the value that an ordered integer stands for: the inverse of [`ordered`].
pub(crate) fn unordered(storage: Storage, number: u64) -> u64 {
    const SIGN: u64 = 1 << 63;
    match storage {
        Storage::Bool => number.saturating_sub(1),
        Storage::Int | Storage::Long | Storage::Date | Storage::DateTime | Storage::Time => {
            number ^ SIGN
        }
        Storage::Double if number & SIGN == 0 => !number,
        Storage::Double => number & !SIGN,
        Storage::Id | Storage::Text | Storage::Bytes => number,
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
