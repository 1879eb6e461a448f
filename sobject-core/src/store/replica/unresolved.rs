//! The references of a replica that lead to no record, so that a replicator knows what to fetch.
//!
//! The list has an order of its own, so that it can be left at any place and gone on with later. It
//! goes by the objects; within an object by the fields, first those without an index (the users who
//! created and last changed a record) and then the others; and within a field by the ids. A place in
//! this order is
//!
//! ```text
//! 2  the number of the object
//! 2  the slot of the field
//! 8  the packed id
//! ```
//!
//! The index of a field has the ids that its records refer to in the order of the ids, so each is met
//! once, however many records refer to it. Without an index the records have to be read, and the first of
//! the ids that lead nowhere are kept.
//!
//! **Invariant:** memory is bounded by what is asked for, whatever is in the file.

use std::{
    collections::{BTreeSet, HashSet},
    ops::{Bound, ControlFlow},
};

use crate::{
    bytes::Slot,
    catalogue::{Field, Object, ObjectNo},
    engine::{Scan, try_scan},
    error::{Error, Result},
    id::RecordId,
    store::{
        keep::{Index, Table},
        read::{Page, Reader, ResumeKey},
    },
    value::Storage,
};

/// Ids that are followed together, and records that are read together.
const CHUNK: usize = 1024;
/// Ids that are remembered because they lead to a record, while records are read.
const MAX_REMEMBERED: usize = 1 << 16;

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
    /// Further objects that the id may be of, where objects that the field may name share the key
    /// prefix: which of them has the record, only their source can tell.
    pub others: Vec<String>,
    /// The id.
    pub id: RecordId,
}

/// Up to `limit` ids that live records refer to and that no record has, live or in the bin: each
/// once for each field, and only what is listed behind `after`. There may be more if there are as
/// many as the limit.
///
/// # Errors
/// [`Error::BadResumeKey`], [`Error::Corrupt`], [`Error::Storage`].
pub(crate) fn unresolved(
    reader: &Reader<'_>,
    after: Option<&ResumeKey>,
    limit: usize,
) -> Result<Page<UnresolvedReference>> {
    let after = after.map(|key| Spot::of(reader, key)).transpose()?;
    let mut listing = Listing { reader, limit, found: Vec::new(), last: None };
    for object in reader.schema.catalogue.objects() {
        if after.is_none_or(|after| object.number >= after.object) {
            let after = after.filter(|after| object.number == after.object);
            listing.list(object, after)?;
        }
    }
    let next = listing.last.filter(|_| listing.found.len() >= limit);
    Ok(Page { items: listing.found, next: next.map(Spot::key) })
}

/// A place in the order of the list.
#[derive(Clone, Copy, Debug)]
struct Spot {
    object: ObjectNo,
    slot: Slot,
    id: u64,
}

impl Spot {
    /// The spot of a key.
    fn of(reader: &Reader<'_>, key: &ResumeKey) -> Result<Self> {
        let split = |bytes: &[u8]| {
            let (object, bytes) = bytes.split_first_chunk()?;
            let (slot, bytes) = bytes.split_first_chunk()?;
            let id = u64::from_be_bytes(bytes.try_into().ok()?);
            let object = ObjectNo(u16::from_be_bytes(*object));
            Some(Self { object, slot: u16::from_be_bytes(*slot), id })
        };
        let spot = split(key.unresolved()?);
        // An object or a field that is no longer listed is in no order.
        let is_there = |spot: &Self| {
            let object = reader.schema.catalogue.objects().find(|it| it.number == spot.object);
            object.is_some_and(|object| references_of(object).any(|(_, slot)| slot == spot.slot))
        };
        spot.filter(is_there).ok_or_else(|| key.bad())
    }

    fn key(self) -> ResumeKey {
        let mut key = Vec::with_capacity(12);
        key.extend_from_slice(&self.object.0.to_be_bytes());
        key.extend_from_slice(&self.slot.to_be_bytes());
        key.extend_from_slice(&self.id.to_be_bytes());
        ResumeKey::of_unresolved(&key)
    }
}

/// The fields of an object by which its records refer to others, with their slots.
fn references_of(object: &Object) -> impl Iterator<Item = (&Field, Slot)> {
    object.fields().filter_map(|(_, field)| {
        let stored = field.stored.filter(|stored| stored.storage == Storage::Id)?;
        Some((field, stored.slot))
    })
}

/// A listing under way.
struct Listing<'r> {
    reader: &'r Reader<'r>,
    limit: usize,
    found: Vec<UnresolvedReference>,
    /// Where the last one that was found stands.
    last: Option<Spot>,
}

