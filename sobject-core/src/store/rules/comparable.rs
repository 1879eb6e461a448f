//! Which value a field is compared with, where it is given in JSON.

use serde_json::Value as Json;

use super::input::{Given, bad_value, convert};
use crate::{
    catalogue::{Field, Object},
    error::{Problem, Result},
    value::{Storage, Value},
};

/// The value of a field that a JSON value stands for. It is not brought into the form of the field,
/// as one that is written is: what no record can hold is found in no record.
///
/// # Errors
/// [`Error::BadValue`](crate::error::Error::BadValue) if it is not of the field's type.
pub(crate) fn comparable<'j>(object: &Object, field: &Field, json: &'j Json) -> Result<Value<'j>> {
    let bad = |value: &str, problem| Err(bad_value(object, field, value.to_owned(), problem));
    match convert(object, field, json)? {
        Given::Value(Value::Text(id)) if field.field_type.storage() == Some(Storage::Id) => {
            let parsed = id.trim().parse();
            parsed.map_or_else(|_| bad(id, Problem::MalformedId), |id| Ok(Value::Id(id)))
        }
        Given::Value(value) => Ok(value),
        Given::TooWide(text) => bad(&text, Problem::OutOfRange),
        // Fields of bytes cannot be filtered.
        Given::Bytes(_) => bad("", Problem::WrongType),
    }
}
