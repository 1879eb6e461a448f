//! Random histories of a store in a file, compared with a model that is a plain map.
//!
//! A history is a list of steps: single calls, batches, transactions that are committed or fail,
//! reopenings, and a clock that goes forward and back. The model applies the rules in a simple
//! form. It foretells the answer of each call and the records after it. After every step all reads
//! are compared with the model, and [`Store::verify`] must succeed.
//!
//! Runs are the same each time. `PROPTEST_CASES=2000` runs more histories, and
//! `PROPTEST_RNG_SEED=7` other ones. A history that fails is shrunk and printed.

use std::{
    cell::Cell,
    collections::BTreeMap,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::{Path, PathBuf},
};

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};
use sobject_core::{
    Connection, Definition, Error, Id, ManualClock, Patch, Record, RecordId, Result, SObject,
    StorageErrorKind, Store, Transaction,
    chrono::{DateTime, TimeDelta, Utc},
    testing::Rig,
};

use crate::desk::{
    MORNING, Part, PartCreate, PartUpdate, Screw, ScrewCreate, ScrewUpdate, at, verify,
};

/// The objects of a history.
const OBJECTS: &[&Definition] = &[Part::OBJECT, Screw::OBJECT];

/// Names of parts: some differ in case only, one is empty, and one is too long.
const NAMES: [&str; 8] = ["a", "A", "aa", "B", "b", "ß", " ", LONG];

/// A name of 256 characters.
const LONG: &str = match std::str::from_utf8(&[b'x'; 256]) {
    Ok(long) => long,
    Err(_) => unreachable!(),
};

/// The place of an id among those that a history has seen, modulo their number plus one. The place
/// after the last stands for an id that no record has.
type Pick = usize;

/// One call over one record.
#[derive(Clone, Debug)]
enum Call {
    CreatePart { name: usize, twin: Option<Pick> },
    UpdatePart { part: Pick, name: Option<usize>, twin: Patch<Option<Pick>> },
    DeletePart(Pick),
    UndeletePart(Pick),
    CreateScrew(Pick),
    UpdateScrew { screw: Pick, part: Pick },
    DeleteScrew(Pick),
    UndeleteScrew(Pick),
}

/// A call over several parts.
#[derive(Clone, Debug)]
enum Batch {
    Create(Vec<(usize, Option<Pick>)>),
    Rename(Vec<(Pick, usize)>),
    Delete(Vec<Pick>),
    Undelete(Vec<Pick>),
}

/// How a transaction ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Well,
    WithAnError,
    WithAPanic,
}

/// One step of a history.
#[derive(Clone, Debug)]
enum Step {
    One(Call),
    Batch { batch: Batch, all_or_none: bool },
    Transaction(Vec<Call>, End),
    Reopen,
    Tick(i64),
}

fn calls() -> impl Strategy<Value = Call> {
    let pick = || any::<Pick>();
    let name = || 0..NAMES.len();
    let twin = || proptest::option::of(pick());
    let patch = prop_oneof![Just(Patch::Keep), twin().prop_map(Patch::Set)];
    prop_oneof![
        4 => (name(), twin()).prop_map(|(name, twin)| Call::CreatePart { name, twin }),
        3 => (pick(), proptest::option::of(name()), patch)
            .prop_map(|(part, name, twin)| Call::UpdatePart { part, name, twin }),
        3 => pick().prop_map(Call::DeletePart),
        3 => pick().prop_map(Call::UndeletePart),
        2 => pick().prop_map(Call::CreateScrew),
        1 => (pick(), pick()).prop_map(|(screw, part)| Call::UpdateScrew { screw, part }),
        3 => pick().prop_map(Call::DeleteScrew),
        2 => pick().prop_map(Call::UndeleteScrew),
    ]
}

fn batches() -> impl Strategy<Value = Batch> {
    let pick = || any::<Pick>();
    let name = || 0..NAMES.len();
    prop_oneof![
        vec((name(), proptest::option::of(pick())), 0..5).prop_map(Batch::Create),
        vec((pick(), name()), 0..5).prop_map(Batch::Rename),
        vec(pick(), 0..5).prop_map(Batch::Delete),
        vec(pick(), 0..5).prop_map(Batch::Undelete),
    ]
}

