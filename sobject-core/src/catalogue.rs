//! The catalogue: the objects of a store, checked and numbered.
//!
//! A definition says what was declared; the catalogue adds what the store decided: the object's
//! number, a slot for each stored field, and the spaces that records and index entries live in.
//! [`stored`] is its form in the file, [`resolve`] makes it from definitions and the file.
//!
//! **Invariants:** fields are known by name and slot, and a slot is never used for another field;
//! nor is an object's number or a space. The catalogue of an open store does not change.

pub(crate) mod autonumber;
pub(crate) mod resolve;
pub(crate) mod stored;

use std::collections::HashMap;

use crate::{
    catalogue::autonumber::AutoNumber,
    definition::{Calls, FieldDefinition, FieldIdx, Flags},
    id::KeyPrefix,
    value::{FieldType, Storage},
};

/// The number of a stored field in its object.
pub(crate) type Slot = u16;

/// The number of an object in its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjectNo(pub(crate) u16);

/// The objects of a store.
#[derive(Debug)]
pub(crate) struct Catalogue {
    /// By number.
    objects: Vec<Object>,
    /// By name as written and in lower case.
    by_name: HashMap<String, ObjectNo>,
    by_prefix: HashMap<KeyPrefix, ObjectNo>,
}

impl Catalogue {
    /// The catalogue of these objects, which are numbered by their place.
    pub(crate) fn new(objects: Vec<Object>) -> Self {
        let names = |it: &Object| [it.name.clone(), it.name.to_ascii_lowercase()];
        let by_name =
            objects.iter().flat_map(|it| names(it).map(|name| (name, it.number))).collect();
        let by_prefix = objects.iter().map(|it| (it.key_prefix, it.number)).collect();
        Self { objects, by_name, by_prefix }
    }

    /// Every object, by number.
    pub(crate) fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// The object of this API name; the case does not matter, as on the platform.
    pub(crate) fn find(&self, name: &str) -> Option<&Object> {
        let number = match self.by_name.get(name) {
            Some(number) => number,
            None => self.by_name.get(&name.to_ascii_lowercase())?,
        };
        self.objects.get(usize::from(number.0))
    }

    /// The object whose ids start so.
    pub(crate) fn of_prefix(&self, prefix: KeyPrefix) -> Option<&Object> {
        self.objects.get(usize::from(self.by_prefix.get(&prefix)?.0))
    }

    /// The object of this number.
    pub(crate) fn get(&self, number: ObjectNo) -> Option<&Object> {
        self.objects.get(usize::from(number.0))
    }
}

/// An object of a store.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) number: ObjectNo,
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) plural: String,
    pub(crate) key_prefix: KeyPrefix,
    pub(crate) calls: Calls,
    /// By [`FieldIdx`]: the system fields, then the declared ones.
    pub(crate) fields: Vec<Field>,
    /// By name as written and in lower case.
    by_name: HashMap<String, FieldIdx>,
    /// The field that holds the record's name.
    pub(crate) name_field: Option<FieldIdx>,
    /// OwnerId, where the object has it and a create may leave it out.
    pub(crate) owner_field: Option<FieldIdx>,
    /// The spaces of the object's records.
    pub(crate) spaces: RecordSpaces,
}

/// The numbers of the spaces that hold an object's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordSpaces {
    /// Live records.
    pub(crate) live: u16,
    /// Records in the recycle bin.
    pub(crate) bin: u16,
}

impl Object {
    /// An object with these fields.
    pub(crate) fn new(
        number: ObjectNo,
        names: [&str; 3],
        key_prefix: KeyPrefix,
        calls: Calls,
        fields: Vec<Field>,
        spaces: RecordSpaces,
    ) -> Self {
        let [name, label, plural] = names.map(str::to_owned);
        let idx_of = |place: usize| FieldIdx(u16::try_from(place).unwrap_or(u16::MAX));
        let position = |f: &dyn Fn(&Field) -> bool| fields.iter().position(f).map(idx_of);
        let by_name = fields
            .iter()
            .enumerate()
            .flat_map(|(place, field)| {
                let names = [field.name.clone(), field.name.to_ascii_lowercase()];
                names.map(|name| (name, idx_of(place)))
            })
            .collect();
        let name_field = position(&|field| field.flags.is_name_field());
        let owner_field =
            position(&|field| field.name == "OwnerId" && field.flags.is_defaulted_on_create());
        Self {
            number,
            name,
            label,
            plural,
            key_prefix,
            calls,
            fields,
            by_name,
            name_field,
            owner_field,
            spaces,
        }
    }

