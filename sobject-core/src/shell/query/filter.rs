//! [`Filter`]: a condition, made of handles; and in `semi_join` the condition that another query finds
//! a record.

mod semi_join;

use std::{
    fmt,
    marker::PhantomData,
    ops::{BitAnd, BitOr, Bound, Not},
};

use sobject_soql::{
    CompareOp, DateLiteral, Expr, FieldExpr, Literal, Name, Operand as Written, Path, Pattern, Set,
    Spanned, Test,
};

pub use self::semi_join::{Condition, SameIds, SemiJoin, Values};
use super::{
    literal::literal,
    traits::{HasDays, HasOrder, HasPattern, HasValues, Selectable},
    way::Way,
};
use crate::{
    shell::{
        field::{Field, Filterable},
        operand::{FieldRange, Operand},
        picklist::{MultiPicklist, Picklist},
        sobject::SObject,
    },
    value::Value,
};

/// A condition on records of the object `O`.
///
/// A handle makes one, and `&`, `|` and `!` join them, or [`Filter::and`] and [`Filter::or`]. A field
/// that is null meets no condition but those of null itself, `ne`, `not_in` and `excludes`, and a text
/// is equal to another in any case, as in SOQL.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
/// # let db = Store::in_memory(&[User::OBJECT])?.system();
/// # db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
/// # db.create(UserCreate::new("Bo", "bo@example.com"))?;
/// let user = &User::FIELDS;
/// let wanted = (user.name.starts_with("ada") | user.name.eq("Cy")) & !user.username.is_null();
/// assert_eq!(db.query::<User>().filter(wanted).count()?, 1);
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[must_use = "a filter does nothing until a query has it"]
pub struct Filter<O> {
    expr: Expr,
    object: PhantomData<fn() -> O>,
}

impl<O> Filter<O> {
    pub(super) fn new(expr: Expr) -> Self {
        Self { expr, object: PhantomData }
    }

    pub(super) fn into_expr(self) -> Expr {
        self.expr
    }

    /// Both hold.
    pub fn and(self, other: Self) -> Self {
        Self::new(self.expr.and(other.expr))
    }

    /// One of the two holds.
    pub fn or(self, other: Self) -> Self {
        Self::new(self.expr.or(other.expr))
    }
}

impl<O> BitAnd for Filter<O> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}

impl<O> BitOr for Filter<O> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl<O> Not for Filter<O> {
    type Output = Self;

    fn not(self) -> Self {
        Self::new(!self.expr)
    }
}

impl<O> Clone for Filter<O> {
    fn clone(&self) -> Self {
        Self::new(self.expr.clone())
    }
}

impl<O> fmt::Debug for Filter<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

/// A condition that no record meets.
fn nothing(field: FieldExpr) -> Expr {
    Expr::is_in(field, Vec::<Literal>::new())
}

/// A comparison with a value. What is no number is equal to none, and less and greater than none.
pub(super) fn compare(field: impl Into<FieldExpr>, op: CompareOp, value: Value<'_>) -> Expr {
    match (literal(value), op) {
        (Some(literal), op) => Expr::compare(field, op, literal),
        (None, CompareOp::NotEqual) => !nothing(field.into()),
        (None, _) => nothing(field.into()),
    }
}

fn operands(literals: impl IntoIterator<Item = Literal>) -> Vec<Spanned<Written>> {
    literals.into_iter().map(|literal| Written::Literal(literal).into()).collect()
}

/// The condition that a value lies between two bounds. Null is less than every value, and lies there
/// only if a bound names it.
fn within(path: &Path, from: Bound<Value<'_>>, to: Bound<Value<'_>>) -> Expr {
    let compare = |op, value| compare(path.clone(), op, value);
    let null = |op| compare(op, Value::Null);
    let below = match to {
        Bound::Unbounded => None,
        Bound::Included(Value::Null) => Some(null(CompareOp::Equal)),
        Bound::Excluded(Value::Null) => Some(nothing(path.clone().into())),
        Bound::Included(to) => Some(compare(CompareOp::LessOrEqual, to)),
        Bound::Excluded(to) => Some(compare(CompareOp::Less, to)),
    };
    match (from, below) {
        (Bound::Unbounded, Some(below)) => below,
        (Bound::Unbounded | Bound::Included(Value::Null), None) => Expr::And(Vec::new()),
        (Bound::Included(Value::Null), Some(below)) if to_excludes_all(&to) => below,
        (Bound::Included(Value::Null), Some(below)) => null(CompareOp::Equal).or(below),
        (Bound::Excluded(Value::Null), None) => null(CompareOp::NotEqual),
        (Bound::Excluded(Value::Null), Some(below)) => null(CompareOp::NotEqual).and(below),
        (Bound::Included(from), below) => {
            let above = compare(CompareOp::GreaterOrEqual, from);
            below.map_or(above.clone(), |below| above.and(below))
        }
        (Bound::Excluded(from), below) => {
            let above = compare(CompareOp::Greater, from);
            below.map_or(above.clone(), |below| above.and(below))
        }
    }
}

