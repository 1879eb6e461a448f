//! The embedded engine: redb, on a file or in memory.
//!
//! Spaces are redb tables named `s<id>`. Keys of fixed width are native integers, which redb
//! compares and packs best; keys of an index have the unit value, which costs no bytes.
//!
//! Writers take turns by a mutex, and a write's closure reads the last committed snapshot: while
//! it has the turn, that is the newest state. So a refused write never touches redb.
//!
//! After a failure of its storage, redb is opened again in place, by the next call that needs it.
//!
//! **Invariants:** this is the only room that names redb, and redb's panics end here (`guard`). The
//! cached snapshot is begun under the lock of the cache, and dropped after each commit before the
//! writer is told. So a reader never sees less than what was acknowledged, and no stale snapshot keeps
//! pages of the file from being used again. Only a writer in its turn replaces the database in the
//! cache or needs it alone.

#[macro_use]
mod kinds;
mod apply;
mod birth;
#[cfg(test)]
pub(crate) mod disk;
mod errors;
mod guard;
mod read;
mod source;

use std::{
    collections::HashSet,
    fmt,
    fs::File,
    io::ErrorKind,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard, TryLockError,
        atomic::{AtomicUsize, Ordering},
    },
};

use redb::{
    CompactionError, Database, MultimapTableHandle, ReadableDatabase, StorageError, TableHandle,
    WriteTransaction,
};

use self::{
    apply::apply,
    birth::Birth,
    guard::{Health, Quiet},
    kinds::table_name,
    read::Snapshot,
    source::{Opening, Source},
};
use super::{Engine, EngineError, Read, Space, WriteWith};

/// How a file is opened.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FileOptions {
    /// Compare every checksum first; redb repairs what it can.
    pub(crate) check: bool,
    /// Keep pages in memory up to so many bytes; as many as redb sees fit if `None`.
    pub(crate) cache_size: Option<usize>,
}

/// redb on a file or in memory.
pub(crate) struct RedbEngine {
    source: Source,
    health: Arc<Health>,
    /// Held by the writer whose turn it is.
    turn: Mutex<()>,
    /// What there is to read.
    cache: RwLock<Cache>,
    /// One more than the highest number of a space that exists.
    n_spaces: AtomicUsize,
}

