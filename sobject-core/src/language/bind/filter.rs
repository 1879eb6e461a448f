//! Conditions: `WHERE`, and with groups `HAVING`.

use sobject_soql::{
    CompareOp, Comparison, Expr as Written, FieldExpr, Function, FunctionCall, Literal, Set, Span,
    Spanned, Test as WrittenTest,
};

use super::{
    Binder, Given, Scope,
    constant::{Left, Value},
};
use crate::{
    catalogue::{Field, Object},
    definition::FieldIdx,
    language::{
        bound::{Cond, Constant, Expr, Kind, Operand, Test},
        refusal::{Bound, Refusal},
        text::{Like, values_of},
    },
    value::{FieldType, Storage},
};

/// What a condition is about: the left side with what messages say of it.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) operand: Operand,
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) field_type: Option<FieldType>,
    pub(super) is_part: bool,
    pub(super) span: Span,
}

/// A field of an object.
type Held<'a> = (&'a Object, FieldIdx, &'a Field);

impl<'a> Binder<'a> {
    /// The condition of a `WHERE`. Semi-joins are allowed in that of the outermost query only.
    pub(super) fn filter(
        &self,
        scope: &mut Scope<'a>,
        filter: &Written,
        is_outermost: bool,
    ) -> Bound<Cond> {
        Self::check_semi_joins(filter, is_outermost)?;
        self.condition(scope, filter)
    }

