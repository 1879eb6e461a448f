//! From the names of a text to the numbers of fields, while the compiler evaluates.
//!
//! **Invariant:** a panic here is a compile error at the text of the query. Its message names what is
//! wrong in the platform's words, gives the name that was probably meant, and shows the place.

use sobject_soql::letters_apart;

use super::message::Message;
use crate::{
    definition::{Definition, FieldDefinition, SYSTEM_FIELDS, System},
    value::{FieldType, Storage},
};

/// The block of the system fields, apart from those of declared fields.
pub(super) const SYSTEM_BLOCK: usize = usize::MAX;
/// Fields of a block.
const BLOCK: usize = 16;

/// What a query does with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Tells its value.
    Select,
    /// Compares it.
    Filter,
    /// Groups by it.
    Group,
    /// Orders by it.
    Sort,
    /// Counts its values, or finds the least or the greatest.
    Aggregate,
    /// Adds its values up.
    Sum,
    /// Takes a part of a date or a date-time.
    DatePart,
    /// Takes a part of a date-time.
    TimePart,
    /// Tells the label of its value.
    Label,
}

/// What a literal of a query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiteralKind {
    /// `TRUE` or `FALSE`
    Boolean,
    /// A number.
    Number,
    /// Text in quotes.
    Text,
    /// A day.
    Date,
    /// A moment.
    DateTime,
    /// A time of day.
    Time,
    /// `TODAY`, `LAST_N_DAYS:30`
    DateLiteral,
}

/// The definition of the object that a text names, which the type of the same name must be.
///
/// # Panics
/// If it is another.
#[track_caller]
pub const fn named(
    definition: &'static Definition,
    name: &str,
    block: &str,
) -> &'static Definition {
    if !definition.name.eq_ignore_ascii_case(name) {
        Message::new()
            .and("the query is of '")
            .and(name)
            .and("', and the type of that name is the object '")
            .and(definition.name)
            .and("'; give the type behind the query, as in `")
            .and(name)
            .and(": TheType`")
            .fail(block);
    }
    if !definition.calls.is_query() {
        Message::new().and("entity type ").and(name).and(" does not support query").fail(block);
    }
    definition
}

/// The number of the field of this name, if a query may use it so.
///
/// # Panics
/// If there is none, or a query may not.
#[track_caller]
pub const fn field_named(of: &Definition, name: &str, used: Use, block: &str) -> usize {
    let mut n = 0;
    while let Some(field) = at(of, n) {
        if has(of, n) && field.name.eq_ignore_ascii_case(name) {
            check(field, used, block);
            return n;
        }
        n += 1;
    }
    Message::new()
        .and("No such column '")
        .and(name)
        .and("' on entity '")
        .and(of.name)
        .and("'")
        .and_near(near(of, name, false))
        .fail(block)
}

/// The number of the field that a relationship to a parent goes by.
///
/// # Panics
/// If there is no such relationship.
#[track_caller]
pub const fn relation(of: &Definition, name: &str, block: &str) -> usize {
    let mut n = 0;
    while let Some(field) = at(of, n) {
        if has(of, n)
            && let Some(relationship) = field.relationship
            && relationship.eq_ignore_ascii_case(name)
        {
            return n;
        }
        n += 1;
    }
    Message::new()
        .and("Didn't understand relationship '")
        .and(name)
        .and("' of entity '")
        .and(of.name)
        .and("'")
        .and_near(near(of, name, true))
        .fail(block)
}

/// The definition of an object whose records are children of another's.
///
/// # Panics
/// If no field of it leads to the other.
#[track_caller]
pub const fn child_of(
    child: &'static Definition,
    parent: &Definition,
    block: &str,
) -> &'static Definition {
    let mut n = 0;
    while n < child.fields.len() {
        let targets = child.fields[n].references;
        let mut t = 0;
        while t < targets.len() {
            let target = targets[t].name;
            if target.eq_ignore_ascii_case(parent.name) || matches!(target.as_bytes(), b"*") {
                return child;
            }
            t += 1;
        }
        n += 1;
    }
    Message::new()
        .and("no field of '")
        .and(child.name)
        .and("' leads to '")
        .and(parent.name)
        .and("', so it has no such children")
        .fail(block)
}

