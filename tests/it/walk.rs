//! Walks: records one after another, in either direction, with a limit, in pages and as iterators.

use std::{collections::BTreeSet, ops::Bound};

use proptest::prelude::*;
use serde_json::json;
use sobject_core::{
    Connection, Error, Id, Page, Reads, Record, ResumeKey, SObject, Session, Store, Walk,
    chrono::TimeDelta,
};

use crate::{
    desk::{
        Desk, LiveAgentSession, LiveAgentSessionCreate, Part, PartCreate, Refusal, Sample,
        SampleCreate, Screw, refusal, verify,
    },
    types::{KIT, Shop},
};

/// Creates so many parts. Their names are in no order of their ids, and of 700 come thrice each.
fn many_parts(db: &Connection, n: usize) -> Vec<Id<Part>> {
    let name = |n: usize| format!("part {:05}", n * 7_919 % 233);
    let views: Vec<_> = (0..n).map(|n| PartCreate::new(name(n))).collect();
    let created = views.chunks(200).flat_map(|views| db.create_many(views).unwrap());
    created.map(Result::unwrap).collect()
}

/// Asserts that a walk, forward and back, whole, as an iterator, with limits and in pages, gives
/// these records.
#[track_caller]
fn assert_walks<S: Reads>(
    walk: impl Fn() -> Walk<S, Record<Part>>,
    expected: &[Record<Part>],
    sizes: &[usize],
) {
    for is_reverse in [false, true] {
        let mut expected = expected.to_vec();
        let walk = || if is_reverse { walk().reverse() } else { walk() };
        if is_reverse {
            expected.reverse();
        }
        assert_eq!(walk().all().unwrap(), expected);
        let walked = walk().into_iter().collect::<Result<Vec<_>, _>>().unwrap();
        assert_eq!(walked, expected, "as an iterator");
        for size in sizes {
            let some = &expected[..expected.len().min(*size)];
            assert_eq!(walk().limit(*size).all().unwrap(), some);
            let walked = walk().limit(*size).into_iter().collect::<Result<Vec<_>, _>>().unwrap();
            assert_eq!(walked, some, "as an iterator with a limit");
            let mut paged = Vec::new();
            let mut key = None;
            loop {
                let Page { items, next, .. } = walk().after(key).page(*size).unwrap();
                assert!(items.len() <= (*size).max(1));
                assert_eq!(next.is_some(), paged.len() + items.len() < expected.len());
                paged.extend(items);
                key = next;
                if key.is_none() {
                    break;
                }
            }
            assert_eq!(paged, expected, "in pages of {size}");
        }
    }
}

#[test]
fn pages_and_iterators_give_what_one_call_gives_in_both_directions() {
    let desk = Desk::new();
    let ids = many_parts(&desk.db, 700);
    for id in ids.iter().step_by(13) {
        desk.db.delete(*id).unwrap();
    }
    let live: Vec<_> = ids.iter().enumerate().filter(|(n, _)| n % 13 != 0).collect();
    let all: Vec<_> = live.iter().map(|(_, id)| desk.get(**id)).collect();
    let session = desk.db.session().unwrap();
    let sizes = [0, 1, 7, 256, 257, 600, 5_000];
    assert_walks(|| session.walk(), &all, &sizes);
    assert_walks(|| desk.db.walk(), &all, &[100]);
    let mut by_name = all.clone();
    by_name.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    assert_walks(|| session.walk_range(Part::FIELDS.name, ..), &by_name, &sizes);
    let (from, to) = ("part 00100".to_owned(), "part 00150".to_owned());
    let range = (Bound::Excluded(from.clone()), Bound::Included(to.clone()));
    let within: Vec<_> =
        by_name.iter().filter(|it| it.name > from && it.name <= to).cloned().collect();
    assert!(within.len() > 100);
    assert_walks(|| session.walk_range(Part::FIELDS.name, range.clone()), &within, &sizes);
    let of_one: Vec<_> = all.iter().filter(|it| it.name == all[5].name).cloned().collect();
    assert!(of_one.len() > 1);
    assert_eq!(session.find(Part::FIELDS.name, all[5].name.clone()).unwrap(), of_one);
    let value = || session.walk_value(Part::FIELDS.name, all[5].name.to_uppercase());
    assert_walks(value, &of_one, &[0, 1, 2, 9]);
    desk.verify();
}

