//! Reads: by id, by index, in order, and counts. Each sees one state of the store.

use std::{
    fmt::Debug,
    ops::{Bound, ControlFlow},
};

use sobject_core::{Field, FieldRange, FieldValue, Filterable, Id, Ref, Result, chrono::TimeDelta};

use crate::desk::{
    Desk, LiveAgentSession, LiveAgentSessionCreate, Part, PartCreate, Sample, SampleCreate, at,
    day, refusal, refused,
};

/// Creates a part of each name, in this order.
fn parts(desk: &Desk, names: &[&str]) -> Vec<Id<Part>> {
    names.iter().map(|name| desk.db.create(PartCreate::new(*name)).unwrap()).collect()
}

/// The names of the parts between the bounds.
fn names_in<How>(desk: &Desk, range: impl FieldRange<String, How>) -> Vec<String> {
    let found = desk.db.find_range(Part::FIELDS.name, range).unwrap();
    found.into_iter().map(|part| part.fields.name).collect()
}

#[test]
fn a_record_is_read_by_either_form_of_its_id() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    let long = id.to_string();
    for text in [&long, &long[..15]] {
        assert_eq!(desk.db.get::<LiveAgentSession>(text.parse().unwrap()).unwrap().id, id);
    }
    desk.verify();
}

#[test]
fn retrieve_keeps_the_order_and_leaves_none_for_what_is_not_live() {
    let desk = Desk::new();
    let [a, gone, b] = parts(&desk, &["a", "gone", "b"])[..] else { unreachable!() };
    desk.db.delete(gone).unwrap();
    let nowhere = "a0Pxx0000000099".parse().unwrap();
    let elsewhere = "a0Pzz0000000001".parse().unwrap();
    let user = Id::new(desk.agent.record_id());
    let records = desk.db.retrieve(&[b, gone, a, nowhere, b, elsewhere, user]).unwrap();
    let ids: Vec<_> = records.iter().map(|it| it.as_ref().map(|part| part.id)).collect();
    assert_eq!(ids, [Some(b), None, Some(a), None, Some(b), None, None]);
    assert!(desk.db.retrieve::<Part>(&[]).unwrap().is_empty());
    desk.verify();
}

#[test]
fn retrieve_takes_two_thousand_ids_and_no_more() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    let mut ids = vec![id; 2_000];
    let records = desk.db.retrieve(&ids).unwrap();
    assert_eq!(records.iter().flatten().count(), 2_000);
    ids.push(id);
    let message = "record limit reached. cannot submit more than 2000 records into this call";
    let expected = refusal("EXCEEDED_ID_LIMIT", message, &[]);
    assert_eq!(refused(desk.db.retrieve(&ids)), expected);
    let raw: Vec<_> = ids.iter().map(|id| id.record_id()).collect();
    let sessions = desk.object("LiveAgentSession");
    assert_eq!(sessions.retrieve(&["Id"], &raw[1..]).unwrap().len(), 2_000);
    assert_eq!(refused(sessions.retrieve(&["Id"], &raw)), expected);
    desk.verify();
}

#[test]
fn count_counts_live_records_of_one_object() {
    let desk = Desk::new();
    assert_eq!((desk.count::<Part>(), desk.count::<LiveAgentSession>()), (0, 0));
    let ids = parts(&desk, &["a", "b", "c"]);
    desk.db.create(desk.session()).unwrap();
    desk.db.delete(ids[1]).unwrap();
    assert_eq!((desk.count::<Part>(), desk.count::<LiveAgentSession>()), (2, 1));
    desk.db.undelete(ids[1]).unwrap();
    assert_eq!(desk.count::<Part>(), 3);
    desk.verify();
}

