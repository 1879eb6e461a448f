//! The definition: a `const` chain that reads like the attributes.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;

use super::{Output, field_value};
use crate::{
    model::{Field, Object},
    name,
    words::{field, object},
};

/// The value of `SObject::OBJECT`.
pub(super) fn expand(out: &Output<'_>) -> TokenStream {
    let Object { name, label, plural, key_prefix, words, .. } = out.object;
    let (name, key_prefix) = (&name.value, &key_prefix.value);
    let since = words.number(&object::SINCE).map(Literal::u32_unsuffixed);
    let since = since.map(|version| quote_spanned!(Span::mixed_site()=> .since(#version)));
    let calls = words.names(&object::CALLS_WORD).map(|calls| {
        let calls = calls.iter().map(|call| Ident::new(call, Span::mixed_site()));
        quote_spanned!(Span::mixed_site()=> .calls(__so::Calls::NONE #(.#calls())*))
    });
    let fields = out.object.fields.iter().map(|field| field_definition(out, field));
    quote_spanned! {Span::mixed_site()=>
        &__so::Definition::new(#name)
            .label(#label, #plural)
            .key_prefix(#key_prefix)
            #since
            #calls
            .fields(&[#(#fields),*])
    }
}

/// One entry of the list of fields. The type says what it is and which objects it may name.
fn field_definition(out: &Output<'_>, field: &Field<'_>) -> TokenStream {
    let Field { name, label, words, .. } = field;
    let name = &name.value;
    let (ty, references) =
        (field_value(&out.so, field, "TYPE"), field_value(&out.so, field, "REFERENCES"));
    let flags = field::FLAGS.iter().filter(|flag| words.has(flag));
    let flags = flags.map(|flag| Ident::new(flag.name, Span::mixed_site()));
    let numbers = [field::LENGTH, field::DIGITS].into_iter().filter_map(|word| {
        let n = Literal::u32_unsuffixed(words.number(&word)?);
        let method = Ident::new(word.name, Span::mixed_site());
        Some(quote_spanned!(Span::mixed_site()=> .#method(#n)))
    });
    let autonumber = words.text(&field::AUTONUMBER);
    let autonumber =
        autonumber.map(|format| quote_spanned!(Span::mixed_site()=> .autonumber(#format)));
    let relationship = match words.text(&field::RELATIONSHIP) {
        Some(name) => Some(quote_spanned!(Span::mixed_site()=> .relationship(#name))),
        // Whether the field is a reference, only core can tell.
        None => name::relationship(name)
            .map(|name| quote_spanned!(Span::mixed_site()=> .default_relationship(#name))),
    };
    quote_spanned! {Span::mixed_site()=>
        __so::FieldDefinition::new(#name, #ty)
            .references(#references)
            .label(#label)
            #(.#flags())*
            #(#numbers)*
            #autonumber
            #relationship
    }
}
