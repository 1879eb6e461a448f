//! Random chains of openings by the versions of a program, narrow ones, rollbacks and skips among
//! them, against a plain map: nothing that was accepted is lost.
//!
//! An object has five versions, in which fields are added and renamed, forth and back. Each opening of
//! a chain is by any of them, in any order, and may leave fields out, or a whole object; then records
//! are written by what it lists. The map knows the values of each field, whatever it is called, and
//! foretells which openings are refused: those whose `was` names nothing that the file has, and those
//! that list a required field which records lack. Every opening is followed by a comparison and by
//! [`Store::verify`](sobject_core::Store::verify).
//!
//! `PROPTEST_CASES=2000` runs more chains, and `PROPTEST_RNG_SEED=7` others.

use std::collections::BTreeMap;

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};
use serde_json::{Value as Json, json};
use sobject_core::{
    Definition, Error, FieldDefinition, FieldType, JsonRecord, RecordId, Store, Target,
};

use crate::{
    desk::{MORNING, at, refused, verify},
    types::{Archive, open, required},
};

/// What the references of [`Field::Part`] lead to.
const PART: &Definition = &Definition::new("Part__c").key_prefix("a0P").fields(&[]);
const PARTS: &[Target] = &[Target::new("Part__c", "a0P")];

/// A field of the notes, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    /// The auto-number.
    Name,
    Text,
    Size,
    /// Required, without a default.
    Need,
    /// Unique.
    Code,
    /// Required, with a default.
    Must,
    Part,
}

const FIELDS: [Field; 7] =
    [Field::Name, Field::Text, Field::Size, Field::Need, Field::Code, Field::Must, Field::Part];

/// How many versions there are, counted from 1.
const VERSIONS: usize = 5;
/// What the required field with a default has without a value.
const DEFAULT: i64 = 7;

impl Field {
    /// What the field is called from which version on.
    fn names(self) -> &'static [(usize, &'static str)] {
        match self {
            Self::Name => &[(1, "Name")],
            Self::Text => &[(1, "Text__c"), (3, "Body__c"), (5, "Text__c")],
            Self::Size => &[(1, "Size__c")],
            Self::Need => &[(1, "Need__c"), (3, "Want__c")],
            Self::Code => &[(2, "Code__c"), (4, "Key__c")],
            Self::Must => &[(2, "Must__c"), (4, "Sure__c"), (5, "Certain__c")],
            Self::Part => &[(3, "Part__c")],
        }
    }

    /// What a version calls the field, if it has it.
    fn name(self, version: usize) -> Option<&'static str> {
        let names = self.names().iter().rev();
        names.into_iter().find(|(from, _)| *from <= version).map(|(_, name)| *name)
    }

    /// The names that the field had before a version.
    fn was(self, version: usize) -> Vec<&'static str> {
        let earlier = self.names().iter().filter(|(from, _)| *from <= version).map(|it| it.1);
        earlier.rev().filter(|name| Some(*name) != self.name(version)).collect()
    }

    /// The field as a version has it.
    fn definition(self, version: usize) -> Option<FieldDefinition> {
        let name = self.name(version)?;
        let field = match self {
            Self::Name => {
                FieldDefinition::new(name, FieldType::String).autonumber("N-{0}").name_field()
            }
            Self::Text => {
                open(name, FieldType::String).length(20 + u32::try_from(version).unwrap())
            }
            Self::Size if version >= 4 => open(name, FieldType::Int).index(),
            Self::Size => open(name, FieldType::Int),
            Self::Need => required(name, FieldType::Int),
            Self::Code => open(name, FieldType::String).length(20).unique(),
            Self::Must => {
                required(name, FieldType::Int).default(sobject_core::DefaultValue::Int(DEFAULT))
            }
            Self::Part => open(name, FieldType::Reference).references(PARTS),
        };
        Some(field.was(self.was(version).leak()))
    }
}

/// Which of the records that there are; taken modulo how many they are.
type Pick = usize;

