//! Records by their keys, several at once: what an upsert and parents that are named by a key need.
//!
//! Only live records are found. Texts that differ in case only are the same key where the field is
//! unique and ignores case; elsewhere they are two, though the index has them in one place.

use std::ops::ControlFlow;

use super::super::{cache::Expected, expect::expect_unique, writer::Write};
use crate::{
    bytes::{Cell, OwnedCell},
    catalogue::Object,
    definition::FieldIdx,
    error::{Error, Result},
    id::RecordId,
    store::{
        keep::{Index, IndexRange, Table},
        rules::{Checked, Given, check_key_value},
    },
};

/// How many of the records that have the same key are named.
const MAX_MATCHES: usize = 10;

/// A value of a key field, by which records are looked for.
#[derive(Debug)]
pub(super) struct Key<'a> {
    object: &'a Object,
    table: &'a Table,
    index: &'a Index,
    field: FieldIdx,
    cell: OwnedCell,
}

impl Key<'_> {
    /// Has the index texts in one place that are two keys?
    fn is_exact(&self) -> bool {
        !self.index.is_unique
            && self.index.ignores_case()
            && matches!(self.cell, OwnedCell::Text(_))
    }

    /// Bytes that two values of a field share if they are the same key.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match &self.cell {
            OwnedCell::Text(text) if self.is_exact() => text.as_bytes().to_vec(),
            cell => self.index.key(cell.as_cell(), 0),
        }
    }

    /// The one record among those that have the key, if there is any.
    ///
    /// # Errors
    /// [`Error::SeveralMatches`]; [`Error::Corrupt`] if the field is gone.
    pub(super) fn one(&self, mut records: Vec<RecordId>) -> Result<Option<RecordId>> {
        if records.len() > 1 {
            let key = self.object.at(self.field)?;
            let (object, field) = (self.object.name.clone(), key.name.clone());
            let label = key.label.clone();
            return Err(Error::SeveralMatches { object, field, label, records });
        }
        Ok(records.pop())
    }
}

impl<'a> Write<'a> {
    /// The key that a value is of a key field; `None` for null.
    ///
    /// # Errors
    /// [`Error::BadValue`] if the field cannot have the value; [`Error::NotSupported`] if it has no
    /// index; [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn key_of<'k>(
        &self,
        object: &'k Object,
        idx: FieldIdx,
        given: &Given<'_>,
    ) -> Result<Option<Key<'k>>>
    where
        'a: 'k,
    {
        let field = object.at(idx)?;
        let table = self.schema.table(object)?;
        let first = |field: &_, text: &str| self.first_spelling(object, field, text);
        let cell = match check_key_value(object, field, given, &first)? {
            Checked::Cell(cell) => cell.into(),
            Checked::Owned(cell) => cell,
            // An id that was never packed is in no record.
            Checked::Id(id) => OwnedCell::Fixed(self.pack_known(id)?.unwrap_or_default()),
        };
        if cell == OwnedCell::Null {
            return Ok(None);
        }
        let no_index = || Error::NotSupported {
            object: object.name.clone(),
            what: format!("finding records by {}, which has no index", field.name),
        };
        let index = table.slot(idx).and_then(|slot| table.index_of(slot)).ok_or_else(no_index)?;
        Ok(Some(Key { object, table, index, field: idx, cell }))
    }

    /// The live records that have each key, of several the first [`MAX_MATCHES`].
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn look_up(&self, keys: &[Key<'_>]) -> Result<Vec<Vec<RecordId>>> {
        let mut expected = Expected::default();
        for Key { index, cell, .. } in keys {
            if index.is_unique {
                expect_unique(index, cell.as_cell(), &mut expected);
            } else {
                expected.entries(index, range_of(cell.as_cell(), None));
            }
        }
        self.expect(expected);
        let candidates = keys.iter().map(|key| self.candidates(key, None));
        let candidates = candidates.collect::<Result<Vec<_>>>()?;

        // The rows whose texts are compared.
        let mut expected = Expected::default();
        for (key, (packed, _)) in keys.iter().zip(&candidates).filter(|(key, _)| key.is_exact()) {
            for it in packed {
                expected.key(key.table.live, &it.to_be_bytes());
            }
        }
        self.expect(expected);
        let found =
            keys.iter().zip(candidates).map(|(key, candidates)| self.matches(key, candidates));
        found.collect()
    }

    /// The packed ids of the first records that the index has for a key, behind an entry; and the last
    /// entry, if there may be more.
    fn candidates(&self, key: &Key<'_>, after: Option<&[u8]>) -> Result<Candidates> {
        let cell = key.cell.as_cell();
        let mut found = Vec::new();
        self.read(|reader| {
            if key.index.is_unique {
                found.extend(key.index.holder(reader.read, cell)?);
                return Ok((found, None));
            }
            let last = key.index.scan(reader.read, range_of(cell, after), &mut |packed| {
                found.push(packed);
                Ok(ControlFlow::Continue(()))
            })?;
            Ok((found, last))
        })
    }

    /// The records of a key among the candidates of the index.
    fn matches(&self, key: &Key<'_>, candidates: Candidates) -> Result<Vec<RecordId>> {
        let (mut packed, mut more) = candidates;
        if key.is_exact() {
            self.keep_exact(key, &mut packed)?;
            while let Some(last) = more.take().filter(|_| packed.len() < MAX_MATCHES) {
                let (mut next, end) = self.candidates(key, Some(&last))?;
                self.keep_exact(key, &mut next)?;
                packed.extend(next);
                more = end;
            }
            packed.truncate(MAX_MATCHES);
        }
        packed.into_iter().map(|packed| self.read(|reader| reader.unpack(packed))).collect()
    }

    /// Keeps the records that have exactly the text of the key.
    fn keep_exact(&self, key: &Key<'_>, packed: &mut Vec<u64>) -> Result<()> {
        let mut exact = Vec::new();
        for packed in packed.drain(..) {
            let row = self.row_bytes(key.table.live, packed)?;
            if key.table.row(&row)?.cell(key.index.slot)? == key.cell.as_cell() {
                exact.push(packed);
            }
        }
        *packed = exact;
        Ok(())
    }
}

/// Packed ids, and the entry behind which there may be more.
type Candidates = (Vec<u64>, Option<Vec<u8>>);

/// The first entries of a value.
fn range_of<'c>(cell: Cell<'c>, after: Option<&'c [u8]>) -> IndexRange<'c> {
    IndexRange { limit: MAX_MATCHES, after, ..IndexRange::of(cell) }
}
