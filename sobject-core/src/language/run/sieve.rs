//! Sieves: the rows of a walk that meet a condition, with the parents that are read of them.
//!
//! What reads nothing but the record itself is tested where the record lies, before anything of it is
//! copied. Records that survive, and have more to be read for them, are kept until the step of the walk
//! is over; then their parents are read together and the rest of the condition is tested.
//!
//! **Invariant:** nothing is read of the store while a step of a scan shows its records.

mod quick;

use std::ops::ControlFlow;

use self::quick::Quick;
use super::{Kept, Record, Run, Walk, join::Joined};
use crate::{
    definition::FieldIdx,
    error::Result,
    language::bound::{Cond, Expr, Fields, Kind, Level, Operand, Source, Test},
};

/// How the rows of a level are sifted.
pub(super) struct Sieve<'l> {
    /// The conditions that are tested where records lie: first those that take least time.
    quick: Vec<Quick>,
    in_place: Vec<&'l Cond>,
    /// The others.
    rest: Vec<&'l Cond>,
    /// By source: is it read by a condition or by whom the rows are for?
    needed: Vec<bool>,
    /// The sources of which it is read when the caller saw them.
    looks: Vec<usize>,
    /// Is everything that is asked of a record in the record itself?
    is_in_place: bool,
}

/// What is done with a row; `Break` ends the walk.
pub(super) type Take<'t> = &'t mut dyn FnMut(&[Option<Record<'_>>]) -> Result<ControlFlow<()>>;

impl Run<'_> {
    /// How the rows of a level are sifted for someone who reads these expressions of them.
    pub(super) fn sieve<'l>(&self, level: &'l Level, uses: &[&Expr]) -> Result<Sieve<'l>> {
        let (mut needed, mut looks) = (vec![false; level.sources.len()], Vec::new());
        let mut need = |expr: &Expr| {
            self.add_look(level, expr, &mut looks);
            if let Some(needed) = needed.get_mut(expr.source()) {
                *needed = true;
            }
        };
        if let Some(filter) = &level.filter {
            filter.each_expr(&mut need);
        }
        for expr in uses {
            need(expr);
        }
        for place in (0..level.sources.len()).rev() {
            if let (Some(true), Some(Source::Parent { of, .. })) =
                (needed.get(place).copied(), level.sources.get(place))
                && let Some(needed) = needed.get_mut(*of)
            {
                *needed = true;
            }
        }
        let all = match &level.filter {
            None => Vec::new(),
            Some(Cond::All(of)) => of.iter().collect(),
            Some(other) => vec![other],
        };
        let table = self.table(self.object(level.object)?)?;
        let (mut quick, mut in_place, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        for cond in all {
            if let Some(test) = Quick::new(table, cond) {
                quick.push(test);
            } else if self.is_cond_in_place(level, cond)? {
                in_place.push(cond);
            } else {
                rest.push(cond);
            }
        }
        let mut is_in_place = rest.is_empty();
        for expr in uses {
            is_in_place = is_in_place && self.is_in_place(level, expr, true)?;
        }
        Ok(Sieve { quick, in_place, rest, needed, looks, is_in_place })
    }

    fn is_cond_in_place(&self, level: &Level, cond: &Cond) -> Result<bool> {
        Ok(match cond {
            Cond::All(of) | Cond::Any(of) => {
                for of in of {
                    if !self.is_cond_in_place(level, of)? {
                        return Ok(false);
                    }
                }
                true
            }
            Cond::Not(of) => self.is_cond_in_place(level, of)?,
            Cond::Test { left: Operand::Row(expr), test } => {
                let needs_order = matches!(test, Test::Less { .. } | Test::Greater { .. });
                self.is_in_place(level, expr, needs_order)?
            }
            Cond::Test { .. } => true,
        })
    }

    /// Is a value in the record itself, so that nothing else is read for it, or to put it in order?
    fn is_in_place(&self, level: &Level, expr: &Expr, needs_order: bool) -> Result<bool> {
        Ok(match expr {
            Expr::Field { source: 0, field: Fields::One(idx), kind } => {
                let is_held = *idx == FieldIdx::ID
                    || *idx == FieldIdx::IS_DELETED
                    || self.object(level.object)?.at(*idx)?.stored.is_some();
                // Ids are ordered by their texts, which may have to be read.
                is_held && (!needs_order || *kind != Kind::Id || self.head_order()?.is_some())
            }
            Expr::DatePart { of, .. } | Expr::Label { of, .. } => {
                self.is_in_place(level, of, needs_order)?
            }
            Expr::Field { .. } | Expr::TypeName { .. } | Expr::Format { .. } => false,
        })
    }

    /// Gives each row of a walk that meets the level's condition to `take`, which reads these
    /// expressions of it.
    pub(super) fn each_row(
        &self,
        level: &Level,
        walk: &mut Walk,
        uses: &[&Expr],
        take: Take<'_>,
    ) -> Result<()> {
        let sieve = self.sieve(level, uses)?;
        while self.sift(level, walk, &sieve, &mut *take)? {}
        Ok(())
    }

    /// [`Run::each_row`] for one step of the walk; whether there may be more behind it.
    pub(super) fn sift(
        &self,
        level: &Level,
        walk: &mut Walk,
        sieve: &Sieve<'_>,
        take: Take<'_>,
    ) -> Result<bool> {
        let mut kept: Vec<Joined> = Vec::new();
        let is_more = self.step(walk, &mut |record| {
            for test in &sieve.quick {
                if !test.holds(&record.row)? {
                    return Ok(ControlFlow::Continue(()));
                }
            }
            let row = [Some(record)];
            if !self.all_hold(&sieve.in_place, &row)? {
                return Ok(ControlFlow::Continue(()));
            }
            if sieve.is_in_place {
                return take(&row);
            }
            kept.push(vec![Some(Kept::new(&record))]);
            Ok(ControlFlow::Continue(()))
        })?;
        self.join(&level.sources, Some(&sieve.needed), &mut kept)?;
        self.look_at_joined(&sieve.looks, &kept)?;
        for row in &kept {
            let row = self.records(row)?;
            if self.all_hold(&sieve.rest, &row)? && take(&row)?.is_break() {
                return Ok(false);
            }
        }
        Ok(is_more)
    }

    fn all_hold(&self, conds: &[&Cond], row: &[Option<Record<'_>>]) -> Result<bool> {
        for cond in conds {
            if !self.holds(cond, row)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