/// A call on what an opening lists.
#[derive(Clone, Debug)]
enum Call {
    Create(Given),
    Update(Pick, Given),
    Put(Pick, Given),
    Delete(Pick),
    Undelete(Pick),
    CreatePart,
    DeletePart(Pick),
    UndeletePart(Pick),
}

/// Values for the fields that are listed.
#[derive(Clone, Debug)]
struct Given {
    text: Option<u8>,
    size: Option<u8>,
    code: Option<u8>,
    part: Option<Pick>,
}

/// A program that opens the file.
#[derive(Clone, Debug)]
struct Opening {
    version: usize,
    /// Which fields it leaves out, a bit each.
    without: u8,
    with_notes: bool,
    with_parts: bool,
    /// A field to drop.
    drops: Option<usize>,
    calls: Vec<Call>,
}

fn given() -> impl Strategy<Value = Given> {
    let small = || proptest::option::of(0..4_u8);
    (small(), small(), small(), proptest::option::of(any::<Pick>()))
        .prop_map(|(text, size, code, part)| Given { text, size, code, part })
}

fn calls() -> impl Strategy<Value = Call> {
    let pick = || any::<Pick>();
    prop_oneof![
        4 => given().prop_map(Call::Create),
        3 => (pick(), given()).prop_map(|(pick, given)| Call::Update(pick, given)),
        1 => (pick(), given()).prop_map(|(pick, given)| Call::Put(pick, given)),
        2 => pick().prop_map(Call::Delete),
        2 => pick().prop_map(Call::Undelete),
        2 => Just(Call::CreatePart),
        2 => pick().prop_map(Call::DeletePart),
        1 => pick().prop_map(Call::UndeletePart),
    ]
}

fn openings() -> impl Strategy<Value = Opening> {
    let without = prop_oneof![1 => Just(0_u8), 2 => any::<u8>(), 2 => any::<[u8; 2]>().prop_map(|[a, b]| a & b)];
    let often = || prop_oneof![4 => Just(true), 1 => Just(false)];
    let drops = prop_oneof![6 => Just(None), 1 => (0..FIELDS.len()).prop_map(Some)];
    (1..=VERSIONS, without, often(), often(), drops, vec(calls(), 0..6)).prop_map(
        |(version, without, with_notes, with_parts, drops, calls)| Opening {
            version,
            without,
            with_notes,
            with_parts,
            drops,
            calls,
        },
    )
}

/// A note as the map has it. An auto-number that nobody has seen yet is `"?"`.
#[derive(Clone, Debug)]
struct Note {
    values: BTreeMap<Field, Json>,
    is_deleted: bool,
}

/// The file as the map has it.
#[derive(Debug, Default)]
struct Map {
    /// Has the file notes, and parts?
    has_notes: bool,
    has_parts: bool,
    /// The fields that it has, by the name that it has for them.
    known: BTreeMap<Field, &'static str>,
    notes: BTreeMap<RecordId, Note>,
    /// Whether each part is live.
    parts: BTreeMap<RecordId, bool>,
}

impl Opening {
    fn lists(&self, field: Field) -> bool {
        let place = FIELDS.iter().position(|it| *it == field).unwrap();
        self.with_notes && self.without & (1 << place) == 0 && field.name(self.version).is_some()
    }

    fn listed(&self) -> impl Iterator<Item = (Field, &'static str)> {
        let listed = FIELDS.into_iter().filter(|field| self.lists(*field));
        listed.map(|field| (field, field.name(self.version).unwrap()))
    }

    fn open(&self, archive: &Archive, map: &Map) -> sobject_core::Result<Store> {
        let fields: Vec<_> =
            self.listed().map(|(field, _)| field.definition(self.version).unwrap()).collect();
        let notes = Definition::new("Note__c").key_prefix("a0N").fields(fields.leak());
        let mut objects = Vec::new();
        objects.extend(self.with_notes.then_some(&notes));
        objects.extend(self.with_parts.then_some(PART));
        let clock = sobject_core::ManualClock::at(at(MORNING));
        let mut builder = Store::builder().clock(clock).build_step(2);
        if let Some(field) = self.dropped() {
            // By its name in the file, or one that the file does not have.
            let name = map.known.get(&field).copied().unwrap_or("Never__c");
            builder = builder.drop_field("Note__c", name);
        }
        builder.open(archive.path(), &objects)
    }

