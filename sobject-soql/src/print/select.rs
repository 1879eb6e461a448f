//! Prints the select list.

use std::fmt::{self, Display, Formatter};

use super::list;
use crate::tree::{Select, SelectItem, Selected, TypeOf};

impl Display for Select {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count => f.write_str("COUNT()"),
            Self::Items(items) => list(f, items),
        }
    }
}

impl Display for SelectItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.selected.fmt(f)?;
        self.alias.as_ref().map_or(Ok(()), |alias| write!(f, " {alias}"))
    }
}

impl Display for Selected {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => field.fmt(f),
            Self::Fields(fields) => write!(f, "FIELDS({})", fields.as_str()),
            Self::Children(query) => write!(f, "({query})"),
            Self::TypeOf(type_of) => type_of.fmt(f),
        }
    }
}

impl Display for TypeOf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "TYPEOF {}", self.path)?;
        for branch in &self.branches {
            write!(f, " WHEN {} THEN ", branch.object)?;
            list(f, &branch.fields)?;
        }
        if !self.otherwise.is_empty() {
            f.write_str(" ELSE ")?;
            list(f, &self.otherwise)?;
        }
        f.write_str(" END")
    }
}
