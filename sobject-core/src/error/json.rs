//! An error as an org prints it where it is the whole answer.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Error, Problem};

impl Error {
    /// Does the error concern a record? Then an org lists fields, be it none.
    fn is_of_record(&self) -> bool {
        match self {
            Self::UnknownObject { .. }
            | Self::TooMany { .. }
            | Self::TooManyTypes { .. }
            | Self::BadResumeKey { .. }
            | Self::BadDefinition { .. }
            | Self::BadPermissions { .. }
            | Self::DefinitionChanged { .. }
            | Self::NestedWrite
            | Self::Corrupt { .. }
            | Self::Storage(_) => false,
            Self::BadValue(bad) => bad.problem != Problem::NotPlain,
            _ => true,
        }
    }
}

impl Serialize for Error {
    /// Writes the message, the code, and the fields of an error that concerns a record. The body of
    /// an org's answer is a list of such errors, so that `[error]` is one.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("message", &self.message())?;
        map.serialize_entry("errorCode", self.status_code().as_str())?;
        if self.is_of_record() {
            map.serialize_entry("fields", &self.fields())?;
        }
        map.end()
    }
}
