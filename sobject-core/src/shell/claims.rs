//! Which Rust types go with which words of a field's attribute, as traits that the compiler checks.
//!
//! For a field of the type `T` with the word `group`, generated code names
//! `<<T as FieldValue>::Kind as MayGroup<T>>::OK`. `Kind` is a marker, such as `Text` or `Instant`,
//! and `MayGroup` holds for the markers of the types that may be grouped by. For any other type the
//! compiler prints the trait's message. If `T` is no [`FieldValue`](super::field_value::FieldValue)
//! at all, it says that, once, and nothing about these traits.
//!
//! A type has three markers. Rules about null ask for `Empty`, rules about defaults for `Preset`,
//! and all others for `Kind`. The compiler takes any `Option` for `Nillable`, whatever it holds,
//! but finds its kind only if it holds a field type; so `Option<u8>` is reported once as well.
//!
//! **Invariant:** each trait is one rule, and its message says what to write instead.

use chrono::{DateTime, Utc};

/// Marks the types that hold null.
#[derive(Debug)]
pub enum Nillable {}

/// Marks the types that cannot hold null and that need a value from the create: `i32`, `String`, …
#[derive(Debug)]
pub enum NeverNull {}

/// Marks the types that cannot hold null, but have a value even if a create gives none: a `bool` is
/// false then, and a picklist with a default value has that.
#[derive(Debug)]
pub enum NeverEmpty {}

/// The same type by another name. Generated code gives this name the span of a word of the
/// attribute, so that the compiler reports a mistake at that word.
pub type Spanned<T> = T;

/// Marks text.
#[derive(Debug)]
pub enum Text {}

/// Marks `i32`.
#[derive(Debug)]
pub enum Int {}

/// Marks `i64`.
#[derive(Debug)]
pub enum Long {}

/// Marks `f64`.
#[derive(Debug)]
pub enum Decimal {}

/// Marks `bool`.
#[derive(Debug)]
pub enum Boolean {}

/// Marks days.
#[derive(Debug)]
pub enum Day {}

/// Marks date-times.
#[derive(Debug)]
pub enum Instant {}

/// Marks times of day.
#[derive(Debug)]
pub enum TimeOfDay {}

/// Marks bytes.
#[derive(Debug)]
pub enum Bytes {}

/// Marks references.
#[derive(Debug)]
pub enum Reference {}

/// Marks picklists that take other values than their own as well.
#[derive(Debug)]
pub enum OpenList {}

/// Marks picklists that take their own values only.
#[derive(Debug)]
pub enum ClosedList {}

/// Marks multi-select picklists of an [`OpenList`].
#[derive(Debug)]
pub enum SeveralOfOpen {}

/// Marks multi-select picklists of a [`ClosedList`].
#[derive(Debug)]
pub enum SeveralOfClosed {}

/// Marks the picklists of which no field holds several values, because one of the values has the
/// separator in it. `MayBeSeveral` says so; the other rules let them pass, so that it is said once.
#[derive(Debug)]
pub enum NeverSeveral {}

/// Marks the types for which the store has no default unless the attribute names one.
#[derive(Debug)]
pub enum NoPreset {}

/// Marks the types for which the store has a default that the attribute need not name.
#[derive(Debug)]
pub enum Preset {}

