//! Writer state: what one write hands on to the next.
//!
//! **Invariant:** it is a cache of what the file says, tagged with the state of the engine that it
//! was true for. A write whose transaction reads another state begins from the file, so several
//! processes can write, and so can a write that is run again.

use crate::{
    engine::Read,
    error::Result,
    store::keep::{Entry, Leases},
};

/// What one write hands on to the next.
#[derive(Debug, Default)]
pub(crate) struct WriterState {
    pub(crate) leases: Leases,
    /// The last stamp, in milliseconds.
    pub(crate) stamp: i64,
    /// The engine's state that this is true for; `None` if it is true for none.
    at: Option<u64>,
}

impl WriterState {
    /// Sees to it that this is true for the state that `base` reads.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn catch_up(&mut self, base: &dyn Read) -> Result<()> {
        let state = base.state();
        if state.is_none() || state != self.at {
            let (_, stamp) = Entry::last(base)?;
            *self = Self { leases: Leases::default(), stamp, at: state };
        }
        Ok(())
    }

    /// Takes up what a committed write leaves, which is true for the state that it made.
    pub(crate) fn commit(&mut self, leases: Leases, stamp: i64, at: Option<u64>) {
        self.leases.take_up(leases);
        self.stamp = stamp;
        self.at = at;
    }

    /// Forgets everything: whether it is true is not known.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}
