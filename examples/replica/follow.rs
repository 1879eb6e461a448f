//! The two ways to follow a store.
//!
//! Either way tells which records changed, and the copy takes each as it is at the source now, live or
//! deleted. Two records may have swapped a unique value while only the change of one is known; then the
//! copy refuses that one, which waits for the other. A record that the source has removed for good is in
//! the recycle bin of the copy.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use chrono::{DateTime, TimeDelta, Utc};
use sobject_core::{
    ChangeToken, Connection, Error, JsonRecord, RecordId, Replica, Result, Soql, Store,
};

/// Records of which the source is asked in one query.
const AT_ONCE: usize = 500;

/// Ids of records by object.
type Ids = BTreeMap<String, BTreeSet<RecordId>>;

/// What a follower did.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Followed {
    /// How often it caught up.
    pub(crate) rounds: u32,
    /// How many changes it was told of.
    pub(crate) told: u32,
    /// How many records it put.
    pub(crate) put: u32,
    /// How many puts had to wait for another record.
    pub(crate) waited: u32,
}

/// A copy, and the records that it is still to take.
struct Copy {
    source: Connection,
    own: Connection,
    replica: Replica,
    waiting: Ids,
    done: Followed,
}

impl Copy {
    fn new(source: Connection, store: &Store) -> Self {
        let (waiting, done) = (Ids::new(), Followed::default());
        Self { source, own: store.system(), replica: store.replica(), waiting, done }
    }

    /// Every record of an object that the source has, live or deleted, or the copy has.
    fn every(&self, object: &str) -> Result<BTreeSet<RecordId>> {
        let query = || Soql::new(format!("SELECT Id FROM {object}")).all_rows();
        let mut ids = BTreeSet::new();
        for db in [&self.source, &self.own] {
            for record in db.soql_rows(query())? {
                ids.insert(id_of(&record?)?);
            }
        }
        Ok(ids)
    }

    /// What the live records of the copy become that the source no longer has.
    fn gone(&self, object: &str, ids: &[RecordId]) -> Result<Vec<JsonRecord>> {
        let query = Soql::new(format!("SELECT Id FROM {object} WHERE Id IN :ids"));
        let mut gone = Vec::new();
        for record in self.own.soql_rows(query.bind("ids", ids.to_vec()))? {
            let mut record = record?;
            record.insert("IsDeleted".to_owned(), true.into());
            gone.push(record);
        }
        Ok(gone)
    }

    /// Takes the records that changed as they are at the source.
    fn take(&mut self, changed: Ids) -> Result<()> {
        for (object, ids) in changed {
            self.waiting.entry(object).or_default().extend(ids);
        }
        // What an error cuts off still waits, and is taken the next time.
        let objects: Vec<_> = self.waiting.keys().cloned().collect();
        for object in objects {
            let ids: Vec<_> = self.waiting.get(&object).into_iter().flatten().copied().collect();
            let mut refused = BTreeSet::new();
            let mut records = Vec::new();
            for ids in ids.chunks(AT_ONCE) {
                let condition = " WHERE Id IN :ids";
                let query = all_fields(&self.source, &object, condition)?.bind("ids", ids.to_vec());
                let mut missing: BTreeSet<_> = ids.iter().copied().collect();
                for record in self.source.soql_rows(query.all_rows())? {
                    let record = record?;
                    missing.remove(&id_of(&record)?);
                    records.push(record);
                }
                let missing: Vec<_> = missing.into_iter().collect();
                records.extend(self.gone(&object, &missing)?);
            }
            let results = self.replica.put_many(&object, &records)?;
            for (record, result) in records.iter().zip(results) {
                match result {
                    Ok(_) => self.done.put += 1,
                    Err(Error::Duplicate { .. }) => {
                        self.done.waited += 1;
                        refused.insert(id_of(record)?);
                    }
                    Err(error) => return Err(error),
                }
            }
            self.waiting.insert(object, refused);
        }
        self.done.rounds += 1;
        Ok(())
    }
}

/// A follower by getUpdated and getDeleted, as any client of an org can be one.
pub(crate) struct ByCalls {
    copy: Copy,
    /// Up to where each object was covered.
    covered: BTreeMap<String, DateTime<Utc>>,
    pub(crate) done: Followed,
}

impl ByCalls {
    /// Follows what was written since a time.
    pub(crate) fn new(source: Connection, store: &Store, since: DateTime<Utc>) -> Self {
        let objects = source.describe_global().sobjects;
        let replicated = objects.into_iter().filter(|it| it.replicateable);
        let covered = replicated.map(|it| (it.name, since)).collect();
        Self { copy: Copy::new(source, store), covered, done: Followed::default() }
    }

