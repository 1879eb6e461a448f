//! Prints conditions.

use std::fmt::{self, Display, Formatter};

use super::{list, literal::quoted, query, separated};
use crate::tree::{
    Comparison, Distance, Expr, FieldExpr, FunctionCall, Location, SemiJoin, Set, Test,
};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(all) => separated(f, " AND ", all.iter().map(Unit)),
            Self::Or(any) => separated(f, " OR ", any.iter().map(Unit)),
            Self::Not(inner) => write!(f, "NOT {}", Unit(inner)),
            Self::Comparison(comparison) => comparison.fmt(f),
        }
    }
}

/// A condition inside another one: a comparison, or anything else in parentheses.
struct Unit<'a>(&'a Expr);

impl Display for Unit<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expr::Comparison(comparison) => comparison.fmt(f),
            other => write!(f, "({other})"),
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.test)
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Compare(op, operand) => write!(f, "{} {operand}", op.as_str()),
            Self::Like(operand) => write!(f, "LIKE {operand}"),
            Self::In(set) => write!(f, "IN {set}"),
            Self::NotIn(set) => write!(f, "NOT IN {set}"),
            Self::Includes(values) | Self::Excludes(values) => {
                let is_includes = matches!(self, Self::Includes(_));
                f.write_str(if is_includes { "INCLUDES (" } else { "EXCLUDES (" })?;
                list(f, values)?;
                f.write_str(")")
            }
        }
    }
}

impl Display for Set {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind(name) => write!(f, ":{name}"),
            Self::SemiJoin(query) => write!(f, "({query})"),
            Self::List(values) => {
                f.write_str("(")?;
                list(f, values)?;
                f.write_str(")")
            }
        }
    }
}

impl Display for SemiJoin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "SELECT {}", self.field)?;
        query::from(f, &self.from, &self.also_from)?;
        query::filter(f, self.filter.as_ref(), self.with.as_slice())
    }
}

impl Display for FieldExpr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => path.fmt(f),
            Self::Function(call) => call.fmt(f),
            Self::Distance(distance) => distance.fmt(f),
        }
    }
}

impl Display for FunctionCall {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.inner {
            None => write!(f, "{}({})", self.function, self.path),
            Some(inner) => write!(f, "{}({inner}({}))", self.function, self.path),
        }
    }
}

impl Display for Distance {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "DISTANCE({}, {}, ", self.path, self.location)?;
        quoted(f, &self.unit)?;
        f.write_str(")")
    }
}

impl Display for Location {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Geolocation { latitude, longitude } => {
                write!(f, "GEOLOCATION({latitude}, {longitude})")
            }
            Self::Path(path) => path.fmt(f),
        }
    }
}
