//! Fields, functions of fields, and distances.

use super::cursor::{Cursor, Parsed};
use crate::{
    keyword::Keyword,
    lex::{Token, TokenKind},
    span::Spanned,
    tree::{Distance, FieldExpr, Function, FunctionCall, Location, Path},
};

/// May a distance stand where a field is read?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Distances {
    Allowed,
    Refused,
}

/// A field, a function of one, or a distance where it may stand.
pub(super) fn field(cursor: &mut Cursor<'_>, distances: Distances) -> Parsed<FieldExpr> {
    let first = cursor.token;
    if !first.is_name() {
        return Ok(cursor.path()?.into());
    }
    cursor.advance();
    if !cursor.eat_sign(TokenKind::Open) {
        return Ok(cursor.name_of(first).into());
    }
    let function = function(cursor, first);
    let (inner, path) = argument(cursor, first)?;
    if cursor.token.kind == TokenKind::Close {
        cursor.advance();
        let call = FunctionCall { function, inner, path };
        return Ok(FieldExpr::Function(Box::new(Spanned::new(
            call,
            cursor.span_from(first.start),
        ))));
    }
    let is_distance = first.kind == TokenKind::Word(Some(Keyword::Distance))
        && distances == Distances::Allowed
        && inner.is_none();
    if is_distance && cursor.eat_sign(TokenKind::Comma) {
        return distance(cursor, first, path);
    }
    Err(unclosed(cursor, first))
}

/// The field inside the parentheses of a function, perhaps inside those of a second one.
fn argument(cursor: &mut Cursor<'_>, first: Token) -> Parsed<(Option<Spanned<Function>>, Path)> {
    let inner = cursor.token;
    if !inner.is_name() && inner.kind != TokenKind::Path {
        return Err(cursor.unexpected_since(first));
    }
    let path = cursor.path()?;
    if inner.kind == TokenKind::Path || !cursor.eat_sign(TokenKind::Open) {
        return Ok((None, path));
    }
    if !cursor.token.is_name() && cursor.token.kind != TokenKind::Path {
        return Err(cursor.unexpected_since(first));
    }
    let path = cursor.path()?;
    if !cursor.eat_sign(TokenKind::Close) {
        return Err(unclosed(cursor, first));
    }
    Ok((Some(function(cursor, inner)), path))
}

fn function(cursor: &Cursor<'_>, name: Token) -> Spanned<Function> {
    Spanned::new(Function::from_name(cursor.text_of(name)), name.span())
}

/// Something else stands where a function's parenthesis should close. A third function is told by
/// its parenthesis alone.
fn unclosed(cursor: &Cursor<'_>, first: Token) -> crate::error::Error {
    if cursor.token.kind == TokenKind::Open {
        return cursor.unexpected();
    }
    cursor.unexpected_since(first)
}

/// A distance, from behind the comma that follows its field.
fn distance(cursor: &mut Cursor<'_>, first: Token, path: Path) -> Parsed<FieldExpr> {
    let is_geolocation =
        cursor.at(Keyword::Geolocation) && cursor.ahead().next().kind == TokenKind::Open;
    let location = if is_geolocation {
        cursor.advance();
        cursor.advance();
        let latitude = super::value::coordinate(cursor)?;
        cursor.expect_sign(TokenKind::Comma)?;
        let longitude = super::value::coordinate(cursor)?;
        cursor.expect_sign(TokenKind::Close)?;
        Location::Geolocation { latitude, longitude }
    } else {
        Location::Path(cursor.path()?)
    };
    cursor.expect_sign(TokenKind::Comma)?;
    let unit = super::text::text(cursor)?;
    cursor.expect_sign(TokenKind::Close)?;
    let distance = Distance { path, location, unit };
    let span = cursor.span_from(first.start);
    Ok(FieldExpr::Distance(Box::new(Spanned::new(distance, span))))
}
