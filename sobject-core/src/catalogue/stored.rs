//! The catalogue's form in the file: two JSON values for each object.
//!
//! `declared/00002` is what was declared when the file was last open with the object, as
//! [`DeclaredObject`] draws it. `object/00002` is what the store has decided for it:
//!
//! ```json
//! { "number": 2, "name": "LiveAgentSession", "live": 24, "bin": 25,
//!   "fields": [ { "name": "AgentId", "slot": 5 },
//!               { "name": "LoginTime", "slot": 7, "former": ["Login"] } ],
//!   "dormant": [ { "place": { "name": "Rating", "slot": 8 },
//!                  "declared": { "name": "Rating", "label": "Rating", "type": "int", "flags": 31 } } ],
//!   "indexes": [ { "space": 26, "kind": "ordered", "keys": [ { "slot": 5 } ] } ],
//!   "retired": [ { "slot": 6, "type": "string" } ],
//!   "layouts": [ [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5, 7, 8] ] }
//! ```
//!
//! | key | what |
//! |---|---|
//! | `number` | the object's number; the keys of the two entries end in it, in five digits |
//! | `live`, `bin` | the spaces of the live and of the deleted records |
//! | `fields` | the declared fields in their order: `name`, `slot`, and what the next three lines say |
//! | … `slot` | the slot in rows; none for fields that rows do not hold |
//! | … `former` | names that the field had before |
//! | … `initial` | what records older than the field have in it, if that is not null |
//! | `dormant` | the fields that are not declared now: `place` is as in `fields`, and `declared` what was last declared |
//! | `indexes` | a list of what the next five lines say, for dormant fields as well |
//! | … `space`, `kind` | the space of the entries; `"ordered"`, `"unique"` or `"words"` |
//! | … `keys` | what entries are ordered by: a list of `slot` and, of texts, `collation`: `"ignoreCase"` or `"exact"` |
//! | … `include` | the slots whose values entries carry along; none so far |
//! | … `rules` | by which rules words were cut out of the texts, where entries are words |
//! | … `building` | while the index is being built: the packed id up to which it has every record |
//! | `retired` | the slots of fields that were dropped, which old layouts still have |
//! | `layouts` | the slots of each layout version, the first being version 1 |
//! | `filling` | while a default is being put where a field was null: `values`, a list of `slot` and `value`; `after`, the packed id up to which every record has them; `inBin`, if those are the deleted records |
//! | `dropped` | the object was dropped: `"underWay"` while traces of its records are being removed, then `"done"` |
//!
//! Keys that have nothing to say are left out. An object that was dropped has neither fields nor
//! spaces any more; its name and key prefix may be another object's.
//!
//! **Invariants:** slots, spaces and numbers are never used for anything else. No two fields of an
//! object share a name or a slot, dormant and retired ones included.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    bytes::{Collation, Slot},
    catalogue::{
        AutoNumber, Field, Object, ObjectNo, StoredField,
        declared::{DeclaredField, DeclaredObject},
        object::RecordSpaces,
    },
    definition::{FieldIdx, SYSTEM_FIELDS},
    describe::FieldDescribe,
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

/// The slots of the system fields that rows hold: those from CreatedDate to SystemModstamp.
pub(crate) const SYSTEM_SLOTS: std::ops::Range<Slot> = 0..5;

/// An object of a file: what was declared of it, and what the store has decided for it.
#[derive(Clone, Debug)]
pub(crate) struct StoredObject {
    pub(crate) entry: ObjectEntry,
    pub(crate) declared: DeclaredObject,
}

/// An object as it was read from a file. What was declared is parsed only where it has changed.
#[derive(Clone, Debug)]
pub(crate) struct FileObject {
    pub(crate) entry: ObjectEntry,
    /// JSON.
    pub(crate) declared: Vec<u8>,
}

/// What the store has decided for an object, as the file keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ObjectEntry {
    pub(crate) number: u16,
    pub(crate) name: String,
    pub(crate) live: u16,
    pub(crate) bin: u16,
    /// Of the declared fields, in their order.
    pub(crate) fields: Vec<FieldEntry>,
    /// Fields that are not declared now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) dormant: Vec<DormantField>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) indexes: Vec<IndexEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) retired: Vec<RetiredSlot>,
    pub(crate) layouts: Vec<Vec<Slot>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) filling: Option<Filling>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dropped: Option<DropState>,
}

/// What the store has decided for a field, as the file keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FieldEntry {
    /// As it was last declared.
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) slot: Option<Slot>,
    /// Names that the field had before, the last of them last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) former: Vec<String>,
    /// What records that are older than the field have in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) initial: Option<Json>,
}

/// A field that is not declared now, as the file keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DormantField {
    pub(crate) place: FieldEntry,
    /// What was last declared of it.
    pub(crate) declared: DeclaredField,
}

/// Defaults that are being put where fields were null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Filling {
    pub(crate) values: Vec<FillValue>,
    /// The packed id of the last record that has them; 0 for none.
    pub(crate) after: u64,
    /// Have all live records, and is it the turn of the deleted ones?
    pub(crate) in_bin: bool,
}

/// What is put into a slot where it is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FillValue {
    pub(crate) slot: Slot,
    pub(crate) value: Json,
}

/// How far an object that is dropped is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DropState {
    /// Its records are there still, since traces of them elsewhere are being removed.
    UnderWay,
    /// Nothing is left of it.
    Done,
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
    /// By which rules words were cut out of texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rules: Option<String>,
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
    /// Finds the records that have a word in one of several texts.
    Words,
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

