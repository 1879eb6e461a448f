//! Conditions, tested on rows in place.

use std::cmp::Ordering;

use super::{Val, place_in};
use crate::{
    bytes::{Cell, ordered, same_text},
    error::Result,
    language::{
        bound::{Cond, Constant, Kind, Operand, Test},
        run::{Record, Run},
        text::{compare, values_of},
    },
    value::Storage,
};

impl Run<'_> {
    /// Does a condition hold for a row, whose records stand by source?
    pub(in crate::language::run) fn holds(
        &self,
        cond: &Cond,
        row: &[Option<Record<'_>>],
    ) -> Result<bool> {
        self.holds_of(cond, &mut |operand| match operand {
            Operand::Row(expr) => self.eval(expr, row),
            // Groups are tested by what they give for themselves.
            Operand::Group(..) => Ok(Val::Null),
        })
    }

    /// Does a condition hold for what `value` gives for its left sides?
    pub(in crate::language::run) fn holds_of<'r>(
        &self,
        cond: &Cond,
        value: &mut dyn FnMut(&Operand) -> Result<Val<'r>>,
    ) -> Result<bool> {
        match cond {
            Cond::All(of) => {
                for of in of {
                    if !self.holds_of(of, value)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Cond::Any(of) => {
                for of in of {
                    if self.holds_of(of, value)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Cond::Not(of) => Ok(!self.holds_of(of, value)?),
            Cond::Test { left, test } => {
                let left_value = value(left)?;
                match left {
                    Operand::Row(crate::language::bound::Expr::Field { kind, .. }) => {
                        self.passes(&left_value, kind, test)
                    }
                    Operand::Row(expr) => self.passes(&left_value, &expr.kind(), test),
                    Operand::Group(_, kind) => self.passes(&left_value, kind, test),
                }
            }
        }
    }

    fn passes(&self, value: &Val<'_>, kind: &Kind, test: &Test) -> Result<bool> {
        Ok(match test {
            Test::Null => value.is_null(),
            Test::Equal(constant) => is_equal(value, kind, constant),
            Test::Less { than, or_equal } => {
                let order = self.order_of(value, kind, than)?;
                order == Some(Ordering::Less) || (*or_equal && order == Some(Ordering::Equal))
            }
            Test::Greater { than, or_equal } => {
                let order = self.order_of(value, kind, than)?;
                order == Some(Ordering::Greater) || (*or_equal && order == Some(Ordering::Equal))
            }
            Test::Within(range) => is_within(value, range),
            Test::In { values, ranges, or_null } => {
                (*or_null && value.is_null())
                    || values.iter().any(|constant| is_equal(value, kind, constant))
                    || ranges.iter().any(|range| is_within(value, range))
            }
            Test::Like(like) => matches!(value, Val::Text(it) if like.matches(it)),
            Test::Includes(sets) => {
                let Val::Text(it) = value else { return Ok(false) };
                let has = values_of(it);
                sets.iter().any(|set| set.iter().all(|wanted| has.contains(wanted)))
            }
            Test::Among(found) => matches!(value, Val::Id(packed) if found.contains(packed)),
            // Semi-joins are run before any row is tested.
            Test::SemiJoin(_) => false,
        })
    }

    /// The order of a value and a constant; `None` if there is no value.
    fn order_of(
        &self,
        value: &Val<'_>,
        kind: &Kind,
        constant: &Constant,
    ) -> Result<Option<Ordering>> {
        Ok(match (value, constant) {
            (Val::Fixed(storage, bits), Constant::Fixed(than)) => {
                Some(ordered(*storage, Cell::Fixed(*bits)).cmp(than))
            }
            (value, Constant::Fraction(than)) => {
                value.as_f64().and_then(|value| value.partial_cmp(than))
            }
            (Val::Id(packed), Constant::Id(than)) => Some(self.reader.unpack(*packed)?.cmp(than)),
            (Val::Text(text), Constant::Text(than)) => Some(match kind {
                Kind::Picklist(listed) => place_in(listed, text)
                    .cmp(&place_in(listed, than))
                    .then_with(|| compare(text, than, false)),
                Kind::Text { exact } => compare(text, than, *exact),
                _ => compare(text, than, false),
            }),
            _ => None,
        })
    }
}

fn is_equal(value: &Val<'_>, kind: &Kind, constant: &Constant) -> bool {
    match (value, constant) {
        (Val::Fixed(storage, bits), Constant::Fixed(wanted)) => {
            ordered(*storage, Cell::Fixed(*bits)) == *wanted
        }
        // An org takes no value for false.
        (Val::Null, Constant::Fixed(wanted)) if *kind == Kind::Fixed(Storage::Bool) => {
            ordered(Storage::Bool, Cell::Fixed(0)) == *wanted
        }
        (value, Constant::Fraction(wanted)) => value.as_f64() == Some(*wanted),
        (Val::Id(packed), Constant::Packed(wanted)) => packed == wanted,
        (Val::Text(text), Constant::Text(wanted)) => match kind {
            Kind::Text { exact: true } => **text == **wanted,
            _ => same_text(text, wanted),
        },
        (Val::Text(text), Constant::Several(wanted)) => values_of(text) == *wanted,
        _ => false,
    }
}

fn is_within(value: &Val<'_>, range: &std::ops::Range<i64>) -> bool {
    matches!(value, Val::Fixed(_, bits) if range.contains(&bits.cast_signed()))
}
