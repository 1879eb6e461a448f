//! What stands behind `FIND`: words, phrases and how they are joined.
//!
//! **Invariant:** what is nested in the tree (parentheses, and each `AND NOT`) is counted, as
//! everywhere in this parser.

use super::super::{
    Dialect,
    cursor::{Cursor, Nest, Parsed},
    mistake::{shorten, shown},
    value,
};
use crate::{
    error::{Error, ErrorKind, Language},
    lex::TokenKind,
    span::{Span, Spanned},
    tree::{Find, Pattern, PatternPart, SearchExpr},
};

/// A text that is longer loses its `AND`, `OR` and `AND NOT`: each of its words is searched for.
const LONGEST_WITH_OPERATORS: usize = 4_000;

/// The text in braces, or in quotes in the Rust dialect, or a bind variable.
pub(super) fn find(cursor: &mut Cursor<'_>) -> Parsed<Spanned<Find>> {
    let token = cursor.token;
    let is_program = cursor.dialect == Dialect::Rust;
    if let Some(name) = value::bind(cursor)? {
        return Ok(Spanned::new(Find::Bind(name), cursor.span_from(token.start)));
    }
    let (from, close) = match token.kind {
        TokenKind::Stray if cursor.text_of(token) == "{" => (token.end, '}'),
        TokenKind::Text | TokenKind::OpenText if is_program => (token.start + 1, '\''),
        _ => return Err(no_term(token.span())),
    };
    let end = end_of_text(cursor, from, close)?;
    let text = cursor.text.get(from..end).unwrap_or_default();
    let find = if is_too_long(text) { Find::TooLong } else { Find::Expr(expr(cursor, from, end)?) };
    cursor.jump(end + close.len_utf8());
    Ok(Spanned::new(find, cursor.span_from(token.start)))
}

/// Is the text so long that it finds nothing?
pub(super) fn is_too_long(text: &str) -> bool {
    text.chars().nth(Find::LONGEST).is_some()
}

/// Where the text ends that begins there: at the first such character without a backslash.
fn end_of_text(cursor: &Cursor<'_>, from: usize, close: char) -> Parsed<usize> {
    let rest = cursor.text.get(from..).unwrap_or_default();
    let mut characters = rest.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == close {
            return Ok(from + at);
        }
        if character == '\\' {
            characters.next();
        }
    }
    let end = Span::new(cursor.text.len(), cursor.text.len());
    let text = format!(
        "{} mismatched character '<EOF>' expecting '{close}'",
        cursor.line(cursor.text.len())
    );
    Err(Error::alone(ErrorKind::UnclosedText, Language::Sosl, end, text))
}

fn no_term(span: Span) -> Error {
    let text = "No search term found. The search term must be enclosed in braces.".to_owned();
    Error::alone(ErrorKind::NoSearchTerm, Language::Sosl, span, text)
}

/// What a part of the text says.
pub(super) fn expr(cursor: &Cursor<'_>, from: usize, end: usize) -> Parsed<SearchExpr> {
    let text = cursor.text.get(from..end).unwrap_or_default();
    let mut reader = Reader { cursor, at: from, end, depth: 0, token: Token::End, start: from };
    reader.advance()?;
    if matches!(reader.token, Token::End) {
        return Err(no_term(Span::new(from, end)));
    }
    if text.chars().nth(LONGEST_WITH_OPERATORS).is_some() {
        return reader.without_operators();
    }
    let expr = reader.either()?;
    if !matches!(reader.token, Token::End) {
        return Err(reader.unexpected());
    }
    Ok(expr)
}

/// A part of the text.
enum Token {
    Word(Pattern),
    Phrase(Pattern),
    And,
    AndNot,
    Or,
    Open,
    Close,
    End,
}

/// Reads the text token by token.
struct Reader<'c, 't> {
    cursor: &'c Cursor<'t>,
    /// Where the text goes on behind the token.
    at: usize,
    /// Where it ends.
    end: usize,
    /// How deep the expression is nested here.
    depth: usize,
    token: Token,
    /// Where the token starts.
    start: usize,
}

