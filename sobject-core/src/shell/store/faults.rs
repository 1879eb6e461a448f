//! Tests with a storage that fails once, in each place where it can fail in turn. The call that it
//! fails in must leave nothing behind, and later calls must go on as if nothing had happened.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use serde_json::{Value as Json, json};

use super::Store;
use crate::{
    Caller, Definition, Error, FieldDefinition, FieldType, JsonRecord, ManualClock, RecordId,
    Result, Target,
    bytes::entry_id,
    engine::{
        Engine, EngineError, GiveMany, Read, RedbEngine, Scan, Space, Visit, VisitMany, WriteWith,
    },
    store::{Ids, LEASES, OWN_SPACES},
};

const NOTE: &Definition = &Definition::new("Note__c").key_prefix("a0N").fields(&[
    FieldDefinition::new("Name", FieldType::String).autonumber("N-{000}").name_field(),
    FieldDefinition::new("Code__c", FieldType::String).create().update().nillable().unique(),
    FieldDefinition::new("About__c", FieldType::Reference)
        .references(&[Target::new("Note__c", "a0N")])
        .create()
        .update()
        .nillable(),
    FieldDefinition::new("LastViewedDate", FieldType::DateTime).nillable().per_caller(),
    FieldDefinition::new("LastReferencedDate", FieldType::DateTime).nillable().per_caller(),
]);

/// How many calls of the engine succeed before one fails; below zero, none fails.
#[derive(Clone, Debug)]
struct Fuse(Arc<AtomicI64>);

impl Fuse {
    fn set(&self, calls: i64) {
        self.0.store(calls, Ordering::Relaxed);
    }

    /// Has a call failed?
    fn is_burnt(&self) -> bool {
        self.0.load(Ordering::Relaxed) < 0
    }

    fn count(&self) -> Result<(), EngineError> {
        match self.0.fetch_sub(1, Ordering::Relaxed) {
            0 => Err(EngineError::Unavailable("the disk is gone".into())),
            _ => Ok(()),
        }
    }
}

/// An engine that fails when its fuse burns down.
#[derive(Debug)]
struct Faulty {
    engine: RedbEngine,
    fuse: Fuse,
}

/// A snapshot or a transaction of such an engine.
struct FaultyRead<R> {
    read: R,
    fuse: Fuse,
}

impl Engine for Faulty {
    fn ensure_spaces(&self, spaces: &[Space]) -> Result<(), EngineError> {
        self.fuse.count()?;
        self.engine.ensure_spaces(spaces)
    }

    fn keep_spaces(&self, spaces: &[Space]) -> Result<(), EngineError> {
        self.fuse.count()?;
        self.engine.keep_spaces(spaces)
    }

    fn snapshot(&self) -> Result<Arc<dyn Read + Send + Sync>, EngineError> {
        self.fuse.count()?;
        let read = self.engine.snapshot()?;
        Ok(Arc::new(FaultyRead { read, fuse: self.fuse.clone() }))
    }

    fn write(&self, f: WriteWith<'_>) -> Result<Option<u64>, EngineError> {
        self.fuse.count()?;
        self.engine.write(&mut |read| {
            let buffer = f(&FaultyRead { read, fuse: self.fuse.clone() })?;
            // The last moment before the commit.
            self.fuse.count()?;
            Ok(buffer)
        })
    }
}

/// A snapshot behind a pointer, or a borrowed transaction.
trait Reads {
    fn reads(&self) -> &dyn Read;
}

impl Reads for Arc<dyn Read + Send + Sync> {
    fn reads(&self) -> &dyn Read {
        &**self
    }
}

impl Reads for &dyn Read {
    fn reads(&self) -> &dyn Read {
        *self
    }
}

impl<R: Reads> Read for FaultyRead<R> {
    fn get(&self, space: Space, key: &[u8], f: &mut dyn FnMut(&[u8])) -> Result<bool, EngineError> {
        self.fuse.count()?;
        self.read.reads().get(space, key, f)
    }

    fn multi_get(&self, keys: &[(Space, &[u8])], f: GiveMany<'_>) -> Result<(), EngineError> {
        self.fuse.count()?;
        self.read.reads().multi_get(keys, f)
    }

