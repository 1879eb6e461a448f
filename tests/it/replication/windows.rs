//! The rules of the windows of getUpdated and getDeleted.

use serde_json::{json, to_value};
use sobject_core::{
    Caller, Id, ObjectRight, Permissions, SObject, Store,
    chrono::{DateTime, TimeDelta, Utc},
};

use super::{deleted, may, minutes, set, updated, user_at, window};
use crate::desk::{
    Desk, LiveAgentSession, OBJECTS, Part, PartCreate, PartUpdate, Refusal, at, refusal, refused,
};

/// A record that is never replicated.
#[derive(SObject)]
#[sobject(key_prefix = "a0L", label = "Local Note", calls(create, delete, query, retrieve))]
struct LocalNote {
    #[field(create)]
    body: String,
}

fn part(desk: &Desk, time: &str, name: &str) -> Id<Part> {
    set(desk, time);
    desk.db.create(PartCreate::new(name)).unwrap()
}

#[test]
fn the_seconds_of_a_window_are_dropped_and_both_its_edges_count() {
    let desk = Desk::new();
    let a = part(&desk, "12:10:30", "a");
    let b = part(&desk, "12:15:00", "b");
    let c = part(&desk, "12:15:01", "c");
    set(&desk, "12:40:00");
    for (start, end, expected) in [
        ("12:10:45", "12:15:50", vec![a, b]),
        ("12:10:00", "12:14:59", vec![a]),
        ("12:11:00", "12:15:59", vec![b]),
        ("12:15:00", "12:16:00", vec![b, c]),
        ("12:16:00", "12:40:00", vec![]),
        ("11:00:00", "12:10:59", vec![]),
    ] {
        assert_eq!(updated::<Part>(&desk, start, end), expected, "{start} to {end}");
    }
    set(&desk, "12:50:30");
    desk.db.delete(a).unwrap();
    set(&desk, "13:00:00");
    for (start, end, is_there) in [
        ("12:50:59", "12:52:00", true),
        ("12:48:00", "12:50:59", false),
        ("12:48:00", "12:51:00", true),
        ("12:51:00", "12:59:00", false),
    ] {
        let expected = if is_there { vec![(a, may("12:50:30"))] } else { vec![] };
        assert_eq!(deleted::<Part>(&desk, start, end), expected, "{start} to {end}");
    }
    desk.verify();
}

fn bad(message: &str) -> Refusal {
    refusal("INVALID_REPLICATION_DATE", message, &[])
}

#[test]
fn a_window_must_end_after_it_begins() {
    let desk = Desk::new();
    set(&desk, "12:40:00");
    let order = "startDate must be before endDate";
    let by_a_minute = "startDate must be before endDate by more than one minute";
    for (start, end, of_updated, of_deleted) in [
        ("12:10:00", "12:10:00", Some(order), Some(by_a_minute)),
        ("12:10:01", "12:10:59", Some(order), Some(by_a_minute)),
        ("12:11:00", "12:10:00", Some(order), Some(by_a_minute)),
        ("12:10:00", "12:11:00", None, Some(by_a_minute)),
        ("12:10:59", "12:11:01", None, Some(by_a_minute)),
        ("12:10:00", "12:11:59", None, Some(by_a_minute)),
        ("12:10:59", "12:12:00", None, None),
    ] {
        let answer = desk.db.get_updated::<Part>(window(start, end));
        assert_eq!(answer.err().as_ref().map(Refusal::from), of_updated.map(bad), "{start} {end}");
        let answer = desk.db.get_deleted::<Part>(window(start, end));
        assert_eq!(answer.err().as_ref().map(Refusal::from), of_deleted.map(bad), "{start} {end}");
    }
}

#[test]
fn a_window_reaches_back_some_days_before_the_day_of_the_call() {
    let desk = Desk::new();
    desk.clock.set(at("2026-05-31T17:20:00Z"));
    let end = at("2026-05-31T12:00:00Z");
    let too_old = bad("startDate before org replication enabled date");
    let from = |text: &str| at(text)..end;
    assert!(desk.db.get_updated::<Part>(from("2026-05-01T00:00:00Z")).is_ok());
    let refused_at = refused(desk.db.get_updated::<Part>(from("2026-04-30T23:59:59Z")));
    assert_eq!(refused_at, too_old);
    let answer = desk.db.get_deleted::<Part>(from("2026-05-16T00:00:00Z")).unwrap();
    assert_eq!(answer.earliest_date_available, at("2026-05-16T00:00:00Z"));
    let refused_at = refused(desk.db.get_deleted::<Part>(from("2026-05-15T23:59:59Z")));
    assert_eq!(refused_at, too_old);
}

