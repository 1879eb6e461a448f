//! The rules that need to see more than one word, or a text's shape.
//!
//! Each function reports one kind of mistake, at the word that is wrong. A mistake that bears on
//! whether the field may be null also withdraws the assertion about the field's type.

use crate::{
    autonumber,
    ctxt::Ctxt,
    model::{Field, Object, Shape, Text},
    name::{OWNER, is_api_name, printed},
    words::{Word, field, object},
};

/// The fields that every object has.
const SYSTEM_FIELDS: [&str; 7] = [
    "Id",
    "IsDeleted",
    "CreatedDate",
    "CreatedById",
    "LastModifiedDate",
    "LastModifiedById",
    "SystemModstamp",
];

/// The fields whose value each caller has for itself.
const PER_CALLER_FIELDS: [&str; 2] = ["LastViewedDate", "LastReferencedDate"];

/// Checks the object and all its fields.
pub(crate) fn check(cx: &Ctxt, object: &mut Object<'_>) {
    if object.shape != Shape::Struct {
        // What is no object at all has no properties to mend.
        return;
    }
    check_key_prefix(cx, object);
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
    // A list of calls that could not be read says nothing about create.
    let has_create = object.has_call("create") && !object.words.was_misread(&object::CALLS_WORD);
    for field in &mut object.fields {
        check_api_name(cx, &field.name, "a field", field.has(&field::NAME));
        let n_errors = cx.n_errors();
        check_autonumber(cx, field);
        check_per_caller(cx, field);
        if has_create && cx.n_errors() == n_errors && field.is_sound {
            check_createable(cx, field);
        }
        field.is_sound &= cx.n_errors() == n_errors;
    }
    check_distinct_names(cx, object);
    check_one_name_field(cx, object);
}

/// An object has a key prefix, of three letters or digits.
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

/// API names have the shape that an org demands.
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

/// The store alone gives an auto-number its value, in a format that it can print.
fn check_autonumber(cx: &Ctxt, field: &Field<'_>) {
    let Some(format) = field.words.text(&field::AUTONUMBER) else { return };
    if let Err(reason) = autonumber::check_format(&format.value()) {
        cx.error(format.span(), reason);
    }
    refuse_beside(cx, field, &[field::CREATE, field::UPDATE], "the store numbers the records");
    refuse_beside(cx, field, &[field::NILLABLE], "an auto-number is never null");
}

/// A per-caller field is one of the two that an org has, empty until the caller's first look.
fn check_per_caller(cx: &Ctxt, field: &Field<'_>) {
    let Some(at) = field.words.at(&field::PER_CALLER) else { return };
    if !PER_CALLER_FIELDS.contains(&field.name.value.as_str()) {
        cx.error(
            at,
            format_args!(
                "only `LastViewedDate` and `LastReferencedDate` have a value for each caller, and \
                 this field is `{}`",
                field.name.value
            ),
        );
        return;
    }
    if !field.has(&field::NILLABLE) {
        cx.error(at, "a `per_caller` field is null until its caller looks; add `nillable`");
    }
    refuse_beside(cx, field, &[field::CREATE, field::UPDATE], "the store keeps a per-caller field");
}

/// Reports words that contradict another, each where it stands.
fn refuse_beside(cx: &Ctxt, field: &Field<'_>, words: &[Word], reason: &str) {
    for word in words {
        if let Some(at) = field.words.at(word) {
            cx.error(at, format_args!("{reason}; take `{}` away", word.name));
        }
    }
}

/// Somebody has to be able to give a required field its value.
fn check_createable(cx: &Ctxt, field: &Field<'_>) {
    let has_value = [field::CREATE, field::NILLABLE, field::DEFAULTED_ON_CREATE, field::AUTONUMBER]
        .iter()
        .any(|word| field.has(word));
    if !has_value {
        // What the store has a default for is a question of the type, but for the owner.
        let by_default = if field.name.value == OWNER {
            "`defaulted_on_create` to make the caller the owner"
        } else {
            "`defaulted_on_create` if it is a `bool`, which is then false"
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
}

/// No two fields have the same API name, and none has a system field's.
fn check_distinct_names(cx: &Ctxt, object: &Object<'_>) {
    for (n, field) in object.fields.iter().enumerate() {
        let Text { value: name, at } = &field.name;
        let is_same = |other: &str| other.eq_ignore_ascii_case(name);
        if let Some(system) = SYSTEM_FIELDS.into_iter().find(|system| is_same(system)) {
            cx.error(
                *at,
                format_args!(
                    "`{system}` is a system field; it comes with `Record<{}>`, so take this field \
                     away",
                    object.ident
                ),
            );
        } else if let Some(first) =
            object.fields[..n].iter().find(|first| is_same(&first.name.value))
        {
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

/// A record has one name.
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
