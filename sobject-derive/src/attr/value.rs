//! Reads what follows a word, by the word's form.

use std::ops::RangeInclusive;

use proc_macro2::TokenStream;
use syn::{LitInt, LitStr, Path, parse::Parser};

use super::item::{Item, Tail, items};
use crate::{
    ctxt::Ctxt,
    words::{Form, Word, list, nearest},
};

/// What came with a word.
pub(super) enum Value {
    Flag,
    Text(LitStr),
    Number(u32),
    Names(Vec<&'static str>),
    Path(Path),
}

/// Reads what follows a word as the word's form says.
pub(super) fn value(cx: &Ctxt, word: &Word, item: &Item) -> Option<Value> {
    match (&word.form, &item.tail) {
        (Form::Flag, Tail::Nothing) => Some(Value::Flag),
        (Form::Flag, tail) => flag_with_tail(cx, word, item, tail),
        (Form::Text(_), Tail::Value(value)) => text(cx, word, item, value),
        (Form::Number(range, _), Tail::Value(value)) => number(cx, word, item, value, range),
        (Form::Names(all), Tail::List(list)) => call_names(cx, all, item, list),
        (Form::Path, Tail::Value(value)) => path(cx, word, item, value),
        _ => {
            takes(cx, word, item);
            None
        }
    }
}

/// Reports that what follows a word has the wrong form.
fn takes(cx: &Ctxt, word: &Word, item: &Item) {
    item.error(cx, format_args!("`{}` takes {}; write `{}`", word.name, word.form, word.usage()));
}

/// A flag that something follows: it stands alone, and `= false` is said by leaving it out.
fn flag_with_tail(cx: &Ctxt, word: &Word, item: &Item, tail: &Tail) -> Option<Value> {
    let name = word.name;
    let is_off = matches!(tail, Tail::Value(value) if value.to_string() == "false");
    if is_off {
        item.error(cx, format_args!("`{name}` is off unless it is written; leave the word out"));
        return None;
    }
    item.error(cx, format_args!("`{name}` stands alone; write `{name}` and nothing after it"));
    Some(Value::Flag)
}

fn text(cx: &Ctxt, word: &Word, item: &Item, value: &TokenStream) -> Option<Value> {
    let Ok(text) = syn::parse2::<LitStr>(value.clone()) else {
        takes(cx, word, item);
        return None;
    };
    if text.value().trim().is_empty() {
        cx.error(text.span(), format_args!("`{}` is empty; write `{}`", word.name, word.usage()));
        return None;
    }
    Some(Value::Text(text))
}

fn number(
    cx: &Ctxt,
    word: &Word,
    item: &Item,
    value: &TokenStream,
    range: &RangeInclusive<u32>,
) -> Option<Value> {
    let name = word.name;
    if let Ok(n) = syn::parse2::<LitInt>(value.clone()) {
        let n = n.base10_parse().ok().filter(|n| range.contains(n));
        if n.is_none() {
            cx.error_over(value, format_args!("`{name}` is {}", word.form));
        }
        return n.map(Value::Number);
    }
    let quoted = syn::parse2::<LitStr>(value.clone()).ok();
    let quoted = quoted.and_then(|text| text.value().parse().ok()).filter(|n| range.contains(n));
    match quoted {
        Some(n) => {
            cx.error_over(value, format_args!("write the number without quotes: `{name} = {n}`"));
        }
        None => takes(cx, word, item),
    }
    quoted.map(Value::Number)
}

/// The names in the parentheses of `calls(..)`.
fn call_names(
    cx: &Ctxt,
    all: &'static [&'static str],
    item: &Item,
    list_tokens: &TokenStream,
) -> Option<Value> {
    let mut calls = Vec::new();
    let listed = items(cx, list_tokens.clone());
    if listed.is_empty() {
        item.error(
            cx,
            "`calls()` lists no call; leave it out for an object with every call but merge",
        );
        return None;
    }
    for call in &listed {
        let written = call.word.to_string();
        let known = all.iter().find(|name| **name == written).copied();
        if known.is_none() {
            let hint = match nearest(&written, all.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the calls are {}", list(all.iter().copied())),
            };
            cx.error(call.word.span(), format_args!("there is no call `{written}`; {hint}"));
        }
        if !matches!(call.tail, Tail::Nothing) {
            call.error(cx, format_args!("a call stands alone: `{written}`"));
        }
        // A misspelt call counts as the one that it is nearest to: without it, checks that hang
        // on calls would speak up as well.
        let Some(name) = known.or_else(|| nearest(&written, all.iter().copied())) else { continue };
        if calls.contains(&name) {
            if known.is_some() {
                cx.error(call.word.span(), format_args!("the call `{name}` is listed twice"));
            }
        } else {
            calls.push(name);
        }
    }
    Some(Value::Names(calls))
}

fn path(cx: &Ctxt, word: &Word, item: &Item, value: &TokenStream) -> Option<Value> {
    let path = Path::parse_mod_style.parse2(value.clone()).ok();
    if path.is_none() {
        takes(cx, word, item);
    }
    path.map(Value::Path)
}
