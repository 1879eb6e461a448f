//! Fields of text (string, textarea, email, phone, url and combobox) and base64.

use serde_json::{Value as Json, json};
use sobject_core::{Definition, FieldDefinition, FieldType, ResumeKey};

use crate::{
    desk::{Refusal, map, refusal},
    types::{KIT, Shop, open, unreadable},
};

/// The fields that hold text as it is given, with their labels and lengths.
const TEXTS: &[(&str, &str, usize)] = &[
    ("Text__c", "Short Text", 10),
    ("Area__c", "Long Text", 300),
    ("Phone__c", "Phone", 40),
    ("Link__c", "Link", 255),
    ("Box__c", "Box", 255),
    ("Mood__c", "Mood", 12),
];

fn too_long(label: &str, value: &str, max: usize, field: &str) -> Refusal {
    let n_characters = value.chars().count();
    let value = if n_characters <= 1_000 {
        value.to_owned()
    } else {
        let beginning: String = value.chars().take(255).collect();
        format!("{beginning}... ({n_characters} characters)")
    };
    let message = format!("{label}: data value too large: {value} (max length={max})");
    refusal("STRING_TOO_LONG", message, &[field])
}

#[test]
fn text_is_trimmed_and_nothing_but_blanks_is_null() {
    let shop = Shop::of(&[KIT]);
    for (field, ..) in TEXTS {
        let cases = [
            (json!("a"), json!("a")),
            (json!("  a b\t\n"), json!("a b")),
            (json!("\u{a0}\u{2003}ä\u{3000}"), json!("ä")),
            (json!("'q' \"d\" \\"), json!("'q' \"d\" \\")),
            (json!("\0"), json!("\0")),
            (json!("null"), json!("null")),
            (json!(""), Json::Null),
            (json!(" \t\r\n"), Json::Null),
            (json!(null), Json::Null),
        ];
        shop.assert_kept(field, &cases);
    }
}

#[test]
fn lengths_are_counted_in_units_of_utf_16_of_the_trimmed_text() {
    let shop = Shop::of(&[KIT]);
    for (field, label, max) in TEXTS {
        // A character beyond the basic plane, such as an emoji, counts two.
        for (character, n_units) in [("x", 1), ("é", 1), ("日", 1), ("\u{1F600}", 2)] {
            let n = max / n_units;
            let (fits, long) = (character.repeat(n), character.repeat(n + 1));
            let cases = [(json!(fits), json!(fits)), (json!(format!("\n {fits}\t")), json!(fits))];
            shop.assert_kept(field, &cases);
            let expected = too_long(label, &long, *max, field);
            shop.assert_refused(field, &json!(long), &expected);
            shop.assert_refused(field, &json!(format!(" {long} ")), &expected);
        }
    }
}

#[test]
fn a_combining_mark_is_a_character_of_its_own() {
    let shop = Shop::of(&[KIT]);
    let fits = "e\u{301}".repeat(5);
    shop.assert_kept("Text__c", &[(json!(fits), json!(fits))]);
    let long = "e\u{301}".repeat(6);
    shop.assert_refused("Text__c", &json!(long), &too_long("Short Text", &long, 10, "Text__c"));
}

#[test]
fn a_number_and_a_boolean_are_no_text() {
    let shop = Shop::of(&[KIT]);
    let others = ["Mail__c", "Colour__c", "Tools__c", "Tags__c"];
    for field in TEXTS.iter().map(|(field, ..)| *field).chain(others) {
        for given in [json!(7), json!(-7), json!(1.5), json!(1e300), json!(true), json!(false)] {
            shop.assert_refused(field, &given, &unreadable(field, &given));
        }
    }
}

