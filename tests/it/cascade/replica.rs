//! Replica mode: the source says of each record where it is, so a put takes nothing along.

use serde_json::{Value as Json, json};
use sobject_core::{RecordId, chrono::TimeDelta};

use super::{OBJECTS, Yard};
use crate::desk::map;

/// A record as its source sends it.
fn sent(yard: &Yard, id: RecordId, is_deleted: bool) -> Json {
    let mut record = yard.get(id);
    record.insert("IsDeleted".to_owned(), is_deleted.into());
    Json::Object(record)
}

fn put(copy: &Yard, id: RecordId, record: &Json) {
    let of = OBJECTS.iter().find(|it| it.key_prefix == id.key_prefix().to_string()).unwrap();
    copy.store.replica().put(of.name, &map(record)).unwrap();
}

#[test]
fn a_put_of_a_deleted_master_takes_nothing_along() {
    let (source, copy) = (Yard::new(), Yard::new());
    let master = source.master("M");
    let detail = source.detail(master, "D");
    let follower = source.create("Master__c", &json!({ "Favourite__c": master }));
    let all = [master, detail, follower];
    for id in all {
        put(&copy, id, &sent(&source, id, false));
    }
    put(&copy, master, &sent(&source, master, true));
    assert_eq!(copy.live(&all), [false, true, true]);
    assert_eq!(copy.get(follower)["Favourite__c"], json!(master));
    copy.verify();
    // What went along there, the source says of each record.
    put(&copy, detail, &sent(&source, detail, true));
    copy.verify();
    for id in [detail, master] {
        put(&copy, id, &sent(&source, id, false));
        copy.verify();
    }
    assert_eq!(copy.live(&all), [true; 3]);
}

#[test]
fn a_put_brings_back_what_went_along_by_a_delete_here() {
    let yard = Yard::new();
    let master = yard.master("M");
    let [one, two] = ["One", "Two"].map(|name| yard.detail(master, name));
    let follower = yard.create("Master__c", &json!({ "Favourite__c": master }));
    let [sent_one, sent_master, sent_follower] =
        [one, master, follower].map(|id| sent(&yard, id, false));
    yard.delete(master);
    put(&yard, one, &sent_one);
    yard.verify();
    assert_eq!(yard.live(&[master, one, two]), [false, true, false]);
    put(&yard, master, &sent_master);
    yard.verify();
    assert_eq!(yard.live(&[master, one, two]), [true, true, false]);
    // The other is in the bin on its own now, as if it had been deleted by its name.
    yard.undelete(two);
    assert_eq!(yard.live(&[master, one, two]), [true; 3]);
    yard.verify();
    yard.delete(master);
    yard.undelete(master);
    assert_eq!(yard.live(&[master, one, two]), [true; 3]);
    // What the first delete emptied, the source has to say: it may have emptied it itself since.
    assert_eq!(yard.get(follower)["Favourite__c"], json!(null));
    put(&yard, follower, &sent_follower);
    assert_eq!(yard.get(follower)["Favourite__c"], json!(master));
    yard.verify();
}

#[test]
fn what_a_delete_here_took_along_ages_and_can_be_emptied_once_the_source_brings_its_root_back() {
    let yard = Yard::new();
    let master = yard.master("M");
    let [aged, emptied, gone] = ["Aged", "Emptied", "Gone"].map(|name| yard.detail(master, name));
    let piece = yard.piece(gone, "P");
    let sent_master = sent(&yard, master, false);
    yard.delete(master);
    put(&yard, master, &sent_master);
    yard.verify();
    let results = yard.of(emptied).empty_recycle_bin(&[emptied]).unwrap();
    assert!(results[0].is_ok(), "{results:?}");
    yard.verify();
    // What waits in the bin for its master is gone for good when that is deleted, and so are its own.
    yard.delete(master);
    yard.verify();
    put(&yard, master, &sent_master);
    for id in [gone, piece] {
        assert!(yard.of(id).undelete(id).is_err());
    }
    let late = yard.detail(master, "Late");
    yard.delete(master);
    put(&yard, master, &sent_master);
    yard.clock.advance(TimeDelta::days(17));
    yard.store.purge().unwrap();
    yard.clock.advance(TimeDelta::days(2));
    yard.store.purge().unwrap();
    for id in [aged, emptied, gone, piece, late] {
        assert!(yard.of(id).undelete(id).is_err());
    }
    assert_eq!(yard.verify().deleted, 0);
}

#[test]
fn a_put_of_a_record_in_the_bin_leaves_it_with_its_root() {
    let yard = Yard::new();
    let master = yard.master("M");
    let detail = yard.detail(master, "D");
    let piece = yard.piece(detail, "P");
    let mut record = sent(&yard, detail, true);
    record["Name"] = json!("Renamed");
    yard.delete(master);
    put(&yard, detail, &record);
    yard.verify();
    assert!(yard.of(detail).undelete(detail).is_err());
    yard.undelete(master);
    assert_eq!(yard.get(detail)["Name"], "Renamed");
    assert!(yard.is_live(piece));
    yard.verify();
}
