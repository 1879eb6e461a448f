//! What was declared of an object, in owned form: from a `const` definition, a describe, or the
//! file.
//!
//! The file keeps it as JSON, so names and bits here are part of the file's format:
//!
//! ```json
//! { "name": "LiveAgentSession", "label": "Chat Session", "plural": "Chat Sessions",
//!   "keyPrefix": "0HK", "since": 28, "calls": 4027,
//!   "fields": [ { "name": "AgentId", "label": "User ID", "type": "reference", "flags": 31,
//!                 "references": ["User"], "keyPrefixes": ["005"], "relationship": "Agent" } ] }
//! ```
//!
//! `flags` and `calls` are the bits of [`Flags`] and [`Calls`]; so is `system`, of [`System`], for an
//! object that does not have the system fields of its calls. A reference to any object has `*` for the
//! objects. Other keys of an object: `auditFields`, and `sharedPrefix` if others have its key prefix
//! too; the key prefix is empty if a describe has none. Of a field: `length`, `digits`, `precision`,
//! `scale`, `autonumber` and `start`, `picklist` (a list of `value`, `label`, `active`, `default`),
//! `default`, `help`, `was` (a list of names), and of a reference `onDelete` (`cascade`, `restrict`,
//! `setNull`) and `childRelationship`. What a describe says of the references that lead to its object
//! is `children`: a list of `object`, `field`, `relationship`, `cascade`, `restrict`. Keys that have
//! nothing to say are left out.
//!
//! **Invariant:** equal descriptions have equal JSON. A description whose JSON is in the file already
//! has not changed since, and is not looked at any further.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    bytes::same_text,
    definition::{
        Calls, DefaultValue, Definition, FieldDefinition, Flags, OnDelete, PicklistValue, System,
        Target,
    },
    describe::ObjectDescribe,
    error::{Error, Result},
    value::FieldType,
};

/// What was declared of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DeclaredObject {
    #[serde(flatten)]
    pub(crate) head: ObjectHead,
    pub(crate) fields: Vec<DeclaredField>,
    /// What a describe says of the references that lead to its object, where it says anything.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) children: Vec<DeclaredChild>,
    /// The definition's own fields, by which typed callers prove that they mean this object.
    #[serde(skip)]
    pub(crate) source: Option<&'static [FieldDefinition]>,
    /// The describe that the object came with, if it did not come with a definition.
    #[serde(skip)]
    pub(crate) described: Option<Box<ObjectDescribe>>,
}

/// What was declared of an object beside its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ObjectHead {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) plural: String,
    /// Empty if a describe has none.
    pub(crate) key_prefix: String,
    /// May other objects have the same key prefix? All of them must say so.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) shared_prefix: bool,
    pub(crate) since: u16,
    pub(crate) calls: Calls,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) audit_fields: bool,
    /// The system fields; `None` for those that go with the calls.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) system: Option<System>,
}

/// What a describe says of a reference that leads to its object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeclaredChild {
    /// The object that has the reference.
    pub(crate) object: String,
    pub(crate) field: String,
    /// The name by which queries find the records that refer to one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) relationship: Option<String>,
    /// Are those records deleted along?
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) cascade: bool,
    /// Do they hold what they refer to? If both are said, they do.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) restrict: bool,
}

impl DeclaredChild {
    /// What becomes of a record whose reference leads to one that is deleted; `None` if nothing is
    /// said of it.
    pub(crate) fn on_delete(&self) -> Option<OnDelete> {
        match (self.restrict, self.cascade) {
            (true, _) => Some(OnDelete::Restrict),
            (false, true) => Some(OnDelete::Cascade),
            (false, false) => None,
        }
    }
}

/// What was declared of a field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DeclaredField {
    pub(crate) name: String,
    pub(crate) label: String,
    #[serde(rename = "type")]
    pub(crate) field_type: FieldType,
    pub(crate) flags: Flags,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) length: u32,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) digits: u8,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) precision: u8,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) scale: Option<u8>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) references: Vec<String>,
    /// Of those objects, in their order; empty where not known.
    #[serde(default, rename = "keyPrefixes", skip_serializing_if = "is_default")]
    pub(crate) key_prefixes: Vec<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) relationship: Option<String>,
    #[serde(default, rename = "onDelete", skip_serializing_if = "is_default")]
    pub(crate) on_delete: Option<OnDelete>,
    #[serde(default, rename = "childRelationship", skip_serializing_if = "is_default")]
    pub(crate) child_relationship: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) autonumber: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) start: u64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) picklist: Vec<DeclaredValue>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) default: Option<Json>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) help: Option<String>,
    /// The names in files written before.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) was: Vec<String>,
}

/// What was declared of a picklist's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DeclaredValue {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) active: bool,
    pub(crate) default: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl From<&Definition> for DeclaredObject {
    fn from(definition: &Definition) -> Self {
        let head = ObjectHead {
            name: definition.name.to_owned(),
            label: definition.label.to_owned(),
            plural: definition.plural.to_owned(),
            key_prefix: definition.key_prefix.to_owned(),
            shared_prefix: definition.shared_prefix,
            since: definition.since,
            calls: definition.calls,
            audit_fields: definition.audit_fields,
            system: definition.system,
        };
        let fields = definition.fields.iter().map(DeclaredField::from).collect();
        let children = Vec::new();
        Self { head, fields, children, source: Some(definition.fields), described: None }
    }
}

