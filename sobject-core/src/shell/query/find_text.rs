//! [`FindText`]: a typed search, which becomes a typed query over the records that it finds.

use std::fmt;

use sobject_soql::{SearchExpr, SearchGroup};

use super::{builder::Query, parts::Asked, select::Queried};
use crate::{
    language::{SearchedText, TextSearch},
    shell::{connection::Connection, session::Session, transaction::Transaction},
};

/// What is searched for: words and phrases as between the braces of a SOSL `FIND`, or a [`SearchExpr`].
///
/// In a text, `*` stands for any characters and `?` for one, `AND`, `OR` and `AND NOT` join words, and
/// phrases stand in double quotes. What a person types, who knows nothing of that, is
/// [`SearchExpr::text`], which stands for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchText(SearchedText);

impl From<&str> for SearchText {
    fn from(text: &str) -> Self {
        Self(SearchedText::Text(text.to_owned()))
    }
}

impl From<String> for SearchText {
    fn from(text: String) -> Self {
        Self(SearchedText::Text(text))
    }
}

impl From<SearchExpr> for SearchText {
    fn from(expr: SearchExpr) -> Self {
        Self(SearchedText::Expr(expr))
    }
}

/// A search that says what is looked for and in which fields; [`FindText::returning`] says of what, and
/// makes it a query.
#[must_use = "a search reads nothing until it is asked for records"]
#[derive(Clone)]
pub struct FindText<S> {
    source: S,
    search: TextSearch,
}

impl<S: Asked> FindText<S> {
    fn new(source: S, text: SearchText) -> Self {
        Self { source, search: TextSearch { text: text.0, group: SearchGroup::All } }
    }

    /// In the fields of this group alone; in all fields unless set.
    pub fn within(mut self, group: SearchGroup) -> Self {
        self.search.group = group;
        self
    }

    /// The records of an object that have it, as a query: with conditions, an order, a selection. It
    /// gives 2,000 records at most, as a search of an org does.
    pub fn returning<T: Queried>(&self) -> Query<S, T::Object, T::Row> {
        Query::new(self.source.clone(), T::selection()).found_by(self.search.clone())
    }
}

impl<S> fmt::Debug for FindText<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FindText").field(&self.search).finish()
    }
}

impl Connection {
    /// A typed search in the texts of records, which sees the state that is committed when it is asked
    /// for records. [`Connection::search`] is that of a SOSL text.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{SObject, SearchGroup, Store, standard::{User, UserCreate}};
    ///
    /// let db = Store::in_memory(&[User::OBJECT])?.system();
    /// for name in ["Ada Lovelace", "Charles Babbage", "Adam Smith"] {
    ///     db.create(UserCreate::new(name, format!("{}@example.com", name.replace(' ', "."))))?;
    /// }
    /// let names = db
    ///     .find_text("ada* AND NOT smith")
    ///     .within(SearchGroup::Name)
    ///     .returning::<User>()
    ///     .select(User::FIELDS.name)
    ///     .all()?;
    /// assert_eq!(names, ["Ada Lovelace"]);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn find_text(&self, text: impl Into<SearchText>) -> FindText<Self> {
        FindText::new(self.clone(), text.into())
    }
}

impl Session {
    /// A typed search on this state. See [`Connection::find_text`].
    pub fn find_text(&self, text: impl Into<SearchText>) -> FindText<Self> {
        FindText::new(self.clone(), text.into())
    }
}

impl Transaction<'_> {
    /// A typed search that sees what the transaction has written. See [`Connection::find_text`].
    pub fn find_text(&self, text: impl Into<SearchText>) -> FindText<&Self> {
        FindText::new(self, text.into())
    }
}