impl FileObject {
    /// The object with its description.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if its two entries are not of one object.
    pub(crate) fn parse(&self) -> Result<StoredObject> {
        let declared = DeclaredObject::from_json(&self.declared)?;
        StoredObject::new(self.entry.clone(), declared)
    }
}

impl StoredObject {
    /// An object of a file.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if its entry is not that of what was declared.
    pub(crate) fn new(entry: ObjectEntry, declared: DeclaredObject) -> Result<Self> {
        let names = declared.fields.iter().map(|field| &field.name);
        let has_its_fields = names.eq(entry.fields.iter().map(|field| &field.name));
        if !has_its_fields || entry.name != declared.head.name {
            let what = format!("{}: its name or fields are not those declared", entry.name);
            return Err(Error::corrupt(what));
        }
        Ok(Self { entry, declared })
    }

    /// Puts an object together from its entry in the file.
    ///
    /// # Errors
    /// [`Error::BadDefinition`] if the entry contradicts itself.
    pub(crate) fn build(&self) -> Result<Object> {
        let Self { entry, declared } = self;
        let head = &declared.head;
        let bad = |problem: String| Error::BadDefinition {
            object: head.name.clone(),
            problems: vec![problem],
        };
        let n_fields = SYSTEM_FIELDS.len() + entry.fields.len() + entry.dormant.len();
        let mut fields = Vec::with_capacity(n_fields);
        for (place, field) in (0..).map(FieldIdx).zip(SYSTEM_FIELDS) {
            let stored = match (place, field.field_type.storage()) {
                (FieldIdx::ID | FieldIdx::IS_DELETED, _) | (_, None) => None,
                (_, Some(storage)) => Some(StoredField { slot: system_slot(place), storage }),
            };
            let field = Field::new(&DeclaredField::from(field), None, stored);
            fields.push(Field { permissionable: false, ..field });
        }
        if let Some(id) = fields.first_mut() {
            id.label = format!("{} ID", head.label);
        }
        for (declared, place) in self.fields() {
            let stored = place.slot.zip(declared.field_type.storage());
            let stored = stored.map(|(slot, storage)| StoredField { slot, storage });
            let autonumber = declared.autonumber.as_deref();
            let autonumber = autonumber.map(AutoNumber::parse).transpose().map_err(bad)?;
            fields.push(Field::new(declared, autonumber, stored));
        }
        let prefix = KeyPrefix::new(&head.key_prefix);
        if prefix.is_none() && !head.key_prefix.is_empty() {
            return Err(bad("the key prefix is not three letters or digits".to_owned()));
        }
        let mut object = Object::new(
            ObjectNo(entry.number),
            head,
            prefix,
            fields,
            entry.dormant.len(),
            RecordSpaces { live: entry.live, bin: entry.bin },
        );
        object.is_dropped = entry.dropped.is_some();
        object.source = declared.source;
        object.described.clone_from(&declared.described);
        object.children.clone_from(&declared.children);
        if let Some(described) = &object.described {
            for field in &mut object.fields {
                let described = described.fields.iter().find(|it| it.name == field.name);
                // A required field cannot be hidden, whatever a describe says of it. The describes of
                // some versions say nothing of it.
                let is_said = |it: &FieldDescribe| it.tells("permissionable");
                field.permissionable &=
                    described.is_none_or(|it| it.permissionable || !is_said(it));
            }
        }
        Ok(object)
    }

    /// The declared fields and then the dormant ones, each with its entry: in the order of the
    /// object's fields behind those of the system.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&DeclaredField, &FieldEntry)> {
        let listed = self.declared.fields.iter().zip(&self.entry.fields);
        listed.chain(self.entry.dormant.iter().map(|field| (&field.declared, &field.place)))
    }
}

impl ObjectEntry {
    /// The entries of the declared fields and then of the dormant ones.
    pub(crate) fn places(&self) -> impl Iterator<Item = &FieldEntry> {
        self.fields.iter().chain(self.dormant.iter().map(|field| &field.place))
    }

    /// Was an opening cut off that had work left to do on the records?
    pub(crate) fn is_unfinished(&self) -> bool {
        self.filling.is_some() || self.dropped == Some(DropState::UnderWay)
    }

    /// The first slot that no field ever had; the last of all is none.
    pub(crate) fn next_slot(&self) -> Slot {
        let retired = self.retired.iter().map(|it| it.slot);
        let used = self.places().filter_map(|place| place.slot).chain(retired);
        used.map(|slot| slot.saturating_add(1)).fold(SYSTEM_SLOTS.end, Slot::max)
    }

    /// The slots of rows that are written now.
    pub(crate) fn slots(&self) -> Vec<Slot> {
        let own = self.places().filter_map(|place| place.slot);
        let mut slots: Vec<_> = SYSTEM_SLOTS.chain(own).collect();
        slots.sort_unstable();
        slots
    }

    /// Refuses an entry in which two fields have one name or one slot: the values of one would be
    /// those of the other.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub(crate) fn check(&self) -> Result<()> {
        let (mut names, mut slots) = (HashSet::new(), HashSet::new());
        let retired = self.retired.iter().map(|it| it.slot);
        for slot in SYSTEM_SLOTS.chain(retired) {
            if !slots.insert(slot) {
                return Err(Error::corrupt(format!("{}: slot {slot} is twice there", self.name)));
            }
        }
        for FieldEntry { name, slot, .. } in self.places() {
            let has_its_own = slot.is_none_or(|slot| slots.insert(slot));
            if !has_its_own || !names.insert(name.to_ascii_lowercase()) {
                let what = format!("{}: {name} shares its name or its slot", self.name);
                return Err(Error::corrupt(what));
            }
        }
        Ok(())
    }
}
