//! From what is declared and what the file has to the catalogue of an open store.
//!
//! Objects that the file has keep their number, slots and spaces; new ones get the next free.
//! Fields are matched by name, or by a name that they had ([`was`](crate::FieldDefinition::was)), so
//! their order in the struct may change freely. [`plan`] finds what differs: what no data can
//! make safe is refused here; what depends on the data is listed as [`Demand`]s, which the store
//! checks before it touches the file. An object whose description the file has already, to the
//! letter, is taken as the file has it.
//!
//! | change | answer |
//! |---|---|
//! | labels, calls, properties, relationships, auto-number format, picklist values, defaults | taken over |
//! | object added or not listed any more | its records appear, or are dormant until it is listed again |
//! | field added | null in old records, or the default if it cannot be null |
//! | field not listed any more | dormant: it stays with its values until it is listed again |
//! | field listed again | its values are back; refused if it cannot be null and records lack it |
//! | field renamed, or listed by a name that it had before | the values stay |
//! | field or object dropped, which is not listed | its values are destroyed |
//! | field that was described only is stored | as a field added |
//! | longer, more digits, may be null, may name more objects | taken over |
//! | shorter, fewer digits, must not be null, names other objects, unique | if the records fit |
//! | picklist value gone that an enum without an arm for others had | if no record has it |
//! | an auto-number or another field without default added to an object with records | refused |
//! | index added or gone, object can be searched or not any more | built, or dropped |
//! | another type, another key prefix, kept with the record or not | refused |
//!
//! **Invariant:** no plan takes a value out of the file but by a drop.

mod demand;
mod drops;
mod fields;
mod indexes;
mod names;

use std::collections::HashMap;

pub(crate) use self::{
    demand::{Demand, DemandKind},
    drops::{Destroyed, DropOrder},
};
use self::{indexes::index_form, names::former_of_new};
use crate::{
    bytes::Slot,
    catalogue::{
        Catalogue,
        declared::DeclaredObject,
        problems,
        stored::{
            FieldEntry, FileObject, FillValue, ObjectEntry, SYSTEM_SLOTS, StoredObject, system_slot,
        },
    },
    definition::{FieldIdx, SYSTEM_FIELDS},
    error::{Error, Result},
    value::FieldType,
};

/// The first space that belongs to an object; those below are the store's own.
pub(crate) const FIRST_OBJECT_SPACE: u16 = 16;

/// What a file has of objects.
#[derive(Debug, Default)]
pub(crate) struct FileObjects {
    /// By number.
    pub(crate) objects: Vec<FileObject>,
    /// By number: which of them were not listed when the file was last open.
    pub(crate) dormant: Vec<bool>,
    /// The next space that nothing ever had.
    pub(crate) next_space: u16,
}

/// What the catalogue is to be, and what the data must satisfy for it.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Every object as the file is to keep it, by number.
    pub(crate) stored: Vec<StoredObject>,
    /// Which of them are given, by number; the others are dormant.
    pub(crate) active: Vec<bool>,
    /// Numbers of the objects whose entries are new or differ.
    pub(crate) changed: Vec<usize>,
    /// Those of them that the file has, as it has them.
    pub(crate) before: Vec<StoredObject>,
    /// What the records must satisfy.
    pub(crate) demands: Vec<Demand>,
    /// Fields that are added to objects of the file: the object's number and the slot.
    pub(crate) added: Vec<(usize, Slot)>,
    /// Fields that become auto-numbers, or whose format changes, so that it could give what they
    /// hold already: the object's number, the slot and the first number.
    pub(crate) counters: Vec<(usize, Slot, u64)>,
    /// What is destroyed.
    pub(crate) destroyed: Vec<Destroyed>,
    /// The next space that nothing ever had.
    pub(crate) next_space: u16,
    /// Defaults that are to stand where fields were null, by number of the object, until they are
    /// noted in its entry.
    fills: Vec<(usize, FillValue)>,
}

