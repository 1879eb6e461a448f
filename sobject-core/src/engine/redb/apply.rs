//! Applying what is pending to the table of its space.
//!
//! New keys come in runs, between two keys of the table or behind its last: records, the feed and
//! whatever else goes up with them, and the entries of one value in an index. A run that is long
//! enough is written with a cursor, which fills pages one after the other.
//!
//! **Invariant:** an operation on a key may say whether the key is there. That is compared with what
//! redb finds, wherever redb tells it at no cost. If the two differ, the whole write fails, and
//! nothing of it is applied.

use std::ops::Bound;

use redb::{ReadableTable, Table};

use super::kinds::{NativeKey, NativeValue};
use crate::engine::{
    EngineError, Space,
    buffer::{Change, Pending, Was},
};

/// From so many keys on, a cursor costs less than a descent for each (measured).
const RUN: usize = 16;

/// Applies what is pending in one space.
pub(super) fn apply<K: NativeKey, V: NativeValue>(
    table: &mut Table<'_, K, V>,
    pending: &Pending,
) -> Result<(), EngineError> {
    if pending.is_too_large {
        return Err(EngineError::Other("more was written at once than can be counted".into()));
    }
    let changes: Vec<_> = pending.changes().collect();
    apply_all(table, pending.space, &changes)?;
    if pending.appended().len() == 0 {
        return Ok(());
    }

    let last = match table.last()? {
        Some((key, _)) => K::visit(&key.value(), |key| key.try_into().map(u64::from_be_bytes)),
        None => Ok(0),
    };
    let last = last.map_err(|_| not_numbered())?;
    let mut keys = Vec::with_capacity(pending.appended().len());
    for n in (1..).take(pending.appended().len()) {
        keys.push(last.checked_add(n).ok_or_else(not_numbered)?.to_be_bytes());
    }
    let new = |(key, value)| Change { key, value: Some(value), was: Was::Absent };
    let changes: Vec<_> =
        keys.iter().map(<[u8; 8]>::as_slice).zip(pending.appended()).map(new).collect();
    apply_all(table, pending.space, &changes)
}

fn not_numbered() -> EngineError {
    EngineError::misused("something was appended to a space whose keys are not numbers in turn")
}

/// Applies changes in the order of their keys.
fn apply_all<K: NativeKey, V: NativeValue>(
    table: &mut Table<'_, K, V>,
    space: Space,
    mut changes: &[Change<'_>],
) -> Result<(), EngineError> {
    // How many to apply before it is asked again whether they are a run.
    let mut singly = 0;
    while let Some((change, rest)) = changes.split_first() {
        if singly == 0 {
            let (run, others) = changes.split_at(run(table, changes)?);
            if run.len() >= RUN {
                apply_run(table, run)?;
                changes = others;
                continue;
            }
            singly = RUN;
        }
        if !apply_one(table, *change)? {
            let what = format!("space {} does not hold the keys that were read in it", space.id);
            return Err(EngineError::damaged(what));
        }
        singly -= 1;
        changes = rest;
    }
    Ok(())
}

/// How many of the first changes give values to keys with none of the table's between them; 0 if
/// they are too few to ask.
fn run<K: NativeKey, V: NativeValue>(
    table: &Table<'_, K, V>,
    changes: &[Change<'_>],
) -> Result<usize, EngineError> {
    let may_be_new =
        |it: &Change<'_>| matches!(it.was, Was::Absent | Was::Unsure) && it.value.is_some();
    let Some(first) = changes.get(..RUN).filter(|first| first.iter().all(may_be_new)) else {
        return Ok(0);
    };
    let next = table.range(K::native(first[0].key)?..)?.next().transpose()?;
    let next = next.map(|(key, _)| K::visit(&key.value(), <[u8]>::to_vec));
    let is_before = |it: &&Change<'_>| next.as_deref().is_none_or(|next| it.key < next);
    Ok(changes.iter().take_while(|it| may_be_new(it) && is_before(it)).count())
}

/// Adds a run.
fn apply_run<K: NativeKey, V: NativeValue>(
    table: &mut Table<'_, K, V>,
    run: &[Change<'_>],
) -> Result<(), EngineError> {
    let Some(first) = run.first() else { return Ok(()) };
    let mut cursor = table.lower_bound_mut(Bound::Included(K::native(first.key)?))?;
    for change in run {
        cursor
            .insert_before(K::native(change.key)?, V::native(change.value.unwrap_or_default()))?;
    }
    Ok(cursor.close()?)
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
