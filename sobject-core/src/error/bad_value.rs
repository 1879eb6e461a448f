//! [`BadValue`]: the particulars of a value that a field cannot hold.

#[cfg(doc)]
use super::Error;

/// The particulars of [`Error::BadValue`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadValue {
    /// The object.
    pub object: String,
    /// The field.
    pub field: String,
    /// The field's label, which the platform's message starts with.
    pub label: String,
    /// The value as given; of one of more than 1,000 characters, the first 255 and how many there
    /// were.
    pub value: String,
    /// The type of the field, as describe names it.
    pub field_type: &'static str,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Text that is longer than the field's length: in UTF-16 units, or in bytes where the field
    /// counts those.
    TooLong {
        /// The field's length.
        max: u32,
    },
    /// A number with more digits than the field takes.
    OutOfRange,
    /// The value is a date or date-time outside the years that the store takes, is null for a
    /// boolean, or is not of the field's type.
    WrongType,
    /// A JSON value that cannot be read as one of the field's type: a text that is no date, a number
    /// where a text belongs, an object or an array.
    Unreadable {
        /// What the JSON has there, as the platform names it: `VALUE_STRING`, `START_OBJECT`, …
        token: &'static str,
    },
    /// Not an e-mail address.
    NotAnEmail,
    /// Not a value of a restricted picklist.
    NotInPicklist,
    /// More values than a multi-select picklist takes.
    TooManyValues {
        /// How many it takes.
        max: usize,
    },
    /// Not a well-formed id.
    MalformedId,
    /// The id of a record of an object that the reference may not name.
    WrongObject,
}

impl BadValue {
    /// The message in the platform's words.
    pub(super) fn message(&self) -> String {
        let Self { label, value, .. } = self;
        match self.problem {
            Problem::TooLong { max } => {
                format!("{label}: data value too large: {value} (max length={max})")
            }
            Problem::OutOfRange => {
                format!("{label}: value outside of valid range on numeric field: {value}")
            }
            Problem::WrongType => format!("{label}: value not of required type: {value}"),
            Problem::Unreadable { token } => format!(
                "Cannot deserialize instance of {} from {token} value {value} or request may be \
                 missing a required field",
                self.field_type
            ),
            Problem::NotAnEmail => format!("{label}: invalid email address: {value}"),
            Problem::NotInPicklist => {
                format!("{label}: bad value for restricted picklist field: {value}")
            }
            Problem::TooManyValues { max } => {
                format!("{label}: too many values: {value} (max values={max})")
            }
            Problem::MalformedId | Problem::WrongObject => {
                format!("{label}: id value of incorrect type: {value}")
            }
        }
    }
}
