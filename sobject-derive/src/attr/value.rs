//! [`Value`]: reads what follows a word in an attribute, in the form that the word takes.

use std::{fmt, ops::RangeInclusive};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Ident, Lit, LitInt, LitStr, Path, Token, ext::IdentExt, parse::ParseStream, parse::Parser,
    punctuated::Punctuated,
};

use super::item::{Item, Tail, items};
use crate::{
    ctxt::Ctxt,
    words::{Form, NameList, TYPES_OF_RUST, Word, field, list, nearest},
};

/// What was given with a word.
pub(super) enum Value {
    Flag,
    Text(LitStr),
    Texts(Vec<LitStr>),
    Number(u64),
    Literal(DefaultValue),
    OneOf(&'static str),
    Names(Vec<&'static str>),
    Derives(Vec<Path>),
    Path(Path),
}

/// A default value as it was written.
pub(crate) enum DefaultValue {
    Bool(bool),
    Int(i64),
    Double(f64),
    Text(LitStr),
}

impl fmt::Display for DefaultValue {
    /// Prints the value for docs: text without quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(n) => write!(f, "{n}"),
            Self::Double(n) => write!(f, "{n}"),
            Self::Text(text) => f.write_str(&text.value()),
        }
    }
}

/// Is this `= string` or another describe type that follows from the Rust type?
pub(super) fn is_type_of_rust(tail: &Tail) -> bool {
    matches!(tail, Tail::Value(name) if {
        let name = name.to_string().to_lowercase();
        TYPES_OF_RUST.contains(&name.trim_matches('"'))
    })
}

/// Reads what follows a word, in the form that the word takes. `None` if it has another form and
/// does not show what was meant, which is reported.
pub(super) fn value(cx: &Ctxt, word: &Word, item: &Item) -> Option<Value> {
    match (&word.form, &item.tail) {
        (Form::Flag, Tail::Nothing) => Some(Value::Flag),
        (Form::Flag, tail) => flag_with_tail(cx, word, item, tail),
        (Form::Text(_), Tail::Value(value)) => text(cx, word, item, value).map(Value::Text),
        (Form::Texts(_), Tail::Value(value)) => {
            text(cx, word, item, value).map(|text| Value::Texts(vec![text]))
        }
        (Form::Texts(_), Tail::List(list)) => texts(cx, word, item, list),
        (Form::Number(range, _), Tail::Value(value)) => number(cx, word, item, value, range),
        (Form::Literal, Tail::Value(value)) => literal(cx, word, item, value),
        (Form::OneOf(all), Tail::Value(value)) => one_of(cx, word, all, item, value),
        (Form::Names(names), Tail::List(list)) => listed_names(cx, word, names, item, list),
        (Form::Derives, Tail::List(list)) => derives(cx, word, item, list),
        (Form::Derives, Tail::Nothing) => {
            let name = word.name;
            item.error(
                cx,
                format_args!(
                    "`{name}` alone is a word of a field's `#[field(..)]`; a call stands in \
                     `calls(..)`, and derives for a view in `{}`",
                    word.usage()
                ),
            );
            None
        }
        (Form::Path, Tail::Value(value)) => path(cx, word, item, value),
        (Form::Literal, Tail::Nothing) => {
            item.error(
                cx,
                format_args!(
                    "`{}` needs a value, as in `{}`; write `defaulted_on_create` where the type has \
                     a default by itself",
                    word.name,
                    word.usage()
                ),
            );
            None
        }
        (form, Tail::List(list)) if form.is_value() && is_one(list) => {
            let name = word.name;
            item.error(cx, format_args!("`{name}` takes no parentheses; write `{name} = {list}`"));
            None
        }
        _ => {
            takes(cx, word, item);
            None
        }
    }
}

/// Is this a single token?
fn is_one(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().count() == 1
}

/// Reports that what follows a word has the wrong form.
fn takes(cx: &Ctxt, word: &Word, item: &Item) {
    item.error(cx, format_args!("`{}` takes {}; write `{}`", word.name, word.form, word.usage()));
}

/// Reports a flag that something follows. It still counts as given, unless `= false` follows.
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

fn text(cx: &Ctxt, word: &Word, item: &Item, value: &TokenStream) -> Option<LitStr> {
    let Ok(text) = syn::parse2::<LitStr>(value.clone()) else {
        match bare_text(value) {
            Some(text) => {
                let name = word.name;
                item.error(cx, format_args!("a text stands in quotes: `{name} = \"{text}\"`"));
            }
            None => takes(cx, word, item),
        }
        return None;
    };
    if text.value().trim().is_empty() {
        cx.error(text.span(), format_args!("`{}` is empty; write `{}`", word.name, word.usage()));
        return None;
    }
    Some(text)
}

