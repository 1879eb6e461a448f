//! Values of every type, which are written and read as structs and as JSON.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use sobject_core::{
    Any, Error, MultiPicklist, Patch, Picklist as _, Ref, SObject, Store,
    chrono::{NaiveTime, Timelike},
    standard::{User, UserCreate},
};

use super::{Order, OrderCreate, OrderUpdate, Origin, Phase, Tool, create, db, json_of};
use crate::desk::{at, day, map, verify};

fn time(text: &str) -> NaiveTime {
    text.parse().expect("a time")
}

#[test]
fn what_a_create_leaves_out_has_its_default() {
    let db = db();
    let id = db.create(create("A")).expect("an order");
    let order = db.get(id).expect("the order").fields;
    assert_eq!(order.name, "O-1000");
    assert_eq!((order.phase, order.origin, order.way), (Phase::New, None, Some(Origin::Web)));
    assert_eq!(order.tools, [Tool::Axe, Tool::Saw].into(), "in the order of the list");
    assert_eq!((order.big, order.before), (-7, time("08:15:00")));
    assert_eq!(order.seal, [0, 1, 2]);
    assert_eq!((order.discount.to_bits(), order.parcels), (12.5f64.to_bits(), 1));
    assert!(order.open);
    assert_eq!((order.due, order.promised), (day("2026-03-01"), at("2026-03-01T08:00:00Z")));
    assert_eq!((order.sent, order.after, order.scan, order.about), (None, None, None, None));
}

#[test]
fn a_default_is_not_taken_where_a_value_or_null_is_given() {
    let db = db();
    let given = OrderCreate {
        phase: Some(Phase::InProgress),
        way: Patch::NULL,
        tools: Some([Tool::Uber].into()),
        big: Some(i64::from(u32::MAX)),
        open: Some(false),
        ..create("A")
    };
    let id = db.create(given).expect("an order");
    let order = db.get(id).expect("the order").fields;
    assert_eq!((order.phase, order.way), (Phase::InProgress, None));
    assert_eq!((order.tools, order.big), ([Tool::Uber].into(), i64::from(u32::MAX)));
    assert!(!order.open);
}

#[test]
fn values_are_the_same_as_a_struct_and_as_json() {
    let db = db();
    let user = db.create(UserCreate::new("Ada", "ada@example.org")).expect("a user");
    let id = db
        .create(OrderCreate {
            origin: Some(Origin::Phone),
            origins: Some([Origin::Other("Fair".into()), Origin::Web].into()),
            subject: Some(Origin::Other("web".into())),
            sent: Some(-123_456_789_012_345_678),
            after: Some(time("23:59:59.999")),
            scan: Some(vec![0xff, 0x00]),
            about: Some(Ref::to(user)),
            total: Some(0.29),
            email: Some("a@b.c".into()),
            ..create("A")
        })
        .expect("an order");
    let json = json_of(&db, id);
    let wanted = json!({
        "Name": "O-1000", "Code": "A", "Phase": "New", "Origin": "By Phone", "Way__c": "Web",
        "Origins": "Web;Fair", "Tools": "Axe;Saw", "Subject": "web",
        "Sent": -123_456_789_012_345_678_i64, "Big": -7,
        "After": "23:59:59.999Z", "Before": "08:15:00.000Z", "Scan": "/wA=", "Seal": "AAEC",
        "About__c": user.to_string(), "Total": 0.29, "Discount": 12.5, "Parcels": 1, "Open": true,
        "Due": "2026-03-01", "Promised": "2026-03-01T08:00:00.000+0000", "Email": "a@b.c",
        "Phone": null, "Website": null, "Note": null,
    });
    for (name, value) in wanted.as_object().expect("a map") {
        assert_eq!(&json[name], value, "{name}");
    }

    let again: Vec<_> = json
        .iter()
        .filter(|(name, value)| {
            !value.is_null()
                && !matches!(name.as_str(), "Name" | "Code")
                && wanted.get(name).is_some()
        })
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut again: sobject_core::JsonRecord = again.into_iter().collect();
    again.insert("Code".into(), "B".into());
    let twin = db.object("Order").expect("orders").create(&again).expect("a twin");
    let twin = db.get::<Order>(sobject_core::Id::new(twin)).expect("the twin").fields;
    let first = db.get(id).expect("the order").fields;
    assert_eq!(Order { name: first.name.clone(), code: first.code.clone(), ..twin }, first);
}

