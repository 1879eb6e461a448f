//! Random histories with the rules for values and with changes of the definition, compared with a
//! model that is a plain map.
//!
//! `model` is about calls, transactions and references, and this is about values: unique texts that
//! ignore case or not, a restricted picklist with a default, digits, a required field that comes
//! and goes, and a file that may be reopened with another definition after any step. The model also
//! foretells which definitions are refused. `PROPTEST_CASES` and `PROPTEST_RNG_SEED` work as in
//! `model`.

use std::collections::BTreeMap;

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};
use serde_json::{Map, Value as Json, json};
use sobject_core::{
    DefaultValue, Definition, Error, FieldDefinition, FieldType, PicklistValue, RecordId, Store,
};

use crate::{
    desk::verify,
    types::{open, required},
};

/// Codes: some are equal if case is ignored, one is empty, and one is too long.
const CODES: [&str; 7] = ["a", "A", " b", "ß", "SS", " ", "toolong"];
/// Kinds as they are given, and as the store keeps them.
const KINDS: [(&str, Option<&str>); 5] = [
    ("new", Some("New")),
    ("USED", Some("Used")),
    ("Used", Some("Used")),
    ("", None),
    ("bad", None),
];
/// Sizes, of one to six digits.
const SIZES: [i64; 5] = [7, -999, 1_000, -99_999, 100_000];
/// Values of the required field that comes and goes.
const EXTRAS: [&str; 3] = ["y", "", "z "];

/// In what the definitions of the object differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shape {
    /// Are codes that differ in case only different?
    is_exact: bool,
    /// Do sizes have an index?
    is_indexed: bool,
    /// Most digits of a size.
    digits: u8,
    /// Is there the required field that comes and goes?
    has_extra: bool,
}

impl Shape {
    fn definition(self) -> Definition {
        let code = open("Code__c", FieldType::String).length(5).unique();
        let size = open("Size__c", FieldType::Int).digits(self.digits);
        let mut fields = vec![
            FieldDefinition::new("Name", FieldType::String).autonumber("I-{0}").name_field(),
            if self.is_exact { code.case_sensitive() } else { code },
            open("Kind__c", FieldType::Picklist).restricted().defaulted_on_create().picklist(
                const { &[PicklistValue::new("New").default(), PicklistValue::new("Used")] },
            ),
            if self.is_indexed { size.index() } else { size },
        ];
        if self.has_extra {
            fields.push(required("Extra__c", FieldType::String).default(DefaultValue::Text("x")));
        }
        Definition::new("Item__c").label("Item", "Items").key_prefix("a0J").fields(fields.leak())
    }
}

/// A field that is left out, is null, or has the value at this place of its list.
#[allow(clippy::option_option)] // A key of a JSON map has these three states.
type Value = Option<Option<usize>>;

/// The values that a call gives for a record.
#[derive(Clone, Copy, Debug)]
struct Given {
    code: Value,
    kind: Value,
    size: Value,
    extra: Option<usize>,
}

/// The place of an id among those that a history has seen, modulo their number plus one. The place
/// after the last stands for an id that no record has.
type Pick = usize;

/// One step of a history.
#[derive(Clone, Debug)]
enum Step {
    Create { records: Vec<Given>, all_or_none: bool },
    Update { records: Vec<(Pick, Given)>, all_or_none: bool },
    Delete(Pick),
    Undelete(Pick),
    Reopen(Shape),
}

fn given() -> impl Strategy<Value = Given> {
    fn value(n: usize) -> impl Strategy<Value = Value> {
        proptest::option::of(proptest::option::weighted(0.8, 0..n))
    }
    let extra = proptest::option::weighted(0.3, 0..EXTRAS.len());
    (value(CODES.len()), value(KINDS.len()), value(SIZES.len()), extra)
        .prop_map(|(code, kind, size, extra)| Given { code, kind, size, extra })
}