/// The texts in parentheses, one at least.
fn texts(cx: &Ctxt, word: &Word, item: &Item, list: &TokenStream) -> Option<Value> {
    let parts = Punctuated::<TokenTree, Token![,]>::parse_terminated.parse2(list.clone());
    let parts = parts.ok().filter(|parts| !parts.is_empty());
    let Some(parts) = parts else {
        takes(cx, word, item);
        return None;
    };
    let texts = parts.iter().map(|part| {
        let tokens = part.to_token_stream();
        match (syn::parse2::<LitStr>(tokens.clone()), bare_text(&tokens)) {
            (Err(_), Some(text)) => {
                cx.error_over(tokens, format_args!("a text stands in quotes: `\"{text}\"`"));
                None
            }
            _ => text(cx, word, item, &tokens),
        }
    });
    texts.collect::<Option<_>>().map(Value::Texts)
}

/// The text that was most likely meant by a value without quotes.
fn bare_text(value: &TokenStream) -> Option<String> {
    match syn::parse2::<Lit>(value.clone()) {
        Ok(Lit::Char(c)) => Some(c.value().to_string()),
        Ok(Lit::Int(n)) => Some(n.to_string()),
        Ok(_) => None,
        Err(_) => {
            let path = Path::parse_mod_style.parse2(value.clone()).ok()?;
            path.segments.last().map(|name| name.ident.unraw().to_string())
        }
    }
}

fn number(
    cx: &Ctxt,
    word: &Word,
    item: &Item,
    value: &TokenStream,
    range: &RangeInclusive<u64>,
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

/// Reads `true`, `false`, a number with or without a sign and a point, or a text.
fn literal(cx: &Ctxt, word: &Word, item: &Item, value: &TokenStream) -> Option<Value> {
    let signed = |input: ParseStream<'_>| {
        Ok((input.parse::<Option<Token![-]>>()?.is_some(), input.parse::<Lit>()?))
    };
    let default = match signed.parse2(value.clone()) {
        Ok((false, Lit::Bool(value))) => Some(DefaultValue::Bool(value.value)),
        Ok((false, Lit::Str(text))) => Some(DefaultValue::Text(text)),
        Ok((is_minus, Lit::Int(n))) => {
            let digits = format!("{}{}", if is_minus { "-" } else { "" }, n.base10_digits());
            let n = digits.parse().ok().filter(|_| n.suffix().is_empty());
            n.map(DefaultValue::Int)
        }
        Ok((is_minus, Lit::Float(n))) => {
            let n = n.base10_parse::<f64>().ok().filter(|_| n.suffix().is_empty());
            n.map(|n| DefaultValue::Double(if is_minus { -n } else { n }))
        }
        _ => None,
    };
    if default.is_none() {
        no_literal(cx, word, item, value);
    }
    default.map(Value::Literal)
}

/// Reports a value that is no literal, with what to write for what was most likely meant.
fn no_literal(cx: &Ctxt, word: &Word, item: &Item, value: &TokenStream) {
    let name = word.name;
    let written = value.to_string();
    let lower = written.to_lowercase();
    if matches!(lower.as_str(), "none" | "null") {
        let message = "a `nillable` field is null without a default; take `default` away";
        item.error(cx, message);
    } else if matches!(lower.as_str(), "true" | "false") {
        item.error(cx, format_args!("write `{name} = {lower}`, in lower case"));
    } else if let Ok(Lit::Int(_)) = syn::parse2(value.clone()) {
        item.error(cx, format_args!("`{name}` takes a number without a suffix that fits an `i64`"));
    } else if let Some(text) = bare_text(value) {
        item.error(cx, format_args!("a text stands in quotes: `{name} = \"{text}\"`"));
    } else {
        takes(cx, word, item);
    }
}

