//! [`Children`]: the children of each row, as a part of what is selected of it.

use std::{fmt, marker::PhantomData};

use super::{Columns, Queried, RowOf, Selected, Selection, columns};
use crate::{
    definition::Definition,
    error::Result,
    shell::{
        field::Field,
        query::{filter::Filter, order::Order, parts::Parts, way::LeadsTo},
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
    /// the children by one reference once.
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
    pub fn children<Q: Queried<Object = C>>(&self) -> Children<C, T, Q::Row> {
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

impl<P: SObject, C: SObject, T: LeadsTo<P>, R: 'static> Selection<P> for Children<C, T, R> {
    type Row = Vec<R>;

    fn reader(
        self,
        mut columns: Columns,
    ) -> (Columns, impl Fn(&RowOf<'_>) -> Result<Vec<R>> + Send + Sync + 'static) {
        let Self { reference, parts, selected, .. } = self;
        let Selected { columns: of_child, read } = selected;
        let object: &'static Definition = C::OBJECT;
        let children = columns::Children { object, reference, parts, columns: of_child };
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
    note = "there may be none, or many: write `Vec<X>`, where `X` is a struct with `#[derive(Select)]`, or \\
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

/// What asks for children of which each is an `R`: the handle of their reference, or [`Children`].
#[diagnostic::on_unimplemented(
    message = "this does not ask for children of which each is a `{R}`",
    label = "no children of this type",
    note = "children are asked for by the handle of their reference, such as `Sale::FIELDS.shop_id`, and \\
            then each is a struct of their object or a `Record`; or by its `children`"
)]
pub trait IntoChildren<R> {
    /// What selects them.
    type Children;

    /// What selects them.
    fn into_children(self) -> Self::Children;
}

#[diagnostic::do_not_recommend]
impl<O, T, R> IntoChildren<R> for Children<O, T, R> {
    type Children = Self;

    fn into_children(self) -> Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<C: SObject, T, F, G, S, R: Queried<Object = C, Row = R>> IntoChildren<R>
    for Field<C, T, F, G, S>
{
    type Children = Children<C, T, R>;

    fn into_children(self) -> Children<C, T, R> {
        self.children::<R>()
    }
}

/// The children that a field of a struct asks for. Only generated code calls it.
pub fn children_of<L: ListOf, A: IntoChildren<L::Row>>(asked: A) -> A::Children {
    asked.into_children()
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
