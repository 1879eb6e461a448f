//! The requests for rows: `query`, `queryAll`, `queryMore` and `explain`.

use sobject_core::{Connection, QueryLocator, Soql};

use super::folder::{Body, Line, Refusal, body};

/// The calls of such requests.
pub(crate) const CALLS: [&str; 4] = ["query", "queryAll", "queryMore", "explain"];

/// The keys that such a request may have beside those of every request.
pub(crate) const KEYS: [&str; 3] = ["q", "next", "batchSize"];

/// Answers a request.
///
/// # Errors
/// What is wrong with it; there is no such call among [`CALLS`].
pub(crate) fn ask(
    db: &Connection,
    line: &Line,
    call: &str,
    batch_size: Option<usize>,
) -> Result<Body, Refusal> {
    match call {
        "query" => rows(db, line, batch_size, |query| query),
        "queryAll" => rows(db, line, batch_size, Soql::all_rows),
        "queryMore" => more(db, line, batch_size),
        "explain" => query(line, batch_size).and_then(|query| body(&db.explain(query)?)),
        _ => Err(Refusal::no_call(call)),
    }
}

fn query(line: &Line, batch_size: Option<usize>) -> Result<Soql, Refusal> {
    let lacking = || {
        let message = "A query string has to be specified".to_owned();
        Refusal::Lacking { code: "MALFORMED_QUERY", message }
    };
    let text: String = line.get("q")?.ok_or_else(lacking)?;
    let query = Soql::rest(text);
    Ok(match line.get("batchSize")?.or(batch_size) {
        Some(rows) => query.batch_size(rows),
        None => query,
    })
}

fn rows(
    db: &Connection,
    line: &Line,
    batch_size: Option<usize>,
    of: impl FnOnce(Soql) -> Soql,
) -> Result<Body, Refusal> {
    body(&db.soql(of(query(line, batch_size)?))?)
}

fn more(db: &Connection, line: &Line, batch_size: Option<usize>) -> Result<Body, Refusal> {
    let next: Option<String> = line.get("next")?;
    let locator: QueryLocator = next.unwrap_or_default().parse()?;
    match line.get("batchSize")?.or(batch_size) {
        Some(rows) => body(&db.query_more_with(&locator, rows)?),
        None => body(&db.query_more(&locator)?),
    }
}
