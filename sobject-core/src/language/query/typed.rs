//! What typed queries ask of a planned query: where its rows have what they select, and the rows
//! themselves, read in place.

use sobject_soql::Path;

use super::{Answered, Batches, Planned};
use crate::{
    catalogue::ObjectNo,
    definition::FieldIdx,
    error::Result,
    language::{
        bound::{Column, Expr, Fields, Level, Shape, Source, What},
        run::RowView,
    },
    store::Reader,
};

/// Where rows have a field: in which of their sources, and which field of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) source: usize,
    /// The object that the source is of.
    pub(crate) object: ObjectNo,
    pub(crate) field: FieldIdx,
}

impl Planned {
    /// Where the rows have the field of a path that the query selects.
    pub(crate) fn place(&self, path: &Path) -> Option<Place> {
        let Shape::Records(columns) = &self.level.shape else { return None };
        let mut columns = columns.as_slice();
        for parent in &path.parents {
            let what = member(columns, parent.as_str())?;
            let What::Parent { columns: inner, .. } = what else { return None };
            columns = inner;
        }
        let What::Value(expr) = member(columns, path.name.as_str())? else { return None };
        let Expr::Field { source, field: Fields::One(field), .. } = expr else { return None };
        let object = object_of(&self.level, *source)?;
        Some(Place { source: *source, object, field: *field })
    }
}

fn member<'c>(columns: &'c [Column], name: &str) -> Option<&'c What> {
    columns.iter().find(|column| column.key.eq_ignore_ascii_case(name)).map(|it| &it.what)
}

/// The one object that a source is of.
fn object_of(level: &Level, source: usize) -> Option<ObjectNo> {
    match level.sources.get(source)? {
        Source::Own => Some(level.object),
        Source::Parent { objects, .. } => match objects.as_slice() {
            [object] => Some(*object),
            _ => None,
        },
    }
}

impl Answered {
    /// Shows all records that were found. They are read from the state of the store that the query was
    /// run on.
    ///
    /// # Errors
    /// Those of `f`; [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn show(
        &self,
        reader: &Reader<'_>,
        f: &mut dyn FnMut(&RowView<'_>) -> Result<()>,
    ) -> Result<()> {
        let run = self.planned.run(reader);
        run.show(&self.planned.level, &self.found, 0, usize::MAX, f).map(|_| ())
    }
}

impl Batches {
    /// Shows the next records, about `n` of them; how many they were. They are read from the state of the
    /// store that the query was planned for.
    ///
    /// # Errors
    /// Those of `f`; [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn show_next(
        &mut self,
        reader: &Reader<'_>,
        n: usize,
        f: &mut dyn FnMut(&RowView<'_>) -> Result<()>,
    ) -> Result<usize> {
        match self {
            Self::Found(answered, at) => {
                let Answered { planned, found } = answered.as_ref();
                let n = planned.run(reader).show(&planned.level, found, *at, n, f)?;
                *at = at.saturating_add(n);
                Ok(n)
            }
            Self::Streamed(planned, stream) => {
                planned.run(reader).show_next(&planned.level, stream, n, f)
            }
        }
    }
}
