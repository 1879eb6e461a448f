//! The hits of a level: which records it finds, and in which order.
//!
//! **Invariant:** without `ORDER BY`, and among equals, hits come in the order of their ids.

use std::{collections::BinaryHeap, ops::ControlFlow};

use super::{Record, Run, Val, Walk};
use crate::{
    definition::FieldIdx,
    error::Result,
    language::{
        bound::{Expr, Fields, Kind, Level, Operand, Order},
        plan::Plan,
    },
};

/// A record that a query finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(super) packed: u64,
    pub(super) is_deleted: bool,
}

impl Hit {
    /// The packed id of the record.
    pub(crate) fn packed(&self) -> u64 {
        self.packed
    }

    /// The record that a row is of; `None` for a row without any.
    pub(super) fn of(row: &[Option<Record<'_>>]) -> Option<Self> {
        let own = row.first()?.as_ref()?;
        Some(Self { packed: own.packed, is_deleted: own.is_deleted })
    }
}

/// A hit behind the bytes that it is ordered by, in which its id is the last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Keyed {
    key: Vec<u8>,
    packed: u64,
    is_deleted: bool,
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

    /// Adds a hit. Its key is copied only if it is among the best so far.
    fn add(&mut self, key: &[u8], hit: Hit) {
        let keyed = || Keyed { key: key.to_vec(), packed: hit.packed, is_deleted: hit.is_deleted };
        match self {
            Self::All(all) => all.push(keyed()),
            Self::First(heap, n) if heap.len() < *n => heap.push(keyed()),
            Self::First(heap, _) => {
                if let Some(mut last) = heap.peek_mut()
                    && key < last.key.as_slice()
                {
                    last.key.clear();
                    last.key.extend_from_slice(key);
                    (last.packed, last.is_deleted) = (hit.packed, hit.is_deleted);
                }
            }
        }
    }

    fn into_sorted(self) -> impl Iterator<Item = Hit> {
        let sorted = match self {
            Self::All(mut all) => {
                all.sort_unstable();
                all
            }
            Self::First(heap, _) => heap.into_sorted_vec(),
        };
        sorted.into_iter().map(|it| Hit { packed: it.packed, is_deleted: it.is_deleted })
    }
}

impl Run<'_> {
    /// The records that a level finds, in order, within its limit and behind its offset.
    pub(super) fn hits(&self, level: &Level, plan: &Plan) -> Result<Vec<Hit>> {
        let Some(wanted) = wanted(level) else { return Ok(Vec::new()) };
        let mut walk = self.walk(level, plan, true)?;
        if walk.is_in_order {
            return self.first_hits(level, &mut walk, wanted);
        }
        let mut best = Best::new((wanted < usize::MAX).then_some(wanted));
        let mut key = Vec::new();
        self.each_row(level, &mut walk, &order_exprs(level), &mut |row| {
            if let Some(hit) = Hit::of(row) {
                key.clear();
                self.push_row_order(&mut key, level, row)?;
                best.add(&key, hit);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(best.into_sorted().skip(level.offset).collect())
    }

    /// The first rows of a walk that has them in order.
    fn first_hits(&self, level: &Level, walk: &mut Walk, wanted: usize) -> Result<Vec<Hit>> {
        let mut hits = Vec::new();
        self.each_row(level, walk, &[], &mut |row| {
            hits.extend(Hit::of(row));
            Ok(if hits.len() < wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        hits.drain(..level.offset.min(hits.len()));
        Ok(hits)
    }

    /// How many rows a level finds, within its limit and behind its offset.
    pub(super) fn count(&self, level: &Level, plan: &Plan) -> Result<usize> {
        let Some(wanted) = wanted(level) else { return Ok(0) };
        let mut n = 0;
        if let Some(all) = self.count_of_all(level)? {
            n = all.min(wanted);
        } else {
            let mut walk = self.walk(level, plan, false)?;
            self.each_row(level, &mut walk, &[], &mut |_| {
                n += 1;
                Ok(if n < wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
            })?;
        }
        Ok(n.saturating_sub(level.offset))
    }

    /// Adds bytes that rows of a level are ordered by: what `ORDER BY` says, then the id.
    pub(super) fn push_row_order(
        &self,
        key: &mut Vec<u8>,
        level: &Level,
        row: &[Option<Record<'_>>],
    ) -> Result<()> {
        for order in &level.order {
            if let Operand::Row(expr) = &order.by {
                let value = self.eval(expr, row)?;
                match expr {
                    Expr::Field { kind, .. } => self.push_ordered(key, order, kind, &value)?,
                    other => self.push_ordered(key, order, &other.kind(), &value)?,
                }
            }
        }
        match row.first() {
            Some(Some(own)) => self.push_id(key, own.packed),
            _ => Ok(()),
        }
    }

    /// Adds bytes that are ordered as an item of `ORDER BY` says.
    pub(super) fn push_ordered(
        &self,
        key: &mut Vec<u8>,
        order: &Order,
        kind: &Kind,
        value: &Val<'_>,
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
            for byte in rest {
                *byte = !*byte;
            }
        }
        Ok(())
    }
}

/// How many rows are found at most, those of the offset included; `None` if none are wanted.
pub(super) fn wanted(level: &Level) -> Option<usize> {
    match level.limit {
        Some(0) => None,
        Some(limit) => Some(limit.saturating_add(level.offset)),
        None => Some(usize::MAX),
    }
}

/// The record's own id, by which rows are ordered at last.
static OWN_ID: Expr = Expr::Field { source: 0, field: Fields::One(FieldIdx::ID), kind: Kind::Id };

/// What the rows of a level are ordered by.
pub(super) fn order_exprs(level: &Level) -> Vec<&Expr> {
    let exprs = level.order.iter().filter_map(|order| match &order.by {
        Operand::Row(expr) => Some(expr),
        Operand::Group(..) => None,
    });
    exprs.chain([&OWN_ID]).collect()
}
