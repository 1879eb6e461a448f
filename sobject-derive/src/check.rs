//! The rules that need to see more than one word, and those about the form of texts such as names.
//!
//! Each function reports one kind of mistake, at the word that is wrong. After a mistake that
//! leaves open whether the field may be null, the field is not sound any more
//! ([`Field::is_sound`]), and its type is not compared with the words about null.

mod custom;
mod field_words;

use crate::{
    ctxt::Ctxt,
    model::{Field, Object, Shape, Text, trait_of_views},
    name::{is_api_name, is_owner, printed, system_field},
    words::{field, list, object},
};

/// The system fields that a create may set in audit-field mode.
const AUDIT_FIELDS: [&str; 4] =
    ["created_date", "created_by_id", "last_modified_date", "last_modified_by_id"];

/// Checks the object and all its fields.
pub(crate) fn check(cx: &Ctxt, object: &mut Object<'_>) {
    if object.shape != Shape::Struct {
        // This cannot be an object, which has been reported; its words do not matter then.
        return;
    }
    check_key_prefix(cx, object);
    check_audit_fields(cx, object);
    check_derives(cx, object);
    custom::check_word(cx, &object.words, &object::CUSTOM, &object::NAME);
    check_api_name(cx, &object.name, "an object", object.words.has(&object::NAME));
    if object.fields.is_empty() {
        cx.error(
            object.ident.span(),
            format_args!(
                "`{}` has no fields; an object has at least one beside the system fields",
                object.ident
            ),
        );
    }
    refuse_system_fields(cx, object);
    // If the list of calls could not be read, it is not known whether it has create.
    let has_create = object.has_call("create") && !object.words.was_misread(&object::CALLS_WORD);
    for field in &object.fields {
        if custom::check(cx, object, field) {
            check_api_name(cx, &field.name, "a field", field.has(&field::NAME));
        }
    }
    for field in &mut object.fields {
        field.is_sound &= field_words::check(cx, field);
        if has_create && field.is_sound {
            // Whether the type should be an `Option` depends on the word that the user will
            // add, so the type is not compared with the present words.
            field.is_sound &= check_createable(cx, field);
        }
    }
    check_distinct_names(cx, object);
    check_old_names(cx, object);
    check_one_name_field(cx, object);
}

/// An object must have a key prefix, of three letters or digits.
fn check_key_prefix(cx: &Ctxt, object: &Object<'_>) {
    let prefix = &object.key_prefix;
    if !object.words.has(&object::KEY_PREFIX) {
        // A key prefix that was given in a wrong form has been reported.
        if !object.words.was_misread(&object::KEY_PREFIX) {
            cx.error(
                prefix.at,
                format_args!(
                    "`{}` has no key prefix; write `#[sobject(key_prefix = \"a0B\")]` with the \
                     three characters that its ids start with",
                    object.ident
                ),
            );
        }
    } else if prefix.value.len() != 3 || !prefix.value.bytes().all(|c| c.is_ascii_alphanumeric()) {
        cx.error(
            prefix.at,
            format_args!(
                "a key prefix is three characters of `0-9`, `A-Z` and `a-z`, not `{}`",
                prefix.value
            ),
        );
    }
}

/// With `audit_fields`, the object must have the call `create` and at least one of the audit
/// fields.
fn check_audit_fields(cx: &Ctxt, object: &Object<'_>) {
    let Some(at) = object.words.at(&object::AUDIT_FIELDS) else { return };
    if object.lacks_call("create") {
        cx.error(
            at,
            "only a create sets audit fields; add `create` to `calls(..)`, or take `audit_fields` \
             away",
        );
    }
    let system = object.words.names(&object::SYSTEM);
    if system.is_some_and(|system| !AUDIT_FIELDS.iter().any(|field| system.contains(field))) {
        cx.error(
            at,
            format_args!(
                "`system(..)` lists no field that could be set; the audit fields are {}",
                list(AUDIT_FIELDS)
            ),
        );
    }
}

/// The derives for a view must not be traits that views have anyway.
fn check_derives(cx: &Ctxt, object: &Object<'_>) {
    for word in [object::CREATE, object::UPDATE] {
        for path in object.words.derives(&word).into_iter().flatten() {
            if let Some(name) = trait_of_views(path) {
                cx.error_over(path, format_args!("views have `{name}` already; take it away"));
            }
        }
    }
}

