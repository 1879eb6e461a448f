//! Fields of dates, date-times and times of day.

use serde_json::{Value as Json, json};

use crate::types::{KIT, Shop, unreadable, wrong_type};

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
        json!("2026-03-01Z"),
        json!("today"),
        json!(20_260_301),
        json!(1.5),
        json!(true),
        json!({ "year": 2026 }),
        json!([]),
    ] {
        shop.assert_refused("Day__c", &given, &unreadable("Day__c", &given));
    }
    for given in ["1699-12-31", "4001-01-01", "0000-01-01", "9999-12-31"] {
        shop.assert_refused("Day__c", &json!(given), &wrong_type("Day", given, "Day__c"));
    }
}

/// What each form of a moment is to a field of days, of moments and of times of day; `None` if it is
/// no value of it.
type Form = (&'static str, [Option<&'static str>; 3]);

/// The forms in which clients send days, moments and times of day.
const FORMS: &[Form] = &[
    ("2020-12-22", [Some("2020-12-22"), None, None]),
    // A moment in UTC is a day as well, with no fraction of a second or three digits of one.
    ("2020-12-22T21:16:01Z", [Some("2020-12-22"), Some("2020-12-22T21:16:01.000+0000"), None]),
    ("2020-12-22T21:16:01.000Z", [Some("2020-12-22"), Some("2020-12-22T21:16:01.000+0000"), None]),
    ("2020-12-22T23:59:59.999Z", [Some("2020-12-22"), Some("2020-12-22T23:59:59.000+0000"), None]),
    (
        "2020-12-22T21:16:01.000+0000",
        [Some("2020-12-22"), Some("2020-12-22T21:16:01.000+0000"), None],
    ),
    ("2020-12-22T21:16:01+0000", [Some("2020-12-22"), Some("2020-12-22T21:16:01.000+0000"), None]),
    ("2020-12-22T21:16:01+00:00", [Some("2020-12-22"), Some("2020-12-22T21:16:01.000+0000"), None]),
    (
        "2020-12-22T21:16:01.000+00:00",
        [Some("2020-12-22"), Some("2020-12-22T21:16:01.000+0000"), None],
    ),
    // In another zone it is a moment only.
    ("2020-12-22T21:16:01+01:00", [None, Some("2020-12-22T20:16:01.000+0000"), None]),
    ("2020-12-22T21:16:01.000+0100", [None, Some("2020-12-22T20:16:01.000+0000"), None]),
    ("2020-12-22T21:16:01-08:00", [None, Some("2020-12-23T05:16:01.000+0000"), None]),
    ("2020-04-30T13:19:18.000000+02:00", [None, Some("2020-04-30T11:19:18.000+0000"), None]),
    // So it is with a fraction of another length.
    ("2020-12-22T21:16:01.0Z", [None, Some("2020-12-22T21:16:01.000+0000"), None]),
    ("2020-12-22T21:16:01.00Z", [None, Some("2020-12-22T21:16:01.000+0000"), None]),
    ("2020-12-22T21:16:01.000000Z", [None, Some("2020-12-22T21:16:01.000+0000"), None]),
    // Without a zone, or with a time that no clock shows, it is nothing.
    ("2016-01-01T00:00:00", [None, None, None]),
    ("2016-01-01T00:00:00.000", [None, None, None]),
    ("2020-12-22T21:16Z", [None, None, None]),
    ("2020-12-22T21Z", [None, None, None]),
    ("2020-12-22TZ", [None, None, None]),
    ("2020-12-22T24:00:00Z", [None, None, None]),
    ("2020-12-22T21:16:60Z", [None, None, None]),
    ("2020-02-30T21:16:01Z", [None, None, None]),
    ("2020-12-22T21:16:01.Z", [None, None, None]),
    ("2020-12-22T21:16:01,000Z", [None, None, None]),
    ("2020-12-22 21:16:01Z", [None, None, None]),
    ("2017-10-17 00:00:00", [None, None, None]),
    ("2020-12-22t21:16:01Z", [None, None, None]),
    ("2020-12-22T21:16:01z", [None, None, None]),
    ("2020-12-22T21:16:01 Z", [None, None, None]),
    ("2017-05-30T-06:00:00X", [None, None, None]),
    ("2020-12-22T21:16:01ZZ", [None, None, None]),
    ("21:16:01", [None, None, Some("21:16:01.000Z")]),
    ("21:16:01Z", [None, None, Some("21:16:01.000Z")]),
    ("21:16:01.5", [None, None, Some("21:16:01.500Z")]),
    ("21:16:01.000Z", [None, None, Some("21:16:01.000Z")]),
    ("21:16:01+00:00", [None, None, None]),
    ("T21:16:01Z", [None, None, None]),
    ("21:16", [None, None, None]),
];

#[test]
fn each_form_of_days_and_times_is_a_value_of_the_types_that_an_org_reads_it_as() {
    let shop = Shop::of(&[KIT]);
    for (given, kept) in FORMS {
        for (field, kept) in ["Day__c", "At__c", "Time__c"].into_iter().zip(kept) {
            let given = json!(given);
            if let Some(kept) = kept {
                shop.assert_kept(field, &[(given, json!(kept))]);
            } else {
                shop.assert_refused(field, &given, &unreadable(field, &given));
            }
        }
    }
}

#[test]
fn the_day_of_a_moment_is_in_the_years_that_an_org_takes() {
    let shop = Shop::of(&[KIT]);
    let cases = [
        (json!("1700-01-01T00:00:00Z"), json!("1700-01-01")),
        (json!("4000-12-31T23:59:59.999Z"), json!("4000-12-31")),
    ];
    shop.assert_kept("Day__c", &cases);
    for (given, day) in
        [("1699-12-31T23:59:59Z", "1699-12-31"), ("4001-01-01T00:00:00Z", "4001-01-01")]
    {
        shop.assert_refused("Day__c", &json!(given), &wrong_type("Day", day, "Day__c"));
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
        shop.assert_refused("At__c", &given, &unreadable("At__c", &given));
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
    shop.assert_refused("At__c", &json!(leap), &unreadable("At__c", &json!(leap)));
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
        shop.assert_refused("Time__c", &given, &unreadable("Time__c", &given));
    }
}
