//! The indexes of the objects of a plan: which are kept, and which are to be built.

use super::{Plan, demand::DemandKind};
use crate::{
    bytes::{Collation, Slot},
    catalogue::{
        declared::DeclaredField,
        field::collation_of,
        stored::{IndexEntry, IndexKey, IndexKind, ObjectEntry, StoredObject},
    },
    error::Result,
};

impl Plan {
    /// An index in a new space. `building` is how far the records that there are have been added.
    pub(super) fn new_index(
        &mut self,
        object: &str,
        kind: IndexKind,
        key: IndexKey,
        building: Option<u64>,
    ) -> Result<IndexEntry> {
        let space = self.take_space(object)?;
        Ok(IndexEntry { space, kind, keys: vec![key], include: Vec::new(), building })
    }

    /// The indexes of an object after a change of its fields, those of dormant fields included: what
    /// is still wanted in the same form stays, and other indexes are to be built over the records
    /// that there are.
    pub(super) fn change_indexes(
        &mut self,
        old: &StoredObject,
        new: &mut StoredObject,
    ) -> Result<()> {
        let mut indexes = Vec::new();
        for (declared, place) in new.fields() {
            let Some(slot) = place.slot.filter(|_| declared.is_indexed()) else { continue };
            let (kind, key) = index_form(slot, declared);
            let is_same = |it: &&IndexEntry| it.kind == kind && it.keys == [key];
            indexes.push(match old.entry.indexes.iter().find(is_same) {
                Some(index) => index.clone(),
                None => self.new_index(&old.entry.name, kind, key, Some(0))?,
            });
        }
        new.entry.indexes = indexes;
        Ok(())
    }

    /// Has every index of the objects that the file has built anew which folds case, since the file
    /// was written by rules of another version of Unicode. Texts that were two may be one now.
    pub(super) fn fold_anew(&mut self, n_known: usize) -> Result<()> {
        for number in 0..n_known {
            let folds = |it: &IndexEntry| {
                let is_folded = |key: &IndexKey| key.collation == Some(Collation::IgnoreCase);
                it.building != Some(0) && it.keys.iter().any(is_folded)
            };
            let indexes = &self.stored[number].entry.indexes;
            let places: Vec<_> = (0..indexes.len()).filter(|n| folds(&indexes[*n])).collect();
            if places.is_empty() {
                continue;
            }
            let old = self.stored[number].clone();
            for place in places {
                let index = &old.entry.indexes[place];
                if let (IndexKind::Unique, [key]) = (&index.kind, &*index.keys) {
                    let field = name_of(&old.entry, key.slot);
                    self.demand(number, key.slot, field, DemandKind::Unique { with_bin: false });
                }
                let space = self.take_space(&old.entry.name)?;
                let new = &mut self.stored[number].entry.indexes[place];
                (new.space, new.building) = (space, Some(0));
            }
            self.note_change(number, old);
        }
        Ok(())
    }
}

/// The name of the field that is kept in a slot.
fn name_of(entry: &ObjectEntry, slot: Slot) -> &str {
    entry.places().find(|place| place.slot == Some(slot)).map_or("?", |place| &place.name)
}

/// The kind of the index of a field, and what its entries are ordered by.
pub(super) fn index_form(slot: Slot, declared: &DeclaredField) -> (IndexKind, IndexKey) {
    let collation = collation_of(declared.field_type, declared.flags);
    let kind = if declared.flags.is_unique() { IndexKind::Unique } else { IndexKind::Ordered };
    (kind, IndexKey { slot, collation })
}
