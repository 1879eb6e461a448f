//! Records that are named by a key: upsert, and parents that records give by a key.
//!
//! **Invariant:** the keys of a call are looked up together, before the first of its records is written.

mod lookup;
mod parents;
mod upsert;

pub(crate) use self::upsert::{KeyPlace, Upserted};
