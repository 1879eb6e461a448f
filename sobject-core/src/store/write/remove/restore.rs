//! Undelete: a record from the recycle bin back among the live ones, with what its delete took along.
//!
//! What was deleted along comes back with its root and never alone. A reference that the delete emptied
//! is there again if it was not given another value since, be the record that has it in the bin
//! itself. References of what comes back that lead to no live record are emptied (`lost`).

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::{
    delete::{AT_ONCE, FORESEEN},
    reach::Member,
};
use crate::{
    bytes::Cell,
    catalogue::Object,
    error::{Call, Error, Result},
    id::RecordId,
    store::{
        keep::{ALONG, Along, Deletion, Table, Taken},
        read::Place,
        write::{
            Write,
            cache::Expected,
            change::Move,
            expect::{Needs, expect_unique},
        },
    },
};

/// Records that come back together, by their packed ids.
pub(super) type Together = HashSet<u64, RandomState>;

impl Write<'_> {
    /// Moves a record out of the bin, with what belongs to it.
    ///
    /// # Errors
    /// Those of [`Write::undelete`].
    pub(in crate::store::write) fn undelete_one(
        &mut self,
        object: &Object,
        id: RecordId,
    ) -> Result<()> {
        self.access.check_call(object, Call::Undelete)?;
        object.check_id(id)?;
        let table = self.schema.table(object)?;
        let not_in_bin = || Error::NotInRecycleBin { object: object.name.clone(), id };
        let packed = self.pack_known(id)?.ok_or_else(not_in_bin)?;
        let root = (object.number, packed);
        if !self.comes_back(table, packed, root)? {
            return Err(not_in_bin());
        }
        let limit = self.schema.max_cascade;
        let most = limit.saturating_add(1);
        let along =
            self.read(|reader| Along::first_where(reader.read, packed, most, &Along::is_taken))?;
        if along.len() > limit {
            let what = format!(
                "undeleting {id}, by which more than {limit} other records would be undeleted or \
                 changed, the limit that the store was opened with"
            );
            return Err(Error::NotSupported { object: object.name.clone(), what });
        }
        let mut members = vec![root];
        for some in along.chunks(AT_ONCE) {
            self.expect_places(some)?;
            for it in some.iter().filter(|it| it.what == Taken::Deleted) {
                let (_, table) = self.object_and_table(it.object)?;
                if self.comes_back(table, it.id, root)? {
                    members.push((it.object, it.id));
                }
            }
            self.base.forget_if_much();
        }
        let together: Together = members.iter().map(|(_, id)| *id).collect();
        for some in members.chunks(AT_ONCE) {
            self.expect_values_in_bin(some)?;
            for member in some {
                self.take_from_bin(*member, root, &together)?;
            }
            self.base.forget_if_much();
        }
        let is_emptied = |it: &&Along| matches!(it.what, Taken::Emptied { .. });
        let emptied: Vec<_> = along.iter().filter(is_emptied).copied().collect();
        if emptied.len() <= FORESEEN {
            self.expect_places(&emptied)?;
            self.expect_notes(emptied.iter().map(|it| (it.object, it.id)))?;
        }
        for some in emptied.chunk_by(|a, b| (a.object, a.id) == (b.object, b.id)) {
            self.fill_references(some, &together)?;
        }
        Ok(())
    }

    /// Is a record in the bin under this root, and was it not emptied from it?
    fn comes_back(&self, table: &Table, packed: u64, root: Member) -> Result<bool> {
        if self.place_of(table, packed)? != Place::Bin {
            return Ok(false);
        }
        let entry = self.row_bytes(table.bin, packed)?;
        let (deletion, _) = Deletion::of(&entry)?;
        // What was deleted along is as old as its root.
        let is_root = root.1 == packed;
        let is_over = if is_root { self.is_over(&deletion) } else { deletion.is_emptied() };
        Ok(deletion.root == root && !is_over)
    }

    fn take_from_bin(&mut self, member: Member, root: Member, together: &Together) -> Result<()> {
        let (object, table) = self.object_and_table(member.0)?;
        let entry = self.row_bytes(table.bin, member.1)?;
        let (_, row) = Deletion::of(&entry)?;
        let before = table.cells(table.row(row)?)?;
        let mut cells = before.clone();
        self.clear_lost_references(object, together, &mut cells)?;
        self.check_unique(object, table, &cells, None)?;
        if member == root {
            self.stamp_change(&mut cells);
        } else {
            self.stamp_system(&mut cells);
        }
        let (was, becomes) = ((Place::Bin, &*before), (Place::Live, &*cells));
        self.change(Move { object, table, id: member.1, was, becomes })
    }

    /// Gives references of one record back what a delete took from them, and forgets that it did.
    fn fill_references(&mut self, some: &[Along], together: &Together) -> Result<()> {
        for it in some {
            self.buffer.remove(ALONG, &it.key());
        }
        let Some(Along { object, id, .. }) = some.first() else { return Ok(()) };
        let (object, table) = self.object_and_table(*object)?;
        // An object that was dropped has neither records nor places for them.
        if object.is_dropped {
            return Ok(());
        }
        let (deletion, row) = match self.place_of(table, *id)? {
            Place::Nowhere => return Ok(()),
            Place::Live => (None, self.row_bytes(table.live, *id)?),
            Place::Bin => {
                let entry = self.row_bytes(table.bin, *id)?;
                let (deletion, row) = Deletion::of(&entry)?;
                (Some(deletion), row.to_vec())
            }
        };
        let before = table.cells(table.row(&row)?)?;
        let mut cells = before.clone();
        for it in some {
            let Taken::Emptied { slot, had } = it.what else { continue };
            let is_taken = match table.index_of(slot).filter(|index| index.is_unique) {
                Some(index) => {
                    self.read(|reader| index.holder(reader.read, Cell::Fixed(had)))?.is_some()
                }
                None => false,
            };
            let may_be = table.field_in(slot).is_some() && together.contains(&had) && !is_taken;
            if let Some(cell) = cells.get_mut(usize::from(slot)).filter(|cell| cell.is_null())
                && may_be
            {
                *cell = Cell::Fixed(had);
            }
        }
        if cells == before {
            return Ok(());
        }
        let id = *id;
        if let Some(deletion) = deletion {
            let (was, becomes) = ((Place::Bin, &*before), (Place::Bin, &*cells));
            return self.change_in_bin(Move { object, table, id, was, becomes }, deletion);
        }
        self.stamp_system(&mut cells);
        let (was, becomes) = ((Place::Live, &*before), (Place::Live, &*cells));
        self.change(Move { object, table, id, was, becomes })
    }

    /// The entries of records that are to be undeleted and what belongs to them, and then what their
    /// values lead to.
    pub(super) fn expect_undeleted(&self, object: &Object, ids: &[RecordId]) -> Result<()> {
        let table = self.schema.table(object)?;
        let packed = || ids.iter().filter_map(|id| self.ids().pack_in_memory(*id));
        // A record that took more along reads that when its turn comes.
        let each = FORESEEN / ids.len().max(1) + 1;
        let mut expected = Expected::default();
        for packed in packed() {
            for space in [table.live, table.bin] {
                expected.key(space, &packed.to_be_bytes());
            }
            let [from, to] = Along::bounds(packed);
            expected.first_of(ALONG, &from, &to, each);
        }
        self.base.expect(expected);
        if ids.len() == 1 {
            return Ok(());
        }
        let mut members: Vec<Member> = packed().map(|packed| (object.number, packed)).collect();
        let mut along = Vec::new();
        for packed in packed() {
            // What is not in order is refused when its turn comes.
            let of = self.read(|reader| Along::first_of(reader.read, packed, each));
            let of = of.unwrap_or_default();
            let deleted = of.iter().filter(|it| it.what == Taken::Deleted);
            members.extend(deleted.map(|it| (it.object, it.id)));
            along.extend(of);
            if along.len() > FORESEEN {
                return Ok(());
            }
        }
        self.expect_places(&along)?;
        self.expect_values_in_bin(&members)
    }

    /// The records that belong to others that are to be undeleted.
    fn expect_places(&self, along: &[Along]) -> Result<()> {
        let mut expected = Expected::default();
        for it in along {
            let (_, table) = self.object_and_table(it.object)?;
            for space in [table.live, table.bin] {
                expected.key(space, &it.id.to_be_bytes());
            }
        }
        self.base.expect(expected);
        Ok(())
    }

    /// What the values of records in the bin lead to.
    fn expect_values_in_bin(&self, members: &[Member]) -> Result<()> {
        let mut needs = Needs::default();
        for (object, packed) in members {
            let (object, table) = self.object_and_table(*object)?;
            let mut entry = Vec::new();
            let key = packed.to_be_bytes();
            self.read(|reader| reader.read.get(table.bin, &key, &mut |it| entry.extend(it)))?;
            // What is not in the bin, or cannot be read, is refused when its turn comes.
            let Ok((_, row)) = Deletion::of(&entry) else { continue };
            let Ok(cells) = table.row(row).and_then(|row| Ok(table.cells(row)?)) else { continue };
            for (idx, _, stored) in object.kept().filter(|(idx, ..)| !idx.is_system()) {
                let cell = cells.get(usize::from(stored.slot)).copied().unwrap_or(Cell::Null);
                if let (Cell::Fixed(root), true) = (cell, object.is_reference(idx)) {
                    let what = Taken::Waits { slot: stored.slot };
                    let waits = Along { root, object: object.number, id: *packed, what };
                    needs.always.key(ALONG, &waits.key());
                    if let Some(id) = self.ids().unpack_known(root) {
                        self.expect_referenced(id, &mut needs);
                    }
                }
                if let Some(index) = table.index_of(stored.slot).filter(|index| index.is_unique) {
                    expect_unique(index, cell, &mut needs.always);
                }
            }
        }
        self.expect_needs(needs);
        Ok(())
    }
}
