//! Packed ids by hand: the number of the head above 48 bits of record number, as in sobject.
//!
//! There are three heads, known beforehand.

use sobject_core::{KeyPrefix, RecordId, SObject, standard::Group, standard::User};

use crate::object::LiveAgentSession;

/// Bits of the record number.
const NUMBER_BITS: u32 = 48;
/// The place of the sessions' head.
const SESSIONS: u64 = 2;

/// Key prefix and instance, by head number.
pub(crate) struct Heads([(KeyPrefix, [u8; 3]); 3]);

impl Heads {
    /// The heads of the three objects, with the instance of `like`.
    pub(super) fn new(like: RecordId) -> Self {
        let [_, _, _, a, b, c, ..] = like.to_chars15();
        let of = |text| (KeyPrefix::new(text).unwrap_or(like.key_prefix()), [a, b, c]);
        let prefixes = [User::OBJECT, Group::OBJECT, LiveAgentSession::OBJECT];
        Self(prefixes.map(|object| of(object.key_prefix)))
    }

    /// The packed id of a session.
    pub(super) fn session(number: u64) -> u64 {
        SESSIONS << NUMBER_BITS | number
    }

    /// The packed id; `None` for one of another object or instance.
    pub(super) fn pack(&self, id: impl Into<RecordId>) -> Option<u64> {
        let id = id.into();
        let is_of =
            |(prefix, instance)| RecordId::from_parts(prefix, instance, id.number()) == Some(id);
        let head = self.0.iter().position(|head| is_of(*head))?;
        Some(u64::try_from(head).ok()? << NUMBER_BITS | id.number())
    }

    /// The id of a packed one.
    pub(super) fn unpack(&self, packed: u64) -> Option<RecordId> {
        let head = usize::try_from(packed >> NUMBER_BITS).ok()?;
        let (prefix, instance) = *self.0.get(head)?;
        RecordId::from_parts(prefix, instance, packed & ((1 << NUMBER_BITS) - 1))
    }
}
