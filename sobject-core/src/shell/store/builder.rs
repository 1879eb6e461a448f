//! [`StoreBuilder`]: a store with settings of one's own.

use std::{fmt, path::Path, sync::Arc};

use chrono::{TimeDelta, Weekday};

use super::{
    super::{cursors::Queries, hooks::ObjectHooks},
    Store, no_file,
};
use crate::{
    catalogue::{DeclaredObject, DropOrder},
    clock::{Clock, SystemClock},
    definition::Definition,
    describe::ObjectDescribe,
    engine::{Engine, FileOptions, RedbEngine},
    error::{Error, Result},
    language::Customs,
    page_layout::PageLayout,
    store::{
        self, BUILD_STEP, BinLimits, CATALOGUE, Hooks, Layouts, MAX_CASCADE, OpenStore, Opened,
        Settings,
    },
};

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
    pages: Vec<PageLayout>,
    hooks: Vec<ObjectHooks>,
    build_step: usize,
    max_cascade: usize,
    bin: BinLimits,
    unicode: (u8, u8, u8),
    window_limit: Option<usize>,
}

impl StoreBuilder {
    pub(super) fn new() -> Self {
        Self {
            clock: Box::new(SystemClock),
            instance: "xx0".to_owned(),
            described: Vec::new(),
            every_stored_object: false,
            options: FileOptions::default(),
            #[cfg(any(test, feature = "testing"))]
            rig: None,
            customs: Customs::default(),
            query_locator_lifetime: TimeDelta::minutes(15),
            drops: Vec::new(),
            pages: Vec::new(),
            hooks: Vec::new(),
            build_step: BUILD_STEP,
            max_cascade: MAX_CASCADE,
            bin: BinLimits::DEFAULT,
            unicode: char::UNICODE_VERSION,
            window_limit: None,
        }
    }

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
    /// Its records are read and written as JSON maps ([`Connection::object`](crate::Connection::object)).
    ///
    /// Formulas, and fields of types that the store does not hold, appear in describe and are read
    /// as null; [`ObjectDescribe::describe_only`] lists them. The describe of any version of the API
    /// is read, also as `sf sobject describe --json` prints it. Of an object whose describe has no
    /// `key_prefix`, a replica brings records, but none is made here unless it is given one.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use serde_json::json;
    /// use sobject_core::{ObjectDescribe, SObject, Store, standard::User};
    ///
    /// // An org answers many more keys.
    /// let describe: ObjectDescribe = serde_json::from_value(json!({
    ///     "name": "Rating__c", "label": "Rating", "labelPlural": "Ratings",
    ///     "keyPrefix": "a0R", "custom": true, "createable": true, "updateable": true,
    ///     "deletable": true, "undeletable": true, "queryable": true, "retrieveable": true,
    ///     "fields": [
    ///         { "name": "Id", "label": "Record ID", "type": "id", "length": 18, "filterable": true },
    ///         { "name": "Stars__c", "label": "Stars", "type": "int", "digits": 1, "custom": true,
    ///           "createable": true, "updateable": true, "filterable": true, "nillable": true },
    ///     ],
    /// }))
    /// .unwrap();
    ///
    /// let store = Store::builder().described(describe).in_memory(&[User::OBJECT])?;
    /// let ratings = store.system().object("Rating__c")?;
    /// let id = ratings.create(&json!({ "Stars__c": 5 }))?;
    /// assert_eq!(ratings.get(id)?["Stars__c"], 5);
    /// let refused = ratings.update(id, &json!({ "Stars__c": "many" })).unwrap_err();
    /// assert_eq!(refused.status_code().as_str(), "JSON_PARSER_ERROR");
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    #[must_use]
    pub fn described(mut self, describe: ObjectDescribe) -> Self {
        self.described.push(describe);
        self
    }

    /// Adds every object that the file has and that is not listed, as it was last declared. So a
    /// program can read a file of which it knows nothing:
    /// [`Connection::describe_global`](crate::Connection::describe_global) lists the objects, and
    /// [`Connection::object`](crate::Connection::object) and
    /// [`Connection::soql`](crate::Connection::soql) read them.
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

