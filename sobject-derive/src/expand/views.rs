//! `XCreate` and `XUpdate`: plain structs of the fields that a create and an update may set.
//!
//! Their `Clone`, `Debug` and `PartialEq` are written here and not derived. If a type cannot be a
//! field, derives would report it once more for each of these traits that the type does not have.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::Path;

use super::{Output, assertions::null, doc, field_value, json};
use crate::{
    model::{Field, trait_of_views},
    words::{Word, field, object},
};

/// How a view holds a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// It is always set: the view holds the field's own type.
    Required,
    /// It is set, or null if it is left out: the view holds the field's own type, an `Option`.
    OrNull,
    /// It is set, or left to the store, and cannot be null: the view holds an `Option` of the
    /// field's type.
    OrDefault,
    /// It is set, or set to null if it is nillable, or left as it is: the view holds a `Patch` of
    /// the field's type.
    Patch,
}

impl Presence {
    /// How a create holds the field.
    fn of_create(field: &Field<'_>) -> Self {
        match (field.has(&field::NILLABLE), field.is_defaulted()) {
            (false, false) => Self::Required,
            (true, false) => Self::OrNull,
            (false, true) => Self::OrDefault,
            (true, true) => Self::Patch,
        }
    }
}

/// A view and the fields that it holds, with their numbers.
pub(super) struct View<'a> {
    name: &'a Ident,
    /// The trait of this kind of view: `CreateView` or `UpdateView`.
    kind: &'static str,
    /// The trait that the object lacks if it does not have the call: `HasCreate` or `HasUpdate`.
    lacks: Option<&'static str>,
    doc: String,
    /// The derives that the user wants beside the traits that views have.
    derives: Vec<&'a Path>,
    fields: Vec<(Literal, &'a Field<'a>, Presence)>,
}

/// The view that a create takes.
pub(super) fn create<'a>(out: &'a Output<'a>) -> View<'a> {
    let fields = out.numbered().filter(|(_, field)| field.has(&field::CREATE));
    let fields = fields.map(|(n, field)| (n, field, Presence::of_create(field))).collect();
    View {
        name: &out.create,
        kind: "CreateView",
        lacks: out.object.lacks_call("create").then_some("HasCreate"),
        doc: doc::create(out),
        derives: derives(out, &object::CREATE),
        fields,
    }
}

/// The view that an update takes.
pub(super) fn update<'a>(out: &'a Output<'a>) -> View<'a> {
    let fields = out.numbered().filter(|(_, field)| field.has(&field::UPDATE));
    let fields = fields.map(|(n, field)| (n, field, Presence::Patch)).collect();
    View {
        name: &out.update,
        kind: "UpdateView",
        lacks: out.object.lacks_call("update").then_some("HasUpdate"),
        doc: doc::update(out),
        derives: derives(out, &object::UPDATE),
        fields,
    }
}

/// The derives given with a word, without traits that views have anyway.
fn derives<'a>(out: &'a Output<'a>, word: &Word) -> Vec<&'a Path> {
    let given = out.object.words.derives(word).into_iter().flatten();
    given.filter(|path| trait_of_views(path).is_none()).collect()
}

