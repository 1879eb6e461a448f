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
    error::{Error, Result},
    value::Value,
};

/// The defaults of an object's fields: each slot that is not null if a create gives nothing, with
/// its cell.
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
    let initial = stored.fields.iter().filter_map(|entry| {
        let field = object.field(object.find(&entry.declared.name)?)?;
        let (slot, json) = (entry.slot?, entry.initial.as_ref()?);
        Some(initial_cell(object, field, json).map(|cell| (slot, cell)))
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
        problems: vec![format!("field {}: the default is wrong: {}", field.name, error.message())],
    };
    let given = convert(object, field, json).map_err(bad)?;
    let cell = match value::check(object, field, &given, Fidelity::Normal).map_err(bad)? {
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

/// The cell of an initial value. It was checked when the field was added, and is not checked again:
/// the rules of the field may have changed since.
///
/// # Errors
/// [`Error::Corrupt`] if it is not of the field's type.
fn initial_cell(object: &Object, field: &Field, json: &Json) -> Result<OwnedCell> {
    let given = convert(object, field, json);
    let cell = given.ok().and_then(|given| value::as_given(field, &given));
    cell.ok_or_else(|| {
        Error::corrupt(format!("{}: {} cannot be {json} in old records", object.name, field.name))
    })
}
