//! The catalogue's form in the file: one JSON value for each object.
//!
//! ```json
//! { "number": 2, "live": 24, "bin": 25, "name": "LiveAgentSession", "label": "Chat Session",
//!   "plural": "Chat Sessions", "keyPrefix": "0HK", "since": 28, "calls": 4027,
//!   "fields": [ { "name": "AgentId", "label": "User ID", "type": "reference", "flags": 31,
//!                 "references": ["User"], "relationship": "Agent", "slot": 5, "index": 26 } ],
//!   "layouts": [ [0, 1, 2, 3, 4, 5] ] }
//! ```
//!
//! `flags` and `calls` are the bits of [`Flags`] and [`Calls`]. `layouts` lists the slots of each
//! layout version, the first being version 1. Keys with no value are left out. The key of the
//! entry is `object/` and the object's number in four digits; `format` holds the version of the
//! whole file.
//!
//! **Invariant:** what is kept here is what was declared, so that a definition can be compared
//! with the one that the file was written with.

use serde::{Deserialize, Serialize};

use crate::{
    catalogue::Slot,
    definition::{Calls, Definition, FieldDefinition, Flags},
    value::FieldType,
};

/// The version of the file's format that this crate writes.
pub(crate) const FORMAT: u64 = 1;

/// An object as the file keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredObject {
    pub(crate) number: u16,
    pub(crate) live: u16,
    pub(crate) bin: u16,
    #[serde(flatten)]
    pub(crate) head: ObjectHead,
    pub(crate) fields: Vec<FieldEntry>,
    pub(crate) layouts: Vec<Vec<Slot>>,
}

/// What was declared of an object beside its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ObjectHead {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) plural: String,
    pub(crate) key_prefix: String,
    pub(crate) since: u16,
    pub(crate) calls: u16,
}

/// A field as the file keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FieldEntry {
    #[serde(flatten)]
    pub(crate) declared: DeclaredField,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) slot: Option<Slot>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) index: Option<u16>,
}

/// What was declared of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeclaredField {
    pub(crate) name: String,
    pub(crate) label: String,
    #[serde(rename = "type")]
    pub(crate) field_type: FieldType,
    pub(crate) flags: u16,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) length: u32,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) digits: u8,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) references: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) relationship: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) autonumber: Option<String>,
}

// The signature is serde's.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero<T: Copy + Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl From<&Definition> for ObjectHead {
    fn from(definition: &Definition) -> Self {
        Self {
            name: definition.name.to_owned(),
            label: definition.label.to_owned(),
            plural: definition.plural.to_owned(),
            key_prefix: definition.key_prefix.to_owned(),
            since: definition.since,
            calls: definition.calls.0,
        }
    }
}

impl From<&FieldDefinition> for DeclaredField {
    fn from(field: &FieldDefinition) -> Self {
        Self {
            name: field.name.to_owned(),
            label: field.label.to_owned(),
            field_type: field.field_type,
            flags: field.flags.0,
            length: field.length,
            digits: field.digits,
            references: field.references.iter().map(|it| (*it).to_owned()).collect(),
            relationship: field.relationship.map(str::to_owned),
            autonumber: field.autonumber.map(str::to_owned),
        }
    }
}

impl StoredObject {
    /// How the definition differs from the one that the file was written with, a sentence each.
    pub(crate) fn differences(&self, definition: &Definition) -> Vec<String> {
        let mut changes = Vec::new();
        let head = ObjectHead::from(definition);
        let mut compare = |what: &str, old: &str, new: &str| {
            if old != new {
                changes.push(format!("{what} was {old} and is {new}"));
            }
        };
        compare("the label", &self.head.label, &head.label);
        compare("the plural label", &self.head.plural, &head.plural);
        compare("the key prefix", &self.head.key_prefix, &head.key_prefix);
        compare("the first API version", &self.head.since.to_string(), &head.since.to_string());
        if self.head.calls != head.calls {
            let (old, new) = (Calls(self.head.calls), Calls(head.calls));
            changes.push(format!("the calls were {} and are {}", old.names(), new.names()));
        }
        let declared = || self.fields.iter().map(|entry| &entry.declared);
        for field in definition.fields {
            let new = DeclaredField::from(field);
            match declared().find(|old| old.name == new.name) {
                Some(old) => old.push_differences(&new, &mut changes),
                None => changes.push(format!("field {} is new", new.name)),
            }
        }
        for old in declared() {
            if !definition.fields.iter().any(|new| new.name == old.name) {
                changes.push(format!("field {} is gone", old.name));
            }
        }
        changes
    }
}

impl DeclaredField {
    fn push_differences(&self, new: &Self, changes: &mut Vec<String>) {
        let Self {
            name,
            label,
            field_type,
            flags,
            length,
            digits,
            references,
            relationship,
            autonumber,
        } = self;
        let mut compare = |what: &str, old: String, new: String| {
            if old != new {
                changes.push(format!("{what} of field {name} was {old} and is {new}"));
            }
        };
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
        compare("the label", label.clone(), new.label.clone());
        compare("the type", field_type.name().to_owned(), new.field_type.name().to_owned());
        compare("the properties", Flags(*flags).names(), Flags(new.flags).names());
        compare("the length", length.to_string(), new.length.to_string());
        compare("the digits", digits.to_string(), new.digits.to_string());
        compare("the objects", references.join(", "), new.references.join(", "));
        compare("the relationship", or_none(relationship), or_none(&new.relationship));
        compare("the auto-number format", or_none(autonumber), or_none(&new.autonumber));
    }
}
