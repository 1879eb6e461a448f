//! [`Columns`]: what a selection names of each row, and [`RowOf`], a row that is read by it.

use std::{fmt, sync::Arc};

use serde_json::Value as Json;
use sobject_soql::{FieldExpr, Name, Path, Query as Tree, Select, SelectItem, Selected};

use crate::{
    catalogue::Object,
    definition::{Definition, FieldIdx},
    error::{Call, Error, Result},
    language::{Place, Planned, RowView, Selecting},
    shell::query::{group::value_of_or_null, parts::Parts, traits::Selectable, way::is_name},
    store::{Reader, RowReader},
};

/// The columns that a selection names, each once, and its child queries.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    columns: Vec<Column>,
    /// The objects of which whole records are selected.
    whole: Vec<&'static Definition>,
    children: Vec<Children>,
    /// The relationships behind which columns are named now.
    parents: Vec<&'static str>,
    /// Is a child query selected of a parent, where no query has one?
    is_misplaced: bool,
}

#[derive(Clone, Debug)]
enum Column {
    /// A field of an object, or of `Name`.
    Field(Path, &'static Definition),
    /// A function of a field.
    Function(FieldExpr),
}

/// A child query.
#[derive(Clone, Debug)]
pub(super) struct Children {
    pub(super) object: &'static Definition,
    /// The field that names the parent.
    pub(super) reference: &'static str,
    pub(super) parts: Parts,
    pub(super) columns: Arc<Columns>,
}

impl Children {
    fn tree(&self) -> Tree {
        let from = Path { parents: vec![self.object.name.into()], name: self.reference.into() };
        let tree = self.parts.tree(self.object, Select::Items(self.columns.items()));
        Tree { from: from.into(), ..tree }
    }
}

/// What a function is called in the answer, so that the field itself may be selected as well.
fn alias(column: usize) -> Option<Name> {
    Name::new(format!("made{column}")).ok()
}

impl Columns {
    /// The place of a field, which is added if it is not there.
    pub(super) fn place(&mut self, path: Path, object: &'static Definition) -> usize {
        let path = self.behind_parents(path);
        let known = self
            .columns
            .iter()
            .position(|column| matches!(column, Column::Field(known, _) if *known == path));
        known.unwrap_or_else(|| self.add(Column::Field(path, object)))
    }

    /// The place of a function of a field, which is added.
    pub(super) fn place_of_function(&mut self, function: FieldExpr) -> usize {
        let function = match function {
            FieldExpr::Function(mut call) => {
                call.value.path = self.behind_parents(call.value.path);
                FieldExpr::Function(call)
            }
            other => other,
        };
        self.add(Column::Function(function))
    }

    fn add(&mut self, column: Column) -> usize {
        self.columns.push(column);
        self.columns.len() - 1
    }

    fn behind_parents(&self, path: Path) -> Path {
        let parents = self.parents.iter().map(|parent| Name::from(*parent));
        Path { parents: parents.chain(path.parents).collect(), name: path.name }
    }

    /// Notes that the whole record of an object is selected.
    pub(super) fn add_whole(&mut self, object: &'static Definition) {
        self.whole.push(object);
    }

    /// The place of a child query, which is added.
    pub(super) fn add_children(&mut self, children: Children) -> usize {
        self.is_misplaced |= !self.parents.is_empty();
        self.children.push(children);
        self.children.len() - 1
    }

    /// Has `f` name columns of the record that these relationships lead to.
    pub(super) fn behind<R>(
        mut self,
        relationships: Vec<&'static str>,
        f: impl FnOnce(Self) -> (Self, R),
    ) -> (Self, R) {
        let n_parents = self.parents.len();
        self.parents.extend(relationships);
        let (mut columns, made) = f(self);
        columns.parents.truncate(n_parents);
        (columns, made)
    }

