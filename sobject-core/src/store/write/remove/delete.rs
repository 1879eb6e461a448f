//! Delete: a record into the recycle bin, with what goes along.
//!
//! The record's own stamps are LastModifiedDate and By, and SystemModstamp. What goes along and what
//! is emptied gets a SystemModstamp only (choices of ours where the platform's answer is unknown).
//! Records go along in system mode, whatever the caller may do with them.

use std::collections::HashSet;

use foldhash::fast::RandomState;

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
/// How many records are foreseen that a record in the bin, which is gone for good now, took along.
const FEW_ALONG: usize = 100;
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
        let too_many = || Error::NotSupported {
            object: object.name.clone(),
            what: format!(
                "deleting {id}, by which more than {limit} other records would be deleted or \
                 emptied, the limit that the store was opened with; delete some of them first"
            ),
        };
        let mut reach = self.reach(&[root], limit)?.ok_or_else(too_many)?;
        if let Some(held) = self.held(&reach, NAMED_HOLDERS)? {
            return Err(self.in_use(object, id, packed, &held)?);
        }
        // What is gone for good is settled by what was in the bin before the first record enters it.
        let n_others = (reach.deleted.len() - 1).saturating_add(reach.emptied().len());
        let left = limit.saturating_sub(n_others);
        let gone = self.gone_with(&reach.gone, left)?.ok_or_else(too_many)?;
        for members in reach.deleted.chunks(AT_ONCE) {
            self.expect_rows(members)?;
            for member in members {
                self.put_into_bin(*member, root)?;
            }
            self.base.forget_if_much();
        }
        self.empty_from_bin(&gone)?;
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

    /// The records in the bin that are gone for good with some of them: these, what was deleted along with
    /// each and the details that wait for it. It is not looked any further once they are more than
    /// `limit`.
    fn gone_with(&self, gone: &[Member], limit: usize) -> Result<Option<Vec<Member>>> {
        let most = limit.saturating_add(1);
        let mut found: Vec<Member> = Vec::new();
        let mut among: HashSet<Member, RandomState> = HashSet::default();
        let mut level: Vec<_> = gone.iter().copied().filter(|it| among.insert(*it)).collect();
        while !level.is_empty() {
            let mut next = Vec::new();
            for some in level.chunks(AT_ONCE) {
                self.expect_gone(some)?;
                for &(object, id) in some {
                    let (_, table) = self.object_and_table(object)?;
                    if self.place_of(table, id)? != Place::Bin {
                        continue;
                    }
                    let entry = self.row_bytes(table.bin, id)?;
                    let (deletion, _) = Deletion::of(&entry)?;
                    if deletion.is_emptied() {
                        continue;
                    }
                    found.push((object, id));
                    let is_root = deletion.root == (object, id);
                    if is_root || self.schema.relations.is_master(object) {
                        let more = self.read(|reader| {
                            Along::first_where(reader.read, id, most, &Along::is_in_bin)
                        })?;
                        let more = more.iter().map(|it| (it.object, it.id));
                        next.extend(more.filter(|it| among.insert(*it)));
                    }
                    if found.len().saturating_add(next.len()) > limit {
                        return Ok(None);
                    }
                }
                self.base.forget_if_much();
            }
            level = next;
        }
        Ok(Some(found))
    }

    /// Where records are that may be gone for good, and what is noted under them.
    fn expect_gone(&self, members: &[Member]) -> Result<()> {
        let mut expected = Expected::default();
        for (object, id) in members {
            let (_, table) = self.object_and_table(*object)?;
            for space in [table.live, table.bin] {
                expected.key(space, &id.to_be_bytes());
            }
            let [from, to] = Along::bounds(*id);
            expected.first_of(ALONG, &from, &to, FEW_ALONG);
        }
        self.base.expect(expected);
        Ok(())
    }

    /// Marks records in the bin as ones that never come back. The feed says nothing of it: they were
    /// deleted before.
    fn empty_from_bin(&mut self, members: &[Member]) -> Result<()> {
        for some in members.chunks(AT_ONCE) {
            self.expect_in_bin(some.iter().copied())?;
            self.expect_notes(some.iter().copied())?;
            for member in some {
                self.empty_at(*member, self.stamp)?;
            }
            self.base.forget_if_much();
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
                self.expect_gone(&reach.gone)?;
                self.expect_notes(reach.gone.iter().copied())?;
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
