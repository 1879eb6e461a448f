//! Sessions: one state of a store, owned, to be read by whoever has it.

use std::{ops::ControlFlow, thread};

use serde_json::json;
use sobject_core::{
    Caller, Connection, Error, Id, Page, Record, Result, SObject, Session, Store,
    chrono::TimeDelta,
    standard::{Group, User, UserUpdate},
};

use crate::desk::{
    Desk, LiveAgentSession, OBJECTS, Part, PartCreate, Refusal, deleted_record, map,
    no_such_record, refusal, refused, verify,
};

/// Creates a part of each name, in this order.
fn parts(db: &Connection, names: &[&str]) -> Vec<Id<Part>> {
    names.iter().map(|name| db.create(PartCreate::new(*name)).unwrap()).collect()
}

/// The names of records.
fn names(parts: impl IntoIterator<Item = Record<Part>>) -> Vec<String> {
    parts.into_iter().map(|part| part.fields.name).collect()
}

/// All that a session can tell of parts, read in every way there is; each must tell the same.
fn told(session: &Session) -> Vec<Record<Part>> {
    let mut told = Vec::new();
    session
        .scan::<Part>(|part| {
            told.push(part);
            ControlFlow::Continue(())
        })
        .unwrap();
    let ids: Vec<_> = told.iter().map(|part| part.id).collect();
    assert_eq!(session.count::<Part>().unwrap(), told.len() as u64);
    assert_eq!(session.walk::<Part>().all().unwrap(), told);
    assert_eq!(session.walk::<Part>().into_iter().collect::<Result<Vec<_>>>().unwrap(), told);
    let retrieved = session.retrieve(&ids).unwrap();
    assert_eq!(retrieved.into_iter().collect::<Option<Vec<_>>>().unwrap(), told);
    let objects = session.object("Part").unwrap();
    assert_eq!(objects.count().unwrap(), told.len() as u64);
    let as_json = objects.walk().all().unwrap();
    for (part, json) in told.iter().zip(&as_json) {
        assert_eq!(session.get(part.id).unwrap(), *part);
        assert!(session.find(Part::FIELDS.name, part.name.clone()).unwrap().contains(part));
        assert_eq!(objects.get(part.id.into()).unwrap(), *json);
        assert_eq!(json["Name"], part.name.as_str());
    }
    assert_eq!(as_json.len(), told.len());
    let mut by_name = session.find_range(Part::FIELDS.name, ..).unwrap();
    assert_eq!(session.walk_range(Part::FIELDS.name, ..).all().unwrap(), by_name);
    by_name.sort_by_key(|part| part.id);
    assert_eq!(by_name, told);
    told
}

#[test]
fn a_session_sees_one_state_whatever_is_written_meanwhile() {
    let desk = Desk::new();
    let ids = parts(&desk.db, &["a", "b", "c"]);
    desk.db.delete(ids[2]).unwrap();
    let session = desk.db.session().unwrap();
    let before = told(&session);
    assert_eq!(names(before.clone()), ["a", "b"]);

    desk.clock.advance(TimeDelta::seconds(1));
    desk.db.delete(ids[0]).unwrap();
    desk.db.undelete(ids[2]).unwrap();
    let renamed = json!({ "Name": "z", "TwinId": ids[2] });
    desk.object("Part").update(ids[1].into(), &map(&renamed)).unwrap();
    parts(&desk.db, &["d"]);

    assert_eq!(told(&session), before);
    assert_eq!(refused(session.get(ids[2])), deleted_record());
    assert!(session.find(Part::FIELDS.name, "z").unwrap().is_empty());
    assert!(session.find(Part::FIELDS.twin_id, ids[2]).unwrap().is_empty());
    let after = told(&desk.db.session().unwrap());
    assert_eq!(names(after), ["z", "c", "d"]);
    assert_eq!(refused(desk.db.session().unwrap().get(ids[0])), deleted_record());
    desk.verify();
}

#[test]
fn clones_of_a_session_are_of_one_state() {
    let desk = Desk::new();
    parts(&desk.db, &["a"]);
    let session = desk.db.session().unwrap();
    parts(&desk.db, &["b"]);
    let clone = session.clone();
    assert_eq!(told(&clone), told(&session));
    drop(session);
    assert_eq!(names(told(&clone)), ["a"]);
    desk.verify();
}

#[test]
fn a_session_sees_what_was_written_before_it_began() {
    let desk = Desk::new();
    for n in 1..=5 {
        let [id] = parts(&desk.db, &["x"])[..] else { unreachable!() };
        let session = desk.db.session().unwrap();
        assert_eq!((session.get(id).unwrap().id, session.count::<Part>().unwrap()), (id, n));
        // Heads of ids that are new to the store are known to it as well.
        let agent = desk.user(&format!("user {n}"));
        assert_eq!(refused(session.get(agent)), no_such_record());
        assert_eq!(desk.db.session().unwrap().get(agent).unwrap().id, agent);
    }
    desk.verify();
}