    /// What the select list of the query has. A whole record is read by its Id alone.
    pub(super) fn items(&self) -> Vec<SelectItem> {
        let item = |(n, column): (usize, &Column)| match column {
            Column::Field(path, _) => FieldExpr::Path(path.clone()).into(),
            Column::Function(function) => {
                let alias = alias(n);
                SelectItem { alias, ..SelectItem::from(function.clone()) }
            }
        };
        let mut items: Vec<SelectItem> = self.columns.iter().enumerate().map(item).collect();
        if items.is_empty() {
            items.push(FieldExpr::from("Id").into());
        }
        items.extend(self.children.iter().map(|children| Selected::from(children.tree()).into()));
        items
    }

    /// Refuses a caller who may not read what is selected whole, and children of a parent.
    pub(super) fn check(&self, reader: &Reader<'_>, object: &'static Definition) -> Result<()> {
        let catalogue = &reader.schema.catalogue;
        reader.access.object_of(catalogue, object.name, object.fields)?;
        for whole in &self.whole {
            reader.whole(whole.name, whole.fields, Call::Query)?;
        }
        if self.is_misplaced {
            let what = "children of a record that a reference leads to".to_owned();
            return Err(Error::NotSupported { object: object.name.to_owned(), what });
        }
        for Children { object, reference, columns, .. } in &self.children {
            columns.check(reader, object)?;
            let of = reader.access.object_of(catalogue, object.name, object.fields)?;
            reader.access.find_fields(of, [*reference])?;
        }
        Ok(())
    }

    /// Where the rows of a planned query have the columns.
    pub(super) fn places(&self, reader: &Reader<'_>, planned: &Planned) -> Result<Places> {
        self.places_in(reader, planned.selecting())
    }

    /// Where a record has the columns, if they are all fields of its own: then it can be read without a
    /// query.
    ///
    /// # Errors
    /// [`Error::UnknownField`] with those that the caller may not read.
    pub(super) fn own_places(
        &self,
        reader: &Reader<'_>,
        object: &Object,
    ) -> Result<Option<Places>> {
        let own = |column: &Column| match column {
            Column::Field(path, _) if path.parents.is_empty() => Some(path.name.clone()),
            Column::Field(..) | Column::Function(_) => None,
        };
        let names: Option<Vec<_>> = self.columns.iter().map(own).collect();
        let Some(names) = names.filter(|_| self.children.is_empty()) else { return Ok(None) };
        let fields = reader.access.find_fields(object, names.iter().map(Name::as_str))?;
        let place = |field| Place::Field { source: 0, object: object.number, field };
        let columns = fields.into_iter().map(place).collect();
        Ok(Some(Places { columns, children: Vec::new() }))
    }

    fn places_in(&self, reader: &Reader<'_>, level: Selecting<'_>) -> Result<Places> {
        let one = |(n, column): (usize, &Column)| match column {
            Column::Field(path, object) => place_of(reader, level, path, object),
            Column::Function(_) => {
                alias(n).and_then(|alias| level.place(&alias.into())).ok_or_else(no_column)
            }
        };
        let columns = self.columns.iter().enumerate().map(one).collect::<Result<_>>()?;
        let of_children = |(n, children): (usize, &Children)| {
            let level = level.children(n).ok_or_else(no_column)?;
            children.columns.places_in(reader, level)
        };
        let children = self.children.iter().enumerate().map(of_children).collect::<Result<_>>()?;
        Ok(Places { columns, children })
    }
}

/// Where a level has a field.
fn place_of(
    reader: &Reader<'_>,
    level: Selecting<'_>,
    path: &Path,
    definition: &'static Definition,
) -> Result<Place> {
    let not_supported = |what| Error::NotSupported { object: definition.name.to_owned(), what };
    let no_place = || not_supported(format!("selecting {path} by a handle of {}", definition.name));
    let place = level.place(path).ok_or_else(no_place)?;
    match place {
        Place::Value(_) if is_name(definition) => Ok(place),
        // The struct of the handle must be that of the object to which the path leads.
        Place::Field { object, .. } if !is_name(definition) => {
            let catalogue = &reader.schema.catalogue;
            let of = reader.access.object_of(catalogue, definition.name, definition.fields)?;
            if of.number == object {
                return Ok(place);
            }
            Err(not_supported(format!("reaching {} by {path}", definition.name)))
        }
        Place::Value(_) | Place::Field { .. } => Err(no_place()),
    }
}

/// Where the rows of a planned query have the columns of a selection.
#[derive(Clone, Debug)]
pub(in crate::shell::query) struct Places {
    columns: Vec<Place>,
    children: Vec<Places>,
}

/// A row, with the places of the columns.
pub struct RowOf<'r> {
    pub(super) row: Row<'r>,
    pub(super) places: &'r Places,
}

