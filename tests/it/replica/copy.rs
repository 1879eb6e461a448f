//! A small org and copies of it: users, a queue, and sessions, which several users changed, deleted
//! and undeleted at several times.

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, Clock, Connection, Id, ManualClock, Patch, RecordId, Ref, Store,
    chrono::TimeDelta,
    standard::{Group, GroupCreate, User, UserCreate, UserUpdate},
};

use super::{HERE, Mirror, THERE, stamped};
use crate::desk::{
    LiveAgentSession, LiveAgentSessionCreate, LiveAgentSessionUpdate, MORNING, OBJECTS, at,
    deleted_record, map, record, refused, verify,
};

/// The objects of the org.
const NAMES: [&str; 3] = ["User", "Group", "LiveAgentSession"];

/// A store that plays the org, and its records as it shows them.
struct Org {
    store: Store,
    clock: ManualClock,
    ada: Id<User>,
    /// Each record as the org shows it to Ada, with the name of its object. A deleted record has
    /// the values that it had, except those that deleting sets.
    records: Vec<(&'static str, RecordId, Json)>,
}

impl Org {
    /// An org whose ids have this instance.
    fn new(instance: [u8; 3]) -> Self {
        let clock = ManualClock::at(at("2015-12-10T08:00:00Z"));
        // Some tests set the clock on by years, and then undelete.
        let builder = Store::builder().clock(clock.clone()).recycle_bin_age(None);
        let store = builder.instance(std::str::from_utf8(&instance).unwrap());
        let store = store.in_memory(OBJECTS).unwrap();
        let tick = || clock.advance(TimeDelta::seconds(3_601));
        let system = store.system();
        let new_user = |name: &str| {
            tick();
            let view = UserCreate::new(name, format!("{name}@example.com"));
            system.create(view).unwrap()
        };
        let (ada, bo) = (new_user("Ada"), new_user("Bo"));
        tick();
        let queue = system.create(GroupCreate::new("Night Shift")).unwrap();
        let [by_ada, by_bo] = [ada, bo].map(|user| store.connect(Caller::system_as(user)));
        let mut sessions = Vec::new();
        for n in 0..12 {
            tick();
            let (db, agent) = if n % 3 == 0 { (&by_ada, bo) } else { (&by_bo, ada) };
            let owner = if n % 4 == 0 { Some(Ref::to(queue)) } else { None };
            let view = LiveAgentSessionCreate {
                time_idle: (n % 2 == 0).then_some(n),
                owner_id: owner,
                ..LiveAgentSessionCreate::new(agent, clock.now(), clock.now())
            };
            sessions.push(db.create(view).unwrap());
        }
        tick();
        system.update(bo, UserUpdate { email: Patch::NULL, ..Default::default() }).unwrap();
        for id in &sessions[2..5] {
            tick();
            let view =
                LiveAgentSessionUpdate { time_in_chats: Some(7).into(), ..Default::default() };
            by_ada.update(*id, view).unwrap();
        }
        by_ada.mark_viewed(sessions[3]).unwrap();
        tick();
        by_ada.mark_referenced(sessions[4]).unwrap();
        by_bo.mark_viewed(sessions[5]).unwrap();

        let mut org = Self { store, clock, ada, records: Vec::new() };
        // Two sessions are deleted and undeleted; three are deleted and stay so, the last of them
        // by Bo.
        for id in &sessions[6..8] {
            org.clock.advance(TimeDelta::minutes(1));
            by_ada.delete(*id).unwrap();
            org.clock.advance(TimeDelta::minutes(1));
            by_ada.undelete(*id).unwrap();
        }
        for id in &sessions[8..11] {
            org.clock.advance(TimeDelta::minutes(1));
            let before = org.get("LiveAgentSession", (*id).into());
            by_bo.delete(*id).unwrap();
            let now = org.clock.now().format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string();
            let deleted = json!({
                "IsDeleted": true, "LastModifiedDate": now, "LastModifiedById": bo,
                "SystemModstamp": now,
            });
            let deleted = record(&before, &deleted).into();
            org.records.push(("LiveAgentSession", (*id).into(), deleted));
        }
        let live = sessions.iter().filter(|id| !sessions[8..11].contains(id));
        let ids = live.map(|id| ("LiveAgentSession", (*id).into()));
        let others = [("User", ada.into()), ("User", bo.into()), ("Group", queue.into())];
        for (object, id) in ids.chain(others).collect::<Vec<_>>() {
            let read = org.get(object, id);
            org.records.push((object, id, read));
        }
        verify(&org.store);
        org
    }

