//! Finds contradictions in the declarations of objects, when a store is opened.
//!
//! The derive finds most of them at compile time. This is for definitions that were written by hand
//! and objects that come with a describe. All problems of an object are reported at once.

mod references;

use std::collections::{HashMap, HashSet};

use self::references::{ChildNames, push_wrong_rules};
use crate::{
    bytes::fold,
    catalogue::{
        autonumber::AutoNumber,
        declared::{DeclaredField, DeclaredObject, ObjectHead},
    },
    definition::{Calls, SYSTEM_FIELDS},
    error::{Error, Result},
    id::KeyPrefix,
    name::{OWNER_ID, is_api_name, is_name_of_an_org, is_per_caller_name, is_same_name},
    value::{FieldType, Storage},
};

/// Most fields of an object.
const MAX_FIELDS: usize = 2_000;
/// The key prefix of users, even in a store that has no object User.
const USER_PREFIX: &str = "005";
/// The greatest first number of an auto-number: the greatest with ten digits.
const MAX_START: u64 = 9_999_999_999;
/// Longest text that a field of a definition may hold, in characters. Some standard fields are longer,
/// which a describe tells.
const MAX_LENGTH: u32 = 131_072;
/// Most digits that an int may have.
const MAX_DIGITS: u8 = 9;
/// Most digits that a decimal number may have.
const MAX_PRECISION: u8 = 18;
/// Most digits that a decimal number may have right of the point.
const MAX_SCALE: u8 = 15;
/// Longest text that may be grouped, sorted or found by its value, in characters.
const MAX_COMPARED: u32 = 255;

/// Checks the objects against each other, and one by one those that are not known, by their places:
/// what the file has with the same description was checked when it was written.
///
/// # Errors
/// [`Error::BadDefinition`] with every problem of the first object that has any.
pub(crate) fn check(objects: &[DeclaredObject], is_known: &[bool]) -> Result<()> {
    let mut names = HashSet::new();
    let mut holders: HashMap<&str, &ObjectHead> = HashMap::new();
    let mut child_names = ChildNames::default();
    for (place, object) in objects.iter().enumerate() {
        let head = &object.head;
        let mut problems = Vec::new();
        if !names.insert(head.name.to_ascii_lowercase()) {
            problems.push("another object has the same name".to_owned());
        }
        // An object that comes with a describe may have none.
        let prefix = Some(&*head.key_prefix).filter(|prefix| !prefix.is_empty());
        if let Some(other) = prefix.and_then(|prefix| holders.insert(prefix, head))
            && !(head.shared_prefix && other.shared_prefix)
        {
            problems.push(format!(
                "another object has the key prefix {}: {}; if both have it on the platform, both say \
                 so by `shared_prefix`",
                head.key_prefix, other.name
            ));
        }
        child_names.push_problems(object, &mut problems);
        if is_known.get(place) != Some(&true) {
            push_problems_of_object(object, &mut problems);
        }
        if !problems.is_empty() {
            return Err(Error::BadDefinition { object: head.name.clone(), problems });
        }
    }
    Ok(())
}

fn push_problems_of_object(object: &DeclaredObject, problems: &mut Vec<String>) {
    let DeclaredObject { head, fields, described, .. } = object;
    // What an org says of its own objects and fields is so.
    let is_described = described.is_some();
    if !is_name(&head.name, is_described) {
        problems.push(format!("`{}` is not an API name", head.name));
    }
    if head.name.eq_ignore_ascii_case("User") && head.calls.is_delete() {
        problems.push("users cannot be deleted, since stamps name them".to_owned());
    }
    let prefix = &head.key_prefix;
    if prefix == USER_PREFIX && !head.name.eq_ignore_ascii_case("User") {
        problems.push(format!("the key prefix {prefix} is that of users, whom stamps name"));
    }
    if KeyPrefix::new(prefix).is_none() && !(is_described && prefix.is_empty()) {
        problems.push(format!("the key prefix `{prefix}` is not three of 0-9, A-Z and a-z"));
    }
    push_problems_of_fields(fields, head.calls, is_described, problems);
    if !is_described {
        push_wrong_uses(fields, problems);
        push_wrong_rules(head, fields, problems);
    }
}

/// Can an object or a field have this name? An org may have names of forms that came later.
fn is_name(name: &str, is_described: bool) -> bool {
    is_api_name(name) || (is_described && is_name_of_an_org(name))
}

