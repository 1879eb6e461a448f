//! Floor 2, the engine: ordered byte keys in serializable transactions.
//!
//! The store above needs no more of a storage engine than [`Engine`] and [`Read`] offer: spaces of
//! ordered keys, reads from a snapshot, and a write that applies one finished [`Buffer`] or
//! nothing. Plural operations are the primitive, and scans visit instead of lending an iterator,
//! so that an engine behind a network fits the same seam. `redb` is the embedded engine.
//!
//! **Invariants:** an engine knows nothing of objects, rows or rules; its keys and values are the
//! store's bytes. Order is the byte order of keys. No engine's own types pass this seam.

mod buffer;
mod redb;

use std::{
    error, fmt,
    ops::{Bound, ControlFlow},
    sync::Arc,
};

use buffer::Change;
pub(crate) use buffer::{Buffer, Mark, Overlay};

pub(crate) use self::redb::RedbEngine;

/// One ordered keyspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Space {
    /// Its number, unique in the store and never reused.
    pub(crate) id: u16,
    /// The width of its keys.
    pub(crate) keys: KeyWidth,
    /// Whether keys have values; the entries of an index are keys alone.
    pub(crate) values: bool,
}

/// The width of the keys of a space. Engines with native integers use them for the fixed widths;
/// big-endian bytes and integers have one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum KeyWidth {
    /// Eight bytes.
    U64,
    /// Sixteen bytes.
    U128,
    /// Any number of bytes.
    Bytes,
}

/// Why an engine did not do what it was asked.
#[derive(Debug)]
pub(crate) struct EngineError(pub(crate) Box<dyn error::Error + Send + Sync>);

impl EngineError {
    /// A misuse of the seam by the store, or bytes that no store wrote.
    fn broken(what: &'static str) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<EngineError> for crate::error::Error {
    fn from(error: EngineError) -> Self {
        Self::Storage(crate::error::StorageError(error.0))
    }
}

/// A walk over a range of keys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan<'a> {
    /// Where the range begins.
    pub(crate) from: Bound<&'a [u8]>,
    /// Where the range ends.
    pub(crate) to: Bound<&'a [u8]>,
    /// Walk from the end to the beginning.
    pub(crate) reverse: bool,
    /// Visit at most so many keys.
    pub(crate) limit: usize,
}

impl Scan<'static> {
    /// Every key, in order.
    pub(crate) const ALL: Self =
        Self { from: Bound::Unbounded, to: Bound::Unbounded, reverse: false, limit: usize::MAX };

    /// The greatest key.
    pub(crate) const LAST: Self =
        Self { from: Bound::Unbounded, to: Bound::Unbounded, reverse: true, limit: 1 };
}

impl Scan<'_> {
    /// Can no key lie in the range? Engines need not take a range that is the wrong way round.
    fn is_empty(&self) -> bool {
        match (self.from, self.to) {
            (Bound::Included(from), Bound::Included(to)) => from > to,
            (Bound::Included(from) | Bound::Excluded(from), Bound::Excluded(to))
            | (Bound::Excluded(from), Bound::Included(to)) => from >= to,
            _ => false,
        }
    }
}

/// Receives each key of a scan with its value, which is empty in a space without values.
pub(crate) type Visit<'a> = &'a mut dyn FnMut(&[u8], &[u8]) -> ControlFlow<()>;

/// Reads from one state of the store.
pub(crate) trait Read {
    /// Gives the value of `key` to `f`; whether there is one.
    fn get(&self, space: Space, key: &[u8], f: &mut dyn FnMut(&[u8])) -> Result<bool, EngineError>;

    /// Calls `f` once for each key with its place and its value, in any order.
    ///
    /// It has no default body: an engine behind a network makes it one round trip.
    fn multi_get(
        &self,
        space: Space,
        keys: &[&[u8]],
        f: &mut dyn FnMut(usize, Option<&[u8]>),
    ) -> Result<(), EngineError>;

    /// Visits keys in order. Gives the key to go on after, if the limit or `f` ended the walk.
    fn scan(
        &self,
        space: Space,
        scan: Scan<'_>,
        f: Visit<'_>,
    ) -> Result<Option<Vec<u8>>, EngineError>;

    /// How many keys there are.
    fn len(&self, space: Space) -> Result<u64, EngineError>;
}

/// [`Read::scan`] with a visit that may fail, which ends the walk.
///
/// # Errors
/// That of `f`, else the engine's.
pub(crate) fn try_scan<E: From<EngineError>>(
    read: &dyn Read,
    space: Space,
    scan: Scan<'_>,
    mut f: impl FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, E>,
) -> Result<Option<Vec<u8>>, E> {
    let mut failed = Ok(());
    let next = read.scan(space, scan, &mut |key, value| match f(key, value) {
        Ok(flow) => flow,
        Err(error) => {
            failed = Err(error);
            ControlFlow::Break(())
        }
    })?;
    failed.map(|()| next)
}

/// A storage engine.
pub(crate) trait Engine: fmt::Debug + Send + Sync + 'static {
    /// Makes the spaces that do not exist yet. Outside of writes, since some engines need it so.
    fn ensure_spaces(&self, spaces: &[Space]) -> Result<(), EngineError>;

    /// Removes every space but these, with what is in them.
    fn keep_spaces(&self, spaces: &[Space]) -> Result<(), EngineError>;

    /// The last committed state.
    fn snapshot(&self) -> Result<Arc<dyn Read + Send + Sync>, EngineError>;

    /// Runs `f` on one serializable state and applies the buffer that it returns: durably when
    /// this returns, or not at all. An empty buffer writes nothing. `f` may be run again.
    fn write(
        &self,
        f: &mut dyn FnMut(&dyn Read) -> Result<Buffer, EngineError>,
    ) -> Result<(), EngineError>;
}

#[cfg(test)]
mod tests;
