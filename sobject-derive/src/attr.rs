//! [`Words`]: the words of an attribute, read by the tables in [`words`](crate::words).
//!
//! Every word is read on its own: a wrong one is reported at its place, and reading goes on with
//! the next. If it is plain what a wrong word means (a misspelt flag, a number in quotes), it also
//! counts as the right one, so that its absence is not reported as a second mistake.

mod item;
mod value;

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, LitStr, Meta, Path};

pub(crate) use self::value::DefaultValue;
use self::{
    item::{Item, Tail, items},
    value::{Value, value},
};
use crate::{
    ctxt::Ctxt,
    words::{Form, Word, advice, field, list, meant_by_synonym, nearest, why_implied},
};

/// A kind of attribute: its name and the words that it may hold.
pub(crate) struct Kind {
    /// `sobject`, `field` or `picklist`.
    pub(crate) name: &'static str,
    /// Its words.
    pub(crate) words: &'static [Word],
    /// The words of other kinds, and the hint to print if one of them stands here.
    pub(crate) elsewhere: &'static [(&'static [Word], &'static str)],
}

/// The words that a struct, field, enum or variant has in its attributes of one kind, each once.
#[derive(Default)]
pub(crate) struct Words {
    given: Vec<Given>,
    /// The words that were given, but whose value could not be read. That has been reported.
    misread: Vec<&'static str>,
    /// Was something given that could not be read as a word at all, so that any word may be missing
    /// because of it? That has been reported.
    is_partial: bool,
}

/// A word that was given.
struct Given {
    name: &'static str,
    at: Span,
    value: Value,
}

impl Words {
    /// Reads all attributes of this kind; `None` if there is none.
    pub(crate) fn from_attrs(cx: &Ctxt, kind: &Kind, attrs: &[Attribute]) -> Option<Self> {
        let mut attrs = attrs.iter().filter(|attr| attr.path().is_ident(kind.name)).peekable();
        attrs.peek()?;
        let mut words = Self::default();
        for attr in attrs {
            match &attr.meta {
                Meta::Path(_) => {}
                Meta::List(list) => words.read(cx, kind, list.tokens.clone()),
                Meta::NameValue(_) => {
                    words.is_partial = true;
                    cx.error_over(
                        &attr.meta,
                        format_args!("the words stand in parentheses: `#[{}(..)]`", kind.name),
                    );
                }
            }
        }
        Some(words)
    }

    /// Was the word given?
    pub(crate) fn has(&self, word: &Word) -> bool {
        self.find(word).is_some()
    }

    /// Where the word stands.
    pub(crate) fn at(&self, word: &Word) -> Option<Span> {
        self.find(word).map(|given| given.at)
    }

    /// The text given with the word.
    pub(crate) fn text(&self, word: &Word) -> Option<&LitStr> {
        match &self.find(word)?.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number given with the word.
    pub(crate) fn number(&self, word: &Word) -> Option<u64> {
        match self.find(word)?.value {
            Value::Number(n) => Some(n),
            _ => None,
        }
    }

    /// The literal given with the word.
    pub(crate) fn default_value(&self, word: &Word) -> Option<&DefaultValue> {
        match &self.find(word)?.value {
            Value::Literal(value) => Some(value),
            _ => None,
        }
    }

    /// The one name given with the word.
    pub(crate) fn one_of(&self, word: &Word) -> Option<&'static str> {
        match self.find(word)?.value {
            Value::OneOf(name) => Some(name),
            _ => None,
        }
    }

    /// The derives given with the word.
    pub(crate) fn derives(&self, word: &Word) -> Option<&[Path]> {
        match &self.find(word)?.value {
            Value::Derives(derives) => Some(derives),
            _ => None,
        }
    }

    /// The names listed with the word.
    pub(crate) fn names(&self, word: &Word) -> Option<&[&'static str]> {
        match &self.find(word)?.value {
            Value::Names(names) => Some(names),
            _ => None,
        }
    }

    /// The path given with the word.
    pub(crate) fn path(&self, word: &Word) -> Option<&Path> {
        match &self.find(word)?.value {
            Value::Path(path) => Some(path),
            _ => None,
        }
    }

    /// Was the word given, but with a value that could not be read? That has been reported.
    pub(crate) fn was_misread(&self, word: &Word) -> bool {
        self.misread.contains(&word.name)
    }

    /// May one of these words be missing only because it could not be read?
    pub(crate) fn may_lack(&self, words: &[Word]) -> bool {
        self.is_partial || words.iter().any(|word| self.was_misread(word))
    }

    fn find(&self, word: &Word) -> Option<&Given> {
        self.given.iter().find(|given| given.name == word.name)
    }

