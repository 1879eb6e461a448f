//! Untyped input: maps of JSON values to the values that the rules work on.
//!
//! JSON as clients send it: numbers and booleans may come as strings, a date-time with any offset
//! and with or without a fraction. Field names match in any case, as on the platform.
//!
//! **Invariant:** this room converts and no more; what a value may be is checked in `check`, for
//! typed and untyped callers alike.

use chrono::NaiveDate;
use serde_json::{Map, Value as Json};

use crate::{
    catalogue::{Field, Object},
    definition::FieldIdx,
    error::{BadValue, Error, Problem, Result},
    value::{FieldType, Value, parse_date_time},
};

/// A value given for a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given<'a> {
    /// A value. A reference may still be text.
    Value(Value<'a>),
    /// A whole number that no int can hold, as written.
    TooWide(String),
}

/// The values given for a record, in the order given.
pub(crate) type Input<'a> = Vec<(FieldIdx, Given<'a>)>;

/// Converts a map of JSON values.
///
/// The key `attributes`, which clients send along to name the object, is not a field; nor is one
/// that another record is nested under.
///
/// # Errors
/// The first value that is not of its field's type ([`Error::BadValue`]); else the first name that
/// is no field of the object ([`Error::UnknownField`]).
pub(crate) fn from_json<'a>(object: &Object, map: &'a Map<String, Json>) -> Result<Input<'a>> {
    let mut input = Vec::with_capacity(map.len());
    let mut unknown = None;
    for (name, json) in map {
        if name == "attributes" {
            continue;
        }
        match object.find(name).and_then(|idx| Some((idx, object.field(idx)?))) {
            Some((idx, field)) => input.push((idx, convert(object, field, json)?)),
            None => unknown = unknown.or(Some(name)),
        }
    }
    match unknown {
        Some(name) => Err(Error::UnknownField { object: object.name.clone(), field: name.clone() }),
        None => Ok(input),
    }
}

fn convert<'a>(object: &Object, field: &Field, json: &'a Json) -> Result<Given<'a>> {
    let value = match (json, field.field_type) {
        (Json::Null, _) => Some(Value::Null),
        (Json::Array(_) | Json::Object(_), _) => {
            return Err(bad_value(object, field, json.to_string(), Problem::NotPlain));
        }
        (Json::String(text), FieldType::String | FieldType::Id | FieldType::Reference) => {
            Some(Value::Text(text))
        }
        // An empty string is null, whatever the type.
        (Json::String(text), _) if text.trim().is_empty() => Some(Value::Null),
        (Json::Bool(value), FieldType::Boolean) => Some(Value::Bool(*value)),
        (Json::String(text), FieldType::Boolean) => match text.trim() {
            "1" => Some(Value::Bool(true)),
            "0" => Some(Value::Bool(false)),
            word if word.eq_ignore_ascii_case("true") => Some(Value::Bool(true)),
            word if word.eq_ignore_ascii_case("false") => Some(Value::Bool(false)),
            _ => None,
        },
        (Json::Number(number), FieldType::Int) => return int(object, field, &number.to_string()),
        (Json::String(text), FieldType::Int) => return int(object, field, text.trim()),
        (Json::Number(number), FieldType::Double) => number.as_f64().map(Value::Double),
        (Json::String(text), FieldType::Double) => double(text.trim()),
        (Json::String(text), FieldType::Date) => {
            let day = text.trim();
            // The parser takes other widths as well; an org takes `YYYY-MM-DD` only.
            let day = (day.len() == 10).then(|| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok());
            day.flatten().map(Value::Date)
        }
        (Json::String(text), FieldType::DateTime) => {
            parse_date_time(text.trim()).map(Value::DateTime)
        }
        _ => None,
    };
    let value = value.ok_or_else(|| bad_value(object, field, plain(json), Problem::WrongType))?;
    Ok(Given::Value(value))
}

/// A whole number: digits with an optional sign.
fn int<'a>(object: &Object, field: &Field, text: &str) -> Result<Given<'a>> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(bad_value(object, field, text.to_owned(), Problem::WrongType));
    }
    Ok(match text.parse() {
        Ok(value) => Given::Value(Value::Int(value)),
        Err(_) => Given::TooWide(text.to_owned()),
    })
}

/// A decimal number; the words for infinity and not-a-number are none.
fn double<'a>(text: &str) -> Option<Value<'a>> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    plain.then(|| text.parse().ok()).flatten().map(Value::Double)
}

/// A value as its writer sees it: strings without quotes.
fn plain(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// The error of a value that the field cannot hold.
pub(crate) fn bad_value(object: &Object, field: &Field, value: String, problem: Problem) -> Error {
    Error::BadValue(Box::new(BadValue {
        object: object.name.clone(),
        field: field.name.clone(),
        label: field.label.clone(),
        value,
        problem,
    }))
}
