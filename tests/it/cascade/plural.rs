//! Deletes of many records, and of records with many details: what they cost, and their limit.

use serde_json::{Value as Json, json};
use sobject_core::{JsonRecord, RecordId, testing::Rig};

use super::{OBJECTS, Yard};
use crate::desk::{map, nothing_changes};

fn many(yard: &Yard, object: &str, records: impl Iterator<Item = Json>) -> Vec<RecordId> {
    let records: Vec<JsonRecord> = records.map(|record| map(&record)).collect();
    let mut ids = Vec::new();
    for some in records.chunks(200) {
        let results = yard.object(object).create_many(some).expect("a call");
        ids.extend(results.into_iter().map(|it| it.expect("a record")));
    }
    ids
}

/// Two hundred masters, each with a detail with a piece, a junction with the next, a note, and a
/// follower.
fn families(yard: &Yard, n: usize) -> (Vec<RecordId>, u64) {
    let masters = many(yard, "Master__c", (0..n).map(|n| json!({ "Name": format!("M{n}") })));
    let details = masters
        .iter()
        .enumerate()
        .map(|(n, master)| json!({ "Master__c": master, "Code__c": format!("code {n}") }));
    let details = many(yard, "Detail__c", details);
    let pieces = details.iter().map(|detail| json!({ "Detail__c": detail }));
    many(yard, "Piece__c", pieces);
    many(yard, "Note__c", masters.iter().map(|master| json!({ "About__c": master })));
    let both = masters.chunks(2);
    let both = both.map(|it| json!({ "Left__c": it[0], "Right__c": it[1] }));
    let n_junctions = many(yard, "Junction__c", both).len();
    many(yard, "Master__c", masters.iter().map(|master| json!({ "Favourite__c": master })));
    (masters, (4 * n + n_junctions) as u64)
}

#[test]
fn two_hundred_deletes_with_all_that_goes_along_cost_a_few_engine_reads() {
    let rig = Rig::default();
    let yard = Yard::with(|builder| builder.on_rig(&rig).in_memory(OBJECTS));
    let (masters, n_deleted) = families(&yard, 200);
    let cost = |what: &str, call: &dyn Fn() -> Vec<sobject_core::Result<()>>| {
        rig.count_anew();
        for result in call() {
            result.expect("a record is changed");
        }
        let reads = rig.counts().reads();
        println!("{what}: {reads} reads of the engine");
        reads
    };
    let object = yard.object("Master__c");
    // A level costs a visit of entries, and the rows of all levels are read together.
    let reads = cost("delete_many", &|| object.delete_many(&masters).expect("a call"));
    assert!(reads <= 8, "delete_many: {reads}");
    assert_eq!(yard.verify().deleted, n_deleted);
    let reads = cost("undelete_many", &|| object.undelete_many(&masters).expect("a call"));
    assert!(reads <= 8, "undelete_many: {reads}");
    // A junction whose masters were both deleted is gone for good.
    assert_eq!(yard.verify().deleted, 100);
}

#[test]
fn one_delete_of_many_levels_costs_a_few_engine_reads_for_each() {
    let rig = Rig::default();
    let yard = Yard::with(|builder| builder.on_rig(&rig).in_memory(OBJECTS));
    let master = yard.master("M");
    let details = many(&yard, "Detail__c", (0..300).map(|_| json!({ "Master__c": master })));
    many(&yard, "Piece__c", details.iter().map(|detail| json!({ "Detail__c": detail })));
    rig.count_anew();
    yard.delete(master);
    let reads = rig.counts().reads();
    assert!(reads <= 12, "{reads}");
    rig.count_anew();
    yard.undelete(master);
    let reads = rig.counts().reads();
    assert!(reads <= 12, "{reads}");
    assert_eq!(yard.verify().deleted, 0);
}

#[test]
fn a_delete_that_reaches_more_records_than_the_limit_is_refused_in_words() {
    let yard = Yard::with(|builder| builder.max_cascade(6).in_memory(OBJECTS));
    let master = yard.master("M");
    let details: Vec<_> = (0..3).map(|_| yard.detail(master, "D")).collect();
    for detail in &details {
        yard.piece(*detail, "P");
    }
    let follower = yard.create("Master__c", &json!({ "Favourite__c": master }));
    nothing_changes(&yard.store, || {
        let error = yard.of(master).delete(master).unwrap_err();
        let message = error.message();
        assert!(message.contains("more than 6 other records"), "{message}");
        assert!(message.contains(&master.to_string()), "{message}");
    });
    // Six are not more than six.
    yard.update(follower, &json!({ "Favourite__c": null }));
    yard.delete(master);
    assert_eq!(yard.verify().deleted, 7);
}

#[test]
fn what_is_gone_for_good_counts_for_the_limit_of_a_delete() {
    let yard = Yard::with(|builder| builder.max_cascade(6).in_memory(OBJECTS));
    let master = yard.master("M");
    let detail = yard.detail(master, "D");
    let pieces: Vec<_> = (0..6).map(|n| yard.piece(detail, &format!("P{n}"))).collect();
    yard.delete(detail);
    // The detail and six pieces of it, which no reference of a live record leads to.
    nothing_changes(&yard.store, || {
        let message = yard.of(master).delete(master).unwrap_err().message();
        assert!(message.contains("more than 6 other records"), "{message}");
        assert!(message.contains(&master.to_string()), "{message}");
    });
    // Six are not more than six: a piece that is gone already does not count.
    yard.undelete(detail);
    yard.delete(pieces[0]);
    yard.delete(detail);
    yard.delete(master);
    assert!(yard.of(detail).undelete(detail).is_err());
    yard.verify();
}

#[test]
fn an_undelete_of_more_than_the_limit_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("yard.redb");
    let master = {
        let yard = Yard::with(|builder| builder.open(&file, OBJECTS));
        let master = yard.master("M");
        for _ in 0..3 {
            yard.detail(master, "D");
        }
        yard.delete(master);
        master
    };
    {
        let yard = Yard::with(|builder| builder.max_cascade(2).open(&file, OBJECTS));
        nothing_changes(&yard.store, || {
            let message = yard.of(master).undelete(master).unwrap_err().message();
            assert!(message.contains("more than 2 other records"), "{message}");
        });
    }
    let yard = Yard::with(|builder| builder.max_cascade(3).open(&file, OBJECTS));
    yard.undelete(master);
    assert_eq!(yard.verify().deleted, 0);
}

#[test]
fn two_hundred_deletes_by_which_details_are_gone_for_good_cost_a_few_engine_reads() {
    let rig = Rig::default();
    let yard = Yard::with(|builder| builder.on_rig(&rig).in_memory(OBJECTS));
    let masters = many(&yard, "Master__c", (0..200).map(|_| json!({})));
    let details = many(&yard, "Detail__c", masters.iter().map(|it| json!({ "Master__c": it })));
    for result in yard.object("Detail__c").delete_many(&details).unwrap() {
        result.unwrap();
    }
    rig.count_anew();
    for result in yard.object("Master__c").delete_many(&masters).unwrap() {
        result.unwrap();
    }
    let reads = rig.counts().reads();
    assert!(reads <= 10, "{reads}");
    yard.verify();
}