    /// Reads and writes in the name of Ada.
    fn db(&self) -> Connection {
        self.store.connect(Caller::system_as(self.ada))
    }

    fn get(&self, object: &str, id: RecordId) -> Json {
        self.db().object(object).unwrap().get(id).unwrap().into()
    }

    /// The system user, who created the first users and has no record.
    fn system_user(&self) -> RecordId {
        self.store.system().get(self.ada).unwrap().created_by_id
    }

    fn is_deleted(record: &Json) -> bool {
        record["IsDeleted"] == true
    }

    /// Puts the org's records, as Ada sees them, into a mirror, in an order that depends on `seed`.
    fn load(&self, mirror: &Mirror, seed: u64) {
        let is_ada = |id: &RecordId| *id == self.ada.record_id();
        let (_, _, ada) = self.records.iter().find(|(_, id, _)| is_ada(id)).unwrap();
        // The replica's own user must be put first.
        mirror.put("User", ada);
        let replica = mirror.store.replica_as(self.ada);
        let mut records: Vec<_> = self.records.iter().collect();
        records.sort_by_key(|(_, id, _)| (id.number() * 7_919 + seed * 104_729) % 1_009);
        for (object, id, record) in records {
            assert_eq!(replica.put(object, &map(record)).unwrap(), *id);
        }
        mirror.clock.set(at(MORNING));
    }

