//! Permissions: an agent who may read but not edit the times of chat sessions, and an administrator
//! who may.
//!
//! ```text
//! cargo run --example permissions
//! ```
//!
//! A note on the object's page says that users can change its standard fields only if an
//! administrator has given them the right to. So the agents' profile lets them edit the counts that
//! they write down themselves, and a permission set adds the right to correct the times.

#[path = "live_agent_session/object.rs"]
mod object;
#[path = "live_agent_session/screen.rs"]
#[expect(dead_code, reason = "the main job counts more than is counted here")]
mod screen;

use chrono::{DateTime, Utc};
use serde_json::json;
use sobject_core::{
    AccessType, Caller, Connection, FieldRight, Id, JsonRecord, ObjectRight, Permissions, SObject,
    Store,
    standard::{Group, User, UserCreate},
};

use crate::{
    object::{LiveAgentSession, LiveAgentSessionCreate, LiveAgentSessionUpdate},
    screen::Outcome,
};

fn main() -> Outcome<()> {
    let store = Store::in_memory(&[Group::OBJECT, User::OBJECT, LiveAgentSession::OBJECT])?;
    let system = store.system();
    let user = |name: &str| {
        system.create(UserCreate::new(name.to_owned(), format!("{name}@desk.example")))
    };
    let (agent, administrator) = (user("agent")?, user("administrator")?);

    let agents = store.connect(Caller::user(agent, agents_profile()));
    let administrators = store.connect(Caller::user(administrator, Permissions::all()));
    let with_set = agents_profile().union(&correct_times());
    let trusted = store.connect(Caller::user(agent, with_set));

    fields(&[("agent", &agents), ("administrator", &administrators), ("agent + set", &trusted)])?;
    calls(&agents, &administrators, &trusted, agent)
}

/// What every agent may do: create and edit sessions, read all fields but one, and edit the counts
/// that agents write down themselves.
fn agents_profile() -> Permissions {
    let session = LiveAgentSession::FIELDS;
    Permissions::none()
        .grant(User::NAME, [ObjectRight::Read])
        .grant(Group::NAME, [ObjectRight::Read])
        .grant(LiveAgentSession::NAME, [ObjectRight::Create, ObjectRight::Edit])
        .grant_fields(LiveAgentSession::NAME, FieldRight::Read)
        .grant_field(session.chat_req_assigned, FieldRight::Edit)
        .grant_field(session.chat_req_engaged, FieldRight::Edit)
        .mute_field(session.num_flag_lowered_supervisor, FieldRight::Read)
}

/// A permission set for users who correct the times, except the time online, which is measured.
fn correct_times() -> Permissions {
    let session = LiveAgentSession::FIELDS;
    Permissions::none()
        .grant_fields(LiveAgentSession::NAME, FieldRight::Edit)
        .mute_field(session.time_in_online_status, FieldRight::Edit)
        .mute_field(session.num_flag_lowered_supervisor, FieldRight::Read)
}

/// Prints what describe says about some fields to each caller.
fn fields(callers: &[(&str, &Connection); 3]) -> Outcome<()> {
    let [first, second, third] = callers.map(|(name, _)| name);
    let mut table = screen::table(3, ["Field", first, second, third]);
    for name in [
        "Name",
        "LoginTime",
        "ChatReqEngaged",
        "TimeIdle",
        "TimeInOnlineStatus",
        "NumFlagLoweredSupervisor",
    ] {
        let mut row = vec![name.to_owned()];
        for (_, db) in callers {
            let describe = db.describe::<LiveAgentSession>()?;
            let field = describe.fields.iter().find(|field| field.name == name);
            let may = field.map_or("not there", |it| if it.updateable { "edit" } else { "read" });
            row.push(may.to_owned());
        }
        table.add_row(row);
    }
    println!("{}\n", table.trim_fmt());
    Ok(())
}

/// Makes some calls as each caller, and prints the answers.
fn calls(
    agents: &Connection,
    administrators: &Connection,
    trusted: &Connection,
    agent: Id<User>,
) -> Outcome<()> {
    let mut table = screen::table(3, ["Call", "Answer"]);
    let mut line = |call: &str, answer: String| {
        table.add_row([call.to_owned(), answer]);
    };
    let [login, logout]: [DateTime<Utc>; 2] =
        ["2026-03-01T08:00:00Z".parse()?, "2026-03-01T16:30:00Z".parse()?];
    let id = agents.create(LiveAgentSessionCreate::new(agent, login, logout))?;
    line("the agent creates a session", "done".to_owned());

    let times = LiveAgentSessionUpdate {
        time_idle: 1_200.into(),
        time_in_chats: 3_600.into(),
        ..LiveAgentSessionUpdate::default()
    };
    line("the agent sets two times", answer(agents.update(id, &times)));
    line("the administrator sets them", answer(administrators.update(id, &times)));
    line("the agent with the set sets them", answer(trusted.update(id, &times)));

    let untyped = agents.object(LiveAgentSession::NAME)?;
    let hidden = record(&json!({ "NumFlagLoweredSupervisor": 1, "Colour": "red" }));
    line(
        "the agent sets a hidden field and one that is not there",
        answer(untyped.update(id.record_id(), &hidden)),
    );
    line("the agent reads the whole session", answer(agents.get(id).map(drop)));
    let read = untyped.get(id.record_id())?;
    line("the agent reads what it may", format!("{} of 26 fields", read.len()));
    line("the agent deletes it", answer(agents.delete(id)));

    // Input from elsewhere is stripped down to the fields that the agent may write.
    let input = vec![record(&json!({ "ChatReqEngaged": 7, "TimeIdle": 0, "Name": "mine" }))];
    let stripped = untyped.strip_inaccessible(AccessType::Updateable, input)?;
    let removed = stripped.removed_fields.values().flatten().map(String::as_str);
    let removed: Vec<_> = removed.collect();
    line("input is stripped for the agent", format!("without {}", removed.join(", ")));
    for record in &stripped.records {
        line("what is left is written", answer(untyped.update(id.record_id(), record)));
    }
    println!("{}", table.trim_fmt());
    Ok(())
}

/// A JSON map as a record.
fn record(json: &serde_json::Value) -> JsonRecord {
    json.as_object().cloned().unwrap_or_default()
}

/// "done", or why the call was refused.
fn answer(result: sobject_core::Result<()>) -> String {
    match result {
        Ok(()) => "done".to_owned(),
        Err(error) => format!("{}: {}", error.status_code(), error.message()),
    }
}
