//! What the words of a field say of its type, as claims that the compiler checks.
//!
//! The traits that they name are in `shell/claims.rs` of core. They stand in the body of one
//! function, for a constant of its own would cost the compiler more for each.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;

use super::{Output, claim, field_value};
use crate::{
    attr::DefaultValue,
    model::Field,
    name::OWNER,
    words::{Word, field},
};

/// The words that go with some types only, and the traits of those.
const WORDS_OF_TYPES: [(Word, &str); 4] = [
    (field::DIGITS, "HasDigits"),
    (field::SCALE, "HasScale"),
    (field::RELATIONSHIP, "HasRelationship"),
    (field::RESTRICTED, "IsRestricted"),
];

/// The words that go with text and other types, and the traits of those.
const WORDS_OF_TEXT: [(Word, &str); 10] = [
    (field::LENGTH, "HasLength"),
    (field::FILTER, "MayFilter"),
    (field::GROUP, "MayGroup"),
    (field::SORT, "MaySort"),
    (field::UNIQUE, "MayBeKey"),
    (field::ID_LOOKUP, "MayBeKey"),
    (field::INDEX, "MayBeKey"),
    (field::EXTERNAL_ID, "MayBeExternalId"),
    (field::CASE_SENSITIVE, "HasCase"),
    (field::NAME_FIELD, "MayBeName"),
];

/// The claims of all fields.
pub(super) fn expand(out: &Output<'_>) -> TokenStream {
    let fields = || out.object.fields.iter();
    let claims = fields().flat_map(|field| {
        // Where the words of null are in doubt, only the others say something for certain.
        let empty = field.is_sound.then(|| empty(out, field));
        let default = if field.is_sound { default(out, field) } else { Vec::new() };
        empty.into_iter().chain(default).chain(words_of_types(out, field))
    });
    let owners = fields().filter(|field| field.is_sound).filter_map(|field| owner(out, field));
    let defaults =
        fields().filter(|field| field.is_sound).filter_map(|field| default_value(out, field));
    let uses = uses(out);
    quote_spanned! {Span::mixed_site()=>
        const _: fn() = || {
            #(let _ = #claims;)*
        };
        #(#owners)*
        #(#defaults)*
        #uses
    }
}

