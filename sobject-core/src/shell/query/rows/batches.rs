//! [`Batch`]: the rows of a typed query in parts, each of which may be asked for in a call of its own.

use std::sync::Arc;

use crate::{
    error::{Error, Result},
    shell::{
        connection::Connection,
        cursors::Cursor,
        query::{Query, select::Places},
        sobject::SObject,
        soql::{BATCH, QueryLocator},
    },
};

/// A part of the rows of a query, and how many there are in all.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Batch<R> {
    /// How many rows the query has found.
    pub total_size: usize,
    /// The rows of this part, in order.
    pub rows: Vec<R>,
    /// Where the other rows are; `None` if these are the last.
    pub next: Option<QueryLocator>,
}

impl<O: SObject, R> Query<Connection, O, R> {
    /// The first rows: from 200 to 2,000 of them, to which another `size` is raised or lowered.
    /// [`Query::next_batch`] gives the others, from the same state.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{QueryLocator, SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # for n in 0..300 {
    /// #     db.create(UserCreate::new("Ada", format!("{n}@example.com")))?;
    /// # }
    /// let users = db.query::<User>().select(User::FIELDS.username);
    /// let first = users.batch(200)?;
    /// assert_eq!((first.rows.len(), first.total_size), (200, 300));
    ///
    /// // The locator can be kept as a text, and the same query goes on with it.
    /// let next = first.next.map(|next| next.to_string()).expect("there are more");
    /// let rest = users.next_batch(&next.parse::<QueryLocator>()?)?;
    /// assert_eq!((rest.rows.len(), rest.next), (100, None));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Query::all`].
    pub fn batch(&self, size: usize) -> Result<Batch<R>> {
        let (session, today) = (self.source.owned_session()?, self.source.today());
        let (answered, places) = session.read(|reader| {
            let (planned, places) = self.plan(reader, &self.parts, today)?;
            Ok::<_, Error>((planned.answer(reader)?, places))
        })?;
        let (session, batch_size) = (Arc::new(session), size.clamp(BATCH.0, BATCH.1));
        let typed = Some((self.tree(&self.parts), self.parts.all_rows, self.parts.search.clone()));
        let cursor = Arc::new(Cursor { session, answered, batch_size, typed });
        self.read_batch(cursor, &places, None, 0)
    }

    /// The rows behind those that were given, as many as [`Query::batch`] was asked for.
    ///
    /// They come from the state in which the query was run, which is kept as
    /// [`Connection::query_more`] says. The query must be the one that was asked: the same clauses and the
    /// same selection.
    ///
    /// # Errors
    /// [`Error::BadResumeKey`] if the locator is none of this store, of another caller or another query,
    /// or too old; [`Error::Corrupt`], [`Error::Storage`].
    pub fn next_batch(&self, locator: &QueryLocator) -> Result<Batch<R>> {
        let cursor = self.source.kept_cursor(locator)?;
        let is_asked = |(tree, all_rows, search): &(_, bool, _)| {
            *all_rows == self.parts.all_rows
                && *search == self.parts.search
                && *tree == self.tree(&self.parts)
        };
        if !cursor.typed.as_ref().is_some_and(is_asked) {
            return Err(Error::BadResumeKey { key: locator.to_string() });
        }
        let planned = cursor.answered.planned();
        let places = cursor.session.read(|reader| self.selected.places(reader, planned))?;
        self.read_batch(cursor, &places, Some(locator.query), locator.from)
    }

    fn read_batch(
        &self,
        cursor: Arc<Cursor>,
        places: &Places,
        number: Option<u64>,
        from: usize,
    ) -> Result<Batch<R>> {
        let total_size = cursor.answered.len();
        let n = cursor.batch_size;
        let mut rows = Vec::with_capacity(n.min(total_size.saturating_sub(from)));
        cursor.session.read(|reader| {
            cursor.answered.show_some(reader, from, n, &mut |view| {
                rows.push(self.selected.read(view, places)?);
                Ok(())
            })
        })?;
        let next = self.source.locator_behind(cursor, number, from, rows.len());
        Ok(Batch { total_size, rows, next })
    }
}
