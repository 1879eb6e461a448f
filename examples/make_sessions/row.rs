//! A line of the session file, in the form of an org's bulk load.

use std::ops::{Index, IndexMut};

use chrono::{DateTime, Utc};

use crate::{session::Session, staff::Agent};

/// The columns, in the order of the file. `Agent.Username` names the agent by a field of the user
/// and not by id, because the store that the file is loaded into makes the ids.
pub(crate) const COLUMNS: [&str; 17] = [
    "Agent.Username",
    "OwnerId",
    "Name",
    "LoginTime",
    "LogoutTime",
    "ChatReqAssigned",
    "ChatReqDeclined",
    "ChatReqEngaged",
    "ChatReqTimedOut",
    "NumFlagLoweredAgent",
    "NumFlagLoweredSupervisor",
    "NumFlagRaised",
    "TimeAtCapacity",
    "TimeIdle",
    "TimeInAwayStatus",
    "TimeInChats",
    "TimeInOnlineStatus",
];

/// A column that the generator names. The number is its place in [`COLUMNS`].
#[derive(Clone, Copy)]
pub(crate) enum Column {
    Agent = 0,
    Owner = 1,
    Name = 2,
    Login = 3,
    Logout = 4,
    Assigned = 5,
    Engaged = 7,
    FlagLoweredAgent = 9,
    FlagLoweredSupervisor = 10,
    FlagRaised = 11,
    AtCapacity = 12,
    Idle = 13,
    Away = 14,
    InChats = 15,
    Online = 16,
}

/// The cells of a line. An empty cell means that the field is not given.
pub(crate) struct Row(pub(crate) [String; COLUMNS.len()]);

impl Row {
    /// The line of a session, with all its counters.
    pub(crate) fn of(agent: &Agent, session: &Session) -> Self {
        let time = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        Self([
            agent.username.clone(),
            String::new(),
            String::new(),
            time(session.login),
            time(session.logout),
            session.assigned.to_string(),
            session.declined.to_string(),
            session.engaged.to_string(),
            session.timed_out.to_string(),
            session.flags_lowered_by_agent.to_string(),
            session.flags_lowered_by_supervisor.to_string(),
            session.flags_raised.to_string(),
            session.at_capacity.to_string(),
            session.idle.to_string(),
            session.away.to_string(),
            session.in_chats.to_string(),
            session.online.to_string(),
        ])
    }
}

impl Index<Column> for Row {
    type Output = String;

    fn index(&self, column: Column) -> &String {
        &self.0[column as usize]
    }
}

impl IndexMut<Column> for Row {
    fn index_mut(&mut self, column: Column) -> &mut String {
        &mut self.0[column as usize]
    }
}