#[test]
fn a_record_is_in_the_window_of_what_it_is_now() {
    let desk = Desk::new();
    let update = |id, time: &str| {
        set(&desk, time);
        desk.db.update(id, PartUpdate { name: time.into(), ..Default::default() }).unwrap();
    };
    let changed_later = part(&desk, "12:10:00", "changed later");
    let deleted_later = part(&desk, "12:10:00", "deleted later");
    let undeleted = part(&desk, "12:10:00", "undeleted");
    let gone_at_once = part(&desk, "12:20:00", "gone at once");
    update(deleted_later, "12:21:00");
    set(&desk, "12:22:00");
    for id in [deleted_later, gone_at_once, undeleted] {
        desk.db.delete(id).unwrap();
    }
    set(&desk, "12:23:00");
    desk.db.undelete(undeleted).unwrap();
    update(changed_later, "12:40:00");
    set(&desk, "13:00:00");

    assert!(updated::<Part>(&desk, "12:00:00", "12:15:00").is_empty());
    assert_eq!(updated::<Part>(&desk, "12:00:00", "12:30:00"), [undeleted]);
    assert_eq!(updated::<Part>(&desk, "12:00:00", "12:45:00"), [undeleted, changed_later]);
    let at = may("12:22:00");
    let gone = [(deleted_later, at), (gone_at_once, at)];
    assert_eq!(deleted::<Part>(&desk, "12:00:00", "12:45:00"), gone);
    assert!(deleted::<Part>(&desk, "12:23:00", "12:45:00").is_empty());
    desk.verify();
}

#[test]
fn a_window_tells_of_one_object() {
    let desk = Desk::new();
    let agent = user_at(&desk, "12:10:00", "Bo");
    let id = part(&desk, "12:11:00", "a");
    let session = desk.db.create(desk.session()).unwrap();
    set(&desk, "12:20:00");
    assert_eq!(updated::<Part>(&desk, "12:00:00", "12:20:00"), [id]);
    assert_eq!(updated::<LiveAgentSession>(&desk, "12:00:00", "12:20:00"), [session]);
    let users = desk.object("User").get_updated(window("12:00:00", "12:20:00")).unwrap();
    assert_eq!(users.ids, [agent.record_id()]);
}

#[test]
fn answers_are_printed_as_an_org_prints_them() {
    let desk = Desk::new();
    let id = part(&desk, "12:10:30", "a");
    set(&desk, "12:20:00");
    let answer = desk.db.get_updated::<Part>(window("12:00:00", "12:20:00")).unwrap();
    let expected =
        json!({ "ids": [id.to_string()], "latestDateCovered": "2026-05-01T12:20:00.000+0000" });
    assert_eq!(to_value(&answer).unwrap(), expected);
    desk.db.delete(id).unwrap();
    let answer = desk.object("Part").get_deleted(window("12:00:00", "12:30:00")).unwrap();
    let expected = json!({
        "deletedRecords": [{ "id": id.to_string(), "deletedDate": "2026-05-01T12:20:00.000+0000" }],
        "earliestDateAvailable": "2026-04-16T00:00:00.000+0000",
        "latestDateCovered": "2026-05-01T12:20:00.000+0000",
    });
    assert_eq!(to_value(&answer).unwrap(), expected);
}

#[test]
fn more_records_than_an_answer_lists_are_refused() {
    let desk = Desk::with(|builder| builder.window_limit(2).in_memory(OBJECTS));
    let ids = [part(&desk, "12:10:00", "a"), part(&desk, "12:11:00", "b")];
    set(&desk, "12:20:00");
    assert_eq!(updated::<Part>(&desk, "12:00:00", "12:20:00"), ids);
    part(&desk, "12:12:00", "c");
    set(&desk, "12:30:00");
    let too_many = refused(desk.db.get_updated::<Part>(window("12:00:00", "12:20:00")));
    assert_eq!(too_many.code, "EXCEEDED_ID_LIMIT");
    assert!(too_many.message.contains("more than 2 records"), "{}", too_many.message);
    assert_eq!(updated::<Part>(&desk, "12:00:00", "12:11:00"), ids, "a shorter window does");
}

