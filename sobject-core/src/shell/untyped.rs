//! [`Untyped`]: records as JSON maps, for objects whose name is known at run time only.
//!
//! The rules are those of the typed calls. Keys are API names in any case; `attributes` is passed
//! over. Values are written as an org's JSON; numbers and the booleans `true` and `false` may be
//! strings. What is no value of its field's type is `JSON_PARSER_ERROR`. In place of a reference's id,
//! the name of its relationship may have a key of the parent.

use std::fmt;

use serde_json::Value as Json;

use super::{
    connection::Connection,
    read::{self, State, Walk},
    record::{JsonInput, JsonRecord},
    session::Session,
    transaction::Transaction,
};
use crate::{
    catalogue::{Object, ObjectNo},
    error::{Error, Result},
    id::RecordId,
    store::{AccessType, Reader, Source, Stripped, Write, strip},
};

/// An object of a store by name, for records as JSON maps.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use serde_json::json;
/// use sobject_core::{SObject, Store, standard::User};
///
/// let db = Store::in_memory(&[User::OBJECT])?.system();
/// let users = db.object("User")?;
/// let id = users.create(&json!({ "Name": "Ada Lovelace", "Username": "ada@example.com" }))?;
/// assert_eq!(users.get(id)?["Name"], "Ada Lovelace");
/// assert_eq!(users.find("Username", "ADA@example.com")?.len(), 1);
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Untyped {
    db: Connection,
    object: ObjectNo,
}

impl Untyped {
    pub(super) fn new(db: Connection, object: ObjectNo) -> Self {
        Self { db, object }
    }

    pub(super) fn db(&self) -> &Connection {
        &self.db
    }

    pub(super) fn object(&self) -> Result<&Object> {
        let object = self.db.inner().schema.catalogue.get(self.object);
        object.ok_or_else(|| Error::corrupt("an object without an entry"))
    }

    pub(super) fn write<R>(
        &self,
        mut f: impl FnMut(&mut UntypedTransaction<'_, '_>) -> Result<R>,
    ) -> Result<R> {
        let name = &self.object()?.name;
        self.db.transaction(|tx| f(&mut tx.object(name)?))
    }

