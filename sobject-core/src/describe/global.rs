//! [`GlobalDescribe`]: what `describeGlobal` answers, a summary of each object of a store.

use std::collections::BTreeMap;

use serde_json::Map;

use crate::describe::{Gaps, ObjectDescribe, keys::keys_of};

/// Most records in a call that writes, which the platform tells its clients here.
const MAX_BATCH_SIZE: u32 = 200;

keys_of! {
    /// The objects that a caller may see.
    GlobalDescribe named "encoding" from super::envelope::global_in;

    encoding "encoding" has String,
    max_batch_size "maxBatchSize" has u32,
    sobjects "sobjects" needs Vec<ObjectSummary>,
}

keys_of! {
    /// What a [`GlobalDescribe`] tells about an object, in the 28 keys that an org's answer has.
    ObjectSummary named "name";

    activateable "activateable" has bool,
    associate_entity_type "associateEntityType" has Option<String>,
    associate_parent_entity "associateParentEntity" has Option<String>,
    createable "createable" has bool,
    custom "custom" has bool,
    custom_setting "customSetting" has bool,
    deep_cloneable "deepCloneable" has bool,
    deletable "deletable" has bool,
    deprecated_and_hidden "deprecatedAndHidden" has bool,
    feed_enabled "feedEnabled" has bool,
    has_subtypes "hasSubtypes" has bool,
    is_interface "isInterface" has bool,
    is_subtype "isSubtype" has bool,
    key_prefix "keyPrefix" has Option<String>,
    label "label" has String,
    label_plural "labelPlural" has String,
    layoutable "layoutable" has bool,
    mergeable "mergeable" has bool,
    mru_enabled "mruEnabled" has bool,
    name "name" needs String,
    queryable "queryable" has bool,
    replicateable "replicateable" has bool,
    retrieveable "retrieveable" has bool,
    searchable "searchable" has bool,
    triggerable "triggerable" has bool,
    undeletable "undeletable" has bool,
    updateable "updateable" has bool,
    urls "urls" has BTreeMap<String, String>,
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
            gaps: Gaps::default(),
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
            associate_entity_type: of.associate_entity_type.clone(),
            associate_parent_entity: of.associate_parent_entity.clone(),
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
            gaps: Gaps::default(),
        }
    }
}