    /// The field that is dropped: none that is listed.
    fn dropped(&self) -> Option<Field> {
        self.drops.map(|place| FIELDS[place]).filter(|field| !self.lists(*field))
    }
}

impl Map {
    /// Is an opening to be refused?
    fn refuses(&self, opening: &Opening) -> bool {
        self.has_notes
            && opening.listed().any(|(field, _)| {
                let is_known = self.known.contains_key(&field);
                let lacks = |note: &Note| !note.values.contains_key(&field);
                match field {
                    Field::Need if is_known => self.notes.values().any(lacks),
                    _ if is_known => false,
                    _ if !field.was(opening.version).is_empty() => true,
                    Field::Name | Field::Need => !self.notes.is_empty(),
                    _ => false,
                }
            })
    }

    /// Takes over what an opening lists and drops; how many records have lost a value.
    fn take_over(&mut self, opening: &Opening) -> u64 {
        let mut n_lost = 0;
        if let Some(field) = opening.dropped()
            && self.known.remove(&field).is_some()
        {
            let lost = self.notes.values_mut().filter_map(|note| note.values.remove(&field));
            n_lost = u64::try_from(lost.count()).unwrap();
        }
        self.has_notes |= opening.with_notes;
        self.has_parts |= opening.with_parts;
        for (field, name) in opening.listed() {
            self.known.insert(field, name);
            if field == Field::Must {
                for note in self.notes.values_mut() {
                    note.values.entry(field).or_insert(DEFAULT.into());
                }
            }
        }
        n_lost
    }

    /// Compares the notes with what a store shows.
    fn compare(&mut self, opening: &Opening, store: &Store) {
        if !opening.with_notes {
            return;
        }
        let notes = store.system().object("Note__c").unwrap();
        let mut numbers = Vec::new();
        for (id, note) in &mut self.notes {
            if note.is_deleted {
                assert!(notes.get(*id).is_err());
                continue;
            }
            let record = notes.get(*id).unwrap();
            for (field, name) in opening.listed() {
                let value = &record[name];
                if field == Field::Name {
                    let known = note.values.entry(field).or_insert("?".into());
                    if *known == "?" && value.is_string() {
                        *known = value.clone();
                    }
                    numbers.push(value.clone());
                }
                let expected = note.values.get(&field).unwrap_or(&Json::Null);
                assert_eq!(value, expected, "{field:?} of {id}");
            }
        }
        let n_numbers = numbers.len();
        numbers.sort_by_key(Json::to_string);
        numbers.dedup();
        assert_eq!(numbers.len(), n_numbers, "{numbers:?}");
        let live = self.notes.values().filter(|note| !note.is_deleted).count();
        assert_eq!(notes.count().unwrap(), u64::try_from(live).unwrap());
    }

    /// The live note beside `own` that has a code, in any case.
    fn has_code(&self, code: &Json, own: Option<RecordId>) -> bool {
        let text = |json: &Json| json.as_str().unwrap_or_default().to_uppercase();
        self.notes.iter().any(|(id, note)| {
            let its = note.values.get(&Field::Code);
            !note.is_deleted && Some(*id) != own && its.is_some_and(|it| text(it) == text(code))
        })
    }

    fn pick<T>(records: &BTreeMap<RecordId, T>, pick: Pick) -> Option<RecordId> {
        records.keys().nth(pick % records.len().max(1)).copied()
    }

