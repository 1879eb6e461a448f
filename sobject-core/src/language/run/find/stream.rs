//! Streams: rows that are written out as they are found, in bounded memory.

use std::ops::ControlFlow;

use super::{Hit, Hits, KeptRows, wanted};
use crate::{
    error::Result,
    language::{
        bound::{Level, Shape},
        plan::Plan,
        run::{Run, Walk, output::Row},
    },
};

/// The rows of a level that are not written out yet.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    walk: Walk,
    /// Hits that were found and not written out.
    ready: std::collections::VecDeque<Hit>,
    is_over: bool,
    /// Hits to pass over.
    to_skip: usize,
    /// Hits to find, at most.
    left: usize,
}

impl Run<'_> {
    /// The rows of a level as a stream; `None` if they must all be found before the first is known.
    pub(crate) fn stream(&self, level: &Level, plan: &Plan) -> Result<Option<Stream>> {
        if !matches!(level.shape, Shape::Records(_)) {
            return Ok(None);
        }
        let left = wanted(level).unwrap_or(0).saturating_sub(level.offset);
        let walk = self.walk(level, plan, true)?;
        Ok(walk.is_in_order.then(|| Stream {
            walk,
            ready: std::collections::VecDeque::new(),
            is_over: left == 0,
            to_skip: level.offset,
            left,
        }))
    }

    /// The next `n` rows of a stream, or those that are left.
    pub(crate) fn next(&self, level: &Level, stream: &mut Stream, n: usize) -> Result<Vec<Row>> {
        let Shape::Records(columns) = &level.shape else { return Ok(Vec::new()) };
        let hits = self.next_hits(level, stream, n)?;
        self.write(level, columns, &hits.all, &hits.rows)
    }

    /// The next `n` hits of a stream, or those that are left.
    pub(in crate::language::run) fn next_hits(
        &self,
        level: &Level,
        stream: &mut Stream,
        n: usize,
    ) -> Result<Hits> {
        let sieve = self.sieve(level, &[])?;
        let mut rows = KeptRows::default();
        while !stream.is_over && stream.ready.len() < n {
            let Stream { walk, ready, to_skip, left, .. } = stream;
            let is_more = self.sift(level, walk, &sieve, &mut |row| {
                let Some(Some(own)) = row.first() else { return Ok(ControlFlow::Continue(())) };
                if *to_skip > 0 {
                    *to_skip -= 1;
                } else if *left > 0 {
                    *left -= 1;
                    ready.push_back(Hit { packed: own.packed, is_deleted: own.is_deleted });
                    rows.add(own);
                }
                Ok(if *left > 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
            })?;
            stream.is_over = !is_more || stream.left == 0;
        }
        let all = stream.ready.drain(..n.min(stream.ready.len())).collect();
        Ok(Hits { all, rows: rows.finished() })
    }
}
