//! Text to tokens, one at a time.
//!
//! A token is its kind and its span; what it says is read from the text where it is needed. What
//! belongs to no token is a token of its own, [`TokenKind::Stray`], so that the parser refuses it when
//! it comes to it and not earlier.
//!
//! **Invariant:** a lexer always goes forward and ends with [`TokenKind::End`], over and over. It
//! never reads a character twice, but for those of a number that may turn out to begin a date.

use crate::{keyword::Keyword, span::Span};

/// A word, a value, a sign, or the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Token {
    pub(crate) fn span(self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A name, or a word of the language.
    Word(Option<Keyword>),
    /// Names with dots between them. Around the dots there is no space, and words of the language
    /// are names here.
    Path,
    /// Digits.
    Integer,
    /// Digits with a point among them or in front of them.
    Decimal,
    /// A text in single quotes.
    Text,
    /// A single quote, and what follows up to the end of the line, where no quote closes it.
    OpenText,
    /// `2024-02-29`
    Date,
    /// `2024-02-29T08:00:00Z`
    DateTime,
    /// `08:00:00Z`
    Time,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `:`
    Colon,
    /// `=`
    Equal,
    /// `!=` or `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*` or `/`, which begin or mean nothing in SOQL.
    Sign,
    /// A character that no token has.
    Stray,
    /// The end of the text.
    End,
}

/// The tokens of a text from a place on. A copy reads ahead without going on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The lexer of the same text from another place on.
    pub(crate) fn from(self, at: usize) -> Self {
        Self { at, ..self }
    }

    /// The next token.
    pub(crate) fn next(&mut self) -> Token {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let n_spaces = run(rest, Class::Space);
        let rest = rest.get(n_spaces..).unwrap_or_default();
        let start = self.at + n_spaces;
        let (kind, length) = self.scan(rest, start);
        self.at = start + length;
        Token { kind, start, end: self.at }
    }

    /// The kind and the length of the token that these bytes begin with.
    fn scan(&self, bytes: &[u8], start: usize) -> (TokenKind, usize) {
        let Some(&first) = bytes.first() else {
            return (TokenKind::End, 0);
        };
        let second = bytes.get(1).copied();
        match first {
            b'a'..=b'z' | b'A'..=b'Z' => word(self.text.get(start..).unwrap_or_default()),
            b'0'..=b'9' => number(bytes),
            b'.' if second.is_some_and(|byte| byte.is_ascii_digit()) => {
                (TokenKind::Decimal, 1 + digits(bytes, 1))
            }
            b'\'' => quoted(bytes),
            b'(' => (TokenKind::Open, 1),
            b')' => (TokenKind::Close, 1),
            b',' => (TokenKind::Comma, 1),
            b'.' => (TokenKind::Dot, 1),
            b':' => (TokenKind::Colon, 1),
            b'=' => (TokenKind::Equal, 1),
            b'!' if second == Some(b'=') => (TokenKind::NotEqual, 2),
            b'<' => match second {
                Some(b'>') => (TokenKind::NotEqual, 2),
                Some(b'=') => (TokenKind::LessOrEqual, 2),
                _ => (TokenKind::Less, 1),
            },
            b'>' if second == Some(b'=') => (TokenKind::GreaterOrEqual, 2),
            b'>' => (TokenKind::Greater, 1),
            b'+' => (TokenKind::Plus, 1),
            b'-' => (TokenKind::Minus, 1),
            b'*' | b'/' => (TokenKind::Sign, 1),
            _ => {
                let character = self.text.get(start..).and_then(|rest| rest.chars().next());
                (TokenKind::Stray, character.map_or(1, char::len_utf8))
            }
        }
    }
}

/// A name, a word of the language, or a path.
fn word(text: &str) -> (TokenKind, usize) {
    let bytes = text.as_bytes();
    let length_from = |at| run(bytes.get(at..).unwrap_or_default(), Class::Name);
    let first = length_from(0);
    let mut end = first;
    while bytes.get(end) == Some(&b'.')
        && bytes.get(end + 1).is_some_and(|byte| byte.is_ascii_alphabetic())
    {
        end += 1 + length_from(end + 1);
    }
    if end > first {
        return (TokenKind::Path, end);
    }
    let word = text.get(..first).unwrap_or_default();
    (TokenKind::Word(Keyword::of(word)), first)
}

