//! [`FieldValue`]: the Rust types that a field may have.

#![expect(
    clippy::inline_always,
    reason = "a decode is these few lines for each field; as calls they cost three times as much"
)]

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    definition::Target,
    error::DecodeError,
    id::{Id, Ref},
    shell::sobject::SObject,
    store::row::{FieldReader, RowReader},
    value::{FieldType, Value},
};

/// A Rust type that a field may have: `bool`, `i32`, `f64`, `String`, `NaiveDate`,
/// `DateTime<Utc>`, [`Id<T>`], [`Ref<(A, B)>`](Ref), and `Option` of each for a nillable field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a field",
    label = "not a field type",
    note = "a field is a `bool`, `i32`, `f64`, `String`, `NaiveDate`, `DateTime<Utc>`, `Id<T>` or \
            `Ref<(A, B)>`, or an `Option` of one of these if it is `nillable`"
)]
pub trait FieldValue: Clone {
    /// The describe type.
    const TYPE: FieldType;
    /// The objects that a reference may name; empty for other types.
    const REFERENCES: &'static [Target] = &[];
    /// What the type holds where nobody gave a value: `Nillable` for an `Option`, `Unchecked` for
    /// `bool`, `NeverNull` for every other type.
    #[doc(hidden)]
    type Empty;
    /// What the value is, whether or not it may be null.
    #[doc(hidden)]
    type Kind;

    /// The value, borrowed.
    fn value(&self) -> Value<'_>;

    // The rest is for generated code.

    /// Reads the value from its place in a row.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) if the row holds no such value there.
    #[doc(hidden)]
    #[inline(always)]
    fn read(field: FieldReader<'_>) -> Result<Self, DecodeError> {
        match Self::read_or_null(field)? {
            Some(value) => Ok(value),
            None => Err(field.unexpected_null()),
        }
    }

    /// Reads the value from its place in a row, or null.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) if the row holds something else there.
    #[doc(hidden)]
    fn read_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError>;

    /// Reads the field declared at place `n`, counted from 0.
    ///
    /// # Errors
    /// Those of [`FieldValue::read`].
    #[doc(hidden)]
    #[inline(always)]
    fn from_row(row: &RowReader<'_>, n: u16) -> Result<Self, DecodeError> {
        Self::read(row.field(n))
    }

    /// The value again. Views clone themselves through this, so that of a type that cannot be a
    /// field the compiler says that alone, and not that it lacks `Clone` too.
    #[doc(hidden)]
    #[must_use]
    fn copy(&self) -> Self {
        self.clone()
    }
}

/// Marks the types that hold null.
#[derive(Debug)]
pub enum Nillable {}

/// Marks the types that hold no null.
#[derive(Debug)]
pub enum NeverNull {}

/// Marks `bool`: it holds no null, and is false until somebody says otherwise.
#[derive(Debug)]
pub enum Unchecked {}

/// Marks text.
#[derive(Debug)]
pub enum Text {}

/// Marks ints.
#[derive(Debug)]
pub enum Int {}

/// Marks `bool`.
#[derive(Debug)]
pub enum Boolean {}

/// Marks date-times.
#[derive(Debug)]
pub enum Instant {}

/// Marks references.
#[derive(Debug)]
pub enum Reference {}

/// Marks what no word asks for.
#[derive(Debug)]
pub enum Other {}

// The traits below compare what a field's words say with its type. Generated code names their
// items as `<<T as FieldValue>::Empty as MayBeNull<T>>::null`: of a type that is no `FieldValue`
// the compiler then says so, once, and nothing of these traits.
//
// Where null plays no part they go by `Kind`. An `Option` is `Nillable` whatever it holds, but has a
// kind only if it holds a field type; so `Option<u8>` is one error too.

/// Holds for the types of nillable fields.
#[diagnostic::on_unimplemented(
    message = "a `nillable` field holds an `Option`, but its type is `{T}`",
    label = "write `Option<{T}>`, or take `nillable` away"
)]
pub trait MayBeNull<T> {
    /// The null of the type.
    fn null() -> T;
}

