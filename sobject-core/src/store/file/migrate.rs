//! Changing the objects of a file: what a [`Plan`] demands of the records is checked first, and
//! only then is the file touched.
//!
//! Rows are not rewritten for a new layout: they are read through their own. Only a field that may
//! no longer be null, and has a default, is filled in where it was: that is no change of a record,
//! so nothing is stamped and the feed says nothing. Indexes are built in steps,
//! each a transaction that also notes how far it came, so that a build goes on where it was cut.
//!
//! **Invariant:** a refused change leaves records and catalogue as they were; a change that was cut off is
//! completed when the store is next opened.

use std::{collections::BTreeMap, ops::ControlFlow};

use crate::{
    bytes::{self, OwnedCell, Slot, entry_id, same_text},
    catalogue::{Catalogue, Demand, DemandKind, Field, Fill, Object, Plan, system_slot},
    definition::FieldIdx,
    engine::{Buffer, Overlay, Read, Scan, Space, try_scan},
    error::{Error, Result},
    id::RecordId,
    store::{
        keep::{Deletion, Ids, MAX_NUMBER, Table},
        read::Place,
        rules::{Target, default_cell, target_of},
        write::{Change, Move, change},
    },
    value::{FieldType, SEPARATOR},
};

/// Records that a refusal names at most.
const NAMED_RECORDS: usize = 10;

/// The records of a file in the light of its new catalogue.
pub(crate) struct Evolution<'a> {
    pub(crate) read: &'a dyn Read,
    pub(crate) catalogue: &'a Catalogue,
    /// By object number.
    pub(crate) tables: &'a [Table],
    /// How many of the objects the file has already.
    pub(crate) n_known: usize,
    pub(crate) system_user: RecordId,
    /// Does the file hold records of a replica, whose references may lead to no record?
    pub(crate) is_replica: bool,
}

