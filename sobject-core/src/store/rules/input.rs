//! Untyped input: turns maps of JSON values into the values that the rules work on.
//!
//! The JSON is what clients send: numbers and booleans may be strings, and a date-time may have any
//! offset, with or without a fraction of a second. Field names match in any case, as on the
//! platform. An object or an array in place of a plain value is refused as wrong JSON
//! ([`Problem::NotPlain`]); a plain value of another type as a wrong type ([`Problem::WrongType`]).
//!
//! **Invariant:** the functions here only convert. Which values a field may have is checked in
//! `stages` and `value`, for typed and untyped callers alike.

use std::fmt;

use serde_json::{Map, Value as Json};

use crate::{
    catalogue::{Field, Object},
    definition::FieldIdx,
    error::{BadValue, Error, Problem, Result, shorten},
    id::RecordId,
    store::rules::access::Access,
    value::{FieldType, Storage, Value, parse_base64, parse_date, parse_date_time, parse_time},
};

/// A value that was given for a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given<'a> {
    /// A value. The id of a reference may still be a text.
    Value(Value<'a>),
    /// A number that the field's type cannot hold, as it was written.
    TooWide(String),
    /// Bytes, decoded from base64.
    Bytes(Vec<u8>),
}

impl fmt::Display for Given<'_> {
    /// Prints the value as the caller wrote it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::TooWide(text) => f.write_str(text),
            Self::Bytes(bytes) => Value::Bytes(bytes).fmt(f),
        }
    }
}

/// The values that were given for a record, in the order in which they were given.
pub(crate) type Input<'a> = Vec<(FieldIdx, Given<'a>)>;

/// A key of the JSON of records that is no field: clients send it to name the object.
pub(crate) const ATTRIBUTES: &str = "attributes";

/// Converts a map of JSON values. The key [`ATTRIBUTES`] is ignored.
///
/// # Errors
/// For the first value that is not of its field's type [`Error::BadValue`], or for the first field
/// that is named twice [`Error::FieldTwice`], whichever comes first. If there is neither,
/// [`Error::UnknownField`] with all names that are not fields of the object, or are fields that the
/// caller may not read.
pub(crate) fn from_json<'a>(
    object: &Object,
    access: &Access,
    map: &'a Map<String, Json>,
) -> Result<Input<'a>> {
    let mut input = Vec::with_capacity(map.len());
    let mut unknown = Vec::new();
    // Most clients give fields in the order of describe. Then each field is found right after the
    // one before it, and no field can be there twice.
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
            // A field that is described only is refused by name later, whatever its value.
            Some((idx, field)) if field.flags.is_describe_only() => {
                input.push((idx, Given::Value(Value::Null)));
            }
            Some((idx, field)) => input.push((idx, convert(object, field, json)?)),
            None => unknown.push(shorten(name.clone())),
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

/// Takes the record's own id out of the values that were given for an update.
///
/// # Errors
/// [`Error::IdMissing`] if there is none; [`Error::WrongId`] if it is malformed.
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
        id: shorten(given),
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

/// Is a string taken over as it is? That holds for texts, and for references, which are parsed
/// later.
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

/// A decimal number. Words such as `inf` and `NaN`, which the parser accepts, are refused.
fn double(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    plain.then(|| text.parse().ok()).flatten()
}

/// A value as its writer thinks of it: strings are without quotes.
fn plain(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// The error for a value that the field cannot hold.
pub(crate) fn bad_value(object: &Object, field: &Field, value: String, problem: Problem) -> Error {
    Error::BadValue(Box::new(BadValue {
        object: object.name.clone(),
        field: field.name.clone(),
        label: field.label.clone(),
        field_type: field.field_type.name(),
        value: shorten(value),
        problem,
    }))
}