fn push_problems_of_fields(
    fields: &[DeclaredField],
    calls: Calls,
    is_described: bool,
    problems: &mut Vec<String>,
) {
    if fields.len() > MAX_FIELDS {
        problems.push(format!("an object has at most {MAX_FIELDS} fields"));
    }
    let mut names: HashSet<String> =
        SYSTEM_FIELDS.iter().map(|field| field.name.to_ascii_lowercase()).collect();
    for field in fields {
        if !is_name(&field.name, is_described) {
            problems.push(format!("`{}` is not an API name", field.name));
        }
        if !names.insert(field.name.to_ascii_lowercase()) {
            problems.push(format!("field {} is there twice, or is a system field", field.name));
        }
        let mut problem = |wrong: bool, what: &str| {
            if wrong {
                problems.push(format!("field {}: {what}", field.name));
            }
        };
        check_type(field, &mut problem);
        if !is_described {
            check_numbers(field, &mut problem);
        }
        check_picklist(field, &mut problem);
        check_store_given(field, &mut problem);
        problem(
            calls.is_create() && !field.is_given_a_value(),
            "no record could be created: the field is required, but cannot be given on create",
        );
    }
    let mut old_names = HashSet::new();
    for field in fields {
        for was in &field.was {
            let folded = was.to_ascii_lowercase();
            if names.contains(&folded) || !old_names.insert(folded) {
                problems.push(format!(
                    "field {}: `was` names {was}, which is another field's name",
                    field.name
                ));
            }
        }
    }
    if fields.iter().filter(|field| field.flags.is_name_field()).count() > 1 {
        problems.push("more than one field is the name field".to_owned());
    }
}

/// Reports fields that are unique, filtered, grouped or sorted by although their type does not allow it.
/// The traits in `shell::claims` check the same for Rust types.
fn push_wrong_uses(fields: &[DeclaredField], problems: &mut Vec<String>) {
    for field in fields {
        let (of, flags) = (field.field_type, field.flags);
        let is_bytes = of.storage() == Some(Storage::Bytes);
        let is_several = of == FieldType::MultiPicklist;
        let is_long = of.storage() == Some(Storage::Text) && field.length > MAX_COMPARED;
        let has_groups = !matches!(
            of,
            FieldType::DateTime
                | FieldType::Double
                | FieldType::Currency
                | FieldType::Percent
                | FieldType::Combobox
        );
        let is_autonumber = field.autonumber.is_some();
        if flags.is_unique() && of == FieldType::Boolean {
            problems.push(format!(
                "field {}: a boolean is not unique: it has two values and so room for two records",
                field.name
            ));
        }
        for (is_wrong, what) in [
            (flags.is_filter() && (is_bytes || (is_long && !is_several)), "filtered"),
            (
                flags.is_group()
                    && (is_bytes || is_long || is_several || is_autonumber || !has_groups),
                "grouped",
            ),
            (flags.is_sort() && (is_bytes || is_long || is_several), "sorted"),
        ] {
            if is_wrong {
                let of = if is_autonumber { "auto-number" } else { of.name() };
                let long = if is_long { " of more than 255 characters" } else { "" };
                problems.push(format!("field {}: no {of}{long} can be {what} by", field.name));
            }
        }
    }
}

/// A function that takes whether something is wrong, and the sentence that says what.
type Report<'p> = &'p mut dyn FnMut(bool, &str);

fn check_type(field: &DeclaredField, problem: Report<'_>) {
    let flags = field.flags;
    let storage = field.field_type.storage();
    let is_long_text = storage == Some(Storage::Text) && field.length > MAX_COMPARED;
    problem(
        storage.is_none() && !flags.is_describe_only(),
        &format!("the type {} is not supported", field.field_type.name()),
    );
    problem(
        field.field_type == FieldType::Id && !flags.is_describe_only(),
        "only the system field Id has the type id",
    );
    problem(
        !flags.is_describe_only()
            && (field.field_type == FieldType::Reference) == field.references.is_empty(),
        "a reference, and nothing else, names the objects that it leads to",
    );
    problem(
        field.names_any() && field.references.len() > 1,
        "a reference to any object names no other beside",
    );
    problem(
        (is_long_text || storage == Some(Storage::Bytes))
            && (field.is_indexed() || flags.is_name_field()),
        "text of more than 255 characters and base64 have no index, and are neither name, lookup, \
         external id nor unique",
    );
    problem(
        field.field_type == FieldType::Boolean
            && !flags.is_nillable()
            && !flags.is_defaulted_on_create(),
        "a boolean is false unless a create says otherwise, so it is defaulted on create",
    );
    problem(
        flags.is_case_sensitive() && (!flags.is_unique() || storage != Some(Storage::Text)),
        "only a unique text is case sensitive",
    );
}

