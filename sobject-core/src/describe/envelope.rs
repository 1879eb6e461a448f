//! What tools wrap an org's answers in, and what is often taken for a describe.
//!
//! `sf sobject describe --json` prints `{ "status": 0, "result": { … }, "warnings": [] }`. The result
//! is read as if it stood alone; the rest is no part of the describe.

use serde_json::{Map, Value as Json};

/// The describe of an object, out of what it may be wrapped in.
pub(super) fn describe_in(map: Map<String, Json>) -> Result<Map<String, Json>, String> {
    let map = unwrapped(map, "fields")?;
    if map.contains_key("fields") {
        return Ok(map);
    }
    let name = map.get("name").and_then(Json::as_str).unwrap_or("the object");
    if map.contains_key("sobjects") {
        return Err(
            "this is the answer to describeGlobal; read it as a `GlobalDescribe`".to_owned()
        );
    }
    if map.contains_key("keyPrefix") {
        return Err(format!(
            "{name}: there are no `fields`, since this is its summary in describeGlobal; ask for the \
             describe of the object, `/sobjects/{name}/describe`"
        ));
    }
    Ok(map)
}

/// The describe of all objects, out of what it may be wrapped in.
pub(super) fn global_in(map: Map<String, Json>) -> Result<Map<String, Json>, String> {
    let map = unwrapped(map, "sobjects")?;
    if map.get("result").is_some_and(Json::is_array) {
        return Err("this is a list of names; ask for describeGlobal, `/sobjects`".to_owned());
    }
    Ok(map)
}

/// What stands under `result`, unless the key that is `wanted` is there beside it.
fn unwrapped(mut map: Map<String, Json>, wanted: &str) -> Result<Map<String, Json>, String> {
    if map.contains_key(wanted) || !map.contains_key("status") {
        return Ok(map);
    }
    if map.get("status").and_then(Json::as_i64) != Some(0) {
        let message = map.get("message").and_then(Json::as_str).unwrap_or("it says not why");
        return Err(format!("the command that was to describe failed: {message}"));
    }
    match map.remove("result") {
        Some(Json::Object(result)) => Ok(result),
        Some(other) => {
            map.insert("result".to_owned(), other);
            Ok(map)
        }
        None => Ok(map),
    }
}
