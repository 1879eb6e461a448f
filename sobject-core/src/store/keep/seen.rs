//! [`Seen`], the values of the per-caller fields: when a user last viewed or referenced a record.
//!
//! LastViewedDate and LastReferencedDate are described like other fields. But a record has a value
//! of them for each user, so they are not in its row but in a space of their own.
//!
//! ```text
//! key    8  packed id of the user
//!        8  packed id of the record
//! value  8  LastViewedDate: milliseconds since 1970-01-01T00:00:00Z; the least integer stands for
//!           never
//!        8  LastReferencedDate, in the same form
//! ```
//!
//! Whoever views a record references it too. Neither changes the record: its stamps stay, and the
//! feed gets no entry. Creating or changing a record through the API does not count as viewing it
//! (a choice of ours).

use chrono::{DateTime, Utc};

use crate::{
    bytes::fixed_key,
    engine::Read,
    error::{Error, Result},
    name::{LAST_REFERENCED_DATE, LAST_VIEWED_DATE, is_same_name},
    store::keep::PER_CALLER,
};

/// Stands for a record that the user never viewed or referenced.
pub(crate) const NEVER: i64 = i64::MIN;

/// When a user last viewed and last referenced a record, in milliseconds, or [`NEVER`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) viewed: i64,
    pub(crate) referenced: i64,
}

impl Seen {
    /// The user has never viewed nor referenced the record.
    pub(crate) const NEVER: Self = Self { viewed: NEVER, referenced: NEVER };

    /// The value of the field with this name; `None` stands for null.
    pub(crate) fn of(self, field: &str) -> Option<DateTime<Utc>> {
        let millis = match field {
            _ if is_same_name(field, LAST_VIEWED_DATE) => self.viewed,
            _ if is_same_name(field, LAST_REFERENCED_DATE) => self.referenced,
            _ => NEVER,
        };
        if millis == NEVER { None } else { DateTime::from_timestamp_millis(millis) }
    }

    pub(crate) fn decode(value: &[u8]) -> Option<Self> {
        let (viewed, rest) = value.split_first_chunk()?;
        let referenced = rest.try_into().ok()?;
        Some(Self {
            viewed: i64::from_be_bytes(*viewed),
            referenced: i64::from_be_bytes(referenced),
        })
    }

    pub(crate) fn encode(self) -> [u8; 16] {
        fixed_key(self.viewed.cast_unsigned(), self.referenced.cast_unsigned())
    }
}

/// Reads when a user last viewed and last referenced a record. Both are given by packed id.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn seen(read: &dyn Read, user: u64, record: u64) -> Result<Seen> {
    let mut seen = Some(Seen::NEVER);
    read.get(PER_CALLER, &fixed_key(user, record), &mut |value| seen = Seen::decode(value))?;
    seen.ok_or_else(|| Error::corrupt("a per-caller entry is not one"))
}
