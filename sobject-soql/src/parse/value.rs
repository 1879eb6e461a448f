//! What a field is compared with: literals and bind variables.

use std::str::FromStr;

use super::{
    Dialect,
    cursor::{Cursor, Parsed},
};
use crate::{
    error::{Error, ErrorKind, Near},
    keyword::Keyword,
    lex::TokenKind,
    near::nearest,
    span::{Span, Spanned},
    tree::{Date, DateLiteral, DateTime, Literal, Name, Number, Operand, Time, UtcOffset},
};

/// How a text in quotes is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Texts {
    /// As it is.
    Plain,
    /// As a pattern of `LIKE`.
    Pattern,
}

/// A literal or a bind variable.
pub(super) fn operand(cursor: &mut Cursor<'_>, texts: Texts) -> Parsed<Spanned<Operand>> {
    let start = cursor.token.start;
    let operand = match bind(cursor)? {
        Some(bind) => Operand::Bind(bind),
        None => Operand::Literal(literal(cursor, texts)?),
    };
    Ok(Spanned::new(operand, cursor.span_from(start)))
}

/// A bind variable, if a colon is next.
pub(super) fn bind(cursor: &mut Cursor<'_>) -> Parsed<Option<Name>> {
    if cursor.token.kind != TokenKind::Colon {
        return Ok(None);
    }
    if cursor.dialect == Dialect::Rest {
        return Err(cursor.no_bind(cursor.token.span()));
    }
    cursor.advance();
    bind_name(cursor).map(Some)
}

/// The name of a bind variable. It is a name of the program, which may be any word.
pub(super) fn bind_name(cursor: &mut Cursor<'_>) -> Parsed<Name> {
    match cursor.token.kind {
        TokenKind::Word(_) => Ok(cursor.any_word()),
        _ => Err(cursor.unexpected()),
    }
}

fn literal(cursor: &mut Cursor<'_>, texts: Texts) -> Parsed<Literal> {
    match cursor.token.kind {
        TokenKind::Text | TokenKind::OpenText => match texts {
            Texts::Plain => Ok(Literal::Text(super::text::text(cursor)?.value)),
            Texts::Pattern => Ok(Literal::Pattern(super::text::pattern(cursor)?)),
        },
        TokenKind::Integer | TokenKind::Decimal | TokenKind::Plus | TokenKind::Minus => {
            Ok(Literal::Number(number(cursor)?))
        }
        TokenKind::Date => Ok(Literal::Date(date(cursor.advance_text()))),
        TokenKind::DateTime => Ok(Literal::DateTime(date_time(cursor.advance_text()))),
        TokenKind::Time => Ok(Literal::Time(time(cursor.advance_text()))),
        TokenKind::Word(keyword) => word(cursor, keyword),
        _ => Err(cursor.unexpected()),
    }
}

/// A number with or without a sign.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Parsed<Number> {
    let first = cursor.token;
    let sign = match first.kind {
        TokenKind::Plus => "+",
        TokenKind::Minus => "-",
        _ => "",
    };
    if !sign.is_empty() {
        cursor.advance();
    }
    if !matches!(cursor.token.kind, TokenKind::Integer | TokenKind::Decimal) {
        return Err(cursor.unexpected_since(first));
    }
    let digits = cursor.advance_text();
    Ok(Number::read(sign, digits))
}

/// A number or a bind variable, inside `GEOLOCATION`.
pub(super) fn coordinate(cursor: &mut Cursor<'_>) -> Parsed<Spanned<Operand<Number>>> {
    let start = cursor.token.start;
    let operand = match bind(cursor)? {
        Some(bind) => Operand::Bind(bind),
        None => Operand::Literal(number(cursor)?),
    };
    Ok(Spanned::new(operand, cursor.span_from(start)))
}

/// A whole number that fits 64 bits, or a bind variable: of `LIMIT` and `OFFSET`.
pub(super) fn count(cursor: &mut Cursor<'_>) -> Parsed<Spanned<Operand<i64>>> {
    let first = cursor.token;
    if let Some(bind) = bind(cursor)? {
        return Ok(Spanned::new(Operand::Bind(bind), cursor.span_from(first.start)));
    }
    let has_sign = matches!(first.kind, TokenKind::Plus | TokenKind::Minus);
    let digits = if has_sign { cursor.ahead().next() } else { first };
    if digits.kind != TokenKind::Integer {
        if has_sign {
            cursor.advance();
        }
        return Err(cursor.unexpected());
    }
    let number = number(cursor)?;
    let span = cursor.span_from(first.start);
    match number.as_i64() {
        Some(count) => Ok(Spanned::new(Operand::Literal(count), span)),
        None => Err(out_of_range(cursor, span, number.as_str())),
    }
}