/// Does nothing lie below the upper bound, null included?
fn to_excludes_all(to: &Bound<Value<'_>>) -> bool {
    matches!(to, Bound::Excluded(Value::Null))
}

/// The path that a handle stands for.
pub(super) fn path_of<O: SObject, T, F, G, S, W: Way>(field: &Field<O, T, F, G, S, W>) -> Path {
    Path {
        parents: field.parents().iter().map(|parent| Name::from(*parent)).collect(),
        name: Name::from(field.name()),
    }
}

/// Comparisons, each of which makes a [`Filter`].
#[expect(clippy::needless_pass_by_value, reason = "values are written without `&`, as to `find`")]
impl<O: SObject, T, F, G, S, W: Way> Field<O, T, F, G, S, W> {
    fn compare<How>(&self, op: CompareOp, value: &impl Operand<T, How>) -> Filter<O> {
        Filter::new(compare(path_of(self), op, value.operand()))
    }

    /// The field holds `value`; `None` is null.
    pub fn eq<How>(&self, value: impl Operand<T, How>) -> Filter<O>
    where
        F: Filterable,
    {
        self.compare(CompareOp::Equal, &value)
    }

    /// The field does not hold `value`. A field without a value does not hold it.
    pub fn ne<How>(&self, value: impl Operand<T, How>) -> Filter<O>
    where
        F: Filterable,
    {
        self.compare(CompareOp::NotEqual, &value)
    }

    /// The field is null.
    pub fn is_null(&self) -> Filter<O>
    where
        F: Filterable,
    {
        Filter::new(Expr::is_null(path_of(self)))
    }

    /// The field holds one of the values; `None` among them is null.
    pub fn is_in<How>(&self, values: impl IntoIterator<Item = impl Operand<T, How>>) -> Filter<O>
    where
        F: Filterable,
    {
        Filter::new(Expr::test(path_of(self), Test::In(set_of(values))))
    }

    /// The field holds none of the values.
    pub fn not_in<How>(&self, values: impl IntoIterator<Item = impl Operand<T, How>>) -> Filter<O>
    where
        F: Filterable,
    {
        Filter::new(Expr::test(path_of(self), Test::NotIn(set_of(values))))
    }
}

/// The values of an `IN`; what is no number is equal to none.
pub(super) fn set_of<T, How>(values: impl IntoIterator<Item = impl Operand<T, How>>) -> Set {
    let literals = values.into_iter().filter_map(|value| literal(value.operand()));
    Set::List(operands(literals))
}

/// Comparisons of less and greater.
#[expect(clippy::needless_pass_by_value, reason = "values are written without `&`, as to `find`")]
impl<O: SObject, T: Selectable, F, G, S, W: Way> Field<O, T, F, G, S, W> {
    /// The field is less than `value`.
    pub fn lt<How>(&self, value: impl Operand<T, How>) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasOrder,
    {
        self.compare(CompareOp::Less, &value)
    }

    /// The field is `value` or less.
    pub fn le<How>(&self, value: impl Operand<T, How>) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasOrder,
    {
        self.compare(CompareOp::LessOrEqual, &value)
    }

    /// The field is greater than `value`.
    pub fn gt<How>(&self, value: impl Operand<T, How>) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasOrder,
    {
        self.compare(CompareOp::Greater, &value)
    }

    /// The field is `value` or greater.
    pub fn ge<How>(&self, value: impl Operand<T, How>) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasOrder,
    {
        self.compare(CompareOp::GreaterOrEqual, &value)
    }

