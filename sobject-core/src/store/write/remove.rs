//! Delete and undelete: records into the recycle bin, and back.
//!
//! A deleted record moves from the live space to the bin and loses its index entries. Both calls
//! stamp LastModifiedDate and By, and SystemModstamp (a choice of ours where the platform's answer
//! is unknown). Auto-numbers and ids stay.

use std::ops::ControlFlow;

use super::{
    cache::Expected,
    change::Move,
    expect::{Needs, expect_unique},
    hooks::Job,
    writer::Write,
};
use crate::{
    bytes::Cell,
    catalogue::{Object, system_slot},
    definition::FieldIdx,
    error::{Call, Error, InUse, Problem, Result},
    id::RecordId,
    permissions::ObjectRight,
    store::{
        keep::{Deletion, Index, IndexRange},
        read::{Leads, Place},
        rules::{MAX_RECORDS, Updates, bad_value, check_count},
    },
};

/// How many of the records that hold another are named in the refusal to delete it.
const NAMED_HOLDERS: usize = 5;
/// How many holders are looked for: one more than is named, since a record may refer to itself.
const MAX_HOLDERS: usize = NAMED_HOLDERS + 1;

impl<'a> Write<'a> {
    /// Moves a live record to the recycle bin.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`] and the other errors of a call that the caller may not make;
    /// [`Error::WrongId`], [`Error::NotFound`], [`Error::Deleted`]; [`Error::InUse`] if a required
    /// reference of a live record leads to it; [`Error::NotSupported`] if one that may be null does.
    pub(crate) fn delete(&mut self, object: &'a Object, id: RecordId) -> Result<()> {
        self.expect_deleted(object, &[id])?;
        self.one(|write| match write.has_hooks(object) {
            true => write.hooked_one(object, Job::Delete(id), &mut Updates::default()).map(drop),
            false => write.delete_one(object, id),
        })
    }

    /// Moves several live records to the recycle bin, each on its own unless all or none was asked.
    ///
    /// # Errors
    /// [`Error::TooMany`]; an error that concerns more than one record, such as
    /// [`Error::Storage`].
    pub(crate) fn delete_many(
        &mut self,
        object: &'a Object,
        ids: &[RecordId],
        all_or_none: bool,
    ) -> Result<Vec<Result<()>>> {
        check_count(ids.len(), MAX_RECORDS)?;
        self.expect_deleted(object, ids)?;
        if self.has_hooks(object) {
            let jobs = ids.iter().copied().map(Job::Delete).collect();
            let results = self.hooked_many(object, jobs, all_or_none)?;
            return Ok(results.into_iter().map(|result| result.map(drop)).collect());
        }
        self.each(object, ids, all_or_none, |write, id| write.delete_one(object, *id))
    }

    pub(super) fn delete_one(&mut self, object: &Object, id: RecordId) -> Result<()> {
        self.access.check_call(object, Call::Delete)?;
        let table = self.schema.table(object)?;
        let packed = self.read(|reader| reader.locate(object, id))?;
        self.check_unused(object, id, packed)?;
        let old = self.row_bytes(table.live, packed)?;
        let before = table.cells(table.row(&old)?)?;
        let mut cells = before.clone();
        self.stamp_change(&mut cells);
        let (was, becomes) = ((Place::Live, &*before), (Place::Bin, &*cells));
        self.change(Move { object, table, id: packed, was, becomes })
    }

    /// Moves a record from the recycle bin back among the live ones.
    ///
    /// A reference whose record is no longer live comes back null.
    ///
    /// # Errors
    /// [`Error::CallNotSupported`] and the other errors of a call that the caller may not make;
    /// [`Error::WrongId`], [`Error::NotInRecycleBin`]; [`Error::Duplicate`] if a unique value was
    /// taken meanwhile; [`Error::Deleted`], [`Error::NotFound`] or [`Error::BadValue`] if a required
    /// reference leads to no live record of an object that it names.
    pub(crate) fn undelete(&mut self, object: &'a Object, id: RecordId) -> Result<()> {
        self.expect_undeleted(object, &[id])?;
        self.one(|write| match write.has_hooks(object) {
            true => write.hooked_one(object, Job::Undelete(id), &mut Updates::default()).map(drop),
            false => write.undelete_one(object, id),
        })
    }

