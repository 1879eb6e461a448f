//! The spaces of a file: those of the store itself, and then those of the objects.
//!
//! | space | keys | values | what |
//! |---|---|---|---|
//! | 0 | text | JSON | the catalogue, as `file::entries` lists it |
//! | 1 | head number, 8 bytes | 6 characters | the dictionary of id heads |
//! | 2 | packed id | 15 characters | the side dictionary: ids that do not fit a packed id |
//! | 3 | 15 characters | packed id | the side dictionary the other way round |
//! | 4 | counter, 8 bytes | next number, 8 bytes | leases |
//! | 5 | sequence, 8 bytes | entry | the feed |
//! | 6 | user and record, 16 bytes | two times and a turn, 24 bytes | per-caller fields |
//! | 7 | root, object, record and slot | packed id, or none | what deletions took along, by their root |
//! | 8 | object, slot and value | place and text | how unlisted values of picklists were first written |
//! | 9 | time, object and record, 18 bytes | | what is in the recycle bin, by when it was deleted |
//! | 10 | what the note is of | note | notes on the feed: its cut, its cursors, and what was purged |
//! | 11 | user, turn and record; record and user | object | what callers have seen, newest last, and by record |
//! | 12 | object, SystemModstamp and record, 16 bytes | | what a replica put, by the stamps of its source |
//! | 13 | time, object and record, 18 bytes | | what was emptied from the recycle bin, by when that was |
//! | 14 and 15 | | | free |
//! | from 16 | | | records and index entries of the objects |
//!
//! The bytes of each space are drawn in the module that reads and writes it.

use crate::engine::{KeyWidth, Space};

/// The catalogue, as JSON.
pub(crate) const CATALOGUE: Space = Space { id: 0, keys: KeyWidth::Bytes, values: true };
/// The first six characters of ids, by number.
pub(crate) const HEADS: Space = Space { id: 1, keys: KeyWidth::U64, values: true };
/// The side dictionary: ids that do not fit a packed id, by the packed id that stands for them.
pub(crate) const SIDE: Space = Space { id: 2, keys: KeyWidth::U64, values: true };
/// The side dictionary the other way round: packed ids by the 15 characters of the id.
pub(crate) const SIDE_BY_TEXT: Space = Space { id: 3, keys: KeyWidth::Bytes, values: true };
/// The first number of each counter that is not leased.
pub(crate) const LEASES: Space = Space { id: 4, keys: KeyWidth::U64, values: true };
/// The feed: the log of changes.
pub(crate) const FEED: Space = Space { id: 5, keys: KeyWidth::U64, values: true };
/// When each user last viewed and referenced each record.
pub(crate) const PER_CALLER: Space = Space { id: 6, keys: KeyWidth::U128, values: true };
/// What deletions took along, by their root.
pub(crate) const ALONG: Space = Space { id: 7, keys: KeyWidth::Bytes, values: true };
/// How the values that open picklists do not list were first written.
pub(crate) const SPELLINGS: Space = Space { id: 8, keys: KeyWidth::Bytes, values: true };

/// What is in the recycle bin, by when it was deleted.
pub(crate) const IN_BIN: Space = Space { id: 9, keys: KeyWidth::Bytes, values: false };
/// Notes on the feed: up to where it was cut off, its cursors, and what was purged.
pub(crate) const FEED_NOTES: Space = Space { id: 10, keys: KeyWidth::Bytes, values: true };
/// What callers have seen, by the turn in which they did, and by record.
pub(crate) const RECENT: Space = Space { id: 11, keys: KeyWidth::Bytes, values: true };
/// What a replica put, by the stamps that records have from their source.
pub(crate) const ARRIVALS: Space = Space { id: 12, keys: KeyWidth::U128, values: false };

/// What was emptied from the recycle bin, by when that was.
pub(crate) const EMPTIED: Space = Space { id: 13, keys: KeyWidth::Bytes, values: false };

/// The store's own spaces.
pub(crate) const OWN_SPACES: [Space; 14] = [
    CATALOGUE,
    HEADS,
    SIDE,
    SIDE_BY_TEXT,
    LEASES,
    FEED,
    PER_CALLER,
    ALONG,
    SPELLINGS,
    IN_BIN,
    FEED_NOTES,
    RECENT,
    ARRIVALS,
    EMPTIED,
];

/// A space of records, keyed by packed id.
pub(crate) const fn record_space(id: u16) -> Space {
    Space { id, keys: KeyWidth::U64, values: true }
}