    fn condition(&self, scope: &mut Scope<'a>, written: &Written) -> Bound<Cond> {
        let several = |scope: &mut Scope<'a>, of: &[Written]| {
            of.iter().map(|of| self.condition(scope, of)).collect::<Bound<Vec<_>>>()
        };
        match written {
            Written::And(of) => several(scope, of).map(Cond::All),
            Written::Or(of) => several(scope, of).map(Cond::Any),
            Written::Not(of) => Ok(Cond::Not(Box::new(self.condition(scope, of)?))),
            Written::Comparison(comparison) => {
                if let WrittenTest::In(Set::SemiJoin(query))
                | WrittenTest::NotIn(Set::SemiJoin(query)) = &comparison.test.value
                {
                    let is_not = matches!(comparison.test.value, WrittenTest::NotIn(_));
                    return self.semi_join(scope, &comparison.field, query, is_not);
                }
                let subject = self.subject(scope, &comparison.field)?;
                self.test(&subject, comparison)
            }
        }
    }

    /// The left side of a comparison in `WHERE`.
    pub(super) fn subject(&self, scope: &mut Scope<'a>, written: &FieldExpr) -> Bound<Subject> {
        let span = written.span();
        match written {
            FieldExpr::Path(path) => {
                let found = self.find(scope, path)?;
                if let Some((object, idx, field)) = found.field {
                    check_filter(object, idx, field, span)?;
                }
                let field_type = found.field.map(|(_, _, field)| field.field_type);
                Ok(Subject {
                    kind: found.expr.kind(),
                    operand: Operand::Row(found.expr),
                    name: found.name,
                    field_type,
                    is_part: false,
                    span,
                })
            }
            FieldExpr::Function(call) => {
                let (expr, name, field) = self.function(scope, call)?;
                if let Some((object, idx, field)) = field {
                    check_filter(object, idx, field, call.path.span())?;
                }
                if matches!(expr, Expr::Format { .. }) {
                    return Err(Refusal::malformed(span, "FORMAT cannot be used in WHERE"));
                }
                let is_part = matches!(expr, Expr::DatePart { .. });
                Ok(Subject {
                    kind: expr.kind(),
                    operand: Operand::Row(expr),
                    name,
                    field_type: None,
                    is_part,
                    span,
                })
            }
            FieldExpr::Distance(_) => Err(Refusal::not_supported(span, "DISTANCE")),
        }
    }

    /// A function of a field that is one for each row: no aggregate.
    pub(super) fn function(
        &self,
        scope: &mut Scope<'a>,
        call: &Spanned<FunctionCall>,
    ) -> Bound<(Expr, String, Option<Held<'a>>)> {
        let (function, span) = (&call.function.value, call.span);
        let inner = call.inner.as_ref().map(|inner| &inner.value);
        if function.is_aggregate() || matches!(function, Function::Grouping) {
            let text = format!("{} is not allowed here", function.name());
            return Err(Refusal::malformed(span, text));
        }
        let found = self.find(scope, &call.path)?;
        let of = Box::new(found.expr);
        let kind = of.kind();
        let field_type = found.field.map(|(_, _, field)| field.field_type);
        let expr = match (function, inner) {
            (Function::ToLabel, None) => {
                let Some((.., field)) = found.field.filter(|(.., it)| !it.picklist.is_empty())
                else {
                    let text = format!("toLabel is for picklists, and {} is none", found.name);
                    return Err(Refusal::malformed(span, text));
                };
                let label =
                    |it: &crate::catalogue::DeclaredValue| (it.value.clone(), it.label.clone());
                Expr::Label { of, labels: field.picklist.iter().map(label).collect() }
            }
            (Function::Format, None) if kind == Kind::Opaque => {
                let text = format!("FORMAT cannot be used with {}", found.name);
                return Err(Refusal::malformed(span, text));
            }
            (Function::Format, None) => {
                let scale = found.field.and_then(|(.., field)| field.scale).unwrap_or(0);
                let field_type = field_type.unwrap_or(FieldType::String);
                self.asks_for_days.set(true);
                Expr::Format { of, field_type, scale }
            }
            (Function::ConvertCurrency, _) | (_, Some(Function::ConvertCurrency)) => {
                return Err(Refusal::not_supported(span, "convertCurrency"));
            }
            (Function::ConvertTimezone, _) => {
                let text = "convertTimezone can only be used inside a date function";
                return Err(Refusal::malformed(span, text));
            }
            (function, inner) if function.is_date_function() => {
                let in_zone = match inner {
                    None => false,
                    Some(Function::ConvertTimezone) => true,
                    Some(inner) => {
                        let text = format!("{} cannot stand inside {function}", inner.name());
                        return Err(Refusal::malformed(span, text));
                    }
                };
                let is_moment = kind == Kind::Fixed(Storage::DateTime);
                let is_day = kind == Kind::Fixed(Storage::Date);
                let takes_moments = matches!(function, Function::DayOnly | Function::HourInDay);
                if !is_moment && (!is_day || takes_moments || in_zone) {
                    let text = format!("{function} cannot be used with {}", found.name);
                    return Err(Refusal::malformed(span, text));
                }
                self.asks_for_days.set(true);
                Expr::DatePart { function: function.clone(), in_zone, of }
            }
            (function, _) => {
                let text = format!("unknown function: {}", function.name());
                return Err(Refusal::malformed(call.function.span, text));
            }
        };
        Ok((expr, found.name, found.field))
    }

    /// What is asked of a left side.
    pub(super) fn test(&self, subject: &Subject, comparison: &Comparison) -> Bound<Cond> {
        let Subject { operand, kind, name, field_type, is_part, span } = subject;
        let (field_type, is_part, span) = (*field_type, *is_part, *span);
        let left = Left { name, kind, field_type, is_part, span };
        let cond = |test| Cond::Test { left: operand.clone(), test };
        let not = |cond| Cond::Not(Box::new(cond));
        check_operator(left, &comparison.test.value)?;
        Ok(match &comparison.test.value {
            WrittenTest::Compare(op, right) => {
                let literal = self.literal(&right.value, right.span)?;
                let value = self.value(left, literal, right.span)?;
                Self::compare(left, *op, value, right.span, literal, &cond)?
            }
            WrittenTest::Like(right) => match self.literal(&right.value, right.span)? {
                Literal::Pattern(pattern) => cond(Test::Like(Like::new(pattern))),
                Literal::Text(text) => {
                    cond(Test::Like(Like::new(&sobject_soql::Pattern::new(text))))
                }
                _ => return Err(Refusal::operator(span, "invalid operator")),
            },
            WrittenTest::In(set) => cond(self.set(left, set)?),
            WrittenTest::NotIn(set) => not(cond(self.set(left, set)?)),
            WrittenTest::Includes(sets) => cond(Test::Includes(self.sets(left, sets)?)),
            WrittenTest::Excludes(sets) => not(cond(Test::Includes(self.sets(left, sets)?))),
        })
    }

    fn compare(
        left: Left<'_>,
        op: CompareOp,
        value: Value,
        span: Span,
        literal: &Literal,
        cond: &dyn Fn(Test) -> Cond,
    ) -> Bound<Cond> {
        let not = |cond| Cond::Not(Box::new(cond));
        let of = |raw: i64| Constant::Fixed((raw ^ i64::MIN).cast_unsigned());
        let (less, greater) = (
            |than, or_equal| cond(Test::Less { than, or_equal }),
            |than, or_equal| cond(Test::Greater { than, or_equal }),
        );
        Ok(match (op, value) {
            (CompareOp::Equal, Value::Null) => cond(Test::Null),
            (CompareOp::NotEqual, Value::Null) => not(cond(Test::Null)),
            (CompareOp::Equal, Value::One(constant)) => cond(Test::Equal(constant)),
            (CompareOp::NotEqual, Value::One(constant)) => not(cond(Test::Equal(constant))),
            (CompareOp::Equal, Value::Range(range)) => cond(Test::Within(range)),
            (CompareOp::NotEqual, Value::Range(range)) => not(cond(Test::Within(range))),
            // An empty text is null, which every other text is greater than.
            (CompareOp::Greater, Value::Null) if is_empty_text(literal) => not(cond(Test::Null)),
            (CompareOp::LessOrEqual, Value::Null) if is_empty_text(literal) => cond(Test::Null),
            (CompareOp::GreaterOrEqual, Value::Null) if is_empty_text(literal) => {
                Cond::All(Vec::new())
            }
            (CompareOp::Less, Value::Null) if is_empty_text(literal) => Cond::Any(Vec::new()),
            (op, Value::Null) => {
                let what = format!("comparing {} by {} with null", left.name, op.as_str());
                return Err(Refusal::not_supported(span, &what));
            }
            (CompareOp::Less, Value::One(than)) => less(than, false),
            (CompareOp::LessOrEqual, Value::One(than)) => less(than, true),
            (CompareOp::Greater, Value::One(than)) => greater(than, false),
            (CompareOp::GreaterOrEqual, Value::One(than)) => greater(than, true),
            (CompareOp::Less, Value::Range(range)) => less(of(range.start), false),
            (CompareOp::LessOrEqual, Value::Range(range)) => less(of(range.end), false),
            (CompareOp::Greater, Value::Range(range)) => greater(of(range.end), true),
            (CompareOp::GreaterOrEqual, Value::Range(range)) => greater(of(range.start), true),
        })
    }

    /// The values of an `IN` that lists them.
    fn set(&self, left: Left<'_>, set: &Set) -> Bound<Test> {
        let (mut values, mut ranges, mut or_null) = (Vec::new(), Vec::new(), false);
        let mut add = |literal: &Literal, span| {
            match self.value(left, literal, span)? {
                Value::Null => or_null = true,
                Value::One(constant) => values.push(constant),
                Value::Range(range) => ranges.push(range),
            }
            Ok::<_, Box<Refusal>>(())
        };
        match set {
            Set::List(list) => {
                for operand in list {
                    add(self.literal(&operand.value, operand.span)?, operand.span)?;
                }
            }
            Set::Bind(name) => match self.given(name)? {
                Given::List(list) => {
                    list.iter().try_for_each(|literal| add(literal, name.span()))?;
                }
                Given::One(literal) => add(literal, name.span())?,
            },
            Set::SemiJoin(query) => {
                return Err(Refusal::not_supported(query.span, "a query in this place"));
            }
        }
        Ok(Test::In { values, ranges, or_null })
    }

    /// The sets of an `INCLUDES`.
    fn sets(
        &self,
        left: Left<'_>,
        sets: &[Spanned<sobject_soql::Operand>],
    ) -> Bound<Vec<Vec<String>>> {
        let one = |operand: &Spanned<sobject_soql::Operand>| match self
            .literal(&operand.value, operand.span)?
        {
            Literal::Text(text) => Ok(values_of(text)),
            other => match self.value(left, other, operand.span)? {
                Value::One(Constant::Several(values)) => Ok(values),
                _ => Err(Refusal::operator(left.span, "invalid operator")),
            },
        };
        sets.iter().map(one).collect()
    }
}

