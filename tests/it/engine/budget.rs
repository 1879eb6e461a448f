//! How many reads of the engine a call costs: as good as the same number, whatever its records are.

use serde_json::json;
use sobject_core::{
    Caller, Definition, Error, FieldDefinition, FieldType, JsonRecord, ManualClock, Permissions,
    RecordId, Store, Target, chrono::TimeDelta, testing::Rig,
};

use crate::desk::{MORNING, at, verify};

/// Parents, which children refer to in two ways.
const PARENT: &Definition = &Definition::new("Parent__c").key_prefix("a0P").fields(&[
    FieldDefinition::new("Name", FieldType::String).autonumber("P-{0000}").name_field(),
    FieldDefinition::new("Code__c", FieldType::String).create().update().nillable().unique(),
]);

/// Children with two references, a unique text, a unique number and an open picklist.
const CHILD: &Definition = &Definition::new("Child__c").key_prefix("a0C").fields(&[
    FieldDefinition::new("Name", FieldType::String).autonumber("C-{0000}").name_field(),
    FieldDefinition::new("Parent__c", FieldType::Reference)
        .references(&[Target::new("Parent__c", "a0P")])
        .create()
        .update(),
    FieldDefinition::new("Other__c", FieldType::Reference)
        .references(&[Target::new("Parent__c", "a0P")])
        .create()
        .update()
        .nillable(),
    FieldDefinition::new("Code__c", FieldType::String).create().update().nillable().unique(),
    FieldDefinition::new("Number__c", FieldType::Int).create().update().nillable().unique(),
    FieldDefinition::new("Text__c", FieldType::String).create().update().nillable(),
    FieldDefinition::new("Kinds__c", FieldType::MultiPicklist).create().update().nillable(),
]);

const OBJECTS: &[&Definition] = &[PARENT, CHILD];

/// A store in memory on an engine that obeys `rig`.
fn store(rig: &Rig) -> Store {
    store_and_clock(rig).0
}

fn store_and_clock(rig: &Rig) -> (Store, ManualClock) {
    let clock = ManualClock::at(at(MORNING));
    let builder = Store::builder().clock(clock.clone()).on_rig(rig);
    (builder.in_memory(OBJECTS).expect("a store opens"), clock)
}

fn map(json: &serde_json::Value) -> JsonRecord {
    json.as_object().expect("a map").clone()
}

fn all<T>(results: Vec<Result<T, Error>>) -> Vec<T> {
    results.into_iter().map(|result| result.expect("the record is written")).collect()
}

/// `n` parents, and the records of as many children, each of which has two of its own.
fn family(store: &Store, n: usize) -> (Vec<RecordId>, Vec<JsonRecord>) {
    let db = store.system();
    let parents = db.object("Parent__c").expect("the object is there");
    let codes = (0..2 * n).map(|n| map(&json!({ "Code__c": format!("parent {n}") })));
    let codes: Vec<_> = codes.collect();
    let mut ids = Vec::new();
    for codes in codes.chunks(200) {
        ids.extend(all(parents.create_many(codes).expect("parents are created")));
    }
    let child = |n: usize| {
        map(&json!({
            "Parent__c": ids[2 * n], "Other__c": ids[2 * n + 1],
            "Code__c": format!("child {n}"), "Number__c": n, "Kinds__c": format!("A{n};b{n}"),
        }))
    };
    (ids.clone(), (0..n).map(child).collect())
}

/// The reads of the engine that `call` costs, which `-- --nocapture` shows.
fn reads(rig: &Rig, what: &str, call: impl FnOnce()) -> u64 {
    rig.count_anew();
    call();
    let reads = rig.counts().reads();
    println!("{what}: {reads} reads of the engine");
    reads
}

