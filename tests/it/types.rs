//! What the tests of field rules and of schema evolution share: an object with a field of every
//! type, whose definition is written by hand, and stores of such objects, in memory or in a file.

use std::{
    fmt::Debug,
    path::{Path, PathBuf},
};

use serde_json::{Value as Json, json};
use sobject_core::{
    Connection, DefaultValue, Definition, FieldDefinition, FieldType, JsonRecord, ManualClock,
    PicklistValue, RecordId, Store, StoreBuilder, Target, Untyped, Verified,
};
use tempfile::TempDir;

use crate::desk::{MORNING, Refusal, at, map, nothing_changes, refused, verify};

/// A field that creates and updates may set, also to null.
pub(crate) const fn open(name: &'static str, field_type: FieldType) -> FieldDefinition {
    FieldDefinition::new(name, field_type).create().update().nillable()
}

/// A field that creates and updates may set, and that is never null.
pub(crate) const fn required(name: &'static str, field_type: FieldType) -> FieldDefinition {
    FieldDefinition::new(name, field_type).create().update()
}

/// The values of the picklists of a kit.
const COLOURS: &[PicklistValue] = &[
    PicklistValue::new("Red").label("Rouge"),
    PicklistValue::new("Dark Green"),
    PicklistValue::new("Grey").inactive(),
    PicklistValue::new("Über"),
];

/// An object with a field of every type, none of which is required.
pub(crate) const KIT: &Definition =
    &Definition::new("Kit__c").label("Kit", "Kits").key_prefix("a0K").fields(&[
        FieldDefinition::new("Name", FieldType::String).autonumber("K-{0000}").name_field(),
        open("Text__c", FieldType::String).label("Short Text").length(10),
        open("Area__c", FieldType::TextArea).label("Long Text").length(300),
        open("Mail__c", FieldType::Email).label("Mail").length(20),
        open("Phone__c", FieldType::Phone).label("Phone"),
        open("Link__c", FieldType::Url).label("Link"),
        open("Box__c", FieldType::Combobox).label("Box").picklist(COLOURS),
        open("Int__c", FieldType::Int).label("Whole").digits(4),
        open("Long__c", FieldType::Long).label("Great"),
        open("Double__c", FieldType::Double).label("Decimal").precision(6, 2),
        open("Whole__c", FieldType::Double).label("No Decimals").precision(18, 0),
        open("Money__c", FieldType::Currency).label("Money"),
        open("Share__c", FieldType::Percent).label("Share").precision(5, 2),
        open("Flag__c", FieldType::Boolean).label("Flag"),
        required("Sure__c", FieldType::Boolean).label("Sure").defaulted_on_create(),
        open("Day__c", FieldType::Date).label("Day"),
        open("At__c", FieldType::DateTime).label("Moment"),
        open("Time__c", FieldType::Time).label("Time of Day"),
        open("Blob__c", FieldType::Base64).label("Blob"),
        open("Colour__c", FieldType::Picklist).label("Colour").picklist(COLOURS).restricted(),
        open("Mood__c", FieldType::Picklist).label("Mood").length(12).picklist(COLOURS),
        open("Tools__c", FieldType::MultiPicklist).label("Tools").picklist(COLOURS).restricted(),
        open("Tags__c", FieldType::MultiPicklist).label("Tags").picklist(COLOURS),
        open("Twin__c", FieldType::Reference)
            .label("Twin")
            .references(&[Target::new("Kit__c", "a0K")])
            .relationship("Twin__r"),
        open("Ghost__c", FieldType::Reference)
            .label("Ghost")
            .references(&[Target::new("Kit__c", "a0K"), Target::new("Ghost__c", "a0G")])
            .relationship("Ghost__r"),
    ]);

