//! Groups: [`Totals`], what is made of the rows of a group, and [`GroupedQuery`].

use std::{fmt, marker::PhantomData, sync::Arc};

use serde_json::Value as Json;
use sobject_soql::{
    CompareOp, Expr, FieldExpr, Function, GroupBy, GroupKind, Name, Query as Tree, Select,
    SelectItem,
};

use super::{
    builder::{Asked, Parts},
    filter::{compare, path_of},
    order::Order,
    traits::{HasNumber, HasRange, Selectable},
    way::Way,
};
use crate::{
    definition::{Definition, FieldDefinition, FieldIdx},
    error::{Error, QueryError, Result},
    shell::{
        field::{Field, Groupable},
        operand::Operand,
        read::State,
        record::JsonRecord,
        sobject::SObject,
    },
    store::{GivenRow, Held, RowReader},
    value::{Number, Plain, Storage},
};

/// Groups that a query may give at most.
const MAX_GROUPS: usize = 2_000;

/// What reads one value of an answer.
type ReadOne<R> = Arc<dyn Fn(&Json) -> Result<R> + Send + Sync>;

/// A total of the rows of a group, or of all rows: [`Field::sum`] and the like make one, and
/// [`count_rows`].
pub struct Total<O, R> {
    expr: FieldExpr,
    read: ReadOne<R>,
    object: PhantomData<fn() -> O>,
}

impl<O, R> Clone for Total<O, R> {
    fn clone(&self) -> Self {
        Self { expr: self.expr.clone(), read: self.read.clone(), object: PhantomData }
    }
}

impl<O, R> fmt::Debug for Total<O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

/// How many rows there are.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// # use sobject_core::{count_rows, SObject, Store, standard::{User, UserCreate}};
/// # let db = Store::in_memory(&[User::OBJECT])?.system();
/// # for (n, name) in ["Ada", "Bo", "Ada"].into_iter().enumerate() {
/// #     db.create(UserCreate::new(name, format!("{n}@example.com")))?;
/// # }
/// let by_name = db.query::<User>().group_by(User::FIELDS.name).totals(count_rows()).all()?;
/// assert_eq!(by_name, [("Ada".to_owned(), 2), ("Bo".to_owned(), 1)]);
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
pub fn count_rows<O: SObject>() -> Total<O, i64> {
    Total::count_of(FieldExpr::function(Function::Count, "Id"))
}

impl<O, R> Total<O, R> {
    fn new(expr: FieldExpr, read: impl Fn(&Json) -> Result<R> + Send + Sync + 'static) -> Self {
        Self { expr, read: Arc::new(read), object: PhantomData }
    }

    /// The groups with this total first that is the least.
    pub fn asc(&self) -> Order<O> {
        Order::asc_of(self.expr.clone())
    }

    /// The groups with this total first that is the greatest.
    pub fn desc(&self) -> Order<O> {
        Order::desc_of(self.expr.clone())
    }
}

impl<O> Total<O, i64> {
    fn count_of(expr: FieldExpr) -> Self {
        Self::new(expr, |value| value.as_i64().ok_or_else(no_total))
    }
}

impl<O> Total<O, Option<f64>> {
    fn number_of(expr: FieldExpr) -> Self {
        Self::new(expr, |value| match value {
            Json::Null => Ok(None),
            value => value.as_f64().map(Some).ok_or_else(no_total),
        })
    }
}

fn no_total() -> Error {
    Error::corrupt("a total is none of its type")
}

/// A condition on the groups of a query over the object `O`: a [`Total`] makes one, and `&`, `|` and `!`
/// join them.
#[must_use = "a condition does nothing until a query has it"]
pub struct Having<O> {
    expr: Expr,
    object: PhantomData<fn() -> O>,
}

impl<O> Having<O> {
    fn new(expr: Expr) -> Self {
        Self { expr, object: PhantomData }
    }
}

impl<O> fmt::Debug for Having<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

impl<O> std::ops::BitAnd for Having<O> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self::new(self.expr.and(other.expr))
    }
}

impl<O> std::ops::BitOr for Having<O> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self::new(self.expr.or(other.expr))
    }
}

impl<O> std::ops::Not for Having<O> {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(!self.expr)
    }
}

/// Comparisons of totals, for [`GroupedQuery::having`].
#[expect(clippy::needless_pass_by_value, reason = "values are written without `&`, as to `find`")]
impl<O, R> Total<O, R> {
    fn compare<How>(&self, op: CompareOp, value: &impl Operand<R, How>) -> Having<O> {
        Having::new(compare(self.expr.clone(), op, value.operand()))
    }

    /// The total is `value`; `None` is null.
    pub fn eq<How>(&self, value: impl Operand<R, How>) -> Having<O> {
        self.compare(CompareOp::Equal, &value)
    }

    /// The total is not `value`.
    pub fn ne<How>(&self, value: impl Operand<R, How>) -> Having<O> {
        self.compare(CompareOp::NotEqual, &value)
    }

    /// The total is less than `value`.
    pub fn lt<How>(&self, value: impl Operand<R, How>) -> Having<O> {
        self.compare(CompareOp::Less, &value)
    }

