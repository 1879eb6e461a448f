//! Delete and undelete: records into the recycle bin, and back.
//!
//! A deleted record moves from the live space to the bin and loses its index entries. Both calls
//! stamp LastModifiedDate and By, and SystemModstamp (a choice of ours where the platform's answer
//! is unknown). Auto-numbers and ids stay.

use crate::{
    bytes::row::Cell,
    catalogue::{Object, resolve::system_slot},
    definition::FieldIdx,
    error::{Call, Error, InUse, Problem, Result},
    id::RecordId,
    permissions::ObjectRight,
    store::{
        feed::Kind,
        index,
        input::bad_value,
        read::Reader,
        schema::{Referrer, Table},
        write::{Whereabouts, Write, all_cells, encode, set_slot},
    },
};

/// How many of the records that hold another are named in the refusal to delete it.
const NAMED_HOLDERS: usize = 5;

impl Write<'_> {
    /// Moves a live record to the recycle bin.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`], [`Error::WrongId`], [`Error::NotFound`], [`Error::Deleted`];
    /// [`Error::InUse`] if a required reference of a live record leads to it;
    /// [`Error::NotSupported`] if one that may be null does.
    pub(crate) fn delete(&mut self, object: &Object, id: RecordId) -> Result<()> {
        self.access.check_call(object, Call::Delete)?;
        let packed = self.find_live(object, id)?;
        self.check_unused(object, id, packed)?;
        let table = self.store.table(object)?;
        let old = self.row_bytes(table, packed)?;
        let old = table.row(&old)?;
        let mut cells = all_cells(table, old)?;
        self.stamp_removal(&mut cells);
        let row = encode(object, table, &cells)?;
        self.buffer.remove(table.live, &packed.to_be_bytes());
        self.buffer.insert(table.bin, &packed.to_be_bytes(), &row);
        index::update(table, packed, Some(old), None, &mut self.buffer)?;
        self.append(Kind::Delete, object, packed, Vec::new());
        self.forget_found();
        Ok(())
    }

    /// Moves a record from the recycle bin back among the live ones.
    ///
    /// A reference whose record is no longer live comes back null.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`], [`Error::WrongId`], [`Error::NotInRecycleBin`];
    /// [`Error::Duplicate`] if a unique value was taken meanwhile; [`Error::Deleted`],
    /// [`Error::NotFound`] or [`Error::BadValue`] if a required reference leads to no live record of
    /// an object that it names.
    pub(crate) fn undelete(&mut self, object: &Object, id: RecordId) -> Result<()> {
        self.access.check_call(object, Call::Undelete)?;
        object.check_id(id)?;
        let table = self.store.table(object)?;
        let packed = match self.pack_known(id)? {
            Some(packed) if matches!(self.whereabouts(table, packed)?, Whereabouts::Bin) => packed,
            _ => return Err(Error::NotInRecycleBin { object: object.name.clone(), id }),
        };
        let old = self.row_bytes_in(table.bin, packed)?;
        let mut cells = all_cells(table, table.row(&old)?)?;
        self.clear_lost_references(object, table, packed, &mut cells)?;
        self.check_unique(object, table, &cells, None)?;
        self.stamp_removal(&mut cells);
        let row = encode(object, table, &cells)?;
        self.buffer.remove(table.bin, &packed.to_be_bytes());
        self.buffer.insert(table.live, &packed.to_be_bytes(), &row);
        let new = table.row(&row)?;
        index::update(table, packed, None, Some(new), &mut self.buffer)?;
        self.append(Kind::Undelete, object, packed, Vec::new());
        self.forget_found();
        Ok(())
    }

    fn stamp_removal(&self, cells: &mut [Cell<'_>]) {
        self.stamp_user(cells, FieldIdx::LAST_MODIFIED_DATE, FieldIdx::LAST_MODIFIED_BY_ID);
        self.stamp_system(cells);
    }

    /// Refuses to delete a record that live records refer to.
    fn check_unused(&self, object: &Object, id: RecordId, packed: u64) -> Result<()> {
        let referrers = self.store.referrers.get(usize::from(object.number.0));
        for referrer in referrers.into_iter().flatten() {
            let holders = self.read(|reader| holders(reader, *referrer, packed))?;
            let holders: Vec<_> = holders.into_iter().filter(|holder| *holder != packed).collect();
            if holders.is_empty() {
                continue;
            }
            let Some(child) = self.store.catalogue.get(referrer.object) else { continue };
            let Some(field) = child.field(referrer.field) else { continue };
            if field.flags.is_nillable() {
                // Whoever may not read the reference does not learn its name.
                let holder = if self.access.reads(child, referrer.field) {
                    format!("{}.{} of other records", child.name, field.name)
                } else {
                    "a field of other records".to_owned()
                };
                let what = format!("deleting {id}, which {holder} refers to; empty those first");
                return Err(Error::NotSupported { object: object.name.clone(), what });
            }
            return Err(self.read(|reader| {
                let name = reader.name_of(object, packed)?;
                // Whoever may not read the child does not learn of it, nor which records it has.
                let (child_plural, holders) = if reader.access.may(child, ObjectRight::Read) {
                    (child.plural.clone(), &holders[..])
                } else {
                    ("other records".to_owned(), &[][..])
                };
                let names = holders.iter().map(|holder| reader.name_of(child, *holder));
                Ok::<_, Error>(Error::InUse(Box::new(InUse {
                    object: object.name.clone(),
                    id,
                    name,
                    child_plural,
                    child_names: names.collect::<Result<_>>()?,
                })))
            })?);
        }
        Ok(())
    }

    /// Empties the references of a record that lead to records which are no longer live.
    fn clear_lost_references(
        &self,
        object: &Object,
        table: &Table,
        packed: u64,
        cells: &mut [Cell<'_>],
    ) -> Result<()> {
        for (idx, field) in object.fields() {
            let Some(slot) = table.slot(idx) else { continue };
            let is_system = slot <= system_slot(FieldIdx::SYSTEM_MODSTAMP);
            let (false, Some(Cell::Fixed(target))) = (is_system, cells.get(usize::from(slot)))
            else {
                continue;
            };
            // A record that refers to itself comes back with what it refers to.
            if field.references.is_empty() || *target == packed {
                continue;
            }
            let target = self.read(|reader| reader.unpack(*target))?;
            let catalogue = &self.store.catalogue;
            // The definition may name fewer objects than when the record was deleted.
            let lost = match catalogue.of_prefix(target.key_prefix()) {
                Some(to) if field.may_name(to) => {
                    self.check_exists(to, Some((object, field)), target).map(drop)
                }
                None if field.may_name_unregistered(catalogue, target.key_prefix()) => Ok(()),
                _ => Err(bad_value(object, field, target.to_string(), Problem::WrongObject)),
            };
            match lost {
                Ok(()) => (),
                Err(Error::NotFound { .. } | Error::Deleted { .. } | Error::BadValue(_))
                    if field.flags.is_nillable() =>
                {
                    set_slot(cells, slot, Cell::Null);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The first records that refer to a record, by packed id.
fn holders(reader: &Reader<'_>, referrer: Referrer, packed: u64) -> Result<Vec<u64>> {
    let mut holders = Vec::new();
    reader.entries_equal(referrer.index, Cell::Fixed(packed), &mut |id| {
        holders.push(id);
        // One more than is named, since the record may refer to itself.
        if holders.len() > NAMED_HOLDERS {
            std::ops::ControlFlow::Break(())
        } else {
            std::ops::ControlFlow::Continue(())
        }
    })?;
    Ok(holders)
}
