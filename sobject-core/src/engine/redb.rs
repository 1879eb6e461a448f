//! The embedded engine: redb, on a file or in memory.
//!
//! Spaces are redb tables named `s<id>`. Keys of fixed width are native integers, which redb
//! compares and packs best; keys of an index have the unit value, which costs no bytes.
//!
//! Writers take turns by a mutex, and a write's closure reads the last committed snapshot: while
//! it has the turn, that is the newest state. So a refused write never touches redb.
//!
//! **Invariants:** the only room that names redb. The cached snapshot is begun under the lock of
//! the cache and dropped after each commit before the writer is told, so a reader never sees less
//! than what was acknowledged, and no stale snapshot keeps pages of the file from being reused.

#[macro_use]
mod kinds;
mod apply;
mod errors;
mod read;

use std::{
    collections::HashSet,
    fmt,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use redb::{
    Builder, Database, MultimapTableHandle, ReadableDatabase, TableHandle, WriteTransaction,
};

use self::{apply::apply, kinds::table_name, read::Snapshot};
use super::{Engine, EngineError, Read, Space, WriteWith};

/// redb on a file or in memory.
pub(crate) struct RedbEngine {
    db: Database,
    /// Held by the writer whose turn it is.
    turn: Mutex<()>,
    /// What there is to read.
    cache: RwLock<Cache>,
    /// One more than the highest number of a space that exists.
    n_spaces: AtomicUsize,
}

impl RedbEngine {
    /// Opens the file at `path`, or makes it. A database of another program is left alone. Pages are
    /// kept in memory up to `cache_size` bytes, or as many as redb sees fit.
    pub(crate) fn open(
        path: &Path,
        first: Space,
        cache_size: Option<usize>,
    ) -> Result<Self, EngineError> {
        let mut builder = Builder::new();
        cache_size.map(|bytes| builder.set_cache_size(bytes));
        let db = builder.create(path)?;
        let tables = table_names(&db)?;
        if !tables.is_empty() && !tables.contains(&table_name(first)) {
            return Err(EngineError::damaged("the file is a database of another program"));
        }
        Self::new(db)
    }

    /// A store that is gone with the engine.
    pub(crate) fn in_memory() -> Result<Self, EngineError> {
        Self::new(Builder::new().create_with_backend(redb::backends::InMemoryBackend::new())?)
    }

    fn new(db: Database) -> Result<Self, EngineError> {
        let ids = table_names(&db)?;
        let ids = ids.iter().filter_map(|name| name.strip_prefix('s')?.parse::<usize>().ok());
        let n_spaces = AtomicUsize::new(ids.map(|id| id + 1).max().unwrap_or(0));
        Ok(Self { db, turn: Mutex::new(()), cache: RwLock::default(), n_spaces })
    }

    /// The last committed state.
    ///
    /// Whoever commits has the turn and calls this first, so the cache is filled while a commit is
    /// under way, and no snapshot is ever begun beside one: its number is certain.
    fn current(&self) -> Result<Arc<Snapshot>, EngineError> {
        // A panic elsewhere cannot leave the cache half written, so a poisoned lock is as good.
        if let Some(snapshot) = &self.cache.read().unwrap_or_else(PoisonError::into_inner).last {
            return Ok(snapshot.clone());
        }
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(snapshot) = &cache.last {
            return Ok(snapshot.clone());
        }
        let n_spaces = self.n_spaces.load(Ordering::Acquire);
        let snapshot = Arc::new(Snapshot::new(self.db.begin_read()?, cache.state, n_spaces));
        cache.last = Some(snapshot.clone());
        Ok(snapshot)
    }

    /// Commits, and gives the number of the state that there is then.
    fn commit(&self, txn: WriteTransaction) -> Result<u64, EngineError> {
        let committed = txn.commit();
        // Also after a failure: what is there then is not what was remembered.
        let state = self.forget_snapshot();
        committed?;
        Ok(state)
    }

    /// Has the next reader begin a snapshot of a new state, and gives its number.
    fn forget_snapshot(&self) -> u64 {
        let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
        cache.last = None;
        cache.state += 1;
        cache.state
    }
}

/// The last committed state.
#[derive(Default)]
struct Cache {
    /// Its number: counted from the opening, since one process has the file at a time.
    state: u64,
    /// A snapshot of it, if someone has read since the last commit.
    last: Option<Arc<Snapshot>>,
}

impl fmt::Debug for RedbEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedbEngine")
    }
}

impl Engine for RedbEngine {
    fn ensure_spaces(&self, spaces: &[Space]) -> Result<(), EngineError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let tables = table_names(&self.db)?;
        let is_new = |space: &Space| !tables.contains(&table_name(*space));
        let new: Vec<_> = spaces.iter().copied().filter(is_new).collect();
        let n_spaces = spaces.iter().map(|space| usize::from(space.id) + 1).max().unwrap_or(0);
        if !new.is_empty() {
            self.current()?;
            let txn = self.db.begin_write()?;
            for space in new {
                on_space!(&txn, space, _ => ());
            }
            self.commit(txn)?;
        }
        // A snapshot from before has no room for the tables of these spaces.
        self.n_spaces.fetch_max(n_spaces, Ordering::AcqRel);
        self.forget_snapshot();
        Ok(())
    }

    fn keep_spaces(&self, spaces: &[Space]) -> Result<(), EngineError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let kept: HashSet<_> = spaces.iter().copied().map(table_name).collect();
        let gone: Vec<_> = self
            .db
            .begin_read()?
            .list_tables()?
            .filter(|table| !kept.contains(table.name()))
            .collect();
        if !gone.is_empty() {
            self.current()?;
            let txn = self.db.begin_write()?;
            for table in gone {
                txn.delete_table(table)?;
            }
            self.commit(txn)?;
        }
        Ok(())
    }

    fn snapshot(&self) -> Result<Arc<dyn Read + Send + Sync>, EngineError> {
        Ok(self.current()?)
    }

    fn write(&self, f: WriteWith<'_>) -> Result<Option<u64>, EngineError> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let base = self.current()?;
        let buffer = f(&*base)?;
        if buffer.is_empty() {
            return Ok(base.state());
        }
        let txn = self.db.begin_write()?;
        for pending in buffer.spaces() {
            on_space!(&txn, pending.space, mut table => apply(&mut table, pending)?);
        }
        self.commit(txn).map(Some)
    }
}

fn table_names(db: &Database) -> Result<HashSet<String>, EngineError> {
    let txn = db.begin_read()?;
    let plain = txn.list_tables()?.map(|it| it.name().to_owned());
    let multi = txn.list_multimap_tables()?.map(|it| it.name().to_owned());
    Ok(plain.chain(multi).collect())
}
