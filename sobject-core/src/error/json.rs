//! An error as an org prints it where it is the whole answer.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Call, Error, StatusCode};

impl Error {
    /// Does the error concern the values of a record? Then an org lists fields, be it none.
    fn lists_fields(&self) -> bool {
        match self {
            Self::UnknownObject { .. }
            | Self::NotFilterable { .. }
            | Self::TooMany { .. }
            | Self::TooManyTypes { .. }
            | Self::BadResumeKey { .. }
            | Self::BadWindow { .. }
            | Self::TooManyChanges { .. }
            | Self::BadChangeToken { .. }
            | Self::ChangesCutOff { .. }
            | Self::IdInBody { .. }
            | Self::KeyInBody { .. }
            | Self::NotAKey { .. }
            | Self::BadDefinition { .. }
            | Self::BadPermissions { .. }
            | Self::DefinitionChanged { .. }
            | Self::NestedWrite
            | Self::Corrupt { .. }
            | Self::Query(_)
            | Self::Storage(_) => false,
            Self::CallNotSupported { call, .. } | Self::NoAccess { call, .. } => {
                !matches!(call, Call::Retrieve | Call::Query | Call::GetUpdated | Call::GetDeleted)
            }
            _ => self.status_code() != StatusCode::JsonParserError,
        }
    }
}

impl Serialize for Error {
    /// Writes the message, the code, and the fields of an error that concerns a record.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("message", &self.message())?;
        map.serialize_entry("errorCode", self.status_code().as_str())?;
        if self.lists_fields() {
            map.serialize_entry("fields", &self.listed_fields())?;
        }
        map.end()
    }
}
