//! The hand-written side: a table of rows by packed id, and an index on each of AgentId and LoginTime,
//! on redb. Nothing is checked, and nothing is looked up by name.

#[path = "../../src/baseline/row.rs"]
#[expect(dead_code, reason = "nothing is changed here")]
mod row;

use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap},
    path::Path,
};

use chrono::{DateTime, Utc};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use sobject_core::{Id, standard::User};

use crate::{
    Outcome,
    heads::{self, Heads},
    object::LiveAgentSession,
    ours::Ours,
    sides::{IDLEST, RANKED, Session, Side, view_of},
};

/// Rows by packed id.
const LIVE: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("live");
/// The value of AgentId and the packed id of the record.
const BY_AGENT: TableDefinition<'_, u128, ()> = TableDefinition::new("by_agent");
/// The milliseconds of LoginTime and the packed id of the record.
const BY_LOGIN: TableDefinition<'_, u128, ()> = TableDefinition::new("by_login");
/// Records in a transaction.
const BATCH: usize = 10_000;

/// The records in a file.
pub(crate) struct ByHand {
    db: Database,
    heads: Heads,
}

/// What a transaction writes, in the order of the keys.
#[derive(Default)]
struct Batch {
    rows: BTreeMap<u64, Vec<u8>>,
    agents: BTreeSet<u128>,
    logins: BTreeSet<u128>,
}

impl ByHand {
    /// Makes a file with the records of the store.
    pub(crate) fn copy(path: &Path, ours: &Ours) -> Outcome<Self> {
        let (first, _) = ours.sessions.first().ok_or("no records")?;
        let heads = Heads::new(first.record_id());
        let this = Self { db: Database::create(path)?, heads };
        let mut batch = Batch::default();
        ours.each(|session| {
            let of_id = |id| this.heads.pack(id).ok_or("an id of another instance");
            let packed = of_id(session.id.record_id())?;
            let agent = of_id(session.agent_id.record_id())?;
            let owner = of_id(session.owner_id.record_id())?;
            let user = of_id(session.created_by_id)?;
            let row = row::encode(&view_of(&session), &session.name, agent, owner, user);
            batch.rows.insert(packed, row);
            batch.agents.insert(entry(agent, packed));
            batch.logins.insert(entry(millis(session.login_time), packed));
            if batch.rows.len() == BATCH {
                this.write(&std::mem::take(&mut batch))?;
            }
            Ok(())
        })?;
        this.write(&batch)?;
        Ok(this)
    }

    fn write(&self, batch: &Batch) -> Outcome<()> {
        let txn = self.db.begin_write()?;
        let mut live = txn.open_table(LIVE)?;
        for (id, row) in &batch.rows {
            live.insert(id, row.as_slice())?;
        }
        drop(live);
        for (table, entries) in [(BY_AGENT, &batch.agents), (BY_LOGIN, &batch.logins)] {
            let mut table = txn.open_table(table)?;
            for key in entries {
                table.insert(key, ())?;
            }
        }
        Ok(txn.commit()?)
    }

    /// The records that a part of an index leads to.
    fn of_index(
        &self,
        index: TableDefinition<'_, u128, ()>,
        from: u128,
        to: u128,
    ) -> Outcome<Vec<Session>> {
        let txn = self.db.begin_read()?;
        let (index, rows) = (txn.open_table(index)?, txn.open_table(LIVE)?);
        let mut found = Vec::new();
        for entry in index.range(from..to)? {
            let (key, ()) = entry.map(|(key, value)| (key, value.value()))?;
            let id = u64::try_from(key.value() & u128::from(u64::MAX))?;
            let row = rows.get(id)?.ok_or("an entry without a row")?;
            found.push(row::decode(&self.heads, id, row.value()).ok_or("a bad row")?);
        }
        Ok(found)
    }

    fn each(&self, mut f: impl FnMut(u64, &[u8]) -> Outcome<()>) -> Outcome<()> {
        for entry in self.db.begin_read()?.open_table(LIVE)?.iter()? {
            let (id, row) = entry?;
            f(id.value(), row.value())?;
        }
        Ok(())
    }
}

impl Side for ByHand {
    fn get(&self, id: Id<LiveAgentSession>) -> Outcome<Session> {
        let packed = self.heads.pack(id).ok_or("a session of another instance")?;
        let rows = self.db.begin_read()?.open_table(LIVE)?;
        let row = rows.get(packed)?.ok_or("no such session")?;
        Ok(row::decode(&self.heads, packed, row.value()).ok_or("a bad row")?)
    }

    fn of_agent(&self, agent: Id<User>) -> Outcome<Vec<Session>> {
        let agent = self.heads.pack(agent).ok_or("an agent of another instance")?;
        self.of_index(BY_AGENT, entry(agent, 0), entry(agent + 1, 0))
    }

    fn of_time(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Outcome<Vec<Session>> {
        self.of_index(BY_LOGIN, entry(millis(from), 0), entry(millis(to), 0))
    }

    fn idle(&self, least: i32) -> Outcome<Vec<Session>> {
        let mut found = Vec::new();
        self.each(|id, row| {
            if idle(row)?.is_some_and(|idle| idle > least) {
                found.push(row::decode(&self.heads, id, row).ok_or("a bad row")?);
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn ranking(&self) -> Outcome<Vec<(Id<User>, i64)>> {
        let mut sums: HashMap<u64, i64> = HashMap::new();
        self.each(|_, row| {
            let [agent, _] = row::references(row).ok_or("a bad row")?;
            *sums.entry(agent).or_default() += i64::from(idle(row)?.unwrap_or_default());
            Ok(())
        })?;
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_by_key(|(agent, sum)| (-sum, *agent));
        let of = |(agent, sum)| {
            let agent = self.heads.unpack(agent).ok_or("an agent of another instance")?;
            Ok((Id::new(agent), sum))
        };
        sums.into_iter().take(RANKED).map(of).collect()
    }

    fn idlest(&self) -> Outcome<Vec<Session>> {
        // The greatest is the last of those that are kept.
        let mut best: BinaryHeap<(i32, u64)> = BinaryHeap::new();
        self.each(|id, row| {
            let Some(idle) = idle(row)? else { return Ok(()) };
            let key = (-idle, id);
            if best.len() < IDLEST {
                best.push(key);
            } else if let Some(mut last) = best.peek_mut()
                && key < *last
            {
                *last = key;
            }
            Ok(())
        })?;
        let rows = self.db.begin_read()?.open_table(LIVE)?;
        let of = |(_, id): (i32, u64)| {
            let row = rows.get(id)?.ok_or("no such session")?;
            Ok(row::decode(&self.heads, id, row.value()).ok_or("a bad row")?)
        };
        best.into_sorted_vec().into_iter().map(of).collect()
    }
}

fn idle(row: &[u8]) -> Outcome<Option<i32>> {
    row::time_idle(row).map_err(|_| "a bad row".into())
}

fn entry(value: u64, id: u64) -> u128 {
    u128::from(value) << 64 | u128::from(id)
}

fn millis(time: DateTime<Utc>) -> u64 {
    time.timestamp_millis().cast_unsigned()
}
