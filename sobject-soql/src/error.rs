//! [`Error`]: why a text is no query, where, and what the platform says.

use std::{error, fmt};

use crate::{place::Place, span::Span};

/// Why a text is not a query, or not a search.
///
/// [`Error::message`] is what the platform answers; `Display` adds the word that was meant, where a
/// near one is known.
///
/// ```
/// use sobject_soql::{Dialect, ErrorKind, Query};
///
/// let error = Query::parse("SELECT Id FORM Account WHERE Name = 'x'", Dialect::Rest).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Missing);
/// assert_eq!(error.span().range(), Some(15..22));
/// assert_eq!(error.status_code(), "MALFORMED_QUERY");
/// assert_eq!(
///     error.to_string(),
///     "
/// SELECT Id FORM Account WHERE Name = 'x'
///                ^
/// ERROR at Row:1:Column:16
/// missing value at 'Account'; did you mean 'FROM' where 'FORM' stands?"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    /// Behind a pointer, so that the result of reading a part of a query is small.
    parts: Box<Parts>,
}

#[derive(Clone, PartialEq, Eq)]
struct Parts {
    kind: ErrorKind,
    language: Language,
    span: Span,
    place: Option<Place>,
    text: String,
    near: Option<Near>,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A word, a sign or a value stands where none of its kind may.
    UnexpectedToken,
    /// The text ends where more is due.
    UnexpectedEnd,
    /// Something is missing in front of the place.
    Missing,
    /// A character that belongs to no word, sign or value.
    UnexpectedCharacter,
    /// A text in quotes goes over the end of its line.
    NewlineInText,
    /// A text in quotes has no closing quote.
    UnclosedText,
    /// A backslash stands in front of a character that it cannot stand in front of.
    InvalidEscape,
    /// A bind variable, or a clause that only programs have, in the REST dialect.
    NotInDialect,
    /// A clause that this crate does not read.
    NotSupported,
    /// A number that is too large for what it says.
    NumberOutOfRange,
    /// The text has more than 100,000 characters.
    TooLong,
    /// Parentheses and queries are nested too deep.
    TooDeep,
    /// A search has no text to search for.
    NoSearchTerm,
}

/// Which language a text is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Language {
    Soql,
    Sosl,
}

/// A word that was probably meant.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Near {
    /// The word that stands in the text.
    pub(crate) written: Box<str>,
    /// The word that was meant.
    pub(crate) meant: &'static str,
}

impl Error {
    /// An error with its place shown in front of the text.
    pub(crate) fn new(
        kind: ErrorKind,
        language: Language,
        query: &str,
        span: Span,
        text: String,
    ) -> Self {
        let place = Place::of(query, span);
        Self { parts: Box::new(Parts { kind, language, span, place, text, near: None }) }
    }

    /// An error whose text stands alone, as the platform answers it.
    pub(crate) fn alone(kind: ErrorKind, language: Language, span: Span, text: String) -> Self {
        Self { parts: Box::new(Parts { kind, language, span, place: None, text, near: None }) }
    }

    /// The error with another place shown, unless that is none.
    pub(crate) fn shown_at(mut self, query: &str, span: Span) -> Self {
        self.parts.place = Place::of(query, span).or(self.parts.place);
        self
    }

    /// The error with a word that was probably meant.
    pub(crate) fn meant(mut self, near: Option<Near>) -> Self {
        self.parts.near = near;
        self
    }

    /// What is wrong.
    pub fn kind(&self) -> ErrorKind {
        self.parts.kind
    }

    /// Where it is wrong.
    pub fn span(&self) -> Span {
        self.parts.span
    }

    /// The row and column, and the line that shows it, if the message has them.
    pub fn place(&self) -> Option<&Place> {
        self.parts.place.as_ref()
    }

    /// The platform's text, without the place.
    pub fn text(&self) -> &str {
        &self.parts.text
    }

    /// The word that was probably meant.
    pub fn near_match(&self) -> Option<&str> {
        self.parts.near.as_ref().map(|near| near.meant)
    }

    /// The platform's message: the place, if it is shown, and the text.
    pub fn message(&self) -> String {
        match &self.parts.place {
            None => self.parts.text.clone(),
            Some(place) => format!("{place}{}", self.parts.text),
        }
    }

    /// The platform's code of this error: `MALFORMED_QUERY`, or `MALFORMED_SEARCH` of a search.
    pub fn status_code(&self) -> &'static str {
        match self.parts.language {
            Language::Soql => "MALFORMED_QUERY",
            Language::Sosl => "MALFORMED_SEARCH",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { place, text, near, .. } = &*self.parts;
        if let Some(place) = place {
            write!(f, "{place}")?;
        }
        f.write_str(text)?;
        match near {
            None => Ok(()),
            Some(Near { written, meant }) => {
                write!(f, "; did you mean '{meant}' where '{written}' stands?")
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {:?}: {self}", self.parts.kind, self.parts.span)
    }
}

impl error::Error for Error {}