    /// The total is `value` or less.
    pub fn le<How>(&self, value: impl Operand<R, How>) -> Having<O> {
        self.compare(CompareOp::LessOrEqual, &value)
    }

    /// The total is greater than `value`.
    pub fn gt<How>(&self, value: impl Operand<R, How>) -> Having<O> {
        self.compare(CompareOp::Greater, &value)
    }

    /// The total is `value` or greater.
    pub fn ge<How>(&self, value: impl Operand<R, How>) -> Having<O> {
        self.compare(CompareOp::GreaterOrEqual, &value)
    }
}

/// Totals over the rows of a group.
impl<O: SObject, T: Selectable, F, G, S, W: Way> Field<O, T, F, G, S, W> {
    fn total(&self, function: Function) -> FieldExpr {
        FieldExpr::function(function, path_of(self))
    }

    /// The sum; `None` if no row has a value.
    pub fn sum(&self) -> Total<O, Option<f64>>
    where
        T::Kind: HasNumber,
    {
        Total::number_of(self.total(Function::Sum))
    }

    /// The mean; `None` if no row has a value.
    pub fn avg(&self) -> Total<O, Option<f64>>
    where
        T::Kind: HasNumber,
    {
        Total::number_of(self.total(Function::Avg))
    }

    /// The least value; `None` if no row has one.
    pub fn min(&self) -> Total<O, Option<T::Plain>>
    where
        T: Selectable<Kind: HasRange, Plain: Selectable>,
    {
        self.extreme(Function::Min)
    }

    /// The greatest value; `None` if no row has one.
    pub fn max(&self) -> Total<O, Option<T::Plain>>
    where
        T: Selectable<Kind: HasRange, Plain: Selectable>,
    {
        self.extreme(Function::Max)
    }

    fn extreme(&self, function: Function) -> Total<O, Option<T::Plain>>
    where
        T: Selectable<Plain: Selectable>,
    {
        let (object, idx) = (self.object(), self.idx());
        Total::new(self.total(function), move |value| value_or_null(object, idx, value))
    }

    /// How many rows have a value.
    pub fn count(&self) -> Total<O, i64>
    where
        T::Kind: HasRange,
    {
        Total::count_of(self.total(Function::Count))
    }

    /// How many different values there are.
    pub fn count_distinct(&self) -> Total<O, i64>
    where
        T::Kind: HasRange,
    {
        Total::count_of(self.total(Function::CountDistinct))
    }
}

/// The value of a field in an answer.
fn value_or_null<T: Selectable>(
    object: &'static Definition,
    idx: FieldIdx,
    value: &Json,
) -> Result<Option<T>> {
    let field = object.field(idx).ok_or_else(no_total)?;
    let mut row = GivenRow::new(object);
    row.set(idx, held(field, value)?);
    Ok(T::select_or_null(RowReader::of_given(&row).system_field(idx))?)
}

/// A value of an answer as what a field of its type holds.
fn held(field: &FieldDefinition, value: &Json) -> Result<Held<'static>> {
    let field_type = field.field_type;
    let plain = match value {
        Json::Null => return Ok(Held::Null),
        Json::Bool(value) => return Ok(Held::Fixed(Storage::Bool, u64::from(*value))),
        Json::String(text) if field_type.storage() == Some(Storage::Text) => {
            return Ok(Held::Text(text.clone().into()));
        }
        Json::String(text) => Plain::of_text(field_type, text),
        Json::Number(number) => {
            let whole = number.as_i64().map(|n| Number::Whole(n.into()));
            let number = whole.or_else(|| number.as_f64().map(Number::Decimal));
            Plain::of_number(field_type, number.ok_or_else(no_total)?)
        }
        Json::Array(_) | Json::Object(_) => return Err(no_total()),
    };
    match plain {
        Plain::Value(value) => Held::of(field_type, value).ok_or_else(no_total),
        Plain::Bytes(_) | Plain::TooWide | Plain::Wrong => Err(no_total()),
    }
}

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
        items.add(path_of(&self).into(), move |value| {
            let field = object.field(idx).ok_or_else(no_total)?;
            let mut row = GivenRow::new(object);
            row.set(idx, held(field, value)?);
            Ok(T::select(RowReader::of_given(&row).system_field(idx))?)
        })
    }
}

impl<O, R: 'static> Totals<O> for Total<O, R> {
    type Row = R;

    fn totals(self, items: &mut Items) -> Read<R> {
        items.add(self.expr, move |value| (self.read)(value))
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
            Some(known) => known.and(having.expr),
            None => having.expr,
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
    /// [`Error::Query`], also if there are more than 2,000 groups; [`Error::UnknownObject`];
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub fn all(&self) -> Result<Vec<R>> {
        let (state, today) = self.source.begin()?;
        let rows = state.read(|reader| {
            let object = O::OBJECT;
            reader.access.object_of(&reader.schema.catalogue, object.name, object.fields)?;
            let answered = self.parts.plan(reader, &self.tree(), today)?.answer(reader)?;
            if answered.len() > MAX_GROUPS {
                return Err(Error::Query(Box::new(QueryError::too_many_groups())));
            }
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
