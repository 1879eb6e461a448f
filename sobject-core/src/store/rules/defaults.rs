//! The values of fields that were not given: defaults, and the initial values of fields that are
//! newer than their records.
//!
//! The declaration of a field tells its default
//! ([`DeclaredField::default_value`](crate::catalogue::DeclaredField::default_value)); here it is
//! checked by the rules of the field and becomes a cell.

use serde_json::Value as Json;

use super::{
    input::convert,
    value::{self, Checked, Fidelity},
};
use crate::{
    bytes::{OwnedCell, Slot, value_of},
    catalogue::{Field, Object, StoredObject},
    error::{Error, Problem, Result},
    value::Value,
};

/// What a create that gives nothing has in the slots that are not null then, those of dormant fields
/// included.
///
/// # Errors
/// [`Error::BadDefinition`] if a default is no value of its field.
pub(crate) fn defaults_of(object: &Object) -> Result<Vec<(Slot, OwnedCell)>> {
    let defaults = object.fields.iter().filter_map(|field| {
        let (stored, json) = (field.stored?, field.default.as_ref()?);
        Some(default_cell(object, field, json).map(|cell| (stored.slot, cell)))
    });
    defaults.collect()
}

/// The initial values of an object's fields: what records that are older than a field have in its
/// slot, where that is not null.
///
/// # Errors
/// [`Error::Corrupt`] if the file holds an initial value that is not of the field's type.
pub(crate) fn initial_of(object: &Object, stored: &StoredObject) -> Result<Vec<(Slot, OwnedCell)>> {
    let initial = stored.fields().filter_map(|(_, place)| {
        let (slot, json) = (place.slot?, place.initial.as_ref()?);
        Some(kept_cell(object, slot, json).map(|cell| (slot, cell)))
    });
    initial.collect()
}

/// The cell of a default, which must be a value of its field.
///
/// # Errors
/// [`Error::BadDefinition`].
pub(crate) fn default_cell(object: &Object, field: &Field, json: &Json) -> Result<OwnedCell> {
    let bad = |error: Error| Error::BadDefinition {
        object: object.name.clone(),
        problems: vec![format!("field {}: the default is wrong: {}", field.name, told(&error))],
    };
    let given = convert(object, field, json).map_err(bad)?;
    let cell = match value::check(object, field, &given, Fidelity::Normal, &|_, _| Ok(None))
        .map_err(bad)?
    {
        Checked::Cell(cell) => cell.into(),
        Checked::Owned(cell) => cell,
        Checked::Id(_) => OwnedCell::Null,
    };
    if cell == OwnedCell::Null && !field.flags.is_nillable() {
        return Err(Error::BadDefinition {
            object: object.name.clone(),
            problems: vec![format!(
                "field {}: the default is null, which the field may not be",
                field.name
            )],
        });
    }
    Ok(cell)
}

/// What is wrong with a default. It was not given as JSON, so that it is not told as wrong JSON.
fn told(error: &Error) -> String {
    match error {
        Error::BadValue(bad) if matches!(bad.problem, Problem::Unreadable { .. }) => {
            format!("`{}` is no value of the type {}", bad.value, bad.field_type)
        }
        error => error.message(),
    }
}

/// A default in the form in which a record that has it is read, in JSON: a number that was declared
/// as the text `"7"` is 7 here.
///
/// # Errors
/// Those of [`default_cell`].
pub(crate) fn default_json(object: &Object, field: &Field, json: &Json) -> Result<Json> {
    let cell = default_cell(object, field, json)?;
    let storage = field.field_type.storage();
    Ok(storage.map_or(Ok(Value::Null), |storage| value_of(storage, cell.as_cell()))?.to_json())
}

/// The cell of a value that the catalogue keeps for a slot. It was checked when it was taken up, and
/// stays as it is whatever the rules are now.
///
/// # Errors
/// [`Error::Corrupt`] if it is not of the type of the field that has the slot.
pub(crate) fn kept_cell(object: &Object, slot: Slot, json: &Json) -> Result<OwnedCell> {
    let cell = object.field_in(slot).and_then(|field| {
        let given = convert(object, field, json).ok()?;
        value::as_given(field, &given)
    });
    cell.ok_or_else(|| {
        Error::corrupt(format!("{}: {json} is kept for slot {slot}, and cannot be", object.name))
    })
}
