//! Leases: record numbers and auto-numbers, drawn in blocks.
//!
//! The file holds the next number that nobody has leased. A writer leases a block of numbers by
//! one entry and then draws from it in memory, so that creating a record does not rewrite a
//! counter each time. What is left of a block is lost when the store closes: gaps are normal, as
//! in an org.
//!
//! ```text
//! key    2  what the numbers are for: 0 records, 1 an auto-number
//!        2  zeros
//!        2  the number of the head of ids, or of the object
//!        2  zeros, or the slot of the auto-number
//! value  8  the next number that is not leased
//! ```
//!
//! Record numbers go by the head of the ids (key prefix and instance), since objects may share a
//! prefix. A replica's records come with numbers of their own, which the counters pass: no number
//! below the one that a counter has passed to is drawn any more.
//!
//! **Invariant:** a number is drawn once. A rolled back record burns its numbers, and a lease that
//! was drawn on is written even if everything else of the write was taken back. Only a panic, or a
//! commit that fails, can bring a number back; nothing kept it then.

use std::collections::BTreeMap;

use crate::{
    bytes::Slot,
    catalogue::ObjectNo,
    engine::{Buffer, Read},
    error::{Error, Result},
    store::keep::LEASES,
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
    /// The ids of a head, by its number.
    Records(u16),
    /// An auto-number field.
    AutoNumber(ObjectNo, Slot),
}

impl Counter {
    /// The key of the counter's entry.
    pub(crate) fn key(self) -> [u8; 8] {
        let (kind, of, slot) = match self {
            Self::Records(head) => (0_u64, head, 0),
            Self::AutoNumber(object, slot) => (1, object.0, slot),
        };
        (kind << 48 | u64::from(of) << 16 | u64::from(slot)).to_be_bytes()
    }

    /// The next number that is not leased, as the file has it; `None` if none ever was.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn next(self, read: &dyn Read) -> Result<Option<u64>> {
        let mut next = Ok(None);
        read.get(LEASES, &self.key(), &mut |value| {
            next = value.try_into().map(u64::from_be_bytes).map(Some);
        })?;
        next.map_err(|_| Error::corrupt("a lease is not a number"))
    }
}

/// Leases in memory: those of the store, or those that one write has touched.
#[derive(Debug, Default)]
pub(crate) struct Leases {
    leases: BTreeMap<Counter, Lease>,
}

/// The state of one counter.
#[derive(Clone, Copy, Debug)]
struct Lease {
    /// The next number to draw.
    next: u64,
    /// Numbers below this are leased; `None` where the file has no entry.
    leased: Option<u64>,
}

impl Lease {
    /// The lease of a counter that starts at `start`, as the file has it.
    fn read(counter: Counter, start: u64, base: &dyn Read) -> Result<Self> {
        let leased = counter.next(base)?;
        Ok(Self { next: leased.unwrap_or_default().max(start), leased })
    }
}

impl Leases {
    /// Draws the next number, which is `start` at least. `store` has the leases of the writes
    /// before.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn draw(
        &mut self,
        counter: Counter,
        start: u64,
        store: &Self,
        base: &dyn Read,
        buffer: &mut Buffer,
    ) -> Result<u64> {
        let lease = self.lease(counter, start, store, base)?;
        let number = lease.next;
        let end = number.checked_add(BLOCK);
        let end = end.ok_or_else(|| Error::corrupt("a lease is at the end of all numbers"))?;
        lease.next += 1;
        if lease.leased.is_none_or(|leased| number >= leased) {
            lease.leased = Some(end);
            buffer.pin(LEASES, &counter.key(), &end.to_be_bytes());
        }
        Ok(number)
    }

    /// Passes all numbers below `next`.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn pass(
        &mut self,
        counter: Counter,
        next: u64,
        store: &Self,
        base: &dyn Read,
        buffer: &mut Buffer,
    ) -> Result<()> {
        let lease = self.lease(counter, next, store, base)?;
        lease.next = lease.next.max(next);
        if lease.leased.is_none_or(|leased| leased < next) {
            lease.leased = Some(lease.next);
            buffer.pin(LEASES, &counter.key(), &lease.next.to_be_bytes());
        }
        Ok(())
    }

    /// Is it known that the counter has passed all numbers below `next`, in the file too?
    pub(crate) fn has_passed(&self, counter: Counter, next: u64) -> bool {
        let lease = self.leases.get(&counter);
        lease.is_some_and(|lease| lease.next >= next && lease.leased >= Some(next))
    }

    /// The lease of a counter: as this write has left it, else as the writes before have, else as
    /// the file has it.
    fn lease(
        &mut self,
        counter: Counter,
        start: u64,
        store: &Self,
        base: &dyn Read,
    ) -> Result<&mut Lease> {
        use std::collections::btree_map::Entry;
        Ok(match self.leases.entry(counter) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let known = store.leases.get(&counter).copied();
                let lease = known.map_or_else(|| Lease::read(counter, start, base), Ok)?;
                entry.insert(lease)
            }
        })
    }

    /// Burns the numbers that a write drew which came to nothing, without what it leased for them.
    pub(crate) fn burn(&mut self, touched: &Self) {
        for (counter, lease) in &touched.leases {
            let known = self.leases.get_mut(counter);
            if let Some(known) = known.filter(|known| known.next < lease.next) {
                known.next = lease.next;
            }
        }
    }

    /// Takes up the leases that a committed write has touched.
    pub(crate) fn take_up(&mut self, touched: Self) {
        self.leases.extend(touched.leases);
    }
}
