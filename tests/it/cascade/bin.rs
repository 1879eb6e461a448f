//! Details in the recycle bin: when they come back, and when they are gone for good.

use serde_json::json;

use super::Yard;
use crate::desk::{nothing_changes, refusal, refused};

fn not_in_the_bin() -> crate::desk::Refusal {
    refusal("UNDELETE_FAILED", "Entity is not in the recycle bin", &[])
}

#[test]
fn a_detail_that_was_deleted_before_its_master_is_gone_for_good() {
    let yard = Yard::new();
    let master = yard.master("M");
    let [early, late] = ["Early", "Late"].map(|name| yard.detail(master, name));
    let piece = yard.piece(early, "P");
    yard.delete(early);
    yard.tick();
    yard.delete(master);
    let gone = || {
        nothing_changes(&yard.store, || {
            assert_eq!(refused(yard.of(early).undelete(early)), not_in_the_bin());
            assert_eq!(refused(yard.of(piece).undelete(piece)), not_in_the_bin());
        });
    };
    gone();
    yard.undelete(master);
    assert_eq!(yard.live(&[master, late, early, piece]), [true, true, false, false]);
    gone();
    // It stays gone, whatever becomes of its master.
    yard.delete(master);
    yard.undelete(master);
    assert_eq!(yard.live(&[master, late, early, piece]), [true, true, false, false]);
    gone();
    yard.verify();
}

#[test]
fn a_detail_that_came_back_before_is_not_gone() {
    let yard = Yard::new();
    let [master, other] = ["M", "Other"].map(|name| yard.master(name));
    let [back, moved] = ["Back", "Moved"].map(|name| yard.detail(master, name));
    for id in [back, moved] {
        yard.delete(id);
        yard.undelete(id);
    }
    yard.update(moved, &json!({ "Master__c": other }));
    yard.delete(moved);
    yard.delete(master);
    yard.undelete(moved);
    yard.undelete(master);
    assert_eq!(yard.live(&[back, moved]), [true; 2]);
    yard.verify();
}

#[test]
fn a_detail_of_two_masters_is_gone_for_good_once_both_are_deleted() {
    for first in [0, 1] {
        let yard = Yard::new();
        let masters = ["Left", "Right"].map(|name| yard.master(name));
        let record = json!({ "Left__c": masters[0], "Right__c": masters[1] });
        let junction = yard.create("Junction__c", &record);
        let of_one =
            yard.create("Junction__c", &json!({ "Left__c": masters[0], "Right__c": masters[0] }));

        yard.delete(masters[first]);
        assert!(!yard.is_live(junction));
        yard.undelete(masters[first]);
        assert!(yard.is_live(junction), "one master was deleted, and is back");

        yard.delete(masters[first]);
        yard.delete(masters[1 - first]);
        yard.verify();
        for master in masters {
            yard.undelete(master);
        }
        assert_eq!(yard.live(&[junction, of_one]), [false, true]);
        assert_eq!(refused(yard.of(junction).undelete(junction)), not_in_the_bin());
        yard.verify();
    }
}

#[test]
fn what_a_detail_took_along_is_gone_with_it() {
    let yard = Yard::new();
    let masters = ["Left", "Right"].map(|name| yard.master(name));
    let detail = yard.detail(masters[0], "D");
    let piece = yard.piece(detail, "P");
    // The piece goes along with the left master, and its detail is then gone for good.
    yard.delete(detail);
    yard.delete(masters[0]);
    yard.undelete(masters[0]);
    assert_eq!(yard.live(&[detail, piece]), [false; 2]);
    yard.verify();
}

#[test]
fn a_unique_value_that_was_taken_meanwhile_keeps_the_whole_family_in_the_bin() {
    let yard = Yard::new();
    let [master, other] = ["M", "Other"].map(|name| yard.master(name));
    let mine = json!({ "Master__c": master, "Code__c": "one" });
    let detail = yard.create("Detail__c", &mine);
    let second = yard.detail(master, "Second");
    yard.delete(master);
    let theirs = json!({ "Master__c": other, "Code__c": "ONE" });
    let thief = yard.create("Detail__c", &theirs);
    nothing_changes(&yard.store, || {
        let refusal = refused(yard.of(master).undelete(master));
        assert_eq!(refusal.code, "DUPLICATE_VALUE", "{refusal:?}");
    });
    yard.delete(thief);
    yard.undelete(master);
    assert_eq!(yard.live(&[master, detail, second]), [true; 3]);
    nothing_changes(&yard.store, || {
        assert_eq!(refused(yard.of(thief).undelete(thief)).code, "DUPLICATE_VALUE");
    });
    yard.verify();
}

#[test]
fn a_detail_does_not_come_back_to_a_master_in_the_bin() {
    let yard = Yard::new();
    let master = yard.master("M");
    let detail = yard.detail(master, "D");
    let hook = yard.create("Holder__c", &json!({ "Along__c": master }));
    // Both were deleted on their own; the master of the second was optional.
    yard.delete(detail);
    yard.delete(hook);
    yard.delete(master);
    for id in [detail, hook] {
        assert_eq!(refused(yard.of(id).undelete(id)), not_in_the_bin());
    }
    yard.verify();
}

#[test]
fn deleting_a_detail_and_its_master_in_one_call_goes_in_their_order() {
    let yard = Yard::new();
    let yin = yard.create("Yin__c", &json!({}));
    let yang = yard.create("Yang__c", &json!({ "Yin__c": yin }));
    let others: Vec<_> = (0..3).map(|n| yard.master(&n.to_string())).collect();
    yard.update(others[1], &json!({ "Favourite__c": others[0] }));
    let results = yard.object("Master__c").delete_many(&[others[0], others[1], others[0]]).unwrap();
    let codes: Vec<_> =
        results.iter().map(|it| it.as_ref().err().map(|e| e.status_code().as_str())).collect();
    assert_eq!(codes, [None, None, Some("ENTITY_IS_DELETED")]);
    let results = yard.object("Master__c").undelete_many(&[others[0], others[1]]).unwrap();
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(yard.get(others[1])["Favourite__c"], json!(others[0]));
    yard.delete(yin);
    assert!(!yard.is_live(yang));
    yard.verify();
}
