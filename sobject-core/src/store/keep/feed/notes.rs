//! Notes on the feed: up to where it was cut off, how far its cursors have read, and up to when records
//! of an object are gone for good.
//!
//! ```text
//! key 0               the place of the last entry that was cut off, and then 8 bytes: the time up to
//!                     which arrivals were removed; there is none before the feed is first cut off
//! key 1, then a name  the place of the last entry that the cursor of this name has read
//! key 2, then 2       8 bytes: when the record was deleted that was deleted last, of those of the
//!                     object with this number that are gone for good
//!
//! place  8  the sequence number of an entry; 0 for the place before the first
//!        8  its stamp
//!        2  its object number
//!        8  its packed id
//! ```
//!
//! A place says more of its entry than where it stands, so that a place in another store is told from
//! one in this.

use std::ops::{Bound, ControlFlow};

use crate::{
    catalogue::ObjectNo,
    engine::{Buffer, Read, Scan, try_scan},
    error::{Error, Result},
    store::keep::{Entry, FEED_NOTES},
};

const CUT: u8 = 0;
const CURSOR: u8 = 1;
const PURGED: u8 = 2;

/// A place in the feed: behind one of its entries, or before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct FeedPlace {
    pub(crate) sequence: u64,
    pub(crate) stamp: i64,
    pub(crate) object: u16,
    pub(crate) id: u64,
}

impl FeedPlace {
    /// Bytes of a place.
    pub(crate) const LEN: usize = 26;

    /// The place behind an entry.
    pub(crate) fn behind(sequence: u64, entry: &Entry) -> Self {
        Self { sequence, stamp: entry.stamp, object: entry.object.0, id: entry.id }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::LEN);
        bytes.extend_from_slice(&self.sequence.to_be_bytes());
        bytes.extend_from_slice(&self.stamp.to_be_bytes());
        bytes.extend_from_slice(&self.object.to_be_bytes());
        bytes.extend_from_slice(&self.id.to_be_bytes());
        bytes
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (sequence, rest) = bytes.split_first_chunk()?;
        let (stamp, rest) = rest.split_first_chunk()?;
        let (object, id) = rest.split_first_chunk()?;
        Some(Self {
            sequence: u64::from_be_bytes(*sequence),
            stamp: i64::from_be_bytes(*stamp),
            object: u16::from_be_bytes(*object),
            id: u64::from_be_bytes(id.try_into().ok()?),
        })
    }

    /// How the place stands to the feed.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn stands(&self, read: &dyn Read) -> Result<Stands> {
        let cut = Cut::read(read)?.unwrap_or_default();
        if self.sequence < cut.place.sequence {
            return Ok(Stands::CutOff);
        }
        if self.sequence == cut.place.sequence {
            return Ok(if *self == cut.place { Stands::Here } else { Stands::Elsewhere });
        }
        let entry = Entry::at(read, self.sequence)?;
        let is_here = entry.is_some_and(|entry| Self::behind(self.sequence, &entry) == *self);
        Ok(if is_here { Stands::Here } else { Stands::Elsewhere })
    }
}

/// How a place stands to a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    /// What comes behind it is there.
    Here,
    /// Some of what comes behind it was cut off.
    CutOff,
    /// It is none of this feed.
    Elsewhere,
}

/// Up to where the feed was cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The last entry that was cut off.
    pub(crate) place: FeedPlace,
    /// Arrivals with stamps before this may have been removed.
    pub(crate) arrivals: i64,
}

impl Default for Cut {
    /// Nothing was cut off.
    fn default() -> Self {
        Self { place: FeedPlace::default(), arrivals: i64::MIN }
    }
}

impl Cut {
    /// Where the feed was cut off; `None` if it is whole.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn read(read: &dyn Read) -> Result<Option<Self>> {
        let mut cut = None;
        let is_there = read.get(FEED_NOTES, &[CUT], &mut |value| cut = Self::decode(value))?;
        if is_there && cut.is_none() {
            return Err(Error::corrupt("where the feed was cut off is no place"));
        }
        Ok(cut)
    }

    pub(crate) fn put(&self, buffer: &mut Buffer) {
        let mut value = self.place.encode();
        value.extend_from_slice(&self.arrivals.to_be_bytes());
        buffer.put(FEED_NOTES, &[CUT], &value);
    }

    fn decode(value: &[u8]) -> Option<Self> {
        let (place, arrivals) = value.split_at_checked(FeedPlace::LEN)?;
        let arrivals = i64::from_be_bytes(arrivals.try_into().ok()?);
        Some(Self { place: FeedPlace::decode(place)?, arrivals })
    }
}

/// The cursors that are kept, by name.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn cursors(read: &dyn Read) -> Result<Vec<(String, FeedPlace)>> {
    let mut cursors = Vec::new();
    let (from, to) = (Bound::Included(&[CURSOR][..]), Bound::Excluded(&[CURSOR + 1][..]));
    try_scan(read, FEED_NOTES, Scan { from, to, ..Scan::ALL }, |key, value| {
        let name = key.get(1..).and_then(|name| String::from_utf8(name.to_vec()).ok());
        let cursor = name.zip(FeedPlace::decode(value));
        cursors.push(cursor.ok_or_else(|| Error::corrupt("a cursor of the feed is none"))?);
        Ok::<_, Error>(ControlFlow::Continue(()))
    })?;
    Ok(cursors)
}

/// The place of the cursor of this name, if there is one.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn cursor(read: &dyn Read, name: &str) -> Result<Option<FeedPlace>> {
    let mut place = None;
    let key = cursor_key(name);
    let is_there = read.get(FEED_NOTES, &key, &mut |value| place = FeedPlace::decode(value))?;
    if is_there && place.is_none() {
        return Err(Error::corrupt("a cursor of the feed is none"));
    }
    Ok(place)
}

/// The key of a cursor.
pub(crate) fn cursor_key(name: &str) -> Vec<u8> {
    [&[CURSOR], name.as_bytes()].concat()
}

/// When the record was deleted that was deleted last, of those of an object that are gone for good;
/// `None` if none is.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn purged_until(read: &dyn Read, object: ObjectNo) -> Result<Option<i64>> {
    let mut until = None;
    let is_there = read.get(FEED_NOTES, &purged_key(object), &mut |value| {
        until = value.try_into().ok().map(i64::from_be_bytes);
    })?;
    if is_there && until.is_none() {
        return Err(Error::corrupt("the time of a purge is none"));
    }
    Ok(until)
}

/// Notes that a record of an object, which was deleted at `when`, is gone for good, and that none was
/// deleted later that is.
pub(crate) fn note_purged(buffer: &mut Buffer, object: ObjectNo, when: i64) {
    buffer.put(FEED_NOTES, &purged_key(object), &when.to_be_bytes());
}

fn purged_key(object: ObjectNo) -> [u8; 3] {
    let [high, low] = object.0.to_be_bytes();
    [PURGED, high, low]
}

/// What a note is of, by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Note {
    Cut,
    Cursor,
    Purged(ObjectNo),
}

impl Note {
    /// What the note with this key is of; `None` if it is none.
    pub(crate) fn of(key: &[u8]) -> Option<Self> {
        match key {
            [CUT] => Some(Self::Cut),
            [CURSOR, name @ ..] => std::str::from_utf8(name).ok().map(|_| Self::Cursor),
            [PURGED, high, low] => Some(Self::Purged(ObjectNo(u16::from_be_bytes([*high, *low])))),
            _ => None,
        }
    }
}
