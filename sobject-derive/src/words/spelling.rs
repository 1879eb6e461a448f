//! What a word that is in no table was most likely meant to be.

use super::{TYPES, TYPES_OF_RUST, Word};

/// What object pages and describes say of a field that has no word here, because it follows from
/// something else, and from what; and what comes from APIs and crates for the same.
pub(crate) const FOLLOWS: &[(&[&str], &str)] = &[
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
    (&["custom"], "it follows from the API name: custom ones end in `__c`"),
    (&["permissionable"], "it follows from the other words"),
    (&["calculated", "formula"], "formula fields are not supported"),
    (
        &[
            "calculatedFormula",
            "cascadeDelete",
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
            "htmlFormatted",
            "mask",
            "maskType",
            "queryByDistance",
            "referenceTargetField",
            "relationshipOrder",
            "restrictedDelete",
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

/// What other crates say of a field or an object that has no word here, and what to do instead.
pub(crate) const OTHERWISE: &[(&[&str], &str)] = &[
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
        &["derive"],
        "views have derives by `create(derive(..))` and `update(derive(..))`, and the struct by its \
         own `#[derive(..)]`",
    ),
];

/// What other crates and APIs call what a word says, and the word: the first that is known where the
/// other stands.
pub(crate) const ELSEWHERE: &[(&[&str], &[&str])] = &[
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
    (&["auto_increment", "autoincrement", "serial", "format", "displayFormat"], &["autonumber"]),
    (&["startingNumber", "starting_number"], &["start"]),
    (&["prefix", "id_prefix"], &["key_prefix"]),
    (&["version", "api_version", "apiVersion"], &["since"]),
    (&["plural_label", "pluralLabel", "label_plural", "plural_name"], &["plural"]),
    (&["supported_calls", "operations", "methods"], &["calls"]),
];

/// Why a property of an object page or a describe has no word.
pub(crate) fn follows(written: &str) -> Option<String> {
    if TYPES.contains(&written) {
        return Some(format!("write `type = {written}`"));
    }
    why(FOLLOWS, written).or_else(|| {
        let is_type = TYPES_OF_RUST.contains(&written);
        is_type.then(|| "it follows from the Rust type".to_owned())
    })
}

/// What to do instead of a word of another crate.
pub(crate) fn otherwise(written: &str) -> Option<String> {
    why(OTHERWISE, written)
}

fn why(table: &[(&[&str], &str)], written: &str) -> Option<String> {
    let found = table.iter().find(|(names, _)| names.contains(&written));
    found.map(|(_, why)| (*why).to_owned())
}

/// The one of these words that says what `written` says elsewhere.
pub(crate) fn said_elsewhere(written: &str, words: &'static [Word]) -> Option<&'static Word> {
    let (_, meant) = ELSEWHERE.iter().find(|(names, _)| names.contains(&written))?;
    meant.iter().find_map(|name| words.iter().find(|word| word.name == *name))
}

/// The name that `written` was most likely meant to be, if there is one near enough.
pub(crate) fn nearest<'n>(
    written: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    // Underscores and case are what tells our words from the spellings of other places.
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
