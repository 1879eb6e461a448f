//! Hooks: what a program does when records are written.
//!
//! A hook is given the records that a call names, all of them at once; not what goes along in a
//! cascade, and not what a replica puts. It runs in system mode, inside the write, in the name of the
//! user who is stamped. A before hook may change what is to be written, and that is checked as if it
//! had been given. Any hook may refuse single records, and write others.
//!
//! The order of a call (`run`): each record is checked as far as it can be before its values are final;
//! the before hooks run; what they changed is checked, then what is required, then the validations;
//! the records are written one after another, each against the unique values of those before it; the
//! after hooks run. Where a record is refused on the way, everything of that run is taken back and the
//! others run again without it, hooks included, as on the platform. So a refused record leaves nothing
//! behind, be it in what hooks wrote.
//!
//! **Invariants:** hooks are of the program and not kept in the file. An object without hooks is written
//! as if there were none. A hook whose writes set off hooks goes [`MAX_DEPTH`] deep and no deeper.

mod run;

pub(super) use self::run::Job;
use super::{draft::Draft, writer::Write};
use crate::catalogue::Object;

/// How deep hooks may set off hooks, as on the platform.
pub(super) const MAX_DEPTH: usize = 16;

impl<'a> Write<'a> {
    /// Has the object hooks?
    pub(super) fn has_hooks(&self, object: &Object) -> bool {
        self.hooks.has(object)
    }

    /// The object of a draft, if it has hooks.
    pub(super) fn hooked_object(&self, draft: &Draft<'_>) -> Option<&'a Object> {
        if !self.has_hooks(draft.object) {
            return None;
        }
        self.schema.catalogue.get(draft.object.number)
    }
}
