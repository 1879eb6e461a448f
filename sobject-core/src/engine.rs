//! Floor 3, the engine: ordered byte keys in serializable transactions.
//!
//! The store above needs no more of a storage engine than [`Engine`] and [`Read`] offer: spaces of
//! ordered keys, reads from a snapshot, and a write that applies one finished [`Buffer`] or
//! nothing. Plural operations are the primitive, and scans visit instead of lending an iterator,
//! so that an engine behind a network fits the same seam. `redb` is the embedded engine.
//!
//! **Invariants:** an engine knows nothing of objects, rows or rules; its keys and values are the
//! store's bytes. Order is the byte order of keys. No engine's own types pass this seam.

mod buffer;
mod error;
mod head;
mod overlay;
mod redb;
mod rerun;
#[cfg(any(test, feature = "testing"))]
pub(crate) mod rig;

use std::{
    fmt,
    ops::{Bound, ControlFlow},
    sync::Arc,
};

#[cfg(test)]
pub(crate) use self::redb::disk::{Disk, Operation};
pub(crate) use self::{
    buffer::{Buffer, Mark},
    error::EngineError,
    overlay::Overlay,
    redb::{FileOptions, RedbEngine},
    rerun::write,
};

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
    /// Can no key be visited? Engines need not take a range that is the wrong way round.
    fn is_empty(&self) -> bool {
        if self.limit == 0 {
            return true;
        }
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

/// Receives each key of several scans: the place of its scan, the key, and its value.
pub(crate) type VisitMany<'a> = &'a mut dyn FnMut(usize, &[u8], &[u8]) -> ControlFlow<()>;

/// Receives the value of each of several keys, by the place of the key; `None` where there is none.
pub(crate) type GiveMany<'a> = &'a mut dyn FnMut(usize, Option<&[u8]>);

/// Reads from one state of the store.
///
/// No method has a default body: an engine behind a network makes each one round trip.
pub(crate) trait Read {
    /// Calls `f` with the value of `key` if it has one, and tells whether it has.
    fn get(&self, space: Space, key: &[u8], f: &mut dyn FnMut(&[u8])) -> Result<bool, EngineError>;

    /// Calls `f` once for each key with its place and its value, in any order.
    fn multi_get(&self, keys: &[(Space, &[u8])], f: GiveMany<'_>) -> Result<(), EngineError>;

    /// Visits keys in order. If the limit or `f` ended the walk, returns the last key that was
    /// visited, behind which another walk can go on.
    fn scan(
        &self,
        space: Space,
        scan: Scan<'_>,
        f: Visit<'_>,
    ) -> Result<Option<Vec<u8>>, EngineError>;

    /// Visits the keys of several ranges: those of a range in its order, but the ranges in any
    /// order, even in turns. `Break` ends the range of the key that it was the answer to.
    fn multi_scan(&self, scans: &[(Space, Scan<'_>)], f: VisitMany<'_>) -> Result<(), EngineError>;

    /// How many keys there are.
    fn len(&self, space: Space) -> Result<u64, EngineError>;

    /// The number of the committed state that this reads: of one open engine, two reads with the
    /// same number see the same state, so what was remembered of it is current. `None` where the
    /// engine cannot tell, and where what is read is not a committed state.
    fn state(&self) -> Option<u64>;
}

/// Is there any key in a space? This may cost less than their number.
///
/// # Errors
/// Those of the engine.
pub(crate) fn has_any(read: &dyn Read, space: Space) -> Result<bool, EngineError> {
    let first = Scan { limit: 1, ..Scan::ALL };
    Ok(read.scan(space, first, &mut |_, _| ControlFlow::Break(()))?.is_some())
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

/// What a write does with the state that it reads.
pub(crate) type WriteWith<'a> = &'a mut dyn FnMut(&dyn Read) -> Result<Buffer, EngineError>;

/// A storage engine.
pub(crate) trait Engine: fmt::Debug + Send + Sync + 'static {
    /// Makes the spaces that do not exist yet. Outside of writes, since some engines need it so.
    fn ensure_spaces(&self, spaces: &[Space]) -> Result<(), EngineError>;

    /// Removes every space but these, with what is in them.
    fn keep_spaces(&self, spaces: &[Space]) -> Result<(), EngineError>;

    /// The last committed state.
    fn snapshot(&self) -> Result<Arc<dyn Read + Send + Sync>, EngineError>;

    /// Runs `f` on one serializable state and applies the buffer that it returns: durably when this
    /// returns, or not at all, but for [`EngineError::CommitUnknown`]. An empty buffer writes
    /// nothing. `f` may be run again, and then it is the last buffer that counts.
    ///
    /// Returns the number of the state that it leaves ([`Read::state`]).
    fn write(&self, f: WriteWith<'_>) -> Result<Option<u64>, EngineError>;

    /// Makes the storage as small as it can be, and tells whether it got smaller. Refused while
    /// something is read or written.
    fn compact(&self) -> Result<bool, EngineError>;
}

#[cfg(test)]
mod tests;
