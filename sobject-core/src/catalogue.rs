//! The catalogue: the objects of a store, checked and numbered.
//!
//! A definition says what was declared; the catalogue adds what the store decided: the object's
//! number, a slot for each stored field, and the spaces that records and index entries live in.
//! [`stored`] is its form in the file, [`resolve`] makes it from definitions and the file.
//!
//! **Invariants:** fields are known by name and slot, and a slot is never used for another field;
//! nor is an object's number or a space. The catalogue of an open store does not change.

pub(crate) mod autonumber;
pub(crate) mod declared;
mod described;
pub(crate) mod problems;
pub(crate) mod resolve;
pub(crate) mod stored;

use std::collections::{BTreeMap, HashMap};

use serde_json::Value as Json;

use crate::{
    catalogue::{
        autonumber::AutoNumber,
        declared::{DeclaredField, DeclaredValue, ObjectHead},
    },
    definition::{Calls, FieldDefinition, FieldIdx, Flags, SYSTEM_FIELDS},
    describe::ObjectDescribe,
    error::{Call, Error, Result},
    id::{KeyPrefix, RecordId},
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
    active: Vec<ObjectNo>,
    /// By name as written and in lower case.
    by_name: HashMap<String, ObjectNo>,
    by_prefix: BTreeMap<KeyPrefix, ObjectNo>,
}

impl Catalogue {
    /// The catalogue of these objects, which are numbered by their place. Those that are not
    /// `active` rest in the file: nothing leads to them.
    pub(crate) fn new(mut objects: Vec<Object>, active: &[bool]) -> Self {
        let given = objects.iter().zip(active).filter(|(_, active)| **active);
        let given: Vec<_> = given.map(|(object, _)| object.name.clone()).collect();
        let of_any = objects.iter_mut().flat_map(|object| &mut object.fields);
        for field in of_any.filter(|field| field.names_any) {
            field.references.clone_from(&given);
        }
        let names = |it: &Object| [it.name.clone(), it.name.to_ascii_lowercase()];
        let active: Vec<_> =
            objects.iter().zip(active).filter(|(_, active)| **active).map(|(it, _)| it).collect();
        let by_name =
            active.iter().flat_map(|it| names(it).map(|name| (name, it.number))).collect();
        let by_prefix = active.iter().map(|it| (it.key_prefix, it.number)).collect();
        let active = active.iter().map(|it| it.number).collect();
        Self { objects, active, by_name, by_prefix }
    }

    /// Every object, by number, without those that rest in the file.
    pub(crate) fn objects(&self) -> impl Iterator<Item = &Object> {
        self.active.iter().filter_map(|number| self.get(*number))
    }

