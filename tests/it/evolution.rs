//! Schema evolution: files that are opened with other definitions than they were written with.
//!
//! A refusal must leave the file as it was: after each, the tests open the file with the old
//! definitions and compare everything.

mod fields;
mod files;
mod indexes;
mod narrower;
mod objects;
mod unique;

use serde_json::json;
use sobject_core::{
    DefaultValue, Definition, Error, FieldDefinition, FieldType, JsonRecord, RecordId, Target,
    Verified,
};

use crate::types::{Archive, Shop, open};

/// The name field, which every [`note`] has.
const NAME: FieldDefinition =
    FieldDefinition::new("Name", FieldType::String).autonumber("N-{0000}").name_field();

/// A note with these fields and an auto-number.
fn note(fields: &[FieldDefinition]) -> Definition {
    let fields = [&[NAME], fields].concat();
    Definition::new("Note__c").label("Note", "Notes").key_prefix("a0N").fields(fields.leak())
}

/// A text of a note.
const fn text() -> FieldDefinition {
    open("Text__c", FieldType::String).length(20)
}

/// A number of a note.
const fn size() -> FieldDefinition {
    open("Size__c", FieldType::Int).digits(5)
}

/// A reference of a note to a part.
const fn part() -> FieldDefinition {
    open("Part__c", FieldType::Reference).references(PARTS)
}

/// The objects that [`part`] may name.
const PARTS: &[Target] = &[Target::new("Part__c", "a0P")];

/// The object that notes refer to.
const PART: &Definition =
    &Definition::new("Part__c").label("Part", "Parts").key_prefix("a0P").fields(&[text()]);

/// A file with notes, their ids, and the definitions that the file was written with.
struct Notes {
    archive: Archive,
    old: Definition,
    ids: Vec<RecordId>,
}

impl Notes {
    /// Notes of these fields.
    fn new(fields: &[FieldDefinition], records: &[serde_json::Value]) -> Self {
        let (archive, old) = (Archive::new(), note(fields));
        let shop = archive.open(&[&old]);
        let ids = records.iter().map(|record| shop.create("Note__c", record)).collect();
        Self { archive, old, ids }
    }

    /// Notes with these texts.
    fn of_texts(texts: &[&str]) -> Self {
        let records: Vec<_> = texts.iter().map(|text| json!({ "Text__c": text })).collect();
        Self::new(&[text()], &records)
    }

    /// Moves the note at `place` to the recycle bin.
    fn delete(&self, place: usize) {
        self.archive.open(&[&self.old]).object("Note__c").delete(self.ids[place]).unwrap();
    }

    /// Opens the file with notes of other fields.
    #[track_caller]
    fn open(&self, fields: &[FieldDefinition]) -> Shop {
        self.archive.open(&[&note(fields)])
    }

    /// The values of the notes in a field.
    fn values(&self, shop: &Shop, field: &str) -> Vec<serde_json::Value> {
        self.ids.iter().map(|id| shop.value("Note__c", *id, field)).collect()
    }

    /// Asserts that notes of other fields are refused with this sentence, and with the ids of the
    /// notes at these places; and that the file is as it was.
    #[track_caller]
    fn assert_refused(&self, fields: &[FieldDefinition], change: &str, places: &[usize]) {
        let records: Vec<_> = places.iter().map(|place| self.ids[*place]).collect();
        let refused = Refused { object: "Note__c", changes: &[change], records: &records };
        assert_refused(&self.archive, &[&self.old], &[&note(fields)], &refused);
    }
}

/// A change that is refused.
#[derive(Debug, PartialEq)]
struct Refused<'a> {
    object: &'a str,
    changes: &'a [&'a str],
    records: &'a [RecordId],
}

/// Asserts that a file which was written with `old` refuses `new` as expected, and is as it was.
#[track_caller]
fn assert_refused(
    archive: &Archive,
    old: &[&Definition],
    new: &[&Definition],
    expected: &Refused<'_>,
) {
    let before = everything(&archive.open(old), old);
    match archive.try_open(new).map(|shop| shop.store) {
        Err(Error::DefinitionChanged { object, changes, records }) => {
            let changes: Vec<_> = changes.iter().map(String::as_str).collect();
            let found = Refused { object: &object, changes: &changes, records: &records };
            assert_eq!(&found, expected);
        }
        opened => panic!("{expected:?} is refused, not {opened:?}"),
    }
    assert!(everything(&archive.open(old), old) == before, "the file is as it was");
}

/// Everything that can be seen of a store: the live records of these objects, and the counts that
/// `verify` returns.
fn everything(shop: &Shop, objects: &[&Definition]) -> (Vec<Option<JsonRecord>>, Verified) {
    let mut records = Vec::new();
    for object in objects {
        let describe = shop.db.describe_sobject(object.name).unwrap();
        let fields: Vec<_> = describe.fields.iter().map(|field| field.name.as_str()).collect();
        let ids: Vec<_> = (1..=2_000).map(|number| id(object, number)).collect();
        records.extend(shop.object(object.name).retrieve(&fields, &ids).unwrap());
    }
    (records, shop.verify())
}

/// The id of the record of an object with this number.
fn id(object: &Definition, number: u64) -> RecordId {
    let prefix = sobject_core::KeyPrefix::new(object.key_prefix).unwrap();
    RecordId::from_parts(prefix, *b"xx0", number).unwrap()
}

/// A default that is a text.
const fn texts(default: &'static str) -> DefaultValue {
    DefaultValue::Text(default)
}
