//! serde's derives beside ours, which are a habit: what the macro sees of them, and what it says.
//!
//! A struct or an enum has serde's traits from our derive, in the form of an org's JSON, and serde's
//! own would be the same traits in another form. The compiler hands a derive macro the attributes
//! below it, but neither the others of its own list nor those above. These are looked for in the
//! source. Where that cannot be read, as with code that another macro wrote, the compiler reports two
//! implementations of one trait, which is right but says less.

use std::fs;

use proc_macro2::{Ident, Span, TokenStream};
use syn::{
    Attribute, Data, DeriveInput, Path, Token, parse::Parser, punctuated::Punctuated,
    spanned::Spanned,
};

use crate::{attr::Words, ctxt::Ctxt, words::Word};

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
    let attribute = attribute.map(|attr| (attr.path().span(), "`#[serde(..)]`".to_owned()));
    let below = below(&input.attrs);
    let derives = if below.is_empty() { in_source() } else { below };
    let (places, found): (Vec<_>, Vec<_>) = derives.into_iter().chain(attribute).unzip();
    let Some(first) = places.first() else { return true };
    let (ident, found) = (&input.ident, found.join(" and "));
    let attribute = if derive == "SObject" { "sobject" } else { "picklist" };
    cx.error(
        *first,
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

/// serde's derives in the lists below ours.
fn below(attrs: &[Attribute]) -> Vec<(Span, String)> {
    let lists = attrs.iter().filter(|attr| attr.path().is_ident("derive"));
    let lists = lists.filter_map(|attr| attr.meta.require_list().ok());
    lists.flat_map(|list| of_serde(list.tokens.clone())).collect()
}

/// serde's derives in a list of derives, each with its place. A derive of the same name from another
/// crate, written with its path, is none of them.
fn of_serde(list: TokenStream) -> Vec<(Span, String)> {
    let Ok(paths) = Punctuated::<Path, Token![,]>::parse_terminated.parse2(list) else {
        return Vec::new();
    };
    let ends = paths.iter().filter_map(|path| path.segments.first().zip(path.segments.last()));
    ends.filter(|(first, last)| {
        let is_serdes = |it: &Ident| it == "serde" || it == "serde_derive" || *it == last.ident;
        DERIVES.iter().any(|derive| last.ident == derive) && is_serdes(&first.ident)
    })
    .map(|(_, last)| (last.ident.span(), format!("`{}`", last.ident)))
    .collect()
}

/// serde's derives in the same list as ours and in those above, as the source has them; none where
/// the source cannot be read. Their place is that of our derive.
fn in_source() -> Vec<(Span, String)> {
    // Outside of a compiler, as in tests, there is no source.
    if !proc_macro::is_available() {
        return Vec::new();
    }
    let here = proc_macro::Span::call_site();
    let source = here.local_file().and_then(|file| fs::read_to_string(file).ok());
    let source = source.unwrap_or_default();
    let lists = lists_at(&source, here.line(), here.column()).into_iter();
    lists.filter_map(|list| list.parse().ok()).flat_map(of_serde).collect()
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
