//! Random histories of masters and details, compared with a model that knows each rule in a plain form.
//!
//! The model is a map of records. A delete looks through all of it for what goes along, what holds and
//! what is emptied, with no index and no list of what belongs to which root but one of emptied
//! references. After every step each live record is compared, and verify must succeed.
//!
//! `PROPTEST_CASES=2000` runs more histories, and `PROPTEST_RNG_SEED=7` other ones.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{RngSeed, TestRunner},
};
use serde_json::{Map, Value as Json, json};
use sobject_core::{OnDelete, RecordId};

use super::{OBJECTS, Yard};

/// The references of a history: the object and the field, what it may lead to, what becomes of it, and
/// whether it may be null.
const REFERENCES: &[(&str, &str, &[&str], OnDelete, bool)] = &[
    ("Master__c", "Favourite__c", &["Master__c"], OnDelete::SetNull, true),
    ("Detail__c", "Master__c", &["Master__c"], OnDelete::Cascade, false),
    ("Detail__c", "Other__c", &["Master__c"], OnDelete::SetNull, true),
    ("Piece__c", "Detail__c", &["Detail__c"], OnDelete::Cascade, false),
    ("Junction__c", "Left__c", &["Master__c"], OnDelete::Cascade, false),
    ("Junction__c", "Right__c", &["Master__c"], OnDelete::Cascade, false),
    ("Holder__c", "Master__c", &["Master__c"], OnDelete::Restrict, true),
    ("Holder__c", "Detail__c", &["Detail__c"], OnDelete::Restrict, true),
    ("Holder__c", "Along__c", &["Master__c"], OnDelete::Cascade, true),
    ("Note__c", "About__c", &["Detail__c", "Master__c"], OnDelete::Cascade, true),
    ("Yin__c", "Yang__c", &["Yang__c"], OnDelete::Cascade, true),
    ("Yang__c", "Yin__c", &["Yin__c"], OnDelete::Cascade, true),
    ("Yang__c", "Self__c", &["Yang__c"], OnDelete::SetNull, true),
];

/// The objects of a history.
const NAMES: [&str; 8] = [
    "Master__c",
    "Detail__c",
    "Piece__c",
    "Junction__c",
    "Holder__c",
    "Note__c",
    "Yin__c",
    "Yang__c",
];

fn references_of(object: &str) -> impl Iterator<Item = usize> {
    let all = REFERENCES.iter().enumerate();
    all.filter(move |(_, it)| it.0 == object).map(|(n, _)| n)
}

#[derive(Clone, Debug)]
enum Step {
    /// A record of an object with what its references lead to: each a place among the records that it
    /// may lead to.
    Create(usize, Vec<Option<usize>>),
    /// Another record for a reference of one.
    Point(usize, usize, Option<usize>),
    Delete(Vec<usize>, bool),
    Undelete(Vec<usize>, bool),
    Reopen,
}

fn steps() -> impl Strategy<Value = Step> {
    let pick = || any::<usize>();
    let lead = || proptest::option::weighted(0.8, pick());
    prop_oneof![
        6 => (0..NAMES.len(), vec(lead(), 4)).prop_map(|(of, leads)| Step::Create(of, leads)),
        2 => (pick(), pick(), lead()).prop_map(|(it, field, to)| Step::Point(it, field, to)),
        4 => (vec(pick(), 1..4), any::<bool>()).prop_map(|(ids, all)| Step::Delete(ids, all)),
        3 => (vec(pick(), 1..4), any::<bool>()).prop_map(|(ids, all)| Step::Undelete(ids, all)),
        1 => Just(Step::Reopen),
    ]
}

/// Where a record of the model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Live,
    Bin { root: RecordId, is_gone: bool },
}

#[derive(Clone, Debug)]
struct Row {
    object: &'static str,
    /// By the place of the reference.
    leads: BTreeMap<usize, RecordId>,
    at: At,
}

type Answer = Result<(), &'static str>;

#[derive(Clone, Debug, Default)]
struct Model {
    rows: BTreeMap<RecordId, Row>,
    /// By root: the record, the reference, and what it led to.
    emptied: BTreeMap<RecordId, Vec<(RecordId, usize, RecordId)>>,
}

impl Model {
    fn is_live(&self, id: RecordId) -> bool {
        self.rows.get(&id).is_some_and(|row| row.at == At::Live)
    }

    /// The references that lead to a record and have this rule, each with the live record that has it.
    fn holders(&self, id: RecordId, rule: OnDelete) -> Vec<(RecordId, usize)> {
        let live = self.rows.iter().filter(|(_, row)| row.at == At::Live);
        let all = live.flat_map(|(holder, row)| row.leads.iter().map(|it| (*holder, it)));
        all.filter(|(_, (n, to))| **to == id && REFERENCES[**n].3 == rule)
            .map(|(holder, (n, _))| (holder, *n))
            .collect()
    }

