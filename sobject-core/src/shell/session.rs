//! [`Session`]: one state of a store, to read for as long as one likes.

use std::{fmt, ops::ControlFlow, sync::Arc};

use serde_json::Value as Json;

use super::{
    cursors::Today,
    field::{Field, Filterable},
    operand::{FieldRange, Operand},
    read::{self, Reads, State, Walk},
    record::{JsonRecord, Record},
    sobject::SObject,
};
use crate::{
    catalogue::{Object, ObjectNo},
    error::{Error, Result},
    id::{Id, RecordId},
    store::{self, Reader, Sought},
};

/// One state of a store, which is read in the name of the caller of a
/// [`Connection`](crate::Connection).
///
/// A session sees what was committed when it began, whatever is written meanwhile. So what several
/// calls read fits together, and a long walk meets each record once. No closure is needed, and
/// nothing is borrowed: clones are handles of the same state, any thread may read through them, and
/// they outlive the connection and the store that they are from. The caller's rights are those of
/// the connection.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{SObject, Store, standard::{User, UserCreate, UserUpdate}};
///
/// let db = Store::in_memory(&[User::OBJECT])?.system();
/// let ada = db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
/// let session = db.session()?;
/// db.update(ada, UserUpdate { name: "Ada King".to_owned().into(), ..Default::default() })?;
/// db.create(UserCreate::new("Bo", "bo@example.com"))?;
///
/// // Neither the new name nor the second user is there for the session.
/// assert_eq!(session.count::<User>()?, 1);
/// for user in session.walk::<User>() {
///     assert_eq!(user?.name, "Ada Lovelace");
/// }
/// // A session may go to another thread.
/// let n_users = std::thread::spawn(move || session.walk::<User>().into_iter().count());
/// assert_eq!(n_users.join().unwrap(), 1);
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
///
/// # What a session costs
///
/// To begin a session takes less time than to read a record, and to clone one takes next to none.
/// But as long as a session lives, the store cannot use those parts of its file again that later
/// calls have overwritten. So a file that is written to grows with every call, by some 50 kB for a
/// call of one record, until the session is dropped. The file also stays open until then, so that
/// no other process can open it. [`Store::compact`](crate::Store::compact) makes a file small again
/// that has grown so, and is refused as long as a session lives.
///
/// Where a walk may take long, for instance because a user or a slow peer asks for one page after
/// the other, do not keep a session. Read each page from a session of its own, as
/// [`Connection::walk`](crate::Connection::walk) does, and keep the
/// [`ResumeKey`](crate::ResumeKey) of the page: between two pages nothing is held then.
#[derive(Clone, Debug)]
pub struct Session {
    inner: Arc<store::Session>,
    today: Today,
}

impl Session {
    /// The day on which it began.
    pub(super) fn today(&self) -> Today {
        self.today
    }

    pub(super) fn new(inner: store::Session, today: Today) -> Self {
        Self { inner: Arc::new(inner), today }
    }

    /// Reads a live record. See [`Connection::get`](crate::Connection::get).
    ///
    /// # Errors
    /// As [`Connection::get`](crate::Connection::get).
    pub fn get<T: SObject>(&self, id: Id<T>) -> Result<Record<T>> {
        self.inner.read(|reader| read::get(reader, id))
    }

    /// Reads up to 2,000 records. See [`Connection::retrieve`](crate::Connection::retrieve).
    ///
    /// # Errors
    /// As [`Connection::retrieve`](crate::Connection::retrieve).
    pub fn retrieve<T: SObject>(&self, ids: &[Id<T>]) -> Result<Vec<Option<Record<T>>>> {
        self.inner.read(|reader| read::retrieve(reader, ids))
    }

    /// How many live records there are. See [`Connection::count`](crate::Connection::count).
    ///
    /// # Errors
    /// As [`Connection::count`](crate::Connection::count).
    pub fn count<T: SObject>(&self) -> Result<u64> {
        self.inner.read(read::count::<T>)
    }

