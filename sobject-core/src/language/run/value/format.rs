//! `FORMAT`: values as texts for people, in the way of the locale `en_US`.

use chrono::{Datelike, Timelike};

use super::Val;
use crate::{
    bytes::{Cell, date_time, time, value_of},
    error::Result,
    language::run::Run,
    value::{FieldType, Storage, Value},
};

/// A value as a text for people; `None` for null.
pub(in crate::language::run) fn for_people(
    run: &Run<'_>,
    value: &Val<'_>,
    field_type: FieldType,
    scale: u8,
) -> Result<Option<String>> {
    Ok(match value {
        Val::Null | Val::Bytes(_) => None,
        Val::Text(text) => Some(text.as_ref().to_owned()),
        Val::Id(packed) => Some(run.id_text(*packed)?),
        Val::Fixed(Storage::Double, bits) => {
            let number = decimal(f64::from_bits(*bits), scale);
            Some(match field_type {
                FieldType::Currency => match number.strip_prefix('-') {
                    Some(rest) => format!("-${rest}"),
                    None => format!("${number}"),
                },
                FieldType::Percent => format!("{number}%"),
                _ => number,
            })
        }
        Val::Fixed(Storage::Int | Storage::Long, bits) => {
            Some(grouped(&bits.cast_signed().to_string()))
        }
        Val::Fixed(Storage::DateTime, bits) => {
            let local = run.calendar().local(date_time(bits.cast_signed())?);
            let (day, time) = (local.date(), clock(local.hour(), local.minute()));
            Some(format!("{}/{}/{} {time}", day.month(), day.day(), day.year()))
        }
        Val::Fixed(Storage::Time, bits) => {
            let time = time(*bits)?;
            Some(clock(time.hour(), time.minute()))
        }
        Val::Fixed(storage, bits) => match value_of(*storage, Cell::Fixed(*bits))? {
            Value::Date(day) => Some(format!("{}/{}/{}", day.month(), day.day(), day.year())),
            other => Some(other.to_string()),
        },
    })
}

/// An hour and a minute on a clock of twelve hours.
fn clock(hour: u32, minute: u32) -> String {
    let half = if hour < 12 { "AM" } else { "PM" };
    format!("{}:{minute:02} {half}", (hour + 11) % 12 + 1)
}

/// A number with so many digits right of the point, and commas left of it.
fn decimal(number: f64, scale: u8) -> String {
    grouped(&format!("{number:.*}", usize::from(scale)))
}

/// The digits left of the point in groups of three.
fn grouped(number: &str) -> String {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", number),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let mut text = sign.to_owned();
    for (place, digit) in whole.char_indices() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{clock, decimal, grouped};

    #[test]
    fn numbers_have_commas_and_their_scale() {
        for (number, scale, text) in
            [(1_234_567.5, 2, "1,234,567.50"), (-999.0, 0, "-999"), (-1000.0, 1, "-1,000.0")]
        {
            assert_eq!(decimal(number, scale), text);
        }
        assert_eq!(grouped("12"), "12");
    }

    #[test]
    fn clocks_have_twelve_hours() {
        assert_eq!(
            [0, 11, 12, 23].map(|hour| clock(hour, 5)),
            ["12:05 AM", "11:05 AM", "12:05 PM", "11:05 PM"]
        );
    }
}
