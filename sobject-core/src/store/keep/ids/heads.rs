//! The committed heads in memory.
//!
//! **Invariants:** heads are only added, by number and without gaps, and one that is here never
//! changes: so a reader may know more heads than its snapshot has, which harms nobody. Reading one
//! takes no lock.

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

/// Heads in a chunk; there are as many chunks.
const CHUNK: usize = 256;

/// Heads of consecutive numbers.
type Chunk = Box<[OnceLock<[u8; 6]>]>;

/// The committed heads, in the order of their numbers.
#[derive(Debug)]
pub(crate) struct Heads {
    chunks: Box<[OnceLock<Chunk>]>,
    len: AtomicUsize,
    numbers: RwLock<BTreeMap<[u8; 6], u16>>,
    /// The greatest number of a state whose heads are all here ([`Read::state`]), plus one.
    known: AtomicU64,
    /// Held by whoever adds heads.
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

    /// The head at a place, counted from 0.
    #[inline]
    pub(super) fn get(&self, place: usize) -> Option<[u8; 6]> {
        self.chunks.get(place / CHUNK)?.get()?.get(place % CHUNK)?.get().copied()
    }

    /// The number of a head, from 1.
    pub(super) fn number_of(&self, head: [u8; 6]) -> Option<u16> {
        self.numbers.read().unwrap_or_else(PoisonError::into_inner).get(&head).copied()
    }

    /// Adds heads whose first has place `start`; those that are here already stay.
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

    /// Takes up the heads that the state which `read` reads has and this has not. Costs nothing
    /// where it is known that there are none.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the numbers have gaps or a head is none; [`Error::Storage`].
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

    /// Every head of this state is here.
    pub(crate) fn knows(&self, state: u64) {
        self.known.fetch_max(state.saturating_add(1), Ordering::AcqRel);
    }
}