#[test]
fn an_update_sets_and_empties_values_of_every_type() {
    let db = db();
    let id = db.create(create("A")).expect("an order");
    let set = OrderUpdate {
        phase: Phase::InProgress.into(),
        origin: Origin::Fax.into(),
        origins: MultiPicklist::from([Origin::Phone]).into(),
        tools: MultiPicklist::from([Tool::Uber, Tool::Uber]).into(),
        sent: 5.into(),
        after: time("00:00:00.001").into(),
        scan: vec![7].into(),
        ..OrderUpdate::default()
    };
    db.update(id, set).expect("set");
    let json = json_of(&db, id);
    assert_eq!((&json["Phase"], &json["Origin"]), (&json!("In Progress"), &json!("Fax")));
    assert_eq!((&json["Origins"], &json["Tools"]), (&json!("By Phone"), &json!("Über")));
    assert_eq!((&json["Sent"], &json["After"]), (&json!(5), &json!("00:00:00.001Z")));
    assert_eq!(json["Scan"], "Bw==");

    let emptied = OrderUpdate {
        origin: Patch::NULL,
        // A multi-select picklist without values is null.
        origins: Patch::Set(Some(MultiPicklist::new())),
        sent: Patch::NULL,
        after: Patch::NULL,
        scan: Patch::NULL,
        ..OrderUpdate::default()
    };
    db.update(id, emptied).expect("emptied");
    let order = db.get(id).expect("the order").fields;
    assert_eq!((order.origin, order.origins), (None, None));
    assert_eq!((order.sent, order.after, order.scan), (None, None, None));
}

#[test]
fn records_are_found_by_values_of_the_new_types() {
    let db = db();
    let web = db.create(OrderCreate { origin: Some(Origin::Web), ..create("a") }).expect("one");
    let fair = Origin::Other("Fair".into());
    let other = OrderCreate { origin: Some(fair.clone()), ..create("A") };
    let other = db.create(other).expect("two, for case tells codes apart");
    let ids = |found: sobject_core::Result<Vec<sobject_core::Record<Order>>>| -> Vec<_> {
        found.expect("found").iter().map(|record| record.id).collect()
    };
    assert_eq!(ids(db.find(Order::FIELDS.origin, Origin::Web)), [web]);
    assert_eq!(ids(db.find(Order::FIELDS.origin, fair)), [other]);
    assert_eq!(ids(db.find(Order::FIELDS.code, "A".to_owned())), [other]);
    let taken = db.create(create("A"));
    assert!(matches!(taken, Err(Error::Duplicate { .. })), "{taken:?}");
}

#[test]
fn a_reference_to_any_object_leads_to_a_record_of_any_and_to_no_other() {
    let db = db();
    let order = db.create(create("A")).expect("an order");
    let about =
        |about: Ref<Any>, code: &str| db.create(OrderCreate { about: Some(about), ..create(code) });
    let itself = about(Ref::to(order), "B").expect("orders are objects too");
    assert_eq!(db.get(itself).expect("it").about, Some(Ref::to(order)));
    let unknown = about("a0O00000000ZZZZ".parse().expect("an id"), "C");
    assert!(matches!(unknown, Err(Error::NotFound { .. })), "{unknown:?}");
    let elsewhere: Ref<Any> = "001000000000001AAA".parse().expect("an id of an object not here");
    let kept = about(elsewhere, "D").expect("an id of an object that the store lacks");
    assert_eq!(db.get(kept).expect("it").about, Some(elsewhere));
    db.delete(order).expect("nothing requires it");
    assert_eq!(db.get(itself).expect("it").about, None, "what refers to it is found");
    db.undelete(order).expect("it is in the bin");
    assert_eq!(db.get(itself).expect("it").about, Some(Ref::to(order)));
}

