//! The embedded engine: redb, on a file or in memory.
//!
//! Spaces are redb tables named `s<id>`. Keys of fixed width are native integers, which redb
//! compares and packs best; keys of an index have the unit value, which costs no bytes.
//!
//! Writers take turns by a mutex, and a write's closure reads the last committed snapshot: while
//! it has the turn, that is the newest state. So a refused write never touches redb.
//!
//! **Invariants:** the only file that names redb. The cached snapshot is begun under the lock of
//! the cache and dropped after each commit before the writer is told, so a reader never sees less
//! than what was acknowledged, and no stale snapshot keeps pages of the file from being reused.

use std::{
    collections::HashSet,
    fmt,
    io::ErrorKind,
    ops::Bound,
    path::Path,
    sync::{
        Arc, Mutex, OnceLock, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use redb::{
    Builder, CommitError, Database, DatabaseError, MultimapTableHandle, ReadOnlyTable,
    ReadTransaction, ReadableDatabase, ReadableTableMetadata, StorageError, TableDefinition,
    TableError, TableHandle, TransactionError, WriteTransaction,
};

use super::{
    Engine, EngineError, GiveMany, KeyWidth, Read, Scan, Space, Visit, VisitMany, WriteWith,
    buffer::{Change, Entries},
};

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
    /// Opens the file at `path`, or makes it. A database of another program is left alone.
    pub(crate) fn open(path: &Path, first: Space) -> Result<Self, EngineError> {
        let db = Builder::new().create(path)?;
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
                apply(&txn, space, &Entries::new())?;
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
        for (space, entries) in buffer.spaces() {
            apply(&txn, space, entries)?;
        }
        self.commit(txn).map(Some)
    }
}

/// Writes the items that exist once per kind of table, from one list of the kinds.
macro_rules! tables {
    ($($kind:ident: $key:ty, $value:ty, $width:ident $values:literal;)+) => {
        /// A table of one of the kinds that spaces come in.
        enum Table {
            $($kind(ReadOnlyTable<$key, $value>),)+
        }

        impl Table {
            fn open(txn: &ReadTransaction, space: Space) -> Result<Self, EngineError> {
                let name = table_name(space);
                Ok(match (space.keys, space.values) {
                    $((KeyWidth::$width, $values) => {
                        Self::$kind(txn.open_table(TableDefinition::new(&name))?)
                    })+
                })
            }
        }

        /// Applies the pending entries of one space, and makes its table if need be.
        fn apply(
            txn: &WriteTransaction,
            space: Space,
            entries: &Entries,
        ) -> Result<(), EngineError> {
            let name = table_name(space);
            match (space.keys, space.values) {
                $((KeyWidth::$width, $values) => {
                    let definition = TableDefinition::<$key, $value>::new(&name);
                    let mut table = txn.open_table(definition)?;
                    for (key, value) in entries {
                        let key = <$key as NativeKey>::native(key)?;
                        match value {
                            Change::Put(value) => table.insert(key, <$value as NativeValue>::native(value))?,
                            Change::Remove => table.remove(key)?,
                        };
                    }
                })+
            }
            Ok(())
        }

        macro_rules! on_table {
            ($table:expr, $it:ident => $body:expr) => {
                match $table {
                    $(Table::$kind($it) => $body,)+
                }
            };
        }
    };
}

tables! {
    U64: u64, &'static [u8], U64 true;
    U64Set: u64, (), U64 false;
    U128: u128, &'static [u8], U128 true;
    U128Set: u128, (), U128 false;
    Bytes: &'static [u8], &'static [u8], Bytes true;
    BytesSet: &'static [u8], (), Bytes false;
}

/// One committed state. Each table is opened when it is first read, and then held.
struct Snapshot {
    txn: ReadTransaction,
    /// The number of the state.
    state: u64,
    /// By the number of the space.
    tables: Box<[OnceLock<Table>]>,
}

impl Snapshot {
    fn new(txn: ReadTransaction, state: u64, n_spaces: usize) -> Self {
        Self { txn, state, tables: (0..n_spaces).map(|_| OnceLock::new()).collect() }
    }

    fn table(&self, space: Space) -> Result<&Table, EngineError> {
        let cell = self
            .tables
            .get(usize::from(space.id))
            .ok_or_else(|| EngineError::misused("a space was read before it was made"))?;
        if let Some(table) = cell.get() {
            return Ok(table);
        }
        let table = Table::open(&self.txn, space)?;
        Ok(cell.get_or_init(|| table))
    }
}

impl Read for Snapshot {
    fn get(&self, space: Space, key: &[u8], f: &mut dyn FnMut(&[u8])) -> Result<bool, EngineError> {
        on_table!(self.table(space)?, table => get(table, key, f))
    }

    fn multi_get(&self, keys: &[(Space, &[u8])], f: GiveMany<'_>) -> Result<(), EngineError> {
        let order = |n: &usize| keys.get(*n).map(|(space, key)| (space.id, *key));
        let mut places: Vec<usize> = (0..keys.len()).collect();
        if !places.is_sorted_by_key(order) {
            // Keys that lie beside each other are found in pages that were just read.
            places.sort_unstable_by(|a, b| order(a).cmp(&order(b)));
        }
        let mut keys = places.iter().filter_map(|place| Some((*place, *keys.get(*place)?)));
        let mut next = keys.next();
        while let Some((_, (space, _))) = next {
            on_table!(self.table(space)?, table => {
                while let Some((place, (_, key))) = next.filter(|(_, (it, _))| *it == space) {
                    if !get(table, key, &mut |value| f(place, Some(value)))? {
                        f(place, None);
                    }
                    next = keys.next();
                }
            });
        }
        Ok(())
    }

    fn scan(
        &self,
        space: Space,
        range: Scan<'_>,
        f: Visit<'_>,
    ) -> Result<Option<Vec<u8>>, EngineError> {
        on_table!(self.table(space)?, table => scan(table, range, f))
    }

    fn multi_scan(&self, scans: &[(Space, Scan<'_>)], f: VisitMany<'_>) -> Result<(), EngineError> {
        for (place, (space, range)) in scans.iter().enumerate() {
            self.scan(*space, *range, &mut |key, value| f(place, key, value))?;
        }
        Ok(())
    }

    fn state(&self) -> Option<u64> {
        Some(self.state)
    }

    fn len(&self, space: Space) -> Result<u64, EngineError> {
        on_table!(self.table(space)?, table => Ok(table.len()?))
    }
}

fn table_names(db: &Database) -> Result<HashSet<String>, EngineError> {
    let txn = db.begin_read()?;
    let plain = txn.list_tables()?.map(|it| it.name().to_owned());
    let multi = txn.list_multimap_tables()?.map(|it| it.name().to_owned());
    Ok(plain.chain(multi).collect())
}

fn table_name(space: Space) -> String {
    format!("s{}", space.id)
}

/// A redb key type that the store's key bytes turn into, and back.
trait NativeKey: redb::Key + 'static {
    fn native(bytes: &[u8]) -> Result<Self::SelfType<'_>, EngineError>;
    fn visit<R>(key: &Self::SelfType<'_>, f: impl FnOnce(&[u8]) -> R) -> R;
}

/// [`NativeKey`] for the unsigned integers.
macro_rules! integer_key {
    ($($int:ty)+) => {$(
        impl NativeKey for $int {
            fn native(bytes: &[u8]) -> Result<Self, EngineError> {
                let bytes = bytes.try_into();
                bytes.map(Self::from_be_bytes).map_err(|_| EngineError::misused("a key of another width"))
            }

            fn visit<R>(key: &Self, f: impl FnOnce(&[u8]) -> R) -> R {
                f(&key.to_be_bytes())
            }
        }
    )+};
}

integer_key! { u64 u128 }

impl NativeKey for &'static [u8] {
    fn native(bytes: &[u8]) -> Result<&[u8], EngineError> {
        Ok(bytes)
    }

    fn visit<R>(key: &&[u8], f: impl FnOnce(&[u8]) -> R) -> R {
        f(key)
    }
}

/// A redb value type that the store's value bytes turn into, and back.
trait NativeValue: redb::Value + 'static {
    fn native(bytes: &[u8]) -> Self::SelfType<'_>;
    fn visit<R>(value: &Self::SelfType<'_>, f: impl FnOnce(&[u8]) -> R) -> R;
}

impl NativeValue for &'static [u8] {
    fn native(bytes: &[u8]) -> &[u8] {
        bytes
    }

    fn visit<R>(value: &&[u8], f: impl FnOnce(&[u8]) -> R) -> R {
        f(value)
    }
}

impl NativeValue for () {
    fn native(_: &[u8]) {}

    fn visit<R>((): &(), f: impl FnOnce(&[u8]) -> R) -> R {
        f(&[])
    }
}

fn get<K: NativeKey, V: NativeValue>(
    table: &ReadOnlyTable<K, V>,
    key: &[u8],
    f: &mut dyn FnMut(&[u8]),
) -> Result<bool, EngineError> {
    let found = table.get(K::native(key)?)?;
    if let Some(guard) = &found {
        V::visit(&guard.value(), f);
    }
    Ok(found.is_some())
}

fn scan<K: NativeKey, V: NativeValue>(
    table: &ReadOnlyTable<K, V>,
    scan: Scan<'_>,
    f: Visit<'_>,
) -> Result<Option<Vec<u8>>, EngineError> {
    if scan.is_empty() {
        return Ok(None);
    }
    let mut range = table.range((native_bound::<K>(scan.from)?, native_bound::<K>(scan.to)?))?;
    let mut left = scan.limit;
    while let Some(entry) = if scan.reverse { range.next_back() } else { range.next() } {
        let (key, value) = entry?;
        let ended = K::visit(&key.value(), |key| {
            left = left.saturating_sub(1);
            let visited = V::visit(&value.value(), |value| f(key, value));
            (visited.is_break() || left == 0).then(|| key.to_vec())
        });
        if ended.is_some() {
            return Ok(ended);
        }
    }
    Ok(None)
}

fn native_bound<K: NativeKey>(bound: Bound<&[u8]>) -> Result<Bound<K::SelfType<'_>>, EngineError> {
    Ok(match bound {
        Bound::Included(key) => Bound::Included(K::native(key)?),
        Bound::Excluded(key) => Bound::Excluded(K::native(key)?),
        Bound::Unbounded => Bound::Unbounded,
    })
}

