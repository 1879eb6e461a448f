//! API names: the form that names of objects and fields have, and what it tells.

/// Is this the name of an object or a field? It has a letter first, then letters, digits and single
/// underscores, and does not end with one. A custom name ends with `__c`, and may begin with a
/// namespace and `__`: `Invoice__c`, `acme__Invoice__c`.
pub(crate) fn is_api_name(name: &str) -> bool {
    let is_plain = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && !name.ends_with('_')
            && !name.contains("__")
    };
    match name.strip_suffix("__c") {
        None => is_plain(name),
        Some(custom) => match custom.split_once("__") {
            None => is_plain(custom),
            Some((namespace, name)) => is_plain(namespace) && is_plain(name),
        },
    }
}

/// Is this the name of a custom object or field, which ends with `__c`?
pub(crate) fn is_custom(name: &str) -> bool {
    name.ends_with("__c")
}

#[cfg(test)]
mod tests {
    use super::is_api_name;

    // The tests of the derive check the same names, so that both rules stay equal.
    #[test]
    fn api_names_are_told_from_others() {
        for name in ["A", "Account", "My_Object__c", "acme__Invoice__c", "A1_b2"] {
            assert!(is_api_name(name), "{name}");
        }
        for name in
            ["", "1A", "_A", "A_", "A__b", "A__", "A-b", "Ä", "__c", "A__x", "a__b__d__c", "A___c"]
        {
            assert!(!is_api_name(name), "{name}");
        }
    }
}
