//! Access paths: which records of a level may be hits.
//!
//! A condition that every hit must meet is used to find few candidates: ids that it lists, or values
//! that an index leads by. Every candidate is then tested by the whole condition, so a path may give
//! too many records and never too few.

use std::ops::Bound;

use super::{CHUNK, Kept, Run};
use crate::{
    bytes::{Cell, entry_id},
    catalogue::Object,
    definition::FieldIdx,
    engine::{Scan, Space, try_scan},
    error::{Error, Result},
    language::bound::{Cond, Constant, Expr, Fields, Kind, Level, Operand, Test},
    store::{Deletion, Index, IndexRange, Table},
    value::Storage,
};

/// How the candidates of a level are found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Access {
    /// By these packed ids, which are in order.
    Ids(Vec<u64>),
    /// By these values of an index.
    Index { field: FieldIdx, values: Vec<IndexValue> },
    /// All records of the object.
    Scan,
}

/// A value of an index, as cells have it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum IndexValue {
    Null,
    Fixed(u64),
    Text(String),
}

impl IndexValue {
    fn cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Fixed(bits) => Cell::Fixed(*bits),
            Self::Text(text) => Cell::Text(text),
        }
    }
}

/// What a visitor of candidates does with one.
pub(super) type Visit<'v> = &'v mut dyn FnMut(super::Record<'_>, &[u8]) -> Result<()>;

impl Run<'_> {
    /// How the candidates of a level are found. Records of the bin have no entries in indexes, so with
    /// them nothing but ids and a scan will do.
    pub(crate) fn access(&self, level: &Level) -> Result<Access> {
        let object = self.object(level.object)?;
        let table = self.table(object)?;
        let mut best = Access::Scan;
        for cond in conjuncts(level.filter.as_ref()) {
            let access = self.access_of(object, table, cond, level.all_rows);
            if rank(&access) < rank(&best) {
                best = access;
            }
        }
        Ok(best)
    }

    /// How the records that meet a condition are found.
    fn access_of(&self, object: &Object, table: &Table, cond: &Cond, all_rows: bool) -> Access {
        let Cond::Test { left: Operand::Row(Expr::Field { source: 0, field, kind }), test } = cond
        else {
            return Access::Scan;
        };
        let Fields::One(idx) = field else { return Access::Scan };
        if *idx == FieldIdx::ID {
            let mut ids: Vec<u64> = match test {
                Test::Equal(Constant::Packed(packed)) => vec![*packed],
                Test::In { values, or_null: _, .. } => values.iter().filter_map(packed).collect(),
                Test::Among(found) => found.iter().copied().collect(),
                _ => return Access::Scan,
            };
            ids.sort_unstable();
            ids.dedup();
            return Access::Ids(ids);
        }
        let index = table.slot(*idx).and_then(|slot| table.index_of(slot));
        let Some(index) = index.filter(|_| !all_rows) else { return Access::Scan };
        let storage = index.storage;
        let is_listed = object.field(*idx).is_some();
        let values = match test {
            // A boolean that is null counts as false, and has another entry.
            _ if storage == Storage::Bool || !is_listed => None,
            Test::Null => Some(vec![IndexValue::Null]),
            Test::Equal(constant) => value_of(storage, kind, constant).map(|value| vec![value]),
            Test::In { values, ranges, or_null } if ranges.is_empty() => {
                let values = values.iter().map(|constant| value_of(storage, kind, constant));
                let null = or_null.then_some(Some(IndexValue::Null));
                values.chain(null).collect()
            }
            Test::Among(found) => {
                let mut ids: Vec<_> = found.iter().copied().collect();
                ids.sort_unstable();
                Some(ids.into_iter().map(IndexValue::Fixed).collect())
            }
            _ => None,
        };
        values.map_or(Access::Scan, |values| Access::Index { field: *idx, values })
    }

    /// Gives each candidate to `visit` once, with the bytes of its row.
    pub(super) fn visit(&self, level: &Level, access: &Access, visit: Visit<'_>) -> Result<()> {
        let object = self.object(level.object)?;
        let table = self.table(object)?;
        match access {
            Access::Ids(ids) => {
                self.visit_ids(object, table, ids, level.all_rows, visit)
            }
            Access::Index { field, values } => {
                let index = table.slot(*field).and_then(|slot| table.index_of(slot));
                let index = index.ok_or_else(|| Error::corrupt("an index that is not there"))?;
                let ids = self.ids_of(index, values)?;
                self.visit_ids(object, table, &ids, false, visit)
            }
            Access::Scan => {
                self.visit_space(object, table, table.live, false, visit)?;
                if level.all_rows {
                    self.visit_space(object, table, table.bin, true, visit)?;
                }
                Ok(())
            }
        }
    }

    /// The packed ids that values of an index lead to, in order.
    fn ids_of(&self, index: &Index, values: &[IndexValue]) -> Result<Vec<u64>> {
        let mut ids = Vec::new();
        for value in values {
            let (from, to) = index.bounds(IndexRange::of(value.cell()));
            let (from, to) = (as_slices(&from), as_slices(&to));
            let scan = Scan { from, to, reverse: false, limit: usize::MAX };
            try_scan(self.reader.read, index.space, scan, |key, value| {
                ids.push(index.id_of(key, value)?);
                Ok::<_, Error>(std::ops::ControlFlow::Continue(()))
            })?;
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    fn visit_ids(
        &self,
        object: &Object,
        table: &Table,
        ids: &[u64],
        all_rows: bool,
        visit: Visit<'_>,
    ) -> Result<()> {
        for chunk in ids.chunks(CHUNK) {
            let keys: Vec<_> = chunk.iter().map(|packed| packed.to_be_bytes()).collect();
            self.visit_keys(object, table, (table.live, false), chunk, &keys, visit)?;
            if all_rows {
                self.visit_keys(object, table, (table.bin, true), chunk, &keys, visit)?;
            }
        }
        Ok(())
    }

    fn visit_keys(
        &self,
        object: &Object,
        table: &Table,
        (space, is_deleted): (Space, bool),
        ids: &[u64],
        keys: &[[u8; 8]],
        visit: Visit<'_>,
    ) -> Result<()> {
        let keys: Vec<_> = keys.iter().map(|key| (space, key.as_slice())).collect();
        let mut visited = Ok(());
        self.reader.read.multi_get(&keys, &mut |place, bytes| {
            let (Some(bytes), Some(packed), true) = (bytes, ids.get(place), visited.is_ok()) else {
                return;
            };
            visited = self.visit_one(object, table, *packed, bytes, is_deleted, visit);
        })?;
        visited
    }

    fn visit_space(
        &self,
        object: &Object,
        table: &Table,
        space: Space,
        is_deleted: bool,
        visit: Visit<'_>,
    ) -> Result<()> {
        try_scan(self.reader.read, space, Scan::ALL, |key, bytes| {
            let none = || Error::corrupt("a record without an id");
            let packed = entry_id(key).ok_or_else(none)?;
            self.visit_one(object, table, packed, bytes, is_deleted, visit)?;
            Ok::<_, Error>(std::ops::ControlFlow::Continue(()))
        })?;
        Ok(())
    }

    fn visit_one(
        &self,
        object: &Object,
        table: &Table,
        packed: u64,
        bytes: &[u8],
        is_deleted: bool,
        visit: Visit<'_>,
    ) -> Result<()> {
        let bytes = if is_deleted { Deletion::of(bytes)?.1 } else { bytes };
        let row = table.row(bytes)?;
        visit(super::Record { object, packed, row, is_deleted }, bytes)
    }

    /// The records of these hits, in their order; without those that are gone meanwhile.
    pub(super) fn read_hits(
        &self,
        object: &Object,
        hits: &[super::Hit],
    ) -> Result<Vec<(super::Hit, Kept)>> {
        let table = self.table(object)?;
        let space = |hit: &super::Hit| if hit.is_deleted { table.bin } else { table.live };
        let keys: Vec<_> = hits.iter().map(|hit| (space(hit), hit.packed.to_be_bytes())).collect();
        let keys: Vec<_> = keys.iter().map(|(space, key)| (*space, key.as_slice())).collect();
        let mut read: Vec<Option<Kept>> = hits.iter().map(|_| None).collect();
        let mut outcome = Ok(());
        self.reader.read.multi_get(&keys, &mut |place, bytes| {
            let (Some(bytes), Some(hit), Some(kept)) =
                (bytes, hits.get(place), read.get_mut(place))
            else {
                return;
            };
            let row = if hit.is_deleted { Deletion::of(bytes).map(|(_, row)| row) } else { Ok(bytes) };
            match row {
                Ok(row) => {
                    *kept = Some(Kept {
                        object: object.number,
                        packed: hit.packed,
                        bytes: row.into(),
                        is_deleted: hit.is_deleted,
                    });
                }
                Err(error) => outcome = Err(error),
            }
        })?;
        outcome?;
        Ok(hits.iter().copied().zip(read).filter_map(|(hit, kept)| Some((hit, kept?))).collect())
    }
}

/// The conditions that all must hold.
fn conjuncts(filter: Option<&Cond>) -> Vec<&Cond> {
    match filter {
        None => Vec::new(),
        Some(Cond::All(of)) => of.iter().flat_map(|of| conjuncts(Some(of))).collect(),
        Some(other) => vec![other],
    }
}

/// The better a path is, the less.
fn rank(access: &Access) -> (u8, usize) {
    match access {
        Access::Ids(ids) => (0, ids.len()),
        Access::Index { values, .. } => (1, values.len()),
        Access::Scan => (2, 0),
    }
}

fn packed(constant: &Constant) -> Option<u64> {
    match constant {
        Constant::Packed(packed) => Some(*packed),
        _ => None,
    }
}

/// A constant as an index keeps it; `None` if an index cannot answer.
fn value_of(storage: Storage, kind: &Kind, constant: &Constant) -> Option<IndexValue> {
    match (constant, kind) {
        (Constant::Packed(packed), _) => Some(IndexValue::Fixed(*packed)),
        (Constant::Text(text), Kind::Text { .. } | Kind::Picklist(_)) => {
            Some(IndexValue::Text(text.clone()))
        }
        (Constant::Fixed(number), _) => {
            Some(IndexValue::Fixed(crate::bytes::unordered(storage, *number)))
        }
        _ => None,
    }
}

fn as_slices(bound: &Bound<Vec<u8>>) -> Bound<&[u8]> {
    bound.as_ref().map(Vec::as_slice)
}
