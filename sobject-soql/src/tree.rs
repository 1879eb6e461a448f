//! The syntax tree: a query as it was written, or as a program built it.
//!
//! The tree says what the text says and nothing about what it means: names are not looked up, dates
//! may have a thirteenth month, and an alias may stand where it is not allowed. Each type is named as
//! the SOQL reference names the clause. Whatever can be wrong at a place carries the [`Span`] of that
//! place; in a tree that was built in Rust there are none.
//!
//! [`Span`]: crate::Span

mod binds;
mod date;
mod expr;
mod field;
mod function;
mod literal;
mod name;
mod pattern;
mod query;
mod search;
mod select;
mod with;

pub use self::{
    date::{Date, DateLiteral, DateTime, DateUnit, Time, UtcOffset},
    expr::{CompareOp, Comparison, Expr, SemiJoin, Set, Test},
    field::{Distance, FieldExpr, FunctionCall, Location},
    function::Function,
    literal::{Literal, Number, Operand},
    name::{Name, NotAName, Path},
    pattern::{Pattern, PatternPart},
    query::{
        Direction, FromItem, GroupBy, GroupKind, Nulls, OrderItem, Query, Tracking, UsingItem,
        UsingKind,
    },
    search::{Find, Returning, Search, SearchExpr, SearchGroup, SearchWith},
    select::{FieldSet, Select, SelectItem, Selected, TypeOf, TypeOfBranch},
    with::{CategorySelector, DataCategory, With},
};