    fn read<R>(&self, f: impl FnOnce(&Reader<'_>, &Object) -> Result<R>) -> Result<R> {
        let object = self.object()?;
        self.db.inner().read(self.db.access(), |reader| f(reader, object))
    }

    /// Creates a record and returns its id.
    ///
    /// A parent may be given by a key of its own, which is Id or a field that is marked `id_lookup` or
    /// `external_id`, under the name of the relationship: `"Account": { "Ext__c": "x" }`. A reference
    /// that may be of several objects then needs a type:
    /// `"Owner": { "attributes": { "type": "User" }, "Username": "ada@example.com" }`, or just `type`.
    ///
    /// # Errors
    /// [`Error::UnknownField`], [`Error::FieldTwice`], [`Error::NotWriteable`] with every field that
    /// create may not set, [`Error::IdGiven`], [`Error::Required`] with every field that is missing,
    /// [`Error::DescribedOnly`], [`Error::BadParent`] or [`Error::SeveralMatches`] for a parent that is
    /// given by a key and cannot be found by it, and the errors of [`Connection::create`].
    pub fn create(&self, record: &(impl JsonInput + ?Sized)) -> Result<RecordId> {
        self.write(|object| object.create(record))
    }

    /// Creates up to 200 records, each written or refused on its own.
    ///
    /// # Errors
    /// As [`Connection::create_many`].
    pub fn create_many(&self, records: &[impl JsonInput]) -> Result<Vec<Result<RecordId>>> {
        self.write(|object| object.create_many(records))
    }

    /// Changes the fields that the map has; null empties a field.
    ///
    /// # Errors
    /// As [`Untyped::create`] and [`Connection::update`]; [`Error::IdInBody`] if the map has an Id,
    /// since the record is named beside it.
    pub fn update(&self, id: RecordId, record: &(impl JsonInput + ?Sized)) -> Result<()> {
        self.write(|object| object.update(id, record))
    }

    /// Changes up to 200 records, each written or refused on its own. Each map names its record
    /// by `Id`, as the platform's collections do. A record may be named twelve times.
    ///
    /// # Errors
    /// As [`Connection::create_many`]. In the results are those of [`Untyped::update`],
    /// [`Error::IdMissing`], [`Error::WrongId`] for what is no id, and
    /// [`Error::TooManyUpdates`].
    pub fn update_many(&self, records: &[impl JsonInput]) -> Result<Vec<Result<()>>> {
        self.write(|object| object.update_many(records))
    }

    /// Moves a record to the recycle bin.
    ///
    /// # Errors
    /// As [`Connection::delete`].
    pub fn delete(&self, id: RecordId) -> Result<()> {
        self.write(|object| object.delete(id))
    }

    /// Moves up to 200 records to the recycle bin, each on its own.
    ///
    /// # Errors
    /// As [`Connection::create_many`].
    pub fn delete_many(&self, ids: &[RecordId]) -> Result<Vec<Result<()>>> {
        self.write(|object| object.delete_many(ids))
    }

    /// Brings a record back from the recycle bin.
    ///
    /// # Errors
    /// As [`Connection::undelete`].
    pub fn undelete(&self, id: RecordId) -> Result<()> {
        self.write(|object| object.undelete(id))
    }

    /// Brings up to 200 records back from the recycle bin, each on its own.
    ///
    /// # Errors
    /// As [`Connection::create_many`].
    pub fn undelete_many(&self, ids: &[RecordId]) -> Result<Vec<Result<()>>> {
        self.write(|object| object.undelete_many(ids))
    }

    /// Reads every field of a live record that the caller may read.
    ///
    /// # Errors
    /// As [`Connection::get`].
    pub fn get(&self, id: RecordId) -> Result<JsonRecord> {
        self.read(|reader, object| reader.get(object, id, |row| row.to_json()))
    }

    /// Reads these fields, in this order, of up to 2,000 records, in the order of the ids; `None`
    /// for those that are not live.
    ///
    /// # Errors
    /// [`Error::UnknownField`], [`Error::TooMany`]; [`Error::Corrupt`]; [`Error::Storage`].
    pub fn retrieve(&self, fields: &[&str], ids: &[RecordId]) -> Result<Vec<Option<JsonRecord>>> {
        self.read(|reader, object| reader.retrieve_json(object, fields, ids))
    }

    /// The live records whose field, by its name, holds `value`, each with every field that the caller
    /// may read. See [`Connection::find`]; the value is one of JSON, such as `"Ada"`, `5` or
    /// `json!(null)`.
    ///
    /// # Errors
    /// [`Error::UnknownField`]; [`Error::BadValue`] if the value is not of the field's type;
    /// [`Error::NotFilterable`]; [`Error::NotSupported`] for a field that is described only;
    /// [`Error::Corrupt`]; [`Error::Storage`].
    pub fn find(&self, field: &str, value: impl Into<Json>) -> Result<Vec<JsonRecord>> {
        let value = value.into();
        self.read(|reader, object| reader.find_json(object, field, &value))
    }

    /// The live records one after another, by their ids, each with every field that the caller may
    /// read. See [`Connection::walk`].
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let page = db.object("User")?.walk().page(200)?;
    /// assert_eq!(page.items[0]["Name"], "Ada");
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn walk(&self) -> Walk<Session, JsonRecord> {
        read::walk_json(self.db.session(), self.object, None)
    }

    /// The live records one after another, by their ids, each with these fields in this order.
    ///
    /// A name of no field is [`Error::UnknownField`] when the walk is asked for records.
    pub fn walk_fields(&self, fields: &[&str]) -> Walk<Session, JsonRecord> {
        read::walk_json(self.db.session(), self.object, Some(fields))
    }

    /// The records without the fields that the caller may not read, or give in a create or an
    /// update, and what those were: the platform's `stripInaccessible`. In system mode, what the
    /// attributes allow nobody goes all the same.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use serde_json::json;
    /// # use sobject_core::{AccessType, SObject, Store, standard::User};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// let users = db.object("User")?;
    /// let read = json!({ "Name": "Ada", "CreatedDate": "2026-03-01T08:00:00Z" });
    /// let read = vec![read.as_object().unwrap().clone()];
    /// let stripped = users.strip_inaccessible(AccessType::Createable, read)?;
    /// assert_eq!(stripped.removed_fields["User"], ["CreatedDate"]);
    /// assert_eq!(stripped.records[0].len(), 1);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownObject`], [`Error::NoAccess`] or [`Error::CallNotSupported`] if nothing of
    /// the object would be left; [`Error::UnknownField`] with the names of a record that are no
    /// field; [`Error::BadPermissions`].
    pub fn strip_inaccessible(
        &self,
        access_type: AccessType,
        records: Vec<JsonRecord>,
    ) -> Result<Stripped> {
        strip(self.object()?, self.db.access(), access_type, records)
    }

    /// How many live records there are.
    ///
    /// # Errors
    /// As [`Connection::count`].
    pub fn count(&self) -> Result<u64> {
        self.read(|reader, object| reader.count(object))
    }
}

impl Connection {
    /// An object by name, for records as JSON maps.
    ///
    /// # Errors
    /// [`Error::UnknownObject`] if there is none that the caller may read;
    /// [`Error::BadPermissions`].
    pub fn object(&self, name: &str) -> Result<Untyped> {
        let number = self.access().find_object(&self.inner().schema.catalogue, name)?.number;
        Ok(Untyped::new(self.clone(), number))
    }
}

impl fmt::Debug for Untyped {
    /// Prints the object's name, and nothing of what it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let object = self.object().map(|object| &object.name);
        f.debug_struct("Untyped").field("object", &object.ok()).field("db", &self.db).finish()
    }
}