    /// The values that a call gives, for the fields that an opening lists.
    fn values(&self, opening: &Opening, given: &Given) -> BTreeMap<Field, Json> {
        const CODES: [&str; 4] = ["a", "A", "b", "ß"];
        let mut values = BTreeMap::new();
        let live: BTreeMap<_, _> = self.parts.iter().filter(|(_, live)| **live).collect();
        let part = |pick: Pick| live.keys().nth(pick % live.len().max(1)).map(|it| json!(it));
        for (field, _) in opening.listed() {
            let value = match field {
                Field::Name | Field::Must => None,
                Field::Text => given.text.map(|n| json!(format!("text {n}"))),
                Field::Size => given.size.map(|n| json!(n)),
                Field::Need => Some(json!(given.size.unwrap_or(9))),
                Field::Code => given.code.map(|n| json!(CODES[usize::from(n)])),
                Field::Part => given.part.and_then(part),
            };
            values.extend(value.map(|value| (field, value)));
        }
        values
    }

    fn run(&mut self, opening: &Opening, store: &Store, call: &Call) {
        let db = store.system();
        let is_of_notes =
            !matches!(call, Call::CreatePart | Call::DeletePart(_) | Call::UndeletePart(_));
        if (is_of_notes && !opening.with_notes) || (!is_of_notes && !opening.with_parts) {
            return;
        }
        let object = db.object(if is_of_notes { "Note__c" } else { "Part__c" }).unwrap();
        let record = |values: &BTreeMap<Field, Json>| -> JsonRecord {
            let named = values.iter().map(|(field, value)| {
                (field.name(opening.version).unwrap().to_owned(), value.clone())
            });
            named.collect()
        };
        match call {
            Call::Create(given) => {
                let mut values = self.values(opening, given);
                let created = object.create(&record(&values));
                if values.get(&Field::Code).is_some_and(|code| self.has_code(code, None)) {
                    assert_eq!(refused(created).code, "DUPLICATE_VALUE");
                    return;
                }
                // What the file has and the program does not list behaves as if given nothing.
                for field in self.known.keys() {
                    match field {
                        Field::Name => values.insert(Field::Name, "?".into()),
                        Field::Must => values.insert(Field::Must, DEFAULT.into()),
                        _ => None,
                    };
                }
                self.notes.insert(created.unwrap(), Note { values, is_deleted: false });
            }
            Call::Update(pick, given) | Call::Put(pick, given) => {
                let Some(id) = Self::pick(&self.notes, *pick) else { return };
                let values = self.values(opening, given);
                let is_put = matches!(call, Call::Put(..));
                let is_deleted = self.notes[&id].is_deleted;
                let result = if is_put {
                    let mut record = record(&values);
                    record.insert("Id".to_owned(), json!(id));
                    store.replica().put("Note__c", &record).map(drop)
                } else {
                    object.update(id, &record(&values))
                };
                if is_deleted && !is_put {
                    assert_eq!(refused(result).code, "ENTITY_IS_DELETED");
                    return;
                }
                let code = values.get(&Field::Code).filter(|_| !is_deleted);
                if code.is_some_and(|code| self.has_code(code, Some(id))) {
                    assert_eq!(refused(result).code, "DUPLICATE_VALUE");
                    return;
                }
                result.unwrap();
                self.notes.get_mut(&id).unwrap().values.extend(values);
            }
            Call::Delete(pick) => {
                let Some(id) = Self::pick(&self.notes, *pick) else { return };
                let note = self.notes.get_mut(&id).unwrap();
                assert_eq!(object.delete(id).is_ok(), !note.is_deleted);
                note.is_deleted = true;
            }
            Call::Undelete(pick) => {
                let Some(id) = Self::pick(&self.notes, *pick) else { return };
                let note = &self.notes[&id];
                let clashes = note.values.get(&Field::Code);
                let clashes = clashes.is_some_and(|code| self.has_code(code, Some(id)));
                let undeleted = object.undelete(id);
                assert_eq!(undeleted.is_ok(), note.is_deleted && !clashes, "{undeleted:?}");
                if undeleted.is_ok() {
                    let parts = &self.parts;
                    let note = self.notes.get_mut(&id).unwrap();
                    note.is_deleted = false;
                    let is_lost =
                        |part: &Json| !parts[&part.as_str().unwrap().parse::<RecordId>().unwrap()];
                    if note.values.get(&Field::Part).is_some_and(is_lost) {
                        note.values.remove(&Field::Part);
                    }
                }
            }
            Call::CreatePart => {
                self.parts.insert(object.create(&JsonRecord::new()).unwrap(), true);
            }
            Call::DeletePart(pick) => {
                let Some(id) = Self::pick(&self.parts, *pick) else { return };
                let holds = |note: &Note| {
                    !note.is_deleted && note.values.get(&Field::Part) == Some(&json!(id))
                };
                let is_held = self.notes.values().any(holds);
                let live = self.parts.get_mut(&id).unwrap();
                assert_eq!(object.delete(id).is_ok(), *live && !is_held, "{id}");
                *live &= is_held;
            }
            Call::UndeletePart(pick) => {
                let Some(id) = Self::pick(&self.parts, *pick) else { return };
                let live = self.parts.get_mut(&id).unwrap();
                assert_eq!(object.undelete(id).is_ok(), !*live);
                *live = true;
            }
        }
    }
}