    fn delete(&mut self, root: RecordId) -> Answer {
        match self.rows.get(&root).map(|row| row.at) {
            Some(At::Live) => (),
            Some(At::Bin { .. }) => return Err("ENTITY_IS_DELETED"),
            None => return Err("INVALID_CROSS_REFERENCE_KEY"),
        }
        let mut along = BTreeSet::from([root]);
        let mut next = vec![root];
        while let Some(id) = next.pop() {
            for (holder, _) in self.holders(id, OnDelete::Cascade) {
                if along.insert(holder) {
                    next.push(holder);
                }
            }
        }
        let stays = |(holder, _): &(RecordId, usize)| !along.contains(holder);
        if along.iter().any(|id| self.holders(*id, OnDelete::Restrict).iter().any(stays)) {
            return Err("DELETE_FAILED");
        }
        let mut emptied = Vec::new();
        for id in &along {
            let holders = self.holders(*id, OnDelete::SetNull);
            emptied.extend(holders.into_iter().filter(stays).map(|(holder, n)| (holder, n, *id)));
        }
        for (holder, n, _) in &emptied {
            self.rows.get_mut(holder).unwrap().leads.remove(n);
        }
        self.emptied.insert(root, emptied);
        // Details that are in the bin already are gone with any of their masters.
        for id in &along {
            self.lose_details(*id);
        }
        for id in &along {
            self.rows.get_mut(id).unwrap().at = At::Bin { root, is_gone: false };
        }
        Ok(())
    }

    /// Details in the bin of this record never come back, nor do theirs, nor what went along with them.
    fn lose_details(&mut self, master: RecordId) {
        let is_detail = |row: &Row| {
            let mut leads = row.leads.iter();
            leads.any(|(n, to)| *to == master && REFERENCES[*n].3 == OnDelete::Cascade)
        };
        let lost: Vec<_> = self
            .rows
            .iter()
            .filter(|(id, row)| match row.at {
                At::Live | At::Bin { is_gone: true, .. } => false,
                At::Bin { root, .. } => {
                    let is_with_its_root = root == master && !self.is_live(master);
                    **id != master && ((is_detail(row) && root != master) || is_with_its_root)
                }
            })
            .map(|(id, _)| *id)
            .collect();
        for id in lost {
            if let At::Bin { is_gone, .. } = &mut self.rows.get_mut(&id).unwrap().at {
                *is_gone = true;
            }
            self.lose_details(id);
        }
    }

    fn undelete(&mut self, root: RecordId) -> Answer {
        let own = At::Bin { root, is_gone: false };
        if self.rows.get(&root).is_none_or(|row| row.at != own) {
            return Err("UNDELETE_FAILED");
        }
        let back = self.rows.iter().filter(|(_, row)| row.at == own).map(|(id, _)| *id);
        let back: Vec<_> = back.collect();
        for id in &back {
            self.rows.get_mut(id).unwrap().at = At::Live;
        }
        for id in &back {
            let leads = self.rows[id].leads.clone();
            for (n, to) in leads {
                if self.is_live(to) {
                    continue;
                }
                assert!(REFERENCES[n].4, "{id}: {to} is lost, which it requires");
                self.rows.get_mut(id).unwrap().leads.remove(&n);
            }
        }
        for (holder, n, had) in self.emptied.remove(&root).unwrap_or_default() {
            if self.is_live(had) {
                self.rows.get_mut(&holder).unwrap().leads.entry(n).or_insert(had);
            }
        }
        Ok(())
    }
}

struct History {
    dir: tempfile::TempDir,
    yard: Yard,
    model: Model,
}