#[test]
fn records_are_found_by_reference() {
    let desk = Desk::new();
    let bo = desk.user("Bo");
    let nobody = desk.user("Nobody");
    let session = |agent| LiveAgentSessionCreate { agent_id: agent, ..desk.session() };
    let first = desk.db.create(session(bo)).unwrap();
    desk.db.create(session(desk.agent)).unwrap();
    let last = desk.db.create(session(bo)).unwrap();
    let found = |user| -> Vec<_> {
        let found = desk.db.find(LiveAgentSession::FIELDS.agent_id, user).unwrap();
        found.into_iter().map(|session| session.id).collect()
    };
    assert_eq!(found(bo), [first, last], "in the order of their ids");
    assert!(found(nobody).is_empty());
    assert!(found("005zz0000000001".parse().unwrap()).is_empty());
    let owned = desk.db.find(LiveAgentSession::FIELDS.owner_id, Ref::to(desk.agent)).unwrap();
    assert_eq!(owned.len(), 3);
    assert!(
        desk.db.find(LiveAgentSession::FIELDS.owner_id, Ref::to(desk.queue)).unwrap().is_empty()
    );
    desk.verify();
}

#[test]
fn text_is_found_in_any_case_and_whole() {
    let desk = Desk::new();
    parts(&desk, &["wheel", "Wheel", "WHEELS", "whee", "straße", "éclair", "w\0heel"]);
    for (text, n_found) in [
        ("WHEEL", 2),
        ("wheel", 2),
        ("wheels", 1),
        ("Whee", 1),
        ("whe", 0),
        ("wheel ", 0),
        ("", 0),
        ("STRASSE", 1),
        ("ÉCLAIR", 1),
        ("eclair", 0),
        ("W\0HEEL", 1),
        ("w", 0),
    ] {
        let found = desk.db.find(Part::FIELDS.name, text).unwrap();
        assert_eq!(found.len(), n_found, "{text:?}");
    }
    desk.verify();
}

#[test]
fn null_is_found_where_nothing_is() {
    let desk = Desk::new();
    let with = |maybe_size| SampleCreate { maybe_size, ..desk.sample() };
    let null = desk.db.create(with(None)).unwrap();
    let zero = desk.db.create(with(Some(0))).unwrap();
    let found = |size: Option<i32>| -> Vec<_> {
        let found = desk.db.find(Sample::FIELDS.maybe_size, size).unwrap();
        found.into_iter().map(|sample| sample.id).collect()
    };
    assert_eq!((found(None), found(Some(0))), (vec![null], vec![zero]));
    desk.verify();
}

#[test]
fn text_is_ordered_in_upper_case() {
    let desk = Desk::new();
    parts(&desk, &["b", "a", "B1", "ab", "A", "É", "z", "a b", "a\0"]);
    let all = ["a", "A", "a\0", "a b", "ab", "b", "B1", "z", "É"];
    assert_eq!(names_in(&desk, ..), all);
    let text = |text: &str| text.to_owned();
    for (range, expected) in [
        ((Bound::Included(text("A")), Bound::Included(text("A"))), &all[..2]),
        ((Bound::Excluded(text("a")), Bound::Included(text("B"))), &all[2..6]),
        ((Bound::Included(text("aa")), Bound::Excluded(text("b"))), &all[4..5]),
        ((Bound::Included(text("ab")), Bound::Unbounded), &all[4..]),
        ((Bound::Unbounded, Bound::Excluded(text("A"))), &all[..0]),
        ((Bound::Excluded(text("zz")), Bound::Unbounded), &all[8..]),
    ] {
        assert_eq!(names_in(&desk, range.clone()), expected, "{range:?}");
    }
    desk.verify();
}

#[test]
fn a_range_that_is_the_wrong_way_round_is_empty() {
    let desk = Desk::new();
    parts(&desk, &["a", "b", "c"]);
    let text = |text: &str| text.to_owned();
    let ranges = [
        (Bound::Included(text("c")), Bound::Included(text("a"))),
        (Bound::Excluded(text("b")), Bound::Excluded(text("b"))),
        (Bound::Included(text("b")), Bound::Excluded(text("b"))),
        (Bound::Excluded(text("b")), Bound::Included(text("b"))),
    ];
    for range in &ranges {
        assert!(names_in(&desk, range.clone()).is_empty(), "{range:?}");
    }
    desk.db
        .transaction(|tx| {
            tx.create(PartCreate::new("bb"))?;
            for range in &ranges {
                let found = tx.find_range(Part::FIELDS.name, range.clone())?;
                assert!(found.is_empty(), "{range:?}, with a pending record");
            }
            Ok::<_, sobject_core::Error>(())
        })
        .unwrap();
    desk.verify();
}

