//! Upsert: create or update, by a key of the record. Typed and untyped, of a connection and inside a
//! transaction.

use serde_json::Value as Json;

use super::{
    connection::Connection,
    field::Field,
    record::JsonInput,
    sobject::SObject,
    transaction::{self, Transaction},
    untyped::{self, Untyped, UntypedTransaction},
    view::UpsertView,
};
use crate::{
    definition::FieldIdx,
    error::Result,
    id::{Id, RecordId},
    store::{self, Given, KeyPlace, convert, find_key},
    value::Value,
};

/// What an upsert has made: the record, and whether it is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Upserted<I = RecordId> {
    /// The record.
    pub id: I,
    /// Was it created? If not, it was updated.
    pub created: bool,
}

impl<I> Upserted<I> {
    fn of(done: store::Upserted, id: fn(RecordId) -> I) -> Self {
        Self { id: id(done.id), created: done.is_created }
    }
}

impl Connection {
    /// Updates the record whose key has the value that the view sets, or creates one if no live
    /// record has it.
    ///
    /// The key is Id or a field that is marked `id_lookup` or `external_id`. A text matches in any
    /// case where the field is unique and ignores case, and else exactly. The key names the record and
    /// is not changed. A view may be that of a create or of an update; it takes the right to what it
    /// comes to. (With the handle of Id, which no view sets, a record is created;
    /// [`Connection::upsert_by_id`] takes the id beside the view.)
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{SObject, Store};
    ///
    /// /// A customer, known by a number of another system.
    /// #[derive(SObject)]
    /// #[sobject(key_prefix = "a0C", custom)]
    /// struct Customer {
    ///     #[field(create, custom, external_id, filter, length = 8, unique, update)]
    ///     number: String,
    ///     #[field(create, custom, nillable, update)]
    ///     city: Option<String>,
    /// }
    ///
    /// let db = Store::in_memory(&[Customer::OBJECT])?.system();
    /// let number = Customer::FIELDS.number;
    /// let first = db.upsert(number, CustomerCreate::new("C-1"))?;
    /// let oslo = CustomerCreate { city: Some("Oslo".into()), ..CustomerCreate::new("c-1") };
    /// let second = db.upsert(number, oslo)?;
    /// assert_eq!((first.created, second.created), (true, false));
    /// assert_eq!(second.id, first.id);
    /// let customer = db.get(first.id)?;
    /// assert_eq!((&*customer.number, customer.city.as_deref()), ("C-1", Some("Oslo")));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::CallNotSupported`](crate::Error::CallNotSupported) if the object has no upsert;
    /// [`Error::NotAKey`](crate::Error::NotAKey) if the field is no key that the caller may read;
    /// [`Error::KeyMissing`](crate::Error::KeyMissing) if the view does not set it;
    /// [`Error::SeveralMatches`](crate::Error::SeveralMatches) if several live records have the value;
    /// and the errors of [`Connection::create`] or [`Connection::update`].
    pub fn upsert<V: UpsertView<Object = O>, O: SObject, T, F, G, S>(
        &self,
        key: Field<O, T, F, G, S>,
        view: V,
    ) -> Result<Upserted<Id<O>>> {
        self.transaction(|tx| tx.upsert(key, &view))
    }

    /// Upserts up to 200 records by one key, each written or refused on its own. Results are in the
    /// order of the views. Views with the same value of the key are all refused.
    ///
    /// # Errors
    /// As [`Connection::create_many`]; [`Error::CallNotSupported`](crate::Error::CallNotSupported) and
    /// [`Error::NotAKey`](crate::Error::NotAKey). Those of [`Connection::upsert`] are in the results, as
    /// is [`Error::KeyTwice`](crate::Error::KeyTwice).
    pub fn upsert_many<V: UpsertView<Object = O>, O: SObject, T, F, G, S>(
        &self,
        key: Field<O, T, F, G, S>,
        views: &[V],
    ) -> Result<Vec<Result<Upserted<Id<O>>>>> {
        self.transaction(|tx| tx.upsert_many(key, views))
    }

