//! [`Schema`]: what the objects of an open store are, and where their records are.
//!
//! **Invariant:** a schema is data, which is worked out when the store opens and does not change.
//! It knows neither the engine nor any rule of the platform.

use crate::{
    catalogue::{Catalogue, Object, Relations},
    error::{Error, Result, shorten},
    id::RecordId,
    store::keep::Table,
};

/// What the objects of an open store are, and where their records are.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) catalogue: Catalogue,
    /// By object number.
    pub(crate) tables: Vec<Table>,
    pub(crate) relations: Relations,
    /// The instance of ids that this store makes: the three characters after the key prefix.
    pub(crate) instance: [u8; 3],
    /// How many records a delete may take along or change beside the one that it names.
    pub(crate) max_cascade: usize,
    /// When records leave the recycle bin.
    pub(crate) bin: BinLimits,
    /// The store's own system user, in whose name system mode writes.
    pub(crate) system_user: RecordId,
}

/// When records leave the recycle bin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BinLimits {
    /// After how many milliseconds; `None` if they stay until they are emptied.
    pub(crate) age: Option<i64>,
    /// How many records the bin holds, of those that have been there for a while; `None` if any number.
    pub(crate) capacity: Option<u64>,
}

impl BinLimits {
    /// The age of an org, and any number.
    pub(crate) const DEFAULT: Self = Self { age: Some(15 * 24 * 60 * 60 * 1000), capacity: None };
}

impl Schema {
    /// The object of this name.
    ///
    /// # Errors
    /// [`Error::UnknownObject`].
    pub(crate) fn object(&self, name: &str) -> Result<&Object> {
        let none = || Error::UnknownObject { object: shorten(name.to_owned()) };
        self.catalogue.find(name).ok_or_else(none)
    }

    /// The table of an object.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if it has none, which would be a mistake of this library.
    pub(crate) fn table(&self, object: &Object) -> Result<&Table> {
        let table = self.tables.get(usize::from(object.number.0));
        table.ok_or_else(|| Error::corrupt("an object without a table"))
    }
}