/// The struct.
pub(super) fn expand_struct(out: &Output<'_>, view: &View<'_>) -> TokenStream {
    let private = &out.private;
    let fields = view.fields.iter().map(|(_, field, presence)| {
        let (vis, ident, ty, docs) = (field.vis, field.ident, &field.ty, &field.docs);
        let doc = doc::view_field(field, *presence, view.kind == "CreateView");
        let ty = match presence {
            Presence::Required | Presence::OrNull => quote_spanned!(Span::mixed_site()=> #ty),
            Presence::OrDefault => quote_spanned!(Span::mixed_site()=> #private::Option<#ty>),
            Presence::Patch => quote_spanned!(Span::mixed_site()=> #private::Patch<#ty>),
        };
        quote_spanned!(Span::mixed_site()=> #(#docs)* #(#[doc = #doc])* #vis #ident: #ty)
    });
    let (vis, name, doc, derives) = (out.object.vis, view.name, &view.doc, &view.derives);
    let allow = &out.allow;
    let derive = (!derives.is_empty())
        .then(|| quote_spanned!(Span::mixed_site()=> #[derive(#(#derives),*)]));
    quote_spanned! {Span::mixed_site()=>
        #[doc = #doc]
        #[allow(private_interfaces)]
        #allow
        #derive
        #vis struct #name {
            #(#fields,)*
        }
    }
}

/// `XCreate::new`, which takes the required fields.
pub(super) fn expand_new(out: &Output<'_>, view: &View<'_>) -> TokenStream {
    let (vis, name, so) = (out.object.vis, view.name, &out.private);
    let required = required(view);
    let parameters = required.iter().map(|field| {
        let (ident, ty) = (field.ident, &field.ty);
        let into = field
            .is_spelled_string()
            .then(|| quote_spanned!(Span::mixed_site()=> impl #so::Into<#ty>));
        let ty = into.as_ref().unwrap_or(ty);
        quote_spanned!(Span::mixed_site()=> #ident: #ty)
    });
    let fields = view.fields.iter().map(|(_, field, presence)| {
        let ident = field.ident;
        let unset = match presence {
            Presence::Required if field.is_spelled_string() => {
                quote_spanned!(Span::mixed_site()=> #so::Into::into(#ident))
            }
            Presence::Required => return quote_spanned!(Span::mixed_site()=> #ident),
            Presence::OrNull if field.is_sound => {
                let null = null(so, field);
                quote_spanned!(Span::mixed_site()=> #null())
            }
            // There was a mistake, and whether the type has a null is not known. This never runs,
            // and only has to compile.
            Presence::OrNull => quote_spanned!(Span::mixed_site()=> (|| loop {})()),
            Presence::OrDefault => quote_spanned!(Span::mixed_site()=> #so::None),
            Presence::Patch => quote_spanned!(Span::mixed_site()=> #so::Patch::Keep),
        };
        quote_spanned!(Span::mixed_site()=> #ident: #unset)
    });
    let doc = doc::new(out, required.len());
    let allow = &out.allow;
    // There are as many parameters as the object has required fields, which is no matter of style.
    let allow_many = (required.len() > 7)
        .then(|| quote_spanned!(Span::mixed_site()=> #[allow(clippy::too_many_arguments)]));
    quote_spanned! {Span::mixed_site()=>
        impl #name {
            #[doc = #doc]
            #[must_use]
            #[allow(dead_code)]
            #allow_many
            #allow
            #vis fn new(#(#parameters),*) -> Self {
                Self { #(#fields),* }
            }
        }
    }
}

/// `XRequired`: the required fields by name, for an object that requires several. In a call of `new`
/// nothing tells two of one type apart.
pub(super) fn expand_required(out: &Output<'_>, view: &View<'_>) -> Option<TokenStream> {
    let required = required(view);
    if !requires_several(required.len()) {
        return None;
    }
    let fields = required.iter().map(|field| {
        let (vis, ident, ty, docs) = (field.vis, field.ident, &field.ty, &field.docs);
        let doc = doc::required_field(field);
        quote_spanned!(Span::mixed_site()=> #(#docs)* #(#[doc = #doc])* #vis #ident: #ty)
    });
    let (vis, name, doc, allow) = (out.object.vis, &out.required, doc::required(out), &out.allow);
    Some(quote_spanned! {Span::mixed_site()=>
        #[doc = #doc]
        #[allow(dead_code, private_interfaces)]
        #allow
        #vis struct #name {
            #(#fields,)*
        }
    })
}

/// `From<XRequired>` for `XCreate`.
pub(super) fn expand_from_required(out: &Output<'_>, view: &View<'_>) -> Option<TokenStream> {
    let required = required(view);
    if !requires_several(required.len()) {
        return None;
    }
    let idents = required.iter().map(|field| field.ident);
    let (name, create) = (&out.required, view.name);
    Some(quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl __so::From<#name> for #create {
            fn from(required: #name) -> Self {
                Self::new(#(required.#idents),*)
            }
        }
    })
}

/// Is it worth to give so many required fields by name?
pub(super) fn requires_several(n_required: usize) -> bool {
    n_required > 1
}

/// The fields that a view requires.
fn required<'a>(view: &View<'a>) -> Vec<&'a Field<'a>> {
    let required = view.fields.iter().filter(|(.., presence)| *presence == Presence::Required);
    required.map(|(_, field, _)| *field).collect()
}

/// `Default`, for a view that requires nothing. That of another one is there as well, but where
/// `X: NothingRequired`, so that the compiler says what to write to someone who wants it; once as the
/// trait's and once as the type's own, since a call of `XCreate::default` finds that one first.
pub(super) fn expand_default(out: &Output<'_>, view: &View<'_>) -> TokenStream {
    let (object, name, vis) = (out.object.ident, view.name, out.object.vis);
    if view.fields.iter().any(|(.., presence)| *presence == Presence::Required) {
        return quote_spanned! {Span::mixed_site()=>
            #[doc(hidden)]
            #[automatically_derived]
            impl<'a> __so::Default for #name
            where
                #object: __so::NothingRequired<'a>,
            {
                fn default() -> Self {
                    loop {}
                }
            }

            #[doc(hidden)]
            impl #name {
                #[allow(dead_code)]
                #vis fn default<'a>() -> Self
                where
                    #object: __so::NothingRequired<'a>,
                {
                    loop {}
                }
            }
        };
    }
    let value = if view.kind == "CreateView" {
        quote_spanned!(Span::mixed_site()=> Self::new())
    } else {
        let idents = view.fields.iter().map(|(_, field, _)| field.ident);
        quote_spanned!(Span::mixed_site()=> Self { #(#idents: __so::Patch::Keep),* })
    };
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl __so::Default for #name {
            fn default() -> Self {
                #value
            }
        }
    }
}

/// `FromJson` and `Deserialize` of a view.
pub(super) fn expand_json(out: &Output<'_>, view: &View<'_>) -> TokenStream {
    let (object, name) = (out.object.ident, view.name);
    let form = if view.kind == "CreateView" { "Create" } else { "Update" };
    let form = Ident::new(form, Span::mixed_site());
    let reads = view.fields.iter().map(|(n, field, presence)| read(out, n, field, *presence));
    // A view without fields does not look at the row.
    let row = Ident::new(if view.fields.is_empty() { "_row" } else { "row" }, Span::mixed_site());
    let deserialize = json::deserialize(name);
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl __so::FromJson for #name {
            type Object = #object;
            const FORM: __so::Form = __so::Form::#form;

            fn read(#row: &__so::RowReader<'_>) -> __so::Result<Self, __so::DecodeError> {
                __so::Ok(Self { #(#reads),* })
            }
        }

        #deserialize
    }
}

/// The traits of a view.
pub(super) fn expand_impls(out: &Output<'_>, view: &View<'_>) -> TokenStream {
    let (object, name) = (out.object.ident, view.name);
    let kind = Ident::new(view.kind, Span::mixed_site());
    let puts = view.fields.iter().map(|(n, field, presence)| put(out, n, field, *presence));
    let copies = view.fields.iter().map(|(_, field, presence)| copy(out, field, *presence));
    // A view without fields does not call the function.
    let f = Ident::new(if view.fields.is_empty() { "_f" } else { "f" }, Span::mixed_site());
    let text = name.to_string();
    let serialize = json::serialize(name, "serialize_view");
    let bound_of = |lacks: Option<&str>| {
        lacks
            .map(|lacks| {
                let lacks = Ident::new(lacks, Span::mixed_site());
                (
                    quote_spanned!(Span::mixed_site()=> <'a>),
                    quote_spanned!(Span::mixed_site()=> where #object: __so::#lacks<'a>),
                )
            })
            .unzip()
    };
    let (lifetime, bound): (Option<_>, Option<_>) = bound_of(view.lacks);
    let lacks_upsert = out.object.lacks_call("upsert").then_some("HasUpsert");
    let (upsert_lifetime, upsert_bound): (Option<_>, Option<_>) = bound_of(lacks_upsert);
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl __so::View for #name {
            type Object = #object;

            fn each<'a>(&'a self, #f: &mut dyn __so::FnMut(__so::FieldIdx, __so::Value<'a>)) {
                #(#puts)*
            }
        }

        #[automatically_derived]
        impl #lifetime __so::#kind for #name #bound {}

        #[automatically_derived]
        impl #upsert_lifetime __so::UpsertView for #name #upsert_bound {}

        #[automatically_derived]
        impl __so::Clone for #name {
            fn clone(&self) -> Self {
                Self { #(#copies),* }
            }
        }

        #[automatically_derived]
        impl __so::Debug for #name {
            fn fmt(&self, f: &mut __so::fmt::Formatter<'_>) -> __so::fmt::Result {
                __so::debug_view(self, #text, f)
            }
        }

        #[automatically_derived]
        impl __so::PartialEq for #name {
            fn eq(&self, other: &Self) -> bool {
                __so::eq_views(self, other)
            }
        }

        #serialize
    }
}

/// The statement for a field in the body of `each`.
fn put(out: &Output<'_>, n: &Literal, field: &Field<'_>, presence: Presence) -> TokenStream {
    let ident = field.ident;
    let value = field_value(&out.so, field, "value");
    match presence {
        Presence::Required => {
            quote_spanned!(Span::mixed_site()=> __so::put(#n, #value(&self.#ident), f);)
        }
        Presence::OrNull => {
            quote_spanned!(Span::mixed_site()=> __so::put_unless_null(#n, #value(&self.#ident), f);)
        }
        Presence::OrDefault => {
            quote_spanned!(Span::mixed_site()=> __so::put_given(#n, &self.#ident, #value, f);)
        }
        Presence::Patch => {
            quote_spanned!(Span::mixed_site()=> __so::put_patch(#n, &self.#ident, #value, f);)
        }
    }
}

/// A field in the body of `read`.
fn read(out: &Output<'_>, n: &Literal, field: &Field<'_>, presence: Presence) -> TokenStream {
    let ident = field.ident;
    let read = field_value(&out.so, field, "from_row");
    match presence {
        Presence::Required | Presence::OrNull => {
            quote_spanned!(Span::mixed_site()=> #ident: #read(row, #n)?)
        }
        Presence::OrDefault => {
            quote_spanned!(Span::mixed_site()=> #ident: __so::read_given(row, #n, #read))
        }
        Presence::Patch => {
            quote_spanned!(Span::mixed_site()=> #ident: __so::read_patch(row, #n, #read))
        }
    }
}

/// A field in the body of `clone`.
fn copy(out: &Output<'_>, field: &Field<'_>, presence: Presence) -> TokenStream {
    let ident = field.ident;
    let copy = field_value(&out.so, field, "copy");
    match presence {
        Presence::Required | Presence::OrNull => {
            quote_spanned!(Span::mixed_site()=> #ident: #copy(&self.#ident))
        }
        Presence::OrDefault => {
            quote_spanned!(Span::mixed_site()=> #ident: __so::copy_given(&self.#ident, #copy))
        }
        Presence::Patch => {
            quote_spanned!(Span::mixed_site()=> #ident: __so::copy_patch(&self.#ident, #copy))
        }
    }
}
