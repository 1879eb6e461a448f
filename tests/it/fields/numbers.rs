//! Fields of numbers (int, long, double, currency and percent) and booleans.

use serde_json::{Value as Json, json};

use crate::{
    desk::map,
    types::{KIT, Shop, out_of_range, shown, unreadable, wrong_type},
};

#[test]
fn a_whole_number_has_digits_and_a_sign() {
    let shop = Shop::of(&[KIT]);
    for field in ["Int__c", "Long__c"] {
        let cases = [
            (json!(0), json!(0)),
            (json!(-0), json!(0)),
            (json!(9999), json!(9999)),
            (json!(-9999), json!(-9999)),
            (json!("12"), json!(12)),
            (json!(" -12 "), json!(-12)),
            (json!("+12"), json!(12)),
            (json!("-0"), json!(0)),
            (json!("0000000000000000012"), json!(12)),
            (json!(5.0), json!(5)),
            (json!(-1e3), json!(-1000)),
            (json!(-0.0), json!(0)),
            (json!(""), Json::Null),
            (json!(" "), Json::Null),
            (json!(null), Json::Null),
        ];
        shop.assert_kept(field, &cases);
    }
    for field in ["Int__c", "Long__c"] {
        for given in [
            json!(5.5),
            json!(-0.1),
            json!(1e-300),
            json!(true),
            json!(false),
            json!("one"),
            json!("1.0"),
            json!("1e3"),
            json!("0x1"),
            json!("1 2"),
            json!("1,000"),
            json!("+-1"),
            json!("-"),
            json!("١"),
            json!({}),
            json!([1]),
        ] {
            shop.assert_refused(field, &given, &unreadable(field, &given));
        }
    }
}

