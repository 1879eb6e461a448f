//! [`WriterState`]: what one write leaves in memory for the next, so that it need not be read
//! again.
//!
//! **Invariant:** it is a cache of what the file says, together with the engine's state for which
//! it is true. A write whose transaction reads another state starts from the file. So several
//! processes can write to one file, and a write can be run more than once.

use crate::{
    engine::Read,
    error::Result,
    store::keep::{Entry, Leases},
};

/// What one write leaves in memory for the next.
#[derive(Debug, Default)]
pub(crate) struct WriterState {
    pub(crate) leases: Leases,
    /// The last stamp, in milliseconds.
    pub(crate) stamp: i64,
    /// When something of the recycle bin is due next; `None` if nobody has looked.
    pub(crate) next_due: Option<i64>,
    /// The engine's state for which this is true; `None` if there is no such state.
    at: Option<u64>,
}

impl WriterState {
    /// Makes this true for the state that `base` reads, by reading the file if necessary.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn catch_up(&mut self, base: &dyn Read) -> Result<()> {
        let state = base.state();
        if state.is_none() || state != self.at {
            let (_, stamp) = Entry::last(base)?;
            *self = Self { leases: Leases::default(), stamp, next_due: None, at: state };
        }
        Ok(())
    }

    /// Takes over what a committed write leaves. It is true for the engine's state after that
    /// commit.
    pub(crate) fn commit(
        &mut self,
        leases: Leases,
        (stamp, next_due): (i64, Option<i64>),
        at: Option<u64>,
    ) {
        self.leases.take_up(leases);
        self.stamp = stamp;
        self.next_due = next_due;
        self.at = at;
    }

    /// Forgets everything, because it is not known whether it is still true.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}