impl From<&FieldDefinition> for DeclaredField {
    fn from(field: &FieldDefinition) -> Self {
        Self {
            name: field.name.to_owned(),
            label: field.label.to_owned(),
            field_type: field.field_type,
            flags: field.flags,
            length: field.length,
            digits: field.digits,
            precision: field.precision,
            scale: field.scale,
            references: field.references.iter().map(|it| it.name.to_owned()).collect(),
            key_prefixes: field.references.iter().map(|it| it.key_prefix.to_owned()).collect(),
            relationship: field.relationship.map(str::to_owned),
            on_delete: field.on_delete,
            child_relationship: field.child_relationship.map(str::to_owned),
            autonumber: field.autonumber.map(str::to_owned),
            start: if field.autonumber.is_some() { field.start } else { 0 },
            picklist: field.picklist.iter().map(DeclaredValue::from).collect(),
            default: field.default.map(|value| match value {
                DefaultValue::Bool(value) => value.into(),
                DefaultValue::Int(value) => value.into(),
                DefaultValue::Double(value) => value.into(),
                DefaultValue::Text(value) => value.into(),
            }),
            help: field.help.map(str::to_owned),
            was: field.was.iter().map(|name| (*name).to_owned()).collect(),
        }
    }
}

impl From<&PicklistValue> for DeclaredValue {
    fn from(value: &PicklistValue) -> Self {
        Self {
            value: value.value.to_owned(),
            label: value.label.to_owned(),
            active: value.active,
            default: value.default,
        }
    }
}

impl DeclaredObject {
    /// The description as the file keeps it.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if it is not to be had as JSON, which cannot be.
    pub(crate) fn to_json(&self) -> Result<Vec<u8>> {
        let json = serde_json::to_vec(self);
        json.map_err(|error| Error::corrupt(format!("{} as JSON: {error}", self.head.name)))
    }

    /// A description that the file has kept.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if it is none.
    pub(crate) fn from_json(json: &[u8]) -> Result<Self> {
        let unreadable = |error| Error::corrupt(format!("a description cannot be read: {error}"));
        serde_json::from_slice(json).map_err(unreadable)
    }
}

impl ObjectHead {
    /// The system fields that the object has.
    pub(crate) fn system(&self) -> System {
        System::of(self.system, self.calls)
    }
}

impl DeclaredField {
    /// May the reference name every object?
    pub(crate) fn names_any(&self) -> bool {
        self.references.iter().any(|name| name == Target::ANY.name)
    }

    /// Does rows' form of the field have an index? References, names, lookups, unique fields and
    /// those that ask for one have. The references of the system fields have none: the users that
    /// they name cannot be deleted, so nothing needs to find them backwards.
    pub(crate) fn is_indexed(&self) -> bool {
        let flags = self.flags;
        self.field_type == FieldType::Reference
            || flags.is_name_field()
            || flags.is_id_lookup()
            || flags.is_external_id()
            || flags.is_unique()
            || flags.is_index()
    }

    /// Has the field a value once a record is created? The caller gives it, or it may be null, or the
    /// store has a default, or the platform fills it: a page prints such a field with what it can be
    /// used for, and nobody may set it.
    pub(crate) fn is_given_a_value(&self) -> bool {
        let flags = self.flags;
        let is_used = flags.is_filter()
            || flags.is_group()
            || flags.is_sort()
            || flags.is_id_lookup()
            || flags.is_external_id()
            || flags.is_unique()
            || flags.is_restricted();
        flags.is_create()
            || flags.is_nillable()
            || flags.is_defaulted_on_create()
            || (is_used && !flags.is_update())
    }

    /// Do rows hold the field? Those of callers are kept apart, and some are described only.
    pub(crate) fn is_stored(&self) -> bool {
        !self.flags.is_per_caller() && !self.flags.is_describe_only()
    }

    /// Has the picklist the value, in any case?
    pub(crate) fn lists(&self, value: &str) -> bool {
        self.picklist.iter().any(|listed| same_text(&listed.value, value))
    }

    /// What a create that leaves the field out gets, where the definition says so: the default, that
    /// of the picklist, or false for a boolean. Auto-numbers and the owner are up to the store.
    pub(crate) fn default_value(&self) -> Option<Json> {
        let listed = || self.picklist_default().map(|it| it.value.clone().into());
        let is_checkbox =
            self.field_type == FieldType::Boolean && self.flags.is_defaulted_on_create();
        self.default.clone().or_else(listed).or_else(|| is_checkbox.then(|| false.into()))
    }

    /// The default of a picklist among its values.
    pub(crate) fn picklist_default(&self) -> Option<&DeclaredValue> {
        self.picklist.iter().find(|value| value.default)
    }
}
