//! What callers have seen: retrieve that counts as viewing, and the records that were seen last.

use super::{
    connection::Connection,
    read,
    record::{JsonRecord, Record},
    sobject::SObject,
    transaction::Transaction,
    untyped::Untyped,
};
use crate::{
    error::Result,
    id::{Id, RecordId},
    store::{Look, RecentlyViewed},
};

impl Connection {
    /// [`Connection::retrieve`] for records that are shown to the caller: notes that the caller viewed
    /// those that are live. What is returned has the dates of this view.
    ///
    /// # Errors
    /// As [`Connection::retrieve`] and [`Connection::mark_viewed`]; a record that is not live is `None`,
    /// and no error.
    pub fn retrieve_viewed<T: SObject>(&self, ids: &[Id<T>]) -> Result<Vec<Option<Record<T>>>> {
        self.transaction(|tx| tx.retrieve_viewed(ids))
    }

    /// The live records that the caller viewed or referenced last, newest first, at most so many: of all
    /// objects that note it and that the caller may read.
    ///
    /// A record stands here once, by its last view or reference. One that is deleted is left out, and is
    /// here again when it is undeleted.
    ///
    /// # Errors
    /// [`Error::BadPermissions`](crate::Error::BadPermissions);
    /// [`Error::Corrupt`](crate::Error::Corrupt); [`Error::Storage`](crate::Error::Storage).
    pub fn recently_viewed(&self, limit: usize) -> Result<Vec<RecentlyViewed>> {
        self.inner().read(self.access(), |reader| reader.recently_viewed(None, limit))
    }

    /// [`Connection::recently_viewed`] of one object.
    ///
    /// # Errors
    /// As [`Connection::recently_viewed`]; [`Error::UnknownObject`](crate::Error::UnknownObject).
    pub fn recently_viewed_of<T: SObject>(&self, limit: usize) -> Result<Vec<RecentlyViewed>> {
        self.object(T::NAME)?.recently_viewed(limit)
    }
}

impl Transaction<'_> {
    /// Reads several records and notes that the caller viewed them. See
    /// [`Connection::retrieve_viewed`](crate::Connection::retrieve_viewed).
    ///
    /// # Errors
    /// As [`Connection::retrieve_viewed`](crate::Connection::retrieve_viewed).
    pub fn retrieve_viewed<T: SObject>(&mut self, ids: &[Id<T>]) -> Result<Vec<Option<Record<T>>>> {
        let object = self.write().find_object(T::NAME)?;
        let records: Vec<_> = ids.iter().map(|id| id.record_id()).collect();
        // Whoever may not read the records views none of them: what was noted is taken back then.
        self.write().one(|write| {
            write.mark_viewed(object, &records)?;
            write.read(|reader| read::retrieve(reader, ids))
        })
    }
}

impl Untyped {
    /// [`Untyped::retrieve`] for records that are shown to the caller: notes that the caller viewed those
    /// that are live.
    ///
    /// # Errors
    /// As [`Untyped::retrieve`] and [`Connection::mark_viewed`].
    pub fn retrieve_viewed(
        &self,
        fields: &[&str],
        ids: &[RecordId],
    ) -> Result<Vec<Option<JsonRecord>>> {
        let object = self.object()?;
        self.db().transaction(|tx| {
            tx.write().one(|write| {
                write.mark_viewed(object, ids)?;
                write.read(|reader| reader.retrieve_json(object, fields, ids))
            })
        })
    }

    /// Notes that the caller viewed a record. See [`Connection::mark_viewed`].
    ///
    /// # Errors
    /// As [`Connection::mark_viewed`].
    pub fn mark_viewed(&self, id: RecordId) -> Result<()> {
        let object = self.object()?;
        self.db().transaction(|tx| tx.write().one(|write| write.mark_seen(object, id, Look::View)))
    }

    /// Notes that the caller referenced a record. See [`Connection::mark_referenced`].
    ///
    /// # Errors
    /// As [`Connection::mark_referenced`].
    pub fn mark_referenced(&self, id: RecordId) -> Result<()> {
        let object = self.object()?;
        self.db()
            .transaction(|tx| tx.write().one(|write| write.mark_seen(object, id, Look::Reference)))
    }

    /// The live records of the object that the caller viewed or referenced last, newest first, at most so
    /// many. See [`Connection::recently_viewed`].
    ///
    /// # Errors
    /// As [`Connection::recently_viewed`].
    pub fn recently_viewed(&self, limit: usize) -> Result<Vec<RecentlyViewed>> {
        let (db, object) = (self.db(), self.object()?);
        db.inner().read(db.access(), |reader| reader.recently_viewed(Some(object), limit))
    }
}
