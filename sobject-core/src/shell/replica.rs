//! [`Replica`]: records as an org or another store has them.

use std::sync::Arc;

use super::untyped::JsonRecord;
use crate::{
    caller::Caller,
    error::{Error, Result},
    id::RecordId,
    store::{Access, OpenStore, Page, ResumeKey, UnresolvedReference, Write, unresolved},
};

/// A way into a store for records that exist already: in an org whose data is copied or archived, or
/// in another store.
///
/// A record arrives as its source has it, with its own Id, auto-number, IsDeleted and stamps, as a
/// map of JSON values in the form of an org. Nothing is stamped or defaulted, and no rights or calls
/// are asked for. What is read from the store afterwards is what its source answers.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use serde_json::json;
/// use sobject_core::{SObject, Store, standard::User};
///
/// let store = Store::in_memory(&[User::OBJECT])?;
/// let ada = json!({
///     "attributes": { "type": "User" },
///     "Id": "005Hs00000A1b2cIAB", "Name": "Ada Lovelace", "Username": "ada@example.com",
///     "CreatedDate": "2015-12-10T08:00:00.000+0000", "CreatedById": "005Hs00000A1b2cIAB",
///     "LastModifiedDate": "2016-01-05T09:30:00.000+0000", "LastModifiedById": "005Hs00000A1b2cIAB",
///     "SystemModstamp": "2016-01-05T09:30:00.000+0000",
/// });
/// let id = store.replica().put("User", ada.as_object().unwrap())?;
/// let read = store.system().object("User")?.get(id)?;
/// assert_eq!(read["CreatedDate"], ada["CreatedDate"]);
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
///
/// **What a put does.** A record whose Id is not here yet is made, live or straight in the recycle
/// bin; it needs its Id, each system field that its object has, and each field that is never null.
/// IsDeleted may be left out, and is false then. A record that is here, live or in the bin, keeps
/// what is not given, and IsDeleted moves it where it belongs. A record that is so already writes
/// nothing at all, so that a replicator may repeat what it is not sure of.
///
/// **What is checked.** Types, lengths, digits and ranges; that ids are well-formed and of the right
/// object; that unique values are not there twice: put the record first that has given one up, or
/// both in one call of [`Replica::put_many`], which compares them once all are there.
/// Texts are kept to the letter, on no list and in no form, but an empty one is null; decimal numbers
/// with every digit right of the point; times to the second. References need not lead to a record:
/// records come in any order, and an org shows references to records that its reader may not see.
/// [`Replica::unresolved`] lists what is referred to and not there. A delete asks for no holders.
///
/// An address or another compound value, which the store does not hold, is passed over if the record
/// gives its parts as well, as an org does; else it is refused, lest it be lost.
///
/// **What happens here.** The change is dated with the time of the write here, however old the
/// record's stamps are. Ids of this store's own instance and auto-numbers are passed over by records
/// that are made here later; an auto-number in another format stays as it is. A record that was made
/// here gives way to one that comes with its Id, so a store that makes records beside those of its
/// source needs an instance of its own
/// ([`StoreBuilder::instance`](crate::StoreBuilder::instance)). LastViewedDate and LastReferencedDate
/// are those of the replica's user ([`Store::replica_as`](crate::Store::replica_as)).
///
/// System fields that an object lacks, as a described one may, need a value in the file: a date is
/// the latest of those that are there, a user the other one.
#[derive(Clone, Debug)]
pub struct Replica {
    inner: Arc<OpenStore>,
    /// System mode in the name of the replica's user.
    access: Arc<Access>,
    all_or_none: bool,
}

impl Replica {
    pub(super) fn new(inner: Arc<OpenStore>, caller: &Caller) -> Self {
        let access = Arc::new(Access::new(&inner.schema.catalogue, caller));
        Self { inner, access, all_or_none: false }
    }

    /// A replica whose calls over several records write all of them or none.
    #[must_use]
    pub fn all_or_none(&self) -> Self {
        Self { all_or_none: true, ..self.clone() }
    }

