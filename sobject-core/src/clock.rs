//! [`Clock`]: where a store gets the time from.
//!
//! The store never reads the machine's clock itself but asks its [`Clock`]. So a test knows the
//! stamps that it will see, and a program that repeats recorded writes can stamp them with the
//! times of the recording.

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
/// Stamps are whole seconds: fractions are cut. They never go back either: if the clock is set
/// back, new stamps equal the latest one until the clock has passed it again.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock, which a store uses unless it is given another.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock for tests, which moves only when it is told to. Its clones show the same time.
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
