//! Proof that a store is consistent: everything that is kept twice is compared, both ways.
//!
//! | room | what it proves |
//! |---|---|
//! | `catalogue` | no two fields of an object share a slot, every field has a place in the layout, and no space is used twice |
//! | `records` | ids belong to their object and are leased; rows can be decoded; what is required is there; counts are right; auto-numbers have leases |
//! | `indexes` | each live record has its entry in each index, and there are no other entries |
//! | `words` | each live record has an entry for each word of its texts where its object can be searched, and there are no others |
//! | `references` | references that must lead to a live record do |
//! | `bin` | no record is both live and deleted, and what is known of each deletion makes sense |
//! | `along` | what deletions took along, emptied, or have wait is where it is said to be, and each record that was taken along is noted |
//! | `due` | what waits for a time of the recycle bin waits for that time, and each record that waits is noted |
//! | `feed` | it has no gaps, its stamps never go back, and its last change of each record agrees with where the record is and how it is stamped |
//! | `others` | no head of ids is there twice, ids that do not pack lead there and back, leases are numbers, what callers have seen are records and is listed in their turns, cursors stand behind changes, and unlisted values of picklists are those of fields |
//!
//! Everything in the file is covered, also the objects and fields that the program does not list:
//! whatever has a slot, an index or a table.
//!
//! **Why bounded memory is enough.** Each space is walked in the order of its keys. What other spaces
//! must have for its entries is gathered until it is as much as the budget allows, and is then looked
//! up together. So what is held in memory does not grow with the store. That there is nothing else
//! follows from counts: the entries that the records must have in an index are all different, so if
//! each of them is found and there are as many entries as records, there are no others. To know the
//! last change of each record, the feed is walked once for as many records as the budget holds.
//!
//! In a file that holds records of a replica, references may lead nowhere, and those are counted. Only
//! numbers of ids of this store's own instance must be leased there, those of references that lead
//! nowhere among them. A record whose last change a replica made has the stamps of its source.
//!
//! **Invariants:** what is wrong becomes a finding that names object, field and id, and the walk goes
//! on; only a failure of the storage ends it. What cannot be is never skipped silently.

mod along;
mod bin;
mod catalogue;
mod due;
mod feed;
mod indexes;
mod origin;
mod others;
mod records;
mod references;
mod siblings;
mod walk;
mod words;

use self::{
    due::Waiting,
    origin::Origins,
    references::RecentlyFound,
    walk::{Walk, look_up},
};
use crate::{
    catalogue::{Object, ObjectNo},
    error::{Error, Result},
    store::{
        keep::{Entry, Table},
        read::{Place, Reader},
        replica::has_marker,
    },
};

/// What a verified store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// Live records of the objects that are listed.
    pub live: u64,
    /// Records of those objects in the recycle bin.
    pub deleted: u64,
    /// Index entries of those objects.
    pub entries: u64,
    /// Entries of the indexes of words of those objects.
    pub words: u64,
    /// Changes in the feed, of all objects.
    pub changes: u64,
    /// References of those live records that lead to no live record. Only a file that holds records
    /// of a replica may have any.
    pub unresolved: u64,
    /// Records, live or deleted, of the objects that are in the file and not listed.
    pub dormant: u64,
}

/// Once there are so many findings, no more are looked for.
const MAX_FINDINGS: usize = 20;

/// How many bytes may wait to be looked up. With more of them, keys that are looked up together lie
/// nearer to each other, which is faster.
const BUDGET: usize = 16 << 20;

/// Verifies the state that `reader` reads.
///
/// # Errors
/// [`Error::Corrupt`] with every finding, up to a limit; [`Error::Storage`].
pub(crate) fn verify(reader: &Reader<'_>) -> Result<Verified> {
    verify_within(reader, BUDGET)
}

