//! What a search refuses, with which code, in which words and where.

use sobject_core::{Caller, Error, Permissions, QueryError, Sosl};

use super::{companies, found};
use crate::{desk::refused, types::Shop};

fn error(shop: &Shop, search: impl Into<Sosl>) -> QueryError {
    match shop.db.search(search) {
        Err(Error::Query(error)) => *error,
        other => panic!("{other:?}"),
    }
}

/// Searches in which the place of the mistake stands in angle quotes, with the code and the text.
const REFUSED: &[(&str, &str, &str)] = &[
    // What the text says.
    (
        "FIND {John«|»} IN ALL FIELDS",
        "MALFORMED_SEARCH",
        "line 1:10 mismatched character '|' expecting '}'",
    ),
    ("FIND {acme} RETURNING Company__c(«)»", "MALFORMED_SEARCH", "unexpected token: ')'"),
    // Names.
    (
        "FIND {acme} RETURNING «Compny__c»",
        "INVALID_TYPE",
        "sObject type 'Compny__c' is not supported. If you are attempting to use a custom object, be \
         sure to append the '__c' after the entity name. Please reference your WSDL or the describe call \
         for the appropriate names.",
    ),
    (
        "FIND {acme} RETURNING Person__c, «Secret__c»(Id)",
        "INVALID_TYPE_FOR_OPERATION",
        "entity type Secret__c does not support search",
    ),
    (
        "FIND {acme} RETURNING Company__c(Id, «Nmae»)",
        "INVALID_FIELD",
        "No such column 'Nmae' on entity 'Company__c'. If you are attempting to use a custom field, be \
         sure to append the '__c' after the custom field name. Please reference your WSDL or the \
         describe call for the appropriate names.",
    ),
    (
        "FIND {acme} RETURNING Company__c(Id WHERE «Nmae» = 'x')",
        "INVALID_FIELD",
        "No such column 'Nmae' on entity 'Company__c'. If you are attempting to use a custom field, be \
         sure to append the '__c' after the custom field name. Please reference your WSDL or the \
         describe call for the appropriate names.",
    ),
    (
        "FIND {acme} RETURNING Company__c(Id WHERE «About__c» = 'x')",
        "INVALID_FIELD",
        "field 'About__c' can not be filtered in a query call",
    ),
    (
        "FIND {acme} RETURNING Company__c(Id ORDER BY «Mail__c»)",
        "MALFORMED_SEARCH",
        "field 'Mail__c' can not be sorted in a query call",
    ),
    (
        "FIND {acme} RETURNING «Company__c»(COUNT(Id))",
        "MALFORMED_SEARCH",
        "aggregate functions are not allowed in a search",
    ),
    (
        "FIND {acme} RETURNING Company__c(Name, «Name»)",
        "INVALID_FIELD",
        "duplicate field selected: Name",
    ),
    // Numbers.
    (
        "FIND {acme} RETURNING Company__c(Id OFFSET «2001»)",
        "NUMBER_OUTSIDE_VALID_RANGE",
        "SOSL offset should be between 0 to 2000",
    ),
    (
        "FIND {acme} RETURNING Company__c(Id OFFSET «-1»)",
        "NUMBER_OUTSIDE_VALID_RANGE",
        "SOSL offset should be between 0 to 2000",
    ),
    (
        "FIND {acme} RETURNING Company__c(Id OFFSET «1»), Person__c",
        "MALFORMED_SEARCH",
        "OFFSET is allowed only in a search of one object",
    ),
    ("FIND {acme} LIMIT «-1»", "MALFORMED_SEARCH", "unexpected token: '-1'"),
    (
        "FIND {acme} RETURNING Company__c(Id LIMIT «-2»)",
        "MALFORMED_SEARCH",
        "unexpected token: '-2'",
    ),
    // What is read and not done.
    ("FIND {acme} «WITH HIGHLIGHT»", "MALFORMED_SEARCH", "WITH HIGHLIGHT is not supported"),
    ("FIND {acme} «WITH SNIPPET»", "MALFORMED_SEARCH", "WITH SNIPPET is not supported"),
    ("FIND {acme} «WITH DIVISION = 'x'»", "MALFORMED_SEARCH", "WITH DIVISION is not supported"),
    ("FIND {acme} «WITH NETWORK = 'x'»", "MALFORMED_SEARCH", "WITH NETWORK is not supported"),
    (
        "FIND {acme} «WITH PricebookId = 'x'»",
        "MALFORMED_SEARCH",
        "WITH PricebookId is not supported",
    ),
    (
        "FIND {acme} «WITH METADATA = 'LABELS'»",
        "MALFORMED_SEARCH",
        "WITH METADATA is not supported",
    ),
    (
        "FIND {acme} «WITH SPELL_CORRECTION = true»",
        "MALFORMED_SEARCH",
        "WITH SPELL_CORRECTION = true is not supported",
    ),
    (
        "FIND {acme} «WITH DATA CATEGORY a AT b»",
        "MALFORMED_SEARCH",
        "WITH DATA CATEGORY is not supported",
    ),
    ("FIND {acme} UPDATE «TRACKING»", "MALFORMED_SEARCH", "UPDATE TRACKING is not supported"),
    ("FIND {acme} UPDATE «VIEWSTAT»", "MALFORMED_SEARCH", "UPDATE VIEWSTAT is not supported"),
    (
        "FIND {acme} RETURNING Company__c(Id USING ListView = «Recent»)",
        "MALFORMED_SEARCH",
        "USING ListView is not supported",
    ),
    (
        "FIND «{*acme}»",
        "MALFORMED_SEARCH",
        "a wildcard at the beginning of a term is not supported",
    ),
    (
        "FIND «{東*京}»",
        "MALFORMED_SEARCH",
        "a wildcard inside a text without spaces is not supported",
    ),
];

