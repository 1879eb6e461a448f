//! The references of a replica that lead to no record, so that a replicator knows what to fetch.

use std::{collections::HashSet, ops::ControlFlow};

use crate::{
    bytes::Slot,
    catalogue::{Field, Object},
    engine::{Scan, try_scan},
    error::Result,
    id::RecordId,
    store::read::{Place, Reader, place_of},
    value::Storage,
};

/// An id that live records refer to, and that no record here has: what
/// [`Replica::unresolved`](crate::Replica::unresolved) lists.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct UnresolvedReference {
    /// The object whose records refer to it.
    pub object: String,
    /// The field by which they do.
    pub field: String,
    /// The object that the id is of.
    pub target: String,
    /// The id.
    pub id: RecordId,
}

/// The first ids that live records refer to and that no record has, live or in the bin: each once
/// for each field, in the order of the objects and of the records that refer to it.
///
/// # Errors
/// [`Error::Corrupt`](crate::Error::Corrupt), [`Error::Storage`](crate::Error::Storage).
pub(crate) fn unresolved(reader: &Reader<'_>, limit: usize) -> Result<Vec<UnresolvedReference>> {
    let mut found = Vec::new();
    for object in reader.schema.catalogue.objects() {
        if found.len() >= limit {
            break;
        }
        let fields = object.fields().filter_map(|(_, field)| {
            let stored = field.stored.filter(|stored| stored.storage == Storage::Id)?;
            Some((field, stored.slot))
        });
        unresolved_of(reader, object, &fields.collect::<Vec<_>>(), limit, &mut found)?;
    }
    Ok(found)
}

/// Adds what records of one object refer to by these fields.
fn unresolved_of(
    reader: &Reader<'_>,
    object: &Object,
    fields: &[(&Field, Slot)],
    limit: usize,
    found: &mut Vec<UnresolvedReference>,
) -> Result<()> {
    let table = reader.schema.table(object)?;
    // Most records refer to what others refer to, so each reference is followed once.
    let mut followed = HashSet::new();
    let walked = try_scan(reader.read, table.live, Scan::ALL, |_, bytes| {
        let row = table.row(bytes)?;
        for (field, slot) in fields {
            let Some(packed) = row.bits(*slot)? else { continue };
            if !followed.insert((*slot, packed)) {
                continue;
            }
            if let Some((target, id)) = lost(reader, packed)? {
                let (object, field) = (object.name.clone(), field.name.clone());
                found.push(UnresolvedReference { object, field, target, id });
            }
            if found.len() >= limit {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    });
    walked.map(drop)
}

/// The object and the id of a reference that leads to no record of a registered object.
fn lost(reader: &Reader<'_>, packed: u64) -> Result<Option<(String, RecordId)>> {
    let id = reader.unpack(packed)?;
    let schema = reader.schema;
    let Some(target) = schema.catalogue.of_prefix(id.key_prefix()) else { return Ok(None) };
    let is_there = id == schema.system_user
        || place_of(reader.read, schema.table(target)?, packed)? != Place::Nowhere;
    Ok((!is_there).then(|| (target.name.clone(), id)))
}
