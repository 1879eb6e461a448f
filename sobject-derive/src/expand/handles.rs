//! `XFields` and `X::FIELDS`: a handle for each field.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::{Output, doc};
use crate::words::field;

/// The type that holds the handles, and the constant with the handles.
pub(super) fn expand(out: &Output<'_>) -> TokenStream {
    let Output { object, fields: name, private, allow, .. } = out;
    let (ident, object_vis) = (object.ident, object.vis);
    let handles = object.fields.iter().map(|field| {
        let (vis, ident_of_field, ty) = (field.vis, field.ident, &field.ty);
        let doc = doc::handle(field);
        let markers = [field::FILTER, field::GROUP, field::SORT].map(|word| {
            let marker =
                Ident::new(if field.has(&word) { "Yes" } else { "No" }, Span::mixed_site());
            quote_spanned!(Span::mixed_site()=> #private::#marker)
        });
        quote_spanned! {Span::mixed_site()=>
            #[doc = #doc]
            #vis #ident_of_field: #private::Field<#ident, #ty, #(#markers),*>
        }
    });
    let values = out.numbered().map(|(n, field)| {
        let ident = field.ident;
        quote_spanned!(Span::mixed_site()=> #ident: #private::Field::declared(#n))
    });
    let doc = doc::handles(object);
    let doc_of_all = doc::fields(out);
    quote_spanned! {Span::mixed_site()=>
        #[doc = #doc]
        #[allow(dead_code)]
        #allow
        #object_vis struct #name {
            #(#handles,)*
        }

        impl #ident {
            #[doc = #doc_of_all]
            #[allow(dead_code)]
            #object_vis const FIELDS: #name = #name { #(#values),* };
        }
    }
}

/// `Deref`, by which the handles of the system fields are reached.
pub(super) fn expand_impls(out: &Output<'_>) -> TokenStream {
    let Output { object, fields: name, .. } = out;
    let ident = object.ident;
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl __so::Deref for #name {
            type Target = __so::SystemFields<#ident>;

            fn deref(&self) -> &Self::Target {
                __so::SystemFields::ALL
            }
        }
    }
}
