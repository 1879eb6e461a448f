//! Index upkeep: the one function that keeps index entries in step with rows.
//!
//! Create, update, delete and undelete are all a call of [`update`] with the row before and after.
//! An entry is a key alone: the field's value and the record's packed id (`bytes::key`). Only live
//! records have entries.

use std::ops::Bound;

use crate::{
    bytes::{
        key::{Collation, fixed_key, ordered, push_text},
        row::{BadRow, Cell, RowRef},
    },
    engine::{Buffer, EngineError, Read, Scan, Visit},
    store::schema::{Index, Table},
    value::Storage,
};

/// Changes the entries of a record from those of the row `old` to those of the row `new`; `None`
/// where the record is not live. Only entries that differ are touched.
///
/// # Errors
/// [`BadRow`] if a row does not fit its layout.
pub(crate) fn update(
    table: &Table,
    id: u64,
    old: Option<RowRef<'_>>,
    new: Option<RowRef<'_>>,
    buffer: &mut Buffer,
) -> Result<(), BadRow> {
    table.indexes.iter().try_for_each(|index| update_one(*index, id, old, new, buffer))
}

/// [`update`] in one index, where the record has the entry of the row `old`.
///
/// # Errors
/// [`BadRow`] if a row does not fit its layout.
pub(crate) fn update_one(
    index: Index,
    id: u64,
    old: Option<RowRef<'_>>,
    new: Option<RowRef<'_>>,
    buffer: &mut Buffer,
) -> Result<(), BadRow> {
    let old = old.map(|row| row.cell(index.slot)).transpose()?;
    let new = new.map(|row| row.cell(index.slot)).transpose()?;
    if old == new {
        return Ok(());
    }
    if let Some(cell) = old {
        with_key(index, cell, id, |key| buffer.remove(index.space, key));
    }
    if let Some(cell) = new {
        with_key(index, cell, id, |key| buffer.insert(index.space, key, &[]));
    }
    Ok(())
}

/// Gives the key of a record's entry to `f`.
pub(crate) fn with_key<R>(index: Index, cell: Cell<'_>, id: u64, f: impl FnOnce(&[u8]) -> R) -> R {
    if index.storage == Storage::Text {
        let mut key = text_start(cell, index.collation);
        key.extend_from_slice(&id.to_be_bytes());
        f(&key)
    } else {
        f(&fixed_key(ordered(index.storage, cell), id))
    }
}

fn text_start(cell: Cell<'_>, collation: Collation) -> Vec<u8> {
    let text = match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    };
    let mut key = Vec::with_capacity(text.map_or(0, str::len) + 16);
    push_text(&mut key, text, collation);
    key
}

/// Visits the entries of an index whose values lie between the bounds, in their order.
///
/// # Errors
/// Those of the engine.
pub(crate) fn scan(
    read: &dyn Read,
    index: Index,
    from: Bound<Cell<'_>>,
    to: Bound<Cell<'_>>,
    f: Visit<'_>,
) -> Result<(), EngineError> {
    // Every entry of a value lies between the value with the least and with the greatest id.
    let edge = |cell: Cell<'_>, id: u64| with_key(index, cell, id, <[u8]>::to_vec);
    let from = match from {
        Bound::Included(cell) => Bound::Included(edge(cell, 0)),
        Bound::Excluded(cell) => Bound::Excluded(edge(cell, u64::MAX)),
        Bound::Unbounded => Bound::Unbounded,
    };
    let to = match to {
        Bound::Included(cell) => Bound::Included(edge(cell, u64::MAX)),
        Bound::Excluded(cell) => Bound::Excluded(edge(cell, 0)),
        Bound::Unbounded => Bound::Unbounded,
    };
    let range = Scan {
        from: from.as_ref().map(Vec::as_slice),
        to: to.as_ref().map(Vec::as_slice),
        ..Scan::ALL
    };
    read.scan(index.space, range, f).map(drop)
}
