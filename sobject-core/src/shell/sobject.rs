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
/// It is the bound of code for any object. What such code creates or updates is bounded by
/// [`CreateView`](crate::CreateView) and [`UpdateView`](crate::UpdateView).
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use serde::de::DeserializeOwned;
/// use sobject_core::{
///     Connection, CreateView, Record, Result, SObject, Store, standard::{Group, GroupCreate},
/// };
///
/// /// The record that was created last, and how many there are.
/// fn newest<T: SObject>(db: &Connection) -> Result<(Option<Record<T>>, u64)> {
///     let session = db.session()?;
///     Ok((session.walk().reverse().limit(1).all()?.pop(), session.count::<T>()?))
/// }
///
/// /// Creates what a JSON list of bodies says, and prints what was refused.
/// fn load<V: CreateView + DeserializeOwned>(db: &Connection, json: &str) -> serde_json::Result<()> {
///     let views: Vec<V> = serde_json::from_str(json)?;
///     for view in views {
///         if let Err(error) = db.create(view) {
///             eprintln!("{}: {error}", V::Object::NAME);
///         }
///     }
///     Ok(())
/// }
///
/// let db = Store::in_memory(&[Group::OBJECT])?.system();
/// load::<GroupCreate>(&db, r#"[{ "Name": "Night Shift" }, { "Name": "Day Shift" }]"#).unwrap();
/// let (group, n_groups) = newest::<Group>(&db)?;
/// assert_eq!((group.map(|it| it.fields.name).as_deref(), n_groups), (Some("Day Shift"), 2));
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
