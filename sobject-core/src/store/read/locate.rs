//! Where a record is, and whether a reference leads to one.

use crate::{
    catalogue::{Field, Object},
    engine::{Read, Space},
    error::{Error, Result},
    id::RecordId,
    store::{
        keep::Table,
        read::Reader,
        rules::{Target, target_of},
    },
};

/// Where a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nowhere: there is none, or there is none any more.
    Nowhere,
    /// Among the live records.
    Live,
    /// In the recycle bin.
    Bin,
}

impl Place {
    /// The space of the records that are there.
    pub(crate) fn space(self, table: &Table) -> Option<Space> {
        match self {
            Self::Nowhere => None,
            Self::Live => Some(table.live),
            Self::Bin => Some(table.bin),
        }
    }
}

/// What a reference leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Leads {
    /// A live record, by its packed id.
    Live(u64),
    /// A record in the recycle bin.
    Bin,
    /// No record, though there could be one.
    Nowhere,
    /// The store's own user, who is no record to read or write but always resolves.
    SystemUser,
    /// A record of an object that the store does not have.
    Unregistered,
    /// A record of an object that the reference may not name.
    Wrong,
}

/// Where the record with a packed id is.
///
/// # Errors
/// [`Error::Storage`].
pub(crate) fn place_of(read: &dyn Read, table: &Table, packed: u64) -> Result<Place> {
    let key = packed.to_be_bytes();
    Ok(if read.get(table.live, &key, &mut |_| ())? {
        Place::Live
    } else if read.get(table.bin, &key, &mut |_| ())? {
        Place::Bin
    } else {
        Place::Nowhere
    })
}

impl Reader<'_> {
    /// What a reference by this field leads to.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn follow(&self, field: &Field, id: RecordId) -> Result<Leads> {
        match target_of(&self.schema.catalogue, field, id) {
            Target::Object(object) => self.look_for(object, id),
            Target::Unregistered => Ok(Leads::Unregistered),
            Target::Wrong => Ok(Leads::Wrong),
        }
    }

    /// What a reference to a record of `object` leads to.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn look_for(&self, object: &Object, id: RecordId) -> Result<Leads> {
        if id == self.schema.system_user {
            return Ok(Leads::SystemUser);
        }
        let Some(packed) = self.pack_known(id)? else { return Ok(Leads::Nowhere) };
        Ok(match place_of(self.read, self.schema.table(object)?, packed)? {
            Place::Live => Leads::Live(packed),
            Place::Bin => Leads::Bin,
            Place::Nowhere => Leads::Nowhere,
        })
    }

    /// What a reference to a record of an object leads to that is not listed: its records are in the
    /// file, and come back with it.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn look_for_dormant(&self, id: RecordId) -> Result<Leads> {
        match self.schema.catalogue.dormant_of_prefix(id.key_prefix()) {
            Some(object) => self.look_for(object, id),
            None => Ok(Leads::Unregistered),
        }
    }

    /// The packed id of a live record of `object`.
    ///
    /// # Errors
    /// [`Error::WrongId`], [`Error::NotFound`], [`Error::Deleted`]; [`Error::Storage`].
    pub(crate) fn locate(&self, object: &Object, id: RecordId) -> Result<u64> {
        object.check_id(id)?;
        let packed = self.pack_known(id)?;
        let place = match packed {
            Some(packed) => place_of(self.read, self.schema.table(object)?, packed)?,
            None => Place::Nowhere,
        };
        let (name, field) = (object.name.clone(), None);
        match (place, packed) {
            (Place::Live, Some(packed)) => Ok(packed),
            (Place::Bin, _) => Err(Error::Deleted { object: name, field, id }),
            _ => Err(Error::NotFound { object: name, field, id }),
        }
    }
}
