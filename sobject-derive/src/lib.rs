//! The derive macros of `sobject-core`, which re-exports them: `#[derive(SObject)]`,
//! `#[derive(Picklist)]` and `#[derive(Select)]`.
//!
//! The manuals are at [`SObject`], [`Picklist`] and [`Select`]. The code has three stages:
//!
//! 1. `model` reads the struct. `attr` reads its attributes by the tables in `words`, and `name`
//!    works out the names that are not given, such as labels.
//! 2. `check` applies the rules that need to see more than one word.
//! 3. `expand` writes the code.
//!
//! A picklist is read and checked in `picklist` alone, since there is less to do, and a selection in
//! `select`, where it is written too.
//!
//! **Invariant:** each stage goes on after a mistake, and `ctxt` collects the mistakes. So one
//! compile shows every mistake that the macro can see, each at the wrong word, together with those
//! that the compiler finds in the types.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used))]

mod attr;
mod autonumber;
mod check;
mod ctxt;
mod expand;
mod model;
mod name;
mod picklist;
mod select;
mod serde_beside;
mod soql;
#[cfg(test)]
mod tests;
mod words;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

// The examples in the manuals need core, so the tests of core run them.
#[cfg_attr(not(doctest), doc = include_str!("manual.md"))]
#[proc_macro_derive(SObject, attributes(sobject, field, serde))]
pub fn derive_sobject(input: TokenStream) -> TokenStream {
    derive(&parse_macro_input!(input as DeriveInput)).into()
}

#[cfg_attr(not(doctest), doc = include_str!("manual_picklist.md"))]
#[proc_macro_derive(Picklist, attributes(picklist, serde))]
pub fn derive_picklist(input: TokenStream) -> TokenStream {
    picklist_of(&parse_macro_input!(input as DeriveInput)).into()
}

/// What core's `soql!` calls, which has the manual. In front stands the path of core.
#[doc(hidden)]
#[proc_macro]
pub fn soql_of(input: TokenStream) -> TokenStream {
    soql::expand(input.into()).into()
}

#[cfg_attr(not(doctest), doc = include_str!("manual_select.md"))]
#[proc_macro_derive(Select, attributes(select))]
pub fn derive_select(input: TokenStream) -> TokenStream {
    select::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// The expansion of a picklist, with a `compile_error!` before it for each mistake.
fn picklist_of(input: &DeriveInput) -> proc_macro2::TokenStream {
    let cx = ctxt::Ctxt::new();
    let picklist = picklist::Picklist::from_syn(&cx, input);
    let mut output = cx.finish();
    output.extend(expand::picklist::expand(&picklist));
    output
}

/// The expansion of an object, with a `compile_error!` before it for each mistake.
fn derive(input: &DeriveInput) -> proc_macro2::TokenStream {
    let cx = ctxt::Ctxt::new();
    let mut object = model::Object::from_syn(&cx, input);
    check::check(&cx, &mut object);
    let mut output = cx.finish();
    output.extend(expand::expand(&object));
    output
}
