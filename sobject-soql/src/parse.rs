//! Text to tree, by recursive descent: SOQL here, SOSL in `search`.
//!
//! A file per clause; [`cursor`] has what they share. What the parser takes and what it refuses
//! follows Salesforce's own published parser, and so do the places of errors.
//!
//! **Invariant:** no text makes the parser panic, run long or use much stack. It reads each token
//! once, but for a few that it looks at ahead; parentheses and queries inside queries are counted,
//! and too many are refused.

mod cursor;
mod expr;
mod field;
mod from;
mod mistake;
mod search;
mod select;
mod tail;
mod text;
mod value;
mod with;

use std::str::FromStr;

use self::cursor::{Cursor, Parsed};
use crate::{
    error::{Error, Language},
    span::Spanned,
    tree::Query,
};

/// Which clauses a text may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// What the REST API takes.
    Rest,
    /// What a program may write: as in REST, and bind variables (`:name`), `FOR UPDATE` and
    /// `ALL ROWS`, as in Apex.
    Rust,
}

impl Query {
    /// Reads a query.
    ///
    /// Names and functions are not looked up, and a date need not exist: that, and whatever else
    /// depends on the objects that there are, is found when the query is bound.
    ///
    /// # Errors
    ///
    /// The first mistake, with its place and the message that the platform answers.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, Error> {
        let mut cursor = Cursor::new(text, dialect, Language::Soql)?;
        let query = query(&mut cursor)?;
        cursor.end()?;
        Ok(query.value)
    }
}

/// Reads a query in the REST dialect.
impl FromStr for Query {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text, Dialect::Rest)
    }
}

/// A query, up to where none of its clauses begins.
fn query(cursor: &mut Cursor<'_>) -> Parsed<Spanned<Query>> {
    let start = cursor.token.start;
    let select = select::select(cursor)?;
    let (from, also_from) = from::from(cursor)?;
    let filter = expr::where_clause(cursor)?;
    let with = with::with_clauses(cursor)?;
    let group_by = tail::group_by(cursor)?;
    let order_by = tail::order_by(cursor)?;
    let limit = tail::limit(cursor)?;
    let offset = tail::offset(cursor)?;
    let tracking = tail::tracking(cursor)?;
    let update = tail::update(cursor)?;
    let for_update = tail::for_update(cursor)?;
    let all_rows = tail::all_rows(cursor)?;
    let query = Query {
        select,
        from,
        also_from,
        filter,
        with,
        group_by,
        order_by,
        limit,
        offset,
        tracking,
        update,
        for_update,
        all_rows,
    };
    Ok(Spanned::new(query, cursor.span_from(start)))
}
