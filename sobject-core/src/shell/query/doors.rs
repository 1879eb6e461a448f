//! `query` of connections, sessions and transactions.

use super::{
    builder::Query,
    parts::{Asked, sealed::Begin},
    select::Queried,
};
use crate::{
    error::Result,
    shell::{connection::Connection, cursors::Today, session::Session, transaction::Transaction},
};

impl Connection {
    /// A typed query, which sees the state that is committed when it is asked for rows.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # for name in ["Ada", "Bo", "Alan"] {
    /// #     db.create(UserCreate::new(name, format!("{name}@example.com")))?;
    /// # }
    /// let users = db
    ///     .query::<User>()
    ///     .filter(User::FIELDS.name.starts_with("a") | User::FIELDS.username.is_in(["x@y.org"]))
    ///     .order_by(User::FIELDS.name.desc())
    ///     .limit(10)
    ///     .all()?;
    /// let names: Vec<_> = users.iter().map(|user| user.name.as_str()).collect();
    /// assert_eq!(names, ["Alan", "Ada"]);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn query<T: Queried>(&self) -> Query<Self, T::Object, T::Row> {
        Query::new(self.clone(), T::selection())
    }
}

impl Session {
    /// A typed query on this state. See [`Connection::query`](crate::Connection::query).
    pub fn query<T: Queried>(&self) -> Query<Self, T::Object, T::Row> {
        Query::new(self.clone(), T::selection())
    }
}

impl Transaction<'_> {
    /// A typed query that sees what the transaction has written. See
    /// [`Connection::query`](crate::Connection::query).
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// db.transaction(|tx| {
    ///     let ada = tx.create(UserCreate::new("Ada", "ada@example.com"))?;
    ///     let found = tx.query::<User>().filter(User::FIELDS.name.eq("ada")).one()?;
    ///     assert_eq!(found.id, ada);
    ///     Ok::<_, sobject_core::Error>(())
    /// })?;
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn query<T: Queried>(&self) -> Query<&Self, T::Object, T::Row> {
        Query::new(self, T::selection())
    }
}

impl Begin for Connection {
    type State = Session;

    fn begin(&self) -> Result<(Session, Today)> {
        let session = self.session()?;
        let today = session.today();
        Ok((session, today))
    }
}

impl Asked for Connection {}

impl Begin for Session {
    type State = Self;

    fn begin(&self) -> Result<(Self, Today)> {
        Ok((self.clone(), self.today()))
    }
}

impl Asked for Session {}

impl Begin for &Transaction<'_> {
    type State = Self;

    fn begin(&self) -> Result<(Self, Today)> {
        Ok((*self, self.today()))
    }
}

impl Asked for &Transaction<'_> {}