fn steps() -> impl Strategy<Value = Step> {
    let pick = any::<Pick>;
    let shape = (any::<bool>(), any::<bool>(), prop_oneof![Just(3), Just(5)], any::<bool>())
        .prop_map(|(is_exact, is_indexed, digits, has_extra)| Shape {
            is_exact,
            is_indexed,
            digits,
            has_extra,
        });
    prop_oneof![
        4 => (vec(given(), 0..4), any::<bool>())
            .prop_map(|(records, all_or_none)| Step::Create { records, all_or_none }),
        3 => (vec((pick(), given()), 0..4), any::<bool>())
            .prop_map(|(records, all_or_none)| Step::Update { records, all_or_none }),
        2 => pick().prop_map(Step::Delete),
        2 => pick().prop_map(Step::Undelete),
        2 => shape.prop_map(Step::Reopen),
    ]
}

/// A record of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    code: Option<String>,
    kind: Option<&'static str>,
    size: Option<i64>,
    extra: Option<String>,
    is_deleted: bool,
}

type Rows = BTreeMap<RecordId, Row>;

/// The status code of a refusal.
type Code = &'static str;

impl Given {
    /// The values as a JSON map, with the fields in the order in which the rules check them.
    fn json(self, shape: Shape) -> Map<String, Json> {
        let mut map = Map::new();
        if let Some(code) = self.code {
            map.insert("Code__c".to_owned(), code.map_or(Json::Null, |n| CODES[n].into()));
        }
        if let Some(kind) = self.kind {
            map.insert("Kind__c".to_owned(), kind.map_or(Json::Null, |n| KINDS[n].0.into()));
        }
        if let Some(size) = self.size {
            map.insert("Size__c".to_owned(), size.map_or(Json::Null, |n| SIZES[n].into()));
        }
        if let (Some(extra), true) = (self.extra, shape.has_extra) {
            map.insert("Extra__c".to_owned(), EXTRAS[extra].into());
        }
        map
    }

    /// The row with these values set, or the code of the first rule that they break.
    fn over(self, mut row: Row, shape: Shape) -> Result<Row, Code> {
        if let Some(code) = self.code {
            let code = code.map_or("", |n| CODES[n]).trim();
            if code.chars().count() > 5 {
                return Err("STRING_TOO_LONG");
            }
            row.code = Some(code.to_owned()).filter(|code| !code.is_empty());
        }
        if let Some(kind) = self.kind {
            let kind = kind.map(|n| KINDS[n]);
            if kind == Some(("bad", None)) {
                return Err("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
            }
            row.kind = kind.and_then(|(_, kept)| kept);
        }
        if let Some(size) = self.size {
            let size = size.map(|n| SIZES[n]);
            if size.is_some_and(|size| size.abs() >= 10_i64.pow(shape.digits.into())) {
                return Err("NUMBER_OUTSIDE_VALID_RANGE");
            }
            row.size = size;
        }
        if let (Some(extra), true) = (self.extra, shape.has_extra) {
            let extra = EXTRAS[extra].trim();
            if extra.is_empty() {
                return Err("REQUIRED_FIELD_MISSING");
            }
            row.extra = Some(extra.to_owned());
        }
        Ok(row)
    }
}

fn same_code(a: &str, b: &str, is_exact: bool) -> bool {
    if is_exact { a == b } else { a.to_uppercase() == b.to_uppercase() }
}

/// Refuses a code that another live record has.
fn check_unique(rows: &Rows, own: Option<RecordId>, row: &Row, shape: Shape) -> Result<(), Code> {
    let Some(code) = &row.code else { return Ok(()) };
    let clashes = rows.iter().any(|(id, other)| {
        Some(*id) != own
            && !other.is_deleted
            && other.code.as_ref().is_some_and(|it| same_code(it, code, shape.is_exact))
    });
    if clashes { Err("DUPLICATE_VALUE") } else { Ok(()) }
}

/// Must this change of the definition be refused, because the records do not fit it?
fn is_refused(rows: &Rows, from: Shape, to: Shape) -> bool {
    let limit = 10_i64.pow(to.digits.into());
    let is_too_wide = rows.values().any(|row| row.size.is_some_and(|size| size.abs() >= limit));
    let live = || rows.iter().filter(|(_, row)| !row.is_deleted);
    let clashes = live().any(|(id, row)| check_unique(rows, Some(*id), row, to).is_err());
    is_too_wide || (from.is_exact && !to.is_exact && clashes)
}

/// A store with a random history, and the model of it.
struct History {
    folder: tempfile::TempDir,
    store: Store,
    shape: Shape,
    rows: Rows,
    /// Every name that the store ever gave, and the record that has it.
    names: BTreeMap<String, RecordId>,
}

impl History {
    fn begin() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let shape = Shape { is_exact: false, is_indexed: false, digits: 3, has_extra: false };
        let store = Self::open(&folder, shape).expect("a store");
        Self { folder, store, shape, rows: Rows::new(), names: BTreeMap::new() }
    }

