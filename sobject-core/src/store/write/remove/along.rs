//! What the bin notes of a record under other records: under its root, and under the masters that it
//! waits for ([`Along`]).
//!
//! **Invariant:** a note is written when the record enters the bin and removed when it leaves it, by
//! whatever call, so nobody has to look for one that no longer holds.

use super::{delete::AT_ONCE, reach::Member};
use crate::{
    bytes::Cell,
    catalogue::{Object, ObjectNo},
    error::{Error, Result},
    store::{
        keep::{ALONG, Along, Deletion, Taken},
        read::Place,
        write::{Write, cache::Expected, change::Move},
    },
    value::Storage,
};

impl Write<'_> {
    /// Removes the notes of a record that leaves the bin, and writes those of one that enters it. One
    /// that stays there is both.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(in crate::store::write) fn note_along(
        &mut self,
        moved: Move<'_>,
        was: Option<Deletion>,
        becomes: Option<Deletion>,
    ) -> Result<()> {
        let Move { object, id, was: (_, old), becomes: (_, new), .. } = moved;
        let note = |root, what| Along { root, object: object.number, id, what };
        let own = (object.number, id);
        if let Some(deletion) = was {
            if deletion.root != own {
                let key = note(deletion.root.1, Taken::Deleted).key();
                self.buffer.remove(ALONG, &key);
            }
            for waits in may_be_noted(object, id, &deletion, old) {
                if self.has_note(&waits)? {
                    self.buffer.remove(ALONG, &waits.key());
                }
            }
        }
        if let Some(deletion) = becomes {
            if deletion.root != own {
                note(deletion.root.1, Taken::Deleted)
                    .with_entry(|key, value| self.buffer.insert(ALONG, key, value));
            }
            if !deletion.is_emptied() {
                for waits in self.waits(moved, new, deletion.root) {
                    waits.with_entry(|key, value| self.buffer.insert(ALONG, key, value));
                }
            }
        }
        Ok(())
    }

    /// The notes of a record in the bin under its masters, but for itself and its root.
    fn waits(&self, moved: Move<'_>, cells: &[Cell<'_>], root: (ObjectNo, u64)) -> Vec<Along> {
        let details = self.schema.relations.details_in(moved.object.number);
        let slots = details.iter().filter_map(|it| Some((moved.table.slot(it.field)?, it)));
        let slots: Vec<_> = slots.collect();
        if slots.is_empty() {
            return Vec::new();
        }
        let mut waits: Vec<_> = may_wait(moved.object, moved.id, cells).collect();
        waits.retain(|it| {
            let Taken::Waits { slot } = it.what else { return false };
            let of_slot = slots.iter().find(|(detail, _)| *detail == slot);
            let may_lead = |it: &Along, masters: &[ObjectNo]| match self.ids().unpack_known(it.root)
            {
                Some(id) => {
                    let (holders, _) = self.schema.catalogue.kept_of_prefix(id.key_prefix());
                    holders.is_empty() || masters.iter().any(|master| holders.contains(master))
                }
                None => true,
            };
            it.root != root.1 && of_slot.is_some_and(|(_, detail)| may_lead(it, &detail.masters))
        });
        waits
    }

    /// The notes of records in the bin under their masters may be looked for, since the records leave
    /// the bin or change there. Their rows are read, so they were expected before.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn expect_notes(&self, members: impl Iterator<Item = Member>) -> Result<()> {
        let mut expected = Expected::default();
        for (object, id) in members {
            let (object, table) = self.object_and_table(object)?;
            let mut entry = Vec::new();
            let key = id.to_be_bytes();
            self.read(|reader| reader.read.get(table.bin, &key, &mut |it| entry.extend(it)))?;
            // What is not in the bin, or cannot be read, is refused when its turn comes.
            let Ok((deletion, row)) = Deletion::of(&entry) else { continue };
            let Ok(cells) = table.row(row).and_then(|row| Ok(table.cells(row)?)) else { continue };
            for waits in may_be_noted(object, id, &deletion, &cells) {
                expected.key(ALONG, &waits.key());
            }
        }
        self.base.expect(expected);
        Ok(())
    }

    /// Lets go of what the delete of a record here took along, since the record comes back by its source,
    /// which says of each other record itself where it is and what it has. Which references were emptied
    /// is forgotten. What was deleted along is in the bin as its own root from now on: it ages, and can
    /// be emptied or undeleted.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(in crate::store::write) fn let_go_of_along(&mut self, root: Member) -> Result<()> {
        // They are no more than its delete was allowed to take along.
        let along = self
            .read(|reader| Along::first_where(reader.read, root.1, usize::MAX, &Along::is_taken))?;
        for some in along.chunks(AT_ONCE) {
            let deleted = || some.iter().filter(|it| it.what == Taken::Deleted);
            self.expect_in_bin(deleted().map(|it| (it.object, it.id)))?;
            self.expect_notes(deleted().map(|it| (it.object, it.id)))?;
            for it in some {
                if it.what == Taken::Deleted {
                    self.make_root((it.object, it.id), root)?;
                } else {
                    self.buffer.remove(ALONG, &it.key());
                }
            }
            self.base.forget_if_much();
        }
        Ok(())
    }

    /// Makes a record in the bin that was deleted along with another its own root.
    fn make_root(&mut self, own: Member, root: Member) -> Result<()> {
        let (object, table) = self.object_and_table(own.0)?;
        let entry = self.row_bytes(table.bin, own.1)?;
        let (deletion, row) = Deletion::of(&entry)?;
        if deletion.root != root {
            return Err(Error::corrupt("what was deleted along has another root"));
        }
        let cells = table.cells(table.row(row)?)?;
        let (was, becomes) = ((Place::Bin, &*cells), (Place::Bin, &*cells));
        let moved = Move { object, table, id: own.1, was, becomes };
        self.change_in_bin(moved, Deletion { root: own, ..deletion })
    }

    /// The rows of records in the bin.
    pub(crate) fn expect_in_bin(&self, members: impl Iterator<Item = Member>) -> Result<()> {
        let mut expected = Expected::default();
        for (object, id) in members {
            expected.key(self.object_and_table(object)?.1.bin, &id.to_be_bytes());
        }
        self.base.expect(expected);
        Ok(())
    }

    fn has_note(&self, note: &Along) -> Result<bool> {
        Ok(self.read(|reader| reader.read.get(ALONG, &note.key(), &mut |_| ()))?)
    }

    /// How a record came into the bin, if it is there.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(in crate::store::write) fn deletion_of(&self, moved: Move<'_>) -> Result<Option<Deletion>> {
        if moved.was.0 != Place::Bin {
            return Ok(None);
        }
        let entry = self.row_bytes(moved.table.bin, moved.id)?;
        Ok(Some(Deletion::of(&entry)?.0))
    }
}

/// The notes under masters that have to be looked for of a record in the bin: one that was emptied has
/// none, nor has any record under its root.
fn may_be_noted<'c>(
    object: &'c Object,
    id: u64,
    deletion: &Deletion,
    cells: &'c [Cell<'c>],
) -> impl Iterator<Item = Along> {
    let (is_emptied, root) = (deletion.is_emptied(), deletion.root.1);
    may_wait(object, id, cells).filter(move |it| !is_emptied && it.root != root)
}

/// The notes that a record in the bin may have under its masters, whatever the rules of its
/// references were when it was deleted.
fn may_wait<'c>(object: &'c Object, id: u64, cells: &'c [Cell<'c>]) -> impl Iterator<Item = Along> {
    let references = object.kept().filter(|(idx, ..)| !idx.is_system());
    let references = references.filter(|(.., stored)| stored.storage == Storage::Id);
    references.filter_map(move |(_, _, stored)| {
        let Some(Cell::Fixed(root)) = cells.get(usize::from(stored.slot)) else { return None };
        let what = Taken::Waits { slot: stored.slot };
        (*root != id).then_some(Along { root: *root, object: object.number, id, what })
    })
}
