//! Names that are made from other names: API names from identifiers, and labels from API names.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;

/// The API name of the field for the record's owner. If a create leaves it out, the owner is the
/// caller.
const OWNER: &str = "OwnerId";

/// What stands behind the last `__` of a custom name. Core has the same list, which says what each
/// is for, and a test compares the two.
const SUFFIXES: [&str; 25] = [
    "c",
    "mdt",
    "e",
    "chn",
    "b",
    "x",
    "xo",
    "ka",
    "kav",
    "ViewStat",
    "VoteStat",
    "DataCategorySelection",
    "VersionHistory",
    "hd",
    "pc",
    "p",
    "s",
    "Share",
    "History",
    "Feed",
    "Tag",
    "ChangeEvent",
    "dlm",
    "dll",
    "cio",
];

/// The parts of a compound custom field, which stand before the suffix `__s`.
const PARTS: [&str; 8] = [
    "Latitude",
    "Longitude",
    "Street",
    "City",
    "PostalCode",
    "StateCode",
    "CountryCode",
    "GeocodeAccuracy",
];

/// Are these the same API name? On the platform, the case of a name does not matter.
pub(crate) fn is_same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// Is this the field for the record's owner?
pub(crate) fn is_owner(name: &str) -> bool {
    is_same_name(name, OWNER)
}

/// The fields that every object has: their API names, and their names in core's `Record`.
const SYSTEM_FIELDS: [(&str, &str); 7] = [
    ("Id", "id"),
    ("IsDeleted", "is_deleted"),
    ("CreatedDate", "created_date"),
    ("CreatedById", "created_by_id"),
    ("LastModifiedDate", "last_modified_date"),
    ("LastModifiedById", "last_modified_by_id"),
    ("SystemModstamp", "system_modstamp"),
];

/// The standard fields that a custom object may have beside the system fields: those of every
/// object, the organisation of a custom setting, and what the platform adds where the org has
/// several currencies, divisions, or connections to other orgs.
const STANDARD_OF_CUSTOM: [&str; 14] = [
    "Name",
    "OwnerId",
    "CurrencyIsoCode",
    "RecordTypeId",
    "LastActivityDate",
    "LastViewedDate",
    "LastReferencedDate",
    "SetupOwnerId",
    "Division",
    "IsLocked",
    "MayEdit",
    "UserRecordAccessId",
    "ConnectionReceivedId",
    "ConnectionSentId",
];

/// What the API name of a custom object or field ends with.
const CUSTOM: &str = "__c";

/// What the name of the relationship of a custom field ends with.
const CUSTOM_RELATIONSHIP: &str = "__r";

/// The API name that a struct has unless it gives one: its identifier.
pub(crate) fn object_name(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// The API name that a field has unless it gives one: `agent_id` gives `AgentId`.
pub(crate) fn field_name(ident: &Ident) -> String {
    ident.unraw().to_string().split('_').map(capitalised).collect()
}

/// The text with its first letter in upper case.
fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The label that an object has unless it gives one: `LiveAgentSession` gives
/// `Live Agent Session`.
pub(crate) fn object_label(name: &str) -> String {
    words(name).join(" ")
}

/// The label that a field has unless it gives one: `OwnerId` gives `Owner ID`, as on object pages, and
/// `Spot__Latitude__s` gives `Spot (Latitude)`, as in an org.
pub(crate) fn field_label(name: &str) -> String {
    let mut words = words(name);
    if let Some(last) = words.last_mut().filter(|last| *last == "Id") {
        "ID".clone_into(last);
    }
    let label = words.join(" ");
    match split_custom(name) {
        Some((_, Some(part))) => format!("{label} ({})", self::words(part).join(" ")),
        _ => label,
    }
}

/// The name by which queries follow a reference unless it gives one: `AgentId` gives `Agent`,
/// `Invoice__c` gives `Invoice__r`, and `Payer__pc` gives `Payer__pr`.
pub(crate) fn relationship(name: &str) -> Option<String> {
    if let Some((custom, suffix)) = name.rsplit_once("__") {
        let of = |known: &str, relationship: &str| {
            is_same_name(suffix, known).then(|| format!("{custom}__{relationship}"))
        };
        return of("c", "r").or_else(|| of("pc", "pr"));
    }
    let (rest, id) = name.split_at_checked(name.len().checked_sub(2)?)?;
    (is_same_name(id, "Id") && !rest.is_empty()).then(|| rest.to_owned())
}

/// Is this the name of a custom object or field?
pub(crate) fn is_custom(name: &str) -> bool {
    without_suffix(name, CUSTOM).is_some()
}

/// Has this name the suffix of something else than custom objects and fields?
pub(crate) fn has_other_suffix(name: &str) -> bool {
    split_custom(name).is_some() && !is_custom(name)
}

/// The name of a relationship without the suffix of custom ones; `None` if it has none.
pub(crate) fn without_custom_relationship(name: &str) -> Option<&str> {
    without_suffix(name, CUSTOM_RELATIONSHIP)
}

/// The name with the suffix of custom objects and fields, which is appended unless it is there.
pub(crate) fn custom(name: String) -> String {
    with_suffix(name, CUSTOM)
}

/// The name with the suffix of custom relationships, which is appended unless it is there.
pub(crate) fn custom_relationship(name: String) -> String {
    with_suffix(name, CUSTOM_RELATIONSHIP)
}

fn with_suffix(name: String, suffix: &str) -> String {
    if without_suffix(&name, suffix).is_some() { name } else { name + suffix }
}

/// The name without the suffix, which it may have in any case; `None` if it has none.
fn without_suffix<'n>(name: &'n str, suffix: &str) -> Option<&'n str> {
    let (rest, end) = name.split_at_checked(name.len().checked_sub(suffix.len())?)?;
    end.eq_ignore_ascii_case(suffix).then_some(rest)
}

