//! Proof that a store is consistent: everything that is kept twice is compared, both ways.
//!
//! Checked are: rows decode through their layouts, with nothing null that must not be, and are as
//! many as their space says; every index has the entry of every live record and no other, and no
//! value twice where it is unique; no record is both live and in the bin; references of live
//! records lead to live records; the feed has no gaps, its stamps never go back, and the last
//! change of each record agrees with where the record is and how it is stamped; ids that do not
//! pack lead there and back; no lease of record numbers is behind a number in use, and none of
//! auto-numbers is missing; per-caller entries belong to records.
//!
//! In a file that holds records of a replica, references may lead nowhere and are counted; leases
//! are ahead of the numbers of this store's own instance, in ids and in references that lead
//! nowhere; and a record whose last change a replica made has the stamps of its source.
//!
//! Dormant objects are passed over.

use std::{
    collections::{HashMap, HashSet},
    ops::ControlFlow,
};

use crate::{
    bytes::{Cell, entry_id, value_of},
    catalogue::{Object, ObjectNo, system_slot},
    definition::FieldIdx,
    engine::{Scan, Space, try_scan},
    error::{Error, Result},
    id::RecordId,
    store::{
        keep::{
            Counter, Deletion, Entry, FEED, Kind, PER_CALLER, SIDE, SIDE_BY_TEXT, Seen, Table,
            can_be_drawn,
        },
        read::Reader,
        replica::has_marker,
    },
    value::Storage,
};

/// What a verified store holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// Live records.
    pub live: u64,
    /// Records in the recycle bin.
    pub deleted: u64,
    /// Index entries.
    pub entries: u64,
    /// Changes in the feed.
    pub changes: u64,
    /// References of live records that lead to no live record. Only a file that holds records of a
    /// replica may have any.
    pub unresolved: u64,
}

/// Findings beyond so many are not collected.
const MAX_FINDINGS: usize = 20;

struct Verifier<'a> {
    reader: &'a Reader<'a>,
    findings: Vec<String>,
    totals: Verified,
    /// Does the file hold records of a replica?
    is_replica: bool,
    /// Live records by packed id.
    live: HashMap<u64, ObjectNo>,
    /// Records in the recycle bin by packed id.
    bin: HashMap<u64, ObjectNo>,
}

/// Verifies the state that `reader` reads.
///
/// # Errors
/// [`Error::Corrupt`] with every finding, up to a limit; [`Error::Storage`].
pub(crate) fn verify(reader: &Reader<'_>) -> Result<Verified> {
    let mut verifier = Verifier {
        reader,
        findings: Vec::new(),
        totals: Verified::default(),
        is_replica: has_marker(reader.read)?,
        live: HashMap::new(),
        bin: HashMap::new(),
    };
    let store = reader.schema;
    for object in store.catalogue.objects() {
        verifier.check_keys(object, store.table(object)?)?;
    }
    for object in store.catalogue.objects() {
        let table = store.table(object)?;
        verifier.check_rows(object, table, table.live)?;
        verifier.check_rows(object, table, table.bin)?;
        verifier.check_indexes(object, table)?;
    }
    verifier.check_feed()?;
    verifier.check_per_caller()?;
    verifier.check_side_dictionary()?;
    if verifier.findings.is_empty() {
        Ok(verifier.totals)
    } else {
        Err(Error::Corrupt { findings: verifier.findings })
    }
}

/// Checks one entry of a space: its key and its value.
type Check<'f, V> = &'f mut dyn FnMut(&mut V, &[u8], &[u8]) -> Result<()>;