#[test]
fn a_whole_number_with_too_many_digits_is_refused() {
    let shop = Shop::of(&[KIT]);
    for given in [
        json!(10_000),
        json!(-10_000),
        json!(i32::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!("10000"),
        json!("-99999999999999999999999999"),
    ] {
        let expected = out_of_range("Whole", &shown(&given), "Int__c");
        shop.assert_refused("Int__c", &given, &expected);
    }
    for (given, shown) in [
        (json!(1e10), "10000000000"),
        (json!(-1e4), "-10000"),
        (json!(1e18), "1000000000000000000"),
        (json!(1.5e300), "1.5E300"),
    ] {
        shop.assert_refused("Int__c", &given, &out_of_range("Whole", shown, "Int__c"));
    }
    let most = 999_999_999_999_999_999_i64;
    let cases = [(json!(most), json!(most)), (json!((-most).to_string()), json!(-most))];
    shop.assert_kept("Long__c", &cases);
    for given in [json!(most + 1), json!(-most - 1), json!(i64::MIN), json!(u64::MAX)] {
        shop.assert_refused("Long__c", &given, &out_of_range("Great", &shown(&given), "Long__c"));
    }
}

#[test]
fn a_decimal_number_keeps_every_digit_right_of_the_point() {
    let shop = Shop::of(&[KIT]);
    let cases = [
        (json!(0), json!(0.0)),
        (json!(1), json!(1.0)),
        (json!(0.29), json!(0.29)),
        (json!(1.999), json!(1.999)),
        (json!(-1.999), json!(-1.999)),
        (json!(0.009), json!(0.009)),
        (json!(-0.009), json!(-0.009)),
        (json!(0.1 + 0.2), json!(0.300_000_000_000_000_04)),
        (json!(123.123_456_789_012_34), json!(123.123_456_789_012_34)),
        (json!(1e-300), json!(1e-300)),
        (json!("12.345"), json!(12.345)),
        (json!(" +1e2 "), json!(100.0)),
        (json!("-0"), json!(0.0)),
        (json!(".5"), json!(0.5)),
        (json!("5."), json!(5.0)),
        (json!(""), Json::Null),
        (json!(null), Json::Null),
    ];
    for field in ["Double__c", "Whole__c", "Money__c", "Share__c"] {
        shop.assert_kept(field, &cases);
    }
}

#[test]
fn a_negative_zero_is_none() {
    let shop = Shop::of(&[KIT]);
    for given in [json!(-0.0), json!("-0.0"), json!("-0.00e9")] {
        let id = shop.create("Kit__c", &json!({ "Double__c": given }));
        let kept = shop.value("Kit__c", id, "Double__c").as_f64();
        assert_eq!(kept.map(f64::to_bits), Some(0), "{given}");
    }
    shop.verify();
}

#[test]
fn too_many_digits_left_of_the_point_are_refused() {
    let shop = Shop::of(&[KIT]);
    // Messages print numbers as an org does: with a point, and from ten millions on an exponent.
    for (field, label, fits, too_large, printed) in [
        ("Double__c", "Decimal", json!(9999.999), json!(10_000), "10000.0"),
        ("Double__c", "Decimal", json!(-9999.99), json!(-10_000.5), "-10000.5"),
        ("Share__c", "Share", json!(999.99), json!("1000"), "1000.0"),
        ("Share__c", "Share", json!(999.999_999), json!(10_000_000), "1.0E7"),
        ("Money__c", "Money", json!(9_999_999_999_999_998_i64), json!(1e16), "1.0E16"),
        ("Whole__c", "No Decimals", json!(9e17), json!(1.234e18), "1.234E18"),
        ("Double__c", "Decimal", json!("9999.9"), json!("1e300"), "1.0E300"),
    ] {
        let id = shop.create("Kit__c", &json!({ field: fits }));
        assert_ne!(shop.value("Kit__c", id, field), Json::Null);
        let expected = out_of_range(label, printed, field);
        shop.assert_refused(field, &too_large, &expected);
    }
    shop.assert_refused(
        "Double__c",
        &json!("-1e999"),
        &out_of_range("Decimal", "-Infinity", "Double__c"),
    );
}

#[test]
fn words_are_no_decimal_numbers() {
    let shop = Shop::of(&[KIT]);
    for given in [
        json!("much"),
        json!("NaN"),
        json!("inf"),
        json!("-infinity"),
        json!("1,5"),
        json!("1 5"),
        json!("1e"),
        json!("."),
        json!("1_0"),
        json!("5 %"),
        json!(true),
    ] {
        for field in ["Double__c", "Money__c", "Share__c"] {
            shop.assert_refused(field, &given, &unreadable(field, &given));
        }
    }
}

#[test]
fn a_boolean_is_true_or_false_in_several_spellings() {
    let shop = Shop::of(&[KIT]);
    for field in ["Flag__c", "Sure__c"] {
        let cases = [
            (json!(true), json!(true)),
            (json!(false), json!(false)),
            (json!("true"), json!(true)),
            (json!(" FALSE "), json!(false)),
        ];
        shop.assert_kept(field, &cases);
    }
    for field in ["Flag__c", "Sure__c"] {
        for given in [
            json!("1"),
            json!("0"),
            json!("yes"),
            json!("t"),
            json!("2"),
            json!(1),
            json!(0),
            json!(0.5),
            json!({}),
            json!([]),
        ] {
            shop.assert_refused(field, &given, &unreadable(field, &given));
        }
    }
}

#[test]
fn a_boolean_is_null_only_where_its_field_says_so() {
    let shop = Shop::of(&[KIT]);
    shop.assert_kept("Flag__c", &[(json!(null), Json::Null), (json!(" "), Json::Null)]);
    for null in [json!(null), json!("")] {
        shop.assert_refused("Sure__c", &null, &wrong_type("Sure", "", "Sure__c"));
    }
    let kit = shop.create("Kit__c", &json!({}));
    assert_eq!(shop.value("Kit__c", kit, "Flag__c"), Json::Null);
    assert_eq!(shop.value("Kit__c", kit, "Sure__c"), false);
}

#[test]
fn null_is_refused_for_a_boolean_before_other_fields_are_missed() {
    use crate::types::required;
    use sobject_core::{Definition, FieldType};
    const FORM: &Definition = &Definition::new("Form__c").key_prefix("a0F").fields(&[
        required("Text__c", FieldType::String),
        required("Flag__c", FieldType::Boolean).defaulted_on_create(),
    ]);
    let shop = Shop::of(&[FORM]);
    let forms = shop.object("Form__c");
    shop.nothing_changes(|| {
        let null = crate::desk::refused(forms.create(&map(&json!({ "Flag__c": null }))));
        assert_eq!(null, wrong_type("Flag__c", "", "Flag__c"));
        let absent = crate::desk::refused(forms.create(&map(&json!({}))));
        assert_eq!(absent, crate::desk::missing(&["Text__c"]));
    });
}
