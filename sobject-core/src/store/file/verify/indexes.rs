//! Indexes: each live record has its entry, and there are no other entries.
//!
//! The entries that the records must have all differ: an ordered one ends with the id of its
//! record, and a unique one leads to one record. So if each is found, and there are as many entries
//! as records, no other is there. Only where that does not come out is each entry compared with the
//! record that it leads to, to say which is wrong.

use super::{MAX_FINDINGS, Verifier, Walk, look_up};
use crate::{
    bytes::{Cell, RowRef},
    catalogue::Object,
    engine::Space,
    error::Result,
    store::keep::{Index, Table},
};

/// Bytes at the beginning of a key that are kept beside it, to compare by.
const PREFIX_LEN: usize = size_of::<u128>();

/// The entries that one index must have.
#[derive(Debug)]
pub(super) struct Expected<'t> {
    index: &'t Index,
    /// The name of its field.
    field: &'t str,
    /// How many there must be, as far as the records were walked.
    n: u64,
    /// Was one not found as it must be?
    is_wrong: bool,
    waiting: Vec<Waiting>,
    /// Their keys.
    keys: Vec<u8>,
}

/// An entry that is to be looked up.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    /// The beginning of its key, with zeros behind a shorter one.
    prefix: u128,
    /// Where its key begins and ends.
    start: usize,
    end: usize,
    /// The packed id of its record.
    id: u64,
}

impl<'t> Expected<'t> {
    /// Of an index whose field has this name.
    pub(super) fn new(index: &'t Index, field: &'t str) -> Self {
        Self { index, field, n: 0, is_wrong: false, waiting: Vec::new(), keys: Vec::new() }
    }

    /// How many bytes wait to be looked up.
    pub(super) fn size(&self) -> usize {
        self.waiting.len() * size_of::<Waiting>() + self.keys.len()
    }

    /// Takes up a live record.
    pub(super) fn push(&mut self, row: RowRef<'_>, id: u64) {
        let Some(cell) = cell_in(self.index, row, id) else { return };
        self.n += 1;
        let start = self.keys.len();
        self.index.with_key(cell, id, |key| self.keys.extend_from_slice(key));
        let key = self.keys.get(start..).unwrap_or_default();
        let mut prefix = [0; PREFIX_LEN];
        for (to, from) in prefix.iter_mut().zip(key) {
            *to = *from;
        }
        let prefix = u128::from_be_bytes(prefix);
        self.waiting.push(Waiting { prefix, start, end: self.keys.len(), id });
    }

    /// Looks up what was gathered.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn settle(
        &mut self,
        verifier: &mut Verifier<'_>,
        object: &Object,
        table: &Table,
    ) -> Result<()> {
        let Self { index, waiting, keys, .. } = self;
        let key_of = |it: &Waiting| keys.get(it.start..it.end).unwrap_or_default();
        // Keys that lie beside each other are found in pages that were just read.
        waiting.sort_unstable_by(|a, b| {
            a.prefix.cmp(&b.prefix).then_with(|| key_of(a).cmp(key_of(b)))
        });
        let entries = waiting.iter().map(|it| (index.space, key_of(it)));
        let mut wrong = Vec::new();
        look_up(verifier.reader.read, entries, &mut |place, value| {
            let Waiting { id, .. } = waiting[place];
            let its = |value: &[u8]| value.try_into().ok().map(u64::from_be_bytes);
            let holder = value.map(|value| if index.is_unique { its(value) } else { Some(id) });
            if holder != Some(Some(id)) && wrong.len() < MAX_FINDINGS {
                wrong.push((id, holder.flatten(), value.is_some()));
            }
        })?;
        self.is_wrong |= !wrong.is_empty();
        for (id, holder, is_there) in wrong {
            let record = verifier.name_of(object, id);
            let field = self.field;
            verifier.find(match holder {
                Some(holder) if self.is_shared(verifier, table, id, holder)? => format!(
                    "{record}: {field} is unique, but has the value of {}",
                    verifier.name(holder)
                ),
                Some(holder) => format!(
                    "{record}: the entry of its {field}, which is unique, leads to {}",
                    verifier.name(holder)
                ),
                None if is_there => {
                    format!("{record}: the entry of its {field}, which is unique, leads to no id")
                }
                None => format!("{record}: the index of {field} lacks its entry"),
            });
        }
        self.waiting.clear();
        self.keys.clear();
        Ok(())
    }

    /// Have two live records the same entry?
    fn is_shared(
        &self,
        verifier: &Verifier<'_>,
        table: &Table,
        id: u64,
        other: u64,
    ) -> Result<bool> {
        let [key, other_key] = [id, other].map(|id| {
            let mut key = None;
            let record = id.to_be_bytes();
            let read = verifier.reader.read.get(table.live, &record, &mut |bytes| {
                key = key_in(self.index, table, bytes, id);
            });
            read.map(|_| key)
        });
        let (key, other_key) = (key?, other_key?);
        Ok(key.is_some() && key == other_key)
    }
}

