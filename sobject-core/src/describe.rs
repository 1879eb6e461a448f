//! Describe: what an object is, in the form in which the platform's REST API answers it.
//!
//! [`ObjectDescribe`] and [`FieldDescribe`] have the keys of an org's describe, in the same order.
//! So they are read from the JSON that an org answers with, and written as such. [`global`] has the
//! keys of `describeGlobal`. For an object that comes with a definition, the store makes its
//! describe from the catalogue. [`keys`] is how the JSON of any API version is read and comes back
//! equal, and [`envelope`] what tools wrap it in.
//!
//! **Invariants:** the fields of the structs here are the keys of the JSON, in its order. A
//! describe that is read and written again is the same JSON, even if it has keys and field types
//! that this version does not know, or lacks keys that came later.

mod envelope;
mod global;
mod keys;
mod layout;

pub(crate) use self::keys::Gaps;
pub use self::{
    global::{GlobalDescribe, ObjectSummary},
    layout::{
        ButtonLayoutSection, Layout, LayoutButton, LayoutComponent, LayoutDescribe, LayoutItem,
        LayoutRow, LayoutSection, PicklistForRecordType, RecordTypeMapping, RelatedList,
        RelatedListColumn, RelatedListSort,
    },
};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use self::keys::keys_of;

use crate::{name::is_same_name, value::FieldType};

keys_of! {
    /// The describe of an object.
    ObjectDescribe named "name" from envelope::describe_in;

    action_overrides "actionOverrides" has Vec<Json>,
    activateable "activateable" has bool,
    associate_entity_type "associateEntityType" has Option<String>,
    associate_parent_entity "associateParentEntity" has Option<String>,
    child_relationships "childRelationships" has Vec<ChildRelationship>,
    compact_layoutable "compactLayoutable" has bool,
    createable "createable" has bool,
    custom "custom" has bool,
    custom_setting "customSetting" has bool,
    deep_cloneable "deepCloneable" has bool,
    default_implementation "defaultImplementation" has Option<String>,
    deletable "deletable" has bool,
    deprecated_and_hidden "deprecatedAndHidden" has bool,
    extended_by "extendedBy" has Option<String>,
    extends_interfaces "extendsInterfaces" has Option<String>,
    feed_enabled "feedEnabled" has bool,
    fields "fields" needs Vec<FieldDescribe>,
    has_subtypes "hasSubtypes" has bool,
    implemented_by "implementedBy" has Option<String>,
    implements_interfaces "implementsInterfaces" has Option<String>,
    is_interface "isInterface" has bool,
    is_subtype "isSubtype" has bool,
    key_prefix "keyPrefix" has Option<String>,
    label "label" has String,
    label_plural "labelPlural" has String,
    layoutable "layoutable" has bool,
    listviewable "listviewable" has Option<bool>,
    lookup_layoutable "lookupLayoutable" has Option<bool>,
    mergeable "mergeable" has bool,
    mru_enabled "mruEnabled" has bool,
    name "name" needs String,
    named_layout_infos "namedLayoutInfos" has Vec<Json>,
    network_scope_field_name "networkScopeFieldName" has Option<String>,
    queryable "queryable" has bool,
    record_type_infos "recordTypeInfos" has Vec<RecordTypeInfo>,
    replicateable "replicateable" has bool,
    retrieveable "retrieveable" has bool,
    search_layoutable "searchLayoutable" has bool,
    searchable "searchable" has bool,
    sobject_describe_option "sobjectDescribeOption" has Option<String>,
    supported_scopes "supportedScopes" has Vec<Scope>,
    triggerable "triggerable" has bool,
    undeletable "undeletable" has bool,
    updateable "updateable" has bool,
    urls "urls" has BTreeMap<String, String>,
}

impl ObjectDescribe {
    /// The names of the fields that a store describes but cannot hold values of: formulas, types
    /// such as addresses, ids other than the record's own, and references that name no object.
    pub fn describe_only(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(|field| field.is_describe_only()).map(|field| field.name.as_str())
    }
}

