//! What a connection tells of the objects of its store. **Invariant:** nothing that the caller may not
//! read.

use super::Connection;
use crate::{
    describe::{GlobalDescribe, LayoutDescribe, ObjectDescribe},
    error::Result,
    id::RecordId,
    shell::sobject::SObject,
    store::{describe, describe_global, describe_layout, describe_sobjects},
};

impl Connection {
    /// [`Connection::describe`], by the object's name.
    ///
    /// # Errors
    /// As [`Connection::describe`].
    pub fn describe_sobject(&self, name: &str) -> Result<ObjectDescribe> {
        describe(&self.inner.schema, name, &self.access)
    }

    /// [`Connection::describe`] of up to 100 objects, in the order of the names.
    ///
    /// # Errors
    /// [`Error::TooManyTypes`](crate::Error::TooManyTypes); those of [`Connection::describe`] for
    /// the first object that has any.
    pub fn describe_sobjects(&self, names: &[&str]) -> Result<Vec<ObjectDescribe>> {
        describe_sobjects(&self.inner.schema, names, &self.access)
    }

    /// The layouts of an object, as `describeLayout` answers: sections of rows of items for the page
    /// that shows a record and for the one that changes it, and the lists of related records. A form is
    /// drawn from it.
    ///
    /// The layout is the one that the program gave to
    /// [`StoreBuilder::layout`](crate::StoreBuilder::layout), or made of the describe. Fields that the
    /// caller may not read are not on it, and those that the caller may not edit are read-only. What it
    /// requires is not checked by calls.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{Group, User}};
    /// let db = Store::in_memory(&[User::OBJECT, Group::OBJECT])?.system();
    /// let described = db.describe_layout::<User>()?;
    /// for section in &described.layouts[0].edit_layout_sections {
    ///     println!("{}", section.heading.as_deref().unwrap_or_default());
    ///     for item in section.layout_rows.iter().flat_map(|row| &row.layout_items) {
    ///         let mark = if item.required { "*" } else { "" };
    ///         println!("  {}{mark}", item.label.as_deref().unwrap_or_default());
    ///     }
    /// }
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::CallNotSupported`](crate::Error::CallNotSupported) if the object does not list
    /// `describeLayout()`; those of [`Connection::describe`].
    pub fn describe_layout<T: SObject>(&self) -> Result<LayoutDescribe> {
        self.describe_layout_of(T::NAME)
    }

    /// [`Connection::describe_layout`], by the object's name.
    ///
    /// # Errors
    /// As [`Connection::describe_layout`].
    pub fn describe_layout_of(&self, name: &str) -> Result<LayoutDescribe> {
        describe_layout(&self.inner.schema, &self.inner.layouts, name, &self.access)
    }

    /// The objects whose record the id may name, of those that the caller may read: one, which the key
    /// prefix tells. Where several share the prefix, it is the one that has the record, live or in the
    /// recycle bin; without a record, it is all of them.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt); [`Error::Storage`](crate::Error::Storage).
    pub fn objects_of(&self, id: impl Into<RecordId>) -> Result<Vec<String>> {
        self.inner.read(&self.access, |reader| reader.objects_of(id.into()))
    }

    /// The objects that the caller may read, by name, as `describeGlobal` answers.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{Group, User}};
    /// let db = Store::in_memory(&[User::OBJECT, Group::OBJECT])?.system();
    /// let global = db.describe_global();
    /// let names: Vec<_> = global.sobjects.iter().map(|it| it.name.as_str()).collect();
    /// assert_eq!(names, ["Group", "User"]);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn describe_global(&self) -> GlobalDescribe {
        describe_global(&self.inner.schema.catalogue, &self.access)
    }
}
