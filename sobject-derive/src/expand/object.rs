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
    let (each, decode) = (each(out), decode(out));
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

            fn each<'a>(&'a self, f: &mut dyn __so::FnMut(__so::FieldIdx, __so::Value<'a>)) {
                #each
            }
        }
    }
}

/// The body of `each`, which lists the values of all fields. It also keeps the compiler from calling
/// a field dead code that the program never reads: the struct has the fields that its object page
/// lists.
fn each(out: &Output<'_>) -> TokenStream {
    let values = out.object.fields.iter().map(|field| {
        let ident = field.ident;
        let value = field_value(&out.so, field, "value");
        quote_spanned!(Span::mixed_site()=> #value(&self.#ident))
    });
    quote_spanned!(Span::mixed_site()=> __so::put_all(&[#(#values),*], f))
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