impl Verifier<'_> {
    /// Counts the entries of an index, compares them with those that it must have, and returns how
    /// many there are.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn check_entries(
        &mut self,
        object: &Object,
        table: &Table,
        expected: &Expected<'_>,
    ) -> Result<u64> {
        let what = format!("{}, index of {}", object.name, expected.field);
        let mut walk = Walk::of(expected.index.space, &what);
        while walk.step(self, &mut |_, key, value| {
            expected.index.id_of(key, value)?;
            Ok(true)
        })? {}
        walk.check_count(self)?;
        if (walk.n != expected.n || expected.is_wrong) && !self.is_full() {
            let n_before = self.findings.len();
            let (index, field) = (expected.index, expected.field);
            let id_of = |key: &[u8], value: &[u8]| index.id_of(key, value);
            self.find_others(object, table, (index.space, field), id_of, |bytes, id, key| {
                match key_in(index, table, bytes, id) {
                    Some(its) if its == key => None,
                    Some(_) => Some("does not have the value"),
                    None => Some("cannot be read"),
                }
            })?;
            if self.findings.len() == n_before && !expected.is_wrong {
                self.find(format!("{what}: {} entries for {} records", walk.n, expected.n));
            }
        }
        Ok(walk.n)
    }

    /// Says which entries of an index are of no live record, or not of what the record has.
    ///
    /// `id_of` tells the record of a key and its value, and `fault` what is wrong with the entry of a key
    /// that leads to a live record with these bytes.
    pub(super) fn find_others(
        &mut self,
        object: &Object,
        table: &Table,
        (space, index): (Space, &str),
        id_of: impl Fn(&[u8], &[u8]) -> Result<u64>,
        fault: impl Fn(&[u8], u64, &[u8]) -> Option<&'static str>,
    ) -> Result<()> {
        let what = format!("{}, index of {index}", object.name);
        let mut walk = Walk::of(space, &what);
        loop {
            let (mut entries, mut size) = (Vec::new(), 0);
            let more = walk.step(self, &mut |it, key, value| {
                entries.push((id_of(key, value)?, key.to_vec()));
                size += size_of::<(u64, Vec<u8>)>() + key.len();
                Ok(size < it.budget)
            })?;
            let records = entries.iter().map(|(id, _)| (table.live, id.to_be_bytes()));
            let mut others = Vec::new();
            look_up(self.reader.read, records, &mut |place, bytes| {
                let (id, key) = &entries[place];
                let says = match bytes {
                    None => Some("is not live"),
                    Some(bytes) => fault(bytes, *id, key),
                };
                if let Some(says) = says
                    && others.len() < MAX_FINDINGS
                {
                    others.push((*id, says));
                }
            })?;
            for (id, says) in others {
                let record = self.name_of(object, id);
                self.find(format!("{record}: the index of {index} leads to it, but it {says}"));
            }
            if !more {
                return Ok(());
            }
        }
    }
}

/// What a live record has in an index; `None` if it is to have no entry, or cannot be read.
fn cell_in<'r>(index: &Index, row: RowRef<'r>, id: u64) -> Option<Cell<'r>> {
    // An index that is being built has the records up to one.
    let is_reached = index.building.is_none_or(|reached| id <= reached);
    row.cell(index.slot).ok().filter(|_| is_reached)
}

/// The key of a live record's entry in an index; `None` if it is to have none, or cannot be read.
fn key_in(index: &Index, table: &Table, bytes: &[u8], id: u64) -> Option<Vec<u8>> {
    let row = table.row(bytes).ok()?;
    cell_in(index, row, id).map(|cell| index.key(cell, id))
}
