//! Binding: from a query as it was written to one that can be run.
//!
//! Names are resolved against what the caller may read, so that what is hidden looks unknown in
//! every clause. Literals become the values that cells are compared with. Everything that the
//! language forbids is refused here, at its place in the text.
//!
//! | file | what |
//! |---|---|
//! | `path` | objects, relationships and fields |
//! | `select` | the select list of records |
//! | `filter` | conditions |
//! | `constant` | literals |
//! | `group` | aggregates, groups, `HAVING` |
//! | `order` | `ORDER BY`, `LIMIT`, `OFFSET` |
//! | `semi_join` | queries inside `IN` |
//! | `template` | queries that are bound again with other values |

mod constant;
mod filter;
mod group;
mod order;
mod path;
mod select;
mod semi_join;
mod template;

use std::{cell::Cell, sync::Arc};

use sobject_soql::{Literal, Name, Operand, Query, Select, Span, Spanned, Tracking, With};

use self::path::Scope;
pub(crate) use self::template::Template;
use super::{
    bound::{Level, Shape, Source},
    calendar::Calendar,
    refusal::{Bound, Refusal},
};
use crate::{
    catalogue::Object,
    store::{Access, Look, Schema},
};

/// Queries inside queries at most, the outermost one included.
const MAX_LEVELS: usize = 5;
/// Child queries in a query at most, those inside of others included.
const MAX_CHILDREN: usize = 20;
/// Characters of a text in a condition at most.
const MAX_TEXT: usize = 4_000;

/// What the program gives for the variables of a query: one value, or those of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    One(Literal),
    List(Vec<Literal>),
}

/// What the program gives, by the names of the variables. They are few.
#[derive(Clone, Debug, Default)]
pub(crate) struct Binds(Vec<(String, Given)>);

impl Binds {
    /// Without any.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Gives a variable its value, instead of the one that it had.
    pub(crate) fn insert(&mut self, name: &str, given: Given) {
        match self.0.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            Some((_, known)) => *known = given,
            None => self.0.push((name.to_owned(), given)),
        }
    }

    fn get(&self, name: &str) -> Option<&Given> {
        let found = self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, given)| given)
    }
}

/// Binds queries for a caller.
pub(crate) struct Binder<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) access: &'a Access,
    pub(crate) calendar: Calendar,
    pub(crate) binds: &'a Binds,
    /// Is it text that came over REST? Then it is refused what only programs may say.
    pub(crate) is_rest: bool,
    /// May what the caller sees be noted? It may not where nothing is written.
    pub(crate) notes_looks: bool,
    /// Is it made of handles? Then a child query is from `Object.Field`, the object of the children and
    /// the reference field that leads to their parent, and needs no name that a describe would give.
    pub(crate) by_handles: bool,
    /// Does the query say anything that depends on the day or on the zone of the caller?
    pub(crate) asks_for_days: Cell<bool>,
}

/// How `FOR VIEW` or `FOR REFERENCE` has the caller see records.
fn look_of(tracking: Tracking) -> Look {
    match tracking {
        Tracking::View => Look::View,
        Tracking::Reference => Look::Reference,
    }
}

impl<'a> Binder<'a> {
    /// Binds a query.
    pub(crate) fn bind(&self, query: &Query) -> Bound<Level> {
        let object = self.object(&query.from.path)?;
        let mut scope = Scope::new(object, query.from.alias.as_ref());
        let level = self.level(query, &mut scope, 1)?;
        if level.n_children() > MAX_CHILDREN {
            let text = format!("a query may have {MAX_CHILDREN} child queries at most");
            return Err(Refusal::malformed(query.select.span, text));
        }
        Ok(level)
    }

    /// Binds what a search says of the records of an object, as a query over it.
    pub(super) fn bind_returning(&self, object: &'a Object, query: &Query) -> Bound<Level> {
        self.level(query, &mut Scope::new(object, None), 1)
    }

