//! Binding: from a search as it was written to one that can be run.
//!
//! What `RETURNING` says of an object is bound as a query over it, so names, conditions and orders follow
//! the same rules and are refused at their places.

use sobject_soql::{
    Find, FromItem, Literal, Operand, Path, Query, Returning, Search, SearchGroup, SearchWith,
    Select, SelectItem, Span, Spanned,
};

use super::{MAX_FOUND, Problem, not_supported, term::Wanted};
use crate::{
    bytes::Slot,
    catalogue::{Field, Object},
    definition::FieldIdx,
    language::{
        bind::{Binder, Given},
        bound::{Column, Expr, Fields, Kind, Level, Shape, Source, What},
        refusal::{Bound, Refusal},
    },
    store::Access,
    value::FieldType,
};

/// Records of one object at most where nothing else is said.
const MAX_OF_OBJECT: usize = 250;
/// Records to pass over at most.
const MAX_OFFSET: i64 = 2_000;

/// Fields of standard objects that are names, though they are not the name of the record.
const NAMES: [(&str, &str); 3] = [("Case", "Subject"), ("Task", "Subject"), ("Event", "Subject")];

/// A search that can be run.
pub(super) struct BoundSearch {
    pub(super) wanted: Wanted,
    pub(super) targets: Vec<Target>,
    /// How many records it gives at most.
    pub(super) limit: usize,
}

/// An object that is searched.
pub(super) struct Target {
    pub(super) level: Level,
    /// Where its texts are.
    pub(super) slots: Vec<Slot>,
    /// How many of its records are given at most.
    pub(super) most: usize,
}

/// Binds a search.
pub(super) fn bind(binder: &Binder<'_>, search: &Search) -> Result<BoundSearch, Problem> {
    for with in &search.with {
        check_with(binder, with)?;
    }
    if let Some(update) = search.update.first() {
        not_supported(update.span(), &format!("UPDATE {}", update.as_str().to_uppercase()))?;
    }
    let span = search.find.span;
    let wanted = match &search.find.value {
        Find::TooLong => Wanted::NOTHING,
        Find::Expr(expr) => Wanted::of(expr, span)?,
        Find::Bind(name) => {
            let Given::One(Literal::Text(text)) = binder.given(name)? else {
                let text = format!("variable :{} is no text to search for", name.as_str());
                return Err(Refusal::malformed(name.span(), text).into());
            };
            bind_text(text)?
        }
    };
    let limit = match &search.limit {
        None => MAX_FOUND,
        Some(limit) => size(binder, limit)?.min(MAX_FOUND),
    };
    let group = search.group.unwrap_or(SearchGroup::All);
    let targets = if search.returning.is_empty() {
        let searched = binder.schema.catalogue.objects();
        let searched = searched.filter(|it| it.calls.is_search() && binder.may_read(it));
        let searched: Vec<_> = searched.collect();
        let n_objects = searched.len();
        let target = |object: &Object| Target {
            level: ids_of(object),
            slots: slots_of(object, group, binder.access),
            most: most_of(n_objects, false),
        };
        searched.into_iter().map(target).collect()
    } else {
        let n_objects = search.returning.len();
        let bound = |of| target(binder, of, group, n_objects);
        search.returning.iter().map(bound).collect::<Bound<_>>()?
    };
    Ok(BoundSearch { wanted, targets, limit })
}

/// What a text asks for that is given in the place of one in braces.
pub(super) fn bind_text(text: &str) -> Result<Wanted, Problem> {
    match Find::parse(text).map_err(|error| Problem::Text(Box::new(error)))? {
        Find::Expr(expr) => Ok(Wanted::of(&expr, Span::NONE)?),
        Find::TooLong | Find::Bind(_) => Ok(Wanted::NOTHING),
    }
}

/// An object of `RETURNING`.
fn target(
    binder: &Binder<'_>,
    of: &Returning,
    group: SearchGroup,
    n_objects: usize,
) -> Bound<Target> {
    let name = &of.object;
    let known = || binder.schema.catalogue.objects().filter(|it| binder.may_read(it));
    let object = known().find(|it| *name == *it.name.as_str()).ok_or_else(|| {
        let names = known().map(|it| it.name.as_str());
        Refusal::no_object(name.span(), name.as_str()).with_near(name.as_str(), names)
    })?;
    check_search_call(object, name.span())?;
    if let Some(view) = &of.list_view {
        return not_supported(view.span(), "USING ListView");
    }
    let limit = of.limit.as_ref().map(|limit| size(binder, limit)).transpose()?;
    check_offset(binder, of, n_objects)?;
    let mut items = of.fields.clone();
    if items.is_empty() {
        items.push(SelectItem::from("Id"));
    }
    let from = FromItem::from(Path::from(name.clone()));
    let query = Query {
        select: Spanned::new(Select::Items(items), name.span()),
        filter: of.filter.clone(),
        order_by: of.order_by.clone(),
        offset: of.offset.clone(),
        ..Query::count(from)
    };
    let level = binder.bind_returning(object, &query)?;
    if !matches!(level.shape, Shape::Records(_)) {
        let text = "aggregate functions are not allowed in a search";
        return Err(Refusal::malformed(name.span(), text));
    }
    let is_chosen = of.filter.is_some() || !of.order_by.is_empty();
    let most = limit.unwrap_or_else(|| most_of(n_objects, is_chosen)).min(MAX_FOUND);
    Ok(Target { level, slots: slots_of(object, group, binder.access), most })
}

