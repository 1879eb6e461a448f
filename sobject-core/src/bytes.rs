//! Floor 2, bytes: how the values of records are written as bytes, in rows and in index keys.
//!
//! **Invariant:** all numbers are big-endian, so that the order of keys as bytes is that of
//! numbers.

mod cell;
mod key;
mod order;
mod row;
mod words;

pub(crate) use self::{
    cell::{BadRow, Cell, Days, OwnedCell, cell_of, date_time, millis_of, time, value_of},
    key::{entry_id, fixed_key, ordered, unordered},
    order::{Collation, fold, folded, push_text, same_text},
    row::{Layout, Place, RowRef, Slot, layout_version},
    words::{MAX_WORD, Piece, each_key, each_piece, normalised, rules, shortened},
};
