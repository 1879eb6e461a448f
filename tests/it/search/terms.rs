//! What words, phrases, wildcards and operators find.

use serde_json::json;
use sobject_core::Sosl;

use super::{OBJECTS, companies, names, of_companies};
use crate::types::Shop;

/// Asserts, for each expression, which of these names it finds.
#[track_caller]
fn assert_finds(all: &[&str], cases: &[(&str, &[&str])]) {
    let (shop, _) = companies(all);
    for (expr, expected) in cases {
        assert_eq!(of_companies(&shop.db, expr), *expected, "{expr}");
    }
    shop.verify();
}

#[test]
fn a_word_is_found_in_any_case_between_spaces_and_punctuation() {
    assert_finds(
        &["Acme Trading", "ACME-Works, Ltd.", "Acmeville", "Works (acme)"],
        &[
            ("acme", &["Acme Trading", "ACME-Works, Ltd.", "Works (acme)"]),
            ("WORKS", &["ACME-Works, Ltd.", "Works (acme)"]),
            ("trad", &[]),
            ("ltd", &["ACME-Works, Ltd."]),
            ("Ltd.", &["ACME-Works, Ltd."]),
        ],
    );
}

#[test]
fn wildcards_stand_for_characters_within_a_word() {
    assert_finds(
        &["Acme", "Acmes", "Acne", "Acetone", "A c e"],
        &[
            ("acm*", &["Acme", "Acmes"]),
            ("ac*e", &["Acme", "Acne", "Acetone"]),
            ("ac?e", &["Acme", "Acne"]),
            ("acme?", &["Acmes"]),
            ("acme*", &["Acme", "Acmes"]),
            ("ac?e*", &["Acme", "Acmes", "Acne"]),
            ("a*b", &[]),
        ],
    );
}

