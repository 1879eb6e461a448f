//! `FOR VIEW`, `FOR REFERENCE`, retrieve that counts as viewing, and the recently viewed list.

use proptest::prelude::*;
use serde_json::{json, to_value};
use sobject_core::{
    Caller, Connection, Error, Id, ObjectRight, Permissions, Soql, Store, chrono::TimeDelta,
    testing::Rig,
};

use super::{may, minutes, set};
use crate::desk::{Desk, LiveAgentSession, OBJECTS, refused, verify};

/// Sessions of a desk at noon.
fn sessions(desk: &Desk, n: usize) -> Vec<Id<LiveAgentSession>> {
    set(desk, "12:00:00");
    (0..n).map(|_| desk.db.create(desk.session()).unwrap()).collect()
}

fn recent(db: &Connection, limit: usize) -> Vec<Id<LiveAgentSession>> {
    let viewed = db.recently_viewed_of::<LiveAgentSession>(limit).unwrap();
    viewed.into_iter().map(|it| Id::new(it.id)).collect()
}

#[test]
fn for_view_dates_the_view_of_each_record_and_for_reference_the_reference() {
    let desk = Desk::new();
    let ids = sessions(&desk, 3);
    set(&desk, "13:00:00");
    let found = desk.db.soql("SELECT Id FROM LiveAgentSession ORDER BY Name LIMIT 2 FOR VIEW");
    assert_eq!(found.unwrap().total_size, 2);
    set(&desk, "14:00:00");
    let query = "SELECT LastViewedDate FROM LiveAgentSession ORDER BY Name OFFSET 1 FOR REFERENCE";
    let found = desk.db.soql(Soql::rest(query)).unwrap();
    let before = "2026-05-01T13:00:00.000+0000";
    assert_eq!(found.records[0]["LastViewedDate"], before, "as it was before the query");
    let dates = |id: Id<LiveAgentSession>| {
        let session = desk.get(id);
        (session.last_viewed_date, session.last_referenced_date)
    };
    let (one, two) = (Some(may("13:00:00")), Some(may("14:00:00")));
    assert_eq!(
        ids.iter().map(|id| dates(*id)).collect::<Vec<_>>(),
        [(one, one), (one, two), (None, two)]
    );
    desk.verify();
}

#[test]
fn what_is_noted_is_what_was_given() {
    let desk = Desk::new();
    let ids = sessions(&desk, 401);
    let query = Soql::new("SELECT Id FROM LiveAgentSession FOR VIEW").batch_size(200);
    let first = desk.db.soql(query).unwrap();
    assert_eq!(recent(&desk.db, 500).len(), 200);
    let second = desk.db.query_more(first.next.as_ref().unwrap()).unwrap();
    assert_eq!(recent(&desk.db, 500).len(), 400);
    desk.db.query_more(second.next.as_ref().unwrap()).unwrap();
    assert_eq!(recent(&desk.db, 500).len(), 401);
    assert_eq!(recent(&desk.db, 2), [ids[400], ids[399]]);

    // Rows one after another are noted when they begin.
    let bo = desk.store.connect(Caller::system_as(desk.user("Bo")));
    let mut rows = bo.soql_rows("SELECT Id FROM LiveAgentSession LIMIT 3 FOR REFERENCE").unwrap();
    assert_eq!(rows.next().unwrap().unwrap()["Id"], ids[0].to_string());
    assert_eq!(recent(&bo, 500), [ids[2], ids[1], ids[0]]);
    desk.verify();
}

#[test]
fn many_rows_one_after_another_are_noted_in_several_writes() {
    let rig = Rig::default();
    let desk = Desk::with(|builder| builder.on_rig(&rig).in_memory(OBJECTS));
    let ids = sessions(&desk, 2_001);
    rig.count_anew();
    let rows = desk.db.soql_rows("SELECT Id FROM LiveAgentSession FOR VIEW").unwrap();
    assert_eq!(rig.counts().write, 2);
    assert_eq!(rows.count(), 2_001);
    assert_eq!(recent(&desk.db, 2), [ids[2_000], ids[1_999]]);
    assert!(ids.iter().all(|id| desk.get(*id).last_viewed_date == Some(may("12:00:00"))));
}

