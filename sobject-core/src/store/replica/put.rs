//! Replica mode: records as their source has them, an org or another store, with ids, auto-numbers
//! and system values of their own.
//!
//! A record is checked stage by stage like any other, with these differences:
//!
//! | stage | here |
//! |---|---|
//! | fields that are unknown, and those that the call may not set | all that rows hold may be set; `take` says what else a record may have |
//! | the record's own id | need not exist: the record is made, changed, or moved in or out of the bin |
//! | references | need not exist: records come in any order, and some may never come |
//! | values | types, lengths, digits left of the point and ranges are checked; texts are kept as they are and compared with no picklist and no form |
//! | required fields | of a new record also Id and the system fields, since nothing is stamped; only booleans are defaulted, which an org never leaves empty |
//! | unique fields | as ever, but the records of one call are compared as they are once all of them are written (`put_many`) |
//!
//! A put takes nothing along and empties nothing: the source says of each record where it is and what
//! it has. A record that a delete here took along, and that the source says is in its bin, stays with
//! its root, until the source brings that back: then it is in the bin as its own.
//!
//! An object that comes with a describe may lack some of the system fields. Its rows have all of them:
//! a date that the object lacks is the latest of those that it has, or the time of this write if it
//! has none; a user that it lacks is the other of the two, or the replica's user if it has neither.
//! Where that is asked for, a new record that was sent without some of its system fields gets them by
//! the same rule.
//!
//! **Invariants:** a put that changes nothing writes nothing at all. Numbers of this store's own
//! instance, in ids and in references, and those in auto-numbers are skipped by the counters, so that
//! no record made here later has them. The first record that is written marks the file (`marker`).

use super::{
    marker,
    take::{PutOptions, Taken},
};
use crate::{
    bytes::Cell,
    catalogue::{Field, Object, system_slot},
    definition::FieldIdx,
    error::{Error, Result},
    id::RecordId,
    store::{
        keep::{Counter, MAX_NUMBER, Table},
        read::Place,
        rules::{Checked, Values},
        write::{Move, Write, set_system},
    },
    value::FieldType,
};

/// The dates among the system fields.
const DATES: [FieldIdx; 3] =
    [FieldIdx::CREATED_DATE, FieldIdx::LAST_MODIFIED_DATE, FieldIdx::SYSTEM_MODSTAMP];
/// The users among the system fields.
const USERS: [FieldIdx; 2] = [FieldIdx::CREATED_BY_ID, FieldIdx::LAST_MODIFIED_BY_ID];

/// A record as a replica's call brings it, checked but for its unique values.
#[derive(Debug)]
pub(super) struct Put<'v> {
    pub(super) id: RecordId,
    pub(super) values: Values<'v>,
    /// Where the record is then.
    pub(super) becomes: Place,
}

impl<'v> Put<'v> {
    /// What was taken of a record that was there so far. One that lacks a value which it needs is
    /// refused.
    ///
    /// # Errors
    /// [`Error::Required`].
    pub(super) fn new(
        write: &Write<'_>,
        object: &Object,
        table: &Table,
        taken: Taken<'v>,
        was: Place,
        options: PutOptions,
    ) -> Result<Self> {
        let Taken { id, mut values, .. } = taken;
        if was == Place::Nowhere {
            fill_booleans(object, table, &mut values);
            if options.stamps_from_given {
                write.fill_stamps(object, &mut values);
            }
        }
        let fields = missing(object, id, was == Place::Nowhere, &values);
        let Some(id) = id.filter(|_| fields.is_empty()) else {
            return Err(Error::Required { object: object.name.clone(), fields });
        };
        let becomes = match value_of(&values, FieldIdx::IS_DELETED) {
            Some(Cell::Fixed(0)) => Place::Live,
            Some(_) => Place::Bin,
            None if was == Place::Bin => Place::Bin,
            None => Place::Live,
        };
        Ok(Self { id, values, becomes })
    }
}

