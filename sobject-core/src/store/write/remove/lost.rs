//! References of a record that comes back from the bin, whose own records may be gone meanwhile.

use super::restore::Together;
use crate::{
    bytes::Cell,
    catalogue::{Object, system_slot},
    definition::FieldIdx,
    error::{Error, Problem, Result},
    permissions::ObjectRight,
    store::{read::Leads, rules::bad_value, write::Write},
};

impl Write<'_> {
    /// Empties the references of a record from the bin that lead to records which are no longer live, but
    /// for those that come back with it.
    ///
    /// # Errors
    /// Those of [`Write::undelete`] of a reference that cannot be emptied.
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
            let names = || (object.name.clone(), Some(field.name.clone()));
            // The definition may name fewer objects than when the record was deleted.
            let lost = self.read(|reader| match reader.follow(field, id)? {
                Leads::Unregistered => reader.look_for_dormant(id),
                leads => Ok(leads),
            });
            let lost = match Lost::of(lost?) {
                None => continue,
                Some(_) if field.flags.is_nillable() => {
                    *cell = Cell::Null;
                    continue;
                }
                Some(lost) => lost,
            };
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
            let (object_name, field_name) = names();
            // Of records that the caller may not read, no more is told than that none is found.
            let mut targets = self.schema.catalogue.of_prefix(id.key_prefix());
            let is_hidden = targets.any(|it| !self.access.may(it, ObjectRight::Read));
            return Err(match lost {
                _ if is_hidden => Error::NotFound { object: object_name, field: field_name, id },
                Lost::Deleted => Error::Deleted { object: object_name, field: field_name, id },
                Lost::NotFound => Error::NotFound { object: object_name, field: field_name, id },
                Lost::Wrong => bad_value(object, field, id.to_string(), Problem::WrongObject),
            });
        }
        Ok(())
    }
}

/// Why a reference can no longer stand.
#[derive(Clone, Copy, Debug)]
enum Lost {
    Deleted,
    NotFound,
    Wrong,
}

impl Lost {
    /// Why what a reference leads to is lost; `None` if it is not.
    fn of(leads: Leads) -> Option<Self> {
        match leads {
            Leads::Live(_) | Leads::SystemUser | Leads::Unregistered => None,
            Leads::Bin => Some(Self::Deleted),
            Leads::Nowhere => Some(Self::NotFound),
            Leads::Wrong => Some(Self::Wrong),
        }
    }
}
