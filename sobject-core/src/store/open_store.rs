//! An open store: the engine, the schema on it, and what one write leaves to the next.
//!
//! **Invariants:** writers take turns; readers never wait. A write is run again when the engine answers
//! that other writes came first. Then nothing of the run before is left, so that all is as if it had
//! run once. Heads of ids and leases are told to others only once they are committed.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, ThreadId},
};

use chrono::{DateTime, Utc};

use crate::{
    clock::Clock,
    engine::{self, Buffer, Engine, Read},
    error::{Error, Result},
    store::{
        file::{Dropped, Opened},
        keep::{Heads, Ids, Leases, Schema, WriterState},
        read::{Changed, Covered, Layouts, Looks, Reader, Session},
        rules::Access,
        write::{End, Hooks, Write},
    },
    value::whole_seconds,
};

/// Records that an answer of getUpdated or getDeleted lists, as in an org.
const WINDOW_LIMIT: usize = 600_000;

/// An open store, shared by its handles.
pub(crate) struct OpenStore {
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) schema: Arc<Schema>,
    /// The pages that the program has laid out.
    pub(crate) layouts: Layouts,
    /// What the program does when records are written.
    hooks: Hooks,
    /// What the opening destroyed.
    pub(crate) dropped: Vec<Dropped>,
    clock: Box<dyn Clock>,
    /// The dictionary of heads as committed.
    heads: Arc<Heads>,
    /// What readers unpack ids by: those heads.
    ids: Ids,
    /// One more than the number of the last state of which it is known that nobody had viewed or
    /// referenced a record there; 0 if it is of none.
    unseen: AtomicU64,
    /// What one write hands on to the next; held by the writer whose turn it is.
    state: Mutex<WriterState>,
    turn: Mutex<Turn>,
    /// How many records an answer of getUpdated or getDeleted lists.
    window_limit: usize,
}

/// What readers and writers tell each other.
#[derive(Debug, Default)]
struct Turn {
    /// The write that is under way.
    writer: Option<Writer>,
    /// The latest time up to which a reader was told that everything is committed. No later write has
    /// an earlier stamp, even if the clock is put back.
    told: Option<DateTime<Utc>>,
}

/// A write that is under way.
#[derive(Clone, Copy, Debug)]
struct Writer {
    /// Its thread, so that a write inside it is told.
    thread: ThreadId,
    /// A time that is no later than the stamp of what it writes.
    since: DateTime<Utc>,
}

