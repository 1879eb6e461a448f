//! [`Replica`]: writes records that exist already, in an org or another store, as they are there.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    record::{JsonInput, Record},
    sobject::SObject,
    untyped::source_of as source_of_json,
};
use crate::{
    caller::Caller,
    definition::FieldIdx,
    error::{Error, Result},
    id::{Id, RecordId},
    store::{
        Access, Given, OpenStore, Page, PassedKeys, PassedOver, PutOptions, ResumeKey, Source,
        UnresolvedReference, Write, unresolved,
    },
    value::Value,
};

/// A way to write records that exist already: in an org whose data is copied or archived, or in
/// another store.
///
/// A record is put as its source has it, with its own Id, auto-number, IsDeleted and stamps: as a
/// map of JSON values in the form of an org, or as a [`Record`] that was read elsewhere
/// ([`Replica::put_record`]). Nothing is stamped, and neither rights nor the calls of the object are
/// checked. A read from this store then answers what the source answers.
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
/// let id = store.replica().put("User", &ada)?;
/// let read = store.system().object("User")?.get(id)?;
/// assert_eq!(read["CreatedDate"], ada["CreatedDate"]);
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
///
/// **What a put does.** If the store has no record with this Id, the put makes one, live or
/// straight in the recycle bin. It must give the Id, each system field that the object has, and
/// each field that is never null; IsDeleted and other booleans may be left out, and have their default
/// then. A record that was read with few fields lacks some of these, and is refused with the names of
/// all that it lacks; [`Replica::stamps_from_given`] asks for no system fields. If the store has
/// the record, live or in the bin, fields that are not given keep their values, and IsDeleted moves
/// the record into the bin or out of it. A put that changes nothing writes nothing at all, so a
/// replicator that is not sure whether a put was done may repeat it.
///
/// **What is checked.** Types, lengths, digits and ranges; that ids are well-formed and of the
/// right object; and that no two live records have the same value of a unique field. If a value has
/// moved from one record to another, put the record first that no longer has it, or put both in one
/// call of [`Replica::put_many`], which compares the values that all its records have in the end.
///
/// Texts are kept exactly as they are given, without a look at picklists or at the form of e-mail
/// addresses, but an empty text is null. Decimal numbers keep every digit right of the point, and
/// times are kept to the second. References need not lead to a record: records come in any order,
/// and an org shows references to records that its reader may not see. [`Replica::unresolved`]
/// lists the ids that are referred to and have no record. A record may be put into the bin even if
/// others require it.
///
/// **What an org sends besides.** An address, or another compound value, is held by its parts: parts
/// that the record gives as fields count, and the others are taken out of the compound. Formulas,
/// roll-ups and other fields that the store describes but does not hold may have values, which are
/// passed over. So are the records that a reference leads to, under the name of the relationship
/// (`"Owner": {"Name": ..}`, or null), which are records of their own. Any other key that the object
/// does not have is refused with all such names, or passed over by a replica of
/// [`Replica::pass_over_unknown`]; [`Replica::passed_over`] tells what was.
///
/// **What the store does besides.** It dates the change with the time of this write, even if the
/// record's stamps are older. Records that are created here later get no record number of an id
/// with this store's own instance that was put, and no auto-number that was put. An auto-number
/// that does not have the format of its field is kept as it is. A put replaces a record that was
/// created here if it has the same Id; so a store that creates records beside those of its source
/// needs an instance of its own ([`StoreBuilder::instance`](crate::StoreBuilder::instance)).
/// LastViewedDate and LastReferencedDate are kept for the replica's user
/// ([`Store::replica_as`](crate::Store::replica_as)).
///
/// A described object may lack some of the system fields, which the file holds all the same: a date
/// that is lacking is the latest of the others, and a user who is lacking is the other of the two.
#[derive(Clone)]
pub struct Replica {
    inner: Arc<OpenStore>,
    /// System mode in the name of the replica's user.
    access: Arc<Access>,
    options: PutOptions,
    /// What the puts that are committed have passed over.
    passed: Arc<Mutex<PassedKeys>>,
}

