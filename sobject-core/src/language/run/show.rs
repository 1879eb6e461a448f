//! Rows read in place: what typed queries make their values of, without JSON in between.

use super::{Found, Hit, Kept, Record, Run, Stream, kept::KeptRows, walk::CHUNK};
use crate::{error::Result, language::bound::Level, store::RowReader};

/// A row of a level: its record and the parents, by source.
#[derive(Debug)]
pub(crate) struct RowView<'r> {
    /// `None` where there is no parent.
    pub(crate) sources: Vec<Option<RowReader<'r>>>,
}

/// What is shown the rows, one after another.
pub(crate) type Show<'s> = &'s mut dyn FnMut(&RowView<'_>) -> Result<()>;

impl Run<'_> {
    /// Shows a part of the records that a level has found; how many they were.
    pub(crate) fn show(
        &self,
        level: &Level,
        found: &Found,
        from: usize,
        n: usize,
        f: Show<'_>,
    ) -> Result<usize> {
        let Found::Hits(hits) = found else { return Ok(0) };
        let end = from.saturating_add(n).min(hits.all.len());
        let some = hits.all.get(from.min(end)..end).unwrap_or_default();
        self.show_hits(level, some, &hits.rows, f)?;
        Ok(some.len())
    }

    /// Shows the next `n` rows of a stream, or those that are left; how many they were.
    pub(crate) fn show_next(
        &self,
        level: &Level,
        stream: &mut Stream,
        n: usize,
        f: Show<'_>,
    ) -> Result<usize> {
        let hits = self.next_hits(level, stream, n)?;
        self.show_hits(level, &hits.all, &hits.rows, f)?;
        Ok(hits.all.len())
    }

    fn show_hits(
        &self,
        level: &Level,
        hits: &[Hit],
        kept: &KeptRows,
        f: Show<'_>,
    ) -> Result<()> {
        let object = self.object(level.object)?;
        for chunk in hits.chunks(CHUNK) {
            let read = self.read_hits(object, chunk, kept)?;
            if level.sources.len() == 1 {
                for own in read.records() {
                    f(&self.view(&[Some(own?)])?)?;
                }
                continue;
            }
            let mut joined = Vec::with_capacity(chunk.len());
            for own in read.records() {
                joined.push(vec![Some(Kept::new(&own?))]);
            }
            self.join(&level.sources, None, &mut joined)?;
            for row in &joined {
                f(&self.view(&self.records(row)?)?)?;
            }
        }
        Ok(())
    }

    fn view<'r>(&'r self, records: &[Option<Record<'r>>]) -> Result<RowView<'r>> {
        let of_source = |record: &Option<Record<'r>>| {
            let Some(Record { object, packed, row, is_deleted }) = *record else {
                return Ok(None);
            };
            let row = RowReader::new(self.reader, object, self.table(object)?, packed, row);
            Ok(Some(row.deleted(is_deleted)))
        };
        Ok(RowView { sources: records.iter().map(of_source).collect::<Result<_>>()? })
    }
}