    /// The live records whose field holds `value`. See [`Connection::find`](crate::Connection::find).
    ///
    /// # Errors
    /// As [`Connection::find`](crate::Connection::find).
    pub fn find<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        value: impl Operand<T, How>,
    ) -> Result<Vec<Record<O>>> {
        self.inner
            .read(move |reader| read::find(reader, field.idx(), Sought::Value(value.operand())))
    }

    /// The live records whose field lies within `range`. See
    /// [`Connection::find_range`](crate::Connection::find_range).
    ///
    /// # Errors
    /// As [`Connection::find_range`](crate::Connection::find_range).
    pub fn find_range<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        range: impl FieldRange<T, How>,
    ) -> Result<Vec<Record<O>>> {
        self.inner.read(move |reader| read::find(reader, field.idx(), read::within(&range)))
    }

    /// Visits every live record. See [`Connection::scan`](crate::Connection::scan).
    ///
    /// # Errors
    /// As [`Connection::scan`](crate::Connection::scan).
    pub fn scan<T: SObject>(&self, f: impl FnMut(Record<T>) -> ControlFlow<()>) -> Result<()> {
        self.inner.read(|reader| read::scan(reader, f))
    }

    /// The live records one after another, by their ids. See
    /// [`Connection::walk`](crate::Connection::walk).
    pub fn walk<T: SObject>(&self) -> Walk<Self, Record<T>> {
        read::walk(Ok(self.clone()))
    }

    /// The live records whose field holds `value`, one after another. See
    /// [`Connection::walk_value`](crate::Connection::walk_value).
    pub fn walk_value<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        value: impl Operand<T, How>,
    ) -> Walk<Self, Record<O>> {
        read::walk_value(Ok(self.clone()), field.idx(), value)
    }

    /// The live records whose field lies within `range`, one after another, by the field. See
    /// [`Connection::walk_range`](crate::Connection::walk_range).
    pub fn walk_range<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        range: impl FieldRange<T, How>,
    ) -> Walk<Self, Record<O>> {
        read::walk_range(Ok(self.clone()), field.idx(), range)
    }

    /// An object by name, for records as JSON maps.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// for user in db.session()?.object("User")?.walk_fields(&["Id", "Name"]) {
    ///     println!("{}", serde_json::to_string(&user?).expect("a map serialises"));
    /// }
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::object`](crate::Connection::object).
    pub fn object(&self, name: &str) -> Result<UntypedSession> {
        let (schema, access) = (self.inner.schema(), self.inner.access());
        let object = access.find_object(&schema.catalogue, name)?.number;
        Ok(UntypedSession { session: self.clone(), object })
    }
}

impl State for Session {
    fn read<R>(&self, f: impl FnOnce(&Reader<'_>) -> Result<R>) -> Result<R> {
        self.inner.read(f)
    }
}

impl Reads for Session {}

/// [`Untyped`](crate::Untyped) in a session: records of an object as JSON maps.
#[derive(Clone)]
pub struct UntypedSession {
    session: Session,
    object: ObjectNo,
}

impl UntypedSession {
    fn object(&self) -> Result<&Object> {
        let object = self.session.inner.schema().catalogue.get(self.object);
        object.ok_or_else(|| Error::corrupt("an object without an entry"))
    }

    fn read<R>(&self, f: impl FnOnce(&Reader<'_>, &Object) -> Result<R>) -> Result<R> {
        let object = self.object()?;
        self.session.inner.read(|reader| f(reader, object))
    }

    /// Reads every field of a live record that the caller may read.
    ///
    /// # Errors
    /// As [`Connection::get`](crate::Connection::get).
    pub fn get(&self, id: RecordId) -> Result<JsonRecord> {
        self.read(|reader, object| reader.get(object, id, |row| row.to_json()))
    }

    /// Reads these fields of up to 2,000 records. See
    /// [`Untyped::retrieve`](crate::Untyped::retrieve).
    ///
    /// # Errors
    /// As [`Untyped::retrieve`](crate::Untyped::retrieve).
    pub fn retrieve(&self, fields: &[&str], ids: &[RecordId]) -> Result<Vec<Option<JsonRecord>>> {
        self.read(|reader, object| reader.retrieve_json(object, fields, ids))
    }

    /// The live records whose field, by its name, holds `value`. See
    /// [`Untyped::find`](crate::Untyped::find).
    ///
    /// # Errors
    /// As [`Untyped::find`](crate::Untyped::find).
    pub fn find(&self, field: &str, value: impl Into<Json>) -> Result<Vec<JsonRecord>> {
        let value = value.into();
        self.read(|reader, object| reader.find_json(object, field, &value))
    }

    /// How many live records there are.
    ///
    /// # Errors
    /// As [`Connection::count`](crate::Connection::count).
    pub fn count(&self) -> Result<u64> {
        self.read(|reader, object| reader.count(object))
    }

    /// The live records one after another, by their ids, each with every field that the caller may
    /// read. See [`Connection::walk`](crate::Connection::walk).
    pub fn walk(&self) -> Walk<Session, JsonRecord> {
        read::walk_json(Ok(self.session.clone()), self.object, None)
    }

    /// The live records one after another, by their ids, each with these fields in this order.
    ///
    /// A name of no field is [`Error::UnknownField`] when the walk is asked for records.
    pub fn walk_fields(&self, fields: &[&str]) -> Walk<Session, JsonRecord> {
        read::walk_json(Ok(self.session.clone()), self.object, Some(fields))
    }
}

impl fmt::Debug for UntypedSession {
    /// Prints the object's name, and nothing of what it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let object = self.object().map(|object| &object.name);
        let mut out = f.debug_struct("UntypedSession");
        out.field("object", &object.ok()).field("session", &self.session).finish()
    }
}
