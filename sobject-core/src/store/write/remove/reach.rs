//! [`Reach`]: what a delete reaches beside the record that it names.
//!
//! It is found level by level: all records that one level holds are looked for together, by the
//! indexes of the references that may lead to them. A record is met once, so cycles end.
//!
//! **Invariant:** a record that is deleted along neither holds what it refers to nor has a reference
//! emptied, whichever of its references was found first; so who holds and who is emptied is settled
//! when all that goes along is known.

use std::{collections::HashSet, ops::ControlFlow};

use foldhash::fast::RandomState;

use crate::{
    bytes::{Cell, Slot},
    catalogue::{Object, ObjectNo},
    definition::{FieldIdx, OnDelete},
    error::{Error, Result},
    store::{
        keep::{ALONG, Along, Index, IndexRange, Table, Taken},
        write::{Write, cache::Expected},
    },
};

/// How many records that hold another are looked at before any is known to go along.
const FEW_HOLDERS: usize = 6;

/// A record, by its object and its packed id.
pub(super) type Member = (ObjectNo, u64);

/// What a delete reaches.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// The records that are deleted: those that were named, and then the others as they were met.
    pub(super) deleted: Vec<Member>,
    among: HashSet<Member, RandomState>,
    /// References that are emptied, unless the record that has one is deleted along.
    emptied: Vec<Emptied>,
    /// Details in the bin whose master is deleted now.
    pub(super) gone: Vec<Member>,
}

/// A reference that is emptied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Emptied {
    /// The record that has it.
    pub(super) holder: Member,
    pub(super) slot: Slot,
    /// The packed id that it has.
    pub(super) had: u64,
}

/// A record that holds another by a required reference.
#[derive(Clone, Debug)]
pub(super) struct Held<'s> {
    pub(super) by: Referring<'s>,
    /// The packed ids of the first records that hold it.
    pub(super) holders: Vec<u64>,
}

/// An indexed reference of an object, seen from what it may lead to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Referring<'s> {
    /// The object that has the reference.
    pub(super) object: &'s Object,
    pub(super) field: FieldIdx,
    slot: Slot,
    index: &'s Index,
    on_delete: OnDelete,
    /// Does the program list the object and the field? Nobody is told of those that are dormant.
    pub(super) is_listed: bool,
}

impl Reach {
    fn of(named: &[Member]) -> Self {
        let among = named.iter().copied().collect();
        Self { deleted: named.to_vec(), among, ..Self::default() }
    }

    /// Is the record deleted?
    pub(super) fn has(&self, member: Member) -> bool {
        self.among.contains(&member)
    }

    /// The references that are emptied, those of one record together.
    pub(super) fn emptied(&mut self) -> &[Emptied] {
        let Self { emptied, among, .. } = self;
        emptied.retain(|it| !among.contains(&it.holder));
        emptied.sort_unstable();
        emptied
    }

    /// How many records are deleted along or changed, at most.
    fn size(&self) -> usize {
        self.deleted.len() + self.emptied.len() + self.gone.len()
    }
}

/// The references that may lead to the records of each object, worked out once for each.
#[derive(Default)]
struct ByObject<'s>(Vec<(ObjectNo, OfObject<'s>)>);

#[derive(Clone, Default)]
struct OfObject<'s> {
    referring: Vec<Referring<'s>>,
    is_master: bool,
}