impl Replica {
    pub(super) fn new(inner: Arc<OpenStore>, caller: &Caller) -> Self {
        let access = Arc::new(Access::new(&inner.schema.catalogue, caller));
        Self { inner, access, options: PutOptions::default(), passed: Arc::default() }
    }

    /// A replica whose calls over several records write all of them or none.
    #[must_use]
    pub fn all_or_none(&self) -> Self {
        let options = PutOptions { all_or_none: true, ..self.options };
        Self { options, ..self.clone() }
    }

    /// A replica that passes over the keys of records that their object does not have, which are
    /// refused otherwise: for a source whose objects have more fields than those of this store.
    /// [`Replica::passed_over`] tells which keys these were.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use serde_json::json;
    /// # use sobject_core::{SObject, Store, standard::User};
    /// # let store = Store::in_memory(&[User::OBJECT])?;
    /// # let id = "005Hs00000A1b2cIAB";
    /// let ada = json!({
    ///     "Id": id, "Name": "Ada", "Username": "ada@example.com", "Title": "Countess",
    ///     "CreatedDate": "2015-12-10T08:00:00.000+0000", "CreatedById": id,
    ///     "LastModifiedDate": "2016-01-05T09:30:00.000+0000", "LastModifiedById": id,
    ///     "SystemModstamp": "2016-01-05T09:30:00.000+0000",
    /// });
    /// let replica = store.replica();
    /// let refused = replica.put("User", &ada).unwrap_err();
    /// assert_eq!(refused.fields(), ["Title"]);
    ///
    /// let replica = replica.pass_over_unknown();
    /// replica.put("User", &ada)?;
    /// let passed = replica.passed_over();
    /// assert_eq!((passed[0].key.as_str(), passed[0].records), ("Title", 1));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    #[must_use]
    pub fn pass_over_unknown(&self) -> Self {
        let options = PutOptions { pass_over_unknown: true, ..self.options };
        Self { options, ..self.clone() }
    }

    /// A replica that takes new records without some of their system fields, as a query of few fields
    /// gives them.
    ///
    /// A date that is not there, or null, is the latest of those that are, else the time of the write.
    /// A user who is not there is the other of the two, else the replica's. Records that the store has
    /// already keep what is not given, as ever.
    #[must_use]
    pub fn stamps_from_given(&self) -> Self {
        let options = PutOptions { stamps_from_given: true, ..self.options };
        Self { options, ..self.clone() }
    }

    /// What the puts of this replica have passed over so far, by object and key: fields with values
    /// that the store describes but does not hold, and keys that an object does not have. Clones, and
    /// replicas that were made of this one or that this one was made of, have one report together;
    /// [`Store::replica`](crate::Store::replica) begins a new one.
    ///
    /// Only records that were put count, once their transaction is committed. Addresses that are told
    /// by their parts and records that a reference leads to are not reported: nothing of the record is
    /// lost with them.
    pub fn passed_over(&self) -> Vec<PassedOver> {
        self.report().list()
    }

