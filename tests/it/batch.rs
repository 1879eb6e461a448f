//! Calls over several records: the order of results, partial success, all-or-none, and the limit.

use serde_json::json;
use sobject_core::{Error, Id, Result};

use crate::desk::{
    Desk, LiveAgentSession, LiveAgentSessionCreate, LiveAgentSessionUpdate, Part, PartCreate,
    PartUpdate, Refusal, SampleCreate, deleted_record, map, no_such_record, refusal, refused,
    rolled_back,
};

/// The refusal of each record; `None` if it was written.
fn outcomes<T>(results: &[Result<T>]) -> Vec<Option<Refusal>> {
    results.iter().map(|result| result.as_ref().err().map(Refusal::from)).collect()
}

/// The refusal of a part without a name.
fn nameless() -> Refusal {
    crate::desk::missing(&["Name"])
}

/// Parts of these names; an empty one is refused.
fn named(names: &[&str]) -> Vec<PartCreate> {
    names.iter().map(|name| PartCreate::new(*name)).collect()
}

/// Creates parts of these names.
fn create(desk: &Desk, names: &[&str]) -> Vec<Id<Part>> {
    let results = desk.db.create_many(&named(names)).unwrap();
    results.into_iter().collect::<Result<_>>().unwrap()
}

/// The names of the live parts, by id.
fn names(desk: &Desk, ids: &[Id<Part>]) -> Vec<Option<String>> {
    let parts = desk.db.retrieve(ids).unwrap();
    parts.into_iter().map(|part| Some(part?.fields.name)).collect()
}

#[test]
fn each_record_is_created_or_refused_on_its_own() {
    let desk = Desk::new();
    let results = desk.db.create_many(&named(&["", "a", "", "b", " "])).unwrap();
    let refused = || Some(nameless());
    assert_eq!(outcomes(&results), [refused(), None, refused(), None, refused()]);
    assert_eq!(desk.count::<Part>(), 2);
    let ids: Vec<_> = results.into_iter().flatten().collect();
    assert_eq!(names(&desk, &ids), [Some("a".into()), Some("b".into())]);
    desk.verify();
}

#[test]
fn each_record_is_changed_or_refused_on_its_own() {
    let desk = Desk::new();
    let ids = create(&desk, &["a", "b", "c"]);
    desk.db.delete(ids[1]).unwrap();
    let rename =
        |id, name: &str| (id, PartUpdate { name: name.to_owned().into(), ..Default::default() });
    let nowhere = "a0Pxx0000000099".parse().unwrap();
    let updates = [
        rename(ids[0], "A"),
        rename(ids[1], "B"),
        rename(ids[2], ""),
        rename(nowhere, "N"),
        rename(ids[2], "C"),
        rename(ids[2], "CC"),
    ];
    let results = desk.db.update_many(&updates).unwrap();
    let expected =
        [None, Some(deleted_record()), Some(nameless()), Some(no_such_record()), None, None];
    assert_eq!(outcomes(&results), expected);
    assert_eq!(names(&desk, &ids), [Some("A".into()), None, Some("CC".into())]);
    desk.verify();
}

#[test]
fn each_record_is_deleted_and_undeleted_or_refused_on_its_own() {
    let desk = Desk::new();
    let ids = create(&desk, &["a", "b", "c"]);
    let nowhere = "a0Pxx0000000099".parse().unwrap();
    let results = desk.db.delete_many(&[ids[2], nowhere, ids[0], ids[2]]).unwrap();
    assert_eq!(outcomes(&results), [None, Some(no_such_record()), None, Some(deleted_record())]);
    assert_eq!(names(&desk, &ids), [None, Some("b".into()), None]);
    desk.verify();

    let not_there = || Some(refusal("UNDELETE_FAILED", "Entity is not in the recycle bin", &[]));
    let results = desk.db.undelete_many(&[ids[0], ids[1], nowhere, ids[0]]).unwrap();
    assert_eq!(outcomes(&results), [None, not_there(), not_there(), not_there()]);
    assert_eq!(names(&desk, &ids), [Some("a".into()), Some("b".into()), None]);
    desk.verify();
}

