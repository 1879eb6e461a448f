//! No text makes the parser panic, run long or use much stack.

#[path = "../../fuzz/property.rs"]
mod property;

use std::time::{Duration, Instant};

use sobject_soql::{Dialect, ErrorKind, Query};

const LONGEST: usize = 100_000;

/// Reads a text in a thread with the small stack that a proc macro or a server may have.
fn parse(text: String, dialect: Dialect) -> Result<Query, sobject_soql::Error> {
    let read = move || Query::parse(&text, dialect);
    std::thread::Builder::new().stack_size(1 << 20).spawn(read).unwrap().join().unwrap()
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    for (start, open, inner, close, deepest) in [
        ("SELECT Id FROM A WHERE ", "(", "a = 1", ")", 100),
        ("SELECT Id FROM A WHERE ", "(NOT ", "a = 1", ")", 100),
        ("SELECT Id FROM A WHERE ", "a IN (SELECT b FROM C WHERE ", "a = 1", ")", 20),
        ("SELECT ", "(SELECT ", "Id FROM B", ") FROM A", 20),
        ("SELECT ", "(SELECT Id, ", "Id FROM B", " WHERE ((((a = 1))))) FROM A", 20),
    ] {
        for depth in [1, deepest, deepest + 1, 200, (LONGEST - 100) / (open.len() + close.len())] {
            let text = format!("{start}{}{inner}{}", open.repeat(depth), close.repeat(depth));
            let read = parse(text, Dialect::Rest);
            if depth <= deepest {
                assert!(read.is_ok(), "{open} {depth}: {read:?}");
            } else {
                assert_eq!(read.unwrap_err().kind(), ErrorKind::TooDeep, "{open} {depth}");
            }
        }
    }
}

#[test]
fn a_text_may_have_a_hundred_thousand_characters_and_no_more() {
    let start = "SELECT Id FROM A WHERE b = '";
    let longest = format!("{start}{}'", "é".repeat(LONGEST - start.len() - 1));
    assert!(parse(longest.clone(), Dialect::Rest).is_ok());
    let error = parse(longest + " ", Dialect::Rest).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLong);
    assert_eq!(error.message(), "SOQL statements cannot be longer than 100000 characters");
}

#[test]
fn long_texts_of_any_kind_are_read_at_once() {
    let shapes = [
        ("", "(", ""),
        ("", "SELECT ", ""),
        ("SELECT ", "a,", "a FROM B"),
        ("SELECT a", ".a", " FROM B"),
        ("SELECT ", "f(", ""),
        ("SELECT ", "TYPEOF ", ""),
        ("SELECT TYPEOF a WHEN B THEN ", "c,", "c END FROM D"),
        ("SELECT Id FROM ", "A,", "A"),
        ("SELECT Id FROM A USING ", "SCOPE a,", "B"),
        ("SELECT Id FROM A WHERE ", "a=1 AND ", "a=1"),
        ("SELECT Id FROM A WHERE ", "NOT ", "a=1"),
        ("SELECT Id FROM A WHERE a IN (", "1,", "1)"),
        ("SELECT Id FROM A WHERE a = ", "-", "1"),
        ("SELECT Id FROM A WHERE a = ", "9", ""),
        ("SELECT Id FROM A WHERE a = .", "9", ""),
        ("SELECT Id FROM A WHERE a = ", "2020-01-01", ""),
        ("SELECT Id FROM A WHERE a = 2020-01-01T00:00:00.", "9", "Z"),
        ("SELECT Id FROM A WHERE a = USD", "9", ""),
        ("SELECT Id FROM A WHERE a = '", "\\u0041", "'"),
        ("SELECT Id FROM A WHERE a = '", "\\", ""),
        ("SELECT Id FROM A WHERE a LIKE '", "%_", "'"),
        ("SELECT Id FROM A ORDER BY ", "a,", "a"),
        ("SELECT Id FROM A ", "WITH a ", ""),
        ("SELECT Id FROM A UPDATE ", "a,", "a"),
        ("SELECT Id FROM A", "\n", "WHERE"),
        ("SELECT Id FROM A LIMIT ", "9", ""),
        ("'", "\n'", ""),
        ("", "\u{1F600}", ""),
        ("", "A", ""),
    ];
    let begin = Instant::now();
    for (start, middle, end) in shapes {
        let n = (LONGEST - start.len() - end.len()) / middle.chars().count();
        let text = format!("{start}{}{end}", middle.repeat(n));
        for dialect in [Dialect::Rest, Dialect::Rust] {
            if let Ok(query) = parse(text.clone(), dialect) {
                // Printed, it may be longer than a text may be.
                let printed = query.to_string();
                if printed.len() <= LONGEST {
                    assert_eq!(Query::parse(&printed, dialect).as_ref(), Ok(&query));
                }
            }
        }
    }
    // Thousands of times what it takes, so that only something quadratic fails.
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
}

