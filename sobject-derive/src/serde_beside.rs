//! serde's derives beside ours, which are a habit: what the macro sees of them, and what it says.
//!
//! A struct or an enum has serde's traits from our derive, in the form of an org's JSON, and serde's
//! own would be the same traits in another form. The compiler hands a derive macro the attributes
//! below it, but neither the others of its own list nor those above. These are looked for in the
//! source. Where that cannot be read, as with code that another macro wrote, the compiler reports two
//! implementations of one trait, which is right but says less.

use std::fs;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{Attribute, Data, DeriveInput, Meta};

use crate::{
    attr::Words,
    ctxt::Ctxt,
    words::{Word, list},
};

/// serde's derives.
const DERIVES: [&str; 2] = ["Serialize", "Deserialize"];

/// Are there neither serde's derives nor its attributes? They are reported, unless the word says that
/// the type has these traits of its own.
pub(crate) fn is_none(
    cx: &Ctxt,
    input: &DeriveInput,
    words: &Words,
    own: &Word,
    derive: &str,
) -> bool {
    if words.has(own) {
        return false;
    }
    let attribute = attributes(input).into_iter().find(|attr| attr.path().is_ident("serde"));
    let (at, mut found) = match below(&input.attrs) {
        Some((at, found)) => (at, found),
        None => (Span::call_site(), in_source()),
    };
    let at = match attribute {
        Some(attribute) if found.is_empty() => {
            attribute.path().get_ident().map_or(at, |it| it.span())
        }
        _ => at,
    };
    found.extend(attribute.map(|_| "#[serde(..)]".to_owned()));
    if found.is_empty() {
        return true;
    }
    let (ident, found) = (&input.ident, list(found.iter().map(String::as_str)));
    let attribute = if derive == "SObject" { "sobject" } else { "picklist" };
    cx.error(
        at,
        format_args!(
            "`{derive}` reads and writes `{ident}` as an org's JSON; take {found} away, or write \
             `#[{attribute}({})]` to keep a form of your own",
            own.name
        ),
    );
    false
}

/// The attributes of a type, of its fields and of its variants.
fn attributes(input: &DeriveInput) -> Vec<&Attribute> {
    let mut all: Vec<_> = input.attrs.iter().collect();
    match &input.data {
        Data::Struct(data) => all.extend(data.fields.iter().flat_map(|it| &it.attrs)),
        Data::Enum(data) => all.extend(data.variants.iter().flat_map(|it| &it.attrs)),
        Data::Union(_) => {}
    }
    all
}

/// serde's derives in the lists below ours, and where the first stands.
fn below(attrs: &[Attribute]) -> Option<(Span, Vec<String>)> {
    let lists = attrs.iter().filter(|attr| attr.path().is_ident("derive"));
    let found: Vec<_> = lists
        .filter_map(|attr| match &attr.meta {
            Meta::List(list) => Some(of_serde(list.tokens.clone())),
            _ => None,
        })
        .flatten()
        .collect();
    let at = found.first()?.0;
    Some((at, found.into_iter().map(|(_, name)| name).collect()))
}

/// serde's derives in a list of derives, each with its place. A derive of the same name from another
/// crate, written with its path, is none of them.
fn of_serde(list: TokenStream) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let mut path = Vec::new();
    let end = TokenTree::Punct(proc_macro2::Punct::new(',', proc_macro2::Spacing::Alone));
    for token in list.into_iter().chain([end]) {
        match token {
            TokenTree::Ident(ident) => path.push(ident),
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                let is_serdes =
                    |krate: &proc_macro2::Ident| krate == "serde" || krate == "serde_derive";
                if let [ours @ .., name] = path.as_slice()
                    && DERIVES.iter().any(|derive| name == derive)
                    && ours.first().is_none_or(is_serdes)
                {
                    found.push((name.span(), name.to_string()));
                }
                path.clear();
            }
            _ => {}
        }
    }
    found
}

/// serde's derives in the same list as ours and in those above, as the source has them; none where
/// the source cannot be read.
fn in_source() -> Vec<String> {
    // Outside of a compiler, as in tests, there is no source.
    if !proc_macro::is_available() {
        return Vec::new();
    }
    let here = proc_macro::Span::call_site();
    let source = here.local_file().and_then(|file| fs::read_to_string(file).ok());
    let source = source.unwrap_or_default();
    lists_at(&source, here.line(), here.column())
        .into_iter()
        .filter_map(|list| list.parse().ok())
        .flat_map(of_serde)
        .map(|(_, name)| name)
        .collect()
}

/// The lists of derives of the item that has a derive at this line and column, both counted from 1:
/// the one that the place is in, and those above it.
pub(crate) fn lists_at(source: &str, line: usize, column: usize) -> Vec<&str> {
    let line_start = source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let Some(rest) = source.get(line_start..) else { return Vec::new() };
    let in_line = rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum::<usize>();
    let at = line_start + in_line;
    let (Some(before), Some(behind)) = (source.get(..at), source.get(at..)) else {
        return Vec::new();
    };
    let (Some(open), Some(close)) = (before.rfind('('), behind.find(')')) else {
        return Vec::new();
    };
    let Some(before) = source[..open].trim_end().strip_suffix("derive") else { return Vec::new() };
    let mut lists = vec![&source[open + 1..at + close]];
    lists.extend(lists_above(before.trim_end().trim_end_matches(['#', '['])));
    lists
}

/// The lists of derives of the attributes at the end of a text, with comments between them.
fn lists_above(mut source: &str) -> Vec<&str> {
    let mut lists = Vec::new();
    loop {
        source = source.trim_end();
        let last_line = source.rsplit('\n').next().unwrap_or_default();
        if last_line.trim_start().starts_with("//") {
            source = &source[..source.len() - last_line.len()];
            continue;
        }
        // A bracket in a text within the attribute is taken for its own. Then nothing is found.
        let Some(attribute) = source.strip_suffix(']') else { return lists };
        let Some(open) = attribute.rfind("#[") else { return lists };
        let list = attribute[open + 2..].trim().strip_prefix("derive");
        let list = list.and_then(|list| list.trim().strip_prefix('(')?.strip_suffix(')'));
        lists.extend(list);
        source = &source[..open];
    }
}
