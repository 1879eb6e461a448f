//! [`Field`]: a field of an object as it was declared, with the defaults of its type filled in.

use serde_json::Value as Json;

use super::{
    AutoNumber, Catalogue, Object,
    declared::{DeclaredField, DeclaredValue},
};
use crate::{
    bytes::{Collation, Slot},
    definition::{Flags, OnDelete},
    id::KeyPrefix,
    name::{OWNER_ID, is_same_name},
    value::{FieldType, Storage},
};

/// A field of an object.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) field_type: FieldType,
    pub(crate) flags: Flags,
    /// Has the field rights of its own? If not, whoever may read or write the object's records may
    /// read or write it.
    pub(crate) permissionable: bool,
    /// Greatest length of a text, in UTF-16 units, or in bytes if the flags say so.
    pub(crate) length: u32,
    /// Most digits of an int or a long.
    pub(crate) digits: u8,
    /// Most digits of a decimal number in all.
    pub(crate) precision: u8,
    /// How many of them stand right of the point, as pages show the number; `None` if that is not
    /// said. Values keep all their digits.
    pub(crate) scale: Option<u8>,
    /// The objects that a reference may name; every object of the store if it may name any.
    pub(crate) references: Vec<String>,
    /// May the reference name any object, including objects that the store does not have?
    pub(crate) names_any: bool,
    /// The key prefixes of the objects in `references`, in the same order; `None` for a prefix that
    /// is not known.
    pub(super) key_prefixes: Vec<Option<KeyPrefix>>,
    pub(crate) relationship: Option<String>,
    /// What was declared of deletes, and the name by which queries find the records that refer to one.
    /// What holds for an object that the reference may lead to, [`Relations`](super::Relations) knows.
    pub(super) on_delete: Option<OnDelete>,
    pub(super) child_relationship: Option<String>,
    pub(crate) autonumber: Option<AutoNumber>,
    /// The first number of an auto-number.
    pub(crate) start: u64,
    pub(crate) picklist: Vec<DeclaredValue>,
    /// The value that the field gets if a create leaves it out.
    pub(crate) default: Option<Json>,
    /// The help text that people read beside the field.
    pub(crate) help: Option<String>,
    /// Where rows hold the value. `None` for Id and IsDeleted, which the key and the space of a row
    /// tell; for per-caller fields, which have a space of their own; and for fields that are
    /// described only.
    pub(crate) stored: Option<StoredField>,
}

/// Where and how rows hold the value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StoredField {
    pub(crate) slot: Slot,
    pub(crate) storage: Storage,
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

/// How the texts of a field are compared; `None` if it holds no texts.
pub(super) fn collation_of(field_type: FieldType, flags: Flags) -> Option<Collation> {
    let is_text = field_type.storage() == Some(Storage::Text);
    let is_exact = flags.is_case_sensitive();
    is_text.then_some(if is_exact { Collation::Exact } else { Collation::IgnoreCase })
}

/// Are the values of a field texts that a search looks into? Numbers, dates, booleans, ids and
/// references are not searched, and neither is what is encrypted.
pub(super) fn has_words(field_type: FieldType) -> bool {
    matches!(
        field_type,
        FieldType::String
            | FieldType::TextArea
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Url
            | FieldType::Picklist
            | FieldType::MultiPicklist
            | FieldType::Combobox
    )
}

/// Length of a text whose definition gives none.
const fn default_length(field_type: FieldType) -> u32 {
    match field_type {
        FieldType::Email => 80,
        FieldType::Phone => 40,
        FieldType::MultiPicklist => 4099,
        _ => 255,
    }
}

/// Digits right of the point of a decimal number whose definition gives none. A double then has no
/// number of them, because a user who writes a plain `f64` expects it to hold any.
const fn default_scale(field_type: FieldType) -> Option<u8> {
    match field_type {
        FieldType::Currency | FieldType::Percent => Some(2),
        _ => None,
    }
}

impl Field {
    /// The field as it was declared, with the defaults of its type, held by rows at `stored`.
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
            || is_same_name(&declared.name, OWNER_ID);
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
            on_delete: declared.on_delete,
            child_relationship: declared.child_relationship.clone(),
            autonumber,
            start: declared.start,
            picklist: declared.picklist.clone(),
            default: declared.default_value(),
            help: declared.help.clone(),
            stored,
        }
    }

    /// Are its values texts that a search looks into, where the object can be searched?
    pub(crate) fn has_words(&self) -> bool {
        has_words(self.field_type)
    }

    /// How its texts are compared; `None` if it holds no texts.
    pub(crate) fn collation(&self) -> Option<Collation> {
        collation_of(self.field_type, self.flags)
    }

    /// May the reference hold an id with this key prefix that is of no object of the store? It may
    /// if one of the objects that it may name is not in the store, and has this key prefix or one
    /// that is not known. Where objects of the store have the prefix, that other one must be known to
    /// share it with them.
    pub(crate) fn may_name_unregistered(&self, catalogue: &Catalogue, prefix: KeyPrefix) -> bool {
        let mut holders = catalogue.of_prefix(prefix).peekable();
        let is_free = holders.peek().is_none();
        if !holders.all(|it| it.shares_prefix) {
            return false;
        }
        let has_prefix = |n: usize| match self.key_prefixes.get(n).copied().flatten() {
            Some(known) => known == prefix,
            None => is_free,
        };
        let mut names = self.references.iter().enumerate();
        (is_free && self.names_any)
            || names.any(|(n, name)| has_prefix(n) && catalogue.find(name).is_none())
            || catalogue
                .dormant_of_prefix(prefix)
                .any(|it| !is_free && (self.names_any || self.may_name(it)))
    }

    /// Does the platform fill the field, which nobody may give and which is never null?
    pub(crate) fn is_filled(&self) -> bool {
        let flags = self.flags;
        !flags.is_create()
            && !flags.is_update()
            && !flags.is_nillable()
            && !flags.is_defaulted_on_create()
    }

    /// Is this key prefix known as that of an object that the reference may name and that the store
    /// does not have?
    pub(crate) fn names_unregistered(&self, catalogue: &Catalogue, prefix: KeyPrefix) -> bool {
        self.references
            .iter()
            .zip(&self.key_prefixes)
            .any(|(name, known)| *known == Some(prefix) && catalogue.find(name).is_none())
    }

    /// Is there a value for the field, or is it left to the platform, if a create gives none?
    pub(crate) fn has_value_unasked(&self) -> bool {
        self.flags.is_defaulted_on_create() || (self.is_filled() && self.default.is_some())
    }

    /// Does the field list values, and take others too? A combobox lists some as hints only.
    pub(crate) fn is_open_picklist(&self) -> bool {
        matches!(self.field_type, FieldType::Picklist | FieldType::MultiPicklist)
            && !self.flags.is_restricted()
    }

    /// Is the object among those that the reference may name?
    pub(crate) fn may_name(&self, object: &Object) -> bool {
        self.references.iter().any(|name| name.eq_ignore_ascii_case(&object.name))
    }
}
