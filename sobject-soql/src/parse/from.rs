//! `FROM` and its items.

use super::{
    Dialect,
    cursor::{Cursor, Parsed},
};
use crate::{
    keyword::Keyword,
    lex::TokenKind,
    tree::{FromItem, UsingItem, UsingKind},
};

/// `FROM`, its first item and the others.
pub(super) fn from(cursor: &mut Cursor<'_>) -> Parsed<(FromItem, Vec<FromItem>)> {
    if !cursor.eat(Keyword::From) {
        let from_follows = cursor.ahead().next().kind == TokenKind::Word(Some(Keyword::From));
        // A name here could be an object, if nothing but the word were missing.
        return Err(if cursor.token.is_name() && !from_follows {
            cursor.missing(&[Keyword::From])
        } else {
            cursor.expected(&[Keyword::From])
        });
    }
    let first = item(cursor)?;
    let mut more = Vec::new();
    while cursor.eat_sign(TokenKind::Comma) {
        more.push(item(cursor)?);
    }
    Ok((first, more))
}

fn item(cursor: &mut Cursor<'_>) -> Parsed<FromItem> {
    let path = cursor.path()?;
    let alias = if cursor.eat(Keyword::As) {
        Some(cursor.name()?)
    } else if begins_clause(cursor) {
        None
    } else {
        cursor.alias()
    };
    let mut using = Vec::new();
    if cursor.eat(Keyword::Using) {
        if using_kind(cursor).is_none() {
            return Err(cursor.expected(&[Keyword::Scope, Keyword::Lookup]));
        }
        while let Some(kind) = using_kind(cursor) {
            cursor.advance();
            using.push(UsingItem { kind, name: cursor.plain_name()? });
            // A comma may also begin the next item of FROM.
            let mut ahead = cursor.ahead();
            let word = ahead.next();
            let is_using =
                matches!(word.kind, TokenKind::Word(Some(Keyword::Scope | Keyword::Lookup)));
            if cursor.token.kind != TokenKind::Comma || !is_using || !ahead.next().is_name() {
                break;
            }
            cursor.advance();
        }
    }
    Ok(FromItem { path, alias, using })
}

fn using_kind(cursor: &Cursor<'_>) -> Option<UsingKind> {
    if cursor.at(Keyword::Scope) {
        Some(UsingKind::Scope)
    } else if cursor.at(Keyword::Lookup) {
        Some(UsingKind::Lookup)
    } else {
        None
    }
}

/// Does a clause begin with the next word, though it may be an alias as well?
pub(super) fn begins_clause(cursor: &Cursor<'_>) -> bool {
    let follows = |wanted: Keyword| cursor.ahead().next().kind == TokenKind::Word(Some(wanted));
    if cursor.at(Keyword::Group) || cursor.at(Keyword::Order) {
        return follows(Keyword::By);
    }
    if cursor.at(Keyword::Offset) {
        return matches!(
            cursor.ahead().next().kind,
            TokenKind::Integer | TokenKind::Plus | TokenKind::Minus | TokenKind::Colon
        );
    }
    cursor.dialect == Dialect::Rust && cursor.at(Keyword::All) && follows(Keyword::Rows)
}

/// The parenthesis behind a query. Where another clause follows, the platform takes the parenthesis
/// for missing.
pub(super) fn close(cursor: &mut Cursor<'_>) -> Parsed<()> {
    if cursor.eat_sign(TokenKind::Close) {
        return Ok(());
    }
    let follows = matches!(
        cursor.token.kind,
        TokenKind::Comma
            | TokenKind::Word(Some(
                Keyword::And
                    | Keyword::Or
                    | Keyword::From
                    | Keyword::With
                    | Keyword::Group
                    | Keyword::Order
                    | Keyword::Limit
                    | Keyword::Offset
                    | Keyword::For
                    | Keyword::Update
                    | Keyword::Bind
            ))
    );
    Err(if follows { cursor.missing(&[]) } else { cursor.unexpected() })
}