/// Declares a trait for each rule, and implements it for the markers that are listed with it.
macro_rules! claims {
    ($(
        $(#[$meta:meta])*
        $claim:ident: $($kind:ident),+;
    )*) => {$(
        $(#[$meta])*
        pub trait $claim<T> {
            /// An item for generated code to name, which makes the compiler check the trait.
            const OK: () = ();
        }

        $(
            #[diagnostic::do_not_recommend]
            impl<T> $claim<T> for $kind {}
        )+
    )*};
}

claims! {
    /// Holds for the types of fields that are not `defaulted_on_create`.
    #[diagnostic::on_unimplemented(
        message = "a field of the type `{T}` has a value also when a create gives none",
        label = "add `defaulted_on_create` to the field's attribute",
        note = "a `bool` is false then, and a picklist with a `default` has that"
    )]
    HasNoDefault: NeverNull;

    /// Holds for the types of `defaulted_on_create` fields. Auto-numbers, `OwnerId` and fields with
    /// `default = ..` are not asked.
    #[diagnostic::on_unimplemented(
        message = "the store has no default for a field of the type `{T}`",
        label = "take `defaulted_on_create` away, or say which with `default = ..`",
        note = "the store gives a `bool` false, a picklist its `default`, an `autonumber` its \
                number, and a reference named `OwnerId` the caller"
    )]
    HasDefault: Preset;

    /// Holds for the types whose default is `true` or `false`.
    #[diagnostic::on_unimplemented(
        message = "`true` or `false` cannot be the default of a field of the type `{T}`",
        label = "write a default of the field's type",
        note = "a `bool` has `true` or `false`; numbers stand without quotes; text, dates, times, \
                picklist values and base64 stand in quotes"
    )]
    DefaultIsBool: Boolean;

    /// Holds for the types whose default is a whole number.
    #[diagnostic::on_unimplemented(
        message = "a whole number cannot be the default of a field of the type `{T}`",
        label = "write a default of the field's type",
        note = "a `bool` has `true` or `false`; numbers stand without quotes; text, dates, times, \
                picklist values and base64 stand in quotes"
    )]
    DefaultIsInt: Int, Long, Decimal;

    /// Holds for the types whose default is a decimal number.
    #[diagnostic::on_unimplemented(
        message = "a decimal number cannot be the default of a field of the type `{T}`",
        label = "write a default of the field's type",
        note = "a `bool` has `true` or `false`; numbers stand without quotes; text, dates, times, \
                picklist values and base64 stand in quotes"
    )]
    DefaultIsDouble: Decimal;

    /// Holds for the types whose default is given as text.
    #[diagnostic::on_unimplemented(
        message = "a text cannot be the default of a field of the type `{T}`",
        label = "write a default of the field's type",
        note = "a `bool` has `true` or `false`; numbers stand without quotes; text, dates, times, \
                picklist values and base64 stand in quotes"
    )]
    DefaultIsText: Text, Day, Instant, TimeOfDay, Bytes, OpenList, ClosedList, SeveralOfOpen, SeveralOfClosed, NeverSeveral;

    /// Holds for the types of fields with a `default = ".."`: all but picklists that have a default
    /// among their values, which would be a second one.
    #[diagnostic::on_unimplemented(
        message = "the picklist `{T}` has a default among its values already",
        label = "take `default = ..` away and write `defaulted_on_create`"
    )]
    IsOnlyDefault: NoPreset;

    /// Holds for the types of fields with a `length`.
    #[diagnostic::on_unimplemented(
        message = "only text has a `length`, and the type of this field is `{T}`",
        label = "take `length` away, or make the type a `String`"
    )]
    HasLength: Text, OpenList, ClosedList;

    /// Holds for the types of fields with `length_in_bytes`.
    #[diagnostic::on_unimplemented(
        message = "only text is limited in bytes, and the type of this field is `{T}`",
        label = "take `length_in_bytes` away, or make the type a `String`"
    )]
    CountsBytes: Text, OpenList, ClosedList;

    /// Holds for the types of fields with `digits`.
    #[diagnostic::on_unimplemented(
        message = "only an int has `digits`, and the type of this field is `{T}`",
        label = "take `digits` away, or make the type an `i32`"
    )]
    HasDigits: Int;

    /// Holds for the types of fields with a `scale`.
    #[diagnostic::on_unimplemented(
        message = "only a decimal number has a `scale`, and the type of this field is `{T}`",
        label = "take `precision` and `scale` away, or make the type an `f64`"
    )]
    HasScale: Decimal;

    /// Holds for the types of fields with a `relationship`.
    #[diagnostic::on_unimplemented(
        message = "only a reference has a `relationship`, and the type of this field is `{T}`",
        label = "take `relationship` away, or make the type an `Id<X>` or a `Ref<(X, Y)>`"
    )]
    HasRelationship: Reference;

    /// Holds for the types of fields with a rule of deletes.
    #[diagnostic::on_unimplemented(
        message = "only a reference has a rule for deletes, and the type of this field is `{T}`",
        label = "take `on_delete` away, or make the type an `Id<X>` or a `Ref<(X, Y)>`"
    )]
    HasDeleteRule: Reference;

    /// Holds for the types of fields with a `child_relationship`.
    #[diagnostic::on_unimplemented(
        message = "only a reference has a `child_relationship`, and the type of this field is `{T}`",
        label = "take `child_relationship` away, or make the type an `Id<X>` or a `Ref<(X, Y)>`"
    )]
    HasChildren: Reference;

    /// Holds for the types of fields that may stand in a filter.
    #[diagnostic::on_unimplemented(
        message = "a field of the type `{T}` cannot be filtered by",
        label = "take `filter` away"
    )]
    MayFilter: Text, Int, Long, Decimal, Boolean, Day, Instant, TimeOfDay, Reference, OpenList,
        ClosedList, SeveralOfOpen, SeveralOfClosed, NeverSeveral;

    /// Holds for the types of fields that may be grouped by.
    #[diagnostic::on_unimplemented(
        message = "a field of the type `{T}` cannot be grouped by",
        label = "take `group` away",
        note = "date-times, decimal numbers, bytes and multi-select picklists have no groups"
    )]
    MayGroup: Text, Int, Long, Boolean, Day, TimeOfDay, Reference, OpenList, ClosedList;

    /// Holds for the types of fields that may be sorted by.
    #[diagnostic::on_unimplemented(
        message = "a field of the type `{T}` cannot be sorted by",
        label = "take `sort` away",
        note = "bytes and multi-select picklists have no order"
    )]
    MaySort: Text, Int, Long, Decimal, Boolean, Day, Instant, TimeOfDay, Reference, OpenList,
        ClosedList;

    /// Holds for the types of `unique` fields.
    #[diagnostic::on_unimplemented(
        message = "a field of the type `{T}` cannot be `unique`",
        label = "take `unique` away",
        note = "a `bool` has two values and so room for two records, and bytes have no index"
    )]
    MayBeUnique: Text, Int, Long, Decimal, Day, Instant, TimeOfDay, Reference, OpenList, ClosedList,
        SeveralOfOpen, SeveralOfClosed, NeverSeveral;

    /// Holds for the types of fields that records are found by: those with `id_lookup` or `index`.
    #[diagnostic::on_unimplemented(
        message = "no record can be found by a field of the type `{T}`",
        label = "take this word away",
        note = "bytes have no index"
    )]
    MayBeKey: Text, Int, Long, Decimal, Boolean, Day, Instant, TimeOfDay, Reference, OpenList,
        ClosedList, SeveralOfOpen, SeveralOfClosed, NeverSeveral;

    /// Holds for the types of `external_id` fields, which hold ids of another system.
    #[diagnostic::on_unimplemented(
        message = "an external id is text or a number, but its type is `{T}`",
        label = "take `external_id` away, or write a `String`, `i32`, `i64` or `f64`"
    )]
    MayBeExternalId: Text, Int, Long, Decimal;

    /// Holds for the types of `case_sensitive` fields.
    #[diagnostic::on_unimplemented(
        message = "only text is `case_sensitive`, and the type of this field is `{T}`",
        label = "take `case_sensitive` away"
    )]
    HasCase: Text, OpenList, ClosedList, SeveralOfOpen, SeveralOfClosed, NeverSeveral;

    /// Holds for the types of name fields.
    #[diagnostic::on_unimplemented(
        message = "the name of a record is text, but its type is `{T}`",
        label = "take `name_field` away, or write `String`"
    )]
    MayBeName: Text, OpenList, ClosedList;

    /// Holds for the types of `restricted` fields.
    #[diagnostic::on_unimplemented(
        message = "only a picklist that takes no other values is `restricted`, and the type of this \
                   field is `{T}`",
        label = "take `restricted` away",
        note = "such a type is an enum with `#[derive(Picklist)]` and without an arm for other \
                values"
    )]
    IsRestricted: ClosedList, SeveralOfClosed, NeverSeveral;

    /// Holds for the types of fields that are not `restricted`.
    #[diagnostic::on_unimplemented(
        message = "the type `{T}` holds the values of its picklist only",
        label = "add `restricted` to the field's attribute",
        note = "if the field takes other values too, give the enum an arm for them: \
                `Other(String)`"
    )]
    IsUnrestricted: Text, Int, Long, Decimal, Boolean, Day, Instant, TimeOfDay, Bytes, Reference,
        OpenList, SeveralOfOpen, NeverSeveral;

    /// Holds for the types of fields whose `type` is a kind of text.
    #[diagnostic::on_unimplemented(
        message = "this `type` is a kind of text, but the Rust type of the field is `{T}`",
        label = "take `type` away, or write `String`"
    )]
    IsText: Text;

    /// Holds for the types of comboboxes.
    #[diagnostic::on_unimplemented(
        message = "a combobox takes any text, but the Rust type of the field is `{T}`",
        label = "take `type` away, or write `String` or a picklist with an arm for other values"
    )]
    IsCombobox: Text, OpenList;

    /// Holds for the types of fields whose `type` is a kind of decimal number.
    #[diagnostic::on_unimplemented(
        message = "this `type` is a kind of decimal number, but the Rust type of the field is `{T}`",
        label = "take `type` away, or write `f64`"
    )]
    IsDecimal: Decimal;
}

