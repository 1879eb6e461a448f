//! Splits what stands in the parentheses of an attribute into items, each a word and its tail.

use std::fmt::Display;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree, token_stream};
use quote::ToTokens;

use crate::ctxt::Ctxt;

/// A word and what follows it, before the word is known.
pub(super) struct Item {
    pub(super) word: Ident,
    /// The rest of a phrase that object pages print for one word.
    rest: Vec<Ident>,
    pub(super) tail: Tail,
    /// Was a missing comma before it reported? What then is no word needs no other message.
    pub(super) is_reported: bool,
}

/// The items in parentheses.
pub(super) struct Items {
    pub(super) list: Vec<Item>,
    /// Was nothing passed over?
    pub(super) is_whole: bool,
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
    /// The word or phrase as written.
    pub(super) fn written(&self) -> String {
        self.rest.iter().fold(self.word.to_string(), |phrase, word| format!("{phrase} {word}"))
    }

    /// The tokens of the word or phrase.
    pub(super) fn words(&self) -> TokenStream {
        let mut tokens = self.word.to_token_stream();
        tokens.extend(self.rest.iter().map(ToTokens::to_token_stream));
        tokens
    }

    /// Reports a mistake at the whole item.
    pub(super) fn error(&self, cx: &Ctxt, message: impl Display) {
        let mut tokens = self.words();
        match &self.tail {
            Tail::Nothing => {}
            Tail::Value(tail) | Tail::List(tail) => tail.to_tokens(&mut tokens),
        }
        cx.error_over(tokens, message);
    }
}

type Tokens = std::iter::Peekable<token_stream::IntoIter>;

/// The items, split at commas. What is no item is reported and passed over; so is a missing comma,
/// as if it were there. Each of the `phrases` counts as one word.
pub(super) fn items(cx: &Ctxt, tokens: TokenStream, phrases: &[&str]) -> Items {
    let mut tokens = tokens.into_iter().peekable();
    let (mut list, mut is_whole) = (Vec::new(), true);
    let mut is_reported = false;
    while let Some(token) = tokens.next() {
        if let TokenTree::Ident(word) = token {
            let rest = rest_of_phrase(&word, &mut tokens, phrases);
            let tail = tail(&mut tokens);
            let has_comma = comma(cx, &mut tokens, &word);
            list.push(Item { word, rest, tail, is_reported });
            is_reported = !has_comma;
            continue;
        }
        let wanted = match token {
            TokenTree::Literal(_) => "a word without quotes",
            _ => "a word",
        };
        cx.error(token.span(), format_args!("expected {wanted}, not `{token}`"));
        skip_item(&mut tokens);
        is_whole = false;
    }
    Items { list, is_whole }
}

/// Takes the words that make one of the phrases with the first.
fn rest_of_phrase(first: &Ident, tokens: &mut Tokens, phrases: &[&str]) -> Vec<Ident> {
    for phrase in phrases {
        let mut words = phrase.split(' ');
        let is = |ident: &Ident, word: &str| ident.to_string().eq_ignore_ascii_case(word);
        if words.next().is_none_or(|word| !is(first, word)) {
            continue;
        }
        let mut ahead = tokens.clone();
        let rest = words.map(|word| match ahead.next() {
            Some(TokenTree::Ident(next)) if is(&next, word) => Some(next),
            _ => None,
        });
        if let Some(rest) = rest.collect::<Option<Vec<_>>>() {
            *tokens = ahead;
            return rest;
        }
    }
    Vec::new()
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
            // A literal is a whole value, so that a word right after it is a missing comma; a minus
            // sign is none.
            while let Some(token) = tokens.next_if(|token| !ended && !is_punct(token, ',')) {
                ended = matches!(token, TokenTree::Literal(_));
                value.extend([token]);
            }
            Tail::Value(value)
        }
        _ => Tail::Nothing,
    }
}

/// Passes over the comma behind an item; false if a word stands there instead.
fn comma(cx: &Ctxt, tokens: &mut Tokens, word: &Ident) -> bool {
    match tokens.peek() {
        None => {}
        Some(token) if is_punct(token, ',') => {
            tokens.next();
        }
        Some(TokenTree::Ident(next)) => {
            cx.error(next.span(), format_args!("a comma is missing before `{next}`"));
            return false;
        }
        Some(token) => {
            cx.error(token.span(), format_args!("expected a comma after `{word}`, not `{token}`"));
            skip_item(tokens);
        }
    }
    true
}

/// Passes over everything up to the next comma, and over that.
fn skip_item(tokens: &mut Tokens) {
    while tokens.next_if(|token| !is_punct(token, ',')).is_some() {}
    tokens.next();
}

fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}
