//! Values that open picklists do not list: a write finds how they were first written, and takes up
//! those that are new.
//!
//! What a refused record gives is not taken up, since it is taken back with what else was written.

use super::writer::Write;
use crate::{
    bytes::{Cell, OwnedCell, Slot},
    catalogue::{Field, Object, ObjectNo},
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
        for (of, value) in unlisted_of(object, values) {
            let new = self.read(|reader| Spelling::take_up(reader.read, of, value))?;
            if let Some(new) = new {
                new.put(&mut self.buffer);
            }
        }
        Ok(())
    }
}

/// The values of a record that its open picklists do not list, each with its field.
fn unlisted_of<'v>(
    object: &'v Object,
    values: &'v Values<'_>,
) -> impl Iterator<Item = ((ObjectNo, Slot), &'v str)> {
    // Most objects have no such picklist, and then the values need not be looked at.
    let values = if object.open_picklists.is_empty() { &[] } else { values.as_slice() };
    values.iter().flat_map(move |(idx, value)| {
        let field = object.field(*idx).filter(|field| field.is_open_picklist());
        let text = match value {
            Checked::Cell(Cell::Text(text)) => Some(*text),
            Checked::Owned(OwnedCell::Text(text)) => Some(&**text),
            _ => None,
        };
        let of = field.and_then(|field| Some((field, field.stored?.slot, text?)));
        of.into_iter().flat_map(move |(field, slot, text)| {
            unlisted(field, text).map(move |value| ((object.number, slot), value))
        })
    })
}

/// The values of a record that are to be taken up may be looked for.
pub(crate) fn expect_taken_up(object: &Object, values: &Values<'_>, expected: &mut Expected) {
    for (of, value) in unlisted_of(object, values) {
        expected.key(SPELLINGS, &Spelling::key(of, value));
        expected.key(SPELLINGS, &Spelling::count_key(of));
    }
}

/// Values of a text that a picklist does not list may be looked for.
pub(super) fn expect_spellings(
    object: &Object,
    field: &Field,
    text: &str,
    expected: &mut Expected,
) {
    /// More values than a field takes are refused before they are looked for.
    const MAX_EXPECTED: usize = 100;
    let Some(stored) = field.stored else { return };
    for value in unlisted(field, text).take(MAX_EXPECTED) {
        expected.key(SPELLINGS, &Spelling::key((object.number, stored.slot), value));
    }
}
