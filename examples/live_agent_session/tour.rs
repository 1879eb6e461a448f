//! One session is updated, deleted and undeleted, and an update of it is refused.

use std::{io::Write, ops::ControlFlow};

use chrono::{DateTime, Utc};
use sobject_core::{
    Caller, Connection, Error, Id, JsonRecord, Patch, Record, RecordId, SObject, Store,
    standard::User,
};

use crate::{
    object::{LiveAgentSession, LiveAgentSessionUpdate},
    screen::{self, Outcome},
};

/// Makes these calls for a session of the store, in the name of its agent, and prints the answers.
pub(crate) fn tour(store: &Store, out: &mut impl Write) -> Outcome<()> {
    let Some(before) = untouched_session(&store.system())? else {
        writeln!(out, "No session is as it was loaded, so there is none to show around.")?;
        return Ok(());
    };
    let db = store.connect(Caller::system_as(before.agent_id));
    let agent = db.get(before.agent_id)?;
    writeln!(out, "Session {} of {}, id {}\n", before.name, agent.name, before.id)?;
    update(&db, &before, out)?;
    writeln!(out)?;
    live_and_die(&db, &before, out)
}

/// The first session that nobody has changed since its creation.
fn untouched_session(db: &Connection) -> Result<Option<Record<LiveAgentSession>>, Error> {
    let mut found = None;
    db.scan(|session: Record<LiveAgentSession>| {
        if session.last_modified_by_id != session.created_by_id {
            return ControlFlow::Continue(());
        }
        found = Some(session);
        ControlFlow::Break(())
    })?;
    Ok(found)
}

/// A typed update: it sets one field, sets another to null, and leaves the rest as it is.
fn update(db: &Connection, before: &Record<LiveAgentSession>, out: &mut impl Write) -> Outcome<()> {
    let engaged = before.chat_req_engaged.unwrap_or_default().saturating_add(1);
    db.update(
        before.id,
        LiveAgentSessionUpdate {
            chat_req_engaged: engaged.into(),
            time_idle: Patch::NULL,
            ..LiveAgentSessionUpdate::default()
        },
    )?;
    let after = db.get(before.id)?;

    let count = |n: Option<i32>| n.map_or_else(|| "null".to_owned(), |n| n.to_string());
    let time = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let user = |id: RecordId| -> Result<String, Error> {
        // A retrieve answers null for a user without a record, such as the store's system user.
        let user = db.retrieve(&[Id::<User>::new(id)])?.into_iter().flatten().next();
        Ok(user.map_or_else(|| id.to_string(), |user| user.fields.name))
    };
    let mut table = screen::table(3, ["The agent's update", "before", "after"]);
    let mut line = |field: &str, before, after| {
        table.add_row([field.to_owned(), before, after]);
    };
    line("ChatReqEngaged", count(before.chat_req_engaged), count(after.chat_req_engaged));
    line("TimeIdle", count(before.time_idle), count(after.time_idle));
    line("CreatedDate", time(before.created_date), time(after.created_date));
    line("CreatedById", user(before.created_by_id)?, user(after.created_by_id)?);
    line("LastModifiedDate", time(before.last_modified_date), time(after.last_modified_date));
    line("LastModifiedById", user(before.last_modified_by_id)?, user(after.last_modified_by_id)?);
    line("SystemModstamp", time(before.system_modstamp), time(after.system_modstamp));
    writeln!(out, "{}", table.trim_fmt())?;
    Ok(())
}

/// An untyped update of a read-only field, which no typed view can hold; and a delete and an
/// undelete, with what reads answer after each.
fn live_and_die(
    db: &Connection,
    session: &Record<LiveAgentSession>,
    out: &mut impl Write,
) -> Outcome<()> {
    let mut table = screen::table(3, ["Call", "Answer"]);
    let mut line = |call: &str, answer: String| {
        table.add_row([call.to_owned(), answer]);
    };
    let count = || db.count::<LiveAgentSession>().map(|n| n.to_string());

    let untyped = db.object(LiveAgentSession::NAME)?;
    let name = JsonRecord::from_iter([("Name".to_owned(), "00000000".into())]);
    let refused = untyped.update(session.id.record_id(), &name);
    line("update of Name, untyped", answer(refused, |()| "done".to_owned()));
    line("count", count()?);
    line("delete", answer(db.delete(session.id), |()| "done".to_owned()));
    line("count", count()?);
    line("get", answer(db.get(session.id), |found| format!("session {}", found.name)));
    line("undelete", answer(db.undelete(session.id), |()| "done".to_owned()));
    line("count", count()?);
    line("get", answer(db.get(session.id), |found| format!("session {}", found.name)));
    writeln!(out, "{}", table.trim_fmt())?;
    Ok(())
}

/// The result of a call in words, or why it was refused.
fn answer<T>(result: Result<T, Error>, words: impl FnOnce(T) -> String) -> String {
    match result {
        Ok(value) => words(value),
        Err(e) if e.fields().is_empty() => format!("{}: {}", e.status_code(), e.message()),
        Err(e) => {
            format!("{} [{}]: {}", e.status_code(), e.fields().join(", "), e.message())
        }
    }
}