    /// Takes what was written up to now.
    ///
    /// # Errors
    /// Those of the two stores.
    pub(crate) fn catch_up(&mut self, now: DateTime<Utc>) -> Result<()> {
        for (name, from) in &mut self.covered {
            let object = self.copy.source.object(name)?;
            // The answer says up to where it is everything; the end may lie ahead.
            let window = *from..now + TimeDelta::minutes(3);
            let updated = object.get_updated(window.clone())?;
            let mut ids: BTreeSet<_> = updated.ids.into_iter().collect();
            let mut until = updated.latest_date_covered;
            match object.get_deleted(window) {
                Ok(deleted) => {
                    ids.extend(deleted.deleted_records.into_iter().map(|it| it.id));
                    until = deleted.latest_date_covered.min(until);
                }
                // Users are never deleted.
                Err(Error::CallNotSupported { .. }) => (),
                // The source has removed some of what was deleted, and can no longer tell of it.
                Err(Error::BadWindow { .. }) => ids.extend(self.copy.every(name)?),
                Err(error) => return Err(error),
            }
            self.copy.done.told += u32::try_from(ids.len()).unwrap_or(u32::MAX);
            // What was told is kept before the next window begins behind it.
            self.copy.waiting.entry(name.clone()).or_default().extend(ids);
            *from = until;
        }
        let taken = self.copy.take(Ids::new());
        self.done = self.copy.done;
        taken
    }
}

/// A follower by the changes behind a cursor that the source keeps.
pub(crate) struct ByCursor {
    store: Store,
    copy: Copy,
    name: String,
    pub(crate) done: Followed,
}

impl ByCursor {
    /// Follows `source` from where the cursor of this name stands, or from the start.
    ///
    /// # Errors
    /// Those of the source.
    pub(crate) fn new(source: &Store, store: &Store, name: &str) -> Result<Self> {
        if source.cursor(name)?.is_none() {
            source.set_cursor(name, &ChangeToken::START)?;
        }
        let copy = Copy::new(source.system(), store);
        Ok(Self { store: source.clone(), copy, name: name.to_owned(), done: Followed::default() })
    }

    /// Takes what changed behind the cursor, and moves it on.
    ///
    /// # Errors
    /// Those of the two stores.
    pub(crate) fn catch_up(&mut self) -> Result<()> {
        let from = self.store.cursor(&self.name)?.unwrap_or(ChangeToken::START);
        let mut changes = self.copy.source.changes(&from);
        let mut ids = Ids::new();
        for change in changes.by_ref() {
            let change = change?;
            ids.entry(change.object).or_default().insert(change.id);
            self.copy.done.told += 1;
        }
        self.copy.take(ids)?;
        self.done = self.copy.done;
        // What waits is only in memory, so the cursor waits too.
        if self.copy.waiting.values().all(BTreeSet::is_empty) {
            self.store.set_cursor(&self.name, &changes.token())?;
        }
        Ok(())
    }
}

/// A query for every field of an object.
fn all_fields(db: &Connection, object: &str, condition: &str) -> Result<Soql> {
    let describe = db.describe_sobject(object)?;
    let fields: Vec<_> = describe.fields.iter().map(|field| field.name.as_str()).collect();
    Ok(Soql::new(format!("SELECT {} FROM {object}{condition}", fields.join(", "))))
}

fn id_of(record: &JsonRecord) -> Result<RecordId> {
    let id = record.get("Id").and_then(|id| id.as_str()).unwrap_or_default();
    id.parse().map_err(|_| Error::NotARecord { object: String::new(), given: id.to_owned() })
}

/// Records by object and id.
pub(crate) type Records = BTreeMap<(String, RecordId), JsonRecord>;

/// The records in which a copy differs from its source. One that the source has removed for good is
/// deleted in the copy: how long records are in the recycle bin is each store's own affair.
pub(crate) fn differences<'r>(
    of_source: &'r Records,
    of_copy: &'r Records,
) -> Vec<&'r (String, RecordId)> {
    let lacking = of_source.iter().filter(|(key, record)| of_copy.get(*key) != Some(record));
    let is_deleted = |record: &JsonRecord| record.get("IsDeleted") == Some(&true.into());
    let more = of_copy.iter().filter(|(key, _)| !of_source.contains_key(*key));
    let more = more.filter(|(_, record)| !is_deleted(record));
    lacking.chain(more).map(|(key, _)| key).collect()
}

/// Every record of a store, live or deleted.
///
/// # Errors
/// Those of the store.
pub(crate) fn records(db: &Connection) -> Result<Records> {
    let mut records = BTreeMap::new();
    for object in db.describe_global().sobjects {
        for record in db.soql_rows(all_fields(db, &object.name, "")?.all_rows())? {
            let record = record?;
            records.insert((object.name.clone(), id_of(&record)?), record);
        }
    }
    Ok(records)
}

impl fmt::Display for Followed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rounds, told, put, waited } = self;
        write!(f, "told of {told} changes in {rounds} rounds, put {put} records, {waited} waited")
    }
}