    /// Runs several puts that are written together or not at all.
    ///
    /// If the closure returns an error or panics, nothing of it was written. It may be run again
    /// if writers collide, so what it does beside the transaction must bear repeating.
    ///
    /// # Errors
    /// Those of the closure; [`Error::NestedWrite`] inside another transaction on the same thread;
    /// [`Error::NotFound`], [`Error::Deleted`] or [`Error::WrongId`] if the replica's user is none;
    /// [`Error::Storage`].
    pub fn transaction<R, E: From<Error>>(
        &self,
        mut f: impl FnMut(&mut ReplicaTransaction<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.inner.write(&self.access, |write| {
            let mut transaction = ReplicaTransaction { write, all_or_none: self.all_or_none };
            let result = f(&mut transaction);
            (transaction.write, result)
        })
    }

    /// Puts a record of the object of this name, and gives its id.
    ///
    /// # Errors
    /// [`Error::UnknownObject`]; [`Error::UnknownField`] and [`Error::FieldTwice`];
    /// [`Error::NotSupported`] with the fields that are described only and not null;
    /// [`Error::WrongId`] if the Id is malformed or another object's; [`Error::BadValue`] if a field
    /// cannot hold its value; [`Error::OwnerEmpty`]; [`Error::Required`] with every field that is
    /// missing; [`Error::Duplicate`] if another live record has the value of a unique field; and
    /// the errors of [`Replica::transaction`].
    pub fn put(&self, object: &str, record: &JsonRecord) -> Result<RecordId> {
        self.transaction(|tx| tx.put(object, record))
    }

    /// Puts any number of records of the object of this name, each written or refused on its own.
    /// Results are in the order of the records.
    ///
    /// They are one write, which is held in memory until it is done: load in pieces of some
    /// thousands.
    ///
    /// # Errors
    /// [`Error::UnknownObject`], and the errors of [`Replica::transaction`]. Those of
    /// [`Replica::put`] are in the results, as is [`Error::RolledBack`].
    pub fn put_many(&self, object: &str, records: &[JsonRecord]) -> Result<Vec<Result<RecordId>>> {
        self.transaction(|tx| tx.put_many(object, records))
    }

    /// Up to `limit` ids that live records refer to and that no record here has, live or in the
    /// bin: each once for each field. References to objects that the store does not have are not
    /// among them.
    ///
    /// These are the first of the list that [`Replica::unresolved_page`] goes through.
    ///
    /// # Errors
    /// [`Error::Corrupt`]; [`Error::Storage`].
    pub fn unresolved(&self, limit: usize) -> Result<Vec<UnresolvedReference>> {
        let page = self.inner.read(&self.access, |reader| unresolved(reader, None, limit))?;
        Ok(page.items)
    }

    /// [`Replica::unresolved`], up to `size` ids, but one at least, behind a key of the page before.
    ///
    /// The list has an order of its own, which does not change: the ids of a field stand together,
    /// and the fields of an object. What has been fetched in the meantime is no longer on it, so a
    /// replicator that could not fetch an id goes past it. There may be no more where a page has a
    /// key to go on behind: the last page may be empty.
    ///
    /// A page of references by a field with an index costs a look at each id that the field names,
    /// however many records name it. CreatedById and LastModifiedById have none, so a page of these reads the
    /// records of the object once.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::User};
    /// # let replica = Store::in_memory(&[User::OBJECT])?.replica();
    /// let mut next = None;
    /// loop {
    ///     let page = replica.unresolved_page(next, 200)?;
    ///     for lost in page.items {
    ///         println!("fetch {} {}", lost.target, lost.id);
    ///     }
    ///     next = page.next;
    ///     if next.is_none() {
    ///         break;
    ///     }
    /// }
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::BadResumeKey`]; [`Error::Corrupt`]; [`Error::Storage`].
    pub fn unresolved_page(
        &self,
        after: impl Into<Option<ResumeKey>>,
        size: usize,
    ) -> Result<Page<UnresolvedReference>> {
        let (after, size) = (after.into(), size.max(1));
        self.inner.read(&self.access, |reader| unresolved(reader, after.as_ref(), size))
    }
}

/// Several puts that are written together or not at all; the closure of [`Replica::transaction`] is
/// given one.
///
/// A put that is refused leaves nothing behind, and the transaction may go on without it.
pub struct ReplicaTransaction<'s> {
    write: Write<'s>,
    all_or_none: bool,
}

impl ReplicaTransaction<'_> {
    /// Puts a record. See [`Replica::put`].
    ///
    /// # Errors
    /// As [`Replica::put`].
    pub fn put(&mut self, object: &str, record: &JsonRecord) -> Result<RecordId> {
        let object = self.write.schema.object(object)?;
        self.write.put(object, record)
    }

    /// Puts several records. See [`Replica::put_many`].
    ///
    /// # Errors
    /// As [`Replica::put_many`].
    pub fn put_many(
        &mut self,
        object: &str,
        records: &[JsonRecord],
    ) -> Result<Vec<Result<RecordId>>> {
        let object = self.write.schema.object(object)?;
        self.write.put_many(object, records, self.all_or_none)
    }
}

impl std::fmt::Debug for ReplicaTransaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReplicaTransaction").finish_non_exhaustive()
    }
}
