//! Emptying the recycle bin: records by their ids, all of them, or those of an age; and the purge of
//! what is due.

use chrono::TimeDelta;

use super::{
    connection::Connection,
    sobject::SObject,
    store::Store,
    transaction::{Transaction, record_ids},
    untyped::{Untyped, UntypedTransaction},
};
use crate::{
    catalogue::Object,
    error::Result,
    id::{Id, RecordId},
    permissions::ObjectRight,
    store::Access,
};

/// Records of one step of a call over a whole bin, each of which is a transaction.
const STEP: usize = 2_000;

impl Connection {
    /// Takes up to 200 records out of the recycle bin for good, each on its own, with what their deletes
    /// took along. Results are in the order of the ids.
    ///
    /// They never come back. Queries of all rows ([`Soql::all_rows`](crate::Soql::all_rows)) find them for
    /// 24 hours more; then the next purge removes them from the file ([`Store::purge`]).
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{SObject, Store};
    ///
    /// /// A note.
    /// #[derive(SObject)]
    /// #[sobject(key_prefix = "a0N", custom)]
    /// struct Note {
    ///     #[field(create, custom, update)]
    ///     text: String,
    /// }
    ///
    /// let db = Store::in_memory(&[Note::OBJECT])?.system();
    /// let id = db.create(NoteCreate::new("burn after reading"))?;
    /// db.delete(id)?;
    /// db.empty_recycle_bin(&[id])?.remove(0)?;
    /// assert_eq!(db.undelete(id).unwrap_err().status_code().as_str(), "UNDELETE_FAILED");
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::create_many`]. In the results are
    /// [`Error::NoBinEntry`](crate::Error::NoBinEntry) for a record that is not in the bin, and for one
    /// that was deleted along with another, which leaves the bin with that one only;
    /// [`Error::WrongId`](crate::Error::WrongId); and the errors of a caller who may not delete.
    pub fn empty_recycle_bin<T: SObject>(&self, ids: &[Id<T>]) -> Result<Vec<Result<()>>> {
        self.transaction(|tx| tx.empty_recycle_bin(ids))
    }

    /// Takes everything out of the recycle bin for good that the caller may delete, and returns how many
    /// records those were, without those that were deleted along with them.
    ///
    /// It works in steps, each of which is a transaction of its own.
    ///
    /// # Errors
    /// Those of [`Connection::transaction`].
    pub fn empty_whole_recycle_bin(&self) -> Result<u64> {
        self.empty_bins(None)
    }

    /// [`Connection::empty_whole_recycle_bin`] of what was deleted so long ago, or longer.
    ///
    /// # Errors
    /// As [`Connection::empty_whole_recycle_bin`].
    pub fn empty_recycle_bin_older_than(&self, age: TimeDelta) -> Result<u64> {
        self.empty_bins(Some(age))
    }

    fn empty_bins(&self, age: Option<TimeDelta>) -> Result<u64> {
        let access = self.access();
        let may_empty = |object: &&Object| {
            object.calls.is_delete()
                && access.may(object, ObjectRight::Read)
                && access.may(object, ObjectRight::Delete)
        };
        let mut n_emptied = 0;
        for object in self.inner().schema.catalogue.objects().filter(may_empty) {
            let mut after = Some(0);
            while let Some(from) = after {
                let (reached, n) = self.inner().write(access, |mut write| {
                    let before = age
                        .map_or(i64::MAX, |age| write.stamp.saturating_sub(age.num_milliseconds()));
                    let result = write.empty_older(object, before, from, STEP);
                    (write, result)
                })?;
                after = reached;
                n_emptied += n;
            }
        }
        Ok(n_emptied)
    }
}

impl Transaction<'_> {
    /// Takes several records out of the recycle bin for good. See [`Connection::empty_recycle_bin`].
    ///
    /// # Errors
    /// As [`Connection::empty_recycle_bin`].
    pub fn empty_recycle_bin<T: SObject>(&mut self, ids: &[Id<T>]) -> Result<Vec<Result<()>>> {
        let (object, all_or_none) = (self.object_of::<T>()?, self.all_or_none);
        self.write().empty_recycle_bin(object, &record_ids(ids), all_or_none)
    }
}

impl Untyped {
    /// Takes up to 200 records out of the recycle bin for good. See [`Connection::empty_recycle_bin`].
    ///
    /// # Errors
    /// As [`Connection::empty_recycle_bin`].
    pub fn empty_recycle_bin(&self, ids: &[RecordId]) -> Result<Vec<Result<()>>> {
        self.write(|object| object.empty_recycle_bin(ids))
    }
}

impl UntypedTransaction<'_, '_> {
    /// Takes up to 200 records out of the recycle bin for good. See [`Connection::empty_recycle_bin`].
    ///
    /// # Errors
    /// As [`Connection::empty_recycle_bin`].
    pub fn empty_recycle_bin(&mut self, ids: &[RecordId]) -> Result<Vec<Result<()>>> {
        let all_or_none = self.all_or_none();
        let (object, write) = self.parts();
        write.empty_recycle_bin(object, ids, all_or_none)
    }
}

impl Store {
    /// Does what the times of the recycle bin say is due, and returns how many of its records that
    /// concerned, without those that were deleted along with them: records that have outlived their time
    /// in the bin ([`StoreBuilder::recycle_bin_age`](crate::StoreBuilder::recycle_bin_age),
    /// [`recycle_bin_capacity`](crate::StoreBuilder::recycle_bin_capacity)) leave it, and those that left
    /// it 24 hours ago are removed from the file.
    ///
    /// A store has no thread of its own. Each write does a little of what is due, so most programs need
    /// not call this; it is for stores that are hardly ever written to, and for tests. It works in steps,
    /// each of which is a transaction of its own. Damage, which a write that purges in passing leaves
    /// alone, fails it.
    ///
    /// # Errors
    /// Those of [`Connection::transaction`].
    pub fn purge(&self) -> Result<u64> {
        let mut n_purged = 0;
        loop {
            let purged = self.inner().write(&Access::SYSTEM, |mut write| {
                let result = write.purge(STEP);
                (write, result)
            })?;
            n_purged += purged.entries;
            if !purged.is_more {
                return Ok(n_purged);
            }
        }
    }
}
