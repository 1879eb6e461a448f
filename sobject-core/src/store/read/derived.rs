//! The describe of an object of the catalogue.
//!
//! What a definition does not say follows from what it says: the defaults here are those that real
//! describes show, or choices of ours where they differ from org to org.

use std::collections::BTreeMap;

use serde_json::Map;

use crate::{
    catalogue::{DeclaredValue, Field, Object},
    definition::{FieldIdx, OnDelete},
    describe::{
        ChildRelationship, FieldDescribe, Gaps, ObjectDescribe, ObjectSummary, PicklistEntry,
        RecordTypeInfo, Scope,
    },
    name::{LAST_REFERENCED_DATE, LAST_VIEWED_DATE, OWNER_ID, is_custom, is_same_name},
    store::keep::Schema,
    value::{FieldType, Storage},
};

/// The API version that the store behaves as, in URLs.
pub(crate) const SERVICES: &str = "/services/data/v65.0/sobjects";
/// The id of the Master record type, the same in every org.
pub(super) const MASTER_RECORD_TYPE: &str = "012000000000000AAA";
/// Bytes that a character may need.
const BYTES_PER_CHARACTER: u32 = 3;

/// Describes an object. One that came with a describe of its own is described by that, with the
/// relationships of objects that did not: those of its own org it lists itself.
pub(super) fn describe(schema: &Schema, object: &Object) -> ObjectDescribe {
    match &object.described {
        Some(described) => with_children(described, schema, object),
        None => from_definition(schema, object),
    }
}

fn with_children(described: &ObjectDescribe, schema: &Schema, object: &Object) -> ObjectDescribe {
    let mut describe = described.clone();
    let children = &mut describe.child_relationships;
    for child in child_relationships(schema, object, |of| of.described.is_none()) {
        let key = |it: &ChildRelationship| (it.child_sobject.clone(), it.field.clone());
        if !children.iter().any(|it| key(it) == key(&child)) {
            let place = children.iter().take_while(|it| key(it) < key(&child)).count();
            children.insert(place, child);
        }
    }
    describe
}

/// What the describe of a whole store tells of an object.
pub(super) fn summary(object: &Object) -> ObjectSummary {
    match &object.described {
        Some(described) => ObjectSummary::from(&**described),
        None => ObjectSummary::from(&head(object)),
    }
}

fn from_definition(schema: &Schema, object: &Object) -> ObjectDescribe {
    ObjectDescribe {
        child_relationships: child_relationships(schema, object, |_| true),
        fields: in_order(object).map(|(_, field)| describe_field(field)).collect(),
        ..head(object)
    }
}

/// The describe of an object without its fields and children.
fn head(object: &Object) -> ObjectDescribe {
    let calls = object.calls;
    let name = &object.name;
    let url = |rest: &str| format!("{SERVICES}/{name}{rest}");
    let urls = |urls: &[(&str, &str)]| {
        urls.iter().map(|(key, rest)| ((*key).to_owned(), url(rest))).collect()
    };
    let scope = |name: &str, whose: &str| Scope {
        label: format!("{whose} {}", object.plural.to_lowercase()),
        name: name.to_owned(),
        extra: Map::new(),
        gaps: Gaps::default(),
    };
    ObjectDescribe {
        action_overrides: Vec::new(),
        activateable: false,
        associate_entity_type: None,
        associate_parent_entity: None,
        child_relationships: Vec::new(),
        compact_layoutable: true,
        createable: calls.is_create(),
        custom: is_custom(name),
        custom_setting: false,
        deep_cloneable: false,
        default_implementation: None,
        deletable: calls.is_delete(),
        deprecated_and_hidden: false,
        extended_by: None,
        extends_interfaces: None,
        feed_enabled: false,
        fields: Vec::new(),
        has_subtypes: false,
        implemented_by: None,
        implements_interfaces: None,
        is_interface: false,
        is_subtype: false,
        key_prefix: object.key_prefix.map(|prefix| prefix.to_string()),
        label: object.label.clone(),
        label_plural: object.plural.clone(),
        layoutable: calls.is_describe_layout(),
        listviewable: None,
        lookup_layoutable: None,
        mergeable: calls.is_merge(),
        mru_enabled: object.find(LAST_VIEWED_DATE).is_some(),
        name: name.clone(),
        named_layout_infos: Vec::new(),
        network_scope_field_name: None,
        queryable: calls.is_query(),
        record_type_infos: vec![RecordTypeInfo {
            active: true,
            available: true,
            default_record_type_mapping: true,
            developer_name: "Master".to_owned(),
            master: true,
            name: "Master".to_owned(),
            record_type_id: MASTER_RECORD_TYPE.to_owned(),
            urls: BTreeMap::from([(
                "layout".to_owned(),
                url(&format!("/describe/layouts/{MASTER_RECORD_TYPE}")),
            )]),
            extra: Map::new(),
            gaps: Gaps::default(),
        }],
        replicateable: calls.is_get_updated() || calls.is_get_deleted(),
        retrieveable: calls.is_retrieve(),
        search_layoutable: true,
        searchable: calls.is_search(),
        sobject_describe_option: Some("FULL".to_owned()),
        supported_scopes: vec![scope("everything", "All"), scope("mine", "My")],
        triggerable: true,
        undeletable: calls.is_undelete(),
        updateable: calls.is_update(),
        urls: urls(&[
            ("compactLayouts", "/describe/compactLayouts"),
            ("defaultValues", "/defaultValues?recordTypeId&fields"),
            ("describe", "/describe"),
            ("layouts", "/describe/layouts"),
            ("quickActions", "/quickActions"),
            ("rowTemplate", "/{ID}"),
            ("sobject", ""),
        ]),
        extra: Map::new(),
        gaps: Gaps::default(),
    }
}

