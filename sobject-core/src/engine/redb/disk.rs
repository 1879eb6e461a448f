//! A disk for tests: it fails on command, fills up, and can be damaged.

use std::{
    io::{self, ErrorKind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use redb::StorageBackend;

/// A disk. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    bytes: Vec<u8>,
    /// Operations until one fails.
    fuse: Option<u32>,
    failed: Option<Operation>,
    /// May the file not grow?
    is_full: bool,
}

/// What a storage does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    Len,
    Read,
    SetLen,
    Sync,
    Write,
}

impl Disk {
    /// A disk with these bytes.
    pub(crate) fn with(bytes: Vec<u8>) -> Self {
        let disk = Self::default();
        disk.state().bytes = bytes;
        disk
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.state().bytes.clone()
    }

    /// Lets one operation fail: the one after so many.
    pub(crate) fn fail_after(&self, operations: u32) {
        let mut state = self.state();
        (state.fuse, state.failed) = (Some(operations), None);
    }

    /// Lets none fail any more; what has failed.
    pub(crate) fn stop_failing(&self) -> Option<Operation> {
        let mut state = self.state();
        state.fuse = None;
        state.failed.take()
    }

    pub(crate) fn set_full(&self, is_full: bool) {
        self.state().is_full = is_full;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, for an operation that does not fail.
    fn operate(&self, operation: Operation) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        match state.fuse {
            Some(0) => {
                (state.fuse, state.failed) = (None, Some(operation));
                Err(io::Error::other(format!("{operation:?} failed")))
            }
            fuse => {
                state.fuse = fuse.map(|left| left - 1);
                Ok(state)
            }
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.operate(Operation::Len)?.bytes.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.operate(Operation::Read)?;
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = state.bytes.get(from..).and_then(|bytes| bytes.get(..out.len()));
        out.copy_from_slice(bytes.ok_or(ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.operate(Operation::SetLen)?;
        let len = usize::try_from(len).map_err(|_| ErrorKind::FileTooLarge)?;
        if state.is_full && len > state.bytes.len() {
            return Err(ErrorKind::StorageFull.into());
        }
        state.bytes.resize(len, 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.operate(Operation::Sync).map(drop)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.operate(Operation::Write)?;
        let from = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = state.bytes.get_mut(from..).and_then(|bytes| bytes.get_mut(..data.len()));
        bytes.ok_or(ErrorKind::UnexpectedEof)?.copy_from_slice(data);
        Ok(())
    }
}