#[test]
fn an_email_has_one_at_sign_between_a_name_and_a_domain_with_a_dot() {
    let shop = Shop::of(&[KIT]);
    for (good, kept) in [
        ("a@b.c", "a@b.c"),
        ("a.b+c@d-e.org", "a.b+c@d-e.org"),
        ("é@ö.de", "é@ö.de"),
        ("a'b@c.d", "a'b@c.d"),
        ("1@2.3", "1@2.3"),
        ("!#$%&'*/=?^_+-@b.c", "!#$%&'*/=?^_+-@b.c"),
        ("`{|}~@b.c", "`{|}~@b.c"),
        // They are kept in lower case.
        ("A@B.C", "a@b.c"),
        ("ÄDA@Ö.DE", "äda@ö.de"),
        // The name may end in points, and have some one after the other.
        ("a.@b.c", "a.@b.c"),
        ("a..@b.c", "a..@b.c"),
        ("a..b@c.d", "a..b@c.d"),
        // Comments are no part of the address.
        ("a@x.org (Foe)", "a@x.org"),
        ("(Foe) a@x.org", "a@x.org"),
        ("a@(comment)x.org", "a@x.org"),
        ("a(of (x\\)) )@x.org", "a@x.org"),
        ("a (b) @ (c) x.org", "a@x.org"),
    ] {
        let cases = [(json!(good), json!(kept)), (json!(format!(" {good}\n")), json!(kept))];
        shop.assert_kept("Mail__c", &cases);
    }
    shop.assert_kept("Mail__c", &[(json!(" "), Json::Null), (json!(null), Json::Null)]);
    for bad in [
        "a",
        "@",
        "a@",
        "@b.c",
        "a@b",
        "a@b.",
        "a@.c",
        "a@b..c",
        "a@b@c.d",
        "a b@c.d",
        "a@b c.d",
        ".a@b.c",
        "(x).a@b.c",
        "(a@b.c)",
        "a@b.c (x",
        "a@b.c x)",
        "a (x) b@c.d",
        "a(x)b@c.d",
        "a,b@c.d",
        "<a@b.c>",
        "a@b.c;",
        "\"a\"@b.c",
        "a@b\u{7}.c",
    ] {
        let message = format!("Mail: invalid email address: {bad}");
        let expected = refusal("INVALID_EMAIL_ADDRESS", message, &["Mail__c"]);
        shop.assert_refused("Mail__c", &json!(bad), &expected);
        shop.assert_refused("Mail__c", &json!(format!("  {bad} ")), &expected);
    }
    // What is measured is the address without its comment.
    let noted = json!("abc@defghijklmno.qrs (a long comment)");
    shop.assert_kept("Mail__c", &[(noted, json!("abc@defghijklmno.qrs"))]);
    let long = "abcdefgh@ijklmnop.qrs";
    shop.assert_refused("Mail__c", &json!(long), &too_long("Mail", long, 20, "Mail__c"));
}

#[test]
fn phones_and_links_have_no_form() {
    let shop = Shop::of(&[KIT]);
    shop.assert_kept("Phone__c", &[(json!("call me, maybe"), json!("call me, maybe"))]);
    shop.assert_kept("Link__c", &[(json!("not a link"), json!("not a link"))]);
}

#[test]
fn texts_without_a_length_have_that_of_their_type() {
    const FIELDS: &[(FieldDefinition, usize)] = &[
        (open("String__c", FieldType::String), 255),
        (open("Area__c", FieldType::TextArea), 255),
        (open("Mail__c", FieldType::Email), 80),
        (open("Phone__c", FieldType::Phone), 40),
        (open("Link__c", FieldType::Url), 255),
        (open("Pick__c", FieldType::Picklist), 255),
        (open("Box__c", FieldType::Combobox), 255),
        (open("Tags__c", FieldType::MultiPicklist), 4099),
    ];
    let fields: Vec<_> = FIELDS.iter().map(|(field, _)| *field).collect();
    let page = Definition::new("Page__c").key_prefix("a0A").fields(fields.leak());
    let shop = Shop::of(&[&page]);
    for (field, max) in FIELDS {
        let mail = |n: usize| format!("{}@b.c", "x".repeat(n - 4));
        let text = |n| if field.field_type == FieldType::Email { mail(n) } else { "x".repeat(n) };
        let id = shop.create("Page__c", &json!({ field.name: text(*max) }));
        assert_eq!(shop.value("Page__c", id, field.name), text(*max), "{}", field.name);
        let long = text(max + 1);
        let updated = shop.object("Page__c").update(
            id,
            &map(&json!({
                field.name: long
            })),
        );
        let expected = too_long(field.name, &long, *max, field.name);
        assert_eq!(crate::desk::refused(updated), expected);
    }
    shop.verify();
}

#[test]
fn base64_holds_any_bytes_and_takes_padded_base64_only() {
    let shop = Shop::of(&[KIT]);
    let megabyte = "A".repeat(1 << 20);
    let cases = [
        (json!("AAEC/+8="), json!("AAEC/+8=")),
        (json!(" AA==\n"), json!("AA==")),
        (json!(megabyte), json!(megabyte)),
        (json!(""), Json::Null),
        (json!("  "), Json::Null),
        (json!(null), Json::Null),
    ];
    shop.assert_kept("Blob__c", &cases);
    for bad in ["A", "AA", "AA=", "AA==AA==", "A A=", "_-8=", "äöü=", "AB=="] {
        shop.assert_refused("Blob__c", &json!(bad), &unreadable("Blob__c", &json!(bad)));
    }
    shop.assert_refused("Blob__c", &json!(7), &unreadable("Blob__c", &json!(7)));
}

#[test]
fn objects_and_arrays_are_no_values_of_any_type() {
    let shop = Shop::of(&[KIT]);
    for field in KIT.fields {
        for (given, start) in [(json!({ "a": 1 }), "OBJECT value {"), (json!([]), "ARRAY value [")]
        {
            let of = field.field_type.name();
            let message = format!(
                "Cannot deserialize instance of {of} from START_{start} or request may be missing a \
                 required field"
            );
            let expected = refusal("JSON_PARSER_ERROR", message, &[]);
            shop.assert_refused(field.name, &given, &expected);
        }
    }
}

