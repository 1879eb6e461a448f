//! [`Leases`]: where record numbers and auto-numbers come from.
//!
//! For each counter, the file holds the first number that is not leased. A writer leases a block of
//! numbers by writing that entry once, and then draws numbers from the block in memory, so that
//! creating a record does not rewrite a counter each time. Numbers of a block that are not drawn
//! until the store closes are never used: gaps are normal, as in an org.
//!
//! ```text
//! key    2  what the numbers are for: 0 records, 1 an auto-number
//!        2  zeros
//!        2  the number of the head of ids, or of the object
//!        2  zeros, or the slot of the auto-number
//! value  8  the next number that is not leased
//! ```
//!
//! There is one counter of record numbers for each head of ids (key prefix and instance), since
//! objects may share a prefix. A replica's records have numbers already; the counter is moved
//! beyond them, so that they are never drawn. Record numbers that do not fit into 47 bits are never
//! drawn in any case: an id with such a number leaves the counter where it is, so that a single one
//! does not use up all numbers.
//!
//! **Invariant:** a number is drawn once. The numbers of a record that is rolled back are not drawn
//! again, and a lease is written even if everything else of its write is taken back. Only after a
//! panic or a commit that failed may a number be drawn again, and then nothing was written with it.

use std::collections::BTreeMap;

use crate::{
    bytes::Slot,
    catalogue::ObjectNo,
    engine::{Buffer, Read},
    error::{Error, Result},
    store::keep::LEASES,
};

/// Numbers in a block: as many as a call may create records.
const BLOCK: u64 = 200;
/// The first record number, and the first auto-number of a field that does not set another.
pub(crate) const FIRST: u64 = 1;
/// A bound that no counter of auto-numbers reaches. An auto-number that a replica put and that is
/// not below it need not move its counter.
pub(crate) const MAX_NUMBER: u64 = 1 << 60;

/// What the numbers of a counter are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Counter {
    /// Ids with the head of this number.
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

    /// The first number that is not leased, as the file has it; `None` if none was ever leased.
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

/// Leases in memory: those that committed writes left, or those that one write has used.
#[derive(Debug, Default)]
pub(crate) struct Leases {
    leases: BTreeMap<Counter, Lease>,
}

/// The state of one counter.
#[derive(Clone, Copy, Debug)]
struct Lease {
    /// The next number to draw.
    next: u64,
    /// Numbers below this are leased; `None` if the file has no entry.
    leased: Option<u64>,
}

impl Lease {
    /// Reads the lease of a counter from the file. Its numbers begin with `start`.
    fn read(counter: Counter, start: u64, base: &dyn Read) -> Result<Self> {
        let leased = counter.next(base)?;
        Ok(Self { next: leased.unwrap_or_default().max(start), leased })
    }
}

impl Leases {
    /// Draws the next number, which is at least `start`. `store` has the leases that earlier writes
    /// left.
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

    /// Moves a counter beyond all numbers below `next`, so that none of them is ever drawn.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn skip(
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

    /// Is it known that no number below `next` can be drawn, according to the file as well?
    pub(crate) fn is_beyond(&self, counter: Counter, next: u64) -> bool {
        let lease = self.leases.get(&counter);
        lease.is_some_and(|lease| lease.next >= next && lease.leased >= Some(next))
    }

    /// The lease of a counter as this write has used it; if it has not, as earlier writes left it;
    /// if they did not use it either, as the file has it.
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

    /// Makes sure that the numbers which a write drew are not drawn again, although the write came
    /// to nothing. The blocks that it leased are not in the file.
    pub(crate) fn burn(&mut self, touched: &Self) {
        for (counter, lease) in &touched.leases {
            let known = self.leases.get_mut(counter);
            if let Some(known) = known.filter(|known| known.next < lease.next) {
                known.next = lease.next;
            }
        }
    }

    /// Takes over the leases that a committed write has used.
    pub(crate) fn take_up(&mut self, touched: Self) {
        self.leases.extend(touched.leases);
    }
}