/// What is done in a write: it returns the write, and whether to keep what that wrote.
type WriteOnce<'f> = &'f mut dyn for<'w> FnMut(Write<'w>) -> (Write<'w>, bool);

impl OpenStore {
    /// An opened file or memory as a store.
    pub(crate) fn new(opened: Opened, clock: Box<dyn Clock>) -> Self {
        let heads: Arc<Heads> = Arc::default();
        Self {
            engine: opened.engine,
            schema: Arc::new(opened.schema),
            layouts: opened.layouts,
            hooks: opened.hooks,
            dropped: opened.dropped,
            clock,
            ids: Ids::new(heads.clone()),
            heads,
            unseen: AtomicU64::new(0),
            state: Mutex::default(),
            turn: Mutex::default(),
            window_limit: WINDOW_LIMIT,
        }
    }

    /// A store whose answers to getUpdated and getDeleted list so many records.
    pub(crate) fn with_window_limit(self, window_limit: usize) -> Self {
        Self { window_limit, ..self }
    }

    /// The time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The last committed state, of which every head is known then.
    fn snapshot(&self) -> Result<Arc<dyn Read + Send + Sync>> {
        let snapshot = self.engine.snapshot()?;
        self.heads.catch_up(&*snapshot)?;
        Ok(snapshot)
    }

    /// Reads the last committed state once.
    ///
    /// # Errors
    /// Those of `f`; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn read<R>(
        &self,
        access: &Access,
        f: impl FnOnce(&Reader<'_>) -> Result<R>,
    ) -> Result<R> {
        let snapshot = self.snapshot()?;
        let reader = Reader::new(&self.schema, &*snapshot, &self.ids, access);
        let state = snapshot.state().map_or(0, |state| state.saturating_add(1));
        let is_unseen = state > 0 && self.unseen.load(Ordering::Relaxed) == state;
        if is_unseen {
            reader.know_looks(Looks::None);
        }
        let read = f(&reader);
        if !is_unseen && state > 0 && reader.known_looks() == Some(Looks::None) {
            self.unseen.store(state, Ordering::Relaxed);
        }
        read
    }

    /// What changed in a window, by [`Reader::updated`] or [`Reader::deleted`].
    ///
    /// # Errors
    /// Those of `f`; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn changed(
        &self,
        access: &Access,
        f: impl FnOnce(&Reader<'_>, Covered, usize) -> Result<Changed>,
    ) -> Result<Changed> {
        // Before the snapshot: a write that begins after this has a stamp that is no earlier, and one
        // that ends after this is told of as under way, be it in the snapshot or not.
        let covered = self.covered();
        self.read(access, |reader| f(reader, covered, self.window_limit))
    }

    /// Up to when it is known now what was written.
    fn covered(&self) -> Covered {
        let mut turn = lock(&self.turn);
        let now = whole_seconds(self.clock.now());
        let until = turn.writer.map_or(now, |writer| writer.since.min(now));
        turn.told = turn.told.max(Some(until));
        Covered { now, until }
    }

    /// The last committed state, to be read for as long as it is kept.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn session(&self, access: &Arc<Access>) -> Result<Session> {
        let snapshot = self.snapshot()?;
        let ids = Ids::new(self.heads.clone());
        let (engine, schema) = (self.engine.clone(), self.schema.clone());
        Ok(Session::new(engine, snapshot, schema, ids, access.clone()))
    }

    /// Runs a write: what `f` wrote is durable when this returns `Ok`, and nothing of it is there
    /// if `f` or this returns an error, or `f` panics.
    ///
    /// # Errors
    /// Those of `f`; [`Error::NestedWrite`], [`Error::NotFound`] if the caller is no user,
    /// [`Error::Storage`].
    pub(crate) fn write<R, E: From<Error>>(
        &self,
        access: &Access,
        mut f: impl for<'w> FnMut(Write<'w>) -> (Write<'w>, Result<R, E>),
    ) -> Result<R, E> {
        let mut outcome = None;
        let written = self.write_once(access, &mut |write| {
            let (write, result) = f(write);
            let is_ok = result.is_ok();
            outcome = Some(result);
            (write, is_ok)
        });
        match (written, outcome) {
            (Err(error), _) => Err(error.into()),
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(Error::corrupt("the engine did not run the write").into()),
        }
    }

    /// [`OpenStore::write`], once and not per result type.
    fn write_once(&self, access: &Access, f: WriteOnce<'_>) -> Result<()> {
        if lock(&self.turn).writer.is_some_and(|it| it.thread == thread::current().id()) {
            return Err(Error::NestedWrite);
        }
        // Whoever holds the state has the turn, until what it wrote is committed and handed on.
        let mut state = lock(&self.state);
        let writing = Writing::begin(&self.turn, &*self.clock);
        self.run(&mut state, writing.since, access, f)
    }

    /// Runs a write in turn, again where other writes came first. Its stamp is not before `since`.
    fn run(
        &self,
        state: &mut WriterState,
        since: DateTime<Utc>,
        access: &Access,
        f: WriteOnce<'_>,
    ) -> Result<()> {
        let mut failed = Ok(());
        let mut end = None;
        let mut run = Drawn { state, leases: Leases::default() };
        let written = engine::write(&*self.engine, &mut |base| {
            (failed, end, run.leases) = (Ok(()), None, Leases::default());
            let mut begin_and_run = || -> Result<(Buffer, End)> {
                run.state.catch_up(base)?;
                self.heads.catch_up(base)?;
                let ids = Ids::new(self.heads.clone());
                let (schema, clock) = (&self.schema, &*self.clock);
                let (state, leases) = (&*run.state, &mut run.leases);
                let hooks = &self.hooks;
                let mut write =
                    Write::begin(schema, clock, base, state, leases, ids, access, hooks)?;
                write.stamp = write.stamp.max(since.timestamp_millis());
                let start = write.savepoint();
                let (mut write, is_kept) = f(write);
                if is_kept {
                    write.purge_in_passing()?;
                } else {
                    // What was leased stays leased: whoever saw a number must not meet it again.
                    write.back_to(start);
                }
                write.finish()
            };
            match begin_and_run() {
                Ok((buffer, left)) => {
                    end = Some(left);
                    Ok(buffer)
                }
                Err(error) => {
                    failed = Err(error);
                    Ok(Buffer::default())
                }
            }
        });
        let leases = std::mem::take(&mut run.leases);
        match (written, end) {
            (Ok(at), Some(End { stamp, next_due, ids })) => {
                // The heads first: readers of the new state then find them here.
                ids.commit(at);
                run.state.commit(leases, (stamp, next_due), at);
            }
            (Ok(_), None) => (),
            (Err(error), _) => {
                run.state.forget();
                return Err(error.into());
            }
        }
        failed
    }
}

/// The numbers that a run has drawn so far. A panic burns them: whoever saw one must not meet it
/// again.
struct Drawn<'s> {
    state: &'s mut WriterState,
    leases: Leases,
}

impl Drop for Drawn<'_> {
    fn drop(&mut self) {
        self.state.leases.burn(&self.leases);
    }
}

impl fmt::Debug for OpenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let objects: Vec<_> = self.schema.catalogue.objects().map(|it| &it.name).collect();
        f.debug_struct("Store")
            .field("objects", &objects)
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

/// Locks; what a panic can leave behind in a [`WriterState`] is put right when the next write
/// begins.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes the write that is under way, until dropped.
struct Writing<'a> {
    turn: &'a Mutex<Turn>,
    /// A time that the stamp is not to be before.
    since: DateTime<Utc>,
}

impl<'a> Writing<'a> {
    fn begin(mutex: &'a Mutex<Turn>, clock: &dyn Clock) -> Self {
        let mut turn = lock(mutex);
        // The clock is read while nobody may ask whether a write is under way. So whoever asks before
        // has read the clock before, too.
        let now = whole_seconds(clock.now());
        let since = turn.told.map_or(now, |told| told.max(now));
        turn.writer = Some(Writer { thread: thread::current().id(), since });
        Self { turn: mutex, since }
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        lock(self.turn).writer = None;
    }
}
