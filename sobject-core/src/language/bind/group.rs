//! Groups: aggregates, `GROUP BY`, `HAVING`, and what groups are ordered by.

use sobject_soql::{
    Expr as Written, FieldExpr, Function, FunctionCall, GroupKind, Query, SelectItem, Selected,
    Span, Spanned, Test as WrittenTest,
};

use super::{
    Binder, Scope,
    filter::{Subject, check_held},
};
use crate::{
    language::{
        bound::{Aggregate, Cond, Expr, GroupItem, Grouping, How, Kind, Operand},
        refusal::{Bound, Refusal},
    },
    value::{FieldType, Storage},
};

/// Fields of a `ROLLUP` or `CUBE` at most.
const MAX_SUBTOTALS: usize = 3;
/// Items with aliases or aggregates at most.
const MAX_ALIASES: usize = 100;

/// Does a query make groups?
pub(super) fn is_grouped(query: &Query) -> bool {
    query.group_by.is_some() || aggregate_of(query).is_some()
}

/// Where the first aggregate of a query stands, or what it groups by.
pub(super) fn first_aggregate(query: &Query) -> Span {
    let grouped = query.group_by.as_ref().and_then(|group| group.fields.first());
    aggregate_of(query).or(grouped.map(FieldExpr::span)).unwrap_or_default()
}

fn aggregate_of(query: &Query) -> Option<Span> {
    query.select.value.items().iter().find_map(|item| match &item.selected {
        Selected::Field(FieldExpr::Function(call)) => {
            let inner = call.inner.as_ref().is_some_and(|inner| inner.value.is_aggregate());
            (call.function.value.is_aggregate() || inner).then_some(call.span)
        }
        _ => None,
    })
}

fn how(function: &Function) -> Option<How> {
    Some(match function {
        Function::Count => How::Count,
        Function::CountDistinct => How::CountDistinct,
        Function::Avg => How::Avg,
        Function::Sum => How::Sum,
        Function::Min => How::Min,
        Function::Max => How::Max,
        _ => return None,
    })
}