/// How many openings came to what.
#[derive(Debug, Default)]
struct Tally {
    opened: usize,
    refused: usize,
    dropped: usize,
    /// Openings that listed a field which was dormant.
    woken: usize,
}

fn run(openings: &[Opening], tally: &mut Tally) {
    let archive = Archive::new();
    let mut map = Map::default();
    let mut listed: Vec<Field> = Vec::new();
    for (n, opening) in openings.iter().enumerate() {
        let opened = opening.open(&archive, &map);
        if map.refuses(opening) {
            assert!(matches!(opened, Err(Error::DefinitionChanged { .. })), "{n}: {opened:?}");
            tally.refused += 1;
            continue;
        }
        let store = opened.unwrap_or_else(|error| panic!("opening {n}: {error}"));
        verify(&store);
        tally.opened += 1;
        let is_woken = |(field, _)| map.known.contains_key(&field) && !listed.contains(&field);
        tally.woken += usize::from(opening.listed().any(is_woken));
        let n_lost = map.take_over(opening);
        let told = store.dropped().iter().map(|it| it.records).sum::<u64>();
        assert_eq!(told, n_lost, "opening {n}");
        tally.dropped += usize::from(n_lost > 0);
        listed = opening.listed().map(|(field, _)| field).collect();
        map.compare(opening, &store);
        for call in &opening.calls {
            map.run(opening, &store, call);
        }
        map.compare(opening, &store);
        verify(&store);
    }
    // The last version finds everything, if it takes what some records lack.
    let is_known = |field: &Field| map.known.contains_key(field);
    let mut without = 0;
    for (place, _) in FIELDS.iter().enumerate().filter(|(_, field)| !is_known(field)) {
        without |= 1 << place;
    }
    if map.notes.values().any(|note| !note.values.contains_key(&Field::Need)) {
        without |= 1 << 3;
    }
    let last = Opening {
        version: VERSIONS,
        without,
        with_notes: true,
        with_parts: true,
        drops: None,
        calls: Vec::new(),
    };
    let store = last.open(&archive, &map).unwrap();
    verify(&store);
    map.take_over(&last);
    map.compare(&last, &store);
}

#[test]
fn no_chain_of_versions_loses_what_was_accepted() {
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<u32>().ok());
    let config = ProptestConfig {
        cases: number("PROPTEST_CASES").unwrap_or(24),
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(number("PROPTEST_RNG_SEED").unwrap_or(1).into()),
        max_shrink_iters: 2_000,
        ..ProptestConfig::default()
    };
    let mut tally = Tally::default();
    let cell = std::cell::RefCell::new(&mut tally);
    TestRunner::new(config)
        .run(&vec(openings(), 1..12), |chain| {
            run(&chain, &mut cell.borrow_mut());
            Ok(())
        })
        .unwrap();
    let Tally { opened, refused, dropped, woken } = tally;
    assert!(opened > 50 && refused > 5 && dropped > 0 && woken > 20, "{tally:?}");
}
