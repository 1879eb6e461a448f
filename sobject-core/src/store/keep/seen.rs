//! [`Seen`], the values of the per-caller fields: when a user last viewed or referenced a record.
//!
//! LastViewedDate and LastReferencedDate are described like other fields. But a record has a value
//! of them for each user, so they are not in its row but in a space of their own.
//!
//! ```text
//! key    8  packed id of the user
//!        8  packed id of the record
//! value  8  LastViewedDate: milliseconds since 1970-01-01T00:00:00Z; the least integer stands for
//!           never
//!        8  LastReferencedDate, in the same form
//!        8  the turn in which the user last saw the record; files from before there were turns lack it
//! ```
//!
//! A space beside it lists what each user has seen in the order in which they did, and who has seen a
//! record, so that the list of recently viewed records and the purge of a record need no search:
//!
//! ```text
//! key    1  0                            1  1
//!        8  packed id of the user        8  packed id of the record
//!        8  the turn                     8  packed id of the user
//!        8  packed id of the record
//! value  2  object number of the record  0
//! ```
//!
//! A turn is the time in milliseconds, or one more than the user's turn before if that is not earlier:
//! stamps are whole seconds, in which a user may see many records.
//!
//! **Invariant:** each entry of the one space has both its entries in the other, and those have no
//! others.
//!
//! Whoever views a record references it too. Neither changes the record: its stamps stay, and the
//! feed gets no entry. Creating or changing a record through the API does not count as viewing it
//! (a choice of ours).

use std::ops::{Bound, ControlFlow};

use chrono::{DateTime, Utc};

use crate::{
    bytes::{entry_id, fixed_key},
    catalogue::ObjectNo,
    engine::{Buffer, Read, Scan, try_scan},
    error::{Error, Result},
    name::{LAST_REFERENCED_DATE, LAST_VIEWED_DATE, is_same_name},
    store::keep::{PER_CALLER, RECENT},
};

/// Stands for a record that the user never viewed or referenced.
pub(crate) const NEVER: i64 = i64::MIN;

/// When a user last viewed and last referenced a record, in milliseconds, or [`NEVER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) viewed: i64,
    pub(crate) referenced: i64,
    /// The turn in which the user last saw the record; [`NEVER`] if that was in none.
    pub(crate) turn: i64,
}

impl Seen {
    /// The user has never viewed nor referenced the record.
    pub(crate) const NEVER: Self = Self { viewed: NEVER, referenced: NEVER, turn: NEVER };

    /// The value of the field with this name; `None` stands for null.
    pub(crate) fn of(self, field: &str) -> Option<DateTime<Utc>> {
        let millis = match field {
            _ if is_same_name(field, LAST_VIEWED_DATE) => self.viewed,
            _ if is_same_name(field, LAST_REFERENCED_DATE) => self.referenced,
            _ => NEVER,
        };
        if millis == NEVER { None } else { DateTime::from_timestamp_millis(millis) }
    }

    pub(crate) fn decode(value: &[u8]) -> Option<Self> {
        let (viewed, rest) = value.split_first_chunk()?;
        let (referenced, turn) = rest.split_first_chunk()?;
        Some(Self {
            viewed: i64::from_be_bytes(*viewed),
            referenced: i64::from_be_bytes(*referenced),
            turn: match turn {
                [] => NEVER,
                turn => i64::from_be_bytes(turn.try_into().ok()?),
            },
        })
    }

    pub(crate) fn encode(self) -> [u8; 24] {
        let mut value = [0; 24];
        let parts = [self.viewed, self.referenced, self.turn];
        for (place, part) in value.chunks_exact_mut(8).zip(parts) {
            place.copy_from_slice(&part.to_be_bytes());
        }
        value
    }
}

/// Reads when a user last viewed and last referenced a record. Both are given by packed id.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn seen(read: &dyn Read, user: u64, record: u64) -> Result<Seen> {
    let mut seen = Some(Seen::NEVER);
    read.get(PER_CALLER, &fixed_key(user, record), &mut |value| seen = Seen::decode(value))?;
    seen.ok_or_else(|| Error::corrupt("a per-caller entry is not one"))
}

/// [`seen`] of several records, which are read together; each with its packed id.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn seen_together(
    read: &dyn Read,
    user: u64,
    records: &[u64],
) -> Result<Vec<(u64, Seen)>> {
    let keys: Vec<_> = records.iter().map(|record| fixed_key(user, *record)).collect();
    let keys: Vec<_> = keys.iter().map(|key| (PER_CALLER, key.as_slice())).collect();
    let mut found: Vec<(u64, Option<Seen>)> =
        records.iter().map(|record| (*record, Some(Seen::NEVER))).collect();
    read.multi_get(&keys, &mut |n, value| {
        if let (Some(value), Some((_, seen))) = (value, found.get_mut(n)) {
            *seen = Seen::decode(value);
        }
    })?;
    let none = || Error::corrupt("a per-caller entry is not one");
    found.into_iter().map(|(record, seen)| Ok((record, seen.ok_or_else(none)?))).collect()
}

