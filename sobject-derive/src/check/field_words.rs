//! The rules for the words of one field: which of them contradict each other.
//!
//! **Invariant:** the message of each rule is one sentence, which says which word to take away or
//! to add.

use crate::{
    attr::DefaultValue,
    autonumber,
    ctxt::Ctxt,
    model::Field,
    name::{is_api_name, is_same_name},
    words::{Word, field},
};

/// The fields that have a value for each caller.
const PER_CALLER_FIELDS: [&str; 2] = ["LastViewedDate", "LastReferencedDate"];

/// Longest text that can be filtered, grouped or sorted by, or by which records are found, in
/// characters.
const MAX_COMPARED: u64 = 255;

/// The words by which the values of a field are compared.
const COMPARING: [Word; 3] = [field::FILTER, field::GROUP, field::SORT];

/// The words by which records are found.
const FINDING: [Word; 5] =
    [field::ID_LOOKUP, field::EXTERNAL_ID, field::UNIQUE, field::INDEX, field::NAME_FIELD];

/// Checks the words of a field. False if they contradict each other on whether the field may be
/// null.
pub(super) fn check(cx: &Ctxt, field: &Field<'_>) -> bool {
    let n_errors = cx.n_errors();
    check_per_caller(cx, field);
    let is_sound = cx.n_errors() == n_errors;
    check_autonumber(cx, field);
    check_long_text(cx, field);
    check_type(cx, field);
    check_rich_text(cx, field);
    check_scale(cx, field);
    check_default(cx, field);
    check_old_names(cx, field);
    check_on_delete(cx, field);
    if let (Some(at), false) =
        (field.words.at(&field::CASE_SENSITIVE), has_or_meant(field, &field::UNIQUE))
    {
        cx.error(
            at,
            "only a `unique` field is `case_sensitive`; add `unique`, or take `case_sensitive` away",
        );
    }
    is_sound && !(field.has(&field::AUTONUMBER) && field.has(&field::NILLABLE))
}

/// Was the word given, in its right form or in a wrong one, which has been reported?
fn has_or_meant(field: &Field<'_>, word: &Word) -> bool {
    field.has(word) || field.words.was_misread(word)
}

/// The format of an auto-number must be a right one, and words that let others set its value must
/// not stand beside it.
fn check_autonumber(cx: &Ctxt, field: &Field<'_>) {
    let Some(format) = field.words.text(&field::AUTONUMBER) else {
        if let (Some(at), false) =
            (field.words.at(&field::START), field.words.was_misread(&field::AUTONUMBER))
        {
            cx.error(
                at,
                format_args!(
                    "`start` is the first number of an auto-number; add `{}`, or take `start` away",
                    field::AUTONUMBER.usage()
                ),
            );
        }
        return;
    };
    if let Err(reason) = autonumber::check_format(&format.value()) {
        cx.error(format.span(), reason);
    }
    refuse_beside(
        cx,
        field,
        &[field::CREATE, field::UPDATE, field::DEFAULT],
        "the store numbers the records",
    );
    refuse_beside(cx, field, &[field::NILLABLE], "an auto-number is never null");
    refuse_beside(cx, field, &[field::GROUP], "an auto-number cannot be grouped by");
    refuse_beside(
        cx,
        field,
        &[field::UNIQUE],
        "an auto-number is given once, but is not unique beside what was there before",
    );
    refuse_beside(cx, field, &[field::TYPE], "an auto-number is a string");
}

/// A per-caller field must be one of the two that an org has. It is null until the caller first
/// views the record.
fn check_per_caller(cx: &Ctxt, field: &Field<'_>) {
    let Some(at) = field.words.at(&field::PER_CALLER) else { return };
    if !PER_CALLER_FIELDS.iter().any(|it| is_same_name(it, &field.name.value)) {
        cx.error(
            at,
            format_args!(
                "only `LastViewedDate` and `LastReferencedDate` have a value for each caller, and \
                 this field is `{}`",
                field.name.value
            ),
        );
        return;
    }
    if !field.has(&field::NILLABLE) {
        cx.error(at, "a `per_caller` field is null until its caller looks; add `nillable`");
    }
    let given = [field::CREATE, field::UPDATE, field::DEFAULTED_ON_CREATE, field::DEFAULT];
    refuse_beside(cx, field, &given, "the store keeps a per-caller field");
    refuse_beside(cx, field, &FINDING, "no record is found by what a caller has of it");
}

