//! Tests of the code that the macros write. How the compiler takes it is tested in the folder
//! `tests` of the workspace.

use std::{collections::HashSet, fs, path::Path};

use syn::{Attribute, Data, DeriveInput, File, Macro, parse_quote, visit::Visit};

use crate::{
    autonumber, derive, name, picklist_of, serde_beside,
    words::{self, Word},
};

/// A struct that has a field for each way in which a view holds one, and a word of each form.
fn invoice() -> DeriveInput {
    parse_quote! {
        /// What is owed.
        #[sobject(
            key_prefix = "a00",
            custom,
            since = 28,
            calls(create, query),
            system(created_date),
            audit_fields,
            create(derive(user::Hash))
        )]
        pub struct Invoice {
            /// Who has to pay.
            #[field(create, update, filter, group, sort, custom, relationship = "Payer")]
            pub payer_id: user::Id<user::Account>,
            #[field(create, update, nillable, custom, label = "Amount Due", digits = 9)]
            pub amount: user::Option<user::Int>,
            #[field(create, defaulted_on_create)]
            pub(crate) owner_id: user::Ref<(user::Group, user::User)>,
            #[field(create, nillable, defaulted_on_create, name = "Usual", custom)]
            r#type: user::Option<user::Flag>,
            #[field(create, length = 80, external_id, unique, name = "Subject__c")]
            subject: user::Text,
            #[field(create, custom, restricted, default = "Open", help = "How far it is", was("Status", "State"))]
            phase: user::Phase,
            #[field(create, nillable, custom, type = currency, precision = 16, scale = 2)]
            tax: user::Option<user::Decimal>,
            #[field(autonumber = "INV-{0000}", start = 1000, name_field, filter)]
            pub name: user::Text,
        }
    }
}

/// An enum with a value of each shape.
fn phase() -> DeriveInput {
    parse_quote! {
        enum Phase {
            #[picklist(default)]
            Open,
            #[picklist(value = "Paid Off", inactive)]
            r#Paid,
            Other(user::Text),
        }
    }
}

fn expansion_of(input: &DeriveInput) -> File {
    let output =
        if matches!(input.data, Data::Enum(_)) { picklist_of(input) } else { derive(input) };
    syn::parse2(output).expect("the expansion is Rust")
}

/// Compares a text with a file in `src`; `UPDATE_EXPECT=1` writes the file anew.
fn check_file(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, text).expect("the file can be written");
    }
    let expected = fs::read_to_string(&path).expect("the file can be read");
    assert!(expected == text, "{file} differs; look at it with UPDATE_EXPECT=1:\n{text}");
}

/// The expansions are committed, because reading them is the easiest way to understand the macros.
#[test]
fn the_expansions_are_as_committed() {
    for (file, input) in [("golden.rs", invoice()), ("golden_picklist.rs", phase())] {
        check_file(&format!("tests/{file}"), &prettyplease::unparse(&expansion_of(&input)));
    }
}

#[test]
fn the_expansion_names_core_and_its_own_and_the_users_types_only() {
    Hygiene::check(&expansion_of(&invoice()), "sobject_core");
    Hygiene::check(&expansion_of(&phase()), "sobject_core");
}