#[test]
fn a_call_over_two_hundred_records_costs_a_handful_of_engine_reads() {
    const BUDGET: u64 = 10;
    let rig = Rig::default();
    let store = store(&rig);
    let (parents, children) = family(&store, 200);
    let db = store.system();
    let object = db.object("Child__c").expect("the object is there");

    let mut ids = Vec::new();
    let cost =
        reads(&rig, "create_many", || ids = all(object.create_many(&children).expect("a call")));
    assert!(cost <= BUDGET, "create_many: {cost}");

    let updates: Vec<_> = (0..)
        .zip(&ids)
        .map(|(n, id)| {
            let (parent, code) = (parents[399 - n], format!("changed {n}"));
            let kinds = format!("B{n};c{n}");
            map(&json!({
                "Id": id, "Parent__c": parent, "Code__c": code, "Number__c": 1000 + n,
                "Kinds__c": kinds,
            }))
        })
        .collect();
    let cost =
        reads(&rig, "update_many", || drop(all(object.update_many(&updates).expect("a call"))));
    assert!(cost <= BUDGET, "update_many: {cost}");

    let cost = reads(&rig, "delete_many", || drop(all(object.delete_many(&ids).expect("a call"))));
    assert!(cost <= BUDGET, "delete_many: {cost}");

    let cost =
        reads(&rig, "undelete_many", || drop(all(object.undelete_many(&ids).expect("a call"))));
    assert!(cost <= BUDGET, "undelete_many: {cost}");

    // Records that two fields of others may lead to: a range for each, in one call.
    let free: Vec<_> = {
        let codes: Vec<_> =
            (0..200).map(|n| map(&json!({ "Code__c": format!("free {n}") }))).collect();
        let parents = db.object("Parent__c").expect("the object is there");
        all(parents.create_many(&codes).expect("a call"))
    };
    let object = db.object("Parent__c").expect("the object is there");
    let cost = reads(&rig, "delete_many of what others may refer to", || {
        drop(all(object.delete_many(&free).expect("a call")));
    });
    assert!(cost <= BUDGET + 2, "delete_many of what others may refer to: {cost}");
    verify(&store);
}

#[test]
fn a_call_of_a_caller_who_may_not_do_everything_costs_no_more_engine_reads() {
    let rig = Rig::default();
    let store = store(&rig);
    let (_, children) = family(&store, 200);
    let rights = Permissions::all();
    let user = "005xx0000000001".parse::<RecordId>().expect("an id");
    let db = store.connect(Caller::user(user, rights));
    let object = db.object("Child__c").expect("the object is there");
    let cost =
        reads(&rig, "create_many", || drop(all(object.create_many(&children).expect("a call"))));
    assert!(cost <= 10, "create_many: {cost}");
}

#[test]
fn a_put_of_two_hundred_records_costs_a_handful_of_engine_reads() {
    let source_rig = Rig::default();
    let source = store(&source_rig);
    let (_, children) = family(&source, 200);
    let db = source.system();
    let object = db.object("Child__c").expect("the object is there");
    let ids = all(object.create_many(&children).expect("a call"));
    let records: Vec<_> = ids.iter().map(|id| object.get(*id).expect("a record")).collect();

    let rig = Rig::default();
    let copy = store(&rig);
    for what in ["new", "the same", "changed"] {
        let records: Vec<_> = records
            .iter()
            .map(|record| {
                let mut record = record.clone();
                if what == "changed" {
                    let code = format!("{} again", record["Code__c"]);
                    record.insert("Code__c".to_owned(), code.into());
                }
                record
            })
            .collect();
        let cost = reads(&rig, &format!("put_many of {what} records"), || {
            all(copy.replica().put_many("Child__c", &records).expect("a call"));
        });
        assert!(cost <= 10, "put_many of {what} records: {cost}");
    }
    verify(&copy);
}

