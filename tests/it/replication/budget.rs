//! How many reads of the engine the calls of a follower cost, and what a caller has seen.

use sobject_core::{ChangeToken, Id, ManualClock, Store, chrono::TimeDelta, testing::Rig};

use super::{may, minutes};
use crate::desk::{Desk, OBJECTS, Part, PartCreate, at};

fn reads(rig: &Rig, what: &str, call: impl FnOnce()) -> u64 {
    rig.count_anew();
    call();
    let reads = rig.counts().reads();
    println!("{what}: {reads} reads of the engine");
    reads
}

#[test]
fn a_window_costs_as_many_reads_as_it_has_thousands_of_records() {
    let rig = Rig::default();
    let clock = ManualClock::at(may("08:00:00"));
    let store = Store::builder().clock(clock.clone()).on_rig(&rig).in_memory(OBJECTS).unwrap();
    let db = store.system();
    // 4,000 changes, two hundred in a minute.
    for _ in 0..20 {
        let parts: Vec<_> = (0..200).map(|n| PartCreate::new(format!("part {n}"))).collect();
        db.create_many(&parts).unwrap();
        clock.advance(TimeDelta::seconds(60));
    }
    for (from, length, n_expected) in [(0, 1, 400), (10, 2, 600), (19, 1, 200)] {
        let from = may("08:00:00") + minutes(from);
        let mut n_found = 0;
        let n_reads = reads(&rig, "a window", || {
            n_found = db.get_updated::<Part>(from..from + minutes(length)).unwrap().ids.len();
        });
        assert_eq!(n_found, n_expected);
        assert!(n_reads <= 40, "{n_reads} reads for the window of {from}");
    }
    let n_reads = reads(&rig, "a page of 2,000 changes", || {
        assert_eq!(db.changes(&ChangeToken::START).page(2_000).unwrap().changes.len(), 2_000);
    });
    assert!(n_reads <= 10, "{n_reads}");
}

#[test]
fn to_note_two_hundred_looks_costs_a_handful_of_reads() {
    let rig = Rig::default();
    let desk = Desk::with(|builder| builder.on_rig(&rig).in_memory(OBJECTS));
    let views: Vec<_> = (0..200).map(|_| desk.session()).collect();
    let ids: Vec<Id<_>> =
        desk.db.create_many(&views).unwrap().into_iter().map(Result::unwrap).collect();
    for round in 0..2 {
        desk.clock.set(at("2026-03-01T09:00:00Z") + minutes(round));
        let n_reads = reads(&rig, "FOR VIEW of 200 records", || {
            desk.db.soql("SELECT Id FROM LiveAgentSession FOR VIEW").unwrap();
        });
        assert!(n_reads <= 15, "{n_reads}");
        let n_reads = reads(&rig, "retrieve_viewed of 200 records", || {
            desk.db.retrieve_viewed(&ids).unwrap();
        });
        assert!(n_reads <= 15, "{n_reads}");
    }
    let n_reads = reads(&rig, "the 200 that were viewed last", || {
        assert_eq!(desk.db.recently_viewed(200).unwrap().len(), 200);
    });
    assert!(n_reads <= 6, "{n_reads}");
    desk.verify();
}
