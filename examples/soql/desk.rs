//! The store of the main example: the chat sessions of a desk and their agents.

#[path = "../live_agent_session/input.rs"]
mod input;
#[expect(dead_code, reason = "the main example prints more")]
#[path = "../live_agent_session/load.rs"]
mod load;
#[path = "../live_agent_session/object.rs"]
mod object;
#[expect(dead_code, reason = "the main example prints more")]
#[path = "../live_agent_session/screen.rs"]
mod screen;
#[path = "../live_agent_session/users.rs"]
mod users;

use std::path::Path;

use chrono::{DateTime, Utc};
use sobject_core::{
    Caller, SObject,
    standard::{Group, User},
};

use self::{input::Sessions, load::Held, object::LiveAgentSession, users::Users};
use super::folder::{Org, Outcome};

/// Loads the files that the main example loads.
pub(crate) fn load(now: Option<DateTime<Utc>>) -> Outcome<Org> {
    let data = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data"));
    let sessions = Sessions::read(&data.join("sessions.csv"))?;
    let agents = input::read_agents(&data.join("agents.csv"))?;
    let org = Org::new(&[Group::OBJECT, User::OBJECT, LiveAgentSession::OBJECT], now)?;
    let db = org.store.system();
    let mut users = Users::of(&db);
    users.load(&agents)?;
    let loader = users.find_or_create("Data Loader", "data.loader@desk.example")?;
    let loader = org.store.connect(Caller::system_as(loader));
    load::load(&loader, &mut users, &sessions, &Held::default())?;
    Ok(org)
}
