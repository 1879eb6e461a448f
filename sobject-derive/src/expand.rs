//! Writes the expansion: beside the struct, the types of its views and handles with their own
//! functions and constants; and in one `const _` block, all implementations of traits.
//!
//! **Invariant:** generated code names only core's `__private`, the types that it makes, and the
//! types that the user wrote. So no name in the user's scope can change what it means.
//!
//! **Invariant:** generated code uses `FieldValue` only in paths of the form
//! `<T as FieldValue>::..`. If `T` is no field type, the compiler reports each such path at the
//! type and in the same words, and it shows the same report only once. So there is one error,
//! however often the expansion uses the type. A call of a function with the bound `T: FieldValue`
//! would be another error.

mod assertions;
mod columns;
mod definition;
mod doc;
mod handles;
mod json;
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
    let required = views::expand_required(&out, &create);
    let beside = [
        views::expand_struct(&out, &create),
        views::expand_new(&out, &create),
        views::expand_struct(&out, &update),
        handles::expand(&out),
    ];
    let defaults = [views::expand_default(&out, &create), views::expand_default(&out, &update)];
    let inside = [
        assertions::expand(&out),
        object::expand(&out),
        json::of_object(&out),
        views::expand_impls(&out, &create),
        views::expand_json(&out, &create),
        views::expand_impls(&out, &update),
        views::expand_json(&out, &update),
        handles::expand_impls(&out),
        columns::expand(&out),
    ];
    let from_required = views::expand_from_required(&out, &create);
    let krate = &object.krate;
    quote_spanned! {Span::mixed_site()=>
        #(#beside)*
        #required
        const _: () = {
            use #krate::__private as __so;
            #(#inside)*
            #from_required
            #(#defaults)*
        };
    }
}

/// What all parts of the expansion need.
struct Output<'a> {
    object: &'a Object<'a>,
    /// `XCreate`.
    create: Ident,
    /// `XUpdate`.
    update: Ident,
    /// `XFields`.
    fields: Ident,
    /// `XRequired`.
    required: Ident,
    /// Path of `__private`.
    private: TokenStream,
    /// Its short name inside the `const _` block.
    so: TokenStream,
    /// An `#[allow(..)]` for the generated types, if the names of the struct or its fields do not
    /// have Rust's case. The compiler warns at the struct already.
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
            required: format_ident!("{ident}Required"),
            private: quote_spanned!(Span::mixed_site()=> #krate::__private),
            so: quote_spanned!(Span::mixed_site()=> __so),
            allow: allow(object),
        }
    }

    /// The fields with their numbers, by which generated code reads them from rows.
    fn numbered(&self) -> impl Iterator<Item = (Literal, &'a Field<'a>)> {
        self.object
            .fields
            .iter()
            .enumerate()
            .map(|(n, field)| (Literal::usize_unsuffixed(n), field))
    }
}

/// An attribute that allows the lints about names which the names of an object break.
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

/// The path `<T as FieldValue>::item`, whose span is that of the type: if `T` cannot be a field,
/// the compiler reports that at the type.
///
/// `so` is the path of `__private`, which is shorter inside the block.
fn field_value(so: &TokenStream, field: &Field<'_>, item: &str) -> TokenStream {
    let ty = &field.ty;
    let (first, last) = ends(ty);
    let item = Ident::new(item, last);
    let open = quote_spanned!(first=> <);
    quote_spanned!(Span::mixed_site()=> #open #ty as #so::FieldValue>::#item)
}

/// A claim: the path `<<T as FieldValue>::Empty as Wanted<T>>::item`, by which the compiler checks
/// that the trait `Wanted` of core's `shell/claims.rs` holds for the type, and reports at the type
/// if it does not. `marker` is the `<T as FieldValue>::Empty`, or another claim. If the type fails
/// that one, the compiler reports nothing about this one.
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

/// The spans of the first and the last token of a type. The compiler reports a path from the one to
/// the other at the type, in the same words as the type itself, and so only once.
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
