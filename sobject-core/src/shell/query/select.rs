//! [`Selection`]: what of a row is read, and what is made of it.
//!
//! | file | what |
//! |---|---|
//! | `columns` | what a selection names of a row, and the row that is read by it |
//! | `children` | child queries |
//! | `shown` | labels of picklists, and values as texts for people |

mod children;
mod columns;
mod shown;

use std::{marker::PhantomData, sync::Arc};

use sobject_soql::{Path, SelectItem};

use self::columns::{Row, no_column};
pub use self::{
    children::{Children, ListOf, Names, below},
    columns::{Columns, RowOf},
    shown::{Formatted, Label},
};
pub(super) use self::{columns::Places, shown::text_of};
use super::{
    filter::path_of,
    traits::Selectable,
    way::{LeadsTo, Own, Through, Way},
};
use crate::{
    catalogue::Object,
    definition::Definition,
    error::Result,
    language::{Planned, RowView},
    shell::{field::Field, read, record::Record, sobject::SObject},
    store::{Reader, RowReader},
};

/// What a query over the object `O` selects of each row: the handle of a field, what
/// [`Field::parent`] and [`Field::children`] ask for, a tuple of selections, or the whole record.
#[diagnostic::on_unimplemented(
    message = "this cannot be selected from `{O}`",
    label = "no selection of `{O}`",
    note = "a selection is a handle of `{O}`, such as `{O}::FIELDS.id`, one that its references lead to, \
            children whose reference names `{O}`, or a tuple of up to twelve selections"
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

impl<O: SObject, T: Selectable, F, G, S> Selection<O> for Field<O, T, F, G, S, Own> {
    type Row = T;

    fn reader(
        self,
        mut columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<T> + Send + Sync + 'static) {
        let column = columns.place(path_of(&self), self.object());
        (columns, move |row: &RowOf<'_>| row.value(column))
    }
}

impl<O: SObject, P: Selectable, F, G, S> Selection<O> for Field<O, Option<P>, F, G, S, Through> {
    type Row = Option<P>;

    fn reader(
        self,
        mut columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<Option<P>> + Send + Sync + 'static) {
        let (object, idx) = (self.object(), self.idx());
        let column = columns.place(path_of(&self), object);
        (columns, move |row: &RowOf<'_>| row.value_or_null(column, object, idx))
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
        columns.add_whole(O::OBJECT);
        let id = columns.place(Path::from("Id"), O::OBJECT);
        (columns, move |row: &RowOf<'_>| {
            let record = row.whole(id)?.ok_or_else(no_column)?;
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
    pub fn parent<Q: Queried + WithoutChildren>(&self) -> Parent<O, Q>
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
        columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<Self::Row> + Send + Sync + 'static) {
        columns.behind(self.relationships, |mut columns| {
            let id = columns.place(Path::from("Id"), Q::Object::OBJECT);
            let (columns, read) = Q::selection().reader(columns);
            let read = move |row: &RowOf<'_>| match row.whole(id)? {
                Some(_) => read(row).map(Some),
                None => Ok(None),
            };
            (columns, read)
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

/// What a query over the object `O` gives: the object, whose records it gives whole, or a struct with
/// [`#[derive(Select)]`](macro@crate::Select) that is selected from it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not read from `{O}`",
    label = "neither `{O}` nor a part of it",
    note = "what is read of a `{O}` is the whole record, or a struct with `#[derive(Select)]` and \
            `#[select(from = {O})]`"
)]
pub trait PartOf<O>: Queried<Object = O> {}

#[diagnostic::do_not_recommend]
impl<T: SObject> PartOf<T> for T {}

/// What [`Field::parent`] may ask for: an object, or a struct that asks for no children.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has children, which no parent is asked for",
    label = "has children",
    note = "a query asks for children of the records that it finds, and not of those that references lead \
            to: query the parent's object instead"
)]
pub trait WithoutChildren {}

#[diagnostic::do_not_recommend]
impl<T: SObject> WithoutChildren for T {}

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
pub(super) type Read<R> = Arc<dyn Fn(&RowOf<'_>) -> Result<R> + Send + Sync>;

/// A selection that a query has.
pub(super) struct Selected<R> {
    pub(super) columns: Arc<Columns>,
    pub(super) read: Read<R>,
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
        self.columns.check(reader, object)
    }

    pub(super) fn places(&self, reader: &Reader<'_>, planned: &Planned) -> Result<Places> {
        self.columns.places(reader, planned)
    }

    pub(super) fn own_places(
        &self,
        reader: &Reader<'_>,
        object: &Object,
    ) -> Result<Option<Places>> {
        self.columns.own_places(reader, object)
    }

    /// What is made of a row.
    pub(super) fn read(&self, view: &RowView<'_>, places: &Places) -> Result<R> {
        (self.read)(&RowOf { row: Row::Found(view), places })
    }

    /// What is made of a record that was read by its id.
    pub(super) fn read_record(&self, record: &RowReader<'_>, places: &Places) -> Result<R> {
        (self.read)(&RowOf { row: Row::Record(record), places })
    }
}
