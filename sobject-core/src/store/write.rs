//! A write under way: what create and update do to one record.
//!
//! A [`Write`] reads the state that it began with under its own buffer, so it sees what it wrote.
//! Each record is written after a [`Mark`], which a refusal goes back to.

use std::{cell::RefCell, collections::BTreeMap, ops::ControlFlow, sync::Arc};

use chrono::{DateTime, Utc};

use crate::{
    bytes::row::{BadRow, Cell},
    catalogue::{Field, Object, resolve::system_slot},
    definition::FieldIdx,
    engine::{Buffer, Mark as BufferMark, Overlay, Read},
    error::{Call, Error, Result},
    id::{KeyPrefix, RecordId},
    permissions::ObjectRight,
    store::{
        Carry, Inner,
        access::Access,
        check::{Checked, Purpose, check_required, check_values, check_writeable},
        dictionary::{self, Heads},
        feed::{Entry, Kind},
        index,
        input::Input,
        lease::{Counter, FIRST, Leases},
        read::Reader,
        schema::Table,
    },
    value::whole_seconds,
};

/// A write under way.
pub(crate) struct Write<'a> {
    pub(crate) store: &'a Inner,
    base: &'a dyn Read,
    pub(super) buffer: Buffer,
    leases: &'a mut Leases,
    heads: Arc<Heads>,
    pub(super) access: &'a Access,
    /// The packed id of the user to stamp.
    user: u64,
    /// The time of everything written, in milliseconds.
    pub(super) stamp: i64,
    /// Are unique values compared by a call over several records, and not as each is written?
    pub(super) compares_later: bool,
    /// Numbers that the counters pass with this write, which draws none of those counters.
    passed: Vec<(Counter, u64)>,
    /// References that were found to lead to a live record, so that a batch looks each up once.
    found: RefCell<BTreeMap<RecordId, u64>>,
}

/// A moment in the life of a write.
pub(crate) struct Mark {
    buffer: BufferMark,
    heads: Arc<Heads>,
    n_passed: usize,
}

/// Where a finished write leaves the store.
pub(crate) struct End {
    pub(crate) stamp: i64,
    pub(crate) heads: Arc<Heads>,
}

/// Where a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whereabouts {
    Live,
    Bin,
    Nowhere,
}

impl<'a> Write<'a> {
    /// Begins a write on the state that `base` reads.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Deleted`] or [`Error::WrongId`] if the caller is no user.
    pub(crate) fn begin(
        store: &'a Inner,
        base: &'a dyn Read,
        carry: &'a mut Carry,
        access: &'a Access,
    ) -> Result<Self> {
        // Stamps never go back, so a window of time is a range of the feed.
        let stamp = whole_seconds(store.clock.now()).timestamp_millis().max(carry.stamp);
        let mut write = Self {
            store,
            base,
            buffer: Buffer::default(),
            leases: &mut carry.leases,
            heads: store.heads(),
            access,
            user: 0,
            stamp,
            compares_later: false,
            passed: Vec::new(),
            found: RefCell::default(),
        };
        let user = access.user.unwrap_or(store.system_user);
        write.check_user(user)?;
        write.user = write.pack(user)?;
        Ok(write)
    }