    fn report(&self) -> MutexGuard<'_, PassedKeys> {
        self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs several puts that are written together or not at all.
    ///
    /// If the closure returns an error or panics, nothing of it was written. It may be run more
    /// than once, if other writes come between, so whatever it does outside of the transaction must
    /// be safe to repeat.
    ///
    /// # Errors
    /// Those of the closure; [`Error::NestedWrite`] inside another transaction on the same thread;
    /// [`Error::NotFound`], [`Error::Deleted`] or [`Error::WrongId`] if the replica's user is no
    /// live record of the object User; [`Error::Storage`].
    pub fn transaction<R, E: From<Error>>(
        &self,
        mut f: impl FnMut(&mut ReplicaTransaction<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let mut passed = PassedKeys::default();
        let result = self.inner.write(&self.access, |write| {
            let (options, keys) = (self.options, PassedKeys::default());
            let mut transaction = ReplicaTransaction { write, options, passed: keys };
            let result = f(&mut transaction);
            passed = transaction.passed;
            (transaction.write, result)
        });
        if result.is_ok() {
            self.report().extend(passed);
        }
        result
    }

    /// Puts a record of the object of this name, and returns its id.
    ///
    /// # Errors
    /// [`Error::UnknownObject`]; [`Error::UnknownField`] with every key that the object does not have;
    /// [`Error::FieldTwice`]; [`Error::WrongId`] if the Id is malformed or another object's; [`Error::BadValue`] if a
    /// field cannot hold its value; [`Error::OwnerEmpty`]; [`Error::Required`] with every field
    /// that is missing; [`Error::Duplicate`] if another live record has the value of a unique
    /// field; and the errors of [`Replica::transaction`].
    pub fn put(&self, object: &str, record: &(impl JsonInput + ?Sized)) -> Result<RecordId> {
        self.transaction(|tx| tx.put(object, record))
    }

    /// Puts any number of records of the object of this name, each written or refused on its own.
    /// Results are in the order of the records.
    ///
    /// The call is one write, which is held in memory until it is committed: put large amounts in
    /// several calls, of some thousand records each.
    ///
    /// # Errors
    /// [`Error::UnknownObject`], and the errors of [`Replica::transaction`]. The errors of a single
    /// record, as of [`Replica::put`], are in the results; and so is [`Error::RolledBack`], for a
    /// record that was in order in an all-or-none call in which another was not.
    pub fn put_many(
        &self,
        object: &str,
        records: &[impl JsonInput],
    ) -> Result<Vec<Result<RecordId>>> {
        self.transaction(|tx| tx.put_many(object, records))
    }

    /// Puts a record that was read as a struct, from another store or from what an org sent, and
    /// returns its id: [`Replica::put`] with every field of the struct and every system field that the
    /// object has.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// let source = Store::in_memory(&[User::OBJECT])?.system();
    /// let ada = source.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let ada = source.get(ada)?;
    ///
    /// let copy = Store::builder().instance("cp0").in_memory(&[User::OBJECT])?;
    /// let id = copy.replica().put_record(&ada)?;
    /// assert_eq!(copy.system().get(id)?, ada);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Replica::put`]; [`Error::BadDefinition`] if the store was opened with another struct of
    /// that name.
    pub fn put_record<T: SObject>(&self, record: &Record<T>) -> Result<Id<T>> {
        self.transaction(|tx| tx.put_record(record))
    }

    /// Puts any number of records that were read as a struct, as [`Replica::put_many`] does.
    ///
    /// # Errors
    /// As [`Replica::put_many`]; [`Error::BadDefinition`]. Those of [`Replica::put_record`] are in the
    /// results.
    pub fn put_records<T: SObject>(&self, records: &[Record<T>]) -> Result<Vec<Result<Id<T>>>> {
        self.transaction(|tx| tx.put_records(records))
    }

    /// Up to `limit` ids that live records refer to and that no record of the store has, live or in
    /// the bin. An id is listed once for each field that refers to it. References to objects that
    /// the store does not have are left out.
    ///
    /// These are the first of the list that [`Replica::unresolved_page`] goes through.
    ///
    /// # Errors
    /// [`Error::Corrupt`]; [`Error::Storage`].
    pub fn unresolved(&self, limit: usize) -> Result<Vec<UnresolvedReference>> {
        let page = self.inner.read(&self.access, |reader| unresolved(reader, None, limit))?;
        Ok(page.items)
    }

    /// Lists what [`Replica::unresolved`] lists, page by page: up to `size` ids, and at least one,
    /// behind the last of the page whose key is given.
    ///
    /// The list has an order of its own that does not change: it goes object by object, field by
    /// field, and by the ids. An id that was fetched in the meantime is no longer on it, and an id
    /// that could not be fetched is not met again, since the next page begins behind it. Whether
    /// there is more is not known before it is looked for, so the last page may be empty.
    ///
    /// Where a field has an index, a page costs one look at each id that the field names, however
    /// many records name it. CreatedById and LastModifiedById have no index; for a page of these
    /// all records of the object are read once.
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

/// Several puts that are written together or not at all: what [`Replica::transaction`] passes to
/// its closure.
///
/// A put that is refused leaves nothing behind, and the transaction may go on without it.
pub struct ReplicaTransaction<'s> {
    write: Write<'s>,
    options: PutOptions,
    passed: PassedKeys,
}

impl ReplicaTransaction<'_> {
    /// Puts a record. See [`Replica::put`].
    ///
    /// # Errors
    /// As [`Replica::put`].
    pub fn put(&mut self, object: &str, record: &(impl JsonInput + ?Sized)) -> Result<RecordId> {
        let object = self.write.schema.object(object)?;
        self.write.put(object, source_of_json(record), self.options, &mut self.passed)
    }

