//! Makes the declaration of an object from its describe, as an org answers it.
//!
//! A describe says less than a definition, and may say what a store cannot do. So:
//!
//! * Formulas, references that name no object, and fields of types that the store does not hold
//!   (address, location, any type, encrypted text and rarer ones) appear in describe, are read as
//!   null, and are refused on write.
//! * A describe does not tell the format of an auto-number, which is `{00000000}` here.
//! * A field that may be left out of a create, but for which the describe tells no default, may be
//!   null here, even if it is not `nillable`.
//! * If several fields are name fields, only the first is one here.
//! * A describe does not tell the key prefixes of the objects that a reference may name, so they
//!   are known only for objects that the store has.
//! * Several objects may have one key prefix, as a few of an org have. An object without one, such as
//!   a share or a history, takes records of a replica, whose ids begin in any way; none is made here.
//! * A text whose `byteLength` is its `length` is limited in bytes.
//! * What an org says of lengths, digits and names is so, whatever a definition may say.
//! * Nor does it tell whether creates may give audit fields. They may for custom objects, and for
//!   the standard objects that the platform's help lists.
//!
//! * What becomes of a record whose reference leads to one that is deleted, the describes of the objects
//!   that it may lead to tell, in `childRelationships`. The keys of that kind of the reference's own
//!   describe are false in every org.
//!
//! The describe itself is kept with the declaration, so that the store answers it as it was.

use serde_json::Value as Json;

use crate::{
    bytes::same_text,
    catalogue::declared::{
        DeclaredChild, DeclaredField, DeclaredObject, DeclaredValue, ObjectHead,
    },
    definition::{Calls, Flags, SYSTEM_FIELDS, System},
    describe::{FieldDescribe, ObjectDescribe},
    name::{OWNER_ID, is_custom_object, is_per_caller_name, is_same_name},
    value::{FieldType, Storage},
};

/// The format of the auto-numbers of a described object.
const AUTONUMBER: &str = "{00000000}";

/// The standard objects whose creates may give audit fields. Those of custom objects may as well.
const AUDIT_FIELDS: [&str; 17] = [
    "Account",
    "ArticleVersion",
    "Attachment",
    "CampaignMember",
    "Case",
    "CaseComment",
    "Contact",
    "ContentVersion",
    "Contract",
    "Event",
    "Idea",
    "IdeaComment",
    "Lead",
    "Opportunity",
    "Question",
    "Task",
    "Vote",
];

impl From<ObjectDescribe> for DeclaredObject {
    fn from(describe: ObjectDescribe) -> Self {
        let label = or(&describe.label, &describe.name);
        let head = ObjectHead {
            name: describe.name.clone(),
            plural: or(&describe.label_plural, &label),
            label,
            key_prefix: describe.key_prefix.clone().unwrap_or_default(),
            // Several objects of an org may have one key prefix, and this one comes from an org.
            shared_prefix: true,
            since: 0,
            calls: calls(&describe),
            audit_fields: is_custom_object(&describe.name)
                || AUDIT_FIELDS.iter().any(|it| is_same_name(it, &describe.name)),
            system: Some(system(&describe)),
        };
        let is_system =
            |it: &&FieldDescribe| SYSTEM_FIELDS.iter().any(|own| is_same_name(own.name, &it.name));
        let own = || describe.fields.iter().filter(|it| !is_system(it));
        let name_field = own().find(|it| it.name_field).map(|it| it.name.as_str());
        let fields = own().map(|it| field(it, name_field == Some(&it.name))).collect();
        let children = children(&describe);
        Self { head, fields, children, source: None, described: Some(Box::new(describe)) }
    }
}

/// A label, or what stands in for one that the describe does not tell.
fn or(label: &str, other: &str) -> String {
    if label.is_empty() { other } else { label }.to_owned()
}

fn system(describe: &ObjectDescribe) -> System {
    let has = |name| describe.fields.iter().any(|field| is_same_name(&field.name, name));
    let mut system = System::NONE;
    for (has, with) in [
        (has("IsDeleted"), system.is_deleted()),
        (has("CreatedDate"), system.created_date()),
        (has("CreatedById"), system.created_by_id()),
        (has("LastModifiedDate"), system.last_modified_date()),
        (has("LastModifiedById"), system.last_modified_by_id()),
        (has("SystemModstamp"), system.system_modstamp()),
    ] {
        if has {
            system = system.union(with);
        }
    }
    system
}

fn calls(describe: &ObjectDescribe) -> Calls {
    let is_looked_up = |field: &FieldDescribe| field.id_lookup || field.external_id;
    let is_upsertable =
        describe.createable && describe.updateable && describe.fields.iter().any(is_looked_up);
    let mut calls = Calls::NONE.describe_sobjects();
    for (has, with) in [
        (describe.createable, calls.create()),
        (describe.updateable, calls.update()),
        (describe.deletable, calls.delete()),
        (describe.undeletable, calls.undelete()),
        (describe.queryable, calls.query()),
        (describe.retrieveable, calls.retrieve()),
        (describe.searchable, calls.search()),
        (describe.replicateable, calls.get_updated().get_deleted()),
        (describe.layoutable, calls.describe_layout()),
        (describe.mergeable, calls.merge()),
        (is_upsertable, calls.upsert()),
    ] {
        if has {
            calls = calls.union(with);
        }
    }
    calls
}

/// What the describe says of the references that lead to its object, where it says anything.
fn children(describe: &ObjectDescribe) -> Vec<DeclaredChild> {
    let children = describe.child_relationships.iter().map(|it| DeclaredChild {
        object: it.child_sobject.clone(),
        field: it.field.clone(),
        relationship: it.relationship_name.clone(),
        cascade: it.cascade_delete,
        restrict: it.restricted_delete,
    });
    children.filter(|it| it.relationship.is_some() || it.on_delete().is_some()).collect()
}

