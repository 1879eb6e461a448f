//! Details of any depth, polymorphic ones, rings, and what a caller has to do with them.

use serde_json::json;
use sobject_core::{
    Caller, Definition, ObjectRight, OnDelete, Permissions, SObject, standard::User,
};

use super::{MASTER, MASTERS, Yard, reference};

#[test]
fn details_of_any_depth_go_along_and_come_back() {
    let yard = Yard::new();
    let (ada, db) = yard.user();
    let [gone, kept] = ["Gone", "Kept"].map(|name| yard.master(name));
    let (detail, other) = (yard.detail(gone, "D"), yard.detail(kept, "Other"));
    let (piece, other_piece) = (yard.piece(detail, "P"), yard.piece(other, "Other"));
    let family = [gone, detail, piece];
    let (before, rows) = (yard.stamps(detail), family.map(|id| yard.get(id)));

    yard.tick();
    db.object("Master__c").unwrap().delete(gone).unwrap();
    assert_eq!(yard.live(&family), [false; 3]);
    assert_eq!(yard.live(&[kept, other, other_piece]), [true; 3]);
    assert!(yard.object("Detail__c").find("Master__c", json!(gone)).unwrap().is_empty());
    assert_eq!(yard.verify().deleted, 3);

    yard.tick();
    db.object("Master__c").unwrap().undelete(gone).unwrap();
    assert_eq!(yard.live(&family), [true; 3]);
    for (id, row) in family.iter().zip(&rows) {
        for field in ["Name", "CreatedDate", "CreatedById"] {
            assert_eq!(yard.get(*id)[field], row[field], "{field} of {id}");
        }
    }
    assert_eq!(yard.get(detail)["Master__c"], json!(gone));
    // The user changed the master, and the store changed the details.
    let root = yard.stamps(gone);
    assert_eq!((root.by.as_str(), root.modified), (&*ada.to_string(), root.system));
    let after = yard.stamps(detail);
    assert_eq!((&after.modified, &after.by), (&before.modified, &before.by));
    assert_eq!(after.system, "2026-03-01T08:02:00.000+0000");
    assert_eq!(yard.verify().deleted, 0);
}

#[test]
fn a_record_that_went_along_does_not_come_back_alone() {
    let yard = Yard::new();
    let master = yard.master("M");
    let detail = yard.detail(master, "D");
    let piece = yard.piece(detail, "P");
    yard.delete(master);
    for id in [detail, piece] {
        let error = yard.of(id).undelete(id).unwrap_err();
        assert_eq!(error.status_code().as_str(), "UNDELETE_FAILED", "{error}");
        assert_eq!(error.message(), "Entity is not in the recycle bin");
    }
    yard.verify();
    yard.undelete(master);
    assert_eq!(yard.live(&[master, detail, piece]), [true; 3]);
    // Nothing of that deletion is left: the next one is a deletion of its own.
    yard.delete(detail);
    yard.undelete(detail);
    assert_eq!(yard.live(&[master, detail, piece]), [true; 3]);
    yard.verify();
}

#[test]
fn a_reference_to_several_objects_takes_along_from_each() {
    let yard = Yard::new();
    let master = yard.master("M");
    let detail = yard.detail(master, "D");
    let about = |id| yard.create("Note__c", &json!({ "About__c": id }));
    let [of_master, of_detail] = [about(master), about(detail)];
    let of_none = yard.create("Note__c", &json!({}));
    yard.delete(detail);
    assert_eq!(yard.live(&[of_master, of_detail, of_none]), [true, false, true]);
    yard.undelete(detail);
    yard.delete(master);
    assert_eq!(yard.live(&[of_master, of_detail, of_none]), [false, false, true]);
    yard.undelete(master);
    assert_eq!(yard.live(&[of_master, of_detail, of_none]), [true; 3]);
    assert_eq!(yard.get(of_detail)["About__c"], json!(detail));
    yard.verify();
}

#[test]
fn a_ring_goes_along_whole_wherever_it_is_broken() {
    for first in [0, 1] {
        let yard = Yard::new();
        let yin = yard.create("Yin__c", &json!({}));
        let yang = yard.create("Yang__c", &json!({ "Yin__c": yin }));
        yard.update(yin, &json!({ "Yang__c": yang }));
        yard.update(yang, &json!({ "Self__c": yang }));
        let ring = [yin, yang];
        yard.delete(ring[first]);
        assert_eq!(yard.live(&ring), [false; 2]);
        yard.verify();
        yard.undelete(ring[first]);
        assert_eq!(yard.live(&ring), [true; 2]);
        assert_eq!(yard.get(yin)["Yang__c"], json!(yang));
        assert_eq!(yard.get(yang)["Yin__c"], json!(yin));
        assert_eq!(yard.get(yang)["Self__c"], json!(yang));
        yard.verify();
    }
}

