//! Queries for when the caller saw records, which are read for many rows together.

use serde_json::{Value as Json, json};
use sobject_core::{
    Connection, Error, Id, ManualClock, SObject, Store,
    chrono::{DateTime, TimeDelta, Utc},
    standard::{Group, User},
    testing::Rig,
};

use super::{Ticket, TicketCreate, ticket};
use crate::desk::{LiveAgentSession, MORNING, at};

const N: usize = 700;

/// A store of tickets, each with the one before as its parent; every third was seen a minute later than
/// the one seen before it.
fn tickets(rig: &Rig) -> (Store, ManualClock, Vec<Id<Ticket>>) {
    let clock = ManualClock::at(at(MORNING));
    let objects = &[Group::OBJECT, User::OBJECT, LiveAgentSession::OBJECT, Ticket::OBJECT];
    let builder = Store::builder().clock(clock.clone()).on_rig(rig);
    let store = builder.in_memory(objects).expect("a store opens");
    let db = store.system();
    let mut ids: Vec<Id<Ticket>> = Vec::new();
    for _ in 0..N {
        let parent_id = ids.last().copied();
        ids.push(db.create(TicketCreate { parent_id, ..ticket() }).expect("a ticket"));
    }
    for id in ids.iter().step_by(3) {
        clock.advance(TimeDelta::minutes(1));
        db.mark_viewed(*id).expect("it is seen");
    }
    (store, clock, ids)
}

/// When the ticket of this place was seen.
fn seen(n: usize) -> Option<DateTime<Utc>> {
    let minutes = i64::try_from(n / 3 + 1).expect("a few");
    n.is_multiple_of(3).then(|| at(MORNING) + TimeDelta::minutes(minutes))
}

fn printed(at: Option<DateTime<Utc>>) -> Json {
    at.map_or(Json::Null, |at| at.format("%Y-%m-%dT%H:%M:%S.000+0000").to_string().into())
}

/// The reads of the engine that `f` costs.
fn reads<R>(rig: &Rig, f: impl FnOnce() -> R) -> (R, u64) {
    rig.count_anew();
    let done = f();
    (done, rig.counts().reads())
}

#[test]
fn when_rows_and_their_parents_were_seen_is_read_together() {
    let rig = Rig::default();
    let (store, _, _) = tickets(&rig);
    let db = store.system();
    let text = "SELECT LastViewedDate, Parent.LastReferencedDate FROM Ticket ORDER BY Id";
    let (found, n) = reads(&rig, || db.soql(text).expect("tickets"));
    let told = |row: &sobject_core::JsonRecord| {
        (row["LastViewedDate"].clone(), row["Parent"]["LastReferencedDate"].clone())
    };
    let told: Vec<_> = found.records.iter().map(told).collect();
    let of = |n: usize| (printed(seen(n)), printed(n.checked_sub(1).and_then(seen)));
    assert_eq!(told, (0..N).map(of).collect::<Vec<_>>());
    assert!(n < 40, "{n} reads of the engine");

    let text = "SELECT COUNT() FROM Ticket WHERE Parent.LastViewedDate != null";
    let (found, n) = reads(&rig, || db.soql(text).expect("a count"));
    assert_eq!(found.total_size, (N - 1).div_ceil(3));
    assert!(n < 40, "{n} reads of the engine");

    let fields = Ticket::FIELDS;
    let selected = (fields.last_viewed_date, fields.parent_id.to(fields.last_viewed_date));
    let query = db.query::<Ticket>().order_by(fields.id.asc()).select(selected);
    let (rows, n) = reads(&rig, || query.all().expect("tickets"));
    let of = |n: usize| (seen(n), n.checked_sub(1).and_then(seen));
    assert_eq!(rows, (0..N).map(of).collect::<Vec<_>>());
    assert!(n < 40, "{n} reads of the engine");
}

#[test]
fn a_transaction_asks_anew_after_it_has_noted_more() {
    let (store, clock, ids) = tickets(&Rig::default());
    clock.advance(TimeDelta::days(1));
    let told = |found: sobject_core::QueryResult| found.records[0]["LastViewedDate"].clone();
    let text = format!("SELECT LastViewedDate FROM Ticket WHERE Id = '{}'", ids[0]);
    let done = store.system().transaction(|tx| {
        assert_eq!(told(tx.soql(&*text)?), printed(seen(0)));
        tx.mark_viewed(ids[0])?;
        assert_eq!(told(tx.soql(&*text)?), json!(printed(tx.get(ids[0])?.last_viewed_date)));
        assert_ne!(told(tx.soql(&*text)?), printed(seen(0)));
        Ok::<_, Error>(())
    });
    done.expect("it is noted");
}

/// What a caller is told who has seen nothing.
#[test]
fn who_has_seen_nothing_costs_nothing() {
    let rig = Rig::default();
    let (store, _, _) = tickets(&rig);
    let user: Connection = store.connect(sobject_core::Caller::system_as(
        store
            .system()
            .create(sobject_core::standard::UserCreate::new("Bo", "bo@example.com"))
            .expect("a user"),
    ));
    let (with, n_with) =
        reads(&rig, || user.soql("SELECT LastViewedDate FROM Ticket").expect("tickets"));
    assert!(with.records.iter().all(|row| row["LastViewedDate"].is_null()));
    assert!(n_with < 40, "{n_with} reads of the engine");
}