impl From<StorageError> for EngineError {
    fn from(error: StorageError) -> Self {
        let is_damage = match &error {
            StorageError::Corrupted(_) => true,
            // No database, and a file that ends before its last page.
            StorageError::Io(error) => {
                matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof)
            }
            _ => false,
        };
        match error {
            error if is_damage => Self::damaged(error),
            StorageError::ValueTooLarge(_) | StorageError::Unsupported => Self::Other(error.into()),
            error => Self::Unavailable(error.into()),
        }
    }
}

impl From<DatabaseError> for EngineError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Storage(error) => error.into(),
            DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
                Self::Unavailable(error.into())
            }
            error => Self::Other(error.into()),
        }
    }
}

impl From<TransactionError> for EngineError {
    fn from(error: TransactionError) -> Self {
        match error {
            TransactionError::Storage(error) => error.into(),
            error => Self::Other(error.into()),
        }
    }
}

impl From<TableError> for EngineError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Storage(error) => error.into(),
            TableError::TableAlreadyOpen(..) | TableError::TableExists(_) => {
                Self::Other(error.into())
            }
            // A table that is missing, or holds other types than its space says.
            error => Self::damaged(error),
        }
    }
}

impl From<CommitError> for EngineError {
    fn from(error: CommitError) -> Self {
        match error {
            // A commit can fail before its pages are on the disk, while they are brought there, and
            // when they are there already and pages of earlier states are set free. redb does not
            // say which.
            CommitError::Storage(_) => Self::CommitUnknown(error.into()),
            // It was refused, and nothing was written.
            error => Self::Other(error.into()),
        }
    }
}
