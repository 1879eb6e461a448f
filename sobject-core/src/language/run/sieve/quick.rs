//! Quick tests: conditions on values of fixed width, made ready once for all rows of a scan.
//!
//! Most conditions say that a value lies between two others, if values are taken as the ordered
//! integers of their storage. **Invariant:** a quick test holds exactly if its condition does.

use crate::{
    bytes::{Cell, RowRef, Slot, ordered},
    error::Result,
    language::bound::{Cond, Constant, Expr, Fields, Kind, Operand, Test},
    store::Table,
    value::Storage,
};

/// A condition on a value of fixed width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quick {
    slot: Slot,
    storage: Storage,
    /// The least and the greatest ordered integer for which it holds; none if the least is greater.
    from: u64,
    to: u64,
    /// Does it hold for null?
    of_null: bool,
    /// Is it the contrary that is asked for?
    is_not: bool,
}

impl Quick {
    /// The quick form of a condition on records of a table, if it has one.
    pub(super) fn new(table: &Table, cond: &Cond) -> Option<Self> {
        match cond {
            Cond::Not(of) => {
                let quick = Self::new(table, of)?;
                Some(Self { is_not: !quick.is_not, ..quick })
            }
            Cond::Test { left: Operand::Row(expr), test } => {
                let Expr::Field { source: 0, field: Fields::One(field), kind } = expr else {
                    return None;
                };
                let slot = table.slot(*field)?;
                let storage = match kind {
                    Kind::Fixed(storage) => *storage,
                    Kind::Id => Storage::Id,
                    Kind::Text { .. } | Kind::Picklist(_) | Kind::MultiPicklist | Kind::Opaque => {
                        return None;
                    }
                };
                let (from, to, of_null) = bounds(storage, test)?;
                Some(Self { slot, storage, from, to, of_null, is_not: false })
            }
            Cond::All(_) | Cond::Any(_) | Cond::Test { .. } => None,
        }
    }

    /// Does the condition hold for a row?
    #[inline]
    pub(super) fn holds(&self, row: &RowRef<'_>) -> Result<bool> {
        let holds = match row.bits(self.slot)? {
            None => self.of_null,
            Some(bits) => {
                let number = ordered(self.storage, Cell::Fixed(bits));
                self.from <= number && number <= self.to
            }
        };
        Ok(holds != self.is_not)
    }
}

/// The least and the greatest ordered integer for which a test holds, and whether it holds for null.
fn bounds(storage: Storage, test: &Test) -> Option<(u64, u64, bool)> {
    /// No number is in it.
    const NOTHING: (u64, u64) = (1, 0);
    let number = |raw: i64| ordered(storage, Cell::integer(raw));
    // A boolean that is null counts as false.
    let is_false = |(from, to): (u64, u64)| {
        let number = ordered(Storage::Bool, Cell::Fixed(0));
        storage == Storage::Bool && from <= number && number <= to
    };
    let (from, to) = match test {
        Test::Null => return Some((NOTHING.0, NOTHING.1, true)),
        Test::Equal(Constant::Fixed(wanted)) if storage != Storage::Id => (*wanted, *wanted),
        Test::Equal(Constant::Packed(packed)) if storage == Storage::Id => (*packed, *packed),
        Test::Less { than: Constant::Fixed(than), or_equal: true } => (0, *than),
        Test::Less { than: Constant::Fixed(than), or_equal: false } => {
            than.checked_sub(1).map_or(NOTHING, |to| (0, to))
        }
        Test::Greater { than: Constant::Fixed(than), or_equal: true } => (*than, u64::MAX),
        Test::Greater { than: Constant::Fixed(than), or_equal: false } => {
            than.checked_add(1).map_or(NOTHING, |from| (from, u64::MAX))
        }
        Test::Within(range) if range.start < range.end => {
            (number(range.start), number(range.end - 1))
        }
        Test::Within(_) => NOTHING,
        _ => return None,
    };
    Some((from, to, is_false((from, to)) && matches!(test, Test::Equal(_))))
}
