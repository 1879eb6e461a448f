//! Age: how long a record can come back, how long it is shown, and when it is gone.

use serde_json::json;
use sobject_core::{Error, chrono::TimeDelta};

use super::{Attic, days, hours, second};
use crate::desk::{deleted_record, no_such_record, refusal, refused};

fn not_in_bin() -> crate::desk::Refusal {
    refusal("UNDELETE_FAILED", "Entity is not in the recycle bin", &[])
}

#[test]
fn a_record_comes_back_for_fifteen_days_and_not_a_second_longer() {
    for (waited, comes_back) in [
        (TimeDelta::zero(), true),
        (days(15) - second(), true),
        (days(15), false),
        (days(15) + hours(23), false),
        (days(100), false),
    ] {
        let attic = Attic::new();
        let id = attic.thrown("a");
        attic.wait(waited);
        // Nobody has purged anything.
        let undeleted = attic.boxes().undelete(id);
        if comes_back {
            undeleted.unwrap();
        } else {
            assert_eq!(refused(undeleted), not_in_bin(), "after {waited}");
        }
        attic.verify();
    }
}

#[test]
fn a_purge_takes_what_is_old_out_of_the_bin_and_removes_it_a_day_later() {
    let attic = Attic::new();
    let id = attic.thrown("a");
    let young = days(15) - second();
    attic.wait(young);
    assert_eq!(attic.store.purge().unwrap(), 0);
    attic.wait(second());
    assert_eq!(attic.store.purge().unwrap(), 1);
    assert_eq!(attic.store.purge().unwrap(), 0);
    assert_eq!(refused(attic.boxes().undelete(id)), not_in_bin());
    // It is still shown, and still a deleted record.
    attic.wait(hours(24) - second());
    assert_eq!((attic.store.purge().unwrap(), attic.shown("Box__c")), (0, 1));
    assert_eq!(refused(attic.boxes().get(id)), deleted_record());
    assert_eq!(refused(attic.boxes().delete(id)), deleted_record());
    attic.verify();
    // Then it is gone.
    attic.wait(second());
    assert_eq!((attic.store.purge().unwrap(), attic.shown("Box__c")), (1, 0));
    for refused in [
        refused(attic.boxes().get(id)),
        refused(attic.boxes().delete(id)),
        refused(attic.boxes().update(id, &json!({}))),
    ] {
        assert_eq!(refused, no_such_record());
    }
    assert_eq!(refused(attic.boxes().undelete(id)), not_in_bin());
    assert_eq!(attic.store.purge().unwrap(), 0);
    attic.verify();
}

#[test]
fn a_late_purge_does_at_once_what_was_due_in_two_steps() {
    let attic = Attic::new();
    attic.thrown("a");
    attic.wait(days(16));
    assert_eq!((attic.store.purge().unwrap(), attic.shown("Box__c")), (1, 0));
    attic.verify();
}

#[test]
fn writes_purge_in_passing_a_little_each() {
    let attic = Attic::new();
    attic.many_thrown(450);
    attic.wait(days(15));
    // What is refused, and what is rolled back, purges nothing.
    attic.boxes().update("a0Bxx0000009999".parse().unwrap(), &json!({})).unwrap_err();
    let taken_back = attic.store.system().transaction(|tx| {
        tx.object("Box__c")?.create(&json!({}))?;
        Err::<(), _>(Error::NestedWrite)
    });
    assert!(taken_back.is_err());
    // How many were taken out is told by how many an explicit purge finds to be left.
    attic.put("b");
    attic.put("c");
    assert_eq!(attic.store.purge().unwrap(), 50);
    attic.verify();

    // A day later they go from the file in the same way.
    attic.wait(hours(24));
    for left in [250, 50, 0, 0] {
        attic.boxes().create(&json!({})).unwrap();
        assert_eq!(attic.shown("Box__c"), left);
        attic.verify();
    }
}

#[test]
fn the_age_can_be_set_and_be_none() {
    let attic = Attic::with(|builder| builder.recycle_bin_age(days(3)));
    let id = attic.thrown("a");
    attic.wait(days(3) - second());
    attic.boxes().undelete(id).unwrap();
    attic.boxes().delete(id).unwrap();
    attic.wait(days(3));
    assert_eq!(refused(attic.boxes().undelete(id)), not_in_bin());
    attic.verify();

    let attic = Attic::with(|builder| builder.recycle_bin_age(None));
    let id = attic.thrown("a");
    attic.wait(days(5000));
    assert_eq!(attic.store.purge().unwrap(), 0);
    attic.boxes().undelete(id).unwrap();
    attic.verify();
}

#[test]
fn a_record_that_came_back_and_was_deleted_again_is_as_old_as_its_last_delete() {
    let attic = Attic::new();
    let id = attic.thrown("a");
    attic.wait(days(14));
    attic.boxes().undelete(id).unwrap();
    attic.boxes().delete(id).unwrap();
    attic.wait(days(14));
    assert_eq!(attic.store.purge().unwrap(), 0);
    attic.boxes().undelete(id).unwrap();
    attic.verify();
}