    fn open(folder: &tempfile::TempDir, shape: Shape) -> Result<Store, Error> {
        Store::open(folder.path().join("items.redb"), &[&shape.definition()])
    }

    /// The id that `pick` stands for, or one that no record has.
    fn picked(&self, pick: Pick) -> RecordId {
        let ids: Vec<_> = self.rows.keys().copied().collect();
        let nowhere = || "a0Jzz0000000001".parse().expect("an id");
        ids.get(pick % (ids.len() + 1)).copied().unwrap_or_else(nowhere)
    }

    fn check_live(&self, id: RecordId) -> Result<(), Code> {
        match self.rows.get(&id) {
            None => Err("INVALID_CROSS_REFERENCE_KEY"),
            Some(row) if row.is_deleted => Err("ENTITY_IS_DELETED"),
            Some(_) => Ok(()),
        }
    }

    /// Compares the answers of a call with those that were foretold, and takes over the rows of the
    /// records that were written. An all-or-none call with a refusal has written none.
    fn settle(
        &mut self,
        answers: Vec<sobject_core::Result<RecordId>>,
        foretold: Vec<Result<Row, Code>>,
        before: Rows,
        all_or_none: bool,
    ) {
        let is_undone = all_or_none && foretold.iter().any(Result::is_err);
        assert_eq!(answers.len(), foretold.len());
        for (answer, foretold) in answers.into_iter().zip(foretold) {
            let code = answer.as_ref().map_err(|error| error.status_code().as_str()).copied();
            match foretold {
                Err(refusal) => assert_eq!(code, Err(refusal)),
                Ok(_) if is_undone => {
                    assert_eq!(code, Err("ALL_OR_NONE_OPERATION_ROLLED_BACK"));
                }
                Ok(row) => {
                    let id = code.expect("a record in order is written");
                    self.rows.insert(id, row);
                }
            }
        }
        if is_undone {
            self.rows = before;
        }
    }

    fn create(&mut self, records: &[Given], all_or_none: bool) {
        let shape = self.shape;
        let fresh = || Row {
            code: None,
            kind: Some("New"),
            size: None,
            extra: shape.has_extra.then(|| "x".to_owned()),
            is_deleted: false,
        };
        // Unique values are compared with the earlier records of the same call as well, which get
        // stand-in ids here.
        let (before, mut pending) = (self.rows.clone(), self.rows.clone());
        let mut foretold = Vec::new();
        for (n, given) in records.iter().enumerate() {
            let row = given.over(fresh(), shape);
            let row = row.and_then(|row| check_unique(&pending, None, &row, shape).map(|()| row));
            if let Ok(row) = &row {
                let id = format!("a0Jyy{n:010}").parse().expect("an id");
                pending.insert(id, row.clone());
            }
            foretold.push(row);
        }
        let maps: Vec<_> = records.iter().map(|given| given.json(shape)).collect();
        let answers = self.items(all_or_none).create_many(&maps).expect("a call");
        self.settle(answers, foretold, before, all_or_none);
    }

    fn update(&mut self, records: &[(Pick, Given)], all_or_none: bool) {
        let shape = self.shape;
        let before = self.rows.clone();
        let named: Vec<_> = records.iter().map(|(pick, it)| (self.picked(*pick), *it)).collect();
        let mut foretold = Vec::new();
        for (id, given) in &named {
            let row = self.check_live(*id).and_then(|()| given.over(self.rows[id].clone(), shape));
            let row = row.and_then(|row| {
                let is_same = row.code == self.rows[id].code;
                let check =
                    if is_same { Ok(()) } else { check_unique(&self.rows, Some(*id), &row, shape) };
                check.map(|()| row)
            });
            if let Ok(row) = &row {
                self.rows.insert(*id, row.clone());
            }
            foretold.push(row);
        }
        let map = |(id, given): &(RecordId, Given)| {
            let mut map = given.json(shape);
            map.insert("Id".to_owned(), json!(id));
            map
        };
        let maps: Vec<_> = named.iter().map(map).collect();
        let answers = self.items(all_or_none).update_many(&maps).expect("a call");
        let answers =
            answers.into_iter().zip(&named).map(|(it, (id, _))| it.map(|()| *id)).collect();
        self.settle(answers, foretold, before, all_or_none);
    }

