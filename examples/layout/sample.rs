//! The desk of the main example, with a page of this program's for its chat sessions.

#[path = "../live_agent_session/object.rs"]
mod object;

use chrono::{DateTime, Utc};
use sobject_core::{
    Caller, PageLayout, PageSection, SObject,
    standard::{Group, User, UserCreate},
};

use self::object::{LiveAgentSession, LiveAgentSessionCreate};
use super::folder::{Org, Outcome};

/// How the page of a chat session is laid out.
fn desk_page() -> PageLayout {
    PageLayout::new(LiveAgentSession::NAME)
        .section(
            PageSection::new("Session")
                .fields(["Name", "OwnerId", "AgentId"])
                .blank()
                .fields(["LoginTime", "LogoutTime"]),
        )
        .section(PageSection::new("Chats").fields([
            "ChatReqAssigned",
            "ChatReqEngaged",
            "ChatReqDeclined",
            "ChatReqTimedOut",
        ]))
        .section(
            PageSection::new("Flags")
                .fields(["NumFlagRaised", "NumFlagLoweredAgent"])
                .blank()
                .fields(["NumFlagLoweredSupervisor"]),
        )
        .section(PageSection::new("Seconds").top_to_bottom().fields([
            "TimeInOnlineStatus",
            "TimeInChats",
            "TimeAtCapacity",
            "TimeIdle",
            "TimeInAwayStatus",
        ]))
        .section(PageSection::new("System Information").fields(["CreatedById", "LastModifiedById"]))
}

/// A desk with an agent and one session.
pub(super) fn load() -> Outcome<Org> {
    let at = |text: &str| text.parse::<DateTime<Utc>>();
    let org = Org::with(Some(at("2026-03-02T07:00:00Z")?), |builder| {
        let objects = [Group::OBJECT, User::OBJECT, LiveAgentSession::OBJECT];
        Ok(builder.layout(desk_page()).in_memory(&objects)?)
    })?;
    let system = org.store.system();
    let agent = system.create(UserCreate::new("Aisha Rahman", "aisha.rahman@desk.example"))?;
    let loader = system.create(UserCreate::new("Data Loader", "data.loader@desk.example"))?;
    system.create(UserCreate::new("Dana Kim", "dana@desk.example"))?;
    let db = org.store.connect(Caller::system_as(loader));
    let login = at("2026-03-01T06:55:14Z")?;
    db.create(LiveAgentSessionCreate {
        chat_req_assigned: Some(20),
        chat_req_declined: Some(1),
        chat_req_engaged: Some(19),
        chat_req_timed_out: Some(0),
        num_flag_raised: Some(1),
        num_flag_lowered_agent: Some(0),
        num_flag_lowered_supervisor: Some(1),
        time_idle: Some(15_418),
        time_in_away_status: Some(2_046),
        time_in_chats: Some(13_049),
        time_in_online_status: Some(28_467),
        ..LiveAgentSessionCreate::new(agent, login, at("2026-03-01T15:23:48Z")?)
    })?;
    Ok(org)
}