    /// Lays out the page of an object, which
    /// [`Connection::describe_layout`](crate::Connection::describe_layout) answers. The page is of the
    /// program and is not kept in the file. Opening refuses one that names what is not there, or lacks
    /// a field that a create must give, by [`Error::BadDefinition`].
    #[must_use]
    pub fn layout(mut self, page: PageLayout) -> Self {
        self.pages.push(page);
        self
    }

    /// Has the program take part in writes: [`Hooks`](crate::Hooks) of a struct, or
    /// [`JsonHooks`](crate::JsonHooks) of an object by its name. Those of one object add up. They are of
    /// the program and are not kept in the file. Opening refuses hooks of an object that the store does
    /// not have, by [`Error::BadDefinition`].
    #[must_use]
    pub fn hooks(mut self, hooks: impl Into<ObjectHooks>) -> Self {
        self.hooks.push(hooks.into());
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

    /// Sets how many records a delete may take along or change beside the one that it names: details
    /// that are deleted with it, records whose references are emptied, and records in the recycle bin
    /// that are gone for good with it. Without this, there are 200,000. A delete that reaches more is
    /// refused and changes nothing, and so is an undelete that would bring back more: all of it is one
    /// transaction, which is held in memory until it is committed, at about two kilobytes for each
    /// record.
    #[must_use]
    pub fn max_cascade(mut self, records: usize) -> Self {
        self.max_cascade = records;
        self
    }

    /// Sets how long a deleted record is in the recycle bin, from which it can be undeleted. Without this,
    /// it is 15 days, as in an org; with `None`, it is there until the bin is emptied.
    ///
    /// A record that has left the bin is found by queries of all rows
    /// ([`Soql::all_rows`](crate::Soql::all_rows)) for 24 hours more, and then it is gone (see
    /// [`Store::purge`]). What a [`Replica`](crate::Replica) puts as deleted stays in the bin until it is
    /// emptied, since only its source knows how long it is kept.
    #[must_use]
    pub fn recycle_bin_age(mut self, age: impl Into<Option<TimeDelta>>) -> Self {
        self.bin.age = age.into().map(|age| age.num_milliseconds());
        self
    }

    /// Sets how many deleted records the recycle bin holds. If there are more, the oldest leave it, but
    /// none that came there in the last two hours. Records that were deleted along with others do not
    /// count. Without this, there is no limit. (An org holds 5,000 for each licence.)
    #[must_use]
    pub fn recycle_bin_capacity(mut self, records: u64) -> Self {
        self.bin.capacity = Some(records);
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

    /// Sets how many records an answer of [`Connection::get_updated`](crate::Connection::get_updated)
    /// and [`Connection::get_deleted`](crate::Connection::get_deleted) lists at most. Without this, it
    /// is 600,000, as in an org.
    #[must_use]
    pub fn window_limit(mut self, records: usize) -> Self {
        self.window_limit = Some(records);
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

    pub(super) fn opened(&self, engine: RedbEngine, objects: &[&Definition]) -> Result<Opened> {
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
        let (every_object, max_cascade) = (self.every_stored_object, self.max_cascade);
        let bin = self.bin;
        let settings =
            Settings { instance, build_step, max_cascade, bin, drops, every_object, unicode };
        let mut opened = store::open(engine, declared, &settings)?;
        opened.layouts = Layouts::new(&opened.schema, self.pages.clone())?;
        let hooks = self.hooks.iter().map(|hooks| hooks.given(self.customs)).collect();
        opened.hooks = Hooks::new(&opened.schema.catalogue, hooks)?;
        Ok(opened)
    }

    pub(super) fn store(self, opened: Opened) -> Store {
        let queries = Arc::new(Queries::new(self.customs, self.query_locator_lifetime));
        let inner = OpenStore::new(opened, self.clock);
        let inner = match self.window_limit {
            Some(limit) => inner.with_window_limit(limit),
            None => inner,
        };
        Store { inner: Arc::new(inner), queries }
    }
}

impl fmt::Debug for StoreBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreBuilder").field("instance", &self.instance).finish_non_exhaustive()
    }
}