#[diagnostic::do_not_recommend]
impl<T> MayBeNull<Option<T>> for Nillable {
    fn null() -> Option<T> {
        None
    }
}

/// Holds for the types of fields that are not nillable.
#[diagnostic::on_unimplemented(
    message = "a field that is not `nillable` holds a value always, but its type is `{T}`",
    label = "add `nillable` to the field's attribute, or take the `Option` away"
)]
pub trait MustNotBeNull<T> {
    /// Something to name, so that the compiler checks the rest.
    const OK: () = ();
    /// The marker itself, by which [`HasNoDefault`] is asked only of what holds no null.
    type Empty;
}

#[diagnostic::do_not_recommend]
impl<T> MustNotBeNull<T> for NeverNull {
    type Empty = Self;
}

#[diagnostic::do_not_recommend]
impl<T> MustNotBeNull<T> for Unchecked {
    type Empty = Self;
}

/// Holds for the types of fields that are not `defaulted_on_create`.
#[diagnostic::on_unimplemented(
    message = "a `{T}` is false unless a create says otherwise, as on every object",
    label = "add `defaulted_on_create` to the field's attribute"
)]
pub trait HasNoDefault<T> {
    /// Something to name, so that the compiler checks the rest.
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T> HasNoDefault<T> for NeverNull {}

/// Holds for the types of `defaulted_on_create` fields, except auto-numbers and `OwnerId`.
#[diagnostic::on_unimplemented(
    message = "the store has no default for a field of the type `{T}`",
    label = "take `defaulted_on_create` away",
    note = "the store gives a `bool` false, an `autonumber` its number, and a reference named \
            `OwnerId` the caller"
)]
pub trait HasDefault<T> {
    /// Something to name, so that the compiler checks the rest.
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T> HasDefault<T> for Boolean {}

/// Refuses a `defaulted_on_create` `OwnerId` that cannot name the caller.
///
/// # Panics
/// If it cannot; the panic is a compile error where generated code calls this in a constant.
#[track_caller]
pub const fn assert_owner(references: &[Target]) {
    let mut n = 0;
    while n < references.len() {
        if matches!(references[n].name.as_bytes(), b"User") {
            return;
        }
        n += 1;
    }
    panic!(
        "the default of `OwnerId` is the caller, who is a `User`; write `Id<User>` or \
         `Ref<(Group, User)>`, or take `defaulted_on_create` away"
    );
}

/// Holds for the type of auto-number fields.
#[diagnostic::on_unimplemented(
    message = "an auto-number is text, but its type is `{T}`",
    label = "write `String`"
)]
pub trait Autonumber<T> {
    /// Something to name, so that the compiler checks the rest.
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl Autonumber<String> for Text {}

/// Holds for the type of per-caller fields.
#[diagnostic::on_unimplemented(
    message = "a `per_caller` field holds a time or null, but its type is `{T}`",
    label = "write `Option<DateTime<Utc>>`"
)]
pub trait PerCaller<T> {
    /// Something to name, so that the compiler checks the rest.
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl PerCaller<Option<DateTime<Utc>>> for Instant {}

/// Holds for the types of fields with a `length`.
#[diagnostic::on_unimplemented(
    message = "only text has a `length`, and the type of this field is `{T}`",
    label = "take `length` away, or make the type a `String`"
)]
pub trait HasLength<T> {
    /// Something to name, so that the compiler checks the rest.
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T> HasLength<T> for Text {}

/// Holds for the types of fields with `digits`.
#[diagnostic::on_unimplemented(
    message = "only an int has `digits`, and the type of this field is `{T}`",
    label = "take `digits` away, or make the type an `i32`"
)]
pub trait HasDigits<T> {
    /// Something to name, so that the compiler checks the rest.
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T> HasDigits<T> for Int {}

/// Holds for the types of fields with a `relationship`.
#[diagnostic::on_unimplemented(
    message = "only a reference has a `relationship`, and the type of this field is `{T}`",
    label = "take `relationship` away, or make the type an `Id<X>` or a `Ref<(X, Y)>`"
)]
pub trait HasRelationship<T> {
    /// Something to name, so that the compiler checks the rest.
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T> HasRelationship<T> for Reference {}

/// Holds for the types that an `Option` makes nillable.
#[diagnostic::on_unimplemented(
    message = "an `Option` in an `Option` cannot be the type of a field",
    label = "write `{T}`"
)]
pub trait InOption<T> {}

