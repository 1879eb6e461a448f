//! Conditions.

use super::{
    Dialect,
    cursor::{Cursor, Nest, Parsed},
    field::{Distances, field},
    value::{Texts, operand},
};
use crate::{
    error::Error,
    keyword::Keyword,
    lex::{Token, TokenKind},
    span::Spanned,
    tree::{CompareOp, Comparison, Expr, FieldExpr, Operand, SemiJoin, Set, Test},
};

/// `WHERE`, if it is next.
pub(super) fn where_clause(cursor: &mut Cursor<'_>) -> Parsed<Option<Expr>> {
    if !cursor.eat(Keyword::Where) {
        return Ok(None);
    }
    condition(cursor).map(Some)
}

/// A condition: units joined by `AND`, or by `OR`, or one behind `NOT`.
///
/// What is joined otherwise needs parentheses, so a word that does not fit ends the condition, and
/// the caller finds it where it expects something else.
pub(super) fn condition(cursor: &mut Cursor<'_>) -> Parsed<Expr> {
    if cursor.eat(Keyword::Not) {
        return Ok(Expr::Not(Box::new(unit(cursor)?)));
    }
    let first = unit(cursor)?;
    let TokenKind::Word(Some(joint @ (Keyword::And | Keyword::Or))) = cursor.token.kind else {
        return Ok(first);
    };
    let mut units = vec![first];
    while cursor.eat(joint) {
        units.push(unit(cursor)?);
    }
    Ok(if joint == Keyword::And { Expr::And(units) } else { Expr::Or(units) })
}

/// A comparison, or a condition in parentheses.
fn unit(cursor: &mut Cursor<'_>) -> Parsed<Expr> {
    if !cursor.eat_sign(TokenKind::Open) {
        return Ok(Expr::Comparison(Box::new(comparison(cursor)?)));
    }
    let inner = cursor.nested(Nest::Condition, condition)?;
    if !cursor.eat_sign(TokenKind::Close) {
        return Err(cursor.expected(&[Keyword::And, Keyword::Or]));
    }
    Ok(inner)
}

fn comparison(cursor: &mut Cursor<'_>) -> Parsed<Comparison> {
    let first = cursor.token;
    let field = field(cursor, Distances::Allowed)?;
    let start = cursor.token.start;
    let test = match compare_op(cursor) {
        Some(op) => Test::Compare(op, operand(cursor, Texts::Plain)?),
        None => word_test(cursor, first, &field)?,
    };
    Ok(Comparison { field, test: Spanned::new(test, cursor.span_from(start)) })
}

/// An operator of signs, if one is next.
fn compare_op(cursor: &mut Cursor<'_>) -> Option<CompareOp> {
    let op = match cursor.token.kind {
        TokenKind::Equal => CompareOp::Equal,
        TokenKind::NotEqual => CompareOp::NotEqual,
        TokenKind::Less => CompareOp::Less,
        TokenKind::LessOrEqual => CompareOp::LessOrEqual,
        TokenKind::Greater => CompareOp::Greater,
        TokenKind::GreaterOrEqual => CompareOp::GreaterOrEqual,
        _ => return None,
    };
    cursor.advance();
    // `> =` is read as `>=`, as the platform reads it.
    Some(match op {
        CompareOp::Less if cursor.eat_sign(TokenKind::Equal) => CompareOp::LessOrEqual,
        CompareOp::Greater if cursor.eat_sign(TokenKind::Equal) => CompareOp::GreaterOrEqual,
        op => op,
    })
}

/// An operator that is a word, and what follows it.
fn word_test(cursor: &mut Cursor<'_>, first: Token, field: &FieldExpr) -> Parsed<Test> {
    // The platform's grammar has sums of fields, which its documentation has not: what is no field is
    // found behind the sign.
    if matches!(cursor.token.kind, TokenKind::Plus | TokenKind::Minus) {
        let next = cursor.ahead().next();
        if !next.is_name() && next.kind != TokenKind::Path {
            cursor.advance();
        }
        return Err(cursor.unexpected());
    }
    // A distance is compared by signs alone.
    if matches!(field, FieldExpr::Distance(_)) {
        return Err(cursor.unexpected());
    }
    if cursor.eat(Keyword::Like) {
        return Ok(Test::Like(operand(cursor, Texts::Pattern)?));
    }
    if cursor.eat(Keyword::In) {
        return Ok(Test::In(set(cursor, first, field)?));
    }
    if cursor.eat(Keyword::Includes) {
        return Ok(Test::Includes(values(cursor)?));
    }
    if cursor.eat(Keyword::Excludes) {
        return Ok(Test::Excludes(values(cursor)?));
    }
    let is_not = cursor.eat(Keyword::Not);
    if is_not && cursor.eat(Keyword::In) {
        return Ok(Test::NotIn(set(cursor, first, field)?));
    }
    Err(no_operator(cursor, first))
}

/// What stands behind a field is no operator.
fn no_operator(cursor: &Cursor<'_>, first: Token) -> Error {
    let words = [Keyword::Like, Keyword::In, Keyword::Includes, Keyword::Excludes, Keyword::Not];
    let near = cursor.near(&words);
    cursor.unexpected_since(first).meant(near)
}

/// What stands behind `IN`.
fn set(cursor: &mut Cursor<'_>, first: Token, field: &FieldExpr) -> Parsed<Set> {
    if cursor.token.kind == TokenKind::Colon {
        // The platform finds this mistake at the field.
        if cursor.dialect == Dialect::Rest {
            return Err(cursor.no_bind(field.span()));
        }
        cursor.advance();
        return Ok(Set::Bind(super::value::bind_name(cursor)?));
    }
    let open = cursor.token.start;
    if !cursor.eat_sign(TokenKind::Open) || cursor.token.kind == TokenKind::Close {
        return Err(cursor.unexpected_since(first));
    }
    if !cursor.at(Keyword::Select) {
        return Ok(Set::List(rest_of_values(cursor)?));
    }
    let query = cursor.nested(Nest::Query, semi_join)?;
    super::from::close(cursor)?;
    Ok(Set::SemiJoin(Box::new(Spanned::new(query, cursor.span_from(open)))))
}

/// Values in parentheses.
fn values(cursor: &mut Cursor<'_>) -> Parsed<Vec<Spanned<Operand>>> {
    if !cursor.eat_sign(TokenKind::Open) {
        // A value alone needs its parentheses.
        let is_value = matches!(cursor.token.kind, TokenKind::Text | TokenKind::OpenText);
        return Err(if is_value { cursor.missing(&[]) } else { cursor.unexpected() });
    }
    rest_of_values(cursor)
}

/// Values behind an opening parenthesis, and the closing one.
fn rest_of_values(cursor: &mut Cursor<'_>) -> Parsed<Vec<Spanned<Operand>>> {
    let values = cursor.list(|cursor| operand(cursor, Texts::Plain))?;
    cursor.expect_sign(TokenKind::Close)?;
    Ok(values)
}

/// The query of a semi-join, without its parentheses.
fn semi_join(cursor: &mut Cursor<'_>) -> Parsed<SemiJoin> {
    cursor.advance();
    let field = field(cursor, Distances::Refused)?;
    let (from, also_from) = super::from::from(cursor)?;
    let filter = where_clause(cursor)?;
    let with = super::with::first_with(cursor)?;
    Ok(SemiJoin { field, from, also_from, filter, with })
}
