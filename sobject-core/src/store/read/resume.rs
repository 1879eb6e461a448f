//! [`Page`]: some of what is walked over; and [`ResumeKey`]: where the walk goes on.
//!
//! ```text
//! 1  the form of the key: 1
//! 1  what is walked over: `r` for records, `u` for unresolved references
//! 2  for records, the space that is walked over: that of the records themselves, or of an index
//! n  what the walk goes on behind: a key of that space, or a reference as `replica` draws it
//! ```
//!
//! As text this is base64 of the kind that fits a web address. Space numbers are never used again,
//! so a key never leads into other records or another order.
//!
//! **Invariant:** a key is checked wherever it is used, since it comes from outside.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    engine::{KeyWidth, Space},
    error::{Error, Result, shorten},
};

/// The form in which this version writes keys.
const FORM: u8 = 1;
/// Bytes before the key of the space.
const HEAD_LEN: usize = 4;

/// Some of what is walked over, and where the walk goes on.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<R> {
    /// What was read, in the order of the walk.
    pub items: Vec<R>,
    /// Behind which of them there is more; `None` if there was none when the page was read.
    pub next: Option<ResumeKey>,
}

/// Where a walk goes on: the place of the last record of a [`Page`].
///
/// What a key consists of is nobody's business but the store's. It prints and serialises as a text
/// that fits a web address, and can be read from that text again, also in another process. A key
/// does not expire: whatever is written meanwhile, the walk goes on with what comes after that
/// place, even if the record that stood there is deleted.
///
/// A key is good for a walk over the same records of the same store in the same order, in either
/// direction. Given to any other walk it is answered with [`Error::BadResumeKey`].
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ResumeKey(Vec<u8>);

impl ResumeKey {
    /// Behind this key of a space.
    pub(super) fn of_records(space: Space, key: &[u8]) -> Self {
        Self::new(b'r', space.id, key)
    }

    /// Behind this unresolved reference.
    pub(crate) fn of_unresolved(key: &[u8]) -> Self {
        Self::new(b'u', 0, key)
    }

    fn new(what: u8, space: u16, key: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(HEAD_LEN + key.len());
        bytes.extend_from_slice(&[FORM, what]);
        bytes.extend_from_slice(&space.to_be_bytes());
        bytes.extend_from_slice(key);
        Self(bytes)
    }

    /// The key of this space that the walk goes on behind.
    ///
    /// # Errors
    /// [`Error::BadResumeKey`] if it goes over another space, or none has such keys.
    pub(super) fn key_in(&self, space: Space) -> Result<&[u8]> {
        let key = self.key_of(b'r', space.id)?;
        let fits = match space.keys {
            KeyWidth::U64 => key.len() == 8,
            KeyWidth::U128 => key.len() == 16,
            KeyWidth::Bytes => true,
        };
        if fits { Ok(key) } else { Err(self.bad()) }
    }

    /// What the listing of unresolved references goes on behind.
    ///
    /// # Errors
    /// [`Error::BadResumeKey`] if it is of something else.
    pub(crate) fn unresolved(&self) -> Result<&[u8]> {
        self.key_of(b'u', 0)
    }

    fn key_of(&self, what: u8, space: u16) -> Result<&[u8]> {
        let [high, low] = space.to_be_bytes();
        self.0.strip_prefix(&[FORM, what, high, low]).ok_or_else(|| self.bad())
    }

    /// The error of a key that does not fit what it is given for.
    pub(crate) fn bad(&self) -> Error {
        Error::BadResumeKey { key: self.to_string() }
    }
}

impl fmt::Display for ResumeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl fmt::Debug for ResumeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResumeKey({self})")
    }
}

impl FromStr for ResumeKey {
    type Err = Error;

    /// Reads what `Display` prints.
    fn from_str(text: &str) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let bytes = bytes.filter(|bytes| bytes.len() >= HEAD_LEN && bytes.first() == Some(&FORM));
        bytes.map(Self).ok_or_else(|| Error::BadResumeKey { key: shorten(text.to_owned()) })
    }
}

impl Serialize for ResumeKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ResumeKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
