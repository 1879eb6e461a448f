//! JSON that no honest client sends, to everything that reads it.

use serde_json::{Value as Json, json};
use sobject_core::{
    Caller, Error, Record, SObject, Store,
    standard::{Group, User, UserCreate},
};

use crate::{
    desk::verify,
    json::{Whole, WholeCreate, WholeUpdate},
};

/// The longest message that is still one to read, for input of one wrong value or key.
const LONGEST: usize = 3_000;

/// Texts that are records, or look like some.
fn texts() -> Vec<String> {
    let deep =
        |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let with = |field: &str, value: &str| format!(r#"{{ "{field}": {value} }}"#);
    let many = |value: &str| format!("\"{}\"", vec![value; 100_000].join(";"));
    let distinct: Vec<_> = (0..100_000).map(|n| n.to_string()).collect();
    let digits = "9".repeat(100_000);
    let mut texts = vec![
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "{".to_owned(),
        deep("[", "]"),
        deep(r#"{"a":"#, "}"),
        with("Nobody", &deep("[", "]")),
        with("Owner", &deep("[", "]")),
        with("attributes", &deep("[", "]")),
        with("attributes", "5"),
        with("attributes", r#"{ "type": 5 }"#),
        with("attributes", &format!(r#"{{ "type": "{}" }}"#, "x".repeat(100_000))),
        with(&"x".repeat(100_000), "1"),
        r#"{ "Size": 1, "size": 2 }"#.to_owned(),
        r#"{ "Size": 1, "Size": 2 }"#.to_owned(),
        r#"{ "": 1 }"#.to_owned(),
        r#"{ "\u0000": 1, "N\u0430me": "Cyrillic" }"#.to_owned(),
        with("Text__c", r#""\ud800""#),
        with("Text__c", r#""\u0000\u202e\ufeff\uffff""#),
        with("Tools", &many("Axe")),
        with("Tools", &many("Rake")),
        with("Origins", &many("Web")),
        with("Origins", &many("Fair")),
        with("Origins", &many("")),
        with("Origins", &format!("\"{}\"", distinct.join(";"))),
    ];
    let fields = [
        "Flag",
        "Size",
        "Long",
        "Weight",
        "Price",
        "Text__c",
        "Day",
        "At",
        "Time",
        "Scan",
        "UserId",
        "Origin",
        "Tool",
        "Tools",
        "Id",
        "CreatedDate",
    ];
    let values = [
        "NaN",
        "Infinity",
        "-Infinity",
        "\"NaN\"",
        "\"Infinity\"",
        "1e999",
        "-1e999",
        "1e-999",
        "\"1e999\"",
        "-0.0",
        "1e300",
        "9007199254740993.0",
        "18446744073709551615",
        "-9223372036854775809",
        "[]",
        "{}",
        "[[[]]]",
        r#"{ "$serde_json::private::Number": "5" }"#,
        r#"{ "$serde_json::private::Number": [] }"#,
        "\"\u{1F600}\"",
        "\"\u{0661}\"",
        "\"+\"",
        "\"-\"",
        "\".\"",
        "\"e\"",
        "\"+-1\"",
        "\"2026-02-30\"",
        "\"-2026-01-01\"",
        "\"+262143-01-01\"",
        "\"2026-01-01T24:00:00Z\"",
        "\"2026-01-01T23:59:60Z\"",
        "\"9999-12-31T23:59:59-23:59\"",
        "\"====\"",
        "\"A\"",
        "\"AA=A\"",
        "\"005xx0000000001AA\u{c4}\"",
    ];
    texts.extend(fields.iter().flat_map(|field| values.iter().map(|value| with(field, value))));
    texts.extend(fields.iter().map(|field| with(field, &digits)));
    texts.extend(fields.iter().map(|field| with(field, &format!("\"{digits}\""))));
    texts
}

#[test]
fn readers_of_serde_take_it_or_say_shortly_why_not() {
    fn read<R: serde::de::DeserializeOwned>(text: &str) {
        let beginning: String = text.chars().take(60).collect();
        if let Err(error) = serde_json::from_str::<R>(text) {
            let message = error.to_string();
            assert!(message.len() < LONGEST, "{beginning}: {} bytes", message.len());
        }
    }
    for text in texts() {
        read::<Whole>(&text);
        read::<Record<Whole>>(&text);
        read::<WholeCreate>(&text);
        read::<WholeUpdate>(&text);
    }
}

#[test]
fn stores_take_it_or_say_shortly_why_not() {
    let store = Store::in_memory(&[Group::OBJECT, User::OBJECT, Whole::OBJECT]).unwrap();
    let db = store.connect(Caller::system());
    let (wholes, replica) = (db.object("Whole").unwrap(), store.replica().stamps_from_given());
    let id = replica
        .put(
            "Whole",
            &json!({ "Id": "a0Jxx0000000999", "Name": "W", "Flag": true, "Size": 1,
            "Long": 1, "Weight": 1, "Text__c": "t", "Day": "2026-03-01",
            "At": "2026-03-01T08:00:00Z", "Time": "08:00:00", "Scan": "AA==",
            "UserId": "005xx0000000001", "OwnerId": "005xx0000000001", "Origin": "Web",
            "Tool": "Axe", "Tools": "Axe" }),
        )
        .unwrap();
    let short = |text: &str, result: Option<Error>| {
        let beginning: String = text.chars().take(60).collect();
        if let Some(error) = result {
            for printed in [error.to_string(), error.message(), format!("{error:?}")] {
                assert!(printed.len() < LONGEST, "{beginning}: {} bytes", printed.len());
            }
        }
    };
    for text in texts() {
        let Ok(mut record) = serde_json::from_str::<Json>(&text) else { continue };
        short(&text, wholes.create(&record).err());
        short(&text, wholes.update(id, &record).err());
        short(&text, wholes.update_many(&[&record]).unwrap().remove(0).err());
        short(&text, replica.put("Whole", &record).err());
        let Some(map) = record.as_object_mut() else { continue };
        map.entry("Id").or_insert_with(|| json!(id));
        short(&text, replica.put("Whole", &record).err());
        short(&text, replica.pass_over_unknown().put("Whole", &record).err());
        for (field, value) in record.as_object().into_iter().flatten() {
            short(&text, wholes.find(field, value.clone()).err());
        }
    }
    verify(&store);
}

/// Fields whose values both readers convert, with the type's own range left to the store.
const CONVERTED: &[&str] =
    &["Flag", "Size", "Long", "Weight", "Price", "Day", "At", "Time", "Scan"];

#[test]
fn structs_and_maps_read_the_same_values_from_json() {
    let store = Store::in_memory(&[Group::OBJECT, User::OBJECT, Whole::OBJECT]).unwrap();
    let db = store.system();
    let wholes = db.object("Whole").unwrap();
    let create: WholeCreate = serde_json::from_value(json!({
        "Size": 1, "Long": 1, "Weight": 1, "Text__c": "t", "Day": "2026-03-01",
        "At": "2026-03-01T08:00:00Z", "Time": "08:00:00", "Scan": "AA==",
        "UserId": "005xx0000000001", "Tool": "Axe", "Tools": "Axe",
    }))
    .unwrap();
    let user = db.create(UserCreate::new("Ada", "ada@example.com")).unwrap();
    let id = db.create(WholeCreate { user_id: user, ..create }).unwrap();
    let great = format!("1{}", "0".repeat(45));
    let values = [
        json!(true),
        json!("TRUE"),
        json!("1"),
        json!(1),
        json!(0),
        json!("0"),
        json!(5.0),
        json!(5.5),
        json!("5.0"),
        json!("+5"),
        json!(" 5 "),
        json!("1e2"),
        json!(1e2),
        json!(-0.0),
        json!("-0"),
        json!(1e15),
        json!("0.1"),
        json!(0.1 + 0.2),
        json!(1e300),
        json!(-1e300),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(great),
        json!("1e400"),
        json!("2026-03-01"),
        json!("2026-03-01T23:30:00Z"),
        json!("2026-03-01T23:30:00-01:00"),
        json!("2026-03-01T23:30:00.000+0000"),
        json!("2026-03-01T23:30:00"),
        json!("23:30:00"),
        json!("23:30:00.5Z"),
        json!("AAEC"),
        json!("AAE"),
        json!("AA=="),
        json!([]),
        json!({}),
    ];
    for field in CONVERTED {
        for value in &values {
            let body = json!({ *field: value });
            let typed = serde_json::from_value::<WholeUpdate>(body.clone());
            match (typed, wholes.update(id.record_id(), &body)) {
                (Ok(update), Ok(())) => {
                    let untyped = wholes.get(id.record_id()).unwrap()[*field].clone();
                    db.update(id, update).unwrap();
                    let typed = wholes.get(id.record_id()).unwrap()[*field].clone();
                    assert_eq!(typed, untyped, "{field} {value}");
                }
                (Ok(update), Err(refusal)) => {
                    let both = db.update(id, update).expect_err("the store refuses it too");
                    assert_eq!(both.to_string(), refusal.to_string(), "{field} {value}");
                }
                (Err(_), Err(_)) => {}
                (Err(error), Ok(())) => panic!("{field} {value}: {error}"),
            }
        }
    }
    verify(&store);
}