#[test]
fn a_session_is_read_by_several_threads_at_once() {
    let desk = Desk::new();
    for n in 0..300 {
        desk.db.create(PartCreate::new(format!("part {n}"))).unwrap();
    }
    let session = desk.db.session().unwrap();
    let expected = told(&session);
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let session = session.clone();
            // Nothing is borrowed, so that the threads need no scope.
            thread::spawn(move || session.walk::<Part>().into_iter().collect::<Result<Vec<_>>>())
        })
        .collect();
    for n in 0..50 {
        desk.db.delete(expected[n * 3].id).unwrap();
    }
    for reader in readers {
        assert_eq!(reader.join().unwrap().unwrap(), expected);
    }
    // Nor does an iterator that is under way stay with its thread.
    let mut records = session.walk::<Part>().into_iter();
    let first = records.next().unwrap().unwrap();
    let rest = thread::spawn(move || records.collect::<Result<Vec<_>>>()).join().unwrap().unwrap();
    assert_eq!((&first, &rest[..]), (&expected[0], &expected[1..]));
    desk.verify();
}

#[test]
fn a_session_outlives_its_connection_and_its_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.redb");
    let desk = Desk::with(|builder| builder.open(&path, OBJECTS));
    let ids = parts(&desk.db, &["a", "b"]);
    let session = desk.db.session().unwrap();
    let walk = session.walk::<Part>();
    let mut records = session.walk::<Part>().into_iter();
    records.next().unwrap().unwrap();
    desk.db.delete(ids[0]).unwrap();
    drop(desk);
    assert_eq!(names(told(&session)), ["a", "b"]);
    assert!(matches!(Store::open(&path, OBJECTS), Err(Error::Storage(_))), "the file is open");
    drop(session);
    assert_eq!(names(walk.all().unwrap()), ["a", "b"]);
    assert_eq!(names(records.map(Result::unwrap)), ["b"]);
    // With the last that leads to it, the state is gone and the file is closed.
    let store = Store::open(&path, OBJECTS).unwrap();
    assert_eq!(names(store.system().walk::<Part>().all().unwrap()), ["b"]);
    verify(&store);
}

#[test]
fn writers_go_on_beside_a_session_and_in_the_middle_of_its_walk() {
    let desk = Desk::new();
    let ids = parts(&desk.db, &["a"; 40]);
    let mut seen = Vec::new();
    for part in desk.db.session().unwrap().walk::<Part>() {
        let part = part.unwrap();
        seen.push(part.id);
        desk.db.delete(part.id).unwrap();
        parts(&desk.db, &["new"]);
    }
    assert_eq!(seen, ids);
    assert_eq!(desk.count::<Part>(), 40);
    desk.verify();
}

#[test]
fn a_session_inside_a_transaction_sees_what_is_committed() {
    let desk = Desk::new();
    parts(&desk.db, &["committed"]);
    desk.db
        .transaction(|tx| {
            tx.create(PartCreate::new("pending"))?;
            assert_eq!(names(told(&desk.db.session()?)), ["committed"]);
            assert_eq!(names(tx.walk().all()?), ["committed", "pending"]);
            Ok::<_, Error>(())
        })
        .unwrap();
    assert_eq!(desk.db.session().unwrap().count::<Part>().unwrap(), 2);
    desk.verify();
}

#[test]
fn the_dates_of_a_caller_are_those_of_the_state() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    let unseen = desk.db.session().unwrap();
    assert_eq!(unseen.get(id).unwrap().last_viewed_date, None);
    desk.db.mark_viewed(id).unwrap();
    let session = desk.db.session().unwrap();
    desk.clock.advance(TimeDelta::hours(1));
    desk.db.mark_viewed(id).unwrap();
    let seen = |db: &Session| {
        let record = db.get(id).unwrap();
        let json = db.object("LiveAgentSession").unwrap().get(id.into()).unwrap();
        assert_eq!(db.walk::<LiveAgentSession>().all().unwrap(), std::slice::from_ref(&record));
        assert_eq!(json["LastViewedDate"].is_null(), record.last_viewed_date.is_none());
        record.fields.last_viewed_date
    };
    let eight = seen(&session).unwrap();
    assert_eq!(seen(&desk.db.session().unwrap()), Some(eight + TimeDelta::hours(1)));
    assert_eq!(seen(&unseen), None);
    let other = desk.store.system().session().unwrap();
    assert_eq!(seen(&other), None, "each session has its caller");
    desk.verify();
}

