//! [`Queries`]: what all connections of a store share for their queries.
//!
//! **Invariants:** a cursor is given to nobody but the caller who made it, and to nobody when it is too
//! old. Cursors that were kept together grow old together: those of the children of an answer's rows
//! count as one. There are no more than [`MAX`]; the oldest goes first.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use sobject_soql::Query;

use crate::{
    caller::Caller,
    language::{Answered, Customs, TextSearch},
    store,
};

/// Cursors that are kept at most, those that were kept together being one: each holds a state of the
/// store.
const MAX: usize = 200;
/// The last bits of a cursor's number, which tell it from those that were kept together with it.
const PLACE_BITS: u32 = 24;

/// What date literals depend on.
#[derive(Clone, Copy, Debug)]
pub struct Today {
    pub(super) customs: Customs,
    pub(super) now: DateTime<Utc>,
}

/// A query that has more rows than were given so far.
#[derive(Debug)]
pub(super) struct Cursor {
    /// The state in which it was run, which the children of its rows share.
    pub(super) session: Arc<store::Session>,
    pub(super) answered: Answered,
    pub(super) batch_size: usize,
    /// The typed query, whether it finds records of the recycle bin, and what it searches for; `None` if
    /// it was a text. No other typed query goes on with it, since it would read its rows wrongly.
    pub(super) typed: Option<(Query, bool, Option<TextSearch>)>,
}

/// What all connections of a store share for their queries.
#[derive(Debug)]
pub(crate) struct Queries {
    customs: Customs,
    lifetime: TimeDelta,
    cursors: Mutex<Cursors>,
}

#[derive(Debug, Default)]
struct Cursors {
    by_number: BTreeMap<u64, Kept>,
    next: u64,
}

#[derive(Debug)]
struct Kept {
    cursors: Vec<Arc<Cursor>>,
    caller: Caller,
    used: DateTime<Utc>,
}

impl Queries {
    pub(crate) fn new(customs: Customs, lifetime: TimeDelta) -> Self {
        Self { customs, lifetime, cursors: Mutex::default() }
    }

    /// How the people of the store count time, at a moment.
    pub(super) fn today(&self, now: DateTime<Utc>) -> Today {
        Today { customs: self.customs, now }
    }

    /// Keeps a cursor, and gives its number.
    pub(super) fn keep(&self, cursor: Arc<Cursor>, caller: &Caller, now: DateTime<Utc>) -> u64 {
        self.keep_all(vec![cursor], caller, now).start
    }

    /// Keeps cursors together, and gives their numbers.
    pub(super) fn keep_all(
        &self,
        kept: Vec<Arc<Cursor>>,
        caller: &Caller,
        now: DateTime<Utc>,
    ) -> Range<u64> {
        let mut cursors = self.fresh(now);
        if cursors.by_number.len() >= MAX {
            let oldest = cursors.by_number.iter().min_by_key(|(_, kept)| kept.used);
            if let Some(oldest) = oldest.map(|(number, _)| *number) {
                cursors.by_number.remove(&oldest);
            }
        }
        let number = cursors.next;
        cursors.next += 1;
        let first = number << PLACE_BITS;
        let end = first.saturating_add(u64::try_from(kept.len()).unwrap_or(u64::MAX));
        let kept = Kept { cursors: kept, caller: caller.clone(), used: now };
        cursors.by_number.insert(number, kept);
        first..end.min((number + 1) << PLACE_BITS)
    }

    /// The cursor of a number, if it is this caller's and not too old.
    pub(super) fn get(
        &self,
        number: u64,
        caller: &Caller,
        now: DateTime<Utc>,
    ) -> Option<Arc<Cursor>> {
        let mut cursors = self.fresh(now);
        let together = cursors.by_number.get_mut(&(number >> PLACE_BITS));
        let kept = together.filter(|kept| kept.caller == *caller)?;
        let place = usize::try_from(number & ((1 << PLACE_BITS) - 1)).ok()?;
        let cursor = kept.cursors.get(place)?.clone();
        kept.used = now;
        Some(cursor)
    }

    /// The cursors that are not too old.
    fn fresh(&self, now: DateTime<Utc>) -> MutexGuard<'_, Cursors> {
        let mut cursors = self.cursors.lock().unwrap_or_else(PoisonError::into_inner);
        cursors.by_number.retain(|_, kept| now - kept.used <= self.lifetime);
        cursors
    }
}
