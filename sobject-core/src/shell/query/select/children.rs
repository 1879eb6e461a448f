//! [`Children`]: the children of each row, as a part of what is selected of it.

use std::{fmt, marker::PhantomData};

use super::{Columns, PartOf, Queried, Read, RowOf, Selected, Selection, columns};
use crate::{
    error::Result,
    id::{Id, RecordId, Ref},
    shell::{
        field::Field,
        field_value::{References, is_among},
        query::{filter::Filter, order::Order, parts::Parts},
        record::Record,
        sobject::SObject,
    },
};

/// Selects the records of the object `O` whose reference of the type `T` names the row: its children.
/// [`Field::children`] makes one. Of each child, it reads an `R`.
#[must_use = "children are read as a part of what is selected"]
pub struct Children<O, T, R> {
    reference: &'static str,
    parts: Parts,
    selected: Selected<R>,
    types: PhantomData<fn() -> (O, T)>,
}

impl<C: SObject, T, F, G, S> Field<C, T, F, G, S> {
    /// The records whose reference this is, as the children of the record that it names: whole, if `Q` is
    /// their object, or what a struct with [`#[derive(Select)]`](macro@crate::Select) asks of them.
    ///
    /// They are selected of the object that the reference names, and come as a `Vec`, which is empty
    /// where there are none. All children of a batch of rows are read together. Children may have children
    /// of their own: five levels of objects at most, with twenty child queries in all. A query asks for
    /// the children by one reference once. That a reference to one of several objects names this one is
    /// looked at when a program is built, though not by a mere check.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{Id, SObject, Store, standard::{User, UserCreate}};
    ///
    /// #[derive(SObject)]
    /// #[sobject(key_prefix = "a00")]
    /// struct Ticket {
    ///     #[field(create, filter, sort)]
    ///     title: String,
    ///     #[field(create, filter, relationship = "Agent")]
    ///     agent_id: Id<User>,
    /// }
    ///
    /// let db = Store::in_memory(&[User::OBJECT, Ticket::OBJECT])?.system();
    /// let ada = db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// for title in ["printer", "lamp", "door"] {
    ///     db.create(TicketCreate::new(title, ada))?;
    /// }
    /// let ticket = &Ticket::FIELDS;
    /// let first = ticket.agent_id.children::<Ticket>().order_by(ticket.title.asc()).limit(2);
    /// let query = db.query::<User>().select((User::FIELDS.name, first.select(ticket.title)));
    /// assert_eq!(query.one()?, ("Ada".to_owned(), vec!["door".to_owned(), "lamp".to_owned()]));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn children<Q: PartOf<C>>(&self) -> Children<C, T, Q::Row> {
        let selected = Selected::new(Q::selection());
        let reference = self.name();
        Children { reference, parts: Parts::default(), selected, types: PhantomData }
    }
}

impl<O: SObject, T, R> Children<O, T, R> {
    /// Only children that meet the condition, beside those that were asked for before.
    pub fn filter(mut self, filter: Filter<O>) -> Self {
        self.parts.add_filter(filter.into_expr());
        self
    }

    /// Ordered by this, behind the orders that were given before.
    pub fn order_by(mut self, order: Order<O>) -> Self {
        self.parts.order_by.push(order.into_item());
        self
    }

    /// So many children of each row at most.
    pub fn limit(mut self, limit: usize) -> Self {
        self.parts.limit = Some(limit);
        self
    }

    /// Without so many first children. The query around it must then be limited to one row, as in an org.
    pub fn offset(mut self, offset: usize) -> Self {
        self.parts.offset = Some(offset);
        self
    }

    /// Of each child, this instead of what was selected before.
    pub fn select<P: Selection<O>>(self, selection: P) -> Children<O, T, P::Row> {
        let Self { reference, parts, types, .. } = self;
        Children { reference, parts, selected: Selected::new(selection), types }
    }

