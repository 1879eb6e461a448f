//! A small CRM on custom objects: clients, deals and visits, from a first version of the program to
//! a second.
//!
//! ```text
//! cargo run --example crm
//! ```
//!
//! The screen tells in eight chapters what happens: objects that refer to each other (`objects.rs`,
//! `described.rs`), batches whose records are judged one by one or stand and fall together
//! (`batch.rs`), JSON in and out (`json.rs`), two users with different rights (`rights.rs`), and the
//! same file opened a year later with changed structs (`later.rs`, `evolution.rs`).

#[path = "crm/batch.rs"]
mod batch;
#[path = "crm/described.rs"]
mod described;
#[path = "crm/evolution.rs"]
mod evolution;
#[path = "crm/json.rs"]
mod json;
#[path = "crm/later.rs"]
mod later;
#[path = "crm/objects.rs"]
mod objects;
#[path = "crm/rights.rs"]
mod rights;
#[path = "crm/screen.rs"]
mod screen;

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process,
};

use sobject_core::{
    Caller, Connection, Id, ManualClock, SObject, Store,
    standard::{Group, User, UserCreate},
};

use crate::{
    objects::{Client, Deal, Visit},
    screen::Outcome,
};

fn main() -> Outcome<()> {
    let folder = Folder::new()?;
    let file = folder.path().join("crm.redb");
    first_version(&file)?;
    evolution::evolution(&file)
}

/// The program in its first version. When it ends, everything is in the file.
fn first_version(file: &Path) -> Outcome<()> {
    // A clock that stands still prints the same times whenever the example is run.
    let clock = ManualClock::at("2026-11-26T08:00:00Z".parse()?);
    let objects = [Group::OBJECT, User::OBJECT, Client::OBJECT, Deal::OBJECT, Visit::OBJECT];
    let store = Store::builder().clock(clock).open(file, &objects)?;
    let ada = user(&store.system(), "Ada")?;
    let db = store.connect(Caller::system_as(ada));
    described::objects(&db)?;
    let clients = batch::clients(&db)?;
    batch::deals(&db, &clients)?;
    json::json(&db, &clients)?;
    rights::rights(&store)
}

/// Creates a user.
fn user(db: &Connection, name: &str) -> Outcome<Id<User>> {
    let username = format!("{}@crm.example", name.to_lowercase());
    Ok(db.create(UserCreate::new(name, username))?)
}

/// A new folder among the temporary ones, which is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> io::Result<Self> {
        let folder = env::temp_dir().join(format!("sobject-crm-{}", process::id()));
        fs::create_dir(&folder)?;
        Ok(Self(folder))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // If it cannot be removed, the system clears its temporary folder some day.
        let _ = fs::remove_dir_all(&self.0);
    }
}