#[test]
fn each_mistake_has_its_code_its_words_and_its_place() {
    let (shop, _) = companies(&[]);
    for (marked, code, text) in REFUSED {
        let column = marked.split('«').next().unwrap().chars().count() + 1;
        let search = marked.replace(['«', '»'], "");
        let error = error(&shop, Sosl::rest(&search));
        assert_eq!((error.status_code().as_str(), error.text()), (*code, *text), "{search}");
        // The platform counts from 0 at a character that cannot be.
        let shift = usize::from(text.starts_with("line"));
        assert_eq!(error.column(), Some(column - shift), "{search}");
        assert!(error.message().starts_with('\n'), "{search}: {}", error.message());
    }
    shop.verify();
}

#[test]
fn a_search_without_a_term_is_refused_alone() {
    let (shop, _) = companies(&[]);
    let none = "No search term found. The search term must be enclosed in braces.";
    for search in ["FIND {}", "FIND acme", "FIND"] {
        let error = error(&shop, Sosl::rest(search));
        assert_eq!(error.message(), none, "{search}");
        assert_eq!(error.status_code().as_str(), "MALFORMED_SEARCH");
    }
    for (term, shown) in
        [("a", "a"), ("a*", "a*"), ("*", ""), ("a OR b", "a"), (r"\-", r"\-"), ("\"é\"", "\"é\"")]
    {
        let refusal = refused(shop.db.search(format!("FIND {{{term}}}")));
        if term == "*" {
            assert_eq!(refusal.code, "MALFORMED_SEARCH", "it begins with a wildcard");
            continue;
        }
        assert_eq!(refusal.code, "INVALID_SEARCH", "{term}");
        let text = format!("search term must be longer than one character: {shown}");
        assert_eq!(refusal.message, text, "{term}");
    }
    for term in ["京", "a bc", "\"a b\""] {
        assert!(found(&shop.db, format!("FIND {{{term}}}")).is_empty(), "{term}");
    }
}

#[test]
fn what_only_programs_may_say_is_refused_over_rest() {
    let (shop, _) = companies(&["Acme"]);
    for search in ["FIND {acme} WITH USER_MODE", "FIND {acme} WITH SYSTEM_MODE"] {
        let refusal = refused(shop.db.search(Sosl::rest(search)));
        assert_eq!(refusal.code, "MALFORMED_SEARCH");
        assert!(refusal.message.ends_with("are allowed only in Apex"), "{}", refusal.message);
        assert_eq!(found(&shop.db, search).len(), 1);
    }
    let user =
        shop.store.connect(Caller::user(crate::desk::id("005000000000001"), Permissions::all()));
    let refusal = refused(user.search("FIND {acme} WITH SYSTEM_MODE"));
    assert!(refusal.message.ends_with("WITH SYSTEM_MODE needs a connection in system mode"));
    let accepted = "FIND {acme} RETURNING Company__c WITH SPELL_CORRECTION = false";
    assert_eq!(found(&shop.db, accepted).len(), 1);
}

#[test]
fn variables_are_refused_that_are_not_there_or_of_another_kind() {
    let (shop, _) = companies(&[]);
    for (search, text) in [
        (Sosl::new("FIND :words"), "variable does not exist: words"),
        (Sosl::new("FIND :words").bind("words", 7), "variable :words is no text to search for"),
        (
            Sosl::new("FIND :words").bind("words", vec!["a", "b"]),
            "variable :words is no text to search for",
        ),
        (Sosl::new("FIND {ab} LIMIT :n").bind("n", "x"), "variable :n is no whole number"),
    ] {
        let error = error(&shop, search);
        assert_eq!((error.status_code().as_str(), error.text()), ("MALFORMED_SEARCH", text));
    }
    // What a variable stands for has its own places.
    let error = error(&shop, Sosl::new("FIND :words").bind("words", "acme (east"));
    assert_eq!(error.status_code().as_str(), "MALFORMED_SEARCH");
}

#[test]
fn a_name_that_was_probably_meant_is_told() {
    let (shop, _) = companies(&[]);
    let near = |search: &str| error(&shop, search).near().map(str::to_owned);
    assert_eq!(near("FIND {ab} RETURNING Compny__c").as_deref(), Some("Company__c"));
    assert_eq!(near("FIND {ab} RETURNING Company__c(Nmae)").as_deref(), Some("Name"));
}

#[test]
fn soql_and_sosl_are_not_taken_for_each_other() {
    let (shop, _) = companies(&[]);
    let refusal = refused(shop.db.search("SELECT Id FROM Company__c"));
    assert_eq!(refusal.code, "MALFORMED_SEARCH");
    let refusal = refused(shop.db.soql("FIND {acme}"));
    assert_eq!(refusal.code, "MALFORMED_QUERY");
}
