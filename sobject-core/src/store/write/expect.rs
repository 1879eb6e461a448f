//! What the records of a call will need to be read, said before the first is checked.
//!
//! What every record needs and what only a refusal needs, to tell a deleted record from one that
//! never was, are expected apart: the second is not fetched where nothing is refused.
//!
//! **Invariant:** to expect too much or too little costs time and nothing else: every check reads for
//! itself, through the cache.

use super::{cache::Expected, draft::Draft, spell::expect_spellings, writer::Write};
use crate::{
    bytes::{Cell, Slot, cell_of},
    catalogue::Field,
    engine::Read,
    error::Result,
    id::RecordId,
    store::{
        keep::{Index, Table},
        rules::{Given, likely_form},
    },
    value::{Storage, Value},
};

/// What the records of a call will need.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// What is read of every record.
    pub(super) always: Expected,
    /// What is read of a record that is refused.
    refused: Expected,
}

impl Needs {
    /// The record with a packed id will be looked for.
    pub(super) fn record(&mut self, table: &Table, packed: u64) {
        self.always.key(table.live, &packed.to_be_bytes());
        self.refused.key(table.bin, &packed.to_be_bytes());
    }
}

impl Write<'_> {
    /// The rows that drafts change and refer to, and the entries of their unique values.
    ///
    /// # Errors
    /// [`Error::Storage`](crate::Error::Storage).
    pub(super) fn expect_given<'d, 'v: 'd>(
        &self,
        drafts: impl Iterator<Item = &'d Draft<'v>> + Clone,
    ) -> Result<()> {
        let mut needs = Needs::default();
        // Which fields change of records that exist.
        let mut given_slots = Vec::new();
        for draft in drafts.clone() {
            let table = draft.table;
            let has_unique = table.indexes.iter().any(|index| index.is_unique);
            let own_id = draft.own_id();
            if let Some(packed) = own_id.and_then(|id| self.ids().pack_in_memory(id)) {
                self.expect_record(table, packed, &mut needs);
            }
            for (idx, given) in draft.given().iter().filter(|(idx, _)| table.is_looked_up(*idx)) {
                let Given::Value(value) = given else { continue };
                match value {
                    Value::Id(id) => self.expect_referenced(*id, &mut needs),
                    Value::Text(text) if draft.object.is_reference(*idx) => {
                        if let Ok(id) = text.trim().parse() {
                            self.expect_referenced(id, &mut needs);
                        }
                    }
                    value => {
                        let Some(field) = draft.object.field(*idx) else { continue };
                        if let Value::Text(text) = value {
                            expect_spellings(draft.object, field, text, &mut needs.always);
                        }
                        let slot = table.slot(*idx).filter(|_| has_unique);
                        let index = slot.and_then(|slot| table.index_of(slot));
                        if let Some(index) = index.filter(|index| index.is_unique) {
                            expect_value(index, field, *value, &mut needs.always);
                        }
                    }
                }
                if has_unique
                    && own_id.is_some()
                    && let Some(slot) = table.slot(*idx)
                    && !given_slots.contains(&slot)
                {
                    given_slots.push(slot);
                }
            }
        }
        self.expect_needs(needs);
        let Some(table) = drafts.clone().next().map(|draft| draft.table) else { return Ok(()) };
        let own = drafts.filter_map(|draft| self.ids().pack_in_memory(draft.own_id()?));
        self.expect_own_entries(table, own, &|slot| given_slots.contains(&slot))
    }

    /// The entries that lead to records of an object by their unique values: of live ones that change,
    /// whose rows were expected, for the slots that are `wanted`. Rows that cannot be read are refused
    /// when their turn comes.
    ///
    /// # Errors
    /// [`Error::Storage`](crate::Error::Storage).
    pub(crate) fn expect_own_entries(
        &self,
        table: &Table,
        records: impl Iterator<Item = u64>,
        wanted: &dyn Fn(Slot) -> bool,
    ) -> Result<()> {
        let is_wanted = |index: &&Index| index.is_unique && wanted(index.slot);
        if !table.indexes.iter().any(|index| is_wanted(&index)) {
            return Ok(());
        }
        let mut expected = Expected::default();
        for packed in records {
            self.base.get(table.live, &packed.to_be_bytes(), &mut |row| {
                let Ok(row) = table.row(row) else { return };
                for index in table.indexes.iter().filter(is_wanted) {
                    expect_unique(index, row.cell(index.slot).unwrap_or(Cell::Null), &mut expected);
                }
            })?;
        }
        self.base.expect(expected);
        Ok(())
    }

    /// These may be read.
    pub(super) fn expect_needs(&self, needs: Needs) {
        self.base.expect(needs.always);
        self.base.expect(needs.refused);
    }

    /// The record of an id, wherever it could be.
    pub(super) fn expect_referenced(&self, id: RecordId, needs: &mut Needs) {
        let Some(packed) = self.ids().pack_in_memory(id) else { return };
        for target in self.schema.catalogue.of_prefix(id.key_prefix()) {
            if let Ok(table) = self.schema.table(target) {
                self.expect_record(table, packed, needs);
            }
        }
    }

    /// The record with a packed id, unless it is known: the many records of a call often refer to
    /// the same few.
    fn expect_record(&self, table: &Table, packed: u64, needs: &mut Needs) {
        if !self.base.has(table.live, &packed.to_be_bytes()) {
            needs.record(table, packed);
        }
    }

    /// These keys and ranges may be read.
    pub(crate) fn expect(&self, expected: Expected) {
        self.base.expect(expected);
    }

    /// A call is over: what was expected for it is forgotten.
    pub(crate) fn end_call(&self) {
        self.base.end_call();
    }
}

/// The entry of a value of a unique index.
pub(crate) fn expect_unique(index: &Index, cell: Cell<'_>, expected: &mut Expected) {
    if !cell.is_null() {
        index.with_key(cell, 0, |key| expected.key(index.space, key));
    }
}

/// The entry of a value that was given for a field with a unique index, if it is in order.
fn expect_value(index: &Index, field: &Field, value: Value<'_>, expected: &mut Expected) {
    match value {
        Value::Text(text) if index.storage == Storage::Text => {
            if let Some(text) = likely_form(field, text) {
                expect_unique(index, Cell::Text(&text), expected);
            }
        }
        value => {
            if let Some(cell) = cell_of(index.storage, value) {
                expect_unique(index, cell, expected);
            }
        }
    }
}
