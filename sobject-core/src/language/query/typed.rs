//! What typed queries ask of a planned query: where its rows have what they select, and the rows
//! themselves, read in place.

use sobject_soql::Path;

use super::{Answered, Batches, Planned};
use crate::{
    catalogue::ObjectNo,
    definition::FieldIdx,
    error::{Error, Result},
    language::{
        bound::{Column, Expr, Fields, Level, Shape, Source, What},
        run::RowView,
    },
    store::Reader,
};

/// Where rows have something that is selected.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// A field of the record of a source, which is of this object.
    Field { source: usize, object: ObjectNo, field: FieldIdx },
    /// It is worked out of the row: a field of a parent that may be of several objects, or a function.
    Value(Expr),
}

/// What a level of a planned query selects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Selecting<'p>(pub(super) &'p Level);

impl Planned {
    /// What the outermost level selects.
    pub(crate) fn selecting(&self) -> Selecting<'_> {
        Selecting(&self.level)
    }
}

impl Planned {
    /// Where the rows have the columns of the select list, those of parents among them; `None` if the
    /// rows are no records.
    pub(crate) fn places(&self) -> Option<Vec<Place>> {
        matches!(self.level.shape, Shape::Records(_)).then(|| self.selecting().places())
    }

    /// The name of the object that is asked for.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt).
    pub(crate) fn object(&self, reader: &Reader<'_>) -> Result<String> {
        let object = reader.schema.catalogue.get(self.level.object);
        let none = || Error::corrupt("a query of an object that is not there");
        Ok(object.ok_or_else(none)?.name.clone())
    }
}

impl<'p> Selecting<'p> {
    fn columns(self) -> &'p [Column] {
        match &self.0.shape {
            Shape::Records(columns) => columns,
            Shape::Count | Shape::Groups(_) => &[],
        }
    }

    /// Where the rows have the member of this path that the query selects.
    pub(crate) fn place(self, path: &Path) -> Option<Place> {
        let mut columns = self.columns();
        for parent in &path.parents {
            let What::Parent { columns: inner, .. } = member(columns, parent.as_str())? else {
                return None;
            };
            columns = inner;
        }
        let What::Value(expr) = member(columns, path.name.as_str())? else { return None };
        Some(self.place_of(expr))
    }

    /// Where the rows have what an expression is worth.
    fn place_of(self, expr: &Expr) -> Place {
        if let Expr::Field { source, field: Fields::One(field), .. } = expr
            && let Some(object) = self.object_of(*source)
        {
            return Place::Field { source: *source, object, field: *field };
        }
        Place::Value(expr.clone())
    }

    /// Where the rows have the columns of the select list, those of parents among them.
    pub(super) fn places(self) -> Vec<Place> {
        let mut places = Vec::with_capacity(self.columns().len());
        self.add_places(self.columns(), &mut places);
        places
    }

    fn add_places(self, columns: &[Column], places: &mut Vec<Place>) {
        for column in columns {
            match &column.what {
                What::Value(expr) => places.push(self.place_of(expr)),
                What::Parent { columns, .. } => self.add_places(columns, places),
                // These differ from row to row, or are rows themselves.
                What::TypeOf { .. } | What::Children { .. } => (),
            }
        }
    }

    /// The child query of this place among those of the level.
    pub(crate) fn children(self, place: usize) -> Option<Self> {
        let levels = self.columns().iter().filter_map(|column| match &column.what {
            What::Children { level, .. } => Some(&**level),
            _ => None,
        });
        levels.map(Self).nth(place)
    }

    /// The one object that a source is of.
    fn object_of(self, source: usize) -> Option<ObjectNo> {
        match self.0.sources.get(source)? {
            Source::Own => Some(self.0.object),
            Source::Parent { objects, .. } => match objects.as_slice() {
                [object] => Some(*object),
                _ => None,
            },
        }
    }
}

fn member<'c>(columns: &'c [Column], name: &str) -> Option<&'c What> {
    columns.iter().find(|column| column.key.eq_ignore_ascii_case(name)).map(|it| &it.what)
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
        self.show_some(reader, 0, usize::MAX, f)
    }

    /// Shows `n` of the records that were found, or those that are left, from one on.
    ///
    /// # Errors
    /// As [`Answered::show`].
    pub(crate) fn show_some(
        &self,
        reader: &Reader<'_>,
        from: usize,
        n: usize,
        f: &mut dyn FnMut(&RowView<'_>) -> Result<()>,
    ) -> Result<()> {
        let run = self.planned.run(reader);
        run.show(&self.planned.level, &self.found, from, n, f).map(|_| ())
    }

    /// What was planned.
    pub(crate) fn planned(&self) -> &Planned {
        &self.planned
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
