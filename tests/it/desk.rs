//! What most tests share: objects, stores with a clock that stands still, and refusals as an org
//! words them.

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, Connection, Definition, Error, Id, JsonRecord, ManualClock, Record, RecordId, Ref,
    Result, SObject, Store, StoreBuilder, Untyped, Verified,
    chrono::{DateTime, NaiveDate, Utc},
    standard::{Group, GroupCreate, User, UserCreate},
};

pub(crate) use live_agent_session::{
    LiveAgentSession, LiveAgentSessionCreate, LiveAgentSessionUpdate,
};

/// LiveAgentSession, from the example of that name.
#[path = "../../examples/live_agent_session/object.rs"]
mod live_agent_session;

/// An object with a required and a nillable field of every type, each with the index that its type
/// allows.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0S", label = "Sample", plural = "Samples")]
pub(crate) struct Sample {
    #[field(autonumber = "S-{YYYY}-{000}", name_field, filter, id_lookup, sort)]
    pub(crate) name: String,
    #[field(create, update, defaulted_on_create, filter, id_lookup)]
    pub(crate) flag: bool,
    #[field(create, update, nillable, filter, id_lookup)]
    pub(crate) maybe_flag: Option<bool>,
    #[field(create, update, filter, id_lookup)]
    pub(crate) size: i32,
    #[field(create, update, nillable, filter, id_lookup, digits = 4, label = "Small Size")]
    pub(crate) maybe_size: Option<i32>,
    #[field(create, update, filter, id_lookup)]
    pub(crate) weight: f64,
    #[field(create, update, nillable, filter, id_lookup)]
    pub(crate) maybe_weight: Option<f64>,
    #[field(create, update, filter, id_lookup, length = 10, label = "Short Text")]
    pub(crate) text: String,
    #[field(create, update, nillable, filter, id_lookup)]
    pub(crate) maybe_text: Option<String>,
    #[field(create, update, filter, id_lookup)]
    pub(crate) day: NaiveDate,
    #[field(create, update, nillable, filter, id_lookup)]
    pub(crate) maybe_day: Option<NaiveDate>,
    #[field(create, update, filter, id_lookup)]
    pub(crate) at: DateTime<Utc>,
    #[field(create, update, nillable, filter, id_lookup)]
    pub(crate) maybe_at: Option<DateTime<Utc>>,
    #[field(create, update, filter)]
    pub(crate) user_id: Id<User>,
    #[field(create, update, nillable, filter)]
    pub(crate) maybe_user_id: Option<Id<User>>,
    #[field(create, update, filter)]
    pub(crate) either_id: Ref<(Group, User)>,
    #[field(create, update, nillable, filter)]
    pub(crate) maybe_either_id: Option<Ref<(Group, User)>>,
    /// A create may set it, but no update.
    #[field(create, nillable)]
    pub(crate) origin: Option<String>,
    /// No call may set it.
    #[field(nillable, filter)]
    pub(crate) sealed: Option<i32>,
    /// The part that was sampled, if it was one.
    #[field(create, update, nillable, filter)]
    pub(crate) parent_id: Option<Id<Part>>,
}

/// A part, which may refer to another part as its twin, and which screws require.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0P", label = "Spare Part", plural = "Spare Parts")]
pub(crate) struct Part {
    #[field(create, update, name_field, filter)]
    pub(crate) name: String,
    #[field(create, update, nillable, filter)]
    pub(crate) twin_id: Option<Id<Part>>,
}

/// A screw, which requires the part that it belongs to.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0W", label = "Screw", plural = "Little Screws")]
pub(crate) struct Screw {
    #[field(create, update, filter)]
    pub(crate) part_id: Id<Part>,
}

/// Every object of the tests.
pub(crate) const OBJECTS: &[&Definition] = &[
    Group::OBJECT,
    User::OBJECT,
    LiveAgentSession::OBJECT,
    Sample::OBJECT,
    Part::OBJECT,
    Screw::OBJECT,
];

/// The time at which the clock of a desk stands.
pub(crate) const MORNING: &str = "2026-03-01T08:00:00Z";

/// A moment from its text.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a moment")
}

/// A day from its text.
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// An id from its text.
pub(crate) fn id(text: &str) -> RecordId {
    text.parse().expect("an id")
}

/// A store with every object, its clock, an agent, and a queue.
pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) clock: ManualClock,
    /// A connection in the name of the agent.
    pub(crate) db: Connection,
    pub(crate) agent: Id<User>,
    pub(crate) queue: Id<Group>,
}

