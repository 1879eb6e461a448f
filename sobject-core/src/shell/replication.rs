//! getUpdated and getDeleted: which records changed in a window of time.

use std::ops::Range;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{connection::Connection, sobject::SObject, untyped::Untyped};
use crate::{
    error::Result,
    id::{Id, RecordId},
    store::Changed,
    value::Value,
};

/// The records of an object that were created, updated or undeleted in a window: the platform's
/// `GetUpdatedResult`, and serialised as that.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Updated<I> {
    /// The records. Nobody should count on their order.
    pub ids: Vec<I>,
    /// Up to where these are all: begin the next window here.
    pub latest_date_covered: DateTime<Utc>,
}

/// The records of an object that were deleted in a window: the platform's `GetDeletedResult`, and
/// serialised as that.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deleted<I> {
    /// The records, in an order that nobody should count on.
    pub deleted_records: Vec<DeletedRecord<I>>,
    /// The earliest moment that a window may begin at. Of records that were deleted before it, some may
    /// be gone for good.
    pub earliest_date_available: DateTime<Utc>,
    /// Up to where these are all: begin the next window here.
    pub latest_date_covered: DateTime<Utc>,
}

/// A record that was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeletedRecord<I> {
    /// The record.
    pub id: I,
    /// When it was deleted.
    pub deleted_date: DateTime<Utc>,
}

impl<I> Updated<I> {
    fn new(changed: Changed, id: impl Fn(RecordId) -> I) -> Self {
        let ids = changed.records.into_iter().map(|(_, of)| id(of)).collect();
        Self { ids, latest_date_covered: changed.covered }
    }
}

impl<I> Deleted<I> {
    fn new(changed: Changed, id: impl Fn(RecordId) -> I) -> Self {
        let records = changed.records.into_iter();
        let deleted = records.map(|(deleted_date, of)| DeletedRecord { id: id(of), deleted_date });
        Self {
            deleted_records: deleted.collect(),
            earliest_date_available: changed.earliest,
            latest_date_covered: changed.covered,
        }
    }
}

impl Connection {
    /// The records of an object that were created, updated or undeleted in a window: the platform's
    /// `getUpdated()`.
    ///
    /// The seconds of both ends are dropped, and then the start must be before the end. A stamp that is
    /// one of the two counts, and one within the last minute belongs to the next window: what is written
    /// at 12:30:15 is told from 12:31 on. A window may reach back to 30 days before today. What counts is the SystemModstamp that a record has now: one that
    /// changed again after the window is in a later one, and one that was deleted since is in none.
    ///
    /// To follow a store, begin each window at the
    /// [`latest_date_covered`](Updated::latest_date_covered) of the one before. It is the end of the
    /// window or the present, whichever is earlier; while a write is under way, it is no later than the
    /// beginning of that write, whose records have that stamp; and no later write of this opening of the
    /// store has an earlier stamp, even if the clock is put back. Windows meet at their edges, so a record
    /// may be told of twice, and none is missed. In a store that holds records of a
    /// [`Replica`](crate::Replica), those have the stamps of their source, and so are in windows that may
    /// have been asked for before they came: follow such a store by [`Connection::changes`].
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use chrono::{TimeDelta, TimeZone, Utc};
    /// # use sobject_core::{chrono, ManualClock, SObject, Store, standard::{User, UserCreate}};
    ///
    /// # let clock = ManualClock::at(Utc.with_ymd_and_hms(2026, 3, 1, 8, 0, 0).unwrap());
    /// # let objects = &[User::OBJECT];
    /// # let db = Store::builder().clock(clock.clone()).in_memory(objects)?.system();
    /// let ada = db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// # clock.advance(TimeDelta::minutes(5));
    /// let now = clock.now();
    /// # use sobject_core::Clock;
    /// let changed = db.get_updated::<User>(now - TimeDelta::hours(1)..now)?;
    /// assert_eq!(changed.ids, [ada]);
    /// assert_eq!(changed.latest_date_covered, now);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::BadWindow`](crate::Error::BadWindow);
    /// [`Error::TooManyChanges`](crate::Error::TooManyChanges) for more than 600,000 records, or as many
    /// as [`StoreBuilder::window_limit`](crate::StoreBuilder::window_limit) says;
    /// [`Error::CallNotSupported`](crate::Error::CallNotSupported) if the object has no `get_updated`;
    /// [`Error::UnknownObject`](crate::Error::UnknownObject); [`Error::Corrupt`](crate::Error::Corrupt);
    /// [`Error::Storage`](crate::Error::Storage).
    pub fn get_updated<T: SObject>(&self, window: Range<DateTime<Utc>>) -> Result<Updated<Id<T>>> {
        let object = self.access().find_object(&self.inner().schema.catalogue, T::NAME)?;
        let changed = self.inner().changed(self.access(), |reader, covered, limit| {
            reader.updated(object, (window.start, window.end), covered, limit)
        })?;
        Ok(Updated::new(changed, Id::new))
    }

    /// The records of an object that were deleted in a window: the platform's `getDeleted()`.
    ///
    /// The rules are those of [`Connection::get_updated`], but the ends must be more than a minute apart,
    /// and the window may reach back to 15 days before today, and not beyond the deletion of a record that
    /// is gone for good.
    ///
    /// # Errors
    /// As [`Connection::get_updated`], with `get_deleted`.
    pub fn get_deleted<T: SObject>(&self, window: Range<DateTime<Utc>>) -> Result<Deleted<Id<T>>> {
        let object = self.access().find_object(&self.inner().schema.catalogue, T::NAME)?;
        let changed = self.inner().changed(self.access(), |reader, covered, limit| {
            reader.deleted(object, (window.start, window.end), covered, limit)
        })?;
        Ok(Deleted::new(changed, Id::new))
    }
}

impl Untyped {
    /// The records that were created, updated or undeleted in a window. See
    /// [`Connection::get_updated`].
    ///
    /// # Errors
    /// As [`Connection::get_updated`].
    pub fn get_updated(&self, window: Range<DateTime<Utc>>) -> Result<Updated<RecordId>> {
        let (db, object) = (self.db(), self.object()?);
        let changed = db.inner().changed(db.access(), |reader, covered, limit| {
            reader.updated(object, (window.start, window.end), covered, limit)
        })?;
        Ok(Updated::new(changed, |id| id))
    }

    /// The records that were deleted in a window. See [`Connection::get_deleted`].
    ///
    /// # Errors
    /// As [`Connection::get_deleted`].
    pub fn get_deleted(&self, window: Range<DateTime<Utc>>) -> Result<Deleted<RecordId>> {
        let (db, object) = (self.db(), self.object()?);
        let changed = db.inner().changed(db.access(), |reader, covered, limit| {
            reader.deleted(object, (window.start, window.end), covered, limit)
        })?;
        Ok(Deleted::new(changed, |id| id))
    }
}

impl<I: Serialize> Serialize for Updated<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("ids", &self.ids)?;
        map.serialize_entry("latestDateCovered", &Value::DateTime(self.latest_date_covered))?;
        map.end()
    }
}

impl<I: Serialize> Serialize for Deleted<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let earliest = Value::DateTime(self.earliest_date_available);
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("deletedRecords", &self.deleted_records)?;
        map.serialize_entry("earliestDateAvailable", &earliest)?;
        map.serialize_entry("latestDateCovered", &Value::DateTime(self.latest_date_covered))?;
        map.end()
    }
}

impl<I: Serialize> Serialize for DeletedRecord<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("deletedDate", &Value::DateTime(self.deleted_date))?;
        map.serialize_entry("id", &self.id)?;
        map.end()
    }
}
