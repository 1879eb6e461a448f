//! What a change of the objects means for the values that open picklists do not list.
//!
//! A value that the definition does not list any more is one of those: it stays with the records that
//! have it, and later records that give it in another case get it as it was listed. What is dropped
//! is forgotten.

use crate::{
    catalogue::{ObjectNo, Plan},
    engine::{Buffer, Overlay, Read},
    error::{Error, Result},
    store::keep::{SPELLINGS, Spelling, fold_anew, keys_of},
    value::FieldType,
};

/// Brings what is kept of values in line with a plan. `is_folded_otherwise` says that the file's
/// keys were folded by another version of Unicode.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Storage`].
pub(super) fn settle_spellings(
    plan: &Plan,
    is_folded_otherwise: bool,
    base: &dyn Read,
    buffer: &mut Buffer,
) -> Result<()> {
    if is_folded_otherwise {
        fold_anew(base, buffer)?;
    }
    for gone in &plan.destroyed {
        let none = || Error::corrupt(format!("there is no object {}", gone.object));
        let entry = &plan.stored.get(gone.object).ok_or_else(none)?.entry;
        if gone.slot.is_some() || entry.dropped.is_some() {
            let read = &Overlay { base, buffer };
            for key in keys_of(read, ObjectNo(entry.number), gone.slot)? {
                buffer.remove(SPELLINGS, &key);
            }
        }
    }
    for old in &plan.before {
        let new = plan.stored.get(usize::from(old.entry.number));
        let Some(new) = new.filter(|new| new.entry.dropped.is_none()) else { continue };
        for (was, place) in old.fields() {
            let is_picklist =
                matches!(was.field_type, FieldType::Picklist | FieldType::MultiPicklist);
            let Some(slot) = place.slot.filter(|_| is_picklist) else { continue };
            let Some((is, _)) = new.fields().find(|(_, it)| it.slot == Some(slot)) else {
                continue;
            };
            for value in was.picklist.iter().filter(|it| !is.lists(&it.value)) {
                let of = (ObjectNo(new.entry.number), slot);
                let new = Spelling::take_up(&Overlay { base, buffer }, of, &value.value)?;
                if let Some(new) = new {
                    new.put(buffer);
                }
            }
        }
    }
    Ok(())
}
