//! The hits of a level: which records it finds, and in which order.
//!
//! Conditions on the record alone are tested in place, before anything of it is copied. Those that
//! survive are gathered, joined with their parents, and tested by the rest of the condition.
//!
//! **Invariant:** without `ORDER BY`, and among equals, hits come in the order of their ids.

use std::{cmp::Ordering, collections::BinaryHeap};

use super::{
    CHUNK, Kept, Record, Run,
    join::Joined,
};
use crate::{
    error::Result,
    id::RecordId,
    language::bound::{Cond, Level, Operand, Order},
};

/// A record that a query finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) id: RecordId,
    pub(super) packed: u64,
    pub(super) is_deleted: bool,
}

/// A hit with the key that it is ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Keyed {
    key: Vec<u8>,
    hit: Hit,
}

impl Ord for Keyed {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key).then_with(|| self.hit.id.cmp(&other.hit.id))
    }
}

impl PartialOrd for Keyed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The hits that come first, if no more than some are wanted.
enum Best {
    All(Vec<Keyed>),
    /// The greatest of those that come first stands on top.
    First(BinaryHeap<Keyed>, usize),
}

impl Best {
    fn new(n: Option<usize>) -> Self {
        match n {
            None => Self::All(Vec::new()),
            Some(n) => Self::First(BinaryHeap::new(), n),
        }
    }

    fn add(&mut self, keyed: Keyed) {
        match self {
            Self::All(all) => all.push(keyed),
            Self::First(heap, n) if heap.len() < *n => heap.push(keyed),
            Self::First(heap, _) => {
                if let Some(mut last) = heap.peek_mut()
                    && keyed < *last
                {
                    *last = keyed;
                }
            }
        }
    }

    fn into_sorted(self) -> Vec<Keyed> {
        match self {
            Self::All(mut all) => {
                all.sort_unstable();
                all
            }
            Self::First(heap, _) => heap.into_sorted_vec(),
        }
    }
}

impl Run<'_> {
    /// The records that a level finds, in order, within its limit and behind its offset.
    pub(super) fn hits(&self, level: &Level) -> Result<Vec<Hit>> {
        let wanted = level.limit.map(|limit| limit.saturating_add(level.offset));
        if level.limit == Some(0) {
            return Ok(Vec::new());
        }
        let mut best = Best::new(wanted);
        self.each_row(level, &mut |row| {
            let Some(Some(own)) = row.first() else { return Ok(()) };
            let mut key = Vec::new();
            for order in &level.order {
                self.push_order(&mut key, order, row)?;
            }
            let id = self.reader.unpack(own.packed)?;
            let hit = Hit { id, packed: own.packed, is_deleted: own.is_deleted };
            best.add(Keyed { key, hit });
            Ok(())
        })?;
        let hits = best.into_sorted().into_iter().map(|keyed| keyed.hit);
        Ok(hits.skip(level.offset).collect())
    }

    fn push_order(
        &self,
        key: &mut Vec<u8>,
        order: &Order,
        row: &[Option<Record<'_>>],
    ) -> Result<()> {
        let Operand::Row(expr) = &order.by else { return Ok(()) };
        let value = self.eval(expr, row)?;
        self.push_ordered(key, order, &expr.kind(), &value)
    }

    /// Adds bytes that are ordered as an item of `ORDER BY` says.
    pub(super) fn push_ordered(
        &self,
        key: &mut Vec<u8>,
        order: &Order,
        kind: &crate::language::bound::Kind,
        value: &super::Val<'_>,
    ) -> Result<()> {
        let start = key.len();
        self.push_key(key, kind, value)?;
        let Some((first, rest)) = key.get_mut(start..).and_then(<[u8]>::split_first_mut) else {
            return Ok(());
        };
        // Nulls stand first or last by the clause, whichever way the values go.
        if *first == 0 && order.nulls_last {
            *first = 2;
        }
        if order.descending {
            rest.iter_mut().for_each(|byte| *byte = !*byte);
        }
        Ok(())
    }

    /// Gives each row of a level that meets its condition to `f`: its record and its parents.
    pub(super) fn each_row(
        &self,
        level: &Level,
        f: &mut dyn FnMut(&[Option<Record<'_>>]) -> Result<()>,
    ) -> Result<()> {
        let access = self.access(level)?;
        let (local, rest) = split(level.filter.as_ref());
        let passes = |conds: &[&Cond], row: &[Option<Record<'_>>]| {
            for cond in conds {
                if !self.holds(cond, row)? {
                    return Ok::<_, crate::error::Error>(false);
                }
            }
            Ok(true)
        };
        if !Self::has_parents(level) {
            return self.visit(level, &access, &mut |record, _| {
                let row = [Some(record)];
                if passes(&local, &row)? { f(&row) } else { Ok(()) }
            });
        }
        let mut waiting: Vec<Joined> = Vec::with_capacity(CHUNK);
        let mut flush = |waiting: &mut Vec<Joined>| {
            self.join(&level.sources, waiting)?;
            for row in waiting.iter() {
                let row = self.records(row)?;
                if passes(&rest, &row)? {
                    f(&row)?;
                }
            }
            waiting.clear();
            Ok::<_, crate::error::Error>(())
        };
        // What is found in one read of the engine waits until that is over: a join reads, too.
        let mut found = Vec::new();
        self.visit(level, &access, &mut |record, bytes| {
            if passes(&local, &[Some(record)])? {
                found.push(Kept {
                    object: record.object.number,
                    packed: record.packed,
                    bytes: bytes.into(),
                    is_deleted: record.is_deleted,
                });
                if found.len() >= CHUNK {
                    waiting.extend(found.drain(..).map(|kept| vec![Some(kept)]));
                    flush(&mut waiting)?;
                }
            }
            Ok(())
        })?;
        waiting.extend(found.drain(..).map(|kept| vec![Some(kept)]));
        flush(&mut waiting)
    }
}

/// The conditions that all must hold: those on the record alone, and the others.
fn split(filter: Option<&Cond>) -> (Vec<&Cond>, Vec<&Cond>) {
    let all = match filter {
        None => Vec::new(),
        Some(Cond::All(of)) => of.iter().collect(),
        Some(other) => vec![other],
    };
    all.into_iter().partition(|cond| cond.is_local())
}
