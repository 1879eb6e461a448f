//! What the words of a field say of its type, as constants that the compiler checks.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::{Output, nullness};
use crate::{model::Field, words::field};

/// One constant for each field about whose words there is no doubt.
pub(super) fn expand(out: &Output<'_>) -> TokenStream {
    let fields = out.object.fields.iter();
    let assertions = fields.filter(|field| field.is_sound).map(|field| assertion(out, field));
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

fn assertion(out: &Output<'_>, field: &Field<'_>) -> TokenStream {
    let ty = &field.ty;
    if field.has(&field::NILLABLE) {
        let null = null(&out.so, field);
        return quote_spanned!(Span::mixed_site()=> const _: fn() -> #ty = #null;);
    }
    let wanted = if field.has(&field::AUTONUMBER) { "Autonumber" } else { "MustNotBeNull" };
    let ok = nullness(&out.so, field, wanted, "OK");
    quote_spanned!(Span::mixed_site()=> const _: () = #ok;)
}

/// The function that makes the null of a nillable field.
pub(super) fn null(so: &TokenStream, field: &Field<'_>) -> TokenStream {
    nullness(so, field, "MayBeNull", "null")
}
