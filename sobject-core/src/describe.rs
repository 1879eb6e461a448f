//! Describe: what an object is, in the form in which the platform's REST API answers it.
//!
//! [`ObjectDescribe`] and [`FieldDescribe`] have the keys of an org's describe, in the same order.
//! So they are read from the JSON that an org answers with, and written as such. [`global`] has the
//! keys of `describeGlobal`. For an object that comes with a definition, the store makes its
//! describe from the catalogue.
//!
//! **Invariants:** the fields of the structs here are the keys of the JSON, in its order. A
//! describe that is read and written again is the same JSON, even if it has keys and field types
//! that this version does not know.

mod global;

pub use self::global::{GlobalDescribe, ObjectSummary};

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value as Json};

use crate::value::FieldType;

/// The describe of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
// The fields are the platform's own terms. A key that may be null or missing is an
// `Option<Option>`.
#[allow(missing_docs, clippy::struct_excessive_bools, clippy::option_option)]
pub struct ObjectDescribe {
    pub action_overrides: Vec<Json>,
    pub activateable: bool,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub associate_entity_type: Option<Option<String>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub associate_parent_entity: Option<Option<String>>,
    pub child_relationships: Vec<ChildRelationship>,
    pub compact_layoutable: bool,
    pub createable: bool,
    pub custom: bool,
    pub custom_setting: bool,
    pub deep_cloneable: bool,
    pub default_implementation: Option<String>,
    pub deletable: bool,
    pub deprecated_and_hidden: bool,
    pub extended_by: Option<String>,
    pub extends_interfaces: Option<String>,
    pub feed_enabled: bool,
    pub fields: Vec<FieldDescribe>,
    pub has_subtypes: bool,
    pub implemented_by: Option<String>,
    pub implements_interfaces: Option<String>,
    pub is_interface: bool,
    pub is_subtype: bool,
    pub key_prefix: Option<String>,
    pub label: String,
    pub label_plural: String,
    pub layoutable: bool,
    pub listviewable: Option<bool>,
    pub lookup_layoutable: Option<bool>,
    pub mergeable: bool,
    pub mru_enabled: bool,
    pub name: String,
    pub named_layout_infos: Vec<Json>,
    pub network_scope_field_name: Option<String>,
    pub queryable: bool,
    pub record_type_infos: Vec<RecordTypeInfo>,
    pub replicateable: bool,
    pub retrieveable: bool,
    pub search_layoutable: bool,
    pub searchable: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sobject_describe_option: Option<String>,
    pub supported_scopes: Vec<Scope>,
    pub triggerable: bool,
    pub undeletable: bool,
    pub updateable: bool,
    pub urls: BTreeMap<String, String>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Map<String, Json>,
}

/// Reads a key that may be null or missing: `Some(None)` is null, and `None` stands for a missing
/// key.
// The platform's JSON tells the two apart.
#[allow(clippy::option_option)]
pub(crate) fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

impl ObjectDescribe {
    /// The names of the fields that a store describes but cannot hold values of: formulas, types
    /// such as addresses, and references that name no object.
    pub fn describe_only(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(|field| field.is_describe_only()).map(|field| field.name.as_str())
    }
}