/// The fields in the order that orgs list them: Id, the owner, IsDeleted, the name, the other
/// system fields, what the caller last saw, and the rest as declared.
fn in_order(object: &Object) -> impl Iterator<Item = (FieldIdx, &Field)> {
    let rank = |idx: FieldIdx, field: &Field| match idx {
        FieldIdx::ID => 0,
        FieldIdx::IS_DELETED => 2,
        _ if is_same_name(&field.name, OWNER_ID) => 1,
        _ if field.flags.is_name_field() => 3,
        _ if idx.is_system() => 4,
        _ if is_same_name(&field.name, LAST_VIEWED_DATE) => 5,
        _ if is_same_name(&field.name, LAST_REFERENCED_DATE) => 6,
        _ => 7,
    };
    let mut fields: Vec<_> = object.fields().collect();
    fields.sort_by_key(|(idx, field)| rank(*idx, field));
    fields.into_iter()
}

fn describe_field(field: &Field) -> FieldDescribe {
    let flags = field.flags;
    let is_text = field.field_type.storage() == Some(Storage::Text);
    let is_polymorphic = field.names_any || field.references.len() > 1;
    let mut reference_to = field.references.clone();
    reference_to.sort_unstable();
    FieldDescribe {
        aggregatable: field.field_type != FieldType::Boolean && flags.is_filter(),
        ai_prediction_field: false,
        auto_number: field.autonumber.is_some(),
        byte_length: if is_text && !flags.is_length_in_bytes() {
            field.length * BYTES_PER_CHARACTER
        } else {
            field.length
        },
        calculated: false,
        calculated_formula: None,
        cascade_delete: false,
        case_sensitive: flags.is_case_sensitive(),
        compound_field_name: None,
        controller_name: None,
        createable: flags.is_create(),
        custom: is_custom(&field.name),
        default_value: default_value(field),
        default_value_formula: None,
        defaulted_on_create: flags.is_defaulted_on_create(),
        dependent_picklist: false,
        deprecated_and_hidden: false,
        digits: field.digits,
        display_location_in_decimal: false,
        encrypted: false,
        external_id: flags.is_external_id(),
        extra_type_info: flags.is_rich_text().then(|| "richtextarea".to_owned()),
        filterable: flags.is_filter(),
        filtered_lookup_info: None,
        formula_treat_null_number_as_zero: false,
        groupable: flags.is_group(),
        high_scale_number: false,
        html_formatted: flags.is_rich_text(),
        id_lookup: flags.is_id_lookup(),
        inline_help_text: field.help.clone(),
        label: field.label.clone(),
        length: field.length,
        mask: None,
        mask_type: None,
        name: field.name.clone(),
        name_field: flags.is_name_field(),
        name_pointing: is_polymorphic,
        nillable: flags.is_nillable(),
        permissionable: field.permissionable,
        picklist_values: field.picklist.iter().map(describe_value).collect(),
        polymorphic_foreign_key: is_polymorphic,
        precision: field.precision,
        query_by_distance: false,
        reference_target_field: None,
        reference_to,
        relationship_name: field.relationship.clone(),
        relationship_order: None,
        restricted_delete: false,
        restricted_picklist: flags.is_restricted(),
        scale: field.scale.unwrap_or(0),
        search_prefilterable: false,
        soap_type: field.field_type.soap_type().to_owned(),
        sortable: flags.is_sort(),
        field_type: field.field_type.into(),
        unique: flags.is_unique(),
        updateable: flags.is_update(),
        write_requires_master_read: false,
        extra: Map::new(),
        gaps: Gaps::default(),
    }
}

/// The default of a field as describe shows it: of booleans and picklists only.
fn default_value(field: &Field) -> Option<serde_json::Value> {
    match field.field_type {
        // Real describes show false for every boolean.
        FieldType::Boolean => Some(field.default.clone().unwrap_or(false.into())),
        FieldType::Picklist | FieldType::MultiPicklist => field.default.clone(),
        _ => None,
    }
}

fn describe_value(value: &DeclaredValue) -> PicklistEntry {
    PicklistEntry {
        active: value.active,
        default_value: value.default,
        label: value.label.clone(),
        valid_for: None,
        value: value.value.clone(),
        extra: Map::new(),
        gaps: Gaps::default(),
    }
}

/// The references that lead to this object, by object and field, of the objects that are `wanted`.
fn child_relationships(
    schema: &Schema,
    object: &Object,
    wanted: impl Fn(&Object) -> bool,
) -> Vec<ChildRelationship> {
    let children = schema.relations.children_and_names(object.number);
    let children = children.filter(|(child, _)| child.is_listed).filter_map(|(child, name)| {
        // Where nothing was said, a rule shows only where a record can be deleted.
        let is_shown = child.is_said || object.calls.is_delete();
        let of = schema.catalogue.get(child.object).filter(|of| wanted(of))?;
        Some(ChildRelationship {
            cascade_delete: child.on_delete == OnDelete::Cascade,
            child_sobject: of.name.clone(),
            deprecated_and_hidden: false,
            field: of.field(child.field)?.name.clone(),
            junction_id_list_names: Vec::new(),
            junction_reference_to: Vec::new(),
            relationship_name: name.map(str::to_owned),
            restricted_delete: is_shown && child.on_delete == OnDelete::Restrict,
            extra: Map::new(),
            gaps: Gaps::default(),
        })
    });
    let mut children: Vec<_> = children.collect();
    children.sort_by(|a, b| (&a.child_sobject, &a.field).cmp(&(&b.child_sobject, &b.field)));
    children
}
