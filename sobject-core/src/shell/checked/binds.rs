//! What variables of a checked query may be: values that its fields may be compared with.

use crate::shell::{operand::Operand, soql::BindValue};

/// Several values that a field of the type `T` may be compared with: an array, a slice or a `Vec`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of values of a field of the type `{T}`",
    label = "no list"
)]
pub trait OperandList<T, How> {
    /// The values.
    fn list(&self) -> BindValue;
}

impl<T, How, V: Operand<T, How>> OperandList<T, How> for [V] {
    fn list(&self) -> BindValue {
        BindValue::of_values(self.iter().map(V::operand))
    }
}

/// Implements [`OperandList`] for what holds a slice.
macro_rules! lists {
    ($(($($n:ident)?) $list:ty;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<T, How, V: Operand<T, How> $(, const $n: usize)?> OperandList<T, How> for $list {
            fn list(&self) -> BindValue {
                BindValue::of_values(self.iter().map(V::operand))
            }
        }
    )+};
}

lists! { () Vec<V>; () &[V]; () &Vec<V>; (N) [V; N]; (N) &[V; N]; }

/// A number of rows, for `LIMIT` and `OFFSET`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no number of rows",
    label = "no `usize`, and no other integer"
)]
pub trait RowCount<T, How> {
    /// The number.
    fn rows(&self) -> BindValue;
}

/// Implements [`RowCount`] for integers.
macro_rules! row_counts {
    ($($n:ty)+) => {$(
        #[diagnostic::do_not_recommend]
        impl RowCount<i64, ()> for $n {
            fn rows(&self) -> BindValue {
                i64::try_from(*self).unwrap_or(i64::MAX).into()
            }
        }
    )+};
}

row_counts! { i32 i64 u16 u32 u64 usize }

/// A value as that of a variable.
pub fn bind_value<T, How, V: Operand<T, How>>(value: &V) -> BindValue {
    BindValue::of_value(value.operand())
}

/// Several values as those of a variable.
pub fn bind_list<T, How, V: OperandList<T, How>>(values: &V) -> BindValue {
    values.list()
}

/// A number of rows as the value of a variable.
pub fn bind_count<T, How, V: RowCount<T, How>>(rows: &V) -> BindValue {
    rows.rows()
}
