//! Words of the struct: `system(..)`, `audit_fields` and derives for views.

use std::collections::HashSet;

use serde_json::json;
use sobject_core::{Id, SObject, Store, System, standard::User};

use super::Order;
use crate::desk::{map, verify};

/// An event, which is never changed, and of which only the time and the user of its creation are
/// shown.
#[derive(SObject, Clone, Debug, PartialEq)]
#[sobject(
    name = "Trail",
    key_prefix = "0tr",
    calls(create, describe_sobjects, query, retrieve),
    system(created_date, created_by_id),
    create(derive(Eq, Hash)),
    update(derive(Eq, Hash))
)]
struct Trail {
    #[field(create, update, filter, length = 20)]
    step: String,
}

/// An object that has no system field but Id.
#[derive(SObject)]
#[sobject(key_prefix = "0bt", system())]
struct Bolt {
    #[field(create, nillable)]
    size: Option<i32>,
}

fn names(fields: &[sobject_core::FieldDescribe]) -> Vec<&str> {
    fields.iter().map(|field| field.name.as_str()).collect()
}

#[test]
fn an_object_has_the_system_fields_that_it_lists() {
    assert_eq!(Trail::OBJECT.system, Some(System::NONE.created_date().created_by_id()));
    assert_eq!((Order::OBJECT.system, User::OBJECT.system), (None, None));
    let db = Store::in_memory(&[Trail::OBJECT, Bolt::OBJECT, User::OBJECT]).expect("a store");
    let db = db.system();
    let trail = db.describe::<Trail>().expect("it is described");
    assert_eq!(names(&trail.fields), ["Id", "CreatedDate", "CreatedById", "Step"]);
    let bolt = db.describe::<Bolt>().expect("it is described");
    assert_eq!(names(&bolt.fields), ["Id", "Size"]);
    let user = db.describe::<User>().expect("it is described");
    assert_eq!(user.fields.len(), 6 + 3, "a user is not deleted, and has all others");
}

#[test]
fn records_are_stamped_with_what_the_object_does_not_show() {
    let store = Store::in_memory(&[Trail::OBJECT, Bolt::OBJECT]).expect("a store");
    let db = store.system();
    let id = db.create(TrailCreate::new("begun")).expect("a trail");
    let json = db.object("Trail").expect("trails").get(id.record_id()).expect("it");
    let keys: Vec<_> = json.keys().map(String::as_str).collect();
    assert_eq!(keys, ["Id", "CreatedDate", "CreatedById", "Step"]);
    let record = db.get(id).expect("it");
    assert_eq!(record.system_modstamp, record.created_date);
    let asked = db.object("Trail").expect("trails").retrieve(&["LastModifiedDate"], &[id.into()]);
    assert!(asked.is_err(), "{asked:?}");
    let bolt = db.create(BoltCreate { size: Some(3) }).expect("a bolt");
    db.delete(bolt).expect("deleted, though nobody can see it");
    db.undelete(bolt).expect("and back");
    verify(&store);
}

#[test]
fn system_fields_may_come_and_go_with_the_definition() {
    let file = crate::types::Archive::new();
    let all = Trail::OBJECT;
    let mut none = *all;
    none.system = None;
    let none: &'static sobject_core::Definition = Box::leak(Box::new(none));
    let shop = file.open(&[all]);
    let id = shop.create("Trail", &json!({ "Step": "begun" }));
    assert_eq!(shop.get("Trail", id).len(), 4);
    drop(shop);
    let shop = file.open(&[none]);
    assert_eq!(shop.get("Trail", id).len(), 7, "all but IsDeleted, for there is no delete");
    drop(shop);
    assert_eq!(file.open(&[all]).get("Trail", id).len(), 4);
}

#[test]
fn objects_say_whether_audit_fields_may_be_given() {
    assert!(Order::OBJECT.audit_fields);
    assert!(!Trail::OBJECT.audit_fields);
}

#[test]
fn views_have_the_derives_that_they_are_given() {
    let steps = ["a", "b", "a"].map(TrailCreate::new);
    assert_eq!(HashSet::from(steps).len(), 2);
    let mut updates = HashSet::from([TrailUpdate::default()]);
    assert!(!updates.insert(TrailUpdate::default()));
}

#[test]
fn an_object_without_a_call_refuses_it_as_json_too() {
    let store = Store::in_memory(&[Trail::OBJECT]).expect("a store");
    let db = store.system();
    let id: Id<Trail> = db.create(TrailCreate::new("begun")).expect("a trail");
    let changed = db.object("Trail").expect("trails").update(id.into(), &map(&json!({})));
    assert!(matches!(changed, Err(sobject_core::Error::CallNotSupported { .. })), "{changed:?}");
}
