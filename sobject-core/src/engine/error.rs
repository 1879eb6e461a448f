//! Why an engine did not do what it was asked, told apart by what the caller can do next.

use std::{error, fmt};

use crate::error::{Error, StorageError, StorageErrorKind};

/// What an engine's own error is kept as: no engine's types pass the seam.
pub(crate) type Cause = Box<dyn error::Error + Send + Sync>;

/// Why an engine did not do what it was asked.
#[derive(Debug)]
pub(crate) enum EngineError {
    /// Another write changed what this one has read. Nothing was applied: run the write again, on
    /// the newer state.
    Conflict,
    /// The commit failed in a way that leaves it open whether the write is there. Never run the
    /// write again unasked, since it may then be done twice: whatever is remembered of the state
    /// must be read again, and the caller told.
    CommitUnknown(Cause),
    /// The storage does not answer: a disk that fails, a file that another process has, a storage
    /// that was shut after a failure. Nothing was applied. Asking again may do once the trouble is
    /// over, for some troubles only after the store was opened anew.
    Unavailable(Cause),
    /// What is stored contradicts itself, or cannot be read as what it should be. Nothing was
    /// applied, and asking again does not help: a copy must take the place of the file.
    Damaged(Cause),
    /// Anything else: what this engine does not do, or a misuse of the seam by the store. Nothing
    /// was applied, and asking again gives the same.
    Other(Cause),
}

impl EngineError {
    /// A misuse of the seam by the store.
    pub(super) fn misused(what: &'static str) -> Self {
        Self::Other(what.into())
    }

    /// Bytes that no store wrote, or entries that contradict each other.
    pub(super) fn damaged(what: impl Into<Cause>) -> Self {
        Self::Damaged(what.into())
    }

    fn into_parts(self) -> (StorageErrorKind, Cause) {
        match self {
            Self::Conflict => (StorageErrorKind::Conflict, Self::Conflict.to_string().into()),
            Self::CommitUnknown(cause) => (StorageErrorKind::CommitUnknown, cause),
            Self::Unavailable(cause) => (StorageErrorKind::Unavailable, cause),
            Self::Damaged(cause) => (StorageErrorKind::Damaged, cause),
            Self::Other(cause) => (StorageErrorKind::Other, cause),
        }
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict => f.write_str("another write changed what this one has read"),
            Self::CommitUnknown(cause)
            | Self::Unavailable(cause)
            | Self::Damaged(cause)
            | Self::Other(cause) => cause.fmt(f),
        }
    }
}

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        let (kind, cause) = error.into_parts();
        Self::Storage(StorageError::new(kind, cause))
    }
}