/// A desk with a sample for each of these values, which are in ascending order. The ids are in the
/// same order.
fn samples_of<T: Clone>(
    values: &[T],
    set: impl Fn(&mut SampleCreate, T),
) -> (Desk, Vec<Id<Sample>>) {
    let desk = Desk::new();
    let mut ids = vec![None; values.len()];
    // The samples are created in another order.
    for n in (0..values.len()).rev().filter(|n| n % 2 == 0).chain((1..values.len()).step_by(2)) {
        let mut sample = desk.sample();
        set(&mut sample, values[n].clone());
        ids[n] = Some(desk.db.create(sample).unwrap());
    }
    (desk, ids.into_iter().flatten().collect())
}

/// Asserts that each range between two of the values finds exactly the records with values in it.
fn assert_ordered<T: FieldValue + Clone + PartialEq + Debug, F: Filterable, G, S>(
    field: Field<Sample, T, F, G, S>,
    values: &[T],
    set: impl Fn(&mut SampleCreate, T),
) {
    let (desk, ids) = samples_of(values, set);
    let found = |range: (Bound<T>, Bound<T>)| -> Result<Vec<Id<Sample>>> {
        let found = desk.db.find_range(field, range)?;
        Ok(found.into_iter().map(|sample| sample.id).collect())
    };
    assert_eq!(found((Bound::Unbounded, Bound::Unbounded)).unwrap(), ids);
    for (from, low) in values.iter().enumerate() {
        for (to, high) in values.iter().enumerate().skip(from) {
            let (low, high) = (low.clone(), high.clone());
            let within = found((Bound::Included(low.clone()), Bound::Included(high.clone())));
            assert_eq!(within.unwrap(), ids[from..=to], "{low:?}..={high:?}");
            let between = found((Bound::Excluded(low.clone()), Bound::Excluded(high.clone())));
            let expected = if from == to { &[] } else { &ids[from + 1..to] };
            assert_eq!(between.unwrap(), expected, "between {low:?} and {high:?}");
        }
        let (low, expected) = (low.clone(), &ids[from..]);
        assert_eq!(found((Bound::Included(low), Bound::Unbounded)).unwrap(), expected);
    }
    desk.verify();
}

#[test]
fn every_type_is_ordered_by_its_values_and_null_comes_first() {
    let field = Sample::FIELDS;
    assert_ordered(field.maybe_flag, &[None, Some(false), Some(true)], |it, v| it.maybe_flag = v);
    let sizes = [None, Some(-9_999), Some(-1), Some(0), Some(1), Some(9_999)];
    assert_ordered(field.maybe_size, &sizes, |it, v| it.maybe_size = v);
    assert_ordered(field.size, &[-999_999_999, -2, 0, 3, 999_999_999], |it, v| it.size = v);
    let tiny = f64::from_bits(1);
    // A double has at most eighteen digits left of the point.
    let most = 999_999_999_999_999_900.0;
    let weights = [None, Some(-most), Some(-1.5), Some(-tiny), Some(0.0), Some(tiny), Some(most)];
    assert_ordered(field.maybe_weight, &weights, |it, v| it.maybe_weight = v);
    let texts = [None, Some("a".to_owned()), Some("aa".to_owned()), Some("b".to_owned())];
    assert_ordered(field.maybe_text, &texts, |it, v| it.maybe_text = v);
    let days = [None, Some(day("1700-01-01")), Some(day("1969-12-31")), Some(day("1970-01-01"))];
    assert_ordered(field.maybe_day, &days, |it, v| it.maybe_day = v);
    let moments = [
        None,
        Some(at("1700-01-01T00:00:00Z")),
        Some(at("1969-12-31T23:59:59Z")),
        Some(at("1970-01-01T00:00:00Z")),
        Some(at("4000-12-31T00:00:00Z")),
    ];
    assert_ordered(field.maybe_at, &moments, |it, v| it.maybe_at = v);
}