impl Desk {
    /// A desk in memory.
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder.in_memory(OBJECTS))
    }

    /// A desk in the store that `open` makes.
    pub(crate) fn with(open: impl FnOnce(StoreBuilder) -> Result<Store>) -> Self {
        let clock = ManualClock::at(at(MORNING));
        let store = open(Store::builder().clock(clock.clone())).expect("a store opens");
        let system = store.system();
        let agent = system.create(UserCreate::new("Ada", "ada@example.com"));
        let queue = system.create(GroupCreate::new("Night Shift"));
        let agent = agent.expect("a user is created");
        let queue = queue.expect("a group is created");
        Self { db: store.connect(Caller::system_as(agent)), store, clock, agent, queue }
    }

    /// Another user.
    pub(crate) fn user(&self, name: &str) -> Id<User> {
        let username = format!("{name}@example.com");
        self.db.create(UserCreate::new(name, username)).expect("a user is created")
    }

    /// A session of the agent with the required fields only.
    pub(crate) fn session(&self) -> LiveAgentSessionCreate {
        LiveAgentSessionCreate::new(self.agent, at(MORNING), at("2026-03-01T16:30:00Z"))
    }

    /// A sample with the required fields only.
    pub(crate) fn sample(&self) -> SampleCreate {
        SampleCreate::new(
            1,
            0.5,
            "text",
            day("2026-03-01"),
            at(MORNING),
            self.agent,
            Ref::to(self.queue),
        )
    }

    /// [`Desk::session`] as JSON.
    pub(crate) fn session_json(&self) -> Json {
        serde_json::to_value(self.session()).expect("a view serialises")
    }

    /// [`Desk::sample`] as JSON.
    pub(crate) fn sample_json(&self) -> Json {
        serde_json::to_value(self.sample()).expect("a view serialises")
    }

    /// An object by name.
    pub(crate) fn object(&self, name: &str) -> Untyped {
        self.db.object(name).expect("the object is there")
    }

    /// A live record.
    pub(crate) fn get<T: SObject>(&self, id: Id<T>) -> Record<T> {
        self.db.get(id).expect("the record is live")
    }

    /// How many live records of `T` there are.
    pub(crate) fn count<T: SObject>(&self) -> u64 {
        self.db.count::<T>().expect("the records are counted")
    }

    /// Asserts that the store is consistent.
    pub(crate) fn verify(&self) -> Verified {
        verify(&self.store)
    }

    /// Runs `f`, and asserts that it changed nothing in the store.
    pub(crate) fn nothing_changes<R>(&self, f: impl FnOnce() -> R) -> R {
        nothing_changes(&self.store, f)
    }
}

/// Asserts that a store is consistent.
pub(crate) fn verify(store: &Store) -> Verified {
    store.verify().unwrap_or_else(|error| panic!("the store contradicts itself: {error}"))
}

/// Runs `f`, and asserts that it changed nothing in the store.
pub(crate) fn nothing_changes<R>(store: &Store, f: impl FnOnce() -> R) -> R {
    let before = verify(store);
    let result = f();
    assert_eq!(verify(store), before, "nothing is to be written");
    result
}

/// A JSON map of `base` with the fields of `change` set.
pub(crate) fn record(base: &Json, change: &Json) -> JsonRecord {
    let mut record = base.as_object().expect("a map").clone();
    record.extend(change.as_object().expect("a map").clone());
    record
}

/// A JSON map.
pub(crate) fn map(json: &Json) -> JsonRecord {
    record(&json!({}), json)
}

/// A refusal as an org answers it: status code, message, and the fields that it lists.
#[derive(Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) fields: Vec<String>,
}

/// A refusal to compare others with.
pub(crate) fn refusal(code: &'static str, message: impl Into<String>, fields: &[&str]) -> Refusal {
    let fields = fields.iter().map(|field| (*field).to_owned()).collect();
    Refusal { code, message: message.into(), fields }
}

/// The refusal in a result; panics if it is none.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    Refusal::from(&result.expect_err("a refusal"))
}

impl From<&Error> for Refusal {
    fn from(error: &Error) -> Self {
        let (code, message) = (error.status_code().as_str(), error.message());
        Self { code, message, fields: error.listed_fields() }
    }
}

/// The refusal to undelete a record whose field needs a record that is not live.
pub(crate) fn needs_record(field: &str) -> Refusal {
    let message = format!("the record needs another that is not live: [{field}]");
    refusal("UNDELETE_FAILED", &message, &[field])
}

/// The refusal of an id that no record has.
pub(crate) fn no_such_record() -> Refusal {
    refusal("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", &[])
}

/// The refusal of an id whose record is in the recycle bin.
pub(crate) fn deleted_record() -> Refusal {
    refusal("ENTITY_IS_DELETED", "entity is deleted", &[])
}

/// The refusal of a record that was in order, in an all-or-none call in which another was refused.
pub(crate) fn rolled_back() -> Refusal {
    let message = "Record rolled back because not all records were valid and the request was \
                   using AllOrNone header";
    refusal("ALL_OR_NONE_OPERATION_ROLLED_BACK", message, &[])
}

/// The refusal of fields that the call may not write.
pub(crate) fn not_writeable(fields: &[&str]) -> Refusal {
    let message = format!(
        "Unable to create/update fields: {}. Please check the security settings of this field and \
         verify that it is read/write for your profile or permission set.",
        fields.join(", ")
    );
    refusal("INVALID_FIELD_FOR_INSERT_UPDATE", message, fields)
}

/// The refusal of a record that lacks fields.
pub(crate) fn missing(fields: &[&str]) -> Refusal {
    let message = format!("Required fields are missing: [{}]", fields.join(", "));
    refusal("REQUIRED_FIELD_MISSING", message, fields)
}