impl Evolution<'_> {
    /// Refuses a plan whose demands the records do not satisfy.
    ///
    /// # Errors
    /// [`Error::DefinitionChanged`] with what stands in the way of the first object that has any;
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(crate) fn check(&self, plan: &Plan) -> Result<()> {
        for (number, stored) in plan.stored.iter().enumerate() {
            let (mut changes, mut records) = (Vec::new(), Vec::new());
            for demand in plan.demands.iter().filter(|demand| demand.object == number) {
                let offending = self.offending(plan, demand)?;
                if !offending.is_empty() {
                    changes.push(sentence(demand));
                    records.extend(offending);
                }
            }
            if !changes.is_empty() {
                records.sort_unstable();
                records.dedup();
                records.truncate(NAMED_RECORDS);
                let object = stored.head.name.clone();
                return Err(Error::DefinitionChanged { object, changes, records });
            }
        }
        Ok(())
    }

    /// The first records that do not satisfy a demand.
    fn offending(&self, plan: &Plan, demand: &Demand) -> Result<Vec<RecordId>> {
        let Some(table) = self.tables.get(demand.object) else { return Ok(Vec::new()) };
        let Some(object) = self.object_at(demand.object) else { return Ok(Vec::new()) };
        let ids = Ids::load(self.read)?;
        let mut packed = Vec::new();
        if matches!(demand.what, DemandKind::Unique) {
            let fill = fill_of(plan, object, demand)?;
            self.duplicates(table, demand, &fill, &mut packed)?;
        } else {
            for (space, is_live) in [(table.live, true), (table.bin, false)] {
                // What a deleted record refers to need not be there, but who made it must be.
                let is_stamp = demand.slot <= system_slot(FieldIdx::SYSTEM_MODSTAMP);
                if matches!(demand.what, DemandKind::References) && !is_live && !is_stamp {
                    continue;
                }
                self.each_cell(table, space, demand.slot, &mut |id, cell| {
                    if self.offends(&ids, object, demand, cell)? {
                        packed.push(id);
                    }
                    Ok(packed.len() < NAMED_RECORDS)
                })?;
            }
        }
        packed.iter().map(|id| ids.unpack(self.read, *id)).collect()
    }

    /// Gives the cell of each record to `f`, until it returns false.
    fn each_cell(
        &self,
        table: &Table,
        space: Space,
        slot: Slot,
        f: &mut dyn FnMut(u64, bytes::Cell<'_>) -> Result<bool>,
    ) -> Result<()> {
        let walked = try_scan(self.read, space, Scan::ALL, |key, bytes| {
            let row = if space == table.bin { Deletion::of(bytes)?.1 } else { bytes };
            let goes_on = f(record_id(key)?, table.row(row)?.cell(slot)?)?;
            Ok(if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        });
        walked.map(drop)
    }

    fn offends(
        &self,
        ids: &Ids,
        object: &Object,
        demand: &Demand,
        cell: bytes::Cell<'_>,
    ) -> Result<bool> {
        Ok(match (&demand.what, cell) {
            (DemandKind::NoRecords, _) => true,
            (DemandKind::NeverNull, cell) => cell.is_null(),
            (DemandKind::MaxLength(max), bytes::Cell::Text(text)) => {
                text.chars().count() > usize::try_from(*max).unwrap_or(usize::MAX)
            }
            (DemandKind::MaxDigits(max), bytes::Cell::Fixed(bits)) => {
                digits_of(object, demand, bits) > usize::from(*max)
            }
            (DemandKind::MaxScale(max), bytes::Cell::Fixed(bits)) => {
                let text = f64::from_bits(bits).to_string();
                text.split_once('.').is_some_and(|(_, right)| right.len() > usize::from(*max))
            }
            (DemandKind::Listed, bytes::Cell::Text(text)) => {
                let field = object.find(&demand.field).and_then(|idx| object.field(idx));
                field.is_some_and(|field| !lists_all(field, text))
            }
            (DemandKind::References, bytes::Cell::Fixed(packed)) => {
                let id = ids.unpack(self.read, packed)?;
                !self.resolves(object, demand, id, packed)?
            }
            _ => false,
        })
    }

    fn resolves(
        &self,
        object: &Object,
        demand: &Demand,
        id: RecordId,
        packed: u64,
    ) -> Result<bool> {
        let field = object.find(&demand.field).and_then(|idx| object.field(idx));
        let Some(field) = field else { return Ok(true) };
        let target = match target_of(self.catalogue, field, id) {
            Target::Object(target) => target,
            Target::Unregistered => return Ok(true),
            Target::Wrong => return Ok(false),
        };
        let number = usize::from(target.number.0);
        if self.is_replica || id == self.system_user {
            return Ok(true);
        }
        match self.tables.get(number).filter(|_| number < self.n_known) {
            Some(table) => Ok(self.read.get(table.live, &packed.to_be_bytes(), &mut |_| ())?),
            None => Ok(false),
        }
    }

    /// Live records that share a value which is to be unique, with `fill` in place of null.
    fn duplicates(
        &self,
        table: &Table,
        demand: &Demand,
        fill: &OwnedCell,
        found: &mut Vec<u64>,
    ) -> Result<()> {
        let index = table.index_of(demand.slot);
        let Some(index) = index else { return Ok(()) };
        let mut holders: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        self.each_cell(table, table.live, demand.slot, &mut |id, cell| {
            let cell = if cell.is_null() { fill.as_cell() } else { cell };
            if !cell.is_null() {
                let value = index.key(cell, 0);
                if let Some(holder) = holders.insert(value, id) {
                    found.extend([holder, id]);
                }
            }
            Ok(found.len() < NAMED_RECORDS)
        })
    }

    /// The number after the greatest that a field which becomes an auto-number holds already.
    pub(crate) fn number_after(&self, object: usize, slot: Slot) -> Result<u64> {
        let (Some(table), Some(field)) = (self.tables.get(object), self.field_at(object, slot))
        else {
            return Ok(0);
        };
        let mut next = 0;
        for space in [table.live, table.bin] {
            self.each_cell(table, space, slot, &mut |_, cell| {
                if let (bytes::Cell::Text(text), Some(format)) = (cell, &field.autonumber) {
                    let number = format.number_of(text).filter(|number| *number < MAX_NUMBER);
                    next = next.max(number.map_or(0, |number| number + 1));
                }
                Ok(true)
            })?;
        }
        Ok(next)
    }

    fn object_at(&self, number: usize) -> Option<&Object> {
        self.catalogue.objects().find(|object| usize::from(object.number.0) == number)
    }

    fn field_at(&self, object: usize, slot: Slot) -> Option<&Field> {
        let object = self.object_at(object)?;
        object.fields.iter().find(|field| field.stored.is_some_and(|it| it.slot == slot))
    }

    /// Writes the defaults of fields that may no longer be null where they were.
    pub(crate) fn fill(&self, plan: &Plan, buffer: &mut Buffer) -> Result<()> {
        for Fill { object: number, slot, field, value } in &plan.fills {
            let Some(table) = self.tables.get(*number) else { continue };
            let Some(object) = self.object_at(*number) else { continue };
            let Some(field) = object.find(field).and_then(|idx| object.field(idx)) else {
                continue;
            };
            let value: OwnedCell = default_cell(object, field, value)?;
            for place in [Place::Live, Place::Bin] {
                let Some(space) = place.space(table) else { continue };
                let overlay = Overlay { base: self.read, buffer };
                let mut rows = Vec::new();
                overlay.scan(space, Scan::ALL, &mut |key, bytes| {
                    rows.push((key.to_vec(), bytes.to_vec()));
                    ControlFlow::Continue(())
                })?;
                for (key, bytes) in rows {
                    let (deletion, row) = match place {
                        Place::Bin => Deletion::of(&bytes).map(|(it, row)| (Some(it), row))?,
                        Place::Live | Place::Nowhere => (None, &*bytes),
                    };
                    let old = table.cells(table.row(row)?)?;
                    let mut cells = old.clone();
                    let Some(cell) = cells.get_mut(usize::from(*slot)).filter(|it| it.is_null())
                    else {
                        continue;
                    };
                    *cell = value.as_cell();
                    let (id, was, becomes) = (record_id(&key)?, (place, &*old), (place, &*cells));
                    // Filling is no change of a record: nothing is stamped, and the feed is silent.
                    let filled = Change {
                        moved: Move { object, table, id, was, becomes },
                        is_vacated: false,
                        deletion,
                        told: None,
                    };
                    change(&filled, self.read, buffer)?;
                }
            }
        }
        Ok(())
    }
}

/// The packed id of a record, from its key.
fn record_id(key: &[u8]) -> Result<u64> {
    entry_id(key).ok_or_else(|| Error::corrupt("a record without an id"))
}

/// What is to stand where the field of a demand is null.
fn fill_of(plan: &Plan, object: &Object, demand: &Demand) -> Result<OwnedCell> {
    let is_its = |fill: &&Fill| fill.object == demand.object && fill.slot == demand.slot;
    let field = object.find(&demand.field).and_then(|idx| object.field(idx));
    match (plan.fills.iter().find(is_its), field) {
        (Some(fill), Some(field)) => default_cell(object, field, &fill.value),
        _ => Ok(OwnedCell::Null),
    }
}

/// Digits left of the point.
fn digits_of(object: &Object, demand: &Demand, bits: u64) -> usize {
    let field = object.find(&demand.field).and_then(|idx| object.field(idx));
    let is_whole = field.is_some_and(|field| field.digits > 0);
    let text = if is_whole {
        bits.cast_signed().unsigned_abs().to_string()
    } else {
        f64::from_bits(bits).abs().trunc().to_string()
    };
    text.trim_start_matches('0').len()
}

/// Has the picklist each value of the text?
fn lists_all(field: &Field, text: &str) -> bool {
    let several = field.field_type == FieldType::MultiPicklist;
    let values = text.split(|c| several && c == SEPARATOR);
    let is_listed = |value: &str| field.picklist.iter().any(|it| same_text(&it.value, value));
    values.into_iter().all(is_listed)
}

fn sentence(demand: &Demand) -> String {
    let field = &demand.field;
    match demand.what {
        DemandKind::NoRecords => {
            format!(
                "field {field} is new and cannot be null, and there is nothing to put into the \
                 records that there are"
            )
        }
        DemandKind::NeverNull => {
            format!(
                "field {field} may no longer be null and has no default, but is null in records"
            )
        }
        DemandKind::MaxLength(max) => {
            format!("the length of field {field} is {max} now, but records have longer values")
        }
        DemandKind::MaxDigits(max) => format!(
            "field {field} has at most {max} digits left of the point now, but records have more"
        ),
        DemandKind::MaxScale(max) => format!(
            "field {field} keeps {max} digits right of the point now, but records have more"
        ),
        DemandKind::Unique => {
            format!("field {field} is unique now, but records have the same value")
        }
        DemandKind::Listed => format!(
            "the enum of field {field} has no arm for other values, but records have values that it \
             lacks"
        ),
        DemandKind::References => format!(
            "records refer by field {field} to records of objects that it does not name, or that \
             are not there"
        ),
    }
}
