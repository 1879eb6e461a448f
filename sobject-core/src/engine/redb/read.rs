//! Reading one committed state.

use std::{
    ops::{Bound, ControlFlow},
    sync::{Arc, OnceLock},
};

use redb::{ReadOnlyTable, ReadTransaction, ReadableTableMetadata};

use super::{
    guard::{Health, Quiet, Visitor},
    kinds::{NativeKey, NativeValue, Table},
};
use crate::engine::{EngineError, GiveMany, Read, Scan, Space, Visit, VisitMany, head::head};

/// One committed state. Each table is opened when it is first read, and then held.
pub(super) struct Snapshot {
    opened: Quiet<Opened>,
    /// The number of the state.
    state: u64,
}

/// What a snapshot holds of redb's.
struct Opened {
    txn: ReadTransaction,
    /// By the number of the space.
    tables: Box<[OnceLock<Table>]>,
}

impl Snapshot {
    pub(super) fn new(
        txn: ReadTransaction,
        state: u64,
        n_spaces: usize,
        health: Arc<Health>,
    ) -> Self {
        let tables = (0..n_spaces).map(|_| OnceLock::new()).collect();
        Self { opened: Quiet::new(Opened { txn, tables }, health), state }
    }

    fn health(&self) -> &Health {
        self.opened.health()
    }

    /// The table of a space. To be called in a guard.
    fn table(&self, space: Space) -> Result<&Table, EngineError> {
        let Opened { txn, tables } = self.opened.get()?;
        let cell = tables
            .get(usize::from(space.id))
            .ok_or_else(|| EngineError::misused("a space was read before it was made"))?;
        if let Some(table) = cell.get() {
            return Ok(table);
        }
        let table = Table::open(txn, space)?;
        Ok(cell.get_or_init(|| table))
    }

    /// Calls `f` with values in the order of these keys.
    fn get_in_order<'k>(
        &self,
        mut keys: impl Iterator<Item = (usize, (Space, &'k [u8]))>,
        visitor: &Visitor,
        f: GiveMany<'_>,
    ) -> Result<(), EngineError> {
        let mut next = keys.next();
        while let Some((_, (space, _))) = next {
            on_table!(self.table(space)?, table => {
                while let Some((place, (_, key))) = next.filter(|(_, (it, _))| *it == space) {
                    if !get(table, key, visitor, &mut |value| f(place, Some(value)))? {
                        visitor.call(|| f(place, None));
                    }
                    next = keys.next();
                }
            });
        }
        Ok(())
    }
}

impl Read for Snapshot {
    fn get(&self, space: Space, key: &[u8], f: &mut dyn FnMut(&[u8])) -> Result<bool, EngineError> {
        self.health()
            .visit(|visitor| on_table!(self.table(space)?, table => get(table, key, visitor, f)))
    }

    fn multi_get(&self, keys: &[(Space, &[u8])], f: GiveMany<'_>) -> Result<(), EngineError> {
        if keys.is_sorted_by_key(|(space, key)| (space.id, *key)) {
            let keys = keys.iter().copied().enumerate();
            return self.health().visit(|visitor| self.get_in_order(keys, visitor, f));
        }
        // Keys that lie beside each other are found in pages that were just read.
        let mut order: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(place, (space, key))| (space.id, head(key).number(), place))
            .collect();
        order.sort_unstable();
        let in_order = order.iter().filter_map(|(.., place)| Some((*place, *keys.get(*place)?)));
        self.health().visit(|visitor| self.get_in_order(in_order, visitor, f))
    }

    fn scan(
        &self,
        space: Space,
        range: Scan<'_>,
        f: Visit<'_>,
    ) -> Result<Option<Vec<u8>>, EngineError> {
        self.health()
            .visit(|visitor| on_table!(self.table(space)?, table => scan(table, range, visitor, f)))
    }

    fn multi_scan(&self, scans: &[(Space, Scan<'_>)], f: VisitMany<'_>) -> Result<(), EngineError> {
        for (place, (space, range)) in scans.iter().enumerate() {
            self.scan(*space, *range, &mut |key, value| f(place, key, value))?;
        }
        Ok(())
    }

    fn state(&self) -> Option<u64> {
        Some(self.state)
    }

    fn len(&self, space: Space) -> Result<u64, EngineError> {
        self.health().guard(|| on_table!(self.table(space)?, table => Ok(table.len()?)))
    }
}

fn get<K: NativeKey, V: NativeValue>(
    table: &ReadOnlyTable<K, V>,
    key: &[u8],
    visitor: &Visitor,
    f: &mut dyn FnMut(&[u8]),
) -> Result<bool, EngineError> {
    let found = table.get(K::native(key)?)?;
    if let Some(guard) = &found {
        V::visit(&guard.value(), |value| visitor.call(|| f(value)));
    }
    Ok(found.is_some())
}

fn scan<K: NativeKey, V: NativeValue>(
    table: &ReadOnlyTable<K, V>,
    scan: Scan<'_>,
    visitor: &Visitor,
    f: Visit<'_>,
) -> Result<Option<Vec<u8>>, EngineError> {
    if scan.is_empty() {
        return Ok(None);
    }
    let mut range = table.range((native_bound::<K>(scan.from)?, native_bound::<K>(scan.to)?))?;
    let mut left = scan.limit;
    while let Some(entry) = if scan.reverse { range.next_back() } else { range.next() } {
        let (key, value) = entry?;
        let ended = K::visit(&key.value(), |key| {
            left = left.saturating_sub(1);
            let visited = V::visit(&value.value(), |value| visitor.call(|| f(key, value)));
            let visited = visited.unwrap_or(ControlFlow::Break(()));
            (visited.is_break() || left == 0).then(|| key.to_vec())
        });
        if ended.is_some() {
            return Ok(ended);
        }
    }
    Ok(None)
}

fn native_bound<K: NativeKey>(bound: Bound<&[u8]>) -> Result<Bound<K::SelfType<'_>>, EngineError> {
    Ok(match bound {
        Bound::Included(key) => Bound::Included(K::native(key)?),
        Bound::Excluded(key) => Bound::Excluded(K::native(key)?),
        Bound::Unbounded => Bound::Unbounded,
    })
}
