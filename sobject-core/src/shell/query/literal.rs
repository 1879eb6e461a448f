//! Values of fields as literals of the language.
//!
//! **Invariant:** a literal says exactly what the value is, or there is none, because nothing that is
//! stored can be equal to it.

use sobject_soql::{Literal, Number};

use crate::{shell::soql::Bindable, value::Value};

/// Digits of a number that is greater than all that a decimal field holds.
const INFINITE: usize = 400;

/// The literal of a value; `None` for what is no number.
pub(super) fn literal(value: Value<'_>) -> Option<Literal> {
    Some(match value {
        Value::Null => Literal::Null,
        Value::Bool(value) => value.literal(),
        Value::Int(value) => value.literal(),
        Value::Long(value) => value.literal(),
        Value::Double(value) => Literal::Number(number(value)?),
        Value::Text(text) => text.literal(),
        Value::Date(day) => day.literal(),
        Value::DateTime(moment) => moment.literal(),
        Value::Time(time) => time.literal(),
        Value::Id(id) => id.literal(),
        // No field of bytes is filterable, so there is nothing to compare them with.
        Value::Bytes(_) => return None,
    })
}

fn number(value: f64) -> Option<Number> {
    if value.is_nan() {
        return None;
    }
    let infinite = || {
        let sign = if value > 0.0 { "" } else { "-" };
        Number::new(&format!("{sign}{}", "9".repeat(INFINITE)))
    };
    Number::from_f64(value).or_else(infinite)
}
