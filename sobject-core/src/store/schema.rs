//! Where everything lies: the store's own spaces, and the spaces, layouts and indexes of each
//! object, worked out once when the store opens.
//!
//! | space | keys | values | what |
//! |---|---|---|---|
//! | 0 | text | JSON | the catalogue: `format`, `next-space`, `replica`, `resting`, `system-user`, `object/0000` … |
//! | 1 | head number, 8 bytes | 6 characters | the dictionary of id heads |
//! | 2 | packed id | 15 characters | ids that do not pack |
//! | 3 | 15 characters | packed id | the same, the other way |
//! | 4 | object and slot, 8 bytes | next number, 8 bytes | leases |
//! | 5 | sequence, 8 bytes | entry | the feed |
//! | 6 | user and record, 16 bytes | two times, 16 bytes | per-caller fields |
//! | from 16 | | | records and index entries of the objects |

use crate::{
    bytes::{
        key::Collation,
        row::{Cell, Layout, OwnedCell, RowRef, layout_version},
    },
    catalogue::{Catalogue, Field, Object, ObjectNo, Slot, stored::StoredObject},
    definition::FieldIdx,
    engine::{KeyWidth, Space},
    error::{Error, Result},
    store::check::{default_cell, initial_cell},
    value::Storage,
};

/// The catalogue, as JSON.
pub(crate) const CATALOGUE: Space = Space { id: 0, keys: KeyWidth::Bytes, values: true };
/// The first six characters of ids, by number.
pub(crate) const HEADS: Space = Space { id: 1, keys: KeyWidth::U64, values: true };
/// Ids that do not pack, by what stands for them.
pub(crate) const SIDE: Space = Space { id: 2, keys: KeyWidth::U64, values: true };
/// What stands for ids that do not pack, by their 15 characters.
pub(crate) const SIDE_BY_TEXT: Space = Space { id: 3, keys: KeyWidth::Bytes, values: true };
/// The next numbers that are not leased.
pub(crate) const LEASES: Space = Space { id: 4, keys: KeyWidth::U64, values: true };
/// The log of changes.
pub(crate) const FEED: Space = Space { id: 5, keys: KeyWidth::U64, values: true };
/// When each user last viewed and referenced each record.
pub(crate) const PER_CALLER: Space = Space { id: 6, keys: KeyWidth::U128, values: true };

/// The store's own spaces.
pub(crate) const OWN_SPACES: [Space; 7] =
    [CATALOGUE, HEADS, SIDE, SIDE_BY_TEXT, LEASES, FEED, PER_CALLER];

/// What stands for a field that rows do not hold, in [`Table::slots`].
const NO_SLOT: Slot = Slot::MAX;

/// The spaces, layouts and indexes of one object.
#[derive(Debug)]
pub(crate) struct Table {
    /// Live records by packed id.
    pub(crate) live: Space,
    /// Records in the recycle bin by packed id.
    pub(crate) bin: Space,
    pub(crate) indexes: Vec<Index>,
    /// By layout version, less one; the last is the one that rows are written with.
    layouts: Vec<Layout>,
    /// By [`FieldIdx`].
    slots: Vec<Slot>,
    /// What a create that gives nothing has in each slot.
    defaults: Vec<OwnedCell>,
}

/// The index of one field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Index {
    pub(crate) field: FieldIdx,
    pub(crate) slot: Slot,
    pub(crate) storage: Storage,
    pub(crate) space: Space,
    pub(crate) collation: Collation,
    /// No two live records have the same value, null aside.
    pub(crate) unique: bool,
}

impl Index {
    /// The index of a field in a space.
    pub(crate) fn new(idx: FieldIdx, field: &Field, slot: Slot, storage: Storage, id: u16) -> Self {
        let keys = if storage == Storage::Text { KeyWidth::Bytes } else { KeyWidth::U128 };
        let is_exact = field.flags.is_case_sensitive();
        Self {
            field: idx,
            slot,
            storage,
            space: Space { id, keys, values: false },
            collation: if is_exact { Collation::Exact } else { Collation::IgnoreCase },
            unique: field.flags.is_unique(),
        }
    }
}

/// A space of records.
pub(crate) const fn record_space(id: u16) -> Space {
    Space { id, keys: KeyWidth::U64, values: true }
}