/// The describe of a field: the 57 keys of a real one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[allow(missing_docs, clippy::struct_excessive_bools)] // The keys are the platform's own terms.
pub struct FieldDescribe {
    pub aggregatable: bool,
    pub ai_prediction_field: bool,
    pub auto_number: bool,
    pub byte_length: u32,
    pub calculated: bool,
    pub calculated_formula: Option<String>,
    pub cascade_delete: bool,
    pub case_sensitive: bool,
    pub compound_field_name: Option<String>,
    pub controller_name: Option<String>,
    pub createable: bool,
    pub custom: bool,
    pub default_value: Option<Json>,
    pub default_value_formula: Option<String>,
    pub defaulted_on_create: bool,
    pub dependent_picklist: bool,
    pub deprecated_and_hidden: bool,
    pub digits: u8,
    pub display_location_in_decimal: bool,
    pub encrypted: bool,
    pub external_id: bool,
    pub extra_type_info: Option<String>,
    pub filterable: bool,
    pub filtered_lookup_info: Option<Json>,
    pub formula_treat_null_number_as_zero: bool,
    pub groupable: bool,
    pub high_scale_number: bool,
    pub html_formatted: bool,
    pub id_lookup: bool,
    pub inline_help_text: Option<String>,
    pub label: String,
    pub length: u32,
    pub mask: Option<String>,
    pub mask_type: Option<String>,
    pub name: String,
    pub name_field: bool,
    pub name_pointing: bool,
    pub nillable: bool,
    pub permissionable: bool,
    pub picklist_values: Vec<PicklistEntry>,
    pub polymorphic_foreign_key: bool,
    pub precision: u8,
    pub query_by_distance: bool,
    pub reference_target_field: Option<String>,
    pub reference_to: Vec<String>,
    pub relationship_name: Option<String>,
    pub relationship_order: Option<u8>,
    pub restricted_delete: bool,
    pub restricted_picklist: bool,
    pub scale: u8,
    pub search_prefilterable: bool,
    pub soap_type: String,
    pub sortable: bool,
    #[serde(rename = "type")]
    pub field_type: DescribedType,
    pub unique: bool,
    pub updateable: bool,
    pub write_requires_master_read: bool,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Map<String, Json>,
}

impl FieldDescribe {
    /// Is this a field that a store describes but cannot hold values of? Formulas are, types such
    /// as addresses, and references that name no object.
    pub(crate) fn is_describe_only(&self) -> bool {
        self.calculated
            || self.field_type.known().and_then(FieldType::storage).is_none()
            || (self.field_type == FieldType::Reference && self.reference_to.is_empty())
    }
}

/// The type of a described field, which may be one that this version does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum DescribedType {
    /// A type that this version knows.
    Known(FieldType),
    /// The name of a type that this version does not know. A store describes the field but holds no
    /// values of it.
    Other(String),
}

impl DescribedType {
    /// The type, if this version knows it.
    pub const fn known(&self) -> Option<FieldType> {
        match self {
            Self::Known(field_type) => Some(*field_type),
            Self::Other(_) => None,
        }
    }

    /// The type's name as describe spells it.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(field_type) => field_type.name(),
            Self::Other(name) => name,
        }
    }
}

impl From<FieldType> for DescribedType {
    fn from(field_type: FieldType) -> Self {
        Self::Known(field_type)
    }
}

impl PartialEq<FieldType> for DescribedType {
    fn eq(&self, other: &FieldType) -> bool {
        self.known() == Some(*other)
    }
}

/// A value of a picklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[allow(missing_docs)] // The keys are the platform's own terms.
pub struct PicklistEntry {
    pub active: bool,
    pub default_value: bool,
    pub label: String,
    pub valid_for: Option<String>,
    pub value: String,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Map<String, Json>,
}

/// A reference of another object's records to those of this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[allow(missing_docs)] // The keys are the platform's own terms.
pub struct ChildRelationship {
    pub cascade_delete: bool,
    #[serde(rename = "childSObject")]
    pub child_sobject: String,
    pub deprecated_and_hidden: bool,
    pub field: String,
    pub junction_id_list_names: Vec<String>,
    pub junction_reference_to: Vec<String>,
    pub relationship_name: Option<String>,
    pub restricted_delete: bool,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Map<String, Json>,
}

/// A record type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[allow(missing_docs, clippy::struct_excessive_bools)] // The keys are the platform's own terms.
pub struct RecordTypeInfo {
    pub active: bool,
    pub available: bool,
    pub default_record_type_mapping: bool,
    pub developer_name: String,
    pub master: bool,
    pub name: String,
    pub record_type_id: String,
    pub urls: BTreeMap<String, String>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Map<String, Json>,
}

/// A scope that `USING SCOPE` may name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[allow(missing_docs)] // The keys are the platform's own terms.
pub struct Scope {
    pub label: String,
    pub name: String,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Map<String, Json>,
}
