//! [`Total`]: what is made of the rows of a group; and [`Having`], a condition on it.

use std::{fmt, marker::PhantomData, sync::Arc};

use serde_json::Value as Json;
use sobject_soql::{CompareOp, Expr, FieldExpr, Function, FunctionCall};

use crate::{
    definition::{Definition, FieldDefinition, FieldIdx},
    error::{Error, Result},
    shell::{
        field::Field,
        operand::Operand,
        query::{
            filter::{compare, path_of},
            order::{OfGroups, Order},
            select::Formatted,
            traits::{HasNumber, HasRange, Selectable},
            way::Way,
        },
        sobject::SObject,
    },
    store::{GivenRow, Held, RowReader},
    value::{Number, Plain, Storage},
};

/// What reads one value of an answer.
pub(super) type ReadOne<R> = Arc<dyn Fn(&Json) -> Result<R> + Send + Sync>;

/// A total of the rows of a group, or of all rows: [`Field::sum`] and the like make one, and
/// [`count_rows`].
pub struct Total<O, R> {
    pub(super) expr: FieldExpr,
    pub(super) read: ReadOne<R>,
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
    pub fn asc(&self) -> Order<O, OfGroups> {
        Order::asc_of(self.expr.clone())
    }

    /// The groups with this total first that is the greatest.
    pub fn desc(&self) -> Order<O, OfGroups> {
        Order::desc_of(self.expr.clone())
    }

    /// The total as a text for people: `FORMAT(SUM(Amount))`.
    pub fn format(&self) -> Formatted<O, OfGroups> {
        let expr = match &self.expr {
            FieldExpr::Function(call) => {
                let path = call.path.clone();
                let (function, inner) = (Function::Format.into(), Some(call.function.clone()));
                FunctionCall { function, inner, path }.into()
            }
            other => other.clone(),
        };
        Formatted::new(expr)
    }
}

impl<O> Total<O, i64> {
    pub(super) fn count_of(expr: FieldExpr) -> Self {
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

pub(super) fn no_total() -> Error {
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
    pub(super) fn into_expr(self) -> Expr {
        self.expr
    }

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

/// Comparisons of totals, for [`GroupedQuery::having`](crate::GroupedQuery::having).
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
        Total::new(self.total(function), move |value| value_of_or_null(object, idx, value))
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
pub(super) fn value_of<T: Selectable>(
    object: &'static Definition,
    idx: FieldIdx,
    given: &Json,
) -> Result<T> {
    let field = object.field(idx).ok_or_else(no_total)?;
    let mut row = GivenRow::new(object);
    row.set(idx, held(field, given)?);
    Ok(T::select(RowReader::of_given(&row).system_field(idx))?)
}

/// The value of a field in an answer, or null.
pub(in crate::shell::query) fn value_of_or_null<T: Selectable>(
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
