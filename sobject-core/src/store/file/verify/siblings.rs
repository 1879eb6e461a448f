//! Objects that share a key prefix: an id is that of a record of one of them.

use super::{Verifier, look_up};
use crate::{catalogue::Object, error::Result, id::KeyPrefix};

/// Records whose ids another object may have as well.
#[derive(Debug, Default)]
pub(super) struct Siblings {
    /// Their packed ids.
    records: Vec<u64>,
}

impl Siblings {
    /// How many bytes wait to be looked up.
    pub(super) fn size(&self) -> usize {
        self.records.len() * size_of::<u64>()
    }

    /// Gathers a record of an object that shares its key prefix.
    pub(super) fn push(&mut self, id: u64) {
        self.records.push(id);
    }

    /// Looks up what was gathered, in the objects whose records were checked before.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn settle(&mut self, verifier: &mut Verifier<'_>, object: &Object) -> Result<()> {
        let catalogue = &verifier.reader.schema.catalogue;
        let holders = |prefix: KeyPrefix| catalogue.kept_of_prefix(prefix).0.iter();
        let earlier = object.key_prefix.into_iter().flat_map(holders);
        for other in earlier.filter(|it| **it < object.number).filter_map(|it| catalogue.get(*it)) {
            let table = verifier.table_of(other.number)?;
            let mut found = Vec::new();
            for space in [table.live, table.bin] {
                let keys = self.records.iter().map(|id| (space, id.to_be_bytes()));
                look_up(verifier.reader.read, keys, &mut |place, value| {
                    found.extend(value.map(|_| place));
                })?;
            }
            for id in found.into_iter().filter_map(|place| self.records.get(place)) {
                let record = verifier.name_of(object, *id);
                verifier.find(format!("{record}: it is a record of {} as well", other.name));
            }
        }
        self.records.clear();
        Ok(())
    }
}
