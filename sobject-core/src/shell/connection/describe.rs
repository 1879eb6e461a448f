//! What a connection tells of the objects of its store. **Invariant:** nothing that the caller may not
//! read.

use super::Connection;
use crate::{
    describe::{GlobalDescribe, ObjectDescribe},
    error::Result,
    id::RecordId,
    store::{describe, describe_global, describe_sobjects},
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
