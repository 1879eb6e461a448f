//! The one error type, with the status code, message and fields that an org would answer.
//!
//! Variants are cut by what the caller can do next. [`Error::message`] is the platform's text to
//! the letter; `Display` puts the object, the field and the value beside it where that text leaves
//! them out. Codes and texts follow the platform's published behaviour; where it has no such
//! situation (a broken file, say) the code is `UNKNOWN_EXCEPTION`.

mod answer;
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
    /// The store has no object of this name, or none that the caller may read.
    UnknownObject {
        /// The name as given.
        object: String,
    },
    /// The object has no fields of these names, or none that the caller may read; all of them.
    UnknownField {
        /// The object.
        object: String,
        /// The names: as given, or those of the fields if none were.
        fields: Vec<String>,
    },
    /// One record gives the same field twice, in names that differ in case.
    FieldTwice {
        /// The object.
        object: String,
        /// The field.
        field: String,
    },
    /// Fields that the call may not set, or that the caller may read but not edit; all of them.
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
    /// The id of a record to read or write is no id, or belongs to another object.
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
    /// Another live record has the value of a unique field that the caller may not read.
    DuplicateHidden {
        /// The object.
        object: String,
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
    /// The caller may read the object, but has no right to the call. (Of an object that it may not
    /// read, every call answers [`Error::UnknownObject`].)
    NoAccess {
        /// The object.
        object: String,
        /// Its label.
        label: String,
        /// The call.
        call: Call,
    },
    /// A reference to a record of an object that the caller may not read.
    NoAccessToReferenced {
        /// The object that holds the reference.
        object: String,
        /// The reference field.
        field: String,
        /// The id.
        id: RecordId,
    },
    /// The caller's permissions name fields of the object that are not there, or have no rights of
    /// their own.
    BadPermissions {
        /// The object.
        object: String,
        /// What is wrong, a sentence each.
        problems: Vec<String>,
    },
    /// More records, or ids, in one call than it takes; nothing was done. (The platform's words for
    /// ids are not known; they are those for records.)
    TooMany {
        /// How many there were.
        given: usize,
        /// How many the call takes.
        limit: usize,
    },
    /// More objects in one describe than it takes.
    TooManyTypes {
        /// How many there were.
        given: usize,
        /// How many the call takes.
        limit: usize,
    },
    /// What was given as a [`ResumeKey`](crate::ResumeKey) is none, or is of a walk over other
    /// records or in another order.
    BadResumeKey {
        /// The key as given.
        key: String,
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
    /// `describeSObjects()`
    DescribeSObjects,
}

/// A failure of the storage below the store: [`StorageError::kind`] says what can be done next.
///
/// Else it is opaque, so that the engine can change; `source()` leads to the cause.
#[derive(Debug)]
pub struct StorageError {
    kind: StorageErrorKind,
    cause: Box<dyn error::Error + Send + Sync>,
}

/// What can be done after a failure of the storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StorageErrorKind {
    /// Other writes changed what this one had read, each time that the store ran it. Nothing of it
    /// was written: call again when there is less going on.
    Conflict,
    /// The commit failed in a way that leaves it open whether the write is there. Read what it was
    /// to change before you write it again, or it may be there twice.
    CommitUnknown,
    /// The storage does not answer: a disk that fails, a file that another process has open or that
    /// may not be read, a store that refuses to go on after such a failure. Nothing was written.
    /// Call again when the trouble is over; if it stays, open the store anew.
    Unavailable,
    /// The file contradicts itself, or is no store. Nothing was written, and calling again does not
    /// help: a copy must take its place.
    Damaged,
    /// Anything else. Nothing was written, and calling again gives the same.
    Other,
}

impl StorageError {
    pub(crate) fn new(
        kind: StorageErrorKind,
        cause: impl Into<Box<dyn error::Error + Send + Sync>>,
    ) -> Self {
        Self { kind, cause: cause.into() }
    }

    /// What can be done next.
    pub fn kind(&self) -> StorageErrorKind {
        self.kind
    }
}

impl Error {
    /// May a record that fails so be refused alone, while the others of its call are written?
    pub(crate) fn refuses_one_record(&self) -> bool {
        !matches!(
            self,
            Self::Corrupt { .. }
                | Self::Storage(_)
                | Self::NestedWrite
                | Self::BadPermissions { .. }
        )
    }

    /// What is stored contradicts itself.
    pub(crate) fn corrupt(finding: impl Into<String>) -> Self {
        Self::Corrupt { findings: vec![finding.into()] }
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
        let what = match self.kind {
            StorageErrorKind::Conflict => "other writes came first each time",
            StorageErrorKind::CommitUnknown => "it is not known whether the write is there",
            StorageErrorKind::Damaged => "the store's file is damaged",
            StorageErrorKind::Unavailable | StorageErrorKind::Other => {
                "the store's file could not be read or written"
            }
        };
        write!(f, "{what}: {}", self.cause)
    }
}

impl error::Error for StorageError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(self.cause.as_ref())
    }
}

impl From<StorageError> for Error {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}