/// API names must have the form that an org demands.
fn check_api_name(cx: &Ctxt, name: &Text, what: &str, is_given: bool) {
    if !is_api_name(&name.value) {
        let hint = if is_given { "" } else { "; give another with `name = \"..\"`" };
        cx.error(
            name.at,
            format_args!(
                "`{}` cannot be the API name of {what}, which has letters, digits and single \
                 underscores, a letter first, and `__c` at the end if it is custom{hint}",
                name.value
            ),
        );
    }
}

/// A required field must be one that a create can give or the platform fills. False if it is not.
fn check_createable(cx: &Ctxt, field: &Field<'_>) -> bool {
    let has_value = field.has(&field::CREATE)
        || field.has(&field::NILLABLE)
        || field.is_defaulted()
        || field.is_filled();
    if !has_value {
        // Whether the store has a default depends on the type, except for the owner.
        let by_default = if is_owner(&field.name.value) {
            "`defaulted_on_create` to make the caller the owner"
        } else {
            "`default = ..` to say what it has then"
        };
        cx.error(
            field.ident.span(),
            format_args!(
                "`{}` gets no value when a record is created; add `create` to let the caller give \
                 it, `nillable` to let it be null, or {by_default}",
                printed(field.ident)
            ),
        );
    }
    has_value
}

/// No field may have the API name of a system field. Such a field is taken out, so that nothing else
/// is reported about it: whatever its words and its type are, it has to go.
fn refuse_system_fields(cx: &Ctxt, object: &mut Object<'_>) {
    let ident = object.ident;
    let n_fields = object.fields.len();
    object.fields.retain(|field| {
        let Some((name, in_record)) = system_field(&field.name.value) else { return true };
        cx.error(
            field.name.at,
            format_args!(
                "`{name}` is a system field, which no struct declares; take it away: every \
                 `Record<{ident}>` has it as `{in_record}`"
            ),
        );
        false
    });
    object.is_whole = object.fields.len() == n_fields;
}

/// No two fields may have the same API name.
fn check_distinct_names(cx: &Ctxt, object: &Object<'_>) {
    for (n, field) in object.fields.iter().enumerate() {
        let Text { value: name, at } = &field.name;
        let is_same = |other: &str| other.eq_ignore_ascii_case(name);
        if let Some(first) = object.fields[..n].iter().find(|first| is_same(&first.name.value)) {
            cx.error(
                *at,
                format_args!(
                    "`{name}` is the API name of `{}` as well; names that differ in case only are \
                     the same",
                    printed(first.ident)
                ),
            );
        }
    }
}

/// The former name of a field must not be the name of a field now, nor the former name of another.
fn check_old_names(cx: &Ctxt, object: &Object<'_>) {
    let mut seen: Vec<(&Field<'_>, String)> = Vec::new();
    for field in &object.fields {
        let names = field.words.texts(&field::WAS);
        for was in names {
            let name = was.value();
            let is_same = |other: &str| other.eq_ignore_ascii_case(&name);
            let message = if is_same(&field.name.value) && names.len() > 1 {
                Some(format!("`{name}` is the name that the field has; take it out of `was`"))
            } else if is_same(&field.name.value) {
                Some("`was` is the name that the field has; take `was` away".to_owned())
            } else if let Some(other) = object.fields.iter().find(|it| is_same(&it.name.value)) {
                Some(format!("`{name}` is the name of `{}` now", printed(other.ident)))
            } else {
                let first = seen.iter().find(|(_, other)| is_same(other));
                first.map(|(it, _)| {
                    if it.ident == field.ident {
                        format!("`{name}` is given twice; take one of them away")
                    } else {
                        format!("`{name}` was the name of `{}` already", printed(it.ident))
                    }
                })
            };
            match message {
                Some(message) => cx.error(was.span(), message),
                None => seen.push((field, name)),
            }
        }
    }
}

/// At most one field may be the name field.
fn check_one_name_field(cx: &Ctxt, object: &Object<'_>) {
    let mut named =
        object.fields.iter().filter_map(|field| Some((field, field.words.at(&field::NAME_FIELD)?)));
    let Some((first, _)) = named.next() else { return };
    for (_, at) in named {
        cx.error(
            at,
            format_args!(
                "`{}` is the name field already, and a record has one name",
                printed(first.ident)
            ),
        );
    }
}
