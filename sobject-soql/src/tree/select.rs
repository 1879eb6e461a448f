//! The select list: [`Select`] and its items.

use super::{FieldExpr, Name, Path, Query};
use crate::span::Spanned;

/// What a query selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Select {
    /// `SELECT COUNT()`: how many rows there are, and none of them.
    Count,
    /// The items, of which there is at least one in a tree that was read from text.
    Items(Vec<SelectItem>),
}

impl Select {
    /// The items; none of `COUNT()`.
    pub fn items(&self) -> &[SelectItem] {
        match self {
            Self::Count => &[],
            Self::Items(items) => items,
        }
    }
}

/// One item of the select list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectItem {
    /// What is selected.
    pub selected: Selected,
    /// What it is called in the answer.
    pub alias: Option<Name>,
}

impl SelectItem {
    /// The item under another name.
    #[must_use]
    pub fn alias(self, alias: impl Into<Name>) -> Self {
        Self { alias: Some(alias.into()), ..self }
    }
}

impl<S: Into<Selected>> From<S> for SelectItem {
    fn from(selected: S) -> Self {
        Self { selected: selected.into(), alias: None }
    }
}

/// What an item selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selected {
    /// A field, a function of one, or a distance.
    Field(FieldExpr),
    /// `FIELDS(ALL)` and its like. `FIELDS` of another word is a
    /// [`Function::Other`](super::Function::Other).
    Fields(Spanned<FieldSet>),
    /// The children of each record: `(SELECT LastName FROM Contacts)`.
    Children(Box<Spanned<Query>>),
    /// Fields that depend on the type of a parent.
    TypeOf(Box<Spanned<TypeOf>>),
}

impl<F: Into<FieldExpr>> From<F> for Selected {
    fn from(field: F) -> Self {
        Self::Field(field.into())
    }
}

impl From<FieldSet> for Selected {
    fn from(fields: FieldSet) -> Self {
        Self::Fields(fields.into())
    }
}

impl From<Query> for Selected {
    fn from(children: Query) -> Self {
        Self::Children(Box::new(children.into()))
    }
}

impl From<TypeOf> for Selected {
    fn from(type_of: TypeOf) -> Self {
        Self::TypeOf(Box::new(type_of.into()))
    }
}

/// The fields that `FIELDS()` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldSet {
    /// `FIELDS(ALL)`
    All,
    /// `FIELDS(STANDARD)`
    Standard,
    /// `FIELDS(CUSTOM)`
    Custom,
}

impl FieldSet {
    /// The word inside `FIELDS()`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::Standard => "STANDARD",
            Self::Custom => "CUSTOM",
        }
    }
}

/// `TYPEOF What WHEN Account THEN Phone WHEN Lead THEN Email ELSE Name END`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeOf {
    /// The relationship that leads to the parent.
    pub path: Path,
    /// The branches, of which there is at least one in a tree that was read from text.
    pub branches: Vec<TypeOfBranch>,
    /// The fields of `ELSE`; empty if there is none.
    pub otherwise: Vec<Path>,
}

/// One `WHEN .. THEN ..` of a [`TypeOf`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeOfBranch {
    /// The object that the parent must be of.
    pub object: Name,
    /// The fields to select of it.
    pub fields: Vec<Path>,
}
