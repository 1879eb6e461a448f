//! Replica mode: records as their source has them, an org or another store, with ids, auto-numbers
//! and system values of their own.
//!
//! A record is checked stage by stage like any other, with these differences:
//!
//! | stage | here |
//! |---|---|
//! | fields that the call may not set | all may be set, but those that are described only |
//! | the record's own id | need not exist: the record is made, changed, or moved in or out of the bin |
//! | references | need not exist: records come in any order, and some may never come |
//! | values | types, lengths, digits left of the point and ranges are checked; texts are kept as they are and compared with no picklist and no form, and decimal numbers keep every digit right of the point |
//! | required fields | of a new record also Id and the system fields, since nothing is stamped or defaulted |
//! | unique fields | as ever, but the records of one call are compared as they are once all of them are written (`put_many`) |
//!
//! An object that comes with a describe may lack some of the system fields. Its rows have all of them:
//! a date that the object lacks is the latest of those that it has, or the time of this write if it
//! has none; a user that it lacks is the other of the two, or the replica's user if it has neither.
//!
//! **Invariants:** a put that changes nothing writes nothing at all. Numbers of this store's own
//! instance, in ids and in references, and those in auto-numbers are skipped by the counters, so that
//! no record made here later has them. The first record that is written marks the file (`marker`).

use serde_json::{Map, Value as Json};

use super::marker;
use crate::{
    bytes::Cell,
    catalogue::{Field, Object, system_slot},
    definition::FieldIdx,
    describe::FieldDescribe,
    error::{Error, Result, shorten},
    id::RecordId,
    store::{
        keep::{Counter, MAX_NUMBER, Table},
        read::Place,
        rules::{Checked, Fidelity, Given, Input, Values, check_values, from_json},
        write::{Move, Write, set_system},
    },
    value::Value,
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
    /// What was read of a record that was there so far. One that lacks a value which it needs is
    /// refused.
    ///
    /// # Errors
    /// [`Error::Required`].
    pub(super) fn new(
        object: &Object,
        id: Option<RecordId>,
        values: Values<'v>,
        was: Place,
    ) -> Result<Self> {
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
    /// Reads what a record's source says of it.
    ///
    /// # Errors
    /// [`Error::BadValue`], [`Error::FieldTwice`], [`Error::UnknownField`],
    /// [`Error::NotSupported`] for fields that are described only, [`Error::WrongId`],
    /// [`Error::OwnerEmpty`].
    pub(super) fn read_put<'v>(
        &self,
        object: &Object,
        record: &'v Map<String, Json>,
    ) -> Result<(Option<RecordId>, Values<'v>)> {
        let mut input = from_json(object, self.access, record)?;
        drop_describe_only(object, record, &mut input)?;
        let id = take_own_id(object, &mut input)?;
        let catalogue = &self.schema.catalogue;
        // Records come in any order, so what is referred to need not be there.
        let any = &mut |_: &Field, _: &Object, _| Ok(None);
        Ok((id, check_values(catalogue, object, &input, Fidelity::Exact, any)?))
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
            self.put_seen(packed, &seen_of(object, &put.values))?;
        }
        if before.place == last.becomes && cells == old {
            return Ok(false);
        }
        let (was, becomes) = ((before.place, &*old), (last.becomes, &*cells));
        let moved = Move { object, table, id: packed, was, becomes };
        self.change_as_replica(moved, is_vacated)?;
        for put in puts {
            self.skip_numbers(object, table, put)?;
        }
        marker::put(self)?;
        Ok(true)
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

/// Drops the fields that are described only, which an org sends along with the others.
///
/// # Errors
/// [`Error::NotSupported`] with those whose value would be lost: the store cannot hold them.
fn drop_describe_only(
    object: &Object,
    record: &Map<String, Json>,
    input: &mut Input<'_>,
) -> Result<()> {
    let is_describe_only = |field: &Field| field.flags.is_describe_only();
    let n_given = input.len();
    input.retain(|(idx, _)| !object.field(*idx).is_some_and(is_describe_only));
    if input.len() == n_given {
        return Ok(());
    }
    let given = record.iter().filter(|(_, json)| !json.is_null());
    let fields = given.filter_map(|(name, json)| Some((object.field(object.find(name)?)?, json)));
    let lost = fields.filter(|(field, json)| {
        is_describe_only(field) && !is_told_by_its_parts(object, &field.name, json, record)
    });
    let names: Vec<_> = lost.map(|(field, _)| &*field.name).collect();
    if names.is_empty() {
        return Ok(());
    }
    let what = format!("holding fields that are described only: {}", names.join(", "));
    Err(Error::NotSupported { object: object.name.clone(), what })
}

/// Is a compound value, such as an address, given in parts as well, which the store holds?
fn is_told_by_its_parts(
    object: &Object,
    name: &str,
    json: &Json,
    record: &Map<String, Json>,
) -> bool {
    let (Some(described), Json::Object(compound)) = (&object.described, json) else { return false };
    let is_part = |it: &&FieldDescribe| it.compound_field_name.as_deref() == Some(name);
    let parts: Vec<_> =
        described.fields.iter().filter(|it| is_part(it) && !it.is_describe_only()).collect();
    // The key `postalCode` is the part BillingPostalCode, and `latitude` is Place__Latitude__s.
    let is_of = |part: &FieldDescribe, key: &str| {
        let part = part.name.strip_suffix("__s").unwrap_or(&part.name).to_ascii_lowercase();
        part.ends_with(&key.to_ascii_lowercase())
    };
    compound.iter().filter(|(_, value)| !value.is_null()).all(|(key, value)| {
        parts.iter().any(|part| is_of(part, key) && record.get(&part.name) == Some(value))
    })
}

/// Takes the record's own id out of what was given; `None` if it is not there.
///
/// # Errors
/// [`Error::WrongId`] if it is no id, or another object's.
fn take_own_id(object: &Object, input: &mut Input<'_>) -> Result<Option<RecordId>> {
    let place = input.iter().position(|(idx, _)| *idx == FieldIdx::ID);
    let text = match place.map(|place| input.remove(place).1) {
        None | Some(Given::Value(Value::Null)) => return Ok(None),
        Some(given) => given.to_string(),
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let id = text.trim().parse().map_err(|_| Error::WrongId {
        object: object.name.clone(),
        label: object.id_label(),
        id: shorten(text),
    })?;
    object.check_id(id)?;
    Ok(Some(id))
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
