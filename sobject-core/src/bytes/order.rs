//! How texts are compared. Only this file folds case, which makes texts equal that differ in case
//! only.
//!
//! An org with the English collation compares texts in upper case, and letters with other accents
//! are other letters. Folding is the full upper case of Unicode, so `ß` becomes `SS`. Index keys,
//! equality, picklist values and uniqueness all use the functions here, and so agree on every text.
//!
//! **Invariant:** two texts are equal by [`same_text`] exactly if [`push_text`] writes the same bytes
//! for them under [`Collation::IgnoreCase`].

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// How the texts of an index are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Collation {
    /// In upper case, so that `Ada` equals `ADA`.
    IgnoreCase,
    /// As they are, so that `Ada` and `ADA` differ.
    Exact,
}

/// Appends a text to a key, in the form that `bytes::key` draws.
pub(crate) fn push_text(key: &mut Vec<u8>, text: Option<&str>, collation: Collation) {
    let Some(text) = text else {
        key.extend_from_slice(&[0, 0, 0]);
        return;
    };
    key.push(1);
    match collation {
        Collation::Exact => push_escaped(key, text.as_bytes()),
        // The upper case of other letters is looked up in tables, which ASCII does not need.
        Collation::IgnoreCase if text.is_ascii() => {
            let start = key.len();
            push_escaped(key, text.as_bytes());
            key[start..].make_ascii_uppercase();
        }
        Collation::IgnoreCase => {
            let mut utf8 = [0; 4];
            for c in text.chars().flat_map(char::to_uppercase) {
                push_escaped(key, c.encode_utf8(&mut utf8).as_bytes());
            }
        }
    }
    key.extend_from_slice(&[0, 0]);
}

fn push_escaped(key: &mut Vec<u8>, bytes: &[u8]) {
    key.reserve(bytes.len());
    if !bytes.contains(&0) {
        key.extend_from_slice(bytes);
        return;
    }
    for &byte in bytes {
        key.push(byte);
        if byte == 0 {
            key.push(0xFF);
        }
    }
}

/// The characters of a text in upper case.
pub(crate) fn folded(text: &str) -> impl Iterator<Item = char> + Clone {
    text.chars().flat_map(char::to_uppercase)
}

/// A text in upper case, to be compared or used as a key in memory.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_lowercase()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(if text.is_ascii() { text.to_ascii_uppercase() } else { folded(text).collect() })
}

/// Are two texts equal if their case is ignored?
pub(crate) fn same_text(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() { a.eq_ignore_ascii_case(b) } else { folded(a).eq(folded(b)) }
}
