//! Walks: the live records of an object one after another, by their ids or by an index.
//!
//! A [`Path`] is what is walked over. It is walked in steps: a [`Step`] says in
//! which direction, how many records at most, and behind which of them. So a walk can be left and
//! gone on with at any time, in the same state of the store or in a later one, and nobody is ever
//! lent a range of the engine.
//!
//! A step may also end at a number of bytes. By an index, records are then read some at a time, so
//! that it ends soon after, however large they are.
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
    /// No further record is read once rows have so many bytes.
    pub(crate) max_bytes: usize,
    /// Only what comes behind this, in the direction of the walk.
    pub(crate) after: Option<&'k ResumeKey>,
}

impl Step<'_> {
    /// Everything, in order.
    pub(crate) const ALL: Self =
        Self { reverse: false, limit: usize::MAX, max_bytes: usize::MAX, after: None };

    /// One record more than asked for, which tells whether there is more.
    fn further(self) -> Self {
        Self { limit: self.limit.saturating_add(1), ..self }
    }
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

/// How many items a step is expected to have, if nobody knows.
const N_EXPECTED: usize = 256;

/// How many records are read at a time by an index, where the bytes of a step are limited.
const PIECE: usize = 32;

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
        if let Some(index) = path.index {
            return self.step_by(object, path, index, step, f);
        }
        let mut items = Vec::with_capacity(step.limit.min(N_EXPECTED));
        let mut n_bytes = 0;
        let (mut last, mut next) = (None, None);
        let further = step.further();
        // How many records are read until so many pass the test is not known.
        let limit = if path.test.is_some() { usize::MAX } else { further.limit };
        self.scan_along(object, path, Step { limit, ..further }, &mut |row| {
            if let Some(test) = &path.test
                && !test.holds_for(row)?
            {
                return Ok(ControlFlow::Continue(()));
            }
            if items.len() == step.limit || n_bytes >= step.max_bytes {
                next = last.take();
                return Ok(ControlFlow::Break(()));
            }
            items.push(f(row)?);
            n_bytes += row.n_bytes();
            if items.len() == step.limit || n_bytes >= step.max_bytes {
                last = Some(ResumeKey::of_records(path.space, &row.key()));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(Stepped { items, next, n_bytes })
    }

    /// [`Reader::step`] by an index.
    fn step_by<R>(
        &self,
        object: &Object,
        path: &Path,
        index: Index,
        step: Step<'_>,
        mut f: impl FnMut(&RowReader<'_>) -> Result<R>,
    ) -> Result<Stepped<R>> {
        let piece = if step.max_bytes == usize::MAX { usize::MAX } else { PIECE };
        let mut ids = Vec::with_capacity(step.limit.min(N_EXPECTED));
        // Where the step may end: how many records there are up to there, and the key.
        let mut ends = Vec::new();
        let mut is_over = true;
        try_scan(self.read, path.space, path.scan(step.further())?, |key, value| {
            if ids.len() == step.limit {
                is_over = false;
                return Ok(ControlFlow::Break(()));
            }
            ids.push(index.id_of(key, value)?);
            if ids.len() == step.limit || ids.len().is_multiple_of(piece) {
                ends.push((ids.len(), Some(ResumeKey::of_records(path.space, key))));
            }
            Ok::<_, Error>(ControlFlow::Continue(()))
        })?;
        if is_over {
            // Behind the last entry there is no more.
            ends.retain(|(end, _)| *end < ids.len());
            ends.push((ids.len(), None));
        }
        let mut stepped = Stepped { items: Vec::new(), next: None, n_bytes: 0 };
        let mut start = 0;
        for (end, key) in ends {
            let n_bytes = &mut stepped.n_bytes;
            let mut read = |row: &RowReader<'_>| {
                *n_bytes += row.n_bytes();
                f(row)
            };
            let found =
                self.found(object, index, ids.get(start..end).unwrap_or_default(), &mut read)?;
            if stepped.items.is_empty() {
                stepped.items = found;
            } else {
                stepped.items.extend(found);
            }
            (start, stepped.next) = (end, key);
            if stepped.n_bytes >= step.max_bytes {
                break;
            }
        }
        Ok(stepped)
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

    /// Calls `f` with the live records of an object, by their packed ids, until it breaks.
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
