//! [`Error`]: the one error type, with the status code, message and fields that an org would
//! answer.
//!
//! Two errors are different variants if a program that gets them can do different things next.
//! [`Error::message`] is exactly the platform's text; `Display` adds the object, the field and the
//! value where that text leaves them out. Codes and texts follow the platform's published
//! behaviour. For situations that the platform does not have, such as a damaged file, the code is
//! `UNKNOWN_EXCEPTION`.

mod answer;
mod bad_value;
mod call;
mod json;
mod parent;
mod query;
mod shorten;
mod status;
mod storage;

use std::error;

use crate::id::RecordId;

pub(crate) use self::shorten::shorten;
pub use self::{
    bad_value::{BadValue, Problem},
    call::{Call, InUse},
    parent::{BadParent, ParentProblem},
    query::QueryError,
    status::StatusCode,
    storage::{StorageError, StorageErrorKind},
};

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The error of decoding a row. It is behind a pointer, so that the result of reading a field has
/// only a few bytes to return.
pub type DecodeError = Box<Error>;

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        *error
    }
}

/// Why a call, or one record of a call, was refused or failed.
///
/// Nothing was written of that call or that record, except where
/// [`StorageErrorKind::CommitUnknown`] says that this is not known.
///
/// A program matches on the variants whose particulars it can use, and prints or passes on the others:
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{Connection, Error, Id, Problem, SObject, Store};
///
/// /// A customer, known by a number.
/// #[derive(SObject)]
/// #[sobject(key_prefix = "a0C", custom)]
/// struct Customer {
///     #[field(create, custom, filter, sort, unique, length = 8)]
///     number: String,
///     #[field(create, custom, filter, nillable, sort, type = email)]
///     email: Option<String>,
/// }
///
/// /// Creates the customer, or finds the one that has the number already. An address that is none
/// /// is left out.
/// fn ensure(db: &Connection, mut customer: CustomerCreate) -> Result<Id<Customer>, Error> {
///     match db.create(customer.clone()) {
///         Err(Error::Duplicate { holder, .. }) => Ok(Id::new(holder)),
///         Err(Error::BadValue(bad)) if bad.problem == Problem::NotAnEmail => {
///             customer.email = None;
///             ensure(db, customer)
///         }
///         result => result,
///     }
/// }
///
/// let db = Store::in_memory(&[Customer::OBJECT])?.system();
/// let customer = CustomerCreate { email: Some("none".into()), ..CustomerCreate::new("C-1") };
/// let id = ensure(&db, customer.clone())?;
/// assert_eq!(ensure(&db, customer)?, id);
///
/// // What is not handled prints object, code, message, field and value.
/// let error = ensure(&db, CustomerCreate::new("much too long")).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "Customer__c: STRING_TOO_LONG: Number: data value too large: much too long (max length=8) \
///      (Number__c)",
/// );
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
///
/// By serde, an error is written as an org prints it: a list of one is the body of its answer. In the
/// results of a call over several records, errors have another form ([`SaveResult`](crate::SaveResult)).
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use serde_json::json;
/// use sobject_core::{SObject, Store, standard::{Group, GroupCreate}};
///
/// let db = Store::in_memory(&[Group::OBJECT])?.system();
/// let error = db.create(GroupCreate::new(String::new())).unwrap_err();
/// assert_eq!(
///     serde_json::to_value([&error]).unwrap(),
///     json!([{
///         "message": "Required fields are missing: [Name]",
///         "errorCode": "REQUIRED_FIELD_MISSING",
///         "fields": ["Name"],
///     }]),
/// );
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The store has no object of this name, or none that the caller may read.
    UnknownObject {
        /// The name as given.
        object: String,
    },
    /// The object has no fields of these names, or the caller may not read them. All such names are
    /// listed.
    UnknownField {
        /// The object.
        object: String,
        /// The names as they were given; for a typed call, which gives none, the fields' API names.
        fields: Vec<String>,
    },
    /// Records cannot be found by the field, which lacks the property Filter.
    NotFilterable {
        /// The object.
        object: String,
        /// The field.
        field: String,
    },
    /// What was given as a record is JSON, but no object.
    NotARecord {
        /// The object that it was given for.
        object: String,
        /// What it is instead, as the platform's JSON parser names it.
        given: String,
    },
    /// One record gives the same field twice, in names that differ in case.
    FieldTwice {
        /// The object.
        object: String,
        /// The field.
        field: String,
    },
    /// The call gives fields that it cannot set, or that the caller may read but not edit. All such
    /// fields are listed.
    NotWriteable {
        /// The object.
        object: String,
        /// The fields, in the order of the object.
        fields: Vec<String>,
    },
    /// A create gives an Id, which only the store gives.
    IdGiven {
        /// The object.
        object: String,
    },
    /// An update gives an Id among the values of a record that is named beside them.
    IdInBody {
        /// The object.
        object: String,
    },
    /// The record lacks values that it needs. All such fields are listed.
    Required {
        /// The object.
        object: String,
        /// The fields, in the order of the object.
        fields: Vec<String>,
    },
    /// A field cannot hold the value that was given.
    BadValue(Box<BadValue>),
    /// The id of the record to read or write is malformed, or is one of another object.
    WrongId {
        /// The object that was asked for.
        object: String,
        /// The label of the object's Id.
        label: String,
        /// The id as given.
        id: String,
    },
    /// There is no record with this id: it was never created, or it was purged.
    NotFound {
        /// The object that was asked for, or that holds the reference.
        object: String,
        /// The reference field, if a reference names the record.
        field: Option<String>,
        /// The id.
        id: RecordId,
    },
    /// The record is in the recycle bin.
    Deleted {
        /// The object that was asked for, or that holds the reference.
        object: String,
        /// The reference field, if a reference names the record.
        field: Option<String>,
        /// The id.
        id: RecordId,
    },
    /// The field is unique, and another live record has the value already.
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
    /// Another live record has the value already, in a unique field that the caller may not read.
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
    /// An update does not give the Id of its record.
    IdMissing {
        /// The object.
        object: String,
    },
    /// An upsert, or a parent that a record gives, is to be found by a field that is no key of the
    /// object: neither Id nor `id_lookup` nor `external_id`, or none that the caller may read.
    NotAKey {
        /// The object.
        object: String,
        /// The field as it was named.
        field: String,
    },
    /// A record of an upsert has no value for the key.
    KeyMissing {
        /// The object.
        object: String,
        /// The key.
        field: String,
    },
    /// A record of an upsert gives the key, which was given beside it.
    KeyInBody {
        /// The object.
        object: String,
        /// The key.
        field: String,
    },
    /// Several records of one upsert have the same key. None of them is written.
    KeyTwice {
        /// The object.
        object: String,
        /// The key.
        field: String,
        /// Its value as given.
        value: String,
    },
    /// Several live records have the value of the key by which an upsert, or a parent that a record
    /// gives, is to be found.
    SeveralMatches {
        /// The object of the records.
        object: String,
        /// The key.
        field: String,
        /// The label of the key.
        label: String,
        /// The first ten of the records.
        records: Vec<RecordId>,
    },
    /// A parent that a record gives by a key in place of an id, as in
    /// `"Account": { "Ext__c": "x" }`, cannot be found or is not named as it should be.
    BadParent(Box<BadParent>),
    /// One call updates the same record too often.
    TooManyUpdates {
        /// The object.
        object: String,
        /// The record.
        id: RecordId,
        /// How often a call may update it.
        limit: usize,
    },
    /// The record to undelete is not in the recycle bin.
    NotInRecycleBin {
        /// The object.
        object: String,
        /// The id.
        id: RecordId,
    },
    /// The record to undelete needs a record that is no longer live: a field that may not be empty refers
    /// to it. Undelete that one first.
    NeedsRecord {
        /// The object.
        object: String,
        /// The field.
        field: String,
        /// What the field refers to.
        id: RecordId,
    },
    /// The record to empty from the recycle bin has no entry there: it was never deleted, it was emptied
    /// already, or it was deleted along with another.
    NoBinEntry {
        /// The object.
        object: String,
        /// The id.
        id: RecordId,
    },
    /// Other records require the record to delete.
    InUse(Box<InUse>),
    /// The object does not support the call.
    CallNotSupported {
        /// The object.
        object: String,
        /// Its label.
        label: String,
        /// The call.
        call: Call,
    },
    /// The caller may read the object, but does not have the right to the call. (If the caller may
    /// not read the object, every call on it answers [`Error::UnknownObject`].)
    NoAccess {
        /// The object.
        object: String,
        /// Its label.
        label: String,
        /// The call.
        call: Call,
    },
    /// The caller's permissions name fields that the object does not have, or that have no rights
    /// of their own.
    BadPermissions {
        /// The object.
        object: String,
        /// What is wrong: one sentence for each problem.
        problems: Vec<String>,
    },
    /// The call was given more records or ids than it takes, and did nothing. (The platform's
    /// message for ids is not known; the one for records is used.)
    TooMany {
        /// How many there were.
        given: usize,
        /// How many the call takes.
        limit: usize,
    },
    /// One describe was asked for more objects than it takes.
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
    /// A hook or a validation of the program has refused the record.
    Invalid {
        /// The object.
        object: String,
        /// The program's own words.
        message: String,
        /// The fields that they are about.
        fields: Vec<String>,
    },
    /// A hook has failed, and with it the records that it ran for.
    HookFailed {
        /// The object.
        object: String,
        /// When the hook ran: `before create`, `after update`, …
        event: &'static str,
        /// The error of the hook.
        message: String,
    },
    /// Hooks have set off hooks too deep.
    HooksTooDeep {
        /// The object.
        object: String,
        /// How deep they may.
        limit: usize,
    },
    /// A window of getUpdated or getDeleted begins too early, or does not end after it begins.
    BadWindow {
        /// The object.
        object: String,
        /// What is wrong with the window.
        what: String,
    },
    /// More records changed in a window of getUpdated or getDeleted than one answer lists. Ask for
    /// shorter windows.
    TooManyChanges {
        /// The object.
        object: String,
        /// How many an answer lists.
        limit: usize,
    },
    /// What was given as a [`ChangeToken`](crate::ChangeToken) is none, or is of another store.
    BadChangeToken {
        /// The token as given.
        token: String,
    },
    /// Changes behind the token were cut off from the feed ([`Store::compact_feed`]), so they can no
    /// longer be read: copy the records anew and begin where the feed stands then. A cursor that is
    /// kept by name ([`Store::set_cursor`]) prevents this.
    ///
    /// [`Store::compact_feed`]: crate::Store::compact_feed
    /// [`Store::set_cursor`]: crate::Store::set_cursor
    ChangesCutOff {
        /// The token as given.
        token: String,
    },
    /// The record was in order, but another record of the same all-or-none call was refused.
    RolledBack {
        /// The object.
        object: String,
    },
    /// The store does not support this.
    NotSupported {
        /// The object.
        object: String,
        /// What is not supported, as a sentence.
        what: String,
    },
    /// The call sets fields that the store describes but does not hold, such as formulas. All such
    /// fields are listed.
    DescribedOnly {
        /// The object.
        object: String,
        /// The fields, in the order in which they were given.
        fields: Vec<String>,
    },
    /// A definition that was given to a store contradicts itself or another. All problems of one
    /// object are listed.
    BadDefinition {
        /// The object.
        object: String,
        /// What is wrong: one sentence for each problem.
        problems: Vec<String>,
    },
    /// The file was written with another definition of the object, and cannot be changed to the new
    /// one: its records do not fit, or the store does not support the change. The file stays as it
    /// was.
    DefinitionChanged {
        /// The object.
        object: String,
        /// What cannot be changed and why: one sentence for each change.
        changes: Vec<String>,
        /// The first of the records that stand in the way.
        records: Vec<RecordId>,
    },
    /// A write was begun inside another write on the same thread. Use the transaction that the
    /// outer closure is given.
    NestedWrite,
    /// A query is no SOQL, names what is not there, or asks for what cannot be asked.
    Query(Box<QueryError>),
    /// The file contradicts itself.
    Corrupt {
        /// The contradictions that were found: one sentence for each.
        findings: Vec<String>,
    },
    /// The file could not be read or written.
    Storage(StorageError),
}

impl Error {
    /// Does this error refuse one record alone, so that the other records of its call are written?
    pub(crate) fn refuses_one_record(&self) -> bool {
        !matches!(
            self,
            Self::Corrupt { .. }
                | Self::Storage(_)
                | Self::NestedWrite
                | Self::BadPermissions { .. }
        )
    }

    /// The file contradicts itself, as this sentence says.
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
