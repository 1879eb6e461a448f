//! Walks: the records that a plan leads to, read step by step.
//!
//! A walk owns what it needs to go on, so that it can be left and gone on with in the same state of the
//! store. Where a step reads all records, they are shown where they lie, and whoever is shown one must
//! read nothing else meanwhile: an engine behind a network is in the middle of an answer. Records that
//! are read by their ids are shown when the engine has given all of them.

use std::ops::{Bound, ControlFlow, Range};

use super::{Record, Run, find::wanted};
use crate::{
    bytes::entry_id,
    catalogue::{Object, ObjectNo},
    engine::{Scan, Space, try_scan},
    error::{Error, Result},
    language::{
        bound::Level,
        plan::{IndexPath, KeyRange, OrderPath, Path, Plan},
    },
    store::{Deletion, Index, Table, next_head},
};

/// Records that are read in the first step of a scan, and at most in a later one.
const STEP: (usize, usize) = (64, 4_096);
/// Records that are read together by their ids.
pub(super) const CHUNK: usize = 500;

/// The records that a plan leads to, as far as they are not read yet.
#[derive(Clone, Debug)]
pub(crate) struct Walk {
    object: ObjectNo,
    all_rows: bool,
    way: Way,
    /// Do the records come in the order that the level asks for?
    pub(super) is_in_order: bool,
}

#[derive(Clone, Debug)]
enum Way {
    /// Parts of the spaces of records, one after another.
    Records { parts: Vec<Part>, at: usize, after: Option<Vec<u8>>, step: usize },
    /// These ids, from a place on.
    Ids { ids: Vec<u64>, at: usize },
    /// An index by its values.
    InOrder(InOrder),
}

/// A part of a space of records.
#[derive(Clone, Debug)]
struct Part {
    space: Space,
    is_bin: bool,
    /// From this packed id to before the other; to the end if there is none.
    from: u64,
    to: Option<u64>,
}

/// What is left of a walk by the values of an index.
#[derive(Clone, Debug)]
struct InOrder {
    index: Index,
    /// The ranges that are left, each with whether it is walked backwards; the next is the last.
    ranges: Vec<(KeyRange, bool)>,
    after: Option<Vec<u8>>,
    /// The value of the entries that were read last, with their ids: there may be more of it.
    value: Vec<u8>,
    same: Vec<u64>,
    step: usize,
}