fn steps() -> impl Strategy<Value = Step> {
    let end = prop_oneof![Just(End::Well), Just(End::WithAnError), Just(End::WithAPanic)];
    prop_oneof![
        8 => calls().prop_map(Step::One),
        4 => (batches(), any::<bool>())
            .prop_map(|(batch, all_or_none)| Step::Batch { batch, all_or_none }),
        3 => (vec(calls(), 0..6), end).prop_map(|(calls, end)| Step::Transaction(calls, end)),
        1 => Just(Step::Reopen),
        2 => (-2_000..4_000_i64).prop_map(Step::Tick),
    ]
}

/// The status code of a refusal.
type Code = &'static str;

/// A record of the model.
#[derive(Clone, Debug, PartialEq)]
struct Row<T> {
    fields: T,
    created: DateTime<Utc>,
    modified: DateTime<Utc>,
    stamp: DateTime<Utc>,
    is_deleted: bool,
}

type Rows<T> = BTreeMap<Id<T>, Row<T>>;

/// What the model expects of the store.
#[derive(Clone, Debug, Default)]
struct Model {
    parts: Rows<Part>,
    screws: Rows<Screw>,
    /// The parts whose twin a delete took away, by the part that was deleted.
    emptied: BTreeMap<Id<Part>, Vec<Id<Part>>>,
    /// How many changes were written.
    changes: u64,
    /// The stamp of the last change.
    stamp: DateTime<Utc>,
}

/// A call whose picks have become ids.
#[derive(Clone, Debug)]
enum Settled {
    CreatePart(PartCreate),
    UpdatePart(Id<Part>, PartUpdate),
    DeletePart(Id<Part>),
    UndeletePart(Id<Part>),
    CreateScrew(Id<Part>),
    UpdateScrew(Id<Screw>, Id<Part>),
    DeleteScrew(Id<Screw>),
    UndeleteScrew(Id<Screw>),
}

/// Refuses an id, unless a live record has it.
fn check_live<T>(rows: &Rows<T>, id: Id<T>) -> Result<(), Code> {
    match rows.get(&id) {
        None => Err("INVALID_CROSS_REFERENCE_KEY"),
        Some(row) if row.is_deleted => Err("ENTITY_IS_DELETED"),
        Some(_) => Ok(()),
    }
}

/// Refuses an id, unless a record in the bin has it.
fn check_deleted<T>(rows: &Rows<T>, id: Id<T>) -> Result<(), Code> {
    let is_deleted = rows.get(&id).is_some_and(|row| row.is_deleted);
    if is_deleted { Ok(()) } else { Err("UNDELETE_FAILED") }
}

fn check_name(name: &str) -> Result<(), Code> {
    match name.trim().chars().count() {
        0 => Err("REQUIRED_FIELD_MISSING"),
        1..=255 => Ok(()),
        _ => Err("STRING_TOO_LONG"),
    }
}

impl Model {
    /// The answer that the rules give to a call.
    fn check(&self, call: &Settled) -> Result<(), Code> {
        match call {
            Settled::CreatePart(part) => {
                part.twin_id.map_or(Ok(()), |twin| check_live(&self.parts, twin))?;
                check_name(&part.name)
            }
            Settled::UpdatePart(id, update) => {
                check_live(&self.parts, *id)?;
                if let Patch::Set(Some(twin)) = update.twin_id {
                    check_live(&self.parts, twin)?;
                }
                if let Patch::Set(name) = &update.name { check_name(name) } else { Ok(()) }
            }
            Settled::DeletePart(id) => {
                check_live(&self.parts, *id)?;
                let mut screws = self.screws.values().filter(|row| !row.is_deleted);
                let is_held = screws.any(|row| row.fields.part_id == *id);
                if is_held { Err("DELETE_FAILED") } else { Ok(()) }
            }
            Settled::UndeletePart(id) => check_deleted(&self.parts, *id),
            Settled::CreateScrew(part) => check_live(&self.parts, *part),
            Settled::UpdateScrew(id, part) => {
                check_live(&self.screws, *id)?;
                check_live(&self.parts, *part)
            }
            Settled::DeleteScrew(id) => check_live(&self.screws, *id),
            Settled::UndeleteScrew(id) => {
                check_deleted(&self.screws, *id)?;
                check_live(&self.parts, self.screws[id].fields.part_id)
            }
        }
    }

