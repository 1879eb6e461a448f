//! [`Store`]: how a store is opened, and how callers connect to it.

#[cfg(test)]
mod faults;

use std::{path::Path, sync::Arc};

use super::{connection::Connection, replica::Replica};
use crate::{
    caller::Caller,
    catalogue::DeclaredObject,
    clock::{Clock, SystemClock},
    definition::Definition,
    describe::ObjectDescribe,
    engine::{Engine, RedbEngine},
    error::{Error, Result},
    id::RecordId,
    store::{self, Access, CATALOGUE, OpenStore, Settings, Verified, verify},
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
    /// They may have changed since the file was written: fields are matched by name, or by the name
    /// that they had ([`FieldDefinition::was`](crate::FieldDefinition::was)). What is added,
    /// widened or renamed is taken over, and indexes are built or dropped. A field that is gone
    /// loses its values. An object that is not listed is dormant: its records stay in the file, out
    /// of reach until it is listed again.
    ///
    /// A change that the stored records do not fit is refused with their ids, and the file stays as
    /// it is: a shorter length, fewer digits, a required field without a default, a field that
    /// becomes unique, a reference that may name fewer objects. Any change of a type or a key
    /// prefix is refused.
    ///
    /// # Errors
    /// [`Error::BadDefinition`] if a definition contradicts itself or another;
    /// [`Error::DefinitionChanged`] if the file was written with other definitions and its records
    /// do not fit these; [`Error::Storage`] if the file cannot be opened, because another process
    /// has it open or because it is no store; [`Error::NotSupported`] if a later version of this
    /// library wrote it; [`Error::Corrupt`] if it contradicts itself.
    pub fn open(path: impl AsRef<Path>, objects: &[&Definition]) -> Result<Self> {
        Self::builder().open(path, objects)
    }

    /// Makes a store in memory, which is gone when its last handle is dropped.
    ///
    /// # Errors
    /// [`Error::BadDefinition`] if a definition contradicts itself or another.
    pub fn in_memory(objects: &[&Definition]) -> Result<Self> {
        Self::builder().in_memory(objects)
    }

    /// Opens a store with settings of your own: its clock, its instance, and objects that are
    /// described at run time.
    pub fn builder() -> StoreBuilder {
        StoreBuilder {
            clock: Box::new(SystemClock),
            instance: "xx0".to_owned(),
            described: Vec::new(),
            #[cfg(any(test, feature = "testing"))]
            rig: None,
        }
    }

    /// A connection, through which `caller` reads and writes records in the caller's mode.
    ///
    /// In user mode, this works out what the caller may do with every object. Keep the connection
    /// and use it again, until the caller's permissions change.
    pub fn connect(&self, caller: Caller) -> Connection {
        Connection::new(self.inner.clone(), caller)
    }

    /// A connection in system mode, as the store's own user: `connect(Caller::system())`.
    pub fn system(&self) -> Connection {
        self.connect(Caller::system())
    }

    /// **Replica mode**: a way to write records that exist already, in an org or another store,
    /// with the ids and stamps that they have there. Its user is the store's own.
    pub fn replica(&self) -> Replica {
        Replica::new(self.inner.clone(), &Caller::system())
    }

    /// [`Store::replica`] in the name of a user. A LastViewedDate or LastReferencedDate that is put
    /// is that user's.
    ///
    /// The user must be a record of the store whenever something is written, so put that record
    /// first.
    pub fn replica_as(&self, user: impl Into<RecordId>) -> Replica {
        Replica::new(self.inner.clone(), &Caller::system_as(user))
    }

    /// Proves the store consistent. Objects and fields that are in the file but not listed are
    /// covered like the others.
    ///
    /// - Every row can be decoded, holds values of its fields' types, and lacks none that is required.
    /// - Every record has its entry in every index, and no index has any other entry.
    /// - References lead to live records, and no record is both live and deleted.
    /// - The feed has no gaps, its times never go back, and its last change of each record agrees with
    ///   where the record is and how it is stamped.
    /// - Counts are those of what is there; no two fields share a place in the rows; ids have one
    ///   form; no number that is in use can be given again; and what callers have seen are records.
    ///
    /// In a file that holds records of a [`Replica`], references that lead nowhere are no error but
    /// are counted ([`Verified::unresolved`]). What is proven is that nothing contradicts anything
    /// else: a value that was changed to another valid one, in a field without an index, is not
    /// noticed.
    ///
    /// It reads all records twice, each index entry twice, and the feed once for every 700,000
    /// records. A million records with five indexes took six seconds. Its memory does not grow with
    /// the store: it is some 25 MB at most, beside the engine's cache. Writers need not wait for it:
    /// it sees one state of the store throughout.
    ///
    /// # Errors
    /// [`Error::Corrupt`] with every contradiction that was found; [`Error::Storage`].
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
    #[cfg(any(test, feature = "testing"))]
    rig: Option<crate::testing::Rig>,
}

