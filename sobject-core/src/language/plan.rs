//! Plans: how the records are found that a bound query asks for.
//!
//! A condition that every hit must meet may lead to few records: by the ids that it lists, or by a part
//! of an index. Whatever a path gives is tested by the whole condition afterwards, so a path may give
//! too many records and never too few. Which path costs least is found out by reading a few entries of
//! the indexes, not by statistics that could be out of date.
//!
//! | file | what |
//! |---|---|
//! | `reach` | which part of an index a condition reaches |
//! | `cost` | how many records a path gives, and what it costs |
//! | `told` | a plan in words |
//!
//! **Invariants:** a plan changes nothing of the answer, the order of its rows included. Records of the
//! recycle bin have no entries in indexes, so with them nothing but ids and a scan will do.

mod cost;
mod reach;
mod told;

pub(crate) use self::{
    reach::KeyRange,
    told::{Told, ToldPlan},
};

use self::{
    cost::Costs,
    reach::{Reach, add, reach_of},
};
use super::bound::{Aggregate, Cond, Expr, Fields, How, Kind, Level, Operand, Order, Shape};
use crate::{
    catalogue::Object,
    definition::FieldIdx,
    error::{Error, Result},
    store::{Index, Reader, Table},
    value::Storage,
};

/// How the records of a level are found.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) path: Path,
    /// How many records the path gives, as far as is known.
    pub(crate) estimate: u64,
    pub(crate) reason: Reason,
    /// The paths that were weighed against each other, the best first.
    weighed: Vec<Weighed>,
}

/// Where records are found.
#[derive(Clone, Debug)]
pub(crate) enum Path {
    /// By these packed ids.
    Ids(Vec<u64>),
    /// By parts of an index.
    Index(IndexPath),
    /// By those records that all of these parts of indexes lead to.
    All(Vec<IndexPath>),
    /// By those records that any of these lead to.
    Any(Vec<Path>),
    /// By an index in the order of its values.
    InOrder(OrderPath),
    /// By nothing but the first record of each of these: of an aggregate each.
    Ends(Vec<OrderPath>),
    /// By reading all records of the object.
    Scan,
}

/// Parts of an index.
#[derive(Clone, Debug)]
pub(crate) struct IndexPath {
    pub(crate) field: FieldIdx,
    pub(crate) ranges: Vec<KeyRange>,
    /// The ids that they lead to, if these were read already.
    pub(crate) found: Option<Vec<u64>>,
}

/// An index, or a part of it, in the order that a query asks for.
#[derive(Clone, Debug)]
pub(crate) struct OrderPath {
    pub(crate) field: FieldIdx,
    /// Where the values are, of which null is none; all values if it says nothing.
    pub(crate) range: Option<KeyRange>,
    pub(crate) descending: bool,
    pub(crate) nulls_last: bool,
}

/// Why a path was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The condition lists ids.
    Ids,
    /// The condition names one value of a unique index.
    Unique,
    /// Fewer records than by any other path.
    Fewest,
    /// Few records are in all of several parts of indexes.
    Both,
    /// The first rows are wanted, and an index has them in order.
    InOrder,
    /// The least or greatest values are wanted, and indexes have them at their ends.
    Ends,
    /// The first rows are wanted, and any will do.
    AnyRows,
    /// No condition says where the records are.
    NoIndex,
    /// Indexes lead to so many records that it is faster to read all.
    TooMany,
    /// Records of the recycle bin are wanted too.
    Bin,
    /// How many records there are is known.
    Known,
    /// The caller asked for it.
    Told,
}

/// A path with what it would cost.
#[derive(Clone, Debug)]
struct Weighed {
    path: Path,
    estimate: u64,
    cost: f64,
    reason: Reason,
}

/// How a plan may be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Choice {
    /// Whatever costs least.
    #[default]
    Best,
    /// All records are read, whatever it costs: what others are compared with.
    Scan,
}

impl Plan {
    /// The plan of a level whose semi-joins have been run and whose ids are packed.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn new(reader: &Reader<'_>, level: &Level, choice: Choice) -> Result<Self> {
        let none = || Error::corrupt("a query of an object that is not there");
        let object = reader.schema.catalogue.get(level.object).ok_or_else(none)?;
        let table = reader.schema.table(object)?;
        let scan = |reason| {
            let n_rows = reader.read.len(table.live)?;
            Ok(Self::only(Path::Scan, n_rows, reason))
        };
        if level.filter.is_none() && !level.all_rows && matches!(level.shape, Shape::Count) {
            return Ok(Self::only(Path::Scan, 0, Reason::Known));
        }
        if choice == Choice::Scan {
            return scan(Reason::Told);
        }
        if let Some(ends) = ends_of(object, table, level) {
            let n = u64::try_from(ends.len()).unwrap_or(u64::MAX);
            return Ok(Self::only(Path::Ends(ends), n, Reason::Ends));
        }
        let mut reaches = Vec::new();
        let mut n_unknown = 0;
        for cond in conjuncts(level.filter.as_ref()) {
            match reach_of(object, table, cond, level.all_rows) {
                Some(Reach::Ids(ids)) => {
                    let estimate = u64::try_from(ids.len()).unwrap_or(u64::MAX);
                    return Ok(Self::only(Path::Ids(ids), estimate, Reason::Ids));
                }
                Some(Reach::Index { field, ranges, is_one: true }) => {
                    let path = Path::Index(IndexPath { field, ranges, found: None });
                    return Ok(Self::only(path, 1, Reason::Unique));
                }
                Some(reach) => add(&mut reaches, reach),
                None => n_unknown += 1,
            }
        }
        if level.all_rows {
            return scan(Reason::Bin);
        }
        let order = order_path(object, table, level, &reaches);
        if reaches.is_empty() && order.is_none() {
            let is_any = level.limit.is_some() && level.order.is_empty() && is_by_rows(level);
            return scan(if is_any { Reason::AnyRows } else { Reason::NoIndex });
        }
        Self::weigh(reader, object, table, level, (&reaches, n_unknown), order)
    }

    /// Chooses the path that costs least, where so many conditions lead nowhere.
    fn weigh(
        reader: &Reader<'_>,
        object: &Object,
        table: &Table,
        level: &Level,
        (reaches, n_unknown): (&[Reach], usize),
        order: Option<OrderPath>,
    ) -> Result<Self> {
        let costs = Costs::new(reader, object, table)?;
        let mut known = Vec::with_capacity(reaches.len());
        for reach in reaches {
            let it = costs.reached(reach)?;
            let is_small = it.is_small();
            known.push(it);
            // No other path can save much any more.
            if is_small {
                break;
            }
        }
        let mut weighed: Vec<_> = known.iter().map(Costs::weigh).collect();
        weighed.extend(costs.intersection(&known));
        let wanted = level.limit.map(|limit| limit.saturating_add(level.offset));
        if let (Some(order), Some(wanted)) = (order, wanted) {
            weighed.push(costs.in_order(order, wanted, &known, n_unknown)?);
        }
        let ends_at = wanted.filter(|_| level.order.is_empty() && is_by_rows(level));
        weighed.push(costs.scan(ends_at, &known, n_unknown));
        weighed.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        let none = || Error::corrupt("a query without a plan");
        let Weighed { path, estimate, reason, .. } = weighed.first().cloned().ok_or_else(none)?;
        Ok(Self { path, estimate, reason, weighed })
    }

    fn only(path: Path, estimate: u64, reason: Reason) -> Self {
        Self { path, estimate, reason, weighed: Vec::new() }
    }
}