/// [`Untyped`] inside a transaction.
pub struct UntypedTransaction<'t, 's> {
    tx: &'t mut Transaction<'s>,
    object: &'s Object,
}

impl<'t, 's> UntypedTransaction<'t, 's> {
    pub(super) fn new(tx: &'t mut Transaction<'s>, object: &'s Object) -> Self {
        Self { tx, object }
    }

    /// The object, and the write that is under way.
    pub(super) fn parts(&mut self) -> (&'s Object, &mut Write<'s>) {
        (self.object, self.tx.write())
    }

    pub(super) fn all_or_none(&self) -> bool {
        self.tx.all_or_none
    }

    /// Creates a record and returns its id.
    ///
    /// # Errors
    /// As [`Untyped::create`].
    pub fn create(&mut self, record: &(impl JsonInput + ?Sized)) -> Result<RecordId> {
        let object = self.object;
        self.tx.write().create(object, source_of(record))
    }

    /// Creates up to 200 records, each written or refused on its own.
    ///
    /// # Errors
    /// As [`Untyped::create_many`].
    pub fn create_many(&mut self, records: &[impl JsonInput]) -> Result<Vec<Result<RecordId>>> {
        let (object, all_or_none) = (self.object, self.tx.all_or_none);
        self.tx.write().create_many(object, records.iter().map(source_of), all_or_none)
    }

    /// Changes the fields that the map has; null empties a field.
    ///
    /// # Errors
    /// As [`Untyped::update`].
    pub fn update(&mut self, id: RecordId, record: &(impl JsonInput + ?Sized)) -> Result<()> {
        let object = self.object;
        self.tx.write().update(object, id, source_of(record))
    }

    /// Changes up to 200 records, each written or refused on its own. Each map names its record
    /// by `Id`.
    ///
    /// # Errors
    /// As [`Untyped::update_many`].
    pub fn update_many(&mut self, records: &[impl JsonInput]) -> Result<Vec<Result<()>>> {
        let (object, all_or_none) = (self.object, self.tx.all_or_none);
        let sources = records.iter().map(|record| (None, source_of(record)));
        self.tx.write().update_many(object, sources, all_or_none)
    }

