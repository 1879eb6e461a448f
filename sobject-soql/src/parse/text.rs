//! Texts in quotes and their escapes.

use super::cursor::{Cursor, Parsed};
use crate::{
    error::{Error, ErrorKind},
    lex::{Token, TokenKind},
    span::{Span, Spanned},
    tree::{Pattern, PatternPart},
};

/// A text in quotes, which must be next.
pub(super) fn text(cursor: &mut Cursor<'_>) -> Parsed<Spanned<String>> {
    let token = cursor.token;
    let mut text = String::with_capacity(token.end - token.start);
    read(cursor, Escapes::Plain, |piece| match piece {
        Piece::Character(character) | Piece::Wildcard(character) => text.push(character),
    })?;
    Ok(Spanned::new(text, token.span()))
}

/// A text in quotes as `LIKE` reads it, which must be next.
pub(super) fn pattern(cursor: &mut Cursor<'_>) -> Parsed<Pattern> {
    let mut pattern = Pattern::default();
    read(cursor, Escapes::Pattern, |piece| match piece {
        Piece::Character(character) => pattern.push_char(character),
        Piece::Wildcard('%') => pattern.push(PatternPart::AnyRun),
        Piece::Wildcard(_) => pattern.push(PatternPart::AnyOne),
    })?;
    Ok(pattern)
}

/// Which escapes a text may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    /// Those of every text.
    Plain,
    /// And `\%` and `\_`, which take their meaning from `%` and `_`.
    Pattern,
}

/// A part of a text, with its escapes resolved.
enum Piece {
    /// A character that stands for itself.
    Character(char),
    /// `%` or `_`
    Wildcard(char),
}

/// Reads the text in quotes that is next, piece by piece.
fn read(cursor: &mut Cursor<'_>, escapes: Escapes, mut take: impl FnMut(Piece)) -> Parsed<()> {
    let token = cursor.token;
    let is_closed = match token.kind {
        TokenKind::Text => true,
        TokenKind::OpenText => false,
        _ => return Err(cursor.unexpected()),
    };
    let source = cursor.text_of(token);
    let end = if is_closed { source.len() - 1 } else { source.len() };
    let source = source.get(..end).unwrap_or_default();
    let mut at = 1;
    while let Some(character) = source.get(at..).and_then(|rest| rest.chars().next()) {
        match character {
            // Nothing is escaped where the text ends.
            '\\' if source.len() == at + 1 && !is_closed => break,
            '\\' => {
                let Some((character, length)) = escape(source, at, escapes) else {
                    return Err(invalid_escape(cursor, token, at));
                };
                take(Piece::Character(character));
                at += length;
            }
            '%' | '_' => {
                take(Piece::Wildcard(character));
                at += 1;
            }
            other => {
                take(Piece::Character(other));
                at += other.len_utf8();
            }
        }
    }
    if !is_closed {
        return Err(unclosed(cursor, token));
    }
    cursor.advance();
    Ok(())
}

/// The character that an escape at this place of a text stands for, and the length of the escape.
fn escape(source: &str, at: usize, allowed: Escapes) -> Option<(char, usize)> {
    let escaped = source.get(at + 1..)?.chars().next()?;
    let character = match escaped {
        'n' | 'N' => '\n',
        'r' | 'R' => '\r',
        't' | 'T' => '\t',
        'b' | 'B' => '\u{8}',
        'f' | 'F' => '\u{c}',
        '"' | '\'' | '\\' => escaped,
        '%' | '_' if allowed == Escapes::Pattern => escaped,
        'u' | 'U' => return unicode(source, at),
        _ => return None,
    };
    Some((character, 2))
}

/// The character of a `\uXXXX`, or of two that are the halves of one.
fn unicode(source: &str, at: usize) -> Option<(char, usize)> {
    let unit = unit(source, at)?;
    if let Some(character) = char::from_u32(unit) {
        return Some((character, 6));
    }
    let pair = [u16::try_from(unit).ok()?, u16::try_from(self::unit(source, at + 6)?).ok()?];
    let character = char::decode_utf16(pair).next()?.ok()?;
    Some((character, 12))
}

/// The number of a `\uXXXX` at this place.
fn unit(source: &str, at: usize) -> Option<u32> {
    let escape = source.get(at..at + 6)?;
    let digits = escape.strip_prefix("\\u").or_else(|| escape.strip_prefix("\\U"))?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// A backslash that cannot stand where it does. The place is behind the character that it stands in
/// front of, as the platform's parser has it.
fn invalid_escape(cursor: &Cursor<'_>, token: Token, at: usize) -> Error {
    let literal = cursor.text_of(token);
    let escape = literal.get(at..).unwrap_or_default();
    let length = escape.chars().take(2).map(char::len_utf8).sum();
    let escape = escape.get(..length).unwrap_or_default();
    let place = token.start + at + length;
    let text = format!(
        "Invalid string literal {}. Illegal character sequence '{escape}' in string literal.",
        super::mistake::shorten(literal)
    );
    cursor.error(ErrorKind::InvalidEscape, Span::new(place, place), text)
}

/// A text in quotes that does not end with its line.
fn unclosed(cursor: &Cursor<'_>, token: Token) -> Error {
    if token.end == cursor.text.len() {
        // The platform shows no place where the text ends.
        let text = "unexpected token: '<EOF>'".to_owned();
        return Error::alone(ErrorKind::UnclosedText, cursor.language, token.span(), text);
    }
    let newline = token.end;
    let rest = cursor.text.get(newline..).unwrap_or_default();
    let after = newline + if rest.starts_with("\r\n") { 2 } else { 1 };
    let text = format!("{} mismatched character '\\n' expecting '''", cursor.line(newline));
    cursor.error(ErrorKind::NewlineInText, Span::new(after, after), text)
}
