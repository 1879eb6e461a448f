//! What differs between a record that was read and what it is to become, as an update.

use super::{
    json::{FromJson, decode},
    record::Record,
    sobject::SObject,
};
use crate::{
    definition::FieldIdx,
    error::{Error, Result},
    store::{GivenRow, Held},
    value::Value,
};

impl<T: SObject> Record<T> {
    /// The update that makes `changed` of this record: it sets the fields that differ.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # let ada = db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let read = db.get(ada)?;
    /// let mut changed = read.clone();
    /// changed.name = "Ada Lovelace".into();
    /// let update = read.update_to(&changed)?;
    /// assert!(update.name.is_set() && !update.email.is_set());
    /// db.update(read.id, update)?;
    /// # assert_eq!(db.get(ada)?.name, "Ada Lovelace");
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// Of `changed` only the declared fields are looked at, so a struct that came from elsewhere does
    /// as well as a changed copy of the record.
    ///
    /// # Errors
    /// [`Error::NotWriteable`] with every field that differs and that no update may set.
    pub fn update_to(&self, changed: &T) -> Result<T::Update>
    where
        T::Update: FromJson,
    {
        let (was, becomes) = (values_of(&self.fields), values_of(changed));
        let mut given = GivenRow::new(T::OBJECT);
        let mut fixed = Vec::new();
        for ((idx, was), (_, becomes)) in was.iter().zip(&becomes) {
            let Some(field) = T::OBJECT.field(*idx).filter(|_| was != becomes) else { continue };
            match Held::of(field.field_type, *becomes) {
                Some(held) if field.flags.is_update() => given.set(*idx, held),
                _ => fixed.push(field.name.to_owned()),
            }
        }
        if fixed.is_empty() {
            return Ok(decode(&given)?);
        }
        Err(Error::NotWriteable { object: T::NAME.to_owned(), fields: fixed })
    }
}

/// The values of the declared fields, in their order.
fn values_of<T: SObject>(fields: &T) -> Vec<(FieldIdx, Value<'_>)> {
    let mut values = Vec::with_capacity(T::OBJECT.fields.len());
    fields.each(&mut |idx, value| values.push((idx, value)));
    values
}
