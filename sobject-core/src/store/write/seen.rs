//! What a write notes of who saw a record.

use crate::{
    bytes::{Cell, fixed_key},
    catalogue::Object,
    error::{Error, Result},
    id::RecordId,
    name::{LAST_REFERENCED_DATE, LAST_VIEWED_DATE, is_same_name},
    store::{
        keep::{NEVER, PER_CALLER, Seen, seen},
        write::{Expected, Write},
    },
};

fn has_field(object: &Object, name: &str) -> bool {
    object.fields().any(|(_, it)| is_same_name(&it.name, name) && it.flags.is_per_caller())
}

impl Write<'_> {
    /// When the caller saw a record may be read, if records of its object note that.
    pub(crate) fn expect_seen(&self, object: &Object, packed: u64, expected: &mut Expected) {
        if has_field(object, LAST_VIEWED_DATE) || has_field(object, LAST_REFERENCED_DATE) {
            expected.key(PER_CALLER, &fixed_key(self.user(), packed));
        }
    }

    /// Notes that the caller has referenced a live record, and viewed it if `viewed`.
    ///
    /// # Errors
    /// [`Error::UnknownObject`] if the caller may not read it; [`Error::WrongId`],
    /// [`Error::NotFound`], [`Error::Deleted`]; [`Error::NotSupported`] if the object has no field for
    /// it.
    pub(crate) fn mark_seen(&mut self, object: &Object, id: RecordId, viewed: bool) -> Result<()> {
        self.access.check_read(object)?;
        let field = if viewed { LAST_VIEWED_DATE } else { LAST_REFERENCED_DATE };
        if !has_field(object, field) {
            let what = format!("noting who saw a record of an object without a field {field}");
            return Err(Error::NotSupported { object: object.name.clone(), what });
        }
        let packed = self.read(|reader| reader.locate(object, id))?;
        let mut seen = self.read(|reader| seen(reader.read, self.user(), packed))?;
        if viewed {
            seen.viewed = self.stamp;
        }
        seen.referenced = self.stamp;
        let key = fixed_key(self.user(), packed);
        self.buffer.put(PER_CALLER, &key, &seen.encode());
        Ok(())
    }

    /// Sets what a record has in per-caller fields, given by name, for the caller; null is never.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn put_seen(&mut self, packed: u64, given: &[(&str, Cell<'_>)]) -> Result<()> {
        if given.is_empty() {
            return Ok(());
        }
        let before = self.read(|reader| seen(reader.read, self.user(), packed))?;
        let mut after = before;
        for (field, cell) in given {
            let millis = match cell {
                Cell::Fixed(bits) => bits.cast_signed(),
                _ => NEVER,
            };
            if is_same_name(field, LAST_VIEWED_DATE) {
                after.viewed = millis;
            } else if is_same_name(field, LAST_REFERENCED_DATE) {
                after.referenced = millis;
            }
        }
        let key = fixed_key(self.user(), packed);
        if after == before {
            return Ok(());
        }
        if after == Seen::NEVER {
            self.buffer.remove(PER_CALLER, &key);
        } else {
            self.buffer.put(PER_CALLER, &key, &after.encode());
        }
        Ok(())
    }
}