    /// Applies a call that the rules accept. `new` is the id of the record that it creates.
    fn apply(&mut self, call: &Settled, new: Option<RecordId>, now: DateTime<Utc>) {
        fn insert<T>(rows: &mut Rows<T>, new: Option<RecordId>, fields: T, now: DateTime<Utc>) {
            let id = Id::new(new.expect("a create gives an id"));
            assert!(rows.last_key_value().is_none_or(|(last, _)| *last < id), "ids ascend: {id}");
            let (created, modified, stamp) = (now, now, now);
            rows.insert(id, Row { fields, created, modified, stamp, is_deleted: false });
        }
        fn change<T>(rows: &mut Rows<T>, id: Id<T>, now: DateTime<Utc>) -> &mut Row<T> {
            let row = rows.get_mut(&id).expect("a call in order names a record");
            (row.modified, row.stamp) = (now, now);
            row
        }
        self.changes += 1;
        self.stamp = now;
        match call {
            Settled::CreatePart(part) => {
                let fields = Part { name: part.name.trim().to_owned(), twin_id: part.twin_id };
                insert(&mut self.parts, new, fields, now);
            }
            Settled::UpdatePart(id, update) => {
                let row = change(&mut self.parts, *id, now);
                if let Patch::Set(name) = &update.name {
                    name.trim().clone_into(&mut row.fields.name);
                }
                if let Patch::Set(twin) = update.twin_id {
                    row.fields.twin_id = twin;
                }
            }
            Settled::DeletePart(id) => {
                change(&mut self.parts, *id, now).is_deleted = true;
                let mut emptied = Vec::new();
                for (holder, row) in &mut self.parts {
                    if row.fields.twin_id == Some(*id) && !row.is_deleted {
                        row.fields.twin_id = None;
                        row.stamp = now;
                        emptied.push(*holder);
                    }
                }
                self.changes += emptied.len() as u64;
                self.emptied.insert(*id, emptied);
            }
            Settled::UndeletePart(id) => {
                change(&mut self.parts, *id, now).is_deleted = false;
                let twin = self.parts[id].fields.twin_id;
                let is_lost = |twin| check_live(&self.parts, twin).is_err();
                if twin.is_some_and(is_lost) {
                    change(&mut self.parts, *id, now).fields.twin_id = None;
                }
                // Whoever has no other twin meanwhile has this one again, also in the bin.
                for holder in self.emptied.remove(id).unwrap_or_default() {
                    let Some(row) = self.parts.get_mut(&holder) else { continue };
                    if row.fields.twin_id.is_none() {
                        row.fields.twin_id = Some(*id);
                        if !row.is_deleted {
                            row.stamp = now;
                            self.changes += 1;
                        }
                    }
                }
            }
            Settled::CreateScrew(part) => {
                insert(&mut self.screws, new, Screw { part_id: *part }, now);
            }
            Settled::UpdateScrew(id, part) => {
                change(&mut self.screws, *id, now).fields.part_id = *part;
            }
            Settled::DeleteScrew(id) => change(&mut self.screws, *id, now).is_deleted = true,
            Settled::UndeleteScrew(id) => change(&mut self.screws, *id, now).is_deleted = false,
        }
    }
}

/// Runs a call, and returns the id of the record that it created.
fn run(tx: &mut Transaction<'_>, call: &Settled) -> Result<Option<RecordId>> {
    match call {
        Settled::CreatePart(part) => Ok(Some(tx.create(part)?.into())),
        Settled::CreateScrew(part) => Ok(Some(tx.create(ScrewCreate::new(*part))?.into())),
        Settled::UpdatePart(id, update) => tx.update(*id, update).map(|()| None),
        Settled::UpdateScrew(id, part) => {
            tx.update(*id, ScrewUpdate { part_id: (*part).into() }).map(|()| None)
        }
        Settled::DeletePart(id) => tx.delete(*id).map(|()| None),
        Settled::DeleteScrew(id) => tx.delete(*id).map(|()| None),
        Settled::UndeletePart(id) => tx.undelete(*id).map(|()| None),
        Settled::UndeleteScrew(id) => tx.undelete(*id).map(|()| None),
    }
}

/// The answer of a call in the model's form.
fn code<R>(result: &Result<R>) -> Result<(), Code> {
    result.as_ref().map(drop).map_err(|error| error.status_code().as_str())
}