/// `n` parts, created together.
fn parts(desk: &Desk, n: usize) -> Vec<Id<Part>> {
    let views: Vec<_> = (0..n).map(|n| PartCreate::new(format!("part {n}"))).collect();
    let created = views.chunks(200).flat_map(|views| desk.db.create_many(views).unwrap());
    created.map(|it| it.unwrap()).collect()
}

#[test]
fn what_changed_again_later_does_not_count_for_the_limit_however_much_it_is() {
    let desk = Desk::with(|builder| builder.window_limit(2).in_memory(OBJECTS));
    set(&desk, "12:10:00");
    let ids = parts(&desk, 9_000);
    set(&desk, "12:20:00");
    let counted = refused(desk.db.get_updated::<Part>(window("12:00:00", "12:15:00")));
    assert_eq!(counted.code, "EXCEEDED_ID_LIMIT");
    let (first, last) = (ids[0], ids[8_999]);
    let update =
        |id: &Id<Part>| (*id, PartUpdate { name: "later".to_owned().into(), ..Default::default() });
    let updates: Vec<_> = ids[1..8_999].iter().map(update).collect();
    for updates in updates.chunks(200) {
        desk.db.update_many(updates).unwrap().into_iter().for_each(|it| it.unwrap());
    }
    set(&desk, "12:30:00");
    assert_eq!(updated::<Part>(&desk, "12:00:00", "12:15:00"), [first, last]);
    let counted = refused(desk.db.get_updated::<Part>(window("12:16:00", "12:25:00")));
    assert_eq!(counted.code, "EXCEEDED_ID_LIMIT");
}

#[test]
fn an_object_without_the_calls_answers_neither() {
    let store = Store::in_memory(&[LocalNote::OBJECT]).unwrap();
    let db = store.system();
    let now: DateTime<Utc> = db.object("LocalNote").map(|_| Utc::now()).unwrap();
    let hour = now - TimeDelta::hours(1)..now;
    let message = "entity type LocalNote does not support replication";
    let expected = || refusal("INVALID_TYPE", message, &[]);
    assert_eq!(refused(db.get_updated::<LocalNote>(hour.clone())), expected());
    assert_eq!(refused(db.get_deleted::<LocalNote>(hour)), expected());
}

#[test]
fn a_caller_who_may_not_read_the_object_learns_nothing() {
    let desk = Desk::new();
    part(&desk, "12:10:00", "a");
    set(&desk, "12:20:00");
    let caller = |permissions| desk.store.connect(Caller::user(desk.agent, permissions));
    let nobody = caller(Permissions::none().grant("User", [ObjectRight::Read]));
    let refused_at = refused(nobody.get_updated::<Part>(window("12:00:00", "12:20:00")));
    assert_eq!(refused_at.code, "INVALID_TYPE");
    let reader = caller(Permissions::none().grant("Part", [ObjectRight::Read]));
    // What is told are ids, so no right to any field is needed.
    assert_eq!(reader.get_updated::<Part>(window("12:00:00", "12:20:00")).unwrap().ids.len(), 1);
}

#[test]
fn windows_that_meet_at_the_covered_date_miss_nothing() {
    let desk = Desk::new();
    let mut from = may("08:00:00");
    let mut told = std::collections::BTreeSet::new();
    let mut made = std::collections::BTreeSet::new();
    set(&desk, "08:00:00");
    for n in 0..60 {
        desk.clock.advance(TimeDelta::seconds(17 * (n % 5)));
        made.insert(desk.db.create(PartCreate::new(format!("part {n}"))).unwrap());
        if n % 4 == 3 {
            desk.clock.advance(minutes(2));
            let now = desk.db.get_updated::<Part>(from..may("23:00:00")).unwrap();
            from = now.latest_date_covered;
            told.extend(now.ids);
            assert_eq!(told, made);
        }
    }
}