impl<'a> Binder<'a> {
    /// How rows are grouped, and what is told of each group.
    pub(super) fn grouping(
        &self,
        scope: &mut Scope<'a>,
        items: &[SelectItem],
        query: &Query,
    ) -> Bound<Grouping> {
        let written = query.group_by.as_ref();
        let mut keys = Vec::new();
        for field in written.into_iter().flat_map(|group| &group.fields) {
            keys.push(self.key(scope, field)?);
        }
        let kind = written.map_or(GroupKind::Plain, |group| group.kind);
        if kind != GroupKind::Plain && keys.len() > MAX_SUBTOTALS {
            let span = written.and_then(|group| group.fields.get(MAX_SUBTOTALS));
            let text = format!("ROLLUP and CUBE take {MAX_SUBTOTALS} fields at most");
            return Err(Refusal::malformed(span.map_or(Span::NONE, FieldExpr::span), text));
        }
        let mut grouping = Grouping {
            sets: sets(kind, keys.len()),
            keys,
            aggregates: Vec::new(),
            having: None,
            columns: Vec::new(),
        };
        let mut n_unnamed = 0;
        for item in items {
            let (name, what, span) = self.item(scope, &mut grouping, item, &mut n_unnamed)?;
            if grouping.columns.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
                return Err(Refusal::malformed(span, format!("duplicate alias: {name}")));
            }
            grouping.columns.push((name, what));
            if grouping.columns.len() > MAX_ALIASES {
                let text = format!("maximum number of aliased fields exceeded: {MAX_ALIASES}");
                return Err(Refusal::malformed(span, text));
            }
        }
        if let Some(having) = written.and_then(|group| group.having.as_ref()) {
            grouping.having = Some(self.having(scope, &mut grouping, having)?);
        }
        Ok(grouping)
    }

    /// Something that is grouped by.
    fn key(&self, scope: &mut Scope<'a>, written: &FieldExpr) -> Bound<(Expr, Kind)> {
        let span = written.span();
        let (expr, field) = match written {
            FieldExpr::Path(path) => {
                let found = self.find(scope, path)?;
                if let Some((.., field)) = found.field
                    && !field.flags.is_group()
                {
                    let text = format!("field '{}' can not be grouped in a query call", field.name);
                    return Err(Refusal::malformed(span, text));
                }
                (found.expr, found.field)
            }
            FieldExpr::Function(call) => {
                let (expr, _, field) = self.function(scope, call)?;
                if !matches!(expr, Expr::DatePart { .. }) {
                    let text = format!("{} cannot be grouped by", call.function.value.name());
                    return Err(Refusal::malformed(span, text));
                }
                (expr, field)
            }
            FieldExpr::Distance(_) => return Err(Refusal::not_supported(span, "DISTANCE")),
        };
        if let Some((object, idx, field)) = field {
            check_held(object, idx, field, span)?;
        }
        let kind = expr.kind();
        Ok((expr, kind))
    }

    /// An item of the select list: its name in the answer, what it is, and where it stands.
    fn item(
        &self,
        scope: &mut Scope<'a>,
        grouping: &mut Grouping,
        item: &SelectItem,
        n_unnamed: &mut usize,
    ) -> Bound<(String, GroupItem, Span)> {
        let alias = item.alias.as_ref().map(|alias| alias.as_str().to_owned());
        let mut unnamed = || {
            *n_unnamed += 1;
            format!("expr{}", *n_unnamed - 1)
        };
        match &item.selected {
            Selected::Field(written @ FieldExpr::Path(path)) => {
                let found = self.find(scope, path)?;
                let what = GroupItem::Key(
                    place_of(grouping, &found.expr)
                        .ok_or_else(|| not_grouped(&found.name, written.span()))?,
                );
                Ok((alias.unwrap_or(found.name), what, path.span()))
            }
            Selected::Field(FieldExpr::Function(call)) => {
                let what = self.function_of_group(scope, grouping, call)?;
                let keeps_name =
                    matches!(call.function.value, Function::ToLabel | Function::Format);
                let name = match alias {
                    Some(alias) => alias,
                    None if keeps_name && call.inner.is_none() => {
                        self.find(scope, &call.path)?.name
                    }
                    None => unnamed(),
                };
                Ok((name, what, call.span))
            }
            Selected::Field(FieldExpr::Distance(distance)) => {
                Err(Refusal::not_supported(distance.span, "DISTANCE"))
            }
            Selected::Fields(set) => {
                let text = "FIELDS() cannot be used with aggregates and groups";
                Err(Refusal::malformed(set.span, text))
            }
            Selected::Children(children) => {
                let text = "child queries cannot be used with aggregates and groups";
                Err(Refusal::malformed(children.span, text))
            }
            Selected::TypeOf(of) => {
                let text = "TYPEOF cannot be used with aggregates and groups";
                Err(Refusal::malformed(of.span, text))
            }
        }
    }

    /// A function in the select list, in `HAVING` or in `ORDER BY` of groups.
    fn function_of_group(
        &self,
        scope: &mut Scope<'a>,
        grouping: &mut Grouping,
        call: &Spanned<FunctionCall>,
    ) -> Bound<GroupItem> {
        let function = &call.function.value;
        if let Some(how) = how(function) {
            if let Some(inner) = &call.inner {
                let text = format!("{} cannot stand inside {function}", inner.value.name());
                return Err(Refusal::malformed(call.span, text));
            }
            return self.aggregate(scope, grouping, how, call);
        }
        if matches!(function, Function::Grouping) {
            let found = self.find(scope, &call.path)?;
            let place = place_of(grouping, &found.expr);
            return place
                .map(GroupItem::IsSubtotal)
                .ok_or_else(|| not_grouped(&found.name, call.span));
        }
        if let Some(inner) = call.inner.as_ref().filter(|inner| inner.value.is_aggregate()) {
            return match (function, how(&inner.value)) {
                (Function::Format, Some(how)) => self.formatted(scope, grouping, how, call),
                _ => Err(Refusal::not_supported(call.span, &format!("{function} of an aggregate"))),
            };
        }
        // A function of rows is the key itself, or is made of a key.
        let (expr, name, _) = self.function(scope, call)?;
        if let Some(place) = place_of(grouping, &expr) {
            return Ok(GroupItem::Key(place));
        }
        let key = match &expr {
            Expr::DatePart { of, .. } | Expr::Label { of, .. } | Expr::Format { of, .. } => {
                place_of(grouping, of)
            }
            Expr::Field { .. } | Expr::TypeName { .. } => None,
        };
        let key = key.ok_or_else(|| not_grouped(&name, call.span))?;
        let kind = expr.kind();
        let aggregate = add(grouping, Aggregate { how: How::Any, of: expr, kind });
        Ok(GroupItem::OfKey { key, aggregate })
    }

    fn aggregate(
        &self,
        scope: &mut Scope<'a>,
        grouping: &mut Grouping,
        how: How,
        call: &Spanned<FunctionCall>,
    ) -> Bound<GroupItem> {
        let found = self.find(scope, &call.path)?;
        let kind = found.expr.kind();
        if let Some((object, idx, field)) = found.field {
            let is_number =
                matches!(kind, Kind::Fixed(Storage::Int | Storage::Long | Storage::Double));
            let is_ordered = match kind {
                Kind::Fixed(storage) => !matches!(storage, Storage::Bool | Storage::Time),
                Kind::Id | Kind::Text { .. } | Kind::Picklist(_) => true,
                Kind::MultiPicklist | Kind::Opaque => false,
            };
            let is_allowed = match how {
                How::Avg | How::Sum => is_number,
                _ => is_ordered && (field.flags.is_filter() || field.flags.is_group()),
            };
            if !is_allowed {
                let text = format!(
                    "field {} does not support aggregate operator {}",
                    field.name,
                    call.inner.as_ref().unwrap_or(&call.function).value.name()
                );
                return Err(Refusal::malformed(call.span, text));
            }
            check_held(object, idx, field, call.path.span())?;
        }
        if place_of(grouping, &found.expr).is_some() && !matches!(how, How::Count) {
            let text = format!("Grouped field should not be aggregated: {}", found.name);
            return Err(Refusal::malformed(call.span, text));
        }
        Ok(GroupItem::Aggregate(add(grouping, Aggregate { how, of: found.expr, kind })))
    }

    /// `FORMAT` of an aggregate.
    fn formatted(
        &self,
        scope: &mut Scope<'a>,
        grouping: &mut Grouping,
        how: How,
        call: &Spanned<FunctionCall>,
    ) -> Bound<GroupItem> {
        let field = self.find(scope, &call.path)?.field.map(|(.., field)| field);
        let item = self.aggregate(scope, grouping, how, call)?;
        let GroupItem::Aggregate(aggregate) = item else { return Ok(item) };
        let is_count = matches!(how, How::Count | How::CountDistinct);
        let field = field.filter(|_| !is_count);
        let field_type = field.map_or(FieldType::Int, |field| field.field_type);
        let scale = field.and_then(|field| field.scale).unwrap_or(0);
        self.asks_for_days.set(true);
        Ok(GroupItem::Formatted { aggregate, field_type, scale })
    }

    /// What groups are ordered by, and what `HAVING` asks of them.
    pub(super) fn order_of_groups(
        &self,
        scope: &mut Scope<'a>,
        grouping: &mut Grouping,
        written: &FieldExpr,
    ) -> Bound<Operand> {
        let item = match written {
            FieldExpr::Path(path) => {
                let found = self.find(scope, path)?;
                let place = place_of(grouping, &found.expr).ok_or_else(|| {
                    let text =
                        format!("Ordered field must be grouped or aggregated: {}", found.name);
                    Refusal::malformed(path.span(), text)
                })?;
                GroupItem::Key(place)
            }
            FieldExpr::Function(call) => self.function_of_group(scope, grouping, call)?,
            FieldExpr::Distance(distance) => {
                return Err(Refusal::not_supported(distance.span, "DISTANCE"));
            }
        };
        if matches!(item, GroupItem::Formatted { .. }) {
            let text = "FORMAT cannot be used in HAVING and ORDER BY";
            return Err(Refusal::malformed(written.span(), text));
        }
        let kind = kind_of_item(grouping, item);
        Ok(Operand::Group(item, kind))
    }

    fn having(
        &self,
        scope: &mut Scope<'a>,
        grouping: &mut Grouping,
        written: &Written,
    ) -> Bound<Cond> {
        match written {
            Written::And(of) => {
                let of = of.iter().map(|of| self.having(scope, grouping, of));
                of.collect::<Bound<_>>().map(Cond::All)
            }
            Written::Or(of) => {
                let of = of.iter().map(|of| self.having(scope, grouping, of));
                of.collect::<Bound<_>>().map(Cond::Any)
            }
            Written::Not(of) => Ok(Cond::Not(Box::new(self.having(scope, grouping, of)?))),
            Written::Comparison(comparison) => {
                if let WrittenTest::In(sobject_soql::Set::SemiJoin(join))
                | WrittenTest::NotIn(sobject_soql::Set::SemiJoin(join)) = &comparison.test.value
                {
                    let text = "semi join sub-selects are not allowed in HAVING";
                    return Err(Refusal::malformed(join.span, text));
                }
                let written = &comparison.field;
                let operand =
                    self.order_of_groups(scope, grouping, written).map_err(|refusal| {
                        let ordered = "Ordered field must be grouped or aggregated";
                        let text =
                            refusal.text.replace(ordered, "Field must be grouped or aggregated");
                        Box::new(Refusal { text, ..*refusal })
                    })?;
                let kind = match &operand {
                    Operand::Group(_, kind) => kind.clone(),
                    Operand::Row(expr) => expr.kind(),
                };
                let name = written.path().name.as_str().to_owned();
                let is_part = matches!(written, FieldExpr::Function(call)
                    if call.function.value.is_date_function());
                let span = written.span();
                let subject = Subject { operand, kind, name, field_type: None, is_part, span };
                self.test(&subject, comparison)
            }
        }
    }
}

