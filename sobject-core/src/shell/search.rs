//! [`Sosl`] and [`SearchResult`]: searches as text, and the records that they find as an org's JSON.

use serde::{Serialize, Serializer, ser::SerializeMap};
use sobject_soql::Dialect;

use super::{
    connection::Connection, cursors::Today, read::State, record::JsonRecord, session::Session,
    soql::BindValue, transaction::Transaction,
};
use crate::{
    error::Result,
    language::{Binds, Choice, Terms, run_search},
    value::RestRecords,
};

/// A search as SOSL text, with the values of its variables.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{SObject, Sosl, Store, standard::{User, UserCreate}};
///
/// let db = Store::in_memory(&[User::OBJECT])?.system();
/// db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
/// let words = "lovel*";
/// let search = Sosl::new("FIND :words IN NAME FIELDS RETURNING User(Name)").bind("words", words);
/// let found = db.search(search)?;
/// assert_eq!(found.records[0]["Name"], "Ada Lovelace");
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sosl {
    text: String,
    binds: Binds,
    dialect: Dialect,
}

impl Sosl {
    /// A search in the dialect of programs: it may have variables (`:words`), quotes instead of braces,
    /// and `WITH USER_MODE`.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), binds: Binds::new(), dialect: Dialect::Rust }
    }

    /// A search in the dialect of the REST API, which has no variables.
    pub fn rest(text: impl Into<String>) -> Self {
        Self { dialect: Dialect::Rest, ..Self::new(text) }
    }

    /// Gives a variable its value. That of `FIND` is a text of words and phrases.
    #[must_use]
    pub fn bind(mut self, name: &str, value: impl Into<BindValue>) -> Self {
        self.binds.insert(name, value.into().into_given());
        self
    }

    fn run<S: State>(&self, source: &S, today: Today) -> Result<SearchResult> {
        let terms = Terms {
            dialect: self.dialect,
            binds: &self.binds,
            all_rows: false,
            choice: Choice::Best,
            customs: today.customs,
            now: today.now,
            by_handles: false,
            search: None,
            notes_looks: false,
        };
        let records = source.read(|reader| run_search(reader, &self.text, terms))?;
        Ok(SearchResult { records })
    }
}

impl<T: Into<String>> From<T> for Sosl {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

/// The records that a search has found, those of the first object of `RETURNING` first.
///
/// It is serialised as the REST API answers a search, numbers included; see
/// [`RestJson`](crate::RestJson).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchResult {
    /// The records, each with its `attributes`.
    pub records: Vec<JsonRecord>,
}

impl Serialize for SearchResult {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("searchRecords", &RestRecords(&self.records))?;
        map.end()
    }
}

impl Connection {
    /// Searches the texts of records by SOSL, the platform's `search()`, and gives the records as an
    /// org's JSON. The search sees the last committed state.
    ///
    /// It looks into the texts, emails, phones, addresses of pages and picklists of the objects that have
    /// the call, as far as the caller may read them. Records in the recycle bin are never found. A search
    /// gives 2,000 records at most, and 250 of one object where neither a limit, a condition nor an order
    /// is said of it; with several objects, each has its share of the 2,000.
    /// [`Connection::find_text`] is the typed form.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # db.create(UserCreate::new("Ada Lovelace", "ada@example.com"))?;
    /// let found = db.search("FIND {ada AND love*} RETURNING User(Id, Name ORDER BY Name LIMIT 10)")?;
    /// assert_eq!(found.records[0]["Name"], "Ada Lovelace");
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Query`](crate::Error::Query); [`Error::Corrupt`](crate::Error::Corrupt),
    /// [`Error::Storage`](crate::Error::Storage).
    pub fn search(&self, search: impl Into<Sosl>) -> Result<SearchResult> {
        self.session()?.search(search)
    }
}

impl Session {
    /// Searches this state. See [`Connection::search`].
    ///
    /// # Errors
    /// As [`Connection::search`].
    pub fn search(&self, search: impl Into<Sosl>) -> Result<SearchResult> {
        search.into().run(self, self.today())
    }
}

impl Transaction<'_> {
    /// Searches what is committed and what the transaction has written. See [`Connection::search`].
    ///
    /// # Errors
    /// As [`Connection::search`].
    pub fn search(&self, search: impl Into<Sosl>) -> Result<SearchResult> {
        search.into().run(&self, self.today())
    }
}
