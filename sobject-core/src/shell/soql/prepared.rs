//! [`PreparedQuery`]: a query whose text is read once, to be run often.

use std::{fmt, sync::Arc};

use serde_json::Value as Json;

use super::{BindValue, QueryResult, Soql};
use crate::{
    bytes::BadRow,
    catalogue::ObjectNo,
    definition::FieldIdx,
    error::{DecodeError, Error, QueryError, Result},
    language::{Binds, Place, Planned, Prepared, RowView, Terms},
    shell::{connection::Connection, query::Selectable},
    store::{Reader, RowReader},
    value::Value,
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

/// A row of a [`PreparedQuery`], read in place.
///
/// Its columns are the fields and functions of the select list, counted from 0 in their order. A field of
/// a parent, such as `Account.Name`, is a column like others; child queries and `TYPEOF` have no column.
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
            let terms = soql.terms(db.today());
            let of_these = Terms { binds: &self.binds, ..terms };
            let mut show = |view: &RowView<'_>, places: &[Place]| f(&QueryRow { view, places });
            if self.of.prepared.show_by_id(reader, of_these, &mut show)? {
                return Ok(());
            }
            let planned = self.plan(reader, terms)?;
            let Some(places) = planned.places() else {
                let what = "reading groups or a count in place".to_owned();
                return Err(Error::NotSupported { object: planned.object(reader)?, what });
            };
            let answered = planned.answer(reader)?;
            answered.show(reader, &mut |view| show(view, &places))
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
        self.places.get(column).ok_or_else(|| {
            let n = self.places.len();
            self.refusal(format!("reading column {column} of a row that has {n}, counted from 0"))
        })
    }

    /// The source of a column that is a field, its object and the field.
    fn field(&self, column: usize) -> Result<(usize, ObjectNo, FieldIdx)> {
        match self.place(column)? {
            Place::Field { source, object, field } => Ok((*source, *object, *field)),
            Place::Value(_) => Err(self.refusal(format!(
                "reading column {column}, whose value the query makes, as a typed value: json gives it"
            ))),
        }
    }

    fn refusal(&self, what: String) -> Error {
        Error::NotSupported { object: self.view.object().to_owned(), what }
    }

    /// The refusal to read a null as a value.
    fn null(&self, column: usize, name: &str) -> Error {
        self.refusal(format!(
            "reading column {column}, {name}, with get where it is null: get_or_null gives None then"
        ))
    }

    /// Why a column cannot be read as a type: what is selected is of another, unless the row is damaged.
    fn unread<T>(
        &self,
        column: usize,
        name: &str,
        (record, field): (&RowReader<'_>, FieldIdx),
        error: DecodeError,
    ) -> Error {
        match record.value(field) {
            Ok(Value::Null) => self.null(column, name),
            Ok(_) => {
                let of = std::any::type_name::<T>();
                self.refusal(format!("reading column {column}, {name}, as {of}"))
            }
            Err(_) => error.into(),
        }
    }

    /// The value of a column, which is not null.
    ///
    /// # Errors
    /// [`Error::NotSupported`] if it is null, which [`QueryRow::get_or_null`] reads, or of another type; if
    /// there is no such column; and if a function makes its value, which [`QueryRow::json`] gives.
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub fn get<T: Selectable>(&self, column: usize) -> Result<T> {
        let (source, object, field) = self.field(column)?;
        let name = || self.view.field_name(object, field);
        let record = self.view.sources.get(source).and_then(Option::as_ref);
        let Some(record) = record else { return Err(self.null(column, name()?)) };
        T::select(record.system_field(field))
            .or_else(|error| Err(self.unread::<T>(column, name()?, (record, field), error)))
    }

    /// The value of a column, or `None` if it is null, also because there is no parent.
    ///
    /// # Errors
    /// As [`QueryRow::get`], but for null.
    pub fn get_or_null<T: Selectable>(&self, column: usize) -> Result<Option<T>> {
        let (source, object, field) = self.field(column)?;
        let record = self.view.sources.get(source).and_then(Option::as_ref);
        let Some(record) = record else { return Ok(None) };
        match T::select_or_null(record.system_field(field)) {
            // These are never null, so what finds nothing of its type is of another.
            Ok(None) if matches!(field, FieldIdx::ID | FieldIdx::IS_DELETED) => {
                let name = self.view.field_name(object, field)?;
                Err(self.unread::<T>(column, name, (record, field), BadRow.into()))
            }
            Ok(value) => Ok(value),
            Err(error) => {
                let name = self.view.field_name(object, field)?;
                Err(self.unread::<T>(column, name, (record, field), error))
            }
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
