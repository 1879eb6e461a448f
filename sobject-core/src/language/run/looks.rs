//! When the caller last saw records: read for many rows together, where a query asks for it.
//!
//! These times stand in no row, so each would be a read of its own. What is not read ahead here is read
//! when it is asked for, and is the same.

use super::{Hit, Run, join::Joined};
use crate::{
    definition::FieldIdx,
    error::Result,
    language::bound::{Column, Expr, Fields, Level, Shape, Source, What},
};

impl Run<'_> {
    /// Adds the source of an expression whose value is a time at which the caller saw a record.
    pub(super) fn add_look(&self, level: &Level, expr: &Expr, sources: &mut Vec<usize>) {
        match expr {
            Expr::Field { source, field: Fields::One(idx), .. } => {
                if self.is_look(level, *source, *idx) && !sources.contains(source) {
                    sources.push(*source);
                }
            }
            Expr::DatePart { of, .. } | Expr::Label { of, .. } | Expr::Format { of, .. } => {
                self.add_look(level, of, sources);
            }
            Expr::Field { .. } | Expr::TypeName { .. } => (),
        }
    }

    /// Is a field of a source, which is of one object, a time at which the caller saw the record?
    fn is_look(&self, level: &Level, source: usize, idx: FieldIdx) -> bool {
        let object = match level.sources.get(source) {
            Some(Source::Own) => level.object,
            Some(Source::Parent { objects, .. }) => match objects.as_slice() {
                [object] => *object,
                _ => return false,
            },
            None => return false,
        };
        let object = self.reader.schema.catalogue.get(object);
        let field = object.and_then(|object| object.field(idx));
        field.is_some_and(|field| field.stored.is_none() && field.flags.is_per_caller())
    }

    /// The sources of which the select list has times at which the caller saw them.
    pub(super) fn looks_selected(&self, level: &Level) -> Vec<usize> {
        let mut sources = Vec::new();
        if let Shape::Records(columns) = &level.shape {
            self.add_looks(level, columns, &mut sources);
        }
        sources
    }

    fn add_looks(&self, level: &Level, columns: &[Column], sources: &mut Vec<usize>) {
        for column in columns {
            match &column.what {
                What::Value(expr) => self.add_look(level, expr, sources),
                What::Parent { columns, .. } => self.add_looks(level, columns, sources),
                // The children are a level of their own; what `TYPEOF` shows differs from row to row.
                What::TypeOf { .. } | What::Children { .. } => (),
            }
        }
    }

    /// Reads ahead when the caller saw the records of these hits, if they are among the sources.
    pub(super) fn look_at_hits(&self, sources: &[usize], hits: &[Hit]) -> Result<()> {
        if !sources.contains(&0) {
            return Ok(());
        }
        self.reader.read_seen(hits.iter().map(Hit::packed))
    }

    /// Reads ahead when the caller saw the records of these sources of rows.
    pub(super) fn look_at_joined(&self, sources: &[usize], rows: &[Joined]) -> Result<()> {
        if sources.is_empty() {
            return Ok(());
        }
        let of_row = |row: &'_ Joined| {
            let records = sources.iter().filter_map(|source| row.get(*source)?.as_ref());
            records.map(|record| record.packed).collect::<Vec<_>>()
        };
        self.reader.read_seen(rows.iter().flat_map(of_row))
    }
}
