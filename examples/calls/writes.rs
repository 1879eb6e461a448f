//! Calls that write records, each of which has a result of its own.

use chrono::TimeDelta;
use serde_json::{Map, Value as Json, json};
use sobject_core::{
    Connection, Error, RecordId, Result as Answered, SaveResult, Transaction, Untyped,
};

use super::folder::{BadLine, Body, Line, Refusal, body};

/// Most records of a call.
const MAX_RECORDS: usize = 200;

/// The caller, who writes all or none if the request says so.
fn caller(db: &Connection, line: &Line) -> Result<Connection, Refusal> {
    let all_or_none = line.get("allOrNone")?.unwrap_or(false);
    Ok(if all_or_none { db.all_or_none() } else { db.clone() })
}

/// The object and the records of a request.
fn records(db: &Connection, line: &Line) -> Result<(Untyped, Vec<Json>), Refusal> {
    let name: String = line.needed("object")?;
    Ok((caller(db, line)?.object(&name)?, line.needed("records")?))
}

/// `create`
pub(crate) fn create(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    let (object, records) = records(db, line)?;
    let results = object.create_many(&records)?;
    body(&results.iter().map(SaveResult::created).collect::<Vec<_>>())
}

/// `update`
pub(crate) fn update(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    let (object, records) = records(db, line)?;
    let results = object.update_many(&records)?;
    let results = records.iter().zip(&results).map(|(record, result)| SaveResult {
        id: id_of(record),
        error: result.as_ref().err(),
        created: None,
    });
    body(&results.collect::<Vec<_>>())
}

/// `upsert`
pub(crate) fn upsert(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    let key: String = line.needed("externalId")?;
    let (object, records) = records(db, line)?;
    let results = object.upsert_many(&key, &records)?;
    body(&results.iter().map(SaveResult::upserted).collect::<Vec<_>>())
}

/// The id that a record gives itself, in any case as field names are.
fn id_of(record: &Json) -> Option<RecordId> {
    let is_id = |(key, _): &(&String, &Json)| key.eq_ignore_ascii_case("Id");
    record.as_object()?.iter().find(is_id)?.1.as_str()?.trim().parse().ok()
}

/// `delete`
pub(crate) fn delete(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    by_ids(db, line, |tx, object, ids| tx.object(object)?.delete_many(ids))
}

/// `undelete`
pub(crate) fn undelete(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    by_ids(db, line, |tx, object, ids| tx.object(object)?.undelete_many(ids))
}

/// `emptyRecycleBin`
pub(crate) fn empty_recycle_bin(db: &Connection, line: &Line) -> Result<Body, Refusal> {
    let ids: Option<Vec<String>> = line.get("ids")?;
    let days: Option<i64> = line.get("olderThanDays")?;
    let purged = match (ids, line.get("all")?.unwrap_or(false), days) {
        (Some(_), false, None) => {
            return by_ids(db, line, |tx, object, ids| tx.object(object)?.empty_recycle_bin(ids));
        }
        (None, true, None) => db.empty_whole_recycle_bin()?,
        (None, false, Some(days)) => {
            let age = TimeDelta::try_days(days).filter(|_| days >= 0);
            let wrong = || BadLine(format!("olderThanDays: {days} is no number of days"));
            db.empty_recycle_bin_older_than(age.ok_or_else(wrong)?)?
        }
        (None, false, None) => return Err(Refusal::lacking("ids, all or olderThanDays")),
        _ => {
            let what = "ids, all and olderThanDays: only one of them";
            return Err(BadLine(what.to_owned()).into());
        }
    };
    body(&json!({ "purged": purged }))
}

/// Ids of a call that follow one another and are of one object, or one that is of none.
enum Run {
    Of(String, Vec<RecordId>),
    OfNone(RecordId),
    Malformed(String),
}

/// A call on ids of one object, with a result for each.
type ManyIds = fn(&mut Transaction<'_>, &str, &[RecordId]) -> Answered<Vec<Answered<()>>>;

/// Results that are to be answered, though nothing is written.
enum Failed {
    Call(Error),
    TakenBack(Vec<Answered<()>>),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

/// Runs a call on ids, whose objects may differ, in their order and in one transaction.
fn by_ids(db: &Connection, line: &Line, call: ManyIds) -> Result<Body, Refusal> {
    let given: Vec<String> = line.needed("ids")?;
    let all_or_none = line.get("allOrNone")?.unwrap_or(false);
    if given.len() > MAX_RECORDS {
        return Err(Error::TooMany { given: given.len(), limit: MAX_RECORDS }.into());
    }
    let runs = runs(db, &given)?;
    let written = db.transaction(|tx| {
        let mut results = Vec::new();
        for run in &runs {
            match run {
                Run::Of(object, ids) => results.extend(call(tx, object, ids)?),
                Run::OfNone(id) => results.push(Err(Error::NotFound {
                    object: String::new(),
                    field: None,
                    id: *id,
                })),
                Run::Malformed(id) => results.push(Err(Error::WrongId {
                    object: String::new(),
                    label: "Record ID".to_owned(),
                    id: id.clone(),
                })),
            }
        }
        if all_or_none && results.iter().any(Result::is_err) {
            return Err(Failed::TakenBack(results));
        }
        Ok(results)
    });
    let results = match written {
        Ok(results) => results,
        Err(Failed::Call(error)) => return Err(error.into()),
        Err(Failed::TakenBack(mut results)) => {
            for result in results.iter_mut().filter(|it| it.is_ok()) {
                *result = Err(Error::RolledBack { object: String::new() });
            }
            results
        }
    };
    let results = given.iter().zip(&results).map(|(id, result)| shown(id, result));
    body(&results.collect::<Vec<_>>())
}

/// The objects of ids.
fn runs(db: &Connection, given: &[String]) -> Answered<Vec<Run>> {
    let mut runs: Vec<Run> = Vec::new();
    for text in given {
        let Ok(id) = text.trim().parse::<RecordId>() else {
            runs.push(Run::Malformed(text.clone()));
            continue;
        };
        match (db.objects_of(id)?.into_iter().next(), runs.last_mut()) {
            (None, _) => runs.push(Run::OfNone(id)),
            (Some(object), Some(Run::Of(of, ids))) if *of == object => ids.push(id),
            (Some(object), _) => runs.push(Run::Of(object, vec![id])),
        }
    }
    Ok(runs)
}

/// The result of a call on this id, which is answered as it was given where it is none.
fn shown(given: &str, result: &Answered<()>) -> Json {
    let save =
        SaveResult { id: given.trim().parse().ok(), error: result.as_ref().err(), created: None };
    let mut shown = serde_json::to_value(save).unwrap_or_default();
    if let (None, Json::Object(map)) = (save.id, &mut shown) {
        let rest = std::mem::replace(map, Map::from_iter([("id".to_owned(), given.into())]));
        map.extend(rest);
    }
    shown
}
