//! From what is declared and what the file has to the catalogue of an open store.
//!
//! Objects that the file has keep their number, slots and spaces; new ones get the next free.
//! Fields are matched by name, or by the name that they had ([`was`](crate::FieldDefinition::was)),
//! so their order in the struct may change freely. [`plan`] finds what differs: what no data can
//! make safe is refused here; what depends on the data is listed as [`Demand`]s, which the store
//! checks before it touches the file.
//!
//! | change | answer |
//! |---|---|
//! | labels, calls, properties, relationships, auto-number format, picklist values, defaults | taken over |
//! | object added or gone | its records appear, or are dormant until it is listed again |
//! | field added | null in old records, or the default if it cannot be null |
//! | field gone | its values are gone; a field of that name later is a new one |
//! | field renamed | the values stay |
//! | field that was described only is stored | as a field added |
//! | longer, more digits, may be null, may name more objects | taken over |
//! | shorter, fewer digits, must not be null, names other objects, unique | if the records fit |
//! | picklist value gone that an enum without an arm for others had | if no record has it |
//! | an auto-number or another field without default added to an object with records | refused |
//! | index added or gone | built, or dropped |
//! | another type, another key prefix, kept with the record or not | refused |

use serde_json::Value as Json;

use crate::{
    bytes::{Collation, Slot},
    catalogue::{
        AutoNumber, Catalogue, Field,
        declared::{DeclaredField, DeclaredObject},
        stored::{
            FieldEntry, IndexEntry, IndexKey, IndexKind, RetiredSlot, StoredObject, system_slot,
        },
    },
    definition::{FieldIdx, SYSTEM_FIELDS},
    error::{Error, Result},
    value::{FieldType, Storage},
};

/// The first space that belongs to an object; those below are the store's own.
pub(crate) const FIRST_OBJECT_SPACE: u16 = 16;

/// The slots of the system fields that rows hold: those from CreatedDate to SystemModstamp.
const SYSTEM_SLOTS: std::ops::Range<Slot> = 0..5;

/// What the catalogue is to be, and what the data must satisfy for it.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Every object as the file is to keep it, by number.
    pub(crate) stored: Vec<StoredObject>,
    /// Which of them are given, by number; the others are dormant.
    pub(crate) active: Vec<bool>,
    /// Numbers of the objects whose entries are new or differ.
    pub(crate) changed: Vec<usize>,
    /// What the records must satisfy.
    pub(crate) demands: Vec<Demand>,
    /// Fields that may no longer be null, and what to put where they are.
    pub(crate) fills: Vec<Fill>,
    /// Fields that become auto-numbers, or whose format changes, so that it could give what they
    /// hold already: the object's number, the slot and the first number.
    pub(crate) counters: Vec<(usize, Slot, u64)>,
    /// The next space that nothing ever had.
    pub(crate) next_space: u16,
}

/// A default that is to stand where a field was null.
#[derive(Debug)]
pub(crate) struct Fill {
    /// Number of the object.
    pub(crate) object: usize,
    pub(crate) slot: Slot,
    /// Name of the field.
    pub(crate) field: String,
    pub(crate) value: Json,
}

/// What the records of an object must satisfy for a change to be safe.
#[derive(Debug)]
pub(crate) struct Demand {
    /// Number of the object.
    pub(crate) object: usize,
    /// Slot of the field; that of the field's old records.
    pub(crate) slot: Slot,
    /// Name of the field.
    pub(crate) field: String,
    pub(crate) what: DemandKind,
}

/// The kinds of [`Demand`].
#[derive(Debug)]
pub(crate) enum DemandKind {
    /// There is no record at all.
    NoRecords,
    /// No record is null there.
    NeverNull,
    /// No text is longer, in characters.
    MaxLength(u32),
    /// No number has more digits left of the point.
    MaxDigits(u8),
    /// No number has more digits right of the point.
    MaxScale(u8),
    /// No two live records have the same value.
    Unique,
    /// Every value is one of the picklist.
    Listed,
    /// Every reference names one of these objects; and those that name an object which is given
    /// anew lead to a live record, unless the file holds records of a replica.
    References,
}