/// The id that `pick` stands for.
fn picked<T>(ids: &[Id<T>], pick: Pick, prefix: &str) -> Id<T> {
    // The place after the last id stands for one that no record has.
    let nowhere = || format!("{prefix}zz0000000001").parse().expect("an id");
    ids.get(pick % (ids.len() + 1)).copied().unwrap_or_else(nowhere)
}

/// A store with a random history, and the model of it.
struct History {
    path: PathBuf,
    clock: ManualClock,
    rig: Rig,
    /// Of a hundred writes, in how many the answer to the commit is lost.
    lost: u8,
    /// How many such writes were there, and how many were not.
    n_lost: [u32; 2],
    store: Store,
    model: Model,
    /// No stamp is before this one.
    floor: DateTime<Utc>,
    /// Every id that the store ever gave, including those of records that were rolled back.
    parts: Vec<Id<Part>>,
    screws: Vec<Id<Screw>>,
}

impl History {
    fn begin(path: &Path, rig: &Rig, lost: u8) -> Self {
        let clock = ManualClock::at(at(MORNING));
        let (path, model) = (path.to_owned(), Model::default());
        let store = Self::open(&path, &clock, rig, lost);
        let floor = DateTime::<Utc>::MIN_UTC;
        let rig = rig.clone();
        Self {
            path,
            clock,
            rig,
            lost,
            n_lost: [0, 0],
            store,
            model,
            floor,
            parts: vec![],
            screws: vec![],
        }
    }

    fn open(path: &Path, clock: &ManualClock, rig: &Rig, lost: u8) -> Store {
        use sobject_core::Clock;
        let builder = Store::builder().clock(clock.clone()).on_rig(rig);
        if lost == 0 {
            return builder.open(path, OBJECTS).expect("the file opens");
        }
        // Whoever opens a file anew would see there what an opening before has done.
        rig.end_well();
        let store = builder.open(path, OBJECTS).expect("the file opens");
        rig.end_at_random(clock.now().timestamp().unsigned_abs(), 10, lost);
        store
    }

    fn db(&self) -> Connection {
        self.store.system()
    }

    /// The stamp that a write would get now.
    fn now(&self) -> DateTime<Utc> {
        use sobject_core::Clock;
        self.clock.now().max(self.floor)
    }

    fn settle(&self, call: &Call) -> Settled {
        let part = |pick: Pick| picked(&self.parts, pick, "a0P");
        let screw = |pick: Pick| picked(&self.screws, pick, "a0W");
        let named = |name: usize| NAMES[name].to_owned();
        match *call {
            Call::CreatePart { name, twin } => {
                Settled::CreatePart(PartCreate { name: named(name), twin_id: twin.map(part) })
            }
            Call::UpdatePart { part: id, name, twin } => {
                let name = name.map_or(Patch::Keep, |name| Patch::Set(named(name)));
                let twin_id = match twin {
                    Patch::Keep => Patch::Keep,
                    Patch::Set(twin) => Patch::Set(twin.map(part)),
                };
                Settled::UpdatePart(part(id), PartUpdate { name, twin_id })
            }
            Call::DeletePart(id) => Settled::DeletePart(part(id)),
            Call::UndeletePart(id) => Settled::UndeletePart(part(id)),
            Call::CreateScrew(id) => Settled::CreateScrew(part(id)),
            Call::UpdateScrew { screw: id, part: to } => Settled::UpdateScrew(screw(id), part(to)),
            Call::DeleteScrew(id) => Settled::DeleteScrew(screw(id)),
            Call::UndeleteScrew(id) => Settled::UndeleteScrew(screw(id)),
        }
    }

    /// Remembers the id of the record that a call created.
    fn remember(&mut self, call: &Settled, new: Option<RecordId>) {
        match (call, new) {
            (Settled::CreatePart(_), Some(id)) => self.parts.push(Id::new(id)),
            (Settled::CreateScrew(_), Some(id)) => self.screws.push(Id::new(id)),
            _ => (),
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::One(call) => self.transaction(std::slice::from_ref(call), End::Well),
            Step::Transaction(calls, end) => self.transaction(calls, *end),
            Step::Batch { batch, all_or_none } => self.batch(batch, *all_or_none),
            Step::Tick(seconds) => self.clock.advance(TimeDelta::seconds(*seconds)),
            Step::Reopen => {
                // The store must be dropped before its file can be opened again.
                self.store = Store::in_memory(&[]).expect("a store opens");
                self.store = Self::open(&self.path, &self.clock, &self.rig, self.lost);
                self.forget();
            }
        }
    }

