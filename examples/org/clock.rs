//! The clock of an org that was loaded: the machine's, until it is told to stand.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use sobject_core::Clock;

/// A clock that is the machine's, or stands at an instant. Its clones are one clock.
#[derive(Clone, Debug, Default)]
pub(crate) struct OrgClock(Arc<Mutex<Option<DateTime<Utc>>>>);

impl OrgClock {
    /// A clock that stands at an instant, or the machine's.
    pub(crate) fn new(stands_at: Option<DateTime<Utc>>) -> Self {
        Self(Arc::new(Mutex::new(stands_at)))
    }

    /// Runs `f` while the clock stands at another instant, if one is given.
    pub(crate) fn during<R>(&self, now: Option<DateTime<Utc>>, f: impl FnOnce() -> R) -> R {
        let Some(now) = now else { return f() };
        let before = self.at().replace(now);
        let done = f();
        *self.at() = before;
        done
    }

    /// Has the clock stand at an instant from now on.
    pub(crate) fn stand_at(&self, at: DateTime<Utc>) {
        *self.at() = Some(at);
    }

    fn at(&self) -> MutexGuard<'_, Option<DateTime<Utc>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for OrgClock {
    fn now(&self) -> DateTime<Utc> {
        self.at().unwrap_or_else(Utc::now)
    }
}

/// Reads an instant in ISO 8601 with its zone: `Z`, `+01:00`, `+0100` or `+01`, with or without
/// seconds and their fraction.
///
/// # Errors
/// A sentence that names the text.
pub(crate) fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    let read = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%#z"));
    read.map(|at| at.with_timezone(&Utc)).map_err(|_| {
        format!("{text:?} is no instant in ISO 8601 with its zone, such as 2026-03-01T08:00:00Z")
    })
}
