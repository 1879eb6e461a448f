//! What waits for a time of the recycle bin: each entry is of a record that waits so, and there are as
//! many as such records, so none is missing.

use super::{Verifier, Walk, look_up};
use crate::{
    engine::Space,
    error::{Error, Result},
    store::keep::{Deletion, Due, EMPTIED, IN_BIN},
};

/// How many records wait for each of the times, as the bins say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Waiting {
    in_bin: u64,
    emptied: u64,
}

impl Waiting {
    /// Counts a record in the bin.
    pub(super) fn count(&mut self, due: Option<(Space, Due)>) {
        match due {
            Some((EMPTIED, _)) => self.emptied += 1,
            Some(_) => self.in_bin += 1,
            None => (),
        }
    }
}

impl Verifier<'_> {
    /// Checks both spaces.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_due(&mut self) -> Result<()> {
        let Waiting { in_bin, emptied } = self.waiting;
        self.check_due_in(IN_BIN, "what waits in the recycle bin", in_bin)?;
        self.check_due_in(EMPTIED, "what was emptied from the recycle bin", emptied)
    }

    fn check_due_in(&mut self, space: Space, what: &str, n_records: u64) -> Result<()> {
        let mut walk = Walk::of(space, what);
        loop {
            let mut found: Vec<Due> = Vec::new();
            let more = walk.step(self, &mut |it, key, _| {
                let none = || Error::corrupt("it is no record");
                let due = Due::decode(key).ok_or_else(none)?;
                it.origin(due.id)?;
                let object = it.reader.schema.catalogue.get(due.object);
                object.filter(|it| !it.is_dropped).ok_or_else(none)?;
                found.push(due);
                Ok(found.len() * size_of::<Due>() < it.budget)
            })?;
            let mut keys = Vec::with_capacity(found.len());
            for due in &found {
                keys.push((self.table_of(due.object)?.bin, due.id.to_be_bytes()));
            }
            let mut astray = Vec::new();
            look_up(self.reader.read, keys, &mut |place, entry| {
                let Some(due) = found.get(place) else { return };
                let deletion = entry.and_then(|entry| Deletion::of(entry).ok());
                let waits = deletion.and_then(|(it, _)| Due::of(&it, due.object, due.id));
                if waits != Some((space, *due)) {
                    astray.push(*due);
                }
            })?;
            for due in astray {
                let record = self.name(due.id);
                self.find(format!("{what}: {record} does not wait for the time that is said"));
            }
            if !more {
                break;
            }
        }
        walk.check_count(self)?;
        if walk.n != n_records && !self.is_full() {
            self.find(format!("{what}: {} are noted, but there are {n_records}", walk.n));
        }
        Ok(())
    }
}
