//! The `WITH` clauses.

use super::{
    Dialect,
    cursor::{Cursor, Parsed},
    value::{Texts, operand},
};
use crate::{
    keyword::Keyword,
    lex::TokenKind,
    span::Spanned,
    tree::{CategorySelector, DataCategory, Name, Operand, With},
};

/// All `WITH` clauses. A data category, or a name and its value, can only be the first.
pub(super) fn with_clauses(cursor: &mut Cursor<'_>) -> Parsed<Vec<Spanned<With>>> {
    let mut clauses = Vec::new();
    while cursor.at(Keyword::With) {
        let is_first = clauses.is_empty();
        let start = cursor.advance().start;
        let with = if is_first && is_data_category(cursor) {
            With::DataCategory(categories(cursor)?)
        } else {
            named(cursor, is_first)?
        };
        clauses.push(Spanned::new(with, cursor.span_from(start)));
    }
    Ok(clauses)
}

/// The `WITH` of a semi-join: a data category, or a name and its value.
pub(super) fn first_with(cursor: &mut Cursor<'_>) -> Parsed<Option<Spanned<With>>> {
    if !cursor.at(Keyword::With) {
        return Ok(None);
    }
    let start = cursor.advance().start;
    let with = if is_data_category(cursor) {
        With::DataCategory(categories(cursor)?)
    } else {
        let name = cursor.name()?;
        cursor.expect_sign(TokenKind::Equal)?;
        With::Equals(name, text_or_bind(cursor)?)
    };
    Ok(Some(Spanned::new(with, cursor.span_from(start))))
}

pub(super) fn is_data_category(cursor: &Cursor<'_>) -> bool {
    cursor.at_both(Keyword::Data, Keyword::Category)
}

/// `DATA CATEGORY` and its filters.
pub(super) fn categories(cursor: &mut Cursor<'_>) -> Parsed<Vec<DataCategory>> {
    cursor.advance();
    cursor.advance();
    let mut categories = vec![data_category(cursor)?];
    while cursor.eat(Keyword::And) {
        categories.push(data_category(cursor)?);
    }
    Ok(categories)
}

fn data_category(cursor: &mut Cursor<'_>) -> Parsed<DataCategory> {
    let group = cursor.name()?;
    let selector = match cursor.token.kind {
        TokenKind::Word(Some(Keyword::At)) => CategorySelector::At,
        TokenKind::Word(Some(Keyword::Above)) => CategorySelector::Above,
        TokenKind::Word(Some(Keyword::Below)) => CategorySelector::Below,
        TokenKind::Word(Some(Keyword::AboveOrBelow)) => CategorySelector::AboveOrBelow,
        _ => {
            let selectors = [Keyword::At, Keyword::Above, Keyword::Below, Keyword::AboveOrBelow];
            let is_name = cursor.token.is_name();
            return Err(if is_name {
                cursor.missing(&selectors)
            } else {
                cursor.expected(&selectors)
            });
        }
    };
    cursor.advance();
    let categories = if cursor.eat_sign(TokenKind::Open) {
        let names = cursor.list(Cursor::name)?;
        cursor.expect_sign(TokenKind::Close)?;
        names
    } else {
        vec![cursor.name()?]
    };
    Ok(DataCategory { group, selector, categories })
}

/// A `WITH` that begins with a name.
fn named(cursor: &mut Cursor<'_>, may_have_value: bool) -> Parsed<With> {
    let name = cursor.name()?;
    if may_have_value && cursor.eat_sign(TokenKind::Equal) {
        return Ok(With::Equals(name, text_or_bind(cursor)?));
    }
    if cursor.eat_sign(TokenKind::Open) {
        let settings = cursor.list(setting)?;
        cursor.expect_sign(TokenKind::Close)?;
        return Ok(With::Settings(name, settings));
    }
    Ok(if name == "SECURITY_ENFORCED" {
        With::SecurityEnforced
    } else if name == "USER_MODE" {
        With::UserMode
    } else if name == "SYSTEM_MODE" {
        With::SystemMode
    } else {
        With::Other(name)
    })
}

/// `name = value`, where the value is a text, a whole number, true or false.
fn setting(cursor: &mut Cursor<'_>) -> Parsed<(Name, Spanned<Operand>)> {
    let name = cursor.name()?;
    cursor.expect_sign(TokenKind::Equal)?;
    let is_value = matches!(
        cursor.token.kind,
        TokenKind::Text
            | TokenKind::OpenText
            | TokenKind::Integer
            | TokenKind::Word(Some(Keyword::True | Keyword::False))
    );
    if !is_value {
        return Err(cursor.unexpected());
    }
    Ok((name, operand(cursor, Texts::Plain)?))
}

/// The value of a name: a text, or a bind variable in the dialect that has them.
pub(super) fn text_or_bind(cursor: &mut Cursor<'_>) -> Parsed<Spanned<Operand>> {
    let is_bind = cursor.token.kind == TokenKind::Colon && cursor.dialect == Dialect::Rust;
    let is_text = matches!(cursor.token.kind, TokenKind::Text | TokenKind::OpenText);
    if !is_bind && !is_text {
        return Err(cursor.unexpected());
    }
    operand(cursor, Texts::Plain)
}
