//! [`Connection`]: the calls, in the name of a caller.

mod by_id;
mod describe;

use std::{fmt, ops::ControlFlow, sync::Arc};

use super::{
    cursors::{Queries, Today},
    field::{Field, Filterable},
    operand::{FieldRange, Operand},
    read::{self, Walk},
    record::Record,
    session::Session,
    sobject::SObject,
    transaction::Transaction,
    view::{CreateView, UpdateView},
};
use crate::{
    caller::Caller,
    describe::ObjectDescribe,
    error::{Error, Result},
    id::Id,
    language::Repeated,
    store::{self, Access, OpenStore, Sought},
};

/// A way to the records of a store, in the name of a [`Caller`].
///
/// Every call that writes is a transaction of its own, durable when it returns. Calls over several
/// records write those that are in order and refuse the others, each with its own error; a
/// connection from [`Connection::all_or_none`] writes all of them or none.
///
/// A call that the object does not have is refused by [`Error::CallNotSupported`], whoever asks.
///
/// In user mode a call is also refused if the caller lacks a right that it needs. Every call on an
/// object that the caller may not read is refused by [`Error::UnknownObject`], and a write that the
/// caller may not do by [`Error::NoAccess`]. A field that the caller may not see is refused by
/// [`Error::UnknownField`], and one that the caller may not set by [`Error::NotWriteable`]. The id of
/// a record of an object that the caller may not read is no value for a reference
/// ([`Problem::WrongObject`](crate::Problem::WrongObject)), as if no object had such ids. If the
/// permissions name fields of the object that they cannot narrow, every call on it is refused by
/// [`Error::BadPermissions`].
///
/// If a write answers [`Error::Storage`], its
/// [kind](crate::StorageError::kind) says whether anything was written and what to do next. After a
/// [`CommitUnknown`](crate::StorageErrorKind::CommitUnknown), look before you write again.
#[derive(Clone)]
pub struct Connection {
    inner: Arc<OpenStore>,
    queries: Arc<Queries>,
    caller: Caller,
    /// What the caller may do here.
    access: Arc<Access>,
    /// The texts of queries that were asked before.
    repeated: Arc<Repeated>,
    all_or_none: bool,
}

impl Connection {
    pub(super) fn new(inner: Arc<OpenStore>, queries: Arc<Queries>, caller: Caller) -> Self {
        let access = Arc::new(Access::new(&inner.schema.catalogue, &caller));
        Self { inner, queries, caller, access, repeated: Arc::default(), all_or_none: false }
    }

    pub(super) fn queries(&self) -> &Queries {
        &self.queries
    }

    pub(super) fn repeated(&self) -> &Repeated {
        &self.repeated
    }

    /// The present moment, and how the people of the store count time.
    pub(super) fn today(&self) -> Today {
        self.queries.today(self.inner.now())
    }

    pub(super) fn owned_session(&self) -> Result<store::Session> {
        self.inner.session(&self.access)
    }

    pub(super) fn inner(&self) -> &OpenStore {
        &self.inner
    }

    pub(super) fn access(&self) -> &Access {
        &self.access
    }

    /// The caller.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// A connection whose calls over several records write all of them or none, as the platform's
    /// `AllOrNoneHeader` asks for.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{Error, SObject, Store, standard::{Group, GroupCreate}};
    /// # let db = Store::in_memory(&[Group::OBJECT])?.system();
    /// let groups = [GroupCreate::new("Night Shift"), GroupCreate::new("")];
    /// let results = db.all_or_none().create_many(&groups)?;
    /// assert!(matches!(results[0], Err(Error::RolledBack { .. }))); // it was in order
    /// assert!(matches!(results[1], Err(Error::Required { .. })));
    /// assert_eq!(db.count::<Group>()?, 0);
    ///
    /// // Without it, the first is written.
    /// assert!(db.create_many(&groups)?[0].is_ok());
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    #[must_use]
    pub fn all_or_none(&self) -> Self {
        Self { all_or_none: true, ..self.clone() }
    }

