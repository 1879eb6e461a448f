//! Random histories of upserts, deletes, undeletes, emptying and time, compared with a model that is a
//! map. After every step each record is asked for, the bin is counted, and the store must verify.

use std::collections::BTreeMap;

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};
use serde_json::json;
use sobject_core::{
    Error, RecordId, Result,
    chrono::{DateTime, TimeDelta, Utc},
};

use super::{Attic, days, hours};
use crate::desk::verify;

/// A record by its place among those that the history has made.
type Pick = usize;

#[derive(Clone, Debug)]
enum Step {
    Upsert(u8),
    UpsertMany(Vec<u8>),
    PutThing(Pick),
    Delete(Pick),
    Undelete(Pick),
    Empty(Vec<Pick>),
    EmptyOlder(i64),
    Wait(i64),
    Purge,
}

fn steps() -> impl Strategy<Value = Step> {
    let pick = || any::<Pick>();
    let mark = || 0..4_u8;
    prop_oneof![
        4 => mark().prop_map(Step::Upsert),
        2 => vec(mark(), 0..5).prop_map(Step::UpsertMany),
        4 => pick().prop_map(Step::PutThing),
        5 => pick().prop_map(Step::Delete),
        4 => pick().prop_map(Step::Undelete),
        3 => vec(pick(), 0..4).prop_map(Step::Empty),
        1 => (0..20_i64).prop_map(Step::EmptyOlder),
        4 => (0..150_i64).prop_map(Step::Wait),
        1 => Just(Step::Purge),
    ]
}

/// Where a record of the model is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Live,
    /// In the bin, deleted then, by itself.
    Bin(DateTime<Utc>),
    /// In the bin with its box.
    Along,
    /// Out of the bin since then, and still shown.
    Emptied(DateTime<Utc>),
    Gone,
}

#[derive(Clone, Debug)]
struct Row {
    place: Place,
    /// Of a box, its mark.
    mark: Option<u8>,
    /// Of a thing, its box.
    of: Option<RecordId>,
}

#[derive(Debug, Default)]
struct Model {
    rows: BTreeMap<RecordId, Row>,
    /// In the order in which they were made.
    ids: Vec<RecordId>,
}

impl Model {
    fn add(&mut self, id: RecordId, mark: Option<u8>, of: Option<RecordId>) {
        assert!(self.rows.insert(id, Row { place: Place::Live, mark, of }).is_none());
        self.ids.push(id);
    }

    fn place(&self, id: RecordId) -> Option<Place> {
        self.rows.get(&id).map(|row| row.place)
    }

    fn set(&mut self, id: RecordId, place: Place) {
        self.rows.get_mut(&id).expect("a record").place = place;
    }

    fn things_of(&self, of: RecordId, is: impl Fn(Place) -> bool) -> Vec<RecordId> {
        let of_it = |row: &Row| row.of == Some(of) && is(row.place);
        self.rows.iter().filter(|(_, row)| of_it(row)).map(|(id, _)| *id).collect()
    }

    /// The live box with a mark.
    fn marked(&self, mark: u8) -> Option<RecordId> {
        let is_it = |row: &Row| row.mark == Some(mark) && row.place == Place::Live;
        self.rows.iter().find(|(_, row)| is_it(row)).map(|(id, _)| *id)
    }

    fn can_come_back(&self, id: RecordId, now: DateTime<Utc>) -> bool {
        matches!(self.place(id), Some(Place::Bin(when)) if now < when + days(15))
    }

    /// What time does, once a write lets it.
    fn purge(&mut self, now: DateTime<Utc>) -> u64 {
        let mut n = 0;
        for id in self.ids.clone() {
            let mut place = self.rows[&id].place;
            let mut is_done = false;
            if let Place::Bin(when) = place
                && when + days(15) <= now
            {
                place = Place::Emptied(when + days(15));
                is_done = true;
            }
            if let Place::Emptied(at) = place
                && at + hours(24) <= now
            {
                place = Place::Gone;
                is_done = true;
                for thing in self.things_of(id, |it| it == Place::Along) {
                    self.set(thing, Place::Gone);
                }
            }
            self.set(id, place);
            n += u64::from(is_done);
        }
        n
    }

    fn n_shown(&self) -> usize {
        let is_shown = |row: &&Row| !matches!(row.place, Place::Live | Place::Gone);
        self.rows.values().filter(is_shown).count()
    }
}

fn is_box(id: RecordId) -> bool {
    id.key_prefix().to_string() == "a0B"
}

fn code<T>(result: &Result<T>) -> Option<&'static str> {
    result.as_ref().err().map(|error: &Error| error.status_code().as_str())
}

struct History {
    attic: Attic,
    model: Model,
}

impl History {
    fn object(&self, id: RecordId) -> sobject_core::Untyped {
        if is_box(id) { self.attic.boxes() } else { self.attic.things() }
    }

    fn pick(&self, pick: Pick) -> Option<RecordId> {
        let ids = &self.model.ids;
        ids.get(pick.checked_rem(ids.len())?).copied()
    }

    /// A write was committed.
    fn passed(&mut self) {
        self.model.purge(self.attic.now());
    }

    fn upsert_many(&mut self, marks: &[u8]) {
        let record = |mark: &u8| json!({ "Mark__c": format!("m{mark}") });
        let records: Vec<_> = marks.iter().map(record).collect();
        let results = self.attic.boxes().upsert_many("Mark__c", &records).expect("a call");
        let mut made = Vec::new();
        for (mark, result) in marks.iter().zip(results) {
            if marks.iter().filter(|it| *it == mark).nth(1).is_some() {
                assert_eq!(code(&result), Some("DUPLICATE_VALUE"));
                continue;
            }
            let done = result.expect("an upsert");
            if let Some(id) = self.model.marked(*mark) {
                assert_eq!((done.id, done.created), (id, false));
            } else {
                assert!(done.created);
                made.push((done.id, *mark));
            }
        }
        for (id, mark) in made {
            self.model.add(id, Some(mark), None);
        }
        self.passed();
    }

