//! Searches: SOSL.
//!
//! The words of SOSL are names in SOQL, and its clauses begin with what could be no alias, so they
//! are told by their text.

mod find;

use std::str::FromStr;

use super::{
    Dialect,
    cursor::{Cursor, Parsed},
    expr, field,
    from::begins_clause,
    tail,
    value::{Texts, count, operand},
    with,
};
use crate::{
    error::{Error, Language},
    keyword::Keyword,
    lex::TokenKind,
    span::Spanned,
    tree::{
        Find, Name, Operand, Returning, Search, SearchExpr, SearchGroup, SearchWith, SelectItem,
        Selected,
    },
};

impl Search {
    /// Reads a search.
    ///
    /// Names are not looked up: that, and whatever else depends on the objects that there are, is
    /// found when the search is bound.
    ///
    /// # Errors
    ///
    /// The first mistake, with its place and the message that the platform answers.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, Error> {
        let mut cursor = Cursor::new(text, dialect, Language::Sosl)?;
        let search = search(&mut cursor)?;
        if cursor.token.kind == TokenKind::End { Ok(search) } else { Err(cursor.unexpected()) }
    }
}

/// Reads a search in the REST dialect.
impl FromStr for Search {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text, Dialect::Rest)
    }
}

impl Find {
    /// Reads a text that a bind variable stands for, or one that the user of a program types.
    ///
    /// # Errors
    ///
    /// As [`SearchExpr::parse`]; but a text that is too long to find anything is none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if find::is_too_long(text) {
            return Ok(Self::TooLong);
        }
        SearchExpr::parse(text).map(Self::Expr)
    }
}

impl SearchExpr {
    /// Reads what may stand inside the braces of `FIND`. A text that should stand for itself is [`SearchExpr::text`].
    ///
    /// # Errors
    ///
    /// The first mistake, with its place in this text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let cursor = Cursor::new(text, Dialect::Rest, Language::Sosl)?;
        find::expr(&cursor, 0, text.len())
    }
}

fn search(cursor: &mut Cursor<'_>) -> Parsed<Search> {
    if !cursor.at_word("FIND") {
        return Err(cursor.unexpected());
    }
    cursor.advance();
    let find = find::find(cursor)?;
    let group = if cursor.eat(Keyword::In) { Some(group(cursor)?) } else { None };
    let mut returning = Vec::new();
    if cursor.at_word("RETURNING") {
        cursor.advance();
        returning = cursor.list(self::returning)?;
    }
    let mut with = Vec::new();
    while cursor.at(Keyword::With) {
        let start = cursor.advance().start;
        let clause = search_with(cursor)?;
        with.push(Spanned::new(clause, cursor.span_from(start)));
    }
    let limit = tail::limit(cursor)?;
    let update = tail::update(cursor)?;
    Ok(Search { find, group, returning, with, limit, update })
}

fn group(cursor: &mut Cursor<'_>) -> Parsed<SearchGroup> {
    let word = cursor.text_of(cursor.token);
    let group =
        SearchGroup::ALL.into_iter().find(|group| group.as_str().eq_ignore_ascii_case(word));
    let Some(group) = group else { return Err(cursor.unexpected()) };
    cursor.advance();
    cursor.expect(Keyword::Fields)?;
    Ok(group)
}

/// An object of `RETURNING`.
fn returning(cursor: &mut Cursor<'_>) -> Parsed<Returning> {
    let mut returning = Returning::object(cursor.name()?);
    if !cursor.eat_sign(TokenKind::Open) {
        return Ok(returning);
    }
    returning.fields = cursor.list(item)?;
    returning.filter = expr::where_clause(cursor)?;
    returning.list_view = list_view(cursor)?;
    returning.order_by = tail::order_by(cursor)?;
    returning.limit = tail::limit(cursor)?;
    returning.offset = tail::offset(cursor)?;
    cursor.expect_sign(TokenKind::Close)?;
    Ok(returning)
}

/// A field of an object, perhaps with an alias.
fn item(cursor: &mut Cursor<'_>) -> Parsed<SelectItem> {
    let field = field::field(cursor, field::Distances::Allowed)?;
    let alias = if begins_clause(cursor) { None } else { cursor.alias() };
    Ok(SelectItem { selected: Selected::Field(field), alias })
}

/// `USING ListView = name`, if it is next.
fn list_view(cursor: &mut Cursor<'_>) -> Parsed<Option<Name>> {
    if !cursor.eat(Keyword::Using) {
        return Ok(None);
    }
    if !cursor.at_word("LISTVIEW") {
        return Err(cursor.unexpected());
    }
    cursor.advance();
    cursor.expect_sign(TokenKind::Equal)?;
    cursor.name().map(Some)
}

/// A `WITH` from behind its word on.
fn search_with(cursor: &mut Cursor<'_>) -> Parsed<SearchWith> {
    if with::is_data_category(cursor) {
        return with::categories(cursor).map(SearchWith::DataCategory);
    }
    let word = cursor.text_of(cursor.token).to_ascii_uppercase();
    let takes_text: fn(Spanned<Operand>) -> SearchWith = match &*word {
        "DIVISION" => SearchWith::Division,
        "METADATA" => SearchWith::Metadata,
        "PRICEBOOKID" => SearchWith::PricebookId,
        _ => return other_with(cursor, &word),
    };
    cursor.advance();
    cursor.expect_sign(TokenKind::Equal)?;
    with::text_or_bind(cursor).map(takes_text)
}

/// A `WITH` whose value is no text, or that has none.
fn other_with(cursor: &mut Cursor<'_>, word: &str) -> Parsed<SearchWith> {
    let flag = match word {
        "HIGHLIGHT" => Some(SearchWith::Highlight),
        "SYSTEM_MODE" => Some(SearchWith::SystemMode),
        "USER_MODE" => Some(SearchWith::UserMode),
        "NETWORK" | "SNIPPET" | "SPELL_CORRECTION" => None,
        _ => return Err(cursor.unexpected()),
    };
    cursor.advance();
    match flag {
        Some(flag) => Ok(flag),
        None if word == "NETWORK" => network(cursor),
        None if word == "SNIPPET" => snippet(cursor),
        None => {
            cursor.expect_sign(TokenKind::Equal)?;
            if cursor.eat(Keyword::True) {
                return Ok(SearchWith::SpellCorrection(true));
            }
            cursor.expect(Keyword::False)?;
            Ok(SearchWith::SpellCorrection(false))
        }
    }
}

fn network(cursor: &mut Cursor<'_>) -> Parsed<SearchWith> {
    if !cursor.eat(Keyword::In) {
        cursor.expect_sign(TokenKind::Equal)?;
        return Ok(SearchWith::Network(vec![with::text_or_bind(cursor)?]));
    }
    cursor.expect_sign(TokenKind::Open)?;
    let networks = cursor.list(|cursor| operand(cursor, Texts::Plain))?;
    cursor.expect_sign(TokenKind::Close)?;
    Ok(SearchWith::Network(networks))
}

fn snippet(cursor: &mut Cursor<'_>) -> Parsed<SearchWith> {
    if !cursor.eat_sign(TokenKind::Open) {
        return Ok(SearchWith::Snippet(None));
    }
    if !cursor.at_word("TARGET_LENGTH") {
        return Err(cursor.unexpected());
    }
    cursor.advance();
    cursor.expect_sign(TokenKind::Equal)?;
    let length = count(cursor)?;
    cursor.expect_sign(TokenKind::Close)?;
    Ok(SearchWith::Snippet(Some(length)))
}
