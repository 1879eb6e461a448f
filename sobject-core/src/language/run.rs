//! Running a bound query on one state of a store.
//!
//! First the records are found that the query asks for, and put in order; of each no more is kept than
//! its id. Then they are read and written out in batches, each with its parents and children read
//! together. So a query needs little memory however many rows it finds, and how many they are is known
//! before the first is written out. Rows that an index or their ids have in order can also be written
//! out as they are found.
//!
//! | room | what |
//! |---|---|
//! | `ready` | semi-joins and ids, before a level is run |
//! | `walk` | the records that a plan leads to, step by step |
//! | `sieve` | the rows that meet a condition, joined with what is read of them |
//! | `find` | the hits of a level, in order, and rows that are written out as they are found |
//! | `group` | groups and aggregates |
//! | `join` | the parents of rows |
//! | `looks` | when the caller saw the records of rows |
//! | `value` | what expressions are worth, conditions, and texts for people |
//! | `output` | rows as an org's JSON and rows read in place, with their children |
//!
//! **Invariant:** a query sees one state throughout, be it a snapshot or a transaction with what it has
//! written.

mod find;
mod group;
mod join;
mod looks;
mod output;
mod ready;
mod sieve;
mod value;
mod walk;

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use self::{find::Hits, value::Val, walk::Walk};
pub(crate) use self::{
    find::{Hit, Stream},
    output::RowView,
};
use super::{
    bound::{Level, Shape},
    calendar::Calendar,
    plan::{Choice, Plan},
};
use crate::{
    bytes::RowRef,
    catalogue::{Object, ObjectNo},
    error::{Error, Result},
    store::{HeadOrder, Reader, Table},
};

/// Rows of parents by object and packed id.
type Parents = HashMap<(ObjectNo, u64), Option<Rc<[u8]>>>;

/// A query that is run.
pub(crate) struct Run<'a> {
    reader: &'a Reader<'a>,
    calendar: Calendar,
    choice: Choice,
    /// Parents that were read; `None` where there is no live record.
    parents: RefCell<Parents>,
    /// The order of ids by their packed forms, once that was asked for.
    order: OnceCell<Option<HeadOrder>>,
    /// How many records were read to find others.
    n_read: Cell<u64>,
    /// How many children of a row are written out at most.
    batch: usize,
    /// The children that are left for further answers.
    left: RefCell<Vec<Left>>,
}

/// The children of one row, of which not all were written out.
pub(crate) struct Left {
    pub(crate) level: Level,
    pub(crate) found: Found,
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

impl Kept {
    fn new(record: &Record<'_>) -> Self {
        Self {
            object: record.object.number,
            packed: record.packed,
            bytes: record.row.as_bytes().into(),
            is_deleted: record.is_deleted,
        }
    }
}

/// What a query has found, before any of it is written out.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// So many rows, none of which is told.
    Count(usize),
    /// The records, in order.
    Hits(Hits),
    /// The rows of the groups, in order.
    Groups(Vec<serde_json::Map<String, serde_json::Value>>),
}

impl Found {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Count(n) => *n,
            Self::Hits(hits) => hits.all.len(),
            Self::Groups(rows) => rows.len(),
        }
    }
}

impl<'a> Run<'a> {
    /// Runs queries on what a reader reads, by plans that are chosen so.
    pub(crate) fn new(reader: &'a Reader<'a>, calendar: Calendar, choice: Choice) -> Self {
        Self {
            reader,
            calendar,
            choice,
            parents: RefCell::default(),
            order: OnceCell::new(),
            n_read: Cell::new(0),
            batch: usize::MAX,
            left: RefCell::default(),
        }
    }

    /// The same, writing out no more than `batch` children of a row.
    pub(crate) fn in_batches(self, batch: usize) -> Self {
        Self { batch, ..self }
    }

    /// The children that were left for further answers.
    pub(crate) fn into_left(self) -> Vec<Left> {
        self.left.into_inner()
    }

    /// The plan of a level that is ready.
    pub(crate) fn plan(&self, level: &Level) -> Result<Plan> {
        Plan::new(self.reader, level, self.choice)
    }

    /// What a level finds. Its semi-joins must have been run: see [`Run::ready`].
    pub(crate) fn find(&self, level: &Level, plan: &Plan) -> Result<Found> {
        match &level.shape {
            Shape::Count => self.count(level, plan).map(Found::Count),
            Shape::Records(_) => self.hits(level, plan).map(Found::Hits),
            Shape::Groups(grouping) => self.groups(level, plan, grouping).map(Found::Groups),
        }
    }

    /// How many records were read to find those that were found.
    pub(crate) fn n_read(&self) -> u64 {
        self.n_read.get()
    }

    fn count_read(&self, n: usize) {
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        self.n_read.set(self.n_read.get().saturating_add(n));
    }

    /// The order of ids by their packed forms; `None` if these do not tell it.
    fn head_order(&self) -> Result<Option<&HeadOrder>> {
        if self.order.get().is_none() {
            let order = self.reader.ids().head_order(self.reader.read)?;
            self.order.get_or_init(|| order);
        }
        Ok(self.order.get().and_then(Option::as_ref))
    }

    /// How many live records of the object there are, if these are all that a level asks for.
    fn count_of_all(&self, level: &Level) -> Result<Option<usize>> {
        if level.filter.is_some() || level.all_rows {
            return Ok(None);
        }
        let n = self.reader.read.len(self.table(self.object(level.object)?)?.live)?;
        Ok(Some(usize::try_from(n).unwrap_or(usize::MAX)))
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
}
