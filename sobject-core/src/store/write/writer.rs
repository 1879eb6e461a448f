//! A write under way.
//!
//! A [`Write`] reads the state that it began with under its own buffer, so it sees what it wrote.
//! Each record is written after a [`Savepoint`], which a refusal goes back to.
//!
//! **Invariants:** the writer state is only read while a write runs; what the write makes of it is
//! handed on by [`End`], once the buffer is committed. So a write that is run again has the outcome of
//! a single run.

mod hooks;

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};

pub use self::hooks::Invalid;
pub(crate) use self::hooks::{Event, GivenHooks, Hook, HookBatch, Hooked, Hooks};
use super::{
    cache::{Expected, ReadCache},
    change::{Change, Move, Told, change},
};
use crate::{
    bytes::Cell,
    catalogue::{Object, ObjectNo, system_slot},
    clock::Clock,
    definition::FieldIdx,
    engine::{self, Buffer, Overlay, Read},
    error::{Error, Result},
    id::{KeyPrefix, RecordId},
    store::{
        keep::{
            Counter, Deletion, FIRST, Ids, Index, LEASES, Leases, Schema, WriterState,
            can_be_drawn, note_purged, packed_id, purged_until,
        },
        read::{Place, Reader},
        rules::Access,
    },
    value::whole_seconds,
};

/// A write under way.
pub(crate) struct Write<'a> {
    pub(crate) schema: &'a Schema,
    /// The state that the write began with.
    pub(super) base: ReadCache<'a>,
    pub(crate) buffer: Buffer,
    state: &'a WriterState,
    /// The leases that this write has touched; `None` while the write is lent.
    leases: Option<&'a mut Leases>,
    /// Counters that are to skip all numbers below one, once the write is finished.
    skipped: Vec<(Counter, u64)>,
    ids: Ids,
    pub(crate) access: &'a Access,
    /// The packed id of the user to stamp.
    user: u64,
    /// The time of everything written, in milliseconds.
    pub(crate) stamp: i64,
    /// When something of the recycle bin is due next; `None` if nobody has looked.
    pub(super) next_due: Option<i64>,
    /// Did this write look at what is due?
    pub(super) has_purged: bool,
    /// Did this write put anything into the recycle bin?
    pub(super) has_binned: bool,
    pub(super) hooks: &'a Hooks,
    /// How many hooks this runs inside of.
    pub(super) depth: usize,
    /// What the clock said when the write began. The stamp is later if stamps would go back.
    pub(super) now: DateTime<Utc>,
}

/// A moment in the life of a write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Savepoint {
    buffer: engine::Mark,
    n_heads: usize,
    n_skipped: usize,
}

/// What a finished write leaves, to be taken up once it is committed.
pub(crate) struct End {
    pub(crate) stamp: i64,
    /// When something of the recycle bin is due next; `None` if nobody has looked.
    pub(crate) next_due: Option<i64>,
    pub(crate) ids: Ids,
}

impl<'a> Write<'a> {
    /// Begins a write on the state that `base` reads, for which `state` and `ids` are true. The leases
    /// that it touches are put into `leases`.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Deleted`] or [`Error::WrongId`] if the caller is no user.
    #[expect(clippy::too_many_arguments, reason = "they are what a write is made of")]
    pub(crate) fn begin(
        schema: &'a Schema,
        clock: &dyn Clock,
        base: &'a dyn Read,
        state: &'a WriterState,
        leases: &'a mut Leases,
        ids: Ids,
        access: &'a Access,
        hooks: &'a Hooks,
    ) -> Result<Self> {
        // Stamps never go back, so a window of time is a range of the feed.
        let now = clock.now();
        let stamp = whole_seconds(now).timestamp_millis().max(state.stamp);
        let mut write = Self {
            schema,
            base: ReadCache::new(base),
            buffer: Buffer::default(),
            state,
            leases: Some(leases),
            skipped: Vec::new(),
            ids,
            access,
            user: 0,
            stamp,
            next_due: state.next_due,
            has_purged: false,
            has_binned: false,
            hooks,
            depth: 0,
            now,
        };
        let user = access.user.unwrap_or(schema.system_user);
        // The user is looked up whatever rights the caller has.
        write.acting(&Access::SYSTEM, |write| write.check_user(user))?;
        write.user = write.pack(user)?;
        Ok(write)
    }

