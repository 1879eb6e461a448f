//! The recycle bin: when records leave it, by themselves or because someone says so, and when they are
//! gone.

mod age;
mod capacity;
mod crash;
mod empty;
mod model;
mod others;

use serde_json::json;
use sobject_core::{
    Definition, FieldDefinition, FieldType, ManualClock, OnDelete, Permissions, RecordId, Soql,
    Store, StoreBuilder, Target, Untyped,
    chrono::{DateTime, TimeDelta, Utc},
};

use crate::{
    desk::{MORNING, at, verify},
    types::{open, required},
};

/// A box with a mark that no two live boxes share.
const BOX: &Definition =
    &Definition::new("Box__c").label("Box", "Boxes").key_prefix("a0B").fields(&[
        FieldDefinition::new("Name", FieldType::String).autonumber("B-{0}").name_field(),
        open("Mark__c", FieldType::String).external_id().unique().filter(),
        FieldDefinition::new("LastViewedDate", FieldType::DateTime)
            .nillable()
            .filter()
            .per_caller(),
        FieldDefinition::new("LastReferencedDate", FieldType::DateTime)
            .nillable()
            .filter()
            .per_caller(),
    ]);

/// A thing, which is deleted with its box, and may stand beside another box.
const THING: &Definition =
    &Definition::new("Thing__c").label("Thing", "Things").key_prefix("a0T").fields(&[
        FieldDefinition::new("Name", FieldType::String).autonumber("T-{0}").name_field(),
        required("Box__c", FieldType::Reference)
            .references(&[Target::new("Box__c", "a0B")])
            .on_delete(OnDelete::Cascade),
        open("Beside__c", FieldType::Reference).references(&[Target::new("Box__c", "a0B")]),
    ]);

const OBJECTS: &[&Definition] = &[BOX, THING];

/// A store with boxes, whose clock is moved by hand.
struct Attic {
    store: Store,
    clock: ManualClock,
}

impl Attic {
    fn new() -> Self {
        Self::with(|builder| builder)
    }

    fn with(settings: impl FnOnce(StoreBuilder) -> StoreBuilder) -> Self {
        let clock = ManualClock::at(at(MORNING));
        let builder = settings(Store::builder().clock(clock.clone()));
        Self { store: builder.in_memory(OBJECTS).expect("a store opens"), clock }
    }

    fn boxes(&self) -> Untyped {
        self.store.system().object("Box__c").expect("the object is there")
    }

    fn things(&self) -> Untyped {
        self.store.system().object("Thing__c").expect("the object is there")
    }

    /// A new box.
    fn put(&self, mark: &str) -> RecordId {
        self.boxes().create(&json!({ "Mark__c": mark })).expect("a box is made")
    }

    /// A new thing in a box.
    fn thing_in(&self, of: RecordId) -> RecordId {
        self.things().create(&json!({ "Box__c": of })).expect("a thing is made")
    }

    /// A box that is in the bin.
    fn thrown(&self, mark: &str) -> RecordId {
        let id = self.put(mark);
        self.boxes().delete(id).expect("a box is deleted");
        id
    }

    /// Several boxes that are in the bin.
    fn many_thrown(&self, n: usize) -> Vec<RecordId> {
        let mut ids = Vec::new();
        let boxes = vec![json!({}); n];
        for some in boxes.chunks(200) {
            let made = self.boxes().create_many(some).expect("boxes are made");
            let made: Vec<RecordId> = made.into_iter().map(|it| it.expect("a box")).collect();
            let deleted = self.boxes().delete_many(&made).expect("boxes are deleted");
            assert!(deleted.iter().all(Result::is_ok));
            ids.extend(made);
        }
        ids
    }

    fn wait(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    fn now(&self) -> DateTime<Utc> {
        use sobject_core::Clock as _;
        self.clock.now()
    }

    /// The records of an object that `query_all` shows and that are deleted.
    fn shown(&self, object: &str) -> usize {
        let query = format!("SELECT Id FROM {object} WHERE IsDeleted = true");
        let rows = self.store.system().soql(Soql::new(query).all_rows()).expect("a query");
        rows.total_size
    }

    #[track_caller]
    fn verify(&self) {
        verify(&self.store);
    }
}

fn days(n: i64) -> TimeDelta {
    TimeDelta::days(n)
}

fn hours(n: i64) -> TimeDelta {
    TimeDelta::hours(n)
}

fn second() -> TimeDelta {
    TimeDelta::seconds(1)
}

/// Permissions of someone who may not delete boxes.
fn without_delete() -> Permissions {
    Permissions::all().mute("Box__c", [sobject_core::ObjectRight::Delete])
}
