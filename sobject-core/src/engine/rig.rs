//! An engine for tests: redb that counts its calls, and fails as other engines may, on command.
//!
//! A [`Rig`] is the handle that a test keeps; the engine that a store has on it obeys the handle.
//! Compiled for tests only, here and in programs that ask for the feature `testing`.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
};

use super::{
    Buffer, Engine, EngineError, GiveMany, Read, RedbEngine, Scan, Space, Visit, VisitMany,
    WriteWith,
};

/// What engines on a rig do, and did.
#[derive(Clone, Debug, Default)]
pub struct Rig(Arc<Controls>);

#[derive(Debug)]
struct Controls {
    calls: [AtomicU64; 7],
    /// Calls until one fails; below zero, none does.
    fuse: AtomicI64,
    runs_twice: AtomicBool,
    hides_state: AtomicBool,
    chance: Mutex<Option<Chance>>,
}

impl Default for Controls {
    fn default() -> Self {
        Self {
            calls: Default::default(),
            fuse: AtomicI64::new(-1),
            runs_twice: AtomicBool::default(),
            hides_state: AtomicBool::default(),
            chance: Mutex::default(),
        }
    }
}

/// How many writes in a hundred end otherwise than well.
#[derive(Debug)]
struct Chance {
    random: u64,
    conflicts: u8,
    unknown: u8,
}

/// What becomes of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Applied,
    Conflict,
    /// Nobody is told whether it was applied.
    Unknown {
        applied: bool,
    },
}

/// The calls that an engine answers.
#[derive(Clone, Copy, Debug)]
enum Call {
    Get,
    MultiGet,
    Scan,
    MultiScan,
    Len,
    Snapshot,
    Write,
}

/// How many calls of each kind engines on a rig were asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// One key.
    pub get: u64,
    /// Keys together.
    pub multi_get: u64,
    /// One range.
    pub scan: u64,
    /// Ranges together.
    pub multi_scan: u64,
    /// The number of keys in a space.
    pub len: u64,
    /// The last committed state.
    pub snapshot: u64,
    /// Writes.
    pub write: u64,
}

impl Counts {
    /// The calls that read something, each of which may go to another machine and back.
    pub fn reads(self) -> u64 {
        self.get + self.multi_get + self.scan + self.multi_scan + self.len
    }
}

impl Rig {
    /// The calls so far, or since they were last counted anew.
    pub fn counts(&self) -> Counts {
        let [get, multi_get, scan, multi_scan, len, snapshot, write] =
            self.0.calls.each_ref().map(|calls| calls.load(Ordering::Relaxed));
        Counts { get, multi_get, scan, multi_scan, len, snapshot, write }
    }

    /// Counts the calls anew from now on.
    pub fn count_anew(&self) {
        self.0.calls.iter().for_each(|calls| calls.store(0, Ordering::Relaxed));
    }

    /// Lets one call fail: the one after so many.
    pub fn fail_after(&self, calls: u32) {
        self.0.fuse.store(calls.into(), Ordering::Relaxed);
    }

    /// Lets no call fail any more; whether the one that was to fail has.
    pub fn stop_failing(&self) -> bool {
        self.0.fuse.swap(-1, Ordering::Relaxed) < 0
    }

    /// Has the call failed that was to fail?
    pub fn has_failed(&self) -> bool {
        self.0.fuse.load(Ordering::Relaxed) < 0
    }

    /// Runs what each write does twice, as an engine may, and applies what the second run made.
    pub fn run_twice(&self, twice: bool) {
        self.0.runs_twice.store(twice, Ordering::Relaxed);
    }

    /// Does not tell the numbers of states.
    pub fn hide_state(&self, hide: bool) {
        self.0.hides_state.store(hide, Ordering::Relaxed);
    }

    /// Of a hundred writes, lets so many meet a conflict, and so many end with nobody knowing
    /// whether they were applied, which half of them are: at random, in the same way for a seed.
    pub fn end_at_random(&self, seed: u64, conflicts: u8, unknown: u8) {
        self.set_chance(Some(Chance { random: seed, conflicts, unknown }));
    }

    /// Lets all writes end well again.
    pub fn end_well(&self) {
        self.set_chance(None);
    }

    fn set_chance(&self, chance: Option<Chance>) {
        *self.0.chance.lock().unwrap_or_else(PoisonError::into_inner) = chance;
    }

    /// An engine that obeys.
    pub(crate) fn engine(&self, engine: RedbEngine) -> impl Engine {
        RiggedEngine { engine, rig: self.clone() }
    }

    fn count(&self, call: Call) -> Result<(), EngineError> {
        self.0.calls[call as usize].fetch_add(1, Ordering::Relaxed);
        self.burn()
    }

