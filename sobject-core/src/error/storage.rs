//! [`StorageError`]: what can be done when the storage fails.
//!
//! **Invariant:** it names no storage engine.

use std::{error, fmt};

use super::Error;

/// A failure of the storage below the store: [`StorageError::kind`] says what can be done next.
///
/// Beyond that it is opaque, so that another engine may take the place of the present one;
/// `source()` returns the cause.
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
    /// was written: call again when fewer writes are going on.
    Conflict,
    /// The commit failed, and it is not known whether the write is in the file. Nothing finds that
    /// out by itself: look before you write again, or a record may be there twice.
    ///
    /// 1. Drop every handle, session and walk of the store, and open the file anew. Until then, the
    ///    store may read the state before the write, even if the file has the write. After a sync
    ///    that failed, it does, and refuses every further write.
    /// 2. Look for what the call was to write. All of it is there, or nothing: a call is written as
    ///    a whole, and so is a transaction.
    /// 3. Write again what is not there. An update and a replica's put may be written again in any
    ///    case, since they set the same values. A second delete or undelete is refused
    ///    ([`Error::Deleted`], [`Error::NotInRecycleBin`]).
    ///
    /// A create is found again by a unique field that holds a name of your own for the attempt, such
    /// as a UUID. With such a field you need not even look: if the record is there, the second
    /// attempt is refused as [`Error::Duplicate`], whose `holder` is its id.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{Connection, Error, Id, Result, SObject, StorageErrorKind, Store};
    ///
    /// /// A payment, with the name that its program gave it.
    /// #[derive(SObject)]
    /// #[sobject(name = "Payment__c", key_prefix = "a0P")]
    /// struct Payment {
    ///     #[field(create, filter, sort, unique, name = "Request__c", length = 36)]
    ///     request: String,
    ///     #[field(create, filter, sort, name = "Amount__c")]
    ///     amount: f64,
    /// }
    ///
    /// /// Writes a payment once. `reopen` drops the store and opens its file anew.
    /// fn pay(
    ///     db: Connection,
    ///     payment: PaymentCreate,
    ///     reopen: impl FnOnce(Connection) -> Result<Connection>,
    /// ) -> Result<Id<Payment>> {
    ///     match db.create(payment.clone()) {
    ///         Err(Error::Storage(error)) if error.kind() == StorageErrorKind::CommitUnknown => (),
    ///         result => return result,
    ///     }
    ///     match reopen(db)?.create(payment) {
    ///         Err(Error::Duplicate { holder, .. }) => Ok(Id::new(holder)),
    ///         result => result,
    ///     }
    /// }
    /// # let db = Store::in_memory(&[Payment::OBJECT])?.system();
    /// # pay(db, PaymentCreate::new("b0c5", 12.5), Ok)?;
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    CommitUnknown,
    /// The storage does not answer: a disk fails, another process has the file open, the file may
    /// not be read, or the store refuses to go on after such a failure. Nothing was written. Call
    /// again when the trouble is over: a store whose disk was full goes on once there is room, and
    /// a session from before may have to be begun again. After a sync that failed, the store
    /// refuses all writes until every handle of it was dropped and the file was opened anew, since
    /// pages that it reads back may not be on the disk.
    Unavailable,
    /// The file contradicts itself, or is no store. Nothing was written, and calling again does not
    /// help: the file must be replaced by a copy that is sound. Where the storage engine panicked at
    /// the bytes, the program's panic hook has run, and may have printed a line; see
    /// [`Store::check`](crate::Store::check) for what finds such a file first.
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
