//! [`CheckedQuery`]: a query that the compiler has checked, and its rows.

use std::{fmt, iter::FusedIterator};

use super::cells::RowCells;
use crate::{
    error::{Error, QueryError, Result},
    shell::{
        connection::Connection, record::JsonRecord, session::Session, soql::Soql,
        transaction::Transaction,
    },
};

/// A query that `soql!` has checked, with the values of its variables. Its rows are `R`, a struct with a
/// field for each item of the select list.
///
/// It is run on a [`Connection`], a [`Session`] or a [`Transaction`], as often as one likes.
pub struct CheckedQuery<R> {
    soql: Soql,
    read: Read<R>,
}

/// Makes a row of its values.
type Read<R> = fn(&mut RowCells<'_>) -> Result<R>;

/// A query and how its rows are read. Only generated code calls it.
pub fn checked<R>(soql: Soql, read: Read<R>) -> CheckedQuery<R> {
    CheckedQuery { soql, read }
}

impl<R> CheckedQuery<R> {
    /// All rows.
    ///
    /// # Errors
    /// As [`Connection::soql`].
    pub fn all(&self, db: &impl RunsSoql) -> Result<Vec<R>> {
        self.rows(db)?.collect()
    }

    /// The only row.
    ///
    /// # Errors
    /// As [`Connection::soql`]; and [`Error::Query`] if there is no row, or more than one.
    pub fn one(&self, db: &impl RunsSoql) -> Result<R> {
        let one = self.optional(db)?;
        one.ok_or_else(|| Error::Query(Box::new(QueryError::not_one_row(true))))
    }

    /// The only row, if there is one.
    ///
    /// # Errors
    /// As [`Connection::soql`]; and [`Error::Query`] if there is more than one row.
    pub fn optional(&self, db: &impl RunsSoql) -> Result<Option<R>> {
        let mut rows = self.rows(db)?;
        let Some(first) = rows.next() else { return Ok(None) };
        match rows.next() {
            None => first.map(Some),
            Some(Err(error)) => Err(error),
            Some(Ok(_)) => Err(Error::Query(Box::new(QueryError::not_one_row(false)))),
        }
    }

    /// The rows one after another, all of one state, with some hundreds of them in memory at most.
    ///
    /// # Errors
    /// As [`Connection::soql`].
    pub fn rows<'d>(&self, db: &'d impl RunsSoql) -> Result<CheckedRows<'d, R>> {
        Ok(CheckedRows { rows: Some(db.json_rows(self.soql.clone())?), read: self.read })
    }

    /// The query as one that is not typed, for what only those have, such as
    /// [`Connection::explain`].
    pub fn to_soql(&self) -> Soql {
        self.soql.clone()
    }
}

impl<R> Clone for CheckedQuery<R> {
    fn clone(&self) -> Self {
        Self { soql: self.soql.clone(), read: self.read }
    }
}

impl<R> fmt::Debug for CheckedQuery<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CheckedQuery").field(&self.soql).finish()
    }
}

/// The rows of a [`CheckedQuery`], one after another.
pub struct CheckedRows<'d, R> {
    /// `None` once there was an error.
    rows: Option<JsonRows<'d>>,
    read: Read<R>,
}

impl<R> Iterator for CheckedRows<'_, R> {
    type Item = Result<R>;

    fn next(&mut self) -> Option<Result<R>> {
        let row = self.rows.as_mut()?.next();
        let row = row.map(|row| row.and_then(|row| (self.read)(&mut RowCells::new(&row))));
        if !matches!(row, Some(Ok(_))) {
            self.rows = None;
        }
        row
    }
}

impl<R> FusedIterator for CheckedRows<'_, R> {}

impl<R> fmt::Debug for CheckedRows<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckedRows").finish_non_exhaustive()
    }
}

/// The rows of a query as JSON.
type JsonRows<'d> = Box<dyn Iterator<Item = Result<JsonRecord>> + 'd>;

/// What a [`CheckedQuery`] is run on: a [`Connection`], a [`Session`], or a [`Transaction`] with what it
/// has written.
pub trait RunsSoql: sealed::Source {}

mod sealed {
    use super::JsonRows;
    use crate::{error::Result, shell::soql::Soql};

    /// What queries are run on.
    pub trait Source {
        /// The rows of a query as JSON.
        ///
        /// # Errors
        /// As [`Connection::soql`](crate::Connection::soql).
        fn json_rows(&self, soql: Soql) -> Result<JsonRows<'_>>;
    }
}

/// Implements [`RunsSoql`].
macro_rules! runs_soql {
    ($($source:ty)+) => {$(
        impl sealed::Source for $source {
            fn json_rows(&self, soql: Soql) -> Result<JsonRows<'_>> {
                Ok(Box::new(self.soql_rows(soql)?))
            }
        }

        impl RunsSoql for $source {}
    )+};
}

runs_soql! { Connection Session Transaction<'_> }
