//! SOQL and SOSL, the query languages of Salesforce: text to a syntax tree with places, and back.
//!
//! [`Query`] is a SOQL query as it was written, [`Search`] a SOSL search. Both are read from text,
//! built in Rust, and printed as text that reads back to an equal tree. The crate takes and refuses
//! what Salesforce's own published parser takes and refuses, at the same places, with the messages
//! that an org answers. It knows no objects and runs nothing: what the names mean, and whether a
//! caller may read them, is up to the program that has them. It depends on nothing but `std`.
//!
//! ```
//! use sobject_soql::{CompareOp, Dialect, Expr, Literal, Operand, Query, Selected, Test};
//!
//! let text = "SELECT Id, Owner.Name FROM Account WHERE Industry = 'Media' LIMIT 10";
//! let query = Query::parse(text, Dialect::Rest)?;
//!
//! let Selected::Field(owner) = &query.select.items()[1].selected else { panic!() };
//! assert_eq!(owner.path().parents[0], "owner");
//! assert_eq!(owner.span().of(text), Some("Owner.Name"));
//! assert_eq!(query.filter, Some(Expr::compare("Industry", CompareOp::Equal, "Media")));
//! assert_eq!(query.to_string(), text);
//!
//! let mistake = Query::parse("SELECT Id FROM Account WERE Id = null", Dialect::Rest).unwrap_err();
//! assert_eq!(mistake.place().map(|place| (place.row(), place.column())), Some((1, 29)));
//! assert_eq!(mistake.text(), "unexpected token: 'Id'");
//! assert_eq!(mistake.near_match(), Some("WHERE"));
//! # Ok::<(), sobject_soql::Error>(())
//! ```
//!
//! # What to do
//!
//! - Read a query: [`Query::parse`], or `text.parse::<Query>()`; a search: [`Search::parse`].
//! - Say which clauses a text may have: [`Dialect`]. [`Dialect::Rust`] has bind variables, `:name`,
//!   so that a value from outside never becomes part of a text.
//! - Show a mistake: [`Error::message`] is the platform's message with its caret;
//!   [`Error::span`] is for an editor. For mistakes of your own, [`Place`] prints the same block.
//! - Build a query: [`Query::new`], [`Expr::compare`], [`OrderItem::desc`], and the fields of the
//!   types, which are all public. A name that comes from outside goes through [`Name::new`].
//! - Print it: every type of the tree has `Display`. A text is quoted and escaped, so that no value
//!   can end it.
//! - Find the name that was probably meant: [`nearest`].
//! - Find the bind variables: [`Query::binds`].
//! - Compare: trees are equal if they say the same. Spans do not count, nor does the case of names.
//!
//! # What is read and what is not
//!
//! A query that parses need not mean anything: `SELECT Nmae FROM Acount`, a thirteenth month,
//! `FIELDS(SOME)`, a function that does not exist, a negative `LIMIT`, an alias where none is
//! allowed, and a semi-join inside another all parse, as they do in Salesforce's parser, and are for
//! the program to refuse. [`Date::is_valid`] and its like say whether a literal exists. Different
//! from that parser: a trailing `;` and what belongs to no token is refused and not passed over, an
//! alias is one name without dots, a number of `LIMIT` fits 64 bits, sums of fields and `BIND` are
//! refused, and a distance may be one between two fields.
//!
//! # Where things are
//!
//! | room | what |
//! |---|---|
//! | `parse/` | text to tree, a file per clause; `parse/search/` for SOSL |
//! | `print/` | tree to text |
//! | `lex` | text to tokens |
//! | `tree/` | the syntax tree |
//! | `error`, `place`, `near` | what is said of a mistake |
//! | `span`, `keyword` | words that all others use |

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used))]

mod error;
mod keyword;
mod lex;
mod near;
mod parse;
mod place;
mod print;
mod span;
mod tree;

pub use crate::{
    error::{Error, ErrorKind},
    near::{letters_apart, nearest},
    parse::Dialect,
    place::Place,
    span::{Span, Spanned},
    tree::{
        CategorySelector, CompareOp, Comparison, DataCategory, Date, DateLiteral, DateTime,
        DateUnit, Direction, Distance, Expr, FieldExpr, FieldSet, Find, FromItem, Function,
        FunctionCall, GroupBy, GroupKind, Literal, Location, Name, NotAName, Nulls, Number,
        Operand, OrderItem, Path, Pattern, PatternPart, Query, Returning, Search, SearchExpr,
        SearchGroup, SearchWith, Select, SelectItem, Selected, SemiJoin, Set, Test, Time, Tracking,
        TypeOf, TypeOfBranch, UsingItem, UsingKind, UtcOffset, With,
    },
};

/// The README's quick start, so that it is compiled and run with the other examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