impl RedbEngine {
    /// Opens the file at `path`; `None` if there is none. A database of another program is left
    /// alone.
    pub(crate) fn open(
        path: &Path,
        first: Space,
        options: FileOptions,
    ) -> Result<Option<Self>, EngineError> {
        let file = match File::options().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StorageError::Io(error).into()),
        };
        let opening = if options.check { Opening::Check } else { Opening::Open };
        let engine = Self::new(Source::File(file, options.cache_size), opening)?;
        let tables = engine.table_names()?;
        if !tables.is_empty() && !tables.contains(&table_name(first)) {
            return Err(EngineError::damaged("the file is a database of another program"));
        }
        Ok(Some(engine))
    }

    /// A new file beside `path`, which [`Birth::finish`] moves there.
    pub(crate) fn make(path: &Path, options: FileOptions) -> Result<(Self, Birth), EngineError> {
        loop {
            let (birth, file) = Birth::begin(path)?;
            let made = Self::new(Source::File(file, options.cache_size), Opening::Make);
            // A process that removes leftovers may have met the file before it was locked.
            let is_taken = made.as_ref().is_err_and(errors::is_open_elsewhere);
            if !is_taken && !birth.is_lost() {
                return Ok((made?, birth));
            }
        }
    }

    /// A store that is gone with the engine.
    pub(crate) fn in_memory() -> Result<Self, EngineError> {
        Self::new(Source::Memory, Opening::Make)
    }

    /// An engine on a disk of a test, which is made if there is nothing on it.
    #[cfg(test)]
    pub(crate) fn on_disk(disk: &disk::Disk, check: bool) -> Result<Self, EngineError> {
        let opening = match check {
            true => Opening::Check,
            false if disk.bytes().is_empty() => Opening::Make,
            false => Opening::Open,
        };
        let disk = disk.clone();
        Self::new(Source::Test(Box::new(move || Box::new(disk.clone()))), opening)
    }

    fn new(source: Source, opening: Opening) -> Result<Self, EngineError> {
        let health = Arc::<Health>::default();
        let db = Some(Arc::new(source.open(&health, opening)?));
        let cache = RwLock::new(Cache { state: 0, last: None, db });
        let n_spaces = AtomicUsize::new(0);
        let engine = Self { source, health, turn: Mutex::new(()), cache, n_spaces };
        let ids = engine.table_names()?;
        let ids = ids.iter().filter_map(|name| name.strip_prefix('s')?.parse::<usize>().ok());
        engine.n_spaces.store(ids.map(|id| id + 1).max().unwrap_or(0), Ordering::Release);
        Ok(engine)
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn, if nobody has it.
    fn try_turn(&self) -> Option<MutexGuard<'_, ()>> {
        match self.turn.try_lock() {
            Ok(turn) => Some(turn),
            Err(TryLockError::Poisoned(turn)) => Some(turn.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    // A panic elsewhere cannot leave the cache half written, so a poisoned lock is as good.
    fn cache(&self) -> RwLockWriteGuard<'_, Cache> {
        self.cache.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last committed state.
    fn current(&self) -> Result<Arc<Snapshot>, EngineError> {
        if let Some(snapshot) = self.remembered()? {
            return Ok(snapshot);
        }
        let turn = if self.health.is_lost() { self.try_turn() } else { None };
        let cache = self.cache();
        if self.health.is_lost() && turn.is_none() {
            let why = "the storage failed, and the write that met it has not ended";
            return Err(EngineError::Unavailable(why.into()));
        }
        self.begin(cache)
    }

    /// [`RedbEngine::current`], for those who have the turn.
    ///
    /// Whoever commits calls this first, so the cache is filled while a commit is under way, and no
    /// snapshot is ever begun beside one: its number is certain.
    fn current_in_turn(&self) -> Result<Arc<Snapshot>, EngineError> {
        if let Some(snapshot) = self.remembered()? {
            return Ok(snapshot);
        }
        self.begin(self.cache())
    }

    /// The snapshot in the cache, if redb can still be read.
    fn remembered(&self) -> Result<Option<Arc<Snapshot>>, EngineError> {
        self.health.guard(|| Ok(()))?;
        if self.health.is_lost() {
            return Ok(None);
        }
        Ok(self.cache.read().unwrap_or_else(PoisonError::into_inner).last.clone())
    }

    /// A snapshot of the last committed state, for the cache.
    fn begin(&self, mut cache: RwLockWriteGuard<'_, Cache>) -> Result<Arc<Snapshot>, EngineError> {
        self.revive(&mut cache)?;
        if let Some(snapshot) = &cache.last {
            return Ok(snapshot.clone());
        }
        let n_spaces = self.n_spaces.load(Ordering::Acquire);
        let txn = self.health.guard(|| Ok(cache.db()?.get()?.begin_read()?))?;
        let snapshot = Arc::new(Snapshot::new(txn, cache.state, n_spaces, self.health.clone()));
        cache.last = Some(snapshot.clone());
        Ok(snapshot)
    }

    /// Opens redb again, if its storage has failed. Whoever calls this has the turn then.
    fn revive(&self, cache: &mut Cache) -> Result<(), EngineError> {
        if !self.health.is_lost() {
            return Ok(());
        }
        self.health.may_write()?;
        // What is there now is not what was remembered.
        cache.forget();
        cache.db = None;
        self.health.set_lost(false);
        match self.source.open(&self.health, Opening::Open) {
            Ok(db) => {
                cache.db = Some(Arc::new(db));
                Ok(())
            }
            Err(error) => {
                self.health.set_lost(true);
                Err(error)
            }
        }
    }

    /// Runs a transaction that writes, and returns the number of the state that there is then.
    /// Whoever calls this has the turn, and a snapshot is in the cache.
    fn commit(
        &self,
        f: impl FnOnce(&WriteTransaction) -> Result<(), EngineError>,
    ) -> Result<u64, EngineError> {
        let db = self.cache.read().unwrap_or_else(PoisonError::into_inner).db()?.clone();
        let committed = self.health.guard(|| {
            let txn = db.get()?.begin_write()?;
            f(&txn)?;
            self.health.begin_commit();
            Ok(txn.commit()?)
        });
        drop(db);
        // Also after a failure: what is there then is not what was remembered.
        let state = self.cache().forget();
        committed.map(|()| state)
    }

    fn table_names(&self) -> Result<HashSet<String>, EngineError> {
        let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
        self.health.guard(|| {
            let txn = cache.db()?.get()?.begin_read()?;
            let plain = txn.list_tables()?.map(|it| it.name().to_owned());
            let multi = txn.list_multimap_tables()?.map(|it| it.name().to_owned());
            Ok(plain.chain(multi).collect())
        })
    }
}

/// The last committed state.
struct Cache {
    /// Its number: counted from the opening, since one process has the file at a time.
    state: u64,
    /// A snapshot of it, if someone has read since the last commit.
    last: Option<Arc<Snapshot>>,
    /// What it is read from; `None` while that could not be opened again.
    db: Option<Arc<Quiet<Database>>>,
}

impl Cache {
    fn db(&self) -> Result<&Arc<Quiet<Database>>, EngineError> {
        self.db.as_ref().ok_or_else(|| EngineError::Unavailable("the storage failed".into()))
    }

    /// Has the next reader begin a snapshot of a new state, whose number is returned.
    fn forget(&mut self) -> u64 {
        self.last = None;
        self.state += 1;
        self.state
    }
}

impl fmt::Debug for RedbEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedbEngine")
    }
}