/// Matches what is declared with the objects of the file, and drops what is to be dropped.
/// `is_folded_otherwise` says that the file's indexes were folded by another version of Unicode.
///
/// # Errors
/// [`Error::BadDefinition`], [`Error::DefinitionChanged`], [`Error::Corrupt`].
pub(crate) fn plan(
    declared: Vec<DeclaredObject>,
    file: FileObjects,
    drops: &[DropOrder],
    is_folded_otherwise: bool,
) -> Result<Plan> {
    let FileObjects { objects: file, dormant, next_space } = file;
    let n_known = file.len();
    if file.iter().enumerate().any(|(place, object)| usize::from(object.entry.number) != place) {
        return Err(Error::corrupt("the numbers of the objects have gaps"));
    }
    let is_there = |it: &&FileObject| it.entry.dropped.is_none();
    let numbers: HashMap<_, _> = file
        .iter()
        .filter(is_there)
        .map(|it| (it.entry.name.to_ascii_lowercase(), usize::from(it.entry.number)))
        .collect();
    let number_of = |it: &DeclaredObject| numbers.get(&it.head.name.to_ascii_lowercase()).copied();
    let mut is_unchanged = Vec::with_capacity(declared.len());
    for object in &declared {
        let known = number_of(object).and_then(|number| file.get(number));
        let description = object.to_json()?;
        is_unchanged.push(known.is_some_and(|known| known.declared == description));
    }
    problems::check(&declared, &is_unchanged)?;

    let mut plan = Plan {
        stored: Vec::with_capacity(file.len()),
        active: vec![false; file.len()],
        changed: Vec::new(),
        before: Vec::new(),
        demands: Vec::new(),
        added: Vec::new(),
        counters: Vec::new(),
        destroyed: Vec::new(),
        next_space: next_space.max(FIRST_OBJECT_SPACE),
        fills: Vec::new(),
    };
    let mut given: Vec<Option<(DeclaredObject, bool)>> = vec![None; file.len()];
    let mut new = Vec::new();
    let mut is_any_anew = false;
    for (object, is_unchanged) in declared.into_iter().zip(is_unchanged) {
        let number = number_of(&object);
        is_any_anew |= number.is_none_or(|number| dormant.get(number) == Some(&true));
        match number.and_then(|number| given.get_mut(number)) {
            Some(given) => *given = Some((object, is_unchanged)),
            None => new.push(object),
        }
    }
    let mut changes = Vec::new();
    for ((number, object), given) in file.into_iter().enumerate().zip(given) {
        plan.active[number] = given.is_some();
        plan.stored.push(match given {
            Some((declared, true)) => StoredObject::new(object.entry, declared)?,
            Some((declared, false)) => {
                changes.push((number, declared));
                object.parse()?
            }
            None => object.parse()?,
        });
    }
    for (number, declared) in changes {
        plan.change(plan.stored[number].clone(), declared)?;
    }
    for declared in new {
        plan.add(declared)?;
    }
    plan.drop_all(drops)?;
    plan.index_words(n_known)?;
    plan.check_prefixes()?;
    if is_any_anew {
        plan.demand_references(n_known);
    }
    if is_folded_otherwise {
        plan.fold_anew(n_known)?;
    }
    plan.stored.iter().try_for_each(|object| object.entry.check())?;
    Ok(plan)
}

impl Plan {
    /// By number: which objects are in the file and not listed.
    pub(crate) fn dormant(&self) -> Vec<bool> {
        self.active.iter().map(|active| !active).collect()
    }

