//! The docs of generated items.
//!
//! Each text starts with a blank, as the text after `///` does. A view's field has the docs of the
//! struct's field, and then says how a create or an update treats it.

use super::{
    Output,
    views::{Presence, requires_several},
};
use crate::{
    model::{Field, Object},
    name::{is_owner, printed},
    words::{self, field},
};

/// `XCreate`.
pub(super) fn create(out: &Output<'_>) -> String {
    let (ident, create) = (out.object.ident, &out.create);
    if out.object.lacks_call("create") {
        return format!(
            " The fields of [`{ident}`] that a create sets. No call takes it: [`{ident}`] does not \
             support `create`."
        );
    }
    let given = out.object.fields.iter().filter(|field| field.has(&field::CREATE));
    let (required, optional): (Vec<_>, Vec<_>) = given.partition(|field| field.is_required());
    let required: Vec<_> = required.iter().map(|field| printed(field.ident)).collect();
    if required.is_empty() {
        return format!(
            " What a create of [`{ident}`] may set. Nothing is required; `{create}::default()` \
             sets nothing."
        );
    }
    let required = words::list(required.iter().map(String::as_str));
    let others = match optional.len() {
        0 => "",
        1 => " The other field says what leaving it out means.",
        _ => " The other fields say what leaving them out means.",
    };
    format!(
        " What a create of [`{ident}`] may set. `{create}::new` takes what is required: \
         {required}.{others}"
    )
}

/// `XUpdate`.
pub(super) fn update(out: &Output<'_>) -> String {
    let (ident, update) = (out.object.ident, &out.update);
    if out.object.lacks_call("update") {
        return format!(
            " The fields of [`{ident}`] that an update sets. No call takes it: [`{ident}`] does not \
             support `update`."
        );
    }
    format!(
        " What an update of [`{ident}`] may set. Start from `{update}::default()`, which leaves \
         everything as it is; `value.into()` sets a field."
    )
}

/// `XCreate::new`.
pub(super) fn new(out: &Output<'_>, n_required: usize) -> String {
    let required = &out.required;
    match n_required {
        0 => " A create that sets nothing.".to_owned(),
        n if requires_several(n) => format!(
            " A create with the required fields, and nothing else set. [`{required}`] takes them by \
             name."
        ),
        _ => " A create with the required fields, and nothing else set.".to_owned(),
    }
}

/// `XRequired`.
pub(super) fn required(out: &Output<'_>) -> String {
    let Output { object, create, required, .. } = out;
    let ident = object.ident;
    format!(
        " What a create of [`{ident}`] requires, by name: \
         `{create} {{ .., ..{required} {{ .. }}.into() }}`, or `{create}::from({required} {{ .. }})` \
         with nothing else set."
    )
}

/// A field of `XRequired`.
pub(super) fn required_field(field: &Field<'_>) -> Vec<String> {
    match limits(field) {
        Some(limits) => paragraphs(field, &limits),
        None if field.docs.is_empty() => vec![format!(" {}.", names(field))],
        None => Vec::new(),
    }
}

/// A field of a view: paragraphs that follow the field's own docs.
pub(super) fn view_field(field: &Field<'_>, presence: Presence, is_create: bool) -> Vec<String> {
    let supplied = || match field.words.default_value(&field::DEFAULT) {
        None if is_owner(&field.name.value) => "the caller is the owner".to_owned(),
        None => "the store supplies the value".to_owned(),
        Some(value) => format!("it is `{value}`"),
    };
    let says = match (presence, field.has(&field::NILLABLE)) {
        (Presence::Required, _) => "Required.".to_owned(),
        (Presence::OrNull, _) => "Optional: `None` leaves it null.".to_owned(),
        (Presence::OrDefault, _) => format!("Optional: {} if this is `None`.", supplied()),
        (Presence::Patch, _) if is_create => format!(
            "Optional: {} if this is `Patch::Keep`, and `Patch::NULL` makes it null.",
            supplied()
        ),
        (Presence::Patch, true) => {
            "`Patch::Keep` leaves it, and `Patch::NULL` makes it null.".to_owned()
        }
        (Presence::Patch, false) => "`Patch::Keep` leaves it. It cannot be null.".to_owned(),
    };
    match limits(field) {
        Some(limits) => paragraphs(field, &format!("{says} {limits}")),
        None => paragraphs(field, &says),
    }
}

/// How long a text may be, and how many digits a number may have, as far as the attribute says.
fn limits(field: &Field<'_>) -> Option<String> {
    let number = |word| field.words.number(&word);
    let precision = || number(field::PRECISION).map(|n| format!("precision {n}"));
    let scale = number(field::SCALE).map(|n| match precision() {
        Some(precision) => format!("It has {precision} and scale {n}."),
        None => format!("It has scale {n}."),
    });
    let counted = if field.has(&field::LENGTH_IN_BYTES) { "bytes" } else { "characters" };
    let length = number(field::LENGTH).map(|n| format!("At most {n} {counted}."));
    let digits = number(field::DIGITS).map(|n| format!("At most {n} digits."));
    length.or(digits).or(scale)
}

/// The docs of a view about a field, below the field's own docs or, if it has none, its names.
fn paragraphs(field: &Field<'_>, says: &str) -> Vec<String> {
    let says = format!(" {says}");
    if field.docs.is_empty() {
        vec![format!(" {}.", names(field)), String::new(), says]
    } else {
        vec![String::new(), says]
    }
}

/// `XFields`.
pub(super) fn handles(object: &Object<'_>) -> String {
    let ident = object.ident;
    format!(
        " The fields of [`{ident}`], for filters and orders: `{ident}::FIELDS` has them all, and \
         the system fields such as `created_date` beside them."
    )
}

/// `X::FIELDS`, on the page of `X`: the way to the types that were made for it.
pub(super) fn fields(out: &Output<'_>) -> String {
    let Output { object, create, update, fields, .. } = out;
    let ident = object.ident;
    format!(
        " The fields of `{ident}`, for filters and orders, as [`{fields}`]. What a create takes is \
         [`{create}`], and what an update takes [`{update}`]."
    )
}

/// A field of `XFields`.
pub(super) fn handle(field: &Field<'_>) -> String {
    let uses = [field::FILTER, field::GROUP, field::SORT];
    let uses: Vec<_> = uses.iter().filter(|word| field.has(word)).map(|word| word.name).collect();
    if uses.is_empty() {
        format!(" {}.", names(field))
    } else {
        format!(" {}: {}.", names(field), uses.join(", "))
    }
}

/// The API name, and the label if it differs.
fn names(field: &Field<'_>) -> String {
    let name = &field.name.value;
    if field.label == *name { format!("`{name}`") } else { format!("`{name}` ({})", field.label) }
}