    /// Moves several records back among the live ones, each on its own unless all or none was asked.
    ///
    /// # Errors
    /// [`Error::TooMany`]; an error that concerns more than one record, such as
    /// [`Error::Storage`].
    pub(crate) fn undelete_many(
        &mut self,
        object: &'a Object,
        ids: &[RecordId],
        all_or_none: bool,
    ) -> Result<Vec<Result<()>>> {
        check_count(ids.len(), MAX_RECORDS)?;
        self.expect_undeleted(object, ids)?;
        if self.has_hooks(object) {
            let jobs = ids.iter().copied().map(Job::Undelete).collect();
            let results = self.hooked_many(object, jobs, all_or_none)?;
            return Ok(results.into_iter().map(|result| result.map(drop)).collect());
        }
        self.each(object, ids, all_or_none, |write, id| write.undelete_one(object, *id))
    }

    pub(super) fn undelete_one(&mut self, object: &Object, id: RecordId) -> Result<()> {
        self.access.check_call(object, Call::Undelete)?;
        object.check_id(id)?;
        let table = self.schema.table(object)?;
        let packed = match self.pack_known(id)? {
            Some(packed) if self.place_of(table, packed)? == Place::Bin => packed,
            _ => return Err(Error::NotInRecycleBin { object: object.name.clone(), id }),
        };
        let entry = self.row_bytes(table.bin, packed)?;
        let (_, row) = Deletion::of(&entry)?;
        let before = table.cells(table.row(row)?)?;
        let mut cells = before.clone();
        self.clear_lost_references(object, packed, &mut cells)?;
        self.check_unique(object, table, &cells, None)?;
        self.stamp_change(&mut cells);
        let (was, becomes) = ((Place::Bin, &*before), (Place::Live, &*cells));
        self.change(Move { object, table, id: packed, was, becomes })
    }

    /// The rows of records that are to be deleted, and the entries of those that hold them.
    fn expect_deleted(&self, object: &Object, ids: &[RecordId]) -> Result<()> {
        let table = self.schema.table(object)?;
        let referring = self.referring(object)?;
        let mut needs = Needs::default();
        for packed in ids.iter().filter_map(|id| self.ids().pack_in_memory(*id)) {
            needs.record(table, packed);
            for Referring { index, .. } in &referring {
                let holders =
                    IndexRange { limit: MAX_HOLDERS, ..IndexRange::of(Cell::Fixed(packed)) };
                needs.always.entries(index, holders);
            }
        }
        self.expect_needs(needs);
        let own = ids.iter().filter_map(|id| self.ids().pack_in_memory(*id));
        self.expect_own_entries(table, own, &|_| true)
    }

    /// The entries of records that are to be undeleted, and then what their values lead to.
    fn expect_undeleted(&self, object: &Object, ids: &[RecordId]) -> Result<()> {
        let table = self.schema.table(object)?;
        let packed = || ids.iter().filter_map(|id| self.ids().pack_in_memory(*id));
        let mut own = Expected::default();
        for packed in packed() {
            own.key(table.live, &packed.to_be_bytes());
            own.key(table.bin, &packed.to_be_bytes());
        }
        self.base.expect(own);
        let mut needs = Needs::default();
        for packed in packed() {
            let mut entry = Vec::new();
            let key = packed.to_be_bytes();
            self.read(|reader| reader.read.get(table.bin, &key, &mut |it| entry.extend(it)))?;
            // What is not in the bin, or cannot be read, is refused when its turn comes.
            let Ok((_, row)) = Deletion::of(&entry) else { continue };
            let Ok(cells) = table.row(row).and_then(|row| Ok(table.cells(row)?)) else { continue };
            for (idx, _, stored) in object.kept().filter(|(idx, ..)| !idx.is_system()) {
                let cell = cells.get(usize::from(stored.slot)).copied().unwrap_or(Cell::Null);
                if let (Cell::Fixed(target), true) = (cell, object.is_reference(idx))
                    && let Some(id) = self.ids().unpack_known(target)
                {
                    self.expect_referenced(id, &mut needs);
                }
                if let Some(index) = table.index_of(stored.slot).filter(|index| index.is_unique) {
                    expect_unique(index, cell, &mut needs.always);
                }
            }
        }
        self.expect_needs(needs);
        Ok(())
    }