impl Table {
    /// The table of an object, with the layouts that the file lists.
    ///
    /// # Errors
    /// [`Error::BadDefinition`] if a default is no value of its field; [`Error::Corrupt`] if the
    /// file lists a slot that nothing has.
    pub(crate) fn new(object: &Object, stored: &StoredObject) -> Result<Self> {
        let retired = stored.retired.iter().map(|it| Some((it.slot, it.field_type.storage()?)));
        let fields = object.fields.iter().map(|it| it.stored.map(|it| (it.slot, it.storage)));
        let storages: Vec<_> = retired.chain(fields).flatten().collect();
        let storage_of = |slot: &Slot| {
            let found = storages.iter().find(|(it, _)| it == slot).copied();
            found
                .ok_or_else(|| Error::corrupt(format!("{}: slot {slot} is nothing's", object.name)))
        };
        let mut initial = Vec::new();
        for entry in &stored.fields {
            let field = object.find(&entry.declared.name).and_then(|idx| object.field(idx));
            if let (Some(field), Some(slot), Some(json)) = (field, entry.slot, &entry.initial) {
                initial.push((slot, initial_cell(object, field, json)?));
            }
        }
        let slots_of: Vec<_> =
            object.fields.iter().map(|it| it.stored.map_or(NO_SLOT, |it| it.slot)).collect();
        let mut layouts = Vec::with_capacity(stored.layouts.len());
        for (version, slots) in (1..).zip(&stored.layouts) {
            let missing = initial.iter().filter(|(slot, _)| !slots.contains(slot)).cloned();
            let slots: Vec<_> = slots.iter().map(storage_of).collect::<Result<_>>()?;
            layouts.push(Layout::new(version, &slots, missing.collect()).with_fields(&slots_of));
        }
        let n_slots = storages.iter().map(|(slot, _)| usize::from(*slot) + 1).max().unwrap_or(0);
        let mut defaults = vec![OwnedCell::Null; n_slots];
        for field in &object.fields {
            let Some(stored) = field.stored else { continue };
            if let Some(place) = defaults.get_mut(usize::from(stored.slot)) {
                *place = match &field.default {
                    Some(json) => default_cell(object, field, json)?,
                    // A boolean that nobody gives is false.
                    None if stored.storage == Storage::Bool
                        && field.flags.is_defaulted_on_create() =>
                    {
                        OwnedCell::Fixed(0)
                    }
                    None => OwnedCell::Null,
                };
            }
        }
        let indexes = object.fields().filter_map(|(field, it)| {
            let stored = it.stored?;
            Some(Index::new(field, it, stored.slot, stored.storage, stored.index?))
        });
        Ok(Self {
            live: record_space(object.spaces.live),
            bin: record_space(object.spaces.bin),
            indexes: indexes.collect(),
            layouts,
            slots: slots_of,
            defaults,
        })
    }

    /// The spaces of the object.
    pub(crate) fn spaces(&self) -> impl Iterator<Item = Space> {
        [self.live, self.bin].into_iter().chain(self.indexes.iter().map(|index| index.space))
    }

    /// The slot of a field; `None` if rows do not hold it.
    #[inline]
    pub(crate) fn slot(&self, field: FieldIdx) -> Option<Slot> {
        self.slots.get(field.get()).copied().filter(|slot| *slot != NO_SLOT)
    }

    /// How many slots a row has, used or not.
    pub(crate) fn n_slots(&self) -> usize {
        self.defaults.len()
    }

    /// What a create that gives nothing has in each slot.
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

    /// A row, read through its own layout.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if there is no such layout or the bytes do not fit it.
    pub(crate) fn row<'a>(&'a self, bytes: &'a [u8]) -> Result<RowRef<'a>> {
        let layout = layout_version(bytes)
            .and_then(|version| self.layouts.get(usize::from(version).checked_sub(1)?));
        let row = layout.and_then(|layout| RowRef::new(bytes, layout).ok());
        row.ok_or_else(|| Error::corrupt("a row does not fit its layout"))
    }
}

/// A reference field, seen from the object that it leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Referrer {
    /// The object that has the field.
    pub(crate) object: ObjectNo,
    pub(crate) field: FieldIdx,
    pub(crate) index: Index,
}

/// The indexed reference fields that lead to each object, by object number.
pub(crate) fn referrers(catalogue: &Catalogue, tables: &[Table]) -> Vec<Vec<Referrer>> {
    let mut referrers: Vec<Vec<Referrer>> = tables.iter().map(|_| Vec::new()).collect();
    for object in catalogue.objects() {
        let indexes = tables.get(usize::from(object.number.0)).map(|table| &table.indexes);
        for &index in indexes.into_iter().flatten() {
            let Some(field) = object.field(index.field) else { continue };
            for target in field.references.iter().filter_map(|name| catalogue.find(name)) {
                if let Some(referrers) = referrers.get_mut(usize::from(target.number.0)) {
                    let object = object.number;
                    referrers.push(Referrer { object, field: index.field, index });
                }
            }
        }
    }
    referrers
}
