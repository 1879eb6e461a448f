//! Walks: the live records of an object one after another, by their ids or by an index.
//!
//! A [`Path`] is what is walked over. It is walked in steps: a [`Step`] says in
//! which direction, how many records at most, and behind which of them. So a walk can be left and
//! gone on with at any time, in the same state of the store or in a later one, and nobody is ever
//! lent a range of the engine.
//!
//! **Invariant:** an entry of an index leads to a live record; one that does not is
//! [`Error::Corrupt`].

use std::ops::ControlFlow;

use super::{Path, Reader, ResumeKey, RowReader};
use crate::{
    bytes::{BadRow, entry_id},
    catalogue::Object,
    engine::try_scan,
    error::{Error, Result},
    store::keep::Index,
};

/// One step of a walk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<'k> {
    /// From the end to the beginning.
    pub(crate) reverse: bool,
    /// So many records at most.
    pub(crate) limit: usize,
    /// Only what comes behind this, in the direction of the walk.
    pub(crate) after: Option<&'k ResumeKey>,
}

impl Step<'_> {
    /// Everything, in order.
    pub(crate) const ALL: Self = Self { reverse: false, limit: usize::MAX, after: None };
}

/// What was read in one step.
#[derive(Debug)]
pub(crate) struct Stepped<R> {
    pub(crate) items: Vec<R>,
    /// Where to go on; `None` if there is no more.
    pub(crate) next: Option<ResumeKey>,
    /// The bytes of the rows.
    pub(crate) n_bytes: usize,
}

/// How many items a step is expected to give, if nobody knows.
const N_EXPECTED: usize = 256;

impl Reader<'_> {
    /// What `f` makes of the records of one step, in the order of the path.
    ///
    /// # Errors
    /// [`Error::BadResumeKey`] if the step goes on a walk over something else; those of `f`;
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn step<R>(
        &self,
        object: &Object,
        path: &Path,
        step: Step<'_>,
        mut f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Stepped<R>> {
        let mut n_bytes = 0;
        let mut f = |row: &RowReader<'_>| {
            n_bytes += row.n_bytes();
            f(row)
        };
        // One more than asked for, which tells whether there is more.
        let further = Step { limit: step.limit.saturating_add(1), ..step };
        let mut last = None;
        let mut is_over = true;
        let items = if let Some(index) = path.index {
            let mut ids = Vec::with_capacity(step.limit.min(N_EXPECTED));
            try_scan(self.read, path.space, path.scan(further)?, |key, value| {
                if ids.len() == step.limit {
                    is_over = false;
                    return Ok(ControlFlow::Break(()));
                }
                ids.push(index.id_of(key, value)?);
                if ids.len() == step.limit {
                    last = Some(ResumeKey::of_records(path.space, key));
                }
                Ok::<_, Error>(ControlFlow::Continue(()))
            })?;
            self.found(object, index, &ids, &mut f)?
        } else {
            let mut items = Vec::with_capacity(step.limit.min(N_EXPECTED));
            // How many records are read until so many pass the test is not known.
            let limit = if path.test.is_some() { usize::MAX } else { further.limit };
            self.scan_along(object, path, Step { limit, ..further }, &mut |row| {
                if let Some(test) = &path.test
                    && !test.holds_for(row)?
                {
                    return Ok(ControlFlow::Continue(()));
                }
                if items.len() == step.limit {
                    is_over = false;
                    return Ok(ControlFlow::Break(()));
                }
                items.push(f(row)?);
                if items.len() == step.limit {
                    last = Some(ResumeKey::of_records(path.space, &row.key()));
                }
                Ok(ControlFlow::Continue(()))
            })?;
            items
        };
        Ok(Stepped { items, next: last.filter(|_| !is_over), n_bytes })
    }

    /// What `f` makes of the records that entries of an index lead to, in their order.
    fn found<R>(
        &self,
        object: &Object,
        index: Index,
        packed: &[u64],
        mut f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Vec<R>> {
        let mut items = Vec::with_capacity(packed.len());
        // Records that come before others whose place is before theirs.
        let mut early: Vec<Option<R>> = Vec::new();
        self.visit_rows(object, packed, &mut |place, row| {
            let item = f(row)?;
            if place == items.len() && early.is_empty() {
                items.push(item);
            } else {
                if early.is_empty() {
                    early.resize_with(packed.len(), || None);
                }
                early[place] = Some(item);
            }
            Ok(())
        })?;
        items.extend(early.into_iter().flatten());
        if items.len() == packed.len() {
            return Ok(items);
        }
        let space = index.space.id;
        Err(Error::corrupt(format!("an entry of space {space} leads to a record that is not live")))
    }

    /// Gives the live records of an object to `f`, by their packed ids, until it breaks.
    ///
    /// # Errors
    /// As [`Reader::step`]; those of a call that the caller may not make.
    pub(crate) fn scan(
        &self,
        object: &Object,
        f: &mut dyn FnMut(&RowReader<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        self.scan_along(object, &self.path(object)?, Step::ALL, f)
    }

    /// Gives the records of one step of a path by ids to `f`, untested, until it breaks.
    fn scan_along(
        &self,
        object: &Object,
        path: &Path,
        step: Step<'_>,
        f: &mut dyn FnMut(&RowReader<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<()> {
        let table = self.schema.table(object)?;
        let walked = try_scan(self.read, path.space, path.scan(step)?, |key, bytes| {
            let packed = entry_id(key).ok_or(BadRow)?;
            f(&self.row(object, table, packed, bytes)?)
        });
        walked.map(drop)
    }
}
