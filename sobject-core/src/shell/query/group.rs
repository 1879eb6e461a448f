//! [`GroupedQuery`]: rows in groups that have the same keys, and the totals of each.
//!
//! | file | what |
//! |---|---|
//! | `keys` | what rows are grouped by |
//! | `totals` | totals of the rows of a group |

mod keys;
mod totals;

use std::{fmt, marker::PhantomData, sync::Arc};

use serde_json::Value as Json;
use sobject_soql::{Expr, FieldExpr, GroupBy, GroupKind, Name, Query as Tree, Select, SelectItem};

use self::totals::no_total;
pub(super) use self::totals::value_of_or_null;
pub use self::{
    keys::{Keys, Subtotal, SubtotalKeys},
    totals::{Having, Total, count_rows},
};
use super::{
    order::{OfGroups, Order},
    parts::{Asked, Parts},
    select::{Formatted, Label, text_of},
};
use crate::{
    error::{Error, QueryError, Result},
    language::Planned,
    shell::{cursors::Today, read::State, record::JsonRecord, sobject::SObject, soql::Explanation},
    store::Reader,
};

/// What reads a part of a group's row: each item under its alias.
type Read<R> = Arc<dyn Fn(&JsonRecord) -> Result<R> + Send + Sync>;

/// What groups are made by, and the items of their select list, each under an alias of its own.
#[derive(Debug, Default)]
pub struct Items {
    keys: Vec<FieldExpr>,
    items: Vec<FieldExpr>,
}

impl Items {
    /// Adds an item; what reads it.
    fn add<R: 'static>(
        &mut self,
        expr: FieldExpr,
        read: impl Fn(&Json) -> Result<R> + Send + Sync + 'static,
    ) -> Read<R> {
        self.items.push(expr);
        let alias = alias(self.items.len() - 1);
        Arc::new(move |row| read(row.get(&alias).ok_or_else(no_total)?))
    }

    /// Adds a key, which is an item as well.
    fn add_key<R: 'static>(
        &mut self,
        expr: FieldExpr,
        read: impl Fn(&Json) -> Result<R> + Send + Sync + 'static,
    ) -> Read<R> {
        self.keys.push(expr.clone());
        self.add(expr, read)
    }
}

fn alias(n: usize) -> String {
    format!("t{n}")
}

/// What is told of the rows of a group: a [`Total`], a total as a text or the label of a key, or a tuple
/// of up to eight.
#[diagnostic::on_unimplemented(
    message = "this is no total of rows of `{O}`",
    label = "no total of `{O}`",
    note = "a total is made by `sum`, `avg`, `min`, `max`, `count` or `count_distinct` of a handle of \
            `{O}`, or by `count_rows()`; of a field that is not grouped by, a group has many values"
)]
pub trait Totals<O> {
    /// The totals of a group.
    type Row: 'static;

    /// Names the totals, and gives what reads them.
    #[doc(hidden)]
    fn totals(self, items: &mut Items) -> Read<Self::Row>;
}

impl<O, R: 'static> Totals<O> for Total<O, R> {
    type Row = R;

    fn totals(self, items: &mut Items) -> Read<R> {
        let Total { expr, read, .. } = self;
        items.add(expr, move |given| read(given))
    }
}

impl<O> Totals<O> for Formatted<O, OfGroups> {
    type Row = Option<String>;

    fn totals(self, items: &mut Items) -> Read<Option<String>> {
        items.add(self.expr, text_of)
    }
}

impl<O> Totals<O> for Formatted<O> {
    type Row = Option<String>;

    fn totals(self, items: &mut Items) -> Read<Option<String>> {
        items.add(self.expr, text_of)
    }
}

impl<O, F> Totals<O> for Label<O, F> {
    type Row = Option<String>;

    fn totals(self, items: &mut Items) -> Read<Option<String>> {
        items.add(self.expr, text_of)
    }
}

/// Implements a trait for tuples.
macro_rules! tuples {
    ($trait:ident $method:ident: $(($($part:ident)+))+) => {$(
        impl<O, $($part: $trait<O>),+> $trait<O> for ($($part,)+) {
            type Row = ($($part::Row,)+);

            #[expect(non_snake_case, reason = "the variables have the names of the types")]
            fn $method(self, items: &mut Items) -> Read<Self::Row> {
                let ($($part,)+) = self;
                $(let $part = $part.$method(items);)+
                Arc::new(move |row| Ok(($($part(row)?,)+)))
            }
        }
    )+};
}

tuples! { Keys keys: (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }
tuples! { SubtotalKeys subtotal_keys: (A) (A B) (A B C) }
tuples! {
    Totals totals: (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G)
        (A B C D E F G H)
}

/// A query whose rows are grouped, and of which nothing is told yet: [`Grouped::totals`] says what.
#[must_use = "a query reads nothing until it is asked for rows"]
pub struct Grouped<S, O, K> {
    source: S,
    parts: Parts,
    kind: GroupKind,
    items: Items,
    keys: Read<K>,
    object: PhantomData<fn() -> O>,
}

impl<S, O, K> fmt::Debug for Grouped<S, O, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grouped").field("keys", &self.items.keys).finish_non_exhaustive()
    }
}

