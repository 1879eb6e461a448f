//! What deletions took along: each entry is of a record that is where it says, and each record that was
//! deleted along has its entry.

use super::{Verifier, Walk, look_up};
use crate::{
    bytes::Cell,
    catalogue::Object,
    error::{Error, Result},
    store::{
        keep::{ALONG, Along, Deletion, Table, Taken},
        read::Place,
    },
};

/// An entry, and what is kept of its record in the bin.
struct Noted {
    along: Along,
    deletion: Option<Deletion>,
    /// What the reference of the entry has, of a record in the bin.
    has: Option<u64>,
}

impl<'a> Verifier<'a> {
    /// Checks every entry, and that there are as many of records that were deleted along as `n_along`,
    /// which is how many such records the bin has.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_along(&mut self, n_along: u64) -> Result<()> {
        let mut walk = Walk::of(ALONG, "what deletions took along");
        let mut n_deleted = 0;
        loop {
            let mut noted: Vec<Along> = Vec::new();
            let more = walk.step(self, &mut |it, key, value| {
                let along = Along::decode(key, value)?;
                n_deleted += u64::from(along.what == Taken::Deleted);
                it.origin(along.root)?;
                it.origin(along.id)?;
                if let Some(of) = it.entry_of(&along) {
                    it.check_slot(of, &along);
                    noted.push(along);
                } else {
                    let root = it.name(along.root);
                    let no = along.object.0;
                    it.find(format!(
                        "{root} took a record along of object {no}, which is not there"
                    ));
                }
                Ok(noted.len() * size_of::<Along>() < it.budget)
            })?;
            self.settle_along(&noted)?;
            if !more {
                break;
            }
        }
        walk.check_count(self)?;
        if n_deleted != n_along && !self.is_full() {
            self.find(format!(
                "the bin has {n_along} records that were deleted along, but {n_deleted} are noted"
            ));
        }
        Ok(())
    }

    /// The object of an entry.
    fn entry_of(&self, along: &Along) -> Option<&'a Object> {
        self.reader.schema.catalogue.get(along.object).filter(|it| !it.is_dropped)
    }

    /// The slot of an entry is that of a reference, or was one of a field that was dropped.
    fn check_slot(&mut self, object: &Object, along: &Along) {
        let slot = match along.what {
            Taken::Deleted => return,
            Taken::Emptied { slot, .. } | Taken::Waits { slot } => slot,
        };
        let field = object.kept().find(|(.., stored)| stored.slot == slot);
        let n_slots = self.table_of(object.number).map_or(0, Table::n_slots);
        let is_reference = match field {
            Some((idx, ..)) => object.is_reference(idx) && !idx.is_system(),
            None => usize::from(slot) < n_slots,
        };
        if !is_reference {
            let record = self.name_of(object, along.id);
            self.find(format!("{record}: slot {slot} is noted as a reference, which it is not"));
        }
    }

    /// Looks up what the records of entries, and what emptied references had, are in the bin.
    fn settle_along(&mut self, noted: &[Along]) -> Result<()> {
        let mut keys = Vec::with_capacity(noted.len());
        for along in noted {
            keys.push((self.table_of(along.object)?.bin, along.id.to_be_bytes()));
        }
        let mut found: Vec<Noted> =
            noted.iter().map(|along| Noted { along: *along, deletion: None, has: None }).collect();
        look_up(self.reader.read, keys, &mut |place, entry| {
            let (Some(found), Some(entry)) = (found.get_mut(place), entry) else { return };
            // What does not decode is a finding of its own.
            let Ok((deletion, row)) = Deletion::of(entry) else { return };
            found.deletion = Some(deletion);
            if let (Taken::Waits { slot }, Ok(table)) =
                (found.along.what, self.table_of(found.along.object))
                && let Ok(row) = table.row(row)
                && let Ok(Cell::Fixed(has)) = row.cell(slot)
            {
                found.has = Some(has);
            }
        })?;
        let mut emptied = Vec::new();
        for Noted { along, deletion, has } in found {
            let says = match (along.what, deletion) {
                (Taken::Deleted, None) => "it was deleted along with {root}, but is not in the bin",
                (Taken::Deleted, Some(deletion)) if deletion.root.1 != along.root => {
                    "it was deleted along with {root}, but has another root"
                }
                (Taken::Waits { .. }, None) => "it waits for {root}, but is not in the bin",
                (Taken::Waits { .. }, Some(it)) if it.is_emptied() || has != Some(along.root) => {
                    "it waits for {root}, to which it does not lead"
                }
                (Taken::Emptied { had, .. }, _) => {
                    emptied.push((along, had));
                    continue;
                }
                _ => continue,
            };
            self.find_along(&along, says)?;
        }
        self.settle_emptied(&emptied)
    }

    /// The root of an emptied reference is in the bin as its own, and what the reference had is not live.
    /// In a replica, the source may have brought both back.
    fn settle_emptied(&mut self, emptied: &[(Along, u64)]) -> Result<()> {
        if self.is_replica {
            return Ok(());
        }
        let had: Vec<_> = emptied.iter().map(|(_, had)| *had).collect();
        let is_live = self.are_in(&had, Place::Live, &[])?;
        for ((along, _), _) in emptied.iter().zip(is_live).filter(|(_, is_live)| *is_live) {
            self.find_along(along, "a reference was emptied by {root}, but its record is live")?;
        }
        let (mut keys, mut places) = (Vec::new(), Vec::new());
        for (n, (along, _)) in emptied.iter().enumerate() {
            for object in self.origin(along.root)?.objects {
                keys.push((self.table_of(*object)?.bin, along.root.to_be_bytes()));
                places.push(n);
            }
        }
        let mut is_root = vec![false; emptied.len()];
        look_up(self.reader.read, keys, &mut |place, entry| {
            let root = entry.and_then(|entry| Deletion::of(entry).ok()).map(|(it, _)| it.root.1);
            if let Some(n) = places.get(place) {
                is_root[*n] |= root == Some(emptied[*n].0.root);
            }
        })?;
        for ((along, _), _) in emptied.iter().zip(is_root).filter(|(_, is_root)| !is_root) {
            self.find_along(
                along,
                "a reference was emptied by {root}, which is not deleted itself",
            )?;
        }
        Ok(())
    }

    fn find_along(&mut self, along: &Along, says: &str) -> Result<()> {
        let none = || Error::corrupt("an entry of no object");
        let object = self.entry_of(along).ok_or_else(none)?;
        let (record, root) = (self.name_of(object, along.id), self.name(along.root));
        self.find(format!("{record}: {}", says.replace("{root}", &root)));
        Ok(())
    }
}
