//! The recycle bin: no record is both live and deleted, and each deletion is in order.

use super::{Verifier, look_up};
use crate::{
    bytes::date_time,
    catalogue::Object,
    engine::Space,
    error::Result,
    store::keep::{Deletion, Due, Table},
};

/// Deleted records whose like is to be looked up.
#[derive(Debug, Default)]
pub(super) struct Deletions {
    /// Their packed ids.
    records: Vec<u64>,
    /// Those that another record took along: the spaces in which that one may be, its packed id,
    /// and the id of the record that was taken along.
    roots: Vec<([Space; 2], u64, u64)>,
}

impl Deletions {
    /// How many bytes wait to be looked up.
    pub(super) fn size(&self) -> usize {
        self.records.len() * size_of::<u64>()
            + self.roots.len() * size_of::<([Space; 2], u64, u64)>()
    }

    /// Looks up what was gathered.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn settle(
        &mut self,
        verifier: &mut Verifier<'_>,
        object: &Object,
        table: &Table,
    ) -> Result<()> {
        let keys = self.records.iter().map(|id| (table.live, id.to_be_bytes()));
        let mut found = Vec::new();
        look_up(verifier.reader.read, keys, &mut |place, value| {
            found.extend(value.map(|_| place));
        })?;
        for id in found.into_iter().filter_map(|place| self.records.get(place)) {
            let finding = format!("{}: it is both live and deleted", verifier.name_of(object, *id));
            verifier.find(finding);
        }
        let root_keys = self
            .roots
            .iter()
            .flat_map(|(spaces, root, _)| spaces.map(|space| (space, root.to_be_bytes())));
        let mut is_there = vec![false; self.roots.len()];
        look_up(verifier.reader.read, root_keys, &mut |place, value| {
            is_there[place / 2] |= value.is_some();
        })?;
        for ((_, root, id), _) in self.roots.iter().zip(is_there).filter(|(_, is_there)| !is_there)
        {
            let (record, root) = (verifier.name_of(object, *id), verifier.name(*root));
            verifier.find(format!("{record}: it was deleted along with {root}, which is nowhere"));
        }
        self.records.clear();
        self.roots.clear();
        Ok(())
    }
}

impl Verifier<'_> {
    /// Checks how a record came into the recycle bin, and gathers what must be there for it.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) if who did it is no id; those of the engine.
    pub(super) fn gather_deletion(
        &mut self,
        deletions: &mut Deletions,
        object: &Object,
        id: u64,
        deletion: &Deletion,
    ) -> Result<()> {
        deletions.records.push(id);
        self.waiting.count(Due::of(deletion, object.number, id));
        let Deletion { when, by, root, emptied } = *deletion;
        self.origin(by)?;
        // A source of records has a clock of its own.
        let latest = if self.is_replica { i64::MAX } else { self.last_stamp };
        let is_time = |it: i64| it <= latest && date_time(it).is_ok();
        if !is_time(when) {
            let finding = format!("{}: when it was deleted is no time", self.name_of(object, id));
            self.find(finding);
        }
        let is_emptied = emptied != 0 && emptied != Deletion::KEPT;
        // The feed says nothing of what is emptied, so that may be later than its last stamp.
        if is_emptied && !(date_time(emptied).is_ok() && (emptied >= when || self.is_replica)) {
            let finding = format!(
                "{}: when it was emptied from the recycle bin is no time",
                self.name_of(object, id)
            );
            self.find(finding);
        }
        if root == (object.number, id) {
            return Ok(());
        }
        self.n_along += 1;
        let origin = self.origin(root.1)?;
        let holder = self.reader.schema.catalogue.get(root.0);
        let is_its = |it: &&Object| it.key_prefix.is_none() || origin.objects.contains(&root.0);
        if let Some(holder) = holder.filter(is_its) {
            let table = self.table_of(holder.number)?;
            deletions.roots.push(([table.live, table.bin], root.1, id));
        } else {
            let (record, root) = (self.name_of(object, id), self.name(root.1));
            self.find(format!(
                "{record}: it was deleted along with {root}, which is of another object than said"
            ));
        }
        Ok(())
    }
}
