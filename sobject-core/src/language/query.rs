//! From text to rows: a query is read, bound for a caller, planned and run.

mod repeated;
mod typed;

use std::cell::Cell;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value as Json};
use sobject_soql::{Dialect, Query};

use super::{
    bind::{Binder, Binds},
    bound::Level,
    calendar::{Calendar, Customs},
    plan::{Choice, Plan, Told},
    refusal::Refusal,
    run::{Found, Hit, Left, Run, Stream},
    search::{TextSearch, narrow, search},
};
use crate::{
    catalogue::ObjectNo,
    error::{Error, QueryError, Result},
    id::RecordId,
    store::{Look, Reader},
    value::Value,
};

pub(crate) use self::{
    repeated::{Prepared, Repeated},
    typed::{Place, Selecting},
};

/// A row of an answer, as an org's JSON.
type Row = Map<String, Json>;

/// Groups in one answer at most.
const MAX_GROUPS: usize = 2_000;

/// What a query is run with, beside its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'t> {
    pub(crate) dialect: Dialect,
    pub(crate) binds: &'t Binds,
    /// Are records of the recycle bin found, whatever the text says?
    pub(crate) all_rows: bool,
    pub(crate) choice: Choice,
    /// Is the query made of handles, which name children by their reference field?
    pub(crate) by_handles: bool,
    pub(crate) customs: Customs,
    pub(crate) now: DateTime<Utc>,
    /// What the records have in their texts, where that is asked for.
    pub(crate) search: Option<&'t TextSearch>,
    /// May it be noted which records the caller sees? Whoever says so asks the answer for them.
    pub(crate) notes_looks: bool,
}

/// A query that can be run on the state of the store that it was planned for.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    level: Level,
    calendar: Calendar,
    choice: Choice,
    plan: Plan,
}

/// A query that was run: what it found, of which rows can be read.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    planned: Planned,
    found: Found,
}

/// The rows of a query, batch by batch.
#[derive(Clone, Debug)]
pub(crate) enum Batches {
    /// They were found, and so many were given.
    Found(Box<Answered>, usize),
    /// They are found as they are asked for.
    Streamed(Box<Planned>, Stream),
}

/// What was done to answer a query.
#[derive(Clone, Debug)]
pub(crate) struct Explained {
    pub(crate) object: String,
    /// How many live records the object has.
    pub(crate) n_records: u64,
    pub(crate) told: Told,
    /// How many records were read to find the rows.
    pub(crate) n_read: u64,
    /// How many rows were found.
    pub(crate) n_rows: usize,
}

/// Runs the search of a text, which is SOSL. Its records come by object.
///
/// # Errors
/// [`Error::Query`]; [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn run_search(reader: &Reader<'_>, text: &str, terms: Terms<'_>) -> Result<Vec<Row>> {
    let calendar = Calendar::new(terms.customs, zone_of(reader, terms.customs)?, terms.now);
    let binder = binder(reader, terms, calendar);
    let run = Run::new(reader, calendar, terms.choice);
    search(reader, text, terms.dialect, &binder, &run)
}

