//! Calls that read: records by id, and what objects are.

use std::ops::Range;

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};
use sobject_core::{Connection, Error, JsonRecord, RecordId, RestJson, Sosl, Untyped};

use super::folder::{Body, Line, Refusal, body};

/// Records that are listed as viewed lately, unless the request says how many.
const RECENT: usize = 200;

/// The object of a request. The REST API has its name in the path of these calls.
///
/// # Errors
/// There is none that the caller may read.
fn object(db: &Connection, line: &Line) -> Result<Untyped, Refusal> {
    let name: String = line.needed("object")?;
    db.object(&name).map_err(in_path)
}

/// The refusal where the REST API has the name of the object in the path.
fn in_path(error: Error) -> Refusal {
    match error {
        Error::UnknownObject { .. } => Refusal::NoSuchResource,
        error => error.into(),
    }
}

/// `retrieve`
pub(crate) fn retrieve(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    let object = object(db, line)?;
    let name = db.describe_sobject(&line.needed::<String>("object")?)?.name;
    let (fields, given): (Vec<String>, Vec<String>) = (line.needed("fields")?, line.needed("ids")?);
    let fields: Vec<_> = fields.iter().map(String::as_str).collect();
    // What is no id leads to no record.
    let parsed: Vec<Option<RecordId>> = given.iter().map(|id| id.parse().ok()).collect();
    let ids: Vec<_> = parsed.iter().flatten().copied().collect();
    let mut found = object.retrieve(&fields, &ids)?.into_iter();
    let mut records = Vec::with_capacity(given.len());
    for id in parsed {
        let record = id.and_then(|id| Some((id, found.next()??)));
        records.push(record.map_or(Json::Null, |(id, record)| sent(&name, id, record)));
    }
    body(&RestJson(&Json::Array(records)))
}

/// A record as the REST API sends it: what it is stands in front.
fn sent(object: &str, id: RecordId, fields: JsonRecord) -> Json {
    let url = format!("/services/data/v65.0/sobjects/{object}/{id}");
    let attributes = json!({ "type": object, "url": url });
    let mut record = JsonRecord::from_iter([("attributes".to_owned(), attributes)]);
    record.extend(fields);
    Json::Object(record)
}

/// `search`
pub(crate) fn search(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    let lacking = || {
        let message = "A search string has to be specified".to_owned();
        Refusal::Lacking { code: "MALFORMED_SEARCH", message }
    };
    let text: String = line.get("q")?.ok_or_else(lacking)?;
    body(&db.search(Sosl::rest(text))?)
}

/// `getUpdated`
pub(crate) fn get_updated(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    body(&object(db, line)?.get_updated(window(line)?)?)
}

/// `getDeleted`
pub(crate) fn get_deleted(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    body(&object(db, line)?.get_deleted(window(line)?)?)
}

/// The window that a request asks for.
fn window(line: &Line) -> Result<Range<DateTime<Utc>>, Refusal> {
    let start = line.instant("start")?.ok_or_else(|| Refusal::lacking("start"))?;
    let end = line.instant("end")?.ok_or_else(|| Refusal::lacking("end"))?;
    Ok(start..end)
}

/// `recentlyViewed`
pub(crate) fn recently_viewed(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    body(&db.recently_viewed(line.get("limit")?.unwrap_or(RECENT))?)
}

/// `describeSObjects`
pub(crate) fn describe_sobjects(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    let names: Vec<String> = line.needed("objects")?;
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    body(&db.describe_sobjects(&names).map_err(in_path)?)
}

/// `describeLayout`
pub(crate) fn describe_layout(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    let name: String = line.needed("object")?;
    body(&db.describe_layout_of(&name).map_err(in_path)?)
}
