//! References of a record that comes back from the bin, whose own records may be gone meanwhile.

use super::restore::Together;
use crate::{
    bytes::Cell,
    catalogue::{Object, system_slot},
    definition::FieldIdx,
    error::{Error, Result},
    store::{read::Leads, write::Write},
};

impl Write<'_> {
    /// Empties the references of a record from the bin that lead to records which are no longer live, but
    /// for those that come back with it.
    ///
    /// # Errors
    /// [`Error::NeedsRecord`] of a reference that cannot be emptied; [`Error::NotSupported`] of one that
    /// the caller does not see.
    pub(super) fn clear_lost_references(
        &self,
        object: &Object,
        together: &Together,
        cells: &mut [Cell<'_>],
    ) -> Result<()> {
        for (idx, field, stored) in object.kept() {
            let slot = stored.slot;
            let is_system = slot <= system_slot(FieldIdx::SYSTEM_MODSTAMP);
            let Some(cell) = cells.get_mut(usize::from(slot)) else {
                return Err(Error::corrupt(format!("{}: a row lacks {}", object.name, field.name)));
            };
            let (false, true, Cell::Fixed(target)) = (is_system, object.is_reference(idx), *cell)
            else {
                continue;
            };
            // What comes back with the record is live then, itself among it.
            if together.contains(&target) {
                continue;
            }
            let id = self.read(|reader| reader.unpack(target))?;
            // The definition may name fewer objects than when the record was deleted.
            let leads = self.read(|reader| match reader.follow(field, id)? {
                Leads::Unregistered => reader.look_for_dormant(id),
                leads => Ok(leads),
            })?;
            if matches!(leads, Leads::Live(_) | Leads::SystemUser | Leads::Unregistered) {
                continue;
            }
            if field.flags.is_nillable() {
                *cell = Cell::Null;
                continue;
            }
            if object.is_dormant(idx) {
                let object = object.name.clone();
                let what = format!(
                    "undeleting a record with a required field that is not listed and leads to {id}, \
                     which is not live"
                );
                return Err(Error::NotSupported { object, what });
            }
            if !self.access.reads(object, idx) {
                let what = "undeleting a record with a required field that the caller may not read and \
                            that leads to no live record";
                let (object, what) = (object.name.clone(), what.to_owned());
                return Err(Error::NotSupported { object, what });
            }
            // Whether that record is in the bin or nowhere is not told: the caller may not read it.
            let (object, field) = (object.name.clone(), field.name.clone());
            return Err(Error::NeedsRecord { object, field, id });
        }
        Ok(())
    }
}
