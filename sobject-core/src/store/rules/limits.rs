//! Limits: how many records a call takes, and how often it may update one of them.

use std::collections::HashMap;

use crate::{
    catalogue::Object,
    error::{Error, Result},
    id::RecordId,
};

/// Most records in a call that writes.
pub(crate) const MAX_RECORDS: usize = 200;
/// Most ids in a retrieve.
pub(crate) const MAX_IDS: usize = 2_000;

/// Refuses a call with more records than it takes.
///
/// # Errors
/// [`Error::TooMany`].
pub(crate) fn check_count(given: usize, limit: usize) -> Result<()> {
    if given > limit { Err(Error::TooMany { given, limit }) } else { Ok(()) }
}

/// How often one call may update the same record.
const MAX_UPDATES: usize = 12;

/// Counts how often each record is updated in one call.
#[derive(Debug, Default)]
pub(crate) struct Updates {
    counts: HashMap<RecordId, usize>,
}

impl Updates {
    /// Counts an update of a record, and refuses it if the record had [`MAX_UPDATES`] before.
    ///
    /// # Errors
    /// [`Error::TooManyUpdates`].
    pub(crate) fn count(&mut self, object: &Object, id: RecordId) -> Result<()> {
        let count = self.counts.entry(id).or_default();
        *count += 1;
        if *count > MAX_UPDATES {
            return Err(Error::TooManyUpdates {
                object: object.name.clone(),
                id,
                limit: MAX_UPDATES,
            });
        }
        Ok(())
    }
}
