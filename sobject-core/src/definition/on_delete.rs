//! [`OnDelete`]: what becomes of a record whose reference leads to one that is deleted.
//!
//! **Invariant:** the names of the rules are kept in files, so they stay.

use serde::{Deserialize, Serialize};

/// What becomes of a record whose reference leads to one that is deleted: a word of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OnDelete {
    /// It is deleted along, and comes back when that one is undeleted: it is a detail of a master.
    Cascade,
    /// It stays, and so does the record that it refers to: the delete is refused.
    Restrict,
    /// Its reference is emptied, and is there again when that one is undeleted.
    SetNull,
}
