//! Prints searches.

use std::fmt::{self, Display, Formatter, Write as _};

use super::list;
use crate::tree::{Find, Pattern, PatternPart, Returning, Search, SearchExpr, SearchWith};

impl Display for Search {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "FIND {}", self.find)?;
        if let Some(group) = self.group {
            write!(f, " IN {} FIELDS", group.as_str())?;
        }
        if !self.returning.is_empty() {
            f.write_str(" RETURNING ")?;
            list(f, &self.returning)?;
        }
        for with in &self.with {
            write!(f, " WITH {with}")?;
        }
        if let Some(limit) = &self.limit {
            write!(f, " LIMIT {limit}")?;
        }
        if self.update.is_empty() {
            return Ok(());
        }
        f.write_str(" UPDATE ")?;
        list(f, &self.update)
    }
}

impl Display for Find {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expr(expr) => write!(f, "{{{expr}}}"),
            // A text that is too long as well, and finds nothing either.
            Self::TooLong => write!(f, "{{{}}}", "x".repeat(Find::LONGEST + 1)),
            Self::Bind(name) => write!(f, ":{name}"),
        }
    }
}

/// The text that [`SearchExpr::parse`](crate::SearchExpr::parse) reads.
impl Display for SearchExpr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(pattern) => term(f, pattern),
            Self::Phrase(pattern) => {
                f.write_char('"')?;
                term(f, pattern)?;
                f.write_char('"')
            }
            // Words side by side are joined by `AND`. The word itself could meet a `not` behind it, and
            // would make a text longer that loses its operators when it is long.
            Self::And(all) => super::separated(f, " ", all.iter().map(Unit)),
            Self::Or(any) => super::separated(f, " OR ", any.iter().map(Either)),
            Self::AndNot(first, second) => {
                match **first {
                    Self::And(_) => first.fmt(f)?,
                    _ => Unit(first).fmt(f)?,
                }
                write!(f, " AND NOT {}", Either(second))
            }
        }
    }
}

/// An expression beside others: a term, or anything else in parentheses.
struct Unit<'a>(&'a SearchExpr);

impl Display for Unit<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            SearchExpr::Word(_) | SearchExpr::Phrase(_) => self.0.fmt(f),
            other => write!(f, "({other})"),
        }
    }
}

/// An expression where anything but `OR` needs no parentheses.
struct Either<'a>(&'a SearchExpr);

impl Display for Either<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            SearchExpr::Or(_) => write!(f, "({})", self.0),
            other => other.fmt(f),
        }
    }
}

/// Prints a term, with a backslash in front of what a search would take for its own.
fn term(f: &mut Formatter<'_>, pattern: &Pattern) -> fmt::Result {
    for part in pattern.parts() {
        match part {
            PatternPart::AnyRun => f.write_char('*')?,
            PatternPart::AnyOne => f.write_char('?')?,
            PatternPart::Text(text) => {
                for character in text.chars() {
                    if SearchExpr::RESERVED.contains(character) {
                        f.write_char('\\')?;
                    }
                    f.write_char(character)?;
                }
            }
        }
    }
    Ok(())
}

impl Display for Returning {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.object.fmt(f)?;
        if self.fields.is_empty() {
            return Ok(());
        }
        f.write_str("(")?;
        list(f, &self.fields)?;
        if let Some(filter) = &self.filter {
            write!(f, " WHERE {filter}")?;
        }
        if let Some(list_view) = &self.list_view {
            write!(f, " USING ListView = {list_view}")?;
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
        f.write_str(")")
    }
}

impl Display for SearchWith {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::DataCategory(categories) => {
                f.write_str("DATA CATEGORY ")?;
                super::separated(f, " AND ", categories)
            }
            Self::Division(value) => write!(f, "DIVISION = {value}"),
            Self::Highlight => f.write_str("HIGHLIGHT"),
            Self::Metadata(value) => write!(f, "METADATA = {value}"),
            Self::Network(values) => match &**values {
                [one] => write!(f, "NETWORK = {one}"),
                several => {
                    f.write_str("NETWORK IN (")?;
                    list(f, several)?;
                    f.write_str(")")
                }
            },
            Self::PricebookId(value) => write!(f, "PricebookId = {value}"),
            Self::Snippet(None) => f.write_str("SNIPPET"),
            Self::Snippet(Some(length)) => write!(f, "SNIPPET (target_length = {length})"),
            Self::SpellCorrection(value) => write!(f, "SPELL_CORRECTION = {value}"),
            Self::SystemMode => f.write_str("SYSTEM_MODE"),
            Self::UserMode => f.write_str("USER_MODE"),
        }
    }
}