    /// Every object, by number, with those that rest in the file.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter()
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
    /// May a create give the audit fields, in audit-field mode?
    pub(crate) audit_fields: bool,
    /// By [`FieldIdx`]: the system fields, then the declared ones.
    pub(crate) fields: Vec<Field>,
    /// By name as written and in lower case.
    by_name: HashMap<String, FieldIdx>,
    /// The field that holds the record's name.
    pub(crate) name_field: Option<FieldIdx>,
    /// OwnerId, where the object has it and a create may leave it out.
    pub(crate) owner_field: Option<FieldIdx>,
    /// The declared fields that are not nillable.
    pub(crate) never_null: Vec<FieldIdx>,
    /// The auto-number fields.
    pub(crate) autonumbers: Vec<FieldIdx>,
    /// The fields of the `const` definition that the object was opened with, if it was.
    pub(crate) source: Option<&'static [FieldDefinition]>,
    /// The describe that the object came with, if it did not come with a definition.
    pub(crate) described: Option<Box<ObjectDescribe>>,
    /// Which of the system fields the object has.
    pub(crate) system: [bool; SYSTEM_FIELDS.len()],
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
        head: &ObjectHead,
        key_prefix: KeyPrefix,
        fields: Vec<Field>,
        spaces: RecordSpaces,
    ) -> Self {
        let system = head.system();
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
        let declared = || (0..).map(FieldIdx).zip(&fields).skip(FieldIdx::N_SYSTEM.into());
        let never_null = declared().filter(|(_, it)| !it.flags.is_nillable());
        let never_null = never_null.map(|(idx, _)| idx).collect();
        let autonumbers = declared().filter(|(_, it)| it.autonumber.is_some());
        let autonumbers = autonumbers.map(|(idx, _)| idx).collect();
        Self {
            number,
            name: head.name.clone(),
            label: head.label.clone(),
            plural: head.plural.clone(),
            key_prefix,
            calls: head.calls,
            audit_fields: head.audit_fields,
            fields,
            by_name,
            name_field,
            owner_field,
            never_null,
            autonumbers,
            source: None,
            described: None,
            system: std::array::from_fn(|place| system.has(place)),
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

    /// [`Object::find`], where the field is likely to be at `guess`.
    pub(crate) fn find_at(&self, name: &str, guess: FieldIdx) -> Option<FieldIdx> {
        match self.field(guess) {
            Some(field) if field.name == name && self.has(guess) => Some(guess),
            _ => self.find(name),
        }
    }

    /// Does the object have the field? System fields can be missing: IsDeleted where there is no
    /// delete, and those that the definition or the describe lacks.
    pub(crate) fn has(&self, idx: FieldIdx) -> bool {
        self.system.get(idx.get()).copied().unwrap_or(true)
    }

    /// The field at `idx`.
    pub(crate) fn field(&self, idx: FieldIdx) -> Option<&Field> {
        self.fields.get(idx.get())
    }

    /// The fields with their places, without those that are missing.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (FieldIdx, &Field)> {
        let places = (0..).map(FieldIdx);
        places.zip(&self.fields).filter(|(idx, _)| self.has(*idx))
    }

    /// Refuses a struct of the object's name that is not the one it was opened with: its fields
    /// have other numbers.
    ///
    /// # Errors
    /// [`Error::BadDefinition`].
    pub(crate) fn check_source(&self, fields: &'static [FieldDefinition]) -> Result<()> {
        let is_same =
            |source: &'static [FieldDefinition]| std::ptr::eq(source, fields) || source == fields;
        if self.source.is_some_and(is_same) {
            return Ok(());
        }
        Err(Error::BadDefinition {
            object: self.name.clone(),
            problems: vec!["the struct is not the one that the store was opened with".to_owned()],
        })
    }

    /// Refuses a call that the object does not have.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`].
    pub(crate) fn check_call(&self, call: Call) -> Result<()> {
        let calls = self.calls;
        let has = match call {
            Call::Create => calls.is_create(),
            Call::Update => calls.is_update(),
            Call::Delete => calls.is_delete(),
            Call::Undelete => calls.is_undelete(),
            Call::Retrieve => calls.is_retrieve(),
            Call::Query => calls.is_query(),
            Call::DescribeSObjects => calls.is_describe_sobjects(),
        };
        if has {
            return Ok(());
        }
        let (object, label) = (self.name.clone(), self.label.clone());
        Err(Error::CallNotSupported { object, label, call })
    }

    /// Refuses the id of another object's record.
    ///
    /// # Errors
    /// [`Error::WrongId`].
    pub(crate) fn check_id(&self, id: RecordId) -> Result<()> {
        if id.key_prefix() == self.key_prefix {
            return Ok(());
        }
        let (label, id) = (self.id_label(), id.to_string());
        Err(Error::WrongId { object: self.name.clone(), label, id })
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
    /// Has the field rights of its own? Others are read and written with the object.
    pub(crate) permissionable: bool,
    /// Greatest length in characters, of text.
    pub(crate) length: u32,
    /// Most digits, of an int.
    pub(crate) digits: u8,
    /// Most digits of a decimal number in all.
    pub(crate) precision: u8,
    /// Digits of them right of the point; `None` where all are kept.
    pub(crate) scale: Option<u8>,
    /// The objects that a reference may name; every object of the store if it may name any.
    pub(crate) references: Vec<String>,
    /// May the reference name any object, those that the store lacks included?
    pub(crate) names_any: bool,
    /// Of the objects that it may name, in their order; `None` where not known.
    key_prefixes: Vec<Option<KeyPrefix>>,
    pub(crate) relationship: Option<String>,
    pub(crate) autonumber: Option<AutoNumber>,
    /// The first number of an auto-number.
    pub(crate) start: u64,
    pub(crate) picklist: Vec<DeclaredValue>,
    /// What a create that leaves the field out gets.
    pub(crate) default: Option<Json>,
    /// What people read beside the field.
    pub(crate) help: Option<String>,
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

/// Length of an id, in characters.
const ID_LENGTH: u32 = 18;
/// Length of an auto-number whose definition gives none.
const AUTONUMBER_LENGTH: u32 = 30;
/// Digits of an int whose definition gives none.
const INT_DIGITS: u8 = 9;
/// Digits of a long.
pub(crate) const LONG_DIGITS: u8 = 18;
/// Digits in all of a decimal number whose definition gives none.
const PRECISION: u8 = 18;

/// Length of text whose definition gives none.
const fn default_length(field_type: FieldType) -> u32 {
    match field_type {
        FieldType::Email => 80,
        FieldType::Phone => 40,
        FieldType::MultiPicklist => 4099,
        _ => 255,
    }
}

/// Digits right of the point of a decimal number whose definition gives none. A double keeps all
/// of its own then: cutting them unasked would surprise whoever just wrote `f64`.
const fn default_scale(field_type: FieldType) -> Option<u8> {
    match field_type {
        FieldType::Currency | FieldType::Percent => Some(2),
        _ => None,
    }
}

impl Field {
    /// The field as declared, with the defaults of its type, stored at `stored`.
    pub(crate) fn new(
        declared: &DeclaredField,
        autonumber: Option<AutoNumber>,
        stored: Option<StoredField>,
    ) -> Self {
        let field_type = declared.field_type;
        let storage = field_type.storage();
        let is_decimal = storage == Some(Storage::Double);
        let length = match storage {
            Some(Storage::Id) => ID_LENGTH,
            Some(Storage::Text) if declared.length > 0 => declared.length,
            Some(Storage::Text) if autonumber.is_some() => AUTONUMBER_LENGTH,
            Some(Storage::Text) => default_length(field_type),
            _ => 0,
        };
        let digits = match field_type {
            FieldType::Int if declared.digits > 0 => declared.digits,
            FieldType::Int => INT_DIGITS,
            FieldType::Long => LONG_DIGITS,
            _ => 0,
        };
        let precision = if declared.precision > 0 { declared.precision } else { PRECISION };
        let scale = declared.scale.or(default_scale(field_type));
        let flags = declared.flags;
        let is_required =
            !flags.is_nillable() && !flags.is_defaulted_on_create() && flags.is_create();
        let is_always_open = flags.is_name_field()
            || flags.is_per_caller()
            || is_required
            || autonumber.is_some()
            || declared.name == "OwnerId";
        Self {
            name: declared.name.clone(),
            label: declared.label.clone(),
            field_type,
            flags,
            permissionable: !is_always_open,
            length,
            digits,
            precision: if is_decimal { precision } else { 0 },
            scale: if is_decimal { scale } else { None },
            references: declared.references.clone(),
            names_any: declared.names_any(),
            key_prefixes: declared.key_prefixes.iter().map(|it| KeyPrefix::new(it)).collect(),
            relationship: declared.relationship.clone(),
            autonumber,
            start: declared.start,
            picklist: declared.picklist.clone(),
            default: declared
                .default
                .clone()
                .or_else(|| declared.picklist_default().map(|it| it.value.clone().into())),
            help: declared.help.clone(),
            stored,
        }
    }

    /// May an id of this key prefix, which no object of the store has, be one that the reference
    /// may name? It may where the store lacks such an object, and its ids start so or in a way
    /// that is not known.
    pub(crate) fn may_name_unregistered(&self, catalogue: &Catalogue, prefix: KeyPrefix) -> bool {
        self.names_any
            || self.references.iter().enumerate().any(|(n, name)| {
                let known = self.key_prefixes.get(n).copied().flatten();
                catalogue.find(name).is_none() && known.is_none_or(|known| known == prefix)
            })
    }

    /// Is the object among those that the reference may name?
    pub(crate) fn may_name(&self, object: &Object) -> bool {
        self.references.iter().any(|name| name.eq_ignore_ascii_case(&object.name))
    }
}