    /// Nothing is known but what the file has, as after an opening and after a lost answer.
    fn forget(&mut self) {
        // An id that was taken back before may be another record's from now on.
        self.parts.retain(|id| self.model.parts.contains_key(id));
        self.screws.retain(|id| self.model.screws.contains_key(id));
        // The file holds no stamp later than that of its last change.
        let is_new = self.model.changes == 0;
        self.floor = if is_new { DateTime::<Utc>::MIN_UTC } else { self.model.stamp };
    }

    /// Is what would make the model this one there, although the answer to the commit was lost?
    fn is_there(&mut self, model: &Model) -> bool {
        let changes = verify(&self.store).changes;
        assert!(changes == self.model.changes || changes == model.changes, "all or nothing");
        let is_there = changes == model.changes;
        if model.changes != self.model.changes {
            self.n_lost[usize::from(is_there)] += 1;
        }
        is_there
    }

    /// Runs calls in a transaction, and asserts that each is answered as the model foretells.
    fn transaction(&mut self, calls: &[Call], end: End) {
        let (db, now) = (self.db(), self.now());
        let (before, parts, screws) = (self.model.clone(), self.parts.len(), self.screws.len());
        let mut model = before.clone();
        let ended = catch_unwind(AssertUnwindSafe(|| {
            db.transaction(|tx| -> Result<()> {
                // It may be run again, and then what it did before has not been.
                model.clone_from(&before);
                self.parts.truncate(parts);
                self.screws.truncate(screws);
                for call in calls {
                    let call = self.settle(call);
                    let result = run(tx, &call);
                    assert_eq!(code(&result), model.check(&call), "{call:?}");
                    if let Ok(new) = result {
                        self.remember(&call, new);
                        model.apply(&call, new, now);
                    }
                }
                match end {
                    End::Well => Ok(()),
                    End::WithAnError => Err(Error::NestedWrite),
                    End::WithAPanic => resume_unwind(Box::new(Expected)),
                }
            })
        }));
        match (ended, end) {
            (Ok(Ok(())), End::Well) => {
                self.model = model;
                self.floor = now;
            }
            (Ok(Err(error)), End::Well) if is_lost(&error) && self.lost > 0 => {
                if self.is_there(&model) {
                    self.model = model;
                }
                self.forget();
            }
            (Ok(Err(error)), End::WithAnError) if is_lost(&error) && self.lost > 0 => {
                assert!(self.is_there(&before), "nothing was to be written");
                self.forget();
            }
            (Ok(Err(Error::NestedWrite)), End::WithAnError) => (),
            (Err(panic), End::WithAPanic) if panic.is::<Expected>() => (),
            (Err(panic), _) => resume_unwind(panic),
            (ended, end) => panic!("a transaction that ends {end:?} gave {ended:?}"),
        }
    }

    /// Runs a batch. Its answers are foretold with a copy of the model, and then the calls that
    /// were accepted are applied to the model itself.
    fn batch(&mut self, batch: &Batch, all_or_none: bool) {
        let calls: Vec<Settled> = match batch {
            Batch::Create(parts) => {
                let call = |&(name, twin)| Call::CreatePart { name, twin };
                parts.iter().map(|part| self.settle(&call(part))).collect()
            }
            Batch::Rename(parts) => {
                let call =
                    |&(part, name)| Call::UpdatePart { part, name: Some(name), twin: Patch::Keep };
                parts.iter().map(|part| self.settle(&call(part))).collect()
            }
            Batch::Delete(parts) => {
                parts.iter().map(|part| self.settle(&Call::DeletePart(*part))).collect()
            }
            Batch::Undelete(parts) => {
                parts.iter().map(|part| self.settle(&Call::UndeletePart(*part))).collect()
            }
        };
        let now = self.now();
        let mut foretold = self.model.clone();
        let mut expected: Vec<Result<(), Code>> = Vec::new();
        for (n, call) in calls.iter().enumerate() {
            let answer = foretold.check(call);
            if answer.is_ok() {
                // No later call of the batch can name this record, so any id will do here.
                let stand_in = format!("a0Pzz1{n:09}").parse().expect("an id");
                foretold.apply(call, Some(stand_in), now);
            }
            expected.push(answer);
        }
        let is_taken_back = all_or_none && expected.iter().any(Result::is_err);
        if is_taken_back {
            for answer in &mut expected {
                *answer = answer.and(Err("ALL_OR_NONE_OPERATION_ROLLED_BACK"));
            }
        }

        let db = if all_or_none { self.db().all_or_none() } else { self.db() };
        let results = match run_batch(&db, &calls, batch) {
            Err(error) if is_lost(&error) && self.lost > 0 => {
                let is_there = !is_taken_back && self.is_there(&foretold);
                let found = if is_there { self.found(&calls, &expected) } else { Vec::new() };
                for (call, new) in found {
                    self.remember(call, new);
                    self.model.apply(call, new, now);
                }
                return self.forget();
            }
            answered => answered.expect("a call is answered"),
        };
        assert_eq!(results.iter().map(code).collect::<Vec<_>>(), expected, "{calls:?}");
        self.floor = now;
        for (call, result) in calls.iter().zip(results) {
            if let Ok(new) = result {
                self.remember(call, new);
                self.model.apply(call, new, now);
            }
        }
    }

