//! Which types of fields may stand where, as traits that the compiler checks.

use crate::{
    error::{DecodeError, Result},
    id::RecordId,
    shell::{
        claims::{
            ClosedList, Day, Decimal, Instant, Int, Long, NeverEmpty, NeverNull, Nillable,
            OpenList, Reference, SeveralOfClosed, SeveralOfOpen, Text, TimeOfDay,
        },
        field_value::FieldValue,
    },
    store::FieldReader,
};

/// The types that fields have, seen by queries: those of [`FieldValue`], and [`RecordId`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type of a field",
    label = "no type of a field"
)]
pub trait Selectable: Sized + 'static {
    /// The type without `Option`.
    type Plain: 'static;
    /// The marker of what the values are.
    #[doc(hidden)]
    type Kind;

    /// Reads the value.
    #[doc(hidden)]
    fn select(field: FieldReader<'_>) -> Result<Self, DecodeError>;
    /// Reads the value, or null.
    #[doc(hidden)]
    fn select_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError>;
    /// The value without its `Option`.
    #[doc(hidden)]
    fn plain(self) -> Option<Self::Plain>;
}

/// What is in the `Option` of a nillable type.
pub trait PlainOf<T> {
    /// The type without `Option`.
    type Plain: 'static;

    /// The value without its `Option`.
    fn plain(value: T) -> Option<Self::Plain>;
}

#[diagnostic::do_not_recommend]
impl<T: 'static> PlainOf<Option<T>> for Nillable {
    type Plain = T;

    fn plain(value: Option<T>) -> Option<T> {
        value
    }
}

#[diagnostic::do_not_recommend]
impl<T: 'static> PlainOf<T> for NeverNull {
    type Plain = T;

    fn plain(value: T) -> Option<T> {
        Some(value)
    }
}

#[diagnostic::do_not_recommend]
impl<T: 'static> PlainOf<T> for NeverEmpty {
    type Plain = T;

    fn plain(value: T) -> Option<T> {
        Some(value)
    }
}

#[diagnostic::do_not_recommend]
impl<T: FieldValue + 'static> Selectable for T
where
    T::Empty: PlainOf<T>,
{
    type Plain = <T::Empty as PlainOf<T>>::Plain;
    type Kind = T::Kind;

    fn select(field: FieldReader<'_>) -> Result<Self, DecodeError> {
        T::read(field)
    }

    fn select_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
        T::read_or_null(field)
    }

    fn plain(self) -> Option<Self::Plain> {
        T::Empty::plain(self)
    }
}

#[diagnostic::do_not_recommend]
impl Selectable for RecordId {
    type Plain = Self;
    type Kind = Reference;

    fn select(field: FieldReader<'_>) -> Result<Self, DecodeError> {
        field.id()?.ok_or_else(|| field.unexpected_null())
    }

    fn select_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
        field.id()
    }

    fn plain(self) -> Option<Self> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl Selectable for Option<RecordId> {
    type Plain = RecordId;
    type Kind = Reference;

    fn select(field: FieldReader<'_>) -> Result<Self, DecodeError> {
        field.id()
    }

    fn select_or_null(field: FieldReader<'_>) -> Result<Option<Self>, DecodeError> {
        field.id().map(Some)
    }

    fn plain(self) -> Self {
        self
    }
}

/// Declares a trait for a rule, and implements it for the markers that are listed with it.
macro_rules! rules {
    ($($(#[$attr:meta])* $rule:ident: $($kind:ty),+;)+) => {$(
        $(#[$attr])*
        pub trait $rule {}

        $(
            #[diagnostic::do_not_recommend]
            impl $rule for $kind {}
        )+
    )+};
}

rules! {
    /// Holds for fields whose values are less or greater than others.
    #[diagnostic::on_unimplemented(
        message = "the values of this field are not less or greater than others",
        label = "only `eq`, `ne`, `is_in` and `not_in` compare this field"
    )]
    HasOrder: Text, Int, Long, Decimal, Day, Instant, TimeOfDay, Reference, OpenList, ClosedList;

    /// Holds for fields of numbers.
    #[diagnostic::on_unimplemented(
        message = "this field has no numbers to add up",
        label = "no field of numbers"
    )]
    HasNumber: Int, Long, Decimal;

    /// Holds for fields of which a group of rows has a least and a greatest value.
    #[diagnostic::on_unimplemented(
        message = "groups have no such total of this field",
        label = "no field of numbers, texts, dates, moments or ids"
    )]
    HasRange: Text, Int, Long, Decimal, Day, Instant, Reference, OpenList, ClosedList;

    /// Holds for fields whose texts are compared with patterns.
    #[diagnostic::on_unimplemented(
        message = "this field is not compared with a pattern",
        label = "no field of texts",
        note = "patterns are for texts and picklists"
    )]
    HasPattern: Text, OpenList, ClosedList;

    /// Holds for fields of dates and of moments.
    #[diagnostic::on_unimplemented(
        message = "this field has no days",
        label = "no field of dates or moments"
    )]
    HasDays: Day, Instant;

    /// Holds for fields of moments.
    #[diagnostic::on_unimplemented(
        message = "this field has no moments",
        label = "no field of moments",
        note = "an hour, a day and a time zone are those of a moment: a `DateTime<Utc>`"
    )]
    HasMoments: Instant;

    /// Holds for fields whose values people read in another form.
    #[diagnostic::on_unimplemented(
        message = "this field is not formatted",
        label = "no field of numbers, dates, moments or times of day",
        note = "texts are read as they are; those of a picklist have a `label`"
    )]
    HasFormat: Int, Long, Decimal, Day, Instant, TimeOfDay;

    /// Holds for picklists.
    #[diagnostic::on_unimplemented(
        message = "this field has no labels",
        label = "no picklist",
        note = "numbers, dates and moments have `format`"
    )]
    HasLabels: OpenList, ClosedList;

    /// Holds for multi-select picklists.
    #[diagnostic::on_unimplemented(
        message = "this field has no several values",
        label = "no multi-select picklist",
        note = "other fields are compared with several values by `is_in` and `not_in`"
    )]
    HasValues: SeveralOfOpen, SeveralOfClosed;
}
