//! The form of e-mail addresses.
//!
//! The name before the `@` and the domain behind it are of any characters but blanks, control
//! characters and those that have a meaning of their own in a list of addresses. The name does not
//! begin with a point, but may end in some, as addresses of Japanese providers do. The domain has
//! labels between points, two at least. Comments in parentheses may stand anywhere, one within the
//! other, but within a word, with blanks around them: they are no part of the address. An address in quotes is none.
//!
//! Sources: the platform's help on the format of addresses (articles 000384328 and 000001145).

use std::borrow::Cow;

/// Characters that have a meaning of their own in a list of addresses.
const SPECIAL: &str = "()<>,;:\"[]\\";

/// An address in lower case and without its comments; `None` if it is none.
pub(super) fn plain_address(text: &str) -> Option<Cow<'_, str>> {
    let bare = if text.contains('(') { Cow::Owned(without_comments(text)?) } else { text.into() };
    if !is_address(&bare) {
        return None;
    }
    // A letter such as `ǅ` is neither upper nor lower case.
    let is_lower = bare.chars().all(|c| c.to_lowercase().eq([c]));
    Some(if is_lower { bare } else { Cow::Owned(bare.to_lowercase()) })
}

/// A text without its comments and the blanks around them; `None` if a comment does not end.
fn without_comments(text: &str) -> Option<String> {
    let mut bare = String::with_capacity(text.len());
    let (mut depth, mut is_escaped, mut is_behind) = (0_usize, false, false);
    for c in text.chars() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if depth > 0 => is_escaped = true,
            '(' => {
                if depth == 0 {
                    bare.truncate(bare.trim_end().len());
                }
                depth += 1;
            }
            ')' if depth > 0 => {
                depth -= 1;
                is_behind = depth == 0;
            }
            _ if depth > 0 => (),
            c if is_behind && c.is_whitespace() => (),
            // A comment does not make one word of two.
            c if is_behind
                && !is_joint(c)
                && bare.chars().last().is_some_and(|it| !is_joint(it)) =>
            {
                return None;
            }
            c => {
                is_behind = false;
                bare.push(c);
            }
        }
    }
    (depth == 0).then_some(bare)
}

/// May a comment stand before or behind this character, within an address?
fn is_joint(c: char) -> bool {
    matches!(c, '@' | '.')
}

fn is_address(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let labels = || domain.split('.');
    !name.is_empty()
        && !name.starts_with('.')
        && labels().count() > 1
        && labels().all(|label| !label.is_empty())
        && !domain.contains('@')
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || SPECIAL.contains(c))
}