    /// Updates the record of this id, or creates one if there is no id.
    ///
    /// # Errors
    /// As [`Connection::upsert`]; [`Error::WrongId`](crate::Error::WrongId),
    /// [`Error::NotFound`](crate::Error::NotFound) or [`Error::Deleted`](crate::Error::Deleted) if the
    /// id is not that of a live record of the object.
    pub fn upsert_by_id<V: UpsertView<Object = O>, O: SObject>(
        &self,
        id: impl Into<Option<Id<O>>>,
        view: V,
    ) -> Result<Upserted<Id<O>>> {
        let id = id.into();
        self.transaction(|tx| tx.upsert_by_id(id, &view))
    }

    /// Upserts up to 200 records by their ids, each written or refused on its own. Results are in the
    /// order of the records.
    ///
    /// # Errors
    /// As [`Connection::upsert_many`]. Those of [`Connection::upsert_by_id`] are in the results.
    pub fn upsert_many_by_id<V: UpsertView<Object = O>, O: SObject>(
        &self,
        records: &[(Option<Id<O>>, V)],
    ) -> Result<Vec<Result<Upserted<Id<O>>>>> {
        self.transaction(|tx| tx.upsert_many_by_id(records))
    }
}

impl Transaction<'_> {
    /// Updates a record or creates it. See [`Connection::upsert`].
    ///
    /// # Errors
    /// As [`Connection::upsert`].
    pub fn upsert<V: UpsertView<Object = O>, O: SObject, T, F, G, S>(
        &mut self,
        key: Field<O, T, F, G, S>,
        view: V,
    ) -> Result<Upserted<Id<O>>> {
        let object = self.object_of::<O>()?;
        let record = (KeyPlace::InRecord, transaction::source_of(&view));
        let done = self.write().upsert(object, key.idx(), record)?;
        Ok(Upserted::of(done, Id::new))
    }

    /// Upserts several records by one key. See [`Connection::upsert_many`].
    ///
    /// # Errors
    /// As [`Connection::upsert_many`].
    pub fn upsert_many<V: UpsertView<Object = O>, O: SObject, T, F, G, S>(
        &mut self,
        key: Field<O, T, F, G, S>,
        views: &[V],
    ) -> Result<Vec<Result<Upserted<Id<O>>>>> {
        let (object, all_or_none) = (self.object_of::<O>()?, self.all_or_none);
        let records = views.iter().map(|it| (KeyPlace::InRecord, transaction::source_of(it)));
        let done = self.write().upsert_many(object, key.idx(), records, all_or_none)?;
        Ok(done.into_iter().map(|it| it.map(|it| Upserted::of(it, Id::new))).collect())
    }

    /// Updates the record of this id, or creates one if there is no id. See
    /// [`Connection::upsert_by_id`].
    ///
    /// # Errors
    /// As [`Connection::upsert_by_id`].
    pub fn upsert_by_id<V: UpsertView<Object = O>, O: SObject>(
        &mut self,
        id: impl Into<Option<Id<O>>>,
        view: V,
    ) -> Result<Upserted<Id<O>>> {
        let object = self.object_of::<O>()?;
        let record = (beside(id.into()), transaction::source_of(&view));
        let done = self.write().upsert(object, FieldIdx::ID, record)?;
        Ok(Upserted::of(done, Id::new))
    }

    /// Upserts several records by their ids. See [`Connection::upsert_many_by_id`].
    ///
    /// # Errors
    /// As [`Connection::upsert_many_by_id`].
    pub fn upsert_many_by_id<V: UpsertView<Object = O>, O: SObject>(
        &mut self,
        records: &[(Option<Id<O>>, V)],
    ) -> Result<Vec<Result<Upserted<Id<O>>>>> {
        let (object, all_or_none) = (self.object_of::<O>()?, self.all_or_none);
        let records = records.iter().map(|(id, view)| (beside(*id), transaction::source_of(view)));
        let done = self.write().upsert_many(object, FieldIdx::ID, records, all_or_none)?;
        Ok(done.into_iter().map(|it| it.map(|it| Upserted::of(it, Id::new))).collect())
    }
}