    fn delete(&mut self, id: RecordId) {
        let expected = match self.model.place(id) {
            Some(Place::Live) => None,
            Some(Place::Gone) | None => Some("INVALID_CROSS_REFERENCE_KEY"),
            Some(_) => Some("ENTITY_IS_DELETED"),
        };
        assert_eq!(code(&self.object(id).delete(id)), expected);
        if expected.is_none() {
            let now = self.attic.now();
            self.model.set(id, Place::Bin(now));
            for thing in self.model.things_of(id, |it| it == Place::Live) {
                self.model.set(thing, Place::Along);
            }
            // A thing that was deleted alone before its box is gone for good.
            for thing in self.model.things_of(id, |it| matches!(it, Place::Bin(_))) {
                self.model.set(thing, Place::Emptied(now));
            }
            self.passed();
        }
    }

    fn undelete(&mut self, id: RecordId) {
        let now = self.attic.now();
        let mark = self.model.rows[&id].mark;
        let expected = if !self.model.can_come_back(id, now) {
            Some("UNDELETE_FAILED")
        } else if mark.is_some_and(|mark| self.model.marked(mark).is_some()) {
            Some("DUPLICATE_VALUE")
        } else {
            None
        };
        assert_eq!(code(&self.object(id).undelete(id)), expected, "{id}");
        if expected.is_none() {
            self.model.set(id, Place::Live);
            for thing in self.model.things_of(id, |it| it == Place::Along) {
                self.model.set(thing, Place::Live);
            }
            self.passed();
        }
    }

    fn empty(&mut self, ids: &[RecordId]) {
        let now = self.attic.now();
        for of_boxes in [true, false] {
            let ids: Vec<_> = ids.iter().copied().filter(|id| is_box(*id) == of_boxes).collect();
            let object = if of_boxes { self.attic.boxes() } else { self.attic.things() };
            let results = object.empty_recycle_bin(&ids).expect("a call");
            for (id, result) in ids.into_iter().zip(results) {
                let expected =
                    if self.model.can_come_back(id, now) { None } else { Some("INVALID_ID_FIELD") };
                assert_eq!(code(&result), expected, "{id}");
                if expected.is_none() {
                    self.model.set(id, Place::Emptied(now));
                }
            }
            self.passed();
        }
    }

    fn empty_older(&mut self, age: i64) {
        let now = self.attic.now();
        let ids: Vec<_> = self.model.ids.clone();
        let old = ids.into_iter().filter(|id| match self.model.place(*id) {
            Some(Place::Bin(when)) => when <= now - days(age) && self.model.can_come_back(*id, now),
            _ => false,
        });
        let old: Vec<_> = old.collect();
        let emptied = self.attic.store.system().empty_recycle_bin_older_than(days(age));
        assert_eq!(emptied.expect("a call"), old.len() as u64);
        for id in old {
            self.model.set(id, Place::Emptied(now));
        }
        self.passed();
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Upsert(mark) => self.upsert_many(&[mark]),
            Step::UpsertMany(marks) => self.upsert_many(&marks),
            Step::PutThing(pick) => {
                let boxes: Vec<_> =
                    self.model.ids.iter().copied().filter(|it| is_box(*it)).collect();
                let Some(of) = pick.checked_rem(boxes.len()).map(|n| boxes[n]) else { return };
                let made = self.attic.things().create(&json!({ "Box__c": of }));
                let expected = match self.model.place(of) {
                    Some(Place::Live) => None,
                    Some(Place::Gone) | None => Some("INVALID_CROSS_REFERENCE_KEY"),
                    Some(_) => Some("ENTITY_IS_DELETED"),
                };
                assert_eq!(code(&made), expected);
                if let Ok(id) = made {
                    self.model.add(id, None, Some(of));
                    self.passed();
                }
            }
            Step::Delete(pick) => self.pick(pick).into_iter().for_each(|id| self.delete(id)),
            Step::Undelete(pick) => self.pick(pick).into_iter().for_each(|id| self.undelete(id)),
            Step::Empty(picks) => {
                let ids: Vec<_> = picks.into_iter().filter_map(|pick| self.pick(pick)).collect();
                self.empty(&ids);
            }
            Step::EmptyOlder(age) => self.empty_older(age),
            Step::Wait(n) => self.attic.wait(TimeDelta::hours(n)),
            Step::Purge => {
                let purged = self.attic.store.purge().expect("a purge");
                assert_eq!(purged, self.model.purge(self.attic.now()));
            }
        }
    }

    fn check(&self) {
        let verified = verify(&self.attic.store);
        let n_live = self.model.rows.values().filter(|row| row.place == Place::Live).count();
        assert_eq!((verified.live, verified.deleted), (n_live as u64, self.model.n_shown() as u64));
        assert_eq!(self.attic.shown("Box__c") + self.attic.shown("Thing__c"), self.model.n_shown());
        for (id, row) in &self.model.rows {
            let expected = match row.place {
                Place::Live => None,
                Place::Gone => Some("INVALID_CROSS_REFERENCE_KEY"),
                _ => Some("ENTITY_IS_DELETED"),
            };
            assert_eq!(code(&self.object(*id).get(*id)), expected, "{id}");
        }
    }
}

#[test]
fn random_histories_of_the_bin_are_as_the_model_says() {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 48;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(9);
    }
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&vec(steps(), 1..60), |steps| {
        let mut history = History { attic: Attic::new(), model: Model::default() };
        for step in steps {
            history.step(step);
            history.check();
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