/// Holds for the types of nillable fields.
#[diagnostic::on_unimplemented(
    message = "a `nillable` field holds an `Option`, but its type is `{T}`",
    label = "make this an `Option`, or take `nillable` away"
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
    /// An item for generated code to name, which makes the compiler check the trait.
    const OK: () = ();
    /// The marker itself. Generated code asks [`HasNoDefault`] through it, so that a type that may
    /// be null is reported for that alone.
    type Empty;
}

#[diagnostic::do_not_recommend]
impl<T> MustNotBeNull<T> for NeverNull {
    type Empty = Self;
}

#[diagnostic::do_not_recommend]
impl<T> MustNotBeNull<T> for NeverEmpty {
    type Empty = Self;
}

/// Holds for the types whose fields may have a default.
#[diagnostic::on_unimplemented(
    message = "a reference has no default, and the type of this field is `{T}`",
    label = "take `default` away, so that a create gives the value",
    note = "only a reference named `OwnerId` has one, the caller, by `defaulted_on_create`"
)]
pub trait TakesDefault<T> {
    /// The marker itself. Generated code asks what the default may be through it, so that a type
    /// that takes none is reported for that alone.
    type Kind;
}

/// Implements [`TakesDefault`] for the markers of the types.
macro_rules! takes_default {
    ($($kind:ident)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<T> TakesDefault<T> for $kind {
            type Kind = Self;
        }
    )+};
}