/// A record as it was before a call.
#[derive(Clone, Debug)]
pub(super) struct Before {
    pub(super) place: Place,
    /// Its row; empty if it was nowhere.
    pub(super) row: Vec<u8>,
}

impl Write<'_> {
    /// Refuses an id that a record of another object has, which shares the key prefix: an id is that of
    /// one record.
    ///
    /// # Errors
    /// [`Error::WrongId`]; [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn check_is_of_none_other(&self, object: &Object, id: RecordId) -> Result<()> {
        let (holders, _) = self.schema.catalogue.kept_of_prefix(id.key_prefix());
        for other in holders.iter().filter(|it| **it != object.number) {
            let other = self.schema.catalogue.get(*other);
            let other = other.ok_or_else(|| Error::corrupt("a key prefix of no object"))?;
            if let Some(packed) = self.pack_known(id)?
                && self.place_of(self.schema.table(other)?, packed)? != Place::Nowhere
            {
                return Err(object.wrong_id(id));
            }
        }
        Ok(())
    }

    /// Writes what a record is after these puts, the last of which counts. Its unique entries were
    /// taken away before if `is_vacated`. Tells whether anything was written of the record itself.
    ///
    /// # Errors
    /// [`Error::Corrupt`], [`Error::Storage`].
    pub(super) fn apply_puts(
        &mut self,
        object: &Object,
        table: &Table,
        before: &Before,
        puts: &[&Put<'_>],
        is_vacated: bool,
    ) -> Result<bool> {
        let Some(last) = puts.last() else { return Ok(false) };
        let packed = self.pack(last.id)?;
        let old = match before.place {
            Place::Nowhere => vec![Cell::Null; table.n_slots()],
            _ => table.cells(table.row(&before.row)?)?,
        };
        let mut cells = old.clone();
        for put in puts {
            self.set_values(&mut cells, table, &put.values)?;
            self.fill_lacking(object, &mut cells);
            self.put_seen(object, packed, &seen_of(object, &put.values))?;
        }
        if before.place == last.becomes && cells == old {
            return Ok(false);
        }
        let (was, becomes) = ((before.place, &*old), (last.becomes, &*cells));
        let moved = Move { object, table, id: packed, was, becomes };
        self.change_as_replica(moved, is_vacated)?;
        for put in puts {
            self.skip_numbers(object, table, put)?;
            self.take_up_values(object, &put.values)?;
        }
        marker::put(self)?;
        Ok(true)
    }

    /// Gives a new record the stamps that it was sent without.
    fn fill_stamps(&self, object: &Object, values: &mut Values<'_>) {
        let is_given = |values: &Values<'_>, idx| values.iter().any(|(it, _)| *it == idx);
        let dates = DATES.into_iter().filter_map(|idx| match value_of(values, idx) {
            Some(Cell::Fixed(bits)) => Some(bits.cast_signed()),
            _ => None,
        });
        let date = Cell::integer(dates.max().unwrap_or(self.stamp));
        let user = values.iter().find(|(idx, _)| USERS.contains(idx)).map(|(_, user)| user.clone());
        let user = user.unwrap_or(Checked::Cell(Cell::Fixed(self.user())));
        for idx in DATES.into_iter().filter(|idx| object.has(*idx)) {
            if !is_given(values, idx) {
                values.push((idx, Checked::Cell(date)));
            }
        }
        for idx in USERS.into_iter().filter(|idx| object.has(*idx)) {
            if !is_given(values, idx) {
                values.push((idx, user.clone()));
            }
        }
    }

    /// Sets the system fields that the object lacks, which its rows have.
    fn fill_lacking(&self, object: &Object, cells: &mut [Cell<'_>]) {
        let lacks = |idx: &FieldIdx| !object.has(*idx);
        let bits_of = |cells: &[Cell<'_>], idx| match cells.get(usize::from(system_slot(idx))) {
            Some(Cell::Fixed(bits)) => Some(*bits),
            _ => None,
        };
        let dates = DATES.into_iter().filter(|idx| !lacks(idx));
        let latest = dates.filter_map(|idx| bits_of(cells, idx).map(u64::cast_signed)).max();
        let user = USERS.into_iter().find(|idx| !lacks(idx)).and_then(|idx| bits_of(cells, idx));
        for idx in DATES.into_iter().filter(lacks) {
            let before = bits_of(cells, idx).map(u64::cast_signed);
            let date = latest.or(before).unwrap_or(self.stamp);
            set_system(cells, idx, Cell::integer(date));
        }
        for idx in USERS.into_iter().filter(lacks) {
            let user = user.or(bits_of(cells, idx)).unwrap_or(self.user());
            set_system(cells, idx, Cell::Fixed(user));
        }
    }

    /// Has the counters skip the numbers of a record.
    fn skip_numbers(&mut self, object: &Object, table: &Table, put: &Put<'_>) -> Result<()> {
        self.skip_id(put.id);
        for (_, value) in &put.values {
            if let Checked::Id(id) = value {
                self.skip_id(*id);
            }
        }
        for &idx in &object.autonumbers {
            let field = object.at(idx)?;
            let (Some(format), Some(slot)) = (&field.autonumber, table.slot(idx)) else {
                return Err(Error::corrupt(format!("{}: {} has no slot", object.name, field.name)));
            };
            let Some(Cell::Text(name)) = value_of(&put.values, idx) else { continue };
            // A name that the format would not give takes up the counter where it begins, since
            // there are records now.
            let number = format.number_of(name).filter(|number| *number < MAX_NUMBER);
            let next = number.map_or(field.start, |number| number + 1).max(field.start);
            self.skip(Counter::AutoNumber(object.number, slot), next);
        }
        Ok(())
    }
}

/// Gives a new record the default of each boolean that it was sent without, be the field dormant.
fn fill_booleans(object: &Object, table: &Table, values: &mut Values<'_>) {
    for (idx, field, stored) in object.kept() {
        let is_filled = field.field_type == FieldType::Boolean && !field.flags.is_nillable();
        if is_filled && !values.iter().any(|(it, _)| *it == idx) {
            let default = match table.defaults().nth(stored.slot.into()) {
                Some(Cell::Fixed(bits)) => Cell::Fixed(bits),
                _ => Cell::integer(false),
            };
            values.push((idx, Checked::Cell(default)));
        }
    }
}

/// The fields that have no value and need one, in the order of the object. A record that is new
/// needs each that is never null, but for IsDeleted, which is false unless given.
fn missing(
    object: &Object,
    id: Option<RecordId>,
    is_new: bool,
    checked: &Values<'_>,
) -> Vec<String> {
    let is_missing = |idx: FieldIdx, field: &Field| match idx {
        FieldIdx::ID => id.is_none(),
        FieldIdx::IS_DELETED => false,
        _ if field.flags.is_nillable() => false,
        _ => match checked.iter().find(|(it, _)| *it == idx) {
            Some((_, value)) => *value == Checked::Cell(Cell::Null),
            None => is_new,
        },
    };
    let missing = object.fields().filter(|(idx, field)| is_missing(*idx, field));
    missing.map(|(_, field)| field.name.clone()).collect()
}

/// What was given for a field, unless it is a reference.
fn value_of<'c>(checked: &'c Values<'_>, idx: FieldIdx) -> Option<Cell<'c>> {
    checked.iter().find_map(|(it, value)| match value {
        Checked::Cell(cell) if *it == idx => Some(*cell),
        _ => None,
    })
}

/// What was given for the per-caller fields, by their names.
fn seen_of<'c>(object: &'c Object, checked: &'c Values<'_>) -> Vec<(&'c str, Cell<'c>)> {
    let fields = checked.iter().filter_map(|(idx, _)| Some((*idx, object.field(*idx)?)));
    let fields = fields.filter(|(_, field)| field.flags.is_per_caller());
    fields.filter_map(|(idx, field)| Some((&*field.name, value_of(checked, idx)?))).collect()
}
