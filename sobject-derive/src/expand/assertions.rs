//! Claims: which type each word of a field needs, for the compiler to check.
//!
//! A claim is a path through a trait of core's `shell/claims.rs`, such as
//! `<<T as FieldValue>::Kind as MayGroup<T>>::OK`. All claims of an object are in the body of one
//! function, which costs the compiler less than a constant for each.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;

use super::{Output, claim, field_value};
use crate::{
    attr::DefaultValue,
    model::Field,
    name::is_owner,
    words::{Word, field},
};

/// The words that go with some types only, none of which is text, and the traits of these types.
const WORDS_OF_TYPES: [(Word, &str); 6] = [
    (field::DIGITS, "HasDigits"),
    (field::SCALE, "HasScale"),
    (field::RELATIONSHIP, "HasRelationship"),
    (field::ON_DELETE, "HasDeleteRule"),
    (field::CHILD_RELATIONSHIP, "HasChildren"),
    (field::RESTRICTED, "IsRestricted"),
];

/// The words that go with text and some other types, and the traits of these types.
const WORDS_OF_TEXT: [(Word, &str); 11] = [
    (field::LENGTH, "HasLength"),
    (field::LENGTH_IN_BYTES, "CountsBytes"),
    (field::FILTER, "MayFilter"),
    (field::GROUP, "MayGroup"),
    (field::SORT, "MaySort"),
    (field::UNIQUE, "MayBeUnique"),
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
        // If there was a mistake about null, only the claims of other words are certain.
        let empty = field.is_sound.then(|| empty(out, field));
        let default = if field.is_sound { default(out, field) } else { Vec::new() };
        empty.into_iter().chain(default).chain(words_of_types(out, field))
    });
    let owners = fields().filter(|field| field.is_sound).filter_map(|field| owner(out, field));
    let rules = fields().filter_map(|field| delete_rule(out, field));
    let defaults =
        fields().filter(|field| field.is_sound).filter_map(|field| default_value(out, field));
    quote_spanned! {Span::mixed_site()=>
        const _: fn() = || {
            #(let _ = #claims;)*
        };
        #(#owners)*
        #(#rules)*
        #(#defaults)*
    }
}

/// The claim about what the field holds where no value is given: null, a default, or nothing.
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
    let wanted = if field.is_filled() { "MayBeFilled" } else { "HasNoDefault" };
    claim(so, field, &never_null, wanted, "OK")
}

