//! Floor 1, bytes: how records and index entries lie on disk.
//!
//! **Invariant:** everything is big-endian, so that byte order is value order.

mod cell;
mod key;
mod order;
mod row;

pub(crate) use self::{
    cell::{BadRow, Cell, Days, OwnedCell, cell_of, millis_of, time, value_of},
    key::{entry_id, fixed_key, ordered},
    order::{Collation, fold, push_text, same_text},
    row::{Layout, Place, RowRef, Slot, layout_version},
};