impl Planned {
    /// Plans the query of a text.
    ///
    /// # Errors
    /// [`Error::Query`]; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn of_text(reader: &Reader<'_>, text: &str, terms: Terms<'_>) -> Result<Self> {
        Self::of_tree(reader, &parsed(text, terms)?, Some(text), terms)
    }

    /// Plans a query, which stands in a text or does not.
    ///
    /// # Errors
    /// As [`Planned::of_text`].
    pub(crate) fn of_tree(
        reader: &Reader<'_>,
        query: &Query,
        text: Option<&str>,
        terms: Terms<'_>,
    ) -> Result<Self> {
        let binding = Binding::new(reader, query, text, terms)?;
        Self::of_level(reader, binding.level, binding.calendar, terms)
    }

    /// Plans a query that was bound.
    fn of_level(
        reader: &Reader<'_>,
        mut level: Level,
        calendar: Calendar,
        terms: Terms<'_>,
    ) -> Result<Self> {
        if terms.all_rows || level.all_rows {
            level.find_all_rows();
        }
        if let Some(search) = terms.search {
            narrow(reader, &mut level, search)?;
        }
        let choice = terms.choice;
        let run = Run::new(reader, calendar, choice);
        let level = run.ready(level)?;
        let plan = run.plan(&level)?;
        Ok(Self { level, calendar, choice, plan })
    }

    fn run<'a>(&self, reader: &'a Reader<'a>) -> Run<'a> {
        Run::new(reader, self.calendar, self.choice)
    }

    /// Finds the rows.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn answer(self, reader: &Reader<'_>) -> Result<Answered> {
        let found = self.run(reader).find(&self.level, &self.plan)?;
        Ok(Answered { planned: self, found })
    }

    /// The rows batch by batch, which are found as they are asked for where the plan has them in order.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn batches(self, reader: &Reader<'_>) -> Result<Batches> {
        // Which records are seen is noted before the first is given.
        if self.level.look.is_some() {
            return Ok(Batches::Found(Box::new(self.answer(reader)?), 0));
        }
        match self.run(reader).stream(&self.level, &self.plan)? {
            Some(stream) => Ok(Batches::Streamed(Box::new(self), stream)),
            None => Ok(Batches::Found(Box::new(self.answer(reader)?), 0)),
        }
    }

    /// Finds the rows, and tells how.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn explain(&self, reader: &Reader<'_>) -> Result<Explained> {
        let run = self.run(reader);
        let found = run.find(&self.level, &self.plan)?;
        let none = || Error::corrupt("a query of an object that is not there");
        let object = reader.schema.catalogue.get(self.level.object).ok_or_else(none)?;
        let n_records = reader.read.len(reader.schema.table(object)?.live)?;
        Ok(Explained {
            object: object.name.clone(),
            n_records,
            told: self.plan.told(object, n_records),
            n_read: run.n_read(),
            n_rows: found.len(),
        })
    }
}

impl Answered {
    /// How many rows were found.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Are there rows to be read beside their number?
    pub(crate) fn has_rows(&self) -> bool {
        !matches!(self.found, Found::Count(_))
    }

    /// Are the rows groups, which are given in one batch?
    pub(crate) fn is_grouped(&self) -> bool {
        matches!(self.found, Found::Groups(_))
    }

    /// The records of a part of the rows, by packed id, with their object, if it is to be noted that the
    /// caller sees them, and how.
    pub(crate) fn looks(&self, from: usize, n: usize) -> Option<(ObjectNo, Look, Vec<u64>)> {
        let (Some(look), Found::Hits(hits)) = (self.planned.level.look, &self.found) else {
            return None;
        };
        let records = hits.all.iter().skip(from).take(n).map(Hit::packed).collect();
        Some((self.planned.level.object, look, records))
    }

    /// Refuses more groups than one answer holds, since they have no further batches.
    ///
    /// # Errors
    /// [`Error::Query`].
    pub(crate) fn check_groups(&self) -> Result<()> {
        if self.is_grouped() && self.len() > MAX_GROUPS {
            return Err(Error::Query(Box::new(QueryError::too_many_groups())));
        }
        Ok(())
    }

    /// A part of the rows, from the state of the store that the query was run on.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn rows(&self, reader: &Reader<'_>, from: usize, n: usize) -> Result<Vec<Row>> {
        let run = self.planned.run(reader);
        run.rows(&self.planned.level, &self.found, from, n)
    }
}

impl Answered {
    /// [`Answered::rows`], with no more than `batch` children of each row. The second are the children of
    /// those rows that have more, all of them; the row has their place among these where a locator is due.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn rows_in_batches(
        &self,
        reader: &Reader<'_>,
        from: usize,
        n: usize,
        batch: usize,
    ) -> Result<(Vec<Row>, Vec<Self>)> {
        let Planned { level, calendar, choice, plan } = &self.planned;
        let run = self.planned.run(reader).in_batches(batch);
        let rows = run.rows(level, &self.found, from, n)?;
        let left = run.into_left().into_iter().map(|Left { level, found }| {
            let plan = plan.clone();
            let planned = Planned { level, calendar: *calendar, choice: *choice, plan };
            Self { planned, found }
        });
        Ok((rows, left.collect()))
    }
}

