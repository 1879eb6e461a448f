//! Values that open picklists do not list: a write finds how they were first written, and takes up
//! those that are new.
//!
//! What a refused record gives is not taken up, since it is taken back with what else was written.

use super::writer::Write;
use crate::{
    bytes::Cell,
    catalogue::{Field, Object},
    error::Result,
    store::{
        keep::{SPELLINGS, Spelling},
        rules::{Checked, Values, unlisted},
        write::Expected,
    },
};

impl Write<'_> {
    /// How a value that a picklist does not list was first written; `None` if it is new.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(super) fn first_spelling(
        &self,
        object: &Object,
        field: &Field,
        text: &str,
    ) -> Result<Option<Spelling>> {
        let Some(stored) = field.stored else { return Ok(None) };
        self.read(|reader| Spelling::find(reader.read, (object.number, stored.slot), text))
    }

    /// Takes up the values of a record that its open picklists do not list and that are new.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn take_up_values(&mut self, object: &Object, values: &Values<'_>) -> Result<()> {
        for (idx, value) in values {
            let field = object.at(*idx)?;
            let Some(stored) = field.stored.filter(|_| field.is_open_picklist()) else { continue };
            let cell = match value {
                Checked::Cell(cell) => *cell,
                Checked::Owned(cell) => cell.as_cell(),
                Checked::Id(_) => continue,
            };
            let Cell::Text(text) = cell else { continue };
            let of = (object.number, stored.slot);
            for value in unlisted(field, text) {
                let new = self.read(|reader| Spelling::take_up(reader.read, of, value))?;
                if let Some(new) = new {
                    new.put(&mut self.buffer);
                }
            }
        }
        Ok(())
    }
}

/// Values that a picklist does not list may be looked for.
pub(crate) fn expect_spellings(
    object: &Object,
    field: &Field,
    text: &str,
    expected: &mut Expected,
) {
    let Some(stored) = field.stored else { return };
    for value in unlisted(field, text) {
        expected.key(SPELLINGS, &Spelling::key((object.number, stored.slot), value));
    }
}
