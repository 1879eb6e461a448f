//! [`Order`]: what rows are ordered by.

use std::{fmt, marker::PhantomData};

use sobject_soql::{FieldExpr, Nulls, OrderItem};

use super::{filter::path_of, way::Way};
use crate::shell::{
    field::{Field, Sortable},
    sobject::SObject,
};

/// What the rows of a query over the object `O` are ordered by: [`Field::asc`] and [`Field::desc`]
/// make one. Rows without a value come first, unless [`Order::nulls_last`] says otherwise, and
/// rows that are equal come by their ids.
///
/// By totals, and by parts of dates, groups are ordered and rows are not: such an order is one
/// [`OfGroups`].
#[must_use = "an order does nothing until a query has it"]
pub struct Order<O, Of = OfRows> {
    item: OrderItem,
    types: PhantomData<fn() -> (O, Of)>,
}

/// Marks what rows have, and groups that are grouped by it.
#[derive(Debug)]
pub enum OfRows {}

/// Marks what groups have, and rows do not.
#[derive(Debug)]
pub enum OfGroups {}

impl<O, Of> Order<O, Of> {
    pub(super) fn asc_of(field: impl Into<FieldExpr>) -> Self {
        Self { item: OrderItem::asc(field), types: PhantomData }
    }

    pub(super) fn desc_of(field: impl Into<FieldExpr>) -> Self {
        Self { item: OrderItem::desc(field), types: PhantomData }
    }

    pub(super) fn into_item(self) -> OrderItem {
        self.item
    }

    /// With the rows without a value before all others, whichever way the others go.
    pub fn nulls_first(self) -> Self {
        Self { item: self.item.nulls(Nulls::First), ..self }
    }

    /// With the rows without a value behind all others, whichever way the others go.
    pub fn nulls_last(self) -> Self {
        Self { item: self.item.nulls(Nulls::Last), ..self }
    }
}

impl<O, Of> Clone for Order<O, Of> {
    fn clone(&self) -> Self {
        Self { item: self.item.clone(), types: PhantomData }
    }
}

impl<O, Of> fmt::Debug for Order<O, Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.item.fmt(f)
    }
}

/// Orders.
impl<O: SObject, T, F, G, S, W: Way> Field<O, T, F, G, S, W> {
    /// From the least to the greatest.
    pub fn asc(&self) -> Order<O>
    where
        S: Sortable,
    {
        Order::asc_of(path_of(self))
    }

    /// From the greatest to the least.
    pub fn desc(&self) -> Order<O>
    where
        S: Sortable,
    {
        Order::desc_of(path_of(self))
    }
}
