//! [`Parts`]: the clauses that typed queries have in common, and [`Asked`], what they are run on.

use sobject_soql::{Dialect, Expr, OrderItem, Query as Tree, Select};

use crate::{
    definition::Definition,
    error::Result,
    language::{Binds, Choice, Planned, Terms, TextSearch},
    shell::cursors::Today,
    store::Reader,
};

/// The clauses of a query beside its select list.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    pub(super) filter: Option<Expr>,
    pub(super) order_by: Vec<OrderItem>,
    pub(super) limit: Option<usize>,
    pub(super) offset: Option<usize>,
    pub(super) all_rows: bool,
    pub(super) is_scan: bool,
    /// What the records have in their texts.
    pub(super) search: Option<TextSearch>,
}

/// What a query is run on: a connection, a session or a transaction.
pub trait Asked: Clone + sealed::Begin {}

pub(super) mod sealed {
    use crate::{
        error::Result,
        shell::{cursors::Today, read::Reads},
    };

    /// Begins to read.
    pub trait Begin {
        /// What is read.
        type State: Reads;

        /// The state, and the day on which it is read.
        fn begin(&self) -> Result<(Self::State, Today)>;
    }
}

impl Parts {
    /// Does a query without these clauses find the same rows?
    pub(super) fn is_empty(&self) -> bool {
        let Self { filter, order_by, limit, offset, all_rows, is_scan, search } = self;
        let is_cut = limit.is_some() || offset.is_some();
        filter.is_none()
            && search.is_none()
            && order_by.is_empty()
            && !is_cut
            && !all_rows
            && !is_scan
    }

    /// Adds a condition, which must hold as well as the others.
    pub(super) fn add_filter(&mut self, filter: Expr) {
        self.filter = Some(match self.filter.take() {
            Some(known) => known.and(filter),
            None => filter,
        });
    }

    /// The same, with a condition more.
    pub(super) fn with_filter(&self, filter: Expr) -> Self {
        let mut parts = self.clone();
        parts.add_filter(filter);
        parts
    }

    /// The query over an object.
    pub(super) fn tree(&self, object: &'static Definition, select: Select) -> Tree {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX).into();
        Tree {
            select: select.into(),
            filter: self.filter.clone(),
            order_by: self.order_by.clone(),
            limit: self.limit.map(number),
            offset: self.offset.map(number),
            ..Tree::count(object.name)
        }
    }

    pub(super) fn plan(&self, reader: &Reader<'_>, tree: &Tree, today: Today) -> Result<Planned> {
        let terms = Terms {
            dialect: Dialect::Rust,
            binds: &Binds::new(),
            all_rows: self.all_rows,
            choice: if self.is_scan { Choice::Scan } else { Choice::Best },
            by_handles: true,
            customs: today.customs,
            now: today.now,
            search: self.search.as_ref(),
            notes_looks: false,
        };
        Planned::of_tree(reader, tree, None, terms)
    }

    /// How many rows there are.
    pub(super) fn count(
        &self,
        reader: &Reader<'_>,
        object: &'static Definition,
        today: Today,
    ) -> Result<usize> {
        reader.access.object_of(&reader.schema.catalogue, object.name, object.fields)?;
        let unordered = Self { order_by: Vec::new(), ..self.clone() };
        let tree = unordered.tree(object, Select::Count);
        Ok(self.plan(reader, &tree, today)?.answer(reader)?.len())
    }
}
