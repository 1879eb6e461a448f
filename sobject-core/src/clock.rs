//! Where the time comes from.
//!
//! The store never reads the machine's clock itself: it asks its [`Clock`], so that tests are
//! exact and replays carry the times they were recorded with.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time of a write.
///
/// The store drops what is below a second, and never lets a stamp go back: a clock that is set
/// back stands still for the store until it has caught up.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock: what a store uses unless told otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that moves only when told to. Clones share the time.
///
/// ```
/// use chrono::{TimeDelta, TimeZone, Utc};
/// use sobject_core::{Clock, ManualClock};
///
/// let clock = ManualClock::at(Utc.with_ymd_and_hms(2026, 3, 1, 8, 0, 0).unwrap());
/// clock.advance(TimeDelta::minutes(5));
/// assert_eq!(clock.now(), Utc.with_ymd_and_hms(2026, 3, 1, 8, 5, 0).unwrap());
/// ```
#[derive(Clone)]
pub struct ManualClock {
    millis: Arc<AtomicI64>,
}

impl ManualClock {
    /// A clock that stands at `time`, to the millisecond.
    pub fn at(time: DateTime<Utc>) -> Self {
        Self { millis: Arc::new(AtomicI64::new(time.timestamp_millis())) }
    }

    /// Sets the clock, forward or back.
    pub fn set(&self, time: DateTime<Utc>) {
        self.millis.store(time.timestamp_millis(), Ordering::Relaxed);
    }

    /// Moves the clock on by `by`, or back if it is negative.
    pub fn advance(&self, by: TimeDelta) {
        self.millis.fetch_add(by.num_milliseconds(), Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.millis.load(Ordering::Relaxed)).unwrap_or_default()
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}