#[test]
fn a_message_does_not_hold_a_value_of_any_length() {
    let shop = Shop::of(&[KIT]);
    let long = "x".repeat(5_000_000);
    let message = format!(
        "Short Text: data value too large: {}... (5000000 characters) (max length=10)",
        "x".repeat(255)
    );
    shop.assert_refused(
        "Text__c",
        &json!(long),
        &refusal("STRING_TOO_LONG", message, &["Text__c"]),
    );
}

#[test]
fn a_message_does_not_hold_a_name_or_an_id_of_any_length() {
    let shop = Shop::of(&[KIT]);
    let long = "x".repeat(5_000_000);
    let (kits, replica) = (shop.object("Kit__c"), shop.store.replica());
    let record = |key: &str, value: &str| map(&json!({ key: value }));
    let refused = [
        shop.db.object(&long).map(drop),
        shop.db.describe_sobject(&long).map(drop),
        replica.put(&long, &record("Id", "x")).map(drop),
        kits.create(&record(&long, "x")).map(drop),
        kits.update_many(&[record("Id", &long)]).unwrap().remove(0),
        kits.retrieve(&[&long], &[]).map(drop),
        kits.walk_fields(&[&long]).all().map(drop),
        replica.put("Kit__c", &record("Id", &long)).map(drop),
        long.parse::<ResumeKey>().map(drop),
    ];
    for (place, refused) in refused.into_iter().enumerate() {
        let message = refused.unwrap_err().to_string();
        assert!(message.len() < 1_000, "{place}: {} bytes, {:.300}", message.len(), message);
    }
}

#[test]
fn line_breaks_stay_as_they_were_given_and_are_cut_at_the_ends() {
    let shop = Shop::of(&[KIT]);
    let cases = [
        (json!("a\nb"), json!("a\nb")),
        (json!("a\r\nb"), json!("a\r\nb")),
        (json!("a\rb\n\nc"), json!("a\rb\n\nc")),
        (json!("\r\n a\r\nb\r\n"), json!("a\r\nb")),
    ];
    shop.assert_kept("Area__c", &cases);
    // Each counts as the one or two characters that it is.
    shop.assert_kept("Text__c", &[(json!("abcd\r\nefgh"), json!("abcd\r\nefgh"))]);
    let long = "abcd\r\nefghi";
    shop.assert_refused("Text__c", &json!(long), &too_long("Short Text", long, 10, "Text__c"));
}

/// Pages with rich text, and with a text that is limited in bytes.
const PAGE: &Definition = &Definition::new("Kit__c").key_prefix("a0K").fields(&[
    open("Text__c", FieldType::String),
    open("Area__c", FieldType::TextArea),
    open("Rich__c", FieldType::TextArea).length(20).rich_text(),
    open("Bytes__c", FieldType::TextArea).length(10).length_in_bytes(),
]);

#[test]
fn rich_text_keeps_its_blanks_and_counts_an_ampersand_as_its_entity() {
    let shop = Shop::of(&[PAGE]);
    let (fits, entities) = ("&&&&", "&amp;&lt;&#38;&#x26;");
    let cases = [
        (json!(" <b>a</b> \n"), json!(" <b>a</b> \n")),
        (json!("  "), json!("  ")),
        (json!(""), Json::Null),
        (json!(null), Json::Null),
        (json!(fits), json!(fits)),
        // What is written as an entity is no ampersand to be written as one.
        (json!(entities), json!(entities)),
    ];
    shop.assert_kept("Rich__c", &cases);
    for long in ["&&&&x", "&1234567890123456", " 12345678901234567890", "&amp;&lt;&#38;&#x26; "] {
        let value = long.trim();
        shop.assert_refused("Rich__c", &json!(long), &too_long("Rich__c", value, 20, "Rich__c"));
    }
}

#[test]
fn a_field_that_is_limited_in_bytes_counts_those_of_utf_8() {
    let shop = Shop::of(&[PAGE]);
    for (fits, long) in [
        ("0123456789", "0123456789x"),
        ("ééééé", "éééééé"),
        ("日日日", "日日日日"),
        ("\u{1F600}\u{1F600}xy", "\u{1F600}\u{1F600}\u{1F600}"),
    ] {
        let padded = json!(format!(" {fits}\n"));
        shop.assert_kept("Bytes__c", &[(json!(fits), json!(fits)), (padded, json!(fits))]);
        let expected = too_long("Bytes__c", long, 10, "Bytes__c");
        shop.assert_refused("Bytes__c", &json!(long), &expected);
    }
}