keys_of! {
    /// The describe of a field: the 57 keys of a real one.
    FieldDescribe named "name";

    aggregatable "aggregatable" has bool,
    ai_prediction_field "aiPredictionField" has bool,
    auto_number "autoNumber" has bool,
    byte_length "byteLength" has u32,
    calculated "calculated" has bool,
    calculated_formula "calculatedFormula" has Option<String>,
    cascade_delete "cascadeDelete" has bool,
    case_sensitive "caseSensitive" has bool,
    compound_field_name "compoundFieldName" has Option<String>,
    controller_name "controllerName" has Option<String>,
    createable "createable" has bool,
    custom "custom" has bool,
    default_value "defaultValue" has Option<Json>,
    default_value_formula "defaultValueFormula" has Option<String>,
    defaulted_on_create "defaultedOnCreate" has bool,
    dependent_picklist "dependentPicklist" has bool,
    deprecated_and_hidden "deprecatedAndHidden" has bool,
    digits "digits" has u8,
    display_location_in_decimal "displayLocationInDecimal" has bool,
    encrypted "encrypted" has bool,
    external_id "externalId" has bool,
    extra_type_info "extraTypeInfo" has Option<String>,
    filterable "filterable" has bool,
    filtered_lookup_info "filteredLookupInfo" has Option<Json>,
    formula_treat_null_number_as_zero "formulaTreatNullNumberAsZero" has bool,
    groupable "groupable" has bool,
    high_scale_number "highScaleNumber" has bool,
    html_formatted "htmlFormatted" has bool,
    id_lookup "idLookup" has bool,
    inline_help_text "inlineHelpText" has Option<String>,
    label "label" has String,
    length "length" has u32,
    mask "mask" has Option<String>,
    mask_type "maskType" has Option<String>,
    name "name" needs String,
    name_field "nameField" has bool,
    name_pointing "namePointing" has bool,
    nillable "nillable" has bool,
    permissionable "permissionable" has bool,
    picklist_values "picklistValues" has Vec<PicklistEntry>,
    polymorphic_foreign_key "polymorphicForeignKey" has bool,
    precision "precision" has u8,
    query_by_distance "queryByDistance" has bool,
    reference_target_field "referenceTargetField" has Option<String>,
    reference_to "referenceTo" has Vec<String>,
    relationship_name "relationshipName" has Option<String>,
    relationship_order "relationshipOrder" has Option<u8>,
    restricted_delete "restrictedDelete" has bool,
    restricted_picklist "restrictedPicklist" has bool,
    scale "scale" has u8,
    search_prefilterable "searchPrefilterable" has bool,
    soap_type "soapType" has String,
    sortable "sortable" has bool,
    field_type "type" needs DescribedType,
    unique "unique" has bool,
    updateable "updateable" has bool,
    write_requires_master_read "writeRequiresMasterRead" has bool,
}

impl FieldDescribe {
    /// Is this a field that a store describes but cannot hold values of? Formulas are, types such
    /// as addresses, and references that name no object.
    pub(crate) fn is_describe_only(&self) -> bool {
        let is_other_id = self.field_type == FieldType::Id && !is_same_name(&self.name, "Id");
        self.calculated
            || is_other_id
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

keys_of! {
    /// A value of a picklist.
    PicklistEntry named "value";

    active "active" has bool,
    default_value "defaultValue" has bool,
    label "label" has String,
    valid_for "validFor" has Option<String>,
    value "value" has String,
}

keys_of! {
    /// A reference of another object's records to those of this one.
    ChildRelationship named "childSObject";

    cascade_delete "cascadeDelete" has bool,
    child_sobject "childSObject" needs String,
    deprecated_and_hidden "deprecatedAndHidden" has bool,
    field "field" has String,
    junction_id_list_names "junctionIdListNames" has Vec<String>,
    junction_reference_to "junctionReferenceTo" has Vec<String>,
    relationship_name "relationshipName" has Option<String>,
    restricted_delete "restrictedDelete" has bool,
}

keys_of! {
    /// A record type.
    RecordTypeInfo named "name";

    active "active" has bool,
    available "available" has bool,
    default_record_type_mapping "defaultRecordTypeMapping" has bool,
    developer_name "developerName" has String,
    master "master" has bool,
    name "name" has String,
    record_type_id "recordTypeId" has String,
    urls "urls" has BTreeMap<String, String>,
}

keys_of! {
    /// A scope that `USING SCOPE` may name.
    Scope named "name";

    label "label" has String,
    name "name" has String,
}
