//! [`Store`]: how a store is opened, and how callers connect to it.

mod builder;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod hostile;

use std::{path::Path, sync::Arc};

pub use self::builder::StoreBuilder;
use super::{connection::Connection, cursors::Queries, replica::Replica};
use crate::{
    caller::Caller,
    definition::Definition,
    engine::{FileOptions, RedbEngine},
    error::{Error, Result, StorageError, StorageErrorKind},
    id::RecordId,
    store::{self, Access, CATALOGUE, Dormant, Dropped, OpenStore, Verified, verify},
};

/// A store of Salesforce objects, in a file or in memory.
///
/// Clones are handles of the same store, for other threads too. Calls block: the [front
/// page](crate#async-code-and-threads) shows them in async code. A file is open in one process at a
/// time.
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
    pub(super) fn inner(&self) -> &OpenStore {
        &self.inner
    }

    /// Opens the store in the file at `path`, or makes it. `objects` lists its objects.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # let folder = std::env::temp_dir().join(format!("sobject-open-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    ///
    /// let path = folder.join("desk.redb");
    /// let db = Store::open(&path, &[User::OBJECT])?.system();
    /// let ada = db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// drop(db); // the last handle closes the file
    ///
    /// let db = Store::open(&path, &[User::OBJECT])?.system();
    /// assert_eq!(db.get(ada)?.name, "Ada");
    /// # drop(db);
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// A new file is made under another name beside the path (`desk.redb.4711-0.new`) and appears
    /// there when it is whole. So a process that is killed meanwhile leaves no file at the path; what
    /// it leaves beside it is removed when the file is next made. An empty file is no store, and is
    /// refused.
    ///
    /// **Evolution.** The objects may have changed since the file was written: fields are matched by
    /// name, or by a name that they had ([`FieldDefinition::was`](crate::FieldDefinition::was)). What is
    /// added, widened or renamed is taken over, and indexes are built or dropped. What the records do
    /// not fit is refused with their ids, and the file stays as it is: shorter lengths, fewer digits, a
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
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # let path = std::env::temp_dir().join(format!("sobject-later-{}.redb", std::process::id()));
    /// use sobject_core::{Error, SObject, Store};
    ///
    /// mod first {
    ///     use sobject_core::SObject;
    ///
    ///     /// A cup of coffee, in the first version of the program.
    ///     #[derive(SObject)]
    ///     #[sobject(key_prefix = "a01", custom)]
    ///     pub struct Coffee {
    ///         #[field(create, custom, filter, sort)]
    ///         pub beans: String,
    ///         #[field(create, custom, filter, nillable, sort)]
    ///         pub sugar: Option<i32>,
    ///     }
    /// }
    ///
    /// mod second {
    ///     use sobject_core::SObject;
    ///
    ///     /// The second version renames the beans, counts refills, and no longer has sugar.
    ///     #[derive(SObject)]
    ///     #[sobject(key_prefix = "a01", custom)]
    ///     pub struct Coffee {
    ///         #[field(create, custom, filter, sort, was = "Beans__c")]
    ///         pub roast: String,
    ///         #[field(create, custom, default = 0, filter, sort, update)]
    ///         pub refills: i32,
    ///     }
    /// }
    ///
    /// mod third {
    ///     use sobject_core::SObject;
    ///
    ///     /// The third has room for five characters, which is less than the record has.
    ///     #[derive(SObject)]
    ///     #[sobject(key_prefix = "a01", custom)]
    ///     pub struct Coffee {
    ///         #[field(create, custom, filter, sort, length = 5)]
    ///         roast: String,
    ///     }
    /// }
    ///
    /// let db = Store::open(&path, &[first::Coffee::OBJECT])?.system();
    /// let create = first::CoffeeCreate::new("Yirgacheffe");
    /// let id = db.create(first::CoffeeCreate { sugar: Some(2), ..create })?;
    /// drop(db);
    ///
    /// let store = Store::open(&path, &[second::Coffee::OBJECT])?;
    /// let coffees = store.system().walk::<second::Coffee>().all()?;
    /// assert_eq!((coffees[0].roast.as_str(), coffees[0].refills), ("Yirgacheffe", 0));
    /// assert_eq!(store.dormant()[0].field.as_deref(), Some("Sugar__c"));
    /// drop(store);
    ///
    /// match Store::open(&path, &[third::Coffee::OBJECT]) {
    ///     Err(Error::DefinitionChanged { records, .. }) => assert_eq!(records, [id.record_id()]),
    ///     result => panic!("{result:?}"),
    /// }
    /// # std::fs::remove_file(path).unwrap();
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
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
        StoreBuilder::new()
    }

    /// A connection, through which `caller` reads and writes records in the caller's mode.
    ///
    /// In user mode, this works out what the caller may do with every object. Keep the connection
    /// and use it again, until the caller's permissions change.
    ///
    /// It does not look whether the permissions name what is there: a mistyped field shows at the
    /// first call on its object, as [`Error::BadPermissions`]. Where permissions are written by hand,
    /// use [`Store::try_connect`], which refuses them at once.
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
    /// - The feed has no gaps behind what was cut off, its times never go back, and its last change of
    ///   each record agrees with where the record is and how it is stamped. Its cursors stand in it.
    /// - Counts are those of what is there; no two fields share a place in the rows; ids have one
    ///   form; no number that is in use can be given again; and what callers have seen are records, each
    ///   listed in its turn.
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

fn no_file() -> Error {
    let kind = StorageErrorKind::Unavailable;
    Error::Storage(StorageError::new(
        kind,
        "there is no file at the path, or a link that leads to none",
    ))
}
