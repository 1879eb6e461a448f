//! Views: the types that a create and an update take; and [`Patch`], which tells a field that is
//! set to null from one that is not set.
//!
//! A view has one method, [`View::each`], which lists the fields that it sets. JSON (`json`), checks
//! and encoding are written on top of that once, for all views.

use std::fmt;

use crate::{
    definition::{FieldDefinition, FieldIdx, SYSTEM_FIELDS},
    shell::sobject::SObject,
    value::Value,
};

/// The values that a create or an update gives, in the order of the struct's fields.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view of an object",
    label = "neither an `XCreate` nor an `XUpdate`",
    note = "`#[derive(SObject)] struct X` makes `XCreate` and `XUpdate` for this"
)]
pub trait View {
    /// The object whose records this view writes.
    type Object: SObject;

    /// Calls `f` with each field that is set, and its value; null is a value.
    fn each<'a>(&'a self, f: &mut dyn FnMut(FieldIdx, Value<'a>));
}

/// What a create may set: `XCreate` of an object `X`, or a reference to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a create takes",
    label = "a create of an object `X` takes an `XCreate`",
    note = "`XCreate` has the fields of `X` that a create may set: write `XCreate::new(..)`, or \
            `XCreate {{ .., ..XCreate::new(..) }}` to give more than the required ones"
)]
pub trait CreateView: View {}

/// What an update may set: `XUpdate` of an object `X`, or a reference to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what an update takes",
    label = "an update of an object `X` takes an `XUpdate`",
    note = "an update says what changes: write `XUpdate {{ field: value.into(), ..Default::default() }}`, \
            which leaves the other fields of the record as they are",
    note = "of a record that was read, `record.update_to(&changed)?` is the update of what differs"
)]
pub trait UpdateView: View {}

/// What an upsert may set: the `XCreate` or the `XUpdate` of an object `X`, or a reference to one.
///
/// Where the record is there, what the view sets is updated; where it is not, it is created, and what a
/// create needs must be set.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what an upsert takes",
    label = "an upsert of an object `X` takes an `XCreate` or an `XUpdate`"
)]
pub trait UpsertView: View {}

// If an object `X` lacks the call create, `XCreate` is a `CreateView` only where
// `X: HasCreate<'a>`, and no type has that trait. So a program that creates an `X` does not
// compile, with the trait's message. Without the lifetime the compiler would refuse the bound
// itself, in every program. The calls update and upsert, and the `Default` of an `XCreate` that has
// none, are refused in the same way.

/// Demanded of `X` by the `XCreate` of an object without the call create. No type has it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not support the call `create`",
    label = "records of `{Self}` cannot be created",
    note = "`create` is not among the `calls(..)` of its `#[sobject(..)]`"
)]
pub trait HasCreate<'a> {}

/// Demanded of `X` by the `Default` of an `XCreate` with required fields. No type has it.
#[diagnostic::on_unimplemented(
    message = "a create of `{Self}` has required fields, so there is none by default",
    label = "write `{Self}Create::new(..)`, which takes them",
    note = "`{Self}Create {{ .., ..{Self}Create::new(..) }}` sets other fields as well"
)]
pub trait NothingRequired<'a> {}

/// Demanded of `X` by the `XUpdate` of an object without the call update. No type has it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not support the call `update`",
    label = "records of `{Self}` cannot be updated",
    note = "`update` is not among the `calls(..)` of its `#[sobject(..)]`"
)]
pub trait HasUpdate<'a> {}

/// Demanded of `X` by both views of an object without the call upsert. No type has it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not support the call `upsert`",
    label = "records of `{Self}` cannot be upserted",
    note = "`upsert` is not among the `calls(..)` of its `#[sobject(..)]`"
)]
pub trait HasUpsert<'a> {}

impl<V: View> View for &V {
    type Object = V::Object;

    fn each<'a>(&'a self, f: &mut dyn FnMut(FieldIdx, Value<'a>)) {
        (*self).each(f);
    }
}

impl<V: CreateView> CreateView for &V {}
impl<V: UpdateView> UpdateView for &V {}
impl<V: UpsertView> UpsertView for &V {}

/// What an update does with a field: leave it as it is, or set it.
///
/// A nillable field is a `Patch<Option<T>>`, which [`Patch::NULL`] empties; a field that is not
/// nillable is a `Patch<T>`, so that null cannot be written at all.
///
/// ```
/// use sobject_core::Patch;
///
/// let kept: Patch<Option<i32>> = Patch::Keep;
/// let set: Patch<Option<i32>> = 3.into();
/// let emptied: Patch<Option<i32>> = Patch::NULL;
/// assert_eq!(set, Patch::Set(Some(3)));
/// assert!(!kept.is_set() && emptied.is_set());
/// let renamed: Patch<String> = "Ada".into();
/// assert_eq!(renamed.map(|name| name.len()), Patch::Set(3));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// Leave the field as it is; on create, let the store supply its default.
    #[default]
    Keep,
    /// Set the field to this value.
    Set(T),
}