/// What a byte is part of, if that is more than a sign.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    /// A letter, a digit or an underscore.
    Name,
    Other,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' => Class::Space,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => Class::Name,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// How many bytes of a class stand at the start.
fn run(bytes: &[u8], class: Class) -> usize {
    let end = bytes.iter().position(|&byte| CLASSES[usize::from(byte)] != class);
    end.unwrap_or(bytes.len())
}

/// How many digits stand there.
fn digits(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// A number, or the date, moment or time that begins with one.
fn number(bytes: &[u8]) -> (TokenKind, usize) {
    let n_digits = digits(bytes, 0);
    if n_digits == 4
        && let Some(length) = date(bytes)
    {
        return match date_time(bytes, length) {
            Some(length) => (TokenKind::DateTime, length),
            None => (TokenKind::Date, length),
        };
    }
    if n_digits == 2
        && let Some(length) = time(bytes, 0)
        && matches!(bytes.get(length), Some(b'Z' | b'z'))
    {
        return (TokenKind::Time, length + 1);
    }
    if bytes.get(n_digits) == Some(&b'.') {
        let n_decimals = digits(bytes, n_digits + 1);
        if n_decimals > 0 {
            return (TokenKind::Decimal, n_digits + 1 + n_decimals);
        }
    }
    (TokenKind::Integer, n_digits)
}

/// Do the bytes from there on have this form? `d` stands for a digit.
fn has_form(bytes: &[u8], at: usize, form: &[u8]) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.len() >= form.len()
        && rest.iter().zip(form).all(|(byte, form)| match form {
            b'd' => byte.is_ascii_digit(),
            _ => byte == form,
        })
}

/// The length of a date.
fn date(bytes: &[u8]) -> Option<usize> {
    has_form(bytes, 0, b"dddd-dd-dd").then_some(10)
}

/// Where a time of day that begins there ends.
fn time(bytes: &[u8], at: usize) -> Option<usize> {
    if !has_form(bytes, at, b"dd:dd:dd") {
        return None;
    }
    let end = at + 8;
    let n_decimals = if bytes.get(end) == Some(&b'.') { digits(bytes, end + 1) } else { 0 };
    Some(if n_decimals == 0 { end } else { end + 1 + n_decimals })
}

/// The length of a moment that begins with a date of this length. It must have a zone.
fn date_time(bytes: &[u8], date: usize) -> Option<usize> {
    if !matches!(bytes.get(date), Some(b'T' | b't')) {
        return None;
    }
    let end = time(bytes, date + 1)?;
    match bytes.get(end)? {
        b'Z' | b'z' => Some(end + 1),
        b'+' | b'-' if has_form(bytes, end + 1, b"dd:dd") => Some(end + 6),
        b'+' | b'-' if has_form(bytes, end + 1, b"dddd") => Some(end + 5),
        _ => None,
    }
}

