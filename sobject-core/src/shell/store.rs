//! [`Store`]: opening one, and connecting to it.

#[cfg(test)]
mod faults;

use std::{path::Path, sync::Arc};

use crate::{
    caller::Caller,
    catalogue::declared::DeclaredObject,
    clock::{Clock, SystemClock},
    definition::Definition,
    describe::ObjectDescribe,
    engine::{Engine, RedbEngine},
    error::{Error, Result},
    id::RecordId,
    shell::{connection::Connection, replica::Replica},
    store::{
        Inner,
        access::Access,
        evolve::BUILD_STEP,
        open::{self, Settings},
        schema::CATALOGUE,
        verify::{Verified, verify},
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
    inner: Arc<Inner>,
}

impl Store {
    /// Opens the store in the file at `path`, or makes it. `objects` lists its objects.
    ///
    /// They may have changed since the file was written: fields are matched by name, or by the
    /// name that they had ([`FieldDefinition::was`](crate::FieldDefinition::was)). What is added,
    /// widened or renamed is taken over, and indexes are built or dropped. A field that is gone
    /// loses its values; an object that is not listed rests in the file until it is. What the
    /// records do not fit is refused with their ids, and the file stays as it is: shorter lengths,
    /// fewer digits, a required field without a default, uniqueness, narrower references, and any
    /// change of a type or a key prefix.
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
            build_step: BUILD_STEP,
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
    build_step: usize,
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
    /// [`ObjectDescribe::kept_out`] lists them.
    #[must_use]
    pub fn described(mut self, describe: ObjectDescribe) -> Self {
        self.described.push(describe);
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

    /// Opens the store in the file at `path`, or makes it.
    ///
    /// # Errors
    /// As [`Store::open`]; [`Error::NotSupported`] if the instance is not three of `0-9A-Za-z`.
    pub fn open(self, path: impl AsRef<Path>, objects: &[&Definition]) -> Result<Store> {
        // Wrong definitions must not leave a file behind.
        self.check(objects)?;
        let engine = RedbEngine::open(path.as_ref(), CATALOGUE)?;
        self.on(Arc::new(engine), objects)
    }

    /// Makes a store that is gone with its last handle.
    ///
    /// # Errors
    /// As [`Store::in_memory`]; [`Error::NotSupported`] if the instance is not three of
    /// `0-9A-Za-z`.
    pub fn in_memory(self, objects: &[&Definition]) -> Result<Store> {
        self.check(objects)?;
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
        open::check(&self.declared(objects))
    }

    fn on(self, engine: Arc<dyn Engine>, objects: &[&Definition]) -> Result<Store> {
        let instance = self.check_instance()?;
        let declared = self.declared(objects);
        let settings = Settings { clock: self.clock, instance, build_step: self.build_step };
        let inner = open::open(engine, &declared, settings)?;
        Ok(Store { inner: Arc::new(inner) })
    }
}

impl std::fmt::Debug for StoreBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreBuilder").field("instance", &self.instance).finish_non_exhaustive()
    }
}
