//! The store that is damaged in the tests, and how.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::{
    bytes::{Cell, Slot},
    catalogue::{DeclaredObject, Object},
    clock::ManualClock,
    definition::{Calls, Definition, FieldDefinition, Target},
    engine::{Buffer, Engine, Overlay, Read, RedbEngine, Space},
    error::{Error, Result},
    id::RecordId,
    store::{
        OpenStore,
        file::{
            BUILD_STEP, MAX_CASCADE, Settings, open,
            verify::{BUDGET, Verified, verify_within},
        },
        keep::{BinLimits, CATALOGUE, Deletion, Due, Entry, FEED, Ids, Index, Table},
        read::Reader,
        rules::Access,
        write::{Source, Write},
    },
    value::FieldType,
};

/// What can be done with notes and parts: all but to search them.
const CALLS: Calls = Calls::NONE.create().delete().query().retrieve().undelete().update();

pub(super) const NOTE: &Definition =
    &Definition::new("Note__c").key_prefix("a0N").calls(CALLS).fields(&[
        FieldDefinition::new("Name", FieldType::String).autonumber("N-{000}").name_field(),
        FieldDefinition::new("Code__c", FieldType::String).create().update().nillable().unique(),
        FieldDefinition::new("Kind__c", FieldType::String).create().update(),
        FieldDefinition::new("Size__c", FieldType::Int).create().update().nillable().id_lookup(),
        FieldDefinition::new("Flag__c", FieldType::Boolean).create().update().nillable(),
        FieldDefinition::new("Ratio__c", FieldType::Double).create().update().nillable(),
        FieldDefinition::new("About__c", FieldType::Reference)
            .references(&[Target::new("Note__c", "a0N"), Target::new("Part__c", "a0P")])
            .create()
            .update()
            .nillable(),
    ]);

pub(super) const PART: &Definition =
    &Definition::new("Part__c").key_prefix("a0P").calls(CALLS).fields(&[
        FieldDefinition::new("Size__c", FieldType::Int).create().update().nillable().id_lookup(),
        FieldDefinition::new("Note__c", FieldType::Reference)
            .references(&[Target::new("Note__c", "a0N")])
            .create()
            .update()
            .nillable(),
    ]);

/// An object without records.
pub(super) const VOID: &Definition =
    &Definition::new("Void__c").key_prefix("a0V").calls(Calls::NONE.query());

pub(super) const ONE: &str = "a0Nxx0000000001EAA";
pub(super) const TWO: &str = "a0Nxx0000000002EAA";
pub(super) const DELETED: &str = "a0Nxx0000000003EAA";
pub(super) const FOUR: &str = "a0Nxx0000000004EAA";
pub(super) const PART_ONE: &str = "a0Pxx0000000001EAA";
/// Of no record.
pub(super) const ABSENT: &str = "a0Nxx0000000009EAA";

/// A store, and the engine below it.
pub(super) struct Shop {
    engine: Arc<RedbEngine>,
    pub(super) store: OpenStore,
}

impl Shop {
    /// A store with three notes, a deleted one, and a part: of seven changes, the first four create
    /// the notes, the fifth changes the second, the sixth deletes the third, and the last creates
    /// the part.
    pub(super) fn new() -> Self {
        let shop = Self::open(Arc::new(RedbEngine::in_memory().unwrap()), &[NOTE, PART, VOID]);
        let note = |code: &str| json!({ "Code__c": code, "Kind__c": "plain", "Size__c": 7 });
        shop.write(|write| {
            for code in ["a", "b", "c", "d"] {
                create(write, "Note__c", &note(code))?;
            }
            let notes = write.find_object("Note__c")?;
            write.update(notes, id(TWO), Source::Json(&map(&json!({ "About__c": ONE }))))?;
            write.delete(notes, id(DELETED))?;
            create(write, "Part__c", &json!({ "Size__c": 3, "Note__c": ONE }))
        });
        shop
    }