/// The ids of an object's records.
fn ids_of(object: &Object) -> Level {
    let id = Expr::Field { source: 0, field: Fields::One(FieldIdx::ID), kind: Kind::Id };
    Level {
        object: object.number,
        sources: vec![Source::Own],
        filter: None,
        order: Vec::new(),
        limit: None,
        offset: 0,
        shape: Shape::Records(vec![Column { key: "Id".to_owned(), what: What::Value(id) }].into()),
        all_rows: false,
        look: None,
    }
}

/// How many records of each of so many objects are given where no limit is said.
fn most_of(n_objects: usize, is_chosen: bool) -> usize {
    match n_objects {
        0 | 1 if is_chosen => MAX_FOUND,
        0 | 1 => MAX_OF_OBJECT,
        n => (MAX_FOUND / n).min(MAX_OF_OBJECT),
    }
}

/// Refuses an object that cannot be searched.
pub(super) fn check_search_call(object: &Object, span: Span) -> Bound<()> {
    if object.calls.is_search() {
        return Ok(());
    }
    let text = format!("entity type {} does not support search", object.name);
    Err(Refusal::no_call(span, text))
}

/// Refuses an offset that is too large, or of one of several objects.
fn check_offset(binder: &Binder<'_>, of: &Returning, n_objects: usize) -> Bound<()> {
    let Some(offset) = &of.offset else { return Ok(()) };
    if !(0..=MAX_OFFSET).contains(&binder.count(offset)?) {
        let text = format!("SOSL offset should be between 0 to {MAX_OFFSET}");
        return Err(Refusal::out_of_range(offset.span, text));
    }
    if n_objects > 1 {
        let text = "OFFSET is allowed only in a search of one object";
        return Err(Refusal::malformed(offset.span, text));
    }
    Ok(())
}

/// How many records a limit says.
fn size(binder: &Binder<'_>, limit: &Spanned<Operand<i64>>) -> Bound<usize> {
    let n = binder.count(limit)?;
    let negative = || Refusal::malformed(limit.span, format!("unexpected token: '{n}'"));
    if n < 0 { Err(negative()) } else { Ok(usize::try_from(n).unwrap_or(usize::MAX)) }
}

/// Refuses what this store does not do, and what only programs may say.
fn check_with(binder: &Binder<'_>, with: &Spanned<SearchWith>) -> Bound<()> {
    let what = match &with.value {
        SearchWith::UserMode | SearchWith::SystemMode if binder.is_rest => {
            let text = "WITH USER_MODE and SYSTEM_MODE are allowed only in Apex";
            return Err(Refusal::malformed(with.span, text));
        }
        // As in a query: the caller of a connection is in one of the two modes once for all. And words are
        // found as they are spelled.
        SearchWith::UserMode | SearchWith::SpellCorrection(false) => return Ok(()),
        SearchWith::SystemMode if binder.access.is_system() => return Ok(()),
        SearchWith::SystemMode => {
            let text = "WITH SYSTEM_MODE needs a connection in system mode";
            return Err(Refusal::malformed(with.span, text));
        }
        SearchWith::SpellCorrection(true) => "WITH SPELL_CORRECTION = true",
        SearchWith::DataCategory(_) => "WITH DATA CATEGORY",
        SearchWith::Division(_) => "WITH DIVISION",
        SearchWith::Highlight => "WITH HIGHLIGHT",
        SearchWith::Metadata(_) => "WITH METADATA",
        SearchWith::Network(_) => "WITH NETWORK",
        SearchWith::PricebookId(_) => "WITH PricebookId",
        SearchWith::Snippet(_) => "WITH SNIPPET",
    };
    not_supported(with.span, what)
}

/// The slots of the fields of a group that the caller may read.
pub(super) fn slots_of(object: &Object, group: SearchGroup, access: &Access) -> Vec<Slot> {
    let fields = object.fields().filter(|(idx, field)| {
        field.has_words() && is_of(object, field, group) && access.reads(object, *idx)
    });
    fields.filter_map(|(_, field)| Some(field.stored?.slot)).collect()
}

/// Is a field one of a group?
fn is_of(object: &Object, field: &Field, group: SearchGroup) -> bool {
    let is_name = || {
        field.flags.is_name_field()
            || NAMES.iter().any(|(of, name)| {
                object.name.eq_ignore_ascii_case(of) && field.name.eq_ignore_ascii_case(name)
            })
    };
    let (is_email, is_phone) =
        (field.field_type == FieldType::Email, field.field_type == FieldType::Phone);
    match group {
        SearchGroup::All => true,
        SearchGroup::Name => is_name(),
        SearchGroup::Email => is_email,
        SearchGroup::Phone => is_phone,
        SearchGroup::Sidebar => is_email || is_phone || is_name(),
    }
}
