//! The types of the columns, by which `soql!` finds the type of a field from its number.

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote_spanned;

use super::Output;

/// Fields of a block. Core has the same number.
const BLOCK: usize = 16;

/// An implementation for each block of fields, which lists their types.
pub(super) fn expand(out: &Output<'_>) -> TokenStream {
    let ident = out.object.ident;
    let here = Span::mixed_site();
    let blocks = out.object.fields.chunks(BLOCK).enumerate().map(|(n, fields)| {
        let n = Literal::usize_unsuffixed(n);
        let types = fields.iter().map(|field| &field.ty);
        let none = (fields.len()..BLOCK).map(|_| quote_spanned!(here=> ()));
        quote_spanned! {here=>
            #[automatically_derived]
            impl __so::CheckedColumns<#n, (#(#types,)* #(#none),*)> for #ident {}
        }
    });
    quote_spanned!(here=> #(#blocks)*)
}
