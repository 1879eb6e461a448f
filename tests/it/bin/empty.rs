//! Emptying: records by their ids, all of them, or those of an age.

use serde_json::json;
use sobject_core::{Caller, RecordId};

use super::{Attic, days, hours, second, without_delete};
use crate::{
    desk::{Refusal, refusal, refused, rolled_back},
    types::outcomes,
};

fn no_entry() -> Refusal {
    refusal("INVALID_ID_FIELD", "invalid record id; no recycle bin entry found", &[])
}

#[test]
fn an_emptied_record_never_comes_back_and_is_shown_for_a_day() {
    let attic = Attic::new();
    let id = attic.thrown("a");
    assert_eq!(outcomes(attic.boxes().empty_recycle_bin(&[id]).unwrap()), [None]);
    attic.verify();
    assert_eq!(refused(attic.boxes().undelete(id)).code, "UNDELETE_FAILED");
    attic.wait(hours(24) - second());
    assert_eq!((attic.store.purge().unwrap(), attic.shown("Box__c")), (0, 1));
    attic.wait(second());
    assert_eq!((attic.store.purge().unwrap(), attic.shown("Box__c")), (1, 0));
    attic.verify();
}

#[test]
fn what_has_no_entry_in_the_bin_cannot_be_emptied() {
    let attic = Attic::new();
    let live = attic.put("live");
    let emptied = attic.thrown("emptied");
    attic.boxes().empty_recycle_bin(&[emptied]).unwrap();
    let root = attic.put("root");
    let along = attic.thing_in(root);
    attic.boxes().delete(root).unwrap();
    let nobody: RecordId = "a0Bxx0000009999".parse().unwrap();
    let of_another: RecordId = "a0Txx0000009999".parse().unwrap();
    let wrong =
        refusal("MALFORMED_ID", "Box ID: id value of incorrect type: a0Txx0000009999EAA", &["Id"]);
    let ids = [live, emptied, nobody, of_another];
    let expected = || {
        let wrong = refusal(wrong.code, wrong.message.clone(), &["Id"]);
        [Some(no_entry()), Some(no_entry()), Some(no_entry()), Some(wrong)]
    };
    assert_eq!(outcomes(attic.boxes().empty_recycle_bin(&ids).unwrap()), expected());
    let results = attic.things().empty_recycle_bin(&[along]).unwrap();
    assert_eq!(outcomes(results), [Some(no_entry())]);
    // The same twice in one call: the second time there is none.
    let results = attic.boxes().empty_recycle_bin(&[root, root]).unwrap();
    assert_eq!(outcomes(results), [None, Some(no_entry())]);
    // One that is too old has left by itself, be it that no purge came to it.
    let old = attic.thrown("old");
    attic.wait(days(15));
    let results = attic.boxes().empty_recycle_bin(&[old]).unwrap();
    assert_eq!(outcomes(results), [Some(no_entry())]);
    attic.verify();
}

#[test]
fn all_of_them_are_emptied_or_none_where_that_is_asked() {
    let attic = Attic::new();
    let (live, thrown) = (attic.put("live"), attic.thrown("thrown"));
    let boxes = attic.store.system().all_or_none().object("Box__c").unwrap();
    let results = boxes.empty_recycle_bin(&[thrown, live]).unwrap();
    assert_eq!(outcomes(results), [Some(rolled_back()), Some(no_entry())]);
    attic.boxes().undelete(thrown).unwrap();
    let many = vec![live; 201];
    assert_eq!(refused(boxes.empty_recycle_bin(&many)).code, "EXCEEDED_ID_LIMIT");
    attic.verify();
}

