//! The form in which a text is kept: whatever is given, what is read of it is kept as it is when it is
//! given again.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

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

/// What kits keep of these values of fields, each with its field; `None` where one is refused.
fn kept_of<'f>(
    shop: &Shop,
    given: impl Iterator<Item = (&'f str, Json)> + Clone,
) -> Vec<Option<(&'f str, Json)>> {
    let records: Vec<_> =
        given.clone().map(|(field, value)| map(&json!({ field: value }))).collect();
    let created = shop.object("Kit__c").create_many(&records).expect("a call");
    assert_eq!(created.len(), records.len());
    let kept = given.zip(created).map(|((field, _), id)| {
        let value = shop.value("Kit__c", id.ok()?, field);
        Some((field, value))
    });
    kept.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_read_is_kept_as_it_is(texts in prop::collection::vec(texts(), 1..6)) {
        let shop = Shop::of(&[KIT]);
        let given = texts.iter().flat_map(|text| TEXTS.iter().map(move |it| (*it, json!(text))));
        let kept = kept_of(&shop, given);
        let kept: Vec<_> = kept.into_iter().flatten().collect();
        let again = kept_of(&shop, kept.iter().cloned());
        prop_assert_eq!(again, kept.into_iter().map(Some).collect::<Vec<_>>());
        shop.verify();
    }
}
