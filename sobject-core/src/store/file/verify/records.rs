//! The records of an object, live and deleted: their ids, rows and counts. What other spaces must
//! have for them is gathered on the way and looked up in steps.

use super::{
    Verifier, Walk,
    bin::Deletions,
    indexes::Expected,
    references::{Reference, References, Referring},
    siblings::Siblings,
    words::ExpectedWords,
};
use crate::{
    bytes::{Cell, RowRef, Slot, cell_of, entry_id, value_of},
    catalogue::Object,
    definition::FieldIdx,
    error::{Error, Result},
    store::{
        keep::{Counter, Deletion, Table},
        read::Place,
    },
    value::{Storage, Value},
};

/// A field whose values rows hold.
struct RowField<'o> {
    idx: FieldIdx,
    name: &'o str,
    slot: Slot,
    storage: Storage,
    /// Is there always a value? A field that is not listed may lack one.
    is_required: bool,
}

/// What was gathered of an object's records.
struct Gathered<'o> {
    object: &'o Object,
    table: &'o Table,
    is_listed: bool,
    fields: Vec<RowField<'o>>,
    /// By index of the object.
    expected: Vec<Expected<'o>>,
    words: Option<ExpectedWords<'o>>,
    references: References,
    deletions: Deletions,
    siblings: Siblings,
}

impl<'o> Gathered<'o> {
    fn new(object: &'o Object, table: &'o Table, is_listed: bool) -> Self {
        let places = (0..).map(FieldIdx);
        let fields = places.zip(&object.fields).filter_map(|(idx, field)| {
            let stored = field.stored?;
            Some(RowField {
                idx,
                name: &field.name,
                slot: stored.slot,
                storage: stored.storage,
                is_required: object.has(idx) && !field.flags.is_nillable(),
            })
        });
        let fields: Vec<_> = fields.collect();
        let name_of = |slot| fields.iter().find(|it| it.slot == slot).map_or("?", |it| it.name);
        let expected =
            table.indexes.iter().map(|index| Expected::new(index, name_of(index.slot))).collect();
        Self {
            object,
            table,
            is_listed,
            fields,
            expected,
            words: table.words.as_ref().map(ExpectedWords::new),
            references: References::default(),
            deletions: Deletions::default(),
            siblings: Siblings::default(),
        }
    }

    /// How many bytes wait to be looked up.
    fn size(&self) -> usize {
        let entries: usize = self.expected.iter().map(Expected::size).sum();
        let words = self.words.as_ref().map_or(0, ExpectedWords::size);
        entries + words + self.references.size() + self.deletions.size() + self.siblings.size()
    }
}

