//! Replica mode: records that come with the ids, numbers and stamps of their source.

mod copy;
mod kept;
mod numbers;
mod orders;
mod puts;
mod refusals;
mod sent;
mod typed;
mod unique;
mod unresolved;

use serde_json::{Value as Json, json};
use sobject_core::{
    Definition, JsonRecord, KeyPrefix, ManualClock, RecordId, Replica, Result, Store, StoreBuilder,
    Verified,
};

use crate::desk::{self, MORNING, OBJECTS, Refusal, at, map, nothing_changes, record, refused};

/// The instance of ids that a mirror itself makes.
const HERE: [u8; 3] = *b"cp0";
/// The instance of ids that the source makes.
const THERE: [u8; 3] = *b"Hs0";

/// A store that holds the records of another.
struct Mirror {
    store: Store,
    clock: ManualClock,
}

impl Mirror {
    /// An empty store of every object of the tests, in memory.
    fn new() -> Self {
        Self::of(OBJECTS)
    }

    /// An empty store of these objects, in memory.
    fn of(objects: &[&Definition]) -> Self {
        Self::with(|builder| builder.in_memory(objects)).expect("a store opens")
    }

    /// The store that `open` makes.
    fn with(open: impl FnOnce(StoreBuilder) -> Result<Store>) -> Result<Self> {
        let clock = ManualClock::at(at(MORNING));
        let builder = Store::builder().clock(clock.clone());
        let instance = std::str::from_utf8(&HERE).expect("an instance");
        Ok(Self { store: open(builder.instance(instance))?, clock })
    }

    fn replica(&self) -> Replica {
        self.store.replica()
    }

    /// Puts a record.
    #[track_caller]
    fn put(&self, object: &str, record: &Json) -> RecordId {
        let put = self.replica().put(object, &map(record));
        put.unwrap_or_else(|error| panic!("{object} {record} is put: {error}"))
    }

    /// Puts a record, and asserts that it is refused and that nothing changes.
    #[track_caller]
    fn refused(&self, object: &str, record: &Json) -> Refusal {
        nothing_changes(&self.store, || refused(self.replica().put(object, &map(record))))
    }

    /// A live record.
    #[track_caller]
    fn get(&self, object: &str, id: RecordId) -> JsonRecord {
        let read = self.try_get(object, id);
        read.unwrap_or_else(|error| panic!("{object} {id} is live: {error}"))
    }

    fn try_get(&self, object: &str, id: RecordId) -> Result<JsonRecord> {
        self.store.system().object(object).expect("the object is there").get(id)
    }

    /// Asserts that a live record has these values. Its other values are not compared.
    #[track_caller]
    fn assert_holds(&self, object: &str, id: RecordId, values: &Json) {
        let read = self.get(object, id);
        for (field, value) in map(values) {
            assert_eq!(read[&field], value, "{object} {id} {field}");
        }
    }

    fn verify(&self) -> Verified {
        desk::verify(&self.store)
    }
}

/// The id of a record.
fn id(prefix: &str, instance: [u8; 3], number: u64) -> RecordId {
    let prefix = KeyPrefix::new(prefix).expect("a key prefix");
    RecordId::from_parts(prefix, instance, number).expect("an id")
}

/// The id of a record of the source.
fn there(prefix: &str, number: u64) -> RecordId {
    id(prefix, THERE, number)
}

/// The system fields of a record that the first user of the source made.
fn stamps(id: RecordId) -> Json {
    let user = there("005", 1);
    json!({
        "Id": id,
        "CreatedDate": "2015-12-10T08:00:00.000+0000",
        "CreatedById": user,
        "LastModifiedDate": "2016-01-05T09:30:00.000+0000",
        "LastModifiedById": user,
        "SystemModstamp": "2016-02-29T10:00:00.000+0000",
    })
}

/// A record with the system fields of [`stamps`] and these values.
fn stamped(id: RecordId, values: &Json) -> Json {
    record(&stamps(id), values).into()
}

/// The user of the source with this number.
fn user(number: u64) -> Json {
    let username = format!("user{number}@example.com");
    stamped(there("005", number), &json!({ "Name": "Ada", "Username": username }))
}

/// A session of the source, whose agent is the first user.
fn session(id: RecordId) -> Json {
    let user = there("005", 1);
    stamped(
        id,
        &json!({
            "IsDeleted": false,
            "AgentId": user,
            "LoginTime": "2016-01-04T08:00:00.000+0000",
            "LogoutTime": "2016-01-04T16:30:00.000+0000",
            "Name": "00000123",
            "OwnerId": user,
        }),
    )
}

/// A part of the source.
fn part(id: RecordId) -> Json {
    stamped(id, &json!({ "IsDeleted": false, "Name": "Wheel" }))
}

/// A record with other values in these fields.
fn with(record: &Json, change: &Json) -> Json {
    desk::record(record, change).into()
}

/// A record without these fields.
fn without(record: &Json, fields: &[&str]) -> Json {
    let mut record = map(record);
    record.retain(|name, _| !fields.contains(&&**name));
    record.into()
}
