//! Leases: record numbers and auto-numbers, drawn in blocks.
//!
//! The file holds the next number that nobody has leased. A writer leases a block of numbers by
//! one entry and then draws from it in memory, so that creating a record does not rewrite a
//! counter each time. What is left of a block is lost when the store closes: gaps are normal, as
//! in an org.
//!
//! ```text
//! key    8  object number (2 bytes, right-aligned in 6) and slot (2 bytes); slot FFFF for the
//!           numbers of records
//! value  8  the next number that is not leased
//! ```
//!
//! A replica's records come with numbers of their own, which the counters pass: no number below
//! the one that a counter has passed to is drawn any more.
//!
//! **Invariant:** a number is drawn once. A rolled back record burns its numbers, and a lease that
//! was drawn on is written even if everything else of the write was taken back. Only a panic, or
//! the end of the process, before that can bring a number back; nothing kept it then.

use std::collections::{BTreeMap, btree_map::Entry};

use crate::{
    catalogue::{ObjectNo, Slot},
    engine::{Buffer, Read},
    error::{Error, Result},
    store::schema::LEASES,
};

/// Numbers in a block: one call's worth.
const BLOCK: u64 = 200;
/// The first number of a record, and of an auto-number that says no other.
pub(crate) const FIRST: u64 = 1;
/// Greater than any number that a counter of auto-numbers reaches: what a text holds beyond it is
/// never met by one.
pub(crate) const MAX_NUMBER: u64 = 1 << 60;

/// What numbers are drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Counter {
    /// The ids of an object's records.
    Records(ObjectNo),
    /// An auto-number field.
    AutoNumber(ObjectNo, Slot),
}

impl Counter {
    /// The key of the counter's entry.
    pub(crate) fn key(self) -> [u8; 8] {
        let (object, slot) = match self {
            Self::Records(object) => (object, Slot::MAX),
            Self::AutoNumber(object, slot) => (object, slot),
        };
        (u64::from(object.0) << 16 | u64::from(slot)).to_be_bytes()
    }
}

/// The leases of a store.
#[derive(Debug, Default)]
pub(crate) struct Leases {
    leases: BTreeMap<Counter, Lease>,
}

/// The state of one counter. Numbers below `written` are leased for good, those below `pending`
/// once the current write is committed; `None` where the file has no entry.
#[derive(Clone, Copy, Debug)]
struct Lease {
    next: u64,
    written: Option<u64>,
    pending: Option<u64>,
}

impl Leases {
    /// Draws the next number, which is `start` at least.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn draw(
        &mut self,
        counter: Counter,
        start: u64,
        base: &dyn Read,
        buffer: &mut Buffer,
    ) -> Result<u64> {
        let lease = self.lease(counter, start, base)?;
        let number = lease.next;
        let end = number.checked_add(BLOCK);
        let end = end.ok_or_else(|| Error::corrupt("a lease is at the end of all numbers"))?;
        lease.next += 1;
        if lease.pending.is_none_or(|pending| number >= pending) {
            lease.pending = Some(end);
            buffer.pin(LEASES, &counter.key(), &end.to_be_bytes());
        }
        Ok(number)
    }

    /// Has the counter passed all numbers below `next`, in the file too?
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn has_passed(
        &mut self,
        counter: Counter,
        start: u64,
        next: u64,
        base: &dyn Read,
    ) -> Result<bool> {
        let lease = self.lease(counter, start, base)?;
        Ok(lease.next >= next && lease.pending.is_some_and(|pending| pending >= next))
    }

    /// Passes all numbers below `next`, with a counter that [`Leases::has_passed`] was asked about.
    pub(crate) fn pass(&mut self, counter: Counter, next: u64, buffer: &mut Buffer) {
        let Some(lease) = self.leases.get_mut(&counter) else { return };
        lease.next = lease.next.max(next);
        if lease.pending.is_none_or(|pending| pending < next) {
            lease.pending = Some(lease.next);
            buffer.pin(LEASES, &counter.key(), &lease.next.to_be_bytes());
        }
    }

    /// The lease of a counter, as the file has it if it was not drawn on yet.
    fn lease(&mut self, counter: Counter, start: u64, base: &dyn Read) -> Result<&mut Lease> {
        Ok(match self.leases.entry(counter) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let written = read_next(counter, base)?;
                let next = written.unwrap_or_default().max(start);
                entry.insert(Lease { next, written, pending: written })
            }
        })
    }

    /// The write was committed: what it leased is leased for good.
    pub(crate) fn commit(&mut self) {
        for lease in self.leases.values_mut() {
            lease.written = lease.pending;
        }
    }

    /// The write before was not committed: what it leased must be leased again.
    pub(crate) fn begin(&mut self) {
        for lease in self.leases.values_mut() {
            lease.pending = lease.written;
        }
    }
}

/// The next number that is not leased, as the file has it; `None` if none ever was.
pub(crate) fn read_next(counter: Counter, read: &dyn Read) -> Result<Option<u64>> {
    let mut next = Ok(None);
    read.get(LEASES, &counter.key(), &mut |value| {
        next = value.try_into().map(u64::from_be_bytes).map(Some);
    })?;
    next.map_err(|_| Error::corrupt("a lease is not a number"))
}
