//! Names that are made from other names: API names from identifiers, and labels from API names.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;

/// The API name of the field for the record's owner. If a create leaves it out, the owner is the
/// caller.
pub(crate) const OWNER: &str = "OwnerId";

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

/// The label that a field has unless it gives one: `OwnerId` gives `Owner ID`, as on object pages.
pub(crate) fn field_label(name: &str) -> String {
    let mut words = words(name);
    if let Some(last) = words.last_mut().filter(|last| *last == "Id") {
        "ID".clone_into(last);
    }
    words.join(" ")
}

/// The name by which queries follow a reference unless it gives one: `AgentId` gives `Agent`,
/// `Invoice__c` gives `Invoice__r`.
pub(crate) fn relationship(name: &str) -> Option<String> {
    match name.strip_suffix("__c") {
        Some(custom) => Some(format!("{custom}__r")),
        None => name.strip_suffix("Id").filter(|rest| !rest.is_empty()).map(str::to_owned),
    }
}

/// Is this the name of a custom object or field?
pub(crate) fn is_custom(name: &str) -> bool {
    without_suffix(name, CUSTOM).is_some()
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

/// The words of an API name without its namespace and suffix. A run of capitals is one word:
/// `HTMLBody` is `HTML` and `Body`.
fn words(name: &str) -> Vec<String> {
    let plain = name.strip_suffix("__c").unwrap_or(name);
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
/// underscore last. A custom name ends with `__c`, and may begin with a namespace and `__`.
pub(crate) fn is_api_name(name: &str) -> bool {
    match name.strip_suffix("__c") {
        None => is_plain_name(name),
        Some(custom) => match custom.split_once("__") {
            None => is_plain_name(custom),
            Some((namespace, name)) => is_plain_name(namespace) && is_plain_name(name),
        },
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