impl<T> Patch<Option<T>> {
    /// Set the field to null.
    pub const NULL: Self = Self::Set(None);
}

impl<T> Patch<T> {
    /// Does it set the field?
    pub const fn is_set(&self) -> bool {
        matches!(self, Self::Set(_))
    }

    /// What it sets the field to, if it does.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The same with another value: what `f` makes of that which it sets.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Self::Keep => Patch::Keep,
            Self::Set(value) => Patch::Set(f(value)),
        }
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl<T> From<T> for Patch<Option<T>> {
    fn from(value: T) -> Self {
        Self::Set(Some(value))
    }
}

impl From<&str> for Patch<String> {
    fn from(text: &str) -> Self {
        Self::Set(text.to_owned())
    }
}

impl From<&str> for Patch<Option<String>> {
    fn from(text: &str) -> Self {
        Self::Set(Some(text.to_owned()))
    }
}

/// Passes `f` the declared fields one after another, with these values.
pub fn put_all<'a>(values: &[Value<'a>], f: &mut dyn FnMut(FieldIdx, Value<'a>)) {
    for (n, value) in (0..).zip(values) {
        f(FieldIdx::declared(n), *value);
    }
}

/// Passes `f` the field declared at place `n`, with a value.
pub fn put<'a>(n: u16, value: Value<'a>, f: &mut dyn FnMut(FieldIdx, Value<'a>)) {
    f(FieldIdx::declared(n), value);
}

/// Passes `f` the field declared at place `n`, with a value that is not null. In a create, null
/// means the same as a field that is not set.
pub fn put_unless_null<'a>(n: u16, value: Value<'a>, f: &mut dyn FnMut(FieldIdx, Value<'a>)) {
    if !value.is_null() {
        f(FieldIdx::declared(n), value);
    }
}

/// Passes `f` the field declared at place `n`, if the create gives it.
///
/// This and [`put_patch`] have no bound on `T` but take the function that borrows a `T` as a value:
/// so a type that cannot be a field is reported at the field alone, and not here as well.
pub fn put_given<'a, T>(
    n: u16,
    given: &'a Option<T>,
    value: fn(&'a T) -> Value<'a>,
    f: &mut dyn FnMut(FieldIdx, Value<'a>),
) {
    if let Some(given) = given {
        f(FieldIdx::declared(n), value(given));
    }
}

/// Passes `f` the field declared at place `n`, if the patch sets it.
pub fn put_patch<'a, T>(
    n: u16,
    patch: &'a Patch<T>,
    value: fn(&'a T) -> Value<'a>,
    f: &mut dyn FnMut(FieldIdx, Value<'a>),
) {
    if let Patch::Set(set) = patch {
        f(FieldIdx::declared(n), value(set));
    }
}

/// A copy of an optional value, made by the function that copies a `T`.
pub fn copy_given<T>(given: &Option<T>, copy: fn(&T) -> T) -> Option<T> {
    given.as_ref().map(copy)
}

/// A copy of a patch, made by the function that copies a `T`.
pub fn copy_patch<T>(patch: &Patch<T>, copy: fn(&T) -> T) -> Patch<T> {
    match patch {
        Patch::Keep => Patch::Keep,
        Patch::Set(set) => Patch::Set(copy(set)),
    }
}

/// The fields that a view sets, with their values.
fn set_of<V: View>(view: &V) -> Vec<(FieldIdx, Value<'_>)> {
    let mut set = Vec::new();
    view.each(&mut |field, value| set.push((field, value)));
    set
}

/// The API name of a field of an object that declares `fields`.
fn name_of(fields: &[FieldDefinition], field: FieldIdx) -> Option<&'static str> {
    SYSTEM_FIELDS.iter().chain(fields).nth(field.get()).map(|field| field.name)
}

/// Do two views set the same fields to the same values?
pub fn eq_views<V: View>(a: &V, b: &V) -> bool {
    set_of(a) == set_of(b)
}

/// Prints the fields that a view sets, under their API names.
///
/// # Errors
/// Those of the formatter.
pub fn debug_view<V: View>(view: &V, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = f.debug_struct(name);
    for (field, value) in set_of(view) {
        out.field(name_of(V::Object::OBJECT.fields, field).unwrap_or_default(), &value);
    }
    out.finish_non_exhaustive()
}