/// A text in quotes. A backslash keeps the next character from closing it.
fn quoted(bytes: &[u8]) -> (TokenKind, usize) {
    let mut at = 1;
    loop {
        match bytes.get(at) {
            Some(b'\'') => return (TokenKind::Text, at + 1),
            Some(b'\\') if !matches!(bytes.get(at + 1), None | Some(b'\n' | b'\r')) => at += 2,
            None | Some(b'\n' | b'\r') => return (TokenKind::OpenText, at),
            Some(_) => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lexer, TokenKind};

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        let mut lexer = Lexer::new(text);
        let next = || {
            let token = lexer.next();
            (token.kind != TokenKind::End).then(|| (token.kind, &text[token.start..token.end]))
        };
        std::iter::from_fn(next).collect()
    }

    #[test]
    fn dates_moments_and_times_are_told_from_numbers() {
        use TokenKind::{Colon, Date, DateTime, Decimal, Dot, Integer, Minus, Time, Word};
        for (text, expected) in [
            ("2020-01-01", vec![(Date, "2020-01-01")]),
            ("2020-01-01T00:00:00Z", vec![(DateTime, "2020-01-01T00:00:00Z")]),
            ("2020-01-01t00:00:00.5z", vec![(DateTime, "2020-01-01t00:00:00.5z")]),
            ("2020-01-01T00:00:00-08:00", vec![(DateTime, "2020-01-01T00:00:00-08:00")]),
            ("2020-01-01T00:00:00+0800", vec![(DateTime, "2020-01-01T00:00:00+0800")]),
            (
                "2020-01-01T00:00:00-08",
                vec![
                    (Date, "2020-01-01"),
                    (Word(None), "T00"),
                    (Colon, ":"),
                    (Integer, "00"),
                    (Colon, ":"),
                    (Integer, "00"),
                    (Minus, "-"),
                    (Integer, "08"),
                ],
            ),
            ("08:00:00.25Z", vec![(Time, "08:00:00.25Z")]),
            (
                "08:00:00",
                vec![(Integer, "08"), (Colon, ":"), (Integer, "00"), (Colon, ":"), (Integer, "00")],
            ),
            ("5.", vec![(Integer, "5"), (Dot, ".")]),
            (".5", vec![(Decimal, ".5")]),
            ("5.25", vec![(Decimal, "5.25")]),
            ("1e5", vec![(Integer, "1"), (Word(None), "e5")]),
            (
                "12020-01-01",
                vec![
                    (Integer, "12020"),
                    (Minus, "-"),
                    (Integer, "01"),
                    (Minus, "-"),
                    (Integer, "01"),
                ],
            ),
        ] {
            assert_eq!(kinds(text), expected, "{text}");
        }
    }

    #[test]
    fn a_path_is_one_token_and_words_of_the_language_are_names_in_it() {
        use crate::keyword::Keyword;
        use TokenKind::{Comma, Decimal, Dot, Path, Word};
        for (text, expected) in [
            ("Limit", vec![(Word(Some(Keyword::Limit)), "Limit")]),
            ("a.Limit,b", vec![(Path, "a.Limit"), (Comma, ","), (Word(None), "b")]),
            ("a.b_1.c", vec![(Path, "a.b_1.c")]),
            ("a.", vec![(Word(None), "a"), (Dot, ".")]),
            ("a..b", vec![(Word(None), "a"), (Dot, "."), (Dot, "."), (Word(None), "b")]),
            ("a.5", vec![(Word(None), "a"), (Decimal, ".5")]),
            ("a . b", vec![(Word(None), "a"), (Dot, "."), (Word(None), "b")]),
        ] {
            assert_eq!(kinds(text), expected, "{text}");
        }
    }

    #[test]
    fn a_text_ends_at_its_quote_or_with_the_line() {
        use TokenKind::{OpenText, Text, Word};
        for (text, expected) in [
            (r"'a'b", vec![(Text, "'a'"), (Word(None), "b")]),
            (r"'a\'b'", vec![(Text, r"'a\'b'")]),
            (r"'a\\'b", vec![(Text, r"'a\\'"), (Word(None), "b")]),
            (r"'a\é'", vec![(Text, r"'a\é'")]),
            ("'a\nb", vec![(OpenText, "'a"), (Word(None), "b")]),
            ("'a\\", vec![(OpenText, "'a\\")]),
            ("'a\\\nb", vec![(OpenText, "'a\\"), (Word(None), "b")]),
        ] {
            assert_eq!(kinds(text), expected, "{text}");
        }
    }

    #[test]
    fn what_belongs_to_no_token_is_one_character() {
        use TokenKind::{Stray, Word};
        assert_eq!(
            kinds("a;é\u{a0}\u{1F600}\0_b"),
            [
                (Word(None), "a"),
                (Stray, ";"),
                (Stray, "é"),
                (Stray, "\u{a0}"),
                (Stray, "\u{1F600}"),
                (Stray, "\0"),
                (Stray, "_"),
                (Word(None), "b"),
            ]
        );
    }
}