    fn burn(&self) -> Result<(), EngineError> {
        match self.0.fuse.fetch_sub(1, Ordering::Relaxed) {
            0 => Err(EngineError::Unavailable("the disk is gone".into())),
            _ => Ok(()),
        }
    }

    fn fate(&self) -> Fate {
        let mut chance = self.0.chance.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(chance) = &mut *chance else { return Fate::Applied };
        let drawn = u8::try_from(chance.next() % 100).unwrap_or_default();
        if drawn < chance.conflicts {
            Fate::Conflict
        } else if drawn < chance.conflicts.saturating_add(chance.unknown) {
            Fate::Unknown { applied: chance.next().is_multiple_of(2) }
        } else {
            Fate::Applied
        }
    }
}

impl Chance {
    /// The next number of `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }
}

/// An engine that obeys a rig.
#[derive(Debug)]
struct RiggedEngine {
    engine: RedbEngine,
    rig: Rig,
}

impl Engine for RiggedEngine {
    fn ensure_spaces(&self, spaces: &[Space]) -> Result<(), EngineError> {
        self.rig.burn()?;
        self.engine.ensure_spaces(spaces)
    }

    fn keep_spaces(&self, spaces: &[Space]) -> Result<(), EngineError> {
        self.rig.burn()?;
        self.engine.keep_spaces(spaces)
    }

    fn snapshot(&self) -> Result<Arc<dyn Read + Send + Sync>, EngineError> {
        self.rig.count(Call::Snapshot)?;
        let read = self.engine.snapshot()?;
        Ok(Arc::new(RiggedRead { read, rig: self.rig.clone() }))
    }

    fn write(&self, f: WriteWith<'_>) -> Result<Option<u64>, EngineError> {
        self.rig.count(Call::Write)?;
        let fate = self.rig.fate();
        let lost = || EngineError::CommitUnknown("the answer to the commit was lost".into());
        let mut is_lost = false;
        let state = self.engine.write(&mut |read| {
            let read = RiggedRead { read, rig: self.rig.clone() };
            let mut buffer: Buffer = f(&read)?;
            if self.rig.0.runs_twice.load(Ordering::Relaxed) {
                buffer = f(&read)?;
            }
            // The last moment before the commit.
            self.rig.burn()?;
            is_lost = fate == (Fate::Unknown { applied: true }) && !buffer.is_empty();
            match fate {
                Fate::Conflict => Err(EngineError::Conflict),
                Fate::Unknown { applied: false } if !buffer.is_empty() => Err(lost()),
                _ => Ok(buffer),
            }
        })?;
        if is_lost {
            return Err(lost());
        }
        Ok(state.filter(|_| !self.rig.0.hides_state.load(Ordering::Relaxed)))
    }

    fn compact(&self) -> Result<bool, EngineError> {
        self.rig.burn()?;
        self.engine.compact()
    }
}

/// What such an engine reads.
struct RiggedRead<R> {
    read: R,
    rig: Rig,
}

/// Reads in place or through a pointer.
trait Reads {
    fn reads(&self) -> &dyn Read;
}

impl Reads for Arc<dyn Read + Send + Sync> {
    fn reads(&self) -> &dyn Read {
        &**self
    }
}

impl Reads for &dyn Read {
    fn reads(&self) -> &dyn Read {
        *self
    }
}

impl<R: Reads> Read for RiggedRead<R> {
    fn get(&self, space: Space, key: &[u8], f: &mut dyn FnMut(&[u8])) -> Result<bool, EngineError> {
        self.rig.count(Call::Get)?;
        self.read.reads().get(space, key, f)
    }

    fn multi_get(&self, keys: &[(Space, &[u8])], f: GiveMany<'_>) -> Result<(), EngineError> {
        self.rig.count(Call::MultiGet)?;
        self.read.reads().multi_get(keys, f)
    }

    fn scan(
        &self,
        space: Space,
        scan: Scan<'_>,
        f: Visit<'_>,
    ) -> Result<Option<Vec<u8>>, EngineError> {
        self.rig.count(Call::Scan)?;
        self.read.reads().scan(space, scan, f)
    }

    fn multi_scan(&self, scans: &[(Space, Scan<'_>)], f: VisitMany<'_>) -> Result<(), EngineError> {
        self.rig.count(Call::MultiScan)?;
        self.read.reads().multi_scan(scans, f)
    }

    fn len(&self, space: Space) -> Result<u64, EngineError> {
        self.rig.count(Call::Len)?;
        self.read.reads().len(space)
    }

    fn state(&self) -> Option<u64> {
        let state = self.read.reads().state();
        state.filter(|_| !self.rig.0.hides_state.load(Ordering::Relaxed))
    }
}