/// Matches what is declared with the objects of the file, which are ordered by number.
///
/// # Errors
/// [`Error::BadDefinition`], [`Error::DefinitionChanged`], [`Error::Corrupt`].
pub(crate) fn plan(
    declared: &[DeclaredObject],
    file: &[StoredObject],
    dormant: &[bool],
    next_space: u16,
) -> Result<Plan> {
    if file.iter().enumerate().any(|(place, object)| usize::from(object.number) != place) {
        return Err(Error::corrupt("the numbers of the objects have gaps"));
    }
    let mut plan = Plan {
        stored: file.to_vec(),
        active: vec![false; file.len()],
        changed: Vec::new(),
        demands: Vec::new(),
        next_space: next_space.max(FIRST_OBJECT_SPACE),
        fills: Vec::new(),
        counters: Vec::new(),
    };
    let mut is_any_anew = false;
    for object in declared {
        let known =
            file.iter().position(|old| old.head.name.eq_ignore_ascii_case(&object.head.name));
        if let Some(number) = known {
            plan.active[number] = true;
            plan.change(number, object)?;
        } else {
            plan.add(object)?;
        }
        let was_dormant = |number: usize| dormant.get(number).copied().unwrap_or(false);
        is_any_anew |= known.is_none_or(was_dormant);
    }
    plan.check_prefixes()?;
    if is_any_anew {
        plan.demand_references(file.len());
    }
    Ok(plan)
}

impl Plan {
    /// By number: which objects are dormant: in the file, and not listed.
    pub(crate) fn dormant(&self) -> Vec<bool> {
        self.active.iter().map(|active| !active).collect()
    }

    /// A dormant object keeps its key prefix.
    fn check_prefixes(&self) -> Result<()> {
        for (object, _) in self.stored.iter().zip(&self.active).filter(|(_, active)| **active) {
            let other = self.stored.iter().find(|other| {
                other.number != object.number && other.head.key_prefix == object.head.key_prefix
            });
            if let Some(other) = other {
                let problem = format!(
                    "the file has the key prefix {} for {}",
                    object.head.key_prefix, other.head.name
                );
                return Err(refused(&object.head.name, vec![problem]));
            }
        }
        Ok(())
    }

    /// Objects that are given anew change what references lead to: those that were written while an
    /// object was not there must lead to its records, and those of the object itself to records
    /// that are there still.
    fn demand_references(&mut self, n_known: usize) {
        for number in (0..n_known).filter(|number| self.active[*number]) {
            let users = [FieldIdx::CREATED_BY_ID, FieldIdx::LAST_MODIFIED_BY_ID];
            let stamps =
                users.map(|user| (system_slot(user), SYSTEM_FIELDS[user.get()].name.to_owned()));
            let references = self.stored[number].fields.iter().filter_map(|entry| {
                let is_reference = entry.declared.field_type == FieldType::Reference;
                let slot = entry.slot.filter(|_| is_reference)?;
                Some((slot, entry.declared.name.clone()))
            });
            let demand = |(slot, field)| Demand {
                object: number,
                slot,
                field,
                what: DemandKind::References,
            };
            let demands: Vec<_> = stamps.into_iter().chain(references).map(demand).collect();
            self.demands.extend(demands);
        }
    }

    fn demand(&mut self, object: usize, slot: Slot, field: &str, what: DemandKind) {
        self.demands.push(Demand { object, slot, field: field.to_owned(), what });
    }

    fn take_space(&mut self, object: &str) -> Result<u16> {
        let space = self.next_space;
        self.next_space = space.checked_add(1).ok_or_else(|| no_room(object))?;
        Ok(space)
    }

    /// Takes up a new object.
    fn add(&mut self, object: &DeclaredObject) -> Result<()> {
        let name = &object.head.name;
        let number = u16::try_from(self.stored.len()).map_err(|_| no_room(name))?;
        let (live, bin) = (self.take_space(name)?, self.take_space(name)?);
        let mut fields = Vec::with_capacity(object.fields.len());
        let mut indexes = Vec::new();
        let mut next_slot = SYSTEM_SLOTS.end;
        for declared in &object.fields {
            let slot = declared.is_stored().then_some(next_slot);
            next_slot += Slot::from(slot.is_some());
            if let Some(slot) = slot {
                indexes.extend(self.new_index(name, slot, declared, None)?);
            }
            fields.push(FieldEntry { declared: declared.clone(), slot, initial: None });
        }
        let layouts = vec![(0..next_slot).collect()];
        let head = object.head.clone();
        self.changed.push(self.stored.len());
        self.active.push(true);
        self.stored.push(StoredObject {
            number,
            live,
            bin,
            head,
            fields,
            indexes,
            retired: Vec::new(),
            layouts,
        });
        Ok(())
    }

