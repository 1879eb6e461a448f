//! Texts in the form in which records keep them: the one step before a text is measured, compared
//! and kept.
//!
//! | type | form |
//! |---|---|
//! | all texts but rich text | blanks and line breaks at both ends are cut, those within stay; an empty text is null |
//! | rich text | as it was given; an empty text is null |
//! | email | in lower case, without comments; see [`email`](super::email) |
//! | picklist | a value that the list has in any case is kept as the list spells it; one that an open picklist does not list, as it was first written |
//! | multi-select | each value between `;` as for a picklist; each once, in the order of the list, and behind those the values that it does not list in the order in which they were first written |
//!
//! The default of a picklist counts as one of its values. A field that is restricted takes no other
//! values, and no inactive ones.
//!
//! **Invariant:** the form of a form is itself.

use std::borrow::Cow;

use super::email::plain_address;
use crate::{
    bytes::same_text,
    catalogue::Field,
    error::{Error, Problem},
    store::keep::Spelling,
    value::{FieldType, SEPARATOR},
};

/// Most values of a multi-select picklist.
const MAX_VALUES: usize = 100;

/// Why a value is refused: it is wrong, or what it is compared with cannot be read.
pub(super) enum Refusal {
    Value(Problem),
    Call(Error),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Value(problem)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

/// A function that tells how a value which a picklist does not list was first written, if it was
/// taken up.
pub(crate) type FirstSpelling<'f> = &'f dyn Fn(&Field, &str) -> Result<Option<Spelling>, Error>;

/// A text in the form of its field; `None` for null.
pub(super) fn form<'t>(
    field: &Field,
    text: &'t str,
    first: FirstSpelling<'_>,
) -> Result<Option<Cow<'t, str>>, Refusal> {
    let text = if field.flags.is_rich_text() { text } else { text.trim() };
    if text.is_empty() {
        return Ok(None);
    }
    Ok(match field.field_type {
        FieldType::Email => Some(plain_address(text).ok_or(Problem::NotAnEmail)?),
        FieldType::Picklist => Some(match listed(field, text)? {
            Some((_, value)) if value == text => Cow::Borrowed(text),
            Some((_, value)) => Cow::Owned(value.to_owned()),
            None => match first(field, text)? {
                Some(first) if first.text != text => Cow::Owned(first.text),
                _ => Cow::Borrowed(text),
            },
        }),
        FieldType::MultiPicklist => several(field, text, first)?,
        _ => Some(Cow::Borrowed(text)),
    })
}

/// [`form`] of a text that is compared with no values that were taken up, for those who only want to
/// know where a unique value would be.
pub(crate) fn likely_form<'t>(field: &Field, text: &'t str) -> Option<Cow<'t, str>> {
    form(field, text, &|_, _| Ok(None)).ok().flatten()
}

/// The length of a text as its field counts: in UTF-16 units, or in bytes of UTF-8. In rich text an
/// `&` that begins no entity counts as one.
pub(crate) fn length_of(field: &Field, text: &str) -> usize {
    /// Characters of `&amp;` beside the first.
    const REST_OF_ENTITY: usize = 4;
    let length = if field.flags.is_length_in_bytes() {
        text.len()
    } else {
        text.chars().map(char::len_utf16).sum()
    };
    if !field.flags.is_rich_text() {
        return length;
    }
    let bare = text.split('&').skip(1).filter(|rest| !continues_entity(rest)).count();
    length + bare * REST_OF_ENTITY
}

/// Does a text go on like an entity behind its `&`: `amp;`, `#38;` or `#x26;`?
fn continues_entity(rest: &str) -> bool {
    let Some((name, _)) = rest.split_once(';') else { return false };
    let is_of = |text: &str, is: fn(&u8) -> bool| !text.is_empty() && text.bytes().all(|b| is(&b));
    match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => is_of(digits, u8::is_ascii_hexdigit),
            None => is_of(number, u8::is_ascii_digit),
        },
        None => is_of(name, u8::is_ascii_alphanumeric),
    }
}

/// The values of a text that its open picklist does not list.
pub(crate) fn unlisted<'t>(field: &Field, text: &'t str) -> impl Iterator<Item = &'t str> {
    let values = field.is_open_picklist().then(|| values_of(field, text));
    values.into_iter().flatten().filter(|value| matches!(listed(field, value), Ok(None)))
}

/// The value that a text matches, as the list spells it, with its place; `None` if none matches and
/// the picklist takes other values too.
fn listed<'f>(field: &'f Field, text: &str) -> Result<Option<(usize, &'f str)>, Problem> {
    let is_restricted = field.flags.is_restricted();
    let place = field.picklist.iter().position(|it| same_text(&it.value, text));
    match place.and_then(|place| Some((place, field.picklist.get(place)?))) {
        Some((place, it)) if it.active || !is_restricted => Ok(Some((place, &it.value))),
        _ if is_restricted => Err(Problem::NotInPicklist),
        _ => {
            let default = field.default.as_ref().and_then(|it| it.as_str()).unwrap_or_default();
            let mut values = (field.picklist.len()..).zip(values_of(field, default));
            Ok(values.find(|(_, value)| same_text(value, text)))
        }
    }
}

/// The values that a text has: those between `;` in a multi-select picklist, else the text itself.
fn values_of<'t>(field: &Field, text: &'t str) -> impl Iterator<Item = &'t str> {
    let is_several = field.field_type == FieldType::MultiPicklist;
    let values = text.split(move |c| is_several && c == SEPARATOR);
    values.map(str::trim).filter(|value| !value.is_empty())
}

/// The values of a multi-select picklist.
fn several<'t>(
    field: &Field,
    text: &'t str,
    first: FirstSpelling<'_>,
) -> Result<Option<Cow<'t, str>>, Refusal> {
    /// Where a value stands: those that are listed come first, then those that were taken up, then
    /// those that are new.
    type Rank = (u8, usize);
    let mut values: Vec<(Rank, Cow<'_, str>)> = Vec::new();
    for value in values_of(field, text) {
        if values.iter().any(|(_, there)| same_text(there, value)) {
            continue;
        }
        let (rank, value) = match listed(field, value)? {
            Some((place, value)) => ((0, place), Cow::Borrowed(value)),
            None => match first(field, value)? {
                Some(Spelling { place, text }) => {
                    ((1, usize::try_from(place).unwrap_or(usize::MAX)), Cow::Owned(text))
                }
                None => ((2, values.len()), Cow::Borrowed(value)),
            },
        };
        values.push((rank, value));
        if values.len() > MAX_VALUES {
            return Err(Problem::TooManyValues { max: MAX_VALUES }.into());
        }
    }
    values.sort_by_key(|(rank, _)| *rank);
    let values: Vec<&str> = values.iter().map(|(_, value)| &**value).collect();
    let joined = values.join(";");
    Ok(if joined.is_empty() {
        None
    } else if joined == text {
        Some(Cow::Borrowed(text))
    } else {
        Some(Cow::Owned(joined))
    })
}
