//! What one transaction writes, in the order of the keys, table by table: redb takes entries in
//! order faster than record by record.

use std::collections::{BTreeMap, BTreeSet};

use redb::{Table, TableDefinition, WriteTransaction};

use super::row;
use crate::{Outcome, sample::START};

/// The value of AgentId and the packed id of the record.
pub(super) const BY_AGENT: TableDefinition<'_, u128, ()> = TableDefinition::new("by_agent");
/// The value of OwnerId and the packed id of the record.
pub(super) const BY_OWNER: TableDefinition<'_, u128, ()> = TableDefinition::new("by_owner");
/// The value of Name, escaped, and the packed id of the record.
pub(super) const BY_NAME: TableDefinition<'_, &[u8], ()> = TableDefinition::new("by_name");
/// The words of the texts, with the field and the packed id of the record, for searches.
pub(super) const WORDS: TableDefinition<'_, &[u8], ()> = TableDefinition::new("words");
/// The log of changes by sequence.
pub(super) const FEED: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("feed");

/// The number of the field Name among the texts.
const NAME: u16 = 7;
/// The number of the object in the log.
const OBJECT: u16 = 2;

/// What happened to a record.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Create = 1,
    Update = 2,
}

/// What one transaction writes.
pub(crate) struct Batch {
    rows: BTreeMap<u64, Vec<u8>>,
    /// By AgentId and by OwnerId: true to insert, false to remove.
    references: [BTreeMap<u128, bool>; 2],
    names: BTreeSet<Vec<u8>>,
    words: BTreeSet<Vec<u8>>,
    feed: BTreeMap<u64, Vec<u8>>,
    sequence: u64,
}

impl Batch {
    /// An empty one, whose changes come after that at `sequence`.
    pub(super) fn after(sequence: u64) -> Self {
        let references = [BTreeMap::new(), BTreeMap::new()];
        let (rows, feed) = (BTreeMap::new(), BTreeMap::new());
        let (names, words) = (BTreeSet::new(), BTreeSet::new());
        Self { rows, references, names, words, feed, sequence }
    }

    /// The last place in the log once this is written.
    pub(super) fn sequence(&self) -> u64 {
        self.sequence
    }

    pub(super) fn put_row(&mut self, id: u64, row: Vec<u8>) {
        self.rows.insert(id, row);
    }

    /// The index entries of a new record.
    pub(super) fn put_entries(&mut self, id: u64, agent: u64, owner: u64, name: &str) {
        let [by_agent, by_owner] = &mut self.references;
        by_agent.insert(entry(agent, id), true);
        by_owner.insert(entry(owner, id), true);
        self.names.insert(name_key(name, id));
        self.words.insert(word_key(name, id));
    }

    /// The index entries that differ between two rows of a record, whose name never changes.
    pub(super) fn move_entries(&mut self, id: u64, old: &[u8], new: &[u8]) {
        let (Some(old), Some(new)) = (row::references(old), row::references(new)) else { return };
        for ((index, old), new) in self.references.iter_mut().zip(old).zip(new) {
            if old != new {
                index.insert(entry(old, id), false);
                index.insert(entry(new, id), true);
            }
        }
    }

    /// Appends a change to the log.
    pub(super) fn append(&mut self, kind: Kind, id: u64, user: u64, changed: &[u16]) {
        self.sequence += 1;
        let mut value = Vec::with_capacity(27 + 2 * changed.len());
        value.push(kind as u8);
        value.extend_from_slice(&START.timestamp_millis().to_be_bytes());
        value.extend_from_slice(&OBJECT.to_be_bytes());
        value.extend_from_slice(&id.to_be_bytes());
        value.extend_from_slice(&user.to_be_bytes());
        for field in changed {
            value.extend_from_slice(&field.to_be_bytes());
        }
        self.feed.insert(self.sequence, value);
    }

    /// Writes the rows.
    pub(super) fn apply_rows(&self, live: &mut Table<'_, u64, &'static [u8]>) -> Outcome<()> {
        for (id, row) in &self.rows {
            live.insert(id, row.as_slice())?;
        }
        Ok(())
    }

    /// Writes index entries and log.
    pub(super) fn apply_rest(&self, txn: &WriteTransaction) -> Outcome<()> {
        for (definition, entries) in [BY_AGENT, BY_OWNER].into_iter().zip(&self.references) {
            if entries.is_empty() {
                continue;
            }
            let mut index = txn.open_table(definition)?;
            for (key, is_there) in entries {
                if *is_there {
                    index.insert(key, ())?;
                } else {
                    index.remove(key)?;
                }
            }
        }
        for (definition, keys) in [(BY_NAME, &self.names), (WORDS, &self.words)] {
            if keys.is_empty() {
                continue;
            }
            let mut index = txn.open_table(definition)?;
            for key in keys {
                index.insert(key.as_slice(), ())?;
            }
        }
        let mut feed = txn.open_table(FEED)?;
        for (sequence, value) in &self.feed {
            feed.insert(sequence, value.as_slice())?;
        }
        Ok(())
    }
}

fn entry(value: u64, id: u64) -> u128 {
    u128::from(value) << 64 | u128::from(id)
}

/// The packed id in an index entry.
pub(super) fn entry_id(key: u128) -> u64 {
    u64::try_from(key & u128::from(u64::MAX)).unwrap_or_default()
}

/// The one word of a name, which is a number, behind which the field stands, and then the id.
fn word_key(name: &str, id: u64) -> Vec<u8> {
    let mut key = Vec::with_capacity(name.len() + 11);
    key.extend_from_slice(name.as_bytes());
    key.push(0);
    key.extend_from_slice(&NAME.to_be_bytes());
    key.extend_from_slice(&id.to_be_bytes());
    key
}

/// The name in upper case and escaped, which orders it before the id.
pub(super) fn name_key(name: &str, id: u64) -> Vec<u8> {
    let mut key = Vec::with_capacity(name.len() + 16);
    key.push(1);
    for c in name.chars().flat_map(char::to_uppercase) {
        let mut utf8 = [0; 4];
        for &byte in c.encode_utf8(&mut utf8).as_bytes() {
            key.push(byte);
            if byte == 0 {
                key.push(0xFF);
            }
        }
    }
    key.extend_from_slice(&[0, 0]);
    key.extend_from_slice(&id.to_be_bytes());
    key
}