    /// The key prefix of an object stays its own while it is dormant, or that of those who share it.
    fn check_prefixes(&self) -> Result<()> {
        let mut holders: HashMap<&str, Vec<&StoredObject>> = HashMap::new();
        let has_prefix = |it: &&StoredObject| !it.declared.head.key_prefix.is_empty();
        let kept = self.stored.iter().filter(|it| it.entry.dropped.is_none());
        for object in kept.filter(has_prefix) {
            holders.entry(&object.declared.head.key_prefix).or_default().push(object);
        }
        for (object, _) in self.stored.iter().zip(&self.active).filter(|(_, active)| **active) {
            let head = &object.declared.head;
            let prefix = &head.key_prefix;
            let share = |it: &StoredObject| head.shared_prefix && it.declared.head.shared_prefix;
            let mut holders = holders.get(&**prefix).into_iter().flatten();
            let other = holders.find(|it| it.entry.number != object.entry.number && !share(it));
            if let Some(other) = other {
                let name = &other.entry.name;
                let problem = format!("the file has the key prefix {prefix} for {name}");
                return Err(refused(&object.entry.name, vec![problem]));
            }
        }
        Ok(())
    }

    /// Objects that are given anew change what references lead to: those that were written while an
    /// object was not there must lead to its records, those of objects and fields that are dormant
    /// included.
    fn demand_references(&mut self, n_known: usize) {
        let users = [FieldIdx::CREATED_BY_ID, FieldIdx::LAST_MODIFIED_BY_ID];
        for object in self.stored.iter().take(n_known).filter(|it| it.entry.dropped.is_none()) {
            let stamps =
                users.map(|user| (system_slot(user), SYSTEM_FIELDS[user.get()].name.to_owned()));
            let references = object.fields().filter_map(|(declared, place)| {
                let is_reference = declared.field_type == FieldType::Reference;
                Some((place.slot.filter(|_| is_reference)?, declared.name.clone()))
            });
            let demand = |(slot, field)| Demand {
                object: object.entry.number.into(),
                slot,
                field,
                what: DemandKind::References,
            };
            self.demands.extend(stamps.into_iter().chain(references).map(demand));
        }
    }

    fn demand(&mut self, object: usize, slot: Slot, field: &str, what: DemandKind) {
        self.demands.push(Demand { object, slot, field: field.to_owned(), what });
    }

    /// Notes that an object of the file has changed from what it was.
    fn note_change(&mut self, number: usize, old: StoredObject) {
        if !self.changed.contains(&number) {
            self.changed.push(number);
            self.before.push(old);
        }
    }

    fn take_space(&mut self, object: &str) -> Result<u16> {
        let space = self.next_space;
        self.next_space = space.checked_add(1).ok_or_else(|| no_room(object))?;
        Ok(space)
    }

    /// Takes up a new object.
    fn add(&mut self, declared: DeclaredObject) -> Result<()> {
        let name = &declared.head.name;
        let number = u16::try_from(self.stored.len()).map_err(|_| no_room(name))?;
        let (live, bin) = (self.take_space(name)?, self.take_space(name)?);
        let mut fields = Vec::with_capacity(declared.fields.len());
        let mut indexes = Vec::new();
        let mut next_slot = SYSTEM_SLOTS.end;
        for field in &declared.fields {
            let slot = field.is_stored().then_some(next_slot);
            next_slot += Slot::from(slot.is_some());
            if let Some(slot) = slot.filter(|_| field.is_indexed()) {
                let (kind, key) = index_form(slot, field);
                indexes.push(self.new_index(name, kind, key, None)?);
            }
            let former = former_of_new(field);
            fields.push(FieldEntry { name: field.name.clone(), slot, former, initial: None });
        }
        let entry = ObjectEntry {
            number,
            name: name.clone(),
            live,
            bin,
            fields,
            dormant: Vec::new(),
            indexes,
            retired: Vec::new(),
            layouts: vec![(0..next_slot).collect()],
            filling: None,
            dropped: None,
        };
        self.changed.push(self.stored.len());
        self.active.push(true);
        self.stored.push(StoredObject { entry, declared });
        Ok(())
    }

    /// The catalogue of the objects as planned.
    ///
    /// # Errors
    /// [`Error::BadDefinition`], [`Error::Corrupt`].
    pub(crate) fn catalogue(&self) -> Result<Catalogue> {
        let objects = self.stored.iter().map(StoredObject::build).collect::<Result<Vec<_>>>()?;
        Ok(Catalogue::new(objects, &self.active))
    }
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
