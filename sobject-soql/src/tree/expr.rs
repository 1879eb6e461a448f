//! Conditions: [`Expr`] of `WHERE` and `HAVING`, and the comparisons that it is made of.

use super::{FieldExpr, FromItem, Literal, Name, Operand, Pattern, With};
use crate::span::Spanned;

/// A condition.
///
/// SOQL has no precedence between `AND`, `OR` and `NOT`: what is mixed stands in parentheses. So the
/// tree needs none: an `And` inside an `Or`, and an `And` inside an `And`, was written in them and is
/// printed in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// All of these hold. There are at least two, in a tree that was read from text.
    And(Vec<Self>),
    /// One of these holds. There are at least two, in a tree that was read from text.
    Or(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// One comparison.
    Comparison(Box<Comparison>),
}

impl Expr {
    /// A comparison of a field with a literal.
    pub fn compare(
        field: impl Into<FieldExpr>,
        op: CompareOp,
        operand: impl Into<Operand>,
    ) -> Self {
        Self::test(field, Test::Compare(op, operand.into().into()))
    }

    /// A comparison of a field with a pattern: `Name LIKE 'A%'`.
    pub fn like(field: impl Into<FieldExpr>, pattern: Pattern) -> Self {
        Self::test(field, Test::Like(Operand::from(pattern).into()))
    }

    /// Is the field one of these? A list without any matches nothing, and cannot be written as text.
    pub fn is_in<T: Into<Operand>>(
        field: impl Into<FieldExpr>,
        list: impl IntoIterator<Item = T>,
    ) -> Self {
        let list = list.into_iter().map(|operand| operand.into().into()).collect();
        Self::test(field, Test::In(Set::List(list)))
    }

    /// Is the field null?
    pub fn is_null(field: impl Into<FieldExpr>) -> Self {
        Self::compare(field, CompareOp::Equal, Literal::Null)
    }

    /// A field and what is asked of it.
    pub fn test(field: impl Into<FieldExpr>, test: Test) -> Self {
        Self::Comparison(Box::new(Comparison { field: field.into(), test: test.into() }))
    }

    /// Both hold. A chain of `and` is one `And`.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut all = match self {
            Self::And(all) => all,
            one => vec![one],
        };
        match other {
            Self::And(more) => all.extend(more),
            one => all.push(one),
        }
        Self::And(all)
    }

    /// One of the two holds. A chain of `or` is one `Or`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        let mut any = match self {
            Self::Or(any) => any,
            one => vec![one],
        };
        match other {
            Self::Or(more) => any.extend(more),
            one => any.push(one),
        }
        Self::Or(any)
    }
}

/// `NOT`. Two of them cancel each other.
impl std::ops::Not for Expr {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            one => Self::Not(Box::new(one)),
        }
    }
}

/// A field and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The left side.
    pub field: FieldExpr,
    /// The operator and the right side.
    pub test: Spanned<Test>,
}

/// What a comparison asks of its left side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `= 5`, `!= NULL`, `> TODAY`
    Compare(CompareOp, Spanned<Operand>),
    /// `LIKE 'A%'`. A text is a [`Literal::Pattern`]; other literals parse, and are refused when the
    /// query is bound.
    Like(Spanned<Operand>),
    /// `IN (1, 2)`, `IN :list`, `IN (SELECT ..)`
    In(Set),
    /// `NOT IN (1, 2)`, `NOT IN :list`, `NOT IN (SELECT ..)`
    NotIn(Set),
    /// `INCLUDES ('A;B', 'C')`: all of one of these.
    Includes(Vec<Spanned<Operand>>),
    /// `EXCLUDES ('A;B', 'C')`: of none of these all.
    Excludes(Vec<Spanned<Operand>>),
}

/// The operators between a field and one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `=`
    Equal,
    /// `!=` or `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl CompareOp {
    /// The operator as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// The values of an `IN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Set {
    /// These. In a tree that was read from text there is at least one.
    List(Vec<Spanned<Operand>>),
    /// Those that the program gives under this name: `IN :list`, in the Rust dialect only.
    Bind(Name),
    /// Those that a query finds.
    SemiJoin(Box<Spanned<SemiJoin>>),
}

/// A query inside an `IN`: `(SELECT AccountId FROM Contact WHERE ..)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SemiJoin {
    /// The one field that it selects.
    pub field: FieldExpr,
    /// What it selects from.
    pub from: FromItem,
    /// Further items of its `FROM`, which are relationships of the first.
    pub also_from: Vec<FromItem>,
    /// Its condition.
    pub filter: Option<Expr>,
    /// Its `WITH`: a data category, or a name and its value.
    pub with: Option<Spanned<With>>,
}

impl SemiJoin {
    /// All values of a field of an object.
    pub fn new(field: impl Into<FieldExpr>, from: impl Into<FromItem>) -> Self {
        Self {
            field: field.into(),
            from: from.into(),
            also_from: Vec::new(),
            filter: None,
            with: None,
        }
    }
}