    /// Runs `f` with other rights. Who is stamped stays the same.
    ///
    /// # Errors
    /// Those of `f`.
    pub(super) fn acting<R>(
        &mut self,
        access: &'a Access,
        f: impl FnOnce(&mut Self) -> Result<R>,
    ) -> Result<R> {
        let own = std::mem::replace(&mut self.access, access);
        let result = f(self);
        self.access = own;
        result
    }

    /// What the clock said when the write began.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// This write as a value, for one who is lent it. What stays behind can do nothing until the write
    /// is put back in its place.
    pub(super) fn lend(&mut self) -> Self {
        Self {
            schema: self.schema,
            base: self.base.lend(),
            buffer: std::mem::take(&mut self.buffer),
            state: self.state,
            leases: self.leases.take(),
            skipped: std::mem::take(&mut self.skipped),
            ids: std::mem::replace(&mut self.ids, Ids::new(Arc::default())),
            access: self.access,
            user: self.user,
            stamp: self.stamp,
            next_due: self.next_due,
            has_purged: self.has_purged,
            has_binned: self.has_binned,
            hooks: self.hooks,
            depth: self.depth,
            now: self.now,
        }
    }

    /// Refuses a caller who is no user.
    fn check_user(&self, user: RecordId) -> Result<()> {
        if user == self.schema.system_user {
            return Ok(());
        }
        let is_user = match self.schema.catalogue.find("User") {
            Some(object) if object.key_prefix == Some(user.key_prefix()) => {
                return self.read(|reader| reader.locate(object, user)).map(drop);
            }
            Some(_) => false,
            None => Some(user.key_prefix()) == KeyPrefix::new("005"),
        };
        if is_user {
            return Ok(());
        }
        let (object, label) = ("User".to_owned(), "User ID".to_owned());
        Err(Error::WrongId { object, label, id: user.to_string() })
    }

