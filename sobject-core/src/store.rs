//! Floor 3, the store: records under the platform's rules, on an engine.
//!
//! Works from the catalogue and knows no Rust type of a record. [`open`] makes it, [`write`] and
//! [`read`] are what calls are made of, [`verify`] proves it consistent.
//!
//! **Invariants:** a call writes into a buffer, and only a finished buffer reaches the engine, so
//! a refusal, an error and a panic leave nothing behind. Writers take turns; readers never wait.
//! The live space of an object holds its live records and nothing else.

pub(crate) mod access;
pub(crate) mod batch;
pub(crate) mod check;
pub(crate) mod describe;
pub(crate) mod dictionary;
pub(crate) mod evolve;
pub(crate) mod feed;
pub(crate) mod index;
pub(crate) mod input;
pub(crate) mod lease;
pub(crate) mod open;
pub(crate) mod per_caller;
pub(crate) mod read;
pub(crate) mod remove;
pub(crate) mod replica;
pub(crate) mod row;
pub(crate) mod schema;
pub(crate) mod strip;
pub(crate) mod untyped;
pub(crate) mod verify;
pub(crate) mod write;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    thread::{self, ThreadId},
};

use crate::{
    catalogue::{Catalogue, Object},
    clock::Clock,
    definition::FieldDefinition,
    engine::{self, Buffer, Engine},
    error::{Error, Result},
    id::RecordId,
    store::{
        access::Access,
        dictionary::Heads,
        lease::Leases,
        read::Reader,
        schema::{Referrer, Table},
        write::Write,
    },
};

/// An open store, shared by its handles.
pub(crate) struct Inner {
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) catalogue: Catalogue,
    /// By object number.
    pub(crate) tables: Vec<Table>,
    /// By object number: the references that lead to the object.
    pub(crate) referrers: Vec<Vec<Referrer>>,
    pub(crate) clock: Box<dyn Clock>,
    /// The instance characters of ids that are made here.
    pub(crate) instance: [u8; 3],
    /// The user whom system mode acts as.
    pub(crate) system_user: RecordId,
    /// The dictionary of heads: all that are committed, and those of a commit under way.
    heads: RwLock<Arc<Heads>>,
    /// What one write hands on to the next; held by the writer whose turn it is.
    carry: Mutex<Carry>,
    /// The thread whose write is under way, so that a write inside it is told.
    writer: Mutex<Option<ThreadId>>,
}

/// What is done in a write; gives the write back, and whether to keep what it wrote.
type WriteOnce<'f> = &'f mut dyn for<'w> FnMut(Write<'w>) -> (Write<'w>, bool);

/// What one write hands on to the next.
#[derive(Debug)]
pub(crate) struct Carry {
    pub(crate) leases: Leases,
    /// The last stamp, in milliseconds.
    pub(crate) stamp: i64,
    /// Did a write fail, so that the store may hold other than this?
    pub(crate) is_stale: bool,
}

impl Inner {
    /// The object of this name.
    ///
    /// # Errors
    /// [`Error::UnknownObject`].
    pub(crate) fn object(&self, name: &str) -> Result<&Object> {
        self.catalogue.find(name).ok_or_else(|| Error::UnknownObject { object: name.to_owned() })
    }

    /// The object of this name, for a caller whose struct has these fields.
    ///
    /// # Errors
    /// [`Error::UnknownObject`]; [`Error::BadDefinition`] if the store was opened with another
    /// struct of that name.
    pub(crate) fn object_of(
        &self,
        name: &str,
        fields: &'static [FieldDefinition],
    ) -> Result<&Object> {
        let object = self.object(name)?;
        object.check_source(fields)?;
        Ok(object)
    }

    /// The table of an object.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if it has none, which cannot be.
    pub(crate) fn table(&self, object: &Object) -> Result<&Table> {
        let table = self.tables.get(usize::from(object.number.0));
        table.ok_or_else(|| Error::corrupt("an object without a table"))
    }

    /// The dictionary of heads as last committed.
    pub(crate) fn heads(&self) -> Arc<Heads> {
        self.heads.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_heads(&self, heads: &Arc<Heads>) {
        *self.heads.write().unwrap_or_else(PoisonError::into_inner) = heads.clone();
    }

    /// Reads the last committed state.
    ///
    /// # Errors
    /// Those of `f`; [`Error::Storage`].
    pub(crate) fn read<R>(
        &self,
        access: &Access,
        f: impl FnOnce(&Reader<'_>) -> Result<R>,
    ) -> Result<R> {
        // The snapshot first: the heads are then as new at least.
        let snapshot = self.engine.snapshot()?;
        f(&Reader::new(self, &*snapshot, self.heads(), access))
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

    /// [`Inner::write`], once and not per result type.
    fn write_once(&self, access: &Access, f: WriteOnce<'_>) -> Result<()> {
        if *lock(&self.writer) == Some(thread::current().id()) {
            return Err(Error::NestedWrite);
        }
        // Whoever holds the carry has the turn, until what it wrote is committed and carried on.
        let mut carry = lock(&self.carry);
        let _writing = Writing::begin(&self.writer);
        self.refresh(&mut carry)?;
        let mut stopped = Ok(());
        let mut done = None;
        let heads = self.heads();
        let written = engine::write(&*self.engine, &mut |base| {
            (stopped, done) = (Ok(()), None);
            self.set_heads(&heads);
            carry.leases.begin();
            let write = match Write::begin(self, base, &mut carry, access) {
                Ok(write) => write,
                Err(error) => {
                    stopped = Err(error);
                    return Ok(Buffer::default());
                }
            };
            let start = write.mark();
            let (mut write, is_kept) = f(write);
            if !is_kept {
                // What was leased stays leased: whoever saw a number must not meet it again.
                write.back_to(start);
            }
            let (buffer, end) = write.finish();
            // Readers must know the heads of every row that they can see, so heads are told before
            // the commit. Knowing one too many harms nobody.
            self.set_heads(&end.heads);
            done = Some(end);
            Ok(buffer)
        });
        match (written, done) {
            (Ok(_), Some(end)) => {
                carry.leases.commit();
                carry.stamp = end.stamp;
            }
            (Ok(_), None) => (),
            (Err(error), _) => {
                self.set_heads(&heads);
                carry.is_stale = true;
                // If the storage does not answer now, the next write asks it again.
                let _ = self.refresh(&mut carry);
                stopped = Err(error.into());
            }
        }
        stopped
    }
}

impl Inner {
    /// Reads again what is remembered of the store, if a write before has failed. What that one
    /// drew from its leases was kept by nobody, or is in the store.
    fn refresh(&self, carry: &mut Carry) -> Result<()> {
        if carry.is_stale {
            let snapshot = self.engine.snapshot()?;
            let (heads, stamp) = (Heads::load(&*snapshot)?, feed::last_stamp(&*snapshot)?);
            self.set_heads(&Arc::new(heads));
            *carry = Carry { leases: Leases::default(), stamp, is_stale: false };
        }
        Ok(())
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let objects: Vec<_> = self.catalogue.objects().map(|it| &it.name).collect();
        f.debug_struct("Store")
            .field("objects", &objects)
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

/// Locks; what a panic can leave behind in a [`Carry`] is put right when the next write begins.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Marks the thread whose write is under way, until dropped.
struct Writing<'a>(&'a Mutex<Option<ThreadId>>);

impl<'a> Writing<'a> {
    fn begin(writer: &'a Mutex<Option<ThreadId>>) -> Self {
        *lock(writer) = Some(thread::current().id());
        Self(writer)
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        *lock(self.0) = None;
    }
}
