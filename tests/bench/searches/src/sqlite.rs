//! `SQLite`'s side: a table, and an index of FTS5 over it that keeps no texts of its own; accents are
//! kept apart, as on the other side.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use crate::{
    LIMIT, Outcome,
    notes::{Note, Notes},
};

const SETTINGS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -1048576;
";
const SCHEMA: &str = "
    CREATE TABLE note (id INTEGER PRIMARY KEY, name TEXT NOT NULL, body TEXT, mail TEXT);
    CREATE INDEX by_name ON note (name);
    CREATE VIRTUAL TABLE words USING fts5(
        name, body, mail, content = 'note', content_rowid = 'id',
        tokenize = 'unicode61 remove_diacritics 0'
    );
";

/// The notes in a file.
pub(crate) struct Sqlite {
    db: Connection,
    path: PathBuf,
}

impl Sqlite {
    pub(crate) fn load(path: &Path, notes: &Notes) -> Outcome<Self> {
        let db = Connection::open(path)?;
        db.execute_batch(SETTINGS)?;
        db.execute_batch(SCHEMA)?;
        let mut sqlite = Self { db, path: path.to_owned() };
        sqlite.add(&notes.0)?;
        Ok(sqlite)
    }

    pub(crate) fn add(&mut self, notes: &[Note]) -> Outcome<()> {
        let txn = self.db.transaction()?;
        {
            let mut note =
                txn.prepare_cached("INSERT INTO note (name, body, mail) VALUES (?, ?, ?)")?;
            let mut words = txn.prepare_cached(
                "INSERT INTO words (rowid, name, body, mail) VALUES (?, ?, ?, ?)",
            )?;
            for Note { name, body, mail } in notes {
                let body = body.trim();
                note.execute(params![name, body, mail])?;
                words.execute(params![txn.last_insert_rowid(), name, body, mail])?;
            }
        }
        txn.commit()?;
        Ok(())
    }

    pub(crate) fn count(&self, text: &str) -> Outcome<usize> {
        let text_of = "SELECT COUNT(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT 2000)";
        let mut count = self.db.prepare_cached(text_of)?;
        let n: i64 = count.query_row([text], |row| row.get(0))?;
        Ok(usize::try_from(n)?)
    }

    /// The names of the first notes that have it.
    pub(crate) fn search(&self, text: &str) -> Outcome<Vec<String>> {
        let mut search = self.db.prepare_cached(
            "SELECT note.id, note.name FROM words JOIN note ON note.id = words.rowid
             WHERE words MATCH ? ORDER BY words.rowid LIMIT ?",
        )?;
        let limit = i64::try_from(LIMIT)?;
        let names = search.query_map(params![text, limit], |row| {
            row.get::<_, i64>(0)?;
            row.get(1)
        })?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    pub(crate) fn size(&self) -> Outcome<u64> {
        // What is in the log belongs to the file.
        self.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
        Ok(std::fs::metadata(&self.path)?.len())
    }
}
