//! [`Operand`]: what a field may be compared with; and [`FieldRange`]: between which values it may
//! lie.

use std::ops::{
    Bound, Range, RangeBounds, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive,
};

use super::{field_value::FieldValue, sobject::SObject};
use crate::{
    id::{At, Id, OneOf, RecordId, Ref},
    value::Value,
};

/// A value that a field of the type `T` may be compared with.
///
/// | a field of the type | is compared with |
/// |---|---|
/// | any type `T` | a `T` |
/// | `Option<T>` | a `T`, or an `Option<T>`, whose `None` is null |
/// | `String` | also a `&str` or a `&String` |
/// | `f64` | also an `i32`, so that `3` may be written for `3.0` |
/// | [`Ref<(A, B)>`](Ref) | also an [`Id<A>`](Id) or an `Id<B>` |
/// | [`RecordId`], as `CreatedById` is | a `RecordId`, and any [`Id`] or [`Ref`] |
///
/// What holds for `String`, `f64` and `Ref` holds for an `Option` of them too. `How` is found by the
/// compiler.
#[diagnostic::on_unimplemented(
    message = "a field of the type `{T}` cannot be compared with a `{Self}`",
    label = "no value of this field",
    note = "a field is compared with a value of its own type, without the `Option` if it is \
            nillable; a text with a `&str` as well; `Id::new` makes an id of a `RecordId`"
)]
pub trait Operand<T, How = ()> {
    /// The value, borrowed.
    fn operand(&self) -> Value<'_>;
}

#[diagnostic::do_not_recommend]
impl<T: FieldValue> Operand<T> for T {
    fn operand(&self) -> Value<'_> {
        self.value()
    }
}

#[diagnostic::do_not_recommend]
impl<T: FieldValue> Operand<Option<T>> for T {
    fn operand(&self) -> Value<'_> {
        self.value()
    }
}

/// Implements [`Operand`] for a type that fields do not have, or have as another type.
macro_rules! operands {
    ($($from:ty: $($to:ty),+; $self:ident => $value:expr;)*) => {$($(
        #[diagnostic::do_not_recommend]
        impl Operand<$to> for $from {
            fn operand(&$self) -> Value<'_> {
                $value
            }
        }
    )+)*};
}

operands! {
    &str: String, Option<String>; self => Value::Text(self);
    &String: String, Option<String>; self => Value::Text(self);
    i32: f64, Option<f64>; self => Value::Double(f64::from(*self));
    RecordId: RecordId, Option<RecordId>; self => Value::Id(*self);
}

#[diagnostic::do_not_recommend]
impl<T> Operand<RecordId> for Id<T> {
    fn operand(&self) -> Value<'_> {
        Value::Id(self.record_id())
    }
}

#[diagnostic::do_not_recommend]
impl<S> Operand<RecordId> for Ref<S> {
    fn operand(&self) -> Value<'_> {
        Value::Id(self.record_id())
    }
}

#[diagnostic::do_not_recommend]
impl<O: SObject, S: OneOf<O, At<PLACE>>, const PLACE: usize> Operand<Ref<S>, At<PLACE>> for Id<O> {
    fn operand(&self) -> Value<'_> {
        Value::Id(self.record_id())
    }
}

#[diagnostic::do_not_recommend]
impl<O: SObject, S: OneOf<O, At<PLACE>>, const PLACE: usize> Operand<Option<Ref<S>>, At<PLACE>>
    for Id<O>
{
    fn operand(&self) -> Value<'_> {
        Value::Id(self.record_id())
    }
}

/// A range of values of a field of the type `T`: one of Rust's ranges of any [`Operand`], such as
/// `"A".."C"`, `5..` or `..=now`, a pair of [`Bound`]s of one, or `..`.
///
/// Null lies within `..`, and is less than every value there. Within any other range it lies only if
/// that names it: not within `..5`, but within `None..Some(5)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no range of a field of the type `{T}`",
    label = "no range of values of this field",
    note = "write a range of values of the field's type, such as `from..to`, `from..` or `..=to`, \
            without `Option` if the field is nillable; texts may be `&str`"
)]
pub trait FieldRange<T, How = ()> {
    /// Where it begins and where it ends.
    fn bounds(&self) -> (Bound<Value<'_>>, Bound<Value<'_>>);
}

impl<T> FieldRange<T> for RangeFull {
    fn bounds(&self) -> (Bound<Value<'_>>, Bound<Value<'_>>) {
        (Bound::Unbounded, Bound::Unbounded)
    }
}

/// Implements [`FieldRange`] for Rust's ranges.
macro_rules! ranges {
    ($($range:ty),+) => {$(
        #[diagnostic::do_not_recommend]
        impl<T, V: Operand<T, How>, How> FieldRange<T, How> for $range {
            fn bounds(&self) -> (Bound<Value<'_>>, Bound<Value<'_>>) {
                (self.start_bound().map(V::operand), self.end_bound().map(V::operand))
            }
        }
    )+};
}

ranges! {
    Range<V>, RangeFrom<V>, RangeInclusive<V>, RangeTo<V>, RangeToInclusive<V>, (Bound<V>, Bound<V>)
}
