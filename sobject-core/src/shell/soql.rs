//! [`Soql`] and [`QueryResult`]: queries as text, and their rows as an org's JSON.

mod bindable;
mod explain;
mod prepared;
mod rows;

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value as Json;
use sobject_soql::Dialect;

use self::bindable::literal_of;
pub use self::{
    bindable::Bindable,
    explain::{Explanation, QueryPlan},
    prepared::{PreparedQuery, QueryRow},
    rows::Rows,
};
use super::{
    connection::Connection,
    cursors::{Cursor, Today},
    record::JsonRecord,
};
use crate::{
    error::{Error, Result},
    language::{Answered, Binds, Choice, Given, Planned, Terms},
    store::Reader,
    value::{RestRecords, Value},
};

/// Rows of a batch at least, and at most.
pub(super) const BATCH: (usize, usize) = (200, 2_000);

/// A query as text, with the values of its variables.
///
/// Values that come from outside belong into variables, never into the text: a variable cannot change
/// what the query asks.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{SObject, Soql, Store, standard::{User, UserCreate}};
///
/// let db = Store::in_memory(&[User::OBJECT])?.system();
/// db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
/// let asked = "Ada%";
/// let query = Soql::new("SELECT Name FROM User WHERE Name LIKE :name").bind("name", asked);
/// let found = db.soql(query)?;
/// assert_eq!(found.records[0]["Name"], "Ada Lovelace");
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Soql {
    text: String,
    binds: Binds,
    dialect: Dialect,
    all_rows: bool,
    choice: Choice,
    batch_size: usize,
}

impl Soql {
    /// A query in the dialect of programs: it may have variables (`:name`), `ALL ROWS` and
    /// `WITH USER_MODE`.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            binds: Binds::new(),
            dialect: Dialect::Rust,
            all_rows: false,
            choice: Choice::Best,
            batch_size: BATCH.1,
        }
    }

    /// A query in the dialect of the REST API, which has no variables.
    pub fn rest(text: impl Into<String>) -> Self {
        Self { dialect: Dialect::Rest, ..Self::new(text) }
    }

    /// Gives a variable its value.
    #[must_use]
    pub fn bind(mut self, name: &str, value: impl Into<BindValue>) -> Self {
        self.binds.insert(name, value.into().0);
        self
    }

    /// Finds records of the recycle bin, too: the platform's `queryAll()`.
    #[must_use]
    pub fn all_rows(self) -> Self {
        Self { all_rows: true, ..self }
    }

    /// How many rows an answer has at most: from 200 to 2,000, to which other numbers are raised or
    /// lowered; 2,000 unless set.
    #[must_use]
    pub fn batch_size(self, rows: usize) -> Self {
        Self { batch_size: rows.clamp(BATCH.0, BATCH.1), ..self }
    }
}

impl Soql {
    /// Has all records read, whatever indexes there are: what other plans are compared with.
    #[cfg(any(test, feature = "testing"))]
    #[doc(hidden)]
    #[must_use]
    pub fn reading_all(self) -> Self {
        Self { choice: Choice::Scan, ..self }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What the query is run with at a moment.
    pub(super) fn terms(&self, today: Today) -> Terms<'_> {
        Terms {
            dialect: self.dialect,
            binds: &self.binds,
            all_rows: self.all_rows,
            choice: self.choice,
            by_handles: false,
            customs: today.customs,
            now: today.now,
            search: None,
            notes_looks: false,
        }
    }

    /// [`Soql::terms`] for whoever notes which records the caller sees, where the query says so.
    pub(super) fn noting_terms(&self, today: Today) -> Terms<'_> {
        Terms { notes_looks: true, ..self.terms(today) }
    }
}

impl<T: Into<String>> From<T> for Soql {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

/// The value of a variable of a query: one value, or a list for `IN`.
#[derive(Clone, Debug)]
pub struct BindValue(Given);

impl BindValue {
    /// What the language takes it as.
    pub(super) fn into_given(self) -> Given {
        self.0
    }

    /// The variable has this value.
    pub(super) fn of_value(value: Value<'_>) -> Self {
        Self(Given::One(literal_of(value)))
    }

    /// The variable has these values.
    pub(super) fn of_values<'v>(values: impl Iterator<Item = Value<'v>>) -> Self {
        Self(Given::List(values.map(literal_of).collect()))
    }
}

impl<T: Bindable> From<T> for BindValue {
    fn from(value: T) -> Self {
        Self(Given::One(value.literal()))
    }
}

impl<T: Bindable> From<Vec<T>> for BindValue {
    fn from(values: Vec<T>) -> Self {
        Self(Given::List(values.into_iter().map(Bindable::literal).collect()))
    }
}

