//! [`Table`]: the spaces, layouts and indexes of an object, worked out once when the store opens.
//!
//! **Invariant:** a table holds data and knows no rule. It is given the defaults of fields,
//! which `store::rules` works out.

use crate::{
    bytes::{BadRow, Cell, Layout, OwnedCell, RowRef, Slot, layout_version},
    catalogue::{DropState, IndexEntry, IndexKind, Object, StoredObject},
    definition::FieldIdx,
    engine::Space,
    error::{Error, Result},
    store::keep::{Index, Words, record_space},
    value::{FieldType, Storage},
};

/// Stands in [`Table::slots`] for a field that rows do not hold.
const NO_SLOT: Slot = Slot::MAX;

/// The spaces, layouts and indexes of one object.
#[derive(Debug)]
pub(crate) struct Table {
    /// Live records by packed id.
    pub(crate) live: Space,
    /// Records in the recycle bin by packed id.
    pub(crate) bin: Space,
    /// Are there the spaces of records? They are gone with an object that was dropped.
    has_records: bool,
    /// Those of one value each.
    pub(crate) indexes: Vec<Index>,
    /// That of the words of texts, where the object can be searched.
    pub(crate) words: Option<Words>,
    /// By layout version less one. Rows are written with the last one.
    layouts: Vec<Layout>,
    /// By [`FieldIdx`].
    slots: Vec<Slot>,
    /// By [`FieldIdx`]: does a write that gives the field look something up for it?
    looked_up: Vec<bool>,
    /// By slot: the cell that a record has if a create does not give the field.
    defaults: Vec<OwnedCell>,
}

impl Table {
    /// The table of an object, with the layouts and indexes that the file lists. `defaults` has the
    /// slots that are not null if a create does not give their fields, and `initial` those that
    /// read as something else than null in records that are older than their fields.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the file lists a slot that belongs to no field;
    /// [`Error::NotSupported`] if it lists an index of a kind that this version does not know.
    pub(crate) fn new(
        object: &Object,
        stored: &StoredObject,
        defaults: Vec<(Slot, OwnedCell)>,
        initial: &[(Slot, OwnedCell)],
    ) -> Result<Self> {
        let entry = &stored.entry;
        let retired = entry.retired.iter().map(|it| Some((it.slot, it.field_type.storage()?)));
        let fields = object.fields.iter().map(|it| it.stored.map(|it| (it.slot, it.storage)));
        let mut storages: Vec<Option<Storage>> = Vec::new();
        for (slot, storage) in retired.chain(fields).flatten() {
            let slot = usize::from(slot);
            storages.resize(storages.len().max(slot + 1), None);
            storages[slot] = Some(storage);
        }
        let storage_of = |slot: &Slot| {
            let storage = storages.get(usize::from(*slot)).copied().flatten();
            let none = || Error::corrupt(format!("{}: slot {slot} is nothing's", object.name));
            storage.map(|storage| (*slot, storage)).ok_or_else(none)
        };
        let slots_of: Vec<_> =
            object.fields.iter().map(|it| it.stored.map_or(NO_SLOT, |it| it.slot)).collect();
        let mut layouts = Vec::with_capacity(entry.layouts.len());
        for (version, slots) in (1..).zip(&entry.layouts) {
            let missing = initial.iter().filter(|(slot, _)| !slots.contains(slot)).cloned();
            let slots: Vec<_> = slots.iter().map(storage_of).collect::<Result<_>>()?;
            layouts.push(Layout::new(version, &slots, missing.collect()).with_fields(&slots_of));
        }
        let mut all_defaults = vec![OwnedCell::Null; storages.len()];
        for (slot, cell) in defaults {
            if let Some(place) = all_defaults.get_mut(usize::from(slot)) {
                *place = cell;
            }
        }
        let index = |entry: &IndexEntry| Index::new(entry, &storage_of);
        let has_words = |entry: &&IndexEntry| entry.kind == IndexKind::Words;
        let of_values = entry.indexes.iter().filter(|entry| !has_words(entry));
        let indexes = of_values.map(index).collect::<Result<Vec<_>>>()?;
        let words = entry.indexes.iter().find(has_words).map(Words::new);
        let is_unique = |slot| indexes.iter().any(|index| index.is_unique && index.is_of(slot));
        let looked_up = object.fields.iter().map(|field| {
            field.field_type == FieldType::Reference
                || field.is_open_picklist()
                || field.stored.is_some_and(|stored| is_unique(stored.slot))
        });
        let looked_up = looked_up.collect();
        Ok(Self {
            live: record_space(object.spaces.live),
            bin: record_space(object.spaces.bin),
            has_records: entry.dropped != Some(DropState::Done),
            indexes,
            words,
            layouts,
            slots: slots_of,
            looked_up,
            defaults: all_defaults,
        })
    }