impl Path {
    /// The fields whose values it finds records by.
    fn fields(&self) -> Vec<FieldIdx> {
        let mut fields = match self {
            Self::Ids(_) => vec![FieldIdx::ID],
            Self::Index(path) => vec![path.field],
            Self::All(paths) => paths.iter().map(|path| path.field).collect(),
            Self::Any(paths) => paths.iter().flat_map(Self::fields).collect(),
            Self::InOrder(path) => vec![path.field],
            Self::Ends(paths) => paths.iter().map(|path| path.field).collect(),
            Self::Scan => Vec::new(),
        };
        fields.dedup();
        fields
    }
}

/// Does a level give its rows, or count them? Groups need all of them.
fn is_by_rows(level: &Level) -> bool {
    !matches!(level.shape, Shape::Groups(_))
}

/// The conditions that all must hold.
fn conjuncts(filter: Option<&Cond>) -> Vec<&Cond> {
    match filter {
        None => Vec::new(),
        Some(Cond::All(of)) => of.iter().flat_map(|of| conjuncts(Some(of))).collect(),
        Some(other) => vec![other],
    }
}

/// The index that has the rows of a level in order, if there is one.
fn order_path(
    object: &Object,
    table: &Table,
    level: &Level,
    reaches: &[Reach],
) -> Option<OrderPath> {
    let [Order { by: Operand::Row(by), descending, nulls_last }] = &*level.order else {
        return None;
    };
    let (field, _) = ordered_index(object, table, by).filter(|_| is_by_rows(level))?;
    let ranges = reaches.iter().find_map(|reach| match reach {
        Reach::Index { field: of, ranges, .. } if *of == field => Some(ranges),
        _ => None,
    });
    let range = match ranges.map(Vec::as_slice) {
        Some([range]) if !range.has_null => Some(range.clone()),
        _ => None,
    };
    let (descending, nulls_last) = (*descending, *nulls_last);
    Some(OrderPath { field, range, descending, nulls_last })
}

/// The ends of indexes that tell all that a level asks for: the least and greatest values of fields.
fn ends_of(object: &Object, table: &Table, level: &Level) -> Option<Vec<OrderPath>> {
    let Shape::Groups(grouping) = &level.shape else { return None };
    if level.filter.is_some() || level.all_rows || !grouping.keys.is_empty() {
        return None;
    }
    let end = |aggregate: &Aggregate| {
        let descending = match aggregate.how {
            How::Min => false,
            How::Max => true,
            _ => return None,
        };
        let (field, index) = ordered_index(object, table, &aggregate.of)?;
        let range = Some(KeyRange::values(index));
        Some(OrderPath { field, range, descending, nulls_last: true })
    };
    let ends: Option<Vec<_>> = grouping.aggregates.iter().map(end).collect();
    ends.filter(|ends| !ends.is_empty())
}

/// The index that has records in the order of an expression.
///
/// A picklist is ordered by its list and its index by text; packed ids are not ordered as ids are; and
/// a boolean that is null counts as false. So their indexes have another order.
fn ordered_index<'t>(
    object: &Object,
    table: &'t Table,
    expr: &Expr,
) -> Option<(FieldIdx, &'t Index)> {
    let Expr::Field { source: 0, field: Fields::One(field), kind } = expr else { return None };
    let index = index_of(object, table, *field)?;
    let has_order = match kind {
        Kind::Text { exact } => index.ignores_case() != *exact,
        Kind::Fixed(storage) => *storage != Storage::Bool,
        Kind::Id | Kind::Picklist(_) | Kind::MultiPicklist | Kind::Opaque => false,
    };
    has_order.then_some((*field, index))
}

/// The index of a field, if it has all records.
fn index_of<'t>(object: &Object, table: &'t Table, field: FieldIdx) -> Option<&'t Index> {
    object.field(field)?;
    let index = table.slot(field).and_then(|slot| table.index_of(slot))?;
    index.building.is_none().then_some(index)
}
