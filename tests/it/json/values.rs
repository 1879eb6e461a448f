//! What a value of JSON is in a field of each type, for structs and for views alike.

use serde_json::{Value as Json, json};

use super::{Whole, WholeUpdate};
use crate::desk::map;

/// A whole with every required field.
fn whole() -> Json {
    json!({
        "Name": "W-0001", "Flag": true, "Size": 1, "Long": 2, "Weight": 0.5, "Text__c": "text",
        "Day": "2026-03-01", "At": "2026-03-01T08:00:00.000+0000", "Time": "08:00:00.000Z",
        "Scan": "AAEC", "UserId": "005xx0000000001", "OwnerId": "005xx0000000001",
        "Origin": "Web", "Tool": "Axe", "Tools": "Axe",
    })
}

/// What a field is given, and what it is written as.
fn assert_read(cases: &[(&str, Json, Json)]) {
    for (field, given, expected) in cases {
        let mut record = map(&whole());
        record.insert((*field).to_owned(), given.clone());
        let text = Json::Object(record).to_string();
        let read: Whole = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
        let written = serde_json::to_value(&read).expect("it is written");
        assert_eq!(&written[field], expected, "{field} {given}");
        let update = json!({ *field: given });
        let update: WholeUpdate =
            serde_json::from_value(update).unwrap_or_else(|error| panic!("{error}"));
        let written = serde_json::to_value(&update).expect("it is written");
        assert_eq!(written, json!({ *field: expected }), "{field} {given}");
    }
}

/// What a field is given, and the refusal.
fn assert_refused(cases: &[(&str, Json, &str)]) {
    for (field, given, expected) in cases {
        let mut record = map(&whole());
        record.insert((*field).to_owned(), given.clone());
        let error = serde_json::from_value::<Whole>(record.into()).expect_err("a refusal");
        assert_eq!(error.to_string(), format!("Whole.{field}: {expected}"), "{given}");
        let update = serde_json::from_value::<WholeUpdate>(json!({ *field: given }));
        assert_eq!(update.expect_err("a refusal").to_string(), error.to_string());
    }
}

#[test]
fn values_are_read_in_the_forms_that_clients_send() {
    let noon = "2026-03-01T12:00:00.000+0000";
    assert_read(&[
        ("Flag", json!(false), json!(false)),
        ("Flag", json!("True"), json!(true)),
        ("MaybeFlag", json!(null), json!(null)),
        ("MaybeFlag", json!(""), json!(null)),
        ("Size", json!("7"), json!(7)),
        ("Size", json!(7.0), json!(7)),
        ("Size", json!(-7), json!(-7)),
        ("Small__c", json!(" "), json!(null)),
        ("Long", json!(i64::MIN), json!(i64::MIN)),
        ("Long", json!("9223372036854775807"), json!(i64::MAX)),
        ("Weight", json!(3), json!(3.0)),
        ("Weight", json!("-1.25e2"), json!(-125.0)),
        ("Price", json!(0.1), json!(0.1)),
        ("Text__c", json!(" as it is \n"), json!(" as it is \n")),
        ("Text__c", json!(""), json!("")),
        ("Day", json!("2024-02-29"), json!("2024-02-29")),
        ("At", json!("2026-03-01T12:00:00Z"), json!(noon)),
        ("At", json!("2026-03-01T12:00:00.000+0000"), json!(noon)),
        ("At", json!("2026-03-01T13:00:00+01:00"), json!(noon)),
        ("MaybeAt", json!(""), json!(null)),
        ("Time", json!("12:00:00.5Z"), json!("12:00:00.500Z")),
        ("Time", json!("12:00:00"), json!("12:00:00.000Z")),
        ("Scan", json!("AAEC"), json!("AAEC")),
        ("UserId", json!("005xx0000000001"), json!("005xx0000000001AAA")),
        ("About__c", json!("001M000000qfPySIAU"), json!("001M000000qfPySIAU")),
        ("Origin", json!("By Phone"), json!("By Phone")),
        ("Origin", json!("by phone"), json!("by phone")),
        ("Tool", json!("big saw"), json!("Big Saw")),
        ("Origins", json!("Fair;Web"), json!("Fair;Web")),
        ("Origins", json!(""), json!(null)),
        ("Tools", json!("Axe;Plane"), json!("Axe;Plane")),
    ]);
}

#[test]
fn what_is_no_value_of_its_field_is_told() {
    assert_refused(&[
        ("Flag", json!("yes"), "yes is no boolean"),
        ("Flag", json!(1), "1 is no boolean"),
        ("Flag", json!(null), "it cannot be null"),
        ("Flag", json!(""), "it cannot be null"),
        ("Size", json!(5.5), "5.5 is no int"),
        ("Size", json!("five"), "five is no int"),
        ("Size", json!(3_000_000_000_i64), "3000000000 is out of the range of int"),
        ("Size", json!(true), "true is no int"),
        ("Long", json!(u64::MAX), "18446744073709551615 is out of the range of long"),
        ("Weight", json!("1e999"), "1e999 is out of the range of double"),
        ("Price", json!("NaN"), "NaN is no currency"),
        ("Text__c", json!(12), "12 is no string"),
        ("Text__c", json!(true), "true is no string"),
        ("Text__c", json!(null), "it cannot be null"),
        ("Text__c", json!({ "a": { "b": [] } }), "an object is no string"),
        ("Text__c", json!({}), "an object is no string"),
        ("MaybeText", json!(["a"]), "an array is no textarea"),
        ("Day", json!("2026-02-29"), "2026-02-29 is no date"),
        ("At", json!("2026-03-01"), "2026-03-01 is no datetime"),
        ("At", json!(1_772_352_000_000_i64), "1772352000000 is no datetime"),
        ("Time", json!("noon"), "noon is no time"),
        ("Scan", json!("AAE"), "AAE is no base64"),
        ("UserId", json!("005"), "005 is no id: an id has 15 or 18 characters"),
        ("UserId", json!(5), "5 is no reference"),
        (
            "About__c",
            json!("001m000000qfPySIAU"),
            "001m000000qfPySIAU is no id: the last three characters do not match the case of the \
             first 15",
        ),
        ("Tool", json!("Hammer"), "`Hammer` is none of the values Axe, Big Saw, Plane"),
        ("Tool", json!(""), "it cannot be null"),
        ("Tools", json!("Axe;Hammer"), "`Hammer` is none of the values Axe, Big Saw, Plane"),
    ]);
    let long = "x".repeat(2_000);
    let error = serde_json::from_value::<WholeUpdate>(json!({ "Day": long })).unwrap_err();
    assert!(error.to_string().ends_with("x... (2000 characters) is no date"), "{error}");
}

#[test]
fn numbers_come_as_any_crate_of_the_program_makes_serde_json_give_them() {
    // This is how serde_json hands a number over with its feature `arbitrary_precision`.
    let number = |text: &str| json!({ "$serde_json::private::Number": text });
    assert_read(&[
        ("Weight", number("0.1"), json!(0.1)),
        ("Price", number("12"), json!(12.0)),
        ("Size", number("12"), json!(12)),
        ("Long", number("-9223372036854775808"), json!(i64::MIN)),
    ]);
    assert_refused(&[
        (
            "Size",
            number("99999999999999999999999"),
            "99999999999999999999999 is out of the range of int",
        ),
        ("Day", number("12"), "12 is no date"),
    ]);
}
