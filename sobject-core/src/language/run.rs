//! Running a bound query on one state of a store.
//!
//! First all records are found that the query asks for, and put in order; of each no more is kept than
//! its id. Then they are read and written out in batches, each with its parents and children read
//! together. So a query needs little memory however many rows it finds, and how many they are is known
//! before the first is written out.
//!
//! | file | what |
//! |---|---|
//! | `access` | which records may be hits, from ids, indexes or a scan |
//! | `find` | the hits of a level, in order |
//! | `join` | the parents of rows |
//! | `value`, `test` | what expressions are worth, and conditions |
//! | `group` | groups and aggregates |
//! | `output` | rows as an org's JSON |
//!
//! **Invariant:** a query sees one state throughout, be it a snapshot or a transaction with what it has
//! written.

mod access;
mod find;
mod group;
mod join;
mod output;
mod test;
mod value;

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use super::{
    bound::{Cond, Constant, Level, Shape, Source, Test},
    calendar::Calendar,
};
pub(crate) use self::{find::Hit, value::Val};
use crate::{
    bytes::RowRef,
    catalogue::{Object, ObjectNo},
    error::{Error, Result},
    store::{Reader, Table},
};

/// A query that is run.
pub(crate) struct Run<'a> {
    reader: &'a Reader<'a>,
    calendar: Calendar,
    /// Parents that were read, by object and packed id; `None` where there is no live record.
    parents: RefCell<HashMap<(ObjectNo, u64), Option<Rc<[u8]>>>>,
}

/// A record of a source of a row, read in place.
#[derive(Clone, Copy)]
pub(crate) struct Record<'r> {
    object: &'r Object,
    packed: u64,
    row: RowRef<'r>,
    is_deleted: bool,
}

/// The bytes of a record that outlive the read that gave them.
#[derive(Clone, Debug)]
struct Kept {
    object: ObjectNo,
    packed: u64,
    bytes: Rc<[u8]>,
    is_deleted: bool,
}

/// What a query has found, before any of it is written out.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// So many rows, none of which is told.
    Count(usize),
    /// The records, in order.
    Hits(Vec<Hit>),
    /// The rows of the groups, in order.
    Groups(Vec<serde_json::Map<String, serde_json::Value>>),
}

impl Found {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Count(n) => *n,
            Self::Hits(hits) => hits.len(),
            Self::Groups(rows) => rows.len(),
        }
    }
}

/// How many records are read together.
const CHUNK: usize = 500;

impl<'a> Run<'a> {
    /// Runs queries on what a reader reads.
    pub(crate) fn new(reader: &'a Reader<'a>, calendar: Calendar) -> Self {
        Self { reader, calendar, parents: RefCell::default() }
    }

    /// What a level finds. Its semi-joins must have been run: see [`Run::ready`].
    pub(crate) fn find(&self, level: &Level) -> Result<Found> {
        let object = self.object(level.object)?;
        match &level.shape {
            // How many live records there are is known without reading any.
            Shape::Count
                if level.filter.is_none()
                    && level.limit.is_none()
                    && level.offset == 0
                    && !level.all_rows =>
            {
                let n = self.reader.count(object)?;
                Ok(Found::Count(usize::try_from(n).unwrap_or(usize::MAX)))
            }
            Shape::Count => Ok(Found::Count(self.hits(level)?.len())),
            Shape::Records(_) => self.hits(level).map(Found::Hits),
            Shape::Groups(grouping) => self.groups(level, grouping).map(Found::Groups),
        }
    }

    /// A level whose semi-joins have been run, and whose ids are packed.
    pub(crate) fn ready(&self, level: &Level) -> Result<Level> {
        let mut level = level.clone();
        self.make_ready(&mut level)?;
        Ok(level)
    }

    fn make_ready(&self, level: &mut Level) -> Result<()> {
        if let Some(filter) = &mut level.filter {
            self.ready_cond(filter)?;
        }
        match &mut level.shape {
            Shape::Records(columns) => {
                for column in columns {
                    if let super::bound::What::Children { level, .. } = &mut column.what {
                        self.make_ready(level)?;
                    }
                }
                Ok(())
            }
            Shape::Count | Shape::Groups(_) => Ok(()),
        }
    }

    fn ready_cond(&self, cond: &mut Cond) -> Result<()> {
        match cond {
            Cond::All(of) | Cond::Any(of) => of.iter_mut().try_for_each(|of| self.ready_cond(of)),
            Cond::Not(of) => self.ready_cond(of),
            Cond::Test { test, .. } => match test {
                Test::Equal(constant) => self.ready_constant(constant),
                Test::In { values, .. } => {
                    values.iter_mut().try_for_each(|constant| self.ready_constant(constant))
                }
                Test::SemiJoin(join) => {
                    let inner = self.ready(&join.level)?;
                    let mut found = HashSet::new();
                    self.each_row(&inner, &mut |row| {
                        if let Val::Id(packed) = self.eval(&join.field, row)? {
                            found.insert(packed);
                        }
                        Ok(())
                    })?;
                    *test = Test::Among(Arc::new(found));
                    Ok(())
                }
                _ => Ok(()),
            },
        }
    }

    fn ready_constant(&self, constant: &mut Constant) -> Result<()> {
        if let Constant::Id(id) = constant {
            // No record has the packed id 0.
            *constant = Constant::Packed(self.reader.pack_known(*id)?.unwrap_or_default());
        }
        Ok(())
    }

    fn object(&self, number: ObjectNo) -> Result<&'a Object> {
        let object = self.reader.schema.catalogue.get(number);
        object.ok_or_else(|| Error::corrupt("a query of an object that is not there"))
    }

    fn table(&self, object: &Object) -> Result<&'a Table> {
        self.reader.schema.table(object)
    }

    /// The text of a packed id.
    pub(super) fn id_text(&self, packed: u64) -> Result<String> {
        Ok(self.reader.unpack(packed)?.to_string())
    }

    /// The calendar of the caller.
    pub(super) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The record of kept bytes.
    fn record<'r>(&'r self, kept: &'r Kept) -> Result<Record<'r>> {
        let object = self.object(kept.object)?;
        let row = self.table(object)?.row(&kept.bytes)?;
        Ok(Record { object, packed: kept.packed, row, is_deleted: kept.is_deleted })
    }

    /// Does a row have other sources than its record?
    fn has_parents(level: &Level) -> bool {
        level.sources.iter().any(|source| matches!(source, Source::Parent { .. }))
    }
}