    pub(super) fn open(engine: Arc<RedbEngine>, objects: &[&Definition]) -> Self {
        let declared: Vec<_> = objects.iter().map(|it| DeclaredObject::from(*it)).collect();
        let settings = Settings {
            every_object: false,
            instance: *b"xx0",
            build_step: BUILD_STEP,
            bin: BinLimits::DEFAULT,
            max_cascade: MAX_CASCADE,
            drops: Vec::new(),
            unicode: char::UNICODE_VERSION,
        };
        let opened = open(engine.clone(), declared, &settings).unwrap();
        let clock = ManualClock::at("2026-03-01T08:00:00Z".parse().unwrap());
        Self { engine, store: OpenStore::new(opened, Box::new(clock)) }
    }

    /// Changes the file below the store.
    pub(super) fn change(&self, f: impl Fn(&mut Buffer)) {
        let written = self.engine.write(&mut |_| {
            let mut buffer = Buffer::default();
            f(&mut buffer);
            Ok(buffer)
        });
        written.unwrap();
    }

    /// The same file, opened with these objects.
    pub(super) fn reopen(self, objects: &[&Definition]) -> Self {
        Self::open(self.engine, objects)
    }

    pub(super) fn write<R>(&self, mut f: impl FnMut(&mut Write<'_>) -> Result<R>) -> R {
        let done = self.store.write(&Access::SYSTEM, |mut write| {
            let done = f(&mut write);
            (write, done)
        });
        done.unwrap()
    }

    /// Verifies the store as it is with this damage, which reaches no engine.
    pub(super) fn verify_with(
        &self,
        damage: impl Fn(&mut Damage<'_>),
        budget: usize,
    ) -> Result<Verified> {
        self.store.read(&Access::SYSTEM, |reader| {
            let mut damaged = Damage { reader, buffer: Buffer::default() };
            damage(&mut damaged);
            let read = Overlay { base: reader.read, buffer: &damaged.buffer };
            let ids = Ids::load(&read)?;
            verify_within(&Reader::new(reader.schema, &read, &ids, &Access::SYSTEM), budget)
        })
    }

    /// What is found after this damage, in order.
    pub(super) fn findings(&self, damage: impl Fn(&mut Damage<'_>)) -> Vec<String> {
        let [all, one_by_one] = [BUDGET, 1].map(|budget| match self.verify_with(&damage, budget) {
            Ok(verified) => panic!("nothing was found: {verified:?}"),
            Err(Error::Corrupt { mut findings }) => {
                findings.sort_unstable();
                findings
            }
            Err(error) => panic!("{error:?}"),
        });
        assert_eq!(one_by_one, all, "with a budget of one byte");
        all
    }
}

/// Damage to a state of a store.
pub(super) struct Damage<'d> {
    pub(super) reader: &'d Reader<'d>,
    buffer: Buffer,
}

impl<'d> Damage<'d> {
    pub(super) fn object(&self, name: &str) -> &'d Object {
        let mut objects = self.reader.schema.catalogue.kept();
        objects.find(|it| it.name == name).unwrap()
    }

    fn object_of(&self, id: &str) -> &'d Object {
        let prefix = self::id(id).key_prefix();
        let mut objects = self.reader.schema.catalogue.kept();
        objects.find(|it| it.key_prefix == Some(prefix)).unwrap()
    }

