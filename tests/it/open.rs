//! Opening: files that still have all their records, definitions that fit a file or not, and files
//! that are no store.

use std::{fs, ops::ControlFlow, path::Path};

use serde_json::json;
use sobject_core::{
    Calls, Definition, Error, FieldDefinition, FieldType, Record, SObject, StorageErrorKind, Store,
    Target,
    standard::{Group, User},
};
use tempfile::TempDir;

use crate::desk::{
    Desk, LiveAgentSession, LiveAgentSessionUpdate, OBJECTS, Part, PartCreate, PartUpdate, Sample,
    id, map, verify,
};

/// The fields of [`NOTE`].
const FIELDS: &[FieldDefinition] = &[
    FieldDefinition::new("Text__c", FieldType::String).length(80).create().update().nillable(),
    FieldDefinition::new("Size__c", FieldType::Int).digits(5).create().nillable(),
    FieldDefinition::new("About__c", FieldType::Reference)
        .references(&[Target::new("Note__c", "a0N")])
        .relationship("About__r")
        .create()
        .nillable(),
    FieldDefinition::new("Name", FieldType::String).autonumber("N-{0000}").name_field(),
];

/// An object whose definition the tests change.
const NOTE: &Definition = &Definition::new("Note__c")
    .label("Note", "Notes")
    .key_prefix("a0N")
    .since(28)
    .calls(Calls::NONE.create().query().retrieve())
    .fields(FIELDS);

/// A second object.
const TAG: &Definition = &Definition::new("Tag__c")
    .label("Tag", "Tags")
    .key_prefix("a0T")
    .fields(&[FieldDefinition::new("Text__c", FieldType::String).create().nillable()]);

/// References to [`TAG`].
const TO_TAG: &[Target] = &[Target::new("Tag__c", "a0T")];

/// [`NOTE`] with other fields.
fn with_fields(change: impl FnOnce(&mut Vec<FieldDefinition>)) -> Definition {
    let mut fields = FIELDS.to_vec();
    change(&mut fields);
    NOTE.fields(fields.leak())
}

/// [`NOTE`] with one field changed.
fn with_field(place: usize, change: impl FnOnce(&mut FieldDefinition)) -> Definition {
    with_fields(|fields| change(&mut fields[place]))
}

/// A folder, and the path of a store's file in it.
fn place() -> (TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store.redb");
    (dir, path)
}

/// A file with a note in it.
fn file_with_a_note() -> (TempDir, std::path::PathBuf) {
    let (dir, path) = place();
    let store = Store::open(&path, &[NOTE]).unwrap();
    let note = map(&json!({ "Text__c": "hello", "Size__c": 7 }));
    store.system().object("Note__c").unwrap().create(&note).unwrap();
    (dir, path)
}

/// Asserts that the note of [`file_with_a_note`] is there.
fn assert_note(store: &Store) {
    let notes = store.system().object("Note__c").unwrap();
    let note = notes.get(id("a0Nxx0000000001")).unwrap();
    let shown = ["Text__c", "Size__c", "About__c", "Name"].map(|name| note[name].clone());
    assert_eq!(shown, [json!("hello"), json!(7), json!(null), json!("N-0001")]);
    verify(store);
}

#[test]
fn a_store_keeps_everything_when_it_is_reopened() {
    fn everything<T: SObject>(store: &Store) -> Vec<Record<T>> {
        let mut records = Vec::new();
        store
            .system()
            .scan(|record| {
                records.push(record);
                ControlFlow::Continue(())
            })
            .unwrap();
        records
    }
    let (_dir, path) = place();
    let desk = Desk::with(|builder| builder.open(&path, OBJECTS));
    let session = desk.db.create(desk.session()).unwrap();
    desk.db.create(desk.sample()).unwrap();
    let update = LiveAgentSessionUpdate { time_idle: 9.into(), ..Default::default() };
    desk.db.update(session, update).unwrap();
    let parts = ["a", "b"].map(|name| desk.db.create(PartCreate::new(name)).unwrap());
    desk.db.delete(parts[0]).unwrap();

    let all = |store: &Store| {
        (
            everything::<User>(store),
            everything::<Group>(store),
            everything::<LiveAgentSession>(store),
            everything::<Sample>(store),
            everything::<Part>(store),
        )
    };
    let before = (all(&desk.store), desk.verify());
    let clock = desk.clock.clone();
    drop(desk);
    for _ in 0..2 {
        let store = Store::open(&path, OBJECTS).unwrap();
        assert_eq!((all(&store), verify(&store)), before);
    }
    // A record can come back for some days, so the time is that of its delete.
    let db = Store::builder().clock(clock).open(&path, OBJECTS).unwrap().system();
    db.undelete(parts[0]).unwrap();
    assert_eq!(db.find(Part::FIELDS.name, "A").unwrap().len(), 1);
}

