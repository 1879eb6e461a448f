//! Queries inside `IN`: semi-joins and anti-joins, and where the language allows them.

use std::sync::Arc;

use sobject_soql::{
    Expr as Written, FieldExpr, FromItem, Query, SemiJoin, Set, Spanned, Test as WrittenTest,
};

use super::{Binder, Scope, filter};
use crate::{
    catalogue::{Field, Object},
    definition::FieldIdx,
    language::{
        bound::{self, Cond, Expr, Level, Operand, Shape, Test},
        refusal::{Bound, Refusal},
    },
    value::FieldType,
};

/// Semi-joins in a query at most.
const MAX_JOINS: usize = 2;
/// Objects that no semi-join may select from.
const NOT_INSIDE: [&str; 4] = ["Event", "Task", "Note", "Attachment"];

impl<'a> Binder<'a> {
    /// Refuses semi-joins where the language has none: under `OR` and `NOT`, in parentheses with
    /// others, in queries inside queries, and more than two.
    pub(super) fn check_semi_joins(filter: &Written, is_outermost: bool) -> Bound<()> {
        let mut joins = Vec::new();
        collect(filter, Around::Nothing, &mut joins);
        for (join, around) in &joins {
            let text = match around {
                _ if !is_outermost => "Nesting of semi join sub-selects is not supported",
                Around::Or => "Semi join sub-selects are not allowed with the 'OR' operator",
                Around::Group => {
                    "Semi join sub-selects are only allowed at the top level WHERE expressions \
                     and not in nested WHERE expressions."
                }
                Around::Nothing | Around::And => continue,
            };
            return Err(Refusal::malformed(join.span, text));
        }
        match joins.get(MAX_JOINS) {
            Some((join, _)) => {
                let text = format!("Maximum {MAX_JOINS} semi join sub-selects are allowed");
                Err(Refusal::malformed(join.span, text))
            }
            None => Ok(()),
        }
    }

    /// The condition that a field is among what another query finds.
    pub(super) fn semi_join(
        &self,
        scope: &mut Scope<'a>,
        written: &FieldExpr,
        join: &Spanned<SemiJoin>,
        is_not: bool,
    ) -> Bound<Cond> {
        let span = written.span();
        let FieldExpr::Path(path) = written else {
            let text = "semi join sub-selects can only be used with a field";
            return Err(Refusal::malformed(span, text));
        };
        let outer = self.find(scope, path)?;
        if outer.expr.source() != 0 {
            let text = "the field in front of a semi join cannot have relationships";
            return Err(Refusal::malformed(span, text));
        }
        let outer_targets = match outer.field {
            Some((object, idx, field)) => {
                filter::check_held(object, idx, field, span)?;
                targets(object, field)
            }
            None => None,
        };
        let Some(outer_targets) = outer_targets else {
            let text = format!(
                "semi join sub-selects can only query id fields, cannot use: '{}'",
                outer.name
            );
            return Err(Refusal::malformed(span, text));
        };
        let (field, level, inner_targets) = self.inner(scope, join)?;
        let is_shared =
            |name: &String| inner_targets.iter().any(|it| it.eq_ignore_ascii_case(name));
        if !outer_targets.iter().any(is_shared) {
            let text = format!(
                "The left operand field in the where expression for outer query should be an id \
                 field of the same type as the inner field: {}",
                outer.name
            );
            return Err(Refusal::malformed(span, text));
        }
        let test = Test::SemiJoin(Box::new(bound::SemiJoin { field, level }));
        let cond = Cond::Test { left: Operand::Row(outer.expr), test };
        Ok(if is_not { Cond::Not(Box::new(cond)) } else { cond })
    }

    /// The query inside, with the field that it selects and the objects that this names.
    fn inner(
        &self,
        outer: &Scope<'a>,
        join: &Spanned<SemiJoin>,
    ) -> Bound<(Expr, Level, Vec<String>)> {
        let object = self.object(&join.from.path)?;
        if object.number == outer.object.number {
            let text = "The inner and outer selects should not be on the same object type";
            return Err(Refusal::malformed(join.from.span(), text));
        }
        if NOT_INSIDE.iter().any(|name| name.eq_ignore_ascii_case(&object.name)) {
            let text = format!("semi join sub-selects cannot select from {}", object.name);
            return Err(Refusal::malformed(join.from.span(), text));
        }
        let from: &FromItem = &join.from;
        let query = Query {
            also_from: join.also_from.clone(),
            filter: join.filter.clone(),
            with: join.with.iter().cloned().collect(),
            ..Query::new([join.field.clone()], from.clone())
        };
        let mut scope = Scope::new(object, from.alias.as_ref());
        let mut level = self.level(&query, &mut scope, 2)?;
        // The field was bound for the select list; what is compared is its value.
        scope.sources = std::mem::take(&mut level.sources);
        let found = match &join.field {
            FieldExpr::Path(path) => self.find(&mut scope, path)?,
            other => {
                let text = "semi join sub-selects can only query id fields";
                return Err(Refusal::malformed(other.span(), text));
            }
        };
        if found.expr.source() != 0 {
            let text = "inner select field cannot have more than one level of relationships";
            return Err(Refusal::malformed(join.field.span(), text));
        }
        let names = found.field.and_then(|(object, idx, field): (&Object, FieldIdx, &Field)| {
            filter::check_held(object, idx, field, join.field.span()).ok()?;
            targets(object, field)
        });
        let Some(names) = names else {
            let text = format!(
                "semi join sub-selects can only query id fields, cannot use: '{}'",
                found.name
            );
            return Err(Refusal::malformed(join.field.span(), text));
        };
        level.sources = scope.sources;
        level.shape = Shape::Records(Arc::default());
        Ok((found.expr, level, names))
    }
}

/// What stands around a part of a condition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    And,
    Or,
    /// Parentheses with others, or a `NOT`.
    Group,
}

/// The semi-joins of a condition, with what stands around each.
fn collect<'q>(
    written: &'q Written,
    around: Around,
    joins: &mut Vec<(&'q Spanned<SemiJoin>, Around)>,
) {
    match written {
        Written::And(of) => {
            let inside = if around == Around::Nothing { Around::And } else { group(around) };
            for of in of {
                collect(of, inside, joins);
            }
        }
        Written::Or(of) => {
            for of in of {
                collect(of, Around::Or, joins);
            }
        }
        Written::Not(of) => collect(of, group(around), joins),
        Written::Comparison(comparison) => {
            if let WrittenTest::In(Set::SemiJoin(join)) | WrittenTest::NotIn(Set::SemiJoin(join)) =
                &comparison.test.value
            {
                joins.push((join, around));
            }
        }
    }
}

fn group(around: Around) -> Around {
    if around == Around::Or { Around::Or } else { Around::Group }
}

/// The objects whose ids a field holds; `None` if it holds none.
fn targets(object: &Object, field: &Field) -> Option<Vec<String>> {
    match field.field_type {
        FieldType::Id => Some(vec![object.name.clone()]),
        FieldType::Reference => Some(field.references.clone()),
        _ => None,
    }
}
