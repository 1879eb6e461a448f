//! What every side is asked.

use chrono::{DateTime, Utc};
use sobject_core::{Id, Record, standard::User};

use crate::{
    Outcome,
    object::{LiveAgentSession, LiveAgentSessionCreate},
};

/// A session as all sides give it.
pub(crate) type Session = Record<LiveAgentSession>;

/// Agents of a ranking, and records of one.
pub(crate) const RANKED: usize = 100;
pub(crate) const IDLEST: usize = 10;

/// One side: the records, and what is asked of them.
pub(crate) trait Side {
    /// The record of an id.
    fn get(&self, id: Id<LiveAgentSession>) -> Outcome<Session>;

    /// Those of an agent, by the index of AgentId.
    fn of_agent(&self, agent: Id<User>) -> Outcome<Vec<Session>>;

    /// Those that began in this time, by the index of LoginTime.
    fn of_time(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Outcome<Vec<Session>>;

    /// Those with more than so many seconds idle, which no index has.
    fn idle(&self, least: i32) -> Outcome<Vec<Session>>;

    /// The agents with most seconds idle, and these.
    fn ranking(&self) -> Outcome<Vec<(Id<User>, i64)>>;

    /// Those with most seconds idle, which no index has; among equals by id.
    fn idlest(&self) -> Outcome<Vec<Session>>;
}

/// What made a record.
pub(crate) fn view_of(session: &LiveAgentSession) -> LiveAgentSessionCreate {
    LiveAgentSessionCreate {
        chat_req_assigned: session.chat_req_assigned,
        chat_req_declined: session.chat_req_declined,
        chat_req_engaged: session.chat_req_engaged,
        chat_req_timed_out: session.chat_req_timed_out,
        num_flag_lowered_agent: session.num_flag_lowered_agent,
        num_flag_lowered_supervisor: session.num_flag_lowered_supervisor,
        num_flag_raised: session.num_flag_raised,
        owner_id: Some(session.owner_id),
        time_at_capacity: session.time_at_capacity,
        time_idle: session.time_idle,
        time_in_away_status: session.time_in_away_status,
        time_in_chats: session.time_in_chats,
        time_in_online_status: session.time_in_online_status,
        ..LiveAgentSessionCreate::new(session.agent_id, session.login_time, session.logout_time)
    }
}
