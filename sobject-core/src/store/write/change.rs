//! The one primitive that changes records.
//!
//! A record is nowhere, live or in the recycle bin, before and after; only from the bin does it become
//! nowhere again, when it is purged. [`change`] moves it: it keeps every index, takes the record out of
//! one space, encodes its row into another with what the bin knows of a deletion, and appends to the
//! feed, in that order. Create, update, delete, undelete, purge, replica puts and the filling of a
//! migration are checks, cells, and a call of this.
//!
//! **Invariants:** nothing else writes records or the feed, but that the drop of an object makes what was
//! deleted along with its records roots of their own, in place (`file::finish`). Index entries are
//! written here too, but for two cases: an index that is built over old records, and the unique entries
//! that a replica's call takes away from all its records before it writes the first
//! ([`Change::is_vacated`]).

use crate::{
    bytes::{Cell, Slot},
    catalogue::{Object, system_slot},
    definition::FieldIdx,
    engine::{Buffer, Read},
    error::{Error, Result},
    store::{
        keep::{Deletion, Entry, Kind, Table, arrivals},
        read::Place,
    },
};

/// A record before and after.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Move<'c> {
    pub(crate) object: &'c Object,
    pub(crate) table: &'c Table,
    /// The packed id of the record.
    pub(crate) id: u64,
    /// Where the record was, and what it had in each slot; no cells if it was nowhere.
    pub(crate) was: (Place, &'c [Cell<'c>]),
    /// Where the record is then, and what it has.
    pub(crate) becomes: (Place, &'c [Cell<'c>]),
}

/// A move, and what else is kept of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change<'c> {
    pub(crate) moved: Move<'c>,
    /// Were the unique entries of the record taken away before, so that others could have its values?
    pub(crate) is_vacated: bool,
    /// How the record comes into the bin, if it does.
    pub(crate) deletion: Option<Deletion>,
    /// What the feed says of it; `None` for a change that is silent.
    pub(crate) told: Option<Told>,
}

/// What the feed says of a change beside what happened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    /// When, in milliseconds.
    pub(crate) stamp: i64,
    /// The packed id of the caller.
    pub(crate) caller: u64,
    /// Did a replica put the record, with the stamps of its source?
    pub(crate) is_replica: bool,
}

/// Changes a record.
///
/// # Errors
/// [`Error::Corrupt`] if the record is not moved as records can be, or an index contradicts it;
/// [`Error::NotSupported`] for a row of more than four gigabytes; [`Error::Storage`].
pub(crate) fn change(change: &Change<'_>, base: &dyn Read, buffer: &mut Buffer) -> Result<()> {
    let Move { object, table, id, was: (was, old), becomes: (becomes, new) } = change.moved;
    let key = id.to_be_bytes();
    let live = |place, cells| (place == Place::Live).then_some(cells);
    for index in &table.indexes {
        let old = live(was, old).filter(|_| !(change.is_vacated && index.is_unique));
        index.update(id, old, live(becomes, new), base, buffer)?;
    }
    if let Some(words) = &table.words {
        words.update(id, live(was, old), live(becomes, new), buffer);
    }
    if was != becomes
        && let Some(space) = was.space(table)
    {
        buffer.remove(space, &key);
    }
    let into = match (becomes, change.deletion) {
        (Place::Live, _) => Some((table.live, None)),
        (Place::Bin, Some(deletion)) => Some((table.bin, Some(deletion))),
        (Place::Nowhere, None) if was == Place::Bin => None,
        (Place::Bin, None) | (Place::Nowhere, _) => {
            return Err(Error::corrupt(format!("{}: a change to nowhere", object.name)));
        }
    };
    if let Some((space, deletion)) = into {
        let write = |bytes: &mut Vec<u8>| {
            if let Some(deletion) = deletion {
                deletion.put_head(bytes);
            }
            table.encode(object, new, bytes)
        };
        if was == becomes {
            buffer.replace_with(space, &key, write)?;
        } else {
            buffer.insert_with(space, &key, write)?;
        }
    }

    let Some(told) = change.told else { return Ok(()) };
    let kind = match (was, becomes) {
        (_, Place::Bin) => Kind::Delete,
        (_, Place::Nowhere) => Kind::Purge,
        (Place::Live, _) => Kind::Update,
        (Place::Bin, _) => Kind::Undelete,
        (Place::Nowhere, _) => Kind::Create,
    };
    let changed =
        if kind == Kind::Update { changed_slots(old, new, told.is_replica) } else { Vec::new() };
    let Told { stamp, caller, is_replica } = told;
    Entry { kind, is_replica, stamp, object: object.number, id, caller, changed }.append(buffer);
    if is_replica
        && let Some(Cell::Fixed(of_source)) =
            new.get(usize::from(system_slot(FieldIdx::SYSTEM_MODSTAMP)))
    {
        arrivals::note(buffer, object.number, of_source.cast_signed(), id);
    }
    Ok(())
}

/// The slots that differ. Those of the stamps say nothing where every update sets them.
fn changed_slots(old: &[Cell<'_>], new: &[Cell<'_>], with_stamps: bool) -> Vec<Slot> {
    let is_stamp = |slot: &Slot| *slot <= system_slot(FieldIdx::SYSTEM_MODSTAMP);
    let slots = (0..).zip(old.iter().zip(new)).filter(|(_, (old, new))| old != new);
    slots.map(|(slot, _)| slot).filter(|slot| with_stamps || !is_stamp(slot)).collect()
}