impl Listing<'_> {
    /// How many more are asked for.
    fn left(&self) -> usize {
        self.limit - self.found.len()
    }

    /// Lists the references of an object that come behind a spot among them.
    fn list(&mut self, object: &Object, after: Option<Spot>) -> Result<()> {
        let table = self.reader.schema.table(object)?;
        let mut fields: Vec<_> = references_of(object).collect();
        fields.sort_by_key(|(_, slot)| (table.index_of(*slot).is_some(), *slot));
        let place = after.and_then(|after| fields.iter().position(|(_, slot)| *slot == after.slot));
        let after = place.zip(after.map(|after| after.id));
        let n_without_index = fields.partition_point(|(_, slot)| table.index_of(*slot).is_none());
        let (without_index, with_index) = fields.split_at(n_without_index);
        if after.is_none_or(|(place, _)| place < n_without_index) {
            self.list_records(object, table, without_index, after)?;
        }
        for (place, (field, slot)) in (n_without_index..).zip(with_index) {
            let index = table.index_of(*slot);
            let index = index.ok_or_else(|| Error::corrupt("a reference without its index"))?;
            match after {
                Some((reached, _)) if place < reached => (),
                Some((reached, id)) if place == reached => {
                    self.list_index(object, field, *index, id)?;
                }
                _ => self.list_index(object, field, *index, 0)?,
            }
        }
        Ok(())
    }

    /// Lists the references of a field with an index to ids behind `after`; no packed id is 0.
    fn list_index(
        &mut self,
        object: &Object,
        field: &Field,
        index: Index,
        mut after: u64,
    ) -> Result<()> {
        while self.left() > 0 {
            let ids = index.fixed_values(self.reader.read, after, CHUNK)?;
            let Some(last) = ids.last() else { return Ok(()) };
            after = *last;
            for (id, lost) in ids.iter().zip(lost(self.reader, &ids)?) {
                if let Some(lost) = lost
                    && self.left() > 0
                {
                    self.push(object, field, index.slot, *id, lost);
                }
            }
        }
        Ok(())
    }

    /// Lists the references of fields without an index behind `after`, the place of a field and an
    /// id.
    fn list_records(
        &mut self,
        object: &Object,
        table: &Table,
        fields: &[(&Field, Slot)],
        after: Option<(usize, u64)>,
    ) -> Result<()> {
        let n_wanted = self.left();
        if n_wanted == 0 || fields.is_empty() {
            return Ok(());
        }
        // The first of those that are lost, by the place of the field and the id.
        let mut first = BTreeSet::new();
        let mut resolved = HashSet::new();
        // What the record before held: mostly what the next one holds too.
        let mut before = vec![0; fields.len()];
        let mut reached: Option<Vec<u8>> = None;
        loop {
            let mut asked = BTreeSet::new();
            let from = reached.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
            let scan = Scan { from, limit: CHUNK, ..Scan::ALL };
            let next = try_scan(self.reader.read, table.live, scan, |_, bytes| {
                let row = table.row(bytes)?;
                for (place, (_, slot)) in fields.iter().enumerate() {
                    let id = row.bits(*slot)?.unwrap_or_default();
                    if id == 0 || id == std::mem::replace(&mut before[place], id) {
                        continue;
                    }
                    let it = (place, id);
                    let is_late = first.len() == n_wanted && first.last() <= Some(&it);
                    if Some(it) > after
                        && !is_late
                        && !resolved.contains(&id)
                        && !first.contains(&it)
                    {
                        asked.insert(it);
                    }
                }
                Ok::<_, Error>(ControlFlow::Continue(()))
            })?;
            let ids: Vec<_> = asked.iter().map(|(_, id)| *id).collect();
            for (it, lost) in asked.into_iter().zip(lost(self.reader, &ids)?) {
                if lost.is_some() {
                    first.insert(it);
                } else if resolved.len() < MAX_REMEMBERED {
                    resolved.insert(it.1);
                }
            }
            while first.len() > n_wanted {
                first.pop_last();
            }
            reached = match next {
                Some(key) => Some(key),
                None => break,
            };
        }
        let ids: Vec<_> = first.iter().map(|(_, id)| *id).collect();
        for ((place, id), lost) in first.into_iter().zip(lost(self.reader, &ids)?) {
            let (Some((field, slot)), Some(lost)) = (fields.get(place), lost) else {
                return Err(Error::corrupt("a record came to be while one state was read"));
            };
            self.push(object, field, *slot, id, lost);
        }
        Ok(())
    }

    fn push(&mut self, object: &Object, field: &Field, slot: Slot, packed: u64, id: RecordId) {
        let holders = || self.reader.schema.catalogue.of_prefix(id.key_prefix());
        let mut targets: Vec<_> = holders().filter(|it| field.may_name(it)).collect();
        if targets.is_empty() {
            // The definition named more objects once.
            targets = holders().collect();
        }
        let mut targets = targets.into_iter().map(|it| it.name.clone());
        let target = targets.next().unwrap_or_default();
        let others = targets.collect();
        let (name, field) = (object.name.clone(), field.name.clone());
        self.found.push(UnresolvedReference { object: name, field, target, others, id });
        self.last = Some(Spot { object: object.number, slot, id: packed });
    }
}

/// Which of these packed ids lead to no record of an object of the store, where there could be one.
fn lost(reader: &Reader<'_>, packed: &[u64]) -> Result<Vec<Option<RecordId>>> {
    let schema = reader.schema;
    let mut lost: Vec<Option<RecordId>> = Vec::with_capacity(packed.len());
    let mut looked_for = Vec::new();
    for (place, packed) in packed.iter().enumerate() {
        let id = reader.unpack(*packed)?;
        let prefix = id.key_prefix();
        let could_be = id != schema.system_user && schema.catalogue.of_prefix(prefix).count() > 0;
        if could_be {
            let dormant = schema.catalogue.dormant_of_prefix(prefix);
            for target in schema.catalogue.of_prefix(prefix).chain(dormant) {
                looked_for.push((place, schema.table(target)?, packed.to_be_bytes()));
            }
        }
        lost.push(could_be.then_some(id));
    }
    let space_of: [fn(&Table) -> _; 2] = [|table| table.live, |table| table.bin];
    for space_of in space_of {
        let keys: Vec<_> =
            looked_for.iter().map(|(_, table, key)| (space_of(table), key.as_slice())).collect();
        reader.read.multi_get(&keys, &mut |n, value| {
            if value.is_some() {
                lost[looked_for[n].0] = None;
            }
        })?;
        looked_for.retain(|(place, ..)| lost[*place].is_some());
    }
    Ok(lost)
}
