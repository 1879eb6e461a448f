//! The one error type, with the status code, message and fields that an org would answer.
//!
//! Variants are cut by what the caller can do next. [`Error::message`] is the platform's text to
//! the letter; `Display` puts the object, the field and the value beside it where that text leaves
//! them out. Codes and texts follow the platform's published behaviour; where it has no such
//! situation (a broken file, say) the code is `UNKNOWN_EXCEPTION`.

mod status;

use std::{error, fmt};

use crate::id::RecordId;

pub use self::status::StatusCode;

/// What the store answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What decoding a row answers: an error behind a pointer, so that each field read is a few bytes
/// to hand back.
pub type DecodeError = Box<Error>;

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        *error
    }
}

/// Why a call, or one record of a call, was refused or failed.
///
/// Nothing was written for the record that it stands for.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The store has no object of this name.
    UnknownObject {
        /// The name as given.
        object: String,
    },
    /// The object has no field of this name.
    UnknownField {
        /// The object.
        object: String,
        /// The name as given.
        field: String,
    },
    /// One record gives the same field twice, in names that differ in case.
    FieldTwice {
        /// The object.
        object: String,
        /// The field.
        field: String,
    },
    /// Fields that the call may not set; all of them.
    NotWriteable {
        /// The object.
        object: String,
        /// The fields, in the order of the object.
        fields: Vec<String>,
    },
    /// A create that gives an Id.
    IdGiven {
        /// The object.
        object: String,
    },
    /// Fields that have no value and need one; all of them.
    Required {
        /// The object.
        object: String,
        /// The fields, in the order of the object.
        fields: Vec<String>,
    },
    /// A value that the field cannot hold.
    BadValue(Box<BadValue>),
    /// The id of a record to read or write belongs to another object.
    WrongId {
        /// The object that was asked for.
        object: String,
        /// The label of the object's Id.
        label: String,
        /// The id as given.
        id: String,
    },
    /// There is no such record: never created, or purged.
    NotFound {
        /// The object that was asked for, or that holds the reference.
        object: String,
        /// The reference field, if it was a reference.
        field: Option<String>,
        /// The id.
        id: RecordId,
    },
    /// The record is in the recycle bin.
    Deleted {
        /// The object that was asked for, or that holds the reference.
        object: String,
        /// The reference field, if it was a reference.
        field: Option<String>,
        /// The id.
        id: RecordId,
    },
    /// Another live record has the value already, and the field is unique.
    Duplicate {
        /// The object.
        object: String,
        /// The field.
        field: String,
        /// The value as given.
        value: String,
        /// The record that has it.
        holder: RecordId,
    },
    /// The owner was set to null.
    OwnerEmpty {
        /// The object.
        object: String,
        /// The field: `OwnerId`.
        field: String,
    },
    /// An update that does not say of which record.
    IdMissing {
        /// The object.
        object: String,
    },
    /// One call that updates a record more often than it may.
    TooManyUpdates {
        /// The object.
        object: String,
        /// The record.
        id: RecordId,
        /// How often it may.
        limit: usize,
    },
    /// The record to undelete is not in the recycle bin.
    NotInRecycleBin {
        /// The object.
        object: String,
        /// The id.
        id: RecordId,
    },
    /// The record to delete is held by others that require it.
    InUse(Box<InUse>),
    /// The object does not have the call.
    CallNotSupported {
        /// The object.
        object: String,
        /// Its label.
        label: String,
        /// The call.
        call: Call,
    },
    /// More records, or ids, in one call than it takes; nothing was done. (The platform's words for
    /// ids are not known; they are those for records.)
    TooMany {
        /// How many there were.
        given: usize,
        /// How many the call takes.
        limit: usize,
    },
    /// The record was in order, but another of the same all-or-none call was not.
    RolledBack {
        /// The object.
        object: String,
    },
    /// The store does not do this.
    NotSupported {
        /// The object.
        object: String,
        /// What is not supported, as a sentence.
        what: String,
    },
    /// The definitions given to a store contradict themselves or each other; all problems.
    BadDefinition {
        /// The object.
        object: String,
        /// What is wrong, a sentence each.
        problems: Vec<String>,
    },
    /// The file was written with another definition of the object, and the change is not safe;
    /// records and catalogue stay as they were.
    DefinitionChanged {
        /// The object.
        object: String,
        /// What cannot be changed and why, a sentence each.
        changes: Vec<String>,
        /// The records that stand in the way: the first of them.
        records: Vec<RecordId>,
    },
    /// A write was begun inside a write on the same thread; do it through the transaction.
    NestedWrite,
    /// What is stored contradicts itself; each finding is a sentence.
    Corrupt {
        /// The findings.
        findings: Vec<String>,
    },
    /// The file could not be read or written.
    Storage(StorageError),
}

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
    /// The value as given.
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
    /// Text with more characters than the field's length.
    TooLong {
        /// The field's length.
        max: u32,
    },
    /// A number with more digits than the field takes.
    OutOfRange,
    /// Not a value of the field's type, a day outside the years that it takes, or null for a
    /// boolean.
    WrongType,
    /// A JSON object or array where a plain value belongs.
    NotPlain,
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
    /// The id of a record of an object that the reference does not name.
    WrongObject,
}