    fn items(&self, all_or_none: bool) -> sobject_core::Untyped {
        let db = self.store.system();
        let db = if all_or_none { db.all_or_none() } else { db };
        db.object("Item__c").expect("the object")
    }

    fn remove(&mut self, pick: Pick, is_delete: bool) {
        let id = self.picked(pick);
        let foretold = if is_delete {
            self.check_live(id)
        } else {
            match self.rows.get(&id).filter(|row| row.is_deleted) {
                Some(row) => check_unique(&self.rows, Some(id), row, self.shape),
                None => Err("UNDELETE_FAILED"),
            }
        };
        let items = self.items(false);
        let answer = if is_delete { items.delete(id) } else { items.undelete(id) };
        assert_eq!(answer.map_err(|error| error.status_code().as_str()), foretold);
        if foretold.is_ok() {
            self.rows.get_mut(&id).expect("a call in order names a record").is_deleted = is_delete;
        }
    }

    fn reopen(self, to: Shape) -> Self {
        let Self { folder, store, shape, mut rows, names } = self;
        drop(store);
        let opened = Self::open(&folder, to);
        if is_refused(&rows, shape, to) {
            let error = opened.expect_err("a change that the records do not fit");
            assert!(
                matches!(&error, Error::DefinitionChanged { records, .. } if !records.is_empty()),
                "{error:?}"
            );
            let store = Self::open(&folder, shape).expect("the file is as it was");
            return Self { folder, store, shape, rows, names };
        }
        for row in rows.values_mut() {
            match (shape.has_extra, to.has_extra) {
                (false, true) => row.extra = Some("x".to_owned()),
                (true, false) => row.extra = None,
                _ => (),
            }
        }
        let store = opened.expect("a change that the records fit");
        Self { folder, store, shape: to, rows, names }
    }

    fn step(mut self, step: &Step) -> Self {
        match step {
            Step::Create { records, all_or_none } => self.create(records, *all_or_none),
            Step::Update { records, all_or_none } => self.update(records, *all_or_none),
            Step::Delete(pick) => self.remove(*pick, true),
            Step::Undelete(pick) => self.remove(*pick, false),
            Step::Reopen(shape) => self = self.reopen(*shape),
        }
        self.compare();
        self
    }

    /// Compares everything that can be read, and verifies the store.
    fn compare(&mut self) {
        let items = self.items(false);
        let live = self.rows.values().filter(|row| !row.is_deleted).count();
        assert_eq!(items.count().expect("a count"), u64::try_from(live).expect("a count"));
        for (id, row) in &self.rows {
            let read = items.get(*id);
            if row.is_deleted {
                let code = read.map_err(|error| error.status_code().as_str());
                assert_eq!(code, Err("ENTITY_IS_DELETED"));
                continue;
            }
            let read = read.expect("a live record");
            assert_eq!(read["Code__c"], json!(row.code));
            assert_eq!(read["Kind__c"], json!(row.kind));
            assert_eq!(read["Size__c"], json!(row.size));
            assert_eq!(
                read.get("Extra__c").cloned(),
                self.shape.has_extra.then(|| json!(row.extra))
            );
            let name = read["Name"].to_string();
            let holder = self.names.entry(name.clone()).or_insert(*id);
            assert_eq!(*holder, *id, "{name} was given twice");
        }
        verify(&self.store);
    }
}

#[test]
fn a_store_keeps_its_rules_through_any_history_and_any_definition() {
    let config = ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(60),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let seed = std::env::var("PROPTEST_RNG_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    let config = ProptestConfig { rng_seed: RngSeed::Fixed(seed), ..config };
    let run = TestRunner::new(config).run(&vec(steps(), 1..25), |steps| {
        let mut history = History::begin();
        for step in &steps {
            history = history.step(step);
        }
        let shape = history.shape;
        history.reopen(shape).compare();
        Ok(())
    });
    if let Err(failure) = run {
        panic!("{failure}");
    }
}
