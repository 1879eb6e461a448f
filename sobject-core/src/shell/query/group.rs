//! [`GroupedQuery`]: rows in groups that have the same keys, and the totals of each.

use std::{fmt, marker::PhantomData, sync::Arc};

use serde_json::Value as Json;
use sobject_soql::{Expr, FieldExpr, GroupBy, GroupKind, Name, Query as Tree, Select, SelectItem};

use super::{
    filter::path_of,
    order::Order,
    parts::{Asked, Parts},
    totals::{Having, Total, no_total, value},
    traits::Selectable,
    way::Way,
};
use crate::{
    error::Result,
    shell::{
        field::{Field, Groupable},
        read::State,
        record::JsonRecord,
        sobject::SObject,
    },
};

/// What reads a part of a group's row: each item under its alias.
type Read<R> = Arc<dyn Fn(&JsonRecord) -> Result<R> + Send + Sync>;

/// The items of the select list of groups, each under an alias of its own.
#[derive(Debug, Default)]
pub struct Items(Vec<FieldExpr>);

impl Items {
    /// Adds an item; what reads it.
    fn add<R: 'static>(
        &mut self,
        expr: FieldExpr,
        read: impl Fn(&Json) -> Result<R> + Send + Sync + 'static,
    ) -> Read<R> {
        self.0.push(expr);
        let alias = alias(self.0.len() - 1);
        Arc::new(move |row| read(row.get(&alias).ok_or_else(no_total)?))
    }
}

fn alias(n: usize) -> String {
    format!("t{n}")
}

/// What rows are grouped by: the handle of a field, or a tuple of up to six.
#[diagnostic::on_unimplemented(
    message = "rows of `{O}` cannot be grouped by this",
    label = "no handle of a `group` field of `{O}`",
    note = "a key is a handle of `{O}` whose field has `group`, or a tuple of up to six of them"
)]
pub trait Keys<O> {
    /// The keys of a group.
    type Row: 'static;

    /// Names the keys, and gives what reads them.
    #[doc(hidden)]
    fn keys(self, items: &mut Items) -> Read<Self::Row>;
}

/// What is made of the rows of a group: a [`Total`], or a tuple of up to eight.
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

impl<O: SObject, T: Selectable, F, G: Groupable, S, W: Way> Keys<O> for Field<O, T, F, G, S, W> {
    type Row = T;

    fn keys(self, items: &mut Items) -> Read<T> {
        let (object, idx) = (self.object(), self.idx());
        items.add(path_of(&self).into(), move |given| value(object, idx, given))
    }
}

impl<O, R: 'static> Totals<O> for Total<O, R> {
    type Row = R;

    fn totals(self, items: &mut Items) -> Read<R> {
        let Total { expr, read, .. } = self;
        items.add(expr, move |given| read(given))
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
tuples! {
    Totals totals: (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G)
        (A B C D E F G H)
}

/// A query whose rows are grouped, and of which nothing is told yet: [`Grouped::totals`] says what.
#[must_use = "a query reads nothing until it is asked for rows"]
pub struct Grouped<S, O, K> {
    source: S,
    parts: Parts,
    items: Items,
    keys: Read<K>,
    object: PhantomData<fn() -> O>,
}

impl<S, O, K> fmt::Debug for Grouped<S, O, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grouped").field("keys", &self.items).finish_non_exhaustive()
    }
}

impl<S: Asked, O: SObject, K: 'static> Grouped<S, O, K> {
    pub(super) fn new(source: S, parts: Parts, keys: impl Keys<O, Row = K>) -> Self {
        let mut items = Items::default();
        let keys = keys.keys(&mut items);
        Self { source, parts, items, keys, object: PhantomData }
    }

    /// These totals of each group, behind its keys.
    pub fn totals<A: Totals<O>>(self, totals: A) -> GroupedQuery<S, O, (K, A::Row)> {
        let Self { source, parts, mut items, keys, object } = self;
        let n_keys = items.0.len();
        let totals = totals.totals(&mut items);
        let read: Read<(K, A::Row)> = Arc::new(move |row| Ok((keys(row)?, totals(row)?)));
        GroupedQuery { source, parts, items, n_keys, having: None, read, object }
    }
}

/// A query over the object `O` that gives a row for each group, which becomes an `R`: the keys, and the
/// totals.
#[must_use = "a query reads nothing until it is asked for rows"]
pub struct GroupedQuery<S, O, R> {
    source: S,
    parts: Parts,
    items: Items,
    n_keys: usize,
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
    pub fn order_by(mut self, order: Order<O>) -> Self {
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
        let (state, today) = self.source.begin()?;
        let rows = state.read(|reader| {
            let object = O::OBJECT;
            reader.access.object_of(&reader.schema.catalogue, object.name, object.fields)?;
            let answered = self.parts.plan(reader, &self.tree(), today)?.answer(reader)?;
            answered.check_groups()?;
            answered.rows(reader, 0, usize::MAX)
        })?;
        rows.iter().map(|row| (self.read)(row)).collect()
    }

    fn tree(&self) -> Tree {
        let item = |(n, expr): (usize, &FieldExpr)| {
            let item: SelectItem = expr.clone().into();
            // The alias begins with a letter and goes on with digits, so it is a name.
            match Name::new(alias(n)) {
                Ok(alias) => item.alias(alias),
                Err(_) => item,
            }
        };
        let items = self.items.0.iter().enumerate().map(item).collect();
        let fields: Vec<_> = self.items.0.iter().take(self.n_keys).cloned().collect();
        let group_by = (!fields.is_empty() || self.having.is_some()).then(|| GroupBy {
            kind: GroupKind::Plain,
            fields,
            having: self.having.clone(),
        });
        Tree { group_by, ..self.parts.tree(O::OBJECT, Select::Items(items)) }
    }
}

impl<S, O: SObject, R> fmt::Debug for GroupedQuery<S, O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GroupedQuery").field("items", &self.items).finish_non_exhaustive()
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
        items,
        n_keys: 0,
        having: None,
        read,
        object,
    };
    all.all()?.pop().ok_or_else(no_total)
}