impl Engine for RedbEngine {
    fn ensure_spaces(&self, spaces: &[Space]) -> Result<(), EngineError> {
        let _turn = self.turn();
        self.current_in_turn()?;
        let tables = self.table_names()?;
        let is_new = |space: &Space| !tables.contains(&table_name(*space));
        let new: Vec<_> = spaces.iter().copied().filter(is_new).collect();
        let n_spaces = spaces.iter().map(|space| usize::from(space.id) + 1).max().unwrap_or(0);
        if !new.is_empty() {
            self.health.may_write()?;
            self.commit(|txn| {
                for space in new {
                    on_space!(txn, space, _ => ());
                }
                Ok(())
            })?;
        }
        // A snapshot from before has no room for the tables of these spaces.
        self.n_spaces.fetch_max(n_spaces, Ordering::AcqRel);
        self.cache().forget();
        Ok(())
    }

    fn keep_spaces(&self, spaces: &[Space]) -> Result<(), EngineError> {
        let _turn = self.turn();
        self.current_in_turn()?;
        let kept: HashSet<_> = spaces.iter().copied().map(table_name).collect();
        if self.table_names()?.is_subset(&kept) {
            return Ok(());
        }
        self.health.may_write()?;
        self.commit(|txn| {
            let gone: Vec<_> =
                txn.list_tables()?.filter(|table| !kept.contains(table.name())).collect();
            for table in gone {
                txn.delete_table(table)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    fn snapshot(&self) -> Result<Arc<dyn Read + Send + Sync>, EngineError> {
        Ok(self.current()?)
    }

    fn write(&self, f: WriteWith<'_>) -> Result<Option<u64>, EngineError> {
        let _turn = self.turn();
        self.health.may_write()?;
        let base = self.current_in_turn()?;
        let buffer = f(&*base)?;
        if buffer.is_empty() {
            return Ok(base.state());
        }
        drop(base);
        let state = self.commit(|txn| {
            for pending in buffer.spaces() {
                on_space!(txn, pending.space, mut table => apply(&mut table, pending)?);
            }
            Ok(())
        })?;
        Ok(Some(state))
    }

    fn compact(&self) -> Result<bool, EngineError> {
        let busy = |why: &'static str| EngineError::Unavailable(why.into());
        let turn = self.try_turn();
        let _turn =
            turn.ok_or_else(|| busy("it cannot be compacted while a write is under way"))?;
        self.health.may_write()?;
        let mut cache = self.cache();
        self.revive(&mut cache)?;
        cache.forget();
        let db = cache.db.as_mut().and_then(Arc::get_mut);
        let db = db.ok_or_else(|| busy("the storage failed"))?;
        self.health.guard(|| match db.get_mut()?.compact() {
            Ok(given_back) => Ok(given_back),
            Err(CompactionError::Storage(error)) => Err(error.into()),
            Err(_) => Err(busy(
                "it cannot be compacted while it is read: end every session and every walk first",
            )),
        })
    }
}

#[cfg(test)]
mod tests;
