//! A bound query: every name resolved to objects, relationships and fields, every literal turned into
//! the cell that it is compared as, every right and flag checked.
//!
//! A query reads one *level* of records, and each child query one more below it. A row of a level has
//! *sources*: the record itself, and the parents that its paths lead to. Parents are outer joins: a
//! source may have no record, and then everything that is read of it is null.
//!
//! **Invariants:** what is bound can be run: there is no name in it that the caller may not read, and
//! no comparison that a field does not allow. It knows numbers, not names, so it can be kept, and run
//! against any state of the store that it was bound for.

use std::{collections::HashSet, ops::Range, sync::Arc};

use sobject_soql::Function;

use super::text::Like;
use crate::{
    catalogue::ObjectNo,
    definition::FieldIdx,
    id::RecordId,
    store::Look,
    value::{FieldType, Storage},
};

/// The records of one object, filtered, grouped or ordered.
#[derive(Clone, Debug)]
pub(crate) struct Level {
    pub(crate) object: ObjectNo,
    /// What a row reads: its record, then the parents, each behind the source that it is the parent of.
    pub(crate) sources: Vec<Source>,
    pub(crate) filter: Option<Cond>,
    pub(crate) order: Vec<Order>,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: usize,
    pub(crate) shape: Shape,
    /// Are records of the recycle bin read too?
    pub(crate) all_rows: bool,
    /// How the caller sees the records, if that is to be noted.
    pub(crate) look: Option<Look>,
}

/// Where a source of a row comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The record of the level itself.
    Own,
    /// The record that a reference field of another source names.
    Parent {
        of: usize,
        field: FieldIdx,
        /// The objects that it may be of: one, or those of a polymorphic reference.
        objects: Vec<ObjectNo>,
    },
}

/// What a level gives.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// `COUNT()`: how many rows there are.
    Count,
    /// A record for each row. What is selected is the same for all runs of a query, and shared.
    Records(Arc<Vec<Column>>),
    /// A row for each group.
    Groups(Grouping),
}

/// A member of a record in the answer.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// What it is called.
    pub(crate) key: String,
    pub(crate) what: What,
}

/// What a member of a record is.
#[derive(Clone, Debug)]
pub(crate) enum What {
    Value(Expr),
    /// A parent with some of its fields; null where there is none.
    Parent {
        source: usize,
        is_named: bool,
        columns: Vec<Column>,
    },
    /// A parent with fields that depend on its object.
    TypeOf {
        source: usize,
        branches: Vec<(ObjectNo, Vec<Column>)>,
        otherwise: Option<Vec<Column>>,
    },
    /// The children of the record: those whose reference field names it.
    Children {
        field: FieldIdx,
        level: Box<Level>,
    },
}

/// Something that is read of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    /// A field of a source.
    Field { source: usize, field: Fields, kind: Kind },
    /// The name of the object that a polymorphic parent is of. A group that is a queue is called so, if
    /// the caller may read the field that says what a group is.
    TypeName { source: usize, of_group: Option<(ObjectNo, FieldIdx)> },
    /// A part of a date or a moment, in UTC or in the caller's zone.
    DatePart { function: Function, in_zone: bool, of: Box<Expr> },
    /// The label of a picklist's value.
    Label { of: Box<Expr>, labels: Vec<(String, String)> },
    /// The value as a text for people.
    Format { of: Box<Expr>, field_type: FieldType, scale: u8 },
}

/// The field of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fields {
    One(FieldIdx),
    /// By the object that the source's record is of; null for other objects.
    ByObject(Vec<(ObjectNo, FieldIdx)>),
}

/// How the values of an expression are compared and ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Values of fixed width, by their numbers. Null is false where `Storage::Bool`.
    Fixed(Storage),
    Id,
    /// Texts: in upper case, or as they are.
    Text {
        exact: bool,
    },
    /// Values of a list: equal in any case, ordered by their places in the list, then by text.
    Picklist(Vec<String>),
    /// Values of a list joined by `;`.
    MultiPicklist,
    /// What can be selected and nothing else.
    Opaque,
}

/// A condition. It holds or it does not: there is no third value.
#[derive(Clone, Debug)]
pub(crate) enum Cond {
    All(Vec<Cond>),
    Any(Vec<Cond>),
    Not(Box<Cond>),
    Test { left: Operand, test: Test },
}

/// The left side of a condition: of a row, or in `HAVING` of a group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    Row(Expr),
    /// The group's key or aggregate of this place.
    Group(GroupItem, Kind),
}

/// What a condition asks of its left side.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    /// `= null`
    Null,
    Equal(Constant),
    Less {
        than: Constant,
        or_equal: bool,
    },
    Greater {
        than: Constant,
        or_equal: bool,
    },
    /// Within one of these ranges of numbers, whose ends are not in them: what date literals mean.
    Within(Range<i64>),
    /// One of these, with null among them if it was listed.
    In {
        values: Vec<Constant>,
        ranges: Vec<Range<i64>>,
        or_null: bool,
    },
    Like(Like),
    /// All values of one of these sets.
    Includes(Vec<Vec<String>>),
    /// One of the ids that another query finds.
    SemiJoin(Box<SemiJoin>),
    /// One of these packed ids: what a semi-join becomes when it is run.
    Among(Arc<HashSet<u64>>),
}