impl<S: Asked, O: SObject, K: 'static> Grouped<S, O, K> {
    pub(super) fn new(source: S, parts: Parts, keys: impl Keys<O, Row = K>) -> Self {
        let mut items = Items::default();
        let keys = keys.keys(&mut items);
        Self { source, parts, kind: GroupKind::Plain, items, keys, object: PhantomData }
    }

    pub(super) fn with_subtotals(
        source: S,
        parts: Parts,
        kind: GroupKind,
        keys: impl SubtotalKeys<O, Row = K>,
    ) -> Self {
        let mut items = Items::default();
        let keys = keys.subtotal_keys(&mut items);
        Self { source, parts, kind, items, keys, object: PhantomData }
    }

    /// These totals of each group, behind its keys.
    pub fn totals<A: Totals<O>>(self, totals: A) -> GroupedQuery<S, O, (K, A::Row)> {
        let Self { source, parts, kind, mut items, keys, object } = self;
        let totals = totals.totals(&mut items);
        let read: Read<(K, A::Row)> = Arc::new(move |row| Ok((keys(row)?, totals(row)?)));
        GroupedQuery { source, parts, kind, items, having: None, read, object }
    }
}

/// A query over the object `O` that gives a row for each group, which becomes an `R`: the keys, and the
/// totals.
#[must_use = "a query reads nothing until it is asked for rows"]
pub struct GroupedQuery<S, O, R> {
    source: S,
    parts: Parts,
    kind: GroupKind,
    items: Items,
    having: Option<Expr>,
    read: Read<R>,
    object: PhantomData<fn() -> O>,
}

impl<S: Asked, O: SObject, R> GroupedQuery<S, O, R> {
    /// Only groups that meet the condition, beside those that were asked for before.
    pub fn having(mut self, having: Having<O>) -> Self {
        self.having = Some(match self.having {
            Some(known) => known.and(having.into_expr()),
            None => having.into_expr(),
        });
        self
    }

    /// Ordered by this, behind the orders that were given before: a key, or a total.
    pub fn order_by<Of>(mut self, order: Order<O, Of>) -> Self {
        self.parts.order_by.push(order.into_item());
        self
    }

    /// So many groups at most.
    pub fn limit(mut self, limit: usize) -> Self {
        self.parts.limit = Some(limit);
        self
    }

    /// Without so many first groups.
    pub fn offset(mut self, offset: usize) -> Self {
        self.parts.offset = Some(offset);
        self
    }

    /// All groups: in the order that was asked for, or else by their keys.
    ///
    /// # Errors
    /// [`Error::Query`](crate::Error::Query), also if there are more than 2,000 groups;
    /// [`Error::UnknownObject`](crate::Error::UnknownObject);
    /// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub fn all(&self) -> Result<Vec<R>> {
        self.at_most(None)
    }

    /// The one group that there is.
    ///
    /// # Errors
    /// As [`GroupedQuery::all`]; [`Error::Query`] if there is none, or more than one.
    pub fn one(&self) -> Result<R> {
        let one = self.optional()?;
        one.ok_or_else(|| Error::Query(Box::new(QueryError::not_one_row(true))))
    }

    /// The one group that there is, or `None`.
    ///
    /// # Errors
    /// As [`GroupedQuery::all`]; [`Error::Query`] if there is more than one.
    pub fn optional(&self) -> Result<Option<R>> {
        let mut groups = self.at_most(Some(2))?;
        if groups.len() > 1 {
            return Err(Error::Query(Box::new(QueryError::not_one_row(false))));
        }
        Ok(groups.pop())
    }

    /// How the groups are found. See [`Query::explain`](crate::Query::explain).
    ///
    /// # Errors
    /// As [`GroupedQuery::all`].
    pub fn explain(&self) -> Result<Explanation> {
        let (state, today) = self.source.begin()?;
        state.read(|reader| {
            Ok(Explanation::new(self.plan(reader, &self.parts, today)?.explain(reader)?))
        })
    }

    fn at_most(&self, n: Option<usize>) -> Result<Vec<R>> {
        let (state, today) = self.source.begin()?;
        let limit = self.parts.limit.into_iter().chain(n).min();
        let parts = Parts { limit, ..self.parts.clone() };
        let rows = state.read(|reader| {
            let answered = self.plan(reader, &parts, today)?.answer(reader)?;
            answered.check_groups()?;
            answered.rows(reader, 0, usize::MAX)
        })?;
        rows.iter().map(|row| (self.read)(row)).collect()
    }

    fn plan(&self, reader: &Reader<'_>, parts: &Parts, today: Today) -> Result<Planned> {
        let object = O::OBJECT;
        reader.access.object_of(&reader.schema.catalogue, object.name, object.fields)?;
        parts.plan(reader, &self.tree(parts), today)
    }

    fn tree(&self, parts: &Parts) -> Tree {
        // The alias begins with a letter and goes on with digits, so it is a name.
        let item = |(n, expr): (usize, &FieldExpr)| SelectItem {
            alias: Name::new(alias(n)).ok(),
            ..expr.clone().into()
        };
        let Items { keys, items } = &self.items;
        let items = items.iter().enumerate().map(item).collect();
        let group_by = (!keys.is_empty() || self.having.is_some()).then(|| GroupBy {
            kind: self.kind,
            fields: keys.clone(),
            having: self.having.clone(),
        });
        Tree { group_by, ..parts.tree(O::OBJECT, Select::Items(items)) }
    }
}

impl<S: Asked, O: SObject, R> fmt::Debug for GroupedQuery<S, O, R> {
    /// Prints the query as SOQL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GroupedQuery({})", self.tree(&self.parts))
    }
}

/// The totals of all rows of a query, in one row.
pub(super) fn totals_of_all<S: Asked, O: SObject, A: Totals<O>>(
    source: &S,
    parts: &Parts,
    totals: A,
) -> Result<A::Row> {
    let mut items = Items::default();
    let read = totals.totals(&mut items);
    let parts = parts.clone();
    let source = source.clone();
    let object = PhantomData;
    let all = GroupedQuery::<S, O, A::Row> {
        source,
        parts,
        kind: GroupKind::Plain,
        items,
        having: None,
        read,
        object,
    };
    all.all()?.pop().ok_or_else(no_total)
}
