//! Delete and undelete: records into the recycle bin with what goes along, and back.
//!
//! | room | what |
//! |---|---|
//! | `reach` | what a delete reaches: records that go along, that are emptied, that hold |
//! | `delete` | a record into the bin with these, or the refusal |
//! | `restore` | a record back from the bin with what its delete took along |
//! | `lost` | references of what comes back that lead nowhere any more |
//! | `along` | what the bin notes of a record under its root and its masters |
//!
//! A deleted record moves from the live space to the bin and loses its index entries. Both calls
//! stamp LastModifiedDate and By, and SystemModstamp (a choice of ours where the platform's answer
//! is unknown). Auto-numbers and ids stay.

mod along;
mod delete;
mod lost;
mod reach;
mod restore;

use super::{hooks::Job, writer::Write};
#[cfg(doc)]
use crate::error::Error;
use crate::{
    catalogue::Object,
    error::Result,
    id::RecordId,
    store::rules::{MAX_RECORDS, Updates, check_count},
};

impl<'a> Write<'a> {
    /// Moves a live record to the recycle bin, with the details of it, and empties references that may
    /// be null.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`] and the other errors of a call that the caller may not make;
    /// [`Error::WrongId`], [`Error::NotFound`], [`Error::Deleted`]; [`Error::InUse`] if a live
    /// record that stays holds it, or one that goes along; [`Error::NotSupported`] if more would go
    /// along than the store's limit.
    pub(crate) fn delete(&mut self, object: &'a Object, id: RecordId) -> Result<()> {
        self.expect_deleted(object, &[id])?;
        self.one(|write| {
            if write.has_hooks(object) {
                let job = Job::Delete(id);
                return write.hooked_one(object, job, &mut Updates::default()).map(drop);
            }
            write.delete_one(object, id)
        })
    }

    /// Moves several live records to the recycle bin, each on its own unless all or none was asked.
    ///
    /// # Errors
    /// [`Error::TooMany`]; an error that concerns more than one record, such as
    /// [`Error::Storage`].
    pub(crate) fn delete_many(
        &mut self,
        object: &'a Object,
        ids: &[RecordId],
        all_or_none: bool,
    ) -> Result<Vec<Result<()>>> {
        check_count(ids.len(), MAX_RECORDS)?;
        self.expect_deleted(object, ids)?;
        if self.has_hooks(object) {
            let jobs = ids.iter().copied().map(Job::Delete).collect();
            let results = self.hooked_many(object, jobs, all_or_none)?;
            return Ok(results.into_iter().map(|result| result.map(drop)).collect());
        }
        self.each(object, ids, all_or_none, |write, id| write.delete_one(object, *id))
    }

    /// Moves a record from the recycle bin back among the live ones, with what its delete took along.
    ///
    /// A reference whose record is no longer live comes back null. A reference that the delete emptied is
    /// there again if it has no other value.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`] and the other errors of a call that the caller may not make;
    /// [`Error::WrongId`]; [`Error::NotInRecycleBin`], also of a record that was deleted along with
    /// another; [`Error::Duplicate`] if a unique value was taken meanwhile; [`Error::NeedsRecord`] if a
    /// required reference leads to no live record of an object that it names; [`Error::NotSupported`] if
    /// more would come back than the store's limit.
    pub(crate) fn undelete(&mut self, object: &'a Object, id: RecordId) -> Result<()> {
        self.expect_undeleted(object, &[id])?;
        self.one(|write| {
            if write.has_hooks(object) {
                let job = Job::Undelete(id);
                return write.hooked_one(object, job, &mut Updates::default()).map(drop);
            }
            write.undelete_one(object, id)
        })
    }

    /// Moves several records back among the live ones, each on its own unless all or none was asked.
    ///
    /// # Errors
    /// [`Error::TooMany`]; an error that concerns more than one record, such as
    /// [`Error::Storage`].
    pub(crate) fn undelete_many(
        &mut self,
        object: &'a Object,
        ids: &[RecordId],
        all_or_none: bool,
    ) -> Result<Vec<Result<()>>> {
        check_count(ids.len(), MAX_RECORDS)?;
        self.expect_undeleted(object, ids)?;
        if self.has_hooks(object) {
            let jobs = ids.iter().copied().map(Job::Undelete).collect();
            let results = self.hooked_many(object, jobs, all_or_none)?;
            return Ok(results.into_iter().map(|result| result.map(drop)).collect());
        }
        self.each(object, ids, all_or_none, |write, id| write.undelete_one(object, *id))
    }
}
