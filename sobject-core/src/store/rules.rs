//! The rules of the platform: what a caller may do, and which values a record may be given.
//!
//! **Invariants:** rules look at what they are given and at the schema. Where a rule depends on what
//! records there are, it is given a function that asks; so it holds for a snapshot and inside a
//! transaction alike, and for typed and untyped callers.

mod access;
mod comparable;
mod defaults;
mod email;
mod input;
mod keys;
mod limits;
mod references;
mod stages;
mod strip;
mod text;
mod value;

pub use self::strip::{AccessType, Stripped};
pub(crate) use self::{
    access::{Access, Purpose},
    comparable::comparable,
    defaults::{default_json, defaults_of, initial_of, kept_cell},
    input::{Given, Input, convert, known_of_json, own_id, take_given, take_id},
    keys::{Parent, bad_parent, check_key, find_key, from_json, not_found},
    limits::{MAX_IDS, MAX_RECORDS, Updates, check_count},
    references::{Targets, targets_of},
    stages::{
        Values, check_key_value, check_required, check_values, check_writeable, wrong_object,
    },
    strip::strip,
    text::{length_of, likely_form, unlisted},
    value::{Checked, Fidelity, left_digits},
};
