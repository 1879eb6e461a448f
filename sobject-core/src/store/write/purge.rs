//! The recycle bin's own times: records leave it with age, beyond its capacity, or because someone says
//! so, and a day later they are gone.
//!
//! A record leaves the bin by being *emptied*: it stays where it is, so that `query_all` shows it for a
//! day more, and never comes back. Then it is *removed*: its row, what its delete took along, and what
//! callers have seen of it. What was deleted along with a root leaves with it: only the root is marked,
//! and the others are removed before it.
//!
//! Nothing here runs by itself. A little of what is due is done at the end of each write that is
//! committed ([`Write::purge_in_passing`]), and all of it when the program asks. A purge in passing that
//! meets damage does nothing and does not fail the write, which has nothing to do with what is damaged:
//! the next looks a day later. Who asks for a purge, or verifies the file, is told of the damage.
//!
//! **Invariants:** when a record left the bin by age is said by its age and not by when the purge came
//! to it, so what can be undeleted or emptied does not depend on how often the store was written to. (For
//! how long beyond its day `query_all` shows an emptied record does.) A purge in passing does a bounded
//! number of records.

use std::ops::{Bound, ControlFlow};

use super::{
    cache::Expected,
    change::{Move, Told},
    writer::Write,
};
use crate::{
    bytes::entry_id,
    catalogue::{Object, ObjectNo},
    engine::{Scan, Space, has_any, try_scan},
    error::{Call, Error, Result},
    id::RecordId,
    store::{
        keep::{ALONG, Along, Deletion, Due, EMPTIED, IN_BIN, RECENT, Taken},
        read::Place,
        rules::{MAX_RECORDS, check_count},
    },
};

/// How long `query_all` shows a record that has left the bin, in milliseconds.
const SHOWN: i64 = 24 * 60 * 60 * 1000;
/// How long a record is in the bin at least, before its capacity counts.
const YOUNG: i64 = 2 * 60 * 60 * 1000;
/// How many records a purge in passing does.
const IN_PASSING: usize = 200;
/// How many records are looked for at a time.
const AT_ONCE: usize = 1000;

/// What a purge did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Purged {
    /// The entries of the bin that were emptied, or removed after having been emptied by an earlier
    /// purge or call.
    pub(crate) entries: u64,
    /// Is more due than was done?
    pub(crate) is_more: bool,
}

