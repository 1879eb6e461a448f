//! Batch mode: one request a line in, one answer a line out, in the same order.

use std::io::{BufRead, Write};

use serde_json::{Value as Json, json, value::RawValue};
use sobject_core::{Connection, Error, QueryLocator, Soql};

use super::folder::{self, BadLine, Line, Org, Outcome};

/// The keys that a request may have.
const KEYS: [&str; 7] = ["id", "call", "q", "next", "user", "now", "batchSize"];

/// Why a request is not answered with what it asks for.
enum Refusal {
    /// The line is no request.
    Line(BadLine),
    /// The store has refused it.
    Store(Error),
    /// The request lacks what its call needs.
    Lacking { code: &'static str, message: &'static str },
}

impl From<BadLine> for Refusal {
    fn from(bad: BadLine) -> Self {
        Self::Line(bad)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

impl Refusal {
    /// The body by which the REST API answers.
    fn body(&self) -> Json {
        let (code, message) = match self {
            Self::Line(bad) => ("JSON_PARSER_ERROR", bad.0.clone()),
            Self::Store(error) => (error.status_code().as_str(), error.message()),
            Self::Lacking { code, message } => (*code, (*message).to_owned()),
        };
        json!([{ "message": message, "errorCode": code }])
    }
}

/// What holds for a line that does not say otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Defaults<'a> {
    pub(crate) user: Option<&'a str>,
    pub(crate) batch_size: Option<usize>,
}

/// Answers requests until the input ends.
///
/// # Errors
/// Those of reading and writing.
pub(crate) fn serve(
    org: &Org,
    defaults: Defaults<'_>,
    input: impl BufRead,
    out: &mut impl Write,
) -> Outcome<()> {
    for line in folder::lines(input) {
        let (line, read) = Line::read(&line?);
        let answered = match read {
            Ok(()) => answer(org, defaults, &line),
            Err(bad) => Err(bad.into()),
        };
        let answer = match &answered {
            Ok(body) => folder::answer(line.id(), 200, body)?,
            Err(refusal) => folder::answer(line.id(), 400, &refusal.body())?,
        };
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

/// The body of the answer of a request.
fn answer(org: &Org, defaults: Defaults<'_>, line: &Line) -> Result<Box<RawValue>, Refusal> {
    line.has_only(&KEYS)?;
    let now: Option<String> = line.get("now")?;
    let now = now.as_deref().map(folder::instant).transpose();
    let now = now.map_err(|problem| BadLine(format!("now: {problem}")))?;
    let user: Option<String> = line.get("user")?;
    let batch_size = line.get("batchSize")?.or(defaults.batch_size);
    org.clock.during(now, || {
        let db = org.connect(user.as_deref().or(defaults.user));
        let db = db.map_err(|problem| BadLine(format!("user: {problem}")))?;
        ask(&db, line, batch_size)
    })
}

fn ask(db: &Connection, line: &Line, batch_size: Option<usize>) -> Result<Box<RawValue>, Refusal> {
    let call: Option<String> = line.get("call")?;
    let text: Option<String> = line.get("q")?;
    let next: Option<String> = line.get("next")?;
    let query = || {
        let message = "A query string has to be specified";
        let text = text.ok_or(Refusal::Lacking { code: "MALFORMED_QUERY", message })?;
        let query = Soql::rest(text);
        Ok::<_, Refusal>(match batch_size {
            Some(rows) => query.batch_size(rows),
            None => query,
        })
    };
    match call.as_deref().unwrap_or("query") {
        "query" => body(&db.soql(query()?)?),
        "queryAll" => body(&db.soql(query()?.all_rows())?),
        "queryMore" => {
            let locator: QueryLocator = next.unwrap_or_default().parse()?;
            match batch_size {
                Some(rows) => body(&db.query_more_with(&locator, rows)?),
                None => body(&db.query_more(&locator)?),
            }
        }
        "explain" => body(&db.explain(query()?)?),
        other => Err(BadLine(format!("call: there is no call {other:?}")).into()),
    }
}

fn body(result: &impl serde::Serialize) -> Result<Box<RawValue>, Refusal> {
    serde_json::value::to_raw_value(result).map_err(|error| BadLine(error.to_string()).into())
}
