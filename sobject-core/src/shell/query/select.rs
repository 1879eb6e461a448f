//! [`Selection`]: what of a row is read, and what is made of it.

use std::{marker::PhantomData, sync::Arc};

use sobject_soql::{FieldExpr, Name, Path, SelectItem};

use super::{
    filter::path_of,
    traits::Selectable,
    way::{LeadsTo, Own, Through, Way},
};
use crate::{
    definition::Definition,
    error::{Call, Error, Result},
    language::{Place, Planned, RowView},
    shell::{field::Field, read, record::Record, sobject::SObject},
    store::{Reader, RowReader},
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

/// What `db.query::<T>()` asks for: an object, whose records it gives whole, or a struct with
/// [`#[derive(Select)]`](macro@crate::Select).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be queried",
    label = "neither an object nor a part of one",
    note = "add `#[derive(SObject)]` to `{Self}` if it is an object, and `#[derive(Select)]` if its \
            fields are some of an object's"
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
    /// The objects of which whole records are selected.
    whole: Vec<&'static Definition>,
    /// The relationships behind which columns are named now.
    parents: Vec<&'static str>,
}

impl Columns {
    /// The place of a column, which is added if it is not there.
    fn place(&mut self, path: Path, object: &'static Definition) -> usize {
        let parents = self.parents.iter().map(|parent| Name::from(*parent));
        let path = Path { parents: parents.chain(path.parents).collect(), name: path.name };
        let known = self.columns.iter().position(|(known, _)| *known == path);
        known.unwrap_or_else(|| {
            self.columns.push((path, object));
            self.columns.len() - 1
        })
    }

    /// What the select list of the query has. A whole record is read by its Id alone.
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
        let Some(row) = self.record(column)? else { return Ok(None) };
        Ok(Some(T::select(row.system_field(place.field))?))
    }

    /// The value of a column, or null.
    fn value_or_null<T: Selectable>(&self, column: usize) -> Result<Option<T>> {
        let place = self.places.get(column).ok_or_else(no_column)?;
        let Some(row) = self.record(column)? else { return Ok(None) };
        Ok(T::select_or_null(row.system_field(place.field))?)
    }
}

impl<'r> RowOf<'r> {
    /// The record that a column is of; `None` if there is no such parent.
    fn record(&self, column: usize) -> Result<Option<&'r RowReader<'r>>> {
        let place = self.places.get(column).ok_or_else(no_column)?;
        Ok(self.view.sources.get(place.source).ok_or_else(no_column)?.as_ref())
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
        let mut columns = columns;
        columns.whole.push(O::OBJECT);
        let id = columns.place(Path::from("Id"), O::OBJECT);
        (columns, move |row: &RowOf<'_>| {
            let record = row.record(id)?.ok_or_else(no_column)?;
            read::decode(record)
        })
    }
}

/// Selects of the record that a reference names what a struct asks for; [`Field::parent`] makes one.
pub struct Parent<O, Q> {
    reference: Path,
    relationships: Vec<&'static str>,
    types: PhantomData<fn() -> (O, Q)>,
}

impl<O, Q> std::fmt::Debug for Parent<O, Q> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Parent").field(&self.reference).finish()
    }
}

impl<O: SObject, T, F, G, S, W: Way> Field<O, T, F, G, S, W> {
    /// The record that this reference names: whole, if `Q` is its object, or what a struct with
    /// [`#[derive(Select)]`](macro@crate::Select) asks of it. It is `None` where there is no such record.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let store = Store::in_memory(&[User::OBJECT])?;
    /// # let db = store.system();
    /// # db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let user = &User::FIELDS;
    /// let query = db.query::<User>().select((user.name, user.created_by_id.parent::<User>()));
    /// for (name, creator) in query.all()? {
    ///     println!("{name} by {:?}", creator.map(|creator| creator.fields.name));
    /// }
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn parent<Q: Queried>(&self) -> Parent<O, Q>
    where
        T: LeadsTo<Q::Object>,
    {
        let definition = self.object().field(self.idx());
        let relationship = definition.and_then(|field| field.relationship).unwrap_or_default();
        let relationships = self.parents().iter().copied().chain([relationship]).collect();
        Parent { reference: path_of(self), relationships, types: PhantomData }
    }
}

impl<O: SObject, Q: Queried> Selection<O> for Parent<O, Q> {
    type Row = Option<Q::Row>;

    fn reader(
        self,
        mut columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<Self::Row> + Send + Sync + 'static) {
        let n_parents = columns.parents.len();
        columns.parents.extend(self.relationships);
        let id = columns.place(Path::from("Id"), Q::Object::OBJECT);
        let (mut columns, read) = Q::selection().reader(columns);
        columns.parents.truncate(n_parents);
        (columns, move |row: &RowOf<'_>| match row.record(id)? {
            Some(_) => read(row).map(Some),
            None => Ok(None),
        })
    }
}

impl<O> Selection<O> for () {
    type Row = ();

    fn reader(
        self,
        columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<()> + Send + Sync + 'static) {
        (columns, |_: &RowOf<'_>| Ok(()))
    }
}

/// A selection of whose rows something else is made.
#[derive(Debug)]
struct Mapped<P, M> {
    selection: P,
    map: M,
}

/// Makes something else of the rows of a selection.
pub fn mapped<O, P: Selection<O>, R, M>(selection: P, map: M) -> impl Selection<O, Row = R>
where
    M: Fn(P::Row) -> R + Send + Sync + 'static,
{
    Mapped { selection, map }
}

impl<O, P: Selection<O>, R, M> Selection<O> for Mapped<P, M>
where
    M: Fn(P::Row) -> R + Send + Sync + 'static,
{
    type Row = R;

    fn reader(
        self,
        columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<R> + Send + Sync + 'static) {
        let Self { selection, map } = self;
        let (columns, read) = selection.reader(columns);
        (columns, move |row: &RowOf<'_>| read(row).map(&map))
    }
}

/// A selected value that a field of a struct takes: one of its own type.
#[diagnostic::on_unimplemented(
    message = "a selected `{Self}` does not go into a `{T}`",
    label = "the selected value is a `{Self}`",
    note = "what is nillable, or reached through a reference, is an `Option`"
)]
pub trait GoesInto<T> {
    /// The value.
    fn into_field(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T> GoesInto<T> for T {
    fn into_field(self) -> T {
        self
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
        reader.access.object_of(&reader.schema.catalogue, object.name, object.fields)?;
        for whole in &self.columns.whole {
            reader.whole(whole.name, whole.fields, Call::Query)?;
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
