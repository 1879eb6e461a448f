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
#[must_use = "an order does nothing until a query has it"]
pub struct Order<O> {
    item: OrderItem,
    object: PhantomData<fn() -> O>,
}

impl<O> Order<O> {
    pub(super) fn asc_of(field: impl Into<FieldExpr>) -> Self {
        Self { item: OrderItem::asc(field), object: PhantomData }
    }

    pub(super) fn desc_of(field: impl Into<FieldExpr>) -> Self {
        Self { item: OrderItem::desc(field), object: PhantomData }
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

impl<O> Clone for Order<O> {
    fn clone(&self) -> Self {
        Self { item: self.item.clone(), object: PhantomData }
    }
}

impl<O> fmt::Debug for Order<O> {
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