    /// The field lies within a range, as [`Connection::find_range`](crate::Connection::find_range) takes
    /// one.
    pub fn within<How>(&self, range: impl FieldRange<T, How>) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasOrder,
    {
        let (from, to) = range.bounds();
        Filter::new(within(&path_of(self), from, to))
    }

    fn matches(&self, pattern: Pattern) -> Filter<O> {
        Filter::new(Expr::like(path_of(self), pattern))
    }

    /// The text is like `pattern`, in any case: `%` stands for any characters and `_` for exactly one,
    /// unless a backslash is in front.
    pub fn like(&self, pattern: &str) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasPattern,
    {
        self.matches(Pattern::new(pattern))
    }

    /// The text begins with exactly these characters, in any case.
    pub fn starts_with(&self, text: &str) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasPattern,
    {
        self.matches(Pattern::starts_with(text))
    }

    /// The text ends with exactly these characters, in any case.
    pub fn ends_with(&self, text: &str) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasPattern,
    {
        self.matches(Pattern::ends_with(text))
    }

    /// The text contains exactly these characters, in any case.
    pub fn contains(&self, text: &str) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasPattern,
    {
        self.matches(Pattern::contains(text))
    }

    /// The field has all values of one of these sets: `INCLUDES`.
    pub fn includes<P: Picklist>(
        &self,
        sets: impl IntoIterator<Item = impl Into<MultiPicklist<P>>>,
    ) -> Filter<O>
    where
        F: Filterable,
        T: Selectable<Plain = MultiPicklist<P>, Kind: HasValues>,
    {
        Filter::new(Expr::test(path_of(self), Test::Includes(sets_of(sets))))
    }

    /// The field has all values of none of these sets: `EXCLUDES`.
    pub fn excludes<P: Picklist>(
        &self,
        sets: impl IntoIterator<Item = impl Into<MultiPicklist<P>>>,
    ) -> Filter<O>
    where
        F: Filterable,
        T: Selectable<Plain = MultiPicklist<P>, Kind: HasValues>,
    {
        Filter::new(Expr::test(path_of(self), Test::Excludes(sets_of(sets))))
    }
}

fn sets_of<P: Picklist>(
    sets: impl IntoIterator<Item = impl Into<MultiPicklist<P>>>,
) -> Vec<Spanned<Written>> {
    let text = |set: MultiPicklist<P>| Literal::Text(set.to_string());
    operands(sets.into_iter().map(|set| text(set.into())))
}

/// Comparisons of dates and moments with days that are counted from today, in the caller's time zone.
impl<O: SObject, T: Selectable, F, G, S, W: Way> Field<O, T, F, G, S, W> {
    fn compare_days(&self, op: CompareOp, days: DateLiteral) -> Filter<O> {
        let field: FieldExpr = path_of(self).into();
        Filter::new(Expr::compare(field, op, days))
    }

    /// On one of these days: `= TODAY`.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{DateLiteral, DateUnit, SObject, Store, standard::{User, UserCreate}};
    ///
    /// let db = Store::in_memory(&[User::OBJECT])?.system();
    /// db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let new = User::FIELDS.created_date.on(DateLiteral::LastN(DateUnit::Day, Some(30)));
    /// assert!(db.query::<User>().filter(new).exists()?);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn on(&self, days: DateLiteral) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasDays,
    {
        self.compare_days(CompareOp::Equal, days)
    }

    /// On none of these days, or without a value: `!= TODAY`.
    pub fn not_on(&self, days: DateLiteral) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasDays,
    {
        self.compare_days(CompareOp::NotEqual, days)
    }

    /// Before the first of these days: `< TODAY`.
    pub fn before(&self, days: DateLiteral) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasDays,
    {
        self.compare_days(CompareOp::Less, days)
    }

    /// After the last of these days: `> TODAY`.
    pub fn after(&self, days: DateLiteral) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasDays,
    {
        self.compare_days(CompareOp::Greater, days)
    }

    /// On the first of these days or later: `>= TODAY`.
    pub fn since(&self, days: DateLiteral) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasDays,
    {
        self.compare_days(CompareOp::GreaterOrEqual, days)
    }

    /// On the last of these days or before: `<= TODAY`.
    pub fn until(&self, days: DateLiteral) -> Filter<O>
    where
        F: Filterable,
        T::Kind: HasDays,
    {
        self.compare_days(CompareOp::LessOrEqual, days)
    }
}
