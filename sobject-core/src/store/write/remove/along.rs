//! What the bin notes of a record under other records: under its root, and under the masters that it
//! waits for ([`Along`]).
//!
//! **Invariant:** a note is written when the record enters the bin and removed when it leaves it, by
//! whatever call, so nobody has to look for one that no longer holds.

use crate::{
    bytes::Cell,
    catalogue::ObjectNo,
    error::Result,
    store::{
        keep::{ALONG, Along, Deletion, Taken},
        read::Place,
        write::{Write, change::Move},
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
            let waits = may_wait(moved, old).into_iter();
            for waits in waits.filter(|it| it.root != deletion.root.1) {
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
        let mut waits = may_wait(moved, cells);
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
            it.root != it.id
                && it.root != root.1
                && of_slot.is_some_and(|(_, detail)| may_lead(it, &detail.masters))
        });
        waits
    }

    /// Forgets which references the delete of a record here has emptied, since the record came back by
    /// its source, which says of those what they have.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(in crate::store::write) fn forget_emptied(&mut self, root: u64) -> Result<()> {
        for along in self.read(|reader| Along::of(reader.read, root))? {
            if matches!(along.what, Taken::Emptied { .. }) {
                self.buffer.remove(ALONG, &along.key());
            }
        }
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

/// The notes that a record in the bin may have under its masters, whatever the rules of its
/// references were when it was deleted.
fn may_wait(moved: Move<'_>, cells: &[Cell<'_>]) -> Vec<Along> {
    let Move { object, id, .. } = moved;
    let references = object.kept().filter(|(idx, ..)| !idx.is_system());
    let references = references.filter(|(.., stored)| stored.storage == Storage::Id);
    let waits = references.filter_map(|(_, _, stored)| {
        let Some(Cell::Fixed(root)) = cells.get(usize::from(stored.slot)) else { return None };
        let what = Taken::Waits { slot: stored.slot };
        Some(Along { root: *root, object: object.number, id, what })
    });
    waits.collect()
}
