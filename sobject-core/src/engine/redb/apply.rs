//! Applying what is pending to the table of its space.
//!
//! Keys behind the last of the table are many: records, the feed and whatever else goes up with
//! them. They are written with a cursor, which fills pages one after the other.
//!
//! **Invariant:** what the operations knew of a key is compared with what redb finds there, where
//! it says so anyway. If they differ, the error makes the whole write void.

use std::{cmp::Ordering, ops::Bound};

use redb::{ReadableTable, Table};

use super::kinds::{NativeKey, NativeValue};
use crate::engine::{
    EngineError,
    buffer::{Change, Pending, Was},
};

/// Applies what is pending in one space.
pub(super) fn apply<K: NativeKey, V: NativeValue>(
    table: &mut Table<'_, K, V>,
    pending: &Pending,
) -> Result<(), EngineError> {
    if pending.is_too_large {
        return Err(EngineError::Other("more was written at once than can be counted".into()));
    }
    let contradiction = || {
        let id = pending.space.id;
        EngineError::damaged(format!("space {id} does not hold the keys that were read in it"))
    };
    let last = last_key(table)?;
    let mut behind = Vec::new();
    for change in pending.changes() {
        if last.as_ref().is_none_or(|last| change.key.cmp(last) == Ordering::Greater) {
            behind.push(change);
        } else if !apply_one(table, change)? {
            return Err(contradiction());
        }
    }
    if !behind.iter().all(|it| matches!(it.was, Was::Absent | Was::Unsure)) {
        return Err(contradiction());
    }
    let behind = behind.iter().filter_map(|it| Some((it.key, it.value?)));
    push(table, behind)?;

    let last = match (pending.appended().len(), last_key(table)?) {
        (0, _) => return Ok(()),
        (_, None) => 0,
        (_, Some(last)) => last.try_into().map(u64::from_be_bytes).map_err(|_| not_numbered())?,
    };
    let mut keys = Vec::with_capacity(pending.appended().len());
    for n in 1..=pending.appended().len() {
        let number = u64::try_from(n).ok().and_then(|n| last.checked_add(n));
        keys.push(number.ok_or_else(not_numbered)?.to_be_bytes());
    }
    push(table, keys.iter().map(<[u8; 8]>::as_slice).zip(pending.appended()))
}

fn not_numbered() -> EngineError {
    EngineError::misused("something was appended to a space whose keys are not numbers in turn")
}

/// Applies one change; whether it met what it was to meet.
fn apply_one<K: NativeKey, V: NativeValue>(
    table: &mut Table<'_, K, V>,
    change: Change<'_>,
) -> Result<bool, EngineError> {
    let key = K::native(change.key)?;
    let was_there = match change.value {
        Some(value) => table.insert(key, V::native(value))?.is_some(),
        None => table.remove(key)?.is_some(),
    };
    Ok(match change.was {
        Was::Absent => !was_there,
        Was::Present => was_there,
        Was::Unsure => true,
        Was::Contradicted => false,
    })
}

/// Adds ascending keys behind the last.
fn push<'b, K: NativeKey, V: NativeValue>(
    table: &mut Table<'_, K, V>,
    entries: impl Iterator<Item = (&'b [u8], &'b [u8])>,
) -> Result<(), EngineError> {
    let mut cursor = table.upper_bound_mut(Bound::<K::SelfType<'_>>::Unbounded)?;
    for (key, value) in entries {
        cursor.insert_before(K::native(key)?, V::native(value))?;
    }
    Ok(cursor.close()?)
}

fn last_key<K: NativeKey, V: NativeValue>(
    table: &Table<'_, K, V>,
) -> Result<Option<Vec<u8>>, EngineError> {
    Ok(table.last()?.map(|(key, _)| K::visit(&key.value(), <[u8]>::to_vec)))
}
