//! The select list.

use super::{
    cursor::{Cursor, Nest, Parsed},
    field::{Distances, field},
};
use crate::{
    keyword::Keyword,
    lex::{Token, TokenKind},
    span::Spanned,
    tree::{FieldSet, Select, SelectItem, Selected, TypeOf, TypeOfBranch},
};

/// `SELECT` and its items.
pub(super) fn select(cursor: &mut Cursor<'_>) -> Parsed<Spanned<Select>> {
    let select = cursor.expect(Keyword::Select)?;
    let start = cursor.token.start;
    if let Some(close) = count(cursor) {
        cursor.jump(close.end);
        return Ok(Spanned::new(Select::Count, cursor.span_from(start)));
    }
    let begins_item =
        cursor.token.is_name() || matches!(cursor.token.kind, TokenKind::Path | TokenKind::Open);
    if !begins_item {
        return Err(cursor.unexpected_since(select));
    }
    let items = cursor.list(item)?;
    Ok(Spanned::new(Select::Items(items), cursor.span_from(start)))
}

/// The end of a `COUNT()` that is next.
fn count(cursor: &Cursor<'_>) -> Option<Token> {
    if !cursor.at(Keyword::Count) {
        return None;
    }
    let mut ahead = cursor.ahead();
    let is_open = ahead.next().kind == TokenKind::Open;
    let close = ahead.next();
    (is_open && close.kind == TokenKind::Close).then_some(close)
}

fn item(cursor: &mut Cursor<'_>) -> Parsed<SelectItem> {
    let selected = if cursor.token.kind == TokenKind::Open {
        Selected::Children(Box::new(children(cursor)?))
    } else if is_type_of(cursor) {
        Selected::TypeOf(Box::new(type_of(cursor)?))
    } else if let Some(fields) = field_set(cursor) {
        Selected::Fields(fields)
    } else {
        Selected::Field(field(cursor, Distances::Allowed)?)
    };
    Ok(SelectItem { selected, alias: cursor.alias() })
}

/// `(SELECT ..)`
fn children(cursor: &mut Cursor<'_>) -> Parsed<Spanned<crate::tree::Query>> {
    cursor.advance();
    let query = cursor.nested(Nest::Query, super::query)?;
    super::from::close(cursor)?;
    Ok(query)
}

/// `FIELDS(ALL)` and its like, if it is next. With another word it is a function like others.
fn field_set(cursor: &mut Cursor<'_>) -> Option<Spanned<FieldSet>> {
    if !cursor.at(Keyword::Fields) {
        return None;
    }
    let mut ahead = cursor.ahead();
    if ahead.next().kind != TokenKind::Open {
        return None;
    }
    let word = cursor.text_of(ahead.next());
    let set = [FieldSet::All, FieldSet::Standard, FieldSet::Custom]
        .into_iter()
        .find(|set| set.as_str().eq_ignore_ascii_case(word))?;
    let close = ahead.next();
    if close.kind != TokenKind::Close {
        return None;
    }
    let start = cursor.token.start;
    cursor.jump(close.end);
    Some(Spanned::new(set, cursor.span_from(start)))
}

/// Does a `TYPEOF` begin here? The word is a field's name too, perhaps with an alias.
fn is_type_of(cursor: &Cursor<'_>) -> bool {
    if !cursor.at(Keyword::TypeOf) {
        return false;
    }
    let mut ahead = cursor.ahead();
    let path = ahead.next();
    (path.is_name() || path.kind == TokenKind::Path)
        && ahead.next().kind == TokenKind::Word(Some(Keyword::When))
}

fn type_of(cursor: &mut Cursor<'_>) -> Parsed<Spanned<TypeOf>> {
    let start = cursor.advance().start;
    let path = cursor.path()?;
    let mut branches = Vec::new();
    while cursor.eat(Keyword::When) {
        let object = cursor.name()?;
        cursor.expect(Keyword::Then)?;
        branches.push(TypeOfBranch { object, fields: cursor.list(Cursor::path)? });
    }
    let otherwise = if cursor.eat(Keyword::Else) { cursor.list(Cursor::path)? } else { Vec::new() };
    if !cursor.at(Keyword::End) {
        return Err(cursor.expected(&[Keyword::When, Keyword::Else, Keyword::End]));
    }
    cursor.advance();
    Ok(Spanned::new(TypeOf { path, branches, otherwise }, cursor.span_from(start)))
}