    /// Changes an object that the file has to what is declared now.
    fn change(&mut self, number: usize, object: &DeclaredObject) -> Result<()> {
        let old = self.stored[number].clone();
        let mut refusals = Vec::new();
        if old.head.key_prefix != object.head.key_prefix {
            refusals.push(format!(
                "the key prefix was {} and is {}, but the ids of its records have it",
                old.head.key_prefix, object.head.key_prefix
            ));
        }
        let mut new = StoredObject {
            head: object.head.clone(),
            fields: Vec::with_capacity(object.fields.len()),
            ..old.clone()
        };
        for declared in &object.fields {
            let known = old.field(&declared.name);
            let renamed = || declared.was.as_deref().and_then(|was| old.field(was));
            let entry = match known.or_else(renamed) {
                // What was described only has no values to keep.
                Some(entry)
                    if !(entry.declared.flags.is_describe_only() && declared.is_stored()) =>
                {
                    self.change_field(number, entry, declared, &mut refusals)?
                }
                _ => self.add_field(number, &old, &new, declared)?,
            };
            new.fields.push(entry);
        }
        if !refusals.is_empty() {
            return Err(refused(&object.head.name, refusals));
        }
        for gone in &old.fields {
            let stays =
                new.fields.iter().any(|entry| entry.slot.is_some() && entry.slot == gone.slot);
            if let (false, Some(slot)) = (stays, gone.slot) {
                new.retired.push(RetiredSlot { slot, field_type: gone.declared.field_type });
            }
        }
        self.change_indexes(&old, &mut new)?;
        let mut slots: Vec<Slot> = SYSTEM_SLOTS.collect();
        slots.extend(new.fields.iter().filter_map(|entry| entry.slot));
        slots.sort_unstable();
        if new.layouts.last() != Some(&slots) {
            new.layouts.push(slots);
        }
        if new != old {
            self.stored[number] = new;
            self.changed.push(number);
        }
        Ok(())
    }

    fn add_field(
        &mut self,
        number: usize,
        old: &StoredObject,
        new: &StoredObject,
        declared: &DeclaredField,
    ) -> Result<FieldEntry> {
        let flags = declared.flags;
        let slot = declared.is_stored().then(|| new.next_slot(old.next_slot(SYSTEM_SLOTS.end)));
        if slot == Some(Slot::MAX) {
            return Err(no_room(&old.head.name));
        }
        let mut initial = None;
        if !flags.is_nillable() {
            initial = declared.default_value();
            if let (None, Some(slot)) = (&initial, slot) {
                self.demand(number, slot, &declared.name, DemandKind::NoRecords);
            }
        }
        if let Some(slot) = slot.filter(|_| flags.is_unique()) {
            self.demand(number, slot, &declared.name, DemandKind::Unique);
        }
        Ok(FieldEntry { declared: declared.clone(), slot, initial })
    }

    /// The index of a field in a new space, if the field is to have one. `building` is how far the
    /// records that there are have been added.
    fn new_index(
        &mut self,
        object: &str,
        slot: Slot,
        declared: &DeclaredField,
        building: Option<u64>,
    ) -> Result<Option<IndexEntry>> {
        if !declared.is_indexed() {
            return Ok(None);
        }
        let (kind, key) = index_form(slot, declared);
        let space = self.take_space(object)?;
        Ok(Some(IndexEntry { space, kind, keys: vec![key], include: Vec::new(), building }))
    }

    /// The indexes of an object after a change of its fields: those that are still wanted in the
    /// same form stay, and others are to be built over the records that there are.
    fn change_indexes(&mut self, old: &StoredObject, new: &mut StoredObject) -> Result<()> {
        new.indexes.clear();
        for entry in &new.fields {
            let Some(slot) = entry.slot.filter(|_| entry.declared.is_indexed()) else { continue };
            let (kind, key) = index_form(slot, &entry.declared);
            let is_same = |it: &&IndexEntry| it.kind == kind && it.keys == [key];
            let index = match old.indexes.iter().find(is_same) {
                Some(index) => Some(index.clone()),
                None => self.new_index(&old.head.name, slot, &entry.declared, Some(0))?,
            };
            new.indexes.extend(index);
        }
        Ok(())
    }

