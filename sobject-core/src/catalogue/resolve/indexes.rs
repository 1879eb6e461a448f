//! The indexes of the objects of a plan: which are kept, and which are to be built.
//!
//! An object that can be searched has an index of the words of its texts. It follows from what is
//! declared, so it is worked out for all objects together, once the fields of each are known: files that
//! are older than it get it so.

use super::{Plan, demand::DemandKind};
use crate::{
    bytes::{Collation, Slot, rules},
    catalogue::{
        declared::DeclaredField,
        field::{collation_of, has_words},
        stored::{FieldEntry, IndexEntry, IndexKey, IndexKind, ObjectEntry, StoredObject},
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
        Ok(IndexEntry { space, kind, keys: vec![key], include: Vec::new(), rules: None, building })
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
        indexes.extend(old.entry.indexes.iter().filter(|it| it.kind == IndexKind::Words).cloned());
        new.entry.indexes = indexes;
        Ok(())
    }

    /// Gives every object that can be searched its index of words, and takes it from the others. The
    /// first `n_known` objects are in the file, and may have records.
    pub(super) fn index_words(&mut self, n_known: usize) -> Result<()> {
        let rules = rules();
        for number in 0..self.stored.len() {
            let keys = self.stored[number].words();
            let indexes = &self.stored[number].entry.indexes;
            let place = indexes.iter().position(|it| it.kind == IndexKind::Words);
            let known = place.and_then(|place| indexes.get(place));
            let is_same =
                known.map_or(keys.is_empty(), |it| it.keys == keys && it.is_cut_by(&rules));
            if is_same {
                continue;
            }
            let is_grown = known.is_some_and(|it| {
                it.is_cut_by(&rules)
                    && it.keys.iter().all(|key| keys.contains(key))
                    && keys.iter().all(|key| it.keys.contains(key) || self.is_empty(number, *key))
            });
            let index = match known.filter(|_| is_grown).cloned() {
                _ if keys.is_empty() => None,
                // Records that there are have no words in fields that they lack.
                Some(index) => Some(IndexEntry { keys, ..index }),
                None => {
                    let space = self.take_space(&self.stored[number].entry.name.clone())?;
                    let building = (number < n_known).then_some(0);
                    let rules = Some(rules.clone());
                    let kind = IndexKind::Words;
                    Some(IndexEntry { space, kind, keys, include: Vec::new(), rules, building })
                }
            };
            let old = self.stored[number].clone();
            let indexes = &mut self.stored[number].entry.indexes;
            indexes.retain(|it| it.kind != IndexKind::Words);
            indexes.extend(index);
            self.note_change(number, old);
        }
        Ok(())
    }

    /// Is a field added, and null in every record that there is?
    fn is_empty(&self, number: usize, key: IndexKey) -> bool {
        let is_added = self.added.contains(&(number, key.slot));
        let mut places = self.stored[number].entry.places();
        let place = places.find(|place| place.slot == Some(key.slot));
        is_added && place.is_some_and(|place| place.initial.is_none())
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

impl IndexEntry {
    /// Were its words cut by these rules?
    fn is_cut_by(&self, rules: &str) -> bool {
        self.rules.as_deref() == Some(rules)
    }
}

impl StoredObject {
    /// The keys of the index of words, in the order of their slots; none if the object cannot be
    /// searched.
    fn words(&self) -> Vec<IndexKey> {
        let is_searched = self.entry.dropped.is_none() && self.declared.head.calls.is_search();
        let key = |(declared, place): (&DeclaredField, &FieldEntry)| {
            let slot = place.slot.filter(|_| is_searched && has_words(declared.field_type))?;
            Some(IndexKey { slot, collation: Some(Collation::IgnoreCase) })
        };
        let mut keys: Vec<_> = self.fields().filter_map(key).collect();
        keys.sort_unstable_by_key(|key| key.slot);
        keys
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
