//! Replica mode: records as their source has them, an org or another store.
//!
//! **Invariant:** nothing is stamped, defaulted or checked for rights here; types, lengths and ids are
//! checked all the same.

mod marker;
mod put;
mod put_many;
mod take;
mod unresolved;

pub(crate) use self::{
    marker::{MARKER_KEY, has_marker, skip_instance},
    take::{PassedKeys, PutOptions},
    unresolved::unresolved,
};
pub use self::{take::PassedOver, unresolved::UnresolvedReference};
