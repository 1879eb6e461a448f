//! [`GlobalDescribe`]: what `describeGlobal` answers, a summary of each object of a store.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::describe::{ObjectDescribe, present};

/// Most records in a call that writes, which the platform tells its clients here.
const MAX_BATCH_SIZE: u32 = 200;

/// The objects that a caller may see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[allow(missing_docs)] // The keys are the platform's own terms.
pub struct GlobalDescribe {
    pub encoding: String,
    pub max_batch_size: u32,
    pub sobjects: Vec<ObjectSummary>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Map<String, Json>,
}

/// What a [`GlobalDescribe`] tells about an object, in the 28 keys that an org's answer has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
// The fields are the platform's own terms. A key that may be null or missing is an
// `Option<Option>`.
#[allow(missing_docs, clippy::struct_excessive_bools, clippy::option_option)]
pub struct ObjectSummary {
    pub activateable: bool,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub associate_entity_type: Option<Option<String>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub associate_parent_entity: Option<Option<String>>,
    pub createable: bool,
    pub custom: bool,
    pub custom_setting: bool,
    pub deep_cloneable: bool,
    pub deletable: bool,
    pub deprecated_and_hidden: bool,
    pub feed_enabled: bool,
    pub has_subtypes: bool,
    pub is_interface: bool,
    pub is_subtype: bool,
    pub key_prefix: Option<String>,
    pub label: String,
    pub label_plural: String,
    pub layoutable: bool,
    pub mergeable: bool,
    pub mru_enabled: bool,
    pub name: String,
    pub queryable: bool,
    pub replicateable: bool,
    pub retrieveable: bool,
    pub searchable: bool,
    pub triggerable: bool,
    pub undeletable: bool,
    pub updateable: bool,
    pub urls: BTreeMap<String, String>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Map<String, Json>,
}

impl GlobalDescribe {
    /// The describe of a store with these objects.
    pub(crate) fn of(objects: impl Iterator<Item = ObjectSummary>) -> Self {
        let mut sobjects: Vec<_> = objects.collect();
        sobjects.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            encoding: "UTF-8".to_owned(),
            max_batch_size: MAX_BATCH_SIZE,
            sobjects,
            extra: Map::new(),
        }
    }
}

impl From<&ObjectDescribe> for ObjectSummary {
    /// Takes the keys that the describe of an object and its summary share.
    fn from(of: &ObjectDescribe) -> Self {
        let mut urls = of.urls.clone();
        // The summary has neither the URLs of pages nor that of default values.
        urls.retain(|key, _| !key.starts_with("ui") && key != "defaultValues");
        Self {
            activateable: of.activateable,
            // A summary always has these keys, which a describe may lack.
            associate_entity_type: Some(of.associate_entity_type.clone().flatten()),
            associate_parent_entity: Some(of.associate_parent_entity.clone().flatten()),
            createable: of.createable,
            custom: of.custom,
            custom_setting: of.custom_setting,
            deep_cloneable: of.deep_cloneable,
            deletable: of.deletable,
            deprecated_and_hidden: of.deprecated_and_hidden,
            feed_enabled: of.feed_enabled,
            has_subtypes: of.has_subtypes,
            is_interface: of.is_interface,
            is_subtype: of.is_subtype,
            key_prefix: of.key_prefix.clone(),
            label: of.label.clone(),
            label_plural: of.label_plural.clone(),
            layoutable: of.layoutable,
            mergeable: of.mergeable,
            mru_enabled: of.mru_enabled,
            name: of.name.clone(),
            queryable: of.queryable,
            replicateable: of.replicateable,
            retrieveable: of.retrieveable,
            searchable: of.searchable,
            triggerable: of.triggerable,
            undeletable: of.undeletable,
            updateable: of.updateable,
            urls,
            extra: Map::new(),
        }
    }
}