/// The particulars of [`Error::InUse`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InUse {
    /// The object of the record to delete.
    pub object: String,
    /// The id of the record to delete.
    pub id: RecordId,
    /// The name of the record to delete, or its id if it has none.
    pub name: String,
    /// The plural label of the object whose records hold it.
    pub child_plural: String,
    /// The names of the records that hold it, or their ids.
    pub child_names: Vec<String>,
}

/// A call of the platform, as [`Error::CallNotSupported`] names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Call {
    /// `create()`
    Create,
    /// `update()`
    Update,
    /// `delete()`
    Delete,
    /// `undelete()`
    Undelete,
    /// `retrieve()`
    Retrieve,
    /// `query()`
    Query,
}

/// A failure of the storage below the store. Opaque, so that the engine can change; `source()`
/// leads to the cause.
#[derive(Debug)]
pub struct StorageError(pub(crate) Box<dyn error::Error + Send + Sync>);

impl Error {
    /// The platform's status code.
    pub fn status_code(&self) -> StatusCode {
        match self {
            Self::UnknownObject { .. } => StatusCode::InvalidType,
            Self::UnknownField { .. } | Self::FieldTwice { .. } => StatusCode::InvalidField,
            Self::NotWriteable { .. } | Self::IdGiven { .. } => {
                StatusCode::InvalidFieldForInsertUpdate
            }
            Self::Required { .. } => StatusCode::RequiredFieldMissing,
            Self::BadValue(bad) => match bad.problem {
                Problem::TooLong { .. } => StatusCode::StringTooLong,
                Problem::OutOfRange => StatusCode::NumberOutsideValidRange,
                Problem::WrongType => StatusCode::InvalidTypeOnFieldInRecord,
                Problem::NotPlain => StatusCode::JsonParserError,
                Problem::NotAnEmail => StatusCode::InvalidEmailAddress,
                Problem::NotInPicklist => StatusCode::InvalidOrNullForRestrictedPicklist,
                Problem::TooManyValues { .. } => StatusCode::TooManyEnumValue,
                Problem::MalformedId => StatusCode::MalformedId,
                Problem::WrongObject => StatusCode::FieldIntegrityException,
            },
            Self::WrongId { .. } => StatusCode::MalformedId,
            Self::NotFound { .. } => StatusCode::InvalidCrossReferenceKey,
            Self::Deleted { .. } => StatusCode::EntityIsDeleted,
            Self::Duplicate { .. } | Self::TooManyUpdates { .. } => StatusCode::DuplicateValue,
            Self::OwnerEmpty { .. } => StatusCode::InvalidEmptyKeyOwner,
            Self::IdMissing { .. } => StatusCode::MissingArgument,
            Self::NotInRecycleBin { .. } => StatusCode::UndeleteFailed,
            Self::InUse(_) => StatusCode::DeleteFailed,
            Self::CallNotSupported { call: Call::Create | Call::Update, .. } => {
                StatusCode::CannotInsertUpdateActivateEntity
            }
            Self::CallNotSupported { call: Call::Delete | Call::Undelete, .. } => {
                StatusCode::InsufficientAccessOrReadonly
            }
            Self::CallNotSupported { call: Call::Retrieve | Call::Query, .. } => {
                StatusCode::InvalidTypeForOperation
            }
            Self::TooMany { .. } => StatusCode::ExceededIdLimit,
            Self::RolledBack { .. } => StatusCode::AllOrNoneOperationRolledBack,
            Self::NotSupported { .. } => StatusCode::FunctionalityNotEnabled,
            Self::BadDefinition { .. }
            | Self::DefinitionChanged { .. }
            | Self::NestedWrite
            | Self::Corrupt { .. }
            | Self::Storage(_) => StatusCode::UnknownException,
        }
    }