/// An object whose fields have defaults.
pub(crate) const PRESET: &Definition =
    &Definition::new("Preset__c").label("Preset", "Presets").key_prefix("a0R").fields(&[
        open("Text__c", FieldType::String).length(10).default(DefaultValue::Text("  plain ")),
        open("Int__c", FieldType::Int).default(DefaultValue::Int(7)),
        open("Long__c", FieldType::Long).default(DefaultValue::Int(1 << 40)),
        open("Double__c", FieldType::Double).precision(4, 1).default(DefaultValue::Double(2.55)),
        open("Money__c", FieldType::Currency).default(DefaultValue::Int(3)),
        open("Flag__c", FieldType::Boolean).default(DefaultValue::Bool(true)),
        open("Day__c", FieldType::Date).default(DefaultValue::Text("2026-03-01")),
        open("At__c", FieldType::DateTime).default(DefaultValue::Text("2026-03-01T09:00:00+01:00")),
        open("Time__c", FieldType::Time).default(DefaultValue::Text("08:15:00")),
        open("Blob__c", FieldType::Base64).default(DefaultValue::Text("AAEC")),
        open("Mail__c", FieldType::Email).default(DefaultValue::Text("a@b.c")),
        open("Colour__c", FieldType::Picklist)
            .restricted()
            .picklist(&[PicklistValue::new("Red"), PicklistValue::new("Green").default()]),
        open("Mood__c", FieldType::Picklist).default(DefaultValue::Text("Calm")),
        open("Tools__c", FieldType::MultiPicklist).default(DefaultValue::Text("Saw; Axe;Saw")),
        required("Must__c", FieldType::String).default(DefaultValue::Text("always")),
        required("Sure__c", FieldType::Boolean).defaulted_on_create(),
    ]);

/// A store of objects, its clock, and a connection in system mode.
pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) clock: ManualClock,
    pub(crate) db: Connection,
}

impl Shop {
    /// A shop in memory.
    pub(crate) fn of(objects: &[&Definition]) -> Self {
        Self::with(|builder| builder.in_memory(objects)).expect("a store opens")
    }

    /// A shop in the store that `open` makes.
    fn with(
        open: impl FnOnce(StoreBuilder) -> sobject_core::Result<Store>,
    ) -> sobject_core::Result<Self> {
        let clock = ManualClock::at(at(MORNING));
        let store = open(Store::builder().clock(clock.clone()))?;
        Ok(Self { db: store.system(), store, clock })
    }

    /// An object by name.
    pub(crate) fn object(&self, name: &str) -> Untyped {
        self.db.object(name).expect("the object is there")
    }

    /// Creates a record.
    pub(crate) fn create(&self, object: &str, record: &Json) -> RecordId {
        let created = self.object(object).create(&map(record));
        created.unwrap_or_else(|error| panic!("{object} {record} is created: {error}"))
    }

    /// Changes a record.
    pub(crate) fn update(&self, object: &str, id: RecordId, change: &Json) {
        let updated = self.object(object).update(id, &map(change));
        updated.unwrap_or_else(|error| panic!("{object} {id} is changed by {change}: {error}"));
    }

    /// A live record.
    pub(crate) fn get(&self, object: &str, id: RecordId) -> JsonRecord {
        let record = self.object(object).get(id);
        record.unwrap_or_else(|error| panic!("{object} {id} is live: {error}"))
    }

    /// The value of a live record in a field.
    pub(crate) fn value(&self, object: &str, id: RecordId, field: &str) -> Json {
        self.get(object, id)[field].clone()
    }

    /// Asserts that the store is consistent.
    pub(crate) fn verify(&self) -> Verified {
        verify(&self.store)
    }

    /// Runs `f`, and asserts that it changed nothing in the store.
    pub(crate) fn nothing_changes<R>(&self, f: impl FnOnce() -> R) -> R {
        nothing_changes(&self.store, f)
    }

    /// Asserts, for each pair, that a kit which is given the first value for `field` keeps the
    /// second, on create and on update.
    #[track_caller]
    pub(crate) fn assert_kept(&self, field: &str, cases: &[(Json, Json)]) {
        let changed = self.create("Kit__c", &json!({}));
        for (given, kept) in cases {
            let created = self.create("Kit__c", &json!({ field: given }));
            assert_eq!(&self.value("Kit__c", created, field), kept, "create with {field} {given}");
            self.update("Kit__c", changed, &json!({ field: given }));
            assert_eq!(&self.value("Kit__c", changed, field), kept, "update with {field} {given}");
        }
        self.verify();
    }

    /// Asserts that a kit which is given this value for `field` is refused, on create and on
    /// update.
    #[track_caller]
    pub(crate) fn assert_refused(&self, field: &str, given: &Json, expected: &Refusal) {
        let kits = self.object("Kit__c");
        let other = if field == "Text__c" { "Area__c" } else { "Text__c" };
        let id = self.create("Kit__c", &json!({ other: "before" }));
        let before = self.get("Kit__c", id);
        self.nothing_changes(|| {
            let created = kits.create(&map(&json!({ field: given })));
            assert_eq!(&refused(created), expected, "create with {field} {given}");
            let updated = kits.update(id, &map(&json!({ other: "after", field: given })));
            assert_eq!(&refused(updated), expected, "update with {field} {given}");
        });
        assert_eq!(self.get("Kit__c", id), before, "{field} {given}");
    }
}

