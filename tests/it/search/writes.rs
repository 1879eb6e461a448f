//! What is written is found, and what is gone is not: in the record's own transaction, in sessions, and
//! in the recycle bin.

use serde_json::json;
use sobject_core::{Error, RecordId};

use super::{OBJECTS, companies, found, of_companies};
use crate::{desk::map, types::Shop};

#[test]
fn a_change_is_found_at_once_and_what_it_replaced_is_not() {
    let (shop, ids) = companies(&["Acme Trading"]);
    let words = shop.verify().words;
    shop.update("Company__c", ids[0], &json!({ "Name": "Acme Shipping" }));
    assert_eq!(shop.verify().words, words, "one word went, and one came");
    for (expr, n) in [("acme", 1), ("trading", 0), ("shipping", 1)] {
        assert_eq!(of_companies(&shop.db, expr).len(), n, "{expr}");
    }
    shop.update("Company__c", ids[0], &json!({ "About__c": "since 1900" }));
    assert_eq!(of_companies(&shop.db, "acme since").len(), 1);
    shop.update("Company__c", ids[0], &json!({ "About__c": null }));
    assert_eq!(of_companies(&shop.db, "since").len(), 0);
    assert_eq!(shop.verify().words, words);
}

#[test]
fn a_record_in_the_recycle_bin_is_not_found() {
    let (shop, ids) = companies(&["Acme", "Acme Two"]);
    let words = shop.verify().words;
    shop.object("Company__c").delete(ids[0]).unwrap();
    assert_eq!(of_companies(&shop.db, "acme"), ["Acme Two"]);
    assert_eq!(shop.verify().words, words - 1);
    shop.object("Company__c").undelete(ids[0]).unwrap();
    assert_eq!(of_companies(&shop.db, "acme"), ["Acme", "Acme Two"]);
    assert_eq!(shop.verify().words, words);
}

#[test]
fn a_transaction_finds_what_it_has_written_and_nobody_else_does() {
    let (shop, ids) = companies(&["Acme", "Bolts"]);
    let search = "FIND {acme} RETURNING Company__c(Name)";
    let count = |shop: &Shop| found(&shop.db, search).len();
    let undone = shop.db.transaction(|tx| {
        let mut all = tx.object("Company__c")?;
        all.create(&map(&json!({ "Name": "Acme New" })))?;
        all.update(ids[1], &map(&json!({ "Name": "Acme Bolts" })))?;
        all.delete(ids[0])?;
        assert_eq!(super::values(&tx.search(search)?.records, "Name"), ["Acme Bolts", "Acme New"]);
        assert_eq!(count(&shop), 1, "nothing is committed");
        assert!(tx.search("FIND {bolts AND NOT acme}")?.records.is_empty());
        Err::<(), Error>(Error::BadResumeKey { key: "a way out".into() })
    });
    assert!(undone.is_err());
    assert_eq!(of_companies(&shop.db, "acme"), ["Acme"]);
    shop.verify();
}

#[test]
fn a_session_finds_what_was_there_when_it_began() {
    let (shop, ids) = companies(&["Acme"]);
    let session = shop.db.session().unwrap();
    shop.object("Company__c").delete(ids[0]).unwrap();
    shop.create("Company__c", &json!({ "Name": "Acme Two" }));
    let search = "FIND {acme} RETURNING Company__c(Name)";
    assert_eq!(super::values(&session.search(search).unwrap().records, "Name"), ["Acme"]);
    assert_eq!(of_companies(&shop.db, "acme"), ["Acme Two"]);
}

#[test]
fn a_record_that_is_refused_leaves_no_words() {
    let (shop, _) = companies(&["Acme"]);
    shop.nothing_changes(|| {
        let records = [map(&json!({ "Name": "Acme Two" })), map(&json!({ "About__c": "acme" }))];
        let created = shop.db.transaction(|tx| {
            let results = tx.object("Company__c")?.create_many(&records)?;
            assert!(results[0].is_ok() && results[1].is_err());
            assert_eq!(tx.search("FIND {acme}")?.records.len(), 2);
            Err::<(), Error>(Error::BadResumeKey { key: "a way out".into() })
        });
        assert!(created.is_err());
    });
}

#[test]
fn a_replica_finds_what_its_source_has() {
    let shop = Shop::of(OBJECTS);
    let record = |id: &str, name: &str, deleted: bool| {
        map(&json!({
            "Id": id, "Name": name, "IsDeleted": deleted,
            "CreatedDate": crate::desk::MORNING, "CreatedById": "005000000000001AAA",
            "LastModifiedDate": crate::desk::MORNING, "LastModifiedById": "005000000000001AAA",
            "SystemModstamp": crate::desk::MORNING,
        }))
    };
    let [one, two] =
        ["a0C5g000000001", "a0C5g000000002"].map(|id| crate::desk::id(&format!("{id}A")));
    let [one, two] = [one, two].map(|id: RecordId| id.to_string());
    let replica = shop.store.replica();
    let put = |records: &[_]| {
        assert!(replica.put_many("Company__c", records).unwrap().iter().all(Result::is_ok));
    };
    put(&[record(&one, "Acme", false), record(&two, "Acme Two", true)]);
    assert_eq!(of_companies(&shop.db, "acme"), ["Acme"]);
    put(&[record(&one, "Bolts", false), record(&two, "Acme Two", false)]);
    assert_eq!(of_companies(&shop.db, "acme"), ["Acme Two"]);
    assert_eq!(of_companies(&shop.db, "bolts"), ["Bolts"]);
    shop.verify();
}

#[test]
fn a_word_that_a_text_has_twice_stays_while_it_is_there_once() {
    let (shop, ids) = companies(&["Acme Acme"]);
    shop.update("Company__c", ids[0], &json!({ "Name": "Acme" }));
    assert_eq!(of_companies(&shop.db, "acme"), ["Acme"]);
    shop.update("Company__c", ids[0], &json!({ "Name": "ACME" }));
    assert_eq!(of_companies(&shop.db, "acme"), ["ACME"]);
    shop.verify();
}
