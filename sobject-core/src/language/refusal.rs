//! [`Refusal`]: why a query was not bound, and where in its text.
//!
//! Codes and texts are the platform's, where they are known; `<what> is not supported` is ours.

use sobject_soql::{Span, nearest};

use crate::error::StatusCode;

/// Why a query was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: StatusCode,
    pub(crate) span: Span,
    pub(crate) text: String,
    /// A name that was probably meant.
    pub(crate) near: Option<String>,
}

/// The result of binding a part of a query. The error is behind a pointer, since it is large and
/// seldom.
pub(crate) type Bound<T> = Result<T, Box<Refusal>>;

impl Refusal {
    fn new(code: StatusCode, span: Span, text: impl Into<String>) -> Box<Self> {
        Box::new(Self { code, span, text: text.into(), near: None })
    }

    /// The query does not follow the rules of the language.
    pub(crate) fn malformed(span: Span, text: impl Into<String>) -> Box<Self> {
        Self::new(StatusCode::MalformedQuery, span, text)
    }

    /// The field cannot be used so.
    pub(crate) fn field(span: Span, text: impl Into<String>) -> Box<Self> {
        Self::new(StatusCode::InvalidField, span, text)
    }

    /// The operator does not go with the field or the value.
    pub(crate) fn operator(span: Span, text: impl Into<String>) -> Box<Self> {
        Self::new(StatusCode::InvalidQueryFilterOperator, span, text)
    }

    /// A number is beyond what it may be.
    pub(crate) fn out_of_range(span: Span, text: impl Into<String>) -> Box<Self> {
        Self::new(StatusCode::NumberOutsideValidRange, span, text)
    }

    /// The object does not have the call.
    pub(crate) fn no_call(span: Span, text: impl Into<String>) -> Box<Self> {
        Self::new(StatusCode::InvalidTypeForOperation, span, text)
    }

    /// No term of a search is long enough. The platform shows no place.
    pub(crate) fn short_term(term: &str) -> Box<Self> {
        let text = format!("search term must be longer than one character: {term}");
        Self::new(StatusCode::InvalidSearch, Span::NONE, text)
    }

    /// The refusal as that of a search: what does not follow the rules of the language has another code
    /// there.
    pub(crate) fn of_search(mut self: Box<Self>) -> Box<Self> {
        if self.code == StatusCode::MalformedQuery {
            self.code = StatusCode::MalformedSearch;
        }
        self
    }

    /// The language has it, and this store does not.
    pub(crate) fn not_supported(span: Span, what: &str) -> Box<Self> {
        Self::malformed(span, format!("{what} is not supported"))
    }

    /// There is no such object, or none that the caller may read.
    pub(crate) fn no_object(span: Span, name: &str) -> Box<Self> {
        let text = format!(
            "sObject type '{name}' is not supported. If you are attempting to use a custom object, \
             be sure to append the '__c' after the entity name. Please reference your WSDL or the \
             describe call for the appropriate names."
        );
        Self::new(StatusCode::InvalidType, span, text)
    }

    /// There is no such field, or none that the caller may read.
    pub(crate) fn no_field(span: Span, name: &str, object: &str) -> Box<Self> {
        let text = format!(
            "No such column '{name}' on entity '{object}'. If you are attempting to use a custom \
             field, be sure to append the '__c' after the custom field name. Please reference your \
             WSDL or the describe call for the appropriate names."
        );
        Self::field(span, text)
    }

    /// There is no such relationship to a parent, or none that the caller may read.
    pub(crate) fn no_parent(span: Span, name: &str) -> Box<Self> {
        Self::field(span, Self::no_relationship(name, "field path"))
    }

    /// There is no such relationship to children, or none that the caller may read.
    pub(crate) fn no_children(span: Span, name: &str) -> Box<Self> {
        let text = Self::no_relationship(name, "FROM part of query call");
        Self::new(StatusCode::InvalidType, span, text)
    }

    fn no_relationship(name: &str, place: &str) -> String {
        format!(
            "Didn't understand relationship '{name}' in {place}. If you are attempting to use a \
             custom relationship, be sure to append the '__r' after the custom relationship name. \
             Please reference your WSDL or the describe call for the appropriate names."
        )
    }

    /// The refusal with the one of these names that was probably meant.
    pub(crate) fn with_near<'n>(
        mut self: Box<Self>,
        written: &str,
        names: impl Iterator<Item = &'n str>,
    ) -> Box<Self> {
        self.near = nearest(written, names).map(str::to_owned);
        self
    }
}
