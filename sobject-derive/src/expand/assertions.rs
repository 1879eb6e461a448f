//! What the words of a field say of its type, as constants that the compiler checks.
//!
//! The traits that they name are in `shell/field_value.rs` of core.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::{Output, claim, field_value};
use crate::{
    model::Field,
    name::OWNER,
    words::{Word, field},
};

/// The words that go with some types only, and the traits of those.
const WORDS_OF_TYPES: [(Word, &str); 3] = [
    (field::LENGTH, "HasLength"),
    (field::DIGITS, "HasDigits"),
    (field::RELATIONSHIP, "HasRelationship"),
];

/// The constants of all fields.
pub(super) fn expand(out: &Output<'_>) -> TokenStream {
    let fields = out.object.fields.iter();
    let assertions = fields.flat_map(|field| {
        // Where the words of null are in doubt, only the others say something for certain.
        let empty = field.is_sound.then(|| empty(out, field));
        let default = field.is_sound.then(|| default(out, field)).flatten();
        empty.into_iter().chain(default).chain(words_of_types(out, field))
    });
    assertions.chain([uses(out)]).collect()
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
    let (so, ty) = (&out.so, &field.ty);
    if field.has(&field::PER_CALLER) {
        return kind(out, field, "PerCaller");
    }
    if field.has(&field::AUTONUMBER) {
        return kind(out, field, "Autonumber");
    }
    if field.has(&field::NILLABLE) {
        let null = null(so, field);
        return quote_spanned!(Span::mixed_site()=> const _: fn() -> #ty = #null;);
    }
    let empty = field_value(so, field, "Empty");
    if field.has(&field::DEFAULTED_ON_CREATE) {
        return check(&claim(so, field, &empty, "MustNotBeNull", "OK"));
    }
    let never_null = claim(so, field, &empty, "MustNotBeNull", "Empty");
    check(&claim(so, field, &never_null, "HasNoDefault", "OK"))
}

/// The store has a default for a `defaulted_on_create` field.
fn default(out: &Output<'_>, field: &Field<'_>) -> Option<TokenStream> {
    let at = field.words.at(&field::DEFAULTED_ON_CREATE)?;
    if field.has(&field::AUTONUMBER) {
        return None;
    }
    if field.name.value != OWNER {
        return Some(kind(out, field, "HasDefault"));
    }
    // Which objects a reference may name is no question of traits, because users are known by their
    // object's name.
    let references = field_value(&out.so, field, "REFERENCES");
    let assert = quote_spanned!(at=> __so::assert_owner);
    let references = quote_spanned!(at=> (#references));
    Some(check(&quote_spanned!(Span::mixed_site()=> #assert #references)))
}

/// The words that were given and go with some types only.
fn words_of_types(out: &Output<'_>, field: &Field<'_>) -> impl Iterator<Item = TokenStream> {
    // That an auto-number is text has been said already.
    let words = WORDS_OF_TYPES.into_iter().filter(|(word, _)| {
        field.has(word) && !(field.has(&field::AUTONUMBER) && word.name == field::LENGTH.name)
    });
    words.map(|(_, wanted)| kind(out, field, wanted))
}

/// The type is of a kind that the trait holds for.
fn kind(out: &Output<'_>, field: &Field<'_>, wanted: &str) -> TokenStream {
    let kind = field_value(&out.so, field, "Kind");
    check(&claim(&out.so, field, &kind, wanted, "OK"))
}

fn check(ok: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> const _: () = #ok;)
}

/// The function that makes the null of a nillable field.
pub(super) fn null(so: &TokenStream, field: &Field<'_>) -> TokenStream {
    claim(so, field, &field_value(so, field, "Empty"), "MayBeNull", "null")
}