    /// Puts several records. See [`Replica::put_many`].
    ///
    /// # Errors
    /// As [`Replica::put_many`].
    pub fn put_many(
        &mut self,
        object: &str,
        records: &[impl JsonInput],
    ) -> Result<Vec<Result<RecordId>>> {
        let object = self.write.schema.object(object)?;
        let records = records.iter().map(source_of_json);
        self.write.put_many(object, records, self.options, &mut self.passed)
    }

    /// Puts a record that was read as a struct. See [`Replica::put_record`].
    ///
    /// # Errors
    /// As [`Replica::put_record`].
    pub fn put_record<T: SObject>(&mut self, record: &Record<T>) -> Result<Id<T>> {
        let Write { schema, access, .. } = &self.write;
        let object = access.object_of(&schema.catalogue, T::NAME, T::OBJECT.fields)?;
        let put = self.write.put(object, source_of(record), self.options, &mut self.passed);
        put.map(Id::new)
    }

    /// Puts several records that were read as a struct. See [`Replica::put_records`].
    ///
    /// # Errors
    /// As [`Replica::put_records`].
    pub fn put_records<T: SObject>(&mut self, records: &[Record<T>]) -> Result<Vec<Result<Id<T>>>> {
        let Write { schema, access, .. } = &self.write;
        let object = access.object_of(&schema.catalogue, T::NAME, T::OBJECT.fields)?;
        let records = records.iter().map(source_of);
        let put = self.write.put_many(object, records, self.options, &mut self.passed)?;
        Ok(put.into_iter().map(|result| result.map(Id::new)).collect())
    }
}

/// What a record holds.
fn source_of<T: SObject>(record: &Record<T>) -> Source<'_> {
    let mut input = Vec::with_capacity(usize::from(FieldIdx::N_SYSTEM) + T::OBJECT.fields.len());
    for (field, value) in [
        (FieldIdx::ID, Value::Id(record.id.record_id())),
        (FieldIdx::IS_DELETED, Value::Bool(record.is_deleted)),
        (FieldIdx::CREATED_DATE, Value::DateTime(record.created_date)),
        (FieldIdx::CREATED_BY_ID, Value::Id(record.created_by_id)),
        (FieldIdx::LAST_MODIFIED_DATE, Value::DateTime(record.last_modified_date)),
        (FieldIdx::LAST_MODIFIED_BY_ID, Value::Id(record.last_modified_by_id)),
        (FieldIdx::SYSTEM_MODSTAMP, Value::DateTime(record.system_modstamp)),
    ] {
        input.push((field, Given::Value(value)));
    }
    record.fields.each(&mut |field, value| input.push((field, Given::Value(value))));
    Source::View(input)
}

impl fmt::Debug for Replica {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replica")
            .field("user", &self.access.user)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ReplicaTransaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplicaTransaction").field("options", &self.options).finish_non_exhaustive()
    }
}
