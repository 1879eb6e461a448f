//! Records as JSON maps: what the caller may do is settled first, then the map is converted, and the
//! calls are those of [`write`](super::write).

use serde_json::{Map, Value as Json};

use crate::{
    catalogue::Object,
    error::{Call, Result},
    id::RecordId,
    store::{
        batch::Updates,
        check::{Purpose, check_writeable},
        input::{from_json, take_id},
        write::Write,
    },
};

impl<'s> Write<'s> {
    /// The object of this name, if there is one that the caller may read.
    ///
    /// # Errors
    /// [`Error::UnknownObject`](crate::Error::UnknownObject),
    /// [`Error::BadPermissions`](crate::Error::BadPermissions).
    pub(crate) fn find_object(&self, name: &str) -> Result<&'s Object> {
        self.access.find_object(&self.store.catalogue, name)
    }

    /// Creates a record from a map.
    ///
    /// # Errors
    /// Those of [`Write::create`], in the order of the stages of `check`.
    pub(crate) fn create_from(
        &mut self,
        object: &Object,
        record: &Map<String, Json>,
    ) -> Result<RecordId> {
        self.access.check_call(object, Call::Create)?;
        self.create(object, &from_json(object, self.access, record)?)
    }

    /// Changes the fields of a live record that a map has.
    ///
    /// # Errors
    /// Those of [`Write::update`], in the order of the stages of `check`.
    pub(crate) fn update_from(
        &mut self,
        object: &Object,
        id: RecordId,
        record: &Map<String, Json>,
    ) -> Result<()> {
        self.access.check_call(object, Call::Update)?;
        self.update(object, id, &from_json(object, self.access, record)?)
    }

    /// Changes the live record that a map names by its Id, as one of a call.
    ///
    /// # Errors
    /// Those of [`Write::update_from`]; [`Error::IdMissing`](crate::Error::IdMissing),
    /// [`Error::WrongId`](crate::Error::WrongId) for what is no id,
    /// [`Error::TooManyUpdates`](crate::Error::TooManyUpdates).
    pub(crate) fn update_named(
        &mut self,
        object: &Object,
        record: &Map<String, Json>,
        updates: &mut Updates,
    ) -> Result<()> {
        self.access.check_call(object, Call::Update)?;
        let mut input = from_json(object, self.access, record)?;
        let id = take_id(object, &mut input);
        check_writeable(object, self.access, Purpose::Update, &input)?;
        let id = id?;
        updates.count(object, id)?;
        self.update(object, id, &input)
    }
}
