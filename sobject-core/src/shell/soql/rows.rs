//! [`Rows`]: the rows of a query one after another, of a session or inside a transaction.

use std::collections::VecDeque;

use super::{QueryResult, Soql};
use crate::{
    error::Result,
    language::{Batches, Planned, Terms},
    shell::{
        connection::Connection,
        cursors::Today,
        read::{Reads, State},
        record::JsonRecord,
        session::Session,
        transaction::Transaction,
    },
};

/// Rows that are read at once.
const BATCH: usize = 500;
/// Records that are noted in one write, where it is noted that the caller sees them: as many as are in an
/// answer at most.
const NOTED: usize = super::BATCH.1;

/// The rows of a query, one after another.
///
/// They come from one state of the store, however long that takes. Where ids or an index have them in
/// the order that the query asks for, they are found as they are asked for; else their ids are found
/// first and put in order. In neither case are more than some hundred rows in memory. A query for
/// `COUNT()` has no rows.
#[derive(Debug)]
pub struct Rows<S> {
    source: S,
    /// `None` once there are no more.
    batches: Option<Batches>,
    ready: VecDeque<JsonRecord>,
}

impl<S: Reads> Rows<S> {
    fn new(source: S, query: &Soql, today: Today) -> Result<Self> {
        Self::of_terms(source, query, query.terms(today))
    }

    fn of_terms(source: S, query: &Soql, terms: Terms<'_>) -> Result<Self> {
        let batches =
            source.read(|reader| Planned::of_text(reader, query.text(), terms)?.batches(reader))?;
        if let Batches::Found(answered, _) = &batches {
            answered.check_groups()?;
        }
        Ok(Self { source, batches: Some(batches), ready: VecDeque::new() })
    }

    fn read(&mut self) -> Result<()> {
        let Some(batches) = &mut self.batches else { return Ok(()) };
        let rows = self.source.read(|reader| batches.next(reader, BATCH))?;
        if rows.is_empty() {
            self.batches = None;
        }
        self.ready.extend(rows);
        Ok(())
    }
}

impl<S: Reads> Iterator for Rows<S> {
    type Item = Result<JsonRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty()
            && let Err(error) = self.read()
        {
            self.batches = None;
            return Some(Err(error));
        }
        self.ready.pop_front().map(Ok)
    }
}

/// All rows of a query in one answer.
fn all<S: State>(source: &S, query: &Soql, today: Today) -> Result<QueryResult> {
    source.read(|reader| {
        let planned = Planned::of_text(reader, query.text(), query.terms(today))?;
        let answered = planned.answer(reader)?;
        answered.check_groups()?;
        let total_size = answered.len();
        let records = answered.rows(reader, 0, usize::MAX)?;
        Ok(QueryResult { total_size, records, next: None })
    })
}

impl Connection {
    /// The rows of a query one after another, from the state that is committed now.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
    /// for user in db.soql_rows("SELECT Name FROM User")? {
    ///     println!("{}", user?["Name"]);
    /// }
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::soql`].
    pub fn soql_rows(&self, query: impl Into<Soql>) -> Result<Rows<Session>> {
        let query: Soql = query.into();
        let rows = Rows::of_terms(self.session()?, &query, query.noting_terms(self.today()))?;
        if let Some(Batches::Found(answered, _)) = &rows.batches {
            for from in (0..answered.len()).step_by(NOTED) {
                self.note_looks(answered, from, NOTED)?;
            }
        }
        Ok(rows)
    }
}

impl Session {
    /// Runs a query on this state. All rows are in the answer, so there is no locator; the date literals
    /// are those of the day on which the session began.
    ///
    /// # Errors
    /// As [`Connection::soql`].
    pub fn soql(&self, query: impl Into<Soql>) -> Result<QueryResult> {
        all(self, &query.into(), self.today())
    }

    /// The rows of a query on this state, one after another.
    ///
    /// # Errors
    /// As [`Connection::soql`].
    pub fn soql_rows(&self, query: impl Into<Soql>) -> Result<Rows<Self>> {
        Rows::new(self.clone(), &query.into(), self.today())
    }
}

impl Transaction<'_> {
    /// Runs a query that sees what the transaction has written. All rows are in the answer, so there is
    /// no locator.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// db.transaction(|tx| {
    ///     tx.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
    ///     let found = tx.soql("SELECT Id FROM User WHERE Name = 'ada lovelace'")?;
    ///     assert_eq!(found.total_size, 1);
    ///     Ok::<_, sobject_core::Error>(())
    /// })?;
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Connection::soql`].
    pub fn soql(&self, query: impl Into<Soql>) -> Result<QueryResult> {
        all(&self, &query.into(), self.today())
    }

    /// The rows of a query that sees what the transaction has written, one after another.
    ///
    /// # Errors
    /// As [`Connection::soql`].
    pub fn soql_rows(&self, query: impl Into<Soql>) -> Result<Rows<&Self>> {
        Rows::new(self, &query.into(), self.today())
    }
}