impl Verifier<'_> {
    /// Checks the records of an object, and what is kept for them.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub(super) fn check_records(&mut self, object: &Object) -> Result<()> {
        let table = self.reader.schema.table(object)?;
        let is_listed = self.is_listed(object);
        let mut gathered = Gathered::new(object, table, is_listed);
        let mut n_records = [0, 0];
        for (n, place) in n_records.iter_mut().zip([Place::Live, Place::Bin]) {
            let (space, what) = match place {
                Place::Live => (table.live, format!("{}, live records", object.name)),
                _ => (table.bin, format!("{}, deleted records", object.name)),
            };
            let mut walk = Walk::of(space, &what);
            loop {
                let more = walk.step(self, &mut |it, key, bytes| {
                    it.gather(&mut gathered, place, key, bytes)?;
                    Ok(gathered.size() < it.budget)
                })?;
                self.settle(&mut gathered)?;
                if !more {
                    break;
                }
            }
            walk.check_count(self)?;
            *n = walk.n;
        }
        for expected in &gathered.expected {
            let n_entries = self.check_entries(object, table, expected)?;
            self.totals.entries += if is_listed { n_entries } else { 0 };
        }
        if let Some(expected) = &gathered.words {
            let n_words = self.check_words(object, table, expected)?;
            self.totals.words += if is_listed { n_words } else { 0 };
        }
        let [n_live, n_deleted] = n_records;
        if is_listed {
            self.totals.live += n_live;
            self.totals.deleted += n_deleted;
        } else {
            self.totals.dormant += n_live + n_deleted;
        }
        if n_live + n_deleted > 0 { self.check_autonumbers(object) } else { Ok(()) }
    }

    /// Looks up what was gathered.
    fn settle(&mut self, gathered: &mut Gathered<'_>) -> Result<()> {
        let (object, table) = (gathered.object, gathered.table);
        for expected in &mut gathered.expected {
            expected.settle(self, object, table)?;
        }
        if let Some(words) = &mut gathered.words {
            words.settle(self, object)?;
        }
        let fields: Vec<_> = gathered.fields.iter().map(|field| (field.idx, field.name)).collect();
        let of = Referring { object, is_listed: gathered.is_listed, fields: &fields };
        gathered.references.settle(self, &of)?;
        gathered.siblings.settle(self, object)?;
        gathered.deletions.settle(self, object, table)
    }

    /// Checks one record, and gathers what must be there for it.
    fn gather(
        &mut self,
        gathered: &mut Gathered<'_>,
        place: Place,
        key: &[u8],
        bytes: &[u8],
    ) -> Result<()> {
        let object = gathered.object;
        let id = entry_id(key).ok_or_else(|| Error::corrupt("a record without an id"))?;
        let origin = self.origin(id)?;
        if object.key_prefix.is_some() && !origin.objects.contains(&object.number) {
            self.find(format!("{}: the id is another object's", self.name_of(object, id)));
        }
        if origin.objects.len() > 1 {
            gathered.siblings.push(id);
        }
        // A replica brings ids of other instances with any numbers: only own numbers are drawn here.
        if (!self.is_replica || origin.is_own) && !origin.is_leased {
            self.find(format!("{}: the number of the id is not leased", self.name_of(object, id)));
        }
        let checked = self.gather_entry(gathered, place, id, bytes);
        self.note(checked, |it| it.name_of(object, id))
    }

    /// Checks what is kept under the id of a record, and gathers what must be there for it.
    fn gather_entry(
        &mut self,
        gathered: &mut Gathered<'_>,
        place: Place,
        id: u64,
        bytes: &[u8],
    ) -> Result<()> {
        let row = if place == Place::Live {
            bytes
        } else {
            let (deletion, row) = Deletion::of(bytes)?;
            self.gather_deletion(&mut gathered.deletions, gathered.object, id, &deletion)?;
            row
        };
        let row = gathered.table.row(row)?;
        self.gather_row(gathered, place, id, row)
    }

    /// Checks the values of a record, and gathers what must be there for them.
    fn gather_row(
        &mut self,
        gathered: &mut Gathered<'_>,
        place: Place,
        id: u64,
        row: RowRef<'_>,
    ) -> Result<()> {
        let object = gathered.object;
        for (n, field) in gathered.fields.iter().enumerate() {
            let of = |it: &Self| format!("{}: {}", it.name_of(object, id), field.name);
            match row.cell(field.slot) {
                Ok(Cell::Null) if field.is_required => {
                    let finding = format!("{} is null, which it must not be", of(self));
                    self.find(finding);
                }
                Ok(Cell::Null) => (),
                Ok(Cell::Fixed(target)) if field.storage == Storage::Id => {
                    // What a deleted record refers to need not be there, but who stamped it must.
                    let must_be_live = place == Place::Live || field.idx.is_system();
                    let reference = Reference { target, holder: id, field: n, place };
                    let gathered =
                        self.gather_reference(&mut gathered.references, reference, must_be_live);
                    self.note(gathered, of)?;
                }
                Ok(cell) if is_value(field.storage, cell) => (),
                _ => {
                    let finding = format!("{} holds what is no value of it", of(self));
                    self.find(finding);
                }
            }
        }
        if place == Place::Live {
            for expected in &mut gathered.expected {
                // A value that does not decode was found above.
                expected.push(row, id);
            }
            if let Some(words) = &mut gathered.words {
                words.push(row, id);
            }
        }
        Ok(())
    }

    /// Where there are records, each auto-number has a lease.
    fn check_autonumbers(&mut self, object: &Object) -> Result<()> {
        for field in object.fields.iter().filter(|field| field.autonumber.is_some()) {
            // An auto-number that rows do not hold is described only, and draws none.
            let Some(stored) = field.stored else { continue };
            let counter = Counter::AutoNumber(object.number, stored.slot);
            let next = counter.next(self.reader.read);
            match next {
                Ok(Some(_)) => (),
                Ok(None) => self
                    .find(format!("{}: the numbers of {} are not leased", object.name, field.name)),
                Err(error) => self.note(Err(error), |_| object.name.clone())?,
            }
        }
        Ok(())
    }
}

/// Is it a cell as a value of this storage is kept?
fn is_value(storage: Storage, cell: Cell<'_>) -> bool {
    let Ok(value) = value_of(storage, cell) else { return false };
    let is_number = !matches!(value, Value::Double(value) if !value.is_finite());
    is_number && cell_of(storage, value) == Some(cell)
}