#[test]
fn the_stores_own_user_is_the_same_when_it_is_reopened() {
    let (_dir, path) = place();
    let created_by = |instance: &str| {
        let store = Store::builder().instance(instance).open(&path, OBJECTS).unwrap();
        let part = store.system().create(PartCreate::new("a")).unwrap();
        verify(&store);
        (part.to_string()[3..6].to_owned(), store.system().get(part).unwrap().created_by_id)
    };
    let (first, second) = (created_by("aa1"), created_by("bb2"));
    assert_eq!((first.0.as_str(), second.0.as_str()), ("aa1", "bb2"));
    assert_eq!(first.1, second.1);
}

#[test]
fn stamps_do_not_go_back_when_a_store_is_reopened() {
    let (_dir, path) = place();
    let desk = Desk::with(|builder| builder.open(&path, OBJECTS));
    desk.clock.set(crate::desk::at("2027-01-01T00:00:00Z"));
    desk.db.create(PartCreate::new("late")).unwrap();
    drop(desk);
    let clock = sobject_core::ManualClock::at(crate::desk::at("2026-01-01T00:00:00Z"));
    let store = Store::builder().clock(clock).open(&path, OBJECTS).unwrap();
    let early = store.system().create(PartCreate::new("early")).unwrap();
    let stamp = store.system().get(early).unwrap().system_modstamp;
    assert_eq!(stamp, crate::desk::at("2027-01-01T00:00:00Z"));
    verify(&store);
}

#[test]
fn a_change_that_no_data_makes_safe_is_refused_in_words() {
    let (_dir, path) = file_with_a_note();
    let changes: Vec<(Definition, &str)> = vec![
        (
            NOTE.key_prefix("a0M"),
            "the key prefix was a0N and is a0M, but the ids of its records have it",
        ),
        (
            with_fields(|fields| {
                let double = FieldDefinition::new("Size__c", FieldType::Double);
                fields[1] = double.create().nillable();
            }),
            "the type of field Size__c was int and is double",
        ),
    ];
    for (definition, sentence) in &changes {
        let error = Store::open(&path, &[definition]).unwrap_err();
        let Error::DefinitionChanged { object, changes, records } = &error else {
            panic!("{error:?}")
        };
        assert_eq!((object.as_str(), records.len()), ("Note__c", 0));
        assert!(changes.iter().any(|it| it == sentence), "{changes:?} lacks {sentence}");
        assert!(error.to_string().contains(sentence), "{error}");
        assert_note(&Store::open(&path, &[NOTE]).unwrap());
    }
}

#[test]
fn all_refused_changes_of_an_object_are_told_at_once() {
    let (_dir, path) = file_with_a_note();
    let definition = with_fields(|fields| {
        fields[1] = FieldDefinition::new("Size__c", FieldType::Double).create().nillable();
    });
    let error = Store::open(&path, &[&definition.key_prefix("a0M")]).unwrap_err();
    let Error::DefinitionChanged { changes, .. } = &error else { panic!("{error:?}") };
    assert_eq!(changes.len(), 2, "{changes:?}");
}

#[test]
fn an_object_that_is_not_listed_is_dormant_in_the_file() {
    let (_dir, path) = file_with_a_note();
    let store = Store::open(&path, &[TAG]).unwrap();
    let error = store.system().object("Note__c").unwrap_err();
    assert!(matches!(error, Error::UnknownObject { .. }), "{error:?}");
    verify(&store);
    drop(store);
    assert_note(&Store::open(&path, &[NOTE]).unwrap());
}

