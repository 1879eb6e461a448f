//! [`FieldExpr`]: what may stand where a field may: a path, a function of one, a distance.

use super::{Function, Number, Operand, Path};
use crate::span::{Span, Spanned};

/// A field, a function of a field, or a distance from one. It is selected, compared, grouped and
/// ordered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldExpr {
    /// A field of the object, or of one that relationships lead to.
    Path(Path),
    /// A function of a field.
    Function(Box<Spanned<FunctionCall>>),
    /// `DISTANCE(field, GEOLOCATION(37.7, 122.4), 'mi')`
    Distance(Box<Spanned<Distance>>),
}

impl FieldExpr {
    /// A function of a field.
    pub fn function(function: Function, path: impl Into<Path>) -> Self {
        let call = FunctionCall { function: function.into(), inner: None, path: path.into() };
        Self::Function(Box::new(call.into()))
    }

    /// The path that it reads.
    pub fn path(&self) -> &Path {
        match self {
            Self::Path(path) => path,
            Self::Function(call) => &call.path,
            Self::Distance(distance) => &distance.path,
        }
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::Path(path) => path.span(),
            Self::Function(call) => call.span,
            Self::Distance(distance) => distance.span,
        }
    }
}

impl<P: Into<Path>> From<P> for FieldExpr {
    fn from(path: P) -> Self {
        Self::Path(path.into())
    }
}

impl From<FunctionCall> for FieldExpr {
    fn from(call: FunctionCall) -> Self {
        Self::Function(Box::new(call.into()))
    }
}

/// A function, or a function of a function, of a field: `FORMAT(Amount)`,
/// `CALENDAR_YEAR(convertTimezone(CreatedDate))`. SOQL has no third level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionCall {
    /// The function in front, which is applied last.
    pub function: Spanned<Function>,
    /// The function inside, if there are two.
    pub inner: Option<Spanned<Function>>,
    /// The field.
    pub path: Path,
}

/// The distance between two places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distance {
    /// The field that holds the one place.
    pub path: Path,
    /// The other place.
    pub location: Location,
    /// The unit: `mi` or `km`.
    pub unit: Spanned<String>,
}

/// A place that a distance is measured to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// `GEOLOCATION(latitude, longitude)`
    Geolocation {
        /// Degrees to the north.
        latitude: Spanned<Operand<Number>>,
        /// Degrees to the east.
        longitude: Spanned<Operand<Number>>,
    },
    /// Another field.
    Path(Path),
}
