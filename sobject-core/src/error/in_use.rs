//! [`InUse`]: which records hold one that was to be deleted.

#[cfg(doc)]
use super::Error;
use crate::id::RecordId;

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
