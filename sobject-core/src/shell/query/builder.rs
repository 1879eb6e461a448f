//! [`Query`]: a typed query.

use std::{fmt, marker::PhantomData};

use sobject_soql::{GroupKind, Query as Tree, Select};

use super::{
    filter::Condition,
    group::{Grouped, Keys, SubtotalKeys, Totals, totals_of_all},
    order::Order,
    parts::{Asked, Parts},
    rows::{Pages, Stream},
    select::{Places, Selected, Selection},
};
use crate::{
    error::{Error, QueryError, Result},
    language::{Batches, Planned, TextSearch},
    shell::{cursors::Today, read::State, sobject::SObject, soql::Explanation},
    store::Reader,
};

/// A query over the object `O`, of which each row becomes an `R`.
///
/// It is made by `query` of a [`Connection`](crate::Connection::query), a
/// [`Session`](crate::Session::query) or a [`Transaction`](crate::Transaction::query), and reads nothing
/// until it is asked for rows. Filters, orders and selections are made of handles, so a query that the
/// language forbids does not compile. What the caller may not read is refused as
/// [`Error::Query`](crate::Error::Query), or where the whole record is selected, as
/// [`Connection::get`](crate::Connection::get) refuses it: select the fields that are needed instead.
#[must_use = "a query reads nothing until it is asked for rows"]
pub struct Query<S, O, R> {
    pub(super) source: S,
    pub(super) parts: Parts,
    pub(super) selected: Selected<R>,
    object: PhantomData<fn() -> O>,
}

impl<S: Asked, O: SObject, R> Query<S, O, R> {
    pub(super) fn new(source: S, selection: impl Selection<O, Row = R>) -> Self {
        let selected = Selected::new(selection);
        Self { source, parts: Parts::default(), selected, object: PhantomData }
    }

    /// Only rows that have in their texts what is searched for.
    pub(super) fn found_by(mut self, search: TextSearch) -> Self {
        self.parts.search = Some(search);
        self
    }

    /// Only rows that meet the condition, beside those that were asked for before: a
    /// [`Filter`](crate::Filter), or that another query finds them ([`Field::in_query`]).
    ///
    /// [`Field::in_query`]: crate::Field::in_query
    pub fn filter(mut self, condition: impl Condition<O>) -> Self {
        self.parts.add_filter(condition.into_expr());
        self
    }

    /// Ordered by this, behind the orders that were given before.
    pub fn order_by(mut self, order: Order<O>) -> Self {
        self.parts.order_by.push(order.into_item());
        self
    }

    /// So many rows at most.
    pub fn limit(mut self, limit: usize) -> Self {
        self.parts.limit = Some(limit);
        self
    }

    /// Without so many first rows: 2,000 at most, as in an org.
    pub fn offset(mut self, offset: usize) -> Self {
        self.parts.offset = Some(offset);
        self
    }

    /// Records of the recycle bin, too: the platform's `queryAll()`.
    pub fn all_rows(mut self) -> Self {
        self.parts.all_rows = true;
        self
    }

    /// Has all records read, whatever indexes there are: what other plans are compared with.
    #[cfg(any(test, feature = "testing"))]
    #[doc(hidden)]
    pub fn reading_all(mut self) -> Self {
        self.parts.is_scan = true;
        self
    }

