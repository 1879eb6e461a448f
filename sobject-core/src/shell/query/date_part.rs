//! [`DatePart`]: a part of a date or a moment, such as its year, to group and to filter by.

use std::{fmt, marker::PhantomData};

use chrono::NaiveDate;
use serde_json::Value as Json;
use sobject_soql::{CompareOp, Expr, FieldExpr, Function, FunctionCall, Test};

use super::{
    filter::{Filter, compare, path_of, set_of},
    order::{OfGroups, Order},
    traits::{HasDays, HasMoments, Selectable},
    way::Way,
};
use crate::{
    error::{Error, Result},
    shell::{
        field::{Field, Filterable},
        operand::Operand,
        sobject::SObject,
    },
};

/// A part of the date or moment that a field of the object `O` holds: a number, or for
/// [`Field::day_only`] a day. [`Field::calendar_year`] and the like make one.
///
/// Rows are grouped by it, groups ordered, and rows filtered. `F` says whether the field may be filtered
/// by, and `K` what it holds.
pub struct DatePart<O, V, F, K> {
    call: FunctionCall,
    types: PhantomData<Types<O, V, F, K>>,
}

/// A function type, so that a part is Send, Sync and 'static even if its parameters are not.
type Types<O, V, F, K> = fn() -> (O, V, F, K);

impl<O, V, F, K> DatePart<O, V, F, K> {
    fn new(call: FunctionCall) -> Self {
        Self { call, types: PhantomData }
    }

    pub(super) fn expr(&self) -> FieldExpr {
        self.call.clone().into()
    }

    /// In the caller's time zone, and not in UTC: `CALENDAR_YEAR(convertTimezone(LoginTime))`.
    #[must_use]
    pub fn in_zone(self) -> Self
    where
        K: HasMoments,
    {
        let inner = Some(Function::ConvertTimezone.into());
        Self { call: FunctionCall { inner, ..self.call }, ..self }
    }

    /// The groups with the least part first.
    pub fn asc(&self) -> Order<O, OfGroups> {
        Order::asc_of(self.expr())
    }

    /// The groups with the greatest part first.
    pub fn desc(&self) -> Order<O, OfGroups> {
        Order::desc_of(self.expr())
    }
}

/// Comparisons of parts. A field without a value has no part.
#[expect(clippy::needless_pass_by_value, reason = "values are written without `&`, as to `find`")]
impl<O, V, F, K> DatePart<O, V, F, K> {
    fn compare<How>(&self, op: CompareOp, value: &impl Operand<V, How>) -> Filter<O> {
        Filter::new(compare(self.expr(), op, value.operand()))
    }

    /// The part is `value`.
    pub fn eq<How>(&self, value: impl Operand<V, How>) -> Filter<O>
    where
        F: Filterable,
    {
        self.compare(CompareOp::Equal, &value)
    }

    /// The part is not `value`.
    pub fn ne<How>(&self, value: impl Operand<V, How>) -> Filter<O>
    where
        F: Filterable,
    {
        self.compare(CompareOp::NotEqual, &value)
    }

    /// The part is less than `value`.
    pub fn lt<How>(&self, value: impl Operand<V, How>) -> Filter<O>
    where
        F: Filterable,
    {
        self.compare(CompareOp::Less, &value)
    }

    /// The part is `value` or less.
    pub fn le<How>(&self, value: impl Operand<V, How>) -> Filter<O>
    where
        F: Filterable,
    {
        self.compare(CompareOp::LessOrEqual, &value)
    }

    /// The part is greater than `value`.
    pub fn gt<How>(&self, value: impl Operand<V, How>) -> Filter<O>
    where
        F: Filterable,
    {
        self.compare(CompareOp::Greater, &value)
    }

    /// The part is `value` or greater.
    pub fn ge<How>(&self, value: impl Operand<V, How>) -> Filter<O>
    where
        F: Filterable,
    {
        self.compare(CompareOp::GreaterOrEqual, &value)
    }

