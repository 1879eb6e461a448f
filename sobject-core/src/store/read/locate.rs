//! Where a record is, and whether a reference leads to one.

use crate::{
    catalogue::{Field, Object},
    engine::{Read, Space},
    error::{Error, Result},
    id::RecordId,
    permissions::ObjectRight,
    store::{keep::Table, read::Reader, rules::targets_of},
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
        let targets = targets_of(&self.schema.catalogue, field, id);
        if targets.is_wrong() {
            return Ok(Leads::Wrong);
        }
        match self.look_among(targets.objects(), id)? {
            Leads::Nowhere if targets.is_unregistered => Ok(Leads::Unregistered),
            leads => Ok(leads),
        }
    }

    /// What a reference to a record of one of these objects leads to: to the live record, else to the
    /// deleted one, of which there is one at most.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn look_among<'o>(
        &self,
        objects: impl Iterator<Item = &'o Object>,
        id: RecordId,
    ) -> Result<Leads> {
        let mut found = Leads::Nowhere;
        for object in objects {
            match self.look_for(object, id)? {
                Leads::Nowhere => (),
                Leads::Bin => found = Leads::Bin,
                leads => return Ok(leads),
            }
        }
        Ok(found)
    }

    /// Is this the id of a record, live or deleted, of an object that the caller may read, that shares
    /// its key prefix with others, and that is `wanted`?
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn is_of_another(
        &self,
        id: RecordId,
        wanted: impl Fn(&&Object) -> bool,
    ) -> Result<bool> {
        let holders = self.schema.catalogue.of_prefix(id.key_prefix());
        let others =
            holders.filter(|it| it.shares_prefix && self.access.may(it, ObjectRight::Read));
        Ok(!matches!(self.look_among(others.filter(wanted), id)?, Leads::Nowhere))
    }

    /// The names of the objects of whose records one may have this id, of those that the caller may
    /// read.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn objects_of(&self, id: RecordId) -> Result<Vec<String>> {
        let holders = self.schema.catalogue.of_prefix(id.key_prefix());
        let holders = holders.filter(|it| self.access.may(it, ObjectRight::Read));
        let holders: Vec<_> = holders.collect();
        if holders.len() > 1 {
            for object in &holders {
                if !matches!(self.look_for(object, id)?, Leads::Nowhere) {
                    return Ok(vec![object.name.clone()]);
                }
            }
        }
        Ok(holders.into_iter().map(|object| object.name.clone()).collect())
    }

    /// Why there is no live record of `object` with this id, which is in this place.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn not_live(&self, object: &Object, id: RecordId, place: Place) -> Result<Error> {
        let (name, field) = (object.name.clone(), None);
        if place == Place::Bin {
            return Ok(Error::Deleted { object: name, field, id });
        }
        let is_another = self.is_of_another(id, |it| it.number != object.number)?;
        Ok(if is_another {
            object.wrong_id(id)
        } else {
            Error::NotFound { object: name, field, id }
        })
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
        let mut dormant = self.schema.catalogue.dormant_of_prefix(id.key_prefix()).peekable();
        if dormant.peek().is_none() {
            return Ok(Leads::Unregistered);
        }
        self.look_among(dormant, id)
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
        match packed.filter(|_| place == Place::Live) {
            Some(packed) => Ok(packed),
            None => Err(self.not_live(object, id, place)?),
        }
    }
}
