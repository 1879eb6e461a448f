//! Searches that somebody made to do harm: they are refused or answered, in time, and never panic.

use proptest::{collection::vec, prelude::*};
use serde_json::json;
use sobject_core::Sosl;

use super::{OBJECTS, companies};
use crate::types::Shop;

/// Pieces of searches, from which random ones are made.
const PIECES: &[&str] = &[
    "FIND",
    "{",
    "}",
    "acme",
    "ac*",
    "a?",
    "*",
    "東京",
    "京",
    "\"",
    "(",
    ")",
    "AND",
    "OR",
    "AND NOT",
    "NOT",
    "\\",
    "IN",
    "NAME FIELDS",
    "ALL",
    "FIELDS",
    "RETURNING",
    "Company__c",
    "Case",
    "Secret__c",
    "(Name)",
    "(Id WHERE",
    "Name = 'x'",
    "ORDER BY",
    "LIMIT",
    "OFFSET",
    "-1",
    "99999999999999999999",
    ",",
    "WITH",
    "HIGHLIGHT",
    "UPDATE",
    "VIEWSTAT",
    ":x",
    "'",
    "\u{0}",
    "\u{301}",
    "\u{202E}",
    "ß",
    "\u{1F600}",
    "\n",
];

fn shop() -> Shop {
    let (shop, _) = companies(&["Acme", "Acme 東京 x", "\u{301}\u{0}\u{202E}", "😀 ß", "a"]);
    shop
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_are_refused_or_answered(picks in vec(0..PIECES.len(), 0..30), inside in any::<bool>()) {
        let text = picks.iter().map(|n| PIECES[*n]).collect::<Vec<_>>().join(" ");
        let text = if inside { format!("FIND {{{text}}} RETURNING Company__c(Name)") } else { text };
        let shop = shop();
        for search in [Sosl::rest(&text), Sosl::new(&text).bind("x", "acme*")] {
            if let Err(error) = shop.db.search(search) {
                prop_assert!(matches!(error, sobject_core::Error::Query(_)), "{text}: {error:?}");
            }
        }
    }

    #[test]
    fn any_text_can_be_kept_and_searched_for(text in any::<String>()) {
        let shop = Shop::of(OBJECTS);
        let text: String = text.chars().take(200).collect();
        let record = json!({ "Name": "Acme", "About__c": text });
        shop.create("Company__c", &record);
        shop.verify();
        let expr = sobject_core::SearchExpr::text(text);
        let search = Sosl::new("FIND :words RETURNING Company__c(Name)").bind("words", expr.to_string());
        match shop.db.search(search) {
            // A text of punctuation alone, or of one letter, cannot be searched for.
            Err(error) => prop_assert!(matches!(error, sobject_core::Error::Query(_)), "{error:?}"),
            Ok(found) => prop_assert_eq!(found.records.len(), 1),
        }
    }
}

#[test]
fn long_and_many_terms_take_no_exponential_time() {
    let (shop, _) = companies(&[&"ab".repeat(120), "東".repeat(80).as_str()]);
    for expr in [
        "a*".repeat(1_900),
        format!("{}b", "a*".repeat(1_900)),
        "a?".repeat(1_900),
        "東".repeat(3_900),
        vec!["ab*"; 900].join(" OR "),
        vec!["ab*"; 700].join(" "),
        format!("\"{}\"", vec!["ab"; 1_200].join(" ")),
        "x".repeat(9_900),
    ] {
        let search = format!("FIND {{{expr}}} RETURNING Company__c(Id)");
        shop.db.search(search).unwrap_or_else(|error| panic!("{} …: {error}", &expr[..20]));
    }
}
