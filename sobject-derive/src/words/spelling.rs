//! Finds what was most likely meant by a word that is in no table, for the message about it.

use super::{TYPES, TYPES_OF_RUST, Word};

/// Properties on object pages and in describes that have no word, because they follow from
/// something else or are not supported; and the names that APIs and crates have for them. The
/// second part is the reason.
pub(crate) const IMPLIED: &[(&[&str], &str)] = &[
    (&["Aggregatable", "aggregatable"], "it follows from `filter` and the type"),
    (
        &["Namepointing", "namePointing", "polymorphicForeignKey"],
        "it follows from the type: `Ref<(X, Y)>` may name several objects",
    ),
    (
        &[
            "referenceTo",
            "reference_to",
            "references",
            "reference",
            "lookup",
            "master_detail",
            "foreign_key",
            "belongs_to",
        ],
        "it follows from the type: `Id<X>` or `Ref<(X, Y)>`",
    ),
    (
        &["picklistValues", "picklist_values", "picklist", "multipicklist", "values"],
        "it follows from the type: an enum with `#[derive(Picklist)]`",
    ),
    (&["soapType", "byteLength"], "it follows from the type"),
    (&["permissionable"], "it follows from the other words"),
    (&["calculated", "formula"], "formula fields are not supported"),
    (
        &[
            "calculatedFormula",
            "compoundFieldName",
            "controllerName",
            "defaultValueFormula",
            "dependentPicklist",
            "deprecatedAndHidden",
            "displayLocationInDecimal",
            "encrypted",
            "extraTypeInfo",
            "filteredLookupInfo",
            "formulaTreatNullNumberAsZero",
            "highScaleNumber",
            "mask",
            "maskType",
            "queryByDistance",
            "referenceTargetField",
            "relationshipOrder",
            "searchPrefilterable",
            "writeRequiresMasterRead",
        ],
        "what it says is not supported",
    ),
    (
        &[
            "Delete",
            "Query",
            "Retrieve",
            "Search",
            "Replicate",
            "delete",
            "merge",
            "query",
            "retrieve",
            "search",
            "undelete",
            "upsert",
        ],
        "it is said of the object: `calls(..)` in the struct's `#[sobject(..)]`",
    ),
];

/// Words that other crates have and that have no counterpart here, and what to do instead.
pub(crate) const ADVICE: &[(&[&str], &str)] = &[
    (
        &["required", "mandatory", "not_null", "non_null"],
        "a field is required unless it is `nillable` or has a default",
    ),
    (&["readonly", "read_only", "immutable"], "a field is read-only without `create` and `update`"),
    (&["read", "readable", "select", "selectable"], "every field can be read"),
    (&["write", "writable", "writeable"], "write `create`, `update` or both"),
    (
        &["skip", "ignore", "transient", "skip_serializing", "skip_deserializing", "flatten"],
        "every field of the struct is stored; keep in another struct what is not",
    ),
    (&["primary_key", "pk"], "every object has `Id`, which comes with `Record<X>`"),
    (
        &["cascadeDelete", "cascade_delete", "cascade"],
        "write `on_delete = cascade`, which describe tells of the object that the reference leads \
         to",
    ),
    (
        &["restrictedDelete", "restricted_delete", "restrict"],
        "write `on_delete = restrict`, which describe tells of the object that the reference leads \
         to",
    ),
    (
        &["derive"],
        "views have derives by `create(derive(..))` and `update(derive(..))`, and the struct by its \
         own `#[derive(..)]`",
    ),
];

/// The names that other crates and APIs have for our words. If there are several words, the first
/// that the attribute knows is meant.
pub(crate) const SYNONYMS: &[(&[&str], &[&str])] = &[
    (
        &[
            "rename",
            "api_name",
            "apiName",
            "column",
            "column_name",
            "field_name",
            "fieldName",
            "object",
            "object_name",
            "sobject",
            "table",
            "table_name",
        ],
        &["name", "value"],
    ),
    (&["optional", "null"], &["nillable"]),
    (&["insert", "insertable"], &["create"]),
    (&["description", "desc", "comment", "tooltip"], &["help"]),
    (&["size", "len", "max", "max_len", "max_size", "maxLength"], &["length"]),
    (&["rich", "html", "richtextarea"], &["rich_text"]),
    (&["auto_increment", "autoincrement", "serial", "format", "displayFormat"], &["autonumber"]),
    (&["startingNumber", "starting_number"], &["start"]),
    (&["prefix", "id_prefix"], &["key_prefix"]),
    (&["version", "api_version", "apiVersion"], &["since"]),
    (&["onDelete", "deleteConstraint", "delete_constraint", "delete_rule"], &["on_delete"]),
    (&["children", "related_list", "related_name", "has_many"], &["child_relationship"]),
    (&["plural_label", "pluralLabel", "label_plural", "plural_name"], &["plural"]),
    (&["supported_calls", "operations", "methods"], &["calls"]),
];

/// Why a property of an object page or a describe has no word.
pub(crate) fn why_implied(written: &str) -> Option<String> {
    if TYPES.contains(&written) {
        return Some(format!("write `type = {written}`"));
    }
    why(IMPLIED, written).or_else(|| {
        let is_type = TYPES_OF_RUST.contains(&written);
        is_type.then(|| "it follows from the Rust type".to_owned())
    })
}

/// What to do instead of a word of another crate.
pub(crate) fn advice(written: &str) -> Option<String> {
    why(ADVICE, written)
}

fn why(table: &[(&[&str], &str)], written: &str) -> Option<String> {
    let found = table.iter().find(|(names, _)| names.contains(&written));
    found.map(|(_, why)| (*why).to_owned())
}

/// The one of these words for which other crates and APIs have the name `written`.
pub(crate) fn meant_by_synonym(written: &str, words: &'static [Word]) -> Option<&'static Word> {
    let (_, meant) = SYNONYMS.iter().find(|(names, _)| names.contains(&written))?;
    meant.iter().find_map(|name| words.iter().find(|word| word.name == *name))
}

/// The name that was most likely meant by `written`, if one is similar enough.
pub(crate) fn nearest<'n>(
    written: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    // Many spellings of other places differ from our words in underscores and case only.
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let written = plain(written);
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&written, &plain(name)), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

/// The names as a sentence lists them.
pub(crate) fn list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