/// A small generator of random numbers, so that each run tries the same texts.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n as u64).unwrap()
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

const PIECES: [&str; 94] = [
    "SELECT",
    "FROM",
    "WHERE",
    "AND",
    "OR",
    "NOT",
    "LIKE",
    "IN",
    "INCLUDES",
    "EXCLUDES",
    "NULL",
    "TRUE",
    "ORDER",
    "GROUP",
    "BY",
    "HAVING",
    "DESC",
    "NULLS",
    "FIRST",
    "LIMIT",
    "OFFSET",
    "USING",
    "SCOPE",
    "LOOKUP",
    "WITH",
    "DATA",
    "CATEGORY",
    "AT",
    "FOR",
    "VIEW",
    "UPDATE",
    "ALL",
    "ROWS",
    "TYPEOF",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "AS",
    "ROLLUP",
    "COUNT",
    "FIELDS",
    "DISTANCE",
    "FIND",
    "{",
    "}",
    "RETURNING",
    "NETWORK",
    "?",
    "\"a b\"",
    "AND NOT",
    "GEOLOCATION",
    "TODAY",
    "LAST_N_DAYS",
    "BIND",
    "(",
    ")",
    "(",
    ")",
    ",",
    ".",
    ":",
    "=",
    "!=",
    "<",
    ">=",
    "+",
    "-",
    "*",
    "/",
    ";",
    "'",
    "\"",
    "\\",
    "1",
    "2.5",
    ".5",
    "99999999999999999999",
    "'x\\'y%'",
    "'\\u00e9\\uD83D\\uDE00'",
    "2020-01-01",
    "2020-13-41T99:99:99+99:99",
    "08:00:00Z",
    "USD5",
    "usd-5.5",
    "a",
    "Id",
    "a.b",
    "é",
    "\u{1F600}",
    "\u{a0}",
    "\0",
    "\n",
    "\u{202e}",
];

/// Searches to be changed at random.
const SEARCHES: [&str; 4] = [
    "FIND {acme* OR \"east side\" AND NOT ( a? b ) } IN NAME FIELDS RETURNING A",
    "FIND { a\\-b } RETURNING A ( Id , Name WHERE a = 1 ORDER BY b LIMIT 5 ) , B LIMIT 20",
    "FIND {x} WITH NETWORK IN ( 'a' , 'b' ) WITH SNIPPET ( target_length = 5 ) UPDATE VIEWSTAT",
    "FIND :x RETURNING A ( Id USING ListView = B ) WITH SPELL_CORRECTION = false WITH USER_MODE",
];

#[test]
fn random_texts_are_read_or_refused_and_what_is_read_prints_and_parses_back() {
    let mut random = Random(0x5eed_50c1);
    let valid: Vec<&str> = include_str!("../data/verdicts.txt")
        .lines()
        .filter_map(|line| line.strip_prefix("OK   \"")?.strip_suffix('"'))
        .filter(|query| !query.contains('\\'))
        .chain(SEARCHES)
        .collect();
    let (mut n_read, mut n_refused) = (0, 0);
    for round in 0..40_000 {
        let mut words: Vec<&str> = Vec::new();
        if round % 4 == 0 {
            for _ in 0..random.below(20) {
                words.push(random.of(&PIECES));
            }
        } else {
            words = random.of(&valid).split(' ').collect();
            for _ in 0..=random.below(3) {
                let at = random.below(words.len() + 1);
                match random.below(3) {
                    0 => words.insert(at, random.of(&PIECES)),
                    1 if at < words.len() => words[at] = random.of(&PIECES),
                    _ => words.truncate(at.max(2)),
                }
            }
        }
        let mut text = words.join(if random.below(4) == 0 { "" } else { " " });
        if random.below(8) == 0 {
            let cut = random.below(text.len() + 1);
            let cut = (0..=cut).rev().find(|&at| text.is_char_boundary(at));
            text.truncate(cut.unwrap_or(0));
        }
        let count = property::holds(&text);
        n_read += count.read;
        n_refused += count.refused;
    }
    assert!(n_read > 4_000 && n_refused > 40_000, "{n_read} read, {n_refused} refused");
}
