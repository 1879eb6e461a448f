//! The feed as others read it: changes behind a [`ChangeToken`], in the order of their commits.
//!
//! ```text
//! 1   the form of the token: 1
//! 26  the place behind which it stands, as `keep::feed::notes` draws it
//! ```
//!
//! As text this is base64 of the kind that fits a web address.
//!
//! **Invariants:** a token names the change that was read last, not only its number, so that a token of
//! another store is refused. A change that the caller may not see is passed over, and the token moves on.

use std::{fmt, ops::ControlFlow, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    bytes::date_time,
    catalogue::Object,
    engine::Read,
    error::{Error, Result, shorten},
    id::RecordId,
    permissions::ObjectRight,
    store::{
        keep::{Entry, FeedPlace, Kind, Stands},
        read::Reader,
    },
};

/// The form in which this version writes tokens.
const FORM: u8 = 1;

/// How far somebody has read the changes of a store.
///
/// What a token consists of is nobody's business but the store's. It prints and serialises as a text
/// that fits a web address, and can be read from that text again, also in another process and after the
/// store was opened anew. Given to a store that it is not of, it is answered with
/// [`Error::BadChangeToken`]; given to one whose feed was cut off behind it, with
/// [`Error::ChangesCutOff`].
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ChangeToken(FeedPlace);

impl ChangeToken {
    /// Before the first change that a store ever had.
    pub const START: Self = Self(FeedPlace { sequence: 0, stamp: 0, object: 0, id: 0 });

    /// The token of a place that the store keeps.
    pub(crate) fn of_place(place: FeedPlace) -> Self {
        Self(place)
    }

    /// The place behind which it stands, if all changes behind that are there.
    ///
    /// # Errors
    /// [`Error::BadChangeToken`], [`Error::ChangesCutOff`]; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn place(&self, read: &dyn Read) -> Result<FeedPlace> {
        match self.0.stands(read)? {
            Stands::Here => Ok(self.0),
            Stands::CutOff => Err(Error::ChangesCutOff { token: self.to_string() }),
            Stands::Elsewhere => Err(Error::BadChangeToken { token: self.to_string() }),
        }
    }
}

impl fmt::Display for ChangeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[FORM][..], &self.0.encode()].concat();
        f.pad(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl fmt::Debug for ChangeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChangeToken({self})")
    }
}

impl FromStr for ChangeToken {
    type Err = Error;

    /// Reads what `Display` prints.
    fn from_str(text: &str) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        let place = bytes.strip_prefix(&[FORM]).and_then(FeedPlace::decode);
        let bad = || Error::BadChangeToken { token: shorten(text.to_owned()) };
        place.map(Self).ok_or_else(bad)
    }
}

impl Serialize for ChangeToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ChangeToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeKind {
    /// It is new, or a replica put it for the first time.
    Create,
    /// Fields of it changed, if only its stamps.
    Update,
    /// It came into the recycle bin, or a replica changed it there.
    Delete,
    /// It came back from the recycle bin.
    Undelete,
    /// It left the recycle bin for good.
    Purge,
}

/// A change of a record, as the feed keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The object of the record.
    pub object: String,
    /// The record.
    pub id: RecordId,
    /// What happened to it.
    pub kind: ChangeKind,
    /// When it was written in this store. (A record that a replica put has the stamps of its source.)
    pub date: DateTime<Utc>,
    /// Who wrote it.
    pub caller: RecordId,
    /// Did a replica put the record?
    pub is_replica: bool,
    /// The fields that an update changed, by API name in the order of the object: those that the caller
    /// may read. The stamps, which every update sets, are named only where a replica put them.
    pub fields: Vec<String>,
    /// Behind this change.
    pub token: ChangeToken,
}

/// Some changes, and how far they go.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangePage {
    /// The changes, in the order of their commits, and in a commit in the order in which they were made.
    pub changes: Vec<Change>,
    /// Behind these changes: what to read the next by.
    pub token: ChangeToken,
    /// Were there no more changes when these were read?
    pub is_done: bool,
}

impl Reader<'_> {
    /// The changes behind a token, at most so many.
    ///
    /// # Errors
    /// [`Error::BadChangeToken`], [`Error::ChangesCutOff`]; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn changes(&self, token: &ChangeToken, limit: usize) -> Result<ChangePage> {
        let mut token = *token;
        let after = token.place(self.read)?.sequence;
        let mut changes = Vec::new();
        let mut is_done = true;
        Entry::scan(self.read, after, &mut |sequence, entry| {
            if changes.len() >= limit {
                is_done = false;
                return Ok(ControlFlow::Break(()));
            }
            token = ChangeToken(FeedPlace::behind(sequence, &entry));
            changes.extend(self.change(&entry, token)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(ChangePage { changes, token, is_done })
    }

    /// A change as the caller may see it; `None` if the caller may not read the object, or the program
    /// does not list it.
    fn change(&self, entry: &Entry, token: ChangeToken) -> Result<Option<Change>> {
        let catalogue = &self.schema.catalogue;
        let object = catalogue.get(entry.object).filter(|object| {
            !object.is_dropped
                && !catalogue.is_dormant(object)
                && self.access.may(object, ObjectRight::Read)
        });
        let Some(object) = object else { return Ok(None) };
        self.access.check_read(object)?;
        Ok(Some(Change {
            object: object.name.clone(),
            id: self.unpack(entry.id)?,
            kind: match entry.kind {
                Kind::Create => ChangeKind::Create,
                Kind::Update => ChangeKind::Update,
                Kind::Delete => ChangeKind::Delete,
                Kind::Undelete => ChangeKind::Undelete,
                Kind::Purge => ChangeKind::Purge,
            },
            date: date_time(entry.stamp)?,
            caller: self.unpack(entry.caller)?,
            is_replica: entry.is_replica,
            fields: self.names_of(object, entry),
            token,
        }))
    }

    /// The changed fields that the caller may read. A slot may be that of a field that was dropped or is
    /// dormant, and then has no name here.
    fn names_of(&self, object: &Object, entry: &Entry) -> Vec<String> {
        let changed = object.kept().filter(|(idx, _, stored)| {
            entry.changed.contains(&stored.slot)
                && object.has(*idx)
                && self.access.reads(object, *idx)
        });
        changed.map(|(_, field, _)| field.name.clone()).collect()
    }
}
