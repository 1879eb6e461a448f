//! [`QueryError`]: why a query was refused, and where in its text.

use std::fmt;

use sobject_soql::{Place, Span};

use crate::error::StatusCode;

/// Why a query was refused, and where in its text.
///
/// The message is the platform's: the line of the query, a caret below the place, row and column, and
/// what is wrong. `Display` adds the name that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    code: StatusCode,
    text: String,
    place: Option<Place>,
    near: Option<String>,
}

impl QueryError {
    /// What is wrong with a query at a place of its text; a query that a program built has no text.
    pub(crate) fn new(
        code: StatusCode,
        text: String,
        query: Option<&str>,
        span: Span,
        near: Option<String>,
    ) -> Self {
        Self { code, text, place: query.and_then(|query| Place::of(query, span)), near }
    }

    /// The groups of an aggregate query are more than one answer holds.
    pub(crate) fn too_many_groups() -> Self {
        let text = "Aggregate query does not support queryMore(), use LIMIT to restrict the results \
                    to a single batch";
        Self::new(StatusCode::ExceededIdLimit, text.to_owned(), None, Span::NONE, None)
    }

    /// One row was asked for, and there is another number of them. No org has a code for that.
    pub(crate) fn not_one_row(has_none: bool) -> Self {
        let some = if has_none { "no rows" } else { "more than 1 row" };
        let text = format!("List has {some} for assignment to SObject");
        Self::new(StatusCode::UnknownException, text, None, Span::NONE, None)
    }

    /// The platform's status code, such as `MALFORMED_QUERY`.
    pub fn status_code(&self) -> StatusCode {
        self.code
    }

    /// The row of the text in which the mistake is, from 1.
    pub fn row(&self) -> Option<usize> {
        self.place.as_ref().map(Place::row)
    }

    /// The column of the row at which the mistake begins, in characters from 1.
    pub fn column(&self) -> Option<usize> {
        self.place.as_ref().map(Place::column)
    }

    /// What is wrong, without the place.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name that was probably meant.
    pub fn near(&self) -> Option<&str> {
        self.near.as_deref()
    }

    /// The platform's message.
    pub fn message(&self) -> String {
        match &self.place {
            Some(place) => format!("{place}{}", self.text),
            None => self.text.clone(),
        }
    }

    /// Writes the name that was probably meant.
    pub(super) fn write_near(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.near {
            Some(near) => write!(f, " (did you mean {near}?)"),
            None => Ok(()),
        }
    }
}

impl From<sobject_soql::Error> for QueryError {
    fn from(error: sobject_soql::Error) -> Self {
        Self {
            code: match error.status_code() {
                "MALFORMED_SEARCH" => StatusCode::MalformedSearch,
                _ => StatusCode::MalformedQuery,
            },
            text: error.text().to_owned(),
            place: error.place().cloned(),
            near: error.near_match().map(str::to_owned),
        }
    }
}
