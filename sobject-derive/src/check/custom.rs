//! The rules about custom names: which fields have one, and what it is made from.
//!
//! An object whose API name ends with `__c` is a custom one. Of the fields that it has, only those
//! that every custom object has are standard ones; all others are custom, so that their names end
//! with `__c` and those of their relationships with `__r`.

use syn::{Ident, ext::IdentExt};

use crate::{
    attr::Words,
    ctxt::Ctxt,
    model::{Field, Object},
    name::{
        field_name, has_other_suffix, is_api_name, is_custom, is_standard_of_custom,
        without_custom_relationship,
    },
    words::{Word, field},
};

/// Checks the names of a field of the object. False if a mistake was reported after which the form
/// of the field's API name tells nothing new.
pub(super) fn check(cx: &Ctxt, object: &Object<'_>, field: &Field<'_>) -> bool {
    let n_errors = cx.n_errors();
    check_word(cx, &field.words, &field::CUSTOM, &field::NAME);
    check_derived_name(cx, field);
    if cx.n_errors() == n_errors {
        check_is_custom(cx, object, field);
    }
    if cx.n_errors() == n_errors {
        check_relationship(cx, field, &field::RELATIONSHIP);
        check_relationship(cx, field, &field::CHILD_RELATIONSHIP);
    }
    cx.n_errors() == n_errors
}

/// The word `custom` must not stand beside a name that has another suffix than `__c`.
pub(super) fn check_word(cx: &Ctxt, words: &Words, custom: &Word, name: &Word) {
    let (Some(at), Some(name)) = (words.at(custom), words.text(name)) else { return };
    if has_other_suffix(&name.value()) {
        cx.error(
            at,
            format_args!(
                "`custom` ends the API name with `__c`, and `{}` has another suffix; take `custom` \
                 away",
                name.value()
            ),
        );
    }
}

/// A field whose identifier ends with the `__c` of a custom name must give its API name, because
/// the name cannot be made from such an identifier.
fn check_derived_name(cx: &Ctxt, field: &Field<'_>) {
    let written = field.ident.unraw().to_string();
    let (false, Some((name, "c" | "C"))) = (field.has(&field::NAME), written.rsplit_once("__"))
    else {
        return;
    };
    // Where the identifier has Rust's case, the word makes the same name.
    let (given, or_word) = if name.starts_with(|c: char| c.is_uppercase()) {
        (name.to_owned(), String::new())
    } else {
        let api_name = field_name(&Ident::new(name, field.ident.span()));
        (api_name, format!(", or call the field `{name}` and add `custom`"))
    };
    cx.error(
        field.ident.span(),
        format_args!(
            "a custom API name does not follow from an identifier; give it, as in \
             `name = \"{given}__c\"`{or_word}"
        ),
    );
}

/// A field of a custom object must be custom, unless every custom object has it.
fn check_is_custom(cx: &Ctxt, object: &Object<'_>, field: &Field<'_>) {
    let (of, name) = (&object.name.value, &field.name.value);
    // A name with another suffix is that of a field which the platform makes, or no name at all.
    let is_plain = is_api_name(name) && !name.contains("__");
    if !is_custom(of) || !is_api_name(of) || !is_plain || is_standard_of_custom(name) {
        return;
    }
    let or_name = if field.has(&field::NAME) {
        format!(", or write `name = \"{name}__c\"`")
    } else {
        String::new()
    };
    cx.error(
        field.name.at,
        format_args!(
            "`{name}` is no standard field of the custom object `{of}`; add `custom` to make it \
             `{name}__c`{or_name}"
        ),
    );
}

/// The relationships of a custom field, and of no other, must have names that end with `__r`.
fn check_relationship(cx: &Ctxt, field: &Field<'_>, word: &Word) {
    let Some(given) = field.words.text(word) else { return };
    let (name, relationship, word) = (&field.name.value, given.value(), word.name);
    match without_custom_relationship(&relationship) {
        None if is_custom(name) && !field.has(&field::CUSTOM) => cx.error(
            given.span(),
            format_args!(
                "`{name}` is a custom field, so the name of its relationship ends with `__r`; write \
                 `{word} = \"{relationship}__r\"`"
            ),
        ),
        Some(plain) if !is_custom(name) => cx.error(
            given.span(),
            format_args!(
                "only the relationship of a custom field ends with `__r`, and `{name}` is a standard \
                 one; write `{word} = \"{plain}\"`, or add `custom`"
            ),
        ),
        _ => {}
    }
}
