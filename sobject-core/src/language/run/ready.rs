//! Making a level ready: ids are packed, and semi-joins are run.
//!
//! The query inside an `IN` finds a set of ids. Where it would read far more records than the rest of
//! the condition around it leaves, that rest is run first, and the query inside looks for the ids of
//! those records alone.

use std::{collections::HashSet, ops::ControlFlow, sync::Arc};

use super::{Run, Val};
use crate::{
    error::Result,
    language::bound::{Cond, Constant, Expr, Level, Operand, SemiJoin, Shape, Test, What},
};

/// So many records are read without asking whether there is a better way.
const FEW: u64 = 1_000;
/// How many times as many records the query inside must read for the outer one to be run first, which
/// reads its own records twice.
const MORE: u64 = 8;

impl Run<'_> {
    /// A level whose semi-joins have been run, and whose ids are packed.
    pub(crate) fn ready(&self, mut level: Level) -> Result<Level> {
        self.make_ready(&mut level)?;
        Ok(level)
    }

    fn make_ready(&self, level: &mut Level) -> Result<()> {
        if let Some(mut filter) = level.filter.take() {
            self.pack(&mut filter)?;
            level.filter = Some(filter);
            self.run_joins(level)?;
        }
        if let Shape::Records(columns) = &mut level.shape
            && columns.iter().any(|column| matches!(column.what, What::Children { .. }))
        {
            for column in Arc::make_mut(columns) {
                if let What::Children { level, .. } = &mut column.what {
                    self.make_ready(level)?;
                }
            }
        }
        Ok(())
    }

    /// Packs the ids of a condition.
    fn pack(&self, cond: &mut Cond) -> Result<()> {
        match cond {
            Cond::All(of) | Cond::Any(of) => of.iter_mut().try_for_each(|of| self.pack(of)),
            Cond::Not(of) => self.pack(of),
            Cond::Test { test, .. } => {
                match test {
                    Test::Equal(constant) => self.pack_constant(constant)?,
                    Test::In { values, .. } => {
                        values.iter_mut().try_for_each(|constant| self.pack_constant(constant))?;
                    }
                    _ => (),
                }
                if let Some(set) = set_of(test) {
                    *test = Test::Among(Arc::new(set));
                }
                Ok(())
            }
        }
    }

    fn pack_constant(&self, constant: &mut Constant) -> Result<()> {
        if let Constant::Id(id) = constant {
            // No record has the packed id 0.
            *constant = Constant::Packed(self.reader.pack_known(*id)?.unwrap_or_default());
        }
        Ok(())
    }

    /// Runs the semi-joins of a level, which stand among the conditions that all must hold.
    fn run_joins(&self, level: &mut Level) -> Result<()> {
        let has_join = match &level.filter {
            Some(Cond::All(of)) => of.iter().any(is_join),
            Some(other) => is_join(other),
            None => false,
        };
        if !has_join {
            return Ok(());
        }
        let outer = level.clone();
        let conds = match &mut level.filter {
            Some(Cond::All(of)) => of.as_mut_slice(),
            Some(other) => std::slice::from_mut(other),
            None => return Ok(()),
        };
        for cond in conds {
            let cond = if let Cond::Not(of) = cond { &mut **of } else { cond };
            let Cond::Test { left: Operand::Row(left), test } = cond else { continue };
            let Test::SemiJoin(join) = test else { continue };
            let found = self.ids_inside(&outer, left, join)?;
            *test = Test::Among(Arc::new(found));
        }
        Ok(())
    }

    /// The ids that the query inside finds: all of them, or those that may matter to the outer one.
    fn ids_inside(&self, outer: &Level, left: &Expr, join: &SemiJoin) -> Result<HashSet<u64>> {
        let mut inner = self.ready(join.level.clone())?;
        let mut plan = self.plan(&inner)?;
        if plan.estimate > FEW {
            let rest = without_joins(outer);
            let outer_plan = self.plan(&rest)?;
            if outer_plan.estimate < plan.estimate / MORE {
                let wanted = self.values(&rest, &outer_plan, left)?;
                let left = Operand::Row(join.field.clone());
                let is_wanted = Cond::Test { left, test: Test::Among(Arc::new(wanted)) };
                let filter = inner.filter.take().into_iter().chain([is_wanted]);
                inner.filter = Some(Cond::All(filter.collect()));
                plan = self.plan(&inner)?;
            }
        }
        self.values(&inner, &plan, &join.field)
    }

    /// The ids that an expression is worth for the rows of a level.
    fn values(
        &self,
        level: &Level,
        plan: &crate::language::plan::Plan,
        expr: &Expr,
    ) -> Result<HashSet<u64>> {
        let mut found = HashSet::new();
        let mut walk = self.walk(level, plan, false)?;
        self.each_row(level, &mut walk, &[expr], &mut |row| {
            if let Val::Id(packed) = self.eval(expr, row)? {
                found.insert(packed);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }
}

/// The set of a list of ids, which is looked into faster.
fn set_of(test: &Test) -> Option<HashSet<u64>> {
    let Test::In { values, ranges, or_null: false } = test else { return None };
    if !ranges.is_empty() || values.is_empty() {
        return None;
    }
    let packed = values.iter().map(|constant| match constant {
        Constant::Packed(packed) => Some(*packed),
        _ => None,
    });
    packed.collect()
}

/// What finds the rows of a level that its semi-joins leave some of.
fn without_joins(level: &Level) -> Level {
    let filter = match &level.filter {
        Some(Cond::All(of)) => {
            Some(Cond::All(of.iter().filter(|cond| !is_join(cond)).cloned().collect()))
        }
        other => other.clone().filter(|cond| !is_join(cond)),
    };
    Level {
        filter,
        order: Vec::new(),
        limit: None,
        offset: 0,
        shape: Shape::Count,
        sources: level.sources.clone(),
        ..*level
    }
}

/// Is a condition a semi-join or an anti-join?
fn is_join(cond: &Cond) -> bool {
    let cond = if let Cond::Not(of) = cond { of } else { cond };
    matches!(cond, Cond::Test { test: Test::SemiJoin(_), .. })
}
