//! What a write notes of who saw a record.

use std::collections::HashSet;

use crate::{
    bytes::{Cell, fixed_key},
    catalogue::Object,
    error::{Error, Result},
    id::RecordId,
    name::{LAST_REFERENCED_DATE, LAST_VIEWED_DATE, is_same_name},
    store::{
        keep::{
            NEVER, PER_CALLER, RECENT, Seen, put_seen, seen, turns_before, viewer_key, viewers,
        },
        read::Place,
        write::{Expected, Write},
    },
};

/// How a caller has seen records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// They are shown: sets LastViewedDate, and LastReferencedDate too.
    View,
    /// They are named by something that is shown: sets LastReferencedDate.
    Reference,
}

impl Look {
    /// The field that it sets.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::View => LAST_VIEWED_DATE,
            Self::Reference => LAST_REFERENCED_DATE,
        }
    }

    /// Do records of the object note this?
    pub(crate) fn is_noted(self, object: &Object) -> bool {
        has_field(object, self.field())
    }

    /// Refuses an object whose records do not note this.
    ///
    /// # Errors
    /// [`Error::NotSupported`].
    pub(crate) fn check(self, object: &Object) -> Result<()> {
        if self.is_noted(object) {
            return Ok(());
        }
        let field = self.field();
        let what = format!("noting who saw a record of an object without a field {field}");
        Err(Error::NotSupported { object: object.name.clone(), what })
    }
}

fn has_field(object: &Object, name: &str) -> bool {
    object.fields().any(|(_, it)| is_same_name(&it.name, name) && it.flags.is_per_caller())
}

impl Write<'_> {
    /// When the caller saw a record may be read, if records of its object note that.
    pub(crate) fn expect_seen(&self, object: &Object, packed: u64, expected: &mut Expected) {
        if Look::View.is_noted(object) || Look::Reference.is_noted(object) {
            expected.key(PER_CALLER, &fixed_key(self.user(), packed));
        }
    }

    /// Notes that the caller has seen a live record.
    ///
    /// # Errors
    /// [`Error::UnknownObject`] if the caller may not read it; [`Error::WrongId`],
    /// [`Error::NotFound`], [`Error::Deleted`]; [`Error::NotSupported`] if the object has no field for
    /// it.
    pub(crate) fn mark_seen(&mut self, object: &Object, id: RecordId, look: Look) -> Result<()> {
        self.access.check_read(object)?;
        look.check(object)?;
        let packed = self.read(|reader| reader.locate(object, id))?;
        let turn = self.last_turn()?;
        self.note_seen(object, packed, look, turn).map(drop)
    }

    /// Notes that the caller has viewed those of these records that are live.
    ///
    /// # Errors
    /// As [`Write::mark_seen`].
    pub(crate) fn mark_viewed(&mut self, object: &Object, ids: &[RecordId]) -> Result<()> {
        let packed = ids.iter().map(|id| self.pack_known(*id)).collect::<Result<Vec<_>>>()?;
        let packed: Vec<u64> = packed.into_iter().flatten().collect();
        self.mark_all_seen(object, &packed, Look::View)
    }

    /// Notes that the caller has seen those of these records, by packed id, that are live: the last of
    /// them last. A record that stands there several times is noted where it first does.
    ///
    /// # Errors
    /// As [`Write::mark_seen`].
    pub(crate) fn mark_all_seen(
        &mut self,
        object: &Object,
        records: &[u64],
        look: Look,
    ) -> Result<()> {
        self.access.check_read(object)?;
        look.check(object)?;
        let table = self.schema.table(object)?;
        let mut expected = Expected::default();
        for packed in records {
            expected.key(table.live, &packed.to_be_bytes());
            expected.key(PER_CALLER, &fixed_key(self.user(), *packed));
        }
        self.base.expect(expected);
        let mut turn = self.last_turn()?;
        let mut noted = HashSet::new();
        for packed in records {
            if noted.insert(*packed) && self.place_of(table, *packed)? == Place::Live {
                turn = self.note_seen(object, *packed, look, turn)?;
            }
        }
        Ok(())
    }

    /// The turn in which the caller last saw a record.
    fn last_turn(&self) -> Result<i64> {
        let last = self.read(|reader| turns_before(reader.read, self.user(), None, 1))?;
        Ok(last.first().map_or(NEVER, |last| last.turn))
    }

    /// Notes that the caller has seen a record, in the turn after one; the turn.
    fn note_seen(&mut self, object: &Object, packed: u64, look: Look, after: i64) -> Result<i64> {
        let of = (self.user(), packed);
        let before = self.read(|reader| seen(reader.read, of.0, of.1))?;
        let viewed = if look == Look::View { self.stamp } else { before.viewed };
        let turn = self.stamp.max(after.saturating_add(1));
        let now = Seen { viewed, referenced: self.stamp, turn };
        put_seen(&mut self.buffer, of, object.number, before, now);
        Ok(turn)
    }

    /// Sets what a record has in per-caller fields, given by name, for the caller; null is never. The
    /// caller saw the record at the later of the two.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn put_seen(
        &mut self,
        object: &Object,
        packed: u64,
        given: &[(&str, Cell<'_>)],
    ) -> Result<()> {
        if given.is_empty() {
            return Ok(());
        }
        let of = (self.user(), packed);
        let before = self.read(|reader| seen(reader.read, of.0, of.1))?;
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
        if (after.viewed, after.referenced) != (before.viewed, before.referenced) {
            after.turn = after.viewed.max(after.referenced);
            put_seen(&mut self.buffer, of, object.number, before, after);
        }
        Ok(())
    }

    /// Who saw records that are to be removed may be looked for, and when they did.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn expect_viewers(&self, records: impl Iterator<Item = u64> + Clone) -> Result<()> {
        let mut expected = Expected::default();
        for record in records.clone() {
            expected.range(RECENT, &viewer_key(record, 0), &viewer_key(record, u64::MAX));
        }
        self.base.expect(expected);
        let mut expected = Expected::default();
        for record in records {
            for user in self.read(|reader| viewers(reader.read, record))? {
                expected.key(PER_CALLER, &fixed_key(user, record));
            }
        }
        self.base.expect(expected);
        Ok(())
    }

    /// Forgets who saw a record, which is gone for good.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn forget_seen(&mut self, object: &Object, packed: u64) -> Result<()> {
        for user in self.read(|reader| viewers(reader.read, packed))? {
            let before = self.read(|reader| seen(reader.read, user, packed))?;
            put_seen(&mut self.buffer, (user, packed), object.number, before, Seen::NEVER);
        }
        Ok(())
    }
}
