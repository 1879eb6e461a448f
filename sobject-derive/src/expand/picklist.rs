//! `impl Picklist for X`.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::ends;
use crate::{
    picklist::{Picklist, Variant},
    words::picklist::variant,
};

/// The code for a picklist.
pub(crate) fn expand(picklist: &Picklist<'_>) -> TokenStream {
    if !picklist.is_sound {
        return TokenStream::new();
    }
    let Picklist { ident, krate, values, other, .. } = picklist;
    let listed = values.iter().map(value);
    let marker = |marker| Ident::new(marker, Span::mixed_site());
    let is_preset = values.iter().any(|value| value.words.has(&variant::DEFAULT));
    let empty = marker(if is_preset { "NeverEmpty" } else { "NeverNull" });
    let preset = marker(if is_preset { "Preset" } else { "NoPreset" });
    let kind = marker(if other.is_some() { "OpenList" } else { "ClosedList" });
    let several = marker(if other.is_some() { "SeveralOfOpen" } else { "SeveralOfClosed" });
    let texts = values.iter().map(|Variant { ident, value, .. }| {
        let value = &value.value;
        quote_spanned!(Span::mixed_site()=> Self::#ident => #value)
    });
    let variants = values.iter().enumerate().map(|(place, Variant { ident, .. })| {
        let place = Literal::usize_unsuffixed(place);
        quote_spanned!(Span::mixed_site()=> __so::Some(#place) => Self::#ident)
    });
    // The arm's type is asked for what it holds, so that one which is no `String` is told so.
    let arm = other.map(|(ident, ty)| {
        let (first, last) = ends(&ty.to_token_stream());
        let open = quote_spanned!(first=> <);
        let text = quote_spanned!(last=> text);
        let of = quote_spanned!(last=> of);
        let text = quote_spanned!(Span::mixed_site()=> #open #ty as __so::OtherValue>::#text);
        let of = quote_spanned!(Span::mixed_site()=> #open #ty as __so::OtherValue>::#of);
        (
            quote_spanned!(Span::mixed_site()=> Self::#ident(other) => #text(other),),
            quote_spanned!(Span::mixed_site()=> Self::#ident(#of(value))),
        )
    });
    let find = if other.is_some() { "place_of" } else { "place_in_any_case" };
    let find = marker(find);
    let (text_of_other, other) = arm.unzip();
    let other = other.unwrap_or_else(|| quote_spanned!(Span::mixed_site()=> return __so::None));
    quote_spanned! {Span::mixed_site()=>
        const _: () = {
            use #krate::__private as __so;

            #[automatically_derived]
            impl __so::FieldValue for #ident {
                const TYPE: __so::FieldType = __so::FieldType::Picklist;
                const PICKLIST: &'static [__so::PicklistValue] = <Self as __so::Picklist>::VALUES;
                type Empty = __so::#empty;
                type Preset = __so::#preset;
                type Kind = __so::#kind;

                fn value(&self) -> __so::Value<'_> {
                    __so::Value::Text(<Self as __so::Picklist>::as_str(self))
                }

                fn read_or_null(
                    field: __so::FieldReader<'_>,
                ) -> __so::Result<__so::Option<Self>, __so::DecodeError> {
                    __so::read_listed(field)
                }
            }

            #[automatically_derived]
            impl __so::Picklist for #ident {
                const VALUES: &'static [__so::PicklistValue] = &[#(#listed),*];
                type Several = __so::#several;

                fn as_str(&self) -> &str {
                    match self {
                        #(#texts,)*
                        #text_of_other
                    }
                }

                fn from_value(value: &str) -> __so::Option<Self> {
                    __so::Some(match __so::#find(<Self as __so::Picklist>::VALUES, value) {
                        #(#variants,)*
                        _ => #other,
                    })
                }
            }
        };
    }
}

/// One entry of the list of values.
fn value(value: &Variant<'_>) -> TokenStream {
    let Variant { value, label, words, .. } = value;
    let value = &value.value;
    let default =
        words.has(&variant::DEFAULT).then(|| quote_spanned!(Span::mixed_site()=> .default()));
    let inactive =
        words.has(&variant::INACTIVE).then(|| quote_spanned!(Span::mixed_site()=> .inactive()));
    quote_spanned! {Span::mixed_site()=>
        __so::PicklistValue::new(#value).label(#label) #default #inactive
    }
}