/// Where a row comes from.
#[derive(Clone, Copy)]
pub(super) enum Row<'r> {
    /// A query has found it.
    Found(&'r RowView<'r>),
    /// It is one record, which was read by its id; its columns are fields of its own.
    Record(&'r RowReader<'r>),
}

impl<'r> Row<'r> {
    /// The record of a source; `None` if there is no such parent.
    fn source(self, source: usize) -> Result<Option<&'r RowReader<'r>>> {
        match self {
            Self::Found(view) => Ok(view.sources.get(source).ok_or_else(no_column)?.as_ref()),
            Self::Record(record) => Ok(Some(record)),
        }
    }

    fn found(self) -> Result<&'r RowView<'r>> {
        match self {
            Self::Found(view) => Ok(view),
            Self::Record(_) => Err(no_column()),
        }
    }
}

impl fmt::Debug for RowOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Row::Found(view) => view.fmt(f),
            Row::Record(record) => record.fmt(f),
        }
    }
}

impl<'r> RowOf<'r> {
    fn place(&self, column: usize) -> Result<&'r Place> {
        self.places.columns.get(column).ok_or_else(no_column)
    }

    /// The record that a column is of, with the number of the field; `None` if there is no such parent.
    fn record(&self, column: usize) -> Result<Option<(&'r RowReader<'r>, FieldIdx)>> {
        let Place::Field { source, field, .. } = self.place(column)? else {
            return Err(no_column());
        };
        Ok(self.row.source(*source)?.map(|record| (record, *field)))
    }

    /// The record that a column is of; `None` if there is no such parent.
    pub(super) fn whole(&self, column: usize) -> Result<Option<&'r RowReader<'r>>> {
        Ok(self.record(column)?.map(|(record, _)| record))
    }

    /// The value of a column of the row's own record.
    pub(super) fn value<T: Selectable>(&self, column: usize) -> Result<T> {
        let (record, field) = self.record(column)?.ok_or_else(no_column)?;
        Ok(T::select(record.system_field(field))?)
    }

    /// The value of a column, which is this field of an object, or null: if there is no parent, too.
    pub(super) fn value_or_null<T: Selectable>(
        &self,
        column: usize,
        object: &'static Definition,
        idx: FieldIdx,
    ) -> Result<Option<T>> {
        if let Place::Value(expr) = self.place(column)? {
            return value_of_or_null(object, idx, &self.row.found()?.value(expr)?);
        }
        let Some((record, field)) = self.record(column)? else { return Ok(None) };
        Ok(T::select_or_null(record.system_field(field))?)
    }

    /// The value of a function.
    pub(super) fn made(&self, column: usize) -> Result<Json> {
        match self.place(column)? {
            Place::Value(expr) => self.row.found()?.value(expr),
            Place::Field { .. } => Err(no_column()),
        }
    }

    /// Has `f` read each row of a child query.
    pub(super) fn children(
        &self,
        place: usize,
        f: &mut dyn FnMut(&RowOf<'_>) -> Result<()>,
    ) -> Result<()> {
        let places = self.places.children.get(place).ok_or_else(no_column)?;
        let row = self.row.found()?;
        row.children(place, &mut |view| f(&RowOf { row: Row::Found(view), places }))
    }
}

pub(super) fn no_column() -> Error {
    Error::corrupt("a query has lost a column")
}