    /// Every index has every record now.
    pub(crate) fn complete_indexes(&mut self) {
        for index in &mut self.indexes {
            *index = index.complete();
        }
        if let Some(words) = &mut self.words {
            words.building = None;
        }
    }

    /// The spaces of the object.
    pub(crate) fn spaces(&self) -> impl Iterator<Item = Space> {
        let records = [self.live, self.bin].into_iter().filter(|_| self.has_records);
        let indexes = self.indexes.iter().map(|index| index.space);
        records.chain(indexes).chain(self.words.iter().map(|words| words.space))
    }

    /// The slot of a field; `None` if rows do not hold it.
    #[inline]
    pub(crate) fn slot(&self, field: FieldIdx) -> Option<Slot> {
        self.slots.get(field.get()).copied().filter(|slot| *slot != NO_SLOT)
    }

    /// Does a write that gives the field look something up for it: the record that it refers to, who
    /// has its unique value, how its value was first written?
    pub(crate) fn is_looked_up(&self, field: FieldIdx) -> bool {
        self.looked_up.get(field.get()).copied().unwrap_or(false)
    }

    /// The field that is kept in a slot, be it dormant; `None` if it was dropped.
    pub(crate) fn field_in(&self, slot: Slot) -> Option<FieldIdx> {
        let place = self.slots.iter().position(|it| *it == slot && slot != NO_SLOT)?;
        u16::try_from(place).ok().map(FieldIdx)
    }

    /// The index of the values in this slot.
    pub(crate) fn index_of(&self, slot: Slot) -> Option<&Index> {
        self.indexes.iter().find(|index| index.is_of(slot))
    }

    /// How many slots the object has, including those of fields that are gone.
    pub(crate) fn n_slots(&self) -> usize {
        self.defaults.len()
    }

    /// By slot: the cell that a record has if a create does not give the field.
    pub(crate) fn defaults(&self) -> impl Iterator<Item = Cell<'_>> {
        self.defaults.iter().map(OwnedCell::as_cell)
    }

    /// The layout that rows are written with.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the file lists none.
    pub(crate) fn layout(&self) -> Result<&Layout> {
        self.layouts.last().ok_or_else(|| Error::corrupt("an object without a layout"))
    }

    /// A row, to be read by its own layout.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if there is no such layout or the bytes do not fit it.
    pub(crate) fn row<'a>(&'a self, bytes: &'a [u8]) -> Result<RowRef<'a>> {
        let layout = layout_version(bytes)
            .and_then(|version| self.layouts.get(usize::from(version).checked_sub(1)?));
        let row = layout.and_then(|layout| RowRef::new(bytes, layout).ok());
        row.ok_or_else(|| Error::corrupt("a row does not fit its layout"))
    }

    /// Every cell of a row, by slot.
    ///
    /// # Errors
    /// [`BadRow`] if the row does not fit its layout.
    pub(crate) fn cells<'r>(&self, row: RowRef<'r>) -> Result<Vec<Cell<'r>>, BadRow> {
        (0..).take(self.n_slots()).map(|slot| row.cell(slot)).collect()
    }

    /// Writes the row of these cells, which are in the order of slots, behind what is in `bytes`.
    ///
    /// # Errors
    /// [`Error::NotSupported`] if all texts together have more than four gigabytes; part of the row is
    /// written then.
    pub(crate) fn encode(
        &self,
        object: &Object,
        cells: &[Cell<'_>],
        bytes: &mut Vec<u8>,
    ) -> Result<()> {
        self.layout()?.encode(cells, bytes).ok_or_else(|| Error::NotSupported {
            object: object.name.clone(),
            what: "a record of more than four gigabytes".to_owned(),
        })
    }
}
