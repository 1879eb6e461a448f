//! Fields of dates, date-times and times of day.

use serde_json::{Value as Json, json};

use crate::types::{KIT, Shop, shown, wrong_type};

#[test]
fn a_day_has_four_two_and_two_digits() {
    let shop = Shop::of(&[KIT]);
    let cases = [
        (json!("2026-03-01"), json!("2026-03-01")),
        (json!(" 2024-02-29\n"), json!("2024-02-29")),
        (json!("1700-01-01"), json!("1700-01-01")),
        (json!("4000-12-31"), json!("4000-12-31")),
        (json!(""), Json::Null),
        (json!(null), Json::Null),
    ];
    shop.assert_kept("Day__c", &cases);
    for given in [
        json!("2026-02-29"),
        json!("2026-13-01"),
        json!("2026-00-01"),
        json!("2026-3-1"),
        json!("01.03.2026"),
        json!("2026/03/01"),
        json!("20260301"),
        json!("+2026-03-01"),
        json!("2026-03-01T08:00:00Z"),
        json!("today"),
        json!(20_260_301),
        json!(true),
        json!("1699-12-31"),
        json!("4001-01-01"),
        json!("0000-01-01"),
        json!("9999-12-31"),
    ] {
        shop.assert_refused("Day__c", &given, &wrong_type("Day", &shown(&given), "Day__c"));
    }
}

#[test]
fn a_moment_is_kept_in_utc_and_to_the_second() {
    let shop = Shop::of(&[KIT]);
    for (given, kept) in [
        ("2026-03-01T08:00:00Z", "2026-03-01T08:00:00.000+0000"),
        ("2026-03-01T08:00:00.000+0000", "2026-03-01T08:00:00.000+0000"),
        ("2026-03-01T09:30:00+01:30", "2026-03-01T08:00:00.000+0000"),
        ("2026-02-28T21:00:00-1100", "2026-03-01T08:00:00.000+0000"),
        (" 2026-03-01T08:00:00.999999999Z ", "2026-03-01T08:00:00.000+0000"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.000+0000"),
        ("1700-01-01T00:00:00Z", "1700-01-01T00:00:00.000+0000"),
        ("1699-12-31T23:00:00-01:00", "1700-01-01T00:00:00.000+0000"),
        ("4000-12-31T00:00:00Z", "4000-12-31T00:00:00.000+0000"),
        ("4000-12-30T23:59:59.999Z", "4000-12-30T23:59:59.000+0000"),
    ] {
        shop.assert_kept("At__c", &[(json!(given), json!(kept))]);
    }
    shop.assert_kept("At__c", &[(json!("\t"), Json::Null), (json!(null), Json::Null)]);
}

#[test]
fn a_moment_without_an_offset_or_of_another_form_is_refused() {
    let shop = Shop::of(&[KIT]);
    for given in [
        json!("2026-03-01"),
        json!("2026-03-01T08:00:00"),
        json!("2026-03-01 08:00:00Z"),
        json!("2026-03-01t08:00:00Z"),
        json!("2026-03-01T08:00:00z"),
        json!("2026-03-01T08:00Z"),
        json!("2026-03-01T24:00:00Z"),
        json!("2026-03-01T08:60:00Z"),
        json!("2026-02-30T08:00:00Z"),
        json!("now"),
        json!(1_772_352_000),
        json!(false),
    ] {
        shop.assert_refused("At__c", &given, &wrong_type("Moment", &shown(&given), "At__c"));
    }
}

#[test]
fn a_moment_outside_the_years_that_an_org_takes_is_refused() {
    let shop = Shop::of(&[KIT]);
    for (given, moment) in [
        ("1699-12-31T23:59:59Z", "1699-12-31T23:59:59.000+0000"),
        ("1699-12-31T23:59:59.999Z", "1699-12-31T23:59:59.999+0000"),
        ("1700-01-01T00:00:00+00:01", "1699-12-31T23:59:00.000+0000"),
        ("4000-12-31T00:00:01Z", "4000-12-31T00:00:01.000+0000"),
        ("4000-12-30T23:59:59-00:01", "4000-12-31T00:00:59.000+0000"),
    ] {
        shop.assert_refused("At__c", &json!(given), &wrong_type("Moment", moment, "At__c"));
    }
    // Fractions of a second are cut before the range is checked.
    let last = (json!("4000-12-31T00:00:00.999Z"), json!("4000-12-31T00:00:00.000+0000"));
    shop.assert_kept("At__c", &[last]);
    let leap = "2016-12-31T23:59:60Z";
    shop.assert_refused("At__c", &json!(leap), &wrong_type("Moment", leap, "At__c"));
}

#[test]
fn a_time_of_day_is_kept_to_the_millisecond() {
    let shop = Shop::of(&[KIT]);
    for (given, kept) in [
        ("00:00:00", "00:00:00.000Z"),
        ("08:15:00Z", "08:15:00.000Z"),
        ("08:15:00.5", "08:15:00.500Z"),
        (" 08:15:00.123Z\n", "08:15:00.123Z"),
        ("23:59:59.999999Z", "23:59:59.999Z"),
    ] {
        shop.assert_kept("Time__c", &[(json!(given), json!(kept))]);
    }
    shop.assert_kept("Time__c", &[(json!(""), Json::Null), (json!(null), Json::Null)]);
    for given in [
        json!("24:00:00"),
        json!("23:59:60"),
        json!("8:15:00"),
        json!("08:15"),
        json!("08:60:00"),
        json!("08:15:00z"),
        json!("08:15:00+01:00"),
        json!("081500"),
        json!("noon"),
        json!("2026-03-01T08:15:00Z"),
        json!(29_700_000),
    ] {
        let expected = wrong_type("Time of Day", &shown(&given), "Time__c");
        shop.assert_refused("Time__c", &given, &expected);
    }
}
