//! redb's errors, by what the caller can do next.

use std::io::ErrorKind;

use redb::{CommitError, CursorError, DatabaseError, StorageError, TableError, TransactionError};

use crate::engine::EngineError;

impl From<StorageError> for EngineError {
    fn from(error: StorageError) -> Self {
        let is_damage = match &error {
            StorageError::Corrupted(_) => true,
            // No database, and a file that ends before its last page.
            StorageError::Io(error) => {
                matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof)
            }
            _ => false,
        };
        match error {
            error if is_damage => Self::damaged(error),
            StorageError::DatabaseClosed => Self::Unavailable(
                "the storage failed, and the store was opened again since; begin to read again"
                    .into(),
            ),
            StorageError::ValueTooLarge(_) | StorageError::Unsupported => Self::Other(error.into()),
            error => Self::Unavailable(error.into()),
        }
    }
}

impl From<DatabaseError> for EngineError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Storage(error) => error.into(),
            DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
                Self::Unavailable(error.into())
            }
            error => Self::Other(error.into()),
        }
    }
}

impl From<TransactionError> for EngineError {
    fn from(error: TransactionError) -> Self {
        match error {
            TransactionError::Storage(error) => error.into(),
            error => Self::Other(error.into()),
        }
    }
}

impl From<TableError> for EngineError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Storage(error) => error.into(),
            TableError::TableAlreadyOpen(..) | TableError::TableExists(_) => {
                Self::Other(error.into())
            }
            // A table that is missing, or holds other types than its space says.
            error => Self::damaged(error),
        }
    }
}

impl From<CommitError> for EngineError {
    fn from(error: CommitError) -> Self {
        match error {
            // A commit can fail before its pages are on the disk, while they are brought there, and
            // when they are there already and pages of earlier states are set free. redb does not
            // say which.
            CommitError::Storage(_) => Self::CommitUnknown(error.into()),
            // It was refused, and nothing was written.
            error => Self::Other(error.into()),
        }
    }
}

impl From<CursorError> for EngineError {
    fn from(error: CursorError) -> Self {
        match error {
            CursorError::Storage(error) => error.into(),
            // A key in the way that was not there before, or the keys of the table are in disorder.
            error => Self::damaged(error),
        }
    }
}

/// Is it the error of a file that somebody has open?
pub(super) fn is_open_elsewhere(error: &EngineError) -> bool {
    let EngineError::Unavailable(cause) = error else { return false };
    matches!(cause.downcast_ref(), Some(DatabaseError::DatabaseAlreadyOpen))
}