#[test]
fn fields_may_change_their_order_and_objects_may_be_added() {
    let (_dir, path) = file_with_a_note();
    let reordered = with_fields(|fields| fields.reverse());
    assert_note(&Store::open(&path, &[&reordered]).unwrap());

    let store = Store::open(&path, &[TAG, &reordered]).unwrap();
    let tags = store.system().object("Tag__c").unwrap();
    let tag = tags.create(&map(&json!({ "Text__c": "new" }))).unwrap();
    assert_note(&store);
    drop((tags, store));
    let store = Store::open(&path, &[NOTE, TAG]).unwrap();
    assert_eq!(store.system().object("Tag__c").unwrap().get(tag).unwrap()["Text__c"], "new");
    assert_note(&store);
}

#[test]
fn an_object_cannot_be_added_beside_references_to_records_that_it_lacks() {
    let (_dir, path) = place();
    let about = with_field(2, |field| field.references = TO_TAG);
    let store = Store::open(&path, &[&about]).unwrap();
    let note = map(&json!({ "About__c": "a0Txx0000000001" }));
    let note = store.system().object("Note__c").unwrap().create(&note).unwrap();
    verify(&store);
    drop(store);
    let error = Store::open(&path, &[&about, TAG]).unwrap_err();
    let Error::DefinitionChanged { object, records, .. } = &error else { panic!("{error:?}") };
    assert_eq!((object.as_str(), records.as_slice()), ("Note__c", [note].as_slice()));
    verify(&Store::open(&path, &[&about]).unwrap());
}

#[test]
fn wrong_definitions_are_refused_in_words() {
    let text = || FieldDefinition::new("Text__c", FieldType::String).create();
    let field = |field| with_fields(|fields| *fields = vec![field]);
    let named = |name| Definition::new(name).key_prefix("a0X").fields(FIELDS);
    let wrong: Vec<(Definition, &str)> = vec![
        (named("1st"), "`1st` is not an API name"),
        (named("A__y"), "`A__y` is not an API name"),
        (named("Note_"), "`Note_` is not an API name"),
        (NOTE.key_prefix(""), "the key prefix `` is not three of"),
        (NOTE.key_prefix("a0-"), "the key prefix `a0-` is not three of"),
        (field(FieldDefinition::new("Te xt", FieldType::String)), "`Te xt` is not an API name"),
        (field(FieldDefinition::new("iD", FieldType::String)), "field iD is there twice, or is"),
        (
            with_fields(|fields| fields.push(FieldDefinition::new("TEXT__C", FieldType::Int))),
            "field TEXT__C is there twice, or is",
        ),
        (
            with_fields(|fields| fields.push(text().name_field().label("Name"))),
            "more than one field is the name field",
        ),
        (
            field(FieldDefinition::new("X", FieldType::Location).nillable()),
            "the type location is not supported",
        ),
        (field(FieldDefinition::new("X", FieldType::Id).nillable()), "only the system field Id"),
        (
            field(FieldDefinition::new("X", FieldType::Reference).nillable()),
            "names the objects that it leads to",
        ),
        (field(text().references(TO_TAG)), "names the objects that it leads to"),
        (field(text().length(131_073)), "the length is more than 131072 characters"),
        (
            field(FieldDefinition::new("X", FieldType::Int).create().digits(10)),
            "an int has at most 9 digits",
        ),
        (
            field(FieldDefinition::new("X", FieldType::Int).create().length(10)),
            "only text has a length",
        ),
        (field(text().digits(3)), "only an int has digits"),
        (
            field(FieldDefinition::new("X", FieldType::Int).autonumber("{0}")),
            "an auto-number is a string",
        ),
        (field(text().autonumber("{0}")), "it has neither create nor update"),
        (field(FieldDefinition::new("X", FieldType::String).autonumber("X")), "lacks its number"),
        (field(text().nillable().per_caller()), "only the date-times LastViewedDate"),
        (
            field(FieldDefinition::new("LastViewedDate", FieldType::DateTime).per_caller()),
            "a per-caller field is nillable",
        ),
        (field(text().defaulted_on_create()), "it is defaulted on create, but has no default"),
        (
            field(FieldDefinition::new("X", FieldType::String)),
            "the field is required, but cannot be given on create",
        ),
    ];
    for (definition, sentence) in &wrong {
        let error = Store::in_memory(&[definition]).unwrap_err();
        let Error::BadDefinition { object, problems } = &error else { panic!("{error:?}") };
        assert_eq!(object, definition.name);
        assert!(problems.iter().any(|it| it.contains(sentence)), "{problems:?} lacks {sentence}");
        assert!(error.to_string().contains(sentence), "{error}");
    }
}