#[test]
fn walks_in_a_transaction_see_what_it_has_written() {
    let desk = Desk::new();
    let ids = many_parts(&desk.db, 300);
    desk.db
        .transaction(|tx| {
            for id in ids.iter().step_by(5) {
                tx.delete(*id)?;
            }
            for n in 0..30 {
                tx.create(PartCreate::new(format!("part {:05}", n * 8)))?;
            }
            let all = tx.walk::<Part>().all()?;
            assert_eq!(all.len(), 300 - 60 + 30);
            assert_walks(|| tx.walk(), &all, &[1, 8, 100, 1_000]);
            let mut by_name = all.clone();
            by_name.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
            assert_walks(|| tx.walk_range(Part::FIELDS.name, ..), &by_name, &[1, 8, 100]);
            let name = all[7].name.clone();
            let found = tx.find(Part::FIELDS.name, name.clone())?;
            assert_walks(|| tx.walk_value(Part::FIELDS.name, name.clone()), &found, &[1, 2]);
            Ok::<_, Error>(())
        })
        .unwrap();
    desk.verify();
}

#[test]
fn an_object_without_records_and_a_value_that_none_has_are_walked_in_no_time() {
    let desk = Desk::new();
    let session = desk.db.session().unwrap();
    assert_walks(|| session.walk(), &[], &[0, 1]);
    assert_walks(|| session.walk_range(Part::FIELDS.name, ..), &[], &[1]);
    assert_walks(|| session.walk_value(Part::FIELDS.name, "nothing"), &[], &[1]);
    // No record has an id whose head the store never saw.
    let nowhere: Id<Part> = "a0Pzz0000000001".parse().unwrap();
    assert_walks(|| session.walk_value(Part::FIELDS.twin_id, nowhere), &[], &[1]);
    let wrong = (Bound::Included("b".to_owned()), Bound::Excluded("a".to_owned()));
    assert_walks(|| session.walk_range(Part::FIELDS.name, wrong.clone()), &[], &[1]);
    desk.verify();
}

#[test]
fn fields_of_every_width_are_walked_page_by_page_with_null_first() {
    let desk = Desk::new();
    for n in 0..40 {
        let (size, text) = ((n % 5 != 0).then_some(n % 7), format!("t{}", n % 3));
        let maybe_text = (n % 4 != 0).then_some(text);
        desk.db.create(SampleCreate { maybe_size: size, maybe_text, ..desk.sample() }).unwrap();
    }
    let session = desk.db.session().unwrap();
    for is_reverse in [false, true] {
        let turn = |walk: Walk<Session, Record<Sample>>| {
            if is_reverse { walk.reverse() } else { walk }
        };
        let by_size = || turn(session.walk_range(Sample::FIELDS.maybe_size, ..));
        let by_text = || turn(session.walk_range(Sample::FIELDS.maybe_text, ..));
        let sizes: Vec<_> = by_size().all().unwrap();
        let texts: Vec<_> = by_text().all().unwrap();
        assert!(sizes.is_sorted_by_key(|it| it.maybe_size) != is_reverse);
        assert!(texts.is_sorted_by_key(|it| it.maybe_text.clone()) != is_reverse);
        for (walk, expected) in [(&by_size as &dyn Fn() -> _, sizes), (&by_text, texts)] {
            let mut paged = Vec::new();
            let mut key = None;
            while paged.is_empty() || key.is_some() {
                let page = walk().after(key).page(3).unwrap();
                paged.extend(page.items);
                key = page.next;
            }
            assert_eq!(paged, expected);
            assert_eq!(paged.len(), 40);
        }
    }
    desk.verify();
}

#[test]
fn a_key_leads_on_however_it_was_kept_and_in_either_direction() {
    let desk = Desk::new();
    let ids = many_parts(&desk.db, 10);
    let page = desk.db.walk::<Part>().page(4).unwrap();
    let key = page.next.unwrap();
    let text = key.to_string();
    assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'), "{text}");
    assert_eq!(text.parse::<ResumeKey>().unwrap(), key);
    let json = serde_json::to_string(&key).unwrap();
    assert_eq!(json, format!("\"{text}\""));
    assert_eq!(serde_json::from_str::<ResumeKey>(&json).unwrap(), key);
    let ids_of = |walk: Walk<Session, Record<Part>>| -> Vec<_> {
        walk.after(key.clone()).all().unwrap().iter().map(|part| part.id).collect()
    };
    assert_eq!(ids_of(desk.db.walk()), ids[4..]);
    let back: Vec<_> = ids[..3].iter().rev().copied().collect();
    assert_eq!(ids_of(desk.db.walk().reverse()), back);
    // JSON records are walked in the same order, so they share keys.
    let rest = desk.object("Part").walk_fields(&["Id"]).after(key.clone()).all().unwrap();
    assert_eq!(rest.len(), 6);
    desk.verify();
}

/// Asserts that a walk behind `key` was refused as an org refuses a query locator.
#[track_caller]
fn assert_no_locator<T: std::fmt::Debug>(result: Result<T, Error>, key: &str) {
    let error = result.unwrap_err();
    let expected = refusal("INVALID_QUERY_LOCATOR", "invalid query locator", &[]);
    assert_eq!(Refusal::from(&error), expected);
    assert_eq!(error.to_string(), format!("INVALID_QUERY_LOCATOR: invalid query locator ({key})"));
}

