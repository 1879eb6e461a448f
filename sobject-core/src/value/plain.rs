//! Plain values of JSON as values of fields: what a number and a string stand for in a field of each
//! type.
//!
//! A number may stand in a string, as many clients send it. **Invariant:** the functions here only
//! convert. Which values a field may have is another question.

use std::fmt;

use super::{FieldType, Storage, Value, parse_base64, parse_date_time, parse_day, parse_time};

/// A number as JSON has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// One without a point and an exponent, and not of so many digits that no type holds it.
    Whole(i128),
    /// Any other.
    Decimal(f64),
}

impl Number {
    /// A decimal number, or the whole one that it is: `5.0` is 5.
    pub(crate) fn of(n: f64) -> Self {
        /// Beyond this, no type has whole numbers, and none is written out in digits.
        const GREATEST: f64 = 1e18;
        #[expect(clippy::cast_possible_truncation, reason = "it is whole and in range")]
        if n.fract() == 0.0 && n.abs() <= GREATEST {
            Self::Whole(n as i128)
        } else {
            Self::Decimal(n)
        }
    }
}

impl fmt::Display for Number {
    /// Prints a number in messages: a decimal one as an org does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(n) => n.fmt(f),
            Self::Decimal(n) => Value::Double(*n).fmt(f),
        }
    }
}

/// What a plain value of JSON stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Plain {
    /// A value that is neither text nor bytes.
    Value(Value<'static>),
    /// Bytes, decoded from base64.
    Bytes(Vec<u8>),
    /// A number that the field's type cannot hold.
    TooWide,
    /// No value of the field's type.
    Wrong,
}

impl Plain {
    /// The value of a field of this type, whose text is no value itself, for a string.
    pub(crate) fn of_text(field_type: FieldType, text: &str) -> Self {
        let text = text.trim();
        let value = match field_type {
            // An empty string is null, whatever the type.
            _ if text.is_empty() => Some(Value::Null),
            FieldType::Boolean if text.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
            FieldType::Boolean if text.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
            FieldType::Date => parse_day(text).map(Value::Date),
            FieldType::DateTime => parse_date_time(text).map(Value::DateTime),
            FieldType::Time => parse_time(text).map(Value::Time),
            FieldType::Base64 => return parse_base64(text).map_or(Self::Wrong, Self::Bytes),
            FieldType::Id | FieldType::Reference => text.parse().ok().map(Value::Id),
            _ => match (field_type.storage(), number(text)) {
                (_, None) => return Self::Wrong,
                // In a string, a whole number is digits alone.
                (Some(Storage::Int | Storage::Long), _) if !is_digits(text) => return Self::Wrong,
                (_, Some(number)) => return Self::of_number(field_type, number),
            },
        };
        value.map_or(Self::Wrong, Self::Value)
    }

    /// The value of a field of this type for a number.
    pub(crate) fn of_number(field_type: FieldType, number: Number) -> Self {
        match (field_type.storage(), number) {
            (Some(Storage::Int), Number::Whole(n)) => {
                i32::try_from(n).map_or(Self::TooWide, |n| Self::Value(Value::Int(n)))
            }
            (Some(Storage::Long), Number::Whole(n)) => {
                i64::try_from(n).map_or(Self::TooWide, |n| Self::Value(Value::Long(n)))
            }
            // `5.0` is 5, and `5.5` no whole number.
            (Some(Storage::Int | Storage::Long), Number::Decimal(n)) => match Number::of(n) {
                whole @ Number::Whole(_) => Self::of_number(field_type, whole),
                Number::Decimal(n) if n.fract() == 0.0 => Self::TooWide,
                Number::Decimal(_) => Self::Wrong,
            },
            (Some(Storage::Double), Number::Decimal(n)) if n.is_finite() => {
                Self::Value(Value::Double(n))
            }
            (Some(Storage::Double), Number::Decimal(_)) => Self::TooWide,
            (Some(Storage::Double), Number::Whole(n)) => Self::Value(Value::Double(decimal(n))),
            _ => Self::Wrong,
        }
    }
}

/// Is it digits with an optional sign?
fn is_digits(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Reads a number: digits with an optional sign, point and exponent. Words such as `inf`, which
/// Rust's parser accepts, are none.
pub(crate) fn number(text: &str) -> Option<Number> {
    if let (true, Ok(whole)) = (is_digits(text), text.parse()) {
        return Some(Number::Whole(whole));
    }
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    is_plain.then(|| text.parse().ok().map(Number::Decimal)).flatten()
}

/// A whole number as the nearest decimal one.
fn decimal(n: i128) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest is what JSON's numbers are read as"
    )]
    let decimal = n as f64;
    decimal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_the_type_of_their_field() {
        use FieldType::{Boolean, Double, Int, Long};
        let int = |n| Plain::Value(Value::Int(n));
        let long = |n| Plain::Value(Value::Long(n));
        let double = |n| Plain::Value(Value::Double(n));
        for (field_type, text, expected) in [
            (Int, "7", int(7)),
            (Int, "+7", int(7)),
            (Int, "-7.0", Plain::Wrong),
            (Int, "7.5", Plain::Wrong),
            (Int, "2147483648", Plain::TooWide),
            (Int, "1e3", Plain::Wrong),
            (Int, "", Plain::Value(Value::Null)),
            (Long, "9223372036854775807", long(i64::MAX)),
            (Long, "9223372036854775808", Plain::TooWide),
            (Long, "123456789012345678901234567890123456789012345", Plain::TooWide),
            (Double, "3", double(3.0)),
            (Double, "-0.29", double(-0.29)),
            (Double, "1e400", Plain::TooWide),
            (Double, "1000000000000000000000000000000000000000000000", double(1e45)),
            (Double, &"9".repeat(400), Plain::TooWide),
            (Double, "inf", Plain::Wrong),
            (Double, "NaN", Plain::Wrong),
            (Double, "1_000", Plain::Wrong),
            (Boolean, "TRUE", Plain::Value(Value::Bool(true))),
            (Boolean, "1", Plain::Wrong),
        ] {
            assert_eq!(Plain::of_text(field_type, text), expected, "{text} as {field_type:?}");
        }
        for (field_type, n, expected) in [
            (Int, 5.0, int(5)),
            (Int, -0.0, int(0)),
            (Int, 5.5, Plain::Wrong),
            (Int, 1e300, Plain::TooWide),
            (Int, -1e300, Plain::TooWide),
            (Int, f64::NAN, Plain::Wrong),
            (Long, 1e18, long(1_000_000_000_000_000_000)),
            (Long, 9_223_372_036_854_775_808.0, Plain::TooWide),
        ] {
            assert_eq!(Plain::of_number(field_type, Number::Decimal(n)), expected, "{n}");
        }
    }
}
