//! What a key of a record's JSON means, by the definition of its object.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};

use crate::definition::{Definition, FieldIdx};

/// The key by which clients and orgs say what a record is.
const ATTRIBUTES: &str = "attributes";

/// What a key of a record means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Key {
    /// A field that the object has.
    Field(FieldIdx),
    /// `attributes`: the object's name and the record's address.
    Attributes,
    /// The record that this reference leads to.
    Parent(FieldIdx),
    /// Nothing.
    Other(String),
}

impl Key {
    /// The key of this name. Most keys come in the order of the definition, so the field at `guess`
    /// is looked at first.
    fn find(definition: &'static Definition, name: &str, guess: FieldIdx) -> Self {
        let is_guess = definition.field(guess).is_some_and(|field| field.name == name);
        if is_guess && !guess.is_system() {
            return Self::Field(guess);
        }
        if name == ATTRIBUTES {
            return Self::Attributes;
        }
        let named = definition.numbered().find(|(_, it)| it.name.eq_ignore_ascii_case(name));
        if let Some((idx, _)) = named {
            return Self::Field(idx);
        }
        let parent = definition.numbered().find(|(_, field)| {
            field.relationship.is_some_and(|relationship| relationship.eq_ignore_ascii_case(name))
        });
        parent.map_or_else(|| Self::Other(name.to_owned()), |(idx, _)| Self::Parent(idx))
    }
}

/// Reads a key.
pub(super) struct KeySeed {
    pub(super) definition: &'static Definition,
    /// The field that the key most likely names.
    pub(super) guess: FieldIdx,
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name of a field of {}", self.definition.name)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
        Ok(Key::find(self.definition, name, self.guess))
    }
}