/// Refuses to compare a field that no condition may name.
fn check_filter(object: &Object, idx: FieldIdx, field: &Field, span: Span) -> Bound<()> {
    if field.field_type == FieldType::Address {
        let text = "Address fields can only be filtered using Distance expressions";
        return Err(Refusal::field(span, text));
    }
    if !field.flags.is_filter() {
        let text = format!("field '{}' can not be filtered in a query call", field.name);
        return Err(Refusal::field(span, text));
    }
    check_held(object, idx, field, span)
}

/// Refuses to look into a field of which the store holds no value, since every answer would be
/// wrong.
pub(super) fn check_held(object: &Object, idx: FieldIdx, field: &Field, span: Span) -> Bound<()> {
    let is_held = field.stored.is_some() || idx.is_system() || field.flags.is_per_caller();
    if is_held {
        return Ok(());
    }
    let what = format!("looking into {}.{}, which is described only,", object.name, field.name);
    Err(Refusal::not_supported(span, &what))
}

/// Refuses an operator that the type of the field does not have.
fn check_operator(left: Left<'_>, test: &WrittenTest) -> Bound<()> {
    use CompareOp::{Equal, NotEqual};
    let refuse = |text: &str| Err(Refusal::operator(left.span, text));
    match test {
        WrittenTest::Like(_) => match left.kind {
            Kind::Text { .. } | Kind::Picklist(_) => Ok(()),
            Kind::MultiPicklist => refuse("invalid operator on multipicklist field"),
            Kind::Id => refuse("invalid operator on id field"),
            Kind::Fixed(_) | Kind::Opaque => refuse("invalid operator"),
        },
        WrittenTest::Includes(_) | WrittenTest::Excludes(_)
            if *left.kind != Kind::MultiPicklist =>
        {
            refuse("invalid operator")
        }
        WrittenTest::Compare(op, _) if !matches!(op, Equal | NotEqual) => match left.kind {
            Kind::MultiPicklist => refuse("invalid operator on multipicklist field"),
            Kind::Fixed(Storage::Bool) => refuse("invalid operator on boolean field"),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn is_empty_text(literal: &Literal) -> bool {
    matches!(literal, Literal::Text(text) if text.is_empty())
}
