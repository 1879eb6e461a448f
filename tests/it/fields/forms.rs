//! The form in which a text is kept: whatever is given, what is read of it is kept as it is when it is
//! given again.

use proptest::prelude::*;
use serde_json::json;

use crate::{
    desk::map,
    types::{KIT, Shop},
};

/// The fields that hold text, with those whose texts have a form.
const TEXTS: &[&str] = &[
    "Text__c",
    "Area__c",
    "Mail__c",
    "Phone__c",
    "Link__c",
    "Box__c",
    "Colour__c",
    "Mood__c",
    "Tools__c",
    "Tags__c",
];

/// Texts that are values of some of these fields, and others that are of few.
fn texts() -> impl Strategy<Value = String> {
    let listed =
        prop::sample::select(vec!["red", "Dark Green", "GREY", "über", "x", " X", "ß", ""]);
    let joined = prop::collection::vec(listed, 1..6).prop_map(|values| values.join(";"));
    prop_oneof![
        "[ a-cA-Cäß;@.()&\\r\\n\u{1F600}]{0,14}",
        "[ (]{0,2}[a-cA-Cß.]{1,3}[)]?@[a-cA-C]{1,3}[.][a-c]{1,2}[ ]?([(]x[)])?",
        joined,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_read_is_kept_as_it_is(texts in prop::collection::vec(texts(), 1..6)) {
        let shop = Shop::of(&[KIT]);
        let kits = shop.object("Kit__c");
        let mut kept = Vec::new();
        for (text, field) in texts.iter().flat_map(|text| TEXTS.iter().map(move |it| (text, it))) {
            if let Ok(id) = kits.create(&map(&json!({ *field: text }))) {
                kept.push((*field, shop.value("Kit__c", id, field)));
            }
        }
        for (field, value) in kept {
            let again = kits.create(&map(&json!({ field: value })));
            let again = shop.value("Kit__c", again.expect("what was kept is a value"), field);
            prop_assert_eq!(again, value, "{}", field);
        }
        shop.verify();
    }
}
