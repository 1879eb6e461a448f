//! Per-caller fields: when each user last viewed and referenced a record.

use serde_json::json;
use sobject_core::{
    Caller, Connection, Error, Id,
    chrono::{DateTime, TimeDelta, Utc},
};

use crate::desk::{Desk, LiveAgentSession, PartCreate, at, verify};

/// When the caller of `db` last viewed and last referenced a session.
fn seen(
    db: &Connection,
    id: Id<LiveAgentSession>,
) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let session = db.get(id).unwrap();
    (session.last_viewed_date, session.last_referenced_date)
}

/// Eight o'clock and this many minutes.
fn eight(minutes: i64) -> DateTime<Utc> {
    at("2026-03-01T08:00:00Z") + TimeDelta::minutes(minutes)
}

#[test]
fn a_record_that_nobody_looked_at_has_neither_date() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    assert_eq!(seen(&desk.db, id), (None, None), "creating is not viewing");
    desk.verify();
}

#[test]
fn each_caller_has_dates_of_its_own() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    let other = desk.db.create(desk.session()).unwrap();
    let bo = desk.store.connect(Caller::system_as(desk.user("Bo")));
    desk.clock.advance(TimeDelta::minutes(1));
    desk.db.mark_referenced(id).unwrap();
    desk.clock.advance(TimeDelta::minutes(1));
    bo.mark_viewed(id).unwrap();
    desk.clock.advance(TimeDelta::minutes(1));

    assert_eq!(seen(&desk.db, id), (None, Some(eight(1))));
    assert_eq!(seen(&bo, id), (Some(eight(2)), Some(eight(2))), "a view is a reference too");
    assert_eq!(seen(&desk.store.system(), id), (None, None));
    assert_eq!(seen(&bo, other), (None, None));

    bo.mark_referenced(id).unwrap();
    assert_eq!(seen(&bo, id), (Some(eight(2)), Some(eight(3))));
    desk.store.system().mark_viewed(id).unwrap();
    assert_eq!(seen(&desk.store.system(), id), (Some(eight(3)), Some(eight(3))));
    assert_eq!(seen(&desk.db, id), (None, Some(eight(1))));
    desk.verify();
}

#[test]
fn looking_does_not_change_the_record() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    let before = desk.get(id);
    desk.clock.advance(TimeDelta::minutes(5));
    desk.nothing_changes(|| desk.db.mark_viewed(id).unwrap());
    let mut expected = before;
    expected.last_viewed_date = Some(eight(5));
    expected.last_referenced_date = Some(eight(5));
    assert_eq!(desk.get(id), expected);
}

#[test]
fn every_read_shows_the_dates() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    desk.db.mark_viewed(id).unwrap();
    let record = desk.get(id);
    assert_eq!(record.last_viewed_date, Some(eight(0)));
    assert_eq!(desk.db.retrieve(&[id]).unwrap(), [Some(record.clone())]);
    assert_eq!(desk.db.find(LiveAgentSession::FIELDS.name, "00000001").unwrap(), [record]);
    let sessions = desk.object("LiveAgentSession");
    let expected = json!("2026-03-01T08:00:00.000+0000");
    assert_eq!(sessions.get(id.into()).unwrap()["LastViewedDate"], expected);
    let rows = sessions.retrieve(&["LastReferencedDate"], &[id.into()]).unwrap();
    assert_eq!(rows[0].as_ref().unwrap()["LastReferencedDate"], expected);
    desk.verify();
}

#[test]
fn the_dates_outlive_the_recycle_bin() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    desk.db.mark_viewed(id).unwrap();
    desk.db.delete(id).unwrap();
    desk.verify();
    desk.db.undelete(id).unwrap();
    assert_eq!(seen(&desk.db, id), (Some(eight(0)), Some(eight(0))));
    desk.verify();
}

#[test]
fn a_transaction_sees_its_own_look_and_takes_it_back() {
    let desk = Desk::new();
    let id = desk.db.create(desk.session()).unwrap();
    desk.db
        .transaction(|tx| -> Result<(), Error> {
            tx.mark_viewed(id)?;
            assert_eq!(tx.get(id)?.last_viewed_date, Some(eight(0)));
            assert_eq!(seen(&desk.db, id), (None, None));
            Err(Error::NestedWrite)
        })
        .unwrap_err();
    assert_eq!(seen(&desk.db, id), (None, None));
    desk.verify();
}

#[test]
fn the_dates_are_kept_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.redb");
    let (id, agent) = {
        let desk = Desk::with(|builder| builder.open(&path, crate::desk::OBJECTS));
        let id = desk.db.create(desk.session()).unwrap();
        desk.db.mark_referenced(id).unwrap();
        (id, desk.agent)
    };
    let store = sobject_core::Store::open(&path, crate::desk::OBJECTS).unwrap();
    assert_eq!(seen(&store.connect(Caller::system_as(agent)), id), (None, Some(eight(0))));
    assert_eq!(seen(&store.system(), id), (None, None));
    verify(&store);
}

#[test]
fn an_object_without_the_dates_is_not_marked() {
    let desk = Desk::new();
    let part = desk.db.create(PartCreate::new("Wheel")).unwrap();
    desk.nothing_changes(|| {
        for error in
            [desk.db.mark_viewed(part).unwrap_err(), desk.db.mark_referenced(part).unwrap_err()]
        {
            assert!(matches!(error, Error::NotSupported { .. }), "{error:?}");
        }
    });
}