/// Long text cannot be filtered, grouped or sorted by, and no record is found by it.
fn check_long_text(cx: &Ctxt, field: &Field<'_>) {
    if field.words.number(&field::LENGTH).is_none_or(|length| length <= MAX_COMPARED) {
        return;
    }
    for (words, cannot) in [
        (&COMPARING[..], "cannot be filtered, grouped or sorted by"),
        (&FINDING[..], "finds no record"),
    ] {
        for (name, at) in words.iter().filter_map(|it| Some((it.name, field.words.at(it)?))) {
            cx.error(
                at,
                format_args!(
                    "text of more than {MAX_COMPARED} characters {cannot}; take `{name}` away, or \
                     make `length` {MAX_COMPARED} at most"
                ),
            );
        }
    }
}

/// A combobox cannot be grouped by.
fn check_type(cx: &Ctxt, field: &Field<'_>) {
    if field.words.one_of(&field::TYPE) == Some("combobox") {
        refuse_beside(cx, field, &[field::GROUP], "a combobox cannot be grouped by");
    }
}

/// Rich text is of a textarea, and no record is found or ordered by it.
fn check_rich_text(cx: &Ctxt, field: &Field<'_>) {
    let Some(at) = field.words.at(&field::RICH_TEXT) else { return };
    let is_textarea = field.words.one_of(&field::TYPE) == Some("textarea");
    if !is_textarea && !field.words.was_misread(&field::TYPE) {
        cx.error(
            at,
            "only a textarea is rich text; write `type = textarea`, or take `rich_text` away",
        );
    }
    let is_long = field.words.number(&field::LENGTH).is_some_and(|length| length > MAX_COMPARED);
    if !is_long {
        refuse_beside(cx, field, &COMPARING, "rich text cannot be filtered, grouped or sorted by");
        refuse_beside(cx, field, &FINDING, "rich text finds no record");
    }
}

/// `precision` needs `scale`, and must not be less.
fn check_scale(cx: &Ctxt, field: &Field<'_>) {
    let number = |word| Some((field.words.number(word)?, field.words.at(word)?));
    match (number(&field::PRECISION), number(&field::SCALE)) {
        (Some((precision, _)), Some((scale, at))) if scale > precision => cx.error(
            at,
            format_args!("of {precision} digits in all, {scale} cannot stand right of the point"),
        ),
        (Some((_, at)), None) if !field.words.was_misread(&field::SCALE) => cx.error(
            at,
            format_args!(
                "`precision` counts the digits on both sides of the point; add `{}` to say how many \
                 stand right of it",
                field::SCALE.usage()
            ),
        ),
        _ => {}
    }
}

/// A default must fit the length or the digits of its field.
fn check_default(cx: &Ctxt, field: &Field<'_>) {
    let Some(at) = field.words.at(&field::DEFAULT) else { return };
    let number = |word| field.words.number(word);
    match field.words.default_value(&field::DEFAULT) {
        Some(DefaultValue::Int(n)) => {
            let n_digits = n.unsigned_abs().to_string().len();
            if let Some(digits) = number(&field::DIGITS).filter(|max| n_digits as u64 > *max) {
                cx.error(at, format_args!("`{n}` has more than the {digits} digits of the field"));
            }
        }
        Some(DefaultValue::Text(text)) => {
            let text = text.value();
            let text = if field.has(&field::RICH_TEXT) { &*text } else { text.trim() };
            let (n, counted) = if field.has(&field::LENGTH_IN_BYTES) {
                (text.len(), "bytes")
            } else {
                (text.encode_utf16().count(), "characters")
            };
            if let Some(length) = number(&field::LENGTH).filter(|max| n as u64 > *max) {
                cx.error(
                    at,
                    format_args!("the default has {n} {counted}, and the field at most {length}"),
                );
            }
        }
        _ => {}
    }
}

/// Only a field that may be null can be emptied.
fn check_on_delete(cx: &Ctxt, field: &Field<'_>) {
    if let (Some(at), Some("set_null"), false) = (
        field.words.at(&field::ON_DELETE),
        field.words.one_of(&field::ON_DELETE),
        has_or_meant(field, &field::NILLABLE),
    ) {
        cx.error(
            at,
            "a reference that is never null cannot be emptied; add `nillable`, or write \
             `on_delete = restrict` or `on_delete = cascade`",
        );
    }
}

/// An old name has the shape of a name.
fn check_old_names(cx: &Ctxt, field: &Field<'_>) {
    for was in field.words.texts(&field::WAS) {
        let name = was.value();
        if !is_api_name(&name) {
            cx.error(was.span(), format_args!("`{name}` cannot have been the API name of a field"));
        }
    }
}

/// Reports those of these words that were given, each at its place, for the same reason.
fn refuse_beside(cx: &Ctxt, field: &Field<'_>, words: &[Word], reason: &str) {
    for word in words {
        if let Some(at) = field.words.at(word) {
            cx.error(at, format_args!("{reason}; take `{}` away", word.name));
        }
    }
}
