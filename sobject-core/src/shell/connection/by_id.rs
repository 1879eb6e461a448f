//! Calls that are given ids alone.

use super::Connection;
use crate::{error::Result, id::Id, shell::sobject::SObject};

impl Connection {
    /// Moves a record to the recycle bin, with what goes along by `on_delete` of the references that
    /// lead to it, as the manual of [`SObject`](crate::SObject) tells it.
    ///
    /// # Errors
    /// [`Error::WrongId`](crate::Error::WrongId), [`Error::NotFound`](crate::Error::NotFound) or
    /// [`Error::Deleted`](crate::Error::Deleted) if `id` is not that of a live record of the
    /// object; [`Error::InUse`](crate::Error::InUse) if a live record holds it, or one that would go
    /// along; [`Error::NotSupported`](crate::Error::NotSupported) if more would go along or be
    /// emptied than [`StoreBuilder::max_cascade`](crate::StoreBuilder::max_cascade) allows;
    /// [`Error::CallNotSupported`](crate::Error::CallNotSupported) if the object has no
    /// delete; and the errors of [`Connection::transaction`].
    pub fn delete<T: SObject>(&self, id: Id<T>) -> Result<()> {
        self.transaction(|tx| tx.delete(id))
    }

    /// Moves up to 200 records to the recycle bin, each on its own. Results are in the order of
    /// the ids.
    ///
    /// # Errors
    /// As [`Connection::create_many`]. Those of [`Connection::delete`] are in the results.
    pub fn delete_many<T: SObject>(&self, ids: &[Id<T>]) -> Result<Vec<Result<()>>> {
        self.transaction(|tx| tx.delete_many(ids))
    }

    /// Brings a record back from the recycle bin, with what its delete took along. A reference that
    /// the delete emptied has its value again, unless it was given another; a reference of what comes
    /// back whose record is no longer live comes back null.
    ///
    /// # Errors
    /// [`Error::NotInRecycleBin`](crate::Error::NotInRecycleBin) if the record is not there, if it was
    /// deleted along with another, or if it is a detail whose master was deleted since;
    /// [`Error::WrongId`](crate::Error::WrongId); [`Error::Duplicate`](crate::Error::Duplicate) if
    /// another record has taken a unique value meanwhile, or
    /// [`Error::DuplicateHidden`](crate::Error::DuplicateHidden) if the caller may not read that
    /// field; [`Error::NeedsRecord`](crate::Error::NeedsRecord) if a required reference leads to no live
    /// record of an object that it names;
    /// [`Error::NotSupported`](crate::Error::NotSupported) if more records would come back with it or
    /// change than [`StoreBuilder::max_cascade`](crate::StoreBuilder::max_cascade) allows;
    /// [`Error::CallNotSupported`](crate::Error::CallNotSupported) if the object has no undelete;
    /// and the errors of [`Connection::transaction`].
    pub fn undelete<T: SObject>(&self, id: Id<T>) -> Result<()> {
        self.transaction(|tx| tx.undelete(id))
    }

    /// Brings up to 200 records back from the recycle bin, each on its own. Results are in the
    /// order of the ids.
    ///
    /// # Errors
    /// As [`Connection::create_many`]. Those of [`Connection::undelete`] are in the results.
    pub fn undelete_many<T: SObject>(&self, ids: &[Id<T>]) -> Result<Vec<Result<()>>> {
        self.transaction(|tx| tx.undelete_many(ids))
    }

    /// Notes that the caller viewed a record: sets LastViewedDate and LastReferencedDate as the
    /// caller sees them. The record itself does not change.
    ///
    /// # Errors
    /// [`Error::WrongId`](crate::Error::WrongId), [`Error::NotFound`](crate::Error::NotFound) or
    /// [`Error::Deleted`](crate::Error::Deleted) if `id` is not that of a live record of the
    /// object; [`Error::NotSupported`](crate::Error::NotSupported) if the object has no
    /// LastViewedDate; and the errors of [`Connection::transaction`].
    pub fn mark_viewed<T: SObject>(&self, id: Id<T>) -> Result<()> {
        self.transaction(|tx| tx.mark_viewed(id))
    }

    /// Notes that the caller referenced a record: sets LastReferencedDate as the caller sees it.
    ///
    /// # Errors
    /// As [`Connection::mark_viewed`], with LastReferencedDate.
    pub fn mark_referenced<T: SObject>(&self, id: Id<T>) -> Result<()> {
        self.transaction(|tx| tx.mark_referenced(id))
    }
}
