//! The catalogue's form in the file: one JSON value for each object.
//!
//! ```json
//! { "number": 2, "live": 24, "bin": 25, "name": "LiveAgentSession", "label": "Chat Session",
//!   "plural": "Chat Sessions", "keyPrefix": "0HK", "since": 28, "calls": 4027,
//!   "fields": [ { "name": "AgentId", "label": "User ID", "type": "reference", "flags": 31,
//!                 "references": ["User"], "keyPrefixes": ["005"], "relationship": "Agent",
//!                 "slot": 5, "index": { "space": 26 } } ],
//!   "retired": [ { "slot": 6, "type": "int" } ],
//!   "layouts": [ [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5] ] }
//! ```
//!
//! `flags` and `calls` are the bits of [`Flags`](crate::Flags) and [`Calls`](crate::Calls); so is
//! `system`, of [`System`](crate::System), for an object that does not have those of its calls. A
//! reference to any object has `*` for the objects.
//! Other keys of an object: `auditFields`. Of a field: `length`, `digits`, `precision`, `scale`,
//! `autonumber` and `start`, `picklist` (`value`, `label`, `active`, `default`), `default`, `help`.
//! `layouts` lists the slots of each layout version, the first being version 1; `retired` the slots
//! of fields that are gone, which old layouts still have. An index that is being built has
//! `"building"`: the packed id up to which it has every record. `"initial"` of a field is what
//! records older than the field have in it. Keys with no value are left out. The key of the entry
//! is `object/` and the object's number in four digits.
//!
//! **Invariant:** slots, spaces and numbers are never used for anything else.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    bytes::{Collation, Slot},
    catalogue::{
        AutoNumber, Field, Object, ObjectNo, StoredField,
        declared::{DeclaredField, ObjectHead},
        object::RecordSpaces,
    },
    definition::{FieldIdx, SYSTEM_FIELDS},
    error::{Error, Result},
    id::KeyPrefix,
    value::FieldType,
};

/// The version of the file's format that this crate writes.
pub(crate) const FORMAT: u64 = 2;

/// The slot of a system field that rows hold.
pub(crate) const fn system_slot(idx: FieldIdx) -> Slot {
    idx.0 - FieldIdx::CREATED_DATE.0
}

/// An object as the file keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredObject {
    pub(crate) number: u16,
    pub(crate) live: u16,
    pub(crate) bin: u16,
    #[serde(flatten)]
    pub(crate) head: ObjectHead,
    pub(crate) fields: Vec<FieldEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) indexes: Vec<IndexEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) retired: Vec<RetiredSlot>,
    pub(crate) layouts: Vec<Vec<Slot>>,
}

/// A field as the file keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FieldEntry {
    #[serde(flatten)]
    pub(crate) declared: DeclaredField,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) slot: Option<Slot>,
    /// What records that are older than the field have in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) initial: Option<Json>,
}

/// An index as the file keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IndexEntry {
    pub(crate) space: u16,
    pub(crate) kind: IndexKind,
    /// What entries are ordered by, the first first.
    pub(crate) keys: Vec<IndexKey>,
    /// The slots whose values entries carry along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) include: Vec<Slot>,
    /// While it is being built: the packed id of the last record that it has; 0 for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) building: Option<u64>,
}

/// What an index is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum IndexKind {
    /// Finds the records of a value and of a range of values, in their order.
    Ordered,
    /// The same, and leads from a value to the one live record that has it.
    Unique,
    /// A kind that a later version wrote.
    #[serde(untagged)]
    Unknown(String),
}

/// One value that the entries of an index are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IndexKey {
    pub(crate) slot: Slot,
    /// How texts compare; `None` for values of fixed width.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) collation: Option<Collation>,
}

/// The slot of a field that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RetiredSlot {
    pub(crate) slot: Slot,
    #[serde(rename = "type")]
    pub(crate) field_type: FieldType,
}

impl StoredObject {
    /// Puts an object together from its entry in the file.
    ///
    /// # Errors
    /// [`Error::BadDefinition`] if the entry contradicts itself.
    pub(crate) fn build(&self) -> Result<Object> {
        let bad = |problem: String| Error::BadDefinition {
            object: self.head.name.clone(),
            problems: vec![problem],
        };
        let mut fields = Vec::with_capacity(SYSTEM_FIELDS.len() + self.fields.len());
        for (place, field) in (0..).map(FieldIdx).zip(SYSTEM_FIELDS) {
            let stored = match (place, field.field_type.storage()) {
                (FieldIdx::ID | FieldIdx::IS_DELETED, _) | (_, None) => None,
                (_, Some(storage)) => Some(StoredField { slot: system_slot(place), storage }),
            };
            let field = Field::new(&DeclaredField::from(field), None, stored);
            fields.push(Field { permissionable: false, ..field });
        }
        if let Some(id) = fields.first_mut() {
            id.label = format!("{} ID", self.head.label);
        }
        for entry in &self.fields {
            let storage = entry.declared.field_type.storage();
            let stored = entry.slot.zip(storage);
            let stored = stored.map(|(slot, storage)| StoredField { slot, storage });
            let autonumber = entry.declared.autonumber.as_deref();
            let autonumber = autonumber.map(AutoNumber::parse).transpose().map_err(bad)?;
            fields.push(Field::new(&entry.declared, autonumber, stored));
        }
        let prefix = KeyPrefix::new(&self.head.key_prefix);
        Ok(Object::new(
            ObjectNo(self.number),
            &self.head,
            prefix
                .ok_or_else(|| bad("the key prefix is not three letters or digits".to_owned()))?,
            fields,
            RecordSpaces { live: self.live, bin: self.bin },
        ))
    }

    /// The entry of the field of this name, in any case.
    pub(crate) fn field(&self, name: &str) -> Option<&FieldEntry> {
        self.fields.iter().find(|entry| entry.declared.name.eq_ignore_ascii_case(name))
    }

    /// The first slot that no field ever had; the last of all is none.
    pub(crate) fn next_slot(&self, first: Slot) -> Slot {
        let retired = self.retired.iter().map(|it| it.slot);
        let used = self.fields.iter().filter_map(|entry| entry.slot).chain(retired);
        used.map(|slot| slot.saturating_add(1)).fold(first, Slot::max)
    }
}
