//! Cutting the feed off, and the cursors that hold it.

use sobject_core::{
    ChangeToken, Error, Id, ManualClock, Store,
    chrono::{DateTime, TimeDelta, Utc},
};

use super::{may, minutes};
use crate::desk::{Desk, OBJECTS, Part, PartCreate, at, refused, verify};

/// Makes a part at noon of each of these days after the first of May.
fn daily(store: &Store, clock: &ManualClock, days: std::ops::Range<i64>) -> Vec<Id<Part>> {
    let db = store.system();
    days.map(|day| {
        clock.set(may("12:00:00") + TimeDelta::days(day));
        db.create(PartCreate::new(format!("day {day}"))).unwrap()
    })
    .collect()
}

fn store() -> (Store, ManualClock) {
    let clock = ManualClock::at(may("08:00:00"));
    (Store::builder().clock(clock.clone()).in_memory(OBJECTS).unwrap(), clock)
}

/// The changes that are there behind a token.
fn n_behind(store: &Store, token: &ChangeToken) -> usize {
    store.system().changes(token).collect::<Result<Vec<_>, Error>>().expect("changes").len()
}

fn token_after(store: &Store, n: usize) -> ChangeToken {
    store.system().changes_from_start().page(n).unwrap().token
}

const FAR: &str = "2030-01-01T00:00:00Z";

fn far() -> DateTime<Utc> {
    at(FAR)
}

#[test]
fn what_a_window_may_ask_for_is_kept() {
    let (store, clock) = store();
    let parts = daily(&store, &clock, 0..60);
    assert_eq!(store.compact_feed(may("08:00:00")).unwrap(), 0, "nothing is older");
    let n_cut = store.compact_feed(may("12:00:00") + TimeDelta::days(10)).unwrap();
    assert_eq!(n_cut, 10, "what is older than asked for");
    let verified = verify(&store);
    assert_eq!((verified.changes, verified.live), (50, 60));
    // It is the 59th day at noon, and windows reach back to the 29th: a day more than that stays.
    let n_cut = store.compact_feed(far()).unwrap();
    assert_eq!(n_cut, 18);
    assert_eq!(store.compact_feed(far()).unwrap(), 0);
    verify(&store);
    let start = (may("00:00:00") + TimeDelta::days(29))..(may("00:00:00") + TimeDelta::days(60));
    let told = store.system().get_updated::<Part>(start).unwrap();
    assert_eq!(told.ids, parts[29..]);
    // The clock goes back, and what was cut off cannot be told.
    clock.set(may("12:00:00") + TimeDelta::days(40));
    let early = (may("00:00:00") + TimeDelta::days(12))..(may("00:00:00") + TimeDelta::days(30));
    let refused_at = refused(store.system().get_updated::<Part>(early));
    assert_eq!(refused_at.code, "INVALID_REPLICATION_DATE");
}

#[test]
fn the_last_change_is_kept_and_writers_go_on_behind_it() {
    let (store, clock) = store();
    daily(&store, &clock, 0..3);
    let end = token_after(&store, 3);
    clock.advance(TimeDelta::days(400));
    assert_eq!(store.compact_feed(far()).unwrap(), 2);
    assert_eq!(verify(&store).changes, 1);
    store.system().create(PartCreate::new("later")).unwrap();
    assert_eq!(n_behind(&store, &end), 1);
    verify(&store);
}

#[test]
fn a_long_feed_is_cut_off_in_steps() {
    let (store, clock) = store();
    let db = store.system();
    for _ in 0..60 {
        let parts: Vec<_> = (0..200).map(|n| PartCreate::new(format!("part {n}"))).collect();
        db.create_many(&parts).unwrap();
    }
    clock.advance(TimeDelta::days(400));
    assert_eq!(store.compact_feed(far()).unwrap(), 11_999);
    assert_eq!(verify(&store).changes, 1);
    assert_eq!(store.compact_feed(far()).unwrap(), 0);
}