/// Reads one of these names.
fn one_of(
    cx: &Ctxt,
    word: &Word,
    all: &'static [&'static str],
    item: &Item,
    value: &TokenStream,
) -> Option<Value> {
    let any_ident = |input: ParseStream<'_>| Ident::parse_any(input);
    let name = match any_ident.parse2(value.clone()) {
        Ok(name) => name.to_string(),
        Err(_) => match syn::parse2::<LitStr>(value.clone()) {
            Ok(text) if all.contains(&text.value().as_str()) => {
                let name = text.value();
                let message = format!("write the name without quotes: `{} = {name}`", word.name);
                cx.error_over(value, message);
                name
            }
            _ => {
                takes(cx, word, item);
                return None;
            }
        },
    };
    let known = |name: &str| all.iter().copied().find(|known| *known == name);
    if let Some(name) = known(&name) {
        return Some(Value::OneOf(name));
    }
    let lower = name.to_lowercase();
    if word.name == field::TYPE.name && TYPES_OF_RUST.contains(&lower.as_str()) {
        item.error(
            cx,
            format_args!("that a field is a {lower} follows from its Rust type; take `type` away"),
        );
        return None;
    }
    let near = nearest(&name, all.iter().copied());
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("`{}` is {}", word.name, word.form),
    };
    cx.error_over(value, format_args!("there is no `{} = {name}`; {hint}", word.name));
    near.map(Value::OneOf)
}

/// Reads the names in the parentheses of `calls(..)` or `system(..)`.
fn listed_names(
    cx: &Ctxt,
    word: &Word,
    names: &'static NameList,
    item: &Item,
    list_tokens: &TokenStream,
) -> Option<Value> {
    let NameList { noun, all, .. } = names;
    let mut found = Vec::new();
    let listed = listed(cx, names, list_tokens);
    if let (true, true, Some(instead)) =
        (listed.is_empty(), list_tokens.is_empty(), names.instead_of_none)
    {
        item.error(cx, format_args!("`{}()` lists no {noun}; {instead}", word.name));
        return None;
    }
    for one in &listed {
        let written = one.word.to_string();
        let at = one.word.span();
        let known = all.iter().find(|name| **name == written).copied();
        let near = || nearest(&written, all.iter().copied());
        if known.is_none() {
            let hint = match near() {
                _ if written.eq_ignore_ascii_case("id") => "every object has `Id`".to_owned(),
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the {noun}s are {}", list(all.iter().copied())),
            };
            cx.error(at, format_args!("there is no {noun} `{written}`; {hint}"));
        } else if !matches!(one.tail, Tail::Nothing) {
            one.error(cx, format_args!("a {noun} stands alone: `{written}`"));
        }
        // A misspelt name counts as the name that it is nearest to. Otherwise the checks that look
        // for that name in the list would report its absence as well.
        let Some(name) = known.or_else(near) else { continue };
        if found.contains(&name) {
            if known.is_some() {
                cx.error(at, format_args!("the {noun} `{name}` is listed twice"));
            }
        } else {
            found.push(name);
        }
    }
    Some(Value::Names(found))
}

/// The names in a list. Names in quotes are reported and read as well.
fn listed(cx: &Ctxt, names: &NameList, tokens: &TokenStream) -> Vec<Item> {
    let bare = tokens.clone().into_iter().map(|token| {
        let text = syn::parse2::<LitStr>(token.to_token_stream());
        let Some(name) = text.ok().and_then(|text| text.parse_with(Ident::parse_any).ok()) else {
            return token;
        };
        // If there is no such name, that will be reported, which is enough.
        if names.all.iter().any(|known| name == known) {
            let message = format!("a {} stands without quotes: `{name}`", names.noun);
            cx.error(token.span(), message);
        }
        TokenTree::Ident(name)
    });
    items(cx, bare.collect(), &[]).list
}

/// Reads the paths in the parentheses of `create(derive(..))` or `update(derive(..))`.
fn derives(cx: &Ctxt, word: &Word, item: &Item, tokens: &TokenStream) -> Option<Value> {
    let mut derives = Vec::new();
    for one in items(cx, tokens.clone(), &[]).list {
        let paths = match &one.tail {
            Tail::List(list) if one.word == "derive" => {
                Punctuated::<Path, Token![,]>::parse_terminated.parse2(list.clone()).ok()
            }
            _ => None,
        };
        let Some(paths) = paths else {
            takes(cx, word, item);
            return None;
        };
        derives.extend(paths);
    }
    if derives.is_empty() {
        takes(cx, word, item);
        return None;
    }
    Some(Value::Derives(derives))
}

fn path(cx: &Ctxt, word: &Word, item: &Item, value: &TokenStream) -> Option<Value> {
    let path = Path::parse_mod_style.parse2(value.clone()).ok();
    if path.is_none() {
        takes(cx, word, item);
    }
    path.map(Value::Path)
}
