//! The object: `LiveAgentSession` as in the examples, with an index on LoginTime beside those that
//! references and name fields have anyway.

use chrono::{DateTime, Utc};
use sobject_core::{
    Id, Ref, SObject,
    standard::{Group, User},
};

/// One agent's session at the chat desk, from login to logout. Times are in seconds.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(
    key_prefix = "0HK",
    label = "Chat Session",
    plural = "Chat Sessions",
    since = 28,
    calls(
        create,
        delete,
        describe_layout,
        describe_sobjects,
        get_deleted,
        get_updated,
        query,
        retrieve,
        search,
        undelete,
        update
    )
)]
pub(crate) struct LiveAgentSession {
    /// Whose session it was.
    #[field(create, filter, group, sort, update, label = "User ID", relationship = "Agent")]
    pub agent_id: Id<User>,
    /// Requests that the agent was given.
    #[field(create, filter, group, nillable, sort, update, label = "Chat Requests Assigned")]
    pub chat_req_assigned: Option<i32>,
    /// Requests that the agent turned down by hand.
    #[field(
        create,
        filter,
        group,
        nillable,
        sort,
        update,
        label = "Chat Requests Declined (Manually)"
    )]
    pub chat_req_declined: Option<i32>,
    /// Requests that became chats.
    #[field(create, filter, group, nillable, sort, update, label = "Chat Requests Engaged")]
    pub chat_req_engaged: Option<i32>,
    /// Requests that nobody answered in time.
    #[field(
        create,
        filter,
        group,
        nillable,
        sort,
        update,
        label = "Chat Requests Declined (Push Timeout)"
    )]
    pub chat_req_timed_out: Option<i32>,
    /// When the caller last viewed the record, a related record or a list with it.
    #[field(filter, nillable, sort, per_caller)]
    pub last_referenced_date: Option<DateTime<Utc>>,
    /// When the caller last viewed the record.
    #[field(filter, nillable, sort, per_caller)]
    pub last_viewed_date: Option<DateTime<Utc>>,
    /// When the session began.
    #[field(create, filter, index, sort, update)]
    pub login_time: DateTime<Utc>,
    /// When the session ended.
    #[field(create, filter, sort, update)]
    pub logout_time: DateTime<Utc>,
    /// The number that the store gives to each session.
    // The page does not tell the format; orgs show eight digits.
    #[field(
        autonumber = "{00000000}",
        defaulted_on_create,
        filter,
        id_lookup,
        sort,
        name_field,
        length = 255,
        label = "Chat Session Name"
    )]
    pub name: String,
    /// Flags for help that the agent took down.
    #[field(
        create,
        filter,
        group,
        nillable,
        sort,
        update,
        label = "Assistance Flags Lowered (Agent)"
    )]
    pub num_flag_lowered_agent: Option<i32>,
    /// Flags for help that a supervisor took down.
    #[field(
        create,
        filter,
        group,
        nillable,
        sort,
        update,
        label = "Assistance Flags Lowered (Supervisor)"
    )]
    pub num_flag_lowered_supervisor: Option<i32>,
    /// Flags for help that the agent put up.
    #[field(create, filter, group, nillable, sort, update, label = "Assistance Flags Raised")]
    pub num_flag_raised: Option<i32>,
    /// The user or queue that owns the record; by default the user who creates it.
    #[field(
        create,
        defaulted_on_create,
        filter,
        group,
        sort,
        update,
        label = "Owner ID",
        relationship = "Owner"
    )]
    pub owner_id: Ref<(Group, User)>,
    /// Time with as many chats as the agent may have.
    #[field(create, filter, group, nillable, sort, update, label = "Time Spent at Capacity")]
    pub time_at_capacity: Option<i32>,
    /// Time online without a chat.
    #[field(create, filter, group, nillable, sort, update, label = "Time Idle")]
    pub time_idle: Option<i32>,
    /// Time with the status Away.
    #[field(create, filter, group, nillable, sort, update, label = "Time Spent Away")]
    pub time_in_away_status: Option<i32>,
    /// Time with at least one chat.
    #[field(create, filter, group, nillable, sort, update, label = "Time Spent in Chats")]
    pub time_in_chats: Option<i32>,
    /// Time with the status Online.
    #[field(create, filter, group, nillable, sort, update, label = "Time Spent Online")]
    pub time_in_online_status: Option<i32>,
}
