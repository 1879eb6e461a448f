//! The other side: the same records on redb, written by hand.
//!
//! What a careful programmer writes who needs this one object and no rules: a table of rows by
//! packed id, an index on each of AgentId, OwnerId and Name, one of the words in Name, and a log of
//! changes, all written in one transaction. Offsets are constants, nothing is checked, nothing is looked up by name. The
//! bytes are as many as sobject's: the same fields, ids in 64 bits, index keys that are values and
//! ids together, entries of the log with stamp, caller and what changed.

mod batch;
mod heads;
mod row;

use std::{cell::Cell, ops::ControlFlow, path::Path};

use redb::{
    Database, ReadOnlyTable, ReadableDatabase, ReadableTable, ReadableTableMetadata,
    TableDefinition,
};
use sobject_core::{Id, Record, RecordId, standard::User};

pub(crate) use self::{
    batch::Batch,
    row::{fields, time_idle},
};
use self::{
    batch::{BY_AGENT, BY_NAME, BY_OWNER, FEED, Kind, WORDS},
    heads::Heads,
};
use crate::{
    Outcome,
    object::{LiveAgentSession, LiveAgentSessionCreate, LiveAgentSessionUpdate},
};

/// Rows by packed id.
const LIVE: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("live");

/// The records in a file.
pub(crate) struct ByHand {
    db: Database,
    pub(crate) heads: Heads,
    /// The packed id of the user who writes everything.
    user: u64,
    /// The number of the next record.
    next_number: Cell<u64>,
    /// The last place in the log.
    sequence: Cell<u64>,
}

/// A table of rows, open for reading.
pub(crate) type Rows = ReadOnlyTable<u64, &'static [u8]>;

impl ByHand {
    /// Makes the file. `user` writes everything.
    pub(crate) fn open(path: &Path, user: RecordId) -> Outcome<Self> {
        let db = Database::create(path)?;
        let txn = db.begin_write()?;
        txn.open_table(LIVE)?;
        txn.open_table(BY_AGENT)?;
        txn.open_table(BY_OWNER)?;
        txn.open_table(BY_NAME)?;
        txn.open_table(WORDS)?;
        txn.open_table(FEED)?;
        txn.commit()?;
        let heads = Heads::new(user);
        let user = heads.pack(user).ok_or("the user has another instance")?;
        Ok(Self { db, heads, user, next_number: Cell::new(1), sequence: Cell::new(0) })
    }

    /// What creating these writes.
    pub(crate) fn creation(&self, views: &[LiveAgentSessionCreate]) -> Outcome<Batch> {
        let mut batch = Batch::after(self.sequence.get());
        for view in views {
            let number = self.next_number.replace(self.next_number.get() + 1);
            let id = Heads::session(number);
            let name = format!("{number:08}");
            let agent = self.heads.pack(view.agent_id).ok_or("an agent of another instance")?;
            let owner = match view.owner_id {
                Some(owner) => self.heads.pack(owner).ok_or("an owner of another instance")?,
                None => self.user,
            };
            batch.put_row(id, row::encode(view, &name, agent, owner, self.user));
            batch.put_entries(id, agent, owner, &name);
            batch.append(Kind::Create, id, self.user, &[]);
        }
        Ok(batch)
    }

    /// Creates records, in one transaction.
    pub(crate) fn create(&self, views: &[LiveAgentSessionCreate]) -> Outcome<()> {
        self.write(|_| self.creation(views))
    }

    /// Changes records, in one transaction.
    pub(crate) fn update(
        &self,
        updates: &[(Id<LiveAgentSession>, LiveAgentSessionUpdate)],
    ) -> Outcome<()> {
        self.write(|rows| {
            let mut batch = Batch::after(self.sequence.get());
            for (id, view) in updates {
                let id = self.heads.pack(*id).ok_or("a session of another instance")?;
                let old = rows.get(id)?.ok_or("no such session")?;
                let mut row = old.value().to_vec();
                let changed = row::patch(&mut row, view, &self.heads, self.user)
                    .ok_or("a reference of another instance")?;
                batch.move_entries(id, old.value(), &row);
                batch.put_row(id, row);
                batch.append(Kind::Update, id, self.user, &changed);
            }
            Ok(batch)
        })
    }

