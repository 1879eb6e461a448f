//! The catalogue in the file: what the objects say of where their values lie does not contradict
//! itself.

use std::collections::{BTreeMap, BTreeSet};

use super::Verifier;
use crate::{
    bytes::Slot,
    catalogue::{FIRST_OBJECT_SPACE, ObjectEntry, system_slot},
    definition::{FieldIdx, SYSTEM_FIELDS},
    error::Result,
    store::file::entries::read_catalogue,
};

impl Verifier<'_> {
    /// Checks the entries of the objects.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_catalogue(&mut self) -> Result<()> {
        let file = match read_catalogue(self.reader.read) {
            Ok(file) => file,
            Err(error) => return self.note(Err(error), |_| "the catalogue".to_owned()),
        };
        let mut spaces = BTreeMap::new();
        for stored in file.objects.objects.iter().map(|object| &object.entry) {
            // Of an object that was dropped, nothing is left that could lie in a slot.
            if stored.dropped.is_none() {
                self.check_slots(stored);
            }
            let name = &stored.name;
            let indexes = stored.indexes.iter().map(|index| (index.space, "an index"));
            let records = [(stored.live, "live records"), (stored.bin, "deleted records")];
            for (space, what) in records.into_iter().chain(indexes) {
                let what = format!("{what} of {name}");
                if !(FIRST_OBJECT_SPACE..file.objects.next_space).contains(&space) {
                    self.find(format!("the space {space} of {what} was never given to an object"));
                }
                if let Some(other) = spaces.insert(space, what.clone()) {
                    self.find(format!("the space {space} is that of {other} and of {what}"));
                }
            }
        }
        let n_open = self.reader.schema.tables.len();
        if file.objects.objects.len() != n_open {
            let n = file.objects.objects.len();
            self.find(format!("the catalogue has {n} objects, but {n_open} are open"));
        }
        Ok(())
    }

    /// Checks the slots of an object: no two fields have the same, and the layout that rows are
    /// written with has a place for each.
    fn check_slots(&mut self, stored: &ObjectEntry) {
        let name = &stored.name;
        let places = (0..).map(FieldIdx).zip(SYSTEM_FIELDS);
        let system = places.filter(|(idx, _)| *idx >= FieldIdx::CREATED_DATE);
        let system = system.map(|(idx, field)| (system_slot(idx), field.name));
        let declared = stored.places().filter_map(|it| Some((it.slot?, &*it.name)));
        let fields: Vec<_> = system.chain(declared).collect();
        let mut holders: BTreeMap<Slot, &str> = BTreeMap::new();
        let retired = stored.retired.iter().map(|it| (it.slot, "a field that is gone"));
        for (slot, field) in fields.iter().copied().chain(retired) {
            if let Some(other) = holders.insert(slot, field) {
                self.find(format!("{name}: {other} and {field} share the slot {slot}"));
            }
        }
        for (version, slots) in (1..).zip(&stored.layouts) {
            let mut seen = BTreeSet::new();
            for slot in slots {
                if !seen.insert(slot) {
                    self.find(format!("{name}: the layout {version} has the slot {slot} twice"));
                }
                if !holders.contains_key(slot) {
                    self.find(format!(
                        "{name}: the slot {slot} of the layout {version} is no field's"
                    ));
                }
            }
        }
        let last = stored.layouts.last();
        for (slot, field) in &fields {
            if !last.is_some_and(|slots| slots.contains(slot)) {
                self.find(format!("{name}: the layout has no place for {field}"));
            }
        }
        for key in stored.indexes.iter().flat_map(|index| &index.keys) {
            if !fields.iter().any(|(slot, _)| *slot == key.slot) {
                self.find(format!("{name}: the slot {} of an index is no field's", key.slot));
            }
        }
    }
}