/// The claims that the store has a default for a `defaulted_on_create` field, and only one.
fn default(out: &Output<'_>, field: &Field<'_>) -> Vec<TokenStream> {
    let preset = |word: &Word, wanted| claim_at(out, field, word, "Preset", wanted);
    let default = |wanted| {
        let takes = |at, kind| {
            let ty = &field.ty;
            quote_spanned!(at=> <__so::Spanned<#kind> as __so::TakesDefault<#ty>>::Kind)
        };
        claim_through(out, field, &field::DEFAULT, "Kind", wanted, takes)
    };
    let claims = match field.words.default_value(&field::DEFAULT) {
        _ if field.has(&field::AUTONUMBER) => [None, None],
        Some(DefaultValue::Bool(_)) => [default("DefaultIsBool"), None],
        Some(DefaultValue::Int(_)) => [default("DefaultIsInt"), None],
        Some(DefaultValue::Double(_)) => [default("DefaultIsDouble"), None],
        Some(DefaultValue::Text(_)) => {
            [default("DefaultIsText"), preset(&field::DEFAULT, "IsOnlyDefault")]
        }
        None if is_owner(&field.name.value) => [None, None],
        None => [preset(&field::DEFAULTED_ON_CREATE, "HasDefault"), None],
    };
    claims.into_iter().flatten().collect()
}

/// The assertion that an `OwnerId` with `defaulted_on_create` may name the caller.
fn owner(out: &Output<'_>, field: &Field<'_>) -> Option<TokenStream> {
    let at = field.words.at(&field::DEFAULTED_ON_CREATE)?;
    let is_caller = is_owner(&field.name.value) && !field.has(&field::DEFAULT);
    if !is_caller || field.has(&field::AUTONUMBER) {
        return None;
    }
    // This cannot be a trait, because the object of users is known by its name and not by its type.
    let references = field_value(&out.so, field, "REFERENCES");
    let assert = quote_spanned!(at=> __so::assert_owner);
    let references = quote_spanned!(at=> (#references));
    Some(quote_spanned!(Span::mixed_site()=> const _: () = #assert #references;))
}

/// The assertion that a reference with a rule of deletes, other than to empty it, leads to other objects.
fn delete_rule(out: &Output<'_>, field: &Field<'_>) -> Option<TokenStream> {
    let at = field.words.at(&field::ON_DELETE)?;
    field.words.one_of(&field::ON_DELETE).filter(|rule| *rule != "set_null")?;
    // What the type refers to is known by its name only once the type is.
    let references = field_value(&out.so, field, "REFERENCES");
    let assert = quote_spanned!(at=> __so::assert_of_others);
    let own = &out.object.name.value;
    let arguments = quote_spanned!(at=> (#references, #own));
    Some(quote_spanned!(Span::mixed_site()=> const _: () = #assert #arguments;))
}

/// The assertion that the type can hold the default, in the cases that the macro cannot decide.
fn default_value(out: &Output<'_>, field: &Field<'_>) -> Option<TokenStream> {
    let at = field.words.at(&field::DEFAULT)?;
    let (assert, item, default) = match field.words.default_value(&field::DEFAULT)? {
        DefaultValue::Text(text) if field.has(&field::RESTRICTED) => {
            ("assert_listed", "PICKLIST", quote_spanned!(at=> #text))
        }
        // With `digits`, the macro has counted those of the default.
        DefaultValue::Int(n) if n.unsigned_abs() > 999_999_999 && !field.has(&field::DIGITS) => {
            let n = Literal::i64_unsuffixed(*n);
            ("assert_int", "TYPE", quote_spanned!(at=> #n))
        }
        DefaultValue::Text(text) => ("assert_when", "TYPE", quote_spanned!(at=> #text)),
        _ => return None,
    };
    let assert = Ident::new(assert, at);
    let item = field_value(&out.so, field, item);
    let assert = quote_spanned!(at=> __so::#assert);
    let arguments = quote_spanned!(at=> (#item, #default));
    Some(quote_spanned!(Span::mixed_site()=> const _: () = #assert #arguments;))
}

/// The claims of the words that go with some types only, and of the absence of `restricted`.
fn words_of_types(out: &Output<'_>, field: &Field<'_>) -> Vec<TokenStream> {
    // For an auto-number, another claim says that it is text.
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

/// The claim of a word, if it was given. The compiler reports it at the word.
fn claim_at(
    out: &Output<'_>,
    field: &Field<'_>,
    word: &Word,
    marker: &str,
    wanted: &str,
) -> Option<TokenStream> {
    claim_through(out, field, word, marker, wanted, |_, marker| marker)
}

/// The claim of a word about a marker that is reached through another claim: `through` makes the
/// path of that one, at the word. If the type fails it, the compiler reports nothing about this one.
fn claim_through(
    out: &Output<'_>,
    field: &Field<'_>,
    word: &Word,
    marker: &str,
    wanted: &str,
    through: impl FnOnce(Span, TokenStream) -> TokenStream,
) -> Option<TokenStream> {
    let at = field.words.at(word)?;
    let (marker, ty) = (through(at, field_value(&out.so, field, marker)), &field.ty);
    let wanted = Ident::new(wanted, Span::mixed_site());
    // The compiler points at what stands before `as`. `Spanned` is the same type by a name that has
    // the span of the word.
    let marker = quote_spanned!(at=> __so::Spanned<#marker>);
    Some(quote_spanned!(at=> <#marker as __so::#wanted<#ty>>::OK))
}

/// The claim that the trait holds for the kind of the type.
fn kind(out: &Output<'_>, field: &Field<'_>, wanted: &str) -> TokenStream {
    let kind = field_value(&out.so, field, "Kind");
    claim(&out.so, field, &kind, wanted, "OK")
}

/// The path of the function that makes the null of a nillable field.
pub(super) fn null(so: &TokenStream, field: &Field<'_>) -> TokenStream {
    claim(so, field, &field_value(so, field, "Empty"), "MayBeNull", "null")
}