/// Is it a text of HTML? Describes of old API versions lack the type that says so.
fn is_rich_text(describe: &FieldDescribe, field_type: FieldType) -> bool {
    let is_rich = match describe.extra_type_info.as_deref() {
        Some(info) => info == "richtextarea",
        None => describe.html_formatted,
    };
    field_type == FieldType::TextArea && is_rich
}

fn field(describe: &FieldDescribe, is_name_field: bool) -> DeclaredField {
    let is_listed = |it: FieldType| {
        matches!(it, FieldType::Picklist | FieldType::MultiPicklist | FieldType::Combobox)
    };
    // A type that this version does not know is like "any type": the store does not hold it.
    let field_type = describe.field_type.known().unwrap_or(FieldType::AnyType);
    let is_reference = field_type == FieldType::Reference;
    let is_describe_only = describe.is_describe_only();
    let mut picklist: Vec<DeclaredValue> = Vec::new();
    for value in describe.picklist_values.iter().filter(|_| is_listed(field_type)) {
        let value_of = value.value.trim();
        let is_known = |it: &DeclaredValue| same_text(&it.value, value_of);
        let is_one = field_type != FieldType::MultiPicklist || !value_of.contains(';');
        if is_one && !value_of.is_empty() && !picklist.iter().any(is_known) {
            let has_default = picklist.iter().any(|it| it.default);
            picklist.push(DeclaredValue {
                value: value_of.to_owned(),
                label: or(&value.label, value_of),
                active: value.active,
                default: value.default_value && value.active && !has_default,
            });
        }
    }
    let is_text = field_type.storage() == Some(Storage::Text);
    // A field whose values the store does not hold has no default either.
    let default = match (&describe.default_value, field_type) {
        (Some(Json::Bool(value)), FieldType::Boolean) if !is_describe_only => Some((*value).into()),
        _ => None,
    };
    let is_autonumber = describe.auto_number && field_type == FieldType::String;
    let is_owner = is_same_name(&describe.name, OWNER_ID)
        && describe.reference_to.iter().any(|name| is_same_name(name, "User"));
    let has_default = default.is_some()
        || is_autonumber
        || is_owner
        || picklist.iter().any(|value| value.default)
        || field_type == FieldType::Boolean;
    let is_boolean = field_type == FieldType::Boolean;
    let is_defaulted =
        (describe.defaulted_on_create || is_boolean) && has_default && !is_describe_only;
    let is_per_caller = is_per_caller_name(&describe.name)
        && field_type == FieldType::DateTime
        && !describe.createable
        && !describe.updateable;
    let is_left_out = describe.defaulted_on_create || !describe.createable;
    let can_be_null = !is_autonumber
        && (describe.nillable
            || is_describe_only
            || is_per_caller
            || (is_left_out && !is_defaulted));
    let is_text_key = describe.length <= 255 || field_type.storage() != Some(Storage::Text);
    let is_key = !is_describe_only && !is_per_caller && is_text_key;
    let is_restrictable = is_listed(field_type) && field_type != FieldType::Combobox;
    let is_counted_in_bytes = describe.length > 0 && describe.byte_length == describe.length;
    let is_unique = describe.unique && is_key && !is_autonumber;
    let mut flags = Flags::NONE;
    for (has, with) in [
        (describe.createable && !is_autonumber, Flags::NONE.create()),
        (describe.updateable && !is_autonumber, Flags::NONE.update()),
        (describe.filterable, Flags::NONE.filter()),
        (describe.groupable, Flags::NONE.group()),
        (describe.sortable, Flags::NONE.sort()),
        (can_be_null, Flags::NONE.nillable()),
        (is_defaulted || is_autonumber, Flags::NONE.defaulted_on_create()),
        (describe.id_lookup && is_key, Flags::NONE.id_lookup()),
        (is_name_field && is_key, Flags::NONE.name_field()),
        (is_per_caller, Flags::NONE.per_caller()),
        (is_unique, Flags::NONE.unique()),
        (is_unique && describe.case_sensitive && is_text, Flags::NONE.case_sensitive()),
        (describe.external_id && is_key, Flags::NONE.external_id()),
        (describe.restricted_picklist && is_restrictable, Flags::NONE.restricted()),
        (is_describe_only, Flags::NONE.describe_only()),
        (is_rich_text(describe, field_type), Flags::NONE.rich_text()),
        (is_text && is_counted_in_bytes, Flags::NONE.length_in_bytes()),
    ] {
        if has {
            flags = flags.union(with);
        }
    }
    let is_decimal = field_type.storage() == Some(Storage::Double);
    DeclaredField {
        name: describe.name.clone(),
        label: or(&describe.label, &describe.name),
        field_type,
        flags,
        length: if is_text { describe.length } else { 0 },
        digits: if field_type == FieldType::Int { describe.digits } else { 0 },
        precision: if is_decimal { describe.precision } else { 0 },
        scale: is_decimal.then_some(describe.scale),
        references: if is_reference { describe.reference_to.clone() } else { Vec::new() },
        key_prefixes: Vec::new(),
        relationship: describe.relationship_name.clone().filter(|_| is_reference),
        on_delete: None,
        child_relationship: None,
        autonumber: is_autonumber.then(|| AUTONUMBER.to_owned()),
        start: u64::from(is_autonumber),
        picklist,
        default,
        help: describe.inline_help_text.clone(),
        was: Vec::new(),
    }
}
