//! Running a write again when another came first.

use std::{
    hash::{BuildHasher, RandomState},
    thread,
    time::Duration,
};

use super::{Engine, EngineError, WriteWith};

/// How often a write is run before its conflict is the caller's.
const RUNS: u32 = 10;
/// Most of the pause before the second run; each pause after may be twice as long.
const PAUSE: Duration = Duration::from_millis(1);
/// Most of any pause.
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// [`Engine::write`], run again a limited number of times where another write came first. Nothing
/// else is run again: of a commit whose outcome is unknown, the write may be there already.
///
/// # Errors
/// The engine's.
pub(crate) fn write(engine: &dyn Engine, f: WriteWith<'_>) -> Result<Option<u64>, EngineError> {
    for run in 1..RUNS {
        match engine.write(f) {
            Err(EngineError::Conflict) => thread::sleep(pause(run)),
            other => return other,
        }
    }
    engine.write(f)
}

/// How long to wait after a run, at random, so that those who met do not meet again.
fn pause(run: u32) -> Duration {
    let most = PAUSE.saturating_mul(1 << (run - 1).min(16)).min(LONGEST_PAUSE);
    // The only randomness that the standard library has.
    let random = u32::try_from(RandomState::new().hash_one(run) >> 32).unwrap_or_default();
    most.mul_f64(f64::from(random) / f64::from(u32::MAX))
}
