//! Searches: what is read of them, what is refused, and what is printed.

use proptest::{collection::vec, prelude::ProptestConfig, prop_assert_eq, proptest};
use sobject_soql::{
    Dialect, Error, ErrorKind, Find, Name, Pattern, PatternPart, Search, SearchExpr,
};

use crate::generate::Draw;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_search_of_rest_prints_what_parses_back_to_it(bytes in vec(0..=u8::MAX, 0..300)) {
        let search = Draw::new(&bytes, false).search();
        let text = search.to_string();
        for dialect in [Dialect::Rest, Dialect::Rust] {
            let again = Search::parse(&text, dialect).map_err(|error| error.to_string());
            prop_assert_eq!(again.as_ref(), Ok(&search), "{}", text);
        }
    }

    #[test]
    fn a_search_of_a_program_prints_what_parses_back_to_it(bytes in vec(0..=u8::MAX, 0..300)) {
        let search = Draw::new(&bytes, true).search();
        let text = search.to_string();
        let again = Search::parse(&text, Dialect::Rust).map_err(|error| error.to_string());
        prop_assert_eq!(again.as_ref(), Ok(&search), "{}", text);
        prop_assert_eq!(again.map(|search| search.to_string()), Ok(text));
    }
}

fn expr(text: &str) -> SearchExpr {
    SearchExpr::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn error(text: &str) -> Error {
    match Search::parse(text, Dialect::Rest) {
        Ok(search) => panic!("{text} is read as {search}"),
        Err(error) => error,
    }
}

#[test]
fn a_search_is_printed_as_it_would_be_written() {
    for text in [
        "FIND {acme}",
        "FIND {acme* \"east side\" OR (a OR b) c AND NOT d} IN NAME FIELDS RETURNING Account",
        "FIND {a} IN ALL FIELDS RETURNING Account(Id, Name n, toLabel(Industry) WHERE Name LIKE 'a%' \
         AND Id IN ('x') USING ListView = Recent ORDER BY Name DESC NULLS LAST LIMIT 5 OFFSET 2), \
         Contact(Id), Lead LIMIT 20 UPDATE TRACKING, VIEWSTAT",
        "FIND {a} RETURNING A(Order ORDER BY Offset), Group(Name Offset OFFSET 5)",
        "FIND {a} WITH DATA CATEGORY g AT (b, c) AND h BELOW d WITH DIVISION = 'x' WITH HIGHLIGHT \
         WITH METADATA = 'LABELS' WITH NETWORK = '0DB' WITH NETWORK IN ('0DB', '0DC') WITH PricebookId \
         = '01s' WITH SNIPPET WITH SNIPPET (target_length = 120) WITH SPELL_CORRECTION = false WITH \
         USER_MODE",
    ] {
        assert_eq!(Search::parse(text, Dialect::Rest).unwrap().to_string(), text);
    }
    assert_eq!(
        "find{a  b}in email fields returning contact ( id , name )limit 5"
            .parse::<Search>()
            .unwrap()
            .to_string(),
        "FIND {a b} IN EMAIL FIELDS RETURNING contact(id, name) LIMIT 5"
    );
}

#[test]
fn words_are_joined_as_the_platform_joins_them() {
    let [a, b, c, d] = ["a", "b", "c", "d"].map(SearchExpr::text);
    let and = |all: &[&SearchExpr]| SearchExpr::And(all.iter().copied().cloned().collect());
    let or = |any: &[&SearchExpr]| SearchExpr::Or(any.iter().copied().cloned().collect());
    for (text, expected) in [
        ("a", a.clone()),
        (" a b ", and(&[&a, &b])),
        ("a and b AND c", and(&[&a, &b, &c])),
        ("a OR b AND c", or(&[&a, &and(&[&b, &c])])),
        ("a b or c d", or(&[&and(&[&a, &b]), &and(&[&c, &d])])),
        ("(a OR b) c", and(&[&or(&[&a, &b]), &c])),
        ("a AND(b)", and(&[&a, &b])),
        ("a AND NOT b", a.clone().and_not(b.clone())),
        ("a b and not(c or d)", and(&[&a, &b]).and_not(or(&[&c, &d]))),
        // From right to left.
        ("a AND NOT b AND c", a.clone().and_not(and(&[&b, &c]))),
        ("a AND NOT b AND NOT c", a.clone().and_not(b.clone().and_not(c.clone()))),
        ("a AND NOT b OR c", or(&[&a.clone().and_not(b.clone()), &c])),
        // These are words like others.
        ("not", SearchExpr::Word(Pattern::exactly("not"))),
        ("a AND not", and(&[&a, &SearchExpr::Word(Pattern::exactly("not"))])),
        ("android", SearchExpr::text("android")),
        ("\"a or b\"", SearchExpr::text("a or b")),
    ] {
        assert_eq!(expr(text), expected, "{text}");
        assert_eq!(expr(&expected.to_string()), expected, "{expected}");
    }
}

#[test]
fn terms_have_wildcards_and_escapes() {
    use PatternPart::{AnyOne, AnyRun, Text};
    let text = |text: &str| Text(text.into());
    for (source, parts) in [
        ("ac*me?", vec![text("ac"), AnyRun, text("me"), AnyOne]),
        (r"a\*\?\\", vec![text(r"a*?\")]),
        (r"\?\&\|\!\{\}\[\]\(\)\^\~\*\:\\\'\+\-", vec![text(r"?&|!{}[]()^~*:\'+-")]),
        ("naïve@example.com", vec![text("naïve@example.com")]),
        ("日本語", vec![text("日本語")]),
    ] {
        let pattern: Pattern = parts.into_iter().collect();
        assert_eq!(expr(source), SearchExpr::Word(pattern.clone()), "{source}");
        assert_eq!(expr(&format!("\"{source}\"")), SearchExpr::Phrase(pattern), "{source}");
    }
    assert_eq!(
        expr(r#""say \"no\" (to)"#.replace("(to)", r#"\(to\)""#).as_str()),
        SearchExpr::text("say \"no\" (to)")
    );
    assert_eq!(SearchExpr::starts_with("C++").to_string(), r"C\+\+*");
    assert_eq!(SearchExpr::text("or").to_string(), "\"or\"");
    let terms = expr("a* OR (\"b c\" AND NOT d)");
    let terms: Vec<_> = terms.terms().into_iter().map(ToString::to_string).collect();
    assert_eq!(terms, ["a%", "b c", "d"]);
}

#[test]
fn a_program_searches_for_what_it_is_given() {
    for (text, find) in [
        ("FIND :words RETURNING Account", Find::Bind(Name::from("words"))),
        ("FIND 'a b*' RETURNING Account", Find::Expr(expr("a b*"))),
        (r"FIND 'O\'Neill' RETURNING Account", Find::Expr(SearchExpr::text("O'Neill"))),
    ] {
        assert_eq!(Search::parse(text, Dialect::Rust).unwrap().find.value, find, "{text}");
        assert!(Search::parse(text, Dialect::Rest).is_err(), "{text}");
    }
}

#[test]
fn long_texts_lose_their_operators_and_longer_ones_find_nothing() {
    let words = |n: usize| vec!["abcd"; n].join(" AND ");
    let Find::Expr(SearchExpr::And(all)) = find(&words(444)) else { panic!() };
    assert_eq!(all.len(), 444);
    let Find::Expr(SearchExpr::Or(any)) = find(&words(446)) else { panic!() };
    assert_eq!(any.len(), 446);
    assert!(matches!(find(&"é".repeat(10_000)), Find::Expr(SearchExpr::Word(_))));
    assert_eq!(find(&"é".repeat(10_001)), Find::TooLong);
    assert_eq!(Find::parse(&"|".repeat(200_000)), Ok(Find::TooLong));
    assert_eq!(Find::parse("a b*"), Ok(Find::Expr(expr("a b*"))));
    assert_eq!(Find::parse(" ").unwrap_err().kind(), ErrorKind::NoSearchTerm);
}

fn find(text: &str) -> Find {
    Search::parse(&format!("FIND {{{text}}}"), Dialect::Rest).unwrap().find.value
}

#[test]
fn the_message_is_the_platforms() {
    assert_eq!(
        error("FIND {John|} IN ALL FIELDS").message(),
        "\nFIND {John|} IN ALL FIELDS\n         ^\nERROR at Row:1:Column:10\n\
         line 1:10 mismatched character '|' expecting '}'"
    );
    for text in ["FIND {}", "FIND { }", "FIND acme", "FIND 'acme'", "FIND", "FIND (acme)"] {
        let error = error(text);
        let expected = "No search term found. The search term must be enclosed in braces.";
        assert_eq!((error.kind(), error.message().as_str()), (ErrorKind::NoSearchTerm, expected));
        assert_eq!(error.status_code(), "MALFORMED_SEARCH");
    }
}

#[test]
fn the_kind_and_the_span_say_what_is_wrong_where() {
    for (marked, kind) in [
        ("«SELECT» Id FROM A", ErrorKind::UnexpectedToken),
        ("«»", ErrorKind::UnexpectedEnd),
        ("FIND {a «|» b}", ErrorKind::UnexpectedCharacter),
        ("FIND {\"a «&» b\"}", ErrorKind::UnexpectedCharacter),
        ("FIND {a «\\»q}", ErrorKind::InvalidEscape),
        ("FIND {\"a«»}", ErrorKind::UnclosedText),
        ("FIND {a«»", ErrorKind::UnclosedText),
        ("FIND {a\\}«»", ErrorKind::UnclosedText),
        ("FIND {(a«»}", ErrorKind::UnexpectedEnd),
        ("FIND {a«)»}", ErrorKind::UnexpectedToken),
        ("FIND {a OR «OR» b}", ErrorKind::UnexpectedToken),
        ("FIND {«AND» a}", ErrorKind::UnexpectedToken),
        ("FIND {a AND«»}", ErrorKind::UnexpectedEnd),
        ("FIND {a AND NOT «AND» b}", ErrorKind::UnexpectedToken),
        ("FIND {()«»}", ErrorKind::UnexpectedToken),
        ("FIND {a} IN «SOME» FIELDS", ErrorKind::UnexpectedToken),
        ("FIND {a} IN NAME «RETURNING» A", ErrorKind::UnexpectedToken),
        ("FIND {a} RETURNING A(«)»", ErrorKind::UnexpectedToken),
        ("FIND {a} RETURNING A(«WHERE» b = 1)", ErrorKind::UnexpectedToken),
        ("FIND {a} RETURNING A(b LIMIT 1 «WHERE» c = 1)", ErrorKind::UnexpectedToken),
        ("FIND {a} RETURNING A(b WHERE c = «:»d)", ErrorKind::NotInDialect),
        ("FIND {a} WITH «NOTHING»", ErrorKind::UnexpectedToken),
        ("FIND {a} WITH SNIPPET («length» = 5)", ErrorKind::UnexpectedToken),
        ("FIND {a} WITH SPELL_CORRECTION = «'x'»", ErrorKind::UnexpectedToken),
        ("FIND {a} LIMIT 5 «OFFSET» 5", ErrorKind::UnexpectedToken),
        ("FIND {a}«;»", ErrorKind::UnexpectedCharacter),
    ] {
        // Empty parentheses are found where the closing one stands.
        let marked = if marked == "FIND {()«»}" { "FIND {(«)»}" } else { marked };
        let start = marked.find('«').unwrap();
        let end = marked.find('»').unwrap() - '«'.len_utf8();
        let text = marked.replace(['«', '»'], "");
        let error = error(&text);
        assert_eq!(
            (error.kind(), error.span().range()),
            (kind, Some(start..end)),
            "{text}: {error}"
        );
        assert_eq!(error.status_code(), "MALFORMED_SEARCH");
    }
}

#[test]
fn hostile_searches_are_refused_at_once() {
    let deep = [
        ("(", "a", ")", ErrorKind::TooDeep),
        ("a AND NOT ", "a", "", ErrorKind::TooDeep),
        ("(a OR ", "a", ")", ErrorKind::TooDeep),
    ];
    for (open, inner, close, kind) in deep {
        for depth in [100, 101, 4_000 / (open.len() + close.len()) - 10] {
            let text = format!("FIND {{{}{inner}{}}}", open.repeat(depth), close.repeat(depth));
            let read = move || Search::parse(&text, Dialect::Rest);
            let read = std::thread::Builder::new().stack_size(1 << 20).spawn(read).unwrap();
            match read.join().unwrap() {
                Ok(_) => assert_eq!(depth, 100, "{open}"),
                Err(error) => assert!(depth > 100 && error.kind() == kind, "{open} {error}"),
            }
        }
    }
    for piece in
        ["a ", "a OR ", "(", "\"", "\\", "\\\\", "*", "AND NOT ", "{", "}", "\u{1F600}", "\n"]
    {
        for n in [50, 1_000, 90_000 / piece.len()] {
            for shape in ["FIND {_}", "FIND {_", "FIND '_'", "FIND {a} RETURNING _", "_"] {
                let text = shape.replace('_', &piece.repeat(n));
                for dialect in [Dialect::Rest, Dialect::Rust] {
                    if let Ok(search) = Search::parse(&text, dialect) {
                        let again = Search::parse(&search.to_string(), dialect);
                        assert_eq!(again.as_ref(), Ok(&search), "{piece} {n} {shape}");
                    }
                }
            }
        }
    }
}
