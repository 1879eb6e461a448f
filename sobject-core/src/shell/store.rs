//! [`Store`]: opening one, and connecting to it.

#[cfg(test)]
mod faults;

use std::{path::Path, sync::Arc};

use super::{connection::Connection, replica::Replica};
use crate::{
    caller::Caller,
    catalogue::{DeclaredObject, DropOrder},
    clock::{Clock, SystemClock},
    definition::Definition,
    describe::ObjectDescribe,
    engine::{Engine, RedbEngine},
    error::{Error, Result},
    id::RecordId,
    store::{
        self, Access, BUILD_STEP, CATALOGUE, Dormant, Dropped, OpenStore, Settings, Verified,
        verify,
    },
};

/// A store of Salesforce objects, in a file or in memory.
///
/// Clones are handles of the same store. Calls block; from async code, run them with
/// `spawn_blocking`. A file is open in one process at a time.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{SObject, Store, standard::{User, UserCreate}};
///
/// let store = Store::in_memory(&[User::OBJECT])?;
/// let db = store.system();
/// let ada = db.create(UserCreate::new("Ada Lovelace".into(), "ada@example.com".into()))?;
/// assert_eq!(db.get(ada)?.name, "Ada Lovelace");
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<OpenStore>,
}

impl Store {
    /// Opens the store in the file at `path`, or makes it. `objects` lists its objects.
    ///
    /// They may have changed since the file was written: fields are matched by name, or by a
    /// name that they had ([`FieldDefinition::was`](crate::FieldDefinition::was)). What is added,
    /// widened or renamed is taken over, and indexes are built or dropped. What the records do not fit
    /// is refused with their ids, and the file stays as it is: shorter lengths, fewer digits, a
    /// required field without a default, uniqueness, narrower references, and any change of a type or
    /// a key prefix.
    ///
    /// Objects and fields that are not listed are *dormant* ([`Store::dormant`]): they stay in the file
    /// with their values and are there again when they are listed. Meanwhile they behave as if they
    /// were listed and given nothing: numbers are drawn and defaults filled in for new records, what
    /// they refer to cannot be deleted, and their values stay unique. Only a
    /// [`drop_field`](StoreBuilder::drop_field) or [`drop_object`](StoreBuilder::drop_object) destroys
    /// values.
    ///
    /// # Errors
    /// [`Error::BadDefinition`] if a definition contradicts itself or another;
    /// [`Error::DefinitionChanged`] if the file was written with other definitions and its records
    /// do not fit these, and it stays as it is; [`Error::Storage`] if the file cannot be opened,
    /// because another process has it or it is something else; [`Error::NotSupported`] if a later
    /// version wrote it; [`Error::Corrupt`] if it contradicts itself.
    pub fn open(path: impl AsRef<Path>, objects: &[&Definition]) -> Result<Self> {
        Self::builder().open(path, objects)
    }

    /// Makes a store that is gone with its last handle.
    ///
    /// # Errors
    /// [`Error::BadDefinition`] if a definition contradicts itself or another.
    pub fn in_memory(objects: &[&Definition]) -> Result<Self> {
        Self::builder().in_memory(objects)
    }

    /// Opens a store with a clock or an instance of your own.
    pub fn builder() -> StoreBuilder {
        StoreBuilder {
            clock: Box::new(SystemClock),
            instance: "xx0".to_owned(),
            described: Vec::new(),
            cache_size: None,
            drops: Vec::new(),
            build_step: BUILD_STEP,
            unicode: char::UNICODE_VERSION,
        }
    }

    /// A way to the records in the name of `caller`, in the mode that it says.
    ///
    /// In user mode, what the caller may do is worked out here, once for all objects: keep the
    /// connection for as long as the caller's permissions stay.
    pub fn connect(&self, caller: Caller) -> Connection {
        Connection::new(self.inner.clone(), caller)
    }

    /// A way to the records in system mode, as the store's own user: `connect(Caller::system())`.
    pub fn system(&self) -> Connection {
        self.connect(Caller::system())
    }

