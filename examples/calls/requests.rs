//! Requests: which calls there are, and which keys each knows.

use chrono::TimeDelta;
use serde_json::json;
use sobject_core::{Clock, Connection};

use super::{
    ask,
    folder::{self, BadLine, Body, Defaults, Line, Org, Refusal, body},
    reads, writes,
};

/// What answers a request.
type Answer = fn(&Connection, &Line) -> Result<Body, Refusal>;

/// The calls beside those for rows: the keys that each knows, and what answers it.
const CALLS: &[(&str, &[&str], Answer)] = &[
    ("create", &["object", "records", "allOrNone"], writes::create),
    ("update", &["object", "records", "allOrNone"], writes::update),
    ("upsert", &["object", "externalId", "records", "allOrNone"], writes::upsert),
    ("delete", &["ids", "allOrNone"], writes::delete),
    ("undelete", &["ids", "allOrNone"], writes::undelete),
    ("emptyRecycleBin", &["ids", "all", "olderThanDays"], writes::empty_recycle_bin),
    ("retrieve", &["object", "fields", "ids"], reads::retrieve),
    ("search", &["q"], reads::search),
    ("getUpdated", &["object", "start", "end"], reads::get_updated),
    ("getDeleted", &["object", "start", "end"], reads::get_deleted),
    ("recentlyViewed", &["limit"], reads::recently_viewed),
    ("describeSObjects", &["objects"], reads::describe_sobjects),
    ("describeLayout", &["object"], reads::describe_layout),
];

/// The calls that concern the whole org, with the keys that each knows.
const OF_THE_ORG: &[(&str, &[&str])] =
    &[("clock", &["set", "advance"]), ("purge", &[]), ("verify", &[])];

/// Every call with its keys, a line each.
pub(crate) fn help() -> String {
    let of_rows = ask::CALLS.map(|name| (name, &ask::KEYS[..]));
    let others = CALLS.iter().map(|(name, keys, _)| (*name, *keys));
    let all = of_rows.into_iter().chain(others).chain(OF_THE_ORG.iter().copied());
    let lines = all.map(|(name, keys)| format!("  {name:<18}{}", keys.join(", ")));
    let lines: Vec<_> = lines.map(|line| line.trim_end().to_owned()).collect();
    format!(
        "Calls and their keys, beside those of every request ({}):\n{}",
        folder::KEYS.join(", "),
        lines.join("\n"),
    )
}

/// The body of the answer of a request.
///
/// # Errors
/// What is wrong with the request.
pub(crate) fn answer(org: &Org, defaults: Defaults<'_>, line: &Line) -> Result<Body, Refusal> {
    let call: Option<String> = line.get("call")?;
    let call = call.as_deref().unwrap_or("query");
    let found = CALLS.iter().find(|(name, ..)| *name == call);
    let of_the_org = OF_THE_ORG.iter().find(|(name, _)| *name == call);
    let keys = match (found, of_the_org) {
        (Some((_, keys, _)), _) | (None, Some((_, keys))) => *keys,
        (None, None) if ask::CALLS.contains(&call) => &ask::KEYS,
        (None, None) => return Err(Refusal::no_call(call)),
    };
    line.has_only(&[&folder::KEYS, keys].concat())?;
    if call == "clock" {
        // It outlasts the line.
        return clock(org, line);
    }
    org.ask(line, defaults, |db| match (found, call) {
        (Some((.., answer)), _) => answer(db, line),
        (None, "purge") => purge(org),
        (None, "verify") => verify(org),
        (None, call) => ask::ask(db, line, call, defaults.batch_size),
    })
}

/// Sets the clock, which stands from then on.
fn clock(org: &Org, line: &Line) -> Result<Body, Refusal> {
    let set = line.instant("set")?;
    let advance: Option<i64> = line.get("advance")?;
    let now = match (set, advance) {
        (Some(at), None) => at,
        (None, Some(seconds)) => {
            let now = line.instant("now")?.unwrap_or_else(|| org.clock.now());
            let then = TimeDelta::try_seconds(seconds).and_then(|by| now.checked_add_signed(by));
            then.ok_or_else(|| BadLine(format!("advance: {seconds} seconds are too many")))?
        }
        (Some(_), Some(_)) => {
            return Err(BadLine("set and advance: only one of them".to_owned()).into());
        }
        (None, None) => return Err(Refusal::lacking("set or advance")),
    };
    org.clock.stand_at(now);
    body(&json!({ "now": now.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string() }))
}

/// Does what the times of the recycle bin say is due.
fn purge(org: &Org) -> Result<Body, Refusal> {
    body(&json!({ "purged": org.store.purge()? }))
}

fn verify(org: &Org) -> Result<Body, Refusal> {
    org.store.verify()?;
    body(&json!({ "ok": true }))
}
