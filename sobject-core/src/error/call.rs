//! [`Call`], and [`InUse`], the particulars of a delete that is refused.

#[cfg(doc)]
use super::Error;
use crate::id::RecordId;

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

/// The particulars of [`Error::InUse`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InUse {
    /// The object of the record to delete.
    pub object: String,
    /// The id of the record to delete.
    pub id: RecordId,
    /// The name of the record to delete, or its id if it has none.
    pub name: String,
    /// The plural label of the object whose records require it.
    pub child_plural: String,
    /// The names of the records that require it, or their ids if they have none.
    pub child_names: Vec<String>,
}