    /// Refuses a caller who is no user.
    fn check_user(&self, user: RecordId) -> Result<()> {
        if user == self.store.system_user {
            return Ok(());
        }
        let is_user = match self.store.catalogue.find("User") {
            Some(object) if user.key_prefix() == object.key_prefix => {
                return self.check_exists(object, None, user).map(drop);
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

    /// The buffer to apply, and where the store stands once it is.
    pub(crate) fn finish(self) -> (Buffer, End) {
        let Self { mut buffer, leases, passed, stamp, heads, .. } = self;
        for (counter, next) in passed {
            leases.pass(counter, next, &mut buffer);
        }
        (buffer, End { stamp, heads })
    }

    /// This moment.
    pub(crate) fn mark(&self) -> Mark {
        let (buffer, heads) = (self.buffer.mark(), self.heads.clone());
        Mark { buffer, heads, n_passed: self.passed.len() }
    }

    /// Takes back everything written since `mark`.
    pub(crate) fn back_to(&mut self, mark: Mark) {
        self.buffer.back_to(mark.buffer);
        self.heads = mark.heads;
        self.passed.truncate(mark.n_passed);
        self.found.borrow_mut().clear();
    }

    /// Reads the state with what this write has written.
    pub(crate) fn read<R>(&self, f: impl FnOnce(&Reader<'_>) -> R) -> R {
        let overlay = Overlay { base: self.base, buffer: &self.buffer };
        f(&Reader::new(self.store, &overlay, self.heads.clone(), self.access))
    }

    /// Creates a record.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`] and the errors of the stages of `check`.
    pub(crate) fn create(&mut self, object: &Object, input: &Input<'_>) -> Result<RecordId> {
        self.access.check_call(object, Call::Create)?;
        check_writeable(object, self.access, Purpose::Create, input)?;
        let checked = self.check(object, Purpose::Create, input)?;
        let table = self.store.table(object)?;
        let mut cells: Vec<Cell<'_>> = table.defaults().collect();
        if let Some(owner) = object.owner_field {
            set(&mut cells, table, owner, Cell::Fixed(self.user));
        }
        self.stamp_user(&mut cells, FieldIdx::CREATED_DATE, FieldIdx::CREATED_BY_ID);
        self.stamp_user(&mut cells, FieldIdx::LAST_MODIFIED_DATE, FieldIdx::LAST_MODIFIED_BY_ID);
        self.stamp_system(&mut cells);
        // Audit fields that were given take the place of the stamps.
        self.set_checked(&mut cells, table, &checked)?;
        self.check_unique(object, table, &cells, None)?;
        let names = self.draw_autonumbers(object)?;
        for (idx, name) in &names {
            set(&mut cells, table, *idx, Cell::Text(name));
        }
        let id = self.draw_id(object)?;
        let packed = self.pack(id)?;
        let row = encode(object, table, &cells)?;
        index::update(table, packed, None, Some(table.row(&row)?), &mut self.buffer)?;
        self.buffer.insert(table.live, &packed.to_be_bytes(), &row);
        self.append(Kind::Create, object, packed, Vec::new());
        Ok(id)
    }

    /// Changes the given fields of a live record.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`], [`Error::WrongId`], [`Error::NotFound`], [`Error::Deleted`],
    /// and the errors of the stages of `check`.
    pub(crate) fn update(
        &mut self,
        object: &Object,
        id: RecordId,
        input: &Input<'_>,
    ) -> Result<()> {
        self.access.check_call(object, Call::Update)?;
        check_writeable(object, self.access, Purpose::Update, input)?;
        let packed = self.find_live(object, id)?;
        let checked = self.check(object, Purpose::Update, input)?;
        let table = self.store.table(object)?;
        let old = self.row_bytes(table, packed)?;
        let old = table.row(&old)?;
        let mut cells = all_cells(table, old)?;
        let before = cells.clone();
        self.set_checked(&mut cells, table, &checked)?;
        self.check_unique(object, table, &cells, Some((packed, &before)))?;
        let changed = object.fields().filter_map(|(idx, _)| table.slot(idx));
        let changed = changed
            .filter(|slot| cells.get(usize::from(*slot)) != before.get(usize::from(*slot)))
            .collect();
        self.stamp_user(&mut cells, FieldIdx::LAST_MODIFIED_DATE, FieldIdx::LAST_MODIFIED_BY_ID);
        self.stamp_system(&mut cells);
        let row = encode(object, table, &cells)?;
        self.buffer.replace(table.live, &packed.to_be_bytes(), &row);
        let new = table.row(&row)?;
        index::update(table, packed, Some(old), Some(new), &mut self.buffer)?;
        self.append(Kind::Update, object, packed, changed);
        Ok(())
    }

    /// The stages of `check` after the second, in their order.
    fn check<'v>(
        &self,
        object: &Object,
        purpose: Purpose,
        input: &'v Input<'_>,
    ) -> Result<Vec<(FieldIdx, Checked<'v>)>> {
        let checked =
            check_values(&self.store.catalogue, object, input, &mut |field, target, id| {
                if !self.access.may(target, ObjectRight::Read) {
                    let (object, field) = (object.name.clone(), field.name.clone());
                    return Err(Error::NoAccessToReferenced { object, field, id });
                }
                self.check_exists(target, Some((object, field)), id)
            })?;
        check_required(object, purpose, &checked)?;
        Ok(checked)
    }

    /// Refuses an id that no live record of `target` has, and gives its packed id, where it has one
    /// yet. `from` is the reference, if it is one.
    pub(super) fn check_exists(
        &self,
        target: &Object,
        from: Option<(&Object, &Field)>,
        id: RecordId,
    ) -> Result<Option<u64>> {
        // The system user can be referred to, but is no record to read or write.
        if let Some(packed) = self.found.borrow().get(&id) {
            return Ok(Some(*packed));
        }
        let packed = self.pack_known(id)?;
        if from.is_some() && id == self.store.system_user {
            return Ok(packed);
        }
        let whereabouts = match packed {
            Some(packed) => self.whereabouts(self.store.table(target)?, packed)?,
            None => Whereabouts::Nowhere,
        };
        match (whereabouts, packed) {
            (Whereabouts::Live, Some(packed)) => {
                self.found.borrow_mut().insert(id, packed);
                Ok(Some(packed))
            }
            (whereabouts, _) => {
                let object = from.map_or(target, |(object, _)| object).name.clone();
                let field = from.map(|(_, field)| field.name.clone());
                Err(match whereabouts {
                    Whereabouts::Bin => Error::Deleted { object, field, id },
                    Whereabouts::Live | Whereabouts::Nowhere => {
                        Error::NotFound { object, field, id }
                    }
                })
            }
        }
    }

    /// The packed id of a live record of `object`.
    pub(super) fn find_live(&self, object: &Object, id: RecordId) -> Result<u64> {
        object.check_id(id)?;
        self.check_exists(object, None, id)?.ok_or_else(|| Error::NotFound {
            object: object.name.clone(),
            field: None,
            id,
        })
    }

    /// Where the record with a packed id is.
    pub(super) fn whereabouts(&self, table: &Table, packed: u64) -> Result<Whereabouts> {
        let overlay = Overlay { base: self.base, buffer: &self.buffer };
        let key = packed.to_be_bytes();
        Ok(if overlay.get(table.live, &key, &mut |_| ())? {
            Whereabouts::Live
        } else if overlay.get(table.bin, &key, &mut |_| ())? {
            Whereabouts::Bin
        } else {
            Whereabouts::Nowhere
        })
    }

    /// The row of a live record.
    pub(super) fn row_bytes(&self, table: &Table, packed: u64) -> Result<Vec<u8>> {
        self.row_bytes_in(table.live, packed)
    }

    /// The row of a record in one of its object's spaces.
    pub(super) fn row_bytes_in(&self, space: crate::engine::Space, packed: u64) -> Result<Vec<u8>> {
        let overlay = Overlay { base: self.base, buffer: &self.buffer };
        let mut bytes = Vec::new();
        overlay.get(space, &packed.to_be_bytes(), &mut |row| bytes.extend_from_slice(row))?;
        Ok(bytes)
    }

    /// References may lead elsewhere from now on.
    pub(super) fn forget_found(&self) {
        self.found.borrow_mut().clear();
    }

    pub(super) fn set_checked<'v>(
        &mut self,
        cells: &mut [Cell<'v>],
        table: &Table,
        checked: &'v [(FieldIdx, Checked<'_>)],
    ) -> Result<()> {
        for (idx, value) in checked {
            let cell = match value {
                Checked::Cell(cell) => *cell,
                Checked::Owned(cell) => cell.as_cell(),
                Checked::Id(id) => Cell::Fixed(self.pack(*id)?),
            };
            set(cells, table, *idx, cell);
        }
        Ok(())
    }

    /// Stage 7: refuses a value that another live record has in a unique field. `before` is the
    /// record itself with its old cells, if it has been live.
    pub(super) fn check_unique(
        &self,
        object: &Object,
        table: &Table,
        cells: &[Cell<'_>],
        before: Option<(u64, &[Cell<'_>])>,
    ) -> Result<()> {
        for index in table.indexes.iter().filter(|index| index.unique) {
            let slot = usize::from(index.slot);
            let cell = cells.get(slot).copied().unwrap_or(Cell::Null);
            let own = before.map(|(id, _)| id);
            let is_same = before.is_some_and(|(_, before)| before.get(slot) == Some(&cell));
            if cell.is_null() || is_same {
                continue;
            }
            let mut holder = None;
            self.read(|reader| {
                reader.entries_equal(*index, cell, &mut |id| {
                    holder = Some(id).filter(|id| Some(*id) != own);
                    if holder.is_some() {
                        ControlFlow::Break(())
                    } else {
                        ControlFlow::Continue(())
                    }
                })
            })?;
            let (Some(holder), Some(field)) = (holder, object.field(index.field)) else { continue };
            let object_name = object.name.clone();
            if !self.access.reads(object, index.field) {
                return Err(Error::DuplicateHidden { object: object_name });
            }
            return Err(self.read(|reader| {
                Ok::<_, Error>(Error::Duplicate {
                    object: object_name,
                    field: field.name.clone(),
                    value: reader.cell_text(index.storage, cell)?,
                    holder: reader.unpack(holder)?,
                })
            })?);
        }
        Ok(())
    }

    fn draw_autonumbers(&mut self, object: &Object) -> Result<Vec<(FieldIdx, String)>> {
        let mut names = Vec::new();
        for &idx in &object.autonumbers {
            let Some(field) = object.field(idx) else { continue };
            if let (Some(format), Some(stored)) = (&field.autonumber, field.stored) {
                let counter = Counter::AutoNumber(object.number, stored.slot);
                let number = self.leases.draw(counter, field.start, self.base, &mut self.buffer)?;
                let at = DateTime::<Utc>::from_timestamp_millis(self.stamp).unwrap_or_default();
                names.push((idx, format.print(number, at)));
            }
        }
        Ok(names)
    }

    fn draw_id(&mut self, object: &Object) -> Result<RecordId> {
        let counter = Counter::Records(object.number);
        let number = self.leases.draw(counter, FIRST, self.base, &mut self.buffer)?;
        RecordId::from_parts(object.key_prefix, self.store.instance, number).ok_or_else(|| {
            Error::NotSupported {
                object: object.name.clone(),
                what: "there are no record numbers left".to_owned(),
            }
        })
    }

    /// Lets a counter, which is not drawn on in this write, pass all numbers below `next`: once the
    /// write is finished, and unless the record is taken back.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn pass(&mut self, counter: Counter, start: u64, next: u64) -> Result<()> {
        if !self.leases.has_passed(counter, start, next, self.base)? {
            self.passed.push((counter, next));
        }
        Ok(())
    }

    /// Sets who did something and when.
    pub(super) fn stamp_user(&self, cells: &mut [Cell<'_>], date: FieldIdx, user: FieldIdx) {
        set_slot(cells, system_slot(date), Cell::integer(self.stamp));
        set_slot(cells, system_slot(user), Cell::Fixed(self.user));
    }

    /// Sets when the store itself last changed the record.
    pub(super) fn stamp_system(&self, cells: &mut [Cell<'_>]) {
        set_slot(cells, system_slot(FieldIdx::SYSTEM_MODSTAMP), Cell::integer(self.stamp));
    }

    /// Appends a change to the feed.
    pub(super) fn append(
        &mut self,
        kind: Kind,
        object: &Object,
        id: u64,
        changed: Vec<crate::catalogue::Slot>,
    ) {
        let (stamp, object, caller) = (self.stamp, object.number, self.user);
        self.append_entry(&Entry { kind, is_replica: false, stamp, object, id, caller, changed });
    }

    /// Appends an entry to the feed.
    pub(super) fn append_entry(&mut self, entry: &Entry) {
        entry.append(&mut self.buffer);
    }

    pub(super) fn pack(&mut self, id: RecordId) -> Result<u64> {
        if let Some(packed) = self.found.borrow().get(&id) {
            return Ok(*packed);
        }
        dictionary::pack(&mut self.heads, self.base, &mut self.buffer, id)
    }

    pub(super) fn pack_known(&self, id: RecordId) -> Result<Option<u64>> {
        let overlay = Overlay { base: self.base, buffer: &self.buffer };
        dictionary::pack_known(&self.heads, &overlay, id)
    }

    /// The packed id of the caller.
    pub(super) fn user(&self) -> u64 {
        self.user
    }
}

/// Every cell of a row, by slot.
pub(super) fn all_cells<'r>(
    table: &Table,
    row: crate::bytes::row::RowRef<'r>,
) -> Result<Vec<Cell<'r>>, BadRow> {
    (0..).take(table.n_slots()).map(|slot| row.cell(slot)).collect()
}

pub(super) fn encode(object: &Object, table: &Table, cells: &[Cell<'_>]) -> Result<Vec<u8>> {
    let cell_of = |slot| cells.get(usize::from(slot)).copied().unwrap_or(Cell::Null);
    table.layout()?.encode(cell_of).ok_or_else(|| Error::NotSupported {
        object: object.name.clone(),
        what: "a record of more than four gigabytes".to_owned(),
    })
}

fn set<'v>(cells: &mut [Cell<'v>], table: &Table, idx: FieldIdx, cell: Cell<'v>) {
    if let Some(slot) = table.slot(idx) {
        set_slot(cells, slot, cell);
    }
}

pub(super) fn set_slot<'v>(cells: &mut [Cell<'v>], slot: crate::catalogue::Slot, cell: Cell<'v>) {
    if let Some(place) = cells.get_mut(usize::from(slot)) {
        *place = cell;
    }
}