impl Write<'_> {
    /// Does a little of what is due, unless it is known that nothing is; and notes when something is
    /// next. Where it meets damage, it does nothing.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub(crate) fn purge_in_passing(&mut self) -> Result<()> {
        let start = self.savepoint();
        match self.purge_what_is_due() {
            Err(Error::Corrupt { .. }) => {
                self.back_to(start);
                self.next_due = Some(self.stamp.saturating_add(SHOWN));
                Ok(())
            }
            done => done,
        }
    }

    fn purge_what_is_due(&mut self) -> Result<()> {
        if self.has_purged {
            return Ok(());
        }
        let is_over = self.has_binned && self.n_over()? > 0;
        let next = match self.next_due {
            Some(next) => next,
            None => self.find_next_due()?,
        };
        self.next_due = Some(next);
        if next <= self.stamp || is_over {
            self.purge(IN_PASSING)?;
        }
        Ok(())
    }

    /// Does what is due, up to a number of records.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn purge(&mut self, limit: usize) -> Result<Purged> {
        self.has_purged = true;
        let mut done = Purged::default();
        let mut left = limit;
        if let Some(age) = self.schema.bin.age {
            for due in self.due(IN_BIN, self.stamp.saturating_sub(age), left)? {
                self.empty_at((due.object, due.id), due.at.saturating_add(age))?;
                left -= 1;
                // What is removed right away is counted there.
                done.entries +=
                    u64::from(due.at.saturating_add(age).saturating_add(SHOWN) > self.stamp);
            }
        }
        let n_over = usize::try_from(self.n_over()?).unwrap_or(usize::MAX).min(left);
        for due in self.due(IN_BIN, self.stamp.saturating_sub(YOUNG), n_over)? {
            self.empty_at((due.object, due.id), self.stamp)?;
            left -= 1;
            done.entries += 1;
        }
        let gone = self.due(EMPTIED, self.stamp.saturating_sub(SHOWN), left)?;
        let is_any_seen = !gone.is_empty() && self.read(|reader| has_any(reader.read, RECENT))?;
        if is_any_seen {
            self.expect_viewers(gone.iter().map(|due| due.id).take(AT_ONCE))?;
        }
        for due in gone {
            let (_, table) = self.object_and_table(due.object)?;
            // It may have been removed with its root just now.
            if self.place_of(table, due.id)? != Place::Bin {
                continue;
            }
            let member = (due.object, due.id);
            let Some(rest) = self.remove_with_others(member, left, is_any_seen)? else {
                left = 0;
                break;
            };
            left = rest;
            done.entries += 1;
            if left == 0 {
                break;
            }
        }
        done.is_more = left == 0;
        self.next_due = Some(if done.is_more { i64::MIN } else { self.find_next_due()? });
        Ok(done)
    }

    /// The first records of a space that wait for times up to one, whose rows are expected.
    fn due(&self, space: Space, until: i64, limit: usize) -> Result<Vec<Due>> {
        let due = self.read(|reader| Due::until(reader.read, space, until, limit))?;
        let mut expected = Expected::default();
        let first = || due.iter().take(AT_ONCE);
        for it in first() {
            let (_, table) = self.object_and_table(it.object)?;
            expected.key(table.bin, &it.id.to_be_bytes());
            if space == EMPTIED {
                expected.key(table.live, &it.id.to_be_bytes());
                let [from, to] = Along::bounds(it.id);
                expected.first_of(ALONG, &from, &to, IN_PASSING);
            }
        }
        self.expect(expected);
        self.expect_notes(first().map(|it| (it.object, it.id)))?;
        Ok(due)
    }

    /// When something is due next, as far as it is known now.
    fn find_next_due(&self) -> Result<i64> {
        let first = Scan { limit: 1, ..Scan::ALL };
        let mut found = [Ok(None), Ok(None)];
        self.read(|reader| {
            let scans = [(IN_BIN, first), (EMPTIED, first)];
            reader.read.multi_scan(&scans, &mut |place, key, _| {
                if let Some(found) = found.get_mut(place) {
                    *found = Due::read(key).map(|it| Some(it.at));
                }
                ControlFlow::Break(())
            })
        })?;
        let [in_bin, emptied] = found;
        let (in_bin, emptied) = (in_bin?, emptied?);
        let mut next = emptied.map_or(i64::MAX, |at| at.saturating_add(SHOWN));
        if let Some(at) = in_bin {
            if let Some(age) = self.schema.bin.age {
                next = next.min(at.saturating_add(age));
            }
            if self.n_over()? > 0 {
                next = next.min(at.saturating_add(YOUNG));
            }
        }
        Ok(next)
    }

    /// How many records are in the bin beyond its capacity.
    fn n_over(&self) -> Result<u64> {
        let Some(capacity) = self.schema.bin.capacity else { return Ok(0) };
        let n = self.read(|reader| reader.read.len(IN_BIN))?;
        Ok(n.saturating_sub(capacity))
    }

    /// Has a record outlived its time in the bin, be it that no purge came to it so far?
    pub(super) fn is_over(&self, deletion: &Deletion) -> bool {
        let is_old = |age: i64| deletion.when.saturating_add(age) <= self.stamp;
        deletion.is_emptied() || (deletion.ages() && self.schema.bin.age.is_some_and(is_old))
    }

    /// Empties several records from the bin, each on its own unless all or none was asked.
    ///
    /// # Errors
    /// [`Error::TooMany`]; an error that concerns more than one record, such as
    /// [`Error::Storage`].
    pub(crate) fn empty_recycle_bin(
        &mut self,
        object: &Object,
        ids: &[RecordId],
        all_or_none: bool,
    ) -> Result<Vec<Result<()>>> {
        check_count(ids.len(), MAX_RECORDS)?;
        let table = self.schema.table(object)?;
        let mut expected = Expected::default();
        for packed in ids.iter().filter_map(|id| self.ids().pack_in_memory(*id)) {
            expected.key(table.live, &packed.to_be_bytes());
            expected.key(table.bin, &packed.to_be_bytes());
        }
        self.expect(expected);
        let packed = ids.iter().filter_map(|id| self.ids().pack_in_memory(*id));
        self.expect_notes(packed.map(|packed| (object.number, packed)))?;
        self.each(object, ids, all_or_none, |write, id| write.empty_one(object, *id))
    }

    fn empty_one(&mut self, object: &Object, id: RecordId) -> Result<()> {
        self.access.check_call(object, Call::Delete)?;
        object.check_id(id)?;
        let table = self.schema.table(object)?;
        let no_entry = || Error::NoBinEntry { object: object.name.clone(), id };
        let packed = self.pack_known(id)?.ok_or_else(no_entry)?;
        if self.place_of(table, packed)? != Place::Bin {
            return Err(no_entry());
        }
        let own = (object.number, packed);
        let entry = self.row_bytes(table.bin, packed)?;
        let (deletion, _) = Deletion::of(&entry)?;
        if deletion.root != own || self.is_over(&deletion) {
            return Err(no_entry());
        }
        self.empty_at(own, self.stamp)
    }

    /// Empties the next records of an object from the bin that were deleted before a time, of `step`
    /// records behind one; the record that it came to, unless there are no more, and how many were
    /// emptied.
    ///
    /// # Errors
    /// Those of a call that the caller may not make; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn empty_older(
        &mut self,
        object: &Object,
        before: i64,
        after: u64,
        step: usize,
    ) -> Result<(Option<u64>, u64)> {
        self.access.check_call(object, Call::Delete)?;
        let table = self.schema.table(object)?;
        let mut found = Vec::new();
        let from = after.to_be_bytes();
        let scan = Scan { from: Bound::Excluded(&from), limit: step, ..Scan::ALL };
        let reached = self.read(|reader| {
            try_scan(reader.read, table.bin, scan, |key, entry| {
                let id = entry_id(key);
                let id = id.ok_or_else(|| Error::corrupt("a record without an id"))?;
                let (deletion, _) = Deletion::of(entry)?;
                let is_root = deletion.root == (object.number, id);
                if is_root && deletion.when <= before && !self.is_over(&deletion) {
                    found.push((object.number, id));
                }
                Ok::<_, Error>(ControlFlow::Continue(()))
            })
        })?;
        self.expect_in_bin(found.iter().copied())?;
        self.expect_notes(found.iter().copied())?;
        let n = u64::try_from(found.len()).unwrap_or(u64::MAX);
        for own in found {
            self.empty_at(own, self.stamp)?;
        }
        Ok((reached.as_deref().and_then(entry_id), n))
    }

    /// Marks a record in the bin as one that left it at a time. The feed says nothing of it: it was
    /// deleted before.
    pub(super) fn empty_at(&mut self, (object, id): (ObjectNo, u64), at: i64) -> Result<()> {
        let (object, table) = self.object_and_table(object)?;
        let entry = self.row_bytes(table.bin, id)?;
        let (deletion, row) = Deletion::of(&entry)?;
        let cells = table.cells(table.row(row)?)?;
        let (was, becomes) = ((Place::Bin, &*cells), (Place::Bin, &*cells));
        let moved = Move { object, table, id, was, becomes };
        let emptied = at.max(deletion.when);
        self.change_in_bin(moved, Deletion { emptied, ..deletion })
    }

    /// Removes a record that was emptied, after what was deleted along with it; how many records more
    /// may be removed, and nothing if they were not enough.
    fn remove_with_others(
        &mut self,
        root: (ObjectNo, u64),
        limit: usize,
        is_any_seen: bool,
    ) -> Result<Option<usize>> {
        let mut left = limit;
        loop {
            let along = self.read(|reader| Along::first_of(reader.read, root.1, left))?;
            if along.is_empty() {
                break;
            }
            let deleted = || along.iter().filter(|it| it.what == Taken::Deleted);
            self.expect_in_bin(deleted().map(|it| (it.object, it.id)))?;
            self.expect_notes(deleted().map(|it| (it.object, it.id)))?;
            if is_any_seen {
                self.expect_viewers(deleted().map(|it| it.id))?;
            }
            for it in &along {
                match it.what {
                    Taken::Deleted => self.remove((it.object, it.id), is_any_seen)?,
                    Taken::Emptied { .. } | Taken::Waits { .. } => {
                        self.buffer.remove(ALONG, &it.key());
                    }
                }
            }
            left -= along.len().min(left);
            if left == 0 {
                return Ok(None);
            }
        }
        self.remove(root, is_any_seen)?;
        Ok(Some(left - 1))
    }

    /// Removes one record from the bin, of which nothing is left then but what the feed says.
    fn remove(&mut self, (object, id): (ObjectNo, u64), is_any_seen: bool) -> Result<()> {
        let (object, table) = self.object_and_table(object)?;
        let entry = self.row_bytes(table.bin, id)?;
        let (deletion, row) = Deletion::of(&entry)?;
        let cells = table.cells(table.row(row)?)?;
        let (was, becomes) = ((Place::Bin, &*cells), (Place::Nowhere, &[][..]));
        let moved = Move { object, table, id, was, becomes };
        // Nobody did it: time did.
        let caller = self.pack(self.schema.system_user)?;
        let told = Told { stamp: self.stamp, caller, is_replica: false };
        self.change_with(moved, None, Some(told), false)?;
        if is_any_seen {
            self.forget_seen(object, id)?;
        }
        self.note_purged(object, deletion.when)
    }

    /// Keeps what waits for a time of the bin in step with a record that enters it, changes there, or
    /// leaves it.
    pub(super) fn note_due(
        &mut self,
        moved: Move<'_>,
        was: Option<Deletion>,
        becomes: Option<Deletion>,
    ) {
        let of =
            |it: Option<Deletion>| it.and_then(|it| Due::of(&it, moved.object.number, moved.id));
        let (old, new) = (of(was), of(becomes));
        Due::replace(old, new, &mut self.buffer);
        if let Some((space, due)) = new.filter(|_| new != old) {
            self.has_binned |= space == IN_BIN;
            let wait = if space == EMPTIED { Some(SHOWN) } else { self.schema.bin.age };
            if let (Some(next), Some(wait)) = (&mut self.next_due, wait) {
                *next = due.at.saturating_add(wait).min(*next);
            }
        }
    }
}