    fn write(
        &self,
        plan: impl FnOnce(&redb::Table<'_, u64, &'static [u8]>) -> Outcome<Batch>,
    ) -> Outcome<()> {
        let txn = self.db.begin_write()?;
        let batch = {
            let mut live = txn.open_table(LIVE)?;
            let batch = plan(&live)?;
            batch.apply_rows(&mut live)?;
            batch
        };
        batch.apply_rest(&txn)?;
        txn.commit()?;
        self.sequence.set(batch.sequence());
        Ok(())
    }

    /// The rows as last committed, to keep or to use once.
    pub(crate) fn rows(&self) -> Outcome<Rows> {
        Ok(self.db.begin_read()?.open_table(LIVE)?)
    }

    /// Reads a record from rows that are kept open.
    pub(crate) fn get_from(
        &self,
        rows: &Rows,
        id: Id<LiveAgentSession>,
    ) -> Outcome<Record<LiveAgentSession>> {
        let packed = self.heads.pack(id).ok_or("a session of another instance")?;
        let row = rows.get(packed)?.ok_or("no such session")?;
        Ok(row::decode(&self.heads, packed, row.value()).ok_or("a bad row")?)
    }

    /// Reads a record as last committed.
    pub(crate) fn get(&self, id: Id<LiveAgentSession>) -> Outcome<Record<LiveAgentSession>> {
        self.get_from(&self.rows()?, id)
    }

    /// How many records there are.
    pub(crate) fn count(&self) -> Outcome<u64> {
        Ok(self.rows()?.len()?)
    }

    /// Visits every row.
    pub(crate) fn walk(&self, mut f: impl FnMut(u64, &[u8]) -> ControlFlow<()>) -> Outcome<()> {
        for entry in self.rows()?.iter()? {
            let (id, row) = entry?;
            if f(id.value(), row.value()).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Visits every record.
    pub(crate) fn scan(&self, mut f: impl FnMut(Record<LiveAgentSession>)) -> Outcome<()> {
        let mut is_sound = true;
        self.walk(|id, row| {
            let Some(record) = row::decode(&self.heads, id, row) else {
                is_sound = false;
                return ControlFlow::Break(());
            };
            f(record);
            ControlFlow::Continue(())
        })?;
        if is_sound { Ok(()) } else { Err("a bad row".into()) }
    }

    /// The sessions of an agent.
    pub(crate) fn find(&self, agent: Id<User>) -> Outcome<Vec<Record<LiveAgentSession>>> {
        let agent = u128::from(self.heads.pack(agent).ok_or("an agent of another instance")?) << 64;
        let txn = self.db.begin_read()?;
        let (index, rows) = (txn.open_table(BY_AGENT)?, txn.open_table(LIVE)?);
        let mut found = Vec::new();
        for entry in index.range(agent..=agent | u128::from(u64::MAX))? {
            let (key, _) = entry?;
            let id = batch::entry_id(key.value());
            let row = rows.get(id)?.ok_or("an entry without a row")?;
            found.push(row::decode(&self.heads, id, row.value()).ok_or("a bad row")?);
        }
        Ok(found)
    }

    /// The sessions with these ids, in their order.
    pub(crate) fn retrieve(
        &self,
        ids: &[Id<LiveAgentSession>],
    ) -> Outcome<Vec<Option<Record<LiveAgentSession>>>> {
        let rows = self.rows()?;
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            let packed = self.heads.pack(*id).ok_or("a session of another instance")?;
            let row = rows.get(packed)?;
            let record = row.map(|row| row::decode(&self.heads, packed, row.value()));
            found.push(record.map(|record| record.ok_or("a bad row")).transpose()?);
        }
        Ok(found)
    }

    /// The sessions whose names lie from one up to another, in the order of the names.
    pub(crate) fn range(&self, from: &str, to: &str) -> Outcome<Vec<Record<LiveAgentSession>>> {
        let txn = self.db.begin_read()?;
        let (index, rows) = (txn.open_table(BY_NAME)?, txn.open_table(LIVE)?);
        let (from, to) = (batch::name_key(from, 0), batch::name_key(to, 0));
        let mut found = Vec::new();
        for entry in index.range(from.as_slice()..to.as_slice())? {
            let (key, _) = entry?;
            let id = key.value().last_chunk().ok_or("an entry without an id")?;
            let id = u64::from_be_bytes(*id);
            let row = rows.get(id)?.ok_or("an entry without a row")?;
            found.push(row::decode(&self.heads, id, row.value()).ok_or("a bad row")?);
        }
        Ok(found)
    }
}
