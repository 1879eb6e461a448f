//! What the parser says of a mistake: kind, place, text, and the word that was meant.

use sobject_soql::{Dialect, Error, ErrorKind, Query};

fn error(text: &str) -> Error {
    match Query::parse(text, Dialect::Rest) {
        Ok(query) => panic!("{text} is read as {query}"),
        Err(error) => error,
    }
}

/// The texts are those that the platform gives: quoted in its release notes, or seen in answers.
#[test]
fn the_text_is_the_platforms() {
    for (query, text) in [
        ("SELECT Id FROM A WHERE a = 1 AND b = 2 OR c = 3", "unexpected token: 'OR'"),
        ("SELECT FROM A", "unexpected token: 'SELECT FROM'"),
        ("SELECT Id FROM A WHERE F IN ()", "unexpected token: 'F IN ()'"),
        ("SELECT Id FROM A $", "line 1:17 unexpected token: '$'"),
        ("SELECT Id FROM A USING everything", "unexpected token: 'everything'"),
        ("SELECT Id FROM A WHERE a = 1 GROUP user", "missing value at 'user'"),
        ("SELECT Id FROM A WHERE a IN (SELECT b FROM C GROUP BY b)", "missing value at 'GROUP'"),
        ("SELECT Id FROM A WHERE Name = 'x' AND", "unexpected token: '<EOF>'"),
        ("", "unexpected token: '<EOF>'"),
        ("FIND {x} RETURNING A", "unexpected token: 'FIND'"),
        ("SELECT Id FROM A WHERE b = :c", "Bind variables only allowed in Apex code"),
        ("SELECT Id FROM A WHERE b IN :c", "Bind variables only allowed in Apex code"),
        ("SELECT FORMAT(convertCurrency(MIN(a))) FROM A", "unexpected token: '('"),
        (
            "SELECT Id FROM A WHERE b = 'x\\q'",
            "Invalid string literal 'x\\q'. Illegal character sequence '\\q' in string literal.",
        ),
        ("SELECT Id FROM A WHERE b = \"c\"", "line 1:27 unexpected token: '\"'"),
        ("SELECT Id FROM A;", "line 1:16 unexpected token: ';'"),
        ("SELECT Id\nFROM A WHERE b = \u{a0}1", "line 2:17 unexpected token: '\\u{a0}'"),
        ("SELECT Id FROM A BIND x = 1", "BIND is not supported"),
        ("SELECT Id FROM A LIMIT 9223372036854775808", "number out of range: 9223372036854775808"),
        ("SELECT Id FROM A WHERE b = LAST_N_DAYS:4294967296", "number out of range: 4294967296"),
    ] {
        let error = error(query);
        assert_eq!(error.text(), text, "{query}");
        assert_eq!(error.status_code(), "MALFORMED_QUERY", "{query}");
    }
}

#[test]
fn the_message_shows_the_place() {
    assert_eq!(
        error("SELECT Id\nFROM Account\nWHERE a = 1 ORDER user").message(),
        "\nWHERE a = 1 ORDER user\n                  ^\nERROR at Row:3:Column:19\nmissing value at 'user'"
    );
    // A filter is shown at its field, as the platform shows it.
    assert_eq!(
        error("SELECT Id FROM Account WHERE Owner.Name NOT IN :names").message(),
        "\nSELECT Id FROM Account WHERE Owner.Name NOT IN :names\n                             \
         ^\nERROR at Row:1:Column:30\nBind variables only allowed in Apex code"
    );
    // Where the text ends, the platform shows no place.
    assert_eq!(error("SELECT Id FROM").message(), "unexpected token: '<EOF>'");
    assert_eq!(error("SELECT Id FROM A WHERE b = 'c").message(), "unexpected token: '<EOF>'");
}

