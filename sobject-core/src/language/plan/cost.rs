//! Costs: how many records a path gives, and what it costs to read them.
//!
//! Entries of an index are counted up to a limit that a scan is still far dearer than. What there is
//! beyond it is guessed from where the range lies between the least and the greatest value, or, for one
//! value, from its commonness so far. The unit is the reading of one record in a scan.

use std::ops::{Bound, ControlFlow};

use super::{IndexPath, KeyRange, OrderPath, Path, Reach, Reason, Weighed};
use crate::{
    catalogue::Object,
    definition::FieldIdx,
    engine::{Scan, Space, try_scan},
    error::{Error, Result},
    store::{Index, Reader, Table},
};

/// What it costs to read a record by its id.
const GET: f64 = 8.0;
/// What it costs to read an entry of an index.
const ENTRY: f64 = 1.0;
/// Entries that are counted at least and at most before the rest is guessed.
const COUNTED: (u64, u64) = (200, 20_000);
/// So few records are read at once: no other path can be much better.
const SMALL: u64 = 20;
/// The part of the records that is thought to meet a condition of which nothing is known.
const UNKNOWN: f64 = 0.1;

/// How many records a condition leads to.
pub(super) struct Reached {
    way: Way,
    n: f64,
}

enum Way {
    Index(IndexPath),
    Any(Vec<Path>),
}

impl Reached {
    /// Is it so little that no other path is worth a thought?
    pub(super) fn is_small(&self) -> bool {
        let found = match &self.way {
            Way::Index(path) => path.found.as_ref(),
            Way::Any(_) => None,
        };
        found.is_some_and(|found| u64::try_from(found.len()).is_ok_and(|n| n <= SMALL))
    }

    fn is_of(&self, field: FieldIdx) -> bool {
        matches!(&self.way, Way::Index(path) if path.field == field)
    }
}

/// What paths to the records of one object cost.
pub(super) struct Costs<'a> {
    reader: &'a Reader<'a>,
    object: &'a Object,
    table: &'a Table,
    n_rows: f64,
    /// Entries that are counted before the rest is guessed.
    n_counted: u64,
}

impl<'a> Costs<'a> {
    pub(super) fn new(
        reader: &'a Reader<'a>,
        object: &'a Object,
        table: &'a Table,
    ) -> Result<Self> {
        let n_rows = reader.read.len(table.live)?;
        let n_counted = (n_rows / 64).clamp(COUNTED.0, COUNTED.1);
        Ok(Self { reader, object, table, n_rows: float(n_rows), n_counted })
    }

    /// How many records a condition leads to, found out by reading entries.
    pub(super) fn reached(&self, reach: &Reach) -> Result<Reached> {
        Ok(match reach {
            // A plan by nothing but ids is made without a look at costs.
            Reach::Ids(ids) => {
                Reached { n: float(ids.len()), way: Way::Any(vec![Path::Ids(ids.clone())]) }
            }
            Reach::Index { field, ranges, .. } => {
                let (n, found) = self.count(*field, ranges)?;
                let path = IndexPath { field: *field, ranges: ranges.clone(), found };
                Reached { n, way: Way::Index(path) }
            }
            Reach::Any(of) => {
                let (mut n, mut paths) = (0.0, Vec::with_capacity(of.len()));
                for reach in of {
                    let it = self.reached(reach)?;
                    n += it.n;
                    paths.push(match it.way {
                        Way::Index(path) => Path::Index(path),
                        Way::Any(paths) => Path::Any(paths),
                    });
                }
                Reached { n, way: Way::Any(paths) }
            }
        })
    }

    /// What it costs to read what a condition leads to.
    pub(super) fn weigh(reached: &Reached) -> Weighed {
        let (path, n_read) = match &reached.way {
            Way::Index(path) => (Path::Index(path.clone()), path.found.is_none()),
            Way::Any(paths) => (Path::Any(paths.clone()), true),
        };
        let entries = if n_read { reached.n * ENTRY } else { 0.0 };
        let cost = entries + reached.n * GET;
        Weighed { path, estimate: whole(reached.n), cost, reason: Reason::Fewest }
    }

