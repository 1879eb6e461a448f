//! Picklists and multi-select picklists, restricted and open. The kit's values are `Red`,
//! `Dark Green`, `Über`, and the inactive `Grey`.

use serde_json::{Value as Json, json};

use crate::{
    desk::refusal,
    types::{KIT, Shop},
};

fn assert_not_in_list(shop: &Shop, label: &str, field: &str, given: &str) {
    let message = format!("{label}: bad value for restricted picklist field: {}", given.trim());
    let expected = refusal("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, &[field]);
    shop.assert_refused(field, &json!(given), &expected);
}

#[test]
fn a_restricted_picklist_takes_its_active_values_in_any_case_and_keeps_them_as_listed() {
    let shop = Shop::of(&[KIT]);
    let cases = [
        (json!("Red"), json!("Red")),
        (json!("rED"), json!("Red")),
        (json!(" dark green "), json!("Dark Green")),
        (json!("ÜBER"), json!("Über")),
        (json!("über"), json!("Über")),
        (json!(""), Json::Null),
        (json!(null), Json::Null),
    ];
    shop.assert_kept("Colour__c", &cases);
    for given in ["Blue", "Grey", "grey", "Rouge", "Dark  Green", "Red;Über", "Re", "Redd"] {
        assert_not_in_list(&shop, "Colour", "Colour__c", given);
    }
}

#[test]
fn an_open_picklist_takes_any_text_and_keeps_its_own_values_as_listed() {
    let shop = Shop::of(&[KIT]);
    let cases = [
        (json!("red"), json!("Red")),
        (json!("grey"), json!("Grey")),
        (json!(" blue "), json!("blue")),
        (json!("BLUE"), json!("blue")),
        (json!("Rouge"), json!("Rouge")),
        (json!("a;b"), json!("a;b")),
        (json!(" "), Json::Null),
    ];
    shop.assert_kept("Mood__c", &cases);
}

#[test]
fn a_combobox_keeps_any_text_as_given() {
    let shop = Shop::of(&[KIT]);
    let cases =
        [(json!("red"), json!("red")), (json!("Grey"), json!("Grey")), (json!("x"), json!("x"))];
    shop.assert_kept("Box__c", &cases);
}

#[test]
fn a_restricted_multi_select_takes_its_active_values_each_once_in_the_order_of_the_list() {
    let shop = Shop::of(&[KIT]);
    let cases = [
        (json!("Red"), json!("Red")),
        (json!("Red;Über"), json!("Red;Über")),
        (json!("Über;Red"), json!("Red;Über")),
        (json!("Über;Dark Green;Red"), json!("Red;Dark Green;Über")),
        (json!(" über ;; RED;red;"), json!("Red;Über")),
        (json!("dark green;Dark Green"), json!("Dark Green")),
        (json!(";"), Json::Null),
        (json!(" ; ;"), Json::Null),
        (json!(""), Json::Null),
        (json!(null), Json::Null),
    ];
    shop.assert_kept("Tools__c", &cases);
    for given in ["Blue", "Red;Blue", "Red;Grey", "Red,Über", "Red Über"] {
        assert_not_in_list(&shop, "Tools", "Tools__c", given);
    }
}

#[test]
fn an_open_multi_select_takes_any_values_each_once_those_that_it_lists_first() {
    let shop = Shop::of(&[KIT]);
    let cases = [
        (json!("red;Blue; red ;grey"), json!("Red;Grey;Blue")),
        (json!("x; y ;x;X"), json!("x;y")),
        // The others stand in the order in which they were first written, and as they were.
        (json!("Y;X;BLUE"), json!("Blue;x;y")),
        (json!("z;y;Über;blue;w"), json!("Über;Blue;y;z;w")),
        (json!("a b;c"), json!("a b;c")),
    ];
    shop.assert_kept("Tags__c", &cases);
}

#[test]
fn a_multi_select_has_a_hundred_values_at_most() {
    let shop = Shop::of(&[KIT]);
    let values = |n: usize| (0..n).map(|n| n.to_string()).collect::<Vec<_>>().join(";");
    let hundred = values(100);
    let again = format!("{hundred};0;1;99");
    shop.assert_kept(
        "Tags__c",
        &[(json!(hundred), json!(hundred)), (json!(again), json!(hundred))],
    );
    let message = format!("Tags: too many values: {} (max values=100)", values(101));
    let expected = refusal("TOO_MANY_ENUM_VALUE", message, &["Tags__c"]);
    shop.assert_refused("Tags__c", &json!(values(101)), &expected);
}

#[test]
fn a_required_picklist_without_a_value_is_missing() {
    use crate::{
        desk::{map, missing, refused},
        types::required,
    };
    use sobject_core::{Definition, FieldType, PicklistValue};
    const CARD: &Definition = &Definition::new("Card__c").key_prefix("a0D").fields(&[
        required("Suit__c", FieldType::Picklist)
            .restricted()
            .picklist(&[PicklistValue::new("Hearts")]),
        required("Marks__c", FieldType::MultiPicklist),
    ]);
    let shop = Shop::of(&[CARD]);
    let cards = shop.object("Card__c");
    shop.nothing_changes(|| {
        for nothing in [json!({}), json!({ "Suit__c": null, "Marks__c": " ; " })] {
            let created = cards.create(&map(&nothing));
            assert_eq!(refused(created), missing(&["Suit__c", "Marks__c"]), "{nothing}");
        }
    });
}
