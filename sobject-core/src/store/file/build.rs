//! Building indexes over the records that there are.
//!
//! An index is built in steps, each a transaction that also notes how far it came, so that a build
//! goes on where it was cut.

use std::{
    cell::Cell,
    ops::{Bound, ControlFlow},
};

use super::entries::{put_object, write};
use crate::{
    bytes::entry_id,
    catalogue::StoredObject,
    engine::{Engine, Scan, try_scan},
    error::{Error, Result},
    store::keep::{Index, Table},
};

/// Records in one step of building an index, unless a test sets it.
pub(crate) const BUILD_STEP: usize = 20_000;

/// Goes on with every index that is not complete, and gives the entries as they are then.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn build_indexes(
    engine: &dyn Engine,
    tables: &[Table],
    stored: &mut [StoredObject],
    step: usize,
) -> Result<()> {
    for (object, table) in stored.iter_mut().zip(tables) {
        for place in 0..object.indexes.len() {
            while let Some(entry) = object.indexes.get(place)
                && let Some(after) = entry.building
            {
                let index = table.indexes.iter().find(|index| index.space.id == entry.space);
                let index = *index.ok_or_else(|| Error::corrupt("an index without its entry"))?;
                build_step(engine, table, index, object, (place, after, step))?;
            }
        }
    }
    Ok(())
}

/// Adds the entries of the next records to an index, and notes how far it came.
fn build_step(
    engine: &dyn Engine,
    table: &Table,
    index: Index,
    object: &mut StoredObject,
    (place, after, step): (usize, u64, usize),
) -> Result<()> {
    let reached = Cell::new(None);
    let at = |reached: Option<u64>| {
        let mut object = object.clone();
        if let Some(index) = object.indexes.get_mut(place) {
            index.building = reached;
        }
        object
    };
    // Whatever the index has reached so far, these records are its next.
    let index = index.complete();
    write(engine, |base, buffer| {
        let from = after.to_be_bytes();
        let range = Scan { from: Bound::Excluded(&from), limit: step, ..Scan::ALL };
        let more = try_scan(base, table.live, range, |key, bytes| {
            let id = entry_id(key).ok_or_else(|| Error::corrupt("a record without an id"))?;
            let cells = table.cells(table.row(bytes)?)?;
            index.update(id, None, Some(&cells), base, buffer)?;
            Ok::<_, Error>(ControlFlow::Continue(()))
        })?;
        reached.set(more.as_deref().and_then(entry_id));
        put_object(&at(reached.get()), buffer)
    })?;
    *object = at(reached.get());
    Ok(())
}