    /// The buffer to apply, and what the write leaves. A write that was lent and never given back, since
    /// a hook has panicked and the program went on, has lost what it wrote, so nothing of it may stand.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn finish(mut self) -> Result<(Buffer, End)> {
        let leases = self.leases.take().ok_or_else(is_lent)?;
        let mut skipped: BTreeMap<Counter, u64> = BTreeMap::new();
        for (counter, next) in std::mem::take(&mut self.skipped) {
            let greatest = skipped.entry(counter).or_default();
            *greatest = next.max(*greatest);
        }
        let mut expected = Expected::default();
        for counter in skipped.keys() {
            expected.key(LEASES, &counter.key());
        }
        self.base.expect(expected);
        for (counter, next) in skipped {
            leases.skip(counter, next, &self.state.leases, &self.base, &mut self.buffer)?;
        }
        let Self { buffer, stamp, next_due, ids, .. } = self;
        Ok((buffer, End { stamp, next_due, ids }))
    }

    /// This moment.
    pub(crate) fn savepoint(&self) -> Savepoint {
        let (n_heads, n_skipped) = (self.ids.n_new(), self.skipped.len());
        Savepoint { buffer: self.buffer.mark(), n_heads, n_skipped }
    }

    /// Takes back everything written since a savepoint.
    pub(crate) fn back_to(&mut self, savepoint: Savepoint) {
        self.buffer.back_to(savepoint.buffer);
        self.ids.keep_new(savepoint.n_heads);
        self.skipped.truncate(savepoint.n_skipped);
    }

    /// Reads the state with what this write has written.
    pub(crate) fn read<R>(&self, f: impl FnOnce(&Reader<'_>) -> R) -> R {
        let overlay = Overlay { base: &self.base, buffer: &self.buffer };
        f(&Reader::new(self.schema, &overlay, &self.ids, self.access))
    }

    /// Draws the next number of a counter, which is `start` at least.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn draw(&mut self, counter: Counter, start: u64) -> Result<u64> {
        let leases = self.leases.as_deref_mut().ok_or_else(is_lent)?;
        leases.draw(counter, start, &self.state.leases, &self.base, &mut self.buffer)
    }

    /// Draws the id of a new record, and returns it packed too.
    ///
    /// # Errors
    /// [`Error::NotSupported`] if there are no numbers or no room for ids of the object left;
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn draw_id(&mut self, object: &Object) -> Result<(RecordId, u64)> {
        let none_left = || Error::NotSupported {
            object: object.name.clone(),
            what: "there are no record numbers left".to_owned(),
        };
        let no_prefix = || Error::NotSupported {
            object: object.name.clone(),
            what:
                "making an id for a new record: the describe of the object has no key prefix; set \
                   its `key_prefix` before it is given to the store"
                    .to_owned(),
        };
        let prefix = object.key_prefix.ok_or_else(no_prefix)?;
        let of = |number| RecordId::from_parts(prefix, self.schema.instance, number);
        let head = of(0).ok_or_else(none_left)?.head();
        let head = self.ids.number_head(&mut self.buffer, head).ok_or_else(none_left)?;
        let number = self.draw(Counter::Records(head), FIRST)?;
        let id = of(number).filter(|id| can_be_drawn(*id)).ok_or_else(none_left)?;
        Ok((id, packed_id(head, number)))
    }

    /// Has a counter skip all numbers below `next`: once the write is finished, and unless the record
    /// is taken back.
    pub(crate) fn skip(&mut self, counter: Counter, next: u64) {
        if !self.state.leases.is_beyond(counter, next) {
            self.skipped.push((counter, next));
        }
    }

    /// Has the counter of ids that begin like this one skip its number, if a record made here could
    /// be given it.
    pub(crate) fn skip_id(&mut self, id: RecordId) {
        if id.instance() == self.schema.instance
            && can_be_drawn(id)
            && let Some(head) = self.ids.number_head(&mut self.buffer, id.head())
        {
            self.skip(Counter::Records(head), id.number() + 1);
        }
    }

    /// Moves a record, told in the feed as a change of this write's caller. One that enters the bin is
    /// its own root.
    ///
    /// # Errors
    /// Those of [`change`].
    pub(super) fn change(&mut self, moved: Move<'_>) -> Result<()> {
        self.change_under(moved, (moved.object.number, moved.id))
    }

    /// [`Write::change`]; one that enters the bin has this root.
    ///
    /// # Errors
    /// Those of [`change`].
    pub(super) fn change_under(&mut self, moved: Move<'_>, root: (ObjectNo, u64)) -> Result<()> {
        let (when, by) = (self.stamp, self.user);
        let deletion =
            (moved.becomes.0 == Place::Bin).then_some(Deletion { when, by, root, emptied: 0 });
        let told = Told { stamp: when, caller: by, is_replica: false };
        self.change_with(moved, deletion, Some(told), false)
    }

    /// Changes what is kept of a record in the bin, of which the feed says nothing.
    ///
    /// # Errors
    /// Those of [`change`].
    pub(super) fn change_in_bin(&mut self, moved: Move<'_>, deletion: Deletion) -> Result<()> {
        self.change_with(moved, Some(deletion), None, false)
    }

    /// Moves a record to what its source says of it. Its unique entries were taken away before if
    /// `is_vacated`.
    ///
    /// # Errors
    /// Those of [`change`].
    pub(crate) fn change_as_replica(&mut self, moved: Move<'_>, is_vacated: bool) -> Result<()> {
        let (stamp, caller) = (self.stamp, self.user);
        let (becomes, cells) = moved.becomes;
        let own = (moved.object.number, moved.id);
        if (moved.was.0, becomes) == (Place::Bin, Place::Live) {
            self.let_go_of_along(own)?;
        }
        // A record that is in the bin already came there as it did, whatever its source says of it.
        let (root, emptied) = match self.deletion_of(moved)? {
            Some(deletion) if deletion.is_emptied() || deletion.root != own => {
                (deletion.root, deletion.emptied)
            }
            _ => (own, Deletion::KEPT),
        };
        let deletion = (becomes == Place::Bin).then(|| {
            let bits = |idx| match cells.get(usize::from(system_slot(idx))) {
                Some(Cell::Fixed(bits)) => Some(*bits),
                _ => None,
            };
            let when = bits(FieldIdx::SYSTEM_MODSTAMP).map_or(stamp, u64::cast_signed);
            let by = bits(FieldIdx::LAST_MODIFIED_BY_ID).unwrap_or(caller);
            Deletion { when, by, root, emptied }
        });
        let told = Told { stamp, caller, is_replica: true };
        self.change_with(moved, deletion, Some(told), is_vacated)
    }

    /// Moves a record, and keeps what is noted of its place in the bin in step.
    ///
    /// # Errors
    /// Those of [`change`].
    pub(super) fn change_with(
        &mut self,
        moved: Move<'_>,
        deletion: Option<Deletion>,
        told: Option<Told>,
        is_vacated: bool,
    ) -> Result<()> {
        if (moved.was.0, moved.becomes.0) != (Place::Live, Place::Live) {
            let was = self.deletion_of(moved)?;
            self.note_along(moved, was, deletion)?;
            self.note_due(moved, was, deletion);
        }
        let of = Change { moved, is_vacated, deletion, told };
        change(&of, &self.base, &mut self.buffer)
    }

    /// Changes the entries of a record in one index.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn update_index(
        &mut self,
        index: &Index,
        id: u64,
        old: Option<&[Cell<'_>]>,
        new: Option<&[Cell<'_>]>,
    ) -> Result<()> {
        index.update(id, old, new, &self.base, &mut self.buffer)
    }

    /// Sets who did something and when.
    pub(super) fn stamp_user(&self, cells: &mut [Cell<'_>], date: FieldIdx, user: FieldIdx) {
        set_system(cells, date, Cell::integer(self.stamp));
        set_system(cells, user, Cell::Fixed(self.user));
    }

    /// Sets when the store itself last changed the record.
    pub(super) fn stamp_system(&self, cells: &mut [Cell<'_>]) {
        set_system(cells, FieldIdx::SYSTEM_MODSTAMP, Cell::integer(self.stamp));
    }

    /// Sets that the caller has changed the record now.
    pub(super) fn stamp_change(&self, cells: &mut [Cell<'_>]) {
        self.stamp_user(cells, FieldIdx::LAST_MODIFIED_DATE, FieldIdx::LAST_MODIFIED_BY_ID);
        self.stamp_system(cells);
    }

    pub(crate) fn pack(&mut self, id: RecordId) -> Result<u64> {
        self.ids.pack(&self.base, &mut self.buffer, id)
    }

    pub(crate) fn pack_known(&self, id: RecordId) -> Result<Option<u64>> {
        self.ids.pack_known(&Overlay { base: &self.base, buffer: &self.buffer }, id)
    }

    /// What this write packs and unpacks ids by.
    pub(crate) fn ids(&self) -> &Ids {
        &self.ids
    }

    /// The packed id of the caller.
    pub(crate) fn user(&self) -> u64 {
        self.user
    }

    /// Notes that a record is gone for good, which was deleted at `when`: getDeleted can no longer tell
    /// of it.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn note_purged(&mut self, object: &Object, when: i64) -> Result<()> {
        let overlay = Overlay { base: &self.base, buffer: &self.buffer };
        if let Some(until) = purged_until(&overlay, object.number)?
            && until >= when
        {
            return Ok(());
        }
        note_purged(&mut self.buffer, object.number, when);
        Ok(())
    }

    /// The object of this name, if there is one that the caller may read.
    ///
    /// # Errors
    /// [`Error::UnknownObject`], [`Error::BadPermissions`].
    pub(crate) fn find_object(&self, name: &str) -> Result<&'a Object> {
        self.access.find_object(&self.schema.catalogue, name)
    }
}

/// The refusal to use a write that somebody else has.
fn is_lent() -> Error {
    Error::corrupt("a write was used while it was lent")
}

/// Sets a system field.
pub(crate) fn set_system<'v>(cells: &mut [Cell<'v>], idx: FieldIdx, cell: Cell<'v>) {
    if let Some(place) = cells.get_mut(usize::from(system_slot(idx))) {
        *place = cell;
    }
}
