//! Puts the expansion together.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use sobject_soql::{Dialect, Query};

use super::{
    filter,
    input::Input,
    name,
    row::Row,
    scope::{Output, Scope},
    select,
};
use crate::ctxt::Ctxt;

/// The expression for a query: a `CheckedQuery`, or the mistakes.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let cx = Ctxt::new();
    let input = Input::read(&cx, tokens);
    let here = Span::mixed_site();
    let Expansion { types, items, value } = query(&cx, &input).unwrap_or_default();
    let krate = &input.krate;
    match cx.finish_expression() {
        None => quote_spanned!(here=> { #types #value }),
        // The other names are checked all the same.
        Some((errors, none)) if items.is_empty() => quote_spanned!(here=> { #errors #none }),
        Some((errors, none)) => quote_spanned! {here=> {
            #types
            const _: () = {
                use #krate::__private as __so;
                #items
            };
            #errors
            #none
        }},
    }
}

/// What a query expands to.
#[derive(Default)]
struct Expansion {
    /// Names of the objects' types.
    types: TokenStream,
    /// Constants, structs and traits.
    items: TokenStream,
    /// The `CheckedQuery`, with the items.
    value: TokenStream,
}

/// The expansion of a query; `None` if it cannot be read, which is reported.
fn query(cx: &Ctxt, input: &Input) -> Option<Expansion> {
    if cx.n_errors() > 0 {
        return None;
    }
    let query = match Query::parse(input.text.as_str(), Dialect::Rust) {
        Ok(query) => query,
        Err(error) => {
            report(cx, input, &error);
            return None;
        }
    };
    let mut out = Output::new(cx, input);
    let scope = out.root(&query.from);
    let row = level(&mut out, &scope, &query);
    let read = row.expand(&mut out, &name::object(query.from.path.name.as_str()));
    Some(put_together(&out, &read))
}

/// Reports what is wrong with the text alone.
fn report(cx: &Ctxt, input: &Input, error: &sobject_soql::Error) {
    // The place is shown behind the text, as it is in the messages of core's constants.
    let whole = error.to_string();
    let place = error.place().map(ToString::to_string).unwrap_or_default();
    let text = whole.strip_prefix(&place).unwrap_or(&whole);
    let block = input.text.block(error.span());
    cx.error(input.text.at(error.span()), format_args!("{text}{block}"));
}

/// The row of a query, with its other clauses checked.
pub(super) fn level(out: &mut Output<'_>, scope: &Scope, query: &Query) -> Row {
    if let Some(from) = query.also_from.first() {
        out.error(
            from.span(),
            "a second object in `FROM` is not supported: write the path of each field",
        );
    }
    let row = select::row(out, scope, query);
    filter::check(out, scope, query);
    row
}

fn put_together(out: &Output<'_>, read: &TokenStream) -> Expansion {
    let here = Span::mixed_site();
    let Output { input, types, items, binds, given, .. } = out;
    let krate = &input.krate;
    let is_used = |ident: &Ident| {
        binds.iter().any(|(used, _)| used.eq_ignore_ascii_case(&name::plain(ident)))
    };
    for (ident, _) in input.values.iter().filter(|(ident, _)| !is_used(ident)) {
        out.cx.error(ident.span(), format_args!("the query has no variable `:{ident}`"));
    }
    let values = binds.iter().map(|(name, at)| {
        let is_named = |ident: &Ident| name::plain(ident).eq_ignore_ascii_case(name);
        let given = input.values.iter().find(|(ident, _)| is_named(ident));
        let own = || name::ident(name, *at).to_token_stream();
        given.map_or_else(own, |(_, value)| value.clone())
    });
    let first = |n: usize| given.iter().find(|(place, _)| *place == n);
    let bound = binds.iter().enumerate().filter_map(|(n, (name, _))| {
        let (name, (_, given)) = (Literal::string(name), first(n)?);
        Some(quote_spanned!(here=> .bind(#name, #given)))
    });
    // Where a variable stands again, it is checked again.
    let again = given
        .iter()
        .enumerate()
        .filter(|(n, (place, _))| given.iter().position(|(known, _)| known == place) != Some(*n));
    let again = again.map(|(_, (_, given))| given);
    let text = Literal::string(input.text.as_str());
    let value = quote_spanned! {here=>
        match (#(&(#values),)*) {
            __given => {
                use #krate::__private as __so;
                #(#items)*
                #(let _ = #again;)*
                __so::checked(__so::Soql::new(#text) #(#bound)*, #read)
            }
        }
    };
    Expansion {
        types: quote_spanned!(here=> #(#types)*),
        items: quote_spanned!(here=> #(#items)*),
        value,
    }
}
