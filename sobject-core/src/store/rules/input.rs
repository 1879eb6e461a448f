//! Untyped input: turns maps of JSON values into the values that the rules work on.
//!
//! The JSON is what clients send: numbers and booleans may be strings, a date-time may have any
//! offset, with or without a fraction of a second, and a day may be a moment in UTC. Field names match
//! in any case, as on the platform. Whatever cannot be read as a value of the field's type is refused
//! as wrong JSON ([`Problem::Unreadable`]), as an org does.
//!
//! What a number and a string stand for in a field of each type is the question of
//! [`Plain`](crate::value::Plain), for what serde reads too.
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
    value::{FieldType, Number, Plain, Storage, Value, number},
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

/// Converts a map of JSON values. The key [`ATTRIBUTES`] is passed over; what is under names that are no
/// fields, or are fields that the caller may not read, is listed beside the values.
///
/// # Errors
/// For the first value that is not of its field's type [`Error::BadValue`], or for the first field
/// that is named twice [`Error::FieldTwice`], whichever comes first.
pub(crate) fn known_of_json<'a>(
    object: &Object,
    access: &Access,
    map: &'a Map<String, Json>,
) -> Result<(Input<'a>, Vec<(&'a str, &'a Json)>)> {
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
            None => unknown.push((name.as_str(), json)),
        }
        if let Some(idx) = found {
            next = idx.next();
            end = end.max(next);
        }
    }
    Ok((input, unknown))
}

/// Takes the record's own id out of the values that were given for an update.
///
/// # Errors
/// [`Error::IdMissing`] if there is none; [`Error::WrongId`] if it is malformed.
pub(crate) fn take_id(object: &Object, input: &mut Input<'_>) -> Result<RecordId> {
    let missing = || Error::IdMissing { object: object.name.clone() };
    let given = take_given(input, FieldIdx::ID);
    given.map_or(Ok(None), |given| own_id(object, &given))?.ok_or_else(missing)
}

/// Takes what was given for a field out of the values of a record.
pub(crate) fn take_given<'v>(input: &mut Input<'v>, idx: FieldIdx) -> Option<Given<'v>> {
    let place = input.iter().position(|(it, _)| *it == idx)?;
    Some(input.remove(place).1)
}

/// The record's own id from what was given as it; `None` for null and for an empty text.
///
/// # Errors
/// [`Error::WrongId`] if it is malformed.
pub(crate) fn own_id(object: &Object, given: &Given<'_>) -> Result<Option<RecordId>> {
    let text = match given {
        Given::Value(Value::Null) => return Ok(None),
        Given::Value(Value::Id(id)) => return Ok(Some(*id)),
        given => given.to_string(),
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let id = text.trim().parse().map_err(|_| Error::WrongId {
        object: object.name.clone(),
        label: object.id_label(),
        id: shorten(text),
    })?;
    Ok(Some(id))
}

/// Converts the value of a field.
///
/// # Errors
/// [`Error::BadValue`] if it is not of the field's type.
pub(crate) fn convert<'a>(object: &Object, field: &Field, json: &'a Json) -> Result<Given<'a>> {
    read(field.field_type, json).ok_or_else(|| {
        let (token, value) = found(json);
        bad_value(object, field, value, Problem::Unreadable { token })
    })
}

/// The value that JSON has for a field of this type; `None` if it has none.
fn read(field_type: FieldType, json: &Json) -> Option<Given<'_>> {
    match json {
        Json::Null => Some(Given::Value(Value::Null)),
        Json::Bool(value) => {
            (field_type == FieldType::Boolean).then_some(Given::Value(Value::Bool(*value)))
        }
        Json::String(text) if is_text(field_type) => Some(Given::Value(Value::Text(text))),
        Json::String(text) => {
            given(Plain::of_text(field_type, text), || match number(text.trim()) {
                Some(number) if field_type.storage() == Some(Storage::Double) => number.to_string(),
                _ => text.trim().to_owned(),
            })
        }
        Json::Number(number) => {
            let number = number_of(number)?;
            given(Plain::of_number(field_type, number), || number.to_string())
        }
        Json::Array(_) | Json::Object(_) => None,
    }
}

/// What a plain value stands for; `shown` is how a number that is too wide was written.
fn given<'a>(plain: Plain, shown: impl FnOnce() -> String) -> Option<Given<'a>> {
    match plain {
        Plain::Value(value) => Some(Given::Value(value)),
        Plain::Bytes(bytes) => Some(Given::Bytes(bytes)),
        Plain::TooWide => Some(Given::TooWide(shown())),
        Plain::Wrong => None,
    }
}

/// Is a string taken over as it is? That holds for texts, and for references, which are parsed
/// later.
fn is_text(field_type: FieldType) -> bool {
    matches!(field_type.storage(), Some(Storage::Text | Storage::Id))
}

/// A number as JSON has it; `None` for none, which `serde_json` does not read.
fn number_of(json: &serde_json::Number) -> Option<Number> {
    let whole = json.as_i64().map(i128::from).or_else(|| json.as_u64().map(i128::from));
    match (whole, json.as_f64()) {
        (Some(whole), _) => Some(Number::Whole(whole)),
        (None, Some(decimal)) if json.is_f64() => Some(Number::of(decimal)),
        // With the feature `arbitrary_precision`, which any crate may turn on, it is a text.
        _ => number(&json.to_string()),
    }
}

/// What the JSON has in place of a value that can be read: the name that the platform gives to it,
/// and the value as its writer thinks of it, strings without quotes.
fn found(json: &Json) -> (&'static str, String) {
    match json {
        Json::Null => ("VALUE_NULL", "null".to_owned()),
        Json::Bool(true) => ("VALUE_TRUE", "true".to_owned()),
        Json::Bool(false) => ("VALUE_FALSE", "false".to_owned()),
        Json::Number(number) if number.is_f64() => ("VALUE_NUMBER_FLOAT", number.to_string()),
        Json::Number(number) => ("VALUE_NUMBER_INT", number.to_string()),
        Json::String(text) => ("VALUE_STRING", text.clone()),
        Json::Array(_) => ("START_ARRAY", "[".to_owned()),
        Json::Object(_) => ("START_OBJECT", "{".to_owned()),
    }
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