    /// **Replica mode**: a way in for records that exist already, in an org or another store, with
    /// ids and stamps of their own. Its user is the store's own.
    pub fn replica(&self) -> Replica {
        Replica::new(self.inner.clone(), &Caller::system())
    }

    /// [`Store::replica`] in the name of a user, whom LastViewedDate and LastReferencedDate are of.
    ///
    /// The user is looked up when something is written, so put the user's own record first.
    pub fn replica_as(&self, user: impl Into<RecordId>) -> Replica {
        Replica::new(self.inner.clone(), &Caller::system_as(user))
    }

    /// What was destroyed when this store was opened: an entry for each
    /// [`drop_field`](StoreBuilder::drop_field) and [`drop_object`](StoreBuilder::drop_object), in
    /// their order.
    pub fn dropped(&self) -> &[Dropped] {
        &self.inner.dropped
    }

    /// What the file has and the program does not list, by object and field. It stays as it is until
    /// it is listed again, or dropped ([`StoreBuilder::drop_field`]).
    pub fn dormant(&self) -> Vec<Dormant> {
        store::dormant(&self.inner.schema.catalogue)
    }

    /// Proves the store consistent: rows decode, indexes match both ways, references resolve, and
    /// the feed agrees with the records. Reads everything once. In a file that holds records of a
    /// [`Replica`], references that lead nowhere are counted ([`Verified::unresolved`]).
    ///
    /// # Errors
    /// [`Error::Corrupt`] with what was found; [`Error::Storage`].
    pub fn verify(&self) -> Result<Verified> {
        self.inner.read(&Access::SYSTEM, verify)
    }
}

/// Opens a [`Store`] with settings of your own.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{ManualClock, SObject, Store, standard::User};
///
/// let clock = ManualClock::at("2026-03-01T08:00:00Z".parse().unwrap());
/// let store = Store::builder().clock(clock).instance("5f0").in_memory(&[User::OBJECT])?;
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
pub struct StoreBuilder {
    clock: Box<dyn Clock>,
    instance: String,
    described: Vec<ObjectDescribe>,
    cache_size: Option<usize>,
    drops: Vec<DropOrder>,
    build_step: usize,
    unicode: (u8, u8, u8),
}

impl StoreBuilder {
    /// Sets where the time comes from; the machine's clock unless set.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Sets the instance, the three characters after the key prefix, of ids that are made from
    /// now on; `xx0` unless set. Stores whose ids must never meet need instances of their own.
    #[must_use]
    pub fn instance(mut self, instance: impl Into<String>) -> Self {
        self.instance = instance.into();
        self
    }

    /// Adds an object that is known at run time only, by its describe: what an org answers, read as
    /// JSON. Its records are JSON maps ([`Connection::object`]).
    ///
    /// Fields of types that the store does not hold, and formulas, are described and read as null;
    /// [`ObjectDescribe::describe_only`] lists them.
    #[must_use]
    pub fn described(mut self, describe: ObjectDescribe) -> Self {
        self.described.push(describe);
        self
    }

    /// Sets how many bytes of the file are kept in memory at most, beside what calls and transactions
    /// hold: 1 GiB unless set. A store in memory has no use for it.
    #[must_use]
    pub fn cache_size(mut self, bytes: usize) -> Self {
        self.cache_size = Some(bytes);
        self
    }

    /// Destroys a field that the file has and the program does not list any more, with its values, when
    /// the store is opened; [`Store::dropped`] says how many there were. Its name is free then.
    ///
    /// A field that is merely not listed stays in the file with its values, and comes back when it is
    /// listed again. Nothing else destroys them: a drop of a field that is listed refuses the opening,
    /// and a drop of one that the file does not have does nothing, so it may stay in the program. Bytes
    /// of the values leave the file as their records are written again.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{SObject, Store};
    ///
    /// /// A cup of coffee, which had a `sugar` before.
    /// #[derive(SObject)]
    /// #[sobject(name = "Coffee__c", key_prefix = "a01")]
    /// struct Coffee {
    ///     #[field(create, update, filter, sort)]
    ///     beans: String,
    /// }
    ///
    /// let builder = Store::builder().drop_field("Coffee__c", "Sugar");
    /// let store = builder.in_memory(&[Coffee::OBJECT])?; // or from a file
    /// for dropped in store.dropped() {
    ///     println!("{dropped}");
    /// }
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    #[must_use]
    pub fn drop_field(mut self, object: impl Into<String>, field: impl Into<String>) -> Self {
        self.drops.push(DropOrder { object: object.into(), field: Some(field.into()) });
        self
    }