#[test]
fn where_nothing_is_noted_the_query_is_refused_at_the_words() {
    let desk = Desk::new();
    sessions(&desk, 1);
    let in_db = |text: &str| refused(desk.db.soql(text)).message;
    for (text, what) in [
        ("SELECT COUNT() FROM LiveAgentSession FOR VIEW", "of what is counted or grouped"),
        ("SELECT COUNT(Id) FROM LiveAgentSession FOR VIEW", "of what is counted or grouped"),
        ("SELECT Name FROM Part FOR VIEW", "of an object without a field LastViewedDate"),
    ] {
        let message = in_db(text);
        assert!(message.contains(&format!("FOR VIEW {what} is not supported")), "{message}");
    }
    let message = in_db("SELECT Name FROM Part FOR REFERENCE");
    assert!(message.contains("without a field LastReferencedDate"), "{message}");
    let text = "SELECT Id FROM LiveAgentSession FOR VIEW";
    let session = desk.db.session().unwrap();
    let in_session = [refused(session.soql(text)), refused(session.soql_rows(text).map(drop))];
    let in_transaction = desk.db.transaction(|tx| Ok::<_, Error>(refused(tx.soql(text)))).unwrap();
    for refusal in in_session.into_iter().chain([in_transaction]) {
        assert_eq!(refusal.code, "MALFORMED_QUERY");
        assert!(refusal.message.contains("in a session, a transaction"), "{}", refusal.message);
    }
    let prepared = desk.db.prepare(text).unwrap();
    let in_place = refused(prepared.all(|row| row.json(0))).message;
    assert!(in_place.contains("a prepared query whose rows are read in place"), "{in_place}");
    assert!(desk.db.explain(text).is_ok(), "to plan is not to see");
    assert!(recent(&desk.db, 10).is_empty());
    desk.verify();
}

#[test]
fn the_recently_viewed_are_listed_newest_first_even_within_a_second() {
    let desk = Desk::new();
    let ids = sessions(&desk, 4);
    for id in [ids[2], ids[0], ids[3]] {
        desk.db.mark_viewed(id).unwrap();
    }
    assert_eq!(recent(&desk.db, 10), [ids[3], ids[0], ids[2]]);
    desk.db.mark_referenced(ids[2]).unwrap();
    assert_eq!(recent(&desk.db, 10), [ids[2], ids[3], ids[0]], "a record is listed once");
    assert_eq!(recent(&desk.db, 1), [ids[2]]);
    assert!(recent(&desk.db, 0).is_empty());
    desk.clock.advance(minutes(1));
    desk.db.mark_viewed(ids[1]).unwrap();
    assert_eq!(recent(&desk.db, 2), [ids[1], ids[2]]);
    desk.verify();
}

