//! Work on the records that a change of objects leaves to do: it is done in steps of bounded size,
//! each a transaction that also notes how far it came, and what was cut off goes on when the file is
//! next opened.
//!
//! *Filling* is for a field that may no longer be null: it puts a default into the records that are
//! null there. That is no change of a record: nothing is stamped, and the feed says nothing. *Dropping*
//! an object removes what other spaces note of its records, and then the records. What was deleted
//! along with one of them is then its own root, so that it can come back.
//!
//! **Invariant:** the catalogue says what is to be done before it is begun, until the transaction of
//! the last step.

use std::{
    cell::{Cell, RefCell},
    ops::{Bound, ControlFlow},
};

use super::{
    entries::{put_entry, write},
    migrate::record_id,
};
use crate::{
    bytes::{OwnedCell, Slot},
    catalogue::{DropState, FillValue, Filling, Object, ObjectEntry, ObjectNo},
    engine::{Buffer, Engine, Read, Scan, Space, try_scan},
    error::{Error, Result},
    store::{
        keep::{
            ALONG, Along, Deletion, Due, EMPTIED, IN_BIN, NEVER, PER_CALLER, Seen, Table, Taken,
            put_seen,
        },
        read::{Place, place_of},
        rules::kept_cell,
        write::{Change, Move, change},
    },
};

/// Bytes of rows in one step of filling, beyond which no further record is taken up.
const MAX_BYTES: usize = 16 << 20;
/// What a row counts for beside its own bytes, since it is written anew with its index entries.
const ROW_BYTES: usize = 256;

/// The space of the deleted records of each object, by its number.
pub(super) type Bins<'b> = &'b dyn Fn(ObjectNo) -> Option<Space>;

/// Does what is left to do for an object, whose entry says then that it is done. Tells whether there
/// was anything.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(super) fn finish(
    engine: &dyn Engine,
    object: &Object,
    table: &Table,
    entry: &mut ObjectEntry,
    bins: Bins<'_>,
    step: usize,
) -> Result<bool> {
    let is_anything = entry.is_unfinished();
    while let Some(filling) = entry.filling.take() {
        fill(engine, object, table, entry, &filling, step)?;
    }
    if entry.dropped == Some(DropState::UnderWay) {
        forget_seen(engine, object, table, step)?;
        forget_along(engine, object, table, bins, step)?;
        forget_due(engine, object, step)?;
        entry.retired.clear();
        entry.layouts.clear();
        entry.dropped = Some(DropState::Done);
        write(engine, |_, buffer| put_entry(entry, buffer))?;
    }
    Ok(is_anything)
}