#[test]
fn what_becomes_of_two_hundred_records_in_the_bin_costs_a_handful_of_engine_reads() {
    let rig = Rig::default();
    let (store, clock) = store_and_clock(&rig);
    let (_, children) = family(&store, 200);
    let db = store.system();
    let object = db.object("Child__c").expect("the object is there");
    let parents = db.object("Parent__c").expect("the object is there");
    let records = std::cell::RefCell::new(Vec::new());
    // Two hundred records that are in the bin, as old as this.
    let thrown = |age: TimeDelta| {
        let ids = all(object.create_many(&children).expect("a call"));
        *records.borrow_mut() =
            ids.iter().map(|id| object.get(*id).expect("a record")).collect::<Vec<_>>();
        all(object.delete_many(&ids).expect("a call"));
        clock.advance(age);
        ids
    };
    let days = TimeDelta::days;
    let purge = || assert_eq!(store.purge().expect("a purge"), 200);
    let write = || {
        parents.create(&map(&json!({}))).expect("a parent");
    };
    let empty = |ids: &[RecordId]| all(object.empty_recycle_bin(ids).expect("a call"));
    let whole = || assert_eq!(db.empty_whole_recycle_bin().expect("a call"), 200);
    let older = || assert_eq!(db.empty_recycle_bin_older_than(days(1)).expect("a call"), 200);
    let put = |is_deleted: bool| {
        let of = |it: &JsonRecord| {
            let mut it = it.clone();
            it.insert("IsDeleted".to_owned(), is_deleted.into());
            it.insert("Text__c".to_owned(), is_deleted.to_string().into());
            it
        };
        let records: Vec<_> = records.borrow().iter().map(of).collect();
        all(store.replica().put_many("Child__c", &records).expect("a call"));
    };
    let check = |what: &str, call: &dyn Fn()| {
        let cost = reads(&rig, what, call);
        assert!(cost <= 10, "{what}: {cost}");
    };

    thrown(days(15));
    check("purge of what is old", &purge);
    clock.advance(days(1));
    check("purge of what was emptied", &purge);
    thrown(days(15));
    check("a write that empties in passing", &write);
    clock.advance(days(1));
    check("a write that removes in passing", &write);
    // What was emptied is removed in passing, unless it was removed before.
    let clear = || {
        clock.advance(days(2));
        store.purge().expect("a purge");
    };
    let ids = thrown(days(0));
    check("empty_recycle_bin", &|| drop(empty(&ids)));
    clear();
    thrown(days(2));
    check("empty_recycle_bin_older_than", &older);
    clear();
    thrown(days(0));
    check("empty_whole_recycle_bin", &whole);
    clear();
    thrown(days(0));
    check("put_many of records in the bin", &|| put(true));
    check("put_many of records that come back", &|| put(false));
    verify(&store);
}

#[test]
fn what_only_refusals_need_is_read_together() {
    let rig = Rig::default();
    let store = store(&rig);
    let (parents, children) = family(&store, 200);
    let db = store.system();
    // Every record refers to a parent of its own that is deleted.
    let gone = db.object("Parent__c").expect("the object is there");
    all(gone.delete_many(&parents[..200]).expect("a call"));
    all(gone.delete_many(&parents[200..]).expect("a call"));
    let object = db.object("Child__c").expect("the object is there");
    let cost = reads(&rig, "create_many", || {
        let refused = object.create_many(&children).expect("a call");
        assert!(refused.iter().all(|it| matches!(it, Err(Error::Deleted { .. }))), "{refused:?}");
    });
    assert!(cost <= 10, "create_many: {cost}");
}

#[test]
fn reads_of_many_records_cost_a_few_engine_reads() {
    let rig = Rig::default();
    let store = store(&rig);
    let (parents, children) = family(&store, 500);
    let db = store.system();
    let object = db.object("Child__c").expect("the object is there");
    let mut ids = Vec::new();
    for children in children.chunks(200) {
        ids.extend(all(object.create_many(children).expect("a call")));
    }
    let session = db.session().expect("a session begins");
    let in_session = session.object("Child__c").expect("the object is there");
    let name = ["Name"];
    let retrieve = || drop(object.retrieve(&name, &ids).expect("records are read"));
    let get = || drop(in_session.get(ids[0]).expect("a record is read"));
    let page = || drop(in_session.walk().page(200).expect("records are read"));
    let walk = || assert_eq!(in_session.walk().into_iter().count(), 500);
    let count = || assert_eq!(object.count().expect("records are counted"), 500);
    let calls: [(&str, &dyn Fn(), u64); 5] = [
        ("retrieve of 500", &retrieve, 1),
        ("get", &get, 1),
        ("a page of 200", &page, 1),
        // Chunks of 16, 32, 64, 128 and 256 records, and the rest.
        ("a walk over 500", &walk, 6),
        ("count", &count, 1),
    ];
    for (what, call, budget) in calls {
        let cost = reads(&rig, what, call);
        assert!(cost <= budget, "{what}: {cost}");
    }
    let unresolved = || assert_eq!(store.replica().unresolved(10).expect("a list"), []);
    // The records of each object once, for the users who have no index; the entries of each reference;
    // and what these lead to, by chunks.
    let cost = reads(&rig, "unresolved", unresolved);
    assert!(cost <= 20, "unresolved: {cost}");
    assert_eq!(parents.len(), 1_000);
}
