//! Writes the expansion: the views and the handles beside the struct, with their own functions and
//! constants, and one `const _` block with the traits that are implemented for them.
//!
//! **Invariant:** generated code names core's `__private`, the types that it makes, and the user's
//! types; nothing else, so that no name in the user's scope can get in its way.
//!
//! **Invariant:** a field's type meets `FieldValue` only as `<T as FieldValue>::..`. The compiler
//! reports such a path at the type, in the same words each time, and says each thing once; so a
//! type that cannot be a field is one error, however often the expansion uses it. A call of a
//! function with a bound would be reported for itself.

mod assertions;
mod definition;
mod doc;
mod handles;
mod object;
pub(crate) mod picklist;
mod views;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote_spanned};

use crate::model::{Field, Object, Shape};

/// The code for an object.
pub(crate) fn expand(object: &Object<'_>) -> TokenStream {
    // No `impl` fits a generic type without its parameters, and an object has none.
    if object.shape == Shape::Generic {
        return TokenStream::new();
    }
    let out = Output::new(object);
    let (create, update) = (views::create(&out), views::update(&out));
    let beside = [
        views::expand_struct(&out, &create),
        views::expand_new(&out, &create),
        views::expand_struct(&out, &update),
        handles::expand(&out),
    ];
    let defaults = [views::expand_default(&create), views::expand_default(&update)];
    let inside = [
        assertions::expand(&out),
        object::expand(&out),
        views::expand_impls(&out, &create),
        views::expand_impls(&out, &update),
        handles::expand_impls(&out),
    ];
    let krate = &object.krate;
    quote_spanned! {Span::mixed_site()=>
        #(#beside)*
        const _: () = {
            use #krate::__private as __so;
            #(#inside)*
            #(#defaults)*
        };
    }
}

/// What the parts of the expansion share.
struct Output<'a> {
    object: &'a Object<'a>,
    /// `XCreate`.
    create: Ident,
    /// `XUpdate`.
    update: Ident,
    /// `XFields`.
    fields: Ident,
    /// Path of `__private`.
    private: TokenStream,
    /// Its short name inside the block.
    so: TokenStream,
    /// What lets the names of the struct and its fields be written again, where they are not as Rust
    /// writes names: the lint has its say at the struct.
    allow: TokenStream,
}

impl<'a> Output<'a> {
    fn new(object: &'a Object<'a>) -> Self {
        let ident = object.ident;
        let krate = &object.krate;
        Self {
            object,
            create: format_ident!("{ident}Create"),
            update: format_ident!("{ident}Update"),
            fields: format_ident!("{ident}Fields"),
            private: quote_spanned!(Span::mixed_site()=> #krate::__private),
            so: quote_spanned!(Span::mixed_site()=> __so),
            allow: allow(object),
        }
    }

    /// The fields with their numbers, by which rows know them.
    fn numbered(&self) -> impl Iterator<Item = (Literal, &'a Field<'a>)> {
        self.object
            .fields
            .iter()
            .enumerate()
            .map(|(n, field)| (Literal::usize_unsuffixed(n), field))
    }
}

/// The lints of naming that an object's names trip, as an attribute that allows them.
fn allow(object: &Object<'_>) -> TokenStream {
    let is_upper = |ident: &Ident| ident.to_string().chars().any(char::is_uppercase);
    let of_fields = object.fields.iter().any(|field| is_upper(field.ident));
    let name = object.ident.to_string();
    let of_struct = name.contains('_') || !name.starts_with(char::is_uppercase);
    let lints = [("non_snake_case", of_fields), ("non_camel_case_types", of_struct)];
    let lints = lints.iter().filter(|(_, is_tripped)| *is_tripped);
    let lints = lints.map(|(lint, _)| Ident::new(lint, Span::mixed_site()));
    quote_spanned!(Span::mixed_site()=> #(#[allow(#lints)])*)
}

/// `<T as FieldValue>::item`, which is reported at the type if the type cannot be a field.
///
/// `so` is the path of `__private`, short inside the block. The path as a whole spans the type as
/// well, for paths that go through it.
fn field_value(so: &TokenStream, field: &Field<'_>, item: &str) -> TokenStream {
    let ty = &field.ty;
    let (first, last) = ends(ty);
    let item = Ident::new(item, last);
    let open = quote_spanned!(first=> <);
    quote_spanned!(Span::mixed_site()=> #open #ty as #so::FieldValue>::#item)
}

/// `<<T as FieldValue>::Empty as Wanted<T>>::item`: what a word says of the type, put so that the
/// compiler checks it and reports it at the type. `marker` is the `<T as FieldValue>::Empty`, or
/// what another claim leads to: of a type that fails that one, the compiler says no more.
fn claim(
    so: &TokenStream,
    field: &Field<'_>,
    marker: &TokenStream,
    wanted: &str,
    item: &str,
) -> TokenStream {
    let ty = &field.ty;
    let (first, last) = ends(ty);
    let (wanted, item) = (Ident::new(wanted, Span::mixed_site()), Ident::new(item, last));
    let open = quote_spanned!(first=> <);
    quote_spanned!(Span::mixed_site()=> #open #marker as #so::#wanted<#ty>>::#item)
}

/// The first and the last place of a type: a path from the one to the other is reported at the
/// type, in the same words as the type itself, and so once.
fn ends(ty: &TokenStream) -> (Span, Span) {
    let mut tokens = ty.clone().into_iter();
    let first = tokens.next();
    let last = tokens.last().or_else(|| first.clone());
    let first = first.map(|token| match token {
        TokenTree::Group(group) => group.span_open(),
        other => other.span(),
    });
    let last = last.map(|token| match token {
        TokenTree::Group(group) => group.span_close(),
        other => other.span(),
    });
    let or_here = |span: Option<Span>| span.unwrap_or_else(Span::mixed_site);
    (or_here(first), or_here(last))
}
