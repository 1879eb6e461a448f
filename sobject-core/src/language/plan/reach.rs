//! Reaches: the ids, or the part of an index, within which all records are that meet a condition.

use std::ops::Bound;

use super::index_of;
use crate::{
    bytes::{Cell, Collation, push_text, unordered},
    catalogue::Object,
    definition::FieldIdx,
    language::bound::{Cond, Constant, Expr, Fields, Kind, Operand, Test},
    store::{Index, IndexRange, Table},
    value::Storage,
};

/// Pairs of ranges that are tried at most, to find what is in both of two conditions.
const MAX_PAIRS: usize = 10_000;

/// Where the records are that meet a condition.
#[derive(Clone, Debug)]
pub(super) enum Reach {
    /// Among these packed ids, in order.
    Ids(Vec<u64>),
    /// In parts of an index; `is_one` if no more than one record can be there.
    Index { field: FieldIdx, ranges: Vec<KeyRange>, is_one: bool },
    /// In any of these.
    Any(Vec<Reach>),
}

/// A range of the keys of an index.
#[derive(Clone, Debug)]
pub(crate) struct KeyRange {
    pub(crate) from: Bound<Vec<u8>>,
    pub(crate) to: Bound<Vec<u8>>,
    /// Is it that of one value?
    pub(super) is_value: bool,
    /// Are entries of null in it?
    pub(super) has_null: bool,
}

impl KeyRange {
    /// The entries of records without a value.
    pub(crate) fn nulls(index: &Index) -> Self {
        value_range(index, Cell::Null)
    }

    /// What is in both ranges; `None` if nothing is.
    fn both(&self, other: &Self) -> Option<Self> {
        let from = later(&self.from, &other.from).clone();
        let to = earlier(&self.to, &other.to).clone();
        let has_any = match (&from, &to) {
            (Bound::Included(from), Bound::Included(to)) => from <= to,
            (
                Bound::Included(from) | Bound::Excluded(from),
                Bound::Included(to) | Bound::Excluded(to),
            ) => from < to,
            _ => true,
        };
        let is_value = self.is_value || other.is_value;
        let has_null = self.has_null && other.has_null;
        has_any.then_some(Self { from, to, is_value, has_null })
    }

    /// The entries of records with a value.
    pub(crate) fn values(index: &Index) -> Self {
        index_range(index, Bound::Excluded(Cell::Null), Bound::Unbounded)
    }
}

/// The lower bound of two that begins later.
fn later<'b>(a: &'b Bound<Vec<u8>>, b: &'b Bound<Vec<u8>>) -> &'b Bound<Vec<u8>> {
    let place = |bound: &'b Bound<Vec<u8>>| match bound {
        Bound::Unbounded => None,
        Bound::Included(key) => Some((key, false)),
        Bound::Excluded(key) => Some((key, true)),
    };
    if place(a) >= place(b) { a } else { b }
}

/// The upper bound of two that ends earlier.
fn earlier<'b>(a: &'b Bound<Vec<u8>>, b: &'b Bound<Vec<u8>>) -> &'b Bound<Vec<u8>> {
    match (a, b) {
        (Bound::Unbounded, other) | (other, Bound::Unbounded) => other,
        (Bound::Included(x) | Bound::Excluded(x), Bound::Included(y) | Bound::Excluded(y)) => {
            let is_first = x < y || (x == y && matches!(a, Bound::Excluded(_)));
            if is_first { a } else { b }
        }
    }
}

/// Adds a reach to those that must all hold. Two of one index become what is in both.
pub(super) fn add(reaches: &mut Vec<Reach>, reach: Reach) {
    let Reach::Index { field, ranges, is_one } = &reach else {
        reaches.push(reach);
        return;
    };
    let known = reaches.iter_mut().find_map(|known| match known {
        Reach::Index { field: of, ranges, is_one } if of == field => Some((ranges, is_one)),
        _ => None,
    });
    match known {
        Some((known, known_one)) if known.len().saturating_mul(ranges.len()) <= MAX_PAIRS => {
            let both = known.iter().flat_map(|a| ranges.iter().filter_map(|b| a.both(b)));
            *known = both.collect();
            *known_one |= *is_one;
        }
        _ => reaches.push(reach),
    }
}