    /// The message as the platform words it.
    pub fn message(&self) -> String {
        match self {
            Self::UnknownObject { object } => {
                format!("sObject type '{object}' is not supported.")
            }
            Self::UnknownField { object, field } => {
                format!("No such column '{field}' on sobject of type {object}")
            }
            Self::FieldTwice { field, .. } => format!("Field {field} is specified more than once"),
            Self::NotWriteable { fields, .. } => format!(
                "Unable to create/update fields: {}. Please check the security settings of this \
                 field and verify that it is read/write for your profile or permission set.",
                fields.join(", ")
            ),
            Self::IdGiven { .. } => "cannot specify Id in an insert call".to_owned(),
            Self::Required { fields, .. } => {
                format!("Required fields are missing: [{}]", fields.join(", "))
            }
            Self::BadValue(bad) => bad.message(),
            Self::WrongId { label, id, .. } => format!("{label}: id value of incorrect type: {id}"),
            Self::NotFound { .. } => "invalid cross reference id".to_owned(),
            Self::Deleted { .. } => "entity is deleted".to_owned(),
            Self::Duplicate { field, holder, .. } => format!(
                "duplicate value found: {field} duplicates value on record with id: {}",
                holder.to_15()
            ),
            Self::OwnerEmpty { .. } => "owner cannot be blank".to_owned(),
            Self::IdMissing { .. } => "Id not specified in an update call".to_owned(),
            Self::TooManyUpdates { id, limit, .. } => format!(
                "Maximum number of duplicate updates in one batch ({limit} allowed). Attempt to \
                 update Id more than once in this Api call: {id}"
            ),
            Self::NotInRecycleBin { .. } => "Entity is not in the recycle bin".to_owned(),
            Self::InUse(held) => format!(
                "Your attempt to delete {} could not be completed because it is associated with \
                 the following {}.: {}\n",
                held.name,
                held.child_plural.to_lowercase(),
                held.child_names.join(", ")
            ),
            Self::CallNotSupported { object, label, call } => match call {
                Call::Retrieve => format!("entity type {object} does not support retrieve"),
                Call::Query => format!("entity type {object} does not support query"),
                Call::Create => format!("entity type cannot be inserted: {label}"),
                Call::Update => format!("entity type cannot be updated: {label}"),
                Call::Delete | Call::Undelete => {
                    "insufficient access rights on object id".to_owned()
                }
            },
            Self::TooMany { limit, .. } => format!(
                "record limit reached. cannot submit more than {limit} records into this call"
            ),
            Self::RolledBack { .. } => "Record rolled back because not all records were valid \
                                        and the request was using AllOrNone header"
                .to_owned(),
            Self::NotSupported { what, .. } => format!("not supported: {what}"),
            Self::BadDefinition { object, problems } => {
                format!("the definition of {object} is wrong: {}", problems.join("; "))
            }
            Self::DefinitionChanged { object, changes, records } => {
                let mut message = format!("{object} cannot be changed so: {}", changes.join("; "));
                if !records.is_empty() {
                    let records: Vec<_> = records.iter().map(RecordId::to_string).collect();
                    message = format!("{message} (records {})", records.join(", "));
                }
                message
            }
            Self::NestedWrite => "a write was begun inside a write on the same thread; use the \
                                  transaction that the closure was given"
                .to_owned(),
            Self::Corrupt { findings } => {
                format!("the store contradicts itself: {}", findings.join("; "))
            }
            Self::Storage(error) => error.to_string(),
        }
    }

