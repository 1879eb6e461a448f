//! The feed: it has no gaps, its stamps never go back, and the last change of each record agrees
//! with where the record is and how it is stamped.
//!
//! As many records as the budget allows are read in the order of their ids, at [`TAKEN`] bytes each.
//! Then the feed is walked from its beginning to its end, and what it says last of each of these
//! records is compared with the record. This is repeated with the next records until there are none,
//! so the feed is walked once for each budget full of records.
//!
//! Of a feed whose oldest changes were cut off, the first that is kept follows on the last that was cut
//! off, and records that have not changed since are told of by none.
//!
//! Each repetition covers a range of ids, and the ranges leave none out. So a change whose id is in
//! the range but among none of its records is about a record that is nowhere.

use std::{collections::BTreeMap, ops::Bound};

use super::{MAX_FINDINGS, Verifier, Walk, look_up};
use crate::{
    bytes::entry_id,
    catalogue::{Object, ObjectNo, system_slot},
    definition::FieldIdx,
    engine::{Scan, try_scan},
    error::{Error, Result},
    store::{
        keep::{ARRIVALS, Cut, Deletion, Entry, FEED, Kind, Table, arrivals},
        read::Place,
    },
};

/// Bytes of a record that the feed is compared with.
const TAKEN: usize = size_of::<Taken>();

/// Records of a place that are read at once.
const STEP: usize = 4096;

/// A record that the feed is compared with.
#[derive(Clone, Copy, Debug)]
struct Taken {
    /// Its packed id.
    id: u64,
    /// Its SystemModstamp, if it has one.
    stamp: i64,
    has_stamp: bool,
    is_live: bool,
    told: Told,
    /// Was its last change a replica's, so that it has an arrival?
    is_put: bool,
}

/// What the feed says last of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Nothing,
    /// Where the record is, with its stamp.
    Right,
    /// That the record is elsewhere.
    Elsewhere,
    /// Where the record is, but with another stamp than the record has.
    OtherStamp,
}

/// The records of one object, after one id and up to another.
struct Range {
    object: ObjectNo,
    after: u64,
    to: u64,
    /// In the order of their ids, a part for each time that some were read.
    parts: Vec<Part>,
    /// The part and the place of the record that was told of last: the next is likely to stand
    /// behind it.
    last: (usize, usize),
    /// The records of the range that are nowhere, and whether the feed says so. These are those that
    /// were purged since the feed was last cut off.
    gone: BTreeMap<u64, bool>,
}

/// Some of the records of a range.
struct Part {
    /// The id that they go up to.
    to: u64,
    records: Vec<Taken>,
}

impl Range {
    /// Is the id one of those that the range is about? The first range of an object begins with all
    /// ids.
    fn covers(&self, id: u64) -> bool {
        id <= self.to && (id > self.after || self.after == 0)
    }

    fn record(&mut self, id: u64) -> Option<&mut Taken> {
        let (part, place) = self.last;
        let next = (part, place + 1);
        let at = |(part, place): (usize, usize)| self.parts.get(part)?.records.get(place);
        if at(next).is_some_and(|it| it.id == id) {
            self.last = next;
        } else {
            let part = self.parts.partition_point(|part| part.to < id);
            let records = &self.parts.get(part)?.records;
            self.last = (part, records.binary_search_by_key(&id, |it| it.id).ok()?);
        }
        let (part, place) = self.last;
        self.parts.get_mut(part)?.records.get_mut(place)
    }
}