#[test]
fn a_token_behind_which_changes_were_cut_off_is_refused() {
    let (store, clock) = store();
    daily(&store, &clock, 0..10);
    let tokens: Vec<_> = (0..=10).map(|n| token_after(&store, n.max(1))).collect();
    clock.advance(TimeDelta::days(400));
    assert_eq!(store.compact_feed(may("00:00:00") + TimeDelta::days(4)).unwrap(), 4);
    let db = store.system();
    for (n, token) in tokens.iter().enumerate().skip(1) {
        if n < 4 {
            let refused_at = refused(db.changes(token).page(1));
            assert_eq!(refused_at.code, "INVALID_REPLICATION_DATE");
            assert_eq!(refused_at.message, "changes behind the token were cut off from the feed");
            assert!(store.set_cursor("late", token).is_err());
        } else {
            assert_eq!(n_behind(&store, token), 10 - n, "the token behind change {n}");
        }
    }
    assert!(matches!(
        db.changes_from_start().page(1),
        Err(Error::ChangesCutOff { token }) if token == ChangeToken::START.to_string()
    ));
    verify(&store);
}

#[test]
fn what_a_cursor_has_not_read_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("parts.redb");
    let clock = ManualClock::at(may("08:00:00"));
    let open = || Store::builder().clock(clock.clone()).open(&path, OBJECTS).unwrap();
    {
        let store = open();
        daily(&store, &clock, 0..20);
        store.set_cursor("slow", &token_after(&store, 3)).unwrap();
        store.set_cursor("fast", &token_after(&store, 15)).unwrap();
        clock.advance(TimeDelta::days(400));
        assert_eq!(store.compact_feed(far()).unwrap(), 3);
        verify(&store);
    }
    let store = open();
    let slow = store.cursor("slow").unwrap().unwrap();
    assert_eq!(n_behind(&store, &slow), 17);
    let names: Vec<_> = store.cursors().unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["fast", "slow"]);

    // It moves on, or back as far as changes are kept.
    let page = store.system().changes(&slow).page(5).unwrap();
    store.set_cursor("slow", &page.token).unwrap();
    assert_eq!(store.compact_feed(far()).unwrap(), 5);
    store.set_cursor("fast", &page.token).unwrap();
    assert!(store.remove_cursor("slow").unwrap());
    assert!(!store.remove_cursor("slow").unwrap());
    assert_eq!(store.cursor("slow").unwrap(), None);
    assert_eq!(store.compact_feed(far()).unwrap(), 0);
    assert!(store.remove_cursor("fast").unwrap());
    assert_eq!(store.compact_feed(far()).unwrap(), 11, "all but the last");
    verify(&store);
}

#[test]
fn a_cursor_at_the_start_holds_everything() {
    let (store, clock) = store();
    daily(&store, &clock, 0..5);
    store.set_cursor("new", &ChangeToken::START).unwrap();
    clock.advance(TimeDelta::days(400));
    assert_eq!(store.compact_feed(far()).unwrap(), 0);
    assert_eq!(n_behind(&store, &ChangeToken::START), 5);
}

#[test]
fn a_cursor_has_a_name() {
    let (store, _) = store();
    for name in ["", &"x".repeat(256)] {
        let refused_at = refused(store.set_cursor(name, &ChangeToken::START));
        assert_eq!(refused_at.code, "FUNCTIONALITY_NOT_ENABLED");
    }
    store.set_cursor(&"ü".repeat(127), &ChangeToken::START).unwrap();
    verify(&store);
}

#[test]
fn arrivals_that_no_window_reaches_go_with_the_feed() {
    let source = Desk::new();
    source.clock.set(may("08:00:00"));
    let id = source.db.create(PartCreate::new("old")).unwrap();
    let (copy, clock) = store();
    let put = |name: &str| {
        source
            .db
            .update(id, crate::desk::PartUpdate { name: name.into(), ..Default::default() })
            .unwrap();
        copy.replica().put_record(&source.get(id)).unwrap();
    };
    put("first");
    source.clock.advance(TimeDelta::days(50));
    clock.advance(TimeDelta::days(50));
    put("second");
    assert_eq!(copy.compact_feed(far()).unwrap(), 1);
    verify(&copy);
    let day = may("00:00:00") + TimeDelta::days(50);
    let told = copy.system().get_updated::<Part>(day..day + minutes(1_000)).unwrap();
    assert_eq!(told.ids, [id]);
    // One that comes late, with a stamp from before the cut, is no contradiction.
    let late = source.db.create(PartCreate::new("late")).unwrap();
    let mut record = source.get(late);
    record.created_date = may("08:00:00");
    record.last_modified_date = may("08:00:00");
    record.system_modstamp = may("08:00:00");
    copy.replica().put_record(&record).unwrap();
    verify(&copy);
    assert_eq!(copy.compact_feed(far()).unwrap(), 0);
    verify(&copy);
}
