//! The load: rows are written as untyped records, 200 in a call, and each is accepted or refused on
//! its own.

use std::{
    collections::HashSet,
    fmt,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use chrono::{DateTime, Timelike, Utc};
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use serde_json::Value;
use sobject_core::{
    Connection, Error, Id, JsonRecord, Record, SObject, StatusCode, standard::User,
};

use super::{
    input::{self, Sessions},
    object::LiveAgentSession,
    screen::counted,
    users::Users,
};

/// The most records that one call takes, in an org as in this store.
const CALL: usize = 200;

/// Why a row was refused.
pub(crate) struct Refusal {
    pub(crate) line: u64,
    pub(crate) code: StatusCode,
    pub(crate) fields: Vec<String>,
    pub(crate) message: String,
}

impl Refusal {
    /// The store's refusal of the row on `line`.
    fn of(line: u64, e: &Error) -> Self {
        let mut refusal =
            Self { line, code: e.status_code(), fields: e.fields(), message: e.message() };
        // An org does not say which reference names no record, but a user who has to mend the file
        // needs to know.
        if let Error::NotFound { field: Some(field), id, .. }
        | Error::Deleted { field: Some(field), id, .. } = e
        {
            refusal.message = format!("{}: {id}", refusal.message);
            refusal.fields.push(field.clone());
        }
        refusal
    }

    /// The refusal by which an org's bulk load answers a row whose username no user has.
    fn unknown_agent(line: u64, username: &str) -> Self {
        Self {
            line,
            code: StatusCode::InvalidField,
            fields: Vec::new(),
            message: format!(
                "Foreign key external ID: {username} not found for field Username in entity User"
            ),
        }
    }
}

/// How many rows of a file were loaded, and which were refused.
#[derive(Default)]
pub(crate) struct Loaded {
    n_created: usize,
    /// Rows whose session the store had already.
    n_known: usize,
    pub(crate) refusals: Vec<Refusal>,
    took: Duration,
}

impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n_refused = self.refusals.len();
        let n_rows = self.n_created + self.n_known + n_refused;
        write!(f, "{} loaded, {} refused", counted(self.n_created), counted(n_refused))?;
        if self.n_known > 0 {
            write!(f, ", {} there already", counted(self.n_known))?;
        }
        // The rate is a whole number.
        let millis = usize::try_from(self.took.as_millis()).unwrap_or(usize::MAX).max(1);
        let rate = n_rows.saturating_mul(1000) / millis;
        write!(f, "; {:.1} s, {} rows a second", self.took.as_secs_f64(), counted(rate))
    }
}

/// The sessions that a store holds before the load.
#[derive(Default)]
pub(crate) struct Held {
    n_sessions: usize,
    /// Agent and login time of each session. No agent logs in twice in a second, so these two tell
    /// sessions apart.
    keys: HashSet<(Id<User>, DateTime<Utc>)>,
    /// Name of the last session.
    last_name: String,
    /// When a session was last changed.
    last_modified: DateTime<Utc>,
}

impl Held {
    /// Looks through the store.
    pub(crate) fn by(db: &Connection) -> Result<Self, Error> {
        let mut held = Self::default();
        db.scan(|session: Record<LiveAgentSession>| {
            held.n_sessions += 1;
            held.keys.insert((session.agent_id, session.login_time));
            held.last_modified = held.last_modified.max(session.last_modified_date);
            held.last_name = session.fields.name;
            ControlFlow::Continue(())
        })?;
        Ok(held)
    }

    /// Does the store hold the session that `record` describes? No, if the record has no agent or
    /// no login time; the store will refuse it.
    fn has(&self, record: &JsonRecord) -> bool {
        let text = |field| record.get(field).and_then(Value::as_str);
        let agent = text("AgentId").and_then(|id| id.parse().ok());
        let login = text("LoginTime").and_then(|time| time.parse::<DateTime<Utc>>().ok());
        // The store keeps whole seconds.
        let login = login.and_then(|time| time.with_nanosecond(0));
        agent.zip(login).is_some_and(|key| self.keys.contains(&key))
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { n_sessions, last_name, last_modified, .. } = self;
        if *n_sessions == 0 {
            return f.write_str("no sessions in it yet");
        }
        let (n, changed) = (counted(*n_sessions), last_modified.format("%Y-%m-%dT%H:%M:%SZ"));
        write!(f, "found {n} sessions up to {last_name}, last changed {changed}")
    }
}

/// Loads the rows of `sessions` that are not among `held`.
///
/// So the same file can be loaded again, even after a load that was interrupted, and no session is
/// there twice. Rows that were refused are tried again.
pub(crate) fn load(
    db: &Connection,
    users: &mut Users<'_>,
    sessions: &Sessions,
    held: &Held,
) -> Result<Loaded, Error> {
    let started = Instant::now();
    let object = db.object(LiveAgentSession::NAME)?;
    let mut loaded = Loaded::default();
    let progress = progress_bar(sessions.rows.len());
    for rows in sessions.rows.chunks(CALL) {
        let mut lines = Vec::with_capacity(CALL);
        let mut records = Vec::with_capacity(CALL);
        for row in rows {
            let mut record = sessions.record(row);
            if let Some(username) = sessions.agent(row) {
                let Some(agent) = users.find(username)? else {
                    loaded.refusals.push(Refusal::unknown_agent(input::line(row), username));
                    continue;
                };
                record.insert("AgentId".to_owned(), agent.to_string().into());
            }
            if held.has(&record) {
                loaded.n_known += 1;
                continue;
            }
            lines.push(input::line(row));
            records.push(record);
        }
        for (line, result) in lines.into_iter().zip(object.create_many(&records)?) {
            match result {
                Ok(_) => loaded.n_created += 1,
                Err(e) => loaded.refusals.push(Refusal::of(line, &e)),
            }
        }
        progress.inc(rows.len().try_into().unwrap_or(u64::MAX));
    }
    // Rows with an unknown agent were refused before the others of their call, so the refusals are
    // put in order.
    loaded.refusals.sort_by_key(|refusal| refusal.line);
    loaded.took = started.elapsed();
    Ok(loaded)
}

/// A progress bar on standard error, if that is a terminal. It disappears when it is full.
fn progress_bar(n_rows: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("Loading  {bar:40}  {pos} of {len} rows")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(n_rows.try_into().unwrap_or(u64::MAX))
        .with_style(style)
        .with_finish(ProgressFinish::AndClear)
}