impl Verifier<'_> {
    /// Checks the feed, and that it agrees with the records.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub(super) fn check_feed(&mut self) -> Result<()> {
        let room = self.budget / TAKEN;
        let mut ranges: Vec<Range> = Vec::new();
        let mut n_taken = 0;
        let mut is_first = true;
        for object in self.reader.schema.catalogue.kept() {
            let mut after = 0;
            while after < u64::MAX && !self.is_full() {
                if n_taken > 0 && n_taken >= room {
                    self.compare(&mut ranges, std::mem::take(&mut is_first))?;
                    n_taken = 0;
                }
                let part = self.take(object, after, (room - n_taken.min(room)).clamp(1, STEP))?;
                n_taken += part.records.len();
                let to = part.to;
                match ranges.last_mut().filter(|it| it.object == object.number) {
                    Some(range) => {
                        range.to = to;
                        range.parts.push(part);
                    }
                    None => ranges.push(Range {
                        object: object.number,
                        after,
                        to,
                        parts: vec![part],
                        last: (0, 0),
                        gone: BTreeMap::new(),
                    }),
                }
                after = to;
            }
        }
        self.compare(&mut ranges, is_first)
    }

    /// The next records of an object, live and deleted, at most so many of each.
    fn take(&self, object: &Object, after: u64, limit: usize) -> Result<Part> {
        let table = self.reader.schema.table(object)?;
        let (mut records, live_to) = self.take_from(table, Place::Live, after, limit)?;
        let (deleted, deleted_to) = self.take_from(table, Place::Bin, after, limit)?;
        records.extend(deleted);
        // Beyond the last record of a place, there may be more of that place.
        let to = live_to.min(deleted_to);
        records.retain(|it| it.id <= to);
        records.sort_by_key(|it| it.id);
        // That a record is both live and deleted is a finding of its own.
        records.dedup_by_key(|it| it.id);
        records.shrink_to_fit();
        Ok(Part { to, records })
    }

    /// The next records of one place, and the id up to which they are all.
    fn take_from(
        &self,
        table: &Table,
        place: Place,
        after: u64,
        limit: usize,
    ) -> Result<(Vec<Taken>, u64)> {
        let is_live = place == Place::Live;
        let space = if is_live { table.live } else { table.bin };
        let after = after.to_be_bytes();
        let scan = Scan { from: Bound::Excluded(&after), limit, ..Scan::ALL };
        let mut records = Vec::new();
        let next = try_scan(self.reader.read, space, scan, |key, bytes| {
            let id = entry_id(key).ok_or_else(|| Error::corrupt("a record without an id"))?;
            let row = if is_live { Some(bytes) } else { Deletion::of(bytes).ok().map(|it| it.1) };
            // A row that does not decode is a finding of its own, and has no stamp.
            let row = row.and_then(|row| table.row(row).ok());
            let stamp =
                row.and_then(|row| row.bits(system_slot(FieldIdx::SYSTEM_MODSTAMP)).ok()?);
            let (has_stamp, stamp) = (stamp.is_some(), stamp.unwrap_or_default().cast_signed());
            records.push(Taken {
                id,
                stamp,
                has_stamp,
                is_live,
                told: Told::Nothing,
                is_put: false,
            });
            Ok::<_, Error>(std::ops::ControlFlow::Continue(()))
        })?;
        let last = records.last().map_or(u64::MAX, |it: &Taken| it.id);
        Ok((records, if next.is_some() { last } else { u64::MAX }))
    }

    /// Walks the feed once, and compares what it says last of these records with what they are. The
    /// first walk checks the feed itself as well.
    fn compare(&mut self, ranges: &mut Vec<Range>, is_first: bool) -> Result<()> {
        let mut by_object: Vec<Option<usize>> = Vec::new();
        for (place, range) in ranges.iter().enumerate() {
            let object = usize::from(range.object.0);
            by_object.resize(by_object.len().max(object + 1), None);
            by_object[object] = Some(place);
        }
        let cut = match Cut::read(self.reader.read) {
            Ok(cut) => cut.unwrap_or_default(),
            Err(error) => {
                self.note(Err(error), |_| "the feed".to_owned())?;
                Cut::default()
            }
        };
        let is_cut = cut.place.sequence > 0;
        let mut sequence = cut.place.sequence;
        let mut stamp = if is_cut { cut.place.stamp } else { i64::MIN };
        let mut walk = Walk::of(FEED, "the feed");
        while walk.step(self, &mut |it, key, value| {
            let number = entry_id(key).unwrap_or_default();
            let entry = Entry::decode(value);
            if is_first {
                it.check_change(number, entry.as_ref(), sequence, stamp)?;
            }
            sequence = number;
            let Some(entry) = entry else { return Ok(true) };
            stamp = entry.stamp;
            let place = by_object.get(usize::from(entry.object.0)).copied().flatten();
            if let Some(range) = place.and_then(|place| ranges.get_mut(place))
                && range.covers(entry.id)
            {
                Self::tell(range, &entry);
            }
            Ok(true)
        })? {}
        if is_first {
            walk.check_count(self)?;
            self.totals.changes = walk.n;
            if is_cut && walk.n == 0 {
                self.find("the feed lost its last change".to_owned());
            }
        }
        for range in ranges.drain(..) {
            let object = self.reader.schema.catalogue.get(range.object);
            let object = object.ok_or_else(|| Error::corrupt("a range of no object"))?;
            let records = || range.parts.iter().flat_map(|it| &it.records);
            self.check_arrivals(object, records().filter(|it| it.is_put), cut.arrivals)?;
            for id in range.gone.iter().filter(|(_, is_purged)| !**is_purged).map(|(id, _)| *id) {
                let name = self.name_of(object, id);
                self.find(format!("{name}: the feed has changes of it, but it is nowhere"));
            }
            let is_before_cut =
                |it: &Taken| is_cut && (self.is_replica || it.stamp <= cut.place.stamp);
            let untold = records().filter(|it| it.told != Told::Right);
            let untold = untold.filter(|it| it.told != Told::Nothing || !is_before_cut(it));
            let untold: Vec<Taken> = untold.take(MAX_FINDINGS).copied().collect();
            for record in &untold {
                let says = match (record.told, record.is_live) {
                    (Told::Nothing, _) => "the feed has no change of it",
                    (Told::Elsewhere, true) => "the feed says that it is deleted, but it is live",
                    (Told::Elsewhere, false) => "the feed says that it is live, but it is deleted",
                    _ => "its SystemModstamp is not that of its last change in the feed",
                };
                let finding = format!("{}: {says}", self.name_of(object, record.id));
                self.find(finding);
            }
        }
        Ok(())
    }

    /// Checks a change by itself, and against the one before it.
    fn check_change(
        &mut self,
        number: u64,
        entry: Option<&Entry>,
        before: u64,
        stamp: i64,
    ) -> Result<()> {
        if number != before + 1 {
            self.find(format!("the feed has a gap: {number} follows on {before}"));
        }
        let Some(entry) = entry else {
            self.find(format!("the feed's change {number} does not decode"));
            return Ok(());
        };
        if entry.stamp < stamp {
            self.find(format!("the feed's stamps go back at change {number}"));
        }
        if self.reader.schema.catalogue.get(entry.object).is_none() {
            self.find(format!("the feed's change {number} is of an object that is not there"));
        }
        let caller = self.origin(entry.caller).map(drop);
        self.note(caller, |_| format!("the feed's change {number}"))
    }

    /// Checks that records whose last change is a replica's have an arrival by their stamps, if those
    /// are not before the time up to which arrivals were removed.
    fn check_arrivals<'t>(
        &mut self,
        object: &Object,
        records: impl Iterator<Item = &'t Taken>,
        removed_before: i64,
    ) -> Result<()> {
        let due = records.filter(|it| it.has_stamp && it.stamp >= removed_before);
        let due: Vec<&Taken> = due.collect();
        for due in due.chunks(STEP) {
            let keys =
                due.iter().map(|it| (ARRIVALS, arrivals::key(object.number, it.stamp, it.id)));
            let mut missing = Vec::new();
            look_up(self.reader.read, keys, &mut |place, value| {
                if value.is_none() {
                    missing.push(due[place].id);
                }
            })?;
            for id in missing {
                let name = self.name_of(object, id);
                self.find(format!("{name}: a replica put it, and its arrival is not listed"));
            }
        }
        Ok(())
    }

    /// Takes up a change of a record in a range.
    fn tell(range: &mut Range, entry: &Entry) {
        let is_purged = entry.kind == Kind::Purge;
        let Some(record) = range.record(entry.id) else {
            range.gone.insert(entry.id, is_purged);
            return;
        };
        record.is_put = entry.is_replica;
        record.told = if is_purged || record.is_live == (entry.kind == Kind::Delete) {
            Told::Elsewhere
        } else if !entry.is_replica && record.has_stamp && record.stamp != entry.stamp {
            Told::OtherStamp
        } else {
            Told::Right
        };
    }
}
