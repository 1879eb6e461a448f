//! Where everything lies: the store's own spaces, and the spaces, layouts and indexes of each
//! object, worked out once when the store opens.
//!
//! | space | keys | values | what |
//! |---|---|---|---|
//! | 0 | text | JSON | the catalogue: `format`, `system-user`, `object/0000` … |
//! | 1 | head number, 8 bytes | 6 characters | the dictionary of id heads |
//! | 2 | packed id | 15 characters | ids that do not pack |
//! | 3 | 15 characters | packed id | the same, the other way |
//! | 4 | object and slot, 8 bytes | next number, 8 bytes | leases |
//! | 5 | sequence, 8 bytes | entry | the feed |
//! | 6 | user and record, 16 bytes | two times, 16 bytes | per-caller fields |
//! | from 16 | | | records and index entries of the objects |

use crate::{
    bytes::row::{Layout, RowRef, layout_version},
    catalogue::{Catalogue, Object, Slot, stored::StoredObject},
    definition::FieldIdx,
    engine::{KeyWidth, Space},
    error::{Error, Result},
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
    /// How many slots a row has, used or not.
    n_slots: usize,
}

/// The index of one field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Index {
    pub(crate) field: FieldIdx,
    pub(crate) slot: Slot,
    pub(crate) storage: Storage,
    pub(crate) space: Space,
}

/// A space of records.
pub(crate) const fn record_space(id: u16) -> Space {
    Space { id, keys: KeyWidth::U64, values: true }
}

impl Table {
    /// The table of an object, with the layouts that the file lists.
    pub(crate) fn new(object: &Object, stored: &StoredObject) -> Self {
        let stored_fields = || object.fields.iter().filter_map(|field| field.stored);
        let storage_of =
            |slot| stored_fields().find(|it| it.slot == slot).map(|it| (slot, it.storage));
        let layouts = (1..).zip(&stored.layouts).map(|(version, slots)| {
            let slots: Vec<_> = slots.iter().filter_map(|slot| storage_of(*slot)).collect();
            Layout::new(version, &slots)
        });
        let indexes = object.fields().filter_map(|(field, it)| {
            let stored = it.stored?;
            let keys = match stored.storage {
                Storage::Text => KeyWidth::Bytes,
                _ => KeyWidth::U128,
            };
            let space = Space { id: stored.index?, keys, values: false };
            Some(Index { field, slot: stored.slot, storage: stored.storage, space })
        });
        Self {
            live: record_space(object.spaces.live),
            bin: record_space(object.spaces.bin),
            indexes: indexes.collect(),
            layouts: layouts.collect(),
            slots: object.fields.iter().map(|it| it.stored.map_or(NO_SLOT, |it| it.slot)).collect(),
            n_slots: stored_fields().map(|it| usize::from(it.slot) + 1).max().unwrap_or(0),
        }
    }

    /// The spaces of the object.
    pub(crate) fn spaces(&self) -> impl Iterator<Item = Space> {
        [self.live, self.bin].into_iter().chain(self.indexes.iter().map(|index| index.space))
    }

    /// The slot of a field; `None` if rows do not hold it.
    pub(crate) fn slot(&self, field: FieldIdx) -> Option<Slot> {
        self.slots.get(field.get()).copied().filter(|slot| *slot != NO_SLOT)
    }

    /// How many slots a row has, used or not.
    pub(crate) fn n_slots(&self) -> usize {
        self.n_slots
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
    /// Place of the object that has the field, in the catalogue.
    pub(crate) object: usize,
    pub(crate) field: FieldIdx,
    pub(crate) index: Index,
}

/// The indexed reference fields that lead to each object, by object number.
pub(crate) fn referrers(catalogue: &Catalogue, tables: &[Table]) -> Vec<Vec<Referrer>> {
    let leading_to = |target: &Object| {
        let mut referrers = Vec::new();
        for (place, (object, table)) in catalogue.objects().iter().zip(tables).enumerate() {
            for &index in &table.indexes {
                let leads = |field: &crate::catalogue::Field| {
                    field.references.iter().any(|name| name.eq_ignore_ascii_case(&target.name))
                };
                if object.field(index.field).is_some_and(leads) {
                    referrers.push(Referrer { object: place, field: index.field, index });
                }
            }
        }
        referrers
    };
    catalogue.objects().iter().map(leading_to).collect()
}
