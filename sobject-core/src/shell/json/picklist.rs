//! Picklists as text and as JSON: by the values that records hold, never by the names of variants.

use std::{error, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{
    definition::PicklistValue,
    error::shorten,
    shell::picklist::{MultiPicklist, Picklist},
    value::SEPARATOR,
};

/// A text that is no value of a closed picklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotListed {
    value: String,
    listed: &'static [PicklistValue],
}

impl NotListed {
    pub(super) fn new(value: &str, listed: &'static [PicklistValue]) -> Self {
        Self { value: shorten(value.to_owned()), listed }
    }

    /// The text.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for NotListed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed: Vec<_> = self.listed.iter().map(|listed| listed.value).collect();
        write!(f, "`{}` is none of the values {}", self.value, listed.join(", "))
    }
}

impl error::Error for NotListed {}

/// Reads a value of a picklist.
///
/// # Errors
/// [`NotListed`] if the picklist is closed and its list lacks the value.
pub fn parse_listed<P: Picklist>(value: &str) -> Result<P, NotListed> {
    P::from_value(value).ok_or_else(|| NotListed::new(value, P::VALUES))
}

/// Prints a value of a picklist.
///
/// # Errors
/// Those of the formatter.
pub fn display_listed<P: Picklist>(value: &P, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.pad(value.as_str())
}

/// Writes a value of a picklist.
///
/// # Errors
/// Those of the serializer.
pub fn serialize_listed<P: Picklist, S: Serializer>(
    value: &P,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.as_str())
}

/// Reads a value of a picklist.
///
/// # Errors
/// Those of the deserializer, with [`NotListed`].
pub fn deserialize_listed<'de, P: Picklist, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<P, D::Error> {
    parse_listed(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

impl<P: Picklist> FromStr for MultiPicklist<P> {
    type Err = NotListed;

    /// Reads values with `;` between them; an empty text has none.
    fn from_str(text: &str) -> Result<Self, NotListed> {
        let values = text.split(SEPARATOR).map(str::trim).filter(|value| !value.is_empty());
        values.map(parse_listed).collect()
    }
}

impl<P> Serialize for MultiPicklist<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, P: Picklist> Deserialize<'de> for MultiPicklist<P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
