//! `impl Picklist for X`.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;

use super::{ends, json};
use crate::{
    picklist::{Picklist, Shape, Variant},
    words::picklist::{OWN_DISPLAY, OWN_FROM_STR, variant},
};

/// What stands between the values of a multi-select picklist in a record.
const SEPARATOR: char = ';';

/// The code for a picklist.
pub(crate) fn expand(picklist: &Picklist<'_>) -> TokenStream {
    if picklist.shape == Shape::Generic {
        return TokenStream::new();
    }
    let Picklist { ident, krate, values, other, .. } = picklist;
    let (text, serde) = (text(picklist), serde(picklist));
    let listed = values.iter().map(value);
    let marker = |marker| Ident::new(marker, Span::mixed_site());
    let is_preset = values.iter().any(|value| value.words.has(&variant::DEFAULT));
    let empty = marker(if is_preset { "NeverEmpty" } else { "NeverNull" });
    let preset = marker(if is_preset { "Preset" } else { "NoPreset" });
    let is_closed = other.is_none();
    let kind = marker(if other.is_some() { "OpenList" } else { "ClosedList" });
    let several = marker(match other {
        _ if values.iter().any(|value| value.value.value.contains(SEPARATOR)) => "NeverSeveral",
        Some(_) => "SeveralOfOpen",
        None => "SeveralOfClosed",
    });
    let (as_str, from_value) = (as_str(picklist), from_value(picklist));
    // If the enum has no `Clone`, the compiler reports that once, at the enum.
    let (open, clone) = (quote_spanned!(ident.span()=> <), Ident::new("clone", ident.span()));
    let copy = quote_spanned!(Span::mixed_site()=> #open #ident as __so::Clone>::#clone);
    quote_spanned! {Span::mixed_site()=>
        const _: () = {
            use #krate::__private as __so;

            #[automatically_derived]
            impl __so::FieldValue for #ident {
                const TYPE: __so::FieldType = __so::FieldType::Picklist;
                const PICKLIST: &'static [__so::PicklistValue] = <Self as __so::Picklist>::VALUES;
                const IS_CLOSED: bool = <Self as __so::Picklist>::IS_CLOSED;
                type Empty = <Self as __so::Picklist>::Empty;
                type Preset = <Self as __so::Picklist>::Preset;
                type Kind = __so::#kind;

                fn value(&self) -> __so::Value<'_> {
                    __so::Value::Text(<Self as __so::Picklist>::as_str(self))
                }

                fn read_or_null(
                    field: __so::FieldReader<'_>,
                ) -> __so::Result<__so::Option<Self>, __so::DecodeError> {
                    __so::read_listed(field)
                }

                fn copy(&self) -> Self {
                    <Self as __so::Picklist>::copy(self)
                }
            }

            #[automatically_derived]
            impl __so::Picklist for #ident {
                const VALUES: &'static [__so::PicklistValue] = &[#(#listed),*];
                const IS_CLOSED: bool = #is_closed;
                type Empty = __so::#empty;
                type Preset = __so::#preset;
                type Several = __so::#several;

                fn as_str(&self) -> &str {
                    #as_str
                }

                fn from_value(value: &str) -> __so::Option<Self> {
                    #from_value
                }

                fn copy(&self) -> Self {
                    #copy(self)
                }
            }

            #text
            #serde
        };
    }
}

/// `Display` and `FromStr`, unless the enum has its own.
fn text(picklist: &Picklist<'_>) -> TokenStream {
    let ident = picklist.ident;
    let has_own = |word| picklist.words.has(word);
    let display = (!has_own(&OWN_DISPLAY)).then(|| {
        quote_spanned! {Span::mixed_site()=>
            #[automatically_derived]
            impl __so::Display for #ident {
                fn fmt(&self, f: &mut __so::fmt::Formatter<'_>) -> __so::fmt::Result {
                    __so::display_listed(self, f)
                }
            }
        }
    });
    let from_str = (!has_own(&OWN_FROM_STR)).then(|| {
        quote_spanned! {Span::mixed_site()=>
            #[automatically_derived]
            impl __so::FromStr for #ident {
                type Err = __so::NotListed;

                fn from_str(value: &str) -> __so::Result<Self, Self::Err> {
                    __so::parse_listed(value)
                }
            }
        }
    });
    quote_spanned!(Span::mixed_site()=> #display #from_str)
}

/// serde's traits, unless the enum has its own.
fn serde(picklist: &Picklist<'_>) -> Option<TokenStream> {
    picklist.makes_serde.then(|| {
        let serialize = json::serialize(picklist.ident, "serialize_listed");
        let deserialize = json::deserialize_by(picklist.ident, "deserialize_listed");
        quote_spanned!(Span::mixed_site()=> #serialize #deserialize)
    })
}

/// The body of `as_str`.
fn as_str(picklist: &Picklist<'_>) -> TokenStream {
    if picklist.shape != Shape::Enum {
        return quote_spanned!(Span::mixed_site()=> loop {});
    }
    let texts = picklist.values.iter().map(|Variant { ident, value, .. }| {
        let value = &value.value;
        quote_spanned!(Span::mixed_site()=> Self::#ident => #value)
    });
    let other = picklist.other.map(|(ident, ty)| {
        let text = other_value(ty, "text");
        quote_spanned!(Span::mixed_site()=> Self::#ident(other) => #text(other),)
    });
    quote_spanned!(Span::mixed_site()=> match self { #(#texts,)* #other })
}

/// The body of `from_value`.
fn from_value(picklist: &Picklist<'_>) -> TokenStream {
    if picklist.shape != Shape::Enum {
        return quote_spanned!(Span::mixed_site()=> loop {});
    }
    let variants = picklist.values.iter().enumerate().map(|(place, Variant { ident, .. })| {
        let place = Literal::usize_unsuffixed(place);
        quote_spanned!(Span::mixed_site()=> __so::Some(#place) => Self::#ident)
    });
    let (find, other) = match picklist.other {
        None => ("place_in_any_case", quote_spanned!(Span::mixed_site()=> return __so::None)),
        Some((ident, ty)) => {
            let of = other_value(ty, "of");
            ("place_of", quote_spanned!(Span::mixed_site()=> Self::#ident(#of(value))))
        }
    };
    let find = Ident::new(find, Span::mixed_site());
    quote_spanned! {Span::mixed_site()=>
        __so::Some(match __so::#find(<Self as __so::Picklist>::VALUES, value) {
            #(#variants,)*
            _ => #other,
        })
    }
}

/// The path `<T as OtherValue>::item`. If the type is not `String`, the compiler reports that at
/// the type.
fn other_value(ty: &Type, item: &str) -> TokenStream {
    let (first, last) = ends(&ty.to_token_stream());
    let (open, item) = (quote_spanned!(first=> <), Ident::new(item, last));
    quote_spanned!(Span::mixed_site()=> #open #ty as __so::OtherValue>::#item)
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