#[test]
fn a_key_of_another_walk_is_refused() {
    let desk = Desk::new();
    many_parts(&desk.db, 3);
    let by_id = desk.db.walk::<Part>().page(1).unwrap().next.unwrap();
    let by_name = desk.db.walk_range(Part::FIELDS.name, ..).page(1).unwrap().next.unwrap();
    for (walk, key) in
        [(desk.db.walk::<Part>(), &by_name), (desk.db.walk_range(Part::FIELDS.name, ..), &by_id)]
    {
        assert_no_locator(walk.after(key.clone()).page(1), &key.to_string());
    }
    assert_no_locator(desk.db.walk::<Screw>().after(by_id.clone()).all(), &by_id.to_string());
    let twins = desk.db.walk_range(Part::FIELDS.twin_id, ..).after(by_name.clone()).all();
    assert_no_locator(twins, &by_name.to_string());
    let unresolved = desk.store.replica().unresolved_page(by_id.clone(), 10);
    assert_no_locator(unresolved, &by_id.to_string());
    let mut iterator = desk.db.walk::<Part>().after(by_name.clone()).into_iter();
    assert_no_locator(iterator.next().unwrap(), &by_name.to_string());
    assert!(iterator.next().is_none());
    // A key whose end is missing, and texts that are none.
    let short = by_id.to_string();
    let short: ResumeKey = short[..short.len() - 4].parse().unwrap();
    assert_no_locator(desk.db.walk::<Part>().after(short.clone()).all(), &short.to_string());
    for text in ["", "AXI", "not a key", "AnIAEAAA", &format!("{by_id}="), "ÄÖ"] {
        assert_no_locator(text.parse::<ResumeKey>(), text);
    }
    desk.verify();
}

#[test]
fn a_key_of_a_wider_range_does_not_widen_a_narrower_one() {
    let desk = Desk::new();
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        desk.db.create(PartCreate::new(name)).unwrap();
    }
    let names = |walk: Walk<Session, Record<Part>>| -> String {
        walk.all().unwrap().into_iter().map(|part| part.fields.name).collect()
    };
    let key_behind = |n| {
        let page = desk.db.walk_range(Part::FIELDS.name, ..).page(n).unwrap();
        page.next.unwrap()
    };
    let range = || desk.db.walk_range(Part::FIELDS.name, "c".to_owned().."e".to_owned());
    for (n, forward, back) in
        [(1, "cd", ""), (2, "cd", ""), (3, "d", ""), (4, "", "c"), (5, "", "dc"), (6, "", "dc")]
    {
        assert_eq!(names(range().after(key_behind(n))), forward, "behind {n}");
        assert_eq!(names(range().reverse().after(key_behind(n))), back, "before {n}");
    }
    desk.verify();
}

#[test]
fn pages_of_a_connection_survive_deletes_and_writes_between_them() {
    let desk = Desk::new();
    let ids = many_parts(&desk.db, 100);
    let mut seen = Vec::new();
    let mut key = None;
    loop {
        let page = desk.db.walk::<Part>().after(key).page(10).unwrap();
        seen.extend(page.items.iter().map(|part| part.id));
        key = page.next;
        if key.is_none() {
            break;
        }
        desk.clock.advance(TimeDelta::seconds(1));
        // The record that the key stands for goes, and so does the one that would come next.
        let last = ids.iter().position(|id| *id == seen[seen.len() - 1]).unwrap();
        desk.db.delete(ids[last]).unwrap();
        desk.db.delete(ids[last + 1]).unwrap();
        // One that was seen comes back later in no other place.
        desk.db.delete(seen[0]).ok();
        desk.db.undelete(seen[0]).unwrap();
    }
    let once: BTreeSet<_> = seen.iter().collect();
    assert_eq!(once.len(), seen.len(), "each record once");
    let stayed = desk.db.walk::<Part>().all().unwrap();
    assert!(stayed.iter().all(|part| seen.contains(&part.id)), "none that stayed is missed");
    assert!(seen.is_sorted());
    desk.verify();
}

#[test]
fn small_and_large_records_are_walked_alike() {
    let shop = Shop::of(&[KIT]);
    // Of these, many or few fit the bytes that are read at once.
    let body = |n: usize| "AAEC".repeat(if n.is_multiple_of(5) { 70_000 } else { n });
    for n in 0..60 {
        shop.create("Kit__c", &json!({ "Blob__c": body(n) }));
    }
    let kits = shop.object("Kit__c");
    for is_reverse in [false, true] {
        let walk = kits.walk_fields(&["Blob__c"]);
        let walk = if is_reverse { walk.reverse() } else { walk };
        for (n, kit) in walk.into_iter().enumerate() {
            let n = if is_reverse { 59 - n } else { n };
            assert!(kit.unwrap()["Blob__c"].as_str().unwrap_or_default() == body(n), "record {n}");
        }
    }
    assert_eq!(kits.walk().into_iter().count(), 60);
    shop.verify();
}

