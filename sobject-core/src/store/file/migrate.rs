//! What a plan demands of the records of a file: all of it is checked before the file is touched.
//!
//! Rows are not rewritten for a new layout: they are read through their own.
//!
//! **Invariant:** a refused change leaves records and catalogue as they were.

use std::{collections::HashMap, ops::ControlFlow};

use super::unique::{TakeValue, sharing};
use crate::{
    bytes::{Cell, OwnedCell, Slot, entry_id, same_text},
    catalogue::{Catalogue, Demand, DemandKind, Field, Object, ObjectNo, Plan, system_slot},
    definition::FieldIdx,
    engine::{Read, Scan, Space, try_scan},
    error::{Error, Result},
    id::RecordId,
    store::{
        keep::{Deletion, Ids, MAX_NUMBER, Table},
        rules::{kept_cell, left_digits, length_of, targets_of},
    },
    value::{FieldType, SEPARATOR},
};

/// Records that a refusal names at most.
const NAMED_RECORDS: usize = 10;
/// References whose answer is remembered, since most records refer to what others refer to.
const MAX_FOLLOWED: usize = 1 << 16;
/// Hashes of values that are held at a time for each record of a step, whose entry takes as much room.
const HASHES_OF_STEP: u64 = 16;

/// The records of a file in the light of its new catalogue.
pub(super) struct Evolution<'a> {
    pub(super) read: &'a dyn Read,
    pub(super) catalogue: &'a Catalogue,
    /// By object number.
    pub(super) tables: &'a [Table],
    /// How many of the objects the file has already.
    pub(super) n_known: usize,
    pub(super) system_user: RecordId,
    /// Does the file hold records of a replica, whose references may lead to no record?
    pub(super) is_replica: bool,
    /// How many records are to be held at a time.
    pub(super) step: usize,
}