    /// The API names of the fields at fault, as the platform lists them: it leaves them out of
    /// some errors that concern one.
    pub fn fields(&self) -> Vec<String> {
        match self {
            Self::NotWriteable { fields, .. } | Self::Required { fields, .. } => fields.clone(),
            Self::BadValue(bad) if bad.problem != Problem::NotPlain => vec![bad.field.clone()],
            Self::OwnerEmpty { field, .. } => vec![field.clone()],
            Self::IdGiven { .. } | Self::WrongId { .. } => vec!["Id".to_owned()],
            _ => Vec::new(),
        }
    }

    /// The object concerned; empty if none is.
    pub fn object(&self) -> &str {
        match self {
            Self::UnknownObject { object }
            | Self::UnknownField { object, .. }
            | Self::FieldTwice { object, .. }
            | Self::NotWriteable { object, .. }
            | Self::IdGiven { object }
            | Self::Required { object, .. }
            | Self::Duplicate { object, .. }
            | Self::OwnerEmpty { object, .. }
            | Self::IdMissing { object }
            | Self::TooManyUpdates { object, .. }
            | Self::WrongId { object, .. }
            | Self::NotFound { object, .. }
            | Self::Deleted { object, .. }
            | Self::NotInRecycleBin { object, .. }
            | Self::CallNotSupported { object, .. }
            | Self::RolledBack { object }
            | Self::NotSupported { object, .. }
            | Self::BadDefinition { object, .. }
            | Self::DefinitionChanged { object, .. } => object,
            Self::BadValue(bad) => &bad.object,
            Self::InUse(held) => &held.object,
            Self::TooMany { .. } | Self::NestedWrite | Self::Corrupt { .. } | Self::Storage(_) => {
                ""
            }
        }
    }

    /// May a record that fails so be refused alone, while the others of its call are written?
    pub(crate) fn refuses_one_record(&self) -> bool {
        !matches!(self, Self::Corrupt { .. } | Self::Storage(_) | Self::NestedWrite)
    }

    /// What is stored contradicts itself.
    pub(crate) fn corrupt(finding: impl Into<String>) -> Self {
        Self::Corrupt { findings: vec![finding.into()] }
    }
}

impl BadValue {
    fn message(&self) -> String {
        let Self { label, value, .. } = self;
        match self.problem {
            Problem::TooLong { max } => {
                format!("{label}: data value too large: {value} (max length={max})")
            }
            Problem::OutOfRange => {
                format!("{label}: value outside of valid range on numeric field: {value}")
            }
            Problem::WrongType => format!("{label}: value not of required type: {value}"),
            Problem::NotPlain => {
                format!("Cannot deserialize instance of {} from {value}", self.field_type)
            }
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

impl fmt::Display for Error {
    /// The object, the code, the platform's message, and the field and value that it leaves out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.status_code() == StatusCode::UnknownException {
            return f.write_str(&self.message());
        }
        if !self.object().is_empty() {
            write!(f, "{}: ", self.object())?;
        }
        write!(f, "{}: {}", self.status_code(), self.message().trim_end())?;
        match self {
            Self::NotFound { field: Some(field), id, .. }
            | Self::Deleted { field: Some(field), id, .. } => write!(f, " ({field}: {id})"),
            Self::NotFound { id, .. }
            | Self::Deleted { id, .. }
            | Self::NotInRecycleBin { id, .. } => {
                write!(f, " ({id})")
            }
            Self::BadValue(bad) => write!(f, " ({})", bad.field),
            Self::Duplicate { field, value, .. } => write!(f, " ({field}: {value})"),
            Self::TooMany { given, .. } => write!(f, " ({given} given)"),
            _ => Ok(()),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Storage(error) => error.source(),
            _ => None,
        }
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store's file could not be read or written: {}", self.0)
    }
}

impl error::Error for StorageError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(self.0.as_ref())
    }
}

impl From<StorageError> for Error {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}
