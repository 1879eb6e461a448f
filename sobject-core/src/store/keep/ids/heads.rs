//! [`Heads`]: the committed heads of ids, in memory.
//!
//! **Invariants:** heads are only added, in the order of their numbers and without gaps, and never
//! change. So it does no harm that a reader may find more heads here than its snapshot has.
//! Unpacking an id takes no lock.

use std::{
    collections::BTreeMap,
    ops::{Bound, ControlFlow},
    sync::{
        Mutex, OnceLock, PoisonError, RwLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use crate::{
    engine::{Read, Scan},
    error::{Error, Result},
    store::keep::HEADS,
};

/// Heads in a chunk, and also the number of chunks: 256 × 256 is more than there are head numbers.
const CHUNK: usize = 256;

/// Heads of consecutive numbers.
type Chunk = Box<[OnceLock<[u8; 6]>]>;

/// The committed heads, in the order of their numbers.
#[derive(Debug)]
pub(crate) struct Heads {
    chunks: Box<[OnceLock<Chunk>]>,
    len: AtomicUsize,
    numbers: RwLock<BTreeMap<[u8; 6], u16>>,
    /// All heads of engine states ([`Read::state`]) below this number are here.
    known: AtomicU64,
    /// Held while heads are added.
    turn: Mutex<()>,
}

impl Default for Heads {
    fn default() -> Self {
        Self {
            chunks: (0..CHUNK).map(|_| OnceLock::new()).collect(),
            len: AtomicUsize::new(0),
            numbers: RwLock::default(),
            known: AtomicU64::new(0),
            turn: Mutex::default(),
        }
    }
}

impl Heads {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.len.load(Ordering::Acquire)
    }

    /// The head at this place, counted from 0: its number less one.
    #[inline]
    pub(super) fn get(&self, place: usize) -> Option<[u8; 6]> {
        self.chunks.get(place / CHUNK)?.get()?.get(place % CHUNK)?.get().copied()
    }

    /// The number of a head, from 1.
    pub(super) fn number_of(&self, head: [u8; 6]) -> Option<u16> {
        /// So many heads are compared one after another, which takes no lock. Most files have fewer.
        const FEW: usize = 16;
        let n_heads = self.len();
        if n_heads <= FEW {
            let place = (0..n_heads).find(|place| self.get(*place) == Some(head))?;
            return u16::try_from(place + 1).ok();
        }
        self.numbers.read().unwrap_or_else(PoisonError::into_inner).get(&head).copied()
    }

    /// Adds heads at consecutive places from `start` on. Heads that are here already stay as they
    /// are.
    pub(super) fn extend(&self, start: usize, heads: &[[u8; 6]]) {
        if heads.is_empty() {
            return;
        }
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut numbers = self.numbers.write().unwrap_or_else(PoisonError::into_inner);
        for (place, head) in (start..).zip(heads).skip_while(|(place, _)| *place < self.len()) {
            let number = u16::try_from(place + 1);
            let (Some(chunk), Ok(number)) = (self.chunks.get(place / CHUNK), number) else {
                return;
            };
            let chunk = chunk.get_or_init(|| (0..CHUNK).map(|_| OnceLock::new()).collect());
            if let Some(entry) = chunk.get(place % CHUNK) {
                entry.get_or_init(|| *head);
            }
            numbers.insert(*head, number);
            self.len.store(place + 1, Ordering::Release);
        }
    }

    /// Adds the heads that are in the file, in the state that `read` reads, and not here. Reads
    /// nothing if all heads of that state are known to be here.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the numbers have gaps or an entry is no head; [`Error::Storage`].
    pub(crate) fn catch_up(&self, read: &dyn Read) -> Result<()> {
        let state = read.state();
        if state.is_some_and(|state| state < self.known.load(Ordering::Acquire)) {
            return Ok(());
        }
        let start = self.len();
        let (mut heads, mut is_sound) = (Vec::new(), true);
        let last = (start as u64).to_be_bytes();
        let scan = Scan { from: Bound::Excluded(&last), ..Scan::ALL };
        read.scan(HEADS, scan, &mut |key, value| {
            let number = (start + heads.len() + 1) as u64;
            let head = value.try_into().ok();
            let head = head.filter(|head: &[u8; 6]| head.iter().all(u8::is_ascii_alphanumeric));
            is_sound &= key == number.to_be_bytes() && head.is_some();
            heads.extend(head);
            if is_sound { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        if !is_sound {
            return Err(Error::corrupt("the dictionary of heads has gaps"));
        }
        self.extend(start, &heads);
        if let Some(state) = state {
            self.knows(state);
        }
        Ok(())
    }

    /// Notes that all heads of this state are here.
    pub(crate) fn knows(&self, state: u64) {
        self.known.fetch_max(state.saturating_add(1), Ordering::AcqRel);
    }
}