/// The refusal of a value that is not of the field's type.
pub(crate) fn wrong_type(label: &str, value: &str, field: &str) -> Refusal {
    let message = format!("{label}: value not of required type: {value}");
    crate::desk::refusal("INVALID_TYPE_ON_FIELD_IN_RECORD", message, &[field])
}

/// The refusal of JSON that cannot be read as a value of a kit's field.
pub(crate) fn unreadable(field: &str, given: &Json) -> Refusal {
    let of = KIT.fields.iter().find(|it| it.name == field).expect("a field of kits").field_type;
    unreadable_as(of, given)
}

/// The refusal of JSON that cannot be read as a value of this type.
pub(crate) fn unreadable_as(of: FieldType, given: &Json) -> Refusal {
    let (token, value) = match given {
        Json::Null => panic!("null is a value of every type"),
        Json::Bool(true) => ("VALUE_TRUE", shown(given)),
        Json::Bool(false) => ("VALUE_FALSE", shown(given)),
        Json::Number(number) if number.is_f64() => ("VALUE_NUMBER_FLOAT", shown(given)),
        Json::Number(_) => ("VALUE_NUMBER_INT", shown(given)),
        Json::String(_) => ("VALUE_STRING", shown(given)),
        Json::Array(_) => ("START_ARRAY", "[".to_owned()),
        Json::Object(_) => ("START_OBJECT", "{".to_owned()),
    };
    let message = format!(
        "Cannot deserialize instance of {} from {token} value {value} or request may be missing a \
         required field",
        of.name()
    );
    crate::desk::refusal("JSON_PARSER_ERROR", message, &[])
}

/// The refusal of a number that is out of its field's range.
pub(crate) fn out_of_range(label: &str, value: &str, field: &str) -> Refusal {
    let message = format!("{label}: value outside of valid range on numeric field: {value}");
    crate::desk::refusal("NUMBER_OUTSIDE_VALID_RANGE", message, &[field])
}

/// The refusal of a value that another record has.
pub(crate) fn duplicate(field: &str, holder: RecordId) -> Refusal {
    let holder = &holder.to_string()[..15];
    let message =
        format!("duplicate value found: {field} duplicates value on record with id: {holder}");
    crate::desk::refusal("DUPLICATE_VALUE", message, &[])
}

/// A JSON value as messages show it: strings without quotes.
pub(crate) fn shown(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// The file of a store, which is removed when this is dropped.
pub(crate) struct Archive {
    _dir: TempDir,
    path: PathBuf,
}

impl Archive {
    /// A path for a file, which is not there yet.
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory is made");
        let path = dir.path().join("store.redb");
        Self { _dir: dir, path }
    }

    /// A copy of a file.
    pub(crate) fn copy_of(file: &Path) -> Self {
        let archive = Self::new();
        std::fs::copy(file, &archive.path).expect("a file is copied");
        archive
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the store, and asserts that it is consistent.
    #[track_caller]
    pub(crate) fn open(&self, objects: &[&Definition]) -> Shop {
        let shop = self.try_open(objects).unwrap_or_else(|error| panic!("the file opens: {error}"));
        shop.verify();
        shop
    }

    /// Opens the store with work on all records done in steps of so many of them, and proves it
    /// consistent.
    #[track_caller]
    pub(crate) fn open_in_steps(&self, records: usize, objects: &[&Definition]) -> Shop {
        let shop = Shop::with(|builder| builder.build_step(records).open(&self.path, objects));
        let shop = shop.unwrap_or_else(|error| panic!("the file opens: {error}"));
        shop.verify();
        shop
    }

    /// Opens the store, or not.
    pub(crate) fn try_open(&self, objects: &[&Definition]) -> sobject_core::Result<Shop> {
        Shop::with(|builder| builder.open(&self.path, objects))
    }
}

/// The refusal in each result; `None` for a record that was written.
pub(crate) fn outcomes<T: Debug>(results: Vec<sobject_core::Result<T>>) -> Vec<Option<Refusal>> {
    results.into_iter().map(|result| result.err().map(|error| Refusal::from(&error))).collect()
}