/// The answer of a query: the first of its rows, and how many there are in all.
///
/// It is serialised as the REST API answers a query, numbers included; see
/// [`RestJson`](crate::RestJson).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueryResult {
    /// How many rows the query has found.
    pub total_size: usize,
    /// The rows of this answer, in order.
    pub records: Vec<JsonRecord>,
    /// Where the other rows are; `None` if these are all.
    pub next: Option<QueryLocator>,
}

impl QueryResult {
    /// Are these all rows that there are?
    pub fn is_done(&self) -> bool {
        self.next.is_none()
    }
}

impl Serialize for QueryResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("totalSize", &self.total_size)?;
        map.serialize_entry("done", &self.is_done())?;
        if let Some(next) = &self.next {
            map.serialize_entry("nextRecordsUrl", &next.url())?;
        }
        map.serialize_entry("records", &RestRecords(&self.records))?;
        map.end()
    }
}

/// Puts the addresses of these locators in the places of child results that are not done.
fn set_locators(record: &mut JsonRecord, locators: &[QueryLocator]) {
    for value in record.values_mut() {
        let Json::Object(children) = value else { continue };
        if let Some(next) = children.get_mut("nextRecordsUrl")
            && let Some(place) = next.as_u64().and_then(|place| usize::try_from(place).ok())
            && let Some(locator) = locators.get(place)
        {
            *next = locator.url().into();
        }
        if let Some(Json::Array(records)) = children.get_mut("records") {
            let records = records.iter_mut().filter_map(Json::as_object_mut);
            records.for_each(|record| set_locators(record, locators));
        }
    }
}

/// Where the further rows of a query are. It is a text to others: give it back as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QueryLocator {
    pub(super) query: u64,
    pub(super) from: usize,
}

/// What the text of a locator begins with, as in an org.
const PREFIX: &str = "01g";

impl QueryLocator {
    /// The address by which the REST API names it.
    fn url(self) -> String {
        format!("/services/data/v65.0/query/{self}")
    }
}

impl fmt::Display for QueryLocator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{:015X}-{}", self.query, self.from)
    }
}

impl FromStr for QueryLocator {
    type Err = Error;

    /// Reads a locator, or the `nextRecordsUrl` that ends with one.
    fn from_str(text: &str) -> Result<Self> {
        let own = text.rsplit('/').next().unwrap_or(text);
        let read = || {
            let (query, from) = own.strip_prefix(PREFIX)?.split_once('-')?;
            let query = u64::from_str_radix(query, 16).ok()?;
            Some(Self { query, from: from.parse().ok()? })
        };
        read().ok_or_else(|| Error::BadResumeKey { key: text.to_owned() })
    }
}

impl Connection {
    /// Runs a query that is a text, and gives its first rows as an org's JSON.
    ///
    /// The query sees the last committed state. If it finds more rows than one answer has,
    /// [`Connection::query_more`] gives the others, from the same state. So it is with the children of a
    /// row: a child result that is not done has a `nextRecordsUrl`, which is read as a [`QueryLocator`].
    ///
    /// `FOR VIEW` and `FOR REFERENCE` note, in a write behind the query, that the caller sees the records
    /// of the answer. The answer has the dates from before.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
    /// let found = db.soql("SELECT COUNT(Id) n FROM User WHERE CreatedDate = TODAY")?;
    /// assert_eq!(found.records[0]["n"], 1);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Query`]; for `FOR VIEW` and `FOR REFERENCE` also the errors of
    /// [`Connection::transaction`]; [`Error::Corrupt`], [`Error::Storage`].
    pub fn soql(&self, query: impl Into<Soql>) -> Result<QueryResult> {
        let query: Soql = query.into();
        let terms = query.noting_terms(self.today());
        self.answer_planned(query.batch_size, |reader| {
            Planned::of_repeated(reader, &query.text, terms, self.repeated())
        })
    }

