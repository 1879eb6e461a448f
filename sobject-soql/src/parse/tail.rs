//! The clauses behind the condition: groups, order, limits, and what is done with the rows.

use super::{
    Dialect,
    cursor::{Cursor, Parsed},
    expr::condition,
    field::{Distances, field},
    value::count,
};
use crate::{
    error::ErrorKind,
    keyword::Keyword,
    lex::TokenKind,
    span::Spanned,
    tree::{Direction, FieldExpr, GroupBy, GroupKind, Name, Nulls, Operand, OrderItem, Tracking},
};

/// `GROUP BY` and `HAVING`, if they are next.
pub(super) fn group_by(cursor: &mut Cursor<'_>) -> Parsed<Option<GroupBy>> {
    if !cursor.eat(Keyword::Group) {
        return Ok(None);
    }
    by(cursor)?;
    let kind = match cursor.token.kind {
        TokenKind::Word(Some(Keyword::Rollup)) => GroupKind::Rollup,
        TokenKind::Word(Some(Keyword::Cube)) => GroupKind::Cube,
        _ => GroupKind::Plain,
    };
    let fields = if kind == GroupKind::Plain {
        fields(cursor)?
    } else {
        cursor.advance();
        cursor.expect_sign(TokenKind::Open)?;
        let fields = fields(cursor)?;
        cursor.expect_sign(TokenKind::Close)?;
        fields
    };
    let having = if cursor.eat(Keyword::Having) { Some(condition(cursor)?) } else { None };
    Ok(Some(GroupBy { kind, fields, having }))
}

/// The `BY` behind `GROUP` and `ORDER`.
fn by(cursor: &mut Cursor<'_>) -> Parsed<()> {
    if cursor.eat(Keyword::By) {
        return Ok(());
    }
    let is_field = cursor.token.is_name() || cursor.token.kind == TokenKind::Path;
    Err(if is_field { cursor.missing(&[Keyword::By]) } else { cursor.expected(&[Keyword::By]) })
}

/// Fields with a comma between each two.
fn fields(cursor: &mut Cursor<'_>) -> Parsed<Vec<FieldExpr>> {
    cursor.list(|cursor| field(cursor, Distances::Refused))
}

/// `ORDER BY`, if it is next.
pub(super) fn order_by(cursor: &mut Cursor<'_>) -> Parsed<Vec<OrderItem>> {
    if !cursor.eat(Keyword::Order) {
        return Ok(Vec::new());
    }
    by(cursor)?;
    cursor.list(order_item)
}

fn order_item(cursor: &mut Cursor<'_>) -> Parsed<OrderItem> {
    let field = field(cursor, Distances::Allowed)?;
    let direction = if cursor.eat(Keyword::Asc) {
        Some(Direction::Ascending)
    } else if cursor.eat(Keyword::Desc) {
        Some(Direction::Descending)
    } else {
        None
    };
    let nulls = if !cursor.eat(Keyword::Nulls) {
        None
    } else if cursor.eat(Keyword::First) {
        Some(Nulls::First)
    } else if cursor.eat(Keyword::Last) {
        Some(Nulls::Last)
    } else {
        return Err(cursor.expected(&[Keyword::First, Keyword::Last]));
    };
    Ok(OrderItem { field, direction, nulls })
}

/// `LIMIT`, if it is next.
pub(super) fn limit(cursor: &mut Cursor<'_>) -> Parsed<Option<Spanned<Operand<i64>>>> {
    if cursor.eat(Keyword::Limit) { count(cursor).map(Some) } else { Ok(None) }
}

/// `OFFSET`, if it is next.
pub(super) fn offset(cursor: &mut Cursor<'_>) -> Parsed<Option<Spanned<Operand<i64>>>> {
    if cursor.eat(Keyword::Offset) { count(cursor).map(Some) } else { Ok(None) }
}

/// `FOR VIEW` or `FOR REFERENCE`, if it is next; not `FOR UPDATE`, which stands further behind.
pub(super) fn tracking(cursor: &mut Cursor<'_>) -> Parsed<Option<Spanned<Tracking>>> {
    if cursor.at(Keyword::Bind) {
        let text = "BIND is not supported".to_owned();
        return Err(cursor.error(ErrorKind::NotSupported, cursor.token.span(), text));
    }
    let is_for_update =
        cursor.dialect == Dialect::Rust && cursor.at_both(Keyword::For, Keyword::Update);
    if !cursor.at(Keyword::For) || is_for_update {
        return Ok(None);
    }
    let word = cursor.advance();
    let tracking = if cursor.eat(Keyword::View) {
        Tracking::View
    } else if cursor.eat(Keyword::Reference) {
        Tracking::Reference
    } else {
        let near = cursor.near(&[Keyword::View, Keyword::Reference]);
        return Err(cursor.unexpected_since(word).meant(near));
    };
    Ok(Some(Spanned::new(tracking, cursor.span_from(word.start))))
}

/// `UPDATE` and its names, if it is next.
pub(super) fn update(cursor: &mut Cursor<'_>) -> Parsed<Vec<Name>> {
    if cursor.eat(Keyword::Update) { cursor.list(Cursor::plain_name) } else { Ok(Vec::new()) }
}

/// `FOR UPDATE`, if it is next in a dialect that has it.
pub(super) fn for_update(cursor: &mut Cursor<'_>) -> Parsed<Option<Spanned<()>>> {
    both(cursor, Keyword::For, Keyword::Update)
}

/// `ALL ROWS`, if it is next in a dialect that has it.
pub(super) fn all_rows(cursor: &mut Cursor<'_>) -> Parsed<Option<Spanned<()>>> {
    both(cursor, Keyword::All, Keyword::Rows)
}

/// Two words, if they are next in the Rust dialect.
fn both(cursor: &mut Cursor<'_>, first: Keyword, second: Keyword) -> Parsed<Option<Spanned<()>>> {
    if cursor.dialect == Dialect::Rest || !cursor.at(first) {
        return Ok(None);
    }
    let start = cursor.advance().start;
    cursor.expect(second)?;
    Ok(Some(Spanned::new((), cursor.span_from(start))))
}