/// Refuses to compare a field with a literal of another type.
///
/// # Panics
/// If the literal is of another.
#[track_caller]
pub const fn literal(of: &Definition, field: usize, kind: LiteralKind, block: &str) {
    let Some(field) = at(of, field) else { return };
    let (type_name, wanted) = match (field.field_type, field.field_type.storage()) {
        (_, Some(Storage::Id)) => ("ID", matches!(kind, LiteralKind::Text)),
        (_, Some(Storage::Text)) => ("string", matches!(kind, LiteralKind::Text)),
        (_, Some(Storage::Bool)) => ("boolean", matches!(kind, LiteralKind::Boolean)),
        (_, Some(Storage::Int)) => ("int", matches!(kind, LiteralKind::Number)),
        (_, Some(Storage::Long)) => ("long", matches!(kind, LiteralKind::Number)),
        (_, Some(Storage::Double)) => ("double", matches!(kind, LiteralKind::Number)),
        (_, Some(Storage::Date)) => {
            ("date", matches!(kind, LiteralKind::Date | LiteralKind::DateLiteral))
        }
        (_, Some(Storage::DateTime)) => {
            ("dateTime", matches!(kind, LiteralKind::DateTime | LiteralKind::DateLiteral))
        }
        (_, Some(Storage::Time)) => ("time", matches!(kind, LiteralKind::Time)),
        (_, Some(Storage::Bytes) | None) => return,
    };
    if wanted {
        return;
    }
    let quotes = match field.field_type.storage() {
        Some(Storage::Id | Storage::Text) => " and should be enclosed in quotes",
        _ => " and should not be enclosed in quotes",
    };
    Message::new()
        .and("value of filter criterion for field '")
        .and(field.name)
        .and("' must be of type ")
        .and(type_name)
        .and(quotes)
        .fail(block)
}

/// The block of a field, by which its type is found.
pub const fn block_of(field: usize) -> usize {
    match field.checked_sub(SYSTEM_FIELDS.len()) {
        Some(declared) => declared / BLOCK,
        None => SYSTEM_BLOCK,
    }
}

/// The place of a field in its block.
pub const fn place_in(field: usize) -> usize {
    match field.checked_sub(SYSTEM_FIELDS.len()) {
        Some(declared) => declared % BLOCK,
        None => field,
    }
}

/// The field of a number.
const fn at(of: &Definition, n: usize) -> Option<&'static FieldDefinition> {
    if n < SYSTEM_FIELDS.len() {
        return Some(&SYSTEM_FIELDS[n]);
    }
    let n = n - SYSTEM_FIELDS.len();
    if n < of.fields.len() { Some(&of.fields[n]) } else { None }
}

/// Does the object have the field of a number that it has a definition for?
const fn has(of: &Definition, n: usize) -> bool {
    n >= SYSTEM_FIELDS.len() || System::of(of.system, of.calls).has(n)
}

/// The name of a field, or of a relationship, that is most like what was written, if one is like
/// enough.
const fn near(of: &Definition, name: &str, is_relation: bool) -> Option<&'static str> {
    let mut best = None;
    let mut least = usize::MAX;
    let mut n = 0;
    while let Some(field) = at(of, n) {
        let candidate = if is_relation { field.relationship } else { Some(field.name) };
        if has(of, n)
            && let Some(candidate) = candidate
            && let Some(apart) = letters_apart(name, candidate)
            && apart < least
        {
            (best, least) = (Some(candidate), apart);
        }
        n += 1;
    }
    best
}

/// Refuses what a field does not allow.
#[track_caller]
const fn check(field: &FieldDefinition, used: Use, block: &str) {
    let (flags, storage) = (field.flags, field.field_type.storage());
    let (is_allowed, what) = match used {
        Use::Select => return,
        Use::Filter => {
            (flags.is_filter(), "' can not be filtered in a query call: it lacks `filter`")
        }
        Use::Group => (flags.is_group(), "' can not be grouped in a query call: it lacks `group`"),
        Use::Sort => (flags.is_sort(), "' can not be sorted in a query call: it lacks `sort`"),
        Use::Aggregate => (
            (flags.is_filter() || flags.is_group())
                && !matches!(field.field_type, FieldType::MultiPicklist)
                && !matches!(storage, None | Some(Storage::Bool | Storage::Time | Storage::Bytes)),
            "' does not support aggregate operators of this kind",
        ),
        Use::Sum => (
            matches!(storage, Some(Storage::Int | Storage::Long | Storage::Double)),
            "' does not support aggregate operator SUM or AVG: it holds no numbers",
        ),
        Use::DatePart => (
            matches!(storage, Some(Storage::Date | Storage::DateTime)),
            "' does not go with a date function: it holds neither dates nor date-times",
        ),
        Use::TimePart => (
            matches!(storage, Some(Storage::DateTime)),
            "' does not go with this date function: it holds no date-times",
        ),
        Use::Label => (
            matches!(field.field_type, FieldType::Picklist | FieldType::MultiPicklist),
            "' has no labels: toLabel is for picklists",
        ),
    };
    if !is_allowed {
        Message::new().and("field '").and(field.name).and(what).fail(block);
    }
}
