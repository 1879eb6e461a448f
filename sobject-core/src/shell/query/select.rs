//! [`Selection`]: what of a row is read, and what is made of it.

use std::{marker::PhantomData, sync::Arc};

use sobject_soql::{FieldExpr, Path, SelectItem};

use super::{
    filter::path_of,
    traits::Selectable,
    way::{Own, Through},
};
use crate::{
    definition::Definition,
    error::{Call, Error, Result},
    language::{Place, Planned, RowView},
    shell::{field::Field, read, record::Record, sobject::SObject},
    store::Reader,
};

/// What a query over the object `O` selects of each row: the handle of a field, a tuple of selections,
/// or the whole record.
#[diagnostic::on_unimplemented(
    message = "this cannot be selected from `{O}`",
    label = "no selection of `{O}`",
    note = "a selection is a handle of `{O}`, such as `{O}::FIELDS.id`, one that its references lead to, \
            or a tuple of up to twelve selections"
)]
pub trait Selection<O> {
    /// What is made of a row.
    type Row;

    /// Names the columns, and gives what reads a row.
    #[doc(hidden)]
    fn reader(
        self,
        columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<Self::Row> + Send + Sync + 'static);
}

/// What `db.query::<T>()` asks for: an object, whose records it gives whole.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be queried",
    label = "no object",
    note = "add `#[derive(SObject)]` to `{Self}` if it is an object"
)]
pub trait Queried {
    /// The object.
    type Object: SObject;
    /// What is made of a row.
    type Row: 'static;

    /// What is selected of a row.
    #[doc(hidden)]
    fn selection() -> impl Selection<Self::Object, Row = Self::Row>;
}

#[diagnostic::do_not_recommend]
impl<T: SObject> Queried for T {
    type Object = T;
    type Row = Record<T>;

    fn selection() -> impl Selection<T, Row = Record<T>> {
        Whole::new()
    }
}

/// The columns that a selection names, each once.
#[derive(Debug, Default)]
pub struct Columns {
    columns: Vec<(Path, &'static Definition)>,
    is_whole: bool,
}

impl Columns {
    /// The place of a column, which is added if it is not there.
    fn place(&mut self, path: Path, object: &'static Definition) -> usize {
        let known = self.columns.iter().position(|(known, _)| *known == path);
        known.unwrap_or_else(|| {
            self.columns.push((path, object));
            self.columns.len() - 1
        })
    }

    /// What the select list of the query has. A whole record is read without its columns.
    fn items(&self) -> Vec<SelectItem> {
        let item = |(path, _): &(Path, _)| FieldExpr::Path(path.clone()).into();
        let mut items: Vec<SelectItem> = self.columns.iter().map(item).collect();
        if items.is_empty() {
            items.push(FieldExpr::from("Id").into());
        }
        items
    }

    /// Where the rows of a planned query have the columns.
    fn places(&self, reader: &Reader<'_>, planned: &Planned) -> Result<Vec<Place>> {
        let one = |(path, definition): &(Path, &'static Definition)| {
            let place = planned.place(path).ok_or_else(|| {
                let what = format!("selecting {path} by a handle of {}", definition.name);
                Error::NotSupported { object: definition.name.to_owned(), what }
            })?;
            // The struct of the handle must be that of the object to which the path leads.
            let catalogue = &reader.schema.catalogue;
            let object = reader.access.object_of(catalogue, definition.name, definition.fields)?;
            if object.number != place.object {
                let what = format!("reaching {} by {path}", definition.name);
                return Err(Error::NotSupported { object: definition.name.to_owned(), what });
            }
            Ok(place)
        };
        self.columns.iter().map(one).collect()
    }
}

/// A row, with the places of the columns.
pub struct RowOf<'r> {
    view: &'r RowView<'r>,
    places: &'r [Place],
}

impl std::fmt::Debug for RowOf<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.view.fmt(f)
    }
}

impl RowOf<'_> {
    /// The value of a column; `None` if there is no parent that would have it.
    fn value<T: Selectable>(&self, column: usize) -> Result<Option<T>> {
        let place = self.places.get(column).ok_or_else(no_column)?;
        let source = self.view.sources.get(place.source).ok_or_else(no_column)?;
        let Some(row) = source else { return Ok(None) };
        Ok(Some(T::select(row.system_field(place.field))?))
    }

    /// The value of a column, or null.
    fn value_or_null<T: Selectable>(&self, column: usize) -> Result<Option<T>> {
        let place = self.places.get(column).ok_or_else(no_column)?;
        let source = self.view.sources.get(place.source).ok_or_else(no_column)?;
        let Some(row) = source else { return Ok(None) };
        Ok(T::select_or_null(row.system_field(place.field))?)
    }
}

