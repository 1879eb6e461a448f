//! [`BadParent`]: the particulars of a parent that a record gives by a key.

#[cfg(doc)]
use super::Error;

/// The particulars of [`Error::BadParent`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadParent {
    /// The object of the record that gives the parent.
    pub object: String,
    /// The reference that is to lead to the parent.
    pub field: String,
    /// The name of its relationship, under which the parent is given.
    pub relationship: String,
    /// What is wrong with it.
    pub problem: ParentProblem,
}

/// What is wrong with a parent that a record gives by a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParentProblem {
    /// No live record has the value.
    NotFound {
        /// The object of the parent.
        target: String,
        /// The key.
        key: String,
        /// The value as given.
        value: String,
    },
    /// The reference itself is given too.
    IdGivenToo,
    /// Not one field is given, but none or several.
    Keys {
        /// How many fields there are.
        given: usize,
    },
    /// The field is no key of the parent's object.
    NotAKey {
        /// The object of the parent.
        target: String,
        /// The field.
        key: String,
    },
    /// The reference may be of several objects, and it is not said of which.
    TypeMissing,
    /// The reference may not be of the object that is given as its type.
    WrongType {
        /// The type as given.
        given: String,
    },
    /// The store does not have the object, or the caller may not read it.
    NoObject,
}

impl BadParent {
    /// The message in the platform's words, where they are known.
    pub(super) fn message(&self) -> String {
        let Self { object, field, relationship, problem } = self;
        match problem {
            ParentProblem::NotFound { target, key, value } => {
                format!(
                    "Foreign key external ID: {value} not found for field {key} in entity {target}"
                )
            }
            ParentProblem::IdGivenToo => format!(
                "Cannot specify both an external ID reference {relationship} and a salesforce id, \
                 {field}"
            ),
            ParentProblem::Keys { given: 0 } => format!(
                "No field provided in an external foreign key reference in entity: {object}"
            ),
            ParentProblem::Keys { .. } => format!(
                "More than 1 field provided in an external foreign key reference in entity: {object}"
            ),
            ParentProblem::NotAKey { target, key } => no_key_message(target, key),
            ParentProblem::TypeMissing => format!(
                "The external foreign key reference {relationship} may be of several objects: its \
                 type must be given"
            ),
            ParentProblem::WrongType { given } => {
                format!(
                    "The external foreign key reference {relationship} may not be of type {given}"
                )
            }
            ParentProblem::NoObject => format!(
                "The external foreign key reference {relationship} is not of an object that can be \
                 looked up"
            ),
        }
    }
}

/// What the platform says of a field by which no record can be named.
pub(super) fn no_key_message(object: &str, field: &str) -> String {
    format!(
        "Field name provided, {field} does not match an External ID, Salesforce Id, or indexed field \
         for {object}"
    )
}
