//! What a word that is in no table was most likely meant to be.

/// What object pages and describes say of a field that has no word here, because it follows from
/// something else, and from what.
const FOLLOWS: &[(&[&str], &str)] = &[
    (&["Aggregatable", "aggregatable"], "it follows from `filter` and the type"),
    (
        &["Namepointing", "namePointing", "polymorphicForeignKey"],
        "it follows from the type: `Ref<(X, Y)>` may name several objects",
    ),
    (&["referenceTo"], "it follows from the type: `Id<X>` or `Ref<(X, Y)>`"),
    (&["picklistValues"], "they follow from the type: an enum with `#[derive(Picklist)]`"),
    (&["soapType", "byteLength"], "it follows from the type"),
    (&["custom"], "it follows from the API name: custom ones end in `__c`"),
    (&["permissionable"], "it follows from the other words"),
    (&["calculated"], "formula fields are not supported"),
    (
        &["Delete", "Query", "Retrieve", "Search", "Replicate"],
        "it is said of the object: `calls(..)` in the struct's `#[sobject(..)]`",
    ),
];

/// Why a property of an object page or a describe has no word.
pub(crate) fn follows(written: &str) -> Option<&'static str> {
    FOLLOWS.iter().find(|(names, _)| names.contains(&written)).map(|(_, why)| *why)
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
