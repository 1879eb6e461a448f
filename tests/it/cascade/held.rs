//! What holds a record back from being deleted.

use serde_json::json;
use sobject_core::{Caller, ObjectRight, Permissions};

use super::Yard;
use crate::desk::{nothing_changes, refusal, refused};

fn in_use(name: &str, by: &str, names: &str) -> crate::desk::Refusal {
    let message = format!(
        "Your attempt to delete {name} could not be completed because it is associated with the \
         following {by}.: {names}\n"
    );
    refusal("DELETE_FAILED", message, &[])
}

#[test]
fn a_holder_keeps_what_it_holds_and_nothing_changes() {
    let yard = Yard::new();
    let master = yard.master("M");
    yard.detail(master, "D");
    yard.create("Master__c", &json!({ "Favourite__c": master }));
    let holder = yard.create("Holder__c", &json!({ "Name": "Hook", "Master__c": master }));
    nothing_changes(&yard.store, || {
        assert_eq!(refused(yard.of(master).delete(master)), in_use("M", "holders", "Hook"));
    });
    // It may do without.
    yard.update(holder, &json!({ "Master__c": null }));
    yard.delete(master);
    yard.verify();
}

#[test]
fn what_is_held_far_below_holds_the_root() {
    let yard = Yard::new();
    let master = yard.master("M");
    let detail = yard.detail(master, "D");
    let holder = yard.create("Holder__c", &json!({ "Name": "Hook", "Detail__c": detail }));
    nothing_changes(&yard.store, || {
        assert_eq!(refused(yard.of(master).delete(master)), in_use("M", "holders", "Hook"));
        assert_eq!(refused(yard.of(detail).delete(detail)), in_use("D", "holders", "Hook"));
    });
    yard.delete(holder);
    yard.delete(master);
    yard.verify();
}

#[test]
fn a_holder_that_goes_along_holds_nothing() {
    let yard = Yard::new();
    let master = yard.master("M");
    let detail = yard.detail(master, "D");
    let hook = |n: usize| {
        let record =
            json!({ "Name": format!("Hook {n}"), "Detail__c": detail, "Along__c": master });
        yard.create("Holder__c", &record)
    };
    let along: Vec<_> = (0..8).map(hook).collect();
    let stays = yard.create("Holder__c", &json!({ "Name": "Stays", "Detail__c": detail }));
    nothing_changes(&yard.store, || {
        assert_eq!(refused(yard.of(master).delete(master)), in_use("M", "holders", "Stays"));
    });
    yard.delete(stays);
    yard.delete(master);
    assert!(yard.live(&along).iter().all(|live| !live));
    yard.undelete(master);
    assert!(yard.live(&along).iter().all(|live| *live));
    assert_eq!(yard.get(along[0])["Detail__c"], json!(detail));
    yard.verify();
}

#[test]
fn a_holder_in_the_bin_holds_nothing() {
    let yard = Yard::new();
    let master = yard.master("M");
    let holder = yard.create("Holder__c", &json!({ "Master__c": master }));
    yard.delete(holder);
    yard.delete(master);
    // Its reference leads nowhere, and may be null.
    yard.undelete(holder);
    assert_eq!(yard.get(holder)["Master__c"], json!(null));
    yard.verify();
}

#[test]
fn five_of_many_holders_are_named() {
    let yard = Yard::new();
    let master = yard.master("M");
    for n in 0..9 {
        yard.create("Holder__c", &json!({ "Name": format!("H{n}"), "Master__c": master }));
    }
    let refusal = refused(yard.of(master).delete(master));
    assert_eq!(refusal, in_use("M", "holders", "H0, H1, H2, H3, H4"));
}

#[test]
fn whoever_may_not_read_the_holders_is_not_told_of_them() {
    let yard = Yard::new();
    let (ada, _) = yard.user();
    let master = yard.master("M");
    yard.create("Holder__c", &json!({ "Name": "Hook", "Master__c": master }));
    let rights = Permissions::none()
        .grant("Master__c", [ObjectRight::Read, ObjectRight::Edit, ObjectRight::Delete]);
    let db = yard.store.connect(Caller::user(ada, rights));
    let refusal = refused(db.object("Master__c").unwrap().delete(master));
    assert_eq!(refusal, in_use("M", "other records", ""));
}
