//! Untyped input: maps of JSON values to the values that the rules work on.
//!
//! JSON as clients send it: numbers and booleans may come as strings, a date-time with any offset
//! and with or without a fraction. Field names match in any case, as on the platform. An object or
//! an array where a plain value belongs is a fault of the JSON; a plain value of another type is
//! one of the field's type.
//!
//! **Invariant:** this room converts and no more; what a value may be is checked in `check`, for
//! typed and untyped callers alike.

use std::fmt;

use serde_json::{Map, Value as Json};

use crate::{
    catalogue::{Field, Object},
    definition::FieldIdx,
    error::{BadValue, Error, Problem, Result},
    id::RecordId,
    store::rules::access::Access,
    value::{FieldType, Storage, Value, parse_base64, parse_date, parse_date_time, parse_time},
};

/// A value given for a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given<'a> {
    /// A value. A reference may still be text.
    Value(Value<'a>),
    /// A number that the type cannot hold, as written.
    TooWide(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl fmt::Display for Given<'_> {
    /// Prints the value as its writer sees it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::TooWide(text) => f.write_str(text),
            Self::Bytes(bytes) => Value::Bytes(bytes).fmt(f),
        }
    }
}

/// The values given for a record, in the order given.
pub(crate) type Input<'a> = Vec<(FieldIdx, Given<'a>)>;

/// The key that clients send along to name the object; it is no field.
pub(crate) const ATTRIBUTES: &str = "attributes";

/// Converts a map of JSON values. The key [`ATTRIBUTES`] is passed over.
///
/// # Errors
/// The first value that is not of its field's type ([`Error::BadValue`]), or field that is named
/// twice ([`Error::FieldTwice`]); else all names that are no field of the object, or none that the
/// caller may read ([`Error::UnknownField`]).
pub(crate) fn from_json<'a>(
    object: &Object,
    access: &Access,
    map: &'a Map<String, Json>,
) -> Result<Input<'a>> {
    let mut input = Vec::with_capacity(map.len());
    let mut unknown = Vec::new();
    // Most clients give fields in the order of describe: then each is found behind the one before,
    // and none can be there twice.
    let (mut next, mut end) = (FieldIdx::ID, FieldIdx::ID);
    for (name, json) in map {
        if name == ATTRIBUTES {
            continue;
        }
        let found = object.find_at(name, next).filter(|idx| access.reads(object, *idx));
        match found.and_then(|idx| Some((idx, object.field(idx)?))) {
            Some((idx, field)) if idx < end && input.iter().any(|(it, _)| *it == idx) => {
                let (object, field) = (object.name.clone(), field.name.clone());
                return Err(Error::FieldTwice { object, field });
            }
            // Of a field that is described only, no value is right; it is refused by name later.
            Some((idx, field)) if field.flags.is_describe_only() => {
                input.push((idx, Given::Value(Value::Null)));
            }
            Some((idx, field)) => input.push((idx, convert(object, field, json)?)),
            None => unknown.push(name.clone()),
        }
        if let Some(idx) = found {
            next = idx.next();
            end = end.max(next);
        }
    }
    if unknown.is_empty() {
        return Ok(input);
    }
    Err(Error::UnknownField { object: object.name.clone(), fields: unknown })
}

/// Takes the record's own id out of what was given for an update.
///
/// # Errors
/// [`Error::IdMissing`]; [`Error::WrongId`] if it is no id.
pub(crate) fn take_id(object: &Object, input: &mut Input<'_>) -> Result<RecordId> {
    let place = input.iter().position(|(idx, _)| *idx == FieldIdx::ID);
    let given = match place.map(|place| input.remove(place).1) {
        None | Some(Given::Value(Value::Null)) => String::new(),
        Some(given) => given.to_string(),
    };
    if given.trim().is_empty() {
        return Err(Error::IdMissing { object: object.name.clone() });
    }
    given.trim().parse().map_err(|_| Error::WrongId {
        object: object.name.clone(),
        label: object.id_label(),
        id: given,
    })
}

/// Converts the value of a field.
///
/// # Errors
/// [`Error::BadValue`] if it is not of the field's type.
pub(crate) fn convert<'a>(object: &Object, field: &Field, json: &'a Json) -> Result<Given<'a>> {
    let value = match (json, field.field_type) {
        (Json::Null, _) => Some(Value::Null),
        (Json::Array(_), _) => {
            return Err(bad_value(
                object,
                field,
                "START_ARRAY value [".to_owned(),
                Problem::NotPlain,
            ));
        }
        (Json::Object(_), _) => {
            return Err(bad_value(
                object,
                field,
                "START_OBJECT value {".to_owned(),
                Problem::NotPlain,
            ));
        }
        (Json::String(text), field_type) if is_text(field_type) => Some(Value::Text(text)),
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
        (Json::Number(number), FieldType::Int | FieldType::Long) => {
            return whole(object, field, &number.to_string());
        }
        (Json::String(text), FieldType::Int | FieldType::Long) => {
            return whole(object, field, text.trim());
        }
        (Json::Number(number), FieldType::Double | FieldType::Currency | FieldType::Percent) => {
            number.as_f64().map(Value::Double)
        }
        (Json::String(text), FieldType::Double | FieldType::Currency | FieldType::Percent) => {
            match double(text.trim()) {
                Some(value) if value.is_infinite() => {
                    return Ok(Given::TooWide(text.trim().to_owned()));
                }
                value => value.map(Value::Double),
            }
        }
        (Json::String(text), FieldType::Date) => parse_date(text.trim()).map(Value::Date),
        (Json::String(text), FieldType::DateTime) => {
            parse_date_time(text.trim()).map(Value::DateTime)
        }
        (Json::String(text), FieldType::Time) => parse_time(text.trim()).map(Value::Time),
        (Json::String(text), FieldType::Base64) => match parse_base64(text.trim()) {
            Some(bytes) => return Ok(Given::Bytes(bytes)),
            None => None,
        },
        _ => None,
    };
    let value = value.ok_or_else(|| bad_value(object, field, plain(json), Problem::WrongType))?;
    Ok(Given::Value(value))
}

/// Is the value kept as the text that it is given as? References are parsed later.
fn is_text(field_type: FieldType) -> bool {
    matches!(field_type.storage(), Some(Storage::Text | Storage::Id))
}

/// A whole number: digits with an optional sign.
fn whole<'a>(object: &Object, field: &Field, text: &str) -> Result<Given<'a>> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(bad_value(object, field, text.to_owned(), Problem::WrongType));
    }
    let value = match field.field_type {
        FieldType::Long => text.parse().map(Value::Long),
        _ => text.parse().map(Value::Int),
    };
    Ok(value.map_or_else(|_| Given::TooWide(text.to_owned()), Given::Value))
}

/// A decimal number; the words for infinity and not-a-number are none.
fn double(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    plain.then(|| text.parse().ok()).flatten()
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
        field_type: field.field_type.name(),
        value,
        problem,
    }))
}
