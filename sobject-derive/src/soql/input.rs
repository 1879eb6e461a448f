//! [`Input`]: the arguments of `soql!`.
//!
//! Core's macro of that name passes the path of core in front, with a `;` behind it. Then come the
//! literals of the query, and behind commas the values of variables (`low = self.low`) and the types of
//! objects and of child relationships (`Invoice__c: Bill`).

use std::iter::Peekable;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree, token_stream::IntoIter};

use super::{name, text::Text};
use crate::ctxt::Ctxt;

/// The arguments of `soql!`.
pub(super) struct Input {
    /// The path of core.
    pub(super) krate: TokenStream,
    pub(super) text: Text,
    /// Variables that are given a value in the arguments.
    pub(super) values: Vec<(Ident, TokenStream)>,
    /// Objects and child relationships whose type is given in the arguments.
    pub(super) types: Vec<(Ident, TokenStream)>,
}

impl Input {
    /// Reads the arguments.
    pub(super) fn read(cx: &Ctxt, tokens: TokenStream) -> Self {
        let mut tokens = tokens.into_iter().peekable();
        let krate = until(&mut tokens, ';');
        let mut input = Self { krate, text: Text::new(), values: Vec::new(), types: Vec::new() };
        while let Some(token) = tokens.peek() {
            if is(token, ',') && !input.text.is_empty() {
                break;
            }
            let token = token.clone();
            tokens.next();
            if !input.push_text(token.clone()) {
                cx.error_over(token, "the query is a text: `soql!(\"SELECT Name FROM User\")`");
                return input;
            }
        }
        if input.text.is_empty() {
            cx.error(Span::call_site(), "`soql!` lacks a query, which is a text");
        }
        while tokens.next().is_some() && tokens.peek().is_some() {
            input.read_argument(cx, &mut tokens);
        }
        input
    }

    /// Adds a literal of the text, if it is one. What a `macro_rules!` passes on stands in an invisible
    /// group.
    fn push_text(&mut self, token: TokenTree) -> bool {
        if let TokenTree::Group(group) = &token
            && group.delimiter() == Delimiter::None
        {
            let mut inner = group.stream().into_iter();
            return match (inner.next(), inner.next()) {
                (Some(only), None) => self.push_text(only),
                _ => false,
            };
        }
        let span = token.span();
        let Ok(text) = syn::parse2::<syn::LitStr>(token.into()) else { return false };
        self.text.push(&text.value(), span);
        true
    }

    /// Reads `name = value` or `Name: Type`, up to the comma behind it.
    fn read_argument(&mut self, cx: &Ctxt, tokens: &mut Peekable<IntoIter>) {
        let at = tokens.peek().map_or_else(Span::call_site, TokenTree::span);
        let (first, second) = (tokens.next(), tokens.next());
        let given = until_comma(tokens);
        match (first, second) {
            (Some(TokenTree::Ident(ident)), Some(sign)) if !given.is_empty() => {
                let list = match &sign {
                    sign if is(sign, '=') => &mut self.values,
                    sign if is(sign, ':') => &mut self.types,
                    _ => return cx.error(at, WANTED),
                };
                let text = name::plain(&ident);
                if list.iter().any(|(known, _)| name::plain(known) == text) {
                    return cx.error(at, format_args!("`{text}` is given twice"));
                }
                list.push((ident, given));
            }
            _ => cx.error(at, WANTED),
        }
    }
}

/// What an argument behind the text may be.
const WANTED: &str = "behind the query stand values of its variables, as in `low = self.low`, and \
                      types of its objects, as in `Invoice__c: Bill`";

fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// The tokens in front of a sign, which is passed over.
fn until(tokens: &mut Peekable<IntoIter>, sign: char) -> TokenStream {
    tokens.by_ref().take_while(|token| !is(token, sign)).collect()
}

/// The tokens in front of the next comma. An object has no parameters, and a value with a comma between
/// `<` and `>` stands in parentheses.
fn until_comma(tokens: &mut Peekable<IntoIter>) -> TokenStream {
    let mut taken = Vec::new();
    while tokens.peek().is_some_and(|token| !is(token, ',')) {
        taken.extend(tokens.next());
    }
    taken.into_iter().collect()
}
