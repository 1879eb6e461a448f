//! Following a store: its changes in the order of their commits, cursors that hold the feed, and cutting
//! off what nobody needs any more.

use std::{collections::VecDeque, fmt};

use chrono::{DateTime, Utc};

use super::{connection::Connection, store::Store};
use crate::{
    error::{Error, Result},
    store::{Access, Change, ChangePage, ChangeToken, cursor, cursors},
};

/// Changes that are read at once.
const BATCH: usize = 500;
/// Entries of the feed that a transaction cuts off.
const CUT_STEP: usize = 10_000;
/// Bytes of the name of a cursor, at most.
const MAX_NAME: usize = 255;

/// The changes of a store behind a token, one after another or in pages.
///
/// They are read in pieces, each from the state that is committed then, so nothing is held between two
/// of them; what is written meanwhile comes in its turn. As an iterator it ends where there are no more
/// changes now, and goes on when it is asked again after further ones.
pub struct Changes {
    db: Connection,
    token: ChangeToken,
    ready: VecDeque<Change>,
}

impl Changes {
    /// The next changes, at most so many, but one at least if there is one.
    ///
    /// # Errors
    /// [`Error::BadChangeToken`], [`Error::ChangesCutOff`]; [`Error::BadPermissions`];
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub fn page(&mut self, limit: usize) -> Result<ChangePage> {
        // What the iterator has read and not given yet is read again.
        self.ready.clear();
        let page = self.read(limit.max(1))?;
        self.token = page.token;
        Ok(page)
    }

    /// How far the changes were given: what to go on by later, be it in another process.
    pub fn token(&self) -> ChangeToken {
        self.token
    }

    fn read(&self, limit: usize) -> Result<ChangePage> {
        self.db.inner().read(self.db.access(), |reader| reader.changes(&self.token, limit))
    }
}

impl Iterator for Changes {
    type Item = Result<Change>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty() {
            match self.read(BATCH) {
                // Changes that the caller may not see are passed over, with none behind them.
                Ok(page) if page.changes.is_empty() => self.token = page.token,
                Ok(page) => self.ready.extend(page.changes),
                Err(error) => return Some(Err(error)),
            }
        }
        let change = self.ready.pop_front()?;
        self.token = change.token;
        Some(Ok(change))
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").field("token", &self.token).finish_non_exhaustive()
    }
}

impl Connection {
    /// The changes of the store behind a token, in the order in which they were committed, each once: of
    /// every object that the program lists and the caller may read.
    ///
    /// Unlike [`Connection::get_updated`], this misses nothing and tells nothing twice, whatever the
    /// clocks do: a record that a replica put comes when it arrived here, and every update of a record is
    /// a change of its own. What is kept of a change is what happened, to which record, when, by whom and
    /// in which fields, and not the values: read the record for those. A change of an object that the
    /// caller may not read, or the program does not list, is passed over, and the token goes on.
    ///
    /// Keep the token with what was made of the changes, in the same transaction if that is another
    /// store, and each change is worked on exactly once, across restarts and crashes too.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use sobject_core::{ChangeKind, SObject, Store, standard::{User, UserCreate, UserUpdate}};
    ///
    /// let db = Store::in_memory(&[User::OBJECT])?.system();
    /// let ada = db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let page = db.changes_from_start().page(200)?;
    /// assert_eq!(page.changes[0].kind, ChangeKind::Create);
    /// let kept = page.token.to_string();
    ///
    /// db.update(ada, UserUpdate { name: "Ada King".into(), ..Default::default() })?;
    /// for change in db.changes(&kept.parse()?) {
    ///     let change = change?;
    ///     assert_eq!((change.id, &*change.fields), (ada.into(), &["Name".to_owned()][..]));
    /// }
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// A token that is none of this store, or too old, is refused when changes are read.
    pub fn changes(&self, after: &ChangeToken) -> Changes {
        Changes { db: self.clone(), token: *after, ready: VecDeque::new() }
    }

