//! Batch mode: one request a line in, one answer a line out, in the same order.

use std::io::{BufRead, Write};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use sobject_core::{Error, QueryLocator, QueryResult, Soql};

use crate::folder::{Org, Outcome};

/// A request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    #[serde(default)]
    id: Json,
    #[serde(default)]
    call: Option<String>,
    #[serde(default)]
    q: Option<String>,
    #[serde(default)]
    next: Option<String>,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    now: Option<DateTime<Utc>>,
    #[serde(default)]
    batch_size: Option<usize>,
}

/// Answers requests until the input ends.
pub fn serve(org: &Org) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = match serde_json::from_str::<Request>(&line) {
            Ok(request) => {
                let (status, body) = answer(org, &request);
                json!({ "id": request.id, "status": status, "body": body })
            }
            Err(error) => json!({
                "id": Json::Null,
                "status": 400,
                "body": [{ "message": error.to_string(), "errorCode": "JSON_PARSER_ERROR" }],
            }),
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

fn answer(org: &Org, request: &Request) -> (u16, Json) {
    let refused =
        |code: &str, message: String| (400, json!([{ "message": message, "errorCode": code }]));
    let before = org.clock.as_ref().map(sobject_core::Clock::now);
    if let (Some(clock), Some(now)) = (&org.clock, request.now) {
        clock.set(now);
    }
    let answered = ask(org, request);
    if let (Some(clock), Some(before)) = (&org.clock, before) {
        clock.set(before);
    }
    match answered {
        Ok(Ok(result)) => match serde_json::to_value(&result) {
            Ok(body) => (200, body),
            Err(error) => refused("UNKNOWN_EXCEPTION", error.to_string()),
        },
        Ok(Err(error)) => refused(error.status_code().as_str(), error.message()),
        Err(error) => refused("INVALID_USER", error.to_string()),
    }
}

fn ask(org: &Org, request: &Request) -> Outcome<Result<QueryResult, Error>> {
    let db = org.connect(request.user.as_deref())?;
    let call = request.call.as_deref().unwrap_or("query");
    if call == "queryMore" {
        let next = request.next.as_deref().unwrap_or_default();
        return Ok(next.parse().and_then(|locator: QueryLocator| db.query_more(&locator)));
    }
    let mut query = Soql::rest(request.q.clone().unwrap_or_default());
    if let Some(rows) = request.batch_size {
        query = query.batch_size(rows);
    }
    if call == "queryAll" {
        query = query.all_rows();
    }
    Ok(db.soql(query))
}