impl Evolution<'_> {
    /// Refuses a plan whose demands the records do not satisfy.
    ///
    /// # Errors
    /// [`Error::DefinitionChanged`] with what stands in the way of the first object that has any;
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn check(&self, plan: &Plan) -> Result<()> {
        let ids = Ids::load(self.read)?;
        for (number, stored) in plan.stored.iter().enumerate() {
            let (mut changes, mut records) = (Vec::new(), Vec::new());
            for demand in plan.demands.iter().filter(|demand| demand.object == number) {
                let offending = self.offending(plan, demand, &ids)?;
                if !offending.is_empty() {
                    changes.push(demand.sentence());
                    records.extend(offending);
                }
            }
            if !changes.is_empty() {
                records.sort_unstable();
                records.dedup();
                records.truncate(NAMED_RECORDS);
                let object = stored.entry.name.clone();
                return Err(Error::DefinitionChanged { object, changes, records });
            }
        }
        Ok(())
    }

    /// The first records that do not satisfy a demand.
    fn offending(&self, plan: &Plan, demand: &Demand, ids: &Ids) -> Result<Vec<RecordId>> {
        let (object, table) = (self.object(demand.object)?, self.table(demand.object)?);
        let mut packed = Vec::new();
        if let DemandKind::Unique { with_bin } = demand.what {
            let fill = self.fill_of(plan, demand)?;
            packed = self.sharing(table, demand.slot, &fill, with_bin)?;
        } else {
            let field = field_in(object, demand.slot)?;
            let mut followed = HashMap::new();
            for (space, is_live) in [(table.live, true), (table.bin, false)] {
                // What a deleted record refers to need not be there, but who made it must be.
                let is_stamp = demand.slot <= system_slot(FieldIdx::SYSTEM_MODSTAMP);
                if matches!(demand.what, DemandKind::References) && !is_live && !is_stamp {
                    continue;
                }
                self.each_cell(table, space, demand.slot, &mut |id, cell, _| {
                    if self.offends(ids, field, demand, cell, &mut followed)? {
                        packed.push(id);
                    }
                    Ok(packed.len() < NAMED_RECORDS)
                })?;
            }
        }
        packed.iter().map(|id| ids.unpack(self.read, *id)).collect()
    }

    /// Calls `f` with the cell of each record, and whether the record was emptied from the recycle bin,
    /// until it returns false.
    fn each_cell(
        &self,
        table: &Table,
        space: Space,
        slot: Slot,
        f: &mut dyn FnMut(u64, Cell<'_>, bool) -> Result<bool>,
    ) -> Result<()> {
        let walked = try_scan(self.read, space, Scan::ALL, |key, bytes| {
            let (row, is_emptied) = if space == table.bin {
                let (deletion, row) = Deletion::of(bytes)?;
                (row, deletion.is_emptied())
            } else {
                (bytes, false)
            };
            let goes_on = f(record_id(key)?, table.row(row)?.cell(slot)?, is_emptied)?;
            Ok(if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        });
        walked.map(drop)
    }

    /// The first records that share a value which is to be unique, with `fill` in place of null, by
    /// packed id.
    fn sharing(
        &self,
        table: &Table,
        slot: Slot,
        fill: &OwnedCell,
        with_bin: bool,
    ) -> Result<Vec<u64>> {
        let none = || Error::corrupt(format!("slot {slot} is to be unique without an index"));
        let index = table.index_of(slot).ok_or_else(none)?;
        let spaces = [table.live, table.bin];
        let spaces = if with_bin { &spaces[..] } else { &spaces[..1] };
        let each_value = |f: TakeValue<'_>| {
            let mut goes_on = true;
            for space in spaces {
                if !goes_on {
                    break;
                }
                self.each_cell(table, *space, slot, &mut |id, cell, is_emptied| {
                    let cell = if cell.is_null() { fill.as_cell() } else { cell };
                    // What was emptied from the bin never comes back.
                    if !cell.is_null() && !is_emptied {
                        goes_on = index.with_key(cell, 0, |value| f(id, value))?;
                    }
                    Ok(goes_on)
                })?;
            }
            Ok(())
        };
        let n_records = spaces.iter().map(|space| self.read.len(*space)).sum::<Result<u64, _>>()?;
        let step = u64::try_from(self.step).unwrap_or(u64::MAX);
        sharing(n_records, step.saturating_mul(HASHES_OF_STEP), NAMED_RECORDS, &each_value)
    }

    /// Does a record with this cell not satisfy a demand? `followed` remembers which references
    /// resolve.
    fn offends(
        &self,
        ids: &Ids,
        field: &Field,
        demand: &Demand,
        cell: Cell<'_>,
        followed: &mut HashMap<u64, bool>,
    ) -> Result<bool> {
        Ok(match (&demand.what, cell) {
            (DemandKind::NoRecords, _) => true,
            (DemandKind::NeverNull | DemandKind::NotLacking, cell) => cell.is_null(),
            (DemandKind::MaxLength(max), Cell::Text(text)) => {
                length_of(field, text) > usize::try_from(*max).unwrap_or(usize::MAX)
            }
            (DemandKind::MaxDigits(max), Cell::Fixed(bits)) => {
                digits_of(field, bits) > usize::from(*max)
            }
            (DemandKind::Listed, Cell::Text(text)) => !lists_all(field, text),
            (DemandKind::References, Cell::Fixed(packed)) => {
                if followed.len() > MAX_FOLLOWED {
                    followed.clear();
                }
                let resolves = match followed.get(&packed) {
                    Some(resolves) => *resolves,
                    None => self.resolves(field, ids.unpack(self.read, packed)?, packed)?,
                };
                followed.insert(packed, resolves);
                !resolves
            }
            _ => false,
        })
    }

    fn resolves(&self, field: &Field, id: RecordId, packed: u64) -> Result<bool> {
        let targets = targets_of(self.catalogue, field, id);
        if targets.is_wrong() {
            return Ok(false);
        }
        if targets.is_unregistered || self.is_replica || id == self.system_user {
            return Ok(true);
        }
        for target in targets.objects() {
            let number = usize::from(target.number.0);
            // A new object has no records yet, nor a space of them.
            if number < self.n_known
                && self.read.get(self.table(number)?.live, &packed.to_be_bytes(), &mut |_| ())?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The number after the greatest that a field which becomes an auto-number holds already.
    pub(super) fn number_after(&self, object: usize, slot: Slot) -> Result<u64> {
        let table = self.table(object)?;
        let field = field_in(self.object(object)?, slot)?;
        let mut next = 0;
        for space in [table.live, table.bin] {
            self.each_cell(table, space, slot, &mut |_, cell, _| {
                if let (Cell::Text(text), Some(format)) = (cell, &field.autonumber) {
                    let number = format.number_of(text).filter(|number| *number < MAX_NUMBER);
                    next = next.max(number.map_or(0, |number| number + 1));
                }
                Ok(true)
            })?;
        }
        Ok(next)
    }

    /// How many records, live and deleted, have a value in a slot; with no slot, how many there are.
    pub(super) fn count(&self, table: &Table, slot: Option<Slot>) -> Result<u64> {
        let mut n_records = 0;
        for space in [table.live, table.bin] {
            match slot {
                None => n_records += self.read.len(space)?,
                Some(slot) => self.each_cell(table, space, slot, &mut |_, cell, _| {
                    n_records += u64::from(!cell.is_null());
                    Ok(true)
                })?,
            }
        }
        Ok(n_records)
    }

    /// What is to stand where the field of a demand is null.
    fn fill_of(&self, plan: &Plan, demand: &Demand) -> Result<OwnedCell> {
        let filling = plan.stored.get(demand.object).and_then(|it| it.entry.filling.as_ref());
        let mut values = filling.iter().flat_map(|filling| &filling.values);
        match values.find(|it| it.slot == demand.slot) {
            Some(it) => kept_cell(self.object(demand.object)?, it.slot, &it.value),
            None => Ok(OwnedCell::Null),
        }
    }

    fn object(&self, number: usize) -> Result<&Object> {
        let object = u16::try_from(number).ok().and_then(|it| self.catalogue.get(ObjectNo(it)));
        object.ok_or_else(|| Error::corrupt(format!("there is no object {number}")))
    }

    fn table(&self, number: usize) -> Result<&Table> {
        let none = || Error::corrupt(format!("object {number} has no table"));
        self.tables.get(number).ok_or_else(none)
    }
}

/// The field that is kept in a slot.
fn field_in(object: &Object, slot: Slot) -> Result<&Field> {
    let none = || Error::corrupt(format!("{}: slot {slot} is no field's", object.name));
    object.field_in(slot).ok_or_else(none)
}

/// The packed id of a record, from its key.
pub(super) fn record_id(key: &[u8]) -> Result<u64> {
    entry_id(key).ok_or_else(|| Error::corrupt("a record without an id"))
}

/// Digits left of the point.
fn digits_of(field: &Field, bits: u64) -> usize {
    if field.digits > 0 {
        let text = bits.cast_signed().unsigned_abs().to_string();
        return text.trim_start_matches('0').len();
    }
    left_digits(f64::from_bits(bits))
}

/// Has the picklist each value of the text?
fn lists_all(field: &Field, text: &str) -> bool {
    let several = field.field_type == FieldType::MultiPicklist;
    let values = text.split(|c| several && c == SEPARATOR);
    let is_listed = |value: &str| field.picklist.iter().any(|it| same_text(&it.value, value));
    values.into_iter().all(is_listed)
}
