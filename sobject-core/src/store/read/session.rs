//! [`Session`]: one committed state of a store, owned, and read in the name of a caller.
//!
//! **Invariants:** a session sees one state throughout. It borrows nothing, so it outlives the
//! handles that it came from, and any thread may read through it. What it reads goes through a
//! [`Reader`], as every other read does.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use super::{Looks, Reader};
use crate::{
    engine::{Engine, Read},
    error::Result,
    store::{
        keep::{Ids, Schema},
        rules::Access,
    },
};

/// One committed state of a store, to be read for a caller.
pub(crate) struct Session {
    schema: Arc<Schema>,
    access: Arc<Access>,
    ids: Ids,
    /// Who viewed or referenced records, once a read has found it out.
    looks: OnceLock<Looks>,
    snapshot: Arc<dyn Read + Send + Sync>,
    /// Keeps the file open. The snapshot, which is dropped before it, reads from it.
    _engine: Arc<dyn Engine>,
}

impl Session {
    /// A session over this state of an engine, which `ids` are true for.
    pub(crate) fn new(
        engine: Arc<dyn Engine>,
        snapshot: Arc<dyn Read + Send + Sync>,
        schema: Arc<Schema>,
        ids: Ids,
        access: Arc<Access>,
    ) -> Self {
        Self { schema, access, ids, looks: OnceLock::new(), snapshot, _engine: engine }
    }

    /// What the objects of the store are.
    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What the caller may do.
    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// Reads.
    ///
    /// # Errors
    /// Those of `f`.
    pub(crate) fn read<R>(&self, f: impl FnOnce(&Reader<'_>) -> Result<R>) -> Result<R> {
        let reader = Reader::new(&self.schema, &*self.snapshot, &self.ids, &self.access);
        if let Some(looks) = self.looks.get() {
            reader.know_looks(*looks);
        }
        let read = f(&reader);
        if let Some(looks) = reader.known_looks() {
            self.looks.get_or_init(|| looks);
        }
        read
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("state", &self.snapshot.state()).finish_non_exhaustive()
    }
}
