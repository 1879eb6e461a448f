//! The hits of a level: which records it finds, and in which order.
//!
//! **Invariant:** without `ORDER BY`, and among equals, hits come in the order of their ids.

mod kept;
mod stream;

use std::{collections::BinaryHeap, ops::ControlFlow};

pub(super) use self::kept::{KeptRows, NO_ROWS};
pub(crate) use self::stream::Stream;
use super::{Record, Run, Val, Walk};
use crate::{
    bytes::{Cell, RowRef, Slot, ordered},
    definition::FieldIdx,
    error::Result,
    language::{
        bound::{Expr, Fields, Kind, Level, Operand, Order},
        plan::Plan,
    },
    store::Table,
    value::Storage,
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

/// The records that a query finds, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hits {
    pub(in crate::language) all: Vec<Hit>,
    /// The rows of some of them.
    pub(super) rows: KeptRows,
}

/// A hit behind the bytes that it is ordered by, in which its id is the last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Keyed {
    /// What its order begins with, where all hits have that: it tells as the key does, but for equals.
    lead: Option<(u8, u64)>,
    key: Vec<u8>,
    packed: u64,
    is_deleted: bool,
}

/// The hits that come first, if no more than some are wanted.
pub(super) enum Best {
    All(Vec<Keyed>),
    /// The greatest of those that come first stands on top.
    First(BinaryHeap<Keyed>, usize),
}

impl Best {
    pub(super) fn new(n: Option<usize>) -> Self {
        match n {
            None => Self::All(Vec::new()),
            Some(n) => Self::First(BinaryHeap::new(), n),
        }
    }

    /// May a hit be among the best so far whose order begins so?
    #[inline]
    fn takes(&self, lead: Option<(u8, u64)>) -> bool {
        match self {
            Self::First(heap, n) if heap.len() >= *n => {
                lead.is_none() || heap.peek().is_none_or(|last| lead <= last.lead)
            }
            _ => true,
        }
    }

    /// Adds a hit. Its key is copied only if it is among the best so far.
    pub(super) fn add(&mut self, lead: Option<(u8, u64)>, key: &[u8], hit: Hit) {
        let Hit { packed, is_deleted } = hit;
        let keyed = || Keyed { lead, key: key.to_vec(), packed, is_deleted };
        match self {
            Self::All(all) => all.push(keyed()),
            Self::First(heap, n) if heap.len() < *n => heap.push(keyed()),
            Self::First(heap, _) => {
                if let Some(mut last) = heap.peek_mut()
                    && key < last.key.as_slice()
                {
                    last.key.clear();
                    last.key.extend_from_slice(key);
                    (last.lead, last.packed, last.is_deleted) = (lead, packed, is_deleted);
                }
            }
        }
    }

    pub(super) fn into_sorted(self) -> impl Iterator<Item = Hit> {
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

/// What the order of rows begins with, if that is a value of fixed width in the record itself. It is
/// read without a look at the others, and tells of most rows that they are not among the first.
struct Lead {
    slot: Slot,
    storage: Storage,
    descending: bool,
    nulls_last: bool,
}

impl Lead {
    fn new(table: &Table, order: &[Order]) -> Option<Self> {
        let Order { by: Operand::Row(by), descending, nulls_last } = order.first()? else {
            return None;
        };
        let Expr::Field { source: 0, field: Fields::One(field), kind: Kind::Fixed(storage) } = by
        else {
            return None;
        };
        let (storage, descending, nulls_last) = (*storage, *descending, *nulls_last);
        Some(Self { slot: table.slot(*field)?, storage, descending, nulls_last })
    }

    /// Numbers that are ordered as [`Run::push_ordered`] orders bytes.
    #[inline]
    fn of(&self, row: &RowRef<'_>) -> Result<(u8, u64)> {
        let bits = match (row.bits(self.slot)?, self.storage) {
            // An org takes no value for false.
            (None, Storage::Bool) => 0,
            (None, _) => return Ok((if self.nulls_last { 2 } else { 0 }, 0)),
            (Some(bits), _) => bits,
        };
        let number = ordered(self.storage, Cell::Fixed(bits));
        Ok((1, if self.descending { !number } else { number }))
    }
}

impl Run<'_> {
    /// The records that a level finds, in order, within its limit and behind its offset.
    pub(super) fn hits(&self, level: &Level, plan: &Plan) -> Result<Hits> {
        let Some(wanted) = wanted(level) else { return Ok(Hits::default()) };
        let mut walk = self.walk(level, plan, true)?;
        if walk.is_in_order {
            return self.first_hits(level, &mut walk, wanted);
        }
        let mut best = Best::new((wanted < usize::MAX).then_some(wanted));
        let lead = Lead::new(self.table(self.object(level.object)?)?, &level.order);
        let mut rows = KeptRows::default();
        let mut key = Vec::new();
        self.each_row(level, &mut walk, &order_exprs(level), &mut |row| {
            let Some(Some(own)) = row.first() else { return Ok(ControlFlow::Continue(())) };
            let lead = lead.as_ref().map(|lead| lead.of(&own.row)).transpose()?;
            if !best.takes(lead) {
                return Ok(ControlFlow::Continue(()));
            }
            key.clear();
            self.push_row_order(&mut key, level, row)?;
            best.add(lead, &key, Hit { packed: own.packed, is_deleted: own.is_deleted });
            // Of the first rows alone, most that are met are not among them in the end.
            if matches!(best, Best::All(_)) {
                rows.add(own);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let all = best.into_sorted().skip(level.offset).collect();
        Ok(Hits { all, rows: rows.finished() })
    }

    /// The first rows of a walk that has them in order.
    fn first_hits(&self, level: &Level, walk: &mut Walk, wanted: usize) -> Result<Hits> {
        let (mut all, mut rows) = (Vec::new(), KeptRows::default());
        self.each_row(level, walk, &[], &mut |row| {
            if let Some(Some(own)) = row.first() {
                all.push(Hit { packed: own.packed, is_deleted: own.is_deleted });
                rows.add(own);
            }
            Ok(if all.len() < wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        all.drain(..level.offset.min(all.len()));
        Ok(Hits { all, rows: rows.finished() })
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