    /// The indexed references that may lead to records of an object.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a relation leads from an object that is not there.
    fn referring(&self, object: &Object) -> Result<Vec<Referring<'a>>> {
        let schema = self.schema;
        let mut referring = Vec::new();
        for child in schema.relations.children_of(object.number) {
            let none = || Error::corrupt("a relation without its child");
            let of = schema.catalogue.get(child.object).ok_or_else(none)?;
            let table = schema.table(of)?;
            // The references of system fields have no index: the users that they name stay.
            if let Some(index) = table.slot(child.field).and_then(|slot| table.index_of(slot)) {
                let (field, is_listed) = (child.field, child.is_listed);
                referring.push(Referring { object: of, field, index, is_listed });
            }
        }
        Ok(referring)
    }

    /// Refuses to delete a record that live records refer to.
    fn check_unused(&self, object: &Object, id: RecordId, packed: u64) -> Result<()> {
        for Referring { object: child, field: idx, index, is_listed } in self.referring(object)? {
            let holders = self.holders(index, packed)?;
            if holders.is_empty() {
                continue;
            }
            let field = child.at(idx)?;
            if field.flags.is_nillable() {
                // Whoever may not read the reference does not learn its name; nor does a program that
                // does not list it.
                let holder = if !is_listed {
                    "a field that is not listed, of other records,".to_owned()
                } else if self.access.reads(child, idx) {
                    format!("{}.{} of other records", child.name, field.name)
                } else {
                    "a field of other records".to_owned()
                };
                let what = format!("deleting {id}, which {holder} refers to; empty those first");
                return Err(Error::NotSupported { object: object.name.clone(), what });
            }
            // Nor does whoever may not read the reference learn which records have it.
            let child = Some(child).filter(|child| is_listed && self.access.reads(child, idx));
            return Err(self.in_use(object, id, packed, child, &holders)?);
        }
        Ok(())
    }

    /// The refusal to delete a record that required references of others lead to; `child` is their
    /// object, unless the reference is dormant or hidden from the caller.
    fn in_use(
        &self,
        object: &Object,
        id: RecordId,
        packed: u64,
        child: Option<&Object>,
        holders: &[u64],
    ) -> Result<Error> {
        if let Some(child) = child {
            let table = self.schema.table(child)?;
            let mut expected = Expected::default();
            for holder in holders {
                expected.key(table.live, &holder.to_be_bytes());
            }
            self.base.expect(expected);
        }
        self.read(|reader| {
            let name = reader.name_of(object, packed)?;
            let (child_plural, child_names) = match child {
                Some(child) => {
                    let names = holders.iter().map(|holder| reader.name_of(child, *holder));
                    (child.plural.clone(), names.collect::<Result<_>>()?)
                }
                None => ("other records".to_owned(), Vec::new()),
            };
            let object = object.name.clone();
            Ok(Error::InUse(Box::new(InUse { object, id, name, child_plural, child_names })))
        })
    }

    /// The first live records that refer to a record, by packed id, without the record itself.
    fn holders(&self, index: &Index, packed: u64) -> Result<Vec<u64>> {
        let mut holders = Vec::new();
        let range = IndexRange { limit: MAX_HOLDERS, ..IndexRange::of(Cell::Fixed(packed)) };
        self.read(|reader| {
            index.scan(reader.read, range, &mut |id| {
                holders.push(id);
                Ok(ControlFlow::Continue(()))
            })
        })?;
        holders.retain(|holder| *holder != packed);
        Ok(holders)
    }

    /// Empties the references of a record that lead to records which are no longer live.
    fn clear_lost_references(
        &self,
        object: &Object,
        packed: u64,
        cells: &mut [Cell<'_>],
    ) -> Result<()> {
        for (idx, field, stored) in object.kept() {
            let slot = stored.slot;
            let is_system = slot <= system_slot(FieldIdx::SYSTEM_MODSTAMP);
            let Some(cell) = cells.get_mut(usize::from(slot)) else {
                return Err(Error::corrupt(format!("{}: a row lacks {}", object.name, field.name)));
            };
            let (false, true, Cell::Fixed(target)) = (is_system, object.is_reference(idx), *cell)
            else {
                continue;
            };
            // A record that refers to itself comes back with what it refers to.
            if target == packed {
                continue;
            }
            let id = self.read(|reader| reader.unpack(target))?;
            let names = || (object.name.clone(), Some(field.name.clone()));
            // The definition may name fewer objects than when the record was deleted.
            let lost = self.read(|reader| match reader.follow(field, id)? {
                Leads::Unregistered => reader.look_for_dormant(id),
                leads => Ok(leads),
            });
            let lost = match Lost::of(lost?) {
                None => continue,
                Some(_) if field.flags.is_nillable() => {
                    *cell = Cell::Null;
                    continue;
                }
                Some(lost) => lost,
            };
            if object.is_dormant(idx) {
                let object = object.name.clone();
                let what = format!(
                    "undeleting a record with a required field that is not listed and leads to {id}, \
                     which is not live"
                );
                return Err(Error::NotSupported { object, what });
            }
            if !self.access.reads(object, idx) {
                let what = "undeleting a record with a required field that the caller may not read and \
                            that leads to no live record";
                let (object, what) = (object.name.clone(), what.to_owned());
                return Err(Error::NotSupported { object, what });
            }
            let (object_name, field_name) = names();
            // Of records that the caller may not read, no more is told than that none is found.
            let mut targets = self.schema.catalogue.of_prefix(id.key_prefix());
            let is_hidden = targets.any(|it| !self.access.may(it, ObjectRight::Read));
            return Err(match lost {
                _ if is_hidden => Error::NotFound { object: object_name, field: field_name, id },
                Lost::Deleted => Error::Deleted { object: object_name, field: field_name, id },
                Lost::NotFound => Error::NotFound { object: object_name, field: field_name, id },
                Lost::Wrong => bad_value(object, field, id.to_string(), Problem::WrongObject),
            });
        }
        Ok(())
    }
}

/// An indexed reference of an object, seen from what it may lead to.
#[derive(Clone, Copy, Debug)]
struct Referring<'s> {
    /// The object that has the reference.
    object: &'s Object,
    field: FieldIdx,
    index: &'s Index,
    /// Does the program list the object and the field? Nobody is told of those that are dormant.
    is_listed: bool,
}

/// Why a reference can no longer stand.
#[derive(Clone, Copy, Debug)]
enum Lost {
    Deleted,
    NotFound,
    Wrong,
}

impl Lost {
    /// Why what a reference leads to is lost; `None` if it is not.
    fn of(leads: Leads) -> Option<Self> {
        match leads {
            Leads::Live(_) | Leads::SystemUser | Leads::Unregistered => None,
            Leads::Bin => Some(Self::Deleted),
            Leads::Nowhere => Some(Self::NotFound),
            Leads::Wrong => Some(Self::Wrong),
        }
    }
}