    /// Runs several calls that are written together or not at all.
    ///
    /// If the closure returns an error or panics, nothing of it was written. It may be run again
    /// if writers collide, so what it does beside the transaction must bear repeating. Writers take
    /// turns: a closure that waits for another thread's write waits for ever.
    ///
    /// The closure's error may be any type that is made of an [`Error`], so the compiler often has to
    /// be told which: `Ok::<_, Error>(..)`.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{Error, SObject, Store, standard::{User, UserCreate, UserUpdate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// let ada = db.transaction(|tx| {
    ///     let ada = tx.create(UserCreate::new("Ada", "ada@example.com"))?;
    ///     tx.update(ada, UserUpdate { name: "Ada Lovelace".into(), ..Default::default() })?;
    ///     Ok::<_, Error>(ada)
    /// })?;
    /// # assert_eq!(db.get(ada)?.name, "Ada Lovelace");
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of the closure; [`Error::NestedWrite`] inside another transaction on the same thread;
    /// [`Error::NotFound`], [`Error::Deleted`] or [`Error::WrongId`] if the caller is no user;
    /// [`Error::Storage`].
    pub fn transaction<R, E: From<Error>>(
        &self,
        mut f: impl FnMut(&mut Transaction<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.inner.write(&self.access, |write| {
            let mut transaction = Transaction::new(write, self.all_or_none, self.today());
            let result = f(&mut transaction);
            (transaction.into_write(), result)
        })
    }

    /// Creates a record and returns its id.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// let id = db.create(UserCreate {
    ///     email: Some("ada@example.com".into()),
    ///     ..UserCreate::new("Ada Lovelace", "ada@example.com")
    /// })?;
    /// # assert!(id.to_string().starts_with("005"));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::BadValue`] if a field cannot hold its value; [`Error::NotFound`] or
    /// [`Error::Deleted`] if a reference leads to no live record; [`Error::Required`] if a
    /// required text is empty; [`Error::CallNotSupported`] if the object has no create;
    /// [`Error::UnknownObject`] if the store was opened without it; and the errors of
    /// [`Connection::transaction`].
    pub fn create<V: CreateView<Object = O>, O: SObject>(&self, view: V) -> Result<Id<O>> {
        self.transaction(|tx| tx.create(&view))
    }

    /// Creates up to 200 records, each written or refused on its own. Results are in the order of
    /// the views.
    ///
    /// # Errors
    /// [`Error::TooMany`], and the errors of [`Connection::transaction`]. Those of
    /// [`Connection::create`] are in the results, as is [`Error::RolledBack`].
    pub fn create_many<V: CreateView<Object = O>, O: SObject>(
        &self,
        views: &[V],
    ) -> Result<Vec<Result<Id<O>>>> {
        self.transaction(|tx| tx.create_many(views))
    }

    /// Changes the fields that the view sets, and stamps the record even if nothing changed.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{Patch, SObject, Store, standard::{User, UserCreate, UserUpdate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # let id = db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// db.update(id, UserUpdate { email: Patch::NULL, ..Default::default() })?;
    /// # assert_eq!(db.get(id)?.email, None);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::create`]; [`Error::WrongId`], [`Error::NotFound`] or [`Error::Deleted`] if
    /// `id` is not that of a live record of the object.
    pub fn update<V: UpdateView<Object = O>, O: SObject>(&self, id: Id<O>, view: V) -> Result<()> {
        self.transaction(|tx| tx.update(id, &view))
    }

    /// Changes up to 200 records, each written or refused on its own. Results are in the order of
    /// the updates.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{Group, GroupCreate, GroupUpdate}};
    /// # let db = Store::in_memory(&[Group::OBJECT])?.system();
    /// # for name in ["night", "day"] {
    /// #     db.create(GroupCreate::new(name))?;
    /// # }
    /// let named = |name: String| GroupUpdate { name: name.into(), ..Default::default() };
    /// let groups = db.walk::<Group>().limit(200).all()?;
    /// let updates: Vec<_> =
    ///     groups.iter().map(|it| (it.id, named(it.name.to_uppercase()))).collect();
    /// for ((id, _), result) in updates.iter().zip(db.update_many(&updates)?) {
    ///     if let Err(error) = result {
    ///         eprintln!("{id}: {error}");
    ///     }
    /// }
    /// # assert_eq!(db.find(Group::FIELDS.name, "NIGHT")?[0].name, "NIGHT");
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::create_many`]. Those of [`Connection::update`] are in the results.
    pub fn update_many<V: UpdateView<Object = O>, O: SObject>(
        &self,
        updates: &[(Id<O>, V)],
    ) -> Result<Vec<Result<()>>> {
        self.transaction(|tx| tx.update_many(updates))
    }

    /// Reads a live record, with every field of the struct. A caller who may not read all of them is
    /// refused: [`get`](crate::Query::get) of a query reads the fields that it selects, and
    /// [`Connection::object`] such records as JSON, without the fields that are hidden.
    ///
    /// # Errors
    /// [`Error::UnknownField`] with the fields of the struct that the caller may not read;
    /// [`Error::NotFound`], [`Error::Deleted`] or [`Error::WrongId`] if `id` is not that of a live
    /// record of the object; [`Error::UnknownObject`]; [`Error::Corrupt`]; [`Error::Storage`].
    pub fn get<T: SObject>(&self, id: Id<T>) -> Result<Record<T>> {
        self.inner.read(&self.access, |reader| read::get(reader, id))
    }

    /// Reads up to 2,000 records, in the order of the ids; `None` for those that are not live.
    /// [`retrieve`](crate::Query::retrieve) of a query reads parts of them.
    ///
    /// # Errors
    /// [`Error::TooMany`]; [`Error::UnknownObject`]; [`Error::Corrupt`]; [`Error::Storage`].
    pub fn retrieve<T: SObject>(&self, ids: &[Id<T>]) -> Result<Vec<Option<Record<T>>>> {
        self.inner.read(&self.access, |reader| read::retrieve(reader, ids))
    }

    /// How many live records there are. Costs the same whatever the answer.
    ///
    /// # Errors
    /// [`Error::UnknownObject`]; [`Error::Storage`].
    pub fn count<T: SObject>(&self) -> Result<u64> {
        self.inner.read(&self.access, read::count::<T>)
    }

    /// The live records whose field holds `value`: any field that is filterable, Id included. Text
    /// matches in any case, unless the field is `case_sensitive`. `None` finds the records without a
    /// value.
    ///
    /// References, the name field and `id_lookup`, `unique` and `index` fields have an index, by which
    /// the records are found at once; for other fields all records are read. The records come in the
    /// order of their ids, and all at once; [`Connection::walk_value`] takes a limit, and
    /// [`find`](crate::Query::find) of a query reads parts of them.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// let ada = db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let found = db.find(User::FIELDS.username, "ADA@example.com")?;
    /// assert_eq!(found[0].id, ada);
    /// assert_eq!(db.find(User::FIELDS.email, None)?, found);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownField`] if the object lacks the system field; [`Error::NotFilterable`];
    /// [`Error::UnknownObject`]; [`Error::Corrupt`]; [`Error::Storage`].
    pub fn find<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        value: impl Operand<T, How>,
    ) -> Result<Vec<Record<O>>> {
        self.inner.read(&self.access, move |reader| {
            read::find(reader, field.idx(), Sought::Value(value.operand()))
        })
    }

    /// The live records whose field lies within `range`, in the order of the field. No range but `..`
    /// and those that name `None` has records without a value; there null comes first. Ids have no
    /// range.
    ///
    /// As [`Connection::find`] does, it reads all records if the field has no index. The records come
    /// at once; [`Connection::walk_range`] takes a limit and goes backwards too.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # for name in ["Ada", "Bo", "Cy"] {
    /// #     db.create(UserCreate::new(name, format!("{name}@example.com")))?;
    /// # }
    /// let found = db.find_range(User::FIELDS.name, "b"..)?;
    /// assert_eq!(found.iter().map(|user| &user.name).collect::<Vec<_>>(), ["Bo", "Cy"]);
    /// let from = found[0].created_date;
    /// assert!(db.find_range(User::FIELDS.created_date, from..)?.len() >= 2);
    ///
    /// // None of them has an e-mail address, so no range has them but `..`.
    /// assert!(db.find_range(User::FIELDS.email, .."z")?.is_empty());
    /// assert_eq!(db.find_range(User::FIELDS.email, ..)?.len(), 3);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::find`]; [`Error::NotSupported`] for a range of ids.
    pub fn find_range<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        range: impl FieldRange<T, How>,
    ) -> Result<Vec<Record<O>>> {
        self.inner
            .read(&self.access, move |reader| read::find(reader, field.idx(), read::within(&range)))
    }

    /// The state that is committed now, to read for as long as it is kept.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let session = db.session()?;
    /// // Both see the same users.
    /// let n_users = session.count::<User>()?;
    /// let users = session.walk::<User>().all()?;
    /// assert_eq!(users.len() as u64, n_users);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Corrupt`]; [`Error::Storage`].
    pub fn session(&self) -> Result<Session> {
        let session = self.inner.session(&self.access)?;
        Ok(Session::new(session, self.today()))
    }

    /// The live records one after another, by their ids: records that were made here come in the
    /// order in which they were created. The [`Walk`] says how many and from where.
    ///
    /// Reads the state that is committed now, as a [`Session`] of its own does.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # for name in ["Ada", "Bo", "Cy"] {
    /// #     db.create(UserCreate::new(name, format!("{name}@example.com")))?;
    /// # }
    /// let newest = db.walk::<User>().reverse().limit(2).all()?;
    /// assert_eq!((newest[0].name.as_str(), newest[1].name.as_str()), ("Cy", "Bo"));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn walk<T: SObject>(&self) -> Walk<Session, Record<T>> {
        read::walk(self.session())
    }

    /// The live records whose field holds `value`, one after another in the order of their ids:
    /// [`Connection::find`] in pieces, or with a limit.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let some = db.walk_value(User::FIELDS.name, "ada").limit(10).all()?;
    /// # assert_eq!(some.len(), 1);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn walk_value<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        value: impl Operand<T, How>,
    ) -> Walk<Session, Record<O>> {
        read::walk_value(self.session(), field.idx(), value)
    }

    /// The live records whose field lies within `range`, one after another in the order of the
    /// field: [`Connection::find_range`] in pieces, in either direction, or with a limit. The field
    /// needs an index, which has that order.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # for name in ["Ada", "Bo", "Cy"] {
    /// #     db.create(UserCreate::new(name, format!("{name}@example.com")))?;
    /// # }
    /// let last = db.walk_range(User::FIELDS.name, .."Cy").reverse().limit(1).all()?;
    /// assert_eq!(last[0].name, "Bo");
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn walk_range<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        range: impl FieldRange<T, How>,
    ) -> Walk<Session, Record<O>> {
        read::walk_range(self.session(), field.idx(), range)
    }

    /// Visits every live record, until `f` breaks. Records that were made here come in the order
    /// in which they were created.
    ///
    /// This is the quickest way to read them all. It reads one state of the store, whatever is written
    /// meanwhile, and costs what a [`Session`] costs until it returns; [`Connection::walk`] needs no
    /// closure and reads in pieces.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # for name in ["Ada", "Bo", "Cy"] {
    /// #     db.create(UserCreate::new(name, format!("{name}@example.com")))?;
    /// # }
    /// use std::ops::ControlFlow;
    ///
    /// let mut names = Vec::new();
    /// db.scan::<User>(|user| {
    ///     names.push(user.fields.name);
    ///     if names.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    /// })?;
    /// assert_eq!(names, ["Ada", "Bo"]);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownObject`]; [`Error::Corrupt`]; [`Error::Storage`].
    pub fn scan<T: SObject>(&self, f: impl FnMut(Record<T>) -> ControlFlow<()>) -> Result<()> {
        self.inner.read(&self.access, |reader| read::scan(reader, f))
    }

    /// What the object is: labels, calls and fields, as the platform describes it, as far as the
    /// caller may see them.
    ///
    /// In user mode, fields and child relationships that the caller may not read are left out, and
    /// a field that it may not edit is neither createable nor updateable. (That describe narrows the
    /// flags of fields so is a choice of ours.) In audit-field mode, the audit fields that a create
    /// may give are createable.
    ///
    /// # Errors
    /// [`Error::UnknownObject`], also where the caller may not read the object;
    /// [`Error::BadPermissions`].
    pub fn describe<T: SObject>(&self) -> Result<ObjectDescribe> {
        self.describe_sobject(T::NAME)
    }
}

impl fmt::Debug for Connection {
    /// Prints who is connected and how, and nothing of the store, which the caller may not all see.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("caller", &self.caller)
            .field("all_or_none", &self.all_or_none)
            .finish_non_exhaustive()
    }
}