impl Batches {
    /// The next rows, about `n` of them; none at the end. They are read from the state of the store that
    /// the query was planned for.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn next(&mut self, reader: &Reader<'_>, n: usize) -> Result<Vec<Row>> {
        match self {
            Self::Found(answered, at) => {
                let rows = answered.rows(reader, *at, n)?;
                *at = at.saturating_add(rows.len());
                Ok(rows)
            }
            Self::Streamed(planned, stream) => planned.run(reader).next(&planned.level, stream, n),
        }
    }
}

/// The tree of a text.
fn parsed(text: &str, terms: Terms<'_>) -> Result<Query> {
    Query::parse(text, terms.dialect).map_err(|error| Error::Query(Box::new(error.into())))
}

/// A query that was bound for the caller of a reader.
struct Binding {
    level: Level,
    calendar: Calendar,
    /// Depends it on the day or the zone of the caller?
    asks_for_days: bool,
}

impl Binding {
    /// Binds a query, which stands in a text or does not. The zone of the caller is read only if it
    /// matters.
    fn new(
        reader: &Reader<'_>,
        query: &Query,
        text: Option<&str>,
        terms: Terms<'_>,
    ) -> Result<Self> {
        let bind = |calendar| {
            let binder = binder(reader, terms, calendar);
            let level = binder.bind(query).map_err(|refusal| {
                let Refusal { code, span, text: what, near } = *refusal;
                Error::Query(Box::new(QueryError::new(code, what, text, span, near)))
            })?;
            Ok::<_, Error>(Self { level, calendar, asks_for_days: binder.asks_for_days.get() })
        };
        let Terms { customs, now, .. } = terms;
        let binding = bind(Calendar::new(customs, customs.zone, now))?;
        if !binding.asks_for_days {
            return Ok(binding);
        }
        let zone = zone_of(reader, customs)?;
        if zone == customs.zone { Ok(binding) } else { bind(Calendar::new(customs, zone, now)) }
    }
}

fn binder<'r>(reader: &'r Reader<'_>, terms: Terms<'r>, calendar: Calendar) -> Binder<'r> {
    Binder {
        schema: reader.schema,
        access: reader.access,
        calendar,
        binds: terms.binds,
        is_rest: terms.dialect == Dialect::Rest,
        by_handles: terms.by_handles,
        notes_looks: terms.notes_looks,
        asks_for_days: Cell::new(false),
    }
}

/// The time zone of the caller: that of the user's record, else the store's.
fn zone_of(reader: &Reader<'_>, customs: Customs) -> Result<Tz> {
    let Some(user) = reader.access.user else { return Ok(customs.zone) };
    Ok(named_zone(reader, user)?.unwrap_or(customs.zone))
}

/// The zone that a user's record names, if it names one that is known.
fn named_zone(reader: &Reader<'_>, user: RecordId) -> Result<Option<Tz>> {
    let catalogue = &reader.schema.catalogue;
    let of_user = catalogue.of_prefix(user.key_prefix());
    let zones = of_user.filter_map(|object| Some((object, object.find("TimeZoneSidKey")?)));
    let zones: Vec<_> = zones.collect();
    let Some(packed) = reader.pack_known(user)? else { return Ok(None) };
    for (object, idx) in zones {
        let zone = reader.row_of(object, packed, |row| {
            Ok(match row.value(idx)? {
                Value::Text(text) => text.parse().ok(),
                _ => None,
            })
        })?;
        if let Some(zone) = zone.flatten() {
            return Ok(Some(zone));
        }
    }
    Ok(None)
}
