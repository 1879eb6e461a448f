//! `impl SObject for X`.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::{Output, definition, field_value};
use crate::model::Shape;

/// The implementation.
pub(super) fn expand(out: &Output<'_>) -> TokenStream {
    let Output { object, create, update, .. } = out;
    let ident = object.ident;
    let (name, key_prefix) = (&object.name.value, &object.key_prefix.value);
    let definition = definition::expand(out);
    let decode = decode(out);
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl __so::SObject for #ident {
            const NAME: &'static str = #name;
            const KEY_PREFIX: &'static str = #key_prefix;
            const OBJECT: &'static __so::Definition = #definition;
            type Create = #create;
            type Update = #update;

            fn decode(row: &__so::RowReader<'_>) -> __so::Result<Self, __so::DecodeError> {
                #decode
            }
        }
    }
}

/// The body of `decode`, which reads every field by its number.
fn decode(out: &Output<'_>) -> TokenStream {
    if out.object.shape != Shape::Struct || !out.object.is_whole {
        // This type cannot be an object, which has been reported. The body only has to compile.
        return quote_spanned!(Span::mixed_site()=> loop {});
    }
    let fields = out.numbered().map(|(n, field)| {
        let ident = field.ident;
        let read = field_value(&out.so, field, "from_row");
        quote_spanned!(Span::mixed_site()=> #ident: #read(row, #n)?)
    });
    quote_spanned!(Span::mixed_site()=> __so::Ok(Self { #(#fields),* }))
}
