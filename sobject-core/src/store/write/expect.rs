//! What the records of a call will need to be read, said before the first is checked.
//!
//! What every record needs and what only a refusal needs, to tell a deleted record from one that
//! never was, are expected apart: the second is not fetched where nothing is refused.
//!
//! **Invariant:** to expect too much or too little costs time and nothing else: every check reads for
//! itself, through the cache.

use super::{cache::Expected, draft::Draft, writer::Write};
use crate::{
    bytes::{Cell, cell_of},
    id::RecordId,
    store::{
        keep::{Index, Table},
        rules::Given,
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
    pub(super) fn expect_given<'d, 'v: 'd>(&self, drafts: impl Iterator<Item = &'d Draft<'v>>) {
        let mut needs = Needs::default();
        for draft in drafts {
            let table = draft.table;
            if let Some(packed) = draft.own_id().and_then(|id| self.ids().pack_in_memory(id)) {
                needs.record(table, packed);
            }
            for (idx, given) in draft.given() {
                let Given::Value(value) = given else { continue };
                let Some(slot) = table.slot(*idx) else { continue };
                match value {
                    Value::Id(id) => self.expect_referenced(*id, &mut needs),
                    Value::Text(text) if draft.object.is_reference(*idx) => {
                        if let Ok(id) = text.trim().parse() {
                            self.expect_referenced(id, &mut needs);
                        }
                    }
                    value => {
                        let index = table.index_of(slot).filter(|index| index.is_unique);
                        let index = index.and_then(|it| Some((it, unique_cell(it, *value)?)));
                        if let Some((index, cell)) = index {
                            expect_unique(index, cell, &mut needs.always);
                        }
                    }
                }
            }
        }
        self.expect_needs(needs);
    }

    /// These may be read.
    pub(super) fn expect_needs(&self, needs: Needs) {
        self.base.expect(needs.always);
        self.base.expect(needs.refused);
    }

    /// The record of an id, where it could be.
    pub(super) fn expect_referenced(&self, id: RecordId, needs: &mut Needs) {
        let target = self.schema.catalogue.of_prefix(id.key_prefix());
        let table = target.and_then(|target| self.schema.table(target).ok());
        if let (Some(table), Some(packed)) = (table, self.ids().pack_in_memory(id)) {
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

/// The value that was given for a slot with a unique index, as its entry has it if it is in order.
fn unique_cell<'v>(index: &Index, value: Value<'v>) -> Option<Cell<'v>> {
    match value {
        Value::Text(text) if index.storage == Storage::Text => Some(Cell::Text(text.trim())),
        value => cell_of(index.storage, value),
    }
}
