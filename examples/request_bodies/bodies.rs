//! The requests: create and update views as JSON bodies.

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};
use sobject_core::{Id, Patch, SObject, standard::User};

use super::{LiveAgentSession, LiveAgentSessionCreate, LiveAgentSessionUpdate};

/// Where the object's records are in an org's REST API.
const SOBJECTS: &str = "/services/data/v65.0/sobjects/LiveAgentSession";

/// A request to an org.
pub(crate) struct Request {
    /// What it is for.
    pub(crate) what: &'static str,
    /// Method and path.
    pub(crate) line: String,
    /// The body.
    pub(crate) body: Json,
}

/// The views of the requests.
pub(crate) struct Views {
    /// A session with the required fields and two more.
    pub(crate) create: LiveAgentSessionCreate,
    /// A session with the required fields only.
    pub(crate) least: LiveAgentSessionCreate,
    /// One field is set, another is set to null, and the rest is left as it is.
    pub(crate) update: LiveAgentSessionUpdate,
}

impl Views {
    /// The views of sessions of `agent`.
    pub(crate) fn of(agent: Id<User>, login: DateTime<Utc>, logout: DateTime<Utc>) -> Self {
        let least = LiveAgentSessionCreate::new(agent, login, logout);
        let create = LiveAgentSessionCreate {
            chat_req_assigned: Some(3),
            time_idle: Some(0),
            ..least.clone()
        };
        let update = LiveAgentSessionUpdate {
            chat_req_engaged: 3.into(),
            time_idle: Patch::NULL,
            ..LiveAgentSessionUpdate::default()
        };
        Self { create, least, update }
    }

    /// The requests that any Salesforce client would send with them.
    pub(crate) fn requests(&self, id: Id<LiveAgentSession>) -> serde_json::Result<Vec<Request>> {
        let records = [&self.create, &self.least].map(with_attributes);
        let [first, second] = records;
        Ok(vec![
            Request {
                what: "A create gives what is set, and nothing else",
                line: format!("POST {SOBJECTS}"),
                body: serde_json::to_value(&self.create)?,
            },
            Request {
                what: "An update tells null from absent",
                line: format!("PATCH {SOBJECTS}/{id}"),
                body: serde_json::to_value(&self.update)?,
            },
            Request {
                what: "Several records in one call",
                line: "POST /services/data/v65.0/composite/sobjects".to_owned(),
                body: json!({ "allOrNone": false, "records": [first?, second?] }),
            },
        ])
    }
}

/// A view as an element of a list of records, which names its object.
fn with_attributes(view: &LiveAgentSessionCreate) -> serde_json::Result<Json> {
    let mut record = json!({ "attributes": { "type": LiveAgentSession::NAME } });
    if let (Some(record), Json::Object(fields)) =
        (record.as_object_mut(), serde_json::to_value(view)?)
    {
        record.extend(fields);
    }
    Ok(record)
}
