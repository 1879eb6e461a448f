//! Replica mode: records as their source has them, an org or another store, with ids, auto-numbers
//! and system values of their own.
//!
//! A record passes the stages of `check` in their order, with these differences:
//!
//! | stage | here |
//! |---|---|
//! | fields that the call may not set | all may be set, but those that are described only |
//! | the record's own id | need not exist: the record is made, changed, or moved in or out of the bin |
//! | references | need not exist: records come in any order, and some may never come |
//! | values | type, length, digits left of the point and range count; texts and decimal numbers stay as they are, on no list, in no form and with every digit |
//! | required fields | of a new record also Id and the system fields, since nothing is stamped or defaulted |
//! | unique fields | as ever, but of records that come in one call once all of them are there (`together`) |
//!
//! System fields that an object lacks, as a describe may, are in its rows all the same: a date that
//! is not there is the latest of those that are, else the time of the write here; a user who is not
//! there is the other of the two, else the replica's.
//!
//! **Invariants:** a record that comes as it is writes nothing at all. Numbers of this store's own
//! instance, in ids and in references, and those in auto-numbers are passed by the counters, so that
//! no record made here later has them. The first record that is written marks the file (`mark`).

pub(crate) mod mark;
mod together;
pub(crate) mod unresolved;

use serde_json::{Map, Value as Json};

use crate::{
    bytes::row::Cell,
    catalogue::{Field, Object, resolve::system_slot},
    definition::FieldIdx,
    describe::FieldDescribe,
    engine::Space,
    error::{Error, Result},
    id::RecordId,
    store::{
        check::{Checked, check_audit_date, check_held, check_values},
        feed::{Entry, Kind},
        index,
        input::{Given, Input, from_json},
        lease::{Counter, FIRST, MAX_NUMBER},
        schema::Table,
        write::{Whereabouts, Write, all_cells, encode, set_slot},
    },
    value::{FieldType, Value},
};

/// The dates among the system fields.
const DATES: [FieldIdx; 3] =
    [FieldIdx::CREATED_DATE, FieldIdx::LAST_MODIFIED_DATE, FieldIdx::SYSTEM_MODSTAMP];
/// The users among the system fields.
const USERS: [FieldIdx; 2] = [FieldIdx::CREATED_BY_ID, FieldIdx::LAST_MODIFIED_BY_ID];

/// The checked values of a record.
type Values<'a> = [(FieldIdx, Checked<'a>)];

/// A record that was put.
pub(crate) struct Put {
    pub(crate) id: RecordId,
    /// It was not here as it came, apart from what users saw of it.
    pub(crate) has_changed: bool,
}