/// A value to compare with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Constant {
    /// A value of fixed width, as the ordered integer of its storage.
    Fixed(u64),
    /// A number that a whole number is compared with, and that is none itself.
    Fraction(f64),
    Id(RecordId),
    /// The packed id of a record, once the store was asked for it; 0 for one that it never saw.
    Packed(u64),
    /// A text, in upper case if case does not matter.
    Text(String),
    /// The values of a multi-select picklist, in upper case, sorted.
    Several(Vec<String>),
}

/// A query inside an `IN`.
#[derive(Clone, Debug)]
pub(crate) struct SemiJoin {
    /// What of its rows is compared.
    pub(crate) field: Expr,
    pub(crate) level: Level,
}

/// An item of `ORDER BY`.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) by: Operand,
    pub(crate) descending: bool,
    pub(crate) nulls_last: bool,
}

/// How rows are grouped.
#[derive(Clone, Debug)]
pub(crate) struct Grouping {
    /// What is grouped by, with how it is compared.
    pub(crate) keys: Vec<(Expr, Kind)>,
    /// Which keys each kind of row is grouped by: of plain groups all, of subtotals fewer.
    pub(crate) sets: Vec<Vec<bool>>,
    pub(crate) aggregates: Vec<Aggregate>,
    pub(crate) having: Option<Cond>,
    pub(crate) columns: Vec<(String, GroupItem)>,
}

/// A member of a group's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupItem {
    /// The key of this place.
    Key(usize),
    /// The aggregate of this place.
    Aggregate(usize),
    /// 1 if the key of this place is not grouped by in the row, else 0.
    IsSubtotal(usize),
    /// What the aggregate of this place makes of a key, where the row is grouped by that key.
    OfKey { key: usize, aggregate: usize },
    /// The aggregate of this place as a text for people.
    Formatted { aggregate: usize, field_type: FieldType, scale: u8 },
}

/// An aggregate of the rows of a group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Aggregate {
    pub(crate) how: How,
    /// What it is of.
    pub(crate) of: Expr,
    /// How the values that it is of are compared.
    pub(crate) kind: Kind,
}

/// How an aggregate makes one value out of those of its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Count,
    CountDistinct,
    Avg,
    Sum,
    Min,
    Max,
    /// The value of any row: all of a group have the same.
    Any,
}

impl Aggregate {
    /// How its own values are compared.
    pub(crate) fn result(&self) -> Kind {
        match self.how {
            How::Count | How::CountDistinct => Kind::Fixed(Storage::Long),
            How::Avg | How::Sum => Kind::Fixed(Storage::Double),
            How::Min | How::Max | How::Any => self.kind.clone(),
        }
    }
}

impl Level {
    /// How many child queries it has, those inside of others included.
    pub(crate) fn n_children(&self) -> usize {
        let Shape::Records(columns) = &self.shape else { return 0 };
        let of_column = |column: &Column| match &column.what {
            What::Children { level, .. } => 1 + level.n_children(),
            _ => 0,
        };
        columns.iter().map(of_column).sum()
    }

    /// Finds records of the recycle bin, too, and among children as well.
    pub(crate) fn find_all_rows(&mut self) {
        self.all_rows = true;
        if let Shape::Records(columns) = &mut self.shape
            && columns.iter().any(|column| matches!(column.what, What::Children { .. }))
        {
            for column in Arc::make_mut(columns) {
                if let What::Children { level, .. } = &mut column.what {
                    level.find_all_rows();
                }
            }
        }
    }
}

impl Expr {
    /// The source that it reads.
    pub(crate) fn source(&self) -> usize {
        match self {
            Self::Field { source, .. } | Self::TypeName { source, .. } => *source,
            Self::DatePart { of, .. } | Self::Label { of, .. } | Self::Format { of, .. } => {
                of.source()
            }
        }
    }

    /// How its values are compared.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Field { kind, .. } => kind.clone(),
            Self::DatePart { function: Function::DayOnly, .. } => Kind::Fixed(Storage::Date),
            Self::DatePart { .. } => Kind::Fixed(Storage::Long),
            Self::TypeName { .. } | Self::Label { .. } | Self::Format { .. } => {
                Kind::Text { exact: false }
            }
        }
    }
}

impl Cond {
    /// Calls `f` with each expression that is read of a row.
    pub(crate) fn each_expr(&self, f: &mut dyn FnMut(&Expr)) {
        match self {
            Self::All(of) | Self::Any(of) => of.iter().for_each(|of| of.each_expr(f)),
            Self::Not(of) => of.each_expr(f),
            Self::Test { left: Operand::Row(expr), .. } => f(expr),
            Self::Test { .. } => (),
        }
    }
}