    /// Binds a query over the object of a scope; `depth` counts queries inside queries.
    fn level(&self, query: &Query, scope: &mut Scope<'a>, depth: usize) -> Bound<Level> {
        self.check_with(query, depth)?;
        self.check_tracking(scope.object, query, depth)?;
        for item in &query.also_from {
            self.add_from(scope, item)?;
        }
        Self::check_scope(scope, query)?;
        let filter = query.filter.as_ref();
        let filter = filter.map(|filter| self.filter(scope, filter, depth == 1)).transpose()?;
        let mut shape = match &query.select.value {
            Select::Count => {
                Self::check_count(query, depth)?;
                Shape::Count
            }
            Select::Items(items) if group::is_grouped(query) => {
                if depth > 1 {
                    return Err(Refusal::malformed(
                        group::first_aggregate(query),
                        "only root queries support aggregate expressions",
                    ));
                }
                Shape::Groups(self.grouping(scope, items, query)?)
            }
            Select::Items(items) => {
                Shape::Records(Arc::new(self.columns(scope, items, query, depth)?))
            }
        };
        let order = self.order(scope, query, &mut shape)?;
        let (limit, offset) = self.limit_and_offset(query, &shape, depth)?;
        let filter = self.with_scope(scope, query, filter);
        if scope.sources.len() > path::MAX_PARENTS + 1 {
            let text = format!("a query may follow {} relationships at most", path::MAX_PARENTS);
            return Err(Refusal::malformed(query.select.span, text));
        }
        Ok(Level {
            object: scope.object.number,
            sources: std::mem::take(&mut scope.sources),
            filter,
            order,
            limit,
            offset,
            shape,
            all_rows: query.all_rows.is_some(),
            look: query.tracking.as_ref().map(|tracking| look_of(tracking.value)),
        })
    }

    /// `COUNT()` stands alone.
    fn check_count(query: &Query, depth: usize) -> Bound<()> {
        if depth > 1 {
            let text = "only root queries support aggregate expressions";
            return Err(Refusal::malformed(query.select.span, text));
        }
        if let Some(group) = &query.group_by {
            let span = group.fields.first().map_or(Span::NONE, |field| field.span());
            return Err(Refusal::malformed(span, "COUNT() cannot be used with GROUP BY"));
        }
        match query.order_by.first() {
            Some(order) => {
                let text = "COUNT() cannot be used with ORDER BY";
                Err(Refusal::malformed(order.field.span(), text))
            }
            None => Ok(()),
        }
    }

    /// Refuses what only programs may say, and what this store does not do.
    fn check_with(&self, query: &Query, depth: usize) -> Bound<()> {
        for with in &query.with {
            match &with.value {
                With::UserMode | With::SystemMode | With::SecurityEnforced if self.is_rest => {
                    let text = "WITH SECURITY_ENFORCED, USER_MODE and SYSTEM_MODE are allowed only \
                                in Apex";
                    return Err(Refusal::malformed(with.span, text));
                }
                // The caller of a connection is in user mode, or in system mode, once for all: what
                // the caller may not read is refused in either case.
                With::UserMode | With::SecurityEnforced => (),
                With::SystemMode if self.access.is_system() => (),
                With::SystemMode => {
                    let text = "WITH SYSTEM_MODE needs a connection in system mode";
                    return Err(Refusal::malformed(with.span, text));
                }
                With::DataCategory(_) => {
                    return Err(Refusal::not_supported(with.span, "WITH DATA CATEGORY"));
                }
                With::Other(name) | With::Equals(name, _) | With::Settings(name, _) => {
                    let what = format!("WITH {}", name.as_str());
                    return Err(Refusal::not_supported(with.span, &what));
                }
            }
        }
        if let Some(for_update) = &query.for_update {
            return Err(Refusal::not_supported(for_update.span, "FOR UPDATE"));
        }
        if let Some(update) = query.update.first() {
            return Err(Refusal::not_supported(update.span(), "UPDATE TRACKING"));
        }
        if depth > MAX_LEVELS {
            let text = format!("child queries are nested {MAX_LEVELS} levels deep at most");
            return Err(Refusal::malformed(query.select.span, text));
        }
        Ok(())
    }

