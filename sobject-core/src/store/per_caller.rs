//! Per-caller fields: when a user last viewed or referenced a record.
//!
//! LastViewedDate and LastReferencedDate are described like other fields, but each user has
//! values of their own, so rows do not hold them.
//!
//! ```text
//! key    8  packed id of the user
//!        8  packed id of the record
//! value  8  LastViewedDate: milliseconds since 1970-01-01T00:00:00Z, the least integer for never
//!        8  LastReferencedDate, likewise
//! ```
//!
//! A view counts as a reference too. Neither changes the record: no stamp moves, and the feed says
//! nothing. Creating or changing a record through the API does not view it (a choice of ours).

use chrono::{DateTime, Utc};

use crate::{
    bytes::{key::fixed_key, row::Cell},
    catalogue::Object,
    engine::Read,
    error::{Error, Result},
    id::RecordId,
    store::{schema::PER_CALLER, write::Write},
};

/// The name of the field that holds when the caller last viewed the record.
const VIEWED: &str = "LastViewedDate";
/// The name of the field that holds when the caller last referenced the record.
const REFERENCED: &str = "LastReferencedDate";
/// Never.
const NEVER: i64 = i64::MIN;

/// When a user last viewed and referenced a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    viewed: i64,
    referenced: i64,
}

impl Seen {
    /// Neither, ever.
    const NEVER: Self = Self { viewed: NEVER, referenced: NEVER };

    /// The time that the field of this name holds.
    pub(crate) fn of(self, field: &str) -> Option<DateTime<Utc>> {
        let millis = match field {
            VIEWED => self.viewed,
            REFERENCED => self.referenced,
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

    fn encode(self) -> [u8; 16] {
        fixed_key(self.viewed.cast_unsigned(), self.referenced.cast_unsigned())
    }
}

fn has_field(object: &Object, name: &str) -> bool {
    object.fields().any(|(_, field)| field.name == name && field.flags.is_per_caller())
}

/// When a user last viewed and referenced a record, both by packed id.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn seen(read: &dyn Read, user: u64, record: u64) -> Result<Seen> {
    let mut seen = Some(Seen::NEVER);
    read.get(PER_CALLER, &fixed_key(user, record), &mut |value| seen = Seen::decode(value))?;
    seen.ok_or_else(|| Error::corrupt("a per-caller entry is not one"))
}

impl Write<'_> {
    /// Notes that the caller has referenced a live record, and viewed it if `viewed`.
    ///
    /// # Errors
    /// [`Error::UnknownObject`] if the caller may not read it; [`Error::WrongId`],
    /// [`Error::NotFound`], [`Error::Deleted`]; [`Error::NotSupported`] if the object has no field for
    /// it.
    pub(crate) fn mark_seen(&mut self, object: &Object, id: RecordId, viewed: bool) -> Result<()> {
        self.access.check_read(object)?;
        let field = if viewed { VIEWED } else { REFERENCED };
        if !has_field(object, field) {
            let what = format!("noting who saw a record, for want of a field {field}");
            return Err(Error::NotSupported { object: object.name.clone(), what });
        }
        let packed = self.find_live(object, id)?;
        let before = self.read(|reader| seen(reader.read, self.user(), packed))?;
        let viewed = if viewed { self.stamp } else { before.viewed };
        self.change_seen(packed, before, Seen { viewed, referenced: self.stamp });
        Ok(())
    }

    /// Changes when the caller saw a record; there is no entry for never.
    fn change_seen(&mut self, packed: u64, before: Seen, after: Seen) {
        let key = fixed_key(self.user(), packed);
        match (before == Seen::NEVER, after == Seen::NEVER) {
            (true, true) => (),
            (true, false) => self.buffer.insert(PER_CALLER, &key, &after.encode()),
            (false, true) => self.buffer.remove(PER_CALLER, &key),
            (false, false) => self.buffer.replace(PER_CALLER, &key, &after.encode()),
        }
    }

    /// Sets what a record has in per-caller fields, given by name, for the caller; null is never.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn put_seen(&mut self, packed: u64, given: &[(&str, Cell<'_>)]) -> Result<()> {
        if given.is_empty() {
            return Ok(());
        }
        let before = self.read(|reader| seen(reader.read, self.user(), packed))?;
        let mut after = before;
        for (field, cell) in given {
            let millis = match cell {
                Cell::Fixed(bits) => bits.cast_signed(),
                _ => NEVER,
            };
            match *field {
                VIEWED => after.viewed = millis,
                REFERENCED => after.referenced = millis,
                _ => (),
            }
        }
        if after != before {
            self.change_seen(packed, before, after);
        }
        Ok(())
    }
}
