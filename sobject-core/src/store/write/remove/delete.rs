//! Delete: a record into the recycle bin, with what goes along.
//!
//! The record's own stamps are LastModifiedDate and By, and SystemModstamp. What goes along and what
//! is emptied gets a SystemModstamp only (choices of ours where the platform's answer is unknown).
//! Records go along in system mode, whatever the caller may do with them.

use super::reach::{Emptied, Held, Member};
use crate::{
    bytes::Cell,
    catalogue::Object,
    error::{Call, Error, InUse, Result},
    id::RecordId,
    store::{
        keep::{ALONG, Along, Deletion, Taken},
        read::Place,
        write::{Write, cache::Expected, change::Move, expect::Needs},
    },
};

/// How many of the records that hold another are named in the refusal to delete it.
const NAMED_HOLDERS: usize = 5;
/// How many records that the records of one call reach are looked for before the first is changed.
pub(super) const FORESEEN: usize = 10_000;
/// How many records are read at a time.
pub(super) const AT_ONCE: usize = 4096;

impl Write<'_> {
    /// Deletes a record with what goes along.
    ///
    /// # Errors
    /// Those of [`Write::delete`].
    pub(in crate::store::write) fn delete_one(
        &mut self,
        object: &Object,
        id: RecordId,
    ) -> Result<()> {
        self.access.check_call(object, Call::Delete)?;
        let packed = self.read(|reader| reader.locate(object, id))?;
        let root = (object.number, packed);
        let limit = self.schema.max_cascade;
        let mut reach = self.reach(&[root], limit)?.ok_or_else(|| Error::NotSupported {
            object: object.name.clone(),
            what: format!(
                "deleting {id}, by which more than {limit} other records would be deleted or \
                 emptied, the limit that the store was opened with; delete some of them first"
            ),
        })?;
        if let Some(held) = self.held(&reach, NAMED_HOLDERS)? {
            return Err(self.in_use(object, id, packed, &held)?);
        }
        for members in reach.deleted.chunks(AT_ONCE) {
            self.expect_rows(members)?;
            for member in members {
                self.put_into_bin(*member, root)?;
            }
            self.base.forget_if_much();
        }
        for (object, id) in std::mem::take(&mut reach.gone) {
            self.empty_from_bin((object, id))?;
        }
        let emptied = reach.emptied();
        for some in emptied.chunk_by(|a, b| a.holder == b.holder) {
            self.empty_references(root, some)?;
        }
        Ok(())
    }

    fn put_into_bin(&mut self, member: Member, root: Member) -> Result<()> {
        let (object, table) = self.object_and_table(member.0)?;
        let old = self.row_bytes(table.live, member.1)?;
        let before = table.cells(table.row(&old)?)?;
        let mut cells = before.clone();
        if member == root {
            self.stamp_change(&mut cells);
        } else {
            self.stamp_system(&mut cells);
        }
        let (was, becomes) = ((Place::Live, &*before), (Place::Bin, &*cells));
        self.change_under(Move { object, table, id: member.1, was, becomes }, root)
    }

    /// Empties references of one record, and notes under the root what they had.
    fn empty_references(&mut self, root: Member, some: &[Emptied]) -> Result<()> {
        let Some(&Emptied { holder: (object, id), .. }) = some.first() else { return Ok(()) };
        let (object, table) = self.object_and_table(object)?;
        let old = self.row_bytes(table.live, id)?;
        let before = table.cells(table.row(&old)?)?;
        let mut cells = before.clone();
        for &Emptied { slot, had, .. } in some {
            if let Some(cell) = cells.get_mut(usize::from(slot)) {
                *cell = Cell::Null;
            }
            let what = Taken::Emptied { slot, had };
            Along { root: root.1, object: object.number, id, what }
                .with_entry(|key, value| self.buffer.insert(ALONG, key, value));
        }
        self.stamp_system(&mut cells);
        let (was, becomes) = ((Place::Live, &*before), (Place::Live, &*cells));
        self.change(Move { object, table, id, was, becomes })
    }

    /// Marks a record in the bin as one that never comes back, with what was deleted along with it and
    /// the details that wait for it. The feed says nothing of it: they were deleted before.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn empty_from_bin(&mut self, member: Member) -> Result<()> {
        let mut waiting = vec![member];
        while let Some((object, id)) = waiting.pop() {
            let (object, table) = self.object_and_table(object)?;
            if self.place_of(table, id)? != Place::Bin {
                continue;
            }
            let entry = self.row_bytes(table.bin, id)?;
            let (deletion, row) = Deletion::of(&entry)?;
            if deletion.is_emptied() {
                continue;
            }
            let cells = table.cells(table.row(row)?)?;
            let (was, becomes) = ((Place::Bin, &*cells), (Place::Bin, &*cells));
            let moved = Move { object, table, id, was, becomes };
            let emptied = self.stamp.max(deletion.when);
            let may_have = self.schema.relations.is_master(object.number)
                || deletion.root == (object.number, id);
            let along =
                if may_have { self.read(|reader| Along::of(reader.read, id))? } else { Vec::new() };
            self.change_in_bin(moved, Deletion { emptied, ..deletion })?;
            let is_record = |it: &&Along| !matches!(it.what, Taken::Emptied { .. });
            waiting.extend(along.iter().filter(is_record).map(|it| (it.object, it.id)));
        }
        Ok(())
    }

    /// The rows of records that are to be deleted, and what their deletes reach.
    pub(super) fn expect_deleted(&self, object: &Object, ids: &[RecordId]) -> Result<()> {
        let table = self.schema.table(object)?;
        let mut needs = Needs::default();
        let packed = || ids.iter().filter_map(|id| self.ids().pack_in_memory(*id));
        packed().for_each(|packed| needs.record(table, packed));
        self.expect_needs(needs);
        if ids.len() > 1 {
            let named: Vec<Member> = packed().map(|packed| (object.number, packed)).collect();
            if let Some(mut reach) = self.reach(&named, FORESEEN)? {
                let others = reach.emptied().iter().map(|it| it.holder);
                let mut members: Vec<_> = others.collect();
                members.extend_from_slice(&reach.deleted);
                self.expect_rows(&members)?;
            }
        }
        Ok(())
    }

    /// The live rows of records, and the entries of their unique values.
    fn expect_rows(&self, members: &[Member]) -> Result<()> {
        let mut expected = Expected::default();
        for (object, id) in members {
            expected.key(self.object_and_table(*object)?.1.live, &id.to_be_bytes());
        }
        self.base.expect(expected);
        let mut objects: Vec<_> = members.iter().map(|(object, _)| *object).collect();
        objects.sort_unstable();
        objects.dedup();
        for number in objects {
            let own = members.iter().filter(|(object, _)| *object == number).map(|(_, id)| *id);
            self.expect_own_entries(self.object_and_table(number)?.1, own, &|_| true)?;
        }
        Ok(())
    }

    /// The refusal to delete a record that others hold, or one that goes along with it.
    fn in_use(&self, object: &Object, id: RecordId, packed: u64, held: &Held<'_>) -> Result<Error> {
        let Held { by, holders } = held;
        // Whoever may not read the reference does not learn which records have it; nor does a program
        // that does not list it.
        let child = Some(by.object).filter(|it| by.is_listed && self.access.reads(it, by.field));
        if let Some(child) = child {
            let table = self.schema.table(child)?;
            let mut expected = Expected::default();
            for holder in holders {
                expected.key(table.live, &holder.to_be_bytes());
            }
            self.base.expect(expected);
        }
        self.read(|reader| {
            let name = reader.name_of(object, packed)?;
            let (child_plural, child_names) = match child {
                Some(child) => {
                    let names = holders.iter().map(|holder| reader.name_of(child, *holder));
                    (child.plural.clone(), names.collect::<Result<_>>()?)
                }
                None => ("other records".to_owned(), Vec::new()),
            };
            let object = object.name.clone();
            Ok(Error::InUse(Box::new(InUse { object, id, name, child_plural, child_names })))
        })
    }
}
