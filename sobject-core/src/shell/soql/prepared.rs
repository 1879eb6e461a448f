//! [`PreparedQuery`]: a query whose text is read once, to be run often.

use std::{fmt, sync::Arc};

use serde_json::Value as Json;

use super::{BindValue, QueryResult, Soql};
use crate::{
    error::{Error, QueryError, Result},
    language::{Binds, Place, Planned, Prepared, RowView, Terms},
    shell::{connection::Connection, query::Selectable},
    store::Reader,
};

/// A query as text that was read once, to be run often with other values of its variables.
///
/// [`Connection::prepare`] gives one. The names and rights are looked up when it runs first, and then
/// kept, unless the query asks for days such as `TODAY`, for children or for what another query finds.
/// Each run sees the state that is committed then.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{Id, SObject, Store, standard::{User, UserCreate}};
///
/// let db = Store::in_memory(&[User::OBJECT])?.system();
/// let ada = db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
/// let by_id = db.prepare("SELECT Id, Name FROM User WHERE Id = :id")?;
/// let found = by_id.bind("id", ada).one(|row| Ok((row.get::<Id<User>>(0)?, row.get::<String>(1)?)))?;
/// assert_eq!(found, (ada, "Ada Lovelace".to_owned()));
/// // As the REST API answers it:
/// assert_eq!(by_id.bind("id", ada).soql()?.records[0]["Name"], "Ada Lovelace");
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[derive(Clone)]
pub struct PreparedQuery {
    of: Arc<Of>,
    binds: Binds,
}

/// What all clones have in common.
struct Of {
    db: Connection,
    prepared: Prepared,
    soql: Soql,
}

/// A row of a [`PreparedQuery`], read in place: the columns are those of the select list, counted from
/// 0; of a parent or a child query there is none, but of each field of a parent.
pub struct QueryRow<'r> {
    view: &'r RowView<'r>,
    places: &'r [Place],
}

impl PreparedQuery {
    /// The same with this value of a variable.
    #[must_use]
    pub fn bind(&self, name: &str, value: impl Into<BindValue>) -> Self {
        let mut binds = self.binds.clone();
        binds.insert(name, value.into().0);
        Self { of: self.of.clone(), binds }
    }

