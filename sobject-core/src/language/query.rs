//! From text to rows: a query is read, bound for a caller, and run.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sobject_soql::{Dialect, Query};

use super::{
    bind::{Binder, Binds},
    bound::Level,
    calendar::{Calendar, Customs},
    refusal::Refusal,
    run::{Found, Run},
};
use crate::{
    error::{Error, QueryError, Result},
    id::RecordId,
    store::Reader,
    value::Value,
};

/// What a query is run with, beside its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms<'t> {
    pub(crate) dialect: Dialect,
    pub(crate) binds: &'t Binds,
    /// Are records of the recycle bin found, whatever the text says?
    pub(crate) all_rows: bool,
    pub(crate) customs: Customs,
    pub(crate) now: DateTime<Utc>,
}

/// A query that was run: what it found, of which rows can be read.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    level: Level,
    calendar: Calendar,
    found: Found,
}

impl Answered {
    /// Runs the query of a text.
    ///
    /// # Errors
    /// [`Error::Query`]; [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn to_text(reader: &Reader<'_>, text: &str, terms: Terms<'_>) -> Result<Self> {
        let query = Query::parse(text, terms.dialect)
            .map_err(|error| Error::Query(Box::new(error.into())))?;
        Self::to_tree(reader, &query, Some(text), terms)
    }

    /// Runs a query, which stands in a text or does not.
    ///
    /// # Errors
    /// As [`Answered::to_text`].
    pub(crate) fn to_tree(
        reader: &Reader<'_>,
        query: &Query,
        text: Option<&str>,
        terms: Terms<'_>,
    ) -> Result<Self> {
        let calendar = Calendar::new(terms.customs, zone_of(reader, terms.customs)?, terms.now);
        let binder = Binder {
            schema: reader.schema,
            access: reader.access,
            calendar,
            binds: terms.binds,
            is_rest: terms.dialect == Dialect::Rest,
        };
        let refused = |refusal: Box<Refusal>| {
            let Refusal { code, span, text: what, near } = *refusal;
            Error::Query(Box::new(QueryError::new(code, what, text, span, near)))
        };
        let mut level = binder.bind(query).map_err(refused)?;
        if terms.all_rows || level.all_rows {
            level.find_all_rows();
        }
        let run = Run::new(reader, calendar);
        let level = run.ready(&level)?;
        let found = run.find(&level)?;
        Ok(Self { level, calendar, found })
    }

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

    /// A part of the rows, from the state of the store that the query was run on.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn rows(
        &self,
        reader: &Reader<'_>,
        from: usize,
        n: usize,
    ) -> Result<Vec<serde_json::Map<String, serde_json::Value>>> {
        Run::new(reader, self.calendar).rows(&self.level, &self.found, from, n)
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
    let Some(object) = catalogue.of_prefix(user.key_prefix()) else { return Ok(None) };
    let Some(idx) = object.find("TimeZoneSidKey") else { return Ok(None) };
    let Some(packed) = reader.pack_known(user)? else { return Ok(None) };
    let zone = reader.row_of(object, packed, |row| {
        Ok(match row.value(idx)? {
            Value::Text(text) => text.parse().ok(),
            _ => None,
        })
    })?;
    Ok(zone.flatten())
}
