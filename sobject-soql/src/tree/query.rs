//! [`Query`] and the clauses that are its own.

use super::{Expr, FieldExpr, Name, Operand, Path, Select, SelectItem, With};
use crate::span::{Span, Spanned};

/// A query as it was written.
///
/// ```
/// use sobject_soql::{CompareOp, Expr, OrderItem, Query};
///
/// let query = Query {
///     filter: Some(Expr::compare("Agent.Name", CompareOp::Equal, "Ada")),
///     order_by: vec![OrderItem::desc("LoginTime")],
///     limit: Some(10.into()),
///     ..Query::new(["Id", "Name"], "LiveAgentSession")
/// };
/// assert_eq!(query.select.items().len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The select list.
    pub select: Spanned<Select>,
    /// The object; in a child query, the relationship that leads to the children.
    pub from: FromItem,
    /// Further items of `FROM`, which are relationships of the first: `FROM Contact c, c.Account a`.
    pub also_from: Vec<FromItem>,
    /// `WHERE`
    pub filter: Option<Expr>,
    /// `WITH`, each of them. A data category and a value of a name can only be the first.
    pub with: Vec<Spanned<With>>,
    /// `GROUP BY` and `HAVING`
    pub group_by: Option<GroupBy>,
    /// `ORDER BY`; empty if there is none.
    pub order_by: Vec<OrderItem>,
    /// `LIMIT`. Text may say a negative number, which is refused when the query is bound.
    pub limit: Option<Spanned<Operand<i64>>>,
    /// `OFFSET`. Text may say a negative number, which is refused when the query is bound.
    pub offset: Option<Spanned<Operand<i64>>>,
    /// `FOR VIEW` or `FOR REFERENCE`
    pub tracking: Option<Spanned<Tracking>>,
    /// `UPDATE TRACKING, VIEWSTAT`; empty if there is none.
    pub update: Vec<Name>,
    /// `FOR UPDATE`: of Apex and of the Rust dialect.
    pub for_update: Option<Spanned<()>>,
    /// `ALL ROWS`, so that deleted records are found too: of Apex and of the Rust dialect.
    pub all_rows: Option<Spanned<()>>,
}

impl Query {
    /// A query that selects these items of an object, and has no other clause.
    pub fn new<T: Into<SelectItem>>(
        items: impl IntoIterator<Item = T>,
        from: impl Into<FromItem>,
    ) -> Self {
        Self::of(Select::Items(items.into_iter().map(Into::into).collect()), from)
    }

    /// A query that counts the records of an object: `SELECT COUNT() FROM ..`.
    pub fn count(from: impl Into<FromItem>) -> Self {
        Self::of(Select::Count, from)
    }

    fn of(select: Select, from: impl Into<FromItem>) -> Self {
        Self {
            select: select.into(),
            from: from.into(),
            also_from: Vec::new(),
            filter: None,
            with: Vec::new(),
            group_by: None,
            order_by: Vec::new(),
            limit: None,
            offset: None,
            tracking: None,
            update: Vec::new(),
            for_update: None,
            all_rows: None,
        }
    }
}

/// An item of `FROM`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromItem {
    /// The object or relationship. A relationship may stand behind the root's name or alias.
    pub path: Path,
    /// What paths call it.
    pub alias: Option<Name>,
    /// `USING SCOPE`; empty if there is none.
    pub using: Vec<UsingItem>,
}

impl FromItem {
    /// Where it stands, without the alias.
    pub fn span(&self) -> Span {
        self.path.span()
    }
}

impl<P: Into<Path>> From<P> for FromItem {
    fn from(path: P) -> Self {
        Self { path: path.into(), alias: None, using: Vec::new() }
    }
}

/// One part of `USING SCOPE mine, LOOKUP x`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsingItem {
    /// Which word stands in front.
    pub kind: UsingKind,
    /// The name of the scope or the lookup.
    pub name: Name,
}

/// The word in front of a name of `USING`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsingKind {
    /// `SCOPE`
    Scope,
    /// `LOOKUP`
    Lookup,
}

/// `GROUP BY` with its `HAVING`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupBy {
    /// Whether subtotals are made, and which.
    pub kind: GroupKind,
    /// What is grouped by; at least one in a tree that was read from text.
    pub fields: Vec<FieldExpr>,
    /// `HAVING`
    pub having: Option<Expr>,
}

/// The kind of a `GROUP BY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// `GROUP BY a, b`: the groups alone.
    Plain,
    /// `GROUP BY ROLLUP(a, b)`: and subtotals from right to left.
    Rollup,
    /// `GROUP BY CUBE(a, b)`: and subtotals of every combination.
    Cube,
}

/// An item of `ORDER BY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderItem {
    /// What is ordered by.
    pub field: FieldExpr,
    /// `ASC` or `DESC`; ascending if there is none.
    pub direction: Option<Direction>,
    /// `NULLS FIRST` or `NULLS LAST`; first if there is none.
    pub nulls: Option<Nulls>,
}

impl OrderItem {
    /// Ascending.
    pub fn asc(field: impl Into<FieldExpr>) -> Self {
        Self { field: field.into(), direction: Some(Direction::Ascending), nulls: None }
    }

    /// Descending.
    pub fn desc(field: impl Into<FieldExpr>) -> Self {
        Self { field: field.into(), direction: Some(Direction::Descending), nulls: None }
    }

    /// The item with nulls there.
    #[must_use]
    pub fn nulls(self, nulls: Nulls) -> Self {
        Self { nulls: Some(nulls), ..self }
    }
}

/// The direction of an [`OrderItem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `ASC`
    Ascending,
    /// `DESC`
    Descending,
}

/// Where an [`OrderItem`] has its nulls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nulls {
    /// `NULLS FIRST`
    First,
    /// `NULLS LAST`
    Last,
}

/// What a query marks the records that it finds as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracking {
    /// `FOR VIEW`: as viewed, which sets `LastViewedDate`.
    View,
    /// `FOR REFERENCE`: as referenced, which sets `LastReferencedDate`.
    Reference,
}
