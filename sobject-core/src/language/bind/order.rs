//! `ORDER BY`, `LIMIT` and `OFFSET`.

use sobject_soql::{
    Direction, FieldExpr, Nulls, Operand as Written, OrderItem, Query, Span, Spanned,
};

use super::{Binder, Scope, filter::check_held};
use crate::language::{
    bound::{Kind, Operand, Order, Shape},
    refusal::{Bound, Refusal},
};

/// Fields to order by at most.
const MAX_ORDER: usize = 32;
/// Rows to pass over at most.
const MAX_OFFSET: i64 = 2_000;

impl<'a> Binder<'a> {
    /// What rows are ordered by. Aggregates that are ordered by and not selected are added to the shape.
    pub(super) fn order(
        &self,
        scope: &mut Scope<'a>,
        query: &Query,
        shape: &mut Shape,
    ) -> Bound<Vec<Order>> {
        if let Some(item) = query.order_by.get(MAX_ORDER) {
            let text = format!("ORDER BY takes {MAX_ORDER} fields at most");
            return Err(Refusal::malformed(item.field.span(), text));
        }
        let mut order = Vec::with_capacity(query.order_by.len());
        for item in &query.order_by {
            let by = match shape {
                Shape::Groups(grouping) => self.order_of_groups(scope, grouping, &item.field)?,
                Shape::Count | Shape::Records(_) => self.order_of_rows(scope, item)?,
            };
            let kind = match &by {
                Operand::Row(expr) => expr.kind(),
                Operand::Group(_, kind) => kind.clone(),
            };
            // An org takes NULLS LAST of an id and leaves nulls where they are.
            let nulls_last = item.nulls == Some(Nulls::Last) && kind != Kind::Id;
            let descending = item.direction == Some(Direction::Descending);
            order.push(Order { by, descending, nulls_last });
        }
        Ok(order)
    }

    fn order_of_rows(&self, scope: &mut Scope<'a>, item: &OrderItem) -> Bound<Operand> {
        let span = item.field.span();
        match &item.field {
            FieldExpr::Path(path) => {
                let found = self.find(scope, path)?;
                if let Some((object, idx, field)) = found.field {
                    if !field.flags.is_sort() {
                        let text =
                            format!("field '{}' can not be sorted in a query call", field.name);
                        return Err(Refusal::malformed(span, text));
                    }
                    check_held(object, idx, field, span)?;
                }
                Ok(Operand::Row(found.expr))
            }
            FieldExpr::Function(call) => {
                let text = format!("{} cannot be used in ORDER BY", call.function.value.name());
                Err(Refusal::malformed(span, text))
            }
            FieldExpr::Distance(_) => Err(Refusal::not_supported(span, "DISTANCE")),
        }
    }

    /// How many rows there are at most, and how many are passed over.
    pub(super) fn limit_and_offset(
        &self,
        query: &Query,
        shape: &Shape,
        depth: usize,
    ) -> Bound<(Option<usize>, usize)> {
        let count = |it: &Spanned<Written<i64>>| Ok::<_, Box<Refusal>>((self.count(it)?, it.span));
        let limit = query.limit.as_ref().map(count).transpose()?;
        let offset = query.offset.as_ref().map(count).transpose()?;
        for (n, span) in [limit, offset].into_iter().flatten() {
            if n < 0 {
                return Err(Refusal::malformed(span, format!("unexpected token: '{n}'")));
            }
        }
        if let Some((n, span)) = offset
            && n > MAX_OFFSET
        {
            let text = format!("Maximum SOQL offset allowed is {MAX_OFFSET}");
            return Err(Refusal::out_of_range(span, text));
        }
        let is_overall = matches!(shape, Shape::Groups(_)) && query.group_by.is_none();
        if is_overall && depth == 1 {
            for (clause, span) in [("LIMIT", limit), ("OFFSET", offset)]
                .into_iter()
                .filter_map(|(clause, given)| Some((clause, given?.1)))
            {
                let text = format!(
                    "Non-grouped query that uses overall aggregate functions cannot also use \
                     {clause}"
                );
                return Err(Refusal::malformed(span, text));
            }
        }
        let size = |given: Option<(i64, Span)>| {
            given.map(|(n, _)| usize::try_from(n).unwrap_or(usize::MAX))
        };
        Ok((size(limit), size(offset).unwrap_or(0)))
    }
}
