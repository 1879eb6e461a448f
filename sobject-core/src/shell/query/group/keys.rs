//! [`Keys`]: what rows are grouped by; and [`SubtotalKeys`], of which each has subtotals.

use std::sync::Arc;

use sobject_soql::{FieldExpr, Function};

use super::{Items, Read, Total, totals::value_of};
use crate::shell::{
    field::{Field, Groupable},
    query::{
        date_part::{DatePart, PartValue, part_of},
        filter::path_of,
        traits::Selectable,
        way::Way,
    },
    sobject::SObject,
};

/// What rows are grouped by: the handle of a field, a part of a date, or a tuple of up to six.
#[diagnostic::on_unimplemented(
    message = "rows of `{O}` cannot be grouped by this",
    label = "no handle of a `group` field of `{O}`",
    note = "a key is a handle of `{O}` whose field has `group`, a part of a date such as its \
            `calendar_year()`, or a tuple of up to six of them"
)]
pub trait Keys<O> {
    /// The keys of a group.
    type Row: 'static;

    /// Names the keys, and gives what reads them.
    #[doc(hidden)]
    fn keys(self, items: &mut Items) -> Read<Self::Row>;
}

impl<O: SObject, T: Selectable, F, G: Groupable, S, W: Way> Keys<O> for Field<O, T, F, G, S, W> {
    type Row = T;

    fn keys(self, items: &mut Items) -> Read<T> {
        let (object, idx) = (self.object(), self.idx());
        items.add_key(path_of(&self).into(), move |given| value_of(object, idx, given))
    }
}

impl<O: SObject, V: PartValue, F, K> Keys<O> for DatePart<O, V, F, K> {
    type Row = Option<V>;

    fn keys(self, items: &mut Items) -> Read<Option<V>> {
        items.add_key(self.expr(), part_of)
    }
}

/// A key of a row of groups and subtotals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subtotal<T> {
    /// The row is about rows that have this value.
    Of(T),
    /// The row is a subtotal over all values.
    All,
}

impl<T> Subtotal<T> {
    /// The value; `None` of a subtotal over all of them.
    pub fn of(self) -> Option<T> {
        match self {
            Self::Of(value) => Some(value),
            Self::All => None,
        }
    }
}

/// What rows are grouped by with subtotals: the handle of a field, or a tuple of up to three.
#[diagnostic::on_unimplemented(
    message = "rows of `{O}` have no subtotals by this",
    label = "no handle of a `group` field of `{O}`",
    note = "a key with subtotals is a handle of `{O}` whose field has `group`, or a tuple of up to three \
            of them"
)]
pub trait SubtotalKeys<O> {
    /// The keys of a row: a [`Subtotal`] each.
    type Row: 'static;

    /// Names the keys, and gives what reads them.
    #[doc(hidden)]
    fn subtotal_keys(self, items: &mut Items) -> Read<Self::Row>;
}

impl<O: SObject, T: Selectable, F, G: Groupable, S, W: Way> SubtotalKeys<O>
    for Field<O, T, F, G, S, W>
{
    type Row = Subtotal<T>;

    fn subtotal_keys(self, items: &mut Items) -> Read<Subtotal<T>> {
        // A subtotal over all values has null as its value, whatever type that is of. So the value is
        // read only of rows that have one.
        let value = self.keys(items);
        let is_all = items.add(grouping(&self), |given| Ok(given.as_i64() == Some(1)));
        Arc::new(move |row| {
            Ok(if is_all(row)? { Subtotal::All } else { Subtotal::Of(value(row)?) })
        })
    }
}

fn grouping<O: SObject, T, F, G, S, W: Way>(field: &Field<O, T, F, G, S, W>) -> FieldExpr {
    FieldExpr::function(Function::Grouping, path_of(field))
}

impl<O: SObject, T, F, G, S, W: Way> Field<O, T, F, G, S, W> {
    /// 1 of a row that is a subtotal over all values of this key, else 0: `GROUPING`. It is for
    /// [`having`](crate::GroupedQuery::having) and [`order_by`](crate::GroupedQuery::order_by) of groups
    /// with subtotals.
    pub fn grouping(&self) -> Total<O, i64>
    where
        G: Groupable,
    {
        Total::count_of(grouping(self))
    }
}
