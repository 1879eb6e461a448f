//! The verdicts of Salesforce's own published parser: each query is taken or refused as there, and
//! refused at the same place.

use sobject_soql::{Dialect, Place, Query};

/// A query and what Salesforce's parser says of it: nothing, or the row and column of its first
/// complaint.
struct Verdict {
    query: String,
    place: Option<(usize, usize)>,
}

/// Reads the file of verdicts. A complaint of the lexer, which has a line of its own, comes before
/// those of the parser, and makes a verdict an error: what belongs to no token is refused here.
fn verdicts() -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    let mut lexer_complaint = None;
    for line in include_str!("../data/verdicts.txt").lines() {
        if let Some(complaint) = line.strip_prefix("line ") {
            lexer_complaint = lexer_complaint.or(Some(place(complaint)));
            continue;
        }
        let (verdict, rest) = line.split_at(5);
        let (query, complaints) = match rest.split_once("   => ") {
            None => (rest, None),
            Some((query, complaints)) => (query, Some(place(complaints))),
        };
        assert_eq!(verdict == "ERR  ", complaints.is_some(), "{line}");
        verdicts
            .push(Verdict { query: unquote(query), place: lexer_complaint.take().or(complaints) });
    }
    verdicts
}

/// The place that a complaint begins with.
fn place(complaint: &str) -> (usize, usize) {
    let place = complaint.split(' ').next().unwrap();
    let (row, column) = place.split_once(':').unwrap();
    (row.parse().unwrap(), column.parse().unwrap())
}

/// The text of a JSON string. These have escapes for quotes, backslashes and newlines only.
fn unquote(json: &str) -> String {
    let inner = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap();
    let mut text = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next().unwrap() {
                'n' => '\n',
                quoted @ ('"' | '\\') => quoted,
                other => panic!("\\{other} in {json}"),
            },
            other => other,
        });
    }
    text
}

#[test]
fn every_verdict_holds_at_its_place() {
    let verdicts = verdicts();
    assert_eq!(verdicts.len(), 154);
    let mut wrong = Vec::new();
    for Verdict { query, place } in verdicts {
        let found = Query::parse(&query, Dialect::Rest).err().map(|error| {
            let place = Place::of(&query, error.span()).unwrap();
            (place.row(), place.column() - 1)
        });
        if found != place {
            wrong.push(format!("{query:?}: {place:?} is due, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