#[test]
fn a_record_sees_those_before_it_in_the_call() {
    let desk = Desk::new();
    let ids = create(&desk, &["whole", "twin"]);
    let twin = (ids[1], PartUpdate { twin_id: ids[0].into(), ..Default::default() });
    desk.db.update_many(&[twin]).unwrap().remove(0).unwrap();
    let results = desk.db.delete_many(&[ids[0], ids[1], ids[0]]).unwrap();
    assert_eq!(outcomes(&results), [None, None, Some(deleted_record())]);
    desk.verify();
    // The twin came back to nothing, until the whole was there again.
    let results = desk.db.undelete_many(&[ids[1], ids[0]]).unwrap();
    assert_eq!(outcomes(&results), [None, None]);
    assert_eq!(desk.get(ids[1]).twin_id, Some(ids[0]));
    desk.verify();
}

#[test]
fn all_or_none_writes_none_if_one_is_refused() {
    let desk = Desk::new();
    let ids = create(&desk, &["a", "b"]);
    desk.db.delete(ids[1]).unwrap();
    let strict = desk.db.all_or_none();
    let rename = |name: &str| PartUpdate { name: name.to_owned().into(), ..Default::default() };
    desk.nothing_changes(|| {
        let results = strict.create_many(&named(&["x", "", "y"])).unwrap();
        let expected = [Some(rolled_back()), Some(nameless()), Some(rolled_back())];
        assert_eq!(outcomes(&results), expected);
        let results = strict.update_many(&[(ids[0], rename("A")), (ids[1], rename("B"))]).unwrap();
        assert_eq!(outcomes(&results), [Some(rolled_back()), Some(deleted_record())]);
        let results = strict.delete_many(&ids).unwrap();
        assert_eq!(outcomes(&results), [Some(rolled_back()), Some(deleted_record())]);
        let codes: Vec<_> = outcomes(&strict.undelete_many(&[ids[1], ids[0]]).unwrap())
            .into_iter()
            .map(|outcome| outcome.map(|refusal| refusal.code))
            .collect();
        assert_eq!(codes, [Some("ALL_OR_NONE_OPERATION_ROLLED_BACK"), Some("UNDELETE_FAILED")]);
    });
    assert_eq!(names(&desk, &ids), [Some("a".into()), None]);
    assert!(desk.db.find(Part::FIELDS.name, "x").unwrap().is_empty());
}

#[test]
fn all_or_none_writes_all_if_all_are_in_order() {
    let desk = Desk::new();
    let results = desk.db.all_or_none().create_many(&named(&["a", "b"])).unwrap();
    assert_eq!(outcomes(&results), [None, None]);
    assert_eq!(desk.count::<Part>(), 2);
    desk.verify();
}

#[test]
fn all_or_none_holds_for_json_as_well() {
    let desk = Desk::new();
    let parts = desk.db.all_or_none().object("Part").unwrap();
    let [good, bad] =
        [json!({ "Name": "a" }), json!({ "Name": "b", "Nonsense": 1 })].map(|json| map(&json));
    desk.nothing_changes(|| {
        let results = parts.create_many(&[good.clone(), bad.clone()]).unwrap();
        let unknown = "No such column 'Nonsense' on sobject of type Part";
        let expected = [Some(rolled_back()), Some(refusal("INVALID_FIELD", unknown, &[]))];
        assert_eq!(outcomes(&results), expected);
    });
    let partial = desk.object("Part").create_many(&[bad, good]).unwrap();
    assert_eq!(partial.iter().map(Result::is_ok).collect::<Vec<_>>(), [false, true]);
    desk.verify();
}

