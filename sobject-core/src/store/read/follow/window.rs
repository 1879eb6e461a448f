//! getUpdated and getDeleted: which records of an object changed in a window of time.
//!
//! Both ask by SystemModstamp. A record that was changed in this store has the stamp of its last entry
//! in the feed, so those of a window are found in a range of the feed. One that a replica put has the
//! stamp of its source, and is found by its arrival. Either way the record is looked at, and counts only
//! if it has a stamp of the window now: one that changed again later is in a later window.
//!
//! | rule | getUpdated | getDeleted |
//! |---|---|---|
//! | seconds of the two ends | dropped | dropped |
//! | the ends | both are part of the window | both are part of the window |
//! | start before end | by any time | by more than a minute |
//! | how far back | 30 days before the day of the call | 15 days before it, and not beyond what was purged |
//! | records | live ones | those in the recycle bin, emptied or not |
//!
//! A record that was updated and then deleted is deleted; one that was undeleted is updated (choices of
//! ours). Ids come by SystemModstamp and then by id, but nobody should count on that.

use std::{
    collections::{HashMap, HashSet},
    ops::ControlFlow,
};

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::{
    bytes::{Cell, date_time},
    catalogue::{Object, system_slot},
    definition::FieldIdx,
    error::{Call, Error, Result},
    id::RecordId,
    store::{
        keep::{Cut, Deletion, Entry, Table, arrivals, purged_until},
        read::{Place, Reader},
    },
    value::whole_seconds,
};

const MINUTE: i64 = 60_000;
/// Days before the day of the call that a window of getUpdated may begin.
const UPDATED_DAYS: i64 = 30;
/// Days before the day of the call that a window of getDeleted may begin.
const DELETED_DAYS: i64 = 15;
/// Records that are looked at together.
const STEP: usize = 4_096;

/// A moment of a store, up to which it is known what was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Covered {
    /// What the clock says.
    pub(crate) now: DateTime<Utc>,
    /// Whatever has an earlier stamp is committed.
    pub(crate) until: DateTime<Utc>,
}

/// What changed in a window.
#[derive(Debug)]
pub(crate) struct Changed {
    /// The records with their stamps, by stamp.
    pub(crate) records: Vec<(DateTime<Utc>, RecordId)>,
    /// The earliest start that may be asked for.
    pub(crate) earliest: DateTime<Utc>,
    /// Up to where this is everything: where the next window may begin.
    pub(crate) covered: DateTime<Utc>,
}

/// The stamp up to which no window reaches back: a day earlier than the rules say, so that a clock that
/// is put back a little does no harm.
pub(crate) fn reach(now: DateTime<Utc>) -> i64 {
    day_before(now, UPDATED_DAYS + 1).timestamp_millis()
}

