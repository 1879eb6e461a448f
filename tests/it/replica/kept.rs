//! The file of a replica that was kept: every later version must open it and find what was put.

use std::path::Path;

use serde_json::{Value as Json, json};
use sobject_core::RecordId;

use super::{HERE, Mirror, id, stamped, there, user, with};
use crate::{
    desk::{deleted_record, refused},
    typed::{OBJECTS, Order, Phase},
    types::Archive,
};

/// The name of the file, in the folder of files that were kept.
const FILE: &str = "data/evolution/replica.redb";

/// A mirror in the file of an archive.
fn open(archive: &Archive) -> Mirror {
    let mirror = Mirror::with(|builder| builder.open(archive.path(), OBJECTS));
    mirror.unwrap_or_else(|error| panic!("the file opens: {error}"))
}

/// Orders with ids of other instances and of the mirror's own. The first is live, the second is
/// deleted, and the third has an id that does not fit a packed id, and a reference to a record that
/// was not put.
fn orders() -> [Json; 3] {
    let order = |id: RecordId, code: &str, is_deleted: bool| {
        stamped(
            id,
            &json!({
                "IsDeleted": is_deleted, "Name": format!("O-{code}"), "Code": code,
                "Phase": "In Progress", "Origin": "Fair", "Way__c": null, "Origins": "Web;Fair",
                "Tools": "Saw;Über", "Subject": "by phone", "Sent": -9_007_199_254_740_993_i64,
                "Big": 12, "After": "23:59:59.999Z", "Before": "08:15:00.000Z", "Scan": "AAEC/w==",
                "Seal": "AA==", "About__c": there("005", 1), "Total": 1.999, "Discount": 12.5,
                "Parcels": 1, "Open": true, "Due": "1700-01-01",
                "Promised": "4000-12-31T00:00:00.000+0000", "Email": "ada@example.com",
                "Phone": "1", "Website": "x", "Note": "  kept to the letter ",
            }),
        )
    };
    let far = order(id("a0O", *b"zz9", 62_u64.pow(9) - 1), "0007", false);
    [
        order(there("a0O", 3), "a", false),
        order(id("a0O", HERE, 41), "b", true),
        with(&far, &json!({ "About__c": there("00G", 9) })),
    ]
}

/// Puts the records that the file shall hold.
fn fill(mirror: &Mirror) {
    mirror.put("User", &user(1));
    for order in orders() {
        mirror.put("Order", &order);
    }
    // The first order is changed, and put back as it was.
    mirror.put("Order", &with(&orders()[0], &json!({ "Phase": "New" })));
    mirror.put("Order", &orders()[0]);
}

/// Asserts that the file holds these records.
fn assert_filled(mirror: &Mirror) {
    let ids = orders().map(|order| order["Id"].as_str().unwrap().parse::<RecordId>().unwrap());
    for (order, id) in orders().iter().zip(ids).filter(|(order, _)| order["IsDeleted"] == false) {
        mirror.assert_holds("Order", id, order);
    }
    let db = mirror.store.system();
    assert_eq!(refused(db.object("Order").unwrap().get(ids[1])), deleted_record());
    assert_eq!(db.get(sobject_core::Id::<Order>::new(ids[0])).unwrap().phase, Phase::InProgress);
    let unresolved = mirror.replica().unresolved(9).unwrap();
    assert_eq!(unresolved.iter().map(|it| it.id).collect::<Vec<_>>(), [there("00G", 9)]);
    assert_eq!(mirror.verify().unresolved, 1);
}

#[test]
fn the_file_of_a_replica_that_was_kept_opens_and_holds_what_was_put() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let archive = Archive::copy_of(&file);
    let mirror = open(&archive);
    assert_filled(&mirror);
    // The store can still be used: a new order gets an id and a number that no other has, and the
    // deleted order can be undeleted.
    let db = mirror.store.system();
    let made = db.create(crate::typed::create("c")).unwrap();
    assert!(made.record_id() > id("a0O", HERE, 41), "{made}");
    assert_eq!(db.get(made).unwrap().name, "O-1000");
    let orders = db.object("Order").unwrap();
    orders.undelete(id("a0O", HERE, 41)).unwrap();
    assert_eq!(orders.count().unwrap(), 4);
    mirror.verify();
}

#[test]
fn a_file_of_a_replica_is_the_same_when_it_is_opened_again() {
    let archive = Archive::new();
    let mirror = open(&archive);
    fill(&mirror);
    assert_filled(&mirror);
    drop(mirror);
    if let Some(folder) = std::env::var_os("KEEP_FILES") {
        std::fs::copy(archive.path(), Path::new(&folder).join("replica.redb")).unwrap();
    }
    assert_filled(&open(&archive));
}
