//! Searches: SOSL, from its text to records.
//!
//! What stands behind `FIND` becomes a condition on the words of records ([`term`]). For each object, the
//! index of words says which records meet it ([`find`]), and those are what a query over that object
//! reads, with the fields, condition and order of `RETURNING`: so all of that is as in SOQL.
//!
//! | file | what |
//! |---|---|
//! | `term` | words and phrases, and which texts have them |
//! | `find` | the records that have them |
//! | `leads` | what the index of words says of a word, for all records or for given ones |
//! | `first` | the first of them, where no more are asked for |
//! | `bind` | from a search as it was written to one that can be run |
//! | `spread` | how many records of each object there are |
//!
//! What an org does and does not document, or what we do otherwise, is decided so:
//!
//! - All words of an `AND` may stand in different fields of a record; a phrase stands in one.
//! - Without `ORDER BY`, the records of an object come by their ids: an org puts those first that it
//!   holds to be most relevant.
//! - A wildcard at the beginning of a term is "not supported", as it never worked in an org.
//! - `SIDEBAR FIELDS` are those of names, emails and phones.
//! - A word of one character is searched for beside others, and refused where there are no others.
//!
//! **Invariants:** a field that the caller may not read matches nothing, and neither does one that is not
//! listed or a record in the recycle bin. A search reads one state throughout, be it a snapshot or a
//! transaction with what it has written.

mod bind;
mod find;
mod first;
mod leads;
mod spread;
mod term;

use std::{collections::HashSet, sync::Arc};

use serde_json::{Map, Value as Json};
use sobject_soql::{Dialect, Search, SearchExpr, SearchGroup, Span};

use self::{
    bind::{BoundSearch, Target, bind_text, slots_of},
    find::find,
    spread::spread,
    term::Wanted,
};
use super::{
    bind::Binder,
    bound::{Cond, Expr, Fields, Kind, Level, Operand, Shape, Test},
    refusal::{Bound, Refusal},
    run::Run,
};
use crate::{
    definition::FieldIdx,
    error::{Error, QueryError, Result},
    store::Reader,
};

/// Records that one search gives at most.
pub(crate) const MAX_FOUND: usize = 2_000;

/// What a typed query searches for: the records that it reads have it in their texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextSearch {
    pub(crate) text: SearchedText,
    pub(crate) group: SearchGroup,
}

/// Words and phrases, as a text or as a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SearchedText {
    Text(String),
    Expr(SearchExpr),
}

/// Runs the search of a text. The records come by object, as an org's JSON.
///
/// # Errors
/// [`Error::Query`]; [`Error::Corrupt`], [`Error::Storage`].
pub(super) fn search(
    reader: &Reader<'_>,
    text: &str,
    dialect: Dialect,
    binder: &Binder<'_>,
    run: &Run<'_>,
) -> Result<Vec<Map<String, Json>>> {
    let search =
        Search::parse(text, dialect).map_err(|error| Error::Query(Box::new(error.into())))?;
    let BoundSearch { wanted, targets, limit } =
        bind::bind(binder, &search).map_err(|problem| problem.into_error(text))?;
    let mut found = Vec::with_capacity(targets.len());
    for Target { mut level, slots, most } in targets {
        level.limit = Some(most.min(limit));
        narrow_to(reader, &mut level, &wanted, &slots)?;
        let level = run.ready(level)?;
        let plan = run.plan(&level)?;
        found.push((run.find(&level, &plan)?, level));
    }
    let counts: Vec<_> = found.iter().map(|(found, _)| found.len()).collect();
    let mut records = Vec::new();
    for ((found, level), n) in found.iter().zip(spread(&counts, limit)) {
        records.extend(run.rows(level, found, 0, n)?);
    }
    Ok(records)
}

/// Leaves of what a typed query reads the records that have what is searched for.
///
/// # Errors
/// As [`search`].
pub(super) fn narrow(reader: &Reader<'_>, level: &mut Level, search: &TextSearch) -> Result<()> {
    let none = || Error::corrupt("a search of an object that is not there");
    let object = reader.schema.catalogue.get(level.object).ok_or_else(none)?;
    bind::check_search_call(object, Span::NONE).map_err(|refusal| refused(refusal, None))?;
    let wanted = match &search.text {
        SearchedText::Text(text) => bind_text(text).map_err(|problem| problem.into_error(text))?,
        SearchedText::Expr(expr) => {
            Wanted::of(expr, Span::NONE).map_err(|refusal| refused(refusal, None))?
        }
    };
    // Totals are those of all records that are found.
    if is_by_records(level) {
        level.limit = Some(level.limit.unwrap_or(MAX_FOUND).min(MAX_FOUND));
    }
    let slots = slots_of(object, search.group, reader.access);
    narrow_to(reader, level, &wanted, &slots)
}

/// Leaves of what a level reads the records that have what is wanted in one of these slots.
fn narrow_to(
    reader: &Reader<'_>,
    level: &mut Level,
    wanted: &Wanted,
    slots: &[crate::bytes::Slot],
) -> Result<()> {
    // What nobody asks for need not be found.
    let ids: HashSet<u64> = match level.limit {
        Some(0) => HashSet::new(),
        limit => {
            let is_any = is_by_records(level) && level.filter.is_none() && level.order.is_empty();
            let most = limit.map(|limit| limit.saturating_add(level.offset)).filter(|_| is_any);
            find(reader, level.object, wanted, slots, most)?.into_iter().collect()
        }
    };
    let id = Expr::Field { source: 0, field: Fields::One(FieldIdx::ID), kind: Kind::Id };
    let is_found = Cond::Test { left: Operand::Row(id), test: Test::Among(Arc::new(ids)) };
    let filter = [is_found].into_iter().chain(level.filter.take());
    level.filter = Some(Cond::All(filter.collect()));
    Ok(())
}

/// Does a level give records, or count them? A limit of groups says nothing of how many records are read.
fn is_by_records(level: &Level) -> bool {
    !matches!(level.shape, Shape::Groups(_))
}

/// The error of a search that is refused at a place of its text, if it has one.
fn refused(refusal: Box<Refusal>, text: Option<&str>) -> Error {
    let Refusal { code, span, text: what, near } = *refusal.of_search();
    Error::Query(Box::new(QueryError::new(code, what, text, span, near)))
}

/// Why a search cannot be run.
enum Problem {
    Refused(Box<Refusal>),
    /// What a variable stands for cannot be read.
    Text(Box<sobject_soql::Error>),
}

impl From<Box<Refusal>> for Problem {
    fn from(refusal: Box<Refusal>) -> Self {
        Self::Refused(refusal)
    }
}

impl Problem {
    /// The error of a search with this text.
    fn into_error(self, text: &str) -> Error {
        match self {
            Self::Refused(refusal) => refused(refusal, Some(text)),
            Self::Text(error) => Error::Query(Box::new((*error).into())),
        }
    }
}

/// What a search may not say, at its place.
fn not_supported<T>(span: Span, what: &str) -> Bound<T> {
    Err(Refusal::not_supported(span, what))
}
