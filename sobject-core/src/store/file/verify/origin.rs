//! Where ids come from: their object, and whether their number is leased. Asked once for each head
//! of ids, so that a record costs no read for it.

use std::collections::BTreeMap;

use super::Verifier;
use crate::{
    catalogue::ObjectNo,
    error::Result,
    id::{KeyPrefix, RecordId},
    store::keep::{Counter, Schema, can_be_drawn, head_of},
};

/// Where an id comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// The object of the file whose ids begin so, and whether it is listed.
    pub(super) object: Option<(ObjectNo, bool)>,
    /// Is it an id that a record made here could have been given?
    pub(super) is_own: bool,
    /// Was its number leased?
    pub(super) is_leased: bool,
}

/// What is known of the heads of ids.
#[derive(Debug)]
pub(super) struct Origins {
    by_prefix: BTreeMap<KeyPrefix, (ObjectNo, bool)>,
    /// By the number of the head; `None` for those that were not met yet.
    heads: Vec<Option<Head>>,
}

/// What all ids of a head have in common.
#[derive(Clone, Copy, Debug)]
struct Head {
    object: Option<(ObjectNo, bool)>,
    is_own: bool,
    /// The next number that is not leased; 0 if none is.
    next: u64,
}

impl Head {
    fn of(self, id: RecordId) -> Origin {
        Origin {
            object: self.object,
            is_own: self.is_own && can_be_drawn(id),
            is_leased: id.number() < self.next,
        }
    }
}

impl Origins {
    /// Nothing but the key prefixes of the objects.
    pub(super) fn of(schema: &Schema) -> Self {
        let is_listed = |prefix| schema.catalogue.of_prefix(prefix).is_some();
        let objects = schema.catalogue.kept();
        let by_prefix =
            objects.map(|it| (it.key_prefix, (it.number, is_listed(it.key_prefix)))).collect();
        Self { by_prefix, heads: Vec::new() }
    }
}

impl Verifier<'_> {
    /// Where the id comes from that a packed one stands for.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) if the dictionary does not have it;
    /// [`Error::Storage`](crate::Error::Storage).
    pub(super) fn origin(&mut self, packed: u64) -> Result<Origin> {
        let Some(id) = self.reader.ids().unpack_known(packed) else {
            // An id of the side dictionary, of which there are few.
            let id = self.reader.unpack(packed)?;
            return Ok(self.head(id)?.of(id));
        };
        let place = usize::from(head_of(packed));
        if let Some(Some(head)) = self.origins.heads.get(place) {
            return Ok(head.of(id));
        }
        let head = self.head(id)?;
        if self.origins.heads.len() <= place {
            self.origins.heads.resize(place + 1, None);
        }
        self.origins.heads[place] = Some(head);
        Ok(head.of(id))
    }

    /// What all ids have in common that begin like this one.
    fn head(&self, id: RecordId) -> Result<Head> {
        let next = match self.reader.ids().head_number(id.head()) {
            Some(head) => Counter::Records(head).next(self.reader.read)?,
            None => None,
        };
        Ok(Head {
            object: self.origins.by_prefix.get(&id.key_prefix()).copied(),
            is_own: id.instance() == self.reader.schema.instance,
            next: next.unwrap_or_default(),
        })
    }
}