/// Where the records are that meet a condition; `None` if nothing is known.
pub(super) fn reach_of(
    object: &Object,
    table: &Table,
    cond: &Cond,
    all_rows: bool,
) -> Option<Reach> {
    let reach = |cond| reach_of(object, table, cond, all_rows);
    match cond {
        Cond::All(of) => of.iter().find_map(reach),
        // A condition that nothing meets is one of these, with no alternative.
        Cond::Any(of) => of.iter().map(reach).collect::<Option<Vec<_>>>().map(any),
        Cond::Not(of) => match &**of {
            Cond::Test { left: Operand::Row(expr), test: Test::Null } => {
                let (field, index, _) = own_index(object, table, expr)?;
                let not_null = KeyRange::values(index);
                let is_known = !all_rows && index.storage != Storage::Bool;
                is_known.then(|| Reach::Index { field, ranges: vec![not_null], is_one: false })
            }
            _ => None,
        },
        Cond::Test { left: Operand::Row(expr), test } => {
            if let Some(ids) = ids_of(expr, test) {
                return Some(Reach::Ids(ids));
            }
            let (field, index, kind) = own_index(object, table, expr).filter(|_| !all_rows)?;
            let ranges = ranges_of(index, kind, test)?;
            let is_one = index.is_unique
                && matches!(&*ranges, [KeyRange { is_value: true, has_null: false, .. }]);
            Some(Reach::Index { field, ranges, is_one })
        }
        Cond::Test { .. } => None,
    }
}

/// One reach for alternatives: of one index, its parts together.
fn any(of: Vec<Reach>) -> Reach {
    let mut all_ids = Vec::new();
    let mut all_ranges: Option<(FieldIdx, Vec<KeyRange>)> = None;
    for reach in &of {
        match reach {
            Reach::Ids(ids) if all_ranges.is_none() => all_ids.extend_from_slice(ids),
            Reach::Index { field, ranges, .. } if all_ids.is_empty() => match &mut all_ranges {
                None => all_ranges = Some((*field, ranges.clone())),
                Some((known, all)) if known == field => all.extend_from_slice(ranges),
                Some(_) => return Reach::Any(of),
            },
            _ => return Reach::Any(of),
        }
    }
    match all_ranges {
        Some((field, ranges)) => Reach::Index { field, ranges, is_one: false },
        None => Reach::Ids(sorted(all_ids)),
    }
}

/// The packed ids that a condition on the record's own id lists.
fn ids_of(expr: &Expr, test: &Test) -> Option<Vec<u64>> {
    if !matches!(expr, Expr::Field { source: 0, field: Fields::One(FieldIdx::ID), .. }) {
        return None;
    }
    let packed = |constant: &Constant| match constant {
        Constant::Packed(packed) => Some(*packed),
        _ => None,
    };
    let ids = match test {
        Test::Equal(constant) => vec![packed(constant)?],
        Test::In { values, ranges, .. } if ranges.is_empty() => {
            values.iter().map(packed).collect::<Option<_>>()?
        }
        Test::Among(found) => found.iter().copied().collect(),
        Test::Null => Vec::new(),
        _ => return None,
    };
    Some(sorted(ids))
}

fn sorted(mut ids: Vec<u64>) -> Vec<u64> {
    ids.sort_unstable();
    ids.dedup();
    // No record has this id: it stands for one that the store never saw.
    ids.retain(|packed| *packed != 0);
    ids
}

/// The index of a field of the record itself, if its entries are compared as the field is.
fn own_index<'t, 'e>(
    object: &Object,
    table: &'t Table,
    expr: &'e Expr,
) -> Option<(FieldIdx, &'t Index, &'e Kind)> {
    let Expr::Field { source: 0, field: Fields::One(field), kind } = expr else { return None };
    let index = index_of(object, table, *field)?;
    let is_alike = match kind {
        Kind::Text { exact } => index.ignores_case() != *exact,
        Kind::Picklist(_) => index.ignores_case(),
        Kind::Fixed(_) | Kind::Id => true,
        Kind::MultiPicklist | Kind::Opaque => false,
    };
    is_alike.then_some((*field, index, kind))
}