/// [`verify`] with so many bytes for what waits to be looked up.
fn verify_within(reader: &Reader<'_>, budget: usize) -> Result<Verified> {
    let mut verifier = Verifier {
        reader,
        budget,
        is_replica: has_marker(reader.read)?,
        system_user: reader.pack_known(reader.schema.system_user)?,
        last_stamp: i64::MAX,
        origins: Origins::of(reader.schema),
        live: RecentlyFound::default(),
        n_along: 0,
        waiting: Waiting::default(),
        findings: Vec::new(),
        totals: Verified::default(),
    };
    match Entry::last(reader.read) {
        Ok((_, stamp)) => verifier.last_stamp = stamp,
        Err(error) => verifier.note(Err(error), |_| "the feed".to_owned())?,
    }
    verifier.check_catalogue()?;
    verifier.check_heads()?;
    verifier.check_side_dictionary()?;
    verifier.check_leases()?;
    for object in reader.schema.catalogue.kept() {
        verifier.check_records(object)?;
    }
    verifier.check_along(verifier.n_along)?;
    verifier.check_due()?;
    verifier.check_feed()?;
    verifier.check_feed_notes()?;
    verifier.check_arrivals_listed()?;
    verifier.check_per_caller()?;
    verifier.check_spellings()?;
    if verifier.findings.is_empty() {
        Ok(verifier.totals)
    } else {
        Err(Error::Corrupt { findings: verifier.findings })
    }
}

/// What every part of a verification reads and adds to.
struct Verifier<'a> {
    reader: &'a Reader<'a>,
    /// How many bytes may wait to be looked up.
    budget: usize,
    /// Does the file hold records of a replica?
    is_replica: bool,
    /// The packed id of the store's own user, who is no record but always resolves.
    system_user: Option<u64>,
    /// The last stamp of the feed; the latest of all times if it cannot be read.
    last_stamp: i64,
    origins: Origins<'a>,
    live: RecentlyFound,
    /// How many records in the bin were deleted along with others.
    n_along: u64,
    /// How many records in the bins wait for its times.
    waiting: Waiting,
    findings: Vec<String>,
    totals: Verified,
}

impl<'a> Verifier<'a> {
    /// Adds a finding, unless there are enough of them or it is one of them.
    fn find(&mut self, finding: String) {
        if !self.is_full() && !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// Are there as many findings as are looked for?
    fn is_full(&self) -> bool {
        self.findings.len() >= MAX_FINDINGS
    }

    /// What a check found wrong becomes a finding; a failure of the storage stays an error.
    fn note(&mut self, result: Result<()>, of: impl FnOnce(&Self) -> String) -> Result<()> {
        match result {
            Err(Error::Corrupt { findings }) => {
                let finding = format!("{}: {}", of(self), findings.join("; "));
                self.find(finding);
                Ok(())
            }
            other => other,
        }
    }

    /// An id as a finding names it.
    fn name(&self, packed: u64) -> String {
        let id = self.reader.unpack(packed);
        id.map_or_else(|_| format!("the packed id {packed:#018x}"), |id| id.to_string())
    }

    /// A record as a finding names it.
    fn name_of(&self, object: &Object, packed: u64) -> String {
        format!("{} {}", object.name, self.name(packed))
    }

    /// The table of an object.
    fn table_of(&self, object: ObjectNo) -> Result<&'a Table> {
        let table = self.reader.schema.tables.get(usize::from(object.0));
        table.ok_or_else(|| Error::corrupt("an object without a table"))
    }

    /// Which of these records, by packed id, are in a place. They may be of any object whose ids begin
    /// like theirs, and of these `others`.
    fn are_in(&mut self, records: &[u64], place: Place, others: &[ObjectNo]) -> Result<Vec<bool>> {
        let mut found = vec![false; records.len()];
        let (mut keys, mut places) = (Vec::new(), Vec::new());
        for (n, &record) in records.iter().enumerate() {
            let objects = self.origin(record)?.objects;
            for object in objects.iter().chain(others) {
                if let Some(space) = place.space(self.table_of(*object)?) {
                    keys.push((space, record.to_be_bytes()));
                    places.push(n);
                }
            }
        }
        look_up(self.reader.read, keys, &mut |n, value| found[places[n]] |= value.is_some())?;
        Ok(found)
    }

    /// Is the object listed by the program, and not only in the file?
    fn is_listed(&self, object: &Object) -> bool {
        self.reader.schema.catalogue.objects().any(|it| it.number == object.number)
    }
}

#[cfg(test)]
mod tests;