impl Untyped {
    /// Updates the record that has the value which the map has for a key, or creates one if no live
    /// record has it. See [`Connection::upsert`]. The key is a field by its name; by `Id`, a record
    /// without an Id is created.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use serde_json::json;
    /// # use sobject_core::{SObject, Store};
    /// # /// A customer.
    /// # #[derive(SObject)]
    /// # #[sobject(key_prefix = "a0C", custom)]
    /// # struct Customer {
    /// #     #[field(create, custom, external_id, filter, length = 8, unique, update)]
    /// #     number: String,
    /// # }
    /// # let db = Store::in_memory(&[Customer::OBJECT])?.system();
    /// let customers = db.object("Customer__c")?;
    /// let done = customers.upsert("Number__c", &json!({ "Number__c": "C-1" }))?;
    /// assert!(done.created);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::upsert`] and [`Untyped::create`]; [`Error::IdInBody`](crate::Error::IdInBody)
    /// if the map has an Id beside another key.
    pub fn upsert(&self, key: &str, record: &(impl JsonInput + ?Sized)) -> Result<Upserted> {
        self.write(|object| object.upsert(key, record))
    }

    /// Upserts up to 200 records by one key, each written or refused on its own. Results are in the
    /// order of the maps. Maps with the same value of the key are all refused.
    ///
    /// # Errors
    /// As [`Connection::upsert_many`].
    pub fn upsert_many(
        &self,
        key: &str,
        records: &[impl JsonInput],
    ) -> Result<Vec<Result<Upserted>>> {
        self.write(|object| object.upsert_many(key, records))
    }

    /// Updates the record that has this value of a key, or creates one that has it: the form in which
    /// an address names the record. The map may then have neither the key nor an Id.
    ///
    /// # Errors
    /// As [`Untyped::upsert`]; [`Error::KeyInBody`](crate::Error::KeyInBody);
    /// [`Error::BadValue`](crate::Error::BadValue) if the value is not one of the key.
    pub fn upsert_at(
        &self,
        key: &str,
        value: impl Into<Json>,
        record: &(impl JsonInput + ?Sized),
    ) -> Result<Upserted> {
        let value = value.into();
        self.write(|object| object.upsert_at(key, value.clone(), record))
    }
}

impl UntypedTransaction<'_, '_> {
    /// Updates a record or creates it. See [`Untyped::upsert`].
    ///
    /// # Errors
    /// As [`Untyped::upsert`].
    pub fn upsert(&mut self, key: &str, record: &(impl JsonInput + ?Sized)) -> Result<Upserted> {
        let (object, write) = self.parts();
        let key = find_key(object, write.access, key)?;
        let record = (KeyPlace::InRecord, untyped::source_of(record));
        write.upsert(object, key, record).map(|it| Upserted::of(it, |id| id))
    }

    /// Upserts several records by one key. See [`Untyped::upsert_many`].
    ///
    /// # Errors
    /// As [`Untyped::upsert_many`].
    pub fn upsert_many(
        &mut self,
        key: &str,
        records: &[impl JsonInput],
    ) -> Result<Vec<Result<Upserted>>> {
        let all_or_none = self.all_or_none();
        let (object, write) = self.parts();
        let key = find_key(object, write.access, key)?;
        let records = records.iter().map(|it| (KeyPlace::InRecord, untyped::source_of(it)));
        let done = write.upsert_many(object, key, records, all_or_none)?;
        Ok(done.into_iter().map(|it| it.map(|it| Upserted::of(it, |id| id))).collect())
    }

    /// Updates the record that has this value of a key, or creates one that has it. See
    /// [`Untyped::upsert_at`].
    ///
    /// # Errors
    /// As [`Untyped::upsert_at`].
    pub fn upsert_at(
        &mut self,
        key: &str,
        value: impl Into<Json>,
        record: &(impl JsonInput + ?Sized),
    ) -> Result<Upserted> {
        let (object, write) = self.parts();
        let key = find_key(object, write.access, key)?;
        let value = value.into();
        let given = convert(object, object.at(key)?, &value)?;
        let record = (KeyPlace::Beside(given), untyped::source_of(record));
        write.upsert(object, key, record).map(|it| Upserted::of(it, |id| id))
    }
}

/// An id that is given beside a record.
fn beside<T>(id: Option<Id<T>>) -> KeyPlace<'static> {
    let value = id.map_or(Value::Null, |id| Value::Id(id.record_id()));
    KeyPlace::Beside(Given::Value(value))
}
