//! Calls over several records: each is written or refused alone, unless all or none was asked.
//!
//! Results come in the order of the records.

use std::collections::HashMap;

use crate::{
    catalogue::Object,
    error::{Error, Result},
    id::RecordId,
    store::write::Write,
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
    /// Refuses an update of a record that had as many as it may.
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

impl Write<'_> {
    /// Runs `f` for each of `n` records; what a refused one wrote is taken back. With
    /// `all_or_none`, one refusal takes back all, and the others are [`Error::RolledBack`].
    ///
    /// # Errors
    /// [`Error::TooMany`]; an error that concerns more than one record, such as
    /// [`Error::Storage`].
    pub(crate) fn each<R>(
        &mut self,
        object: &Object,
        n: usize,
        all_or_none: bool,
        f: impl FnMut(&mut Self, usize) -> Result<R>,
    ) -> Result<Vec<Result<R>>> {
        check_count(n, MAX_RECORDS)?;
        self.each_of_any(object, n, all_or_none, f)
    }

    /// [`Write::each`] of any number of records.
    ///
    /// # Errors
    /// An error that concerns more than one record, such as [`Error::Storage`].
    pub(crate) fn each_of_any<R>(
        &mut self,
        object: &Object,
        n: usize,
        all_or_none: bool,
        mut f: impl FnMut(&mut Self, usize) -> Result<R>,
    ) -> Result<Vec<Result<R>>> {
        let start = self.mark();
        let mut results = Vec::with_capacity(n);
        let mut any_refused = false;
        for record in 0..n {
            let result = self.one(|write| f(write, record));
            match &result {
                Err(error) if !error.refuses_one_record() => {
                    self.back_to(start);
                    return result.map(|_| Vec::new());
                }
                result => any_refused |= result.is_err(),
            }
            results.push(result);
        }
        if all_or_none && any_refused {
            self.back_to(start);
            for result in &mut results {
                if result.is_ok() {
                    *result = Err(Error::RolledBack { object: object.name.clone() });
                }
            }
        }
        Ok(results)
    }

    /// Runs `f` for one record; what it wrote is taken back if it fails.
    ///
    /// # Errors
    /// Those of `f`.
    pub(crate) fn one<R>(&mut self, f: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        let mark = self.mark();
        let result = f(self);
        if result.is_err() {
            self.back_to(mark);
        }
        result
    }
}
