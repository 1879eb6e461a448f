//! Calls that read records one after another.

use std::ops::ControlFlow;

use super::Connection;
use crate::{
    error::Result,
    shell::{
        field::{Field, Filterable},
        operand::{FieldRange, Operand},
        read::{self, Walk},
        record::Record,
        session::Session,
        sobject::SObject,
    },
};

impl Connection {
    /// The live records one after another, by their ids: records that were made here come in the
    /// order in which they were created. The [`Walk`] says how many and from where.
    ///
    /// Reads the state that is committed now, as a [`Session`] of its own does.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # for name in ["Ada", "Bo", "Cy"] {
    /// #     db.create(UserCreate::new(name, format!("{name}@example.com")))?;
    /// # }
    /// let newest = db.walk::<User>().reverse().limit(2).all()?;
    /// assert_eq!((newest[0].name.as_str(), newest[1].name.as_str()), ("Cy", "Bo"));
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn walk<T: SObject>(&self) -> Walk<Session, Record<T>> {
        read::walk(self.session())
    }

    /// The live records whose field holds `value`, one after another in the order of their ids:
    /// [`Connection::find`] in pieces, or with a limit.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # db.create(UserCreate::new("Ada", "ada@example.com"))?;
    /// let some = db.walk_value(User::FIELDS.name, "ada").limit(10).all()?;
    /// # assert_eq!(some.len(), 1);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn walk_value<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        value: impl Operand<T, How>,
    ) -> Walk<Session, Record<O>> {
        read::walk_value(self.session(), field.idx(), value)
    }

    /// The live records whose field lies within `range`, one after another in the order of the
    /// field: [`Connection::find_range`] in pieces, in either direction, or with a limit. The field
    /// needs an index, which has that order.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # for name in ["Ada", "Bo", "Cy"] {
    /// #     db.create(UserCreate::new(name, format!("{name}@example.com")))?;
    /// # }
    /// let last = db.walk_range(User::FIELDS.name, .."Cy").reverse().limit(1).all()?;
    /// assert_eq!(last[0].name, "Bo");
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    pub fn walk_range<O: SObject, T, F: Filterable, G, S, How>(
        &self,
        field: Field<O, T, F, G, S>,
        range: impl FieldRange<T, How>,
    ) -> Walk<Session, Record<O>> {
        read::walk_range(self.session(), field.idx(), range)
    }

    /// Visits every live record, until `f` breaks. Records that were made here come in the order
    /// in which they were created.
    ///
    /// This is the quickest way to read them all. It reads one state of the store, whatever is written
    /// meanwhile, and costs what a [`Session`] costs until it returns; [`Connection::walk`] needs no
    /// closure and reads in pieces.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// # use sobject_core::{SObject, Store, standard::{User, UserCreate}};
    /// # let db = Store::in_memory(&[User::OBJECT])?.system();
    /// # for name in ["Ada", "Bo", "Cy"] {
    /// #     db.create(UserCreate::new(name, format!("{name}@example.com")))?;
    /// # }
    /// use std::ops::ControlFlow;
    ///
    /// let mut names = Vec::new();
    /// db.scan::<User>(|user| {
    ///     names.push(user.fields.name);
    ///     if names.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    /// })?;
    /// assert_eq!(names, ["Ada", "Bo"]);
    /// # }
    /// # Ok::<(), sobject_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownObject`](crate::Error::UnknownObject); [`Error::Corrupt`](crate::Error::Corrupt); [`Error::Storage`](crate::Error::Storage).
    pub fn scan<T: SObject>(&self, f: impl FnMut(Record<T>) -> ControlFlow<()>) -> Result<()> {
        self.inner.read(&self.access, |reader| read::scan(reader, f))
    }
}
