//! serde's traits, each of which calls one function of core.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::Output;

/// The traits of the struct, unless it has its own.
pub(super) fn of_object(out: &Output<'_>) -> TokenStream {
    let ident = out.object.ident;
    if !out.object.makes_serde {
        return TokenStream::new();
    }
    let (serialize, deserialize) = (serialize(ident, "serialize_fields"), deserialize(ident));
    quote_spanned!(Span::mixed_site()=> #serialize #deserialize)
}

/// `Serialize` of a type by a function of core.
pub(super) fn serialize(ident: &Ident, function: &str) -> TokenStream {
    let function = Ident::new(function, Span::mixed_site());
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl __so::Serialize for #ident {
            fn serialize<S: __so::Serializer>(&self, serializer: S) -> __so::Result<S::Ok, S::Error> {
                __so::#function(self, serializer)
            }
        }
    }
}

/// `Deserialize` of a type that is `FromJson`.
pub(super) fn deserialize(ident: &Ident) -> TokenStream {
    deserialize_by(ident, "deserialize")
}

/// `Deserialize` of a type by a function of core.
pub(super) fn deserialize_by(ident: &Ident, function: &str) -> TokenStream {
    let function = Ident::new(function, Span::mixed_site());
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl<'de> __so::Deserialize<'de> for #ident {
            fn deserialize<D: __so::Deserializer<'de>>(
                deserializer: D,
            ) -> __so::Result<Self, D::Error> {
                __so::#function(deserializer)
            }
        }
    }
}