    /// What it costs to read what is in all parts of indexes.
    pub(super) fn intersection(&self, reached: &[Reached]) -> Option<Weighed> {
        let mut paths: Vec<(&IndexPath, f64)> = reached
            .iter()
            .filter_map(|it| match &it.way {
                Way::Index(path) => Some((path, it.n)),
                Way::Any(_) => None,
            })
            .collect();
        paths.sort_by(|a, b| a.1.total_cmp(&b.1));
        // Each further part costs its entries, and leaves a part of the records.
        let n_rows = self.n_rows.max(1.0);
        let entries = |path: &IndexPath, n: f64| if path.found.is_some() { 0.0 } else { n * ENTRY };
        let mut taken: Vec<IndexPath> = Vec::new();
        let (mut n, mut n_entries) = (0.0, 0.0);
        for (path, of) in paths {
            let (left, further) = (n * of / n_rows, entries(path, of));
            if taken.is_empty() {
                (n, n_entries) = (of, further);
            } else if (n - left) * GET > further {
                (n, n_entries) = (left, n_entries + further);
            } else {
                continue;
            }
            taken.push(path.clone());
        }
        let cost = n_entries + n * GET;
        let reason = Reason::Both;
        (taken.len() > 1).then(|| Weighed {
            path: Path::All(taken),
            estimate: whole(n),
            cost,
            reason,
        })
    }

    /// What it costs to read records in the order of an index until enough meet the conditions.
    pub(super) fn in_order(
        &self,
        order: OrderPath,
        wanted: usize,
        reached: &[Reached],
        n_unknown: usize,
    ) -> Result<Weighed> {
        let of_range = match &order.range {
            None => None,
            Some(range) => {
                let known = reached.iter().find(|it| it.is_of(order.field)).map(|it| it.n);
                let counted = || self.count(order.field, std::slice::from_ref(range));
                Some(known.map_or_else(|| counted().map(|(n, _)| n), Ok)?)
            }
        };
        let others = reached.iter().filter(|it| !it.is_of(order.field));
        let part = self.part(others, n_unknown);
        let n = (float(wanted) / part).min(of_range.unwrap_or(self.n_rows));
        let (path, cost) = (Path::InOrder(order), n * (ENTRY + GET));
        Ok(Weighed { path, estimate: whole(n), cost, reason: Reason::InOrder })
    }

    /// What it costs to read all records, or so many until enough meet the conditions.
    pub(super) fn scan(
        &self,
        wanted: Option<usize>,
        reached: &[Reached],
        n_unknown: usize,
    ) -> Weighed {
        let part = self.part(reached.iter(), n_unknown);
        let until = wanted.map_or(self.n_rows, |wanted| float(wanted) / part);
        let n = until.min(self.n_rows);
        let reason = match wanted {
            Some(_) => Reason::AnyRows,
            None if reached.is_empty() => Reason::NoIndex,
            None => Reason::TooMany,
        };
        Weighed { path: Path::Scan, estimate: whole(n), cost: n, reason }
    }

