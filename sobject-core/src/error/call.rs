//! [`Call`]: the calls of the platform, by which errors name them.

#[cfg(doc)]
use super::Error;

/// A call of the platform, as [`Error::CallNotSupported`] names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Call {
    /// `create()`
    Create,
    /// `update()`
    Update,
    /// `upsert()`
    Upsert,
    /// `delete()`
    Delete,
    /// `undelete()`
    Undelete,
    /// `retrieve()`
    Retrieve,
    /// `query()`
    Query,
    /// `describeLayout()`
    DescribeLayout,
    /// `getUpdated()`
    GetUpdated,
    /// `getDeleted()`
    GetDeleted,
}