    /// All changes that the store ever had. See [`Connection::changes`].
    ///
    /// After [`Store::compact_feed`] the first are gone, and this is refused by
    /// [`Error::ChangesCutOff`].
    pub fn changes_from_start(&self) -> Changes {
        self.changes(&ChangeToken::START)
    }
}

impl Store {
    /// Keeps a cursor by name behind the changes of a token, wherever it was before:
    /// [`Store::compact_feed`] cuts off nothing that it has not read.
    ///
    /// Move it on after what was made of the changes is durable. A cursor that is never moved holds the
    /// feed for ever, until it is [removed](Store::remove_cursor).
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{ChangeToken, SObject, Store, standard::{User, UserCreate}};
    /// # let store = Store::in_memory(&[User::OBJECT])?;
    /// # let db = store.system();
    /// # db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let token = store.cursor("warehouse")?.unwrap_or(ChangeToken::START);
    /// let page = db.changes(&token).page(200)?;
    /// // … what is made of the changes …
    /// store.set_cursor("warehouse", &page.token)?;
    /// assert_eq!(store.cursors()?, [("warehouse".to_owned(), page.token)]);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::BadChangeToken`], [`Error::ChangesCutOff`]; [`Error::NotSupported`] for a name that is
    /// empty or of more than 255 bytes; [`Error::NestedWrite`]; [`Error::Corrupt`],
    /// [`Error::Storage`].
    pub fn set_cursor(&self, name: &str, token: &ChangeToken) -> Result<()> {
        if name.is_empty() || name.len() > MAX_NAME {
            let what = format!("a cursor whose name has {} bytes, not 1 to {MAX_NAME}", name.len());
            return Err(Error::NotSupported { object: String::new(), what });
        }
        self.inner().write(&Access::SYSTEM, |mut write| {
            let result = write.set_cursor(name, token);
            (write, result)
        })
    }

    /// Where the cursor of this name stands; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub fn cursor(&self, name: &str) -> Result<Option<ChangeToken>> {
        self.inner().read(&Access::SYSTEM, |reader| {
            Ok(cursor(reader.read, name)?.map(ChangeToken::of_place))
        })
    }

    /// The cursors that are kept, by name.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub fn cursors(&self) -> Result<Vec<(String, ChangeToken)>> {
        self.inner().read(&Access::SYSTEM, |reader| {
            let places = cursors(reader.read)?.into_iter();
            Ok(places.map(|(name, place)| (name, ChangeToken::of_place(place))).collect())
        })
    }

    /// Removes the cursor of this name, which no longer holds the feed; whether there was one.
    ///
    /// # Errors
    /// [`Error::NestedWrite`], [`Error::Storage`].
    pub fn remove_cursor(&self, name: &str) -> Result<bool> {
        self.inner().write(&Access::SYSTEM, |mut write| {
            let result = write.remove_cursor(name);
            (write, result)
        })
    }

    /// Cuts off changes that are older than a moment from the feed, and tells how many.
    ///
    /// What [`Connection::get_updated`] and [`Connection::get_deleted`] may ask for stays, so nothing of
    /// the last 31 days goes; nor does what a [cursor](Store::set_cursor) has not read, nor the last
    /// change. A token that stands before what was cut off is refused from then on.
    ///
    /// It works in transactions of some thousand changes, beside other writers. If it fails in the midst,
    /// what it has done so far stands. [`Store::compact`] gives the space back to the disk.
    ///
    /// # Errors
    /// [`Error::NestedWrite`]; [`Error::Corrupt`], [`Error::Storage`].
    pub fn compact_feed(&self, older_than: DateTime<Utc>) -> Result<u64> {
        let mut n_cut: u64 = 0;
        loop {
            let (n, is_more) = self.inner().write(&Access::SYSTEM, |mut write| {
                let result = write.cut_feed(older_than.timestamp_millis(), CUT_STEP);
                (write, result)
            })?;
            n_cut = n_cut.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
            if !is_more {
                return Ok(n_cut);
            }
        }
    }
}
