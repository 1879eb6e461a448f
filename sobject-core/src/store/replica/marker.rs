//! The mark of a file that holds records of a replica.
//!
//! The catalogue's entry `replica` is an instance, as JSON: the counters of numbers are beyond all
//! numbers that ids of this instance have in the file. The entry is written with the first record
//! that a replica puts, and stays. References in such a file may lead to no record, and ids of other
//! instances may have any number.
//!
//! A file that is opened as another instance is read once from end to end, so that the counters skip
//! the numbers that ids of that instance have in its rows.

use std::{collections::BTreeMap, ops::ControlFlow};

use crate::{
    bytes::{Cell, Slot, entry_id},
    catalogue::Catalogue,
    engine::{Buffer, Read, Scan, try_scan},
    error::{Error, Result},
    store::{
        keep::{CATALOGUE, Counter, Deletion, Ids, LEASES, Table, can_be_drawn},
        write::{Expected, Write},
    },
    value::Storage,
};

/// Key of the mark.
pub(crate) const MARKER_KEY: &[u8] = b"replica";

/// Does the file hold records of a replica?
///
/// # Errors
/// [`Error::Storage`].
pub(crate) fn has_marker(read: &dyn Read) -> Result<bool> {
    Ok(read.get(CATALOGUE, MARKER_KEY, &mut |_| ())?)
}

/// Whether the file is marked may be read.
pub(super) fn expect(expected: &mut Expected) {
    expected.key(CATALOGUE, MARKER_KEY);
}

/// Marks the file, unless it is marked.
pub(super) fn put(write: &mut Write<'_>) -> Result<()> {
    if !write.read(|reader| has_marker(reader.read))? {
        put_instance(write.schema.instance, &mut write.buffer);
    }
    Ok(())
}

/// An instance is three letters or digits, so its JSON is they in quotes.
fn put_instance(instance: [u8; 3], buffer: &mut Buffer) {
    let [a, b, c] = instance;
    buffer.put(CATALOGUE, MARKER_KEY, &[b'"', a, b, c, b'"']);
}

/// Has the counters skip the numbers of every id of this instance in the rows of a file, and marks
/// the file with it. `ids` has the heads of that instance.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn skip_instance(
    read: &dyn Read,
    catalogue: &Catalogue,
    tables: &[Table],
    ids: &Ids,
    instance: [u8; 3],
    buffer: &mut Buffer,
) -> Result<()> {
    let mut skipped: BTreeMap<u16, u64> = BTreeMap::new();
    let mut see = |packed: u64| -> Result<()> {
        let id = ids.unpack(read, packed)?;
        if id.instance() == instance
            && can_be_drawn(id)
            && let Some(head) = ids.head_number(id.head())
        {
            let next = skipped.entry(head).or_default();
            *next = (*next).max(id.number() + 1);
        }
        Ok(())
    };
    for object in catalogue.kept() {
        let Some(table) = tables.get(usize::from(object.number.0)) else {
            return Err(Error::corrupt(format!("{}: an object without a table", object.name)));
        };
        let stored = object.kept().map(|(_, _, stored)| stored);
        let references = stored.filter(|it| it.storage == Storage::Id).map(|it| it.slot);
        let references: Vec<Slot> = references.collect();
        for space in [table.live, table.bin] {
            try_scan(read, space, Scan::ALL, |key, bytes| {
                see(entry_id(key).ok_or_else(|| Error::corrupt("a record without an id"))?)?;
                let row = if space == table.bin { Deletion::of(bytes)?.1 } else { bytes };
                let row = table.row(row)?;
                for slot in &references {
                    if let Cell::Fixed(packed) = row.cell(*slot)? {
                        see(packed)?;
                    }
                }
                Ok::<_, Error>(ControlFlow::Continue(()))
            })?;
        }
    }
    for (head, next) in skipped {
        let counter = Counter::Records(head);
        if counter.next(read)?.is_none_or(|leased| leased < next) {
            buffer.put(LEASES, &counter.key(), &next.to_be_bytes());
        }
    }
    put_instance(instance, buffer);
    Ok(())
}
