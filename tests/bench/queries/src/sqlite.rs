//! `SQLite`'s side: one table with the packed ids as its keys, the same indexes as the store's, a
//! write-ahead log, and statements that are prepared once.

use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Params, Row, params};
use sobject_core::{Id, Ref, standard::User};

use crate::{
    Outcome,
    heads::Heads,
    object::LiveAgentSession,
    ours::Ours,
    sides::{IDLEST, RANKED, Session, Side},
};

/// The same memory for pages as redb's by default.
const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA cache_size = -1048576;
";
const SCHEMA: &str = "
    CREATE TABLE session (
        id INTEGER PRIMARY KEY,
        created INTEGER NOT NULL, created_by INTEGER NOT NULL,
        modified INTEGER NOT NULL, modified_by INTEGER NOT NULL, modstamp INTEGER NOT NULL,
        agent INTEGER NOT NULL, assigned INTEGER, declined INTEGER, engaged INTEGER,
        timed_out INTEGER, login INTEGER NOT NULL, logout INTEGER NOT NULL, name TEXT NOT NULL,
        lowered_agent INTEGER, lowered_supervisor INTEGER, raised INTEGER, owner INTEGER NOT NULL,
        at_capacity INTEGER, idle INTEGER, away INTEGER, in_chats INTEGER, online INTEGER
    );
    CREATE INDEX by_agent ON session (agent);
    CREATE INDEX by_login ON session (login);
    CREATE INDEX by_owner ON session (owner);
    CREATE UNIQUE INDEX by_name ON session (name);
";

/// The records in a file.
pub(crate) struct Sqlite {
    db: Connection,
    heads: Heads,
}

impl Sqlite {
    /// Makes a file with the records of the store.
    pub(crate) fn copy(path: &Path, ours: &Ours) -> Outcome<Self> {
        let (first, _) = ours.sessions.first().ok_or("no records")?;
        let heads = Heads::new(first.record_id());
        let mut db = Connection::open(path)?;
        db.execute_batch(SETTINGS)?;
        db.execute_batch(SCHEMA)?;
        let txn = db.transaction()?;
        let values = ["?"; 23].join(", ");
        let mut insert = txn.prepare(&format!("INSERT INTO session VALUES ({values})"))?;
        ours.each(|it| {
            let of_id = |id| {
                let packed = heads.pack(id).ok_or("an id of another instance")?;
                Ok::<_, Box<dyn std::error::Error>>(packed.cast_signed())
            };
            let millis = |time: DateTime<Utc>| time.timestamp_millis();
            insert.execute(params![
                of_id(it.id.record_id())?,
                millis(it.created_date),
                of_id(it.created_by_id)?,
                millis(it.last_modified_date),
                of_id(it.last_modified_by_id)?,
                millis(it.system_modstamp),
                of_id(it.agent_id.record_id())?,
                it.chat_req_assigned,
                it.chat_req_declined,
                it.chat_req_engaged,
                it.chat_req_timed_out,
                millis(it.login_time),
                millis(it.logout_time),
                it.name,
                it.num_flag_lowered_agent,
                it.num_flag_lowered_supervisor,
                it.num_flag_raised,
                of_id(it.owner_id.record_id())?,
                it.time_at_capacity,
                it.time_idle,
                it.time_in_away_status,
                it.time_in_chats,
                it.time_in_online_status,
            ])?;
            Ok(())
        })?;
        drop(insert);
        txn.commit()?;
        db.execute_batch("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);")?;
        Ok(Self { db, heads })
    }

    /// The records of a statement.
    fn sessions(&self, sql: &str, params: impl Params) -> Outcome<Vec<Session>> {
        let mut statement = self.db.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(self.session(row)?);
        }
        Ok(found)
    }

    fn session(&self, row: &Row<'_>) -> Outcome<Session> {
        let id = |column: usize| {
            let packed: i64 = row.get(column)?;
            let id = self.heads.unpack(packed.cast_unsigned()).ok_or("an unknown id")?;
            Ok::<_, Box<dyn std::error::Error>>(id)
        };
        let time = |column: usize| {
            let time = DateTime::from_timestamp_millis(row.get(column)?).ok_or("a bad time")?;
            Ok::<_, Box<dyn std::error::Error>>(time)
        };
        Ok(Session {
            id: Id::new(id(0)?),
            is_deleted: false,
            created_date: time(1)?,
            created_by_id: id(2)?,
            last_modified_date: time(3)?,
            last_modified_by_id: id(4)?,
            system_modstamp: time(5)?,
            fields: LiveAgentSession {
                agent_id: Id::new(id(6)?),
                chat_req_assigned: row.get(7)?,
                chat_req_declined: row.get(8)?,
                chat_req_engaged: row.get(9)?,
                chat_req_timed_out: row.get(10)?,
                last_referenced_date: None,
                last_viewed_date: None,
                login_time: time(11)?,
                logout_time: time(12)?,
                name: row.get(13)?,
                num_flag_lowered_agent: row.get(14)?,
                num_flag_lowered_supervisor: row.get(15)?,
                num_flag_raised: row.get(16)?,
                owner_id: Ref::new(id(17)?),
                time_at_capacity: row.get(18)?,
                time_idle: row.get(19)?,
                time_in_away_status: row.get(20)?,
                time_in_chats: row.get(21)?,
                time_in_online_status: row.get(22)?,
            },
        })
    }
}

impl Side for Sqlite {
    fn get(&self, id: Id<LiveAgentSession>) -> Outcome<Session> {
        let packed = self.heads.pack(id).ok_or("a session of another instance")?;
        let mut statement = self.db.prepare_cached("SELECT * FROM session WHERE id = ?")?;
        let mut rows = statement.query([packed.cast_signed()])?;
        self.session(rows.next()?.ok_or("no such session")?)
    }

    fn of_agent(&self, agent: Id<User>) -> Outcome<Vec<Session>> {
        let packed = self.heads.pack(agent).ok_or("an agent of another instance")?;
        self.sessions("SELECT * FROM session WHERE agent = ?", [packed.cast_signed()])
    }

    fn of_time(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Outcome<Vec<Session>> {
        let within = [from.timestamp_millis(), to.timestamp_millis()];
        self.sessions("SELECT * FROM session WHERE login >= ? AND login < ?", within)
    }

    fn idle(&self, least: i32) -> Outcome<Vec<Session>> {
        self.sessions("SELECT * FROM session WHERE idle > ?", [least])
    }

    fn ranking(&self) -> Outcome<Vec<(Id<User>, i64)>> {
        let sql = "SELECT agent, COALESCE(SUM(idle), 0) AS total FROM session
                   GROUP BY agent ORDER BY total DESC, agent LIMIT ?";
        let mut statement = self.db.prepare_cached(sql)?;
        let mut rows = statement.query([i64::try_from(RANKED)?])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let packed: i64 = row.get(0)?;
            let agent = self.heads.unpack(packed.cast_unsigned()).ok_or("an unknown agent")?;
            found.push((Id::new(agent), row.get(1)?));
        }
        Ok(found)
    }

    fn idlest(&self) -> Outcome<Vec<Session>> {
        let sql = "SELECT * FROM session ORDER BY idle DESC, id LIMIT ?";
        self.sessions(sql, [i64::try_from(IDLEST)?])
    }
}