    pub(super) fn table(&self, id: &str) -> &'d Table {
        self.reader.schema.table(self.object_of(id)).unwrap()
    }

    pub(super) fn slot(&self, object: &str, field: &str) -> Slot {
        let fields = &self.object(object).fields;
        fields.iter().find(|it| it.name == field).unwrap().stored.unwrap().slot
    }

    pub(super) fn index(&self, object: &str, field: &str) -> &'d Index {
        let table = self.reader.schema.table(self.object(object)).unwrap();
        table.index_of(self.slot(object, field)).unwrap()
    }

    pub(super) fn pack(&self, id: &str) -> u64 {
        self.reader.pack_known(self::id(id)).unwrap().unwrap()
    }

    pub(super) fn get(&self, space: Space, key: &[u8]) -> Vec<u8> {
        let mut value = None;
        let read = Overlay { base: self.reader.read, buffer: &self.buffer };
        read.get(space, key, &mut |it| value = Some(it.to_vec())).unwrap();
        value.unwrap()
    }

    pub(super) fn insert(&mut self, space: Space, key: &[u8], value: &[u8]) {
        self.buffer.insert(space, key, value);
    }

    pub(super) fn replace(&mut self, space: Space, key: &[u8], value: &[u8]) {
        self.buffer.replace(space, key, value);
    }

    pub(super) fn remove(&mut self, space: Space, key: &[u8]) {
        self.buffer.remove(space, key);
    }

    /// Gives a live record another value in a field, and nothing else.
    pub(super) fn set(&mut self, id: &str, field: &str, value: Cell<'_>) {
        let (object, table) = (self.object_of(id), self.table(id));
        let key = self.pack(id).to_be_bytes();
        let row = self.get(table.live, &key);
        let mut cells = table.cells(table.row(&row).unwrap()).unwrap();
        cells[usize::from(self.slot(&object.name, field))] = value;
        let mut row = Vec::new();
        table.encode(object, &cells, &mut row).unwrap();
        self.replace(table.live, &key, &row);
    }

    /// Gives a live record another value in a field, and its index the entry of it.
    pub(super) fn set_indexed(&mut self, id: &str, field: &str, value: Cell<'_>) {
        let (object, table, packed) = (self.object_of(id), self.table(id), self.pack(id));
        let index = self.index(&object.name, field);
        let row = self.get(table.live, &packed.to_be_bytes());
        let old = table.row(&row).unwrap().cell(index.slot).unwrap();
        self.remove(index.space, &index.key(old, packed));
        self.insert(index.space, &index.key(value, packed), &[]);
        self.set(id, field, value);
    }

    /// Changes the entry of the deleted record, and the time that it waits for.
    pub(super) fn set_deletion(&mut self, set: impl Fn(&mut Deletion)) {
        let (table, key) = (self.table(DELETED), self.pack(DELETED).to_be_bytes());
        let entry = self.get(table.bin, &key);
        let (mut deletion, row) = Deletion::of(&entry).unwrap();
        let (object, id) = (self.object("Note__c").number, self.pack(DELETED));
        let before = Due::of(&deletion, object, id);
        set(&mut deletion);
        self.replace(table.bin, &key, &deletion.entry(row));
        let after = Due::of(&deletion, object, id);
        if after != before {
            if let Some((space, due)) = before {
                self.remove(space, &due.key());
            }
            if let Some((space, due)) = after {
                self.insert(space, &due.key(), &[]);
            }
        }
    }

    /// Changes bytes of the feed's change of this number, from a place on.
    pub(super) fn set_change(&mut self, number: u64, at: usize, bytes: &[u8]) {
        let key = number.to_be_bytes();
        let mut entry = self.get(FEED, &key);
        entry[at..][..bytes.len()].copy_from_slice(bytes);
        self.replace(FEED, &key, &entry);
    }

    /// The stamp of every change.
    pub(super) fn stamp(&self) -> i64 {
        Entry::last(self.reader.read).unwrap().1
    }

    /// Changes the entry of an object in the catalogue.
    pub(super) fn set_object(&mut self, number: u16, set: impl Fn(&mut Json)) {
        let key = format!("object/{number:05}").into_bytes();
        let mut object = serde_json::from_slice(&self.get(CATALOGUE, &key)).unwrap();
        set(&mut object);
        self.replace(CATALOGUE, &key, object.to_string().as_bytes());
    }
}

pub(super) fn create(write: &mut Write<'_>, object: &str, record: &Json) -> Result<RecordId> {
    let object = write.find_object(object)?;
    write.create(object, Source::Json(&map(record)))
}

pub(super) fn id(text: &str) -> RecordId {
    text.parse().unwrap()
}

fn map(record: &Json) -> Map<String, Json> {
    record.as_object().unwrap().clone()
}

/// A kind of damage: what is wrong, how it is done, and what is found.
pub(super) type Case = (&'static str, fn(&mut Damage<'_>), &'static [&'static str]);

/// What the bytes of an entry of the feed are.
pub(super) const KIND: usize = 0;
pub(super) const STAMP: usize = 1;
pub(super) const OBJECT: usize = 9;
pub(super) const ID: usize = 11;
pub(super) const CALLER: usize = 19;

/// A packed id of a head that is not in the dictionary.
pub(super) const STRANGER: u64 = 0x7777_0000_0000_0001;