    /// Moves a record to the recycle bin.
    ///
    /// # Errors
    /// As [`Untyped::delete`].
    pub fn delete(&mut self, id: RecordId) -> Result<()> {
        let object = self.object;
        self.tx.write().delete(object, id)
    }

    /// Moves up to 200 records to the recycle bin, each on its own.
    ///
    /// # Errors
    /// As [`Untyped::delete_many`].
    pub fn delete_many(&mut self, ids: &[RecordId]) -> Result<Vec<Result<()>>> {
        let (object, all_or_none) = (self.object, self.tx.all_or_none);
        self.tx.write().delete_many(object, ids, all_or_none)
    }

    /// Brings a record back from the recycle bin.
    ///
    /// # Errors
    /// As [`Untyped::undelete`].
    pub fn undelete(&mut self, id: RecordId) -> Result<()> {
        let object = self.object;
        self.tx.write().undelete(object, id)
    }

    /// Brings up to 200 records back from the recycle bin, each on its own.
    ///
    /// # Errors
    /// As [`Untyped::undelete_many`].
    pub fn undelete_many(&mut self, ids: &[RecordId]) -> Result<Vec<Result<()>>> {
        let (object, all_or_none) = (self.object, self.tx.all_or_none);
        self.tx.write().undelete_many(object, ids, all_or_none)
    }

    /// Reads every field of a live record that the caller may read.
    ///
    /// # Errors
    /// As [`Untyped::get`].
    pub fn get(&mut self, id: RecordId) -> Result<JsonRecord> {
        let object = self.object;
        self.tx.write().read(|reader| reader.get(object, id, |row| row.to_json()))
    }

    /// Reads these fields of up to 2,000 records.
    ///
    /// # Errors
    /// As [`Untyped::retrieve`].
    pub fn retrieve(
        &mut self,
        fields: &[&str],
        ids: &[RecordId],
    ) -> Result<Vec<Option<JsonRecord>>> {
        let object = self.object;
        self.tx.write().read(|reader| reader.retrieve_json(object, fields, ids))
    }

    /// The live records whose field, by its name, holds `value`. See [`Untyped::find`].
    ///
    /// # Errors
    /// As [`Untyped::find`].
    pub fn find(&self, field: &str, value: impl Into<Json>) -> Result<Vec<JsonRecord>> {
        let value = value.into();
        (&*self.tx).read(|reader| reader.find_json(self.object, field, &value))
    }

    /// The live records one after another, with what the transaction has written. See
    /// [`Untyped::walk`].
    pub fn walk(&self) -> Walk<&Transaction<'s>, JsonRecord> {
        read::walk_json(Ok(&*self.tx), self.object.number, None)
    }

    /// The live records one after another, each with these fields in this order. See
    /// [`Untyped::walk_fields`].
    pub fn walk_fields(&self, fields: &[&str]) -> Walk<&Transaction<'s>, JsonRecord> {
        read::walk_json(Ok(&*self.tx), self.object.number, Some(fields))
    }

    /// How many live records there are.
    ///
    /// # Errors
    /// As [`Untyped::count`].
    pub fn count(&mut self) -> Result<u64> {
        let object = self.object;
        self.tx.write().read(|reader| reader.count(object))
    }
}

impl fmt::Debug for UntypedTransaction<'_, '_> {
    /// Prints the object's name, and nothing of what it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("UntypedTransaction");
        out.field("object", &self.object.name).field("tx", &self.tx).finish()
    }
}

impl<'s> Transaction<'s> {
    /// An object by name, for records as JSON maps.
    ///
    /// # Errors
    /// As [`Connection::object`](crate::Connection::object).
    pub fn object(&mut self, name: &str) -> Result<UntypedTransaction<'_, 's>> {
        let object = self.write().find_object(name)?;
        Ok(UntypedTransaction::new(self, object))
    }
}

/// What is given as a record.
pub(super) fn source_of<R: JsonInput + ?Sized>(record: &R) -> Source<'_> {
    record.as_record().map_or_else(Source::NotARecord, Source::Json)
}