    /// Of each row, this instead of what was selected before: a handle, or a tuple of them.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # let ada = db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
    /// let found = db.query::<User>().select((User::FIELDS.id, User::FIELDS.name)).all()?;
    /// assert_eq!(found, [(ada, "Ada Lovelace".to_owned())]);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn select<P: Selection<O>>(self, selection: P) -> Query<S, O, P::Row> {
        let Self { source, parts, object, .. } = self;
        Query { source, parts, selected: Selected::new(selection), object }
    }

    /// Of each row, what `f` makes of what was selected: a struct of one's own, say.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{Id, SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # let ada = db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
    /// #[derive(Debug, PartialEq)]
    /// struct Person {
    ///     id: Id<User>,
    ///     name: String,
    /// }
    ///
    /// let people = db
    ///     .query::<User>()
    ///     .select((User::FIELDS.id, User::FIELDS.name))
    ///     .map(|(id, name)| Person { id, name });
    /// assert_eq!(people.one()?, Person { id: ada, name: "Ada Lovelace".to_owned() });
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn map<M>(self, f: impl Fn(R) -> M + Send + Sync + 'static) -> Query<S, O, M>
    where
        R: 'static,
    {
        let Self { source, parts, selected, object } = self;
        Query { source, parts, selected: selected.map(f), object }
    }

    /// The rows in groups that have the same keys, of which totals are told. What was ordered by and
    /// selected before is forgotten: say it of the groups.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{count_rows, SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # for (n, name) in ["Ada", "Bo", "Ada"].into_iter().enumerate() {
    /// #     db.create(UserCreate::new(name, format!("{n}@example.com")))?;
    /// # }
    /// let user = &User::FIELDS;
    /// let names = db
    ///     .query::<User>()
    ///     .group_by(user.name)
    ///     .totals((count_rows(), user.username.max()))
    ///     .having(count_rows().gt(1_i64))
    ///     .all()?;
    /// assert_eq!(names, [("Ada".to_owned(), (2, Some("2@example.com".to_owned())))]);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn group_by<K: Keys<O>>(self, keys: K) -> Grouped<S, O, K::Row> {
        let parts = Parts { order_by: Vec::new(), ..self.parts };
        Grouped::new(self.source, parts, keys)
    }

    /// [`Query::group_by`] with subtotals from right to left, and a total of all rows: of `(a, b)`, those
    /// of each `a` as well, over all `b`.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{count_rows, SObject, Store, Subtotal, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # for (n, name) in ["Ada", "Bo", "Ada"].into_iter().enumerate() {
    /// #     db.create(UserCreate::new(name, format!("{n}@example.com")))?;
    /// # }
    /// let name = User::FIELDS.name;
    /// let rows = db.query::<User>().group_by_rollup(name).totals(count_rows());
    /// let rows = rows.order_by(name.grouping().asc()).order_by(name.asc()).all()?;
    /// let of = |name: &str| Subtotal::Of(name.to_owned());
    /// assert_eq!(rows, [(of("Ada"), 2), (of("Bo"), 1), (Subtotal::All, 3)]);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn group_by_rollup<K: SubtotalKeys<O>>(self, keys: K) -> Grouped<S, O, K::Row> {
        let parts = Parts { order_by: Vec::new(), ..self.parts };
        Grouped::with_subtotals(self.source, parts, GroupKind::Rollup, keys)
    }

    /// [`Query::group_by`] with subtotals of every combination of the keys, and a total of all rows.
    pub fn group_by_cube<K: SubtotalKeys<O>>(self, keys: K) -> Grouped<S, O, K::Row> {
        let parts = Parts { order_by: Vec::new(), ..self.parts };
        Grouped::with_subtotals(self.source, parts, GroupKind::Cube, keys)
    }

    /// Totals of all rows.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{count_rows, SObject, Store, standard::User};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// let last = db.query::<User>().totals((count_rows(), User::FIELDS.name.max()))?;
    /// assert_eq!(last, (0, None));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`GroupedQuery::all`](crate::GroupedQuery::all).
    pub fn totals<A: Totals<O>>(&self, totals: A) -> Result<A::Row> {
        let parts = Parts { order_by: Vec::new(), ..self.parts.clone() };
        totals_of_all(&self.source, &parts, totals)
    }

    /// All rows.
    ///
    /// # Errors
    /// [`Error::Query`]; [`Error::UnknownObject`] and [`Error::UnknownField`] where a whole record is
    /// selected that the caller may not read; [`Error::Corrupt`], [`Error::Storage`].
    pub fn all(&self) -> Result<Vec<R>> {
        self.rows_of(&self.parts)
    }

    /// The rows with these clauses instead of the query's own.
    pub(super) fn rows_of(&self, parts: &Parts) -> Result<Vec<R>> {
        let (state, today) = self.source.begin()?;
        state.read(|reader| {
            let (planned, places) = self.plan(reader, parts, today)?;
            let answered = planned.answer(reader)?;
            let mut rows = Vec::with_capacity(answered.len());
            answered.show(reader, &mut |view| {
                rows.push(self.selected.read(view, &places)?);
                Ok(())
            })?;
            Ok(rows)
        })
    }

    /// The one row that there is.
    ///
    /// # Errors
    /// As [`Query::all`]; [`Error::Query`] if there is none, or more than one.
    pub fn one(&self) -> Result<R> {
        let one = self.optional()?;
        one.ok_or_else(|| Error::Query(Box::new(QueryError::not_one_row(true))))
    }

    /// The one row that there is, or `None`.
    ///
    /// # Errors
    /// As [`Query::all`]; [`Error::Query`] if there is more than one.
    pub fn optional(&self) -> Result<Option<R>> {
        let limit = Some(self.parts.limit.unwrap_or(usize::MAX).min(2));
        let mut rows = self.rows_of(&Parts { limit, ..self.parts.clone() })?;
        if rows.len() > 1 {
            return Err(Error::Query(Box::new(QueryError::not_one_row(false))));
        }
        Ok(rows.pop())
    }

    /// How many rows there are. The rows are not read, so no right to their fields is needed, but to
    /// those of the filter.
    ///
    /// # Errors
    /// As [`Query::all`].
    pub fn count(&self) -> Result<usize> {
        let (state, today) = self.source.begin()?;
        state.read(|reader| self.parts.count(reader, O::OBJECT, today))
    }

    /// Is there a row?
    ///
    /// # Errors
    /// As [`Query::all`].
    pub fn exists(&self) -> Result<bool> {
        let (state, today) = self.source.begin()?;
        let limit = Some(self.parts.limit.unwrap_or(usize::MAX).min(1));
        let first = Parts { limit, ..self.parts.clone() };
        state.read(|reader| Ok(first.count(reader, O::OBJECT, today)? > 0))
    }

    /// The rows one after another, from the state that is read now. Where ids or an index have them in
    /// the order that is asked for, they are found as they are asked for; else their ids are found first.
    /// No more than some hundred rows are in memory.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
    /// for name in db.query::<User>().select(User::FIELDS.name).stream()? {
    ///     println!("{}", name?);
    /// }
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Query::all`].
    pub fn stream(&self) -> Result<Stream<S::State, R>> {
        let (state, today) = self.source.begin()?;
        let (batches, places) = state.read(|reader| {
            let (planned, places) = self.plan(reader, &self.parts, today)?;
            Ok::<(Batches, Places), Error>((planned.batches(reader)?, places))
        })?;
        Ok(Stream::new(state, batches, places, self.selected.clone()))
    }

    /// The rows in pages of `size`, but one at least, from the state that is read now. The last page may
    /// be shorter.
    ///
    /// # Errors
    /// As [`Query::all`].
    pub fn pages(&self, size: usize) -> Result<Pages<S::State, R>> {
        Ok(Pages::new(self.stream()?, size))
    }

    /// How the query is answered: by which path its records are found, and why. The query is run, so
    /// that what was thought can be compared with what was there; its rows are not read out.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
    /// let told = db.query::<User>().filter(User::FIELDS.name.contains("love")).explain()?;
    /// assert_eq!((told.path.as_str(), told.total_size), ("User whole", 1));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Query::all`].
    pub fn explain(&self) -> Result<Explanation> {
        let (state, today) = self.source.begin()?;
        state.read(|reader| {
            let (planned, _) = self.plan(reader, &self.parts, today)?;
            Ok(Explanation::new(planned.explain(reader)?))
        })
    }

    pub(super) fn plan(
        &self,
        reader: &Reader<'_>,
        parts: &Parts,
        today: Today,
    ) -> Result<(Planned, Places)> {
        self.selected.check(reader, O::OBJECT)?;
        let planned = parts.plan(reader, &self.tree(parts), today)?;
        let places = self.selected.places(reader, &planned)?;
        Ok((planned, places))
    }

    /// The query with these clauses.
    pub(super) fn tree(&self, parts: &Parts) -> Tree {
        parts.tree(O::OBJECT, Select::Items(self.selected.items()))
    }
}

impl<S: Clone, O, R> Clone for Query<S, O, R> {
    fn clone(&self) -> Self {
        Self {
            source: self.source.clone(),
            parts: self.parts.clone(),
            selected: self.selected.clone(),
            object: PhantomData,
        }
    }
}

impl<S: Asked, O: SObject, R> fmt::Debug for Query<S, O, R> {
    /// Prints the query as SOQL. Children are those of an object by a reference, `Object.Field`, where
    /// SOQL has a name of the relationship.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Query({})", self.tree(&self.parts))
    }
}