#[test]
fn whoever_has_looked_at_nothing_hides_nobody_elses_dates() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    desk.db.mark_viewed(id).unwrap();
    // The head of this user's id is not in the store.
    let stranger = "005zz0000000001".parse::<Id<User>>().unwrap();
    let stranger = desk.store.connect(Caller::system_as(stranger));
    for _ in 0..2 {
        assert_eq!(stranger.get(id).unwrap().last_viewed_date, None);
        assert!(desk.db.get(id).unwrap().last_viewed_date.is_some());
    }
    desk.verify();
}

#[test]
fn reads_in_a_session_are_refused_as_on_its_connection() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    let session = desk.db.session().unwrap();
    let field = LiveAgentSession::FIELDS;
    let nowhere = "0HKxx0000000099".parse::<Id<LiveAgentSession>>().unwrap();
    let many = vec![id; 2_001];
    let pairs: [(Refusal, Refusal); 5] = [
        (refused(session.get(nowhere)), refused(desk.db.get(nowhere))),
        (refused(session.retrieve(&many)), refused(desk.db.retrieve(&many))),
        (
            refused(session.walk_range(field.chat_req_assigned, 1..).all()),
            refused(desk.db.walk_range(field.chat_req_assigned, 1..).all()),
        ),
        (
            refused(session.find_range(field.agent_id, desk.agent..)),
            refused(desk.db.find_range(field.agent_id, desk.agent..)),
        ),
        (refused(session.object("Nonsense__c")), refused(desk.db.object("Nonsense__c"))),
    ];
    for (in_session, on_connection) in pairs {
        assert_eq!(in_session, on_connection);
    }
    desk.verify();
}

#[test]
fn a_walk_answers_what_is_wrong_when_it_is_asked_for_records() {
    let desk = Desk::new();
    desk.db.create(desk.session()).unwrap();
    let session = desk.db.session().unwrap();
    let field = LiveAgentSession::FIELDS;
    let no_index = refusal(
        "FUNCTIONALITY_NOT_ENABLED",
        "not supported: walking in the order of ChatReqAssigned, which has no index",
        &[],
    );
    let walk = || session.walk_range(field.chat_req_assigned, 1..);
    assert_eq!(refused(walk().all()), no_index);
    assert_eq!(refused(walk().page(1)), no_index);
    let mut records = walk().into_iter();
    assert_eq!(refused(records.next().unwrap()), no_index);
    assert!(records.next().is_none(), "the error is the end");
    assert!(records.next().is_none());
    let no_range = desk.db.walk_range(field.agent_id, desk.agent..).all();
    assert_eq!(refused(no_range).code, "FUNCTIONALITY_NOT_ENABLED");
    let sessions = session.object("LiveAgentSession").unwrap();
    let message = "No such column 'Nonsense' on sobject of type LiveAgentSession";
    let unknown = refusal("INVALID_FIELD", message, &[]);
    assert_eq!(refused(sessions.walk_fields(&["Id", "Nonsense"]).all()), unknown);
    // A store that was opened without the object.
    let store = Store::in_memory(&[User::OBJECT, Group::OBJECT]).unwrap();
    let missing = store.system().session().unwrap().walk::<Part>().all();
    assert_eq!(refused(missing).code, "INVALID_TYPE");
    desk.verify();
}

#[test]
fn json_records_are_walked_with_the_fields_asked_for_in_their_order() {
    let desk = Desk::new();
    let ids = parts(&desk.db, &["a", "b"]);
    let session = desk.db.session().unwrap();
    let objects = session.object("pART").unwrap();
    let Page { items, next, .. } = objects.walk_fields(&["name", "ID"]).page(1).unwrap();
    let keys: Vec<_> = items[0].keys().map(String::as_str).collect();
    assert_eq!(keys, ["Name", "Id"]);
    let rest = objects.walk_fields(&["Id"]).after(next).all().unwrap();
    assert_eq!(rest, [map(&json!({ "Id": ids[1] }))]);
    let on_connection = desk.object("Part").walk_fields(&["Name"]).reverse().all().unwrap();
    assert_eq!(on_connection, ["b", "a"].map(|name| map(&json!({ "Name": name }))));
    desk.db
        .transaction(|tx| {
            tx.update(desk.agent, UserUpdate::default())?;
            let mut objects = tx.object("Part")?;
            objects.create(&map(&json!({ "Name": "c" })))?;
            let names = objects.walk_fields(&["Name"]).reverse().limit(2).all()?;
            assert_eq!(names, ["c", "b"].map(|name| map(&json!({ "Name": name }))));
            assert_eq!(objects.walk().page(2)?.items.len(), 2);
            Ok::<_, Error>(())
        })
        .unwrap();
    desk.verify();
}
