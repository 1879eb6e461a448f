//! Literals: from what a query says to what cells are compared with.
//!
//! **Invariant:** a literal is of the type of its field, or the query is refused: nothing is
//! converted that an org would not convert.

use std::ops::Range;

use chrono::NaiveDate;
use sobject_soql::{DateLiteral, Literal, Span};

use super::Binder;
use crate::{
    bytes::{Cell, fold, ordered},
    language::{
        bound::{Constant, Kind},
        refusal::{Bound, Refusal},
        text::values_of,
    },
    value::{FieldType, Storage},
};

/// The years of dates that a query may name.
const YEARS: std::ops::RangeInclusive<u16> = 1_700..=4_000;

/// What a literal is to a field.
pub(super) enum Value {
    /// No value. An empty text is none, too.
    Null,
    One(Constant),
    /// What a date literal means: from the first number to before the last.
    Range(Range<i64>),
}

/// What literals are compared with: a field, as the messages name it.
#[derive(Clone, Copy)]
pub(super) struct Left<'l> {
    pub(super) name: &'l str,
    pub(super) kind: &'l Kind,
    pub(super) field_type: Option<FieldType>,
    /// Is it a function of a date, which no date literal is compared with?
    pub(super) is_part: bool,
    pub(super) span: Span,
}

impl Left<'_> {
    /// The literal is of another type.
    fn mismatch(&self) -> Box<Refusal> {
        let quotes = match self.kind {
            Kind::Id | Kind::Text { .. } | Kind::Picklist(_) | Kind::MultiPicklist => "should be",
            Kind::Fixed(_) | Kind::Opaque => "should not be",
        };
        let text = format!(
            "value of filter criterion for field '{}' must be of type {} and {quotes} enclosed in \
             quotes",
            self.name,
            self.type_name(),
        );
        Refusal::field(self.span, text)
    }

    /// The type as the platform's messages name it.
    fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Fixed(Storage::Bool) => "boolean",
            Kind::Fixed(Storage::Int) => "int",
            Kind::Fixed(Storage::Long) => "long",
            Kind::Fixed(Storage::Date) => "date",
            Kind::Fixed(Storage::DateTime) => "dateTime",
            Kind::Fixed(Storage::Time) => "time",
            Kind::Fixed(_) => "double",
            Kind::Id => "ID",
            Kind::Text { .. } | Kind::Picklist(_) | Kind::MultiPicklist => "string",
            Kind::Opaque => self.field_type.map_or("anyType", FieldType::name),
        }
    }
}

impl Binder<'_> {
    /// What a literal is to a field.
    pub(super) fn value(&self, left: Left<'_>, literal: &Literal, span: Span) -> Bound<Value> {
        let fixed = |storage, raw: i64| {
            Ok(Value::One(Constant::Fixed(ordered(storage, Cell::integer(raw)))))
        };
        match (left.kind, literal) {
            // An org takes no value for false.
            (Kind::Fixed(Storage::Bool), Literal::Null) => fixed(Storage::Bool, 0),
            (_, Literal::Null) => Ok(Value::Null),
            (Kind::Fixed(Storage::Bool), Literal::Boolean(value)) => {
                fixed(Storage::Bool, (*value).into())
            }
            (Kind::Fixed(storage @ (Storage::Int | Storage::Long)), Literal::Number(number)) => {
                match number.as_i64() {
                    Some(whole) => fixed(*storage, whole),
                    None => Ok(Value::One(Constant::Fraction(number.as_f64()))),
                }
            }
            (Kind::Fixed(Storage::Double), Literal::Number(number)) => {
                let bits = (number.as_f64() + 0.0).to_bits();
                Ok(Value::One(Constant::Fixed(ordered(Storage::Double, Cell::Fixed(bits)))))
            }
            (Kind::Fixed(Storage::Double), Literal::Currency { .. }) => {
                Err(Refusal::not_supported(span, "an amount with a currency"))
            }
            (Kind::Fixed(Storage::Date), Literal::Date(date)) => match date.days_from_epoch() {
                Some(days) if YEARS.contains(&date.year) => fixed(Storage::Date, days.into()),
                _ => Err(Refusal::malformed(span, format!("Invalid date: {date}"))),
            },
            (Kind::Fixed(Storage::DateTime), Literal::DateTime(moment)) => {
                match moment.unix_milliseconds() {
                    Some(millis) if YEARS.contains(&moment.date.year) => {
                        fixed(Storage::DateTime, millis)
                    }
                    _ => Err(Refusal::malformed(span, format!("Invalid datetime: {moment}"))),
                }
            }
            (Kind::Fixed(Storage::Time), Literal::Time(time)) => match time.milliseconds() {
                Some(millis) => fixed(Storage::Time, millis.into()),
                None => Err(Refusal::malformed(span, format!("Invalid time: {time}"))),
            },
            (Kind::Fixed(Storage::Date | Storage::DateTime), Literal::DateLiteral(_))
                if left.is_part =>
            {
                let text = "date functions cannot be compared with date literals";
                Err(Refusal::malformed(left.span, text))
            }
            (Kind::Fixed(Storage::Date), Literal::DateLiteral(literal)) => {
                let days = self.days(*literal, span)?;
                let number = |day: NaiveDate| i64::from(day.to_epoch_days());
                Ok(Value::Range(number(days.start)..number(days.end)))
            }
            (Kind::Fixed(Storage::DateTime), Literal::DateLiteral(literal)) => {
                let days = self.days(*literal, span)?;
                Ok(Value::Range(self.calendar.begin(days.start)..self.calendar.begin(days.end)))
            }
            (Kind::Id, Literal::Text(text)) if text.is_empty() => Ok(Value::Null),
            (Kind::Id, Literal::Text(text)) => {
                let invalid = |_| Refusal::operator(left.span, format!("invalid ID field: {text}"));
                Ok(Value::One(Constant::Id(text.parse().map_err(invalid)?)))
            }
            (Kind::Text { .. } | Kind::Picklist(_) | Kind::MultiPicklist, Literal::Text(text)) => {
                Ok(text_value(left.kind, text))
            }
            (
                Kind::Text { .. } | Kind::Picklist(_) | Kind::MultiPicklist,
                Literal::Pattern(pattern),
            ) => Ok(text_value(left.kind, &pattern.to_string())),
            _ => Err(left.mismatch()),
        }
    }

    fn days(&self, literal: DateLiteral, span: Span) -> Bound<Range<NaiveDate>> {
        let lacks = || {
            let text = format!("{literal} needs a number behind a colon");
            Refusal::malformed(span, text)
        };
        self.asks_for_days.set(true);
        self.calendar.days(literal).ok_or_else(lacks)
    }
}

/// What a text is to a field of texts.
fn text_value(kind: &Kind, text: &str) -> Value {
    if text.is_empty() {
        return Value::Null;
    }
    Value::One(match kind {
        Kind::MultiPicklist => Constant::Several(values_of(text)),
        Kind::Text { exact: true } => Constant::Text(text.to_owned()),
        _ => Constant::Text(fold(text).into_owned()),
    })
}
