//! Unique values: the last stage of every write.

use super::writer::Write;
use crate::{
    bytes::Cell,
    catalogue::Object,
    error::{Error, Result, shorten},
    id::RecordId,
    store::keep::{Index, Table},
};

impl Write<'_> {
    /// Refuses a value that another live record has in a unique field. `before` is the record itself
    /// with its old cells, if it has been live.
    ///
    /// # Errors
    /// [`Error::Duplicate`], or [`Error::DuplicateHidden`] where the caller may not read the field;
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn check_unique(
        &self,
        object: &Object,
        table: &Table,
        cells: &[Cell<'_>],
        before: Option<(u64, &[Cell<'_>])>,
    ) -> Result<()> {
        for index in table.indexes.iter().filter(|index| index.is_unique) {
            let slot = usize::from(index.slot);
            let cell = cells.get(slot).copied().unwrap_or(Cell::Null);
            let is_same = before.is_some_and(|(_, before)| before.get(slot) == Some(&cell));
            if cell.is_null() || is_same {
                continue;
            }
            let holder = self.read(|reader| index.holder(reader.read, cell))?;
            let own = before.map(|(id, _)| id);
            let Some(holder) = holder.filter(|holder| Some(*holder) != own) else { continue };
            return Err(self.duplicate_of(object, table, index, cell, holder)?);
        }
        Ok(())
    }

    /// The refusal of a value that a record has, by its packed id.
    fn duplicate_of(
        &self,
        object: &Object,
        table: &Table,
        index: &Index,
        cell: Cell<'_>,
        holder: u64,
    ) -> Result<Error> {
        let holder = self.read(|reader| reader.unpack(holder))?;
        self.duplicate(object, table, index, cell, holder)
    }

    /// The refusal of a value that a record has.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn duplicate(
        &self,
        object: &Object,
        table: &Table,
        index: &Index,
        cell: Cell<'_>,
        holder: RecordId,
    ) -> Result<Error> {
        let idx = table.field_in(index.slot).filter(|idx| self.access.reads(object, *idx));
        let Some(idx) = idx else {
            return Ok(Error::DuplicateHidden { object: object.name.clone() });
        };
        let value = self.read(|reader| reader.cell_text(index.storage, cell))?;
        let (object, field) = (object.name.clone(), object.at(idx)?.name.clone());
        Ok(Error::Duplicate { object, field, value: shorten(value), holder })
    }
}