#[test]
fn definitions_that_contradict_each_other_are_refused() {
    for (second, sentence) in [
        (*NOTE, "another object has the same name"),
        (Definition::new("NOTE__C").key_prefix("a0T"), "another object has the same name"),
        (TAG.key_prefix("a0N"), "another object has the key prefix a0N"),
    ] {
        let error = Store::in_memory(&[NOTE, &second]).unwrap_err();
        assert!(matches!(error, Error::BadDefinition { .. }), "{error:?}");
        assert!(error.to_string().contains(sentence), "{error}");
    }
}

#[test]
fn a_wrong_definition_makes_no_object_in_the_file() {
    let (_dir, path) = file_with_a_note();
    let bad = TAG.key_prefix("a0N");
    let error = Store::open(&path, &[NOTE, &bad]).unwrap_err();
    assert!(matches!(error, Error::BadDefinition { .. }), "{error:?}");
    assert_note(&Store::open(&path, &[NOTE]).unwrap());
}

#[test]
fn a_file_is_open_once() {
    let (_dir, path) = file_with_a_note();
    let store = Store::open(&path, &[NOTE]).unwrap();
    let connection = store.system();
    let assert_taken = || {
        let error = Store::open(&path, &[NOTE]).unwrap_err();
        let Error::Storage(storage) = &error else { panic!("{error:?}") };
        assert_eq!(storage.kind(), StorageErrorKind::Unavailable, "{error:?}");
        assert!(std::error::Error::source(&error).is_some(), "{error:?}");
    };
    assert_taken();
    drop(store);
    assert_taken();
    assert_eq!(connection.object("Note__c").unwrap().count().unwrap(), 1);
    drop(connection);
    assert_note(&Store::open(&path, &[NOTE]).unwrap());
}

#[test]
fn what_is_no_store_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (_store_dir, store_path) = file_with_a_note();
    let store = fs::read(store_path).unwrap();
    let mut other_magic = store.clone();
    other_magic[..4].copy_from_slice(b"nope");
    for (name, bytes) in [
        ("text", b"Id,Name\n".repeat(1_000)),
        ("short", b"x".to_vec()),
        ("zeros", vec![0; 100_000]),
        ("other magic", other_magic),
        ("cut after its head", store[..1_000].to_vec()),
    ] {
        let path = dir.path().join(name);
        fs::write(&path, &bytes).unwrap();
        let error = Store::open(&path, &[NOTE]).unwrap_err();
        assert!(matches!(error, Error::Storage(_) | Error::Corrupt { .. }), "{name}: {error:?}");
        if let Error::Storage(storage) = &error {
            assert_eq!(storage.kind(), StorageErrorKind::Damaged, "{name}: {error:?}");
        }
        assert!(error.to_string().starts_with("the store"), "{name}: {error}");
        assert!(fs::read(&path).unwrap() == bytes, "{name} is as it was");
    }
    for path in [dir.path(), &dir.path().join("no such directory/store.redb"), Path::new("")] {
        let error = Store::open(path, &[NOTE]).unwrap_err();
        let Error::Storage(storage) = &error else { panic!("{}: {error:?}", path.display()) };
        assert_eq!(storage.kind(), StorageErrorKind::Unavailable, "{}: {error:?}", path.display());
    }
}

#[test]
fn an_instance_is_three_letters_or_digits() {
    for instance in ["", "xx", "xxxx", "x-0", "é0"] {
        let error = Store::builder().instance(instance).in_memory(&[NOTE]).unwrap_err();
        assert!(matches!(error, Error::NotSupported { .. }), "{instance}: {error:?}");
        let (_dir, path) = place();
        Store::builder().instance(instance).open(&path, &[NOTE]).unwrap_err();
        assert!(!path.exists(), "{instance}");
    }
}

#[test]
fn a_store_in_memory_is_a_store_of_its_own() {
    let (one, other) = (Desk::new(), Desk::new());
    one.db.create(PartCreate::new("a")).unwrap();
    assert_eq!((one.count::<Part>(), other.count::<Part>()), (1, 0));
    let empty = Store::in_memory(&[]).unwrap();
    assert_eq!(verify(&empty).live, 0);
    one.verify();
}

