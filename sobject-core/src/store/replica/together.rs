//! Records that arrive together: their unique values are compared once all of them are there.
//!
//! At the source, two records may have swapped unique values by way of a third; a copy gets to see
//! the two as they are now. So the records of a call are written first. Then, where two live records
//! have a value, one is refused: the later of the call, or the only one that is of the call and
//! changed; and the call begins again without it, until no two have a value.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value as Json};

use crate::{
    catalogue::Object,
    error::{Error, Result},
    id::RecordId,
    store::write::{Whereabouts, Write, all_cells},
};

/// Records that a call has written, by their places in it.
type Written = Vec<(usize, RecordId)>;

impl Write<'_> {
    /// Puts several records, each written or refused on its own unless all or none was asked.
    ///
    /// # Errors
    /// An error that concerns more than one record, such as [`Error::Storage`].
    pub(crate) fn put_many(
        &mut self,
        object: &Object,
        records: &[Map<String, Json>],
        all_or_none: bool,
    ) -> Result<Vec<Result<RecordId>>> {
        let n = records.len();
        if !self.store.table(object)?.indexes.iter().any(|index| index.unique) {
            return self.each_of_any(object, n, all_or_none, |write, n| {
                Ok(write.put(object, &records[n])?.id)
            });
        }
        let mut refused: BTreeMap<usize, Error> = BTreeMap::new();
        loop {
            let start = self.mark();
            let mut written = Written::new();
            self.compares_later = true;
            let results = self.each_of_any(object, n, false, |write, n| {
                if refused.contains_key(&n) {
                    return Ok(None);
                }
                let put = write.put(object, &records[n])?;
                if put.has_changed {
                    written.push((n, put.id));
                }
                Ok(Some(put.id))
            });
            self.compares_later = false;
            let mut results = results?;
            let clashes = self.clashes(object, &written)?;
            if !clashes.is_empty() {
                self.back_to(start);
                refused.extend(clashes);
                continue;
            }
            if all_or_none && (!refused.is_empty() || results.iter().any(Result::is_err)) {
                self.back_to(start);
                let rolled_back = || Err(Error::RolledBack { object: object.name.clone() });
                for result in results.iter_mut().filter(|it| matches!(it, Ok(Some(_)))) {
                    *result = rolled_back();
                }
            }
            let placed = results.into_iter().enumerate().map(|(n, result)| match result {
                Ok(Some(id)) => Ok(id),
                Err(error) => Err(error),
                Ok(None) => Err(match refused.remove(&n) {
                    Some(error) => error,
                    None => Error::corrupt("a record was refused for no reason"),
                }),
            });
            return Ok(placed.collect());
        }
    }

    /// The records of a call that are to be refused for a unique value that another has.
    fn clashes(&self, object: &Object, written: &Written) -> Result<Vec<(usize, Error)>> {
        let table = self.store.table(object)?;
        let mut clashes = Vec::new();
        // Of a record that comes twice, it is the last that counts.
        let last: HashMap<RecordId, usize> =
            written.iter().map(|(place, id)| (*id, *place)).collect();
        for (id, place) in &last {
            let Some(packed) = self.pack_known(*id)? else { continue };
            if self.whereabouts(table, packed)? != Whereabouts::Live {
                continue;
            }
            let bytes = self.row_bytes(table, packed)?;
            let cells = all_cells(table, table.row(&bytes)?)?;
            match self.check_unique(object, table, &cells, Some((packed, &[]))) {
                Ok(()) => (),
                Err(Error::Duplicate { object, field, value, holder }) => {
                    if last.get(&holder).is_none_or(|of_holder| of_holder < place) {
                        let error = Error::Duplicate { object, field, value, holder };
                        clashes.push((*place, error));
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(clashes)
    }
}