    /// Reads what stands in the parentheses of one attribute.
    fn read(&mut self, cx: &Ctxt, kind: &Kind, tokens: TokenStream) {
        let phrases = kind.words.iter().map(|word| word.page).filter(|page| page.contains(' '));
        let items = items(cx, tokens, &phrases.collect::<Vec<_>>());
        self.is_partial |= !items.is_whole;
        for item in items.list {
            let Some(word) = self.known_word(cx, kind, &item) else { continue };
            let at = item.word.span();
            if self.has(word) && item.written() != word.name {
                // This is a misspelt word, and the right one is there too. The spelling was
                // reported.
            } else if self.has(word) {
                cx.error(at, format_args!("`{}` is given twice; take one of them away", word.name));
            } else if let Some(value) = value(cx, word, &item) {
                self.given.push(Given { name: word.name, at, value });
            } else {
                self.misread.push(word.name);
            }
        }
    }

    /// The word of the table that an item gives. A wrong word is reported. If it is clear which
    /// word was meant, and what follows fits that one, the item counts as giving it: otherwise its
    /// absence would be reported too.
    fn known_word(&mut self, cx: &Ctxt, kind: &Kind, item: &Item) -> Option<&'static Word> {
        let written = item.written();
        if let Some(word) = find(kind.words, &written) {
            return Some(word);
        }
        let attribute = kind.name;
        let at = item.word.span();
        if let Some(word) = kind.words.iter().find(|word| word.is_spelt_elsewhere_as(&written)) {
            // Object pages and describes both say `idLookup`; the message names the object page.
            let is_described = word.describe == written && word.page != written;
            let whose = if is_described { "a describe" } else { "an object page" };
            // For a type that follows from the Rust type, the message about the value says all.
            if !(word.name == field::TYPE.name && value::is_type_of_rust(&item.tail)) {
                let message =
                    |write| format!("`{written}` is the word of {whose}; write `{write}`");
                cx.error_over(item.words(), message(usage(word, &item.tail)));
            }
            return self.meant(word, &item.tail);
        }
        let is_word_elsewhere =
            |(words, _): &&(&'static [Word], _)| find(words, &written).is_some();
        let elsewhere = kind.elsewhere.iter().find(is_word_elsewhere);
        if let (None, Some(word)) = (elsewhere, meant_by_synonym(&written, kind.words)) {
            let write = usage(word, &item.tail);
            cx.error(
                at,
                format_args!("`#[{attribute}(..)]` has no word `{written}`; write `{write}`"),
            );
            return self.meant(word, &item.tail);
        }
        if let (None, Some(why)) = (elsewhere, why_implied(&written)) {
            if item.is_reported {
                return None;
            }
            cx.error(at, format_args!("`{written}` has no word; {why}"));
            return None;
        }
        if let (None, Some(instead)) = (elsewhere, advice(&written)) {
            self.is_partial = true;
            cx.error(at, format_args!("`#[{attribute}(..)]` has no word `{written}`; {instead}"));
            return None;
        }
        let near = nearest(&written, names(kind.words)).and_then(|near| find(kind.words, near));
        let meant = near.filter(|word| fits(word, &item.tail));
        if let Some((_, hint)) = elsewhere {
            let meant_here =
                meant.map_or(String::new(), |meant| format!("; did you mean `{}`?", meant.name));
            let message =
                format!("`{written}` does not belong in `#[{attribute}(..)]`; {hint}{meant_here}");
            cx.error(at, message);
            return meant;
        }
        let Some(near) = near else {
            self.is_partial = true;
            if item.is_reported {
                return None;
            }
            let words = list(names(kind.words));
            let message =
                format!("`#[{attribute}(..)]` has no word `{written}`; its words are {words}");
            cx.error(at, message);
            return None;
        };
        let message =
            format!("`#[{attribute}(..)]` has no word `{written}`; did you mean `{}`?", near.name);
        cx.error(at, message);
        self.meant(near, &item.tail)
    }

    /// The word that was meant by one which has been reported, if what follows fits it.
    fn meant(&mut self, word: &'static Word, tail: &Tail) -> Option<&'static Word> {
        let fits = fits(word, tail);
        if !fits {
            self.misread.push(word.name);
        }
        fits.then_some(word)
    }
}

/// What a message tells the user to write: the word alone if what follows in the attribute fits it,
/// or else the word with an example of what may follow.
fn usage(word: &Word, tail: &Tail) -> String {
    if fits(word, tail) { word.name.to_owned() } else { word.usage() }
}

/// Does what follows in the attribute have the form that this word takes?
fn fits(word: &Word, tail: &Tail) -> bool {
    match tail {
        Tail::Nothing => matches!(word.form, Form::Flag),
        Tail::Value(_) => word.form.is_value(),
        Tail::List(_) => matches!(word.form, Form::Names(_) | Form::Derives),
    }
}

fn find(words: &'static [Word], name: &str) -> Option<&'static Word> {
    words.iter().find(|word| word.name == name)
}

fn names(words: &'static [Word]) -> impl Iterator<Item = &'static str> {
    words.iter().map(|word| word.name)
}
