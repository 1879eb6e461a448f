//! Where a database lies, so that it can be opened, and opened again after a failure.
//!
//! redb answers nothing any more once an operation of its storage has failed, and does not say
//! which one it was. [`Watched`] lies between and notes it: after a failed sync nothing may be
//! written, since the system may have given up the pages that it could not write, and would say
//! yes to the next sync. After any other failure the database can be opened again in place.
//!
//! **Invariants:** a file is opened once and its handle is kept, so that what stands at its path
//! later does not matter. Nothing is written after a failed sync or a panic, not even when the
//! database is dropped.

use std::{fs::File, io, ops::Bound, sync::Arc};

use redb::{
    BackendError, Builder, Database, StorageBackend, StorageError,
    backends::{FileBackend, InMemoryBackend},
};

use super::guard::{Health, Quiet};
use crate::engine::EngineError;

/// Where a database lies.
pub(super) enum Source {
    /// A file, and how many bytes of it are kept in memory at most.
    File(File, Option<usize>),
    /// Gone with the engine.
    Memory,
    /// Storage of a test.
    #[cfg(test)]
    Test(Box<dyn Fn() -> Box<dyn StorageBackend> + Send + Sync>),
}

/// How a database is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// It is made.
    Make,
    /// It is there.
    Open,
    /// It is there, and every checksum in it is compared first.
    Check,
}

impl Source {
    /// Opens the database.
    pub(super) fn open(
        &self,
        health: &Arc<Health>,
        opening: Opening,
    ) -> Result<Quiet<Database>, EngineError> {
        let db = health.guard(|| {
            let backend: Box<dyn StorageBackend> = match self {
                Self::File(file, _) => {
                    Box::new(FileBackend::new(file.try_clone().map_err(StorageError::Io)?)?)
                }
                Self::Memory if opening == Opening::Make => Box::new(InMemoryBackend::new()),
                Self::Memory => return Err(EngineError::Unavailable("the memory is gone".into())),
                #[cfg(test)]
                Self::Test(make) => make(),
            };
            // redb would make a database of it.
            if opening != Opening::Make && backend.len().map_err(StorageError::Io)? == 0 {
                return Err(EngineError::damaged("the file is empty, which no store is"));
            }
            let backend = Watched { backend, health: health.clone() };
            let mut builder = Builder::new();
            if let Self::File(_, Some(cache_size)) = self {
                builder.set_cache_size(*cache_size);
            }
            builder.set_check_integrity_on_open(opening == Opening::Check);
            Ok(builder.create_with_backend(backend)?)
        })?;
        Ok(Quiet::new(db, health.clone()))
    }
}

/// A storage whose failures are noted.
#[derive(Debug)]
struct Watched {
    backend: Box<dyn StorageBackend>,
    health: Arc<Health>,
}

impl Watched {
    /// Refuses to write where that could do harm.
    fn may_write(&self) -> io::Result<()> {
        if self.health.is_damaged() {
            return Err(io::Error::other("a damaged file is not written"));
        }
        self.health.may_write().map_err(|error| io::Error::other(error.to_string()))
    }

    /// Notes a failure.
    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if result.is_err() {
            self.health.set_lost(true);
        }
        result
    }
}

impl StorageBackend for Watched {
    fn len(&self) -> io::Result<u64> {
        self.note(self.backend.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.note(self.backend.read(offset, out))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.may_write()?;
        self.note(self.backend.set_len(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.may_write()?;
        let synced = self.backend.sync_data();
        if let Err(error) = &synced {
            self.health.set_unsynced(error.to_string());
        }
        synced
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.may_write()?;
        if offset == 0 {
            self.health.header_is_written();
        }
        self.note(self.backend.write(offset, data))
    }

    fn close(&self) -> io::Result<()> {
        self.backend.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.backend.try_lock_range(start, end)
    }

    fn try_lock_shared_range(
        &self,
        start: Bound<u64>,
        end: Bound<u64>,
    ) -> Result<bool, BackendError> {
        self.backend.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.backend.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.backend.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.backend.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.backend.query_lock_range(start, end)
    }
}