takes_default! {
    Text Int Long Decimal Boolean Day Instant TimeOfDay Bytes OpenList ClosedList SeveralOfOpen
    SeveralOfClosed NeverSeveral
}

/// Holds for the types of fields that the platform fills, which no create gives and which are never
/// null: all but `bool`, which is false unless a create says otherwise.
#[diagnostic::on_unimplemented(
    message = "a field of the type `{T}` has a value also when a create gives none",
    label = "add `defaulted_on_create` to the field's attribute",
    note = "a `bool` is false then"
)]
pub trait MayBeFilled<T> {
    /// An item for generated code to name, which makes the compiler check the trait.
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T> MayBeFilled<T> for NeverNull {}

/// Holds for the type of auto-number fields, `String`.
#[diagnostic::on_unimplemented(
    message = "an auto-number is text, but its type is `{T}`",
    label = "write `String`"
)]
pub trait Autonumber<T> {
    /// An item for generated code to name, which makes the compiler check the trait.
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl Autonumber<String> for Text {}

/// Holds for the type of per-caller fields, `Option<DateTime<Utc>>`.
#[diagnostic::on_unimplemented(
    message = "a `per_caller` field holds a time or null, but its type is `{T}`",
    label = "write `Option<DateTime<Utc>>`"
)]
pub trait PerCaller<T> {
    /// An item for generated code to name, which makes the compiler check the trait.
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl PerCaller<Option<DateTime<Utc>>> for Instant {}

/// Holds for the types that may stand in an `Option`: all but another `Option`.
#[diagnostic::on_unimplemented(
    message = "an `Option` in an `Option` cannot be the type of a field",
    label = "write `{T}`"
)]
pub trait InOption<T> {}

#[diagnostic::do_not_recommend]
impl<T> InOption<T> for NeverNull {}

#[diagnostic::do_not_recommend]
impl<T> InOption<T> for NeverEmpty {}

/// Holds for the picklists of which a field may hold several values.
#[diagnostic::on_unimplemented(
    message = "a field cannot hold several values of `{P}`, because one of them has a `;`, which \
               separates the values in a record",
    label = "take the `;` out of the value, or hold one `{P}`"
)]
pub trait MayBeSeveral<P> {}

#[diagnostic::do_not_recommend]
impl<P> MayBeSeveral<P> for SeveralOfOpen {}

#[diagnostic::do_not_recommend]
impl<P> MayBeSeveral<P> for SeveralOfClosed {}