#[test]
fn the_path_of_core_can_be_given() {
    let (mut object, mut picklist) = (invoice(), phase());
    object.attrs.push(parse_quote!(#[sobject(crate = my::core)]));
    picklist.attrs.push(parse_quote!(#[picklist(crate = my::core)]));
    for input in [object, picklist] {
        let file = expansion_of(&input);
        Hygiene::check(&file, "my");
        assert!(!prettyplease::unparse(&file).contains("sobject_core"));
    }
}

#[test]
fn after_mistakes_the_rest_is_still_written() {
    let mut input = invoice();
    input.attrs.push(parse_quote!(#[sobject(lable = "Bill", calls(fly))]));
    let printed = prettyplease::unparse(&expansion_of(&input));
    assert_eq!(printed.matches("compile_error").count(), 2, "{printed}");
    for item in
        ["struct InvoiceCreate", "struct InvoiceUpdate", "struct InvoiceFields", "SObject for"]
    {
        assert!(printed.contains(item), "no `{item}` in\n{printed}");
    }
}

#[test]
fn whatever_follows_a_word_the_rest_is_still_written() {
    let tails = [
        "",
        "= true",
        "= false",
        "= 7",
        "= -1",
        "= 1.5",
        "= \"x\"",
        "= \"\"",
        "= x",
        "= x::y",
        "=",
        "(x)",
        "()",
        "(derive(Hash))",
        "(create, x = 1)",
        "= 99999999999999999999",
        "= 'x'",
        "= type",
        "x",
        "!",
    ];
    let of_fields = words::field::ALL.iter().map(|word| (word, "", word.name));
    let of_objects = words::object::ALL.iter().map(|word| (word, word.name, ""));
    for (word, object, field) in of_fields.chain(of_objects) {
        for tail in tails {
            let [object, field] = [object, field]
                .map(|it| if it.is_empty() { String::new() } else { format!("{it} {tail}") });
            let input = format!(
                "#[sobject(key_prefix = \"a00\", {object})] struct X {{
                    #[field(create, {field}, filter)] a: A,
                    #[field(create, zebra)] b: B,
                }}"
            );
            let input = syn::parse_str(&input).expect("a struct");
            let printed = prettyplease::unparse(&expansion_of(&input));
            // There is no word `zebra`. That it is reported each time shows that reading went on.
            assert!(printed.contains("no word `zebra`"), "{} {tail}", word.name);
            for item in ["struct XCreate", "struct XUpdate", "struct XFields", "SObject for X"] {
                assert!(printed.contains(item), "no `{item}` with {} {tail}", word.name);
            }
        }
    }
}

/// Checks that the tables in a manual are those made from `words`. They stand between comments with
/// the tables' names.
fn check_manual(file: &str, tables: [(&str, &[Word]); 2]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
    let mut manual = fs::read_to_string(path).expect("the manual can be read");
    for (name, words) in tables {
        let (begin, end) = (format!("<!-- {name} -->\n\n"), format!("\n<!-- end of {name} -->"));
        let from = manual.find(&begin).expect("the table begins") + begin.len();
        let to = manual.find(&end).expect("the table ends");
        manual.replace_range(from..to, &table_of(words));
    }
    check_file(file, &manual);
}

#[test]
fn the_manuals_have_every_word() {
    check_manual("manual.md", [("object", words::object::ALL), ("field", words::field::ALL)]);
    check_manual(
        "manual_picklist.md",
        [("enum", words::picklist::ALL), ("variant", words::picklist::variant::ALL)],
    );
}

/// The title of a column, and the function that tells what a word has in that column.
type Column = (&'static str, fn(&Word) -> String);

/// The words as a table. A column that would be empty for all of them is left out.
fn table_of(words: &[Word]) -> String {
    let columns: [Column; 4] = [
        ("word", |word| format!("`{}`", word.usage())),
        ("on object pages and in setup", |word| word.page.to_owned()),
        ("in describe", |word| match word.describe {
            "" => String::new(),
            key => format!("`{key}`"),
        }),
        ("says", |word| word.says.to_owned()),
    ];
    let used: Vec<_> = columns
        .into_iter()
        .filter(|(_, cell)| words.iter().any(|word| !cell(word).is_empty()))
        .collect();
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut table = row(used.iter().map(|(title, _)| (*title).to_owned()).collect());
    table.push_str(&row(used.iter().map(|_| "---".to_owned()).collect()));
    for word in words {
        table.push_str(&row(used.iter().map(|(_, cell)| cell(word)).collect()));
    }
    table
}

#[test]
fn names_follow_from_identifiers() {
    for (ident, api_name, label) in [
        ("agent_id", "AgentId", "Agent ID"),
        ("r#type", "Type", "Type"),
        ("chat_req_timed_out", "ChatReqTimedOut", "Chat Req Timed Out"),
        ("line2_total", "Line2Total", "Line2 Total"),
        ("_id_card", "IdCard", "Id Card"),
    ] {
        let ident = syn::parse_str(ident).expect("an identifier");
        assert_eq!(name::field_name(&ident), api_name);
        assert_eq!(name::field_label(api_name), label);
    }
    assert_eq!(name::object_label("LiveAgentSession"), "Live Agent Session");
    assert_eq!(name::object_label("acme__HTMLPage_Part__c"), "HTML Page Part");
    assert_eq!(name::object_label("acme__Price_Rule__mdt"), "Price Rule");
    assert_eq!(name::field_label("OwnerID"), "Owner ID");
    assert_eq!(name::field_label("acme__HeadOffice__Latitude__s"), "Head Office (Latitude)");
}

#[test]
fn custom_names_have_their_suffix_once() {
    for (given, api_name, relationship) in [
        ("Total", "Total__c", "Total__r"),
        ("acme__Total", "acme__Total__c", "acme__Total__r"),
        ("Best_Before", "Best_Before__c", "Best_Before__r"),
    ] {
        assert_eq!(name::custom(given.to_owned()), api_name);
        assert_eq!(name::custom(api_name.to_owned()), api_name);
        assert_eq!(name::custom_relationship(given.to_owned()), relationship);
        assert_eq!(name::custom_relationship(relationship.to_owned()), relationship);
        assert!(name::is_custom(api_name) && !name::is_custom(given));
        assert_eq!(name::without_custom_relationship(relationship), Some(given));
    }
    assert!(name::is_custom("Total__C"), "case does not matter");
    assert_eq!(name::custom("Total__C".to_owned()), "Total__C");
    assert_eq!(name::without_custom_relationship("Total__R"), Some("Total"));
}

#[test]
fn relationships_follow_from_api_names() {
    for (api_name, relationship) in [
        ("AgentId", Some("Agent")),
        ("CaseID", Some("Case")),
        ("Payer__c", Some("Payer__r")),
        ("PayerId__C", Some("PayerId__r")),
        ("acme__Payer__pc", Some("acme__Payer__pr")),
        ("Spot__Latitude__s", None),
        ("Id", None),
        ("I", None),
        ("Agent", None),
        ("Größe", None),
    ] {
        assert_eq!(name::relationship(api_name).as_deref(), relationship);
    }
}

// The tests of `name.rs` in sobject-core check the same names, so that both rules stay equal.
#[test]
fn api_names_are_told_from_others() {
    for name in ["A", "Account", "My_Object__c", "acme__Invoice__c", "A1_b2", "a__B__C"] {
        assert!(name::is_api_name(name), "{name}");
    }
    for name in ["Rule__mdt", "acme__Tick__e", "Log__b", "Order__X", "Invoice__Share", "A__kav"] {
        assert!(name::is_api_name(name), "{name}");
    }
    for name in ["Spot__Latitude__s", "acme__Spot__longitude__s", "Home__PostalCode__s", "A__s"] {
        assert!(name::is_api_name(name), "{name}");
    }
    for name in [
        "",
        "1A",
        "_A",
        "A_",
        "A__y",
        "A__",
        "A-b",
        "Ä",
        "__c",
        "A__r",
        "a__b__d__c",
        "A___c",
        "A__Latitude",
        "a__b__Depth__s",
        "a__b__c__Latitude__s",
        "A__Share_",
    ] {
        assert!(!name::is_api_name(name), "{name}");
    }
}

#[test]
fn autonumber_formats_have_one_number_and_known_parts() {
    for good in ["{0}", "{0000000000}", "INV-{0000}", "{YYYY}/{MM}/{DD}-{000}{YY}"] {
        assert_eq!(autonumber::check_format(good), Ok(()), "{good}");
    }
    for bad in [
        "",
        "INV",
        "{}",
        "{0}{0}",
        "{00000000000}",
        "{yy}{0}",
        "{0",
        "0}",
        "{{0}}",
        "{0}}",
        "{ 0 }",
    ] {
        assert!(autonumber::check_format(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_nearest_word_is_found_whatever_its_case() {
    let words = || words::field::ALL.iter().map(|word| word.name);
    for (written, meant) in [
        ("Nillable", Some("nillable")),
        ("defaultedOnCreate", Some("defaulted_on_create")),
        ("idLookup", Some("id_lookup")),
        ("updateable", Some("update")),
        ("lable", Some("label")),
        ("zebra", None),
    ] {
        assert_eq!(words::nearest(written, words()), meant, "{written}");
    }
}

#[test]
fn the_derives_beside_ours_are_found_in_the_source() {
    for (source, expected) in [
        ("#[derive(SObject, Serialize)]", &["SObject, Serialize"][..]),
        (
            "  #[derive(\n    Debug,\n    SObject,\n    serde::Serialize,\n  )]",
            &["\n    Debug,\n    SObject,\n    serde::Serialize,\n  "],
        ),
        (
            "#[derive(A)]\n#[derive(Serialize)]\n/// Words.\n#[serde(x)]\n#[derive( SObject )]",
            &[" SObject ", "Serialize", "A"],
        ),
        ("#[derive(Serialize)]\nstruct Other;\n\n#[derive(SObject)]\nstruct X;", &["SObject"]),
        ("#[derive(Serialize)] struct Über; #[derive(SObject)]", &["SObject"]),
        ("#[cfg_attr(a, derive(SObject, Serialize))]", &["SObject, Serialize"]),
        ("macro_rules! x { () => { SObject } }", &[]),
        ("SObject", &[]),
    ] {
        let at = source.find("SObject").expect("the derive is there");
        let line = source[..at].matches('\n').count() + 1;
        let column = source[..at].rsplit('\n').next().map_or(0, |it| it.chars().count()) + 1;
        assert_eq!(serde_beside::lists_at(source, line, column), expected, "{source}");
    }
    for (line, column) in [(0, 0), (1, 99), (99, 1), (2, 2)] {
        assert!(serde_beside::lists_at("ü(ü)\nü", line, column).is_empty(), "{line}:{column}");
    }
}

#[test]
fn serdes_derives_and_attributes_are_told_once_and_ours_are_not_written() {
    let with = |attributes: &str| {
        let input = format!(
            "#[derive(Debug)] {attributes} #[sobject(key_prefix = \"a00\")] struct X {{
                #[field(create, filter)] a: A,
            }}"
        );
        prettyplease::unparse(&expansion_of(&syn::parse_str(&input).expect("a struct")))
    };
    for attributes in [
        "#[derive(Serialize, Deserialize)]",
        "#[derive(serde::Deserialize)]",
        "#[serde(rename_all = \"camelCase\")]",
        "#[derive(Serialize)] #[serde(default)]",
    ] {
        let printed = with(attributes);
        assert_eq!(printed.matches("compile_error").count(), 1, "{printed}");
        assert!(!printed.contains("Serialize for X "), "{printed}");
        assert!(printed.contains("Serialize for XCreate "), "{printed}");
        let printed = with(&format!("{attributes} #[sobject(own_serde)]"));
        assert!(!printed.contains("compile_error"), "{printed}");
        assert!(!printed.contains("Serialize for X "), "{printed}");
    }
    for attributes in ["#[derive(rkyv::Serialize)]", "#[derive(Hash)]"] {
        let printed = with(attributes);
        assert!(!printed.contains("compile_error"), "{printed}");
        assert!(printed.contains("Serialize for X "), "{printed}");
    }
}

#[test]
fn what_is_said_elsewhere_is_no_word_and_means_one() {
    let tables = [
        words::object::ALL,
        words::field::ALL,
        words::picklist::ALL,
        words::picklist::variant::ALL,
    ];
    let is_word = |name: &str| tables.iter().any(|words| words.iter().any(|it| it.name == name));
    for (others, meant) in words::SYNONYMS {
        assert!(others.iter().all(|other| !is_word(other)), "{others:?} has a word");
        assert!(meant.iter().all(|word| is_word(word)), "{meant:?} has no word");
    }
    for (others, _) in [words::IMPLIED, words::ADVICE].concat() {
        assert!(others.iter().all(|other| !is_word(other)), "{others:?} has a word");
    }
}

/// Fails on a path whose meaning a name in the user's scope could change.
struct Hygiene {
    /// The names that paths may start with.
    starts: HashSet<&'static str>,
    /// The first segment of core's path, which has `__private` behind it.
    krate: &'static str,
}

impl Hygiene {
    fn check(file: &File, krate: &'static str) {
        let made = [
            "Invoice",
            "InvoiceCreate",
            "InvoiceUpdate",
            "InvoiceRequired",
            "InvoiceFields",
            "Phase",
        ];
        // Local names have spans that make them the macro's own; nobody shadows primitives by
        // accident.
        let local = [
            "self",
            "f",
            "row",
            "required",
            "other",
            "serializer",
            "S",
            "deserializer",
            "D",
            "payer_id",
            "subject",
            "value",
            "field",
            "str",
            "bool",
        ];
        let always = ["__so", "Self", "user"];
        let starts = made.into_iter().chain(local).chain(always).collect();
        Self { starts, krate }.visit_file(file);
    }
}

impl<'ast> Visit<'ast> for Hygiene {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let start = path.segments[0].ident.to_string();
        let is_core = start == self.krate && path.segments.iter().any(|it| it.ident == "__private");
        assert!(
            is_core || (path.leading_colon.is_none() && self.starts.contains(start.as_str())),
            "the expansion names `{start}`"
        );
        syn::visit::visit_path(self, path);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let name = attribute.path().get_ident().map(ToString::to_string).unwrap_or_default();
        let known = ["doc", "allow", "must_use", "automatically_derived", "derive"];
        assert!(known.contains(&name.as_str()), "the expansion has the attribute `{name}`");
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let name = call.path.segments.last().map(|it| it.ident.to_string()).unwrap_or_default();
        panic!("the expansion calls the macro `{name}`");
    }
}