    /// The part is one of these values.
    pub fn is_in<How>(&self, values: impl IntoIterator<Item = impl Operand<V, How>>) -> Filter<O>
    where
        F: Filterable,
    {
        Filter::new(Expr::test(self.expr(), Test::In(set_of(values))))
    }
}

/// Declares the methods of handles that make a [`DatePart`].
macro_rules! parts {
    ($($(#[$meta:meta])* $method:ident: $function:ident, $value:ty, $kind:ident;)+) => {
        /// Parts of dates and of moments, in UTC unless
        /// [`in_zone`](crate::DatePart::in_zone) says otherwise.
        impl<O: SObject, T: Selectable, F, G, S, W: Way> Field<O, T, F, G, S, W> {$(
            $(#[$meta])*
            pub fn $method(&self) -> DatePart<O, $value, F, T::Kind>
            where
                T::Kind: $kind,
            {
                let function = Function::$function.into();
                DatePart::new(FunctionCall { function, inner: None, path: path_of(self) })
            }
        )+}
    };
}

parts! {
    /// The year.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{count_rows, SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let year = User::FIELDS.created_date.calendar_year();
    /// let query = db.query::<User>().filter(year.ge(2020)).group_by(year.clone());
    /// for (year, n_users) in query.totals(count_rows()).order_by(year.desc()).all()? {
    ///     println!("{n_users} users were made in {year:?}");
    /// }
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    calendar_year: CalendarYear, i32, HasDays;
    /// The quarter of the year, from 1 to 4.
    calendar_quarter: CalendarQuarter, i32, HasDays;
    /// The month, from 1 to 12.
    calendar_month: CalendarMonth, i32, HasDays;
    /// The fiscal year.
    fiscal_year: FiscalYear, i32, HasDays;
    /// The quarter of the fiscal year, from 1 to 4.
    fiscal_quarter: FiscalQuarter, i32, HasDays;
    /// The month of the fiscal year, from 1 to 12.
    fiscal_month: FiscalMonth, i32, HasDays;
    /// The day of the year, from 1 to 366.
    day_in_year: DayInYear, i32, HasDays;
    /// The day of the month, from 1 to 31.
    day_in_month: DayInMonth, i32, HasDays;
    /// The day of the week, from 1 for Sunday to 7 for Saturday.
    day_in_week: DayInWeek, i32, HasDays;
    /// The week of the year, from 1 to 53: the first begins with the year.
    week_in_year: WeekInYear, i32, HasDays;
    /// The week of the month, from 1 to 5: the first begins with the month.
    week_in_month: WeekInMonth, i32, HasDays;
    /// The hour of the moment, from 0 to 23.
    hour_in_day: HourInDay, i32, HasMoments;
    /// The day of the moment.
    day_only: DayOnly, NaiveDate, HasMoments;
}

/// What a part of a date is.
pub trait PartValue: Sized + 'static {
    /// Reads it of an answer.
    #[doc(hidden)]
    fn of(value: &Json) -> Option<Self>;
}

impl PartValue for i32 {
    fn of(value: &Json) -> Option<Self> {
        Self::try_from(value.as_i64()?).ok()
    }
}

impl PartValue for NaiveDate {
    fn of(value: &Json) -> Option<Self> {
        value.as_str()?.parse().ok()
    }
}

/// A part in an answer.
pub(super) fn part_of<V: PartValue>(value: &Json) -> Result<Option<V>> {
    if value.is_null() {
        return Ok(None);
    }
    let part = V::of(value);
    part.map(Some).ok_or_else(|| Error::corrupt("a part of a date is none of its type"))
}

impl<O, V, F, K> Clone for DatePart<O, V, F, K> {
    fn clone(&self) -> Self {
        Self::new(self.call.clone())
    }
}

impl<O, V, F, K> fmt::Debug for DatePart<O, V, F, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr().fmt(f)
    }
}