#[test]
fn a_refused_record_in_a_batch_leaves_nothing_behind() {
    let desk = Desk::new();
    // The reference is changed first, and then the text is found to be too long.
    let sample = SampleCreate { parent_id: None, ..desk.sample() };
    let id = desk.db.create(sample).unwrap();
    let before = desk.get(id);
    let part = create(&desk, &["a"])[0];
    let update = crate::desk::SampleUpdate {
        parent_id: part.into(),
        text: "far too long".to_owned().into(),
        ..Default::default()
    };
    desk.nothing_changes(|| {
        let results = desk.db.update_many(&[(id, update)]).unwrap();
        assert_eq!(outcomes(&results)[0].as_ref().map(|it| it.code), Some("STRING_TOO_LONG"));
    });
    assert_eq!(desk.get(id), before);
    desk.db.delete(part).unwrap();
    desk.verify();
}

#[test]
fn a_call_takes_two_hundred_records_and_no_more() {
    let desk = Desk::new();
    let message = "record limit reached. cannot submit more than 200 records into this call";
    let expected = || refusal("EXCEEDED_ID_LIMIT", message, &[]);
    let mut sessions: Vec<LiveAgentSessionCreate> = vec![desk.session(); 201];
    let json = map(&desk.session_json());
    let untyped = desk.object("LiveAgentSession");
    desk.nothing_changes(|| {
        assert_eq!(refused(desk.db.create_many(&sessions)), expected());
        assert_eq!(refused(untyped.create_many(&vec![json; 201])), expected());
    });
    sessions.pop();
    let results = desk.db.create_many(&sessions).unwrap();
    let mut ids: Vec<Id<LiveAgentSession>> = results.into_iter().map(Result::unwrap).collect();
    assert_eq!(desk.count::<LiveAgentSession>(), 200);
    ids.push(desk.db.create(desk.session()).unwrap());

    let updates: Vec<_> = ids
        .iter()
        .map(|id| (*id, LiveAgentSessionUpdate { time_idle: 1.into(), ..Default::default() }))
        .collect();
    desk.nothing_changes(|| {
        assert_eq!(refused(desk.db.update_many(&updates)), expected());
        assert_eq!(refused(desk.db.delete_many(&ids)), expected());
        assert_eq!(refused(desk.db.undelete_many(&ids)), expected());
    });
    assert!(desk.db.update_many(&updates[1..]).unwrap().iter().all(Result::is_ok));
    assert!(desk.db.delete_many(&ids[1..]).unwrap().iter().all(Result::is_ok));
    assert_eq!(desk.count::<LiveAgentSession>(), 1);
    assert!(desk.db.undelete_many(&ids[1..]).unwrap().iter().all(Result::is_ok));
    assert_eq!(desk.count::<LiveAgentSession>(), 201);
    desk.verify();
}

#[test]
fn a_call_over_nothing_does_nothing() {
    let desk = Desk::new();
    desk.nothing_changes(|| {
        assert!(desk.db.create_many::<PartCreate, _>(&[]).unwrap().is_empty());
        assert!(desk.db.update_many::<PartUpdate, _>(&[]).unwrap().is_empty());
        assert!(desk.db.all_or_none().delete_many::<Part>(&[]).unwrap().is_empty());
        assert!(desk.db.undelete_many::<Part>(&[]).unwrap().is_empty());
    });
}

#[test]
fn a_call_that_the_object_lacks_is_refused_record_by_record() {
    let desk = Desk::new();
    desk.nothing_changes(|| {
        let results = desk.db.delete_many(&[desk.agent, desk.agent]).unwrap();
        let message = "insufficient access rights on object id";
        let expected = || Some(refusal("INSUFFICIENT_ACCESS_OR_READONLY", message, &[]));
        assert_eq!(outcomes(&results), [expected(), expected()]);
    });
}

#[test]
fn too_many_records_in_a_transaction_leave_it_standing() {
    let desk = Desk::new();
    desk.db
        .transaction(|tx| {
            tx.create(PartCreate::new("kept"))?;
            let error = tx.create_many(&named(&["x"; 201])).unwrap_err();
            assert!(matches!(error, Error::TooMany { given: 201, limit: 200 }), "{error:?}");
            Ok::<_, Error>(())
        })
        .unwrap();
    assert_eq!(desk.count::<Part>(), 1);
    desk.verify();
}