/// Fills in the next records, and notes how far that is in the entry, which has no `filling` so far.
fn fill(
    engine: &dyn Engine,
    object: &Object,
    table: &Table,
    entry: &mut ObjectEntry,
    filling: &Filling,
    step: usize,
) -> Result<()> {
    let cell = |it: &FillValue| Ok((it.slot, kept_cell(object, it.slot, &it.value)?));
    let values = filling.values.iter().map(cell).collect::<Result<Vec<_>>>()?;
    let place = if filling.in_bin { Place::Bin } else { Place::Live };
    let space = if filling.in_bin { table.bin } else { table.live };
    let from = filling.after.to_be_bytes();
    let range = Scan { from: Bound::Excluded(&from), limit: step, ..Scan::ALL };
    let left = Cell::new(None);
    write(engine, |base, buffer| {
        let mut n_bytes = 0;
        let reached = try_scan(base, space, range, |key, bytes| {
            n_bytes += bytes.len() + ROW_BYTES;
            fill_record(object, table, place, &values, (key, bytes), base, buffer)?;
            let goes_on = n_bytes < MAX_BYTES;
            Ok::<_, Error>(if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        let next = match reached.as_deref().map(record_id).transpose()? {
            Some(after) => Some((after, filling.in_bin)),
            None if !filling.in_bin => Some((0, true)),
            None => None,
        };
        left.set(next);
        let filling = next.map(|next| at(filling, next));
        put_entry(&ObjectEntry { filling, ..entry.clone() }, buffer)
    })?;
    entry.filling = left.get().map(|left| at(filling, left));
    Ok(())
}

fn at(filling: &Filling, (after, in_bin): (u64, bool)) -> Filling {
    Filling { values: filling.values.clone(), after, in_bin }
}

/// Puts values where a record is null.
fn fill_record(
    object: &Object,
    table: &Table,
    place: Place,
    values: &[(Slot, OwnedCell)],
    (key, bytes): (&[u8], &[u8]),
    base: &dyn Read,
    buffer: &mut Buffer,
) -> Result<()> {
    let (deletion, row) = match place {
        Place::Bin => Deletion::of(bytes).map(|(it, row)| (Some(it), row))?,
        Place::Live | Place::Nowhere => (None, bytes),
    };
    let old = table.cells(table.row(row)?)?;
    let mut cells = old.clone();
    for (slot, value) in values {
        let none = || Error::corrupt(format!("{}: a row lacks slot {slot}", object.name));
        let cell = cells.get_mut(usize::from(*slot)).ok_or_else(none)?;
        if cell.is_null() {
            *cell = value.as_cell();
        }
    }
    if cells == old {
        return Ok(());
    }
    let (id, was, becomes) = (record_id(key)?, (place, &*old), (place, &*cells));
    let filled = Change {
        moved: Move { object, table, id, was, becomes },
        is_vacated: false,
        deletion,
        told: None,
    };
    change(&filled, base, buffer)
}

/// Calls `f` with each entry of a space, in steps of so many entries, each a transaction.
///
/// # Errors
/// Those of `f`; [`Error::Corrupt`], [`Error::Storage`].
fn each_entry(
    engine: &dyn Engine,
    space: Space,
    step: usize,
    f: impl Fn(&[u8], &[u8], &dyn Read, &mut Buffer) -> Result<()>,
) -> Result<()> {
    let mut after: Option<Vec<u8>> = None;
    loop {
        let reached = RefCell::new(None);
        write(engine, |base, buffer| {
            let from = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
            let range = Scan { from, limit: step, ..Scan::ALL };
            let next = try_scan(base, space, range, |key, value| {
                f(key, value, base, buffer)?;
                Ok::<_, Error>(ControlFlow::Continue(()))
            })?;
            reached.replace(next);
            Ok(())
        })?;
        after = reached.into_inner();
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Removes what is noted of who saw the records of an object.
fn forget_seen(engine: &dyn Engine, object: &Object, table: &Table, step: usize) -> Result<()> {
    each_entry(engine, PER_CALLER, step, |key, value, base, buffer| {
        let record = record_id(key)?;
        if place_of(base, table, record)? != Place::Nowhere {
            let (user, record, seen) = seen_of(key, value)?;
            put_seen(buffer, (user, record), object.number, seen, Seen::NEVER);
        }
        Ok(())
    })
}

/// Removes what is noted of records that deletions took along, where one of them or the root is a
/// record of a table.
fn forget_along(
    engine: &dyn Engine,
    object: &Object,
    table: &Table,
    bins: Bins<'_>,
    step: usize,
) -> Result<()> {
    each_entry(engine, ALONG, step, |key, value, base, buffer| {
        let along = Along::decode(key, value)?;
        let is_own = along.object == object.number;
        if is_own || place_of(base, table, along.root)? != Place::Nowhere {
            buffer.remove(ALONG, key);
            if !is_own && along.what == Taken::Deleted {
                make_root(&along, bins, base, buffer)?;
            }
        }
        Ok(())
    })
}

/// Makes a record in the bin that was deleted along with another its own root.
fn make_root(along: &Along, bins: Bins<'_>, base: &dyn Read, buffer: &mut Buffer) -> Result<()> {
    let (key, mut entry) = (along.id.to_be_bytes(), Vec::new());
    let Some(bin) = bins(along.object) else { return Ok(()) };
    base.get(bin, &key, &mut |it| entry.extend(it))?;
    let (deletion, row) = Deletion::of(&entry)?;
    let own = (along.object, along.id);
    let becomes = Deletion { root: own, ..deletion };
    put_deletion(buffer, bin, &key, &becomes, row)?;
    let due = |it: &Deletion| Due::of(it, own.0, own.1);
    Due::replace(due(&deletion), due(&becomes), buffer);
    Ok(())
}

/// Removes the records of an object from those that wait for a time of the recycle bin.
fn forget_due(engine: &dyn Engine, object: &Object, step: usize) -> Result<()> {
    for space in [IN_BIN, EMPTIED] {
        each_entry(engine, space, step, |key, _, _, buffer| {
            if Due::is_of(key, object.number)? {
                buffer.remove(space, key);
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Gives what callers have seen of records the turn in which they did, for a file from before there were
/// turns: the time that is noted, so that the purge of a record finds who has seen it. Each object comes
/// with the spaces of its records.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(super) fn give_turns(
    engine: &dyn Engine,
    objects: &[(ObjectNo, [Space; 2])],
    step: usize,
) -> Result<()> {
    each_entry(engine, PER_CALLER, step, |key, value, base, buffer| {
        let (user, record, before) = seen_of(key, value)?;
        if before.turn != NEVER {
            return Ok(());
        }
        let turn = before.viewed.max(before.referenced);
        let mut object = None;
        for (number, spaces) in objects {
            for space in spaces {
                if base.get(*space, &record.to_be_bytes(), &mut |_| ())? {
                    object = Some(*number);
                }
            }
        }
        if let Some(object) = object {
            put_seen(buffer, (user, record), object, before, Seen { turn, ..before });
        }
        Ok(())
    })
}

/// The user, the record and the values of a per-caller entry.
fn seen_of(key: &[u8], value: &[u8]) -> Result<(u64, u64, Seen)> {
    let user = key.first_chunk().copied().map(u64::from_be_bytes);
    let none = || Error::corrupt("a per-caller entry is not one");
    let (user, seen) = user.zip(Seen::decode(value)).ok_or_else(none)?;
    Ok((user, record_id(key)?, seen))
}

/// Lists the records in bins that wait for their times, for a file from before they were listed. In one
/// that holds records of a replica, whose source may have deleted them, they wait for none.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(super) fn list_due(
    engine: &dyn Engine,
    bins: impl Iterator<Item = (ObjectNo, Space)>,
    is_replica: bool,
    step: usize,
) -> Result<()> {
    for (object, bin) in bins {
        each_entry(engine, bin, step, |key, entry, _, buffer| {
            let (deletion, row) = Deletion::of(entry)?;
            if is_replica && deletion.ages() {
                let kept = Deletion { emptied: Deletion::KEPT, ..deletion };
                return put_deletion(buffer, bin, key, &kept, row);
            }
            if let Some((space, due)) = Due::of(&deletion, object, record_id(key)?) {
                // An opening that was cut off may have listed it.
                buffer.put(space, &due.key(), &[]);
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Puts another head in front of the row of a record in the bin.
fn put_deletion(
    buffer: &mut Buffer,
    bin: Space,
    key: &[u8],
    deletion: &Deletion,
    row: &[u8],
) -> Result<()> {
    buffer.replace_with(bin, key, |bytes| {
        deletion.put_head(bytes);
        bytes.extend_from_slice(row);
        Ok(())
    })
}
