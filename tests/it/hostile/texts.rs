//! Names and e-mail addresses with characters that few people have seen.

use serde_json::json;

use crate::{
    desk::{map, refused},
    types::{KIT, Shop},
};

#[test]
fn letters_of_two_cases_at_once_are_put_in_lower_case_too() {
    let shop = Shop::of(&[KIT]);
    shop.assert_kept(
        "Mail__c",
        &[
            (json!("\u{1c5}@X.org"), json!("\u{1c6}@x.org")),
            (json!("\u{24b6}@x.org"), json!("\u{24d0}@x.org")),
            (json!("\u{130}@x.org"), json!("i\u{307}@x.org")),
            (json!("\u{39f}\u{3a3}@x.org"), json!("\u{3bf}\u{3c2}@x.org")),
            (json!("\u{1f600}@x.org"), json!("\u{1f600}@x.org")),
            (json!("a@x.org (\u{202e}(()))"), json!("a@x.org")),
        ],
    );
}

#[test]
fn addresses_of_nothing_but_comments_are_none_however_deep() {
    let shop = Shop::of(&[KIT]);
    let kits = shop.object("Kit__c");
    let n = 100_000;
    for text in [
        "(".repeat(n),
        ")".repeat(n),
        "()".repeat(n),
        "(\\".repeat(n),
        format!("{}{}", "(".repeat(n), ")".repeat(n)),
        format!("a{}b@x.org", "()".repeat(n)),
        "@".repeat(n),
        ".".repeat(n),
        format!("a@{}", "x.".repeat(n)),
        "a@x\u{a0}.org".to_owned(),
        "a@x\u{0}.org".to_owned(),
    ] {
        let refusal = refused(kits.create(&map(&json!({ "Mail__c": text }))));
        assert_eq!(refusal.code, "INVALID_EMAIL_ADDRESS");
        assert!(refusal.message.len() < 1_500, "{} bytes", refusal.message.len());
    }
    shop.verify();
}

#[test]
fn texts_come_back_as_they_are_but_for_blanks_at_their_ends() {
    let shop = Shop::of(&[KIT]);
    shop.assert_kept(
        "Text__c",
        &[
            (json!("\u{0}"), json!("\u{0}")),
            (json!("\u{feff}a\u{200b}"), json!("\u{feff}a\u{200b}")),
            (json!("\u{a0}a\u{3000}"), json!("a")),
            (json!("e\u{301}"), json!("e\u{301}")),
            (json!("\u{202e}abc\u{202c}"), json!("\u{202e}abc\u{202c}")),
            (json!("\u{10ffff}\u{fffe}"), json!("\u{10ffff}\u{fffe}")),
            (
                json!("\u{1F468}\u{200d}\u{1F469}\u{200d}\u{1F467}"),
                json!("\u{1F468}\u{200d}\u{1F469}\u{200d}\u{1F467}"),
            ),
        ],
    );
}