    /// Of each child, what `f` makes of what was selected.
    pub fn map<M>(self, f: impl Fn(R) -> M + Send + Sync + 'static) -> Children<O, T, M>
    where
        R: 'static,
    {
        let Self { reference, parts, selected, types } = self;
        Children { reference, parts, selected: selected.map(f), types }
    }
}

/// A reference that may name a record of the object `P`, whose children have it.
#[diagnostic::on_unimplemented(
    message = "a field of the type `{Self}` names no `{P}`, whose children would have it",
    label = "no children of `{P}`",
    note = "children are selected of the object that their reference names"
)]
pub trait Names<P> {
    /// For a reference to one of several objects, to be looked at when a program is built: is it among
    /// them?
    #[doc(hidden)]
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<P: SObject> Names<P> for Id<P> {}

#[diagnostic::do_not_recommend]
impl<P: SObject> Names<P> for Option<Id<P>> {}

// CreatedById and LastModifiedById, whose object the program defines: the query looks at it.
#[diagnostic::do_not_recommend]
impl<P: SObject> Names<P> for RecordId {}

#[diagnostic::do_not_recommend]
impl<P: SObject, S: References> Names<P> for Ref<S> {
    const OK: () =
        assert!(is_among(S::TARGETS, P::NAME), "the reference does not name this object");
}

#[diagnostic::do_not_recommend]
impl<P: SObject, S: References> Names<P> for Option<Ref<S>> {
    const OK: () = <Ref<S> as Names<P>>::OK;
}

impl<P: SObject, C: SObject, T: Names<P>, R: 'static> Selection<P> for Children<C, T, R> {
    type Row = Vec<R>;

    fn reader(
        self,
        columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<Vec<R>> + Send + Sync + 'static) {
        below::<P, C, T, R>(self).reader(columns)
    }
}

/// The children of records of the object `P`.
pub struct Below<P, R> {
    children: columns::Children,
    read: Read<R>,
    parent: PhantomData<fn() -> P>,
}

/// The children, as those of the object `P`. Generated code calls it, so that the compiler reports at the
/// field which children are none of these.
pub fn below<P: SObject, C: SObject, T: Names<P>, R>(children: Children<C, T, R>) -> Below<P, R> {
    const { T::OK };
    let Children { reference, parts, selected, .. } = children;
    let Selected { columns, read } = selected;
    let children = columns::Children { object: C::OBJECT, reference, parts, columns };
    Below { children, read, parent: PhantomData }
}

impl<P, R: 'static> Selection<P> for Below<P, R> {
    type Row = Vec<R>;

    fn reader(
        self,
        mut columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<Vec<R>> + Send + Sync + 'static) {
        let Self { children, read, .. } = self;
        let place = columns.add_children(children);
        (columns, move |row: &RowOf<'_>| {
            let mut children = Vec::new();
            row.children(place, &mut |child| {
                children.push(read(child)?);
                Ok(())
            })?;
            Ok(children)
        })
    }
}

impl<P, R> fmt::Debug for Below<P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Below").field(&self.children).finish()
    }
}

impl<O, T, R> Clone for Children<O, T, R> {
    fn clone(&self) -> Self {
        let Self { reference, parts, selected, types } = self;
        Self { reference, parts: parts.clone(), selected: selected.clone(), types: *types }
    }
}

impl<O: SObject, T, R> fmt::Debug for Children<O, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Children({}.{})", O::NAME, self.reference)
    }
}

/// A list of rows, which a field of a struct holds that asks for children.
#[diagnostic::on_unimplemented(
    message = "children go into a `Vec`, and not into a `{Self}`",
    label = "no `Vec`",
    note = "there may be none, or many: write `Vec<X>`, where `X` is a struct with `#[derive(Select)]`, or \
            a `Record` of the children's object"
)]
pub trait ListOf {
    /// A row.
    type Row;
}

#[diagnostic::do_not_recommend]
impl<R> ListOf for Vec<R> {
    type Row = R;
}

/// So that a struct may hold `Record`s of its children.
#[diagnostic::do_not_recommend]
impl<T: SObject> Queried for Record<T> {
    type Object = T;
    type Row = Self;

    fn selection() -> impl Selection<T, Row = Self> {
        super::Whole::new()
    }
}

#[diagnostic::do_not_recommend]
impl<T: SObject> PartOf<T> for Record<T> {}
