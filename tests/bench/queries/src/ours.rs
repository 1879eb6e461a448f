//! sobject's side: typed queries, of which whole records are asked.

use std::{ops::ControlFlow, path::Path};

use chrono::{DateTime, Utc};
use sobject_core::{
    Connection, Error, Id, ManualClock, SObject, Store,
    standard::{Group, User, UserCreate},
};

use crate::{
    Outcome,
    object::LiveAgentSession,
    sample::{START, Sessions},
    sides::{IDLEST, RANKED, Session, Side},
};

/// Records of an agent, about.
const OF_AN_AGENT: u32 = 100;
/// Records in a call, and calls in a transaction.
const CALL: usize = 200;
const CALLS: usize = 50;

/// The records in a store.
pub(crate) struct Ours {
    pub(crate) db: Connection,
    pub(crate) agents: Vec<Id<User>>,
    /// In the order of their logins.
    pub(crate) sessions: Vec<(Id<LiveAgentSession>, DateTime<Utc>)>,
}

impl Ours {
    /// Makes a file with `n` records.
    pub(crate) fn load(path: &Path, n: u32) -> Outcome<Self> {
        let objects = [Group::OBJECT, User::OBJECT, LiveAgentSession::OBJECT];
        let store = Store::builder().clock(ManualClock::at(START)).open(path, &objects)?;
        let db = store.system();
        let views: Vec<_> = (0..n / OF_AN_AGENT)
            .map(|n| UserCreate::new(format!("Agent {n}"), format!("{n}@example.com")))
            .collect();
        let agents = db.transaction(|tx| {
            let mut ids = Vec::new();
            for call in views.chunks(CALL) {
                for created in tx.create_many(call)? {
                    ids.push(created?);
                }
            }
            Ok::<_, Error>(ids)
        })?;
        let views: Vec<_> = Sessions::of(&agents).take(usize::try_from(n)?).collect();
        let mut sessions = Vec::with_capacity(views.len());
        for views in views.chunks(CALL * CALLS) {
            let ids = db.transaction(|tx| {
                let mut ids = Vec::with_capacity(views.len());
                for call in views.chunks(CALL) {
                    for created in tx.create_many(call)? {
                        ids.push(created?);
                    }
                }
                Ok::<_, Error>(ids)
            })?;
            sessions.extend(ids.into_iter().zip(views.iter().map(|view| view.login_time)));
        }
        Ok(Self { db, agents, sessions })
    }

    /// Shows all records.
    pub(crate) fn each(&self, mut f: impl FnMut(Session) -> Outcome<()>) -> Outcome<()> {
        let mut outcome = Ok(());
        self.db.scan::<LiveAgentSession>(|session| {
            outcome = f(session);
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        outcome
    }
}

impl Side for Ours {
    fn get(&self, id: Id<LiveAgentSession>) -> Outcome<Session> {
        Ok(self.db.get(id)?)
    }

    fn of_agent(&self, agent: Id<User>) -> Outcome<Vec<Session>> {
        let is_his = LiveAgentSession::FIELDS.agent_id.eq(agent);
        Ok(self.db.query::<LiveAgentSession>().filter(is_his).all()?)
    }

    fn of_time(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Outcome<Vec<Session>> {
        let login = LiveAgentSession::FIELDS.login_time;
        let within = login.ge(from) & login.lt(to);
        Ok(self.db.query::<LiveAgentSession>().filter(within).all()?)
    }

    fn idle(&self, least: i32) -> Outcome<Vec<Session>> {
        let is_idle = LiveAgentSession::FIELDS.time_idle.gt(least);
        Ok(self.db.query::<LiveAgentSession>().filter(is_idle).all()?)
    }

    fn ranking(&self) -> Outcome<Vec<(Id<User>, i64)>> {
        let fields = &LiveAgentSession::FIELDS;
        let total = || fields.time_idle.sum();
        let groups = self
            .db
            .query::<LiveAgentSession>()
            .group_by(fields.agent_id)
            .totals(total())
            .order_by(total().desc())
            .limit(RANKED)
            .all()?;
        #[expect(clippy::cast_possible_truncation, reason = "a sum of whole numbers")]
        let whole = |sum: Option<f64>| sum.unwrap_or_default() as i64;
        Ok(groups.into_iter().map(|(agent, sum)| (agent, whole(sum))).collect())
    }

    fn idlest(&self) -> Outcome<Vec<Session>> {
        let most_first = LiveAgentSession::FIELDS.time_idle.desc().nulls_last();
        Ok(self.db.query::<LiveAgentSession>().order_by(most_first).limit(IDLEST).all()?)
    }
}