impl History {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("yard.redb");
        let yard = Yard::with(|builder| builder.open(path, OBJECTS));
        Self { dir, yard, model: Model::default() }
    }

    /// The live record that a reference is to lead to.
    fn lead(&self, reference: usize, pick: Option<usize>) -> Option<RecordId> {
        let to = REFERENCES[reference].2;
        let may = |row: &Row| row.at == At::Live && to.contains(&row.object);
        let ids: Vec<_> = self.model.rows.iter().filter(|(_, row)| may(row)).collect();
        let required = if REFERENCES[reference].4 { None } else { Some(0) };
        ids.get(pick.or(required)? % ids.len().max(1)).map(|(id, _)| **id)
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Create(of, leads) => {
                let object = NAMES[*of];
                let mut record = Map::new();
                let mut row = Row { object, leads: BTreeMap::new(), at: At::Live };
                for (reference, pick) in references_of(object).zip(leads) {
                    let Some(id) = self.lead(reference, *pick) else { continue };
                    record.insert(REFERENCES[reference].1.to_owned(), json!(id));
                    row.leads.insert(reference, id);
                }
                let result = self.yard.object(object).create(&record);
                let lacks = |n: usize| !REFERENCES[n].4 && !row.leads.contains_key(&n);
                assert_eq!(result.is_err(), references_of(object).any(lacks), "{result:?}");
                if let Ok(id) = result {
                    self.model.rows.insert(id, row);
                }
            }
            Step::Point(pick, field, to) => {
                let Some(id) = self.pick(*pick).filter(|id| self.model.is_live(*id)) else {
                    return;
                };
                let of: Vec<_> = references_of(self.model.rows[&id].object).collect();
                let Some(&reference) = of.get(field % of.len().max(1)) else { return };
                let to = self.lead(reference, *to);
                self.yard.update(id, &json!({ REFERENCES[reference].1: to }));
                let leads = &mut self.model.rows.get_mut(&id).unwrap().leads;
                match to {
                    Some(to) => leads.insert(reference, to),
                    None => leads.remove(&reference),
                };
            }
            Step::Delete(picks, all_or_none) => self.change(picks, *all_or_none, true),
            Step::Undelete(picks, all_or_none) => self.change(picks, *all_or_none, false),
            Step::Reopen => {
                let clock = self.yard.clock.clone();
                self.yard = Yard::new();
                let path = self.dir.path().join("yard.redb");
                self.yard = Yard::with(|builder| builder.clock(clock).open(path, OBJECTS));
            }
        }
    }

    fn pick(&self, pick: usize) -> Option<RecordId> {
        let ids = self.model.rows.keys();
        ids.clone().nth(pick % ids.len().max(1)).copied()
    }

    /// A call over the records of one object among those that were picked.
    fn change(&mut self, picks: &[usize], all_or_none: bool, is_delete: bool) {
        let picked: Vec<_> = picks.iter().filter_map(|pick| self.pick(*pick)).collect();
        let Some(first) = picked.first().map(|id| self.model.rows[id].object) else { return };
        let ids: Vec<_> =
            picked.into_iter().filter(|id| self.model.rows[id].object == first).collect();
        let mut foretold = self.model.clone();
        let mut expected: Vec<Answer> = Vec::new();
        for id in &ids {
            expected.push(if is_delete { foretold.delete(*id) } else { foretold.undelete(*id) });
        }
        if all_or_none && expected.iter().any(Result::is_err) {
            let back = |answer: &Answer| answer.and(Err("ALL_OR_NONE_OPERATION_ROLLED_BACK"));
            expected = expected.iter().map(back).collect();
            foretold = self.model.clone();
        }
        let db = &self.yard.db;
        let db = if all_or_none { db.clone().all_or_none() } else { db.clone() };
        let object = db.object(first).unwrap();
        let results = if is_delete { object.delete_many(&ids) } else { object.undelete_many(&ids) };
        let code = |it: &sobject_core::Result<()>| {
            it.as_ref().copied().map_err(|error| error.status_code().as_str())
        };
        let answers: Vec<_> = results.unwrap().iter().map(code).collect();
        assert_eq!(answers, expected, "{first} {ids:?}, deleted: {is_delete}");
        self.model = foretold;
    }

    fn compare(&self) {
        let verified = self.yard.verify();
        let rows = &self.model.rows;
        let n_live = rows.values().filter(|row| row.at == At::Live).count();
        assert_eq!(verified.live, n_live as u64);
        assert_eq!(verified.deleted, (rows.len() - n_live) as u64);
        for name in NAMES {
            let records = self.yard.object(name).walk().all().unwrap();
            let found: BTreeMap<RecordId, Json> = records
                .into_iter()
                .map(|record| {
                    (record["Id"].as_str().unwrap().parse().unwrap(), Json::Object(record))
                })
                .collect();
            let live = rows.iter().filter(|(_, row)| row.at == At::Live && row.object == name);
            assert!(found.keys().eq(live.clone().map(|(id, _)| id)), "{name}");
            for (id, row) in live {
                for n in references_of(name) {
                    let expected = row.leads.get(&n).map_or(Json::Null, |to| json!(to));
                    assert_eq!(found[id][REFERENCES[n].1], expected, "{id}: {}", REFERENCES[n].1);
                }
            }
        }
    }
}

#[test]
fn every_history_of_masters_and_details_is_that_of_a_plain_map() {
    let config = ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(40),
        rng_seed: RngSeed::Fixed(
            std::env::var("PROPTEST_RNG_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1),
        ),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let n_gone = Cell::new(0);
    let mut runner = TestRunner::new(config);
    let ran = runner.run(&vec(steps(), 1..60), |steps| {
        let mut history = History::new();
        for step in &steps {
            history.take(step);
            history.compare();
        }
        let gone = |row: &&Row| matches!(row.at, At::Bin { is_gone: true, .. });
        n_gone.set(n_gone.get() + history.model.rows.values().filter(gone).count());
        Ok(())
    });
    ran.unwrap();
    assert!(n_gone.get() > 0, "some details were gone for good");
}
