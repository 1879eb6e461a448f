//! Splits what stands in the parentheses of an attribute into items, each a word and its tail.

use std::fmt::Display;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree, token_stream};
use quote::ToTokens;

use crate::ctxt::Ctxt;

/// A word and what follows it, before the word is known.
pub(super) struct Item {
    pub(super) word: Ident,
    pub(super) tail: Tail,
}

/// What follows the word of an item.
pub(super) enum Tail {
    Nothing,
    /// `= value`
    Value(TokenStream),
    /// `(list)`
    List(TokenStream),
}

impl Item {
    /// Reports a mistake at the whole item.
    pub(super) fn error(&self, cx: &Ctxt, message: impl Display) {
        let mut tokens = self.word.to_token_stream();
        match &self.tail {
            Tail::Nothing => {}
            Tail::Value(tail) | Tail::List(tail) => tail.to_tokens(&mut tokens),
        }
        cx.error_over(tokens, message);
    }
}

type Tokens = std::iter::Peekable<token_stream::IntoIter>;

/// The items, split at commas. What is no item is reported and passed over; so is a missing comma,
/// as if it were there.
pub(super) fn items(cx: &Ctxt, tokens: TokenStream) -> Vec<Item> {
    let mut tokens = tokens.into_iter().peekable();
    let mut items = Vec::new();
    while let Some(token) = tokens.next() {
        if let TokenTree::Ident(word) = token {
            let tail = tail(&mut tokens);
            comma(cx, &mut tokens, &word);
            items.push(Item { word, tail });
            continue;
        }
        let wanted = match token {
            TokenTree::Literal(_) => "a word without quotes",
            _ => "a word",
        };
        cx.error(token.span(), format_args!("expected {wanted}, not `{token}`"));
        skip_item(&mut tokens);
    }
    items
}

fn tail(tokens: &mut Tokens) -> Tail {
    match tokens.peek() {
        Some(TokenTree::Group(list)) if list.delimiter() == Delimiter::Parenthesis => {
            let list = list.stream();
            tokens.next();
            Tail::List(list)
        }
        Some(token) if is_punct(token, '=') => {
            tokens.next();
            let mut value = TokenStream::new();
            let mut ended = false;
            // A literal is a whole value, so that a word right after it is a missing comma.
            while let Some(token) = tokens.next_if(|token| !ended && !is_punct(token, ',')) {
                ended = matches!(token, TokenTree::Literal(_));
                value.extend([token]);
            }
            Tail::Value(value)
        }
        _ => Tail::Nothing,
    }
}

/// Passes over the comma behind an item.
fn comma(cx: &Ctxt, tokens: &mut Tokens, word: &Ident) {
    match tokens.peek() {
        None => {}
        Some(token) if is_punct(token, ',') => {
            tokens.next();
        }
        Some(TokenTree::Ident(next)) => {
            cx.error(next.span(), format_args!("a comma is missing before `{next}`"));
        }
        Some(token) => {
            cx.error(token.span(), format_args!("expected a comma after `{word}`, not `{token}`"));
            skip_item(tokens);
        }
    }
}

/// Passes over everything up to the next comma, and over that.
fn skip_item(tokens: &mut Tokens) {
    while tokens.next_if(|token| !is_punct(token, ',')).is_some() {}
    tokens.next();
}

fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}
