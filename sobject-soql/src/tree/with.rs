//! [`With`], the `WITH` clauses.

use super::{Name, Operand};
use crate::span::Spanned;

/// What a `WITH` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum With {
    /// `WITH DATA CATEGORY Geography__c AT usa__c AND ..`
    DataCategory(Vec<DataCategory>),
    /// `WITH SECURITY_ENFORCED`: of Apex and of the Rust dialect. All dialects parse it; in REST it
    /// is refused when the query is bound.
    SecurityEnforced,
    /// `WITH USER_MODE`, as [`With::SecurityEnforced`].
    UserMode,
    /// `WITH SYSTEM_MODE`, as [`With::SecurityEnforced`].
    SystemMode,
    /// `WITH` and any other word.
    Other(Name),
    /// `WITH UserId = '005..'`
    Equals(Name, Spanned<Operand>),
    /// `WITH RecordVisibilityContext (maxDescriptorPerRecord = 100, ..)`
    Settings(Name, Vec<(Name, Spanned<Operand>)>),
}

/// A filter by a data category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataCategory {
    /// The category group.
    pub group: Name,
    /// Which categories count, seen from those named.
    pub selector: CategorySelector,
    /// The categories; at least one in a tree that was read from text.
    pub categories: Vec<Name>,
}

/// Which categories a [`DataCategory`] means, seen from those that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CategorySelector {
    /// `AT`: these.
    At,
    /// `ABOVE`: these and their parents.
    Above,
    /// `BELOW`: these and their children.
    Below,
    /// `ABOVE_OR_BELOW`: all of them.
    AboveOrBelow,
}

impl CategorySelector {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::At => "AT",
            Self::Above => "ABOVE",
            Self::Below => "BELOW",
            Self::AboveOrBelow => "ABOVE_OR_BELOW",
        }
    }
}