impl Verifier<'_> {
    fn find(&mut self, finding: impl FnOnce() -> String) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding());
        }
    }

    /// What a check of one entry found wrong becomes a finding, and the walk goes on; a failure of
    /// the storage ends it.
    fn note(&mut self, result: Result<()>, of: impl FnOnce() -> String) -> Result<()> {
        match result {
            Err(Error::Corrupt { findings }) => {
                self.find(|| format!("{}: {}", of(), findings.join("; ")));
                Ok(())
            }
            other => other,
        }
    }

    /// Gives each entry of a space to `f`.
    fn visit(&mut self, space: Space, f: Check<'_, Self>) -> Result<()> {
        let walked = try_scan(self.reader.read, space, Scan::ALL, |key, value| {
            let checked = f(self, key, value);
            self.note(checked, || format!("space {} at {}", space.id, hex(key)))?;
            Ok(ControlFlow::Continue(()))
        });
        walked.map(drop)
    }

    /// Collects the ids of an object's records, and checks that they are its own.
    fn check_keys(&mut self, object: &Object, table: &Table) -> Result<()> {
        for (space, is_live) in [(table.live, true), (table.bin, false)] {
            let mut n_records = 0;
            self.visit(space, &mut |it, key, _| {
                n_records += 1;
                let Some(packed) = entry_id(key) else {
                    it.find(|| format!("{}: a record without an id", object.name));
                    return Ok(());
                };
                let id = it.reader.unpack(packed)?;
                if id.key_prefix() != object.key_prefix {
                    it.find(|| format!("{}: the id {id} is another object's", object.name));
                }
                if it.counts(id) && !it.is_leased(id)? {
                    it.find(|| format!("{}: the number of {id} is not leased", object.name));
                }
                let seen = if is_live { &mut it.live } else { &mut it.bin };
                seen.insert(packed, object.number);
                if it.live.contains_key(&packed) && it.bin.contains_key(&packed) {
                    it.find(|| format!("{}: {id} is live and deleted", object.name));
                }
                Ok(())
            })?;
            if self.reader.read.len(space)? != n_records {
                self.find(|| format!("{}: the count is not that of the records", object.name));
            }
            if is_live {
                self.totals.live += n_records;
            } else {
                self.totals.deleted += n_records;
            }
        }
        self.check_autonumbers(object)
    }

    /// Is the number of an id leased?
    fn is_leased(&self, id: RecordId) -> Result<bool> {
        let head = self.reader.ids().head_number(id.head());
        let Some(head) = head else { return Ok(false) };
        let next = Counter::Records(head).next(self.reader.read)?;
        Ok(next.is_some_and(|next| id.number() < next))
    }

    /// Is a lease to be ahead of the number of this id? Not of one that a replica brought, if it is
    /// another instance's or is never drawn here.
    fn counts(&self, id: RecordId) -> bool {
        !self.is_replica || id.instance() == self.reader.schema.instance && can_be_drawn(id)
    }

    /// Where there are records, each auto-number has a lease.
    fn check_autonumbers(&mut self, object: &Object) -> Result<()> {
        let mut records = self.live.values().chain(self.bin.values());
        if !records.any(|number| *number == object.number) {
            return Ok(());
        }
        for (_, field) in object.fields().filter(|(_, field)| field.autonumber.is_some()) {
            let Some(stored) = field.stored else { continue };
            let counter = Counter::AutoNumber(object.number, stored.slot);
            if counter.next(self.reader.read)?.is_none() {
                self.find(|| {
                    format!("{}: the numbers of {} are not leased", object.name, field.name)
                });
            }
        }
        Ok(())
    }

    fn check_rows(&mut self, object: &Object, table: &Table, space: Space) -> Result<()> {
        self.visit(space, &mut |it, key, bytes| {
            let packed = entry_id(key).unwrap_or_default();
            let row = if space == table.bin { Deletion::of(bytes)?.1 } else { bytes };
            let cells = table.cells(table.row(row)?)?;
            it.check_cells(object, packed, &cells, space == table.live)
        })
    }

    fn check_cells(
        &mut self,
        object: &Object,
        packed: u64,
        cells: &[Cell<'_>],
        is_live: bool,
    ) -> Result<()> {
        for (idx, field) in object.fields() {
            let Some(stored) = field.stored else { continue };
            let cell = cells.get(usize::from(stored.slot)).copied().unwrap_or(Cell::Null);
            if cell.is_null() && !field.flags.is_nillable() {
                self.find(|| format!("{}: {packed:#x} lacks {}", object.name, field.name));
            }
            let (Storage::Id, Cell::Fixed(target)) = (stored.storage, cell) else {
                if value_of(stored.storage, cell).is_err() {
                    self.find(|| format!("{}: {packed:#x} has no {}", object.name, field.name));
                }
                continue;
            };
            let id = self.reader.unpack(target)?;
            let target_object = self.reader.schema.catalogue.of_prefix(id.key_prefix());
            let resolves = target_object.is_none()
                || id == self.reader.schema.system_user
                || self.live.contains_key(&target);
            if let (false, true, Some(to)) = (resolves, self.is_replica, target_object) {
                self.count_unresolved(to, id, is_live)?;
                continue;
            }
            // The users of the system fields are never deleted, so theirs resolve in the bin too.
            let must_resolve = is_live || idx.get() < usize::from(FieldIdx::N_SYSTEM);
            if must_resolve && !resolves {
                self.find(|| {
                    format!(
                        "{}: {} of {packed:#x} leads to {id}, which is not live",
                        object.name, field.name
                    )
                });
            }
        }
        Ok(())
    }

    /// Counts a reference that leads nowhere, whose number a record made here must not get.
    fn count_unresolved(&mut self, target: &Object, id: RecordId, is_live: bool) -> Result<()> {
        self.totals.unresolved += u64::from(is_live);
        if self.counts(id) && !self.is_leased(id)? {
            self.find(|| format!("{}: the number of {id} is not leased", target.name));
        }
        Ok(())
    }

    /// Compares the entries of each index with those that the live rows ought to have.
    fn check_indexes(&mut self, object: &Object, table: &Table) -> Result<()> {
        for &index in &table.indexes {
            let field = table.field_in(index.slot).and_then(|idx| object.field(idx));
            let name = || field.map_or("?", |it| it.name.as_str());
            let mut expected = HashSet::new();
            let mut values = HashSet::new();
            self.visit(table.live, &mut |it, key, bytes| {
                // A row that does not decode was found before.
                let Ok(row) = table.row(bytes) else { return Ok(()) };
                if let (Some(packed), Ok(cell)) = (entry_id(key), row.cell(index.slot)) {
                    expected.insert(index.key(cell, packed));
                    let value = || index.key(cell, 0);
                    if index.is_unique && !cell.is_null() && !values.insert(value()) {
                        it.find(|| {
                            format!("{}: {} of {packed:#x} is there twice", object.name, name())
                        });
                    }
                }
                Ok(())
            })?;
            self.visit(index.space, &mut |it, key, _| {
                it.totals.entries += 1;
                if !expected.remove(key) {
                    it.find(|| {
                        format!(
                            "{}: the index of {} has an entry of no live record",
                            object.name,
                            name()
                        )
                    });
                }
                Ok(())
            })?;
            for key in expected {
                self.find(|| {
                    format!("{}: the index of {} lacks {}", object.name, name(), hex(&key))
                });
            }
        }
        Ok(())
    }

    fn check_feed(&mut self) -> Result<()> {
        let mut sequence = 0;
        let mut stamp = i64::MIN;
        let mut last = HashMap::new();
        self.visit(FEED, &mut |it, key, value| {
            sequence += 1;
            it.totals.changes += 1;
            if key != u64::to_be_bytes(sequence) {
                it.find(|| format!("the feed has a gap at {sequence}"));
            }
            let Some(entry) = Entry::decode(value) else {
                it.find(|| format!("the feed's entry {sequence} does not decode"));
                return Ok(());
            };
            if entry.stamp < stamp {
                it.find(|| format!("the feed's stamps go back at {sequence}"));
            }
            stamp = entry.stamp;
            it.reader.unpack(entry.caller)?;
            last.insert(entry.id, entry);
            Ok(())
        })?;
        let (live, bin) = (std::mem::take(&mut self.live), std::mem::take(&mut self.bin));
        let active: HashSet<_> =
            self.reader.schema.catalogue.objects().map(|object| object.number).collect();
        for (packed, entry) in last.iter().filter(|(_, entry)| active.contains(&entry.object)) {
            let records = if entry.kind == Kind::Delete { &bin } else { &live };
            if !records.contains_key(packed) {
                self.find(|| format!("the feed knows {packed:#x}, which is not where it says"));
            }
        }
        for (ids, is_live) in [(&live, true), (&bin, false)] {
            for (packed, object) in ids {
                let agrees = last.get(packed).is_some_and(|entry| {
                    entry.object == *object && (entry.kind != Kind::Delete) == is_live
                });
                if !agrees {
                    self.find(|| format!("the feed does not agree about {packed:#x}"));
                }
                if let Some(entry) = last.get(packed).filter(|entry| !entry.is_replica) {
                    self.check_modstamp(*packed, *object, is_live, entry.stamp)?;
                }
            }
        }
        (self.live, self.bin) = (live, bin);
        Ok(())
    }

    /// The last change of a record is the one that its row was stamped by.
    fn check_modstamp(
        &mut self,
        packed: u64,
        object: ObjectNo,
        is_live: bool,
        stamp: i64,
    ) -> Result<()> {
        let Some(table) = self.reader.schema.tables.get(usize::from(object.0)) else {
            return Ok(());
        };
        let space = if is_live { table.live } else { table.bin };
        let slot = system_slot(FieldIdx::SYSTEM_MODSTAMP);
        let mut stored = None;
        self.reader.read.get(space, &packed.to_be_bytes(), &mut |bytes| {
            let row = if is_live { Some(bytes) } else { Deletion::of(bytes).ok().map(|it| it.1) };
            let row = row.and_then(|row| table.row(row).ok());
            stored = row.and_then(|row| row.bits(slot).ok().flatten());
        })?;
        if stored != Some(stamp.cast_unsigned()) {
            self.find(|| format!("SystemModstamp of {packed:#x} is not that of its last change"));
        }
        Ok(())
    }

    /// Entries of dormant objects belong to records that were not read.
    fn check_per_caller(&mut self) -> Result<()> {
        self.visit(PER_CALLER, &mut |it, key, value| {
            let packed = entry_id(key).unwrap_or_default();
            let id = it.reader.unpack(packed)?;
            let is_active = it.reader.schema.catalogue.of_prefix(id.key_prefix()).is_some();
            if is_active && !it.live.contains_key(&packed) && !it.bin.contains_key(&packed) {
                it.find(|| format!("a per-caller entry belongs to no record: {packed:#x}"));
            }
            if Seen::decode(value).is_none() {
                it.find(|| format!("the per-caller entry of {packed:#x} does not decode"));
            }
            Ok(())
        })
    }

    fn check_side_dictionary(&mut self) -> Result<()> {
        let mut n_entries = 0;
        self.visit(SIDE, &mut |it, key, text| {
            n_entries += 1;
            let mut back = None;
            it.reader.read.get(SIDE_BY_TEXT, text, &mut |packed| back = Some(packed == key))?;
            if back != Some(true) {
                it.find(|| "an id of the side dictionary does not lead back".to_owned());
            }
            Ok(())
        })?;
        if self.reader.read.len(SIDE_BY_TEXT)? != n_entries {
            self.find(|| "the side dictionary has ids that nothing stands for".to_owned());
        }
        Ok(())
    }
}

fn hex(key: &[u8]) -> String {
    use std::fmt::Write;
    key.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
