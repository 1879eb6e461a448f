//! Up to where an answer of getUpdated or getDeleted is everything.

use std::{
    collections::BTreeSet,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};

use sobject_core::{
    Error, SystemClock,
    chrono::{TimeDelta, Utc},
};

use super::{may, minutes, set, window};
use crate::desk::{Desk, OBJECTS, Part, PartCreate};

#[test]
fn an_answer_covers_its_window_up_to_the_present() {
    let desk = Desk::new();
    set(&desk, "12:20:00");
    let covered = |start: &str, end: &str| {
        let updated = desk.db.get_updated::<Part>(window(start, end)).unwrap();
        let deleted = desk.db.get_deleted::<Part>(window(start, end)).unwrap();
        assert_eq!(updated.latest_date_covered, deleted.latest_date_covered);
        updated.latest_date_covered
    };
    assert_eq!(covered("12:00:00", "12:10:30"), may("12:10:00"), "the end, without its seconds");
    assert_eq!(covered("12:00:00", "12:20:00"), may("12:20:00"));
    set(&desk, "12:20:07");
    assert_eq!(covered("12:00:00", "23:00:00"), may("12:20:07"), "no later than now");
}

#[test]
fn a_write_after_an_answer_has_no_stamp_that_was_covered_though_the_clock_goes_back() {
    let desk = Desk::new();
    set(&desk, "12:20:30");
    let covered = desk.db.get_updated::<Part>(window("12:00:00", "23:00:00")).unwrap();
    set(&desk, "12:10:00");
    let id = desk.db.create(PartCreate::new("late")).unwrap();
    assert_eq!(desk.get(id).system_modstamp, may("12:20:30"));
    let next = desk.db.get_updated::<Part>(covered.latest_date_covered..may("23:00:00")).unwrap();
    assert_eq!(next.ids, [id]);
    desk.verify();
}

#[test]
fn a_write_under_way_is_not_covered() {
    let desk = Desk::new();
    set(&desk, "12:00:30");
    let ask = || desk.db.get_updated::<Part>(window("11:00:00", "12:30:00")).unwrap();
    let mut made = None;
    desk.db
        .transaction(|tx| {
            made = Some(tx.create(PartCreate::new("slow"))?);
            desk.clock.advance(minutes(10));
            let meanwhile = ask();
            assert!(meanwhile.ids.is_empty(), "it is not committed");
            assert_eq!(meanwhile.latest_date_covered, may("12:00:30"), "when the write began");
            Ok::<_, Error>(())
        })
        .unwrap();
    // The record has the stamp of the beginning of its write, and is in the next window.
    let from = may("12:00:30");
    let next = desk.db.get_updated::<Part>(from..may("12:30:00")).unwrap();
    assert_eq!((next.ids, next.latest_date_covered), (vec![made.unwrap()], may("12:10:30")));
    desk.verify();
}

#[test]
fn a_write_under_way_on_another_thread_is_not_covered() {
    let desk = Desk::new();
    set(&desk, "12:00:30");
    let (begun, has_begun) = mpsc::channel();
    let (go_on, goes_on) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        let db = desk.db.clone();
        let writer = scope.spawn(move || {
            db.transaction(|tx| {
                let id = tx.create(PartCreate::new("slow"))?;
                begun.send(()).unwrap();
                goes_on.recv().unwrap();
                Ok::<_, Error>(id)
            })
            .unwrap()
        });
        has_begun.recv().unwrap();
        desk.clock.advance(minutes(5));
        let meanwhile = desk.db.get_updated::<Part>(window("11:00:00", "12:30:00")).unwrap();
        assert_eq!(meanwhile.latest_date_covered, may("12:00:30"));
        go_on.send(()).unwrap();
        let id = writer.join().unwrap();
        let after = desk.db.get_updated::<Part>(meanwhile.latest_date_covered..may("12:30:00"));
        assert_eq!(after.unwrap().ids, [id]);
    });
}

#[test]
fn a_write_that_failed_or_panicked_is_no_longer_under_way() {
    let desk = Desk::new();
    set(&desk, "12:00:30");
    desk.db.transaction(|_| Err::<(), _>(Error::NestedWrite)).unwrap_err();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        desk.db.transaction(|_| -> Result<(), Error> { panic!("a write that panics") })
    }));
    assert!(panicked.is_err());
    desk.clock.advance(TimeDelta::minutes(3));
    let after = desk.db.get_updated::<Part>(window("11:00:00", "12:30:00")).unwrap();
    assert_eq!(after.latest_date_covered, may("12:03:30"));
}

#[test]
fn followers_miss_nothing_beside_writers() {
    let desk = Desk::with(|builder| builder.clock(SystemClock).in_memory(OBJECTS));
    let start = Utc::now() - minutes(5);
    let far = start + minutes(60);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..3)
            .map(|_| {
                let db = desk.db.clone();
                scope.spawn(move || {
                    (0..60)
                        .map(|n| db.create(PartCreate::new(format!("{n}"))).unwrap())
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let follower = scope.spawn(|| {
            let (mut from, mut told) = (start, BTreeSet::new());
            loop {
                let was_over = is_over.load(Ordering::SeqCst);
                let now = desk.db.get_updated::<Part>(from..far).unwrap();
                assert!(now.latest_date_covered >= from - minutes(1));
                told.extend(now.ids);
                from = now.latest_date_covered;
                if was_over {
                    return told;
                }
            }
        });
        let made: BTreeSet<_> = writers.into_iter().flat_map(|it| it.join().unwrap()).collect();
        is_over.store(true, Ordering::SeqCst);
        assert_eq!(follower.join().unwrap(), made);
    });
    desk.verify();
}
