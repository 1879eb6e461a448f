//! [`Bindable`]: the values that variables of a query may have.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};
use sobject_soql::{Date, Literal, Number, Time, UtcOffset};

use crate::{
    id::{Id, RecordId, Ref},
    value::Value,
};

/// A value that a variable of a query may have.
///
/// A text is compared as a text whatever it looks like; only an id field reads it as an id.
pub trait Bindable {
    /// The value as a literal of SOQL.
    #[doc(hidden)]
    fn literal(self) -> Literal;
}

/// Implements [`Bindable`] for types that literals are made from.
macro_rules! bindable {
    ($($from:ty,)+) => {
        $(impl Bindable for $from {
            fn literal(self) -> Literal {
                Literal::from(self)
            }
        })+
    };
}

bindable! { bool, i32, i64, String, &str, }

impl Bindable for f64 {
    /// What is no number is compared as null.
    fn literal(self) -> Literal {
        Number::from_f64(self).map_or(Literal::Null, Literal::Number)
    }
}

impl Bindable for RecordId {
    fn literal(self) -> Literal {
        Literal::Text(self.to_string())
    }
}

impl<T> Bindable for Id<T> {
    fn literal(self) -> Literal {
        self.record_id().literal()
    }
}

impl<T> Bindable for Ref<T> {
    fn literal(self) -> Literal {
        self.record_id().literal()
    }
}

impl Bindable for NaiveDate {
    fn literal(self) -> Literal {
        Literal::Date(date(self))
    }
}

impl Bindable for NaiveTime {
    fn literal(self) -> Literal {
        Literal::Time(time(self))
    }
}

impl Bindable for DateTime<Utc> {
    fn literal(self) -> Literal {
        let (date, time) = (date(self.date_naive()), time(self.time()));
        Literal::DateTime(sobject_soql::DateTime { date, time, offset: UtcOffset::UTC })
    }
}

impl<T: Bindable> Bindable for Option<T> {
    fn literal(self) -> Literal {
        self.map_or(Literal::Null, Bindable::literal)
    }
}

/// The literal of a value. Bytes are compared with nothing.
pub(super) fn literal_of(value: Value<'_>) -> Literal {
    match value {
        Value::Null | Value::Bytes(_) => Literal::Null,
        Value::Bool(value) => value.literal(),
        Value::Int(value) => value.literal(),
        Value::Long(value) => value.literal(),
        Value::Double(value) => value.literal(),
        Value::Text(value) => value.literal(),
        Value::Date(value) => value.literal(),
        Value::DateTime(value) => value.literal(),
        Value::Time(value) => value.literal(),
        Value::Id(value) => value.literal(),
    }
}

/// A day; one before the year 0 or behind the year 9999 is none that SOQL has.
fn date(day: NaiveDate) -> Date {
    let year = u16::try_from(day.year()).unwrap_or(u16::MAX);
    let small = |n: u32| u8::try_from(n).unwrap_or(u8::MAX);
    Date { year, month: small(day.month()), day: small(day.day()) }
}

fn time(time: NaiveTime) -> Time {
    let small = |n: u32| u8::try_from(n).unwrap_or(u8::MAX);
    Time {
        hour: small(time.hour()),
        minute: small(time.minute()),
        second: small(time.second()),
        nanosecond: time.nanosecond() % 1_000_000_000,
    }
}
