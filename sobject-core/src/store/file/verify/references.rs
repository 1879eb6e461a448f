//! References: those that must lead to a live record do.
//!
//! The references of live records must, and so must those of the system fields of deleted records,
//! since users are never deleted. If the object of the id is not in the file, or the program does not
//! list it, only the form of the id can be checked; so it is where one of several objects that share its
//! key prefix is not listed, or where the field names an object without one.
//!
//! A record of an object that is not listed may name a record that never was there, since the object
//! of that one may have come later. It must not name one that was deleted if the schema's relations
//! have its field, since those hold what they lead to.
//!
//! In a file that holds records of a replica, references may lead nowhere and are counted.

use super::Verifier;
use crate::{
    catalogue::Object,
    definition::FieldIdx,
    error::{Error, Result},
    store::read::Place,
};

/// What is to be said of the references of an object.
pub(super) struct Referring<'o> {
    pub(super) object: &'o Object,
    pub(super) is_listed: bool,
    /// Its fields and their names, by [`Reference::field`].
    pub(super) fields: &'o [(FieldIdx, &'o str)],
}

/// A reference of a record to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    /// The packed id of the record that it leads to.
    pub(super) target: u64,
    /// The packed id of the record that has it.
    pub(super) holder: u64,
    /// The place of its field among those that rows hold.
    pub(super) field: usize,
    /// Where the record is that has it.
    pub(super) place: Place,
}

/// References whose records are to be looked up.
#[derive(Debug, Default)]
pub(super) struct References {
    waiting: Vec<Reference>,
}

impl References {
    /// How many bytes wait to be looked up.
    pub(super) fn size(&self) -> usize {
        self.waiting.len() * size_of::<Reference>()
    }

    /// Looks up what was gathered.
    ///
    /// # Errors
    /// Those of the engine.
    pub(super) fn settle(&mut self, verifier: &mut Verifier<'_>, of: &Referring<'_>) -> Result<()> {
        self.waiting.sort_unstable_by_key(|it| it.target);
        let missing = verifier.missing(&self.waiting)?;
        let mut waiting = &*self.waiting;
        for (target, is_deleted) in missing {
            let start = waiting.partition_point(|it| it.target < target);
            let end = waiting.partition_point(|it| it.target <= target);
            for reference in waiting.get(start..end).unwrap_or_default() {
                verifier.leads_astray(reference, of, is_deleted)?;
            }
            waiting = waiting.get(end..).unwrap_or_default();
        }
        self.waiting.clear();
        Ok(())
    }
}

impl Verifier<'_> {
    /// Gathers a reference, if it must lead to a live record, or must be counted if it does not.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if it is no id; those of the engine.
    pub(super) fn gather_reference(
        &mut self,
        references: &mut References,
        reference: Reference,
        must_be_live: bool,
    ) -> Result<()> {
        let target = reference.target;
        if self.live.has(target) {
            return Ok(());
        }
        let is_listed = self.origin(target)?.is_listed;
        if is_listed && Some(target) != self.system_user && (must_be_live || self.is_replica) {
            references.waiting.push(reference);
        }
        Ok(())
    }

    /// The records that are not live of those that references lead to, which stand in order; and
    /// whether each is in the recycle bin, where that matters.
    fn missing(&mut self, references: &[Reference]) -> Result<Vec<(u64, bool)>> {
        let mut targets: Vec<_> = references.iter().map(|it| it.target).collect();
        targets.dedup();
        let found = self.are_in(&targets, Place::Live, &[])?;
        let mut missing = Vec::new();
        for (target, is_found) in targets.iter().zip(found) {
            if is_found {
                self.live.put(*target);
            } else {
                missing.push(*target);
            }
        }
        // In a replica it does not matter why a reference leads nowhere.
        let deleted = if self.is_replica {
            vec![false; missing.len()]
        } else {
            self.are_in(&missing, Place::Bin, &[])?
        };
        Ok(missing.into_iter().zip(deleted).collect())
    }

    /// Says what is wrong with a reference that does not lead to a live record.
    fn leads_astray(
        &mut self,
        reference: &Reference,
        of: &Referring<'_>,
        is_deleted: bool,
    ) -> Result<()> {
        let Reference { target, holder, field, place } = *reference;
        if self.is_replica {
            self.totals.unresolved += u64::from(place == Place::Live && of.is_listed);
            // A record that is made here must not get the number that something refers to.
            let origin = self.origin(target)?;
            if origin.is_own && !origin.is_leased {
                let finding =
                    format!("{} is referred to, but its number is not leased", self.name(target));
                self.find(finding);
            }
            return Ok(());
        }
        let (idx, field) = *of.fields.get(field).ok_or_else(|| Error::corrupt("no such field"))?;
        let named = of.object.field(idx).filter(|field| !field.names_any);
        if named.is_some_and(|it| {
            self.reader.schema.catalogue.without_prefix().any(|of| it.may_name(of))
        }) {
            // Whether it is the id of a record of such an object, its form does not tell.
            return Ok(());
        }
        let says = match is_deleted {
            true if of.is_listed || self.is_held(of.object, idx, target)? => "which is deleted",
            false if of.is_listed => "which is not there",
            _ => return Ok(()),
        };
        let (record, target) = (self.name_of(of.object, holder), self.name(target));
        self.find(format!("{record}: {field} leads to {target}, {says}"));
        Ok(())
    }

    /// Do the relations of the schema have a field as one that leads to such records?
    fn is_held(&mut self, object: &Object, field: FieldIdx, target: u64) -> Result<bool> {
        let relations = &self.reader.schema.relations;
        let targets = self.origin(target)?.objects.iter();
        let mut children = targets.flat_map(|target| relations.children_of(*target));
        Ok(children.any(|it| it.object == object.number && it.field == field))
    }
}

/// How many records [`RecentlyFound`] knows at most.
const N_RECENT: usize = 4096;

/// Records that were found to be live: few users stamp many records, so most references are known
/// here.
#[derive(Debug)]
pub(super) struct RecentlyFound(Box<[u64]>);

impl Default for RecentlyFound {
    fn default() -> Self {
        // 0 is no packed id.
        Self(vec![0; N_RECENT].into())
    }
}

impl RecentlyFound {
    fn place(packed: u64) -> usize {
        // The number is in the low bits, and ids of one object differ in it.
        usize::try_from(packed % N_RECENT as u64).unwrap_or_default()
    }

    fn has(&self, packed: u64) -> bool {
        self.0.get(Self::place(packed)) == Some(&packed) && packed != 0
    }

    fn put(&mut self, packed: u64) {
        if let Some(known) = self.0.get_mut(Self::place(packed)) {
            *known = packed;
        }
    }
}
