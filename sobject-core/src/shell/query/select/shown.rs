//! [`Label`] and [`Formatted`]: values as texts that people read.

use std::{fmt, marker::PhantomData};

use serde_json::Value as Json;
use sobject_soql::{CompareOp, FieldExpr, Function};

use super::{Columns, RowOf, Selection};
use crate::{
    error::{Error, Result},
    shell::{
        field::{Field, Filterable},
        query::{
            filter::{Filter, compare, path_of, set_of},
            order::OfRows,
            traits::{HasFormat, HasLabels, Selectable},
            way::Way,
        },
        sobject::SObject,
    },
    value::Value,
};

/// The label of a picklist's value: `toLabel`. [`Field::label`] makes one.
///
/// It is selected of rows; of groups, if they are grouped by the field; and compared.
pub struct Label<O, F> {
    pub(in crate::shell::query) expr: FieldExpr,
    types: PhantomData<fn() -> (O, F)>,
}

/// A value as a text for people: `FORMAT`. [`Field::format`] makes one of a field, to be selected of
/// rows, or of groups that are grouped by it; [`Total::format`](crate::Total::format) one of a total.
pub struct Formatted<O, Of = OfRows> {
    pub(in crate::shell::query) expr: FieldExpr,
    types: PhantomData<fn() -> (O, Of)>,
}

impl<O, Of> Formatted<O, Of> {
    pub(in crate::shell::query) fn new(expr: FieldExpr) -> Self {
        Self { expr, types: PhantomData }
    }
}

impl<O: SObject, T: Selectable, F, G, S, W: Way> Field<O, T, F, G, S, W> {
    /// The label of the value, as people see it; the value itself where the picklist does not list it.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{Picklist, SObject, Store};
    ///
    /// #[derive(Picklist, Clone, Copy, Debug, PartialEq)]
    /// enum Stage {
    ///     #[picklist(label = "Gone for good")]
    ///     Lost,
    /// }
    ///
    /// #[derive(SObject)]
    /// #[sobject(key_prefix = "a00")]
    /// struct Deal {
    ///     #[field(create, filter, restricted)]
    ///     stage: Stage,
    /// }
    ///
    /// let db = Store::in_memory(&[Deal::OBJECT])?.system();
    /// db.create(DealCreate::new(Stage::Lost))?;
    /// let label = Deal::FIELDS.stage.label();
    /// let query = db.query::<Deal>().filter(label.eq("gone FOR good"));
    /// assert_eq!(query.select(label).one()?.as_deref(), Some("Gone for good"));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn label(&self) -> Label<O, F>
    where
        T::Kind: HasLabels,
    {
        Label { expr: FieldExpr::function(Function::ToLabel, path_of(self)), types: PhantomData }
    }

    /// The number, day, moment or time of day as a text for people.
    pub fn format(&self) -> Formatted<O>
    where
        T::Kind: HasFormat,
    {
        Formatted::new(FieldExpr::function(Function::Format, path_of(self)))
    }
}

/// Comparisons of labels, in any case.
impl<O, F> Label<O, F> {
    fn compare(&self, op: CompareOp, label: &str) -> Filter<O> {
        Filter::new(compare(self.expr.clone(), op, Value::Text(label)))
    }

    /// The value has this label.
    pub fn eq(&self, label: &str) -> Filter<O>
    where
        F: Filterable,
    {
        self.compare(CompareOp::Equal, label)
    }

    /// The value does not have this label, or there is none.
    pub fn ne(&self, label: &str) -> Filter<O>
    where
        F: Filterable,
    {
        self.compare(CompareOp::NotEqual, label)
    }

    /// The value has one of these labels.
    pub fn is_in<'l>(&self, labels: impl IntoIterator<Item = &'l str>) -> Filter<O>
    where
        F: Filterable,
    {
        let labels = set_of::<String, _>(labels);
        let test = sobject_soql::Test::In(labels);
        Filter::new(sobject_soql::Expr::test(self.expr.clone(), test))
    }
}

/// The text of an answer.
pub(in crate::shell::query) fn text_of(value: &Json) -> Result<Option<String>> {
    match value {
        Json::Null => Ok(None),
        Json::String(text) => Ok(Some(text.clone())),
        _ => Err(Error::corrupt("a text of a query is none")),
    }
}

impl<O: SObject, F> Selection<O> for Label<O, F> {
    type Row = Option<String>;

    fn reader(
        self,
        mut columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<Self::Row> + Send + Sync + 'static) {
        let column = columns.place_of_function(self.expr);
        (columns, move |row: &RowOf<'_>| text_of(&row.made(column)?))
    }
}

impl<O: SObject> Selection<O> for Formatted<O> {
    type Row = Option<String>;

    fn reader(
        self,
        mut columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<Self::Row> + Send + Sync + 'static) {
        let column = columns.place_of_function(self.expr);
        (columns, move |row: &RowOf<'_>| text_of(&row.made(column)?))
    }
}

impl<O, F> Clone for Label<O, F> {
    fn clone(&self) -> Self {
        Self { expr: self.expr.clone(), types: PhantomData }
    }
}

impl<O, Of> Clone for Formatted<O, Of> {
    fn clone(&self) -> Self {
        Self::new(self.expr.clone())
    }
}

impl<O, F> fmt::Debug for Label<O, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

impl<O, Of> fmt::Debug for Formatted<O, Of> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}