#[test]
fn a_record_that_goes_along_has_no_reference_emptied() {
    let yard = Yard::new();
    let master = yard.master("M");
    // It is a detail of the master and refers to it in a second way.
    let detail = yard.create("Detail__c", &json!({ "Master__c": master, "Other__c": master }));
    let far =
        yard.create("Detail__c", &json!({ "Master__c": yard.master("Far"), "Other__c": master }));
    yard.delete(master);
    assert_eq!(yard.get(far)["Other__c"], json!(null));
    yard.undelete(master);
    for id in [detail, far] {
        assert_eq!(yard.get(id)["Other__c"], json!(master));
    }
    yard.verify();
}

#[test]
fn details_go_along_whatever_the_caller_may_do_with_them() {
    let yard = Yard::new();
    let (ada, _) = yard.user();
    let master = yard.master("M");
    let detail = yard.detail(master, "D");
    let follower = yard.create("Master__c", &json!({ "Favourite__c": master }));
    let rights = Permissions::none()
        .grant("Master__c", [ObjectRight::Read, ObjectRight::Edit, ObjectRight::Delete]);
    let db = yard.store.connect(Caller::user(ada, rights));
    assert!(db.object("Detail__c").is_err(), "the caller does not know that there are details");
    db.object("Master__c").unwrap().delete(master).unwrap();
    assert!(!yard.is_live(detail));
    assert_eq!(yard.get(follower)["Favourite__c"], json!(null));
    db.object("Master__c").unwrap().undelete(master).unwrap();
    assert!(yard.is_live(detail));
    assert_eq!(yard.get(follower)["Favourite__c"], json!(master));
    yard.verify();
}

#[test]
fn a_transaction_that_fails_takes_everything_back() {
    let yard = Yard::new();
    let master = yard.master("M");
    let detail = yard.detail(master, "D");
    let follower = yard.create("Master__c", &json!({ "Favourite__c": master }));
    crate::desk::nothing_changes(&yard.store, || {
        let ended = yard.db.transaction(|tx| {
            tx.object("Master__c")?.delete(master)?;
            tx.object("Master__c")?.undelete(master)?;
            tx.object("Master__c")?.delete(master)?;
            Err::<(), _>(sobject_core::Error::NestedWrite)
        });
        assert!(ended.is_err());
    });
    assert_eq!(yard.live(&[master, detail, follower]), [true; 3]);
    // What is made and deleted in one transaction goes along there too.
    let late = yard
        .db
        .transaction(|tx| {
            let late = map_create(tx, "Detail__c", &json!({ "Master__c": master }))?;
            tx.object("Master__c")?.delete(master)?;
            Ok::<_, sobject_core::Error>(late)
        })
        .unwrap();
    assert_eq!(yard.live(&[master, detail, late]), [false; 3]);
    yard.undelete(master);
    assert_eq!(yard.live(&[master, detail, late]), [true; 3]);
    yard.verify();
}

fn map_create(
    tx: &mut sobject_core::Transaction<'_>,
    object: &str,
    record: &serde_json::Value,
) -> sobject_core::Result<sobject_core::RecordId> {
    tx.object(object)?.create(&crate::desk::map(record))
}

#[test]
fn a_unique_reference_is_emptied_and_filled_again() {
    const LOCKER: &Definition = &Definition::new("Locker__c").key_prefix("a0L").fields(&[
        reference("Keeper__c", MASTERS).nillable().unique(),
        reference("Master__c", MASTERS).nillable().unique().on_delete(OnDelete::Cascade),
    ]);
    let yard = Yard::with(|builder| builder.in_memory(&[User::OBJECT, MASTER, LOCKER]));
    let master = yard.master("M");
    let kept = yard.create("Locker__c", &json!({ "Keeper__c": master }));
    let gone = yard.create("Locker__c", &json!({ "Master__c": master }));
    let lockers = yard.object("Locker__c");
    yard.delete(master);
    yard.verify();
    assert_eq!(lockers.get(kept).unwrap()["Keeper__c"], json!(null));
    assert!(lockers.get(gone).is_err());
    yard.undelete(master);
    assert_eq!(lockers.get(kept).unwrap()["Keeper__c"], json!(master));
    assert_eq!(lockers.get(gone).unwrap()["Master__c"], json!(master));
    yard.verify();
}