fn check_numbers(field: &DeclaredField, problem: Report<'_>) {
    let storage = field.field_type.storage();
    problem(field.length > MAX_LENGTH, "the length is more than 131072 characters");
    problem(field.digits > MAX_DIGITS, "an int has at most 9 digits");
    problem(field.length > 0 && storage != Some(Storage::Text), "only text has a length");
    problem(
        field.flags.is_length_in_bytes() && storage != Some(Storage::Text),
        "only text has a length in bytes",
    );
    problem(
        field.flags.is_rich_text() && field.field_type != FieldType::TextArea,
        "only a textarea is rich text",
    );
    problem(field.digits > 0 && storage != Some(Storage::Int), "only an int has digits");
    problem(
        field.relationship.is_some() && field.field_type != FieldType::Reference,
        "only a reference has a relationship",
    );
    let scale = field.scale.unwrap_or(0);
    problem(
        (field.precision > 0 || field.scale.is_some()) && storage != Some(Storage::Double),
        "only a decimal number has a precision and a scale",
    );
    problem(field.precision > MAX_PRECISION, "the precision is more than 18 digits");
    problem(scale > MAX_SCALE, "the scale is more than 15 digits");
    problem(field.precision > 0 && scale > field.precision, "the scale is more than the precision");
}

fn check_picklist(field: &DeclaredField, problem: Report<'_>) {
    let is_picklist = matches!(
        field.field_type,
        FieldType::Picklist | FieldType::MultiPicklist | FieldType::Combobox
    );
    problem(!field.picklist.is_empty() && !is_picklist, "only a picklist has values");
    problem(
        field.flags.is_restricted() && (!is_picklist || field.field_type == FieldType::Combobox),
        "only a picklist is restricted",
    );
    problem(
        field.flags.is_closed() && !field.flags.is_restricted(),
        "only a restricted picklist is closed",
    );
    let mut values = HashSet::new();
    problem(
        !field.picklist.iter().all(|value| values.insert(fold(&value.value))),
        "a value of the picklist is there twice",
    );
    problem(
        field
            .picklist
            .iter()
            .any(|value| value.value.trim() != value.value || value.value.is_empty()),
        "a value of the picklist is empty, or begins or ends with a blank",
    );
    problem(
        field.field_type == FieldType::MultiPicklist
            && field.picklist.iter().any(|value| value.value.contains(';')),
        "a value of a multi-select picklist has a semicolon",
    );
    let n_defaults = field.picklist.iter().filter(|value| value.default).count();
    problem(
        n_defaults > 1 || (n_defaults == 1 && field.default.is_some()),
        "the picklist has more than one default",
    );
    problem(
        field.picklist.iter().any(|value| value.default && !value.active),
        "the default of the picklist is inactive",
    );
}

/// Checks the fields whose values the store supplies: auto-numbers, per-caller times and defaults.
fn check_store_given(field: &DeclaredField, problem: Report<'_>) {
    let flags = field.flags;
    if let Some(format) = &field.autonumber {
        problem(field.field_type != FieldType::String, "an auto-number is a string");
        problem(
            flags.is_create() || flags.is_update(),
            "an auto-number is given by the store, so it has neither create nor update",
        );
        problem(field.default.is_some(), "an auto-number has no other default");
        problem(flags.is_nillable(), "an auto-number is never null");
        problem(
            flags.is_unique(),
            "an auto-number is not unique: each is given once, but what was there before may be one",
        );
        problem(field.start > MAX_START, "an auto-number starts at ten digits at most");
        if let Err(reason) = AutoNumber::parse(format) {
            problem(true, &reason);
        }
    }
    if flags.is_per_caller() {
        problem(
            !is_per_caller_name(&field.name) || field.field_type != FieldType::DateTime,
            "only the date-times LastViewedDate and LastReferencedDate are per caller",
        );
        problem(
            !flags.is_nillable() || flags.is_create() || flags.is_update(),
            "a per-caller field is nillable, and has neither create nor update",
        );
        problem(field.is_indexed(), "a per-caller field has no index");
    }
    problem(
        field.default.is_some() && field.field_type == FieldType::Reference,
        "a reference has no default",
    );
    problem(
        flags.is_defaulted_on_create() && !has_default(field),
        "it is defaulted on create, but has no default; the store has its own for booleans \
         (false), auto-numbers, picklists with a default value and OwnerId (the caller) only",
    );
}

/// Does the field get a value if a create leaves it out?
fn has_default(field: &DeclaredField) -> bool {
    field.default_value().is_some() || field.autonumber.is_some() || is_owner(field)
}

/// Is this an OwnerId that names the caller if a create leaves it out?
fn is_owner(field: &DeclaredField) -> bool {
    is_same_name(&field.name, OWNER_ID)
        && field.references.iter().any(|object| is_same_name(object, "User"))
}