#[test]
fn the_kind_and_the_span_say_what_is_wrong_where() {
    for (query, kind, wrong) in [
        ("SELECT Id FROM A WHERE «AND» b = 1", ErrorKind::UnexpectedToken),
        ("SELECT Id FROM A WHERE b IN (SELECT c FROM D «LIMIT» 1)", ErrorKind::Missing),
        ("SELECT Id FROM A WHERE b = 1 AND«»", ErrorKind::UnexpectedEnd),
        ("SELECT Id FROM A «;» DELETE", ErrorKind::UnexpectedCharacter),
        ("SELECT Id FROM «Ä»ccount", ErrorKind::UnexpectedCharacter),
        ("SELECT Id FROM A WHERE b = 'x\n«»y'", ErrorKind::NewlineInText),
        ("SELECT Id FROM A WHERE b = 'x\r\n«»y'", ErrorKind::NewlineInText),
        ("SELECT Id FROM A WHERE b = «'x\\'»", ErrorKind::UnclosedText),
        ("SELECT Id FROM A WHERE b = «'x\\»", ErrorKind::UnclosedText),
        ("SELECT Id FROM A WHERE b = 'x\\é«»'", ErrorKind::InvalidEscape),
        ("SELECT Id FROM A WHERE b = 'x\\u«»12'", ErrorKind::InvalidEscape),
        ("SELECT Id FROM A WHERE b = '\\u«»D800'", ErrorKind::InvalidEscape),
        ("SELECT Id FROM A WHERE b = '\\u«»D83D\\u0041'", ErrorKind::InvalidEscape),
        ("SELECT Id FROM A WHERE b = '100\\%«»'", ErrorKind::InvalidEscape),
        ("SELECT Id FROM A WHERE b = «:»c", ErrorKind::NotInDialect),
        ("SELECT Id FROM A LIMIT «-99999999999999999999»", ErrorKind::NumberOutOfRange),
        ("SELECT Id FROM A LIMIT + «-» 1", ErrorKind::UnexpectedToken),
        ("SELECT Id FROM A LIMIT -«1.5»", ErrorKind::UnexpectedToken),
        ("SELECT Id FROM A OFFSET 5 UPDATE «Case»", ErrorKind::UnexpectedToken),
        ("SELECT Id FROM A «BIND» b = 1", ErrorKind::NotSupported),
        ("SELECT Id FROM A WHERE a «.» b = 1", ErrorKind::UnexpectedToken),
        ("SELECT Id FROM A «B.c»", ErrorKind::UnexpectedToken),
    ]
    .map(|(marked, kind)| {
        let start = marked.find('«').unwrap();
        let end = marked.find('»').unwrap() - '«'.len_utf8();
        (marked.replace(['«', '»'], ""), kind, start..end)
    }) {
        let error = error(&query);
        assert_eq!((error.kind(), error.span().range()), (kind, Some(wrong)), "{query}");
    }
}

#[test]
fn the_word_that_was_meant_is_told() {
    for (query, near) in [
        ("SELCT Id FROM A", Some("SELECT")),
        ("SELECT Id FORM Account", Some("FROM")),
        ("SELECT Id, Name n FRM Account", Some("FROM")),
        ("SELECT Id FROM A WERE b = 1", Some("WHERE")),
        ("SELECT Id FROM A wher b = 1", Some("WHERE")),
        ("SELECT Id FROM A WHERE b = 1 LIMT 5", Some("LIMIT")),
        ("SELECT Id FROM A ORDR BY b", Some("ORDER")),
        ("SELECT Id FROM A GRUOP BY b", Some("GROUP")),
        ("SELECT Id FROM A WHERE b = 1 ADN c = 2", Some("AND")),
        ("SELECT Id FROM A WHERE (b = 1 ADN c = 2)", Some("AND")),
        ("SELECT Id FROM A WHERE b LKE 'x'", Some("LIKE")),
        ("SELECT Id FROM A WHERE b INCLUDE ('x')", Some("INCLUDES")),
        ("SELECT Id FROM A WHERE b = TODDAY", Some("TODAY")),
        ("SELECT Id FROM A WHERE b = LAST_N_DAY:3", Some("LAST_N_DAYS")),
        ("SELECT Id FROM A WHERE b = nul", Some("NULL")),
        ("SELECT Id FROM A USING SCPE mine", Some("SCOPE")),
        ("SELECT Id FROM A ORDER BY b NULLS FRIST", Some("FIRST")),
        ("SELECT Id FROM A FOR VEIW", Some("VIEW")),
        ("SELECT TYPEOF a WHEN B THEN c ESLE d END FROM A", Some("ELSE")),
        ("SELECT Id FROM A WITH DATA CATEGORY g BELLOW c", Some("BELOW")),
        ("SELECT Id FROM A WHERE b = Account", None),
        ("SELECT Id FROM A B C", None),
        ("SELECT Id Name FROM A WHERE b = 1 c = 2", None),
    ] {
        let error = error(query);
        assert_eq!(error.near_match(), near, "{query}: {error}");
        if let Some(near) = near {
            let told = error.to_string();
            assert!(told.contains(&format!("did you mean '{near}'")), "{told}");
            assert!(!error.message().contains("did you mean"), "{}", error.message());
        }
    }
}

#[test]
fn what_only_programs_have_is_refused_in_rest() {
    for clause in ["ALL ROWS", "WHERE b = 1 ALL ROWS", "FOR UPDATE", "LIMIT :n", "WHERE b = :c"] {
        let query = format!("SELECT Id FROM A {clause}");
        assert!(Query::parse(&query, Dialect::Rest).is_err(), "{query}");
        assert!(Query::parse(&query, Dialect::Rust).is_ok(), "{query}");
    }
}

#[test]
fn long_texts_are_quoted_in_part() {
    let error = error(&format!("SELECT Id FROM A '{}'", "é".repeat(5_000)));
    assert_eq!(error.text(), format!("unexpected token: ''{}...'", "é".repeat(79)));
    assert!(error.message().len() < 500, "{}", error.message());
}