impl<'a> Write<'a> {
    /// What deleting these records reaches. It is not looked any further once it is more than
    /// `limit` records.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn reach(&self, named: &[Member], limit: usize) -> Result<Option<Reach>> {
        let mut reach = Reach::of(named);
        let mut by_object = ByObject::default();
        let limit = limit.saturating_add(named.len());
        // So many that hold one record are too many, whichever they are.
        let most = limit.saturating_add(1);
        let mut begin = 0;
        while begin < reach.deleted.len() {
            let level = begin..reach.deleted.len();
            begin = level.end;
            self.expect_referring(reach.deleted.get(level.clone()), most, &mut by_object)?;
            for n in level {
                let Some(&member) = reach.deleted.get(n) else { break };
                self.reach_from(member, most, &mut by_object, &mut reach)?;
                if reach.size() > limit {
                    return Ok(None);
                }
            }
        }
        Ok(Some(reach))
    }

    /// The entries that lead to the records of a level will be visited, at most so many of each.
    fn expect_referring(
        &self,
        level: Option<&[Member]>,
        most: usize,
        by_object: &mut ByObject<'a>,
    ) -> Result<()> {
        let mut expected = Expected::default();
        for (object, id) in level.unwrap_or_default() {
            let OfObject { referring, is_master } = by_object.of(self, *object)?;
            for it in referring {
                // Few of the records that hold another are enough to know that they do.
                let is_whole = it.on_delete != OnDelete::Restrict;
                let limit = if is_whole { most } else { FEW_HOLDERS };
                let range = IndexRange { limit, ..IndexRange::of(Cell::Fixed(*id)) };
                expected.entries(it.index, range);
            }
            if *is_master {
                let [from, to] = Along::bounds(*id);
                expected.first_of(ALONG, &from, &to, most);
            }
        }
        self.expect(expected);
        Ok(())
    }

    /// Adds what one record that is deleted reaches, or more of it than may be reached.
    fn reach_from(
        &self,
        (object, id): Member,
        most: usize,
        by_object: &mut ByObject<'a>,
        reach: &mut Reach,
    ) -> Result<()> {
        let OfObject { referring, is_master } = by_object.of(self, object)?;
        for it in referring.iter().filter(|it| it.on_delete != OnDelete::Restrict) {
            self.holders(it, id, most, &mut |holder| {
                let holder = (it.object.number, holder);
                if it.on_delete == OnDelete::SetNull {
                    reach.emptied.push(Emptied { holder, slot: it.slot, had: id });
                } else if reach.among.insert(holder) {
                    reach.deleted.push(holder);
                }
                true
            })?;
        }
        if *is_master {
            let along = self.read(|reader| Along::first_of(reader.read, id, most))?;
            let waits = along.into_iter().filter(|it| matches!(it.what, Taken::Waits { .. }));
            reach.gone.extend(waits.map(|it| (it.object, it.id)));
        }
        Ok(())
    }

    /// What holds one of the records that are to be deleted, if anything does: live records that
    /// require it and stay.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn held(&self, reach: &Reach, n_named: usize) -> Result<Option<Held<'a>>> {
        let mut by_object = ByObject::default();
        for (object, id) in &reach.deleted {
            let OfObject { referring, .. } = by_object.of(self, *object)?;
            for it in referring.iter().filter(|it| it.on_delete == OnDelete::Restrict) {
                let stays = |holder: u64| !reach.has((it.object.number, holder));
                let mut n_seen = 0;
                let mut holders = Vec::new();
                self.holders(it, *id, FEW_HOLDERS, &mut |holder| {
                    n_seen += 1;
                    holders.extend(Some(holder).filter(|holder| stays(*holder)));
                    true
                })?;
                if holders.is_empty() && n_seen == FEW_HOLDERS {
                    self.holders(it, *id, usize::MAX, &mut |holder| {
                        holders.extend(Some(holder).filter(|holder| stays(*holder)));
                        holders.len() < n_named
                    })?;
                }
                if !holders.is_empty() {
                    holders.truncate(n_named);
                    return Ok(Some(Held { by: *it, holders }));
                }
            }
        }
        Ok(None)
    }

    /// Calls `f` with the live records that refer to one, by packed id, until it returns false.
    fn holders(
        &self,
        by: &Referring<'_>,
        id: u64,
        limit: usize,
        f: &mut dyn FnMut(u64) -> bool,
    ) -> Result<()> {
        let range = IndexRange { limit, ..IndexRange::of(Cell::Fixed(id)) };
        self.read(|reader| {
            by.index.scan(reader.read, range, &mut |holder| {
                Ok(if f(holder) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
            })
        })?;
        Ok(())
    }

    /// The object and the table of a record that is reached.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if there is no such object.
    pub(in crate::store::write) fn object_and_table(
        &self,
        number: ObjectNo,
    ) -> Result<(&'a Object, &'a Table)> {
        let schema = self.schema;
        let none = || Error::corrupt("a relation without its object");
        let object = schema.catalogue.get(number).ok_or_else(none)?;
        Ok((object, schema.table(object)?))
    }
}

impl<'s> ByObject<'s> {
    fn of(&mut self, write: &Write<'s>, object: ObjectNo) -> Result<&OfObject<'s>> {
        let known = self.0.iter().position(|(it, _)| *it == object);
        let place = known.unwrap_or(self.0.len());
        if known.is_none() {
            self.0.push((object, OfObject::new(write, object)?));
        }
        self.0.get(place).map(|(_, of)| of).ok_or_else(|| Error::corrupt("an object of no place"))
    }
}

impl<'s> OfObject<'s> {
    fn new(write: &Write<'s>, object: ObjectNo) -> Result<Self> {
        let relations = &write.schema.relations;
        let mut referring = Vec::new();
        for child in relations.children_of(object) {
            let (of, table) = write.object_and_table(child.object)?;
            // The references of system fields have no index: the users that they name stay.
            if let Some(slot) = table.slot(child.field)
                && let Some(index) = table.index_of(slot)
            {
                let (field, is_listed, on_delete) = (child.field, child.is_listed, child.on_delete);
                referring.push(Referring { object: of, field, slot, index, on_delete, is_listed });
            }
        }
        Ok(Self { referring, is_master: relations.is_master(object) })
    }
}