    /// `FOR VIEW` and `FOR REFERENCE` note which records the caller sees, so the query must give
    /// records of an object that notes it, and be run where something may be written.
    fn check_tracking(&self, object: &Object, query: &Query, depth: usize) -> Bound<()> {
        let Some(tracking) = &query.tracking else { return Ok(()) };
        let look = look_of(tracking.value);
        let words = match look {
            Look::View => "FOR VIEW",
            Look::Reference => "FOR REFERENCE",
        };
        let is_records =
            matches!(&query.select.value, Select::Items(_)) && !group::is_grouped(query);
        let place = if depth > 1 {
            "in a query inside another".to_owned()
        } else if !is_records {
            "of what is counted or grouped".to_owned()
        } else if !self.notes_looks {
            let places = "in a session, a transaction, a prepared query whose rows are read in place \
                          or a typed query";
            places.to_owned()
        } else if !look.is_noted(object) {
            format!("of an object without a field {}", look.field())
        } else {
            return Ok(());
        };
        Err(Refusal::not_supported(tracking.span, &format!("{words} {place}")))
    }

    /// The object of this name, if the caller may read it and query it.
    fn object(&self, path: &sobject_soql::Path) -> Bound<&'a Object> {
        let name = path.to_string();
        let unknown = || {
            let readable = self.schema.catalogue.objects().filter(|it| self.may_read(it));
            let names = readable.map(|it| it.name.as_str());
            Refusal::no_object(path.span(), &name).with_near(&name, names)
        };
        let found = self.schema.catalogue.find(&name).filter(|object| self.may_read(object));
        let object = found.ok_or_else(unknown)?;
        Self::check_query_call(object, path.span())?;
        Ok(object)
    }

    /// Refuses an object that does not support the call.
    fn check_query_call(object: &Object, span: Span) -> Bound<()> {
        if object.calls.is_query() {
            return Ok(());
        }
        let text = format!("entity type {} does not support query", object.name);
        Err(Refusal::no_call(span, text))
    }

    /// The literal of an operand.
    fn literal<'q>(&'q self, operand: &'q Operand, span: Span) -> Bound<&'q Literal> {
        match operand {
            Operand::Literal(Literal::Text(text)) if text.chars().nth(MAX_TEXT).is_some() => {
                let text = format!("a text in a condition has {MAX_TEXT} characters at most");
                Err(Refusal::malformed(span, text))
            }
            Operand::Literal(literal) => Ok(literal),
            Operand::Bind(name) => match self.given(name)? {
                Given::One(literal) => Ok(literal),
                Given::List(_) => {
                    let text =
                        format!("variable :{} is a list, and one value is due", name.as_str());
                    Err(Refusal::malformed(span, text))
                }
            },
        }
    }

    /// What the program gave for a variable.
    pub(super) fn given(&self, name: &Name) -> Bound<&Given> {
        self.binds.get(name.as_str()).ok_or_else(|| {
            let text = format!("variable does not exist: {}", name.as_str());
            Refusal::malformed(name.span(), text)
        })
    }

    /// A count, such as that of `LIMIT`.
    pub(super) fn count(&self, count: &Spanned<Operand<i64>>) -> Bound<i64> {
        match &count.value {
            Operand::Literal(n) => Ok(*n),
            Operand::Bind(name) => match self.given(name)? {
                Given::One(Literal::Number(number)) if number.as_i64().is_some() => {
                    Ok(number.as_i64().unwrap_or_default())
                }
                _ => {
                    let text = format!("variable :{} is no whole number", name.as_str());
                    Err(Refusal::malformed(count.span, text))
                }
            },
        }
    }
}

impl<'a> Scope<'a> {
    fn new(object: &'a Object, alias: Option<&Name>) -> Self {
        Self {
            object,
            alias: alias.cloned(),
            also: Vec::new(),
            sources: vec![Source::Own],
            objects: vec![vec![object]],
        }
    }
}
