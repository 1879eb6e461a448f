//! What goes along with a delete, what is emptied by it, what holds it back, and what an undelete
//! brings back.

mod bin;
mod crash;
mod deep;
mod described;
mod ebikes;
mod evolution;
mod held;
mod model;
mod plural;
mod replica;
mod words;

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, Connection, Definition, FieldDefinition, FieldType, JsonRecord, ManualClock, OnDelete,
    RecordId, SObject, Store, StoreBuilder, Target, Untyped, Verified,
    chrono::TimeDelta,
    standard::{User, UserCreate},
};

use crate::desk::{MORNING, at, map, verify};

const MASTERS: &[Target] = &[Target::new("Master__c", "a0M")];

const fn reference(name: &'static str, to: &'static [Target]) -> FieldDefinition {
    FieldDefinition::new(name, FieldType::Reference).references(to).create().update().filter()
}

const fn name() -> FieldDefinition {
    FieldDefinition::new("Name", FieldType::String)
        .create()
        .update()
        .nillable()
        .name_field()
        .filter()
        .sort()
}

/// A record that has details and is referred to in other ways.
const MASTER: &Definition = &Definition::new("Master__c")
    .key_prefix("a0M")
    .label("Master", "Masters")
    .fields(&[name(), reference("Favourite__c", MASTERS).nillable()]);

/// A detail of a master, which may refer to another master as well.
const DETAIL: &Definition =
    &Definition::new("Detail__c").key_prefix("a0D").label("Detail", "Details").fields(&[
        name(),
        reference("Master__c", MASTERS)
            .on_delete(OnDelete::Cascade)
            .child_relationship("Details__r"),
        reference("Other__c", MASTERS).nillable(),
        FieldDefinition::new("Code__c", FieldType::String).create().update().nillable().unique(),
    ]);

/// A detail of a detail.
const PIECE: &Definition =
    &Definition::new("Piece__c").key_prefix("a0E").label("Piece", "Pieces").fields(&[
        name(),
        reference("Detail__c", &[Target::new("Detail__c", "a0D")]).on_delete(OnDelete::Cascade),
    ]);

/// A detail of two masters.
const JUNCTION: &Definition =
    &Definition::new("Junction__c").key_prefix("a0J").label("Junction", "Junctions").fields(&[
        name(),
        reference("Left__c", MASTERS).on_delete(OnDelete::Cascade),
        reference("Right__c", MASTERS).on_delete(OnDelete::Cascade),
    ]);

/// It holds a master and a detail, each of which it may do without.
const HOLDER: &Definition =
    &Definition::new("Holder__c").key_prefix("a0H").label("Holder", "Holders").fields(&[
        name(),
        reference("Master__c", MASTERS).nillable().on_delete(OnDelete::Restrict),
        reference("Detail__c", &[Target::new("Detail__c", "a0D")])
            .nillable()
            .on_delete(OnDelete::Restrict),
        reference("Along__c", MASTERS).nillable().on_delete(OnDelete::Cascade),
    ]);

/// A detail of what it is about: a master or a detail.
const NOTE: &Definition =
    &Definition::new("Note__c").key_prefix("a0N").label("Note", "Notes").fields(&[
        name(),
        reference("About__c", &[Target::new("Detail__c", "a0D"), Target::new("Master__c", "a0M")])
            .nillable()
            .on_delete(OnDelete::Cascade),
    ]);

/// Each of a ring of two takes the other along.
const YIN: &Definition = &Definition::new("Yin__c").key_prefix("a0Y").fields(&[
    name(),
    reference("Yang__c", &[Target::new("Yang__c", "a0Z")]).nillable().on_delete(OnDelete::Cascade),
]);
const YANG: &Definition = &Definition::new("Yang__c").key_prefix("a0Z").fields(&[
    name(),
    reference("Yin__c", &[Target::new("Yin__c", "a0Y")]).nillable().on_delete(OnDelete::Cascade),
    reference("Self__c", &[Target::new("Yang__c", "a0Z")]).nillable(),
]);

const OBJECTS: &[&Definition] =
    &[User::OBJECT, MASTER, DETAIL, PIECE, JUNCTION, HOLDER, NOTE, YIN, YANG];

/// A store of masters and details, with its clock.
struct Yard {
    store: Store,
    clock: ManualClock,
    db: Connection,
}

/// When a record was changed by a user, and when by the store.
#[derive(Debug, PartialEq, Eq)]
struct Stamps {
    modified: String,
    by: String,
    system: String,
}

impl Yard {
    fn new() -> Self {
        Self::with(|builder| builder.in_memory(OBJECTS))
    }

    fn with(open: impl FnOnce(StoreBuilder) -> sobject_core::Result<Store>) -> Self {
        let clock = ManualClock::at(at(MORNING));
        let store = open(Store::builder().clock(clock.clone())).expect("a store opens");
        let db = store.system();
        Self { store, clock, db }
    }

    /// The same yard, as a user who may do everything.
    fn user(&self) -> (RecordId, Connection) {
        let user = self.db.create(UserCreate::new("Ada", "ada@example.com")).expect("a user");
        (user.into(), self.store.connect(Caller::system_as(user)))
    }

    fn object(&self, name: &str) -> Untyped {
        self.db.object(name).expect("the object is there")
    }

    fn of(&self, id: RecordId) -> Untyped {
        let prefix = id.key_prefix().to_string();
        let of = OBJECTS.iter().find(|it| it.key_prefix == prefix);
        self.object(of.expect("the object of an id").name)
    }

    fn create(&self, object: &str, record: &Json) -> RecordId {
        self.object(object).create(&map(record)).expect("a record is created")
    }

    fn master(&self, name: &str) -> RecordId {
        self.create("Master__c", &json!({ "Name": name }))
    }

    fn detail(&self, master: RecordId, name: &str) -> RecordId {
        self.create("Detail__c", &json!({ "Name": name, "Master__c": master }))
    }

    fn piece(&self, detail: RecordId, name: &str) -> RecordId {
        self.create("Piece__c", &json!({ "Name": name, "Detail__c": detail }))
    }

    fn update(&self, id: RecordId, record: &Json) {
        self.of(id).update(id, &map(record)).expect("a record is changed");
    }

    fn delete(&self, id: RecordId) {
        self.of(id).delete(id).expect("a record is deleted");
    }

    fn undelete(&self, id: RecordId) {
        self.of(id).undelete(id).expect("a record comes back");
    }

    fn get(&self, id: RecordId) -> JsonRecord {
        self.of(id).get(id).expect("a live record")
    }

    fn is_live(&self, id: RecordId) -> bool {
        self.of(id).retrieve(&["Id"], &[id]).expect("a read")[0].is_some()
    }

    fn live(&self, ids: &[RecordId]) -> Vec<bool> {
        ids.iter().map(|id| self.is_live(*id)).collect()
    }

    fn stamps(&self, id: RecordId) -> Stamps {
        let record = self.get(id);
        let text = |field: &str| record[field].as_str().expect("a text").to_owned();
        Stamps {
            modified: text("LastModifiedDate"),
            by: text("LastModifiedById"),
            system: text("SystemModstamp"),
        }
    }

    fn tick(&self) {
        self.clock.advance(TimeDelta::minutes(1));
    }

    fn verify(&self) -> Verified {
        verify(&self.store)
    }
}