#[diagnostic::do_not_recommend]
impl<T> InOption<T> for NeverNull {}

#[diagnostic::do_not_recommend]
impl<T> InOption<T> for Unchecked {}

/// Field types that differ in their variants only: the Rust type, the describe type, what it holds
/// without a value, its kind, and how a borrowed value and a place in a row become one another.
macro_rules! field_values {
    ($($ty:ty, $name:ident, $empty:ident, $kind:ident, $value:ident($self:ident) $give:expr, $read:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl FieldValue for $ty {
            const TYPE: FieldType = FieldType::$name;
            type Empty = $empty;
            type Kind = $kind;

            fn value(&$self) -> Value<'_> {
                Value::$value($give)
            }

            #[inline(always)]
            fn read_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
                Ok(field.$read()?.map(Into::into))
            }
        }
    )*};
}

field_values! {
    bool, Boolean, Unchecked, Boolean, Bool(self) *self, bool;
    i32, Int, NeverNull, Int, Int(self) *self, int;
    f64, Double, NeverNull, Other, Double(self) *self, double;
    String, String, NeverNull, Text, Text(self) self, text;
    NaiveDate, Date, NeverNull, Other, Date(self) *self, date;
    DateTime<Utc>, DateTime, NeverNull, Instant, DateTime(self) *self, date_time;
}

impl<T: SObject> FieldValue for Id<T> {
    const TYPE: FieldType = FieldType::Reference;
    const REFERENCES: &'static [Target] = &[Target::new(T::NAME, T::KEY_PREFIX)];
    type Empty = NeverNull;
    type Kind = Reference;

    fn value(&self) -> Value<'_> {
        Value::Id(self.record_id())
    }

    #[inline(always)]
    fn read_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
        Ok(field.id()?.map(Self::new))
    }
}

/// The objects that a polymorphic reference may name: a tuple of two to eight.
#[diagnostic::on_unimplemented(
    message = "`Ref<{Self}>` does not say which objects it may name",
    label = "not a tuple of objects",
    note = "write `Ref<(A, B)>` with two to eight objects, or `Id<A>` for one"
)]
pub trait References {
    /// The objects.
    const TARGETS: &'static [Target];
}

/// [`References`] for tuples.
macro_rules! references {
    ($(($($object:ident)+))*) => {$(
        impl<$($object: SObject),+> References for ($($object,)+) {
            const TARGETS: &'static [Target] =
                &[$(Target::new($object::NAME, $object::KEY_PREFIX)),+];
        }
    )*};
}

references! { (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H) }

impl<S: References> FieldValue for Ref<S> {
    const TYPE: FieldType = FieldType::Reference;
    const REFERENCES: &'static [Target] = S::TARGETS;
    type Empty = NeverNull;
    type Kind = Reference;

    fn value(&self) -> Value<'_> {
        Value::Id(self.record_id())
    }

    #[inline(always)]
    fn read_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
        Ok(field.id()?.map(Self::new))
    }
}

impl<T: FieldValue> FieldValue for Option<T>
where
    T::Empty: InOption<T>,
{
    const TYPE: FieldType = T::TYPE;
    const REFERENCES: &'static [Target] = T::REFERENCES;
    type Empty = Nillable;
    type Kind = T::Kind;

    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, T::value)
    }

    #[inline(always)]
    fn read(field: FieldReader<'_>) -> Result<Self, DecodeError> {
        T::read_or_null(field)
    }

    fn read_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
        Self::read(field).map(Some)
    }
}
