//! Names that are made from other names: API names from identifiers, and labels from API names.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;

/// The API name of the field for the record's owner. If a create leaves it out, the owner is the
/// caller.
pub(crate) const OWNER: &str = "OwnerId";

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