    fn multi_scan(&self, scans: &[(Space, Scan<'_>)], f: VisitMany<'_>) -> Result<(), EngineError> {
        self.fuse.count()?;
        self.read.reads().multi_scan(scans, f)
    }

    fn state(&self) -> Option<u64> {
        self.read.reads().state()
    }

    fn scan(
        &self,
        space: Space,
        scan: Scan<'_>,
        f: Visit<'_>,
    ) -> Result<Option<Vec<u8>>, EngineError> {
        self.fuse.count()?;
        self.read.reads().scan(space, scan, f)
    }

    fn len(&self, space: Space) -> Result<u64, EngineError> {
        self.fuse.count()?;
        self.read.reads().len(space)
    }
}

/// A store of notes on an engine with this fuse.
fn store(fuse: &Fuse) -> Result<Store> {
    let clock = ManualClock::at("2026-03-01T08:00:00Z".parse().unwrap());
    let engine = Faulty { engine: RedbEngine::in_memory()?, fuse: fuse.clone() };
    Store::builder().clock(clock).on(Arc::new(engine), &[NOTE])
}

/// Every entry of every space but the leases, because numbers that a failed call drew are not given
/// back.
fn contents(store: &Store) -> BTreeMap<(u16, Vec<u8>), Vec<u8>> {
    let inner = &store.inner;
    let snapshot = inner.engine.snapshot().unwrap();
    let spaces = inner
        .schema
        .tables
        .iter()
        .flat_map(|table| table.spaces())
        .chain(OWN_SPACES)
        .filter(|space| *space != LEASES);
    let mut contents = BTreeMap::new();
    for space in spaces {
        let mut visit = |key: &[u8], value: &[u8]| {
            contents.insert((space.id, key.to_vec()), value.to_vec());
            ControlFlow::Continue(())
        };
        snapshot.scan(space, Scan::ALL, &mut visit).unwrap();
    }
    contents
}

fn map(json: &Json) -> JsonRecord {
    json.as_object().unwrap().clone()
}

/// The ids of the notes, live and deleted, in order.
fn notes(store: &Store) -> Vec<RecordId> {
    let inner = &store.inner;
    let table = inner.schema.table(inner.schema.catalogue.find("Note__c").unwrap()).unwrap();
    let snapshot = inner.engine.snapshot().unwrap();
    let ids = Ids::load(&*snapshot).unwrap();
    let mut notes = Vec::new();
    for space in [table.live, table.bin] {
        let mut visit = |key: &[u8], _: &[u8]| {
            notes.push(ids.unpack_known(entry_id(key).unwrap()));
            ControlFlow::Continue(())
        };
        snapshot.scan(space, Scan::ALL, &mut visit).unwrap();
    }
    let mut notes: Vec<_> = notes.into_iter().flatten().collect();
    notes.sort_unstable();
    notes
}

/// Whether a call writes, and the call itself, which is given the ids of the notes that there are.
type Step = (bool, fn(&Store, &[RecordId]) -> Result<()>);

/// Calls of every kind. Each succeeds if those before it were made.
const STEPS: &[Step] = &[
    (true, |store, _| {
        let notes = [json!({ "Code__c": "a" }), json!({ "Code__c": "b" }), json!({})];
        let notes: Vec<_> = notes.iter().map(map).collect();
        let made = store.system().object("Note__c")?.create_many(&notes)?;
        made.into_iter().try_for_each(|result| result.map(drop))
    }),
    (true, |store, ids| {
        let about = json!({ "About__c": ids[0], "Code__c": "c" });
        store.system().object("Note__c")?.update(ids[2], &map(&about))
    }),
    (true, |store, ids| store.system().object("Note__c")?.delete(ids[1])),
    (true, |store, ids| store.system().object("Note__c")?.undelete(ids[1])),
    (true, |store, ids| {
        store.system().transaction(|tx| {
            let mut notes = tx.object("Note__c")?;
            let id = notes.create(&map(&json!({ "Code__c": "d" })))?;
            notes.update(id, &map(&json!({ "About__c": id })))?;
            notes.delete(ids[2])
        })
    }),
    (true, |store, _| {
        // A note with ids of another org, whose numbers are too large to be packed into 48 bits.
        let note = json!({
            "Id": "a0Nzz1zzzzzzzzz", "Name": "N-900", "Code__c": "e",
            "CreatedDate": "2020-01-01T00:00:00Z", "CreatedById": "005zz1zzzzzzzzz",
            "LastModifiedDate": "2020-01-01T00:00:00Z", "LastModifiedById": "005zz1zzzzzzzzz",
            "SystemModstamp": "2020-01-01T00:00:00Z", "About__c": "a0Nzz1zzzzzzzzy",
            "LastViewedDate": "2020-01-01T00:00:00Z",
        });
        store.replica().put("Note__c", &map(&note)).map(drop)
    }),
    (false, |store, ids| {
        let notes = store.connect(Caller::system()).object("Note__c")?;
        notes.retrieve(&["Name", "LastViewedDate"], &[ids[0], ids[1]]).map(drop)
    }),
    (false, |store, ids| store.system().object("Note__c")?.get(ids[0]).map(drop)),
    (false, |store, _| store.verify().map(drop)),
];

#[test]
fn a_storage_that_fails_anywhere_leaves_a_call_done_or_not_begun() {
    let mut n_failures = 0;
    for (place, (writes, step)) in STEPS.iter().enumerate() {
        for calls in 0.. {
            let fuse = Fuse(Arc::new(AtomicI64::new(-1)));
            let store = store(&fuse).unwrap();
            for (_, earlier) in &STEPS[..place] {
                earlier(&store, &notes(&store)).unwrap();
            }
            let ids = notes(&store);
            let before = contents(&store);
            fuse.set(calls);
            let result = step(&store, &ids);
            let has_failed = fuse.is_burnt();
            fuse.set(-1);
            if !has_failed {
                result.unwrap();
                assert_eq!(contents(&store) != before, *writes, "step {place}");
                break;
            }
            n_failures += 1;
            let what = format!("step {place} with a failure after {calls} calls");
            assert!(matches!(result, Err(Error::Storage(_))), "{what}: {result:?}");
            assert!(contents(&store) == before, "{what}: something was written");
            for (_, step) in &STEPS[place..] {
                let gone_on = step(&store, &notes(&store));
                gone_on.unwrap_or_else(|error| panic!("{what}, then: {error}"));
            }
        }
    }
    assert!(n_failures > 50, "{n_failures} failures");
}

#[test]
fn a_storage_that_fails_while_a_store_is_made_says_so() {
    for calls in 0.. {
        let fuse = Fuse(Arc::new(AtomicI64::new(calls)));
        let opened = store(&fuse);
        if !fuse.is_burnt() {
            fuse.set(-1);
            opened.unwrap().verify().unwrap();
            assert!(calls > 5, "{calls} calls");
            break;
        }
        assert!(matches!(opened, Err(Error::Storage(_))), "after {calls} calls: {opened:?}");
    }
}