impl Write<'_> {
    /// Makes a record what its source says that it is: it is made, changed, deleted or undeleted
    /// here, or nothing at all if it is so already.
    ///
    /// # Errors
    /// [`Error::BadValue`], [`Error::FieldTwice`], [`Error::UnknownField`],
    /// [`Error::NotSupported`] for fields that are described only, [`Error::WrongId`],
    /// [`Error::OwnerEmpty`], [`Error::Required`], [`Error::Duplicate`].
    pub(crate) fn put(&mut self, object: &Object, record: &Map<String, Json>) -> Result<Put> {
        let mut input = from_json(object, self.access, record)?;
        drop_kept_out(object, record, &mut input)?;
        let id = take_own_id(object, &mut input)?;
        let (references, values): (Input<'_>, Input<'_>) =
            input.into_iter().partition(|(idx, _)| is_reference(object, *idx));
        let mut checked =
            check_values(&self.store.catalogue, object, &references, &mut |_, _, _| Ok(None))?;
        for (idx, given) in &values {
            let Some(field) = object.field(*idx) else { continue };
            let value = check_held(object, field, given)?;
            check_audit_date(object, *idx, field, given, &value)?;
            checked.push((*idx, value));
        }

        let table = self.store.table(object)?;
        let was = match id.map(|id| self.pack_known(id)).transpose()?.flatten() {
            Some(packed) => self.whereabouts(table, packed)?,
            None => Whereabouts::Nowhere,
        };
        let missing = missing(object, id, was == Whereabouts::Nowhere, &checked);
        match id {
            Some(id) if missing.is_empty() => self.put_checked(object, table, id, was, &checked),
            _ => Err(Error::Required { object: object.name.clone(), fields: missing }),
        }
    }

    /// Writes a record that was somewhere and passed every stage but the last.
    fn put_checked(
        &mut self,
        object: &Object,
        table: &Table,
        id: RecordId,
        was: Whereabouts,
        checked: &Values<'_>,
    ) -> Result<Put> {
        let packed = self.pack(id)?;
        let bytes = match space_of(table, was) {
            Some(space) => Some(self.row_bytes_in(space, packed)?),
            None => None,
        };
        let old = bytes.as_deref().map(|bytes| table.row(bytes)).transpose()?;
        let before = match old {
            Some(row) => all_cells(table, row)?,
            None => vec![Cell::Null; table.n_slots()],
        };
        let mut cells = before.clone();
        self.set_checked(&mut cells, table, checked)?;
        self.fill_lacking(object, &mut cells);
        let becomes = match value_of(checked, FieldIdx::IS_DELETED) {
            Some(Cell::Fixed(0)) => Whereabouts::Live,
            Some(_) => Whereabouts::Bin,
            None if was == Whereabouts::Bin => Whereabouts::Bin,
            None => Whereabouts::Live,
        };
        let was_live = was == Whereabouts::Live;
        if becomes == Whereabouts::Live && !self.compares_later {
            let own = was_live.then_some((packed, &*before));
            self.check_unique(object, table, &cells, own)?;
        }
        self.put_seen(packed, &seen_of(object, checked))?;
        if was == becomes && cells == before {
            return Ok(Put { id, has_changed: false });
        }

        let row = encode(object, table, &cells)?;
        let new = Some(table.row(&row)?).filter(|_| becomes == Whereabouts::Live);
        let old = old.filter(|_| was_live);
        index::update(table, packed, old, new, &mut self.buffer)?;
        if let Some(from) = space_of(table, was).filter(|_| was != becomes) {
            self.buffer.remove(from, &packed.to_be_bytes());
        }
        let kind = match (was, becomes) {
            (_, Whereabouts::Bin) => Kind::Delete,
            (Whereabouts::Live, _) => Kind::Update,
            (Whereabouts::Bin, _) => Kind::Undelete,
            (Whereabouts::Nowhere, _) => Kind::Create,
        };
        let slots = object.fields().filter_map(|(idx, _)| table.slot(idx));
        let changed = slots.filter(|slot| {
            let slot = usize::from(*slot);
            kind == Kind::Update && cells.get(slot) != before.get(slot)
        });
        self.append_entry(&Entry {
            kind,
            is_replica: true,
            stamp: self.stamp,
            object: object.number,
            id: packed,
            caller: self.user(),
            changed: changed.collect(),
        });
        self.pass_numbers(object, id, checked)?;
        mark::put(self)?;
        let to = if becomes == Whereabouts::Bin { table.bin } else { table.live };
        if was == becomes {
            self.buffer.replace(to, &packed.to_be_bytes(), &row);
        } else {
            self.buffer.insert(to, &packed.to_be_bytes(), &row);
        }
        if was_live && becomes == Whereabouts::Bin {
            self.forget_found();
        }
        Ok(Put { id, has_changed: true })
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
            set_slot(cells, system_slot(idx), Cell::integer(date));
        }
        for idx in USERS.into_iter().filter(lacks) {
            let user = user.or(bits_of(cells, idx)).unwrap_or(self.user());
            set_slot(cells, system_slot(idx), Cell::Fixed(user));
        }
    }

    /// Lets the counters pass the numbers of a record.
    fn pass_numbers(&mut self, object: &Object, id: RecordId, checked: &Values<'_>) -> Result<()> {
        self.pass_id(id)?;
        for (_, value) in checked {
            if let Checked::Id(id) = value {
                self.pass_id(*id)?;
            }
        }
        for &idx in &object.autonumbers {
            let Some(field) = object.field(idx) else { continue };
            let (Some(format), Some(stored)) = (&field.autonumber, field.stored) else { continue };
            let Some(Cell::Text(name)) = value_of(checked, idx) else { continue };
            // A name that the format would not give takes up the counter where it begins, since
            // there are records now.
            let number = format.number_of(name).filter(|number| *number < MAX_NUMBER);
            let next = number.map_or(field.start, |number| number + 1);
            let counter = Counter::AutoNumber(object.number, stored.slot);
            self.pass(counter, field.start, next)?;
        }
        Ok(())
    }

    /// Lets the counter of an id's object pass its number, if the id could be made here.
    fn pass_id(&mut self, id: RecordId) -> Result<()> {
        match self.store.catalogue.of_prefix(id.key_prefix()) {
            Some(object) if id.instance() == self.store.instance => {
                self.pass(Counter::Records(object.number), FIRST, id.number() + 1)
            }
            _ => Ok(()),
        }
    }
}

fn is_reference(object: &Object, idx: FieldIdx) -> bool {
    object.field(idx).is_some_and(|field| field.field_type == FieldType::Reference)
}

/// Drops the fields that are described only, which an org sends along with the others.
///
/// # Errors
/// [`Error::NotSupported`] with those whose value would be lost: the store cannot hold them.
fn drop_kept_out(object: &Object, record: &Map<String, Json>, input: &mut Input<'_>) -> Result<()> {
    let is_kept_out = |field: &Field| field.flags.is_kept_out();
    let n_given = input.len();
    input.retain(|(idx, _)| !object.field(*idx).is_some_and(is_kept_out));
    if input.len() == n_given {
        return Ok(());
    }
    let given = record.iter().filter(|(_, json)| !json.is_null());
    let fields = given.filter_map(|(name, json)| Some((object.field(object.find(name)?)?, json)));
    let lost = fields.filter(|(field, json)| {
        is_kept_out(field) && !is_told_by_its_parts(object, &field.name, json, record)
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
        described.fields.iter().filter(|it| is_part(it) && !it.is_kept_out()).collect();
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
        id: text,
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

/// The space that a record is in.
fn space_of(table: &Table, place: Whereabouts) -> Option<Space> {
    match place {
        Whereabouts::Live => Some(table.live),
        Whereabouts::Bin => Some(table.bin),
        Whereabouts::Nowhere => None,
    }
}