/// Makes what a user has seen of a record another.
pub(crate) fn put_seen(
    buffer: &mut Buffer,
    (user, record): (u64, u64),
    object: ObjectNo,
    before: Seen,
    after: Seen,
) {
    if before.turn != after.turn {
        if before.turn == NEVER {
            buffer.insert(RECENT, &viewer_key(record, user), &[]);
        } else {
            buffer.remove(RECENT, &turn_key(user, before.turn, record));
        }
        if after.turn == NEVER {
            buffer.remove(RECENT, &viewer_key(record, user));
        } else {
            let key = turn_key(user, after.turn, record);
            buffer.insert(RECENT, &key, &object.0.to_be_bytes());
        }
    }
    let key = fixed_key(user, record);
    if after == Seen::NEVER {
        buffer.remove(PER_CALLER, &key);
    } else {
        buffer.put(PER_CALLER, &key, &after.encode());
    }
}

/// What a user saw: in which turn, and which record of which object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) turn: i64,
    pub(crate) object: ObjectNo,
    pub(crate) record: u64,
}

/// What a user saw before a turn, newest first, at most so many.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn turns_before(
    read: &dyn Read,
    user: u64,
    before: Option<Turn>,
    limit: usize,
) -> Result<Vec<Turn>> {
    let (from, to) = match before {
        Some(it) => (turn_key(user, i64::MIN, 0), turn_key(user, it.turn, it.record)),
        None => (turn_key(user, i64::MIN, 0), turn_key(user, i64::MAX, u64::MAX)),
    };
    let (from, to) = (Bound::Included(&from[..]), Bound::Excluded(&to[..]));
    let mut turns = Vec::new();
    try_scan(read, RECENT, Scan { from, to, reverse: true, limit }, |key, value| {
        let turn = Turn::decode(key, value).map(|(_, turn)| turn);
        turns.push(turn.ok_or_else(|| Error::corrupt("what a user saw last is none"))?);
        Ok::<_, Error>(ControlFlow::Continue(()))
    })?;
    Ok(turns)
}

/// The users who have seen a record.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn viewers(read: &dyn Read, record: u64) -> Result<Vec<u64>> {
    let (from, to) = (viewer_key(record, 0), viewer_key(record, u64::MAX));
    let (from, to) = (Bound::Included(&from[..]), Bound::Included(&to[..]));
    let mut users = Vec::new();
    read.scan(RECENT, Scan { from, to, ..Scan::ALL }, &mut |key, _| {
        users.extend(entry_id(key));
        ControlFlow::Continue(())
    })?;
    Ok(users)
}

const BY_TURN: u8 = 0;
const BY_RECORD: u8 = 1;

impl Turn {
    /// The user and what they saw, of an entry that is listed by turns.
    pub(crate) fn decode(key: &[u8], value: &[u8]) -> Option<(u64, Self)> {
        let rest = key.strip_prefix(&[BY_TURN])?;
        let (user, rest) = rest.split_first_chunk()?;
        let (turn, record) = rest.split_first_chunk()?;
        let turn = (u64::from_be_bytes(*turn) ^ SIGN).cast_signed();
        let object = ObjectNo(u16::from_be_bytes(value.try_into().ok()?));
        let record = u64::from_be_bytes(record.try_into().ok()?);
        Some((u64::from_be_bytes(*user), Self { turn, object, record }))
    }
}

/// Makes a signed number one that is ordered as its bytes are.
const SIGN: u64 = 1 << 63;

/// The key of what a user saw in a turn.
pub(crate) fn turn_key(user: u64, turn: i64, record: u64) -> [u8; 25] {
    let mut key = [BY_TURN; 25];
    let parts = [user, turn.cast_unsigned() ^ SIGN, record];
    for (place, part) in key[1..].chunks_exact_mut(8).zip(parts) {
        place.copy_from_slice(&part.to_be_bytes());
    }
    key
}

/// The key of a user who has seen a record.
pub(crate) fn viewer_key(record: u64, user: u64) -> [u8; 17] {
    let mut key = [BY_RECORD; 17];
    for (place, part) in key[1..].chunks_exact_mut(8).zip([record, user]) {
        place.copy_from_slice(&part.to_be_bytes());
    }
    key
}
