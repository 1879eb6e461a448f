//! What stands between redb and the store: panics become errors, and failures are remembered.
//!
//! redb trusts a file that was closed properly, and may panic at bytes that it did not write. Such
//! a panic is caught here and the engine is damaged from then on: it answers so at once, and writes
//! no more bytes. The panic hook of the process runs nevertheless, so a line may appear on standard
//! error; it belongs to the program, and is not replaced here.
//!
//! **Invariants:** every call into redb, and every drop of a value of redb's, stands in a guard. A
//! panic of a visitor, which redb calls, is the caller's: it is kept until the call into redb has
//! returned, and goes on then. An abort cannot be caught, nor a panic of a program that is built with
//! `panic = "abort"`.

use std::{
    any::Any,
    cell::OnceCell,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::engine::EngineError;

/// What has happened to an engine.
#[derive(Debug, Default)]
pub(super) struct Health {
    /// redb has panicked.
    is_damaged: AtomicBool,
    /// An operation of the storage failed, and redb answers no more until it is opened again.
    is_lost: AtomicBool,
    /// Why nothing may be written any more: a sync failed.
    unsynced: Mutex<Option<String>>,
    /// The header was written since [`Health::begin_commit`], so that what is committed may be
    /// there whatever fails.
    has_header: AtomicBool,
}

impl Health {
    /// Runs a call into redb.
    pub(super) fn guard<R>(
        &self,
        f: impl FnOnce() -> Result<R, EngineError>,
    ) -> Result<R, EngineError> {
        if self.is_damaged() {
            return Err(EngineError::damaged("the file was found damaged before"));
        }
        match catch_unwind(AssertUnwindSafe(f)) {
            Ok(result) => result.map_err(|error| self.explain(error)),
            Err(panic) => {
                self.is_damaged.store(true, Ordering::Release);
                let said = said(&*panic);
                Err(EngineError::damaged(format!("its bytes cannot be what was written: {said}")))
            }
        }
    }

    /// Runs a call into redb that calls a visitor. A panic of the visitor goes on afterwards.
    pub(super) fn visit<R>(
        &self,
        f: impl FnOnce(&Visitor) -> Result<R, EngineError>,
    ) -> Result<R, EngineError> {
        let visitor = Visitor(OnceCell::new());
        let result = self.guard(|| f(&visitor));
        match visitor.0.into_inner() {
            Some(panic) => resume_unwind(panic),
            None => result,
        }
    }

    pub(super) fn is_damaged(&self) -> bool {
        self.is_damaged.load(Ordering::Acquire)
    }

    /// Must redb be opened again?
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Acquire)
    }

    /// Notes whether redb must be opened again.
    pub(super) fn set_lost(&self, is_lost: bool) {
        self.is_lost.store(is_lost, Ordering::Release);
    }

    /// Notes that a sync failed.
    pub(super) fn set_unsynced(&self, why: String) {
        *self.unsynced.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }

    /// Why nothing may be written, if a sync has failed.
    pub(super) fn may_write(&self) -> Result<(), EngineError> {
        let unsynced = self.unsynced.lock().unwrap_or_else(PoisonError::into_inner);
        unsynced.as_ref().map_or(Ok(()), |why| {
            Err(EngineError::Unavailable(
                format!(
                    "a sync failed before ({why}), so that what was written may not be on the \
                     disk; drop every handle of the store and open its file anew"
                )
                .into(),
            ))
        })
    }

    pub(super) fn begin_commit(&self) {
        self.has_header.store(false, Ordering::Release);
    }

    pub(super) fn header_is_written(&self) {
        self.has_header.store(true, Ordering::Release);
    }

    /// An error, as what is known here makes it.
    fn explain(&self, error: EngineError) -> EngineError {
        match error {
            // What a commit leaves is told by the header alone.
            EngineError::CommitUnknown(cause)
                if !self.has_header.load(Ordering::Acquire) && self.may_write().is_ok() =>
            {
                EngineError::Unavailable(cause)
            }
            EngineError::Unavailable(cause) => match self.may_write() {
                Err(unsynced) => unsynced,
                Ok(()) => EngineError::Unavailable(cause),
            },
            error => error,
        }
    }
}

/// Calls the visitor of a read, and keeps its panic.
pub(super) struct Visitor(OnceCell<Box<dyn Any + Send>>);

impl Visitor {
    /// Calls the visitor; `None` if it panics, or has panicked before.
    pub(super) fn call<R>(&self, f: impl FnOnce() -> R) -> Option<R> {
        if self.0.get().is_some() {
            return None;
        }
        match catch_unwind(AssertUnwindSafe(f)) {
            Ok(given) => Some(given),
            Err(panic) => {
                let _ = self.0.set(panic);
                None
            }
        }
    }
}

/// A value of redb's, whose drop is quiet.
pub(super) struct Quiet<T> {
    value: Option<T>,
    health: Arc<Health>,
}

impl<T> Quiet<T> {
    pub(super) fn new(value: T, health: Arc<Health>) -> Self {
        Self { value: Some(value), health }
    }

    pub(super) fn health(&self) -> &Health {
        &self.health
    }

    pub(super) fn get(&self) -> Result<&T, EngineError> {
        self.value.as_ref().ok_or_else(dropped)
    }

    pub(super) fn get_mut(&mut self) -> Result<&mut T, EngineError> {
        self.value.as_mut().ok_or_else(dropped)
    }
}

fn dropped() -> EngineError {
    EngineError::misused("a value of the engine was used after it was dropped")
}

impl<T> Drop for Quiet<T> {
    fn drop(&mut self) {
        let value = self.value.take();
        if catch_unwind(AssertUnwindSafe(|| drop(value))).is_err() {
            self.health.is_damaged.store(true, Ordering::Release);
        }
    }
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason was given")
}
