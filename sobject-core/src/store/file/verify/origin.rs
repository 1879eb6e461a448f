//! Where ids come from: their objects, and whether their number is leased. Asked once for each head
//! of ids, so that a record costs no read for it.

use super::Verifier;
use crate::{
    catalogue::ObjectNo,
    error::Result,
    id::RecordId,
    store::keep::{Counter, Schema, can_be_drawn, head_of},
};

/// Where an id comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin<'a> {
    /// The objects of the file whose ids begin so.
    pub(super) objects: &'a [ObjectNo],
    /// Are there any, and are all of them listed?
    pub(super) is_listed: bool,
    /// Is it an id that a record made here could have been given?
    pub(super) is_own: bool,
    /// Was its number leased?
    pub(super) is_leased: bool,
}

/// What is known of the heads of ids.
#[derive(Debug)]
pub(super) struct Origins<'a> {
    /// By the number of the head; `None` for those that were not met yet.
    heads: Vec<Option<Head<'a>>>,
    /// The objects without a key prefix whose records callers may have seen: any id may be of one.
    pub(super) seen_without_prefix: Vec<ObjectNo>,
}

/// What all ids of a head have in common.
#[derive(Clone, Copy, Debug)]
struct Head<'a> {
    objects: &'a [ObjectNo],
    is_listed: bool,
    is_own: bool,
    /// The next number that is not leased; 0 if none is.
    next: u64,
}

impl<'a> Head<'a> {
    fn of(self, id: RecordId) -> Origin<'a> {
        Origin {
            objects: self.objects,
            is_listed: self.is_listed,
            is_own: self.is_own && can_be_drawn(id),
            is_leased: id.number() < self.next,
        }
    }
}

impl Origins<'_> {
    /// No head was met yet.
    pub(super) fn of(schema: &Schema) -> Self {
        let without_prefix = schema.catalogue.without_prefix();
        let seen = without_prefix.filter(|it| it.fields.iter().any(|it| it.flags.is_per_caller()));
        Self { heads: Vec::new(), seen_without_prefix: seen.map(|it| it.number).collect() }
    }
}

impl<'a> Verifier<'a> {
    /// Where the id comes from that a packed one stands for.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt) if the dictionary does not have it;
    /// [`Error::Storage`](crate::Error::Storage).
    pub(super) fn origin(&mut self, packed: u64) -> Result<Origin<'a>> {
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
    fn head(&self, id: RecordId) -> Result<Head<'a>> {
        let next = match self.reader.ids().head_number(id.head()) {
            Some(head) => Counter::Records(head).next(self.reader.read)?,
            None => None,
        };
        let (objects, is_listed) = self.reader.schema.catalogue.kept_of_prefix(id.key_prefix());
        Ok(Head {
            objects,
            is_listed,
            is_own: id.instance() == self.reader.schema.instance,
            next: next.unwrap_or_default(),
        })
    }
}