    /// The part of the records that is thought to meet these conditions and so many unknown ones.
    fn part<'r>(&self, known: impl Iterator<Item = &'r Reached>, n_unknown: usize) -> f64 {
        let n_rows = self.n_rows.max(1.0);
        let known: f64 = known.map(|it| (it.n / n_rows).min(1.0)).product();
        let n_unknown = i32::try_from(n_unknown.min(4)).unwrap_or(4);
        (known * UNKNOWN.powi(n_unknown)).max(1.0 / n_rows)
    }

    /// How many entries there are in parts of an index; with the ids, if all were counted.
    fn count(&self, field: FieldIdx, ranges: &[KeyRange]) -> Result<(f64, Option<Vec<u64>>)> {
        let none = || Error::corrupt("an index that is not there");
        let index = super::index_of(self.object, self.table, field).ok_or_else(none)?;
        let mut ids = Vec::new();
        for (place, range) in ranges.iter().enumerate() {
            let left = self.n_counted.saturating_sub(u64::try_from(ids.len()).unwrap_or(0));
            if left == 0 {
                // The others are thought to be as common as those that were counted.
                let common = float(ids.len()) / float(place.max(1));
                return Ok((common * float(ranges.len()), None));
            }
            let before = ids.len();
            let scan = Scan { limit: usize::try_from(left).unwrap_or(usize::MAX), ..range.scan() };
            let next = try_scan(self.reader.read, index.space, scan, |key, value| {
                ids.push(index.id_of(key, value)?);
                Ok::<_, Error>(ControlFlow::Continue(()))
            })?;
            if next.is_some() && ranges.len() == 1 {
                let counted = float(ids.len() - before);
                let guessed =
                    if range.is_value { self.n_rows * UNKNOWN } else { self.guess(index, range)? };
                return Ok((guessed.max(counted), None));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        Ok((float(ids.len()), Some(ids)))
    }

    /// How many entries a range is thought to have, by where it lies in the index.
    fn guess(&self, index: &Index, range: &KeyRange) -> Result<f64> {
        let not_null = index.bounds(crate::store::IndexRange {
            from: Bound::Excluded(crate::bytes::Cell::Null),
            to: Bound::Unbounded,
            reverse: false,
            limit: usize::MAX,
            after: None,
        });
        let from = not_null.0.as_ref().map(Vec::as_slice);
        let end = |reverse| {
            let scan = Scan { from, to: Bound::Unbounded, reverse, limit: 1 };
            self.first_key(index.space, scan)
        };
        let (Some(least), Some(greatest)) = (end(false)?, end(true)?) else { return Ok(0.0) };
        let place = |bound: &Bound<Vec<u8>>, otherwise: u128| match bound {
            Bound::Included(key) | Bound::Excluded(key) => number(key),
            Bound::Unbounded => otherwise,
        };
        let (least, greatest) = (number(&least), number(&greatest));
        if greatest <= least {
            return Ok(self.n_rows);
        }
        let from = place(&range.from, least).clamp(least, greatest);
        let to = place(&range.to, greatest).clamp(least, greatest);
        // A difference of nine bytes fits 64 bits without its last byte.
        let width = |from: u128, to: u128| float(to.saturating_sub(from) >> 8) + 1.0;
        Ok(width(from, to) / width(least, greatest) * self.n_rows)
    }

    fn first_key(&self, space: Space, scan: Scan<'_>) -> Result<Option<Vec<u8>>> {
        let mut first = None;
        try_scan(self.reader.read, space, scan, |key, _| {
            first = Some(key.to_vec());
            Ok::<_, Error>(ControlFlow::Break(()))
        })?;
        Ok(first)
    }
}

impl KeyRange {
    /// The walk over its entries.
    pub(crate) fn scan(&self) -> Scan<'_> {
        let (from, to) = (self.from.as_ref(), self.to.as_ref());
        let (from, to) = (from.map(Vec::as_slice), to.map(Vec::as_slice));
        Scan { from, to, reverse: false, limit: usize::MAX }
    }
}

/// A number that is ordered as keys are, roughly: their first nine bytes.
fn number(key: &[u8]) -> u128 {
    let bytes = key.iter().chain(std::iter::repeat(&0)).take(9);
    bytes.fold(0, |all, byte| all << 8 | u128::from(*byte))
}

/// A count as a number to calculate with, of which the leading digits are enough.
fn float(n: impl TryInto<u64>) -> f64 {
    let n: u64 = n.try_into().unwrap_or(u64::MAX);
    #[expect(clippy::cast_precision_loss, reason = "an estimate needs the leading digits only")]
    let float = n as f64;
    float
}

fn whole(n: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is no less than zero, and a number that is too great becomes the greatest"
    )]
    let whole = n.ceil().max(0.0) as u64;
    whole
}