impl Reader<'_, '_> {
    /// The next character and its place.
    fn peek(&self) -> Option<char> {
        self.cursor.text.get(self.at..self.end)?.chars().next()
    }

    fn skip_spaces(&mut self) {
        while let Some(space) = self.peek().filter(|character| character.is_whitespace()) {
            self.at += space.len_utf8();
        }
    }

    /// Reads the token, and returns it.
    fn advance(&mut self) -> Parsed<Token> {
        self.skip_spaces();
        self.start = self.at;
        let next = match self.peek() {
            None => Token::End,
            Some('(') => self.sign(Token::Open),
            Some(')') => self.sign(Token::Close),
            Some('"') => self.phrase()?,
            Some(_) => self.word()?,
        };
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn sign(&mut self, token: Token) -> Token {
        self.at += 1;
        token
    }

    /// A phrase, from its opening quote on.
    fn phrase(&mut self) -> Parsed<Token> {
        self.at += 1;
        let mut pattern = Pattern::default();
        loop {
            match self.peek() {
                Some('"') => {
                    self.at += 1;
                    return Ok(Token::Phrase(pattern));
                }
                Some(character) => self.part(character, &mut pattern)?,
                None => return Err(self.mismatched()),
            }
        }
    }

    /// A word, or one that joins others.
    fn word(&mut self) -> Parsed<Token> {
        let mut pattern = Pattern::default();
        while let Some(character) = self.peek() {
            if character.is_whitespace() || matches!(character, '(' | ')' | '"') {
                break;
            }
            self.part(character, &mut pattern)?;
        }
        let written = self.cursor.text.get(self.start..self.at).unwrap_or_default();
        if written.eq_ignore_ascii_case("OR") {
            return Ok(Token::Or);
        }
        if !written.eq_ignore_ascii_case("AND") {
            return Ok(Token::Word(pattern));
        }
        let behind_and = self.at;
        self.skip_spaces();
        let rest = self.cursor.text.get(self.at..self.end).unwrap_or_default();
        let ends = |character: char| character.is_whitespace() || matches!(character, '(' | '"');
        let next = rest.split(ends).next().unwrap_or_default();
        if next.eq_ignore_ascii_case("NOT") && rest.len() > next.len() {
            self.at += next.len();
            return Ok(Token::AndNot);
        }
        self.at = behind_and;
        Ok(Token::And)
    }

    /// A character of a term, an escaped one or a wildcard.
    fn part(&mut self, character: char, pattern: &mut Pattern) -> Parsed<()> {
        match character {
            '*' => pattern.push(PatternPart::AnyRun),
            '?' => pattern.push(PatternPart::AnyOne),
            '\\' => {
                let escaped = self.cursor.text.get(self.at + 1..self.end);
                let escaped = escaped.and_then(|rest| rest.chars().next());
                let Some(escaped) =
                    escaped.filter(|&escaped| SearchExpr::RESERVED.contains(escaped))
                else {
                    return Err(self.mismatched());
                };
                pattern.push_char(escaped);
                self.at += 1;
            }
            reserved if SearchExpr::RESERVED.contains(reserved) => return Err(self.mismatched()),
            other => pattern.push_char(other),
        }
        self.at += self.peek().map_or(0, char::len_utf8);
        Ok(())
    }

    /// What is joined by `OR`.
    fn either(&mut self) -> Parsed<SearchExpr> {
        let first = self.both()?;
        if !matches!(self.token, Token::Or) {
            return Ok(first);
        }
        let mut any = vec![first];
        while matches!(self.token, Token::Or) {
            self.advance()?;
            any.push(self.both()?);
        }
        Ok(SearchExpr::Or(any))
    }

    /// What is joined by `AND`, by nothing, or by `AND NOT`.
    fn both(&mut self) -> Parsed<SearchExpr> {
        let first = self.unit()?;
        let mut all = vec![first];
        loop {
            match self.token {
                Token::And => {
                    self.advance()?;
                    all.push(self.unit()?);
                }
                Token::Word(_) | Token::Phrase(_) | Token::Open => all.push(self.unit()?),
                _ => break,
            }
        }
        let first = match all.pop() {
            Some(one) if all.is_empty() => one,
            Some(last) => {
                all.push(last);
                SearchExpr::And(all)
            }
            None => return Err(self.unexpected()),
        };
        if !matches!(self.token, Token::AndNot) {
            return Ok(first);
        }
        self.advance()?;
        let second = self.nested(Self::both)?;
        Ok(first.and_not(second))
    }

    fn unit(&mut self) -> Parsed<SearchExpr> {
        match self.token {
            Token::Word(_) | Token::Phrase(_) => match self.advance()? {
                Token::Word(pattern) => Ok(SearchExpr::Word(pattern)),
                Token::Phrase(pattern) => Ok(SearchExpr::Phrase(pattern)),
                _ => Err(self.unexpected()),
            },
            Token::Open => {
                self.advance()?;
                let inner = self.nested(Self::either)?;
                if !matches!(self.token, Token::Close) {
                    return Err(self.unexpected());
                }
                self.advance()?;
                Ok(inner)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Parsed<SearchExpr>) -> Parsed<SearchExpr> {
        self.depth += 1;
        self.cursor.check_depth(Nest::Condition, self.depth, Span::new(self.start, self.at))?;
        let expr = read(self)?;
        self.depth -= 1;
        Ok(expr)
    }

    /// All words and phrases of a text that is too long for more.
    fn without_operators(mut self) -> Parsed<SearchExpr> {
        let mut any = Vec::new();
        loop {
            match self.advance()? {
                Token::Word(pattern) => any.push(SearchExpr::Word(pattern)),
                Token::Phrase(pattern) => any.push(SearchExpr::Phrase(pattern)),
                Token::End => break,
                _ => {}
            }
        }
        match any.pop() {
            None => Err(no_term(Span::new(self.start, self.end))),
            Some(one) if any.is_empty() => Ok(one),
            Some(last) => {
                any.push(last);
                Ok(SearchExpr::Or(any))
            }
        }
    }

    /// The token cannot stand here.
    fn unexpected(&self) -> Error {
        let written = self.cursor.text.get(self.start..self.at).unwrap_or_default();
        let (written, kind) = match self.token {
            Token::End => ("}", ErrorKind::UnexpectedEnd),
            _ => (written, ErrorKind::UnexpectedToken),
        };
        let text = format!("unexpected token: '{}'", shorten(written));
        self.cursor.error(kind, Span::new(self.start, self.at), text)
    }

    /// A character cannot stand where the text goes on. The platform shows the character in front of
    /// it, since it counts from 0 here and from 1 elsewhere.
    fn mismatched(&self) -> Error {
        let rest = self.cursor.text.get(self.at..self.end).unwrap_or_default();
        let found = rest.chars().next();
        let length = found.map_or(0, char::len_utf8);
        let (expecting, kind) = match found {
            None => ('"', ErrorKind::UnclosedText),
            Some('\\') => ('}', ErrorKind::InvalidEscape),
            Some(_) => ('}', ErrorKind::UnexpectedCharacter),
        };
        // Where the text ends, the brace stands in the way.
        let found = rest.get(..length).filter(|found| !found.is_empty()).unwrap_or("}");
        let found = shown(found);
        let text = format!(
            "{} mismatched character '{found}' expecting '{expecting}'",
            self.cursor.line(self.at)
        );
        let span = Span::new(self.at, self.at + length);
        let shown = Span::new(self.at.saturating_sub(1), self.at);
        self.cursor.error(kind, span, text).shown_at(self.cursor.text, shown)
    }
}
