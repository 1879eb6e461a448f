//! Defaults, which a field gets if a create leaves it out; and auto-numbers.

use serde_json::{Value as Json, json};
use sobject_core::{Definition, FieldDefinition, FieldType};

use crate::{
    desk::{at, map, missing, refused},
    types::{PRESET, Shop, required, wrong_type},
};

/// The values of a preset whose create gives nothing.
fn presets() -> Json {
    json!({
        "Text__c": "plain", "Int__c": 7, "Long__c": 1_099_511_627_776_i64, "Double__c": 2.55,
        "Money__c": 3.0, "Flag__c": true, "Day__c": "2026-03-01",
        "At__c": "2026-03-01T08:00:00.000+0000", "Time__c": "08:15:00.000Z", "Blob__c": "AAEC",
        "Mail__c": "a@b.c", "Colour__c": "Green", "Mood__c": "Calm", "Tools__c": "Saw;Axe",
        "Must__c": "always", "Sure__c": false,
    })
}

#[test]
fn a_create_gets_the_default_of_each_field_that_it_leaves_out() {
    let shop = Shop::of(&[PRESET]);
    let preset = shop.create("Preset__c", &json!({}));
    let expected = presets();
    let preset = shop.get("Preset__c", preset);
    for field in PRESET.fields {
        assert_eq!(preset[field.name], expected[field.name], "{}", field.name);
    }
    shop.verify();
}

#[test]
fn a_value_that_is_given_wins_over_the_default() {
    let shop = Shop::of(&[PRESET]);
    let given = json!({ "Text__c": "own", "Int__c": 0, "Flag__c": false, "Colour__c": "Red" });
    let preset = shop.create("Preset__c", &given);
    let preset = shop.get("Preset__c", preset);
    for (field, value) in given.as_object().unwrap() {
        assert_eq!(&preset[field], value);
    }
    assert_eq!(preset["Must__c"], "always");
    shop.verify();
}

#[test]
fn null_that_is_given_suppresses_the_default_where_the_field_may_be_null() {
    let shop = Shop::of(&[PRESET]);
    let nillable = || PRESET.fields.iter().filter(|field| field.flags.is_nillable());
    for null in [json!(null), json!("")] {
        let nulls: Json = nillable().map(|field| (field.name.to_owned(), null.clone())).collect();
        let preset = shop.create("Preset__c", &nulls);
        let preset = shop.get("Preset__c", preset);
        for field in nillable() {
            assert_eq!(preset[field.name], Json::Null, "{} given {null}", field.name);
        }
    }
    shop.verify();
}

#[test]
fn null_is_refused_where_it_cannot_suppress_the_default() {
    let shop = Shop::of(&[PRESET]);
    let presets = shop.object("Preset__c");
    shop.nothing_changes(|| {
        for null in [json!(null), json!(" ")] {
            let given = map(&json!({ "Must__c": null }));
            assert_eq!(refused(presets.create(&given)), missing(&["Must__c"]), "{null}");
            let given = map(&json!({ "Sure__c": null }));
            let expected = wrong_type("Sure__c", "", "Sure__c");
            assert_eq!(refused(presets.create(&given)), expected, "{null}");
        }
    });
}

#[test]
fn an_update_gets_no_defaults() {
    let shop = Shop::of(&[PRESET]);
    let preset = shop.create("Preset__c", &json!({ "Text__c": null, "Int__c": null }));
    shop.update("Preset__c", preset, &json!({ "Text__c": null, "Flag__c": false }));
    let kept = shop.get("Preset__c", preset);
    let values = ["Text__c", "Int__c", "Flag__c"].map(|field| kept[field].clone());
    assert_eq!(values, [json!(null), json!(null), json!(false)]);
    shop.verify();
}

#[test]
fn a_required_field_never_gets_a_default_that_is_null() {
    use sobject_core::{DefaultValue, Error, Store};
    for (field_type, default) in [
        (FieldType::String, DefaultValue::Text("")),
        (FieldType::Picklist, DefaultValue::Text("  ")),
        (FieldType::MultiPicklist, DefaultValue::Text(" ; ")),
        (FieldType::Double, DefaultValue::Double(f64::NAN)),
        (FieldType::Date, DefaultValue::Text("")),
    ] {
        let fields = vec![required("Must__c", field_type).default(default)];
        let form = Definition::new("Form__c").key_prefix("a0F").fields(fields.leak());
        let opened = Store::in_memory(&[&form]);
        assert!(
            matches!(opened, Err(Error::BadDefinition { .. })),
            "{field_type:?} cannot be null, and {default:?} is: {opened:?}"
        );
    }
}

/// Records that are numbered in three ways.
const TICKET: &Definition = &Definition::new("Ticket__c").key_prefix("a0T").fields(&[
    FieldDefinition::new("Name", FieldType::String).autonumber("T-{0000}").name_field(),
    FieldDefinition::new("Serial__c", FieldType::String).autonumber("{00}/{YY}").start(98),
    FieldDefinition::new("Day__c", FieldType::String).autonumber("{YYYY}-{MM}-{DD} {0}").start(0),
]);

#[test]
fn auto_numbers_begin_at_their_start_and_outgrow_their_zeros() {
    let shop = Shop::of(&[TICKET]);
    let names = || {
        let ticket = shop.create("Ticket__c", &json!({}));
        let ticket = shop.get("Ticket__c", ticket);
        ["Name", "Serial__c", "Day__c"].map(|field| ticket[field].as_str().unwrap().to_owned())
    };
    assert_eq!(names(), ["T-0001", "98/26", "2026-03-01 0"]);
    shop.clock.set(at("2026-12-31T23:59:59Z"));
    assert_eq!(names(), ["T-0002", "99/26", "2026-12-31 1"]);
    shop.clock.set(at("2027-01-01T00:00:00Z"));
    assert_eq!(names(), ["T-0003", "100/27", "2027-01-01 2"]);
    shop.verify();
}

#[test]
fn auto_numbers_cannot_be_written() {
    let shop = Shop::of(&[TICKET]);
    let tickets = shop.object("Ticket__c");
    let ticket = shop.create("Ticket__c", &json!({}));
    let given = map(&json!({ "Serial__c": "1", "Name": null }));
    let expected = crate::desk::not_writeable(&["Name", "Serial__c"]);
    shop.nothing_changes(|| {
        assert_eq!(refused(tickets.create(&given)), expected);
        assert_eq!(refused(tickets.update(ticket, &given)), expected);
    });
}

#[test]
fn auto_numbers_are_not_drawn_twice_after_reopening() {
    let archive = crate::types::Archive::new();
    let mut last = 0;
    for _ in 0..3 {
        let shop = archive.open(&[TICKET]);
        let ticket = shop.create("Ticket__c", &json!({}));
        let name = shop.value("Ticket__c", ticket, "Name");
        let number: u64 = name.as_str().unwrap()[2..].parse().unwrap();
        assert!(number > last, "{number} after {last}");
        last = number;
        shop.verify();
    }
}

#[test]
fn a_start_that_numbers_cannot_reach_is_refused() {
    use sobject_core::{Error, Store};
    let fields =
        vec![FieldDefinition::new("Name", FieldType::String).autonumber("{0}").start(u64::MAX)];
    let form = Definition::new("Form__c").key_prefix("a0F").fields(fields.leak());
    let opened = Store::in_memory(&[&form]);
    assert!(matches!(opened, Err(Error::BadDefinition { .. })), "{opened:?}");
}
