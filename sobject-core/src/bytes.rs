//! Floor 1, bytes: how records and index entries lie on disk.
//!
//! **Invariant:** everything is big-endian, so that byte order is value order.

pub(crate) mod key;
pub(crate) mod row;