/// The parts of an index within which all records are that a test holds for.
fn ranges_of(index: &Index, kind: &Kind, test: &Test) -> Option<Vec<KeyRange>> {
    let cell = |constant| cell_of(index.storage, kind, constant);
    // A picklist is ordered by its list, and an id by its text, and the index by neither.
    let has_order = matches!(kind, Kind::Fixed(_) | Kind::Text { .. });
    let not_null = Bound::Excluded(Cell::Null);
    Some(match test {
        Test::Null if index.storage == Storage::Bool => return None,
        Test::Null => vec![value_range(index, Cell::Null)],
        Test::Equal(constant) => values(index, [cell(constant)?]),
        Test::In { values: listed, ranges, or_null } => {
            let cells = listed.iter().map(cell).collect::<Option<Vec<_>>>()?;
            let mut all = values(index, cells);
            all.extend(ranges.iter().map(|range| number_range(index, range)));
            if *or_null {
                all.push(value_range(index, Cell::Null));
            }
            all
        }
        Test::Among(found) => {
            let ids = sorted(found.iter().copied().collect());
            values(index, ids.into_iter().map(Cell::Fixed))
        }
        Test::Less { than, or_equal } if has_order => {
            let to = cell(than)?;
            let to = if *or_equal { Bound::Included(to) } else { Bound::Excluded(to) };
            vec![index_range(index, not_null, to)]
        }
        Test::Greater { than, or_equal } if has_order => {
            let from = cell(than)?;
            let from = if *or_equal { Bound::Included(from) } else { Bound::Excluded(from) };
            vec![index_range(index, from, Bound::Unbounded)]
        }
        Test::Within(range) => vec![number_range(index, range)],
        Test::Like(like) if index.ignores_case() => vec![prefix_range(&like.prefix())?],
        Test::Less { .. }
        | Test::Greater { .. }
        | Test::Like(_)
        | Test::Includes(_)
        | Test::SemiJoin(_) => return None,
    })
}

/// A constant as an index keeps it; `None` if an index cannot answer.
fn cell_of<'c>(storage: Storage, kind: &Kind, constant: &'c Constant) -> Option<Cell<'c>> {
    match (constant, kind) {
        (Constant::Packed(packed), Kind::Id) => Some(Cell::Fixed(*packed)),
        (Constant::Text(text), Kind::Text { .. } | Kind::Picklist(_)) => Some(Cell::Text(text)),
        (Constant::Fixed(number), Kind::Fixed(_)) => Some(Cell::Fixed(unordered(storage, *number))),
        _ => None,
    }
}

/// The entries of these values.
fn values<'c>(index: &Index, cells: impl IntoIterator<Item = Cell<'c>>) -> Vec<KeyRange> {
    let mut ranges = Vec::new();
    for cell in cells {
        match (index.storage, cell) {
            // Nothing has the packed id of one that the store never saw.
            (Storage::Id, Cell::Fixed(0)) => (),
            // A boolean that is null counts as false.
            (Storage::Bool, Cell::Fixed(0)) => {
                ranges.extend([value_range(index, Cell::Null), value_range(index, cell)]);
            }
            _ => ranges.push(value_range(index, cell)),
        }
    }
    ranges
}

fn value_range(index: &Index, cell: Cell<'_>) -> KeyRange {
    let range = index_range(index, Bound::Included(cell), Bound::Included(cell));
    KeyRange { is_value: true, has_null: cell.is_null(), ..range }
}

fn number_range(index: &Index, range: &std::ops::Range<i64>) -> KeyRange {
    let cell = |number: i64| Cell::Fixed(number.cast_unsigned());
    index_range(index, Bound::Included(cell(range.start)), Bound::Excluded(cell(range.end)))
}

fn index_range(index: &Index, from: Bound<Cell<'_>>, to: Bound<Cell<'_>>) -> KeyRange {
    let range = IndexRange { from, to, reverse: false, limit: usize::MAX, after: None };
    let (from, to) = index.bounds(range);
    KeyRange { from, to, is_value: false, has_null: false }
}

/// The entries of the texts that begin with this, which is in upper case; `None` if all do.
fn prefix_range(prefix: &str) -> Option<KeyRange> {
    if prefix.is_empty() {
        return None;
    }
    let mut from = Vec::new();
    push_text(&mut from, Some(prefix), Collation::IgnoreCase);
    // Without the mark of its end, it is what the keys of all these texts begin with.
    from.truncate(from.len().saturating_sub(2));
    let mut to = from.clone();
    while to.last() == Some(&u8::MAX) {
        to.pop();
    }
    *to.last_mut()? += 1;
    let (from, to) = (Bound::Included(from), Bound::Excluded(to));
    Some(KeyRange { from, to, is_value: false, has_null: false })
}