/// The place of a key.
fn place_of(grouping: &Grouping, expr: &Expr) -> Option<usize> {
    grouping.keys.iter().position(|(key, _)| key == expr)
}

/// The place of an aggregate, which is added if there is none like it.
fn add(grouping: &mut Grouping, aggregate: Aggregate) -> usize {
    let known = grouping.aggregates.iter().position(|it| *it == aggregate);
    known.unwrap_or_else(|| {
        grouping.aggregates.push(aggregate);
        grouping.aggregates.len() - 1
    })
}

fn kind_of_item(grouping: &Grouping, item: GroupItem) -> Kind {
    let aggregate = |place: usize| grouping.aggregates.get(place).map(Aggregate::result);
    let kind = match item {
        GroupItem::Key(place) => grouping.keys.get(place).map(|(_, kind)| kind.clone()),
        GroupItem::Aggregate(place) | GroupItem::OfKey { aggregate: place, .. } => aggregate(place),
        GroupItem::IsSubtotal(_) => Some(Kind::Fixed(Storage::Long)),
        GroupItem::Formatted { .. } => Some(Kind::Text { exact: false }),
    };
    kind.unwrap_or(Kind::Opaque)
}

fn not_grouped(name: &str, span: Span) -> Box<Refusal> {
    Refusal::malformed(span, format!("Field must be grouped or aggregated: {name}"))
}

/// Which keys each kind of row is grouped by.
fn sets(kind: GroupKind, n_keys: usize) -> Vec<Vec<bool>> {
    match kind {
        GroupKind::Plain => vec![vec![true; n_keys]],
        // From all of them to none, from the right.
        GroupKind::Rollup => {
            (0..=n_keys).rev().map(|n| (0..n_keys).map(|key| key < n).collect()).collect()
        }
        GroupKind::Cube => {
            let n_sets = 1_usize << n_keys.min(MAX_SUBTOTALS);
            let has = |set: usize, key: usize| set >> key & 1 == 0;
            (0..n_sets).map(|set| (0..n_keys).map(|key| has(set, key)).collect()).collect()
        }
    }
}