fn out_of_range(cursor: &Cursor<'_>, span: Span, number: &str) -> Error {
    let text = format!("number out of range: {}", super::mistake::shorten(number));
    cursor.error(ErrorKind::NumberOutOfRange, span, text)
}

/// A literal that is a word, or begins with one.
fn word(cursor: &mut Cursor<'_>, keyword: Option<Keyword>) -> Parsed<Literal> {
    let literal = match keyword {
        Some(Keyword::Null) => Literal::Null,
        Some(Keyword::True) => Literal::Boolean(true),
        Some(Keyword::False) => Literal::Boolean(false),
        _ => return date_literal_or_currency(cursor),
    };
    cursor.advance();
    Ok(literal)
}

fn date_literal_or_currency(cursor: &mut Cursor<'_>) -> Parsed<Literal> {
    let token = cursor.token;
    let word = cursor.text_of(token);
    if let Some(literal) = DateLiteral::from_word(word) {
        cursor.advance();
        return date_literal(cursor, literal).map(Literal::DateLiteral);
    }
    match currency(cursor.text.get(token.start..).unwrap_or_default()) {
        Some((code, amount)) => {
            cursor.jump(token.start + code.len() + amount.len());
            Ok(Literal::Currency { code, amount: Number::read("", amount) })
        }
        None => Err(unknown_word(cursor, word)),
    }
}

/// A date literal from behind its word on.
fn date_literal(cursor: &mut Cursor<'_>, literal: DateLiteral) -> Parsed<DateLiteral> {
    // Without its number the text parses, and is refused when the query is bound.
    if !literal.takes_number() || !cursor.eat_sign(TokenKind::Colon) {
        return Ok(literal);
    }
    if cursor.token.kind != TokenKind::Integer {
        return Err(cursor.unexpected());
    }
    let span = cursor.token.span();
    let digits = cursor.advance_text();
    match digits.parse() {
        Ok(n) => Ok(literal.with_number(n)),
        Err(_) => Err(out_of_range(cursor, span, digits)),
    }
}

/// The currency and the amount that a text begins with: three letters, and right behind them a
/// number, which may have a minus.
fn currency(text: &str) -> Option<([u8; 3], &str)> {
    let code = *text.as_bytes().first_chunk::<3>()?;
    let rest = text.get(code.len()..)?;
    let n_digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let sign = usize::from(rest.starts_with('-'));
    let whole = n_digits(rest.get(sign..)?);
    let mut end = sign + whole;
    if let Some(behind) = rest.get(end..)?.strip_prefix('.') {
        let decimals = n_digits(behind);
        end += if decimals == 0 { 0 } else { 1 + decimals };
    }
    let (amount, behind) = rest.split_at_checked(end)?;
    let goes_on = behind.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    let is_currency = code.iter().all(u8::is_ascii_alphabetic) && whole > 0 && !goes_on;
    is_currency.then_some((code, amount))
}

/// A word that is no literal.
fn unknown_word(cursor: &Cursor<'_>, word: &str) -> Error {
    let meant =
        nearest(word, DateLiteral::all().map(DateLiteral::word).chain(["NULL", "TRUE", "FALSE"]));
    cursor.unexpected().meant(meant.map(|meant| Near { written: word.into(), meant }))
}

/// The number that a part of a date or time says. The lexer has seen its digits.
fn part<N: FromStr + Default>(text: &str, from: usize, length: usize) -> N {
    text.get(from..from + length).and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

fn date(text: &str) -> Date {
    Date { year: part(text, 0, 4), month: part(text, 5, 2), day: part(text, 8, 2) }
}

fn time(text: &str) -> Time {
    let decimals = text.as_bytes().get(9..).unwrap_or_default();
    let mut nanosecond = 0;
    if text.as_bytes().get(8) == Some(&b'.') {
        let digits = decimals.iter().take_while(|byte| byte.is_ascii_digit());
        let digits = digits.copied().chain(std::iter::repeat(b'0')).take(9);
        nanosecond = digits.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
    }
    Time { hour: part(text, 0, 2), minute: part(text, 3, 2), second: part(text, 6, 2), nanosecond }
}

fn date_time(text: &str) -> DateTime {
    let clock = text.get(11..).unwrap_or_default();
    let zone = clock.find(['Z', 'z', '+', '-']).and_then(|at| clock.get(at..)).unwrap_or_default();
    let minutes = if zone.contains(':') { 4 } else { 3 };
    let mut offset = UtcOffset {
        behind: zone.starts_with('-'),
        hours: part(zone, 1, 2),
        minutes: part(zone, minutes, 2),
    };
    if offset.hours == 0 && offset.minutes == 0 {
        offset = UtcOffset::UTC;
    }
    DateTime { date: date(text), time: time(clock), offset }
}