#[test]
fn any_size_of_the_cache_will_do() {
    for size in [0, 1, 4_096, 1 << 20, usize::MAX] {
        let (_dir, path) = place();
        let open = || Store::builder().cache_size(size).open(&path, &[NOTE]).unwrap();
        let notes: Vec<_> =
            (0..200).map(|n| map(&json!({ "Text__c": format!("{n:080}") }))).collect();
        for made in open().system().object("Note__c").unwrap().create_many(&notes).unwrap() {
            made.unwrap();
        }
        let store = open();
        assert_eq!(verify(&store).live, 200, "{size}");
        let walked = store.system().object("Note__c").unwrap().walk().all().unwrap();
        assert_eq!(walked.len(), 200, "{size}");
    }
}

#[test]
fn a_file_is_made_small_again_unless_somebody_reads_or_writes_it() {
    let (_dir, path) = place();
    let store = Store::open(&path, OBJECTS).unwrap();
    let db = store.system();
    let part = db.create(PartCreate::new("Wheel")).unwrap();
    let unavailable = |refused: sobject_core::Result<bool>| match refused {
        Err(Error::Storage(error)) => assert_eq!(error.kind(), StorageErrorKind::Unavailable),
        other => panic!("{other:?}"),
    };
    let session = db.session().unwrap();
    for n in 0..200 {
        let name = format!("Wheel {n}");
        db.update(part, PartUpdate { name: name.into(), ..Default::default() }).unwrap();
    }
    let grown = fs::metadata(&path).unwrap().len();
    unavailable(store.compact());
    assert_eq!(session.get(part).unwrap().name, "Wheel");
    drop(session);
    db.transaction(|tx| {
        tx.create(PartCreate::new("Screw"))?;
        unavailable(store.compact());
        Ok::<_, Error>(())
    })
    .unwrap();
    db.scan::<Part>(|_| {
        unavailable(store.compact());
        ControlFlow::Break(())
    })
    .unwrap();
    assert!(store.compact().unwrap());
    let small = fs::metadata(&path).unwrap().len();
    assert!(small * 2 < grown, "{small} of {grown} bytes");
    assert_eq!(db.get(part).unwrap().name, "Wheel 199");
    db.create(PartCreate::new("Axle")).unwrap();
    assert_eq!(verify(&store).live, 3);
}

#[test]
fn a_check_finds_a_byte_that_was_changed_and_asks_for_the_file_alone() {
    let (_dir, path) = file_with_a_note();
    Store::check(&path).unwrap();
    let kind = |refused: sobject_core::Result<()>| match refused {
        Err(Error::Storage(error)) => error.kind(),
        other => panic!("{other:?}"),
    };
    let store = Store::builder().check(true).open(&path, &[NOTE, TAG]).unwrap();
    assert_note(&store);
    assert_eq!(kind(Store::check(&path)), StorageErrorKind::Unavailable);
    let notes = store.system().object("Note__c").unwrap();
    notes.create(&map(&json!({ "Text__c": "a text of its own" }))).unwrap();
    // Later commits do not touch the note, so that there is no whole one to go back to.
    for _ in 0..4 {
        store.system().object("Tag__c").unwrap().create(&map(&json!({}))).unwrap();
    }
    drop((notes, store));
    Store::check(&path).unwrap();

    // The text, which no index has, becomes another: nothing else contradicts it.
    let mut bytes = fs::read(&path).unwrap();
    let text = b"a text of its own";
    let places: Vec<_> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(text)).collect();
    assert!(!places.is_empty(), "the text is in the file");
    for at in places {
        bytes[at] = b'A';
    }
    fs::write(&path, &bytes).unwrap();
    let store = Store::open(&path, &[NOTE, TAG]).unwrap();
    assert_eq!(verify(&store).live, 6);
    drop(store);
    fs::write(&path, &bytes).unwrap();
    assert_eq!(kind(Store::check(&path)), StorageErrorKind::Damaged);
    let opened = Store::builder().check(true).open(&path, &[NOTE, TAG]);
    assert_eq!(kind(opened.map(drop)), StorageErrorKind::Damaged);
}