/// Is this a field that every custom object may have, so that its name has no suffix?
pub(crate) fn is_standard_of_custom(name: &str) -> bool {
    STANDARD_OF_CUSTOM.iter().any(|standard| standard.eq_ignore_ascii_case(name))
}

/// The system field of this API name, in any case: its API name, and its name in core's `Record`.
pub(crate) fn system_field(name: &str) -> Option<(&'static str, &'static str)> {
    SYSTEM_FIELDS.into_iter().find(|(system, _)| system.eq_ignore_ascii_case(name))
}

/// The variant of core's `FieldType` for a describe type that `type = ..` may name.
pub(crate) fn variant_of_type(name: &str) -> &'static str {
    match name {
        "textarea" => "TextArea",
        "email" => "Email",
        "phone" => "Phone",
        "url" => "Url",
        "combobox" => "Combobox",
        "currency" => "Currency",
        "percent" => "Percent",
        _ => "String",
    }
}

/// The variant of core's `OnDelete` for a rule that `on_delete = ..` may name.
pub(crate) fn variant_of_rule(name: &str) -> &'static str {
    match name {
        "cascade" => "Cascade",
        "restrict" => "Restrict",
        _ => "SetNull",
    }
}

/// The words of an API name without its namespace and suffix. A run of capitals is one word:
/// `HTMLBody` is `HTML` and `Body`.
fn words(name: &str) -> Vec<String> {
    let plain = split_custom(name).map_or(name, |(custom, _)| custom);
    let plain = plain.rsplit("__").next().unwrap_or(plain);
    let mut words = Vec::new();
    for part in plain.split('_').filter(|part| !part.is_empty()) {
        let chars: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (n, &c) in chars.iter().enumerate() {
            let after_lower = n > 0 && !chars[n - 1].is_uppercase();
            let before_lower = chars.get(n + 1).is_some_and(|next| next.is_lowercase());
            if c.is_uppercase() && (after_lower || before_lower) && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.push(c);
        }
        words.push(word);
    }
    words
}

/// Is this an API name? It has letters, digits and single underscores, a letter first and no
/// underscore last. A custom name has `__` and a suffix of the platform behind it, and may have a
/// namespace and `__` before it.
pub(crate) fn is_api_name(name: &str) -> bool {
    match split_custom(name) {
        None => is_plain_name(name),
        Some((custom, _)) => match custom.split_once("__") {
            None => is_plain_name(custom),
            Some((namespace, name)) => is_plain_name(namespace) && is_plain_name(name),
        },
    }
}

/// A custom name without its suffix, and the part of a compound field that it names, if any; `None` for
/// a name that has no suffix.
fn split_custom(name: &str) -> Option<(&str, Option<&str>)> {
    let (rest, suffix) = name.rsplit_once("__")?;
    if !SUFFIXES.iter().any(|known| is_same_name(known, suffix)) {
        return None;
    }
    match rest.rsplit_once("__") {
        Some((whole, part))
            if is_same_name(suffix, "s") && PARTS.iter().any(|it| is_same_name(it, part)) =>
        {
            Some((whole, Some(part)))
        }
        _ => Some((rest, None)),
    }
}

fn is_plain_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.contains("__")
        && !name.ends_with('_')
}

/// An identifier as messages and docs print it.
pub(crate) fn printed(ident: &Ident) -> String {
    ident.to_token_stream().to_string()
}
