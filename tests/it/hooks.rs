//! Hooks and validations of the program: what they are given, what they may do, and what is left of
//! them when something is refused.

mod after;
mod before;
mod deleted;
mod limits;
mod named;
mod taken;
mod validations;

use std::sync::{Arc, Mutex};

use sobject_core::ObjectHooks;

use crate::desk::{Desk, OBJECTS};

/// A desk with these hooks.
fn desk(hooks: impl Into<ObjectHooks>) -> Desk {
    Desk::with(|builder| builder.hooks(hooks).in_memory(OBJECTS))
}

/// What hooks note, in the order in which they do.
#[derive(Clone, Debug, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn note(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }

    /// What was noted since it was last asked for.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}