#[test]
fn a_phrase_has_its_words_one_behind_another() {
    assert_finds(
        &["Blue Ocean Shipping", "Ocean Blue", "The blue, ocean-going boat", "Blue Oceanic"],
        &[
            (r#""blue ocean""#, &["Blue Ocean Shipping", "The blue, ocean-going boat"]),
            (r#""ocean blue""#, &["Ocean Blue"]),
            (
                r#""blue ocean*""#,
                &["Blue Ocean Shipping", "The blue, ocean-going boat", "Blue Oceanic"],
            ),
            (r#""blue and ocean""#, &[]),
            (r#""ocean""#, &["Blue Ocean Shipping", "Ocean Blue", "The blue, ocean-going boat"]),
            // Punctuation divides what is written as one word, and keeps its order.
            (r"blue\-ocean", &["Blue Ocean Shipping", "The blue, ocean-going boat"]),
        ],
    );
}

#[test]
fn a_phrase_stands_in_one_field_and_words_may_stand_in_several() {
    let shop = Shop::of(OBJECTS);
    shop.create("Company__c", &json!({ "Name": "North", "About__c": "Star of the east" }));
    for (expr, n) in [
        ("north star", 1),
        ("north AND east", 1),
        (r#""north star""#, 0),
        (r#""star of""#, 1),
        ("north AND NOT star", 0),
        (r#"north AND NOT "east star""#, 1),
    ] {
        assert_eq!(of_companies(&shop.db, expr).len(), n, "{expr}");
    }
}

#[test]
fn operators_join_words_as_an_org_reads_them() {
    assert_finds(
        &["ab", "ab cd", "ab ef", "cd ef", "ab cd ef"],
        &[
            ("ab cd", &["ab cd", "ab cd ef"]),
            ("ab AND cd", &["ab cd", "ab cd ef"]),
            ("ab and cd", &["ab cd", "ab cd ef"]),
            ("ab OR cd", &["ab", "ab cd", "ab ef", "cd ef", "ab cd ef"]),
            ("ab AND NOT cd", &["ab", "ab ef"]),
            ("ab AND NOT cd AND ef", &["ab", "ab cd", "ab ef"]),
            ("(ab OR cd) AND NOT ef", &["ab", "ab cd"]),
            ("ab OR cd AND ef", &["ab", "ab cd", "ab ef", "cd ef", "ab cd ef"]),
            ("(ab OR cd) AND ef", &["ab ef", "cd ef", "ab cd ef"]),
            ("ab AND NOT (cd OR ef)", &["ab"]),
            ("gh OR ab AND NOT cd", &["ab", "ab ef"]),
            ("gh", &[]),
            ("gh AND ab", &[]),
        ],
    );
}

#[test]
fn a_character_that_the_language_uses_is_found_with_a_backslash() {
    assert_finds(
        &["C++ (Old)", "AT&T", "What?", "Rock'n'Roll", "50% [net]"],
        &[
            (r"C\+\+ old", &["C++ (Old)"]),
            (r"AT\&T", &["AT&T"]),
            (r"what\?", &["What?"]),
            (r"rock\'n\'roll", &["Rock'n'Roll"]),
            (r"\[net\]", &["50% [net]"]),
            // Words that are only punctuation say nothing.
            (r"AT \& T", &["AT&T"]),
            ("50%", &["50% [net]"]),
        ],
    );
}

#[test]
fn letters_are_folded_and_keep_their_accents() {
    assert_finds(
        &[
            "Über Straße",
            "UBER STRASSE",
            "I\u{307}stanbul",
            "café",
            "cafe\u{301}",
            "cafe",
            "ＡＣＭＥ",
        ],
        &[
            ("über", &["Über Straße"]),
            ("uber", &["UBER STRASSE"]),
            ("strasse", &["Über Straße", "UBER STRASSE"]),
            ("straße", &["Über Straße", "UBER STRASSE"]),
            ("İstanbul", &["I\u{307}stanbul"]),
            ("CAFÉ", &["café", "cafe\u{301}"]),
            ("cafe", &["cafe"]),
            ("acme", &["ＡＣＭＥ"]),
            ("caf*", &["café", "cafe\u{301}", "cafe"]),
        ],
    );
}

#[test]
fn texts_without_spaces_are_found_wherever_they_stand() {
    assert_finds(
        &["東京都庁", "京都 tower", "ร้านกาแฟสด", "ｶﾌｪバー", "서울시청", "东 京", "Café東京"],
        &[
            ("東京", &["東京都庁", "Café東京"]),
            ("京都", &["東京都庁", "京都 tower"]),
            ("都庁", &["東京都庁"]),
            ("京", &["東京都庁", "京都 tower", "东 京", "Café東京"]),
            ("東京都庁", &["東京都庁"]),
            ("東都", &[]),
            ("京都 tower", &["京都 tower"]),
            ("東京*", &["東京都庁", "Café東京"]),
            ("กาแฟ", &["ร้านกาแฟสด"]),
            ("แฟกา", &[]),
            ("カフェ", &["ｶﾌｪバー"]),
            ("시청", &["서울시청"]),
            ("café東京", &["Café東京"]),
            (r#""东京""#, &[]),
        ],
    );
}

#[test]
fn long_words_are_told_apart_behind_what_the_index_keeps() {
    let [one, other, begin] = ["x", "y", "*"].map(|end| format!("{}{end}", "a".repeat(100)));
    let (one, other) = (&*one, &*other);
    assert_finds(
        &[one, other],
        &[
            (one, &[one]),
            (other, &[other]),
            (&one[..100], &[]),
            (&begin, &[one, other]),
            ("aa*x", &[one]),
        ],
    );
}

#[test]
fn each_group_of_fields_is_searched_alone() {
    let shop = Shop::of(OBJECTS);
    for (name, field) in [
        ("A", "About__c"),
        ("M", "Mail__c"),
        ("P", "Phone__c"),
        ("S", "Site__c"),
        ("T", "Trade__c"),
    ] {
        let value = if field == "Mail__c" { "nora@example.com" } else { "nora" };
        shop.create("Company__c", &json!({ "Name": name, field: value }));
    }
    shop.create("Company__c", &json!({ "Name": "Nora" }));
    for (group, expected) in [
        ("", &["A", "M", "P", "S", "T", "Nora"][..]),
        ("IN ALL FIELDS", &["A", "M", "P", "S", "T", "Nora"]),
        ("IN NAME FIELDS", &["Nora"]),
        ("IN EMAIL FIELDS", &["M"]),
        ("IN PHONE FIELDS", &["P"]),
        ("IN SIDEBAR FIELDS", &["M", "P", "Nora"]),
    ] {
        let search = format!("FIND {{nora}} {group} RETURNING Company__c(Name)");
        assert_eq!(names(&shop.db, search), expected, "{group}");
    }
}

#[test]
fn the_subject_of_a_case_is_one_of_its_names() {
    let shop = Shop::of(OBJECTS);
    let case = json!({ "Subject": "Broken lamp", "Description": "The lamp smokes" });
    shop.create("Case", &case);
    for (find, n) in [("lamp", 1), ("smokes", 0), ("00000001", 1)] {
        let search = format!("FIND {{{find}}} IN NAME FIELDS RETURNING Case(Id)");
        assert_eq!(super::found(&shop.db, search).len(), n, "{find}");
    }
}

#[test]
fn numbers_dates_and_references_are_not_searched() {
    let shop = Shop::of(OBJECTS);
    let parent = shop.create("Company__c", &json!({ "Name": "Parent" }));
    let child = json!({
        "Name": "Child", "Size__c": 4711, "Since__c": "2024-05-06", "Parent__c": parent.to_string()
    });
    shop.create("Company__c", &child);
    for expr in ["4711", "2024", "2024-05-06".replace('-', "\\-").as_str(), &parent.to_string()] {
        assert_eq!(of_companies(&shop.db, expr), [""; 0], "{expr}");
    }
}

#[test]
fn a_variable_is_a_text_of_words() {
    let (shop, _) = companies(&["Acme", "Acmes", "Other"]);
    let search = |words: &str| {
        Sosl::new("FIND :words RETURNING Company__c(Name LIMIT :few)")
            .bind("words", words)
            .bind("few", 1)
    };
    assert_eq!(names(&shop.db, search("acme* OR other")), ["Acme"]);
    assert_eq!(names(&shop.db, search("other")), ["Other"]);
    assert_eq!(names(&shop.db, Sosl::new("FIND 'other' RETURNING Company__c(Name)")), ["Other"]);
}

#[test]
fn a_text_that_is_too_long_finds_nothing_and_a_long_one_loses_its_operators() {
    let (shop, _) = companies(&["Acme", "Other"]);
    let long = format!("acme AND {}", vec!["missing"; 600].join(" "));
    assert_eq!(of_companies(&shop.db, &long), ["Acme"]);
    let too_long = format!("acme OR {}", "missing ".repeat(1_300));
    assert_eq!(of_companies(&shop.db, &too_long), [""; 0]);
}

#[test]
fn what_is_rare_and_what_is_common_are_found_together() {
    // The index is read in other ways for words of few records and of many.
    let names: Vec<_> = (0..900)
        .map(|n| format!("common{} n{n} {}", if n % 3 == 0 { " third" } else { "" }, n % 7))
        .collect();
    let (shop, _) = companies(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let count = |expr: &str| {
        let search = format!("FIND {{{expr}}} RETURNING Company__c(Id ORDER BY Name)");
        super::found(&shop.db, search).len()
    };
    for (expr, expected) in [
        ("common", 900),
        ("common third", 300),
        ("n5 common", 1),
        ("common n5 third", 0),
        ("n6 third common", 1),
        ("common AND NOT third", 600),
        ("(n1 OR n2 OR n3) third", 1),
        (r#""common third""#, 300),
        (r#""common third n9""#, 1),
        (r#""third common""#, 0),
        ("co* AND n89*", 11),
        ("common AND NOT n*", 0),
    ] {
        assert_eq!(count(expr), expected, "{expr}");
    }
    shop.verify();
}
