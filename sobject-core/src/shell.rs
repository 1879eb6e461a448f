//! Floor 5, the shell: the typed face of the store, one function thick.
//!
//! Everything here is generic over the user's struct and does nothing but turn typed values into
//! the dynamic ones of the floors below, and back. **Invariant:** no rule lives here.

pub(crate) mod audited;
pub(crate) mod claims;
pub(crate) mod connection;
pub(crate) mod field;
pub(crate) mod field_value;
pub(crate) mod picklist;
mod read;
pub(crate) mod record;
pub(crate) mod replica;
pub(crate) mod sobject;
pub(crate) mod store;
pub(crate) mod transaction;
pub(crate) mod untyped;
pub(crate) mod view;