impl StoreBuilder {
    /// Sets where the time comes from. Without this, it is the machine's clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Sets the instance, the three characters after the key prefix, of the ids that the store
    /// makes from now on. Without this, it is `xx0`. Stores with different instances never make the
    /// same id.
    #[must_use]
    pub fn instance(mut self, instance: impl Into<String>) -> Self {
        self.instance = instance.into();
        self
    }

    /// Adds an object that is known at run time only, by its describe as an org answers it in JSON.
    /// Its records are read and written as JSON maps ([`Connection::object`]).
    ///
    /// Formulas, and fields of types that the store does not hold, appear in describe and are read
    /// as null; [`ObjectDescribe::describe_only`] lists them.
    #[must_use]
    pub fn described(mut self, describe: ObjectDescribe) -> Self {
        self.described.push(describe);
        self
    }

    /// Opens the store on an engine that obeys a rig.
    #[cfg(any(test, feature = "testing"))]
    #[doc(hidden)]
    #[must_use]
    pub fn on_rig(mut self, rig: &crate::testing::Rig) -> Self {
        self.rig = Some(rig.clone());
        self
    }

    /// Opens the store in the file at `path`, or makes it. See [`Store::open`].
    ///
    /// # Errors
    /// Those of [`Store::open`]; [`Error::NotSupported`] if the instance is not three of
    /// `0-9A-Za-z`.
    pub fn open(self, path: impl AsRef<Path>, objects: &[&Definition]) -> Result<Store> {
        // Wrong definitions are refused before there is a file, so that they leave none behind.
        self.check(objects)?;
        let engine = RedbEngine::open(path.as_ref(), CATALOGUE)?;
        self.on(engine, objects)
    }

    /// Makes a store in memory, which is gone when its last handle is dropped.
    ///
    /// # Errors
    /// Those of [`Store::in_memory`]; [`Error::NotSupported`] if the instance is not three of
    /// `0-9A-Za-z`.
    pub fn in_memory(self, objects: &[&Definition]) -> Result<Store> {
        self.check(objects)?;
        let engine = RedbEngine::in_memory()?;
        self.on(engine, objects)
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
        store::check(&self.declared(objects))
    }

    fn on(self, engine: RedbEngine, objects: &[&Definition]) -> Result<Store> {
        #[cfg(any(test, feature = "testing"))]
        let engine: Arc<dyn Engine> = match &self.rig {
            Some(rig) => Arc::new(rig.engine(engine)),
            None => Arc::new(engine),
        };
        #[cfg(not(any(test, feature = "testing")))]
        let engine: Arc<dyn Engine> = Arc::new(engine);
        let instance = self.check_instance()?;
        let declared = self.declared(objects);
        let opened = store::open(engine, &declared, &Settings { instance })?;
        Ok(Store { inner: Arc::new(OpenStore::new(opened, self.clock)) })
    }
}

impl std::fmt::Debug for StoreBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreBuilder").field("instance", &self.instance).finish_non_exhaustive()
    }
}
