//! [`SObject`]: the trait that `#[derive(SObject)]` implements.

use crate::{
    definition::{Definition, FieldIdx},
    error::DecodeError,
    shell::view::View,
    store::RowReader,
    value::Value,
};

/// A struct that behaves like a Salesforce object. Implement it with `#[derive(SObject)]`, whose
/// docs are the manual.
///
/// Generic code names no struct:
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use sobject_core::{Connection, Result, SObject, Store, standard::{Group, User}};
///
/// /// How many records of each kind there are.
/// fn count<T: SObject>(db: &Connection) -> Result<String> {
///     Ok(format!("{} of {}", db.count::<T>()?, T::NAME))
/// }
///
/// let db = Store::in_memory(&[Group::OBJECT, User::OBJECT])?.system();
/// assert_eq!(count::<Group>(&db)?, "0 of Group");
/// assert_eq!(count::<User>(&db)?, "0 of User");
/// # }
/// # Ok::<(), sobject_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Salesforce object",
    label = "not an object",
    note = "add `#[derive(SObject)]` to `{Self}`"
)]
pub trait SObject: Sized + 'static {
    /// API name. Name and key prefix are constants beside [`SObject::OBJECT`], which has them too:
    /// a reference needs them alone, and two objects whose whole definitions needed each other
    /// would not compile.
    const NAME: &'static str;
    /// The three characters that ids of the object start with.
    const KEY_PREFIX: &'static str;
    /// The definition, as [`Store::open`](crate::Store::open) takes it.
    const OBJECT: &'static Definition;
    /// What a create may set: a [`CreateView`](crate::CreateView), if the object has the call.
    type Create: View<Object = Self>;
    /// What an update may set: an [`UpdateView`](crate::UpdateView), if the object has the call.
    type Update: View<Object = Self>;

    /// Reads the declared fields from a row. Only the store calls it.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) if the row does not hold what the definition says.
    #[doc(hidden)]
    fn decode(row: &RowReader<'_>) -> Result<Self, DecodeError>;

    /// Calls `f` with each declared field and its value, in their order; null is a value. Only the
    /// store calls it.
    #[doc(hidden)]
    fn each<'a>(&'a self, f: &mut dyn FnMut(FieldIdx, Value<'a>));
}