#[test]
fn references_are_found_one_by_one_and_have_no_range() {
    let desk = Desk::new();
    let users = ["b", "c", "d"].map(|name| desk.user(name));
    for user in [users[2], users[0], users[1]] {
        desk.db.create(LiveAgentSessionCreate { agent_id: user, ..desk.session() }).unwrap();
    }
    let agents = |range: (Bound<Id<_>>, Bound<Id<_>>)| -> Result<Vec<_>> {
        let found = desk.db.find_range(LiveAgentSession::FIELDS.agent_id, range)?;
        Ok(found.into_iter().map(|session| session.agent_id).collect())
    };
    let only = |user| (Bound::Included(user), Bound::Included(user));
    let mut all = agents((Bound::Unbounded, Bound::Unbounded)).unwrap();
    all.sort_unstable();
    assert_eq!(all, users);
    assert_eq!(agents(only(users[1])).unwrap(), users[1..2]);
    // The first six characters of this id are new to the store.
    assert!(agents(only("005zz0000000001".parse().unwrap())).unwrap().is_empty());
    for range in [
        (Bound::Excluded(users[0]), Bound::Unbounded),
        (Bound::Unbounded, Bound::Included(users[1])),
        (Bound::Included(users[0]), Bound::Included(users[1])),
    ] {
        let error = agents(range).unwrap_err();
        assert!(matches!(error, sobject_core::Error::NotSupported { .. }), "{error:?}");
    }
    desk.verify();
}

#[test]
fn a_walk_in_the_order_of_a_field_takes_an_index() {
    let desk = Desk::new();
    desk.db.create(desk.session()).unwrap();
    let field = LiveAgentSession::FIELDS;
    let early = ..at("2026-03-01T00:00:00Z");
    for (name, walked) in [
        ("ChatReqAssigned", desk.db.walk_range(field.chat_req_assigned, 1..).all().map(drop)),
        ("LoginTime", desk.db.walk_range(field.login_time, early).page(1).map(drop)),
        ("CreatedDate", desk.db.walk_range(field.created_date, ..).all().map(drop)),
    ] {
        let what = format!("walking in the order of {name}, which has no index");
        let message = format!("not supported: {what}");
        assert_eq!(refused(walked), refusal("FUNCTIONALITY_NOT_ENABLED", message, &[]));
    }
    desk.verify();
}

#[test]
fn a_scan_visits_live_records_in_the_order_of_their_ids_until_it_breaks() {
    let desk = Desk::new();
    let ids = parts(&desk, &["d", "c", "b", "a"]);
    desk.db.delete(ids[2]).unwrap();
    let visited = |limit: usize| {
        let mut visited = Vec::new();
        desk.db
            .scan::<Part>(|part| {
                visited.push(part.id);
                if visited.len() == limit {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
            .unwrap();
        visited
    };
    assert_eq!(visited(usize::MAX), [ids[0], ids[1], ids[3]]);
    assert_eq!(visited(2), [ids[0], ids[1]]);
    desk.verify();
}

#[test]
fn a_scan_reads_one_state_whatever_is_written_meanwhile() {
    let desk = Desk::new();
    let ids = parts(&desk, &["a", "b", "c"]);
    let mut names = Vec::new();
    desk.db
        .scan::<Part>(|part| {
            if names.is_empty() {
                desk.clock.advance(TimeDelta::seconds(1));
                desk.db.delete(ids[1]).unwrap();
                desk.db.create(PartCreate::new("d")).unwrap();
            }
            names.push(part.fields.name);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(names_in(&desk, ..), ["a", "c", "d"]);
    desk.verify();
}
