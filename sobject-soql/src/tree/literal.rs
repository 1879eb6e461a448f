//! What a field is compared with: [`Operand`], [`Literal`] and [`Number`].

use std::fmt;

use super::{Date, DateLiteral, DateTime, Name, Pattern, Time};
use crate::span::Spanned;

/// A literal, or a bind variable that stands for one: `:name`, in the Rust dialect only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand<T = Literal> {
    /// What the query says.
    Literal(T),
    /// What the program gives under this name when the query runs.
    Bind(Name),
}

impl<T> Operand<T> {
    /// The literal, if it is one.
    pub fn literal(&self) -> Option<&T> {
        match self {
            Self::Literal(literal) => Some(literal),
            Self::Bind(_) => None,
        }
    }
}

impl<T: Into<Literal>> From<T> for Operand {
    fn from(literal: T) -> Self {
        Self::Literal(literal.into())
    }
}

impl From<i64> for Spanned<Operand<i64>> {
    fn from(number: i64) -> Self {
        Operand::Literal(number).into()
    }
}

/// A constant value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `NULL`
    Null,
    /// `TRUE` or `FALSE`
    Boolean(bool),
    /// A text in quotes, with its escapes resolved.
    Text(String),
    /// The text of `LIKE`, in which `%` and `_` stand for any characters. Elsewhere a text in quotes
    /// is [`Literal::Text`].
    Pattern(Pattern),
    /// A number.
    Number(Number),
    /// An amount in a currency: `USD500`.
    Currency {
        /// The currency, three letters as they were written.
        code: [u8; 3],
        /// The amount.
        amount: Number,
    },
    /// `2024-02-29`
    Date(Date),
    /// `2024-02-29T08:00:00Z`
    DateTime(DateTime),
    /// `08:00:00Z`
    Time(Time),
    /// `TODAY`, `LAST_N_DAYS:30`
    DateLiteral(DateLiteral),
}

impl From<bool> for Literal {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Literal {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i32> for Literal {
    fn from(number: i32) -> Self {
        Self::Number(i64::from(number).into())
    }
}

impl From<i64> for Literal {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<Number> for Literal {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<Pattern> for Literal {
    fn from(pattern: Pattern) -> Self {
        Self::Pattern(pattern)
    }
}

impl From<Date> for Literal {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<DateTime> for Literal {
    fn from(date_time: DateTime) -> Self {
        Self::DateTime(date_time)
    }
}

impl From<Time> for Literal {
    fn from(time: Time) -> Self {
        Self::Time(time)
    }
}

impl From<DateLiteral> for Literal {
    fn from(literal: DateLiteral) -> Self {
        Self::DateLiteral(literal)
    }
}

/// A number as it was written: a sign or none, digits, and perhaps a point and digits.
///
/// The digits are kept, so that no number of any length or scale loses any. Numbers are equal if
/// they are written alike.
#[derive(Clone, PartialEq, Eq)]
pub struct Number {
    /// **Invariant:** `[+-]? ([0-9]+ (. [0-9]+)? | . [0-9]+)`.
    text: Box<str>,
}

impl Number {
    /// A number that is written so, if SOQL can write it so: not `5.`, `1e5`, `1,000`.
    pub fn new(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let is_number = match digits.split_once('.') {
            None => all_digits(digits),
            Some((whole, fraction)) => {
                (whole.is_empty() || all_digits(whole)) && all_digits(fraction)
            }
        };
        is_number.then(|| Self { text: text.into() })
    }

    /// A number that a text has, whose sign and digits were found.
    pub(crate) fn read(sign: &str, digits: &str) -> Self {
        let mut text = String::with_capacity(sign.len() + digits.len());
        text.push_str(sign);
        text.push_str(digits);
        Self { text: text.into() }
    }

    /// A floating-point number, unless it is infinite or none.
    pub fn from_f64(number: f64) -> Option<Self> {
        number.is_finite().then(|| Self { text: number.to_string().into() })
    }

    /// The number as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Was it written without a decimal point?
    pub fn is_integer(&self) -> bool {
        !self.text.contains('.')
    }

    /// The number, if it was written without a decimal point and fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.text.parse().ok()
    }

    /// The nearest floating-point number.
    pub fn as_f64(&self) -> f64 {
        // What an invariant of this type says can be read; infinity if it is too large.
        self.text.parse().unwrap_or(f64::NAN)
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self { text: number.to_string().into() }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