    fn change_field(
        &mut self,
        number: usize,
        entry: &FieldEntry,
        declared: &DeclaredField,
        refusals: &mut Vec<String>,
    ) -> Result<FieldEntry> {
        let (old, name) = (&entry.declared, &declared.name);
        if old.is_stored() && old.field_type != declared.field_type {
            refusals.push(format!(
                "the type of field {name} was {} and is {}",
                old.field_type.name(),
                declared.field_type.name()
            ));
        }
        if old.is_stored() != declared.is_stored() {
            refusals.push(format!(
                "field {name} was kept with the record and is not any more, or the reverse"
            ));
        }
        let Some(slot) = entry.slot else {
            return Ok(FieldEntry { declared: declared.clone(), ..entry.clone() });
        };
        let mut demand = |wanted: bool, what: DemandKind| {
            if wanted {
                self.demand(number, slot, name, what);
            }
        };
        demand(length_of(declared) < length_of(old), DemandKind::MaxLength(length_of(declared)));
        demand(
            left_digits(declared) < left_digits(old),
            DemandKind::MaxDigits(left_digits(declared)),
        );
        let is_closed = |it: &DeclaredField| it.flags.is_closed();
        let is_any_gone = || old.picklist.iter().any(|it| !declared.lists(&it.value));
        demand(is_closed(declared) && (!is_closed(old) || is_any_gone()), DemandKind::Listed);
        let must_not_be_null = old.flags.is_nillable() && !declared.flags.is_nillable();
        let default = declared.default_value();
        demand(must_not_be_null && default.is_none(), DemandKind::NeverNull);
        let targets = |it: &DeclaredField| (it.references.clone(), it.key_prefixes.clone());
        demand(targets(old) != targets(declared), DemandKind::References);
        let [was, is] = [scale_of(old), scale_of(declared)];
        if let Some(max) = is.filter(|max| was.is_none_or(|was| *max < was)) {
            demand(true, DemandKind::MaxScale(max));
        }
        // One default in several records would not be unique either. Uniqueness that was there
        // holds under a stricter comparison, not a looser one.
        let is_filled = must_not_be_null && default.is_some();
        let is_exact = |it: &DeclaredField| it.flags.is_case_sensitive();
        let is_looser = is_exact(old) && !is_exact(declared);
        demand(
            declared.flags.is_unique() && (!old.flags.is_unique() || is_filled || is_looser),
            DemandKind::Unique,
        );
        if let (true, Some(value)) = (must_not_be_null, default) {
            self.fills.push(Fill { object: number, slot, field: name.clone(), value });
        }
        if declared.autonumber.is_some() && old.autonumber != declared.autonumber {
            self.counters.push((number, slot, declared.start));
        }
        let initial = entry.initial.clone();
        Ok(FieldEntry { declared: declared.clone(), slot: Some(slot), initial })
    }

    /// The catalogue of the objects as planned.
    ///
    /// # Errors
    /// [`Error::BadDefinition`], [`Error::Corrupt`].
    pub(crate) fn catalogue(&self, declared: &[DeclaredObject]) -> Result<Catalogue> {
        let mut objects =
            self.stored.iter().map(StoredObject::build).collect::<Result<Vec<_>>>()?;
        for object in &mut objects {
            let given = declared.iter().find(|it| it.head.name.eq_ignore_ascii_case(&object.name));
            object.source = given.and_then(|given| given.source);
            if let Some(described) = given.and_then(|given| given.described.clone()) {
                for field in &mut object.fields {
                    let described = described.fields.iter().find(|it| it.name == field.name);
                    // A required field cannot be hidden, whatever a describe says of it.
                    field.permissionable &= described.is_none_or(|it| it.permissionable);
                }
                object.described = Some(described);
            }
        }
        Ok(Catalogue::new(objects, &self.active))
    }
}

/// The kind of the index of a field, and what its entries are ordered by.
fn index_form(slot: Slot, declared: &DeclaredField) -> (IndexKind, IndexKey) {
    let is_text = declared.field_type.storage() == Some(Storage::Text);
    let is_exact = declared.flags.is_case_sensitive();
    let collation = if is_exact { Collation::Exact } else { Collation::IgnoreCase };
    let kind = if declared.flags.is_unique() { IndexKind::Unique } else { IndexKind::Ordered };
    (kind, IndexKey { slot, collation: is_text.then_some(collation) })
}

fn no_room(object: &str) -> Error {
    Error::BadDefinition {
        object: object.to_owned(),
        problems: vec![
            "the store has no numbers left for its fields, records or indexes".to_owned(),
        ],
    }
}

fn refused(object: &str, changes: Vec<String>) -> Error {
    Error::DefinitionChanged { object: object.to_owned(), changes, records: Vec::new() }
}

/// The greatest length of text, with the default of its type; nothing else has one.
fn length_of(declared: &DeclaredField) -> u32 {
    // A format that is wrong was refused before.
    let autonumber = declared.autonumber.as_deref().and_then(|it| AutoNumber::parse(it).ok());
    Field::new(declared, autonumber, None).length
}

/// Digits right of the point that are kept, of a decimal number; `None` for all.
fn scale_of(declared: &DeclaredField) -> Option<u8> {
    Field::new(declared, None, None).scale
}

/// Most digits left of the point.
fn left_digits(declared: &DeclaredField) -> u8 {
    let field = Field::new(declared, None, None);
    match declared.field_type {
        FieldType::Int => field.digits,
        _ => field.precision.saturating_sub(field.scale.unwrap_or(0)),
    }
}
