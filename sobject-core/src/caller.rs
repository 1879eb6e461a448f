//! The caller: on whose behalf records are read and written.

use crate::id::RecordId;

/// On whose behalf a [`Connection`](crate::Connection) reads and writes.
///
/// There is no way to a record without one. Callers are in system mode: object and field rights
/// are not checked, but the rules of the objects hold, and stamps and owners are the caller's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The user to stamp; `None` for the store's own.
    pub(crate) user: Option<RecordId>,
}

impl Caller {
    /// The store's system user, who was there before any record and always resolves.
    pub const fn system() -> Self {
        Self { user: None }
    }

    /// System mode in the name of a user: the records it writes are created, modified and owned
    /// by `user`.
    ///
    /// The user is looked up when something is written. If the store has no object `User`, any
    /// id with the key prefix `005` will do.
    pub fn system_as(user: impl Into<RecordId>) -> Self {
        Self { user: Some(user.into()) }
    }
}
