//! Picklists as enums: their values, labels and defaults, and the refusals at run time.

use serde_json::json;
use sobject_core::{Error, MultiPicklist, Picklist, PicklistValue};

use super::{Order, OrderCreate, Origin, Phase, Tool, create, db, json_of};
use crate::desk::{Refusal, map, refusal, refused};

#[test]
fn values_and_labels_follow_from_the_variants_or_are_given() {
    let wanted = [
        PicklistValue::new("Web"),
        PicklistValue::new("By Phone").label("Telephone"),
        PicklistValue::new("Fax").inactive(),
    ];
    assert_eq!(Origin::VALUES, wanted);
    let wanted = [
        PicklistValue::new("New").default(),
        PicklistValue::new("In Progress"),
        PicklistValue::new("Lost").inactive(),
    ];
    assert_eq!(Phase::VALUES, wanted);
    assert_eq!((Origin::Phone.as_str(), Origin::Phone.label()), ("By Phone", "Telephone"));
    let other = Origin::Other("Fair".into());
    assert_eq!((other.as_str(), other.label()), ("Fair", "Fair"));
}

#[test]
fn an_open_list_takes_each_text_as_it_is_and_a_closed_one_its_own_in_any_case() {
    for (text, origin) in [
        ("By Phone", Origin::Phone),
        ("by phone", Origin::Other("by phone".into())),
        ("Phone", Origin::Other("Phone".into())),
        ("", Origin::Other(String::new())),
    ] {
        assert_eq!(Origin::from_value(text), Some(origin), "{text}");
    }
    for (text, tool) in [
        ("Saw", Some(Tool::Saw)),
        ("sAW", Some(Tool::Saw)),
        ("ÜBER", Some(Tool::Uber)),
        ("x", None),
    ] {
        assert_eq!(Tool::from_value(text), tool, "{text}");
    }
}

#[test]
fn several_values_are_each_there_once_in_the_order_given() {
    let mut tools = MultiPicklist::from([Tool::Saw, Tool::Axe, Tool::Saw]);
    assert_eq!((tools.to_string().as_str(), tools.len()), ("Saw;Axe", 2));
    tools.insert(Tool::Uber);
    tools.remove(&Tool::Saw);
    assert_eq!(tools[..], [Tool::Axe, Tool::Uber]);
    assert!(tools.has(&Tool::Axe) && !tools.has(&Tool::Saw));
    tools.remove(&Tool::Saw);
    tools.extend([Tool::Saw]);
    assert_eq!(format!("{tools} {tools:?}"), r#"Axe;Über;Saw {"Axe", "Über", "Saw"}"#);
    assert_eq!((&tools).into_iter().count(), 3);
    assert_eq!(tools.into_iter().collect::<Vec<_>>(), [Tool::Axe, Tool::Uber, Tool::Saw]);
    let none = MultiPicklist::<Tool>::default();
    assert_eq!((none.is_empty(), format!("{none:?}")), (true, "{}".to_owned()));
}

fn not_listed(label: &str, value: &str, field: &str) -> Refusal {
    let message = format!("{label}: bad value for restricted picklist field: {value}");
    refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, &[field])
}

#[test]
fn a_restricted_picklist_is_given_its_active_values_only() {
    let db = db();
    let lost = db.create(OrderCreate { phase: Some(Phase::Lost), ..create("A") });
    assert_eq!(refused(lost), not_listed("Phase", "Lost", "Phase"));
    let orders = db.object("Order").expect("orders");
    let unknown = orders.create(&map(&json!({ "Code": "A", "Phase": "Gone" })));
    assert_eq!(refused(unknown), not_listed("Phase", "Gone", "Phase"));
    let unknown = orders.create(&map(&json!({ "Code": "A", "Tools": "Saw;Hammer" })));
    assert_eq!(refused(unknown), not_listed("Tools", "Saw;Hammer", "Tools"));
}

#[test]
fn a_replica_may_hold_what_a_closed_enum_lacks_and_says_so_to_a_typed_read() {
    let db = db();
    let id = db.create(create("A")).expect("an order");
    let mut record = json_of(&db, id);
    record["Phase"] = "Under Review".into();
    record["Tools"] = "Saw;Hammer".into();
    db.store.replica().put("Order", &record).expect("what the source holds");
    assert_eq!(json_of(&db, id), record);
    let read = refused(db.get(id));
    assert_eq!(read.code, "FUNCTIONALITY_NOT_ENABLED");
    for told in ["Phase", "`Under Review`", &id.to_string()] {
        assert!(read.message.contains(told), "{}", read.message);
    }
    record["Phase"] = "Lost".into();
    record["Tools"] = "Saw".into();
    db.store.replica().put("Order", &record).expect("a value that is inactive");
    assert_eq!(db.get(id).expect("the order").phase, Phase::Lost);
}

#[test]
fn other_letters_are_kept_as_listed_except_by_a_combobox() {
    let db = db();
    let orders = db.object("Order").expect("orders");
    let record = json!({
        "Code": "A", "Phase": "in progress", "Origin": "by phone", "Tools": "SAW; über",
        "Subject": "by phone",
    });
    let id = orders.create(&map(&record)).expect("an order");
    let order = db.get::<Order>(sobject_core::Id::new(id)).expect("the order").fields;
    assert_eq!((order.phase, order.origin), (Phase::InProgress, Some(Origin::Phone)));
    assert_eq!(order.tools, [Tool::Saw, Tool::Uber].into());
    assert_eq!(order.subject, Some(Origin::Other("by phone".into())));
}

#[test]
fn a_multi_select_that_must_not_be_null_needs_a_value() {
    let db = db();
    let nothing = db.create(OrderCreate { tools: Some(MultiPicklist::new()), ..create("A") });
    assert!(matches!(nothing, Err(Error::Required { .. })), "{nothing:?}");
}