/// Readings, found by numbers.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(key_prefix = "a0R")]
struct Reading {
    #[field(create, nillable, filter, id_lookup)]
    count: Option<i64>,
    #[field(create, nillable, filter, id_lookup)]
    level: Option<f64>,
}

#[test]
fn numbers_that_no_record_can_have_do_not_find_those_without_one() {
    let store = Store::in_memory(&[Reading::OBJECT]).unwrap();
    let db = store.system();
    let least = -999_999_999_999_999_999;
    for (count, level) in [(None, None), (Some(least), Some(-0.5)), (Some(5), Some(0.5))] {
        db.create(ReadingCreate { count, level }).unwrap();
    }
    let (count, level) = (Reading::FIELDS.count, Reading::FIELDS.level);
    assert_eq!(db.find(count, i64::MIN).unwrap(), []);
    assert_eq!(db.find(count, None).unwrap().len(), 1);
    let from = |from: Bound<i64>| {
        let found = db.find_range(count, (from.map(Some), Bound::Unbounded)).unwrap();
        found.iter().map(|reading| reading.count.unwrap()).collect::<Vec<_>>()
    };
    for start in [i64::MIN, i64::MIN + 1, least] {
        assert_eq!(from(Bound::Included(start)), [least, 5], "from {start}");
    }
    assert_eq!(from(Bound::Excluded(i64::MIN)), [least, 5]);
    for nan in [f64::NAN, -f64::NAN, f64::from_bits(u64::MAX), f64::from_bits(u64::MAX >> 1)] {
        assert_eq!(db.find(level, nan).unwrap(), [], "{:x}", nan.to_bits());
        assert_eq!(db.find_range(level, Some(nan)..).unwrap(), [], "{:x}", nan.to_bits());
        assert_eq!(db.find_range(level, ..Some(nan)).unwrap(), [], "{:x}", nan.to_bits());
    }
    verify(&store);
}

#[test]
fn some_of_the_records_of_a_reference_are_found_without_reading_the_others() {
    let desk = Desk::new();
    let bo = desk.user("Bo");
    let session = |agent| LiveAgentSessionCreate { agent_id: agent, ..desk.session() };
    let mut of_bo = Vec::new();
    for n in 0..30 {
        let id = desk.db.create(session(if n % 2 == 0 { bo } else { desk.agent })).unwrap();
        if n % 2 == 0 {
            of_bo.push(id);
        }
    }
    let agent = LiveAgentSession::FIELDS.agent_id;
    let ids = |walk: Walk<Session, Record<LiveAgentSession>>| -> Vec<_> {
        walk.all().unwrap().iter().map(|session| session.id).collect()
    };
    assert_eq!(ids(desk.db.walk_value(agent, bo).limit(4)), of_bo[..4]);
    let last: Vec<_> = of_bo.iter().rev().take(4).copied().collect();
    assert_eq!(ids(desk.db.walk_value(agent, bo).reverse().limit(4)), last);
    desk.verify();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_names_and_the_steps_a_walk_gives_each_record_once_and_in_order(
        names in proptest::collection::vec("[a-cA-C]{0,2}[\u{0}ßé]?", 0..40),
        deleted in proptest::collection::vec(any::<prop::sample::Index>(), 0..8),
        sizes in proptest::collection::vec(1_usize..9, 1..6),
        is_reverse: bool,
    ) {
        let names = names.into_iter().filter(|name| !name.trim().is_empty());
        let db = Store::in_memory(&[Part::OBJECT]).unwrap().system();
        let views: Vec<_> = names.map(PartCreate::new).collect();
        let ids: Vec<_> =
            db.create_many(&views).unwrap().into_iter().map(Result::unwrap).collect();
        for index in deleted {
            if !ids.is_empty() {
                db.delete(ids[index.index(ids.len())]).ok();
            }
        }
        let mut expected = db.find_range(Part::FIELDS.name, ..).unwrap();
        if is_reverse {
            expected.reverse();
        }
        let walk = || {
            let walk = db.walk_range(Part::FIELDS.name, ..);
            if is_reverse { walk.reverse() } else { walk }
        };
        let (mut paged, mut key, mut sizes) = (Vec::new(), None, sizes.iter().cycle());
        loop {
            let size = *sizes.next().unwrap();
            let page = walk().after(key).page(size).unwrap();
            prop_assert!(page.items.len() == size || page.next.is_none());
            paged.extend(page.items);
            key = page.next;
            if key.is_none() {
                break;
            }
        }
        prop_assert_eq!(paged, expected);
    }
}
