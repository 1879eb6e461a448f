//! Text in HTML.

use std::fmt::Write;

/// A text with what HTML would read as its own escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// An element with attributes, whose values are texts, and what is in it, which is HTML.
pub(super) fn element(name: &str, attributes: &[(&str, &str)], inner: &str) -> String {
    let mut out = format!("<{name}");
    for (key, value) in attributes {
        // Writing into a text cannot fail.
        let _ = write!(out, " {key}=\"{}\"", escaped(value));
    }
    match name {
        "input" => out + ">",
        _ => format!("{out}>{inner}</{name}>"),
    }
}
