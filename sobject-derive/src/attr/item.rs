//! Splits the tokens in the parentheses of an attribute into [`Item`]s: in
//! `#[field(create, length = 80)]`, the word `create`, and the word `length` with the tail `= 80`.

use std::fmt::Display;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree, token_stream};
use quote::ToTokens;

use crate::ctxt::Ctxt;

/// A word and what follows it. Whether there is such a word is not known yet.
pub(super) struct Item {
    pub(super) word: Ident,
    /// The other words of a phrase that object pages print, such as `Defaulted on create`.
    rest: Vec<Ident>,
    pub(super) tail: Tail,
    /// Was a missing comma before the item reported? Then an unknown word is not reported as well.
    pub(super) is_reported: bool,
}

/// The items in parentheses.
pub(super) struct Items {
    pub(super) list: Vec<Item>,
    /// Were all tokens read, so that nothing was skipped?
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

/// The items, split at commas. Tokens that are no item are reported and skipped. A missing comma is
/// reported, and the items on both sides of it are read. Each of the `phrases` counts as one word.
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

/// Takes the words behind `first` if they make up one of the phrases together with it.
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
            // A literal ends the value, so that the comma is missing if a word comes next. A minus
            // sign is no literal, and the number behind it is still part of the value.
            while let Some(token) = tokens.next_if(|token| !ended && !is_punct(token, ',')) {
                ended = matches!(token, TokenTree::Literal(_));
                value.extend([token]);
            }
            Tail::Value(value)
        }
        _ => Tail::Nothing,
    }
}

/// Takes the comma behind an item; false if a word stands there instead.
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

/// Skips everything up to the next comma, and the comma.
fn skip_item(tokens: &mut Tokens) {
    while tokens.next_if(|token| !is_punct(token, ',')).is_some() {}
    tokens.next();
}

fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}