    /// The first rows of a query that is planned so.
    fn answer_planned(
        &self,
        batch_size: usize,
        plan: impl FnOnce(&Reader<'_>) -> Result<Planned>,
    ) -> Result<QueryResult> {
        let session = self.owned_session()?;
        let answered = session.read(|reader| plan(reader)?.answer(reader))?;
        let session = Arc::new(session);
        let cursor = Cursor { session, answered, batch_size, typed: None };
        self.answer(Arc::new(cursor), None, 0, batch_size)
    }

    /// Notes that the caller sees a part of the rows, if the query says so.
    fn note_looks(&self, answered: &Answered, from: usize, n: usize) -> Result<()> {
        let Some((number, look, records)) = answered.looks(from, n) else { return Ok(()) };
        let none = || Error::corrupt("a query of an object that is not there");
        let object = self.inner().schema.catalogue.get(number).ok_or_else(none)?;
        self.inner().write(self.access(), |mut write| {
            let result = write.one(|write| write.mark_all_seen(object, &records, look));
            (write, result)
        })
    }

    /// The rows of a query behind those that were given.
    ///
    /// They come from the state in which the query was run. It is kept for 15 minutes after the last
    /// rows were asked for, or as long as [`StoreBuilder::query_locator_lifetime`] says, and no longer
    /// than the store is open.
    ///
    /// # Errors
    /// [`Error::BadResumeKey`] if the locator is none of this store, or of another caller, or too old;
    /// [`Error::Corrupt`], [`Error::Storage`].
    ///
    /// [`StoreBuilder::query_locator_lifetime`]: crate::StoreBuilder::query_locator_lifetime
    pub fn query_more(&self, locator: &QueryLocator) -> Result<QueryResult> {
        let cursor = self.cursor(locator)?;
        let n = cursor.batch_size;
        self.answer(cursor, Some(locator.query), locator.from, n)
    }

    /// [`Connection::query_more`] with a batch of another size than the query's:
    /// [`Soql::batch_size`] says which there are.
    ///
    /// # Errors
    /// As [`Connection::query_more`].
    pub fn query_more_with(
        &self,
        locator: &QueryLocator,
        batch_size: usize,
    ) -> Result<QueryResult> {
        let n = batch_size.clamp(BATCH.0, BATCH.1);
        self.answer(self.cursor(locator)?, Some(locator.query), locator.from, n)
    }

    /// The cursor that the locator of a text's rows leads to.
    fn cursor(&self, locator: &QueryLocator) -> Result<Arc<Cursor>> {
        let unknown = || Error::BadResumeKey { key: locator.to_string() };
        let cursor = self.kept_cursor(locator)?;
        if cursor.typed.is_some() { Err(unknown()) } else { Ok(cursor) }
    }

    /// The cursor that a locator leads to.
    ///
    /// # Errors
    /// [`Error::BadResumeKey`].
    pub(super) fn kept_cursor(&self, locator: &QueryLocator) -> Result<Arc<Cursor>> {
        let unknown = || Error::BadResumeKey { key: locator.to_string() };
        let now = self.inner().now();
        let cursor = self.queries().get(locator.query, self.caller(), now).ok_or_else(unknown)?;
        if locator.from >= cursor.answered.len() {
            return Err(unknown());
        }
        Ok(cursor)
    }

    /// The locator of the rows of a cursor behind those that were given, which are `n` from `from` on;
    /// `None` if there are no more. The cursor is kept under its number, or a new one.
    pub(super) fn locator_behind(
        &self,
        cursor: Arc<Cursor>,
        number: Option<u64>,
        from: usize,
        n: usize,
    ) -> Option<QueryLocator> {
        let behind = from.saturating_add(n.max(1));
        (behind < cursor.answered.len() && !cursor.answered.is_grouped()).then(|| {
            let now = self.inner().now();
            let query = number.unwrap_or_else(|| self.queries().keep(cursor, self.caller(), now));
            QueryLocator { query, from: behind }
        })
    }

    /// Keeps the children of rows of a cursor, of each of which `n` were given; the locators of the
    /// others.
    fn keep(&self, of: &Cursor, children: Vec<Answered>, n: usize) -> Vec<QueryLocator> {
        let cursor = |answered| {
            let (session, batch_size) = (of.session.clone(), of.batch_size);
            Arc::new(Cursor { session, answered, batch_size, typed: None })
        };
        let cursors = children.into_iter().map(cursor).collect();
        let numbers = self.queries().keep_all(cursors, self.caller(), self.inner().now());
        numbers.map(|query| QueryLocator { query, from: n }).collect()
    }

    /// `n` rows of a cursor from one on; the cursor is kept if there are more behind them.
    fn answer(
        &self,
        cursor: Arc<Cursor>,
        number: Option<u64>,
        from: usize,
        n: usize,
    ) -> Result<QueryResult> {
        let total_size = cursor.answered.len();
        if !cursor.answered.has_rows() {
            return Ok(QueryResult { total_size, records: Vec::new(), next: None });
        }
        cursor.answered.check_groups()?;
        let (mut records, left) =
            cursor.session.read(|reader| cursor.answered.rows_in_batches(reader, from, n, n))?;
        if !left.is_empty() {
            let locators = self.keep(&cursor, left, n);
            for record in &mut records {
                set_locators(record, &locators);
            }
        }
        self.note_looks(&cursor.answered, from, records.len())?;
        let next = self.locator_behind(cursor, number, from, records.len());
        Ok(QueryResult { total_size, records, next })
    }
}
