//! [`Stream`] and [`Pages`]: the rows of a typed query one after another, and in pages. In `batches` they
//! come in parts with a locator between them, and in `by_id` they are asked for by their ids.

mod batches;
mod by_id;

use std::{collections::VecDeque, fmt};

pub use self::batches::Batch;
use super::select::{Places, Selected};
use crate::{error::Result, language::Batches, shell::read::Reads};

/// Rows that are read at once.
const BATCH: usize = 500;

/// The rows of a typed query, one after another; [`Query::stream`](crate::Query::stream) gives one. It
/// ends with the first error.
pub struct Stream<S, R> {
    source: S,
    /// `None` once there are no more.
    batches: Option<Batches>,
    places: Places,
    selected: Selected<R>,
    ready: VecDeque<R>,
}

impl<S: Reads, R> Stream<S, R> {
    pub(super) fn new(source: S, batches: Batches, places: Places, selected: Selected<R>) -> Self {
        Self { source, batches: Some(batches), places, selected, ready: VecDeque::new() }
    }

    fn read(&mut self) -> Result<()> {
        let Self { source, batches, places, selected, ready } = self;
        let Some(more) = batches else { return Ok(()) };
        let n = source.read(|reader| {
            more.show_next(reader, BATCH, &mut |view| {
                ready.push_back(selected.read(view, places)?);
                Ok(())
            })
        })?;
        if n == 0 {
            *batches = None;
        }
        Ok(())
    }
}

impl<S: Reads, R> Iterator for Stream<S, R> {
    type Item = Result<R>;

    fn next(&mut self) -> Option<Result<R>> {
        if self.ready.is_empty()
            && let Err(error) = self.read()
        {
            self.batches = None;
            self.ready.clear();
            return Some(Err(error));
        }
        self.ready.pop_front().map(Ok)
    }
}

impl<S, R> fmt::Debug for Stream<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").finish_non_exhaustive()
    }
}

/// The rows of a typed query in pages; [`Query::pages`](crate::Query::pages) gives one.
#[derive(Debug)]
pub struct Pages<S, R> {
    rows: Stream<S, R>,
    size: usize,
}

impl<S: Reads, R> Pages<S, R> {
    pub(super) fn new(rows: Stream<S, R>, size: usize) -> Self {
        Self { rows, size: size.max(1) }
    }
}

impl<S: Reads, R> Iterator for Pages<S, R> {
    type Item = Result<Vec<R>>;

    fn next(&mut self) -> Option<Result<Vec<R>>> {
        let page: Result<Vec<R>> = self.rows.by_ref().take(self.size).collect();
        match page {
            Ok(page) if page.is_empty() => None,
            page => Some(page),
        }
    }
}
