//! Capacity: beyond it the oldest records leave the bin, but none that came there in the last two hours.

use super::{Attic, days, hours, second};
use crate::desk::refused;

fn attic() -> Attic {
    Attic::with(|builder| builder.recycle_bin_capacity(3))
}

#[test]
fn without_a_capacity_the_bin_holds_any_number() {
    let attic = Attic::new();
    attic.many_thrown(60);
    attic.wait(days(14));
    attic.thrown("a");
    assert_eq!(attic.store.purge().unwrap(), 0);
    attic.verify();
}

#[test]
fn the_oldest_leave_first_and_only_as_many_as_there_are_too_many() {
    let attic = attic();
    let mut ids = Vec::new();
    for mark in ["a", "b", "c"] {
        ids.push(attic.thrown(mark));
        attic.wait(hours(3));
    }
    // The fourth is one too many, and the first has been there for long enough.
    ids.push(attic.thrown("d"));
    assert_eq!(refused(attic.boxes().undelete(ids[0])).code, "UNDELETE_FAILED");
    assert_eq!(attic.store.purge().unwrap(), 0);
    for id in &ids[1..] {
        attic.boxes().undelete(*id).unwrap();
    }
    attic.verify();
}

#[test]
fn what_came_in_the_last_two_hours_stays() {
    let attic = attic();
    let ids = attic.many_thrown(5);
    assert_eq!(attic.store.purge().unwrap(), 0, "none has been there for long enough");
    attic.wait(hours(2) - second());
    attic.put("x");
    assert_eq!(attic.store.purge().unwrap(), 0);
    attic.wait(second());
    // The next write does it.
    attic.put("y");
    assert_eq!(attic.store.purge().unwrap(), 0);
    let comes_back: Vec<_> = ids.iter().map(|id| attic.boxes().undelete(*id).is_ok()).collect();
    assert_eq!(comes_back.iter().filter(|it| **it).count(), 3);
    attic.verify();
}

#[test]
fn what_goes_along_does_not_count_and_goes_along() {
    let attic = attic();
    let root = attic.put("r");
    let things: Vec<_> = (0..4).map(|_| attic.thing_in(root)).collect();
    attic.boxes().delete(root).unwrap();
    attic.wait(hours(3));
    let ids = attic.many_thrown(2);
    assert_eq!(attic.store.purge().unwrap(), 0);
    attic.thrown("s");
    assert_eq!(refused(attic.boxes().undelete(root)).code, "UNDELETE_FAILED");
    assert_eq!(refused(attic.things().undelete(things[0])).code, "UNDELETE_FAILED");
    attic.boxes().undelete(ids[0]).unwrap();
    attic.verify();
    attic.wait(hours(24));
    attic.store.purge().unwrap();
    assert_eq!(attic.shown("Thing__c"), 0);
    attic.verify();
}
