//! The derive macros of `sobject-core`, which re-exports them: `#[derive(SObject)]` and
//! `#[derive(Picklist)]`.
//!
//! The manuals are at [`SObject`] and [`Picklist`]. The way through the code:
//!
//! 1. `model` reads the struct by the tables of `words` (`attr` does the reading) and fills
//!    in what follows from other things (`name`).
//! 2. `check` applies the rules that need to see more than one word.
//! 3. `expand` writes the code.
//!
//! A picklist is small enough to be read and checked in one place, `picklist`.
//!
//! **Invariant:** the three go on after a mistake, and `ctxt` collects: one compile shows every
//! mistake that the macro can see, each at the wrong word, together with those that the compiler
//! finds in the types.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used))]

mod attr;
mod autonumber;
mod check;
mod ctxt;
mod expand;
mod model;
mod name;
mod picklist;
#[cfg(test)]
mod tests;
mod words;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

// The examples of the manuals need core, whose own tests run them.
#[cfg_attr(not(doctest), doc = include_str!("manual.md"))]
#[proc_macro_derive(SObject, attributes(sobject, field))]
pub fn derive_sobject(input: TokenStream) -> TokenStream {
    derive(&parse_macro_input!(input as DeriveInput)).into()
}

#[cfg_attr(not(doctest), doc = include_str!("manual_picklist.md"))]
#[proc_macro_derive(Picklist, attributes(picklist))]
pub fn derive_picklist(input: TokenStream) -> TokenStream {
    picklist_of(&parse_macro_input!(input as DeriveInput)).into()
}

/// The expansion of a picklist, behind the mistakes if there are any.
fn picklist_of(input: &DeriveInput) -> proc_macro2::TokenStream {
    let cx = ctxt::Ctxt::new();
    let picklist = picklist::Picklist::from_syn(&cx, input);
    let mut output = cx.finish();
    output.extend(expand::picklist::expand(&picklist));
    output
}

/// The expansion of an object, behind the mistakes if there are any.
fn derive(input: &DeriveInput) -> proc_macro2::TokenStream {
    let cx = ctxt::Ctxt::new();
    let mut object = model::Object::from_syn(&cx, input);
    check::check(&cx, &mut object);
    let mut output = cx.finish();
    output.extend(expand::expand(&object));
    output
}
