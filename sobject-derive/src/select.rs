//! `#[derive(Select)]`: a struct whose fields are some of an object's.
//!
//! A field is what a handle reads, or `children(..)`, and then a list of what a child query reads. The
//! expansion selects these in nested pairs and makes the struct of what they read, so that a
//! struct may have any number of fields. **Invariant:** a handle is named by the user's own tokens, so
//! that the compiler reports a wrong one there.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Attribute, Data, DeriveInput, Fields, Meta, Path, parse_quote, spanned::Spanned};

use crate::ctxt::Ctxt;

/// The name of the attribute.
const SELECT: &str = "select";

/// The expansion, with a `compile_error!` before it for each mistake.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let cx = Ctxt::new();
    let expansion = expand(&cx, input);
    let mut output = cx.finish();
    output.extend(expansion);
    output
}

/// The words of the struct's attribute.
struct Words {
    from: Path,
    krate: Path,
}

fn expand(cx: &Ctxt, input: &DeriveInput) -> Option<TokenStream> {
    let ident = &input.ident;
    let words = words(cx, input);
    let named = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Some(fields),
            Fields::Unnamed(_) | Fields::Unit => None,
        },
        Data::Enum(_) | Data::Union(_) => None,
    };
    let Some(named) = named else {
        cx.error(ident.span(), "what is selected goes into a struct with named fields");
        return None;
    };
    if !input.generics.params.is_empty() {
        cx.error_over(
            &input.generics.params,
            format_args!("`{ident}` is selected from one object, and has no parameters"),
        );
        return None;
    }
    // All mistakes are reported before the first of them ends the expansion.
    let mut handles = Vec::new();
    for field in &named.named {
        let name = field.ident.as_ref()?;
        handles.push((name, &field.ty, selected(cx, &field.attrs, name)));
    }
    let Words { from, krate } = words?;
    let so = quote!(#krate::__private);
    let (mut selection, mut pattern) = (quote!(()), quote!(()));
    let mut members = Vec::new();
    let mut has_children = false;
    for (n, (name, ty, selected)) in handles.into_iter().enumerate().rev() {
        // What does not go into the type is reported there.
        let at = Span::mixed_site().located_at(ty.span());
        let variable = format_ident!("field_{n}", span = at);
        let selected = selected?;
        let is_list = matches!(&selected, Selected::Children(asked) if !ends_with_call(asked));
        let selected = match selected {
            Selected::Handle(handle) => quote!(#from::FIELDS.#handle),
            Selected::Children(asked) => {
                has_children = true;
                // Of the handle of their reference alone, the field's own type says what is read.
                let of_type = quote_spanned!(at=> .children::<<#ty as #so::ListOf>::Row>());
                let of_type = is_list.then_some(of_type);
                quote_spanned!(at=> #so::below::<#from, _, _, _>(#asked #of_type))
            }
        };
        selection = quote!((#selected, #selection));
        pattern = quote!((#variable, #pattern));
        let value = if is_list {
            quote!(#variable)
        } else {
            quote_spanned!(at=> #so::GoesInto::<#ty>::into_field(#variable))
        };
        members.push(quote!(#name: #value));
    }
    let without_children = (!has_children).then(|| {
        quote! {
            #[automatically_derived]
            impl #so::WithoutChildren for #ident {}
        }
    });
    Some(quote! {
        #without_children

        #[automatically_derived]
        impl #so::PartOf<#from> for #ident {}

        #[automatically_derived]
        impl #so::Queried for #ident {
            type Object = #from;
            type Row = Self;

            fn selection() -> impl #so::Selection<#from, Row = Self> {
                #so::mapped::<#from, _, _, _>(#selection, |#pattern| Self { #(#members),* })
            }
        }
    })
}

/// What a field selects.
enum Selected {
    /// What stands behind `X::FIELDS.`: a handle, or what is made of one.
    Handle(TokenStream),
    /// What asks for children.
    Children(TokenStream),
}

/// What a field selects: what stands in its attribute, or else the handle of its own name.
fn selected(cx: &Ctxt, attrs: &[Attribute], name: &Ident) -> Option<Selected> {
    let mut given = attrs.iter().filter(|attr| attr.path().is_ident(SELECT));
    let Some(attr) = given.next() else { return Some(Selected::Handle(name.to_token_stream())) };
    if let Some(second) = given.next() {
        cx.error_over(second, "a field is selected once: take this attribute away");
        return None;
    }
    match &attr.meta {
        Meta::List(list) if !list.tokens.is_empty() => Some(match children(&list.tokens) {
            Some(asked) => Selected::Children(asked),
            None => Selected::Handle(list.tokens.clone()),
        }),
        meta => {
            cx.error_over(
                meta,
                "the handle stands in parentheses: `#[select(agent_id.to(User::FIELDS.name))]`",
            );
            None
        }
    }
}

/// What stands in the parentheses of `children(..)`, if the tokens are that.
fn children(tokens: &TokenStream) -> Option<TokenStream> {
    let mut tokens = tokens.clone().into_iter();
    match (tokens.next(), tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(word)), Some(TokenTree::Group(asked)), None)
            if word == "children" && asked.delimiter() == Delimiter::Parenthesis =>
        {
            Some(asked.stream())
        }
        _ => None,
    }
}

/// Does an expression end with a call, and not with a name?
fn ends_with_call(tokens: &TokenStream) -> bool {
    matches!(tokens.clone().into_iter().last(), Some(TokenTree::Group(_)))
}

/// The words of the struct's attribute; `None` if the object is not named, which is reported.
fn words(cx: &Ctxt, input: &DeriveInput) -> Option<Words> {
    let (mut from, mut krate) = (None, None);
    let mut is_read = true;
    for attr in input.attrs.iter().filter(|attr| attr.path().is_ident(SELECT)) {
        let read = attr.parse_nested_meta(|word| {
            let place = if word.path.is_ident("from") {
                &mut from
            } else if word.path.is_ident("crate") {
                &mut krate
            } else {
                return Err(word.error("the words are `from` and `crate`"));
            };
            if place.is_some() {
                return Err(word.error("this word stands here already"));
            }
            *place = Some(word.value()?.parse::<Path>()?);
            Ok(())
        });
        if let Err(error) = read {
            is_read = false;
            cx.error(error.span(), error);
        }
    }
    if from.is_none() && is_read {
        cx.error(
            input.ident.span(),
            "the object is missing: write `#[select(from = X)]` below the derive",
        );
    }
    let krate = krate.unwrap_or_else(|| parse_quote!(::sobject_core));
    Some(Words { from: from?, krate })
}