    /// The field of this API name; the case does not matter, as on the platform.
    pub(crate) fn find(&self, name: &str) -> Option<FieldIdx> {
        let idx = match self.by_name.get(name) {
            Some(idx) => idx,
            None => self.by_name.get(&name.to_ascii_lowercase())?,
        };
        self.has(*idx).then_some(*idx)
    }

    /// Does the object have the field? Only IsDeleted can be missing.
    pub(crate) fn has(&self, idx: FieldIdx) -> bool {
        idx != FieldIdx::IS_DELETED || self.calls.is_delete()
    }

    /// The field at `idx`.
    pub(crate) fn field(&self, idx: FieldIdx) -> Option<&Field> {
        self.fields.get(idx.get())
    }

    /// The fields with their places, without a missing IsDeleted.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (FieldIdx, &Field)> {
        let places = (0..).map(FieldIdx);
        places.zip(&self.fields).filter(|(idx, _)| self.has(*idx))
    }

    /// The label of the record's own id, such as `Chat Session ID`.
    pub(crate) fn id_label(&self) -> String {
        format!("{} ID", self.label)
    }
}

/// A field of an object.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) field_type: FieldType,
    pub(crate) flags: Flags,
    /// Greatest length in characters, of text.
    pub(crate) length: u32,
    /// Most digits, of an int.
    pub(crate) digits: u8,
    pub(crate) references: Vec<String>,
    pub(crate) relationship: Option<String>,
    pub(crate) autonumber: Option<AutoNumber>,
    /// Where the value is kept; `None` for Id and IsDeleted, which the key and the space of the
    /// row tell, and for per-caller fields, which have a space of their own.
    pub(crate) stored: Option<StoredField>,
}

/// Where the value of a field is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StoredField {
    pub(crate) slot: Slot,
    pub(crate) storage: Storage,
    /// The space of its index, if it has one.
    pub(crate) index: Option<u16>,
}

/// Length of text whose definition gives none.
const DEFAULT_LENGTH: u32 = 255;
/// Length of an auto-number whose definition gives none.
const DEFAULT_AUTONUMBER_LENGTH: u32 = 30;
/// Digits of an int whose definition gives none.
const DEFAULT_DIGITS: u8 = 9;

impl Field {
    /// The field of a definition, with the defaults of its type, stored at `stored`.
    pub(crate) fn new(
        definition: &FieldDefinition,
        autonumber: Option<AutoNumber>,
        stored: Option<StoredField>,
    ) -> Self {
        let length = match definition.field_type {
            FieldType::Id | FieldType::Reference => 18,
            FieldType::String if definition.length > 0 => definition.length,
            FieldType::String if autonumber.is_some() => DEFAULT_AUTONUMBER_LENGTH,
            FieldType::String => DEFAULT_LENGTH,
            _ => 0,
        };
        let digits = match definition.field_type {
            FieldType::Int if definition.digits > 0 => definition.digits,
            FieldType::Int => DEFAULT_DIGITS,
            _ => 0,
        };
        Self {
            name: definition.name.to_owned(),
            label: definition.label.to_owned(),
            field_type: definition.field_type,
            flags: definition.flags,
            length,
            digits,
            references: definition.references.iter().map(|it| (*it).to_owned()).collect(),
            relationship: definition.relationship.map(str::to_owned),
            autonumber,
            stored,
        }
    }

    /// Must a create give a value?
    pub(crate) fn is_required(&self) -> bool {
        !self.flags.is_nillable() && !self.flags.is_defaulted_on_create()
    }
}
