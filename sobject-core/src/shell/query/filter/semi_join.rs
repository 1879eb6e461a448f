//! [`SemiJoin`]: the condition that an id is among those that another query finds, and [`Values`], that
//! other query.
//!
//! **Invariant:** it stands beside other conditions that must hold as well, and nowhere else. So it is no
//! [`Filter`], which could stand under `|` and `!`, and the other query takes none.

use std::{fmt, marker::PhantomData};

use sobject_soql::{Expr, Path, SemiJoin as Written, Set, Test};

use super::{Filter, path_of};
use crate::{
    id::{At, Id, OneOf, RecordId, Ref},
    shell::{
        field::{Field, Filterable},
        query::traits::Selectable,
        sobject::SObject,
    },
};

/// The values of a reference, or of Id, in the records of the object `O` that meet a condition:
/// [`Field::values`] makes one, and [`Field::in_query`] looks in it.
#[must_use = "values are looked for by `in_query`"]
pub struct Values<O, V> {
    field: &'static str,
    filter: Option<Expr>,
    types: PhantomData<fn() -> (O, V)>,
}

impl<O: SObject, V> Values<O, V> {
    /// Only of records that meet the condition, beside those that were asked for before.
    pub fn filter(self, filter: Filter<O>) -> Self {
        let filter = match self.filter {
            Some(known) => known.and(filter.expr),
            None => filter.expr,
        };
        Self { filter: Some(filter), ..self }
    }

    fn written(self) -> Set {
        let Self { field, filter, .. } = self;
        let join = Written { filter, ..Written::new(Path::from(field), O::NAME) };
        Set::SemiJoin(Box::new(join.into()))
    }
}

/// The condition that an id of a record of the object `O` is, or is not, among those that another query
/// finds; [`Field::in_query`] and [`Field::not_in_query`] make one. A query has two of them at most.
#[must_use = "a condition does nothing until a query has it"]
pub struct SemiJoin<O> {
    expr: Expr,
    object: PhantomData<fn() -> O>,
}

/// A condition on records of the object `O`: a [`Filter`], or a [`SemiJoin`].
#[diagnostic::on_unimplemented(
    message = "this is no condition on `{O}`",
    label = "no condition on `{O}`",
    note = "a condition is made by a handle of `{O}`, such as `{O}::FIELDS.id.eq(..)`, or by one that its \
            references lead to"
)]
pub trait Condition<O> {
    #[doc(hidden)]
    fn into_expr(self) -> Expr;
}

impl<O> Condition<O> for Filter<O> {
    fn into_expr(self) -> Expr {
        self.expr
    }
}

impl<O> Condition<O> for SemiJoin<O> {
    fn into_expr(self) -> Expr {
        self.expr
    }
}

/// An id that may be the same as one of the type `V`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` is not looked for among these values",
    label = "never the same ids",
    note = "an id is looked for among ids of the same object: those of references to it, or its own"
)]
pub trait SameIds<V, How> {}

/// Marks ids of the same type.
#[derive(Debug)]
pub enum Same {}

/// Marks ids whose object is known when a query is run.
#[derive(Debug)]
pub enum Unknown {}

#[diagnostic::do_not_recommend]
impl<O> SameIds<Self, Same> for Id<O> {}

#[diagnostic::do_not_recommend]
impl<S> SameIds<Self, Same> for Ref<S> {}

#[diagnostic::do_not_recommend]
impl<O, S: OneOf<O, At<PLACE>>, const PLACE: usize> SameIds<Ref<S>, At<PLACE>> for Id<O> {}

#[diagnostic::do_not_recommend]
impl<O, S: OneOf<O, At<PLACE>>, const PLACE: usize> SameIds<Id<O>, At<PLACE>> for Ref<S> {}

#[diagnostic::do_not_recommend]
impl<V> SameIds<V, Unknown> for RecordId {}

#[diagnostic::do_not_recommend]
impl<O> SameIds<RecordId, Unknown> for Id<O> {}

#[diagnostic::do_not_recommend]
impl<S> SameIds<RecordId, Unknown> for Ref<S> {}

/// Conditions on what other queries find.
impl<O: SObject, T: Selectable, F, G, S> Field<O, T, F, G, S> {
    /// The values of this reference, to be looked for by [`Field::in_query`] of another object.
    pub fn values(&self) -> Values<O, T::Plain> {
        Values { field: self.name(), filter: None, types: PhantomData }
    }

    fn join<C: SObject, V>(self, values: Values<C, V>, test: fn(Set) -> Test) -> SemiJoin<O> {
        SemiJoin { expr: Expr::test(path_of(&self), test(values.written())), object: PhantomData }
    }

    /// The id is among the values: a semi-join, `Id IN (SELECT AgentId FROM Session WHERE ..)`.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{Id, SObject, Store, standard::{User, UserCreate}};
    ///
    /// #[derive(SObject)]
    /// #[sobject(key_prefix = "a00")]
    /// struct Ticket {
    ///     #[field(create, filter)]
    ///     title: String,
    ///     #[field(create, filter)]
    ///     agent_id: Id<User>,
    /// }
    ///
    /// let db = Store::in_memory(&[User::OBJECT, Ticket::OBJECT])?.system();
    /// let ada = db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let bo = db.create(UserCreate::new("Bo", "bo@example.com"))?;
    /// db.create(TicketCreate::new("printer", ada))?;
    /// let (user, ticket) = (&User::FIELDS, &Ticket::FIELDS);
    /// let printers = || ticket.agent_id.values().filter(ticket.title.eq("Printer"));
    /// assert_eq!(db.query::<User>().filter(user.id.in_query(printers())).one()?.id, ada);
    /// assert_eq!(db.query::<User>().filter(user.id.not_in_query(printers())).one()?.id, bo);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn in_query<C: SObject, V, How>(&self, values: Values<C, V>) -> SemiJoin<O>
    where
        F: Filterable,
        T::Plain: SameIds<V, How>,
    {
        self.join(values, Test::In)
    }

    /// The id is not among the values, or there is none: an anti-join.
    pub fn not_in_query<C: SObject, V, How>(&self, values: Values<C, V>) -> SemiJoin<O>
    where
        F: Filterable,
        T::Plain: SameIds<V, How>,
    {
        self.join(values, Test::NotIn)
    }
}

impl<O, V> Clone for Values<O, V> {
    fn clone(&self) -> Self {
        Self { field: self.field, filter: self.filter.clone(), types: PhantomData }
    }
}

impl<O: SObject, V> fmt::Debug for Values<O, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Values");
        out.field("object", &O::NAME)
            .field("field", &self.field)
            .field("filter", &self.filter)
            .finish()
    }
}

impl<O> Clone for SemiJoin<O> {
    fn clone(&self) -> Self {
        Self { expr: self.expr.clone(), object: PhantomData }
    }
}

impl<O> fmt::Debug for SemiJoin<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}
