//! The rules of described objects stand in the describes of what their references lead to.

use serde_json::json;
use sobject_core::{ObjectDescribe, RecordId, SObject, Store, standard::User};

use super::{OBJECTS, Yard};
use crate::desk::{map, nothing_changes, refused, verify};

/// What is said of a relationship: its child, its field, and what becomes of the child on delete.
type Said = (&'static str, &'static str, bool, bool);

/// Describes as an org has them of the objects of a yard; only these relationships have rules.
fn describes(said: &[Said]) -> Vec<ObjectDescribe> {
    let yard = Yard::new();
    let names = OBJECTS.iter().map(|it| it.name).filter(|name| *name != "User");
    let mut describes: Vec<_> = names.map(|name| yard.db.describe_sobject(name).unwrap()).collect();
    for describe in &mut describes {
        for child in &mut describe.child_relationships {
            let is_it = |it: &&Said| it.0 == child.child_sobject && it.1 == child.field;
            let (cascade, restrict) =
                said.iter().find(is_it).map_or((false, false), |it| (it.2, it.3));
            (child.cascade_delete, child.restricted_delete) = (cascade, restrict);
        }
    }
    describes
}

fn store_of(describes: impl Iterator<Item = ObjectDescribe>) -> Store {
    let builder = describes.fold(Store::builder(), |builder, it| builder.described(it));
    builder.in_memory(&[User::OBJECT]).unwrap()
}

struct Family {
    store: Store,
    master: RecordId,
    detail: RecordId,
}

impl Family {
    fn new(store: Store) -> Self {
        let db = store.system();
        let create =
            |object: &str, record| db.object(object).unwrap().create(&map(&record)).unwrap();
        let master = create("Master__c", json!({ "Name": "M" }));
        let detail =
            create("Detail__c", json!({ "Name": "D", "Master__c": master, "Other__c": master }));
        Self { store, master, detail }
    }

    fn delete(&self) -> sobject_core::Result<()> {
        self.store.system().object("Master__c").unwrap().delete(self.master)
    }

    fn n_details(&self) -> u64 {
        self.store.system().object("Detail__c").unwrap().count().unwrap()
    }
}

#[test]
fn the_rules_hold_in_whatever_order_the_objects_are_registered() {
    let said = [("Detail__c", "Master__c", true, false)];
    let forward = store_of(describes(&said).into_iter());
    let backward = store_of(describes(&said).into_iter().rev());
    for store in [forward, backward] {
        let family = Family::new(store);
        family.delete().unwrap();
        assert_eq!(family.n_details(), 0);
        family.store.system().object("Master__c").unwrap().undelete(family.master).unwrap();
        assert_eq!(family.n_details(), 1);
        verify(&family.store);
    }
}

#[test]
fn a_relationship_that_says_both_holds() {
    let family =
        Family::new(store_of(describes(&[("Detail__c", "Master__c", true, true)]).into_iter()));
    nothing_changes(&family.store, || {
        assert_eq!(refused(family.delete()).code, "DELETE_FAILED");
    });
}

#[test]
fn a_relationship_that_says_neither_empties_what_may_be_null_and_holds_elsewhere() {
    let family = Family::new(store_of(describes(&[]).into_iter()));
    nothing_changes(&family.store, || {
        assert_eq!(refused(family.delete()).code, "DELETE_FAILED");
    });
    let db = family.store.system();
    let other = db.object("Master__c").unwrap().create(&map(&json!({}))).unwrap();
    let details = db.object("Detail__c").unwrap();
    details.update(family.detail, &map(&json!({ "Master__c": other }))).unwrap();
    family.delete().unwrap();
    assert_eq!(details.get(family.detail).unwrap()["Other__c"], json!(null));
    verify(&family.store);
}

#[test]
fn what_the_describe_of_a_reference_itself_says_is_no_rule() {
    let mut describes = describes(&[]);
    for field in describes.iter_mut().flat_map(|it| &mut it.fields) {
        field.cascade_delete = field.name == "Other__c";
    }
    let family = Family::new(store_of(describes.into_iter()));
    let db = family.store.system();
    let other = db.object("Master__c").unwrap().create(&map(&json!({}))).unwrap();
    let details = db.object("Detail__c").unwrap();
    details.update(family.detail, &map(&json!({ "Master__c": other }))).unwrap();
    family.delete().unwrap();
    assert_eq!(family.n_details(), 1);
}

#[test]
fn a_described_master_rules_a_derived_detail_that_says_nothing_itself() {
    // The describe says that holders go along; the holder's own word is that it holds.
    let said =
        [("Master__c", "Favourite__c", true, false), ("Holder__c", "Master__c", true, false)];
    let master = describes(&said).into_iter().find(|it| it.name == "Master__c").unwrap();
    let others: Vec<_> = OBJECTS.iter().copied().filter(|it| it.name != "Master__c").collect();
    let yard = Yard::with(|builder| builder.described(master).in_memory(&others));
    let master = yard.master("M");
    let follower = yard.create("Master__c", &json!({ "Favourite__c": master }));
    let holder = yard.create("Holder__c", &json!({ "Master__c": master }));
    assert_eq!(refused(yard.of(master).delete(master)).code, "DELETE_FAILED");
    yard.delete(holder);
    yard.delete(master);
    assert!(!yard.is_live(follower), "a described self-reference may take along");
    yard.undelete(master);
    assert!(yard.is_live(follower));
    yard.verify();
}

#[test]
fn a_described_master_finds_derived_details_by_their_names() {
    let described = describes(&[]).into_iter().find(|it| it.name == "Master__c").unwrap();
    let others: Vec<_> = OBJECTS.iter().copied().filter(|it| it.name != "Master__c").collect();
    let yard = Yard::with(|builder| builder.described(described).in_memory(&others));
    let master = yard.master("M");
    yard.detail(master, "D");
    let rows = yard.db.soql("SELECT Name, (SELECT Name FROM Details__r) FROM Master__c").unwrap();
    let rows = serde_json::to_value(rows).unwrap();
    assert_eq!(rows["records"][0]["Details__r"]["records"][0]["Name"], "D");
}
