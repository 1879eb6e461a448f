//! API names: the form that names of objects and fields have, what it tells, and the names of fields
//! that mean something to a store.
//!
//! ```text
//! Account              a standard name
//! Invoice__c           a custom name: a suffix says of what kind
//! acme__Invoice__c     with the namespace of the package that brought it
//! Spot__Latitude__s    a part of a custom geolocation or address
//! acme__Invoice__Share what goes along with a custom object
//! ```
//!
//! **Invariant:** the case of a name never matters, that of its suffix included.

/// The field of a record's owner. If a create leaves it out, the owner is the caller.
pub(crate) const OWNER_ID: &str = "OwnerId";
/// The field that holds when the caller last viewed the record.
pub(crate) const LAST_VIEWED_DATE: &str = "LastViewedDate";
/// The field that holds when the caller last referenced the record.
pub(crate) const LAST_REFERENCED_DATE: &str = "LastReferencedDate";

/// What stands behind the last `__` of a custom name. The derive has the same list, and a test
/// compares the two.
const SUFFIXES: [&str; 25] = [
    "c",                     // custom object, custom setting or custom field
    "mdt",                   // custom metadata type
    "e",                     // platform event
    "chn",                   // channel of events
    "b",                     // big object
    "x",                     // external object
    "xo",                    // object of another org
    "ka",                    // knowledge article
    "kav",                   // version of a knowledge article
    "ViewStat",              // how often an article was viewed
    "VoteStat",              // how an article was rated
    "DataCategorySelection", // data category of an article
    "VersionHistory",        // history of the versions of an article
    "hd",                    // historical data of an object
    "pc",                    // custom field of a person account
    "p",                     // custom object of persons
    "s",                     // part of a compound custom field
    "Share",                 // sharing of a custom object's records
    "History",               // field history of a custom object
    "Feed",                  // feed of a custom object
    "Tag",                   // tags of a custom object
    "ChangeEvent",           // changes of a custom object's records
    "dlm",                   // data model object
    "dll",                   // data lake object
    "cio",                   // calculated insight
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

/// Are these the same name?
pub(crate) fn is_same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

/// Is this one of the fields that each caller has a value of its own of?
pub(crate) fn is_per_caller_name(name: &str) -> bool {
    [LAST_VIEWED_DATE, LAST_REFERENCED_DATE].iter().any(|it| is_same_name(it, name))
}

/// Is this the name of an object or a field? It has a letter first, then letters, digits and single
/// underscores, and does not end with one. A custom name has `__` and a suffix of the platform behind
/// it, and may have a namespace and `__` before it.
pub(crate) fn is_api_name(name: &str) -> bool {
    match without_suffix(name) {
        None => is_plain(name),
        Some(custom) => match custom.split_once("__") {
            None => is_plain(custom),
            Some((namespace, name)) => is_plain(namespace) && is_plain(name),
        },
    }
}

/// Is this the name of a relationship? That of a custom one has `__r` behind it, and may have a namespace
/// and `__` before it.
pub(crate) fn is_relationship_name(name: &str) -> bool {
    match name.rsplit_once("__") {
        None => is_plain(name),
        Some((custom, suffix)) if is_same_name(suffix, "r") => match custom.split_once("__") {
            None => is_plain(custom),
            Some((namespace, name)) => is_plain(namespace) && is_plain(name),
        },
        Some(_) => false,
    }
}

/// Can an org have given this name to an object or a field? It may have suffixes that came later.
pub(crate) fn is_name_of_an_org(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Is this the name of a custom object or field, or of what goes along with one?
pub(crate) fn is_custom(name: &str) -> bool {
    without_suffix(name).is_some()
}

/// Is this the name of a custom object itself, which ends with `__c`?
pub(crate) fn is_custom_object(name: &str) -> bool {
    name.rsplit_once("__").is_some_and(|(_, suffix)| is_same_name(suffix, "c"))
}

/// A custom name without its suffix; `None` for a name that has none.
fn without_suffix(name: &str) -> Option<&str> {
    let (rest, suffix) = name.rsplit_once("__")?;
    if !SUFFIXES.iter().any(|known| is_same_name(known, suffix)) {
        return None;
    }
    match rest.rsplit_once("__") {
        Some((whole, part))
            if is_same_name(suffix, "s") && PARTS.iter().any(|it| is_same_name(it, part)) =>
        {
            Some(whole)
        }
        _ => Some(rest),
    }
}

/// Letters, digits and single underscores, a letter first and no underscore last.
fn is_plain(name: &str) -> bool {
    is_name_of_an_org(name) && !name.ends_with('_') && !name.contains("__")
}

#[cfg(test)]
mod tests {
    use super::*;

    // The tests of the derive check the same names, so that both rules stay equal.
    #[test]
    fn api_names_are_told_from_others() {
        for name in ["A", "Account", "My_Object__c", "acme__Invoice__c", "A1_b2", "a__B__C"] {
            assert!(is_api_name(name), "{name}");
        }
        for suffix in SUFFIXES.into_iter().chain(["MDT", "share", "kAV"]) {
            for name in [format!("My_A__{suffix}"), format!("acme__A__{suffix}")] {
                assert!(is_api_name(&name) && is_custom(&name), "{name}");
            }
        }
        for part in PARTS.into_iter().chain(["latitude"]) {
            for name in [format!("Spot__{part}__s"), format!("acme__Spot__{part}__S")] {
                assert!(is_api_name(&name) && is_custom(&name), "{name}");
            }
        }
        for name in [
            "",
            "1A",
            "_A",
            "A_",
            "A__y",
            "A__",
            "A-b",
            "Ä",
            "__c",
            "A__r",
            "a__b__d__c",
            "A___c",
            "A__Latitude",
            "a__b__Depth__s",
            "a__b__c__Latitude__s",
            "A__Share_",
        ] {
            assert!(!is_api_name(name), "{name}");
        }
    }

    #[test]
    fn names_of_relationships_are_told_from_others() {
        for name in ["Contacts", "Details__r", "acme__Details__R", "A_b"] {
            assert!(is_relationship_name(name), "{name}");
        }
        for name in ["", "A__c", "A__", "__r", "1A", "A b", "A_", "a__b__c__r"] {
            assert!(!is_relationship_name(name), "{name}");
        }
    }

    #[test]
    fn names_of_custom_objects_end_with_c_in_any_case() {
        assert!(is_custom_object("A__c") && is_custom_object("a__B__C"));
        assert!(!is_custom_object("A__Share") && !is_custom_object("Account"));
    }

    #[test]
    fn names_of_an_org_may_have_suffixes_that_came_later() {
        assert!(is_name_of_an_org("A__later") && is_name_of_an_org("a__b__c__D__later"));
        assert!(!is_name_of_an_org("") && !is_name_of_an_org("_A") && !is_name_of_an_org("A b"));
    }
}