    /// Asserts that a mirror answers as the org does.
    fn assert_same(&self, mirror: &Mirror) {
        let here = mirror.store.connect(Caller::system_as(self.ada));
        for name in NAMES {
            let (here, there) = (here.object(name).unwrap(), self.db().object(name).unwrap());
            assert_eq!(here.count().unwrap(), there.count().unwrap(), "{name}");
        }
        for (object, id, record) in &self.records {
            let read = here.object(object).unwrap().get(*id);
            if Self::is_deleted(record) {
                assert_eq!(refused(read), deleted_record(), "{id}");
            } else {
                assert_eq!(Json::from(read.unwrap()), *record, "{id}");
            }
        }
        let by_name = |db: &Connection| {
            let found = db.find_range(LiveAgentSession::FIELDS.name, ..).unwrap();
            found.into_iter().map(|it| it.id).collect::<Vec<_>>()
        };
        assert_eq!(by_name(&here), by_name(&self.db()));
        let by_agent = |db: &Connection| db.find(LiveAgentSession::FIELDS.agent_id, self.ada);
        let sorted = |db: &Connection| {
            let mut ids: Vec<_> = by_agent(db).unwrap().into_iter().map(|it| it.id).collect();
            ids.sort();
            ids
        };
        assert_eq!(sorted(&here), sorted(&self.db()));
        assert!(!sorted(&here).is_empty());
        let (here, there) = (mirror.verify(), verify(&self.store));
        assert_eq!(
            (here.live, here.deleted, here.entries),
            (there.live, there.deleted, there.entries)
        );
    }
}

#[test]
fn a_copy_in_any_order_answers_as_its_source() {
    let org = Org::new(THERE);
    for seed in 0..8 {
        let mirror = Mirror::new();
        org.load(&mirror, seed);
        org.assert_same(&mirror);
    }
}

#[test]
fn what_is_deleted_in_a_copy_comes_back_as_it_does_at_its_source() {
    let org = Org::new(THERE);
    let mirror = Mirror::new();
    org.load(&mirror, 3);
    org.clock.set(at(MORNING));
    let here = mirror.store.connect(Caller::system_as(org.ada)).object("LiveAgentSession").unwrap();
    let there = org.db().object("LiveAgentSession").unwrap();
    let deleted: Vec<_> =
        org.records.iter().filter(|(_, _, record)| Org::is_deleted(record)).collect();
    assert_eq!(deleted.len(), 3);
    for (_, id, _) in deleted {
        here.undelete(*id).unwrap();
        there.undelete(*id).unwrap();
        assert_eq!(here.get(*id).unwrap(), there.get(*id).unwrap());
    }
    mirror.verify();
    verify(&org.store);
}

#[test]
fn a_copy_that_is_loaded_again_writes_nothing() {
    let org = Org::new(THERE);
    let mirror = Mirror::new();
    org.load(&mirror, 1);
    let before = mirror.verify();
    org.load(&mirror, 2);
    assert_eq!(mirror.verify(), before);
    org.assert_same(&mirror);
}

#[test]
fn a_copy_in_a_file_answers_the_same_when_it_is_opened_again() {
    let org = Org::new(THERE);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("copy.redb");
    let open = || Mirror::with(|builder| builder.open(&path, OBJECTS)).unwrap();
    org.load(&open(), 5);
    org.assert_same(&open());
    let mirror = open();
    // The mirror can still be used: it takes a later change of the source, and ordinary calls.
    org.clock.set(at(MORNING));
    let (_, id, _) = org.records[4];
    org.db()
        .object("LiveAgentSession")
        .unwrap()
        .update(id, &map(&json!({ "TimeIdle": 99 })))
        .unwrap();
    mirror.put("LiveAgentSession", &org.get("LiveAgentSession", id));
    mirror.assert_holds("LiveAgentSession", id, &json!({ "TimeIdle": 99 }));
    mirror.store.system().object("LiveAgentSession").unwrap().delete(id).unwrap();
    assert_eq!(refused(open_after(mirror, open).try_get("LiveAgentSession", id)), deleted_record());
}

/// A mirror's file, opened again.
fn open_after(mirror: Mirror, open: impl Fn() -> Mirror) -> Mirror {
    drop(mirror);
    let mirror = open();
    mirror.verify();
    mirror
}

#[test]
fn records_made_in_a_copy_have_ids_and_numbers_that_nothing_has() {
    // The org makes ids of the source's instance, and then of the same instance as the mirror.
    for instance in [THERE, HERE] {
        let org = Org::new(instance);
        for seed in 0..4 {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("copy.redb");
            let open = || Mirror::with(|builder| builder.open(&path, OBJECTS)).unwrap();
            let mirror = open();
            org.load(&mirror, seed);
            let is_session = |object: &str| object == "LiveAgentSession";
            let sessions = org.records.iter().filter(|(object, ..)| is_session(object));
            let (mut ids, mut names): (Vec<_>, Vec<_>) =
                sessions.map(|(_, id, record)| (*id, record["Name"].clone())).unzip();
            assert_eq!(ids.len(), 12);
            let mut create = |mirror: &Mirror| {
                let sessions = mirror.store.system().object("LiveAgentSession").unwrap();
                let view = LiveAgentSessionCreate::new(org.ada, at(MORNING), at(MORNING));
                let view = serde_json::to_value(view).unwrap();
                let id = sessions.create(&map(&view)).unwrap();
                let name = sessions.get(id).unwrap()["Name"].clone();
                assert!(!ids.contains(&id) && !names.contains(&name), "{id} {name}");
                ids.push(id);
                names.push(name);
            };
            (0..3).for_each(|_| create(&mirror));
            let mirror = open_after(mirror, open);
            (0..3).for_each(|_| create(&mirror));
            mirror.verify();
        }
    }
}

#[test]
fn a_copy_lists_whom_it_lacks_until_they_come() {
    let org = Org::new(THERE);
    let mirror = Mirror::new();
    org.load(&mirror, 0);
    let robot = org.system_user();
    let lacks = mirror.replica().unresolved(100).unwrap();
    assert!(lacks.iter().all(|it| it.id == robot && it.target == "User"), "{lacks:?}");
    let at: Vec<_> = lacks.iter().map(|it| (it.object.as_str(), it.field.as_str())).collect();
    let by = |object| [(object, "CreatedById"), (object, "LastModifiedById")];
    assert_eq!(at, [by("Group"), by("User")].concat());
    assert_eq!(mirror.verify().unresolved, 6);

    let name = json!({ "Name": "Robot", "Username": "robot@example.com" });
    let stamps = json!({ "CreatedById": robot, "LastModifiedById": robot });
    mirror.put("User", &record(&stamped(robot, &name), &stamps).into());
    assert_eq!(mirror.replica().unresolved(100).unwrap(), []);
    assert_eq!(mirror.verify().unresolved, 0);
    assert_eq!(mirror.store.system().count::<Group>().unwrap(), 1);
}