#[test]
fn a_store_of_every_word_is_consistent() {
    let store = Store::in_memory(super::OBJECTS).expect("a store");
    let db = store.system();
    let user: sobject_core::Id<User> =
        db.create(UserCreate::new("Ada", "ada@example.org")).expect("a user");
    for n in 0..20 {
        let created = OrderCreate {
            about: Some(Ref::to(user)),
            origin: (n % 2 == 0).then(|| Origin::Other(n.to_string())),
            scan: Some(vec![0; n]),
            ..create(&n.to_string())
        };
        let id = db.create(created).expect("an order");
        if n % 3 == 0 {
            db.delete(id).expect("deleted");
        }
    }
    verify(&store);
}

fn other() -> impl Strategy<Value = Origin> {
    prop_oneof![
        Just(Origin::Web),
        Just(Origin::Phone),
        "[a-zA-Z0-9äß]{1,9}".prop_filter_map("a value of its own", |text| {
            // A value that differs from one of the list in case only would be kept as the list
            // spells it.
            (!["web", "fax", "by phone"].contains(&text.to_lowercase().as_str()))
                .then_some(Origin::Other(text))
        }),
    ]
}

proptest! {
    #[test]
    fn what_is_given_comes_back(
        sent in proptest::option::of(-999_999_999_999_999_999i64..=999_999_999_999_999_999),
        millis in proptest::option::of(0u32..86_400_000),
        scan in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..40)),
        origin in proptest::option::of(other()),
        several in proptest::collection::vec(other(), 1..6),
    ) {
        let db = db();
        let after = millis.map(|millis| {
            let seconds = NaiveTime::from_num_seconds_from_midnight_opt(millis / 1000, 0);
            seconds.and_then(|it| it.with_nanosecond(millis % 1000 * 1_000_000)).expect("a time")
        });
        let several: MultiPicklist<Origin> = several.into_iter().collect();
        let created = OrderCreate {
            sent,
            after,
            scan: scan.clone(),
            origin: origin.clone(),
            origins: Some(several.clone()),
            ..create("A")
        };
        let id = db.create(created).expect("an order");
        let order = db.get(id).expect("the order").fields;
        prop_assert_eq!((order.sent, order.after), (sent, after));
        prop_assert_eq!((order.scan, order.origin), (scan, origin));
        // Those that the list has come first, in its order, and each value once in whatever case.
        let mut wanted: Vec<Origin> = Vec::new();
        for origin in &several[..] {
            let is_it = |other: &Origin| {
                other.as_str().to_uppercase() == origin.as_str().to_uppercase()
            };
            if !wanted.iter().any(is_it) {
                wanted.push(origin.clone());
            }
        }
        wanted.sort_by_key(|origin| match origin {
            Origin::Web => 0,
            Origin::Phone => 1,
            _ => 2,
        });
        prop_assert_eq!(order.origins.as_deref(), Some(&wanted[..]));
    }
}

#[test]
fn what_views_of_the_new_types_send_is_what_an_org_takes() {
    let view = OrderCreate {
        origins: Some([Origin::Web, Origin::Phone].into()),
        after: Some(time("09:30:00")),
        scan: Some(b"hello".to_vec()),
        ..create("A")
    };
    let sent = serde_json::to_value(&view).expect("a view serialises");
    let wanted = json!({
        "Code": "A", "Origins": "Web;By Phone", "After": "09:30:00.000Z", "Scan": "aGVsbG8=",
    });
    assert_eq!(sent, wanted);
    let Json::Object(sent) = sent else { panic!("a map") };
    let db = db();
    let id = db.object(Order::NAME).expect("orders").create(&map(&Json::Object(sent)));
    let id = sobject_core::Id::new(id.expect("an order"));
    assert_eq!(db.get::<Order>(id).expect("it").scan, Some(b"hello".to_vec()));
}