impl Reader<'_> {
    /// The records of an object that were created, updated or undeleted in a window.
    ///
    /// # Errors
    /// Those of a call that the caller may not make; [`Error::BadWindow`];
    /// [`Error::TooManyChanges`] for more than `limit`; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn updated(
        &self,
        object: &Object,
        (start, end): (DateTime<Utc>, DateTime<Utc>),
        covered: Covered,
        limit: usize,
    ) -> Result<Changed> {
        self.access.check_call(object, Call::GetUpdated)?;
        let (start, end) = (whole_minutes(start), whole_minutes(end));
        let earliest = self.earliest(object, covered.now, UPDATED_DAYS)?;
        if start >= end {
            return Err(bad_window(object, "startDate must be before endDate"));
        }
        check_start(object, start, earliest)?;
        let records = self.changed_in(object, Place::Live, (start, end), limit)?;
        Ok(Changed { records, earliest, covered: end.min(covered.until) })
    }

    /// The records of an object that were deleted in a window.
    ///
    /// # Errors
    /// As [`Reader::updated`].
    pub(crate) fn deleted(
        &self,
        object: &Object,
        (start, end): (DateTime<Utc>, DateTime<Utc>),
        covered: Covered,
        limit: usize,
    ) -> Result<Changed> {
        self.access.check_call(object, Call::GetDeleted)?;
        let (start, end) = (whole_minutes(start), whole_minutes(end));
        let mut earliest = self.earliest(object, covered.now, DELETED_DAYS)?;
        if let Some(gone) = purged_until(self.read, object.number)? {
            earliest = earliest.max(minute_after(gone)?);
        }
        if end - start <= TimeDelta::milliseconds(MINUTE) {
            return Err(bad_window(
                object,
                "startDate must be before endDate by more than one minute",
            ));
        }
        check_start(object, start, earliest)?;
        let records = self.changed_in(object, Place::Bin, (start, end), limit)?;
        Ok(Changed { records, earliest, covered: end.min(covered.until) })
    }

    /// The earliest start of a window that reaches so many days back. What was cut off from the feed is
    /// older than that, unless the clock was put back meanwhile.
    fn earliest(&self, object: &Object, now: DateTime<Utc>, days: i64) -> Result<DateTime<Utc>> {
        let earliest = day_before(now, days);
        let none = || Error::corrupt(format!("{}: the feed was cut off at no time", object.name));
        match Cut::read(self.read)? {
            Some(cut) if cut.place.sequence > 0 => {
                let after = minute_after(cut.place.stamp).map_err(|_| none())?;
                Ok(earliest.max(after))
            }
            _ => Ok(earliest),
        }
    }

    /// The records of an object that are in a place with a stamp of a window.
    fn changed_in(
        &self,
        object: &Object,
        place: Place,
        (start, end): (DateTime<Utc>, DateTime<Utc>),
        limit: usize,
    ) -> Result<Vec<(DateTime<Utc>, RecordId)>> {
        let (from, to) = (start.timestamp_millis(), end.timestamp_millis());
        let table = self.schema.table(object)?;
        let mut found: HashMap<u64, i64> = HashMap::new();
        // Only what counts is remembered, so that a busy window takes no more memory than its limit.
        let mut look_at = |ids: &mut HashSet<u64>| {
            let mut new: Vec<u64> = ids.drain().filter(|id| !found.contains_key(id)).collect();
            new.sort_unstable();
            self.stamps(table, place, &new, &mut |id, stamp| {
                if (from..=to).contains(&stamp) {
                    found.insert(id, stamp);
                }
            })?;
            if found.len() > limit {
                return Err(Error::TooManyChanges { object: object.name.clone(), limit });
            }
            Ok(())
        };
        let mut ids: HashSet<u64> = HashSet::new();
        let mut after: Option<Vec<u8>> = None;
        loop {
            let behind = after.as_deref();
            after =
                arrivals::within(self.read, object.number, from..=to, behind, STEP, &mut |id| {
                    ids.insert(id);
                })?;
            look_at(&mut ids)?;
            if after.is_none() {
                break;
            }
        }
        let mut next = Some(Entry::first_since(self.read, from)?);
        while let Some(first) = next.take() {
            // A file that somebody changed may have an entry at 0, before the first place that there is.
            Entry::scan(self.read, first.saturating_sub(1), &mut |sequence, entry| {
                if entry.stamp > to {
                    return Ok(ControlFlow::Break(()));
                }
                if entry.object == object.number && !entry.is_replica {
                    ids.insert(entry.id);
                    if ids.len() >= STEP {
                        next = sequence.checked_add(1);
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Ok(ControlFlow::Continue(()))
            })?;
            look_at(&mut ids)?;
        }
        let named = found.into_iter().map(|(id, stamp)| Ok((date_time(stamp)?, self.unpack(id)?)));
        let mut named = named.collect::<Result<Vec<_>>>()?;
        named.sort_unstable();
        Ok(named)
    }

    /// Calls `f` with the SystemModstamp of each of these records that is in a place.
    fn stamps(
        &self,
        table: &Table,
        place: Place,
        ids: &[u64],
        f: &mut dyn FnMut(u64, i64),
    ) -> Result<()> {
        let Some(space) = place.space(table) else { return Ok(()) };
        let keys: Vec<_> = ids.iter().map(|id| id.to_be_bytes()).collect();
        let keys: Vec<_> = keys.iter().map(|key| (space, key.as_slice())).collect();
        let mut read = Ok(());
        self.read.multi_get(&keys, &mut |n, bytes| {
            let (Some(bytes), true) = (bytes, read.is_ok()) else { return };
            let stamp = || -> Result<i64> {
                let row = if place == Place::Bin { Deletion::of(bytes)?.1 } else { bytes };
                let slot = usize::from(system_slot(FieldIdx::SYSTEM_MODSTAMP));
                match table.cells(table.row(row)?)?.get(slot) {
                    Some(Cell::Fixed(bits)) => Ok(bits.cast_signed()),
                    _ => Err(Error::corrupt("a record without a SystemModstamp")),
                }
            };
            read = stamp().map(|stamp| f(ids[n], stamp));
        })?;
        read
    }
}

/// The minute that a moment is in.
fn whole_minutes(at: DateTime<Utc>) -> DateTime<Utc> {
    let past = at.timestamp_millis().rem_euclid(MINUTE);
    let at = DateTime::from_timestamp_millis(at.timestamp_millis() - past).unwrap_or(at);
    whole_seconds(at)
}

/// The first whole minute after a moment.
fn minute_after(millis: i64) -> Result<DateTime<Utc>> {
    let minute = millis - millis.rem_euclid(MINUTE) + MINUTE;
    Ok(date_time(minute)?)
}

/// The beginning of the day so many days before that of `now`.
fn day_before(now: DateTime<Utc>, days: i64) -> DateTime<Utc> {
    let day = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    day.checked_sub_signed(TimeDelta::days(days)).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

fn check_start(object: &Object, start: DateTime<Utc>, earliest: DateTime<Utc>) -> Result<()> {
    if start < earliest {
        return Err(bad_window(object, "startDate before org replication enabled date"));
    }
    Ok(())
}

fn bad_window(object: &Object, what: &str) -> Error {
    Error::BadWindow { object: object.name.clone(), what: what.to_owned() }
}