#[test]
fn the_list_is_printed_as_an_org_prints_it() {
    let desk = Desk::new();
    let id = sessions(&desk, 1)[0];
    desk.object("LiveAgentSession").mark_viewed(id.into()).unwrap();
    let listed = desk.db.recently_viewed(5).unwrap();
    let expected = json!([{
        "attributes": {
            "type": "LiveAgentSession",
            "url": format!("/services/data/v65.0/sobjects/LiveAgentSession/{id}"),
        },
        "Id": id.to_string(),
        "Name": "00000001",
    }]);
    assert_eq!(to_value(&listed).unwrap(), expected);
    let printed = serde_json::to_string(&listed[0]).unwrap();
    assert!(printed.starts_with(r#"{"attributes":{"type":"#), "{printed}");
}

#[test]
fn each_user_has_a_list_and_deleted_records_are_left_out_of_it() {
    let desk = Desk::new();
    let ids = sessions(&desk, 3);
    let bo = desk.store.connect(Caller::system_as(desk.user("Bo")));
    for id in &ids {
        desk.db.mark_viewed(*id).unwrap();
    }
    desk.object("LiveAgentSession").mark_referenced(ids[0].into()).unwrap();
    assert!(recent(&bo, 10).is_empty());
    desk.db.delete(ids[2]).unwrap();
    assert_eq!(recent(&desk.db, 10), [ids[0], ids[1]]);
    assert_eq!(recent(&desk.db, 1), [ids[0]]);
    desk.db.undelete(ids[2]).unwrap();
    assert_eq!(recent(&desk.db, 10), [ids[0], ids[2], ids[1]]);
    let all = desk.db.recently_viewed(10).unwrap();
    assert_eq!(all.len(), 3);

    // Whoever may no longer read the object sees none of it, nor a name that is hidden.
    let hidden = Permissions::none().grant("User", [ObjectRight::Read]);
    let nobody = desk.store.connect(Caller::user(desk.agent, hidden));
    assert_eq!(nobody.recently_viewed(10).unwrap(), []);
    assert_eq!(refused(nobody.recently_viewed_of::<LiveAgentSession>(1)).code, "INVALID_TYPE");
    desk.verify();
}

#[test]
fn retrieve_viewed_gives_the_records_with_the_dates_of_this_view() {
    let desk = Desk::new();
    let ids = sessions(&desk, 3);
    desk.db.delete(ids[1]).unwrap();
    desk.clock.advance(TimeDelta::hours(1));
    let read = desk.db.retrieve_viewed(&[ids[2], ids[1], ids[0]]).unwrap();
    let now = Some(may("13:00:00"));
    let dates: Vec<_> =
        read.iter().map(|it| it.as_ref().map(|it| (it.id, it.last_viewed_date))).collect();
    assert_eq!(dates, [Some((ids[2], now)), None, Some((ids[0], now))]);
    assert_eq!(recent(&desk.db, 10), [ids[0], ids[2]]);

    let sessions = desk.object("LiveAgentSession");
    desk.clock.advance(TimeDelta::hours(1));
    let read = sessions.retrieve_viewed(&["LastViewedDate"], &[ids[2].into()]).unwrap();
    let expected = "2026-05-01T14:00:00.000+0000";
    assert_eq!(read[0].as_ref().unwrap()["LastViewedDate"], expected);
    assert_eq!(recent(&desk.db, 10), [ids[2], ids[0]]);
    let refused_at = refused(sessions.retrieve_viewed(&["Nothing"], &[ids[0].into()]));
    assert_eq!(refused_at.code, "INVALID_FIELD");
    let parts = desk.object("Part");
    assert_eq!(refused(parts.retrieve_viewed(&["Name"], &[])).code, "FUNCTIONALITY_NOT_ENABLED");
    assert_eq!(recent(&desk.db, 10), [ids[2], ids[0]], "what is refused is not seen");
    desk.verify();
}

#[test]
fn an_object_that_is_dropped_takes_what_was_seen_of_it_along() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.redb");
    {
        let desk = Desk::with(|builder| builder.open(&path, OBJECTS));
        for id in sessions(&desk, 5) {
            desk.db.mark_viewed(id).unwrap();
        }
        desk.verify();
    }
    let without: Vec<_> =
        OBJECTS.iter().copied().filter(|it| it.name != "LiveAgentSession").collect();
    let dormant = Store::open(&path, &without).unwrap();
    verify(&dormant);
    assert_eq!(dormant.system().recently_viewed(5).unwrap(), []);
    drop(dormant);
    let dropped = Store::builder().drop_object("LiveAgentSession").open(&path, &without).unwrap();
    verify(&dropped);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn the_list_is_what_each_user_saw_last(
        steps in prop::collection::vec((0..2_usize, 0..6_usize, 0..5_u8), 1..40),
    ) {
        let desk = Desk::new();
        let ids = sessions(&desk, 6);
        let bo = desk.store.connect(Caller::system_as(desk.user("Bo")));
        let callers = [desk.db.clone(), bo];
        // Oldest first.
        let mut seen: [Vec<Id<LiveAgentSession>>; 2] = Default::default();
        for (user, n, kind) in steps {
            let (db, id) = (&callers[user], ids[n]);
            // What is live or deleted already is refused.
            let result = match kind {
                0 => db.mark_viewed(id),
                1 => db.mark_referenced(id),
                2 => db.delete(id),
                3 => db.undelete(id),
                _ => {
                    desk.clock.advance(TimeDelta::seconds(1));
                    Ok(())
                }
            };
            if result.is_ok() && kind < 2 {
                seen[user].retain(|it| *it != id);
                seen[user].push(id);
            }
        }
        for (db, seen) in callers.iter().zip(&seen) {
            let live = |id: &&Id<LiveAgentSession>| db.get(**id).is_ok();
            let expected: Vec<_> = seen.iter().rev().filter(live).copied().collect();
            prop_assert_eq!(recent(db, 10), expected);
        }
        desk.verify();
    }
}

#[test]
fn a_replicas_dates_place_its_record_in_the_list() {
    let desk = Desk::new();
    let ids = sessions(&desk, 2);
    desk.db.mark_viewed(ids[0]).unwrap();
    desk.clock.advance(minutes(1));
    desk.db.mark_referenced(ids[1]).unwrap();
    let copy = Store::builder().instance("cp0").in_memory(OBJECTS).unwrap();
    copy.replica().put_record(&desk.get(desk.agent)).unwrap();
    let replica = copy.replica_as(desk.agent);
    for id in ids.iter().rev() {
        replica.put_record(&desk.get(*id)).unwrap();
    }
    let db = copy.connect(Caller::system_as(desk.agent));
    assert_eq!(recent(&db, 10), [ids[1], ids[0]]);
    let mut never = desk.get(ids[1]);
    never.last_referenced_date = None;
    replica.put_record(&never).unwrap();
    assert_eq!(recent(&db, 10), [ids[0]]);
    verify(&copy);
}
