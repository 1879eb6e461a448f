//! SOQL and SOSL, the query languages of Salesforce: text to a syntax tree with places, and back.
//!
//! The tree says what the text says. What it means (which objects there are, which fields, who may
//! read them) is up to the program that has them.

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
    parse::Dialect,
    place::Place,
    span::{Span, Spanned},
    tree::{
        CategorySelector, CompareOp, Comparison, DataCategory, Date, DateLiteral, DateTime,
        DateUnit, Direction, Distance, Expr, FieldExpr, FieldSet, FromItem, Function, FunctionCall,
        GroupBy, GroupKind, Literal, Location, Name, NotAName, Nulls, Number, Operand, OrderItem,
        Path, Pattern, PatternPart, Query, Select, SelectItem, Selected, SemiJoin, Set, Test, Time,
        Tracking, TypeOf, TypeOfBranch, UsingItem, UsingKind, UtcOffset, With,
    },
};