    /// The calls of a batch that were accepted and are in the store, each with the id of the record
    /// that it created.
    fn found<'c>(
        &self,
        calls: &'c [Settled],
        expected: &[Result<(), Code>],
    ) -> Vec<(&'c Settled, Option<RecordId>)> {
        let parts = self.db().walk::<Part>().all().expect("records are read");
        let new = parts.into_iter().map(|part| part.id);
        let mut new = new.filter(|id| !self.model.parts.contains_key(id)).map(RecordId::from);
        let accepted = calls.iter().zip(expected).filter(|(_, answer)| answer.is_ok());
        let found = accepted.map(|(call, _)| match call {
            Settled::CreatePart(_) => (call, new.next()),
            _ => (call, None),
        });
        found.collect()
    }

    /// Compares every read of the store with the model.
    fn compare(&self) {
        let db = self.db();
        let Model { parts, screws, changes, .. } = &self.model;
        compare_rows(&db, parts, &self.parts);
        compare_rows(&db, screws, &self.screws);

        let live = || parts.iter().filter(|(_, row)| !row.is_deleted);
        let live_screws = || screws.iter().filter(|(_, row)| !row.is_deleted);
        for id in &self.parts {
            let twins = db.find(Part::FIELDS.twin_id, *id).expect("an index is read");
            let expected = live().filter(|(_, row)| row.fields.twin_id == Some(*id));
            assert_eq!(ids(twins), expected.map(|(id, _)| *id).collect::<Vec<_>>());
            let holders = db.find(Screw::FIELDS.part_id, *id).expect("an index is read");
            let expected = live_screws().filter(|(_, row)| row.fields.part_id == *id);
            assert_eq!(ids(holders), expected.map(|(id, _)| *id).collect::<Vec<_>>());
        }
        for name in NAMES {
            let found = db.find(Part::FIELDS.name, name).expect("an index is read");
            let is_same = |row: &Row<Part>| row.fields.name.to_uppercase() == name.to_uppercase();
            let expected = live().filter(|(_, row)| is_same(row));
            assert_eq!(ids(found), expected.map(|(id, _)| *id).collect::<Vec<_>>(), "{name}");
        }
        let mut by_name: Vec<_> =
            live().map(|(id, row)| (row.fields.name.to_uppercase(), *id)).collect();
        by_name.sort();
        let found = db.find_range(Part::FIELDS.name, ..).expect("an index is read");
        assert_eq!(ids(found), by_name.into_iter().map(|(_, id)| id).collect::<Vec<_>>());

        let verified = verify(&self.store);
        let n_live = live().count() + live_screws().count();
        assert_eq!(verified.live, n_live as u64);
        assert_eq!(verified.deleted, (parts.len() + screws.len() - n_live) as u64);
        assert_eq!(verified.entries, (2 * live().count() + live_screws().count()) as u64);
        assert_eq!(verified.changes, *changes);
    }
}

/// Does nobody know whether a write was applied?
fn is_lost(error: &Error) -> bool {
    matches!(error, Error::Storage(error) if error.kind() == StorageErrorKind::CommitUnknown)
}

/// The payload of panics that the test causes on purpose.
struct Expected;