#[test]
fn what_went_along_leaves_with_its_root() {
    let attic = Attic::new();
    let (root, other) = (attic.put("root"), attic.put("other"));
    let things: Vec<_> = (0..3).map(|_| attic.thing_in(root)).collect();
    let beside = attic.thing_in(other);
    attic.things().update(beside, &json!({ "Beside__c": root })).unwrap();
    attic.boxes().delete(root).unwrap();
    assert_eq!(attic.things().get(beside).unwrap()["Beside__c"], json!(null));
    attic.boxes().empty_recycle_bin(&[root]).unwrap();
    for thing in &things {
        assert_eq!(refused(attic.things().undelete(*thing)).code, "UNDELETE_FAILED");
    }
    assert_eq!(attic.shown("Thing__c"), 3);
    attic.verify();
    attic.wait(hours(24));
    attic.store.purge().unwrap();
    assert_eq!((attic.shown("Thing__c"), attic.shown("Box__c")), (0, 0));
    assert_eq!(attic.things().get(beside).unwrap()["Beside__c"], json!(null));
    attic.verify();
}

#[test]
fn a_root_with_many_records_is_removed_little_by_little() {
    let attic = Attic::new();
    let root = attic.put("root");
    for _ in 0..3 {
        let things = vec![json!({ "Box__c": root }); 150];
        assert!(attic.things().create_many(&things).unwrap().iter().all(Result::is_ok));
    }
    attic.boxes().delete(root).unwrap();
    attic.boxes().empty_recycle_bin(&[root]).unwrap();
    attic.wait(hours(24));
    for (things, boxes) in [(250, 1), (50, 1), (0, 0)] {
        attic.put(&format!("{things}"));
        assert_eq!((attic.shown("Thing__c"), attic.shown("Box__c")), (things, boxes));
        attic.verify();
    }
}

#[test]
fn the_whole_bin_or_what_is_old_in_it_is_emptied() {
    let attic = Attic::new();
    let db = attic.store.system();
    let old = attic.many_thrown(2_100);
    let root = attic.put("root");
    let thing = attic.thing_in(root);
    let alone = attic.thing_in(root);
    attic.things().delete(alone).unwrap();
    attic.wait(days(3));
    attic.boxes().delete(root).unwrap();
    let young = attic.thrown("young");
    assert_eq!(db.empty_recycle_bin_older_than(days(3) + second()).unwrap(), 0);
    // The thing that was deleted alone is gone for good with its box.
    assert_eq!(db.empty_recycle_bin_older_than(days(3)).unwrap(), 2_100);
    assert_eq!(refused(attic.boxes().undelete(old[0])).code, "UNDELETE_FAILED");
    attic.boxes().undelete(young).unwrap();
    attic.boxes().delete(young).unwrap();
    assert_eq!(db.empty_whole_recycle_bin().unwrap(), 2, "two boxes, and not what went along");
    assert_eq!(db.empty_whole_recycle_bin().unwrap(), 0);
    assert_eq!(refused(attic.things().undelete(thing)).code, "UNDELETE_FAILED");
    attic.verify();
    attic.wait(days(1));
    attic.store.purge().unwrap();
    assert_eq!((attic.shown("Thing__c"), attic.shown("Box__c")), (0, 0));
    attic.verify();
}

#[test]
fn emptying_takes_the_right_to_delete() {
    let attic = Attic::new();
    let thrown = attic.thrown("a");
    let root = attic.put("b");
    let thing = attic.thing_in(root);
    attic.things().delete(thing).unwrap();
    let user: RecordId = "005xx0000000001".parse().unwrap();
    let db = attic.store.connect(Caller::user(user, without_delete()));
    let results = db.object("Box__c").unwrap().empty_recycle_bin(&[thrown]).unwrap();
    let message = "insufficient access rights on object id";
    let expected = refusal("INSUFFICIENT_ACCESS_OR_READONLY", message, &[]);
    assert_eq!(outcomes(results), [Some(expected)]);
    // The whole bin is what the caller may delete.
    assert_eq!(db.empty_whole_recycle_bin().unwrap(), 1);
    assert_eq!(refused(attic.things().undelete(thing)).code, "UNDELETE_FAILED");
    attic.boxes().undelete(thrown).unwrap();
    attic.verify();
}