    /// The names of the variables, in the order of the text.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.of.prepared.variables()
    }

    /// Runs the query, and gives its first rows as an org's JSON. See [`Connection::soql`].
    ///
    /// # Errors
    /// As [`Connection::soql`].
    pub fn soql(&self) -> Result<QueryResult> {
        let Of { db, soql, .. } = &*self.of;
        let terms = soql.noting_terms(db.today());
        db.answer_planned(soql.batch_size, |reader| self.plan(reader, terms))
    }

    /// What `f` makes of each row, which it reads in place.
    ///
    /// # Errors
    /// As [`Connection::soql`], and those of `f`; [`Error::NotSupported`] for a query whose rows are
    /// groups, or are counted: [`PreparedQuery::soql`] gives these.
    pub fn all<R>(&self, mut f: impl FnMut(&QueryRow<'_>) -> Result<R>) -> Result<Vec<R>> {
        let mut rows = Vec::new();
        self.each(&mut |row| {
            rows.push(f(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// What `f` makes of the one row that there is.
    ///
    /// # Errors
    /// As [`PreparedQuery::all`]; [`Error::Query`] if there is none, or more than one.
    pub fn one<R>(&self, f: impl FnMut(&QueryRow<'_>) -> Result<R>) -> Result<R> {
        let one = self.optional(f)?;
        one.ok_or_else(|| Error::Query(Box::new(QueryError::not_one_row(true))))
    }

    /// What `f` makes of the one row that there is, or `None`.
    ///
    /// # Errors
    /// As [`PreparedQuery::all`]; [`Error::Query`] if there is more than one.
    pub fn optional<R>(&self, mut f: impl FnMut(&QueryRow<'_>) -> Result<R>) -> Result<Option<R>> {
        let mut only = None;
        self.each(&mut |row| {
            if only.is_some() {
                return Err(Error::Query(Box::new(QueryError::not_one_row(false))));
            }
            only = Some(f(row)?);
            Ok(())
        })?;
        Ok(only)
    }

    fn each(&self, f: &mut dyn FnMut(&QueryRow<'_>) -> Result<()>) -> Result<()> {
        let Of { db, soql, .. } = &*self.of;
        db.inner().read(db.access(), |reader| {
            let planned = self.plan(reader, soql.terms(db.today()))?;
            let Some(places) = planned.places() else {
                let what = "reading groups or a count in place".to_owned();
                return Err(Error::NotSupported { object: planned.object(reader)?, what });
            };
            let answered = planned.answer(reader)?;
            answered.show(reader, &mut |view| f(&QueryRow { view, places: &places }))
        })
    }

    fn plan(&self, reader: &Reader<'_>, terms: Terms<'_>) -> Result<Planned> {
        let terms = Terms { binds: &self.binds, ..terms };
        Planned::of_prepared(reader, &self.of.prepared, terms)
    }
}

impl fmt::Debug for PreparedQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PreparedQuery").field(&self.of.prepared.text()).finish()
    }
}

impl QueryRow<'_> {
    fn place(&self, column: usize) -> Result<&Place> {
        self.places.get(column).ok_or_else(|| Error::NotSupported {
            object: "a query".to_owned(),
            what: format!("reading column {column} of {}", self.places.len()),
        })
    }

    /// The value of a column, which is not null.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if it is null or of another type; [`Error::NotSupported`] if there is no such
    /// column, or a function makes its value: [`QueryRow::json`] gives that.
    pub fn get<T: Selectable>(&self, column: usize) -> Result<T> {
        let null = || Error::corrupt(format!("column {column} of a query is null"));
        match self.place(column)? {
            Place::Field { source, field, .. } => {
                let record = self.view.sources.get(*source).and_then(Option::as_ref);
                Ok(T::select(record.ok_or_else(null)?.system_field(*field))?)
            }
            Place::Value(_) => self.get_or_null(column)?.ok_or_else(null),
        }
    }

    /// The value of a column, or `None` if it is null, also because there is no parent.
    ///
    /// # Errors
    /// As [`QueryRow::get`].
    pub fn get_or_null<T: Selectable>(&self, column: usize) -> Result<Option<T>> {
        match self.place(column)? {
            Place::Field { source, field, .. } => {
                match self.view.sources.get(*source).and_then(Option::as_ref) {
                    Some(record) => Ok(T::select_or_null(record.system_field(*field))?),
                    None => Ok(None),
                }
            }
            Place::Value(_) => Err(Error::NotSupported {
                object: "a query".to_owned(),
                what: format!("reading column {column} in place, whose value is made,"),
            }),
        }
    }

    /// The value of a column as an org's JSON.
    ///
    /// # Errors
    /// [`Error::NotSupported`] if there is no such column; [`Error::Corrupt`], [`Error::Storage`].
    pub fn json(&self, column: usize) -> Result<Json> {
        match self.place(column)? {
            Place::Field { source, field, .. } => {
                match self.view.sources.get(*source).and_then(Option::as_ref) {
                    Some(record) => Ok(record.value(*field)?.to_json()),
                    None => Ok(Json::Null),
                }
            }
            Place::Value(expr) => self.view.value(expr),
        }
    }
}

impl fmt::Debug for QueryRow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view.fmt(f)
    }
}

impl Connection {
    /// Reads the text of a query, to run it often. See [`PreparedQuery`].
    ///
    /// # Errors
    /// [`Error::Query`] if it is no query. What it says of objects and fields is found when it runs.
    pub fn prepare(&self, query: impl Into<Soql>) -> Result<PreparedQuery> {
        let soql: Soql = query.into();
        let prepared = Prepared::new(soql.text(), soql.terms(self.today()))?;
        let binds = soql.binds.clone();
        Ok(PreparedQuery { of: Arc::new(Of { db: self.clone(), prepared, soql }), binds })
    }
}
