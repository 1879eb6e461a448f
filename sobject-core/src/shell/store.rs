//! [`Store`]: how a store is opened, and how callers connect to it.

#[cfg(test)]
mod damage;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod hostile;

use std::{path::Path, sync::Arc};

use chrono::{TimeDelta, Weekday};

use super::{connection::Connection, cursors::Queries, replica::Replica};
use crate::{
    caller::Caller,
    catalogue::{DeclaredObject, DropOrder},
    clock::{Clock, SystemClock},
    definition::Definition,
    describe::ObjectDescribe,
    engine::{Engine, FileOptions, RedbEngine},
    error::{Error, Result, StorageError, StorageErrorKind},
    id::RecordId,
    language::Customs,
    store::{
        self, Access, BUILD_STEP, CATALOGUE, Dormant, Dropped, OpenStore, Opened, Settings,
        Verified, verify,
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
/// let ada = db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
/// assert_eq!(db.get(ada)?.name, "Ada Lovelace");
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<OpenStore>,
    /// What the queries of all connections share.
    queries: Arc<Queries>,
}

impl Store {
    /// Opens the store in the file at `path`, or makes it. `objects` lists its objects.
    ///
    /// A new file is made under another name beside the path (`desk.redb.4711-0.new`) and appears
    /// there when it is whole. So a process that is killed meanwhile leaves no file at the path; what
    /// it leaves beside it is removed when the file is next made. An empty file is no store, and is
    /// refused.
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
    /// do not fit these; [`Error::Storage`] if the file cannot be opened, because another process
    /// has it open or because it is no store; [`Error::NotSupported`] if a later version of this
    /// library wrote it; [`Error::Corrupt`] if it contradicts itself.
    pub fn open(path: impl AsRef<Path>, objects: &[&Definition]) -> Result<Self> {
        Self::builder().open(path, objects)
    }

    /// [`Store::open`], but makes no file: where a store must be there already, a mistyped path does
    /// not begin an empty one.
    ///
    /// # Errors
    /// Those of [`Store::open`]; [`Error::Storage`] if there is no file.
    pub fn open_existing(path: impl AsRef<Path>, objects: &[&Definition]) -> Result<Self> {
        Self::builder().open_existing(path, objects)
    }

    /// Compares every checksum in the file at `path` with the bytes that it is of. Nobody may have
    /// the file open.
    ///
    /// A store trusts its file, so bytes that a failing disk or another program changed may be read
    /// as they are, make a call answer [`StorageErrorKind::Damaged`], or, for a few changes, end the
    /// process, which the store cannot prevent. This finds such a file first, and is quick: it knows
    /// of bytes alone. [`Store::verify`] proves what the bytes mean.
    ///
    /// The storage engine repairs what it can while it compares: it counts the free pages anew, and
    /// where the last commit is damaged, it goes back to the one before if that is whole.
    ///
    /// # Errors
    /// [`Error::Storage`] if the file is damaged, empty or no store, if another has it open, or if
    /// there is none.
    pub fn check(path: impl AsRef<Path>) -> Result<()> {
        let options = FileOptions { check: true, ..FileOptions::default() };
        RedbEngine::open(path.as_ref(), CATALOGUE, options)?.map(drop).ok_or_else(no_file)
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
            every_stored_object: false,
            options: FileOptions::default(),
            #[cfg(any(test, feature = "testing"))]
            rig: None,
            drops: Vec::new(),
            customs: Customs::default(),
            query_locator_lifetime: TimeDelta::minutes(15),
            build_step: BUILD_STEP,
            unicode: char::UNICODE_VERSION,
        }
    }

    /// A connection, through which `caller` reads and writes records in the caller's mode.
    ///
    /// In user mode, this works out what the caller may do with every object. Keep the connection
    /// and use it again, until the caller's permissions change.
    pub fn connect(&self, caller: Caller) -> Connection {
        Connection::new(self.inner.clone(), self.queries.clone(), caller)
    }

    /// [`Store::connect`], but refuses permissions that name what is not there, such as a field whose
    /// name is mistyped. With [`Store::connect`] the calls on the object of such a field are refused,
    /// and an object that the store does not have may be named.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{
    /// #     Caller, FieldRight, ObjectRight, Permissions, SObject, Store,
    /// #     standard::{User, UserCreate},
    /// # };
    /// # let store = Store::in_memory(&[User::OBJECT])?;
    /// # let ada = store.system().create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let profile = Permissions::none()
    ///     .grant("User", [ObjectRight::Read])
    ///     .grant_field(("User", "Emial"), FieldRight::Read);
    /// let error = store.try_connect(Caller::user(ada, profile)).unwrap_err();
    /// assert!(error.to_string().ends_with("there is no field Emial"), "{error}");
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::BadPermissions`] with all objects that the store does not have, and all fields that
    /// their objects do not have or that have no rights of their own.
    pub fn try_connect(&self, caller: Caller) -> Result<Connection> {
        let connection = self.connect(caller);
        let catalogue = &self.inner.schema.catalogue;
        connection.access().check_names(catalogue, connection.caller())?;
        Ok(connection)
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
    /// It proves what the records mean, as far as the file is read. [`Store::check`] proves that the
    /// bytes are those that were written; damage that makes a value another value, and a record
    /// that is sound, only that finds.
    ///
    /// # Errors
    /// [`Error::Corrupt`] with every contradiction that was found; [`Error::Storage`].
    pub fn verify(&self) -> Result<Verified> {
        self.inner.read(&Access::SYSTEM, verify)
    }

    /// Makes the file as small as it can be; whether that gave anything back.
    ///
    /// A file grows to what it held at most, and keeps the pages of every state that someone still
    /// reads: a thousand updates beside one long scan or session made a file of 3 MB one of 50 MB.
    /// Pages that are free are used again by later writes, so this is worth it once, after such
    /// times. It takes a while, and whoever reads meanwhile waits.
    ///
    /// # Errors
    /// [`Error::Storage`] of the kind [`StorageErrorKind::Unavailable`] while a session, a walk or
    /// a scan of the store lives, and while a write is under way.
    pub fn compact(&self) -> Result<bool> {
        Ok(self.inner.engine.compact()?)
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
    every_stored_object: bool,
    options: FileOptions,
    #[cfg(any(test, feature = "testing"))]
    rig: Option<crate::testing::Rig>,
    /// How the people of the store count time.
    customs: Customs,
    query_locator_lifetime: TimeDelta,
    drops: Vec<DropOrder>,
    build_step: usize,
    unicode: (u8, u8, u8),
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

    /// Sets whether the file is checked before it is read, as [`Store::check`] does. Without this,
    /// it is not.
    #[must_use]
    pub fn check(mut self, check: bool) -> Self {
        self.options.check = check;
        self
    }

    /// Adds an object that is known at run time only, by its describe as an org answers it in JSON.
    /// Its records are read and written as JSON maps ([`Connection::object`]).
    ///
    /// Formulas, and fields of types that the store does not hold, appear in describe and are read
    /// as null; [`ObjectDescribe::describe_only`] lists them. The describe of any version of the API
    /// is read, also as `sf sobject describe --json` prints it. Of an object whose describe has no
    /// `key_prefix`, a replica brings records, but none is made here unless it is given one.
    #[must_use]
    pub fn described(mut self, describe: ObjectDescribe) -> Self {
        self.described.push(describe);
        self
    }

    /// Adds every object that the file has and that is not listed, as it was last declared. So a
    /// program can read a file of which it knows nothing: [`Connection::describe_global`] lists the
    /// objects, and [`Connection::object`] and [`Connection::soql`] read them.
    ///
    /// Fields that were not listed when the file was last open stay dormant.
    #[must_use]
    pub fn every_stored_object(mut self) -> Self {
        self.every_stored_object = true;
        self
    }

    /// Sets how many bytes of the file are kept in memory at most, beside what calls and transactions
    /// hold: 1 GiB unless set. A store in memory has no use for it.
    #[must_use]
    pub fn cache_size(mut self, bytes: usize) -> Self {
        self.options.cache_size = Some(bytes);
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
    /// #[sobject(key_prefix = "a01", custom)]
    /// struct Coffee {
    ///     #[field(create, update, filter, sort, custom)]
    ///     beans: String,
    /// }
    ///
    /// let builder = Store::builder().drop_field("Coffee__c", "Sugar__c");
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

    /// Sets the time zone of callers whose user names none in `TimeZoneSidKey`, by its IANA name, such
    /// as `America/Los_Angeles`; UTC unless set. In a query, days begin at midnight there.
    ///
    /// # Errors
    /// [`Error::NotSupported`] if there is no such zone.
    pub fn time_zone(mut self, name: &str) -> Result<Self> {
        self.customs.zone = name.parse().map_err(|_| Error::NotSupported {
            object: String::new(),
            what: format!("the time zone `{name}`, which no IANA zone is called"),
        })?;
        Ok(self)
    }

    /// Sets the day that weeks begin with: Sunday unless set.
    #[must_use]
    pub fn week_start(mut self, day: Weekday) -> Self {
        self.customs.week_start = day;
        self
    }

    /// Sets the month that fiscal years begin with, from 1 to 12, and whether such a year has the
    /// number of the calendar year in which it begins; else it has that of the year in which it ends.
    /// Unless set, fiscal years are calendar years.
    ///
    /// # Errors
    /// [`Error::NotSupported`] if there is no such month.
    pub fn fiscal_year(mut self, first_month: u32, named_by_start: bool) -> Result<Self> {
        if !(1..=12).contains(&first_month) {
            return Err(Error::NotSupported {
                object: String::new(),
                what: format!("fiscal years that begin with month {first_month}"),
            });
        }
        self.customs.fiscal_start = first_month;
        self.customs.named_by_start = named_by_start;
        Ok(self)
    }

    /// Sets how long the further rows of a query can be asked for, after the last were:
    /// 15 minutes unless set.
    #[must_use]
    pub fn query_locator_lifetime(mut self, lifetime: TimeDelta) -> Self {
        self.query_locator_lifetime = lifetime;
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

    /// Opens the store on an engine that obeys a rig.
    #[cfg(any(test, feature = "testing"))]
    #[doc(hidden)]
    #[must_use]
    pub fn on_rig(mut self, rig: &crate::testing::Rig) -> Self {
        self.rig = Some(rig.clone());
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

    /// Opens the store in the file at `path`, or makes it. See [`Store::open`].
    ///
    /// # Errors
    /// Those of [`Store::open`]; [`Error::NotSupported`] if the instance is not three of
    /// `0-9A-Za-z`.
    pub fn open(self, path: impl AsRef<Path>, objects: &[&Definition]) -> Result<Store> {
        let path = path.as_ref();
        // Of a file that is there, the definitions are checked where they differ from its own.
        if let Some(engine) = RedbEngine::open(path, CATALOGUE, self.options)? {
            let opened = self.opened(engine, objects)?;
            return Ok(self.store(opened));
        }
        // Wrong definitions are refused before there is a file, so that they leave none behind.
        self.check_objects(objects)?;
        let (engine, birth) = RedbEngine::make(path, self.options)?;
        let opened = self.opened(engine, objects)?;
        if birth.finish()? {
            return Ok(self.store(opened));
        }
        // Someone else made the file meanwhile.
        drop(opened);
        self.open_existing(path, objects)
    }

    /// Opens the store in the file at `path`, and makes none. See [`Store::open_existing`].
    ///
    /// # Errors
    /// Those of [`StoreBuilder::open`]; [`Error::Storage`] if there is no file.
    pub fn open_existing(self, path: impl AsRef<Path>, objects: &[&Definition]) -> Result<Store> {
        self.check_instance()?;
        let engine = RedbEngine::open(path.as_ref(), CATALOGUE, self.options)?;
        let opened = self.opened(engine.ok_or_else(no_file)?, objects)?;
        Ok(self.store(opened))
    }

    /// Makes a store in memory, which is gone when its last handle is dropped.
    ///
    /// # Errors
    /// Those of [`Store::in_memory`]; [`Error::NotSupported`] if the instance is not three of
    /// `0-9A-Za-z`.
    pub fn in_memory(self, objects: &[&Definition]) -> Result<Store> {
        self.check_objects(objects)?;
        let opened = self.opened(RedbEngine::in_memory()?, objects)?;
        Ok(self.store(opened))
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

    fn check_objects(&self, objects: &[&Definition]) -> Result<()> {
        self.check_instance()?;
        store::check(self.declared(objects))
    }

    fn opened(&self, engine: RedbEngine, objects: &[&Definition]) -> Result<Opened> {
        #[cfg(any(test, feature = "testing"))]
        let engine: Arc<dyn Engine> = match &self.rig {
            Some(rig) => Arc::new(rig.engine(engine)),
            None => Arc::new(engine),
        };
        #[cfg(not(any(test, feature = "testing")))]
        let engine: Arc<dyn Engine> = Arc::new(engine);
        let instance = self.check_instance()?;
        let declared = self.declared(objects);
        let (drops, build_step, unicode) = (self.drops.clone(), self.build_step, self.unicode);
        let every_object = self.every_stored_object;
        let settings = Settings { instance, build_step, drops, every_object, unicode };
        store::open(engine, declared, &settings)
    }

    fn store(self, opened: Opened) -> Store {
        let queries = Arc::new(Queries::new(self.customs, self.query_locator_lifetime));
        Store { inner: Arc::new(OpenStore::new(opened, self.clock)), queries }
    }
}

fn no_file() -> Error {
    let kind = StorageErrorKind::Unavailable;
    Error::Storage(StorageError::new(
        kind,
        "there is no file at the path, or a link that leads to none",
    ))
}

impl std::fmt::Debug for StoreBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreBuilder").field("instance", &self.instance).finish_non_exhaustive()
    }
}
