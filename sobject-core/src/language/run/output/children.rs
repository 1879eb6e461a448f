//! The children of rows: those of all rows of a batch are found and read together.

use std::{
    collections::{BTreeMap, HashMap},
    ops::ControlFlow,
    sync::Arc,
};

use super::Row;
use crate::{
    definition::FieldIdx,
    error::Result,
    language::{
        bound::{Cond, Expr, Fields, Kind, Level, Operand, Shape, Test},
        run::{
            Found, Hit, Hits, Left, Run, Val,
            find::{Best, KeptRows, NO_ROWS, order_exprs, wanted},
        },
    },
};

/// The children of one row that one answer has.
pub(super) struct ChildRows {
    pub(super) rows: Vec<Row>,
    /// How many there are in all.
    pub(super) total: usize,
    /// The place of the others among those that are left for further answers.
    pub(super) further: Option<usize>,
}

impl Run<'_> {
    /// The children of these parents as JSON, by the packed id of their parent: of each parent no more
    /// than fit a batch.
    pub(super) fn children(
        &self,
        field: FieldIdx,
        level: &Level,
        parents: &[Hit],
    ) -> Result<HashMap<u64, ChildRows>> {
        let mut children: HashMap<u64, ChildRows> = HashMap::new();
        let Shape::Records(columns) = &level.shape else { return Ok(children) };
        let (of, hits) = self.child_hits(field, level, parents)?;
        let (mut owners, mut shown) = (Vec::new(), Vec::new());
        let mut rest = hits.as_slice();
        for group in of.chunk_by(|a, b| a == b) {
            let Some(parent) = group.first() else { continue };
            let (all, behind) = rest.split_at(group.len().min(rest.len()));
            rest = behind;
            let first = all.get(..self.batch).unwrap_or(all);
            let further = (first.len() < all.len()).then(|| self.leave(level, all));
            owners.extend(first.iter().map(|_| *parent));
            shown.extend_from_slice(first);
            let rows = Vec::with_capacity(first.len());
            children.insert(*parent, ChildRows { rows, total: all.len(), further });
        }
        for (parent, row) in owners.iter().zip(self.write(level, columns, &shown, &NO_ROWS)?) {
            if let Some(of_parent) = children.get_mut(parent) {
                of_parent.rows.push(row);
            }
        }
        Ok(children)
    }

    /// Leaves children of one row for further answers; which place they have among those that are left.
    fn leave(&self, level: &Level, hits: &[Hit]) -> usize {
        let hits = Hits { all: hits.to_vec(), rows: KeptRows::default() };
        let mut left = self.left.borrow_mut();
        left.push(Left { level: level.clone(), found: Found::Hits(hits) });
        left.len() - 1
    }

    /// The children of these parents: those whose reference field names one, each within the limit of
    /// the child query, with the packed ids of their parents. Those of one parent stand together, in
    /// the order of the child query.
    pub(in crate::language::run) fn child_hits(
        &self,
        field: FieldIdx,
        level: &Level,
        parents: &[Hit],
    ) -> Result<(Vec<u64>, Vec<Hit>)> {
        let Some(wanted) = wanted(level) else { return Ok((Vec::new(), Vec::new())) };
        let ids = parents.iter().map(|parent| parent.packed).collect();
        let reference = Expr::Field { source: 0, field: Fields::One(field), kind: Kind::Id };
        let test = Test::Among(Arc::new(ids));
        let names_one = Cond::Test { left: Operand::Row(reference.clone()), test };
        let filter = match level.filter.clone() {
            Some(Cond::All(of)) => Cond::All([vec![names_one], of].concat()),
            Some(filter) => Cond::All(vec![names_one, filter]),
            None => names_one,
        };
        // The limit is that of each parent: all children are met, and the first of each are kept.
        let all = Level { filter: Some(filter), limit: None, offset: 0, ..level.clone() };
        let plan = self.plan(&all)?;
        let mut walk = self.walk(&all, &plan, false)?;
        let mut uses = order_exprs(&all);
        uses.push(&reference);
        let limit = (wanted < usize::MAX).then_some(wanted);
        let mut found: BTreeMap<u64, Best> = BTreeMap::new();
        let mut key = Vec::new();
        self.each_row(&all, &mut walk, &uses, &mut |row| {
            if let (Val::Id(parent), Some(hit)) = (self.eval(&reference, row)?, Hit::of(row)) {
                key.clear();
                self.push_row_order(&mut key, &all, row)?;
                found.entry(parent).or_insert_with(|| Best::new(limit)).add(None, &key, hit);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let of_parent = |(parent, best): (u64, Best)| {
            best.into_sorted().skip(level.offset).map(move |hit| (parent, hit))
        };
        Ok(found.into_iter().flat_map(of_parent).unzip())
    }
}