/// Uses every field. An object has the fields that its page lists and they are stored, so a program
/// that never reads one has no dead code.
fn uses(out: &Output<'_>) -> TokenStream {
    let ident = out.object.ident;
    let fields = out.object.fields.iter().map(|field| field.ident);
    quote_spanned! {Span::mixed_site()=>
        const _: fn(&#ident) = |it| {
            let _ = (#(&it.#fields,)*);
        };
    }
}

/// What the field holds without a value.
fn empty(out: &Output<'_>, field: &Field<'_>) -> TokenStream {
    let so = &out.so;
    if field.has(&field::PER_CALLER) {
        return kind(out, field, "PerCaller");
    }
    if field.has(&field::AUTONUMBER) {
        return kind(out, field, "Autonumber");
    }
    if field.has(&field::NILLABLE) {
        return null(so, field);
    }
    let empty = field_value(so, field, "Empty");
    if field.is_defaulted() {
        return claim(so, field, &empty, "MustNotBeNull", "OK");
    }
    let never_null = claim(so, field, &empty, "MustNotBeNull", "Empty");
    claim(so, field, &never_null, "HasNoDefault", "OK")
}

/// The store has a default for a `defaulted_on_create` field, and one only.
fn default(out: &Output<'_>, field: &Field<'_>) -> Vec<TokenStream> {
    let preset = |word: &Word, wanted| claim_at(out, field, word, "Preset", wanted);
    let default = |wanted| claim_at(out, field, &field::DEFAULT, "Kind", wanted);
    let claims = match field.words.default_value(&field::DEFAULT) {
        _ if field.has(&field::AUTONUMBER) => [None, None],
        Some(DefaultValue::Bool(_)) => [default("DefaultIsBool"), None],
        Some(DefaultValue::Int(_)) => [default("DefaultIsInt"), None],
        Some(DefaultValue::Double(_)) => [default("DefaultIsDouble"), None],
        Some(DefaultValue::Text(_)) => {
            [default("DefaultIsText"), preset(&field::DEFAULT, "IsOnlyDefault")]
        }
        None if field.name.value == OWNER => [None, None],
        None => [preset(&field::DEFAULTED_ON_CREATE, "HasDefault"), None],
    };
    claims.into_iter().flatten().collect()
}

/// The caller may be the owner of a record that is created without one.
fn owner(out: &Output<'_>, field: &Field<'_>) -> Option<TokenStream> {
    let at = field.words.at(&field::DEFAULTED_ON_CREATE)?;
    let is_caller = field.name.value == OWNER && !field.has(&field::DEFAULT);
    if !is_caller || field.has(&field::AUTONUMBER) {
        return None;
    }
    // Which objects a reference may name is no question of traits, because users are known by their
    // object's name.
    let references = field_value(&out.so, field, "REFERENCES");
    let assert = quote_spanned!(at=> __so::assert_owner);
    let references = quote_spanned!(at=> (#references));
    Some(quote_spanned!(Span::mixed_site()=> const _: () = #assert #references;))
}

/// The default is one that the type can hold, where the macro cannot tell and the type can.
fn default_value(out: &Output<'_>, field: &Field<'_>) -> Option<TokenStream> {
    let at = field.words.at(&field::DEFAULT)?;
    let (assert, item, default) = match field.words.default_value(&field::DEFAULT)? {
        DefaultValue::Text(text) if field.has(&field::RESTRICTED) => {
            ("assert_listed", "PICKLIST", quote_spanned!(at=> #text))
        }
        // What has `digits` has been counted.
        DefaultValue::Int(n) if n.unsigned_abs() > 999_999_999 && !field.has(&field::DIGITS) => {
            let n = Literal::i64_unsuffixed(*n);
            ("assert_int", "TYPE", quote_spanned!(at=> #n))
        }
        _ => return None,
    };
    let assert = Ident::new(assert, at);
    let item = field_value(&out.so, field, item);
    let assert = quote_spanned!(at=> __so::#assert);
    let arguments = quote_spanned!(at=> (#item, #default));
    Some(quote_spanned!(Span::mixed_site()=> const _: () = #assert #arguments;))
}

/// The words that were given and go with some types only, and what the absence of one says.
fn words_of_types(out: &Output<'_>, field: &Field<'_>) -> Vec<TokenStream> {
    // That an auto-number is text has been claimed already.
    let of_text = if field.has(&field::AUTONUMBER) { &[][..] } else { &WORDS_OF_TEXT[..] };
    let words = WORDS_OF_TYPES.iter().chain(of_text);
    let claims = words.filter_map(|(word, wanted)| claim_at(out, field, word, "Kind", wanted));
    let of_type = field.words.one_of(&field::TYPE).and_then(|name| {
        let wanted = match name {
            "combobox" => "IsCombobox",
            "currency" | "percent" => "IsDecimal",
            _ => "IsText",
        };
        claim_at(out, field, &field::TYPE, "Kind", wanted)
    });
    let is_of_one_type = field.has(&field::AUTONUMBER) || field.has(&field::PER_CALLER);
    let is_unrestricted = !field.has(&field::RESTRICTED) && !is_of_one_type;
    let unrestricted = is_unrestricted.then(|| kind(out, field, "IsUnrestricted"));
    claims.chain(of_type).chain(unrestricted).collect()
}

/// What a word says of the type, if it was given: the compiler reports it at the word.
fn claim_at(
    out: &Output<'_>,
    field: &Field<'_>,
    word: &Word,
    marker: &str,
    wanted: &str,
) -> Option<TokenStream> {
    let at = field.words.at(word)?;
    let (marker, ty) = (field_value(&out.so, field, marker), &field.ty);
    let wanted = Ident::new(wanted, Span::mixed_site());
    // The compiler points at the type before `as`, which another name for it puts at the word.
    let marker = quote_spanned!(at=> __so::Spanned<#marker>);
    Some(quote_spanned!(at=> <#marker as __so::#wanted<#ty>>::OK))
}

/// The type is of a kind that the trait holds for.
fn kind(out: &Output<'_>, field: &Field<'_>, wanted: &str) -> TokenStream {
    let kind = field_value(&out.so, field, "Kind");
    claim(&out.so, field, &kind, wanted, "OK")
}

/// The function that makes the null of a nillable field.
pub(super) fn null(so: &TokenStream, field: &Field<'_>) -> TokenStream {
    claim(so, field, &field_value(so, field, "Empty"), "MayBeNull", "null")
}
