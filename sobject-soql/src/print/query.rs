//! Prints queries and their clauses.

use std::fmt::{self, Display, Formatter};

use super::list;
use crate::{
    span::Spanned,
    tree::{
        DataCategory, Direction, Expr, FromItem, GroupBy, GroupKind, Nulls, OrderItem, Query,
        Tracking, UsingKind, With,
    },
};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "SELECT {}", self.select)?;
        from(f, &self.from, &self.also_from)?;
        filter(f, self.filter.as_ref(), &self.with)?;
        if let Some(group_by) = &self.group_by {
            write!(f, " GROUP BY {group_by}")?;
        }
        if !self.order_by.is_empty() {
            f.write_str(" ORDER BY ")?;
            list(f, &self.order_by)?;
        }
        if let Some(limit) = &self.limit {
            write!(f, " LIMIT {limit}")?;
        }
        if let Some(offset) = &self.offset {
            write!(f, " OFFSET {offset}")?;
        }
        match self.tracking.as_deref() {
            None => {}
            Some(Tracking::View) => f.write_str(" FOR VIEW")?,
            Some(Tracking::Reference) => f.write_str(" FOR REFERENCE")?,
        }
        if !self.update.is_empty() {
            f.write_str(" UPDATE ")?;
            list(f, &self.update)?;
        }
        if self.for_update.is_some() {
            f.write_str(" FOR UPDATE")?;
        }
        if self.all_rows.is_some() {
            f.write_str(" ALL ROWS")?;
        }
        Ok(())
    }
}

/// Prints `FROM` and its items.
pub(super) fn from(f: &mut Formatter<'_>, first: &FromItem, more: &[FromItem]) -> fmt::Result {
    f.write_str(" FROM ")?;
    list(f, std::iter::once(first).chain(more))
}

/// Prints `WHERE` and `WITH`.
pub(super) fn filter(
    f: &mut Formatter<'_>,
    filter: Option<&Expr>,
    with: &[Spanned<With>],
) -> fmt::Result {
    if let Some(filter) = filter {
        write!(f, " WHERE {filter}")?;
    }
    with.iter().try_for_each(|with| write!(f, " WITH {with}"))
}

impl Display for FromItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)?;
        if let Some(alias) = &self.alias {
            write!(f, " {alias}")?;
        }
        for (i, item) in self.using.iter().enumerate() {
            let kind = match item.kind {
                UsingKind::Scope => "SCOPE",
                UsingKind::Lookup => "LOOKUP",
            };
            write!(f, "{}{kind} {}", if i == 0 { " USING " } else { ", " }, item.name)?;
        }
        Ok(())
    }
}

impl Display for With {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::DataCategory(categories) => {
                f.write_str("DATA CATEGORY ")?;
                super::separated(f, " AND ", categories)
            }
            Self::SecurityEnforced => f.write_str("SECURITY_ENFORCED"),
            Self::UserMode => f.write_str("USER_MODE"),
            Self::SystemMode => f.write_str("SYSTEM_MODE"),
            Self::Other(name) => name.fmt(f),
            Self::Equals(name, operand) => write!(f, "{name} = {operand}"),
            Self::Settings(name, settings) => {
                write!(f, "{name} (")?;
                list(f, settings.iter().map(|(name, value)| format!("{name} = {value}")))?;
                f.write_str(")")
            }
        }
    }
}

impl Display for DataCategory {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", self.group, self.selector.as_str())?;
        match &*self.categories {
            [one] => one.fmt(f),
            several => {
                f.write_str("(")?;
                list(f, several)?;
                f.write_str(")")
            }
        }
    }
}

impl Display for GroupBy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (open, close) = match self.kind {
            GroupKind::Plain => ("", ""),
            GroupKind::Rollup => ("ROLLUP(", ")"),
            GroupKind::Cube => ("CUBE(", ")"),
        };
        f.write_str(open)?;
        list(f, &self.fields)?;
        f.write_str(close)?;
        self.having.as_ref().map_or(Ok(()), |having| write!(f, " HAVING {having}"))
    }
}

impl Display for OrderItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.field.fmt(f)?;
        match self.direction {
            None => {}
            Some(Direction::Ascending) => f.write_str(" ASC")?,
            Some(Direction::Descending) => f.write_str(" DESC")?,
        }
        match self.nulls {
            None => Ok(()),
            Some(Nulls::First) => f.write_str(" NULLS FIRST"),
            Some(Nulls::Last) => f.write_str(" NULLS LAST"),
        }
    }
}