/// Shows a record; `Break` ends the walk.
pub(super) type Show<'s> = &'s mut dyn FnMut(Record<'_>) -> Result<ControlFlow<()>>;

impl Run<'_> {
    /// The records that a plan leads to. If nothing else tells their order, and `by_id` asks for it,
    /// they come by their ids where that costs nothing.
    pub(super) fn walk(&self, level: &Level, plan: &Plan, by_id: bool) -> Result<Walk> {
        let object = self.object(level.object)?;
        let table = self.table(object)?;
        let by_id = by_id && level.order.is_empty();
        let walk = |way, is_in_order| Walk {
            object: level.object,
            all_rows: level.all_rows,
            way,
            is_in_order,
        };
        if let Path::InOrder(path) = &plan.path {
            // One entry more tells that the last has no equals.
            let step = match (wanted(level), &level.filter) {
                (Some(wanted), None) => wanted.saturating_add(1).min(STEP.0),
                _ => STEP.0,
            };
            return Ok(walk(Way::InOrder(Self::in_order(object, table, path, step)?), true));
        }
        if let Some(mut ids) = self.ids_of(object, table, &plan.path)? {
            let is_in_order = by_id && self.sort_ids(&mut ids)?;
            return Ok(walk(Way::Ids { ids, at: 0 }, is_in_order));
        }
        let live = Part { space: table.live, is_bin: false, from: 0, to: None };
        let of = |parts| Way::Records { parts, at: 0, after: None, step: STEP.0 };
        if level.all_rows {
            let bin = Part { space: table.bin, is_bin: true, from: 0, to: None };
            return Ok(walk(of(vec![live, bin]), false));
        }
        if !by_id {
            return Ok(walk(of(vec![live]), false));
        }
        let parts = self.parts_by_id(table.live)?;
        let is_in_order = parts.is_some();
        Ok(walk(of(parts.unwrap_or_else(|| vec![live])), is_in_order))
    }

    /// The walk by a part of an index, from its first record on.
    pub(super) fn walk_from(&self, level: &Level, path: &OrderPath) -> Result<Walk> {
        let object = self.object(level.object)?;
        let way = Way::InOrder(Self::in_order(object, self.table(object)?, path, 2)?);
        Ok(Walk { object: level.object, all_rows: false, way, is_in_order: true })
    }

    /// Gives the records of the next step to `show`; whether there may be more behind them.
    pub(super) fn step(&self, walk: &mut Walk, show: Show<'_>) -> Result<bool> {
        let object = self.object(walk.object)?;
        let table = self.table(object)?;
        match &mut walk.way {
            Way::Records { parts, at, after, step } => {
                let Some(part) = parts.get(*at) else { return Ok(false) };
                let flow = self.step_of_part(object, table, part, after, *step, show)?;
                *step = (*step * 4).min(STEP.1);
                if flow.is_break() {
                    *at = parts.len();
                } else if after.is_none() {
                    *at += 1;
                }
                Ok(*at < parts.len())
            }
            Way::Ids { ids, at } => {
                let end = at.saturating_add(CHUNK).min(ids.len());
                let chunk = ids.get(*at..end).unwrap_or_default();
                let flow = self.show_ids(object, table, chunk, walk.all_rows, show)?;
                *at = if flow.is_break() { ids.len() } else { end };
                Ok(*at < ids.len())
            }
            Way::InOrder(in_order) => {
                let ids = self.next_in_order(in_order)?;
                for chunk in ids.chunks(CHUNK) {
                    if self.show_ids(object, table, chunk, false, &mut *show)?.is_break() {
                        in_order.ranges.clear();
                        return Ok(false);
                    }
                }
                Ok(!in_order.ranges.is_empty())
            }
        }
    }

    /// One step of a scan. `after` is the key that it goes on behind, and is `None` at the end.
    fn step_of_part(
        &self,
        object: &Object,
        table: &Table,
        part: &Part,
        after: &mut Option<Vec<u8>>,
        step: usize,
        show: Show<'_>,
    ) -> Result<ControlFlow<()>> {
        let (first, end) = (part.from.to_be_bytes(), part.to.map(u64::to_be_bytes));
        let from = match after {
            Some(after) => Bound::Excluded(after.as_slice()),
            None => Bound::Included(first.as_slice()),
        };
        let to = end.as_ref().map_or(Bound::Unbounded, |end| Bound::Excluded(end.as_slice()));
        let scan = Scan { from, to, reverse: false, limit: step };
        let (mut flow, mut n) = (ControlFlow::Continue(()), 0);
        let next = try_scan(self.reader.read, part.space, scan, |key, bytes| {
            n += 1;
            let none = || Error::corrupt("a record without an id");
            let packed = entry_id(key).ok_or_else(none)?;
            flow = Self::show_one(object, table, packed, bytes, part.is_bin, &mut *show)?;
            Ok::<_, Error>(flow)
        })?;
        self.count_read(n);
        *after = next;
        Ok(flow)
    }

    fn show_one(
        object: &Object,
        table: &Table,
        packed: u64,
        bytes: &[u8],
        is_deleted: bool,
        show: Show<'_>,
    ) -> Result<ControlFlow<()>> {
        let bytes = if is_deleted { Deletion::of(bytes)?.1 } else { bytes };
        let row = table.row(bytes)?;
        show(Record { object, packed, row, is_deleted })
    }

    /// Shows the records of these ids, in their order.
    fn show_ids(
        &self,
        object: &Object,
        table: &Table,
        ids: &[u64],
        all_rows: bool,
        show: Show<'_>,
    ) -> Result<ControlFlow<()>> {
        if let ([packed], false) = (ids, all_rows) {
            return self.show_id(object, table, *packed, show);
        }
        let keys: Vec<_> = ids.iter().map(|packed| packed.to_be_bytes()).collect();
        let mut spaces = vec![(table.live, false)];
        spaces.extend(all_rows.then_some((table.bin, true)));
        let n_keys = keys.len();
        let of_space = |(space, _): &(Space, bool)| {
            let space = *space;
            keys.iter().map(move |key| (space, key.as_slice())).collect::<Vec<_>>()
        };
        let all: Vec<_> = spaces.iter().flat_map(of_space).collect();
        // Their bytes stand one behind another in one piece of memory.
        let mut arena: Vec<u8> = Vec::new();
        let mut found: Vec<Option<Range<usize>>> = vec![None; all.len()];
        self.reader.read.multi_get(&all, &mut |place, bytes| {
            if let (Some(bytes), Some(found)) = (bytes, found.get_mut(place)) {
                let start = arena.len();
                arena.extend_from_slice(bytes);
                *found = Some(start..arena.len());
            }
        })?;
        self.count_read(found.iter().flatten().count());
        for (place, packed) in ids.iter().enumerate() {
            for (n, (_, is_deleted)) in spaces.iter().enumerate() {
                let range = found.get(place + n * n_keys).cloned().flatten();
                let Some(bytes) = range.and_then(|range| arena.get(range)) else { continue };
                let flow = Self::show_one(object, table, *packed, bytes, *is_deleted, &mut *show)?;
                if flow.is_break() {
                    return Ok(flow);
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// [`Run::show_ids`] for one live record.
    fn show_id(
        &self,
        object: &Object,
        table: &Table,
        packed: u64,
        show: Show<'_>,
    ) -> Result<ControlFlow<()>> {
        let mut bytes = Vec::new();
        let key = packed.to_be_bytes();
        if !self.reader.read.get(table.live, &key, &mut |row| bytes.extend_from_slice(row))? {
            return Ok(ControlFlow::Continue(()));
        }
        self.count_read(1);
        Self::show_one(object, table, packed, &bytes, false, show)
    }

    /// The packed ids that a path leads to, in their order; `None` if it leads to all.
    fn ids_of(&self, object: &Object, table: &Table, path: &Path) -> Result<Option<Vec<u64>>> {
        Ok(Some(match path {
            Path::Ids(ids) => ids.clone(),
            Path::Index(path) => self.ids_of_index(object, table, path)?,
            Path::All(paths) => {
                let mut all: Option<Vec<u64>> = None;
                for path in paths {
                    let ids = self.ids_of_index(object, table, path)?;
                    match &mut all {
                        None => all = Some(ids),
                        Some(all) => all.retain(|packed| ids.binary_search(packed).is_ok()),
                    }
                }
                all.unwrap_or_default()
            }
            Path::Any(paths) => {
                let mut any = Vec::new();
                for path in paths {
                    let Some(ids) = self.ids_of(object, table, path)? else { return Ok(None) };
                    any.extend(ids);
                }
                any.sort_unstable();
                any.dedup();
                any
            }
            Path::InOrder(_) | Path::Ends(_) | Path::Scan => return Ok(None),
        }))
    }

    fn ids_of_index(&self, object: &Object, table: &Table, path: &IndexPath) -> Result<Vec<u64>> {
        if let Some(found) = &path.found {
            return Ok(found.clone());
        }
        let index = index_of(object, table, path.field)?;
        let mut ids = Vec::new();
        for range in &path.ranges {
            try_scan(self.reader.read, index.space, range.scan(), |key, value| {
                ids.push(index.id_of(key, value)?);
                Ok::<_, Error>(ControlFlow::Continue(()))
            })?;
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    /// The parts of a space in the order of ids, a part for each head; `None` if some ids have none.
    fn parts_by_id(&self, space: Space) -> Result<Option<Vec<Part>>> {
        let mut parts = Vec::new();
        let mut from = Some(0_u64);
        while let Some(start) = from {
            let key = start.to_be_bytes();
            let scan = Scan { from: Bound::Included(&key), limit: 1, ..Scan::ALL };
            let mut first = None;
            try_scan(self.reader.read, space, scan, |key, _| {
                first = entry_id(key);
                Ok::<_, Error>(ControlFlow::Break(()))
            })?;
            let Some(first) = first else { break };
            let to = next_head(first);
            parts.push(Part { space, is_bin: false, from: first, to });
            from = to;
        }
        // One head needs no order among several.
        if let [part] = &*parts {
            let has_head = self.reader.ids().unpack_known(part.from).is_some();
            return Ok(has_head.then_some(parts));
        }
        let Some(order) = self.head_order()? else { return Ok(None) };
        parts.sort_by_key(|part| order.place_of(part.from));
        Ok(Some(parts))
    }

    /// Puts packed ids in the order of ids; whether that can be told without reading.
    fn sort_ids(&self, ids: &mut [u64]) -> Result<bool> {
        if ids.len() < 2 {
            return Ok(true);
        }
        let Some(order) = self.head_order()? else { return Ok(false) };
        ids.sort_by_key(|packed| order.place_of(*packed));
        Ok(true)
    }

    /// The walk by the values of an index. Nulls stand where the query wants them, whichever way the
    /// values go.
    fn in_order(object: &Object, table: &Table, path: &OrderPath, step: usize) -> Result<InOrder> {
        let index = *index_of(object, table, path.field)?;
        let ranges = if let Some(range) = &path.range {
            vec![(range.clone(), path.descending)]
        } else {
            let nulls = (KeyRange::nulls(&index), false);
            let values = (KeyRange::values(&index), path.descending);
            if path.nulls_last { vec![nulls, values] } else { vec![values, nulls] }
        };
        let (value, same) = (Vec::new(), Vec::new());
        Ok(InOrder { index, ranges, after: None, value, same, step })
    }

    /// The next ids by the values of an index; those of equal values by their ids.
    fn next_in_order(&self, walk: &mut InOrder) -> Result<Vec<u64>> {
        let mut ready = Vec::new();
        while ready.is_empty() {
            let Some((range, reverse)) = walk.ranges.last() else { break };
            let mut scan = Scan { reverse: *reverse, limit: walk.step, ..range.scan() };
            match &walk.after {
                Some(after) if *reverse => scan.to = Bound::Excluded(after),
                Some(after) => scan.from = Bound::Excluded(after),
                None => (),
            }
            let index = &walk.index;
            let (value, same) = (&mut walk.value, &mut walk.same);
            let mut groups: Vec<Vec<u64>> = Vec::new();
            let next = try_scan(self.reader.read, index.space, scan, |key, entry| {
                let of = index.value_in(key);
                if *value != of {
                    groups.push(std::mem::take(same));
                    of.clone_into(value);
                }
                same.push(index.id_of(key, entry)?);
                Ok::<_, Error>(ControlFlow::Continue(()))
            })?;
            walk.step = (walk.step * 4).min(STEP.1);
            if next.is_none() {
                groups.push(std::mem::take(same));
                walk.value.clear();
                walk.ranges.pop();
            }
            walk.after = next;
            for mut group in groups {
                self.sort_by_id(&mut group)?;
                ready.append(&mut group);
            }
        }
        Ok(ready)
    }

    /// Puts packed ids in the order of ids, which may take reading them.
    fn sort_by_id(&self, ids: &mut Vec<u64>) -> Result<()> {
        if self.sort_ids(ids)? {
            return Ok(());
        }
        let mut texts = Vec::with_capacity(ids.len());
        for packed in &*ids {
            texts.push((self.reader.unpack(*packed)?, *packed));
        }
        texts.sort_unstable();
        *ids = texts.into_iter().map(|(_, packed)| packed).collect();
        Ok(())
    }
}

fn index_of<'t>(
    object: &Object,
    table: &'t Table,
    field: crate::definition::FieldIdx,
) -> Result<&'t Index> {
    let index = table.slot(field).and_then(|slot| table.index_of(slot));
    let none = || Error::corrupt(format!("{} has lost an index", object.name));
    index.ok_or_else(none)
}