/// Runs a batch, and returns the ids of the records that it created.
fn run_batch(
    db: &Connection,
    calls: &[Settled],
    batch: &Batch,
) -> Result<Vec<Result<Option<RecordId>>>> {
    let id_of = |call: &Settled| match call {
        Settled::UpdatePart(id, _) | Settled::DeletePart(id) | Settled::UndeletePart(id) => *id,
        other => unreachable!("{other:?} is in no batch by id"),
    };
    let no_ids = |results: Vec<Result<()>>| -> Vec<Result<Option<RecordId>>> {
        results.into_iter().map(|result| result.map(|()| None)).collect()
    };
    let ids: Vec<_> = match batch {
        Batch::Create(_) => vec![],
        _ => calls.iter().map(id_of).collect(),
    };
    Ok(match batch {
        Batch::Create(_) => {
            let views = calls.iter().map(|call| match call {
                Settled::CreatePart(part) => part,
                other => unreachable!("{other:?} creates no part"),
            });
            let results = db.create_many(&views.collect::<Vec<_>>())?;
            results.into_iter().map(|result| result.map(|id| Some(id.into()))).collect()
        }
        Batch::Rename(_) => {
            let updates = calls.iter().map(|call| match call {
                Settled::UpdatePart(id, update) => (*id, update),
                other => unreachable!("{other:?} changes no part"),
            });
            no_ids(db.update_many(&updates.collect::<Vec<_>>())?)
        }
        Batch::Delete(_) => no_ids(db.delete_many(&ids)?),
        Batch::Undelete(_) => no_ids(db.undelete_many(&ids)?),
    })
}

fn ids<T>(records: Vec<Record<T>>) -> Vec<Id<T>> {
    records.into_iter().map(|record| record.id).collect()
}

/// Compares the records of an object with the model, by every read that uses no index.
fn compare_rows<T: SObject + Clone + PartialEq + std::fmt::Debug>(
    db: &Connection,
    rows: &Rows<T>,
    seen: &[Id<T>],
) {
    let row_of = |record: Record<T>| {
        let Record { created_date: created, last_modified_date: modified, is_deleted, .. } = record;
        let stamp = record.system_modstamp;
        Row { fields: record.fields, created, modified, stamp, is_deleted }
    };
    let expected = |id: &Id<T>| rows.get(id).filter(|row| !row.is_deleted).cloned();
    let retrieved = db.retrieve(seen).expect("records are read");
    let retrieved: Vec<_> = retrieved.into_iter().map(|record| record.map(row_of)).collect();
    assert_eq!(retrieved, seen.iter().map(expected).collect::<Vec<_>>());

    let mut scanned = Rows::new();
    db.scan::<T>(|record| {
        scanned.insert(record.id, row_of(record));
        ControlFlow::Continue(())
    })
    .expect("records are read");
    let live: Rows<T> = seen.iter().filter_map(|id| Some((*id, expected(id)?))).collect();
    assert_eq!(scanned, live);
    assert_eq!(db.count::<T>().expect("records are counted"), live.len() as u64);

    for id in seen {
        assert_eq!(code(&db.get(*id)), check_live(rows, *id), "{id}");
    }
}

#[test]
fn every_history_of_a_store_is_that_of_a_plain_map() {
    assert_histories(&Rig::default(), 0, 40);
}

#[test]
fn every_history_is_the_same_on_an_engine_whose_writers_collide() {
    let rig = Rig::default();
    rig.run_twice(true);
    rig.end_at_random(7, 20, 0);
    assert_histories(&rig, 0, 20);
}

#[test]
fn every_history_goes_on_after_lost_answers_with_what_is_there() {
    let rig = Rig::default();
    rig.run_twice(true);
    assert_histories(&rig, 50, 40);
}

/// Compares histories of stores on engines that obey `rig` with those of the map. Of a hundred writes,
/// so many are `lost`: they are there, or they are not.
fn assert_histories(rig: &Rig, lost: u8, cases: u32) {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    let n_lost = Cell::new([0, 0]);
    TestRunner::new(config)
        .run(&vec(steps(), 1..40), |steps| {
            let dir = tempfile::tempdir().expect("a directory is made");
            let mut history = History::begin(&dir.path().join("history.redb"), rig, lost);
            for step in &steps {
                history.take(step);
                history.compare();
            }
            n_lost.update(|[gone, there]| [gone + history.n_lost[0], there + history.n_lost[1]]);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
    let is_enough = |n: u32| if lost > 0 { n > 4 } else { n == 0 };
    assert!(n_lost.get().into_iter().all(is_enough), "{n_lost:?}");
}