fn no_column() -> Error {
    Error::corrupt("a query has lost a column")
}

impl<O: SObject, T: Selectable, F, G, S> Selection<O> for Field<O, T, F, G, S, Own> {
    type Row = T;

    fn reader(
        self,
        mut columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<T> + Send + Sync + 'static) {
        let column = columns.place(path_of(&self), self.object());
        (columns, move |row: &RowOf<'_>| row.value(column)?.ok_or_else(no_column))
    }
}

impl<O: SObject, P: Selectable, F, G, S> Selection<O> for Field<O, Option<P>, F, G, S, Through> {
    type Row = Option<P>;

    fn reader(
        self,
        mut columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<Option<P>> + Send + Sync + 'static) {
        let column = columns.place(path_of(&self), self.object());
        (columns, move |row: &RowOf<'_>| row.value_or_null(column))
    }
}

/// Selects the whole record. The caller needs the right to every field of the struct, as for
/// [`Connection::get`](crate::Connection::get).
pub struct Whole<O>(PhantomData<fn() -> O>);

impl<O> Whole<O> {
    fn new() -> Self {
        Self(PhantomData)
    }
}

impl<O> std::fmt::Debug for Whole<O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Whole")
    }
}

impl<O: SObject> Selection<O> for Whole<O> {
    type Row = Record<O>;

    fn reader(
        self,
        columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<Record<O>> + Send + Sync + 'static) {
        let columns = Columns { is_whole: true, ..columns };
        let read = |row: &RowOf<'_>| {
            let own = row.view.sources.first().and_then(Option::as_ref).ok_or_else(no_column)?;
            read::decode(own)
        };
        (columns, read)
    }
}

/// Implements [`Selection`] for tuples.
macro_rules! tuples {
    ($(($($part:ident $row:ident)+))+) => {$(
        impl<O, $($part: Selection<O>),+> Selection<O> for ($($part,)+) {
            type Row = ($($part::Row,)+);

            #[expect(non_snake_case, reason = "the variables have the names of the types")]
            fn reader(
                self,
                columns: Columns,
            ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<Self::Row> + Send + Sync + 'static) {
                let ($($part,)+) = self;
                $(let (columns, $part) = $part.reader(columns);)+
                (columns, move |row: &RowOf<'_>| Ok(($($part(row)?,)+)))
            }
        }
    )+};
}

tuples! {
    (A a) (A a B b) (A a B b C c) (A a B b C c D d) (A a B b C c D d E e)
    (A a B b C c D d E e F f) (A a B b C c D d E e F f G g) (A a B b C c D d E e F f G g H h)
    (A a B b C c D d E e F f G g H h I i) (A a B b C c D d E e F f G g H h I i J j)
    (A a B b C c D d E e F f G g H h I i J j K k)
    (A a B b C c D d E e F f G g H h I i J j K k L l)
}

/// What reads a row.
type Read<R> = Arc<dyn Fn(&RowOf<'_>) -> Result<R> + Send + Sync>;

/// A selection that a query has.
pub(super) struct Selected<R> {
    columns: Arc<Columns>,
    read: Read<R>,
}

impl<R> Clone for Selected<R> {
    fn clone(&self) -> Self {
        Self { columns: self.columns.clone(), read: self.read.clone() }
    }
}

impl<R: 'static> Selected<R> {
    /// Makes something else of what is made of a row.
    pub(super) fn map<M>(self, f: impl Fn(R) -> M + Send + Sync + 'static) -> Selected<M> {
        let Self { columns, read } = self;
        Selected { columns, read: Arc::new(move |row| Ok(f(read(row)?))) }
    }
}

impl<R> Selected<R> {
    pub(super) fn new<O>(selection: impl Selection<O, Row = R>) -> Self {
        let (columns, read) = selection.reader(Columns::default());
        Self { columns: Arc::new(columns), read: Arc::new(read) }
    }

    /// The select list.
    pub(super) fn items(&self) -> Vec<SelectItem> {
        self.columns.items()
    }

    /// Refuses a caller who may not read what is selected whole.
    pub(super) fn check(&self, reader: &Reader<'_>, object: &'static Definition) -> Result<()> {
        if self.columns.is_whole {
            reader.whole(object.name, object.fields, Call::Query)?;
        } else {
            reader.access.object_of(&reader.schema.catalogue, object.name, object.fields)?;
        }
        Ok(())
    }

    pub(super) fn places(&self, reader: &Reader<'_>, planned: &Planned) -> Result<Vec<Place>> {
        self.columns.places(reader, planned)
    }

    /// What is made of a row.
    pub(super) fn read(&self, view: &RowView<'_>, places: &[Place]) -> Result<R> {
        (self.read)(&RowOf { view, places })
    }
}
