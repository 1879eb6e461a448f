//! From the number of a field to its type, and over a reference to the object that it names.
//!
//! Types are found by inference: `X: CheckedColumns<0, _>` has one impl, whose second parameter has the types
//! of the first sixteen fields. As parameters of a trait they may be more private than the object,
//! which an associated type may not.

use std::marker::PhantomData;

use chrono::{DateTime, NaiveDate, Utc};

use super::lookup::SYSTEM_BLOCK;
use crate::{
    definition::{Definition, FieldDefinition},
    id::{Id, RecordId, Ref},
    shell::sobject::SObject,
    value::FieldType,
};

/// The object has these types in this block of sixteen fields; behind its last field stands `()`.
pub trait CheckedColumns<const BLOCK: usize, Types> {}

/// The type at a place of a block.
pub trait Nth<const PLACE: usize> {
    /// It.
    type Type;
}

/// Implements [`Nth`] for each place of a block.
macro_rules! nth {
    ($($place:literal $ty:ident)+) => { nth!(@ ($($ty)+) $($place $ty)+); };
    (@ ($($all:ident)+)) => {};
    (@ ($($all:ident)+) $place:literal $ty:ident $($rest:tt)*) => {
        impl<$($all),+> Nth<$place> for ($($all,)+) {
            type Type = $ty;
        }
        nth!(@ ($($all)+) $($rest)*);
    };
}

nth! { 0 A 1 B 2 C 3 D 4 E 5 F 6 G 7 H 8 I 9 J 10 K 11 L 12 M 13 N 14 O 15 P }

/// The system fields, as one block of their own.
type System<T> = (
    Id<T>,
    bool,
    DateTime<Utc>,
    RecordId,
    DateTime<Utc>,
    RecordId,
    DateTime<Utc>,
    (),
    (),
    (),
    (),
    (),
    (),
    (),
    (),
    (),
);

#[diagnostic::do_not_recommend]
impl<T: SObject> CheckedColumns<SYSTEM_BLOCK, System<T>> for T {}

/// Stands for an object.
#[derive(Debug)]
pub struct Of<O>(PhantomData<fn() -> O>);

/// Stands for a column that holds a `T`.
#[derive(Debug)]
pub struct Column<T>(PhantomData<fn() -> T>);

impl<O> Clone for Of<O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<O> Copy for Of<O> {}

impl<T> Clone for Column<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Column<T> {}

/// An object that a path may lead to.
pub trait Known {
    /// Its definition.
    const DEFINITION: &'static Definition;
}

#[diagnostic::do_not_recommend]
impl<T: SObject> Known for T {
    const DEFINITION: &'static Definition = T::OBJECT;
}

/// The object `Name`: what a record is read as that may be of several objects.
#[derive(Debug)]
pub enum AnyName {}

/// A field of [`AnyName`].
const fn of_name(name: &'static str, field_type: FieldType) -> FieldDefinition {
    FieldDefinition::new(name, field_type).nillable().filter().group().sort()
}

impl Known for AnyName {
    const DEFINITION: &'static Definition =
        &Definition::new("Name").system(crate::definition::System::NONE).fields(&[
            of_name("Name", FieldType::String),
            of_name("Type", FieldType::String),
            of_name("FirstName", FieldType::String),
            of_name("LastName", FieldType::String),
            of_name("Email", FieldType::Email),
            of_name("Alias", FieldType::String),
            of_name("Username", FieldType::String),
            of_name("IsActive", FieldType::Boolean),
            of_name("Phone", FieldType::Phone),
            of_name("Title", FieldType::String),
        ]);
}

/// Text that some of the objects have.
type Text = Option<String>;

impl
    CheckedColumns<
        0,
        (Text, String, Text, Text, Text, Text, Text, bool, Text, Text, (), (), (), (), (), ()),
    > for AnyName
{
}

impl
    CheckedColumns<
        SYSTEM_BLOCK,
        (RecordId, (), (), (), (), (), (), (), (), (), (), (), (), (), (), ()),
    > for AnyName
{
}

/// Holds for references, each of which leads to an object.
#[diagnostic::on_unimplemented(
    message = "a field of the type `{Self}` leads to no other record",
    label = "not a reference"
)]
pub trait PointsTo {
    /// What the record that it names is read as.
    type Object: Known;
}

#[diagnostic::do_not_recommend]
impl<T: SObject> PointsTo for Id<T> {
    type Object = T;
}

#[diagnostic::do_not_recommend]
impl<S> PointsTo for Ref<S> {
    type Object = AnyName;
}

#[diagnostic::do_not_recommend]
impl<T: PointsTo> PointsTo for Option<T> {
    type Object = T::Object;
}

/// What a type stands for. That it is an object is asked where its definition is, and once.
pub const fn object<T>() -> Of<T> {
    Of(PhantomData)
}

/// The definition of an object that the user has named by its type.
pub const fn root<T: SObject>() -> &'static Definition {
    T::OBJECT
}

/// The column of an object at a place of a block.
pub const fn column<O, const BLOCK: usize, const PLACE: usize, Types>(
    _: Of<O>,
) -> Column<Types::Type>
where
    O: CheckedColumns<BLOCK, Types>,
    Types: Nth<PLACE>,
{
    Column(PhantomData)
}

/// The object that a reference leads to.
pub const fn parent<T: PointsTo>(_: Column<T>) -> Of<T::Object> {
    Of(PhantomData)
}

/// The definition of an object.
pub const fn definition<O: Known>(_: Of<O>) -> &'static Definition {
    O::DEFINITION
}

/// Writes a function for a column that is no field.
macro_rules! columns {
    ($($(#[$doc:meta])* $name:ident: $ty:ty;)+) => {$(
        $(#[$doc])*
        pub const fn $name() -> Column<$ty> {
            Column(PhantomData)
        }
    )+};
}

columns! {
    /// A count.
    whole: i64;
    /// A part of a date.
    part: i32;
    /// A sum or an average.
    decimal: f64;
    /// A text.
    text: String;
    /// A day.
    day: NaiveDate;
}
