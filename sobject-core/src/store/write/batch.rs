//! Calls over several records: each is written or refused alone, unless all or none was asked.
//!
//! Results come in the order of the records.

use super::{
    draft::{Draft, Mode, Source, read_source},
    writer::Write,
};
use crate::{
    catalogue::Object,
    engine::Space,
    error::{Error, Result},
    id::RecordId,
    store::keep::Schema,
};

impl<'a> Write<'a> {
    /// A draft of what a call gives for a record.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the object has no table.
    pub(super) fn draft<'v>(
        &self,
        object: &'a Object,
        mode: Mode,
        id: Option<RecordId>,
        source: Source<'v>,
    ) -> Result<Draft<'v>>
    where
        'a: 'v,
    {
        let Schema { catalogue, .. } = self.schema;
        let read = read_source(catalogue, object, self.access, source);
        Ok(Draft::new(object, self.schema.table(object)?, mode, id, read))
    }

    /// Runs `f` for each record; what a refused one wrote is taken back. With `all_or_none`, one
    /// refusal takes back all, and the others are [`Error::RolledBack`].
    ///
    /// # Errors
    /// An error that concerns more than one record, such as [`Error::Storage`].
    pub(crate) fn each<T, R>(
        &mut self,
        object: &Object,
        records: impl IntoIterator<Item = T>,
        all_or_none: bool,
        mut f: impl FnMut(&mut Self, T) -> Result<R>,
    ) -> Result<Vec<Result<R>>> {
        let start = self.savepoint();
        let mut results = Vec::new();
        let mut any_refused = false;
        for record in records {
            let savepoint = self.savepoint();
            let result = f(self, record);
            match &result {
                Err(error) if !error.refuses_one_record() => {
                    self.back_to(start);
                    self.base.end_call();
                    return result.map(|_| Vec::new());
                }
                Err(_) => {
                    self.back_to(savepoint);
                    any_refused = true;
                }
                Ok(_) => (),
            }
            results.push(result);
        }
        self.base.end_call();
        if all_or_none && any_refused {
            self.back_to(start);
            for result in &mut results {
                if result.is_ok() {
                    *result = Err(Error::RolledBack { object: object.name.clone() });
                }
            }
        }
        Ok(results)
    }

    /// Runs `f` for one record; what it wrote is taken back if it fails.
    ///
    /// # Errors
    /// Those of `f`.
    pub(crate) fn one<R>(&mut self, f: impl FnOnce(&mut Self) -> Result<R>) -> Result<R> {
        let savepoint = self.savepoint();
        let result = f(self);
        if result.is_err() {
            self.back_to(savepoint);
        }
        self.base.end_call();
        result
    }

    /// The row of a record in one of its object's spaces, without what the bin knows of it.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if there is none; [`Error::Storage`].
    pub(crate) fn row_bytes(&self, space: Space, packed: u64) -> Result<Vec<u8>> {
        let mut bytes = None;
        self.read(|reader| {
            let key = packed.to_be_bytes();
            reader.read.get(space, &key, &mut |row| bytes = Some(row.to_vec()))
        })?;
        bytes.ok_or_else(|| Error::corrupt(format!("there is no record {packed:#018x}")))
    }
}