    /// Destroys an object that the file has and the program does not list any more, with all of its
    /// records, as [`StoreBuilder::drop_field`] does a field. Its name and its key prefix are free
    /// then, but no id is given a second time. References to its records stay as they are.
    #[must_use]
    pub fn drop_object(mut self, object: impl Into<String>) -> Self {
        self.drops.push(DropOrder { object: object.into(), field: None });
        self
    }

    /// Sets how many records a step of building an index takes, one at least.
    #[cfg(feature = "testing")]
    #[doc(hidden)]
    #[must_use]
    pub fn build_step(mut self, records: usize) -> Self {
        self.build_step = records.max(1);
        self
    }

    /// Sets the version of Unicode that texts in indexes are said to be folded by.
    #[cfg(feature = "testing")]
    #[doc(hidden)]
    #[must_use]
    pub fn unicode_version(mut self, version: (u8, u8, u8)) -> Self {
        self.unicode = version;
        self
    }

    /// Opens the store in the file at `path`, or makes it.
    ///
    /// # Errors
    /// As [`Store::open`]; [`Error::NotSupported`] if the instance is not three of `0-9A-Za-z`.
    pub fn open(self, path: impl AsRef<Path>, objects: &[&Definition]) -> Result<Store> {
        let path = path.as_ref();
        // Wrong definitions must not leave a file behind. Of a file that is there, they are checked
        // when they differ from its own.
        if !path.exists() {
            self.check(objects)?;
        }
        let engine = RedbEngine::open(path, CATALOGUE, self.cache_size)?;
        self.on(Arc::new(engine), objects)
    }

    /// Makes a store that is gone with its last handle.
    ///
    /// # Errors
    /// As [`Store::in_memory`]; [`Error::NotSupported`] if the instance is not three of
    /// `0-9A-Za-z`.
    pub fn in_memory(self, objects: &[&Definition]) -> Result<Store> {
        let engine = RedbEngine::in_memory()?;
        self.on(Arc::new(engine), objects)
    }

    fn check_instance(&self) -> Result<[u8; 3]> {
        match <[u8; 3]>::try_from(self.instance.as_bytes()) {
            Ok(instance) if instance.iter().all(u8::is_ascii_alphanumeric) => Ok(instance),
            _ => Err(Error::NotSupported {
                object: String::new(),
                what: format!("the instance `{}`, not three of 0-9, A-Z and a-z", self.instance),
            }),
        }
    }

    fn declared(&self, objects: &[&Definition]) -> Vec<DeclaredObject> {
        let described = self.described.iter().cloned().map(DeclaredObject::from);
        objects.iter().map(|it| DeclaredObject::from(*it)).chain(described).collect()
    }

    fn check(&self, objects: &[&Definition]) -> Result<()> {
        self.check_instance()?;
        store::check(self.declared(objects))
    }

    fn on(self, engine: Arc<dyn Engine>, objects: &[&Definition]) -> Result<Store> {
        let instance = self.check_instance()?;
        let declared = self.declared(objects);
        let Self { clock, drops, build_step, unicode, .. } = self;
        let opened =
            store::open(engine, declared, &Settings { instance, build_step, drops, unicode })?;
        Ok(Store { inner: Arc::new(OpenStore::new(opened, clock)) })
    }
}

impl std::fmt::Debug for StoreBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreBuilder").field("instance", &self.instance).finish_non_exhaustive()
    }
}
