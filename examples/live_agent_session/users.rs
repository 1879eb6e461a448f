//! Finds and creates users by their usernames.

use std::collections::HashMap;

use sobject_core::{
    Connection, Error, Id,
    standard::{User, UserCreate},
};

use super::{input::Agent, screen::Outcome};

/// Finds users by username, and asks the store only once for each.
pub(crate) struct Users<'a> {
    db: &'a Connection,
    known: HashMap<String, Option<Id<User>>>,
}

impl<'a> Users<'a> {
    /// Starts without any known user.
    pub(crate) fn of(db: &'a Connection) -> Self {
        Self { db, known: HashMap::new() }
    }

    /// The user of this username.
    pub(crate) fn find(&mut self, username: &str) -> Result<Option<Id<User>>, Error> {
        if let Some(&known) = self.known.get(username) {
            return Ok(known);
        }
        let found = self.db.find(User::FIELDS.username, username)?.first().map(|user| user.id);
        self.known.insert(username.to_owned(), found);
        Ok(found)
    }

    /// The user of this username, who is created if there is none.
    pub(crate) fn find_or_create(&mut self, name: &str, username: &str) -> Result<Id<User>, Error> {
        if let Some(found) = self.find(username)? {
            return Ok(found);
        }
        let created = self.db.create(UserCreate::new(name.to_owned(), username.to_owned()))?;
        self.known.insert(username.to_owned(), Some(created));
        Ok(created)
    }

    /// Creates those of these agents that the store does not have, and returns how many these were.
    pub(crate) fn load(&mut self, agents: &[Agent]) -> Outcome<usize> {
        let mut n_new = 0;
        for Agent { name, username } in agents {
            if self.find(username)?.is_none() {
                self.find_or_create(name, username)
                    .map_err(|e| format!("cannot create the agent {username:?}: {e}"))?;
                n_new += 1;
            }
        }
        Ok(n_new)
    }
}
