//! Rows read in place: what typed queries make their values of, without JSON in between.
//!
//! The children of the rows of a batch are found and read together, before the first row is shown.

use std::{collections::HashMap, fmt, ops::Range};

use serde_json::Value as Json;

use super::ReadHits;
use crate::{
    catalogue::ObjectNo,
    definition::FieldIdx,
    error::{Error, Result},
    language::{
        bound::{Expr, Level, Shape, What},
        run::{
            Found, Hit, Kept, Record, Run, Stream,
            find::{KeptRows, NO_ROWS},
            join::Joined,
            walk::CHUNK,
        },
    },
    store::RowReader,
};

/// A row of a level: its record and the parents, by source.
pub(crate) struct RowView<'r> {
    /// `None` where there is no parent.
    pub(crate) sources: Vec<Option<RowReader<'r>>>,
    run: &'r Run<'r>,
    records: &'r [Option<Record<'r>>],
    /// By the place of the child query among those of the level.
    below: &'r [Below<'r>],
}

/// What is shown the rows, one after another.
pub(crate) type Show<'s> = &'s mut dyn FnMut(&RowView<'_>) -> Result<()>;

/// What one child query has found for the rows of a batch.
struct Below<'r> {
    run: &'r Run<'r>,
    read: ReadHits<'r>,
    /// The children with their parents, if the child query selects any of these.
    joined: Vec<Joined>,
    /// Where the children of a row are, by the row's packed id.
    of: HashMap<u64, Range<usize>>,
    /// What the child queries inside of it have found.
    below: Vec<Below<'r>>,
}

impl RowView<'_> {
    /// What an expression of the row's level is worth, as an org's JSON has it.
    pub(crate) fn value(&self, expr: &Expr) -> Result<Json> {
        self.run.json(&self.run.eval(expr, self.records)?)
    }

    /// The name of the object that the row is of.
    pub(crate) fn object(&self) -> &str {
        let own = self.records.first().and_then(Option::as_ref);
        own.map_or("", |own| own.object.name.as_str())
    }

    /// The name of a field of an object, whether the row has a record of it or not.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub(crate) fn field_name(&self, object: ObjectNo, field: FieldIdx) -> Result<&str> {
        Ok(&self.run.object(object)?.at(field)?.name)
    }

    /// Shows the children of the row that the child query of this place has found.
    ///
    /// # Errors
    /// Those of `f`; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn children(&self, place: usize, f: Show<'_>) -> Result<()> {
        let own = self.records.first().and_then(Option::as_ref);
        match own.zip(self.below.get(place)) {
            Some((own, below)) => below.show(own.packed, f),
            None => Err(Error::corrupt("a row without the children that were asked for")),
        }
    }
}

impl fmt::Debug for RowView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowView").field("sources", &self.sources).finish_non_exhaustive()
    }
}

impl Below<'_> {
    /// Shows the children of a row.
    fn show(&self, packed: u64, f: Show<'_>) -> Result<()> {
        for n in self.of.get(&packed).cloned().unwrap_or_default() {
            match self.joined.get(n) {
                Some(row) => f(&self.run.view(&self.run.records(row)?, &self.below)?)?,
                None => f(&self.run.view(&[Some(self.read.record(n)?)], &self.below)?)?,
            }
        }
        Ok(())
    }
}

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

    /// Shows the live record of this packed id, if there is one.
    pub(crate) fn show_live(&self, level: &Level, packed: u64, f: Show<'_>) -> Result<()> {
        let object = self.object(level.object)?;
        let table = self.table(object)?;
        let (key, mut bytes) = (packed.to_be_bytes(), Vec::new());
        if !self.reader.read.get(table.live, &key, &mut |row| bytes.extend_from_slice(row))? {
            return Ok(());
        }
        let own = Record { object, packed, row: table.row(&bytes)?, is_deleted: false };
        if level.sources.len() == 1 {
            return f(&self.view(&[Some(own)], &[])?);
        }
        let mut joined = vec![vec![Some(Kept::new(&own))]];
        self.join(&level.sources, None, &mut joined)?;
        for row in &joined {
            f(&self.view(&self.records(row)?, &[])?)?;
        }
        Ok(())
    }

    fn show_hits(&self, level: &Level, hits: &[Hit], kept: &KeptRows, f: Show<'_>) -> Result<()> {
        let object = self.object(level.object)?;
        let looks = self.looks_selected(level);
        for chunk in hits.chunks(CHUNK) {
            let below = self.below(level, chunk)?;
            let read = self.read_hits(object, chunk.into(), kept)?;
            if level.sources.len() == 1 {
                self.look_at_hits(&looks, chunk)?;
                for own in read.records() {
                    f(&self.view(&[Some(own?)], &below)?)?;
                }
                continue;
            }
            let joined = self.join_hits(level, &read)?;
            self.look_at_joined(&looks, &joined)?;
            for row in &joined {
                f(&self.view(&self.records(row)?, &below)?)?;
            }
        }
        Ok(())
    }

    /// What the child queries of a level find for these rows.
    fn below(&self, level: &Level, hits: &[Hit]) -> Result<Vec<Below<'_>>> {
        let Shape::Records(columns) = &level.shape else { return Ok(Vec::new()) };
        let mut below = Vec::new();
        for column in columns.iter() {
            let What::Children { field, level } = &column.what else { continue };
            let (parents, hits) = self.child_hits(*field, level, hits)?;
            let mut of: HashMap<u64, Range<usize>> = HashMap::new();
            for (n, parent) in parents.into_iter().enumerate() {
                of.entry(parent).or_insert(n..n).end = n + 1;
            }
            let inner = self.below(level, &hits)?;
            let object = self.object(level.object)?;
            let looks = self.looks_selected(level);
            self.look_at_hits(&looks, &hits)?;
            let read = self.read_hits(object, hits.into(), &NO_ROWS)?;
            let has_parents = level.sources.len() > 1;
            let joined = if has_parents { self.join_hits(level, &read)? } else { Vec::new() };
            self.look_at_joined(&looks, &joined)?;
            below.push(Below { run: self, read, joined, of, below: inner });
        }
        Ok(below)
    }

    /// The records of some hits with their parents.
    fn join_hits(&self, level: &Level, read: &ReadHits<'_>) -> Result<Vec<Joined>> {
        let mut joined = Vec::new();
        for own in read.records() {
            joined.push(vec![Some(Kept::new(&own?))]);
        }
        self.join(&level.sources, None, &mut joined)?;
        Ok(joined)
    }

    fn view<'r>(
        &'r self,
        records: &'r [Option<Record<'r>>],
        below: &'r [Below<'r>],
    ) -> Result<RowView<'r>> {
        let of_source = |record: &Option<Record<'r>>| {
            let Some(Record { object, packed, row, is_deleted }) = *record else {
                return Ok(None);
            };
            let row = RowReader::new(self.reader, object, self.table(object)?, packed, row);
            Ok(Some(row.deleted(is_deleted)))
        };
        let sources = records.iter().map(of_source).collect::<Result<_>>()?;
        Ok(RowView { sources, run: self, records, below })
    }
}
